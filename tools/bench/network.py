#!/usr/bin/env python3
"""Measures one evaluation of the flow (forward and backward pass) of a fully connected and of a
convolutional network, as a fraction of dgemm's rate on the same core in the same run.

Builds the program that measures (CMake option NTKFLOW_BENCH) and prints its medians.
"""

import argparse
import os
import subprocess
from pathlib import Path

from programs import ROOT, build


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="measurements (default: %(default)s)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release",
                        help="build folder (default: %(default)s)")
    arguments = parser.parse_args()
    program = build(arguments.build, "bench_network")
    done = subprocess.run([program, str(arguments.rounds)], check=True, text=True,
                          stdout=subprocess.PIPE, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    print(f"{'network, one core':32}{'seconds':>10}{'GFLOP/s':>10}{'dgemm':>10}{'fraction':>10}")
    for line in done.stdout.splitlines():
        name, seconds, rate, dgemm, fraction = line.split("\t")
        print(f"{name:32}{float(seconds):10.4f}{float(rate) / 1e9:10.1f}"
              f"{float(dgemm) / 1e9:10.1f}{float(fraction):10.3f}")


if __name__ == "__main__":
    main()
