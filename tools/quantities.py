"""Numbers of an archive that experiments are judged by, each under a name with arguments after
colons: eigenvalue_error:2 or dataset:snapshot/loss:-1. Pictures of sweeps, fits and tools/run_jobs
all speak of them by these names.

Indices i and k count eigenpairs from 1; a degenerate eigenfunction stands for its whole eigenspace.
"""

import configparser
from dataclasses import dataclass
from typing import Callable

import numpy as np

from hemispheres import of_protocol
from ntkflow_archive import BAD_DATA, ArchiveError


# ---- any dataset --------------------------------------------------------------------------------

def element(archive, path, *indices):
    """One element; of the committed snapshots where the dataset has one row a snapshot."""
    return float(read_any(archive, path)[tuple(int(index) for index in indices)])


def largest(archive, path, *column):
    """The largest finite element, or that of one column."""
    values = read_any(archive, path)
    values = values[:, int(column[0])] if column else values
    return float(np.nanmax(np.where(np.isfinite(values), values, np.nan)))


def read_any(archive, path):
    by_snapshot = path.split("/")[0] in ("snapshot", "trajectory", "bound", "integrator")
    return archive.read_snapshots(path) if by_snapshot else archive.read(path)


# ---- spectra ------------------------------------------------------------------------------------

def members_of(archive, i):
    """Numbers from 0 of the eigenpairs that share an eigenspace with the i-th."""
    _, space = archive.eigenpairs("analytic")
    return np.flatnonzero(space == space[int(i) - 1])


def eigenvalue(archive, i):
    return float(archive.read("spectrum/analytic/eigenvalue")[int(i) - 1])


def eigenvalue_decay(archive, first, last):
    """Exponent of sigma_i as a power of i, least squares over log i from first to last."""
    index = np.arange(int(first), int(last) + 1)
    sigma = archive.read("spectrum/analytic/eigenvalue")[index - 1]
    return float(np.polyfit(np.log(index), np.log(sigma), 1)[0])


def eigenvalue_ratio(archive, i):
    """sigma_i / sigma_1."""
    return eigenvalue(archive, i) / eigenvalue(archive, 1)


def eigenvalue_error(archive, i):
    """Of the eigenvalues of G/n against sigma_i, root mean square over the eigenspace, relative."""
    members = members_of(archive, i)
    sigma = archive.read("spectrum/analytic/eigenvalue")[members]
    train = archive.read("spectrum/train/eigenvalue")[members]
    return float(np.sqrt(np.mean((train / sigma - 1) ** 2)))


def eigenspace_angle(archive, i):
    """Sine of the largest angle between the eigenspace of sigma_i, seen at the training points, and
    that of G/n."""
    members = members_of(archive, i)
    analytic = np.linalg.qr(archive.read("spectrum/analytic/eigenfunction_train")[:, members])[0]
    train = archive.read("spectrum/train/eigenvector")[:, members]
    return float(np.linalg.norm(train - analytic @ (analytic.T @ train), 2))


def known_error(archive, count):
    """Largest relative error of the first eigenvalues against the closed form."""
    known = np.repeat(archive.read("spectrum/known/eigenvalue"),
                      archive.read("spectrum/known/multiplicity").astype(int))
    known = np.sort(known)[::-1][: int(count)]
    return float(np.max(np.abs(archive.read("spectrum/analytic/eigenvalue")[: len(known)] / known - 1)))


def known_decay(archive, first, last):
    """Exponent of the closed form's eigenvalues as a power of the degree, over every second degree
    from first to last."""
    degree = np.arange(int(first), int(last) + 1, 2)
    known = archive.read("spectrum/known/eigenvalue")[degree]
    return float(np.polyfit(np.log(degree), np.log(known), 1)[0])


def frequency_error(archive, first, last):
    """Largest relative difference of the frequencies fitted on arcs of the circle and those of
    [B20]'s approximation, eigenfunctions of orders q from first to last, two each."""
    orders = np.repeat(np.arange(int(first), int(last) + 1), 2)
    fitted = archive.read("spectrum/analytic/local_frequency")[2 * int(first) - 1 : 2 * int(last) + 1]
    formula = archive.read("spectrum/approximation/local_frequency")[orders]
    return float(np.max(np.abs(fitted / formula - 1)))


def kernel_error(archive):
    """||K_0 - K_inf|| / ||K_inf||, Frobenius norms, of an archive of `ntkflow kernel`."""
    limit = archive.read("kernel/ntk")
    return float(np.linalg.norm(archive.read("kernel/empirical") - limit) / np.linalg.norm(limit))


def hemisphere_ratio(archive, threshold):
    """Median over the harmonics of [B20]'s protocol of the time on the sparse half of the sphere
    over that on the dense one."""
    harmonic = {name: archive.read(f"convergence/harmonic/{name}")
                for name in ("degree", "order", "time_south", "time_north")}
    chosen = [of_protocol(*pair) for pair in zip(harmonic["degree"], harmonic["order"])]
    column = column_of(archive.read("convergence/ideal_threshold"), threshold)
    return float(np.median((harmonic["time_south"] / harmonic["time_north"])[chosen, column]))


# ---- flows --------------------------------------------------------------------------------------

def kernel_flow_error(archive, i):
    """||P (exp(-T_n t) - exp(-T t)) r_0|| / ||r_0|| at t = 1/sigma_i, r_0 = -f*, P on all
    eigenfunctions found: what finite data alone does to the flow.

    d<r,phi_i>/dt = -sigma_i (phi_i . r)/n over the training points, where r = exp(-G t/n) r_0 there;
    the eigenvectors of G/n that the archive lacks count as if their eigenvalue were 0.
    """
    sigma, _ = archive.eigenpairs("analytic")
    t = 1 / sigma[int(i) - 1]
    count, kept = len(sigma), int(archive.read("spectrum/train/count")[0])
    phi = archive.read("spectrum/analytic/eigenfunction_train")[:, :count]
    vectors = archive.read("spectrum/train/eigenvector")[:, :kept]
    rates = archive.read("spectrum/train/eigenvalue")[:kept]
    start = -archive.read("target/train")
    weight = archive.read("points/reference_weight")
    target = archive.read("target/reference")
    initial = -archive.read("spectrum/analytic/eigenfunction")[:, :count].T @ (weight * target)
    integrals = t * start + vectors @ ((-np.expm1(-rates * t) / rates - t) * (vectors.T @ start))
    flow = initial - sigma * (phi.T @ integrals) / len(start)
    law = np.exp(-sigma * t) * initial
    return float(np.linalg.norm(flow - law) / np.sqrt(weight @ target**2))


def law_distance(archive, k):
    """max over t of ||P_k (r_t - exp(-T t) r_0)|| / ||r_0||."""
    deviation = archive.read_snapshots("trajectory/projected_deviation")[:, int(k) - 1]
    return float(deviation.max() / archive.read_snapshots("snapshot/reference_norm", 0))


def deviation_by(archive, cause):
    """max over t of the norm of what a cause (data, width, drift) adds to the deviation, / ||r_0||."""
    count = len(archive.eigenpairs("analytic")[0])
    part = archive.read_snapshots(f"trajectory/deviation/{cause}")[:, :count]
    return float(np.linalg.norm(part, axis=1).max()
                 / archive.read_snapshots("snapshot/reference_norm", 0))


def deviation_gap(archive):
    """Largest difference between the sum of the causes and the measured deviation, relative."""
    count = len(archive.eigenpairs("analytic")[0])
    parts = sum(archive.read_snapshots(f"trajectory/deviation/{cause}")[:, :count]
                for cause in ("data", "width", "drift"))
    measured = (archive.read_snapshots("trajectory/projection")
                - archive.read_snapshots("trajectory/ideal_projection"))[:, :count]
    return float(np.abs(parts - measured).max() / np.abs(measured).max())


def descent_defect(archive):
    """max over steps of ||r(s) - (1 - eta G/n)^s r(0)|| / ||r(0)|| on the eigenvectors of G/n."""
    count = len(archive.eigenpairs("train")[0])
    defect = archive.read_snapshots("trajectory/accumulated_defect")[:, :count]
    return float(np.linalg.norm(defect, axis=1).max()
                 / archive.read_snapshots("snapshot/train_norm", 0))


def residual(archive, where):
    """||r_T|| / ||r_0|| at the last snapshot; where: reference or train."""
    norms = archive.read_snapshots(f"snapshot/{where}_norm")
    return float(norms[-1] / norms[0])


def decay_rate(archive, first, last=None):
    """Rate at which the residual's part on eigenfunctions first to last, or in the eigenspace of the
    first, has decayed to a half, over their mean sigma: 1 on the law."""
    members = members_of(archive, first) if last is None else np.arange(int(first) - 1, int(last))
    norms = np.linalg.norm(archive.read_snapshots("trajectory/projection")[:, members], axis=1)
    t = archive.read_snapshots("snapshot/time")
    after = np.flatnonzero(norms < norms[0] / 2)
    if len(after) == 0:
        return float("nan")
    rows = slice(after[0] - 1, after[0] + 1)
    half = np.interp(np.log(2), np.log(norms[0] / norms[rows]), t[rows])
    sigma = archive.read("spectrum/analytic/eigenvalue")[members]
    return float(np.log(2) / half / sigma.mean())


def ideal_time(archive, threshold, *part):
    """When the ideal flow's error has fallen to a part of its start, everywhere or on a region."""
    column = column_of(archive.read("convergence/ideal_threshold"), threshold)
    if part:
        return float(archive.read("convergence/ideal_part_time")[int(part[0]), column])
    return float(archive.read("convergence/ideal_time")[column])


def convergence_time(archive, threshold, *part):
    """The same of the network."""
    row = column_of(archive.read("convergence/threshold"), threshold)
    if part:
        return float(archive.read("convergence/region")[row, int(part[0])])
    return float(archive.read("convergence/reference")[row])


def column_of(thresholds, wanted):
    found = np.flatnonzero(np.isclose(thresholds, float(wanted)))
    if len(found) == 0:
        raise IndexError(f"no threshold {wanted}")
    return found[0]


def time_against_ideal(archive, threshold):
    """The network's time over the ideal flow's."""
    return convergence_time(archive, threshold) / ideal_time(archive, threshold)


def ideal_decay(archive, first, last):
    """Exponent of ||exp(-T t) f*||^2 as a power of t, from 1/sigma_first to 1/sigma_last."""
    sigma, _ = archive.eigenpairs("analytic")
    squares = archive.read("target/coefficient")[: len(sigma)] ** 2
    beyond = archive.read("points/reference_weight") @ archive.read("target/reference") ** 2
    t = np.geomspace(1 / sigma[int(first) - 1], 1 / sigma[int(last) - 1], 64)
    left = beyond - squares.sum() + np.exp(-2 * np.outer(t, sigma)) @ squares
    return float(np.polyfit(np.log(t), np.log(left), 1)[0])


def time_ratio(archive, kind, threshold):
    """Time on the first region over that on the second; kind: ideal or network."""
    time = {"ideal": ideal_time, "network": convergence_time}[kind]
    return time(archive, threshold, 0) / time(archive, threshold, 1)


def coefficient_bound(archive):
    """Largest |g_i| = |<f*, phi_i>| over its bound, for f* = cos(kappa x) and arcs of constant density
    p_j: at most 1. On arc j phi_i is a cosine of frequency w_j, no larger than a_j, so that the arc
    adds at most p_j a_j (1/|kappa - w_j| + 1/(kappa + w_j)), or p_j a_j times its length; after
    [B20] equation 19."""
    job = configparser.ConfigParser()
    job.read_string("[job]\n" + archive.read("config/text").decode())
    kappa = job.getfloat("target", "frequencies")
    edges = np.array([float(edge) for edge in job.get("input", "edges").split(",")])
    x, y = archive.read("points/reference").T
    arc = np.searchsorted(edges, np.arctan2(y, x), side="right") - 1  # -1 is the last, across pi
    weight, phi = archive.read("points/reference_weight"), archive.read("spectrum/analytic/eigenfunction")
    bound = 0
    for j, (frequency, length) in enumerate(zip(archive.read("spectrum/analytic/local_frequency").T,
                                                np.diff(edges, append=edges[0] + 2 * np.pi))):
        on_arc = arc % len(edges) == j
        with np.errstate(divide="ignore"):
            integral = 1 / abs(kappa - frequency) + 1 / (kappa + frequency)
        bound += (weight[on_arc].sum() / length * abs(phi[on_arc]).max(axis=0)
                  * np.minimum(integral, length))
    return float(np.max(abs(phi.T @ (weight * archive.read("target/reference"))) / bound))


def bounds_held(archive):
    """Largest left over right side of Theorem 1, eps = 0: at most 1 where the bound holds."""
    return largest(archive, "bound/projected_ratio")


def corollary_5_ratio(archive):
    """(1/2) ||r_T||^2 over ||(I - P_k) r_0||^2 at the last snapshot, k its own."""
    left, right = (archive.read_snapshots(f"bound/corollary_5_{side}")[-1] for side in ("lhs", "rhs"))
    return float(left / right)


@dataclass(frozen=True)
class Quantity:
    measure: Callable
    label: str  # on an axis; {} is replaced by the arguments


QUANTITIES = {
    "dataset": Quantity(element, "{}"),
    "largest": Quantity(largest, "largest {}"),
    "eigenvalue": Quantity(eigenvalue, r"$\sigma_{{{}}}$"),
    "eigenvalue_ratio": Quantity(eigenvalue_ratio, r"$\sigma_{{{}}}/\sigma_1$"),
    "eigenvalue_decay": Quantity(eigenvalue_decay, "exponent of $\\sigma_i$"),
    "eigenvalue_error": Quantity(eigenvalue_error,
                                 r"$|\lambda_i(G)/n - \sigma_i|/\sigma_i$, $i = {}$"),
    "eigenspace_angle": Quantity(eigenspace_angle, r"sine of the angle of eigenspaces, $i = {}$"),
    "known_error": Quantity(known_error, "relative error of {} eigenvalues"),
    "known_decay": Quantity(known_decay, "exponent of the exact eigenvalues"),
    "frequency_error": Quantity(frequency_error, "relative difference of the local frequencies"),
    "kernel_error": Quantity(kernel_error, r"$\Vert K_0 - K_\infty\Vert/\Vert K_\infty\Vert$"),
    "hemisphere_ratio": Quantity(hemisphere_ratio, "ratio of times on the hemispheres"),
    "kernel_flow_error": Quantity(
        kernel_flow_error,
        r"$\Vert (e^{{-T_n t}} - e^{{-Tt}}) r_0\Vert/\Vert r_0\Vert$, $t = 1/\sigma_{{{}}}$"),
    "law_distance": Quantity(
        law_distance, r"$\max_t \Vert P_{{{}}}(r_t - e^{{-Tt}} r_0)\Vert/\Vert r_0\Vert$"),
    "deviation_by": Quantity(deviation_by, "deviation by {}"),
    "deviation_gap": Quantity(deviation_gap, "gap of the causes"),
    "descent_defect": Quantity(descent_defect, "defect of gradient descent's law"),
    "residual": Quantity(residual, r"$\Vert r_T\Vert/\Vert r_0\Vert$, {}"),
    "ideal_time": Quantity(ideal_time, "time of the ideal flow, to {}"),
    "convergence_time": Quantity(convergence_time, "time of the network, to {}"),
    "time_against_ideal": Quantity(time_against_ideal, "time of the network over the ideal, to {}"),
    "ideal_decay": Quantity(ideal_decay, "exponent of the ideal flow's error"),
    "time_ratio": Quantity(time_ratio, "time ratio of the regions, {}"),
    "coefficient_bound": Quantity(coefficient_bound, "largest coefficient over its bound"),
    "bounds_held": Quantity(bounds_held, "largest ratio of the sides of Theorem 1"),
    "corollary_5_ratio": Quantity(corollary_5_ratio, "ratio of the sides of Corollary 5"),
    "decay_rate": Quantity(decay_rate, r"rate over $\sigma_i$, $i = {}$"),
}


def measure(archive, name):
    """A number of an archive. Throws: ArchiveError when there is no such quantity or no such data."""
    kind, *arguments = name.split(":")
    if kind not in QUANTITIES:
        raise ArchiveError(BAD_DATA, f"no quantity {kind}; there are {', '.join(QUANTITIES)}")
    try:
        return QUANTITIES[kind].measure(archive, *arguments)
    except (TypeError, IndexError) as error:
        raise ArchiveError(BAD_DATA, f"{archive.path}: {name}: {error}") from None


def measure_members(sweep, name):
    """Of every completed member of a sweep, NaN of the others; a result number of the index or a
    quantity. Shape: (members). Throws: ArchiveError."""
    if name.split(":")[0] not in QUANTITIES:
        return np.where(np.array(sweep.status) == "completed", sweep.result(name), np.nan)
    return np.array([measure(sweep.archive(member), name) if status == "completed" else np.nan
                     for member, status in enumerate(sweep.status)])


AXES = {"training.samples": "samples $n$", "network.width": "width $m$",
        "target.frequencies": r"frequency $\kappa$", "time_final": "time $t$",
        "bound_corollary_5_k_final": "$k$",
        "bound_corollary_5_lhs_final": r"$\frac{1}{2} \Vert r_T\Vert^2$, $T \sim 1/\sigma_k$",
        "bound_corollary_5_rhs_final": r"$\Vert (I - P_k) r_0\Vert^2$"}


def label_of(name):
    """What an axis says of a key, a quantity or a result number."""
    kind, *arguments = name.split(":")
    if kind in QUANTITIES:
        return QUANTITIES[kind].label.format(" ".join(arguments))
    return AXES.get(name, name.replace("_", " "))
