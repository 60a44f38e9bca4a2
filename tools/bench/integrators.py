#!/usr/bin/env python3
"""Evaluations that the integrators need to follow the gradient flow to an error of 1e-3.

For each problem and seed a reference is integrated at a tight tolerance; then each integrator runs at
a ladder of tolerances, and what counts is the cheapest run whose training residual stays within
--error of ||r_0|| at every snapshot. An evaluation is one full-batch forward and backward pass; a
forward pass counts 1/3, J v 1/3 and J^T u 2/3, for the forward pass at the same theta is kept; a
kernel matrix counts what it takes, the median of the problem's runs.

With --jax the wall time of the cheapest run that is also no less exact at the end is compared with
full-batch gradient descent in JAX (float64, jitted, eta = 1/sigma_1, after warm-up) to the same time;
JAX and scikit-learn, whose digits are one of the problems, come from the virtual environment of the
peers (requirements.txt of this folder).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import suitable_python  # noqa: F401,E402

import argparse
import functools
import os
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple

import h5py
import numpy as np

from open_mpi import AS_ROOT
from programs import HERE, ROOT, peer_python

# integrator: (lines of [flow], tolerances from loose to tight)
LADDERS = {
    "FETD2-S": ("integrator = exponential",
                [1.4e-2, 1.2e-2, 1e-2, 8.5e-3, 7e-3, 6e-3, 5e-3, 4.2e-3, 3.5e-3, 3e-3, 2.5e-3, 2.1e-3,
                 1.8e-3, 1.3e-3, 9e-4, 6e-4, 4e-4]),
    "ETD4": ("integrator = exponential", [1.9e-4, 1e-4, 3e-5, 1e-5]),
    "RKC2": ("integrator = rkc", [3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5]),
    "DP45": ("integrator = dopri5", [1e-2, 1e-3, 1e-4]),
}
REFERENCE = ("integrator = exponential", 1e-7)
KINKED_REFERENCE = ("integrator = dopri5", 1e-6)  # kinks make high order at long steps useless


class Problem:
    """Points, targets, layers and the last sigma_1 t, as in a job file."""

    def __init__(self, layers, activation, sigma_t, points):
        self.layers, self.activation, self.sigma_t = layers, activation, sigma_t
        self.points = points
        self.reference = KINKED_REFERENCE if activation == "relu" else REFERENCE
        self.widths = [int(layer.split(":")[1]) for layer in layers.split(",")]

    def start(self, seed):
        """theta_0: standard normal, both halves equal."""
        sides = [self.points(seed)[0].shape[1], *self.widths, 1]
        count = sum(below * above for below, above in zip(sides, sides[1:]))
        half = np.random.default_rng(seed + 1000).normal(size=count)
        return np.concatenate([half, half])


def circle(n, frequencies):
    """n uniform random angles, y = sum of cosines."""
    def make(seed):
        angle = np.random.default_rng(seed).uniform(-np.pi, np.pi, n)
        x = np.column_stack([np.cos(angle), np.sin(angle)])
        return x, np.cos(np.outer(angle, frequencies)).sum(axis=1)
    return make


def sphere(n):
    """n uniform points on the sphere of radius sqrt(3)."""
    def make(seed):
        u = np.random.default_rng(seed).normal(size=(n, 3))
        u /= np.linalg.norm(u, axis=1, keepdims=True)
        return np.sqrt(3) * u, u[:, 0] + 6 * u.prod(axis=1) + 5 * u[:, 2] ** 3 - 3 * u[:, 2]
    return make


def digits(n):
    """The first n of a random order of scikit-learn's 8 x 8 digits; +1 for even ones."""
    def make(seed):
        pixels, numbers = all_digits()
        chosen = np.random.default_rng(seed).permutation(len(pixels))[:n]
        x = pixels[chosen] - 8
        return 8 * x / np.linalg.norm(x, axis=1, keepdims=True), 1 - 2.0 * (numbers[chosen] % 2)
    return make


@functools.cache
def all_digits():
    """Pixels and numbers of scikit-learn's digits, which the peers' Python has."""
    with tempfile.TemporaryDirectory(prefix="ntkflow_bench_") as folder:
        path = Path(folder, "digits.npz")
        code = ("import sys, numpy, sklearn.datasets; data = sklearn.datasets.load_digits(); "
                "numpy.savez(sys.argv[1], data.data, data.target)")
        subprocess.run([peer_python(), "-c", code, path], check=True)
        with np.load(path) as arrays:
            return arrays["arr_0"], arrays["arr_1"]


ODD = [1, 3, 5]  # a bias-free tanh network is odd and cannot learn even frequencies
PROBLEMS = {
    "circle-4096": Problem("fc:4096", "tanh", 1e4, circle(128, ODD)),
    "circle-512": Problem("fc:512", "tanh", 1e4, circle(128, ODD)),
    "circle-64": Problem("fc:64", "tanh", 1e4, circle(128, ODD)),
    "sphere-3x256": Problem("fc:256, fc:256, fc:256", "tanh", 1e3, sphere(256)),
    "digits-2x512": Problem("fc:512, fc:512", "tanh", 1e3, digits(256)),
    "relu-512": Problem("fc:512", "relu", 1e2, circle(128, [1, 2, 6])),
    "long-256": Problem("fc:256", "tanh", 1e6, circle(64, ODD)),
}


def job_text(problem, seed, flow, tolerance):
    decades = np.log10(problem.sigma_t / 0.1)
    return f"""seed = {seed}
output = run.h5
[input]
space = points
train_points = points.h5:/x
[target]
kind = file
train_values = points.h5:/y
[reference]
eigenpairs = 4
[network]
layers = {problem.layers}
activation = {problem.activation}
weights = points.h5:/theta
[flow]
{flow}
tolerance = {tolerance!r}
t_end = {problem.sigma_t!r}/sigma[1]
t_first = 0.1/sigma[1]
snapshots = {int(round(2 * decades)) + 1}
[observe]
train_projections = no
"""


def relative_norm(residual, reference):
    """||r|| / ||r_0||, of one residual or of each row."""
    return np.linalg.norm(residual, axis=-1) / np.linalg.norm(reference.residual[0])


def rebuild_price(counters):
    """What a kernel matrix takes, in evaluations; None where the run has only the first one, which
    touches its memory for the first time."""
    rebuilds, seconds = counters["rebuilds"], counters["seconds_kernel"]
    first = np.argmax(rebuilds > 0)
    if rebuilds[-1] == rebuilds[first]:
        return None
    per_evaluation = counters["seconds_evaluation"][-1] / counters["evaluations"][-1]
    return (seconds[-1] - seconds[first]) / (rebuilds[-1] - rebuilds[first]) / per_evaluation


class Run:
    """What a run of the program gives."""

    def __init__(self, path):
        with h5py.File(path) as archive:
            self.residual = archive["trajectory/train_residual"][()]
            self.time = archive["snapshot/time"][()]
            counters = {name: archive[f"integrator/{name}"][()] for name in archive["integrator"]}
        cost = {name: values[-1] for name, values in counters.items()}
        self.wall_s = sum(value for name, value in cost.items() if name.startswith("seconds"))
        self.rebuilds, self.rebuild_price = cost["rebuilds"], rebuild_price(counters)
        self.evaluations = cost["evaluations"]
        self.steps = cost["steps"]

    def errors(self, reference):
        """||r - r_ref|| / ||r_0|| of each snapshot."""
        return relative_norm(self.residual - reference.residual, reference)


class Program:
    def __init__(self, executable, ranks):
        self.executable, self.ranks = Path(executable).resolve(), ranks

    def run(self, problem, seed, flow, tolerance, timeout=None):
        """None when it takes longer than the timeout."""
        with tempfile.TemporaryDirectory(prefix="ntkflow_bench_") as folder:
            x, y = problem.points(seed)
            with h5py.File(f"{folder}/points.h5", "w") as file:
                file["x"], file["y"], file["theta"] = x, y, problem.start(seed)
            Path(folder, "job.ini").write_text(job_text(problem, seed, flow, tolerance))
            command = ["mpirun", "-n", str(self.ranks), self.executable, "run", "job.ini"]
            try:
                done = subprocess.run(command, cwd=folder, env=os.environ | AS_ROOT, text=True,
                                      capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout)
            except subprocess.TimeoutExpired:
                return None
            if done.returncode:
                sys.exit(done.stdout + done.stderr)
            return Run(f"{folder}/run.h5")


class Trial(NamedTuple):
    """A run at one tolerance, and its errors over ||r_0||."""

    run: Run
    lines: str
    tolerance: float
    error: float
    error_at_end: float

    def cost(self, price):
        """Evaluations, when a kernel matrix takes so many."""
        return self.run.evaluations + price * self.run.rebuilds


def try_ladder(program, problem, seed, ladder, reference, arguments, error_at_end=np.inf):
    """Runs from loose to tight, until they take half as much again as the cheapest that is exact
    enough."""
    trials, least = [], np.inf
    lines, tolerances = ladder
    for tolerance in tolerances:
        run = program.run(problem, seed, lines, tolerance, arguments.timeout)
        if run is None:
            break
        errors = run.errors(reference)
        trial = Trial(run, lines, tolerance, errors.max(), errors[-1])
        trials.append(trial)
        cost = trial.cost(run.rebuild_price or 0)
        arguments.say(f"    tolerance {tolerance:g}: {run.evaluations:.0f} evaluations, {run.steps} "
                      f"steps, {run.rebuilds} rebuilds, {cost:.0f} in all, error {trial.error:.1e}, at "
                      f"the end {trial.error_at_end:.1e}")
        if trial.error <= arguments.error and trial.error_at_end <= error_at_end:
            least = min(least, cost)
        if cost > 1.5 * least:
            break
    return trials


def price_of(trials):
    """What a kernel matrix takes, in evaluations: the median of the runs that tell."""
    prices = [trial.run.rebuild_price for trial in trials if trial.run.rebuild_price]
    return statistics.median(prices) if prices else 0.0


def least_cost(trials, price, error):
    """The evaluations of the cheapest run that is exact enough."""
    return min((trial.cost(price) for trial in trials if trial.error <= error), default=np.inf)


# ---- gradient descent in JAX ------------------------------------------------------------------

def jax_descent(problem, seed, sigma_1, python):
    """Full-batch gradient descent with eta = 1/sigma_1 to sigma_1 t = problem.sigma_t, from the same
    theta_0. Returns seconds, after compilation, and the residual at the end."""
    x, y = problem.points(seed)
    with tempfile.TemporaryDirectory(prefix="ntkflow_bench_") as folder:
        path = Path(folder, "problem.npz")
        np.savez(path, x=x, y=y, theta=problem.start(seed), widths=[x.shape[1], *problem.widths, 1],
                 relu=problem.activation == "relu", step=1 / sigma_1, steps=int(problem.sigma_t))
        done = subprocess.run([python, HERE / "integrators_peer.py", path], text=True, check=True,
                              stdout=subprocess.PIPE)
        return float(done.stdout), np.load(Path(folder, "residual.npy"))


def compare_with_jax(program, name, problem, seed, arguments):
    """Wall seconds of the whole program and of JAX, and both errors at the end, over ||r_0||. Ours is
    the cheapest run within --error everywhere whose error at the end is no larger than JAX's."""
    reference = program.run(problem, seed, *problem.reference)
    theirs, residual = jax_descent(problem, seed, problem.sigma_t / reference.time[-1], peer_python())
    their_error = relative_norm(residual - reference.residual[-1], reference)
    trials = [trial for integrator in ("FETD2-S", "ETD4")
              for trial in try_ladder(program, problem, seed, LADDERS[integrator], reference,
                                      arguments, their_error)
              if trial.error <= arguments.error and trial.error_at_end <= their_error]
    best = min(trials, key=lambda trial: trial.run.wall_s, default=None)
    if best is None:
        print(f"{name} seed {seed}: no run is as exact as JAX's ({their_error:.1e} at the end)")
        return
    start = time.perf_counter()
    run = program.run(problem, seed, best.lines, best.tolerance)
    ours = time.perf_counter() - start
    errors = run.errors(reference)
    print(f"{name} seed {seed}: ntkflow {ours:.2f} s (flow {run.wall_s:.2f} s, tolerance "
          f"{best.tolerance:g}, error at the end {errors[-1]:.1e}, anywhere "
          f"{errors.max():.1e}), JAX {theirs:.2f} s (error at the end "
          f"{their_error:.1e}), ratio {theirs / ours:.1f}, of the flow alone "
          f"{theirs / run.wall_s:.1f}", flush=True)


def describe(integrator, trials_of_seeds, error):
    price = price_of([trial for trials in trials_of_seeds for trial in trials])
    costs = [least_cost(trials, price, error) for trials in trials_of_seeds]
    return (f"{integrator} {statistics.median(costs):.0f} ({', '.join(f'{n:.0f}' for n in costs)}), a "
            f"rebuild {price:.1f}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ntkflow", type=Path, default=ROOT / "build/release/ntkflow")
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--integrators", default="FETD2-S,ETD4,RKC2")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--error", type=float, default=1e-3)
    parser.add_argument("--timeout", type=float, default=300, help="seconds a run (default %(default)s)")
    parser.add_argument("--jax", action="store_true", help="wall time against JAX instead")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    arguments.say = print if arguments.verbose else lambda _: None
    arguments.seeds = [int(seed) for seed in arguments.seeds.split(",")]
    return arguments


def main():
    arguments = parse_arguments()
    program = Program(arguments.ntkflow, arguments.ranks)
    for name in arguments.problems.split(","):
        problem = PROBLEMS[name]
        if arguments.jax:
            for seed in arguments.seeds:
                compare_with_jax(program, name, problem, seed, arguments)
            continue
        trials = {integrator: [] for integrator in arguments.integrators.split(",")}
        for seed in arguments.seeds:
            reference = program.run(problem, seed, *problem.reference)
            for integrator, of_seeds in trials.items():
                arguments.say(f"{name}, seed {seed}, {integrator}")
                of_seeds.append(try_ladder(program, problem, seed, LADDERS[integrator], reference,
                                           arguments))
        text = ", ".join(describe(integrator, of_seeds, arguments.error)
                         for integrator, of_seeds in trials.items())
        print(f"{name}: median evaluations (each seed): {text}", flush=True)


if __name__ == "__main__":
    main()
