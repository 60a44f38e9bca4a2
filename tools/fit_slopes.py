#!/usr/bin/env python3
"""Fits power laws to a sweep: how the median and the 90 % quantile over seeds of a result number
depend on a key, as slopes in log-log scale with 95 % confidence intervals.

The intervals come from a bootstrap over the seeds: at each value of the key as many seeds are drawn
with replacement as there are, and the slope is fitted again. Members that are not completed do not
count; a value of the key with a median that is not positive is left out, and said so.

KEY is a key of the sweep with numbers as values, or a number such as time_final; numbers are the
result numbers of the index and the quantities of tools/quantities.py.
"""

import suitable_python  # noqa: F401  isort: skip

import argparse
from pathlib import Path

import numpy as np

from ntkflow_archive import BAD_DATA, ArchiveError, Sweep
from quantities import measure_members

DRAWS = 1000
QUANTILES = {"median": 0.5, "90 % quantile": 0.9}


def samples_by_key(sweep, key, number):
    """Values of the key, ascending, and the finite numbers of the completed members at each."""
    values = np.asarray(sweep.key(key) if key in sweep.keys else measure_members(sweep, key))
    numbers = measure_members(sweep, number)
    if values.dtype.kind != "f":
        raise ArchiveError(BAD_DATA, f"{sweep.path}: {key} is not a number at every member")
    good = np.isfinite(numbers)  # of completed members
    return group_by(values[good], numbers[good])


def group_by(values, numbers):
    """The distinct values, ascending, and the numbers at each."""
    distinct = np.unique(values)
    return distinct, [numbers[values == value] for value in distinct]


def slope(x, y):
    """Of the straight line through (log x, log y), least squares; NaN from fewer than two points."""
    if len(x) < 2 or not np.all(y > 0):
        return np.nan
    return np.polyfit(np.log(x), np.log(y), 1)[0]


def bootstrap(x, samples, statistic, generator):
    """95 % interval of the slope of a statistic of the samples at each x, over draws of the seeds."""
    def draw():
        drawn = [statistic(generator.choice(s, len(s))) for s in samples]
        return slope(x, np.array(drawn))

    slopes = [value for _ in range(DRAWS) if np.isfinite(value := draw())]
    return np.quantile(slopes, [0.025, 0.975]) if slopes else (np.nan, np.nan)


def fit(sweep, key, number, probability, seed=0):
    """(points used, slope, (low, high)) of a quantile over seeds as a power of the key."""
    return fit_samples(*samples_by_key(sweep, key, number), probability, seed)


def fit_samples(x, samples, probability, seed=0):
    """The same of samples at each x."""
    def quantile(numbers):
        return np.quantile(numbers, probability)

    used = [i for i, s in enumerate(samples) if quantile(s) > 0]
    x, samples = x[used], [samples[i] for i in used]
    y = np.array([quantile(s) for s in samples])
    return x, slope(x, y), bootstrap(x, samples, quantile, np.random.default_rng(seed))


def print_number(sweep, key, number):
    x, samples = samples_by_key(sweep, key, number)
    print(f"\n{number}\n{key:<20} seeds   median      90 % quantile")
    for value, s in zip(x, samples):
        print(f"{value:<20g} {len(s):<7} {np.median(s):<11.4g} {np.quantile(s, 0.9):.4g}")
    for name, probability in QUANTILES.items():
        used, exponent, (low, high) = fit(sweep, key, number, probability)
        left_out = "" if len(used) == len(x) else f"; {len(x) - len(used)} values not positive"
        print(f"slope of the {name}: {exponent:.3f}, 95 % interval [{low:.3f}, {high:.3f}]{left_out}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("key")
    parser.add_argument("numbers", nargs="+", metavar="NUMBER")
    arguments = parser.parse_args()
    try:
        sweep = Sweep(arguments.index)
        for number in arguments.numbers:
            print_number(sweep, arguments.key, number)
    except ArchiveError as error:
        parser.exit(error.exit_code, f"fit_slopes.py: {error}\n")


if __name__ == "__main__":
    main()
