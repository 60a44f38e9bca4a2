#!/usr/bin/env python3
"""Measures the peak resident memory of every rank while the Gram matrix of n MNIST images is
assembled, for several n and numbers of ranks P, as a Markdown table beside 8 n^2 / P, the share of
the matrix itself. What is beyond it must not grow with n.

Builds the program that measures (CMake option NTKFLOW_BENCH). "Before": program, libraries and the
images as the bytes they are stored as. MB is 10^6 bytes; of all ranks the largest.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import os
import subprocess

from open_mpi import AS_ROOT
from programs import ROOT, build

ENV = os.environ | AS_ROOT | {"OMPI_MCA_rmaps_base_oversubscribe": "1", "OPENBLAS_NUM_THREADS": "1"}


def peaks(program, mnist, n, ranks):
    """Largest memory before the assembly and at its peak, in MB."""
    done = subprocess.run(["mpirun", "-n", str(ranks), program, mnist, str(n)], check=True,
                          text=True, stdout=subprocess.PIPE, env=ENV)
    rows = [[int(number) for number in line.split("\t")] for line in done.stdout.splitlines()]
    return max(row[1] for row in rows) / 1e6, max(row[2] for row in rows) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mnist", type=Path, help="folder of MNIST's files")
    parser.add_argument("--images", default="5000,10000,20000", help="n (default: %(default)s)")
    parser.add_argument("--ranks", default="2,4", help="P (default: %(default)s)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release",
                        help="build folder (default: %(default)s)")
    arguments = parser.parse_args()
    program = build(arguments.build, "bench_memory")
    print("| n | P | before, MB | peak a rank, MB | 8 n^2 / P, MB | beyond matrix and before, MB |\n"
          + "| --- " * 6 + "|")
    for n in map(int, arguments.images.split(",")):
        for ranks in map(int, arguments.ranks.split(",")):
            before, peak = peaks(program, arguments.mnist, n, ranks)
            matrix = 8 * n * n / ranks / 1e6
            print(f"| {n} | {ranks} | {before:.0f} | {peak:.0f} | {matrix:.0f} "
                  f"| {peak - matrix - before:.0f} |", flush=True)


if __name__ == "__main__":
    main()
