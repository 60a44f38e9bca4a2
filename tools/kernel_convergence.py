#!/usr/bin/env python3
"""Fits how fast the empirical kernel K_0 comes to its limit K_inf as the width m grows.

For each job of jobs/kernel-convergence, `ntkflow kernel` is run over widths and seeds (each seed
draws its own images and weights); the error of a run is ||K_0 - K_inf|| / ||K_inf||, in Frobenius
norms. Prints the root mean square over the seeds for each width, and the slope of its logarithm over
log m by least squares, with a 95 % interval by bootstrap over the seeds. Theory says -1/2.
"""

import suitable_python  # noqa: F401  isort: skip

import argparse
import subprocess
import tempfile
from pathlib import Path

import h5py
import numpy as np

from fit_slopes import bootstrap, slope
from open_mpi import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
JOBS = ROOT / "jobs/kernel-convergence"


def error_of(job, width, seed, arguments):
    """||K_0 - K_inf|| / ||K_inf|| of one run."""
    with tempfile.TemporaryDirectory(prefix="ntkflow_") as folder:
        output = Path(folder) / "kernel.h5"
        subprocess.run(["mpirun", "-n", str(arguments.ranks), arguments.ntkflow, "kernel", job,
                        "--set", f"network.width={width}", "--set", f"seed={seed}",
                        "--output", output],
                       check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        with h5py.File(output) as archive:
            limit = archive["kernel/ntk"][()]
            return np.linalg.norm(archive["kernel/empirical"][()] - limit) / np.linalg.norm(limit)


def root_mean_square(numbers):
    return np.sqrt(np.mean(numbers**2))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", nargs="*", type=Path, default=sorted(JOBS.glob("*.ini")),
                        help="job files whose layers have the width W (default: all in the folder)")
    parser.add_argument("--ntkflow", type=Path, default=ROOT / "build/release/ntkflow")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--widths", default="64,128,256,512,1024,2048,4096")
    parser.add_argument("--seeds", type=int, default=8, help="(default: %(default)s)")
    arguments = parser.parse_args()
    widths = [int(width) for width in arguments.widths.split(",")]
    for job in arguments.jobs:
        errors = np.array([[error_of(job, width, seed, arguments)
                            for seed in range(1, arguments.seeds + 1)] for width in widths])
        means = np.array([root_mean_square(row) for row in errors])
        low, high = bootstrap(widths, errors, root_mean_square, np.random.default_rng(0))
        print(job.stem)
        for width, mean in zip(widths, means):
            print(f"  m = {width:5}  error {mean:.4f}")
        print(f"  slope {slope(widths, means):.3f}, 95 % interval [{low:.3f}, {high:.3f}]", flush=True)


if __name__ == "__main__":
    main()
