#!/usr/bin/env python3
"""Compares the program with reference values that were made without it.

A reference file is HDF5 and describes itself: a case is a group with the attribute `family`; its
architecture is the JSON attribute `spec`; max|a - ref| <= tol * max|ref| passes, where tol is the
attribute tol_rel_<dataset> or tol_rel. A file with `residual` and `t_snap` at its root is one
gradient flow from explicit weights. A JSON file holds eigenvalues on the circle or the sphere. For
each case a job is written, run under mpirun on each number of ranks, and compared. A case is
skipped only when no archive holds what it asks for.

The last line is `N passed, N failed, N skipped`; exit 1 when any failed or there was no case.
"""

import suitable_python  # noqa: F401  isort: skip

import argparse
import fnmatch
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

from ntkflow_archive import newest_checkpoint
from open_mpi import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent

MONTE_CARLO_ERRORS = 4  # standard errors that an analytic kernel may be off a mean
# Each integrator of a flow with its tolerance, and the error allowed in units of ||r_0||.
INTEGRATORS = [("exponential", 1e-3, 1e-3), ("exponential", 1e-4, 1e-4), ("rkc", 1e-4, 1e-4),
               ("dopri5", 1e-4, 1e-4), ("exponential", 1e-9, 1e-7), ("dopri5", 1e-10, 1e-7)]
SPECTRUM_TOLERANCE = 1e-8  # of each eigenvalue on the circle, relative to it
ZONAL_TOLERANCE = 1e-12  # of eigenvalues by the formula of Funk and Hecke, relative to the largest
REFERENCE_POINTS = 1024  # on the circle
GRADIENT_STEP = 1 / 16  # of the iteration that shows the gradient; far from unstable


class Skipped(Exception):
    """The program does not have what the case asks for, and says so."""


class Failed(Exception):
    """The program did something else than to compute the case."""


class Comparison:
    """The worst error of one quantity, and what is allowed there: a number or an array."""

    def __init__(self, name, value, reference, tolerance):
        if value.shape != reference.shape:
            raise Failed(f"{name} has shape {value.shape}, the reference {reference.shape}")
        errors, allowed = np.broadcast_arrays(np.abs(value - reference), tolerance)
        worst = np.argmax(np.where(errors <= allowed, errors / allowed, np.inf))  # nan is worst
        self.name, self.error, self.tolerance = name, errors.flat[worst], allowed.flat[worst]
        self.holds = bool(self.error <= self.tolerance)

    def __str__(self):
        return f"{self.name} {self.error:.1e} (allowed {self.tolerance:.1e})"


def compare(case, name, value):
    """By the file's own rule; a reference that is 0 throughout allows 1e-12."""
    reference = case[name][()]
    tolerance = case.attrs.get(f"tol_rel_{name}", case.attrs["tol_rel"])
    return Comparison(name, value, reference, tolerance * np.abs(reference).max() or 1e-12)


# ---- jobs ---------------------------------------------------------------------------------------

def affine_text(part):
    """Scales, bias and training of one layer or readout of a spec, as a job file writes them."""
    bias = "none" if part["sigma_b"] == 0 else part.get("bias_init", "random")
    trained = "yes" if part.get("trained", True) else "no"
    return f"sigma_w={part['sigma_w']!r}:sigma_b={part['sigma_b']!r}:bias={bias}:trained={trained}"


def layer_text(layer, width):
    kind = {"res": "residual"}.get(layer["type"], layer["type"])
    text = [kind, str(width)]
    if "filter" in layer:
        text += ["x".join(map(str, layer["filter"])), layer["padding"].lower()]
    text += [f"activation={layer['act']}", f"fan={layer['fan']}", affine_text(layer)]
    return ":".join(text)


def readout_text(readout):
    kind = {"gap": "average"}.get(readout["type"], readout["type"])
    norm = {"m_L*P": ":norm=channels_positions", "m_L": ":norm=channels"}
    return f"{kind}{norm[readout['norm']] if 'norm' in readout else ''}:{affine_text(readout)}"


def network_section(spec, widths, start):
    """`widths`: of the layers; a list or, as in a case's attributes, its text."""
    widths = json.loads(widths) if isinstance(widths, str) else widths
    return {
        "layers": ", ".join(map(layer_text, spec["layers"], widths)),
        "readout": readout_text(spec["readout"]),
        "start": start,
    }


def job_text(sections):
    lines = ["title = reference case", "seed = 1", "output = output.h5"]
    for section, keys in sections.items():
        lines += ["", f"[{section}]"] + [f"{key} = {value}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def points_job(points, values):
    """Sections and arrays of a job on training points that are the reference points too."""
    sections = {
        "input": {"space": "points", "train_points": "input.h5:/x"},
        "target": {"kind": "file", "train_values": "input.h5:/y"},
        "reference": {"eigenpairs": len(points)},
    }
    return sections, {"x": points, "y": values}


class Program:
    """The executable on a number of ranks, with a scratch folder for one case."""

    def __init__(self, executable, ranks, folder, say):
        self.executable, self.ranks, self.folder, self.say = executable, ranks, Path(folder), say
        self.jobs = 0

    def compute(self, command, sections, arrays):
        """Runs `ntkflow COMMAND` on a job; returns the archive, open for reading."""
        self.jobs += 1
        folder = self.folder / f"job{self.jobs}"
        folder.mkdir()
        with h5py.File(folder / "input.h5", "w") as file:
            for name, array in arrays.items():
                file[name] = array
        (folder / "job.ini").write_text(job_text(sections))
        self.run(folder, [self.executable, "validate", "job.ini"])
        self.run(folder, ["mpirun", "-n", str(self.ranks), self.executable, command, "job.ini"])
        return h5py.File(folder / "output.h5", "r")

    def run(self, folder, command):
        self.say(f"    {folder}$ {' '.join(map(str, command))}")
        try:
            done = subprocess.run(command, cwd=folder, env=ENVIRONMENT | {"OPENBLAS_NUM_THREADS": "1"},
                                  text=True, timeout=300, stdin=subprocess.DEVNULL,
                                  capture_output=True)
        except subprocess.TimeoutExpired as expired:
            raise Failed(str(expired)) from None
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip() or "nothing said").splitlines()[-1]
            raise Failed(f"{Path(command[0]).name} {command[1]}: exit {done.returncode}: {said}")


# ---- what a case compares: each yields comparisons ----------------------------------------------

def parameter_names(group):
    """The order of a network's parameters in the program's theta."""
    depth = sum(name.startswith("W") for name in group)
    order = [f"{kind}{layer}" for layer in range(1, depth + 1) for kind in "Wb"] + ["v", "b_out"]
    return [name for name in order if name in group]


def flat_parameters(group):
    return np.concatenate([np.ravel(group[name][()]) for name in parameter_names(group)])


def split_parameters(theta, group):
    """Parts of a flat theta with the names and shapes of a group."""
    names = parameter_names(group)
    ends = np.cumsum([group[name].size for name in names])
    parts = np.split(theta, ends[:-1])
    return {name: part.reshape(group[name].shape) for name, part in zip(names, parts)}


def analytic_kernels(program, case, spec):
    """The analytic NTK and NNGP at the case's points."""
    points = case["x"][()]
    sections, arrays = points_job(points, np.zeros(len(points)))
    sections["network"] = network_section(spec, [8] * len(spec["layers"]), "standard")
    sections["kernel"] = {"ntk": "yes", "nngp": "yes"}
    with program.compute("kernel", sections, arrays) as archive:
        return archive["kernel/ntk"][()], archive["kernel/nngp"][()]


def check_analytic(program, case, spec):
    ntk, nngp = analytic_kernels(program, case, spec)
    yield compare(case, "nngp", nngp)
    yield compare(case, "ntk", ntk)


def check_monte_carlo(program, case, spec):
    """The analytic NTK against somebody else's finite networks."""
    ntk, _ = analytic_kernels(program, case, spec)
    error = MONTE_CARLO_ERRORS * case["mc_ntk_se"][()]
    yield Comparison("ntk - mc_ntk_mean", ntk, case["mc_ntk_mean"][()], error)


def empirical_kernel(program, case, spec, start, theta):
    """Values and empirical kernel of the network with these weights at the case's points."""
    points = case["x"][()]
    sections, arrays = points_job(points, np.zeros(len(points)))
    sections["network"] = network_section(spec, case.attrs["widths"], start)
    sections["network"]["weights"] = "input.h5:/theta"
    sections["kernel"] = {"ntk": "no", "nngp": "no", "empirical": "yes"}
    with program.compute("kernel", sections, arrays | {"theta": theta}) as archive:
        return archive["kernel/value"][()], archive["kernel/empirical"][()]


def rows_at(archive, times):
    """The snapshots at these times."""
    found = archive["snapshot/time"][()]
    rows = [int(np.argmin(abs(found - time))) for time in times]
    if not np.allclose(found[rows], times, rtol=1e-12, atol=0.0):
        raise Failed(f"snapshots at {found}, asked for {times}")
    return rows


def times_text(times):
    """A job's list of snapshot times; the one at t = 0 is always there."""
    return ", ".join(repr(float(time)) for time in times if time > 0)


def check_empirical(program, case, spec):
    for index in "01":
        theta = flat_parameters(case[f"theta{index}"])
        value, kernel = empirical_kernel(program, case, spec, "standard", theta)
        yield compare(case, f"f{index}", value)
        yield compare(case, f"K{index}", kernel)
        _, after = gradient_descent(program, case, spec, theta, [GRADIENT_STEP])
        gradient = split_parameters((theta - after) / GRADIENT_STEP, case[f"theta{index}"])
        for name in case[f"lossgrad{index}"]:
            yield compare(case, f"lossgrad{index}/{name}", gradient[name])
    if "gd_f" in case:
        step = float(re.search(r"eta=([0-9.]*[0-9])", case.attrs["gd"])[1])
        times = step * np.arange(len(case["gd_f"]))
        theta = flat_parameters(case["theta0"])
        yield compare(case, "gd_f", gradient_descent(program, case, spec, theta, times[1:])[0])


def gradient_descent(program, case, spec, theta, times):
    """Steps of size times[0]. Returns the values at the training points at 0 and at these times,
    and the theta at the end."""
    sections, arrays = points_job(case["x"][()], case["y"][()])
    sections["network"] = network_section(spec, case.attrs["widths"], "standard")
    sections["network"]["weights"] = "input.h5:/theta"
    sections["flow"] = {
        "integrator": "gradient_descent",
        "step": repr(float(times[0])),
        "times": times_text(times),
    }
    with program.compute("run", sections, arrays | {"theta": theta}) as archive:
        residual = archive["trajectory/train_residual"][rows_at(archive, [0.0, *times])]
        return residual + case["y"][()], archive[f"{newest_checkpoint(archive)}/theta"][()]


def check_antisymmetric(program, case, spec):
    half = {name: flat_parameters(case[name]) for name in ("theta_init", "theta1", "theta2")}
    for suffix, first, second in (("init", "theta_init", "theta_init"),
                                  ("perturbed", "theta1", "theta2")):
        theta = np.concatenate([half[first], half[second]])
        value, kernel = empirical_kernel(program, case, spec, "antisymmetric", theta)
        yield compare(case, f"f_{suffix}", value)
        yield compare(case, f"K_{suffix}", kernel)


def check_flow(program, file, spec):
    """A file whose root is one antisymmetric gradient flow; zero targets at its test points."""
    times = file["t_snap"][()]
    sections, arrays = points_job(file["X"][()], file["y"][()])
    sections["input"]["reference_points"] = "input.h5:/x_test"
    sections["target"]["reference_values"] = "input.h5:/y_test"
    sections["reference"]["eigenpairs"] = len(file["X_test"])
    sections["network"] = network_section(spec, [len(file["weights/net1/v"])], "antisymmetric")
    sections["network"]["weights"] = "input.h5:/theta"
    arrays |= {"x_test": file["X_test"][()], "y_test": np.zeros(len(file["X_test"])),
               "theta": file["theta0"][()]}
    start = np.sqrt(np.mean(file["residual"][0] ** 2))
    for integrator, tolerance, allowed in INTEGRATORS:
        sections["flow"] = {
            "integrator": integrator,
            "tolerance": tolerance,
            "times": times_text(times),
        }
        with program.compute("run", sections, arrays) as archive:
            rows = rows_at(archive, times)
            for name, dataset in (("residual", "train_residual"), ("f_test", "reference_residual")):
                value = archive[f"trajectory/{dataset}"][rows]
                yield Comparison(f"{name}, {integrator} at {tolerance:g},", value, file[name][()],
                                 allowed * start)


def check_closed_form_flow(program, case, spec):
    """The flow and gradient descent of the linearised network, or of the analytic kernel where the
    case has no weights, at training and test points."""
    of_kernel = not json.loads(case.attrs["widths"])
    sections, arrays = kernel_flow_job(case, spec) if of_kernel else linearised_job(case, spec)
    folder = "trajectory/kernel_flow" if of_kernel else "trajectory"
    step = float(case.attrs["gd_eta"])
    for prefix, times, keys in (("", case["t"][()], {}),
                                ("gd_", step * case["gd_steps"][()], {"step": repr(step)})):
        sections["flow"] = {"integrator": "linearised", "times": times_text(times)} | keys
        with program.compute("run", sections, arrays) as archive:
            rows = rows_at(archive, times)
            for name, dataset in (("train", "train_residual"), ("test", "reference_residual")):
                yield compare(case, f"{prefix}r_{name}", archive[f"{folder}/{dataset}"][rows])


def train_and_test_job(case):
    """Sections and arrays of a job on the training and test points of a flow."""
    sections, arrays = points_job(case["x_train"][()], case["y_train"][()])
    sections["input"]["reference_points"] = "input.h5:/x_test"
    sections["target"]["reference_values"] = "input.h5:/y_test"
    sections["reference"]["eigenpairs"] = len(case["x_test"])
    return sections, arrays | {"x_test": case["x_test"][()], "y_test": case["y_test"][()]}


def linearised_job(case, spec):
    sections, arrays = train_and_test_job(case)
    sections["network"] = network_section(spec, case.attrs["widths"], "standard")
    sections["network"]["weights"] = "input.h5:/theta"
    return sections, arrays | {"theta": flat_parameters(case["theta"])}


def kernel_flow_job(case, spec):
    """The flow of the analytic kernel beside that of some network of value 0, with targets so that
    r_0 is the case's f0 - y."""
    sections, arrays = train_and_test_job(case)
    sections["network"] = network_section(spec, [4] * len(spec["layers"]), "antisymmetric")
    sections["observe"] = {"kernel_flow": "yes"}
    start = case["f0"][()]
    arrays["y"] = case["y_train"][()] - start[:len(arrays["x"])]
    arrays["y_test"] = case["y_test"][()] - start[len(arrays["x"]):]
    return sections, arrays


def flow_spec(file):
    """The architecture of a flow file in the words of a case's spec."""
    affine = {"sigma_w": 1.0, "sigma_b": 0.0}
    layer = {"type": "fc", "act": file.attrs["activation"], "fan": "channels"} | affine
    depth = sum(name.startswith("W") for name in file["weights/net1"])
    return {"layers": [layer] * depth, "readout": {"type": "dense"} | affine}


# ---- eigenvalues on the circle and the sphere ---------------------------------------------------

# The two-layer network whose kernel is that of Basri et al. 2020, equation 11.
BASRI_NETWORK = {
    "layers": f"fc:8:fan=one:sigma_w={0.5 ** 0.5!r}:sigma_b={0.5 ** 0.5!r}:bias=zero",
    "readout": "dense:trained=no",
    "activation": "relu",
}

# Variants of which layers and biases of a ReLU network train, as options of the first layer, of
# the other hidden ones and of the readout.
FROZEN = "trained=no"
VARIANTS = {
    "all_nobias": ("", "", ""),
    "first_nobias": ("", FROZEN, FROZEN),
    "hidden_nobias": (FROZEN, "", FROZEN),
    "nngp_nobias": (FROZEN, FROZEN, ""),
    "all_bias0": ("sigma_b=1:bias=zero",) * 3,
    "first_bias0": ("sigma_b=1:bias=zero", FROZEN, FROZEN),
    "all_biasN01": ("sigma_b=1:bias=random",) * 3,
}


def density_keys(density):
    """The keys of [input] for a density of a JSON file."""
    if density["type"] == "fourier":
        keys = {"cos": density["cos"], "sin": density["sin"]}
        return {"density": "fourier"} | {name: numbers(values) for name, values in keys.items()}
    if len(density["values"]) == 1:
        return {"density": "uniform"}
    return {
        "density": "piecewise",
        "edges": numbers(density["edges_rad"][:-1]),
        "weights": numbers(density["values"]),
    }


def numbers(values):
    return ", ".join(repr(float(value)) for value in values)


def circle_job(density, eigenpairs):
    return {
        "input": {"space": "circle"} | density,
        "target": {"kind": "cosines", "frequencies": "1"},
        "reference": {"points": REFERENCE_POINTS, "eigenpairs": eigenpairs},
        "training": {"samples": 4},
        "observe": {"train_projections": "no"},
    }


def check_circle(program, content):
    """A file of eigenvalues under one density: each relative to itself."""
    reference = np.array(content["eigenvalues"])
    sections = circle_job(density_keys(content["density"]), len(reference) + 1)
    sections["network"] = BASRI_NETWORK
    with program.compute("spectrum", sections, {}) as archive:
        found = archive["spectrum/analytic/eigenvalue"][:len(reference)]
        yield Comparison("eigenvalues", found / reference, np.ones(len(reference)),
                         SPECTRUM_TOLERANCE)


def check_circle_frequencies(program, case):
    """A case of eigenvalues by frequency, under the uniform density."""
    sections = circle_job({"density": "uniform"}, 41) | {"network": BASRI_NETWORK}
    with program.compute("spectrum", sections, {}) as archive:
        yield compare(case, "eig", archive["spectrum/known/eigenvalue"][case["q"][()]])


def zonal_network(variant, hidden):
    """ReLU layers of c_sigma = 2 on inputs of norm 1."""
    first, others, readout = (":" + text if text else "" for text in VARIANTS[variant])
    scale = f"sigma_w={2 ** 0.5!r}"
    layers = [f"fc:8:fan=one:sigma_w=1{first}"] + [f"fc:8:{scale}{others}"] * (hidden - 1)
    return {"layers": ", ".join(layers), "readout": f"dense:{scale}{readout}",
            "activation": "relu"}


def check_zonal(program, variant, hidden, reference):
    """A variant on S^1 and S^2, all frequencies relative to the largest eigenvalue."""
    sphere = {
        "input": {"space": "sphere", "dimension": 3},
        "target": {"kind": "harmonics", "degrees": "1"},
        "reference": {"rule": "sample", "points": 64, "eigenpairs": 16},
    }
    circle = circle_job({"density": "uniform"}, 16)
    for space, sections in (("S1", circle), ("S2", circle | sphere)):
        sections["network"] = zonal_network(variant, hidden)
        known = np.array(reference[space])
        with program.compute("spectrum", sections, {}) as archive:
            found = archive["spectrum/known/eigenvalue"][:len(known)]
        yield Comparison(space, found, known, ZONAL_TOLERANCE * known.max())


def json_cases(path):
    content = json.loads(path.read_text())
    if "eigenvalues" in content:
        return [Case(path.stem, lambda program: check_circle(program, content))]
    hidden = int(re.search(r"L=([0-9]+)", content["title"])[1])
    return [zonal_case(f"{path.stem}/{variant}", variant, hidden, reference)
            for variant, reference in content["variants"].items()]


def zonal_case(name, variant, hidden, reference):
    if variant not in VARIANTS:
        return Case(name, skip=f"variants named {variant} are not known here")
    return Case(name, lambda program: check_zonal(program, variant, hidden, reference))


# ---- cases of a file ----------------------------------------------------------------------------

class Case:
    """A name, and either why it is not compared or how it is."""

    def __init__(self, name, check=None, spec=None, skip=""):
        self.name, self.check, self.spec, self.skip = name, check, spec, skip


def kernel_case(group):
    name = group.name.strip("/")
    family = name.split("/")[0]
    if family == "circle":
        return Case(name, lambda program: check_circle_frequencies(program, group))
    check = {"analytic": check_analytic, "empirical": check_empirical, "asi": check_antisymmetric,
             "mc": check_monte_carlo, "flow": check_closed_form_flow}
    if family not in check:
        return Case(name, skip=f"cases named {family}/ are not known here")
    spec = json.loads(group.attrs["spec"])
    return Case(name, lambda program: check[family](program, group, spec), spec)


def cases_of(path):
    if path.suffix == ".json":
        return json_cases(path)
    file = h5py.File(path, "r")
    if "t_snap" in file:
        spec = flow_spec(file)
        return [Case(path.stem, lambda program: check_flow(program, file, spec), spec)]
    groups = []
    file.visititems(lambda _, item: groups.append(item) if "family" in item.attrs else None)
    return [kernel_case(group) for group in groups]


def check_case(case, arguments):
    """The worst comparison of all rank counts. Raises Skipped, or Failed when one does not hold."""
    if case.skip:
        raise Skipped(case.skip)
    comparisons = []
    for ranks in arguments.ranks:
        with tempfile.TemporaryDirectory(prefix="ntkflow_") as folder:
            found = list(case.check(Program(arguments.ntkflow, ranks, folder, arguments.say)))
        comparisons += found
        for comparison in found:
            arguments.say(f"    {ranks} ranks: {comparison}")
            if not comparison.holds:
                raise Failed(f"{comparison} on {ranks} ranks")
    return max(comparisons, key=lambda c: c.error / c.tolerance)


def report(case, arguments):
    """Prints one line for the case; returns its outcome."""
    try:
        outcome, text = "passed", f"worst: {check_case(case, arguments)}"
    except Skipped as reason:
        outcome, text = "skipped", str(reason)
    except (Failed, KeyError, OSError) as reason:  # KeyError, OSError: the archive lacks something
        outcome, text = "failed", str(reason)
    print(f"{outcome:8}{case.name:58}{text}", flush=True)
    return outcome


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="reference file")
    parser.add_argument("--ntkflow", type=Path, default=ROOT / "build/release/ntkflow",
                        help="the executable (default: %(default)s)")
    parser.add_argument("--ranks", default="1,3", help="MPI ranks (default: %(default)s)")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="such as empirical/fc_*")
    parser.add_argument("--verbose", action="store_true", help="every command and every error")
    arguments = parser.parse_args()
    arguments.ranks = [int(count) for count in arguments.ranks.split(",")]
    arguments.ntkflow = arguments.ntkflow.resolve()
    arguments.say = print if arguments.verbose else lambda _: None
    for path in (arguments.file, arguments.ntkflow):
        if not path.exists():
            parser.exit(66, f"{parser.prog}: {path} is not there\n")
    return arguments


def main():
    arguments = parse_arguments()
    cases = [c for c in cases_of(arguments.file) if fnmatch.fnmatch(c.name, arguments.only)]
    outcomes = [report(case, arguments) for case in cases]
    counts = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 1 if counts["failed"] or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
