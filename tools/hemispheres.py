#!/usr/bin/env python3
"""Prints how much sooner harmonics are learned on the denser half of S^2, and how their times grow.

Reads archives of `ntkflow spectrum` on jobs with input.density = hemispheres. Of each: the median
over degrees 2..12 and orders 0, 1, degree/2, degree of the ratio of the times at which the residual
of the ideal flow has fallen to a threshold on the sparse and on the dense half; and the exponent of
time in the degree, fitted to the medians of degrees 6..12.

With --picture, draws the medians over the orders against the degree, as PNG and PDF.
"""

import suitable_python  # noqa: F401  isort: skip

import argparse
from pathlib import Path

import h5py
import numpy as np

GROUP = "/convergence/harmonic"


def of_protocol(degree, order):
    return order in {0, 1, degree // 2, degree}


def exponent(degrees, times):
    """Of the median time in the degree."""
    found = np.arange(6, 13)
    return np.polyfit(np.log(found), np.log(medians(degrees, times, found)), 1)[0]


def medians(degrees, times, found):
    return np.array([np.median(times[degrees == degree]) for degree in found])


def read(path):
    """Degrees, thresholds, and the times on the sparse and on the dense half, for the protocol's
    harmonics. Shape of the times: harmonics x thresholds."""
    with h5py.File(path) as archive:
        group = archive[GROUP]
        chosen = [of_protocol(*pair) for pair in zip(group["degree"][()], group["order"][()])]
        return (group["degree"][chosen], archive["/convergence/ideal_threshold"][()],
                group["time_south"][chosen], group["time_north"][chosen])


def describe(path):
    degrees, thresholds, sparse, dense = read(path)
    print(f"{path}:")
    for column, threshold in enumerate(thresholds):
        times = sparse[:, column], dense[:, column]
        ratio = np.median(times[0] / times[1])
        print(f"  residual down to {threshold:.2f}: median ratio of times {ratio:.3f}, exponents"
              f" {exponent(degrees, times[0]):.2f} (sparse), {exponent(degrees, times[1]):.2f}"
              " (dense)")


def draw(paths, picture):
    """Times at the first threshold: a colour an archive, hollow on the sparse half."""
    from plot_style import COLOURS, STYLE, legend_outside, plt, save

    plt.rcParams.update(STYLE)
    figure, axes = plt.subplots()
    found = np.arange(2, 13)
    for path, colour in zip(paths, COLOURS):
        degrees, thresholds, *halves = read(path)
        for times, name, fill in zip(halves, ("sparse", "dense"), ("none", colour)):
            axes.plot(found, medians(degrees, times[:, 0], found), "o-", mfc=fill, color=colour,
                      label=f"{path.stem}, {name}")
    power = halves[0][:, 0].max() * (found / found[-1]) ** 3
    axes.plot(found, power, ":", color="black", label=r"slope 3")
    axes.set(xscale="log", yscale="log", xlabel=r"degree $\kappa$",
             ylabel=f"time to {thresholds[0]:g} of the start")
    axes.set_xticks([2, 3, 4, 6, 8, 12], ["2", "3", "4", "6", "8", "12"])
    axes.minorticks_off()
    legend_outside(axes)
    save(figure, picture.with_suffix(""))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, nargs="+")
    parser.add_argument("--picture", type=Path, help="such as halves.png")
    arguments = parser.parse_args()
    for path in arguments.archive:
        describe(path)
    if arguments.picture:
        draw(arguments.archive, arguments.picture)


if __name__ == "__main__":
    main()
