#!/usr/bin/env python3
"""Prints how much sooner harmonics are learned on the denser half of S^2, and how their times grow.

Reads archives of `ntkflow spectrum` on jobs with input.density = hemispheres. Of each: the median
over degrees 2..12 and orders 0, 1, degree/2, degree of the ratio of the times at which the residual
of the ideal flow has fallen to a threshold on the sparse and on the dense half; and the exponent of
time in the degree, fitted to the medians of degrees 6..12.

usage: hemispheres.py ARCHIVE...
"""

import suitable_python  # noqa: F401  isort: skip

import sys

import h5py
import numpy as np

GROUP = "/convergence/harmonic"


def of_protocol(degree, order):
    return order in {0, 1, degree // 2, degree}


def exponent(degrees, times):
    """Of the median time in the degree."""
    found = np.arange(6, 13)
    medians = [np.median(times[degrees == degree]) for degree in found]
    return np.polyfit(np.log(found), np.log(medians), 1)[0]


def describe(path):
    with h5py.File(path) as archive:
        group = archive[GROUP]
        chosen = [of_protocol(*pair) for pair in zip(group["degree"][()], group["order"][()])]
        degrees = group["degree"][chosen]
        thresholds = archive["/convergence/ideal_threshold"][()]
        sparse, dense = group["time_south"][chosen], group["time_north"][chosen]
        print(f"{path}: {archive.attrs['title']}")
    for column, threshold in enumerate(thresholds):
        times = sparse[:, column], dense[:, column]
        ratio = np.median(times[0] / times[1])
        print(f"  residual down to {threshold:.2f}: median ratio of times {ratio:.3f}, exponents"
              f" {exponent(degrees, times[0]):.2f} (sparse), {exponent(degrees, times[1]):.2f}"
              " (dense)")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        describe(path)


if __name__ == "__main__":
    main()
