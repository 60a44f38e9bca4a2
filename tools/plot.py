#!/usr/bin/env python3
"""Draws the pictures of an archive or of a sweep, each as PNG and PDF.

An archive's are STEM_function, STEM_spectrum, STEM_eigenfunctions, STEM_frequencies (on arcs of
differing density), STEM_projections, STEM_train_projections, STEM_residual, STEM_bounds,
STEM_deviations and STEM_drift, as far as it has what they show. A
sweep's are FOLDER_slopes, numbers over a key of the sweep with their slopes, where a key other than
the seed varies; FOLDER_points, a point a member, over a result that differs from member to member;
and FOLDER_bands, the projections of the residual, or the spectrum where there is no
trajectory, as bands over the seeds.

Only committed snapshots are drawn, so a run in progress can be looked at. Times are in units of
1/sigma_1, the fastest time of the kernel's law.
"""

import suitable_python  # noqa: F401  isort: skip

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from circle_pictures import draw_eigenfunctions, draw_frequencies, draw_function
from ntkflow_archive import Archive, ArchiveError, Sweep, eigenspace_norms, scaled_times
from plot_style import COLOURS, STYLE, legend_outside, number_text, plt, save
from sweep_pictures import draw_sweep


# ---- the pictures: each makes one figure, or None when the archive has not got it ---------------

def draw_spectrum(archive):
    """sigma_i of the integral operator, members of an eigenspace joined, beside those of G/n."""
    sigma, eigenspace = archive.eigenpairs("analytic")
    index = np.arange(1, len(sigma) + 1)

    figure, axes = plt.subplots()
    if archive.has("spectrum/train/eigenvalue"):
        train = archive.read("spectrum/train/eigenvalue")
        shown = train > 1e-12 * train[0]
        axes.plot(np.flatnonzero(shown) + 1, train[shown], "+", color=COLOURS[1], zorder=3,
                  label=f"of $G/n$, $n = {len(train)}$")
    points = archive.file["points/reference"].shape[0]
    axes.plot(index, sigma, "o", mfc="none", color=COLOURS[0],
              label=rf"$\sigma_i$, $N = {points}$")
    for space in np.unique(eigenspace):
        members = np.flatnonzero(eigenspace == space)
        axes.plot(index[members], sigma[members], "-", color=COLOURS[0])
    axes.set(xscale="log", yscale="log", xlabel="index $i$", ylabel="eigenvalue")
    legend_outside(axes)
    return figure


def draw_components(archive, basis):
    """Norms of the residual's projections on the leading eigenspaces, beside the law."""
    if not archive.has(f"trajectory/{basis.prefix}projection"):
        return None
    sigma, eigenspace = archive.eigenpairs(basis.spectrum)
    measured, law = (
        eigenspace_norms(archive.read_snapshots(f"trajectory/{basis.prefix}{name}"), eigenspace)
        for name in ("projection", "ideal_projection"))
    shown = leading_spaces(law[0], len(COLOURS))
    times = scaled_times(archive)
    later = times > 0

    figure, axes = plt.subplots()
    for space, colour in zip(shown, COLOURS):
        members = np.flatnonzero(eigenspace == space)
        value = number_text(sigma[members[0]])
        label = rf"$i = {members_text(members)}$, ${basis.eigenvalue} = {value}$"
        axes.plot(times[later], measured[later, space], "o", color=colour, label=label)
        axes.plot(times[later], law[later, space], "--", color=colour)
    axes.plot([], [], "ko", label="network")
    axes.plot([], [], "k--", label=basis.law)
    top = measured[:, shown].max()
    axes.set(xscale="log", yscale="log", ylim=(1e-4 * top, 2 * top), xlabel=r"$\sigma_1 t$",
             ylabel=basis.projection)
    legend_outside(axes)
    return figure


def leading_spaces(initial, count):
    """The first eigenspaces in which the residual starts with at least 1 % of its largest part."""
    return np.flatnonzero(initial >= 0.01 * initial.max())[:count]


def members_text(members):
    first, last = members[0] + 1, members[-1] + 1
    between = "" if first == last else ", " if last == first + 1 else r"\ldots "
    return f"{first}{between}{last}" if between else str(first)


@dataclass(frozen=True)
class Basis:
    """Eigenvectors that the residual is projected on, and how a picture calls them."""

    spectrum: str
    prefix: str
    eigenvalue: str
    projection: str
    law: str


INPUT_SPACE = Basis("analytic", "", r"\sigma_i",
                    r"$\Vert\langle r_t, \phi_i\rangle\Vert$ over an eigenspace",
                    r"$\exp(-\sigma_i t)$")
TRAINING_SET = Basis("train", "train_", r"\lambda_i",
                     r"$\Vert\hat r_t\Vert$ over an eigenspace of $G/n$", "law of $G/n$")


def draw_residual(archive):
    """Norms of the residual on the training points and over the input space."""
    times = scaled_times(archive)
    figure, axes = plt.subplots()
    for name, style, label in (("train_norm", "-", "training points"),
                               ("reference_norm", "--", "input space, $L^2(\\rho)$")):
        norms = archive.read_snapshots(f"snapshot/{name}")
        axes.plot(times[times > 0], norms[times > 0], style, label=label)
    axes.set(xscale="log", yscale="log", xlabel=r"$\sigma_1 t$", ylabel=r"$\Vert r_t \Vert$")
    legend_outside(axes)
    return figure


def draw_bounds(archive):
    """Both sides of Theorem 1 with eps = 0, for some k from the first to the last."""
    if not archive.has("bound/projected_lhs"):
        return None
    left, right = (archive.read_snapshots(f"bound/projected_{side}") for side in ("lhs", "rhs"))
    count = int(archive.read("spectrum/analytic/count")[0])
    shown = np.unique(np.geomspace(1, count, 4).round().astype(int)) - 1
    times = scaled_times(archive)
    later = times > 0

    figure, axes = plt.subplots()
    for k, colour in zip(shown, COLOURS):
        axes.plot(times[later], left[later, k], "o-", color=colour, label=f"$k = {k + 1}$")
        axes.plot(times[later], right[later, k], "--", color=colour)
    axes.plot([], [], "ko-", label=r"$\Vert P_k(r_t - e^{-Tt} r_0)\Vert^2$")
    axes.plot([], [], "k--", label=r"bound, $\varepsilon = 0$")
    axes.set(xscale="log", yscale="log", xlabel=r"$\sigma_1 t$", ylabel="sides of Theorem 1")
    legend_outside(axes)
    return figure


CAUSES = {"data": "finite data", "width": "finite width", "drift": "kernel drift"}


def draw_deviations(archive):
    """How far the network has left the law over the input space, and each cause's share of it."""
    if not archive.has("trajectory/deviation/data"):
        return None
    count = int(archive.read("spectrum/analytic/count")[0])
    parts = {cause: archive.read_snapshots(f"trajectory/deviation/{cause}")[:, :count]
             for cause in CAUSES}
    measured, law = (archive.read_snapshots(f"trajectory/{name}")[:, :count]
                     for name in ("projection", "ideal_projection"))
    times = scaled_times(archive)
    later = times > 0
    norms = np.array([np.linalg.norm(part[later], axis=1) for part in parts.values()])

    figure, (top, bottom) = plt.subplots(2, sharex=True, figsize=(5.6, 4.4))
    for norm, label, colour in zip(norms, CAUSES.values(), COLOURS):
        top.plot(times[later], norm, color=colour, label=label)
    top.plot(times[later], np.linalg.norm(sum(parts.values())[later], axis=1), "k-", label="sum")
    top.plot(times[later], np.linalg.norm((measured - law)[later], axis=1), "o", mfc="none",
             color="0.4", label="measured")
    top.set(xscale="log", yscale="log", ylabel="deviation from the law")
    legend_outside(top)
    bottom.stackplot(times[later], norms / np.maximum(norms.sum(axis=0), 1e-300),
                     colors=COLOURS[:len(CAUSES)], alpha=0.8)
    bottom.set(xlabel=r"$\sigma_1 t$", ylabel="share of the norms", ylim=(0, 1))
    return figure


def draw_drift(archive):
    """How far the tangent kernel has moved, where it was looked at."""
    if not archive.has("snapshot/drift"):
        return None
    times = scaled_times(archive)
    figure, axes = plt.subplots()
    for name, style, label in (("drift", "o-", "training points"),
                               ("reference_drift", "s--", "input space")):
        drift = archive.read_snapshots(f"snapshot/{name}")
        shown = (times > 0) & np.isfinite(drift)
        axes.plot(times[shown], drift[shown], style, label=label)
    error, norm = (archive.read(f"kernel_distance/{name}")[0]
                   for name in ("reference", "reference_norm"))
    axes.axhline(error / norm, color="0.4", linestyle=":",
                 label=r"$\Vert K_0 - K\Vert / \Vert K\Vert$, input space")
    axes.set(xscale="log", yscale="log", xlabel=r"$\sigma_1 t$",
             ylabel=r"$\Vert K_t - K_0\Vert / \Vert K_0\Vert$")
    legend_outside(axes)
    return figure


SPECTRAL_PICTURES = {
    "spectrum": draw_spectrum,
    "eigenfunctions": draw_eigenfunctions,
    "frequencies": draw_frequencies,
}
PICTURES = SPECTRAL_PICTURES | {
    "function": draw_function,
    "projections": lambda archive: draw_components(archive, INPUT_SPACE),
    "train_projections": lambda archive: draw_components(archive, TRAINING_SET),
    "residual": draw_residual,
    "bounds": draw_bounds,
    "deviations": draw_deviations,
    "drift": draw_drift,
}


def draw_all(archive, folder):
    """Writes every picture that the archive has the data for; prints their paths."""
    pictures = PICTURES
    if not archive.has("_commit") and archive.has("spectrum/analytic/eigenvalue"):
        pictures = SPECTRAL_PICTURES  # of `ntkflow spectrum`, which makes no trajectory
    else:
        archive.require_trajectory()
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in pictures.items():
        figure = draw(archive)
        if figure is not None:
            save(figure, folder / f"{archive.path.stem}_{name}")


def draw_file(path, arguments):
    folder = arguments.out or path.parent
    if path.name == "index.h5":
        folder.mkdir(parents=True, exist_ok=True)
        draw_sweep(Sweep(path), folder, arguments.over, arguments.quantities)
    else:
        draw_all(Archive(path), folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="ARCHIVE",
                        help="an archive, or the index.h5 of a sweep")
    parser.add_argument("--out", type=Path, help="folder for the pictures (default: the file's)")
    parser.add_argument("--over", metavar="KEY",
                        help="of a sweep: the key, or the number, on the axis")
    parser.add_argument("--quantities", nargs="+", metavar="NUMBER",
                        help="of a sweep: result numbers and quantities of tools/quantities.py")
    arguments = parser.parse_args()
    plt.rcParams.update(STYLE)
    try:
        for path in arguments.files:
            draw_file(path, arguments)
    except ArchiveError as error:
        parser.exit(error.exit_code, f"plot.py: {error}\n")


if __name__ == "__main__":
    main()
