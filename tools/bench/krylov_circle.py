#!/usr/bin/env python3
"""Runs jobs/circle-50000 and holds it against its promises: residuals below 1e-9 sigma_1, less than
2 GiB in all, at most 7 passes, a pass in at most 1.4 times what the machine's rates allow, and
eigenvalues within sampling error of the closed form. Exit 1 when one of them is not kept.

The rates of DGEMM and of the kernel are those that `ntkflow estimate` measures on as many ranks just
before the run.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import suitable_python  # noqa: F401,E402

import argparse
import os
import re
import subprocess
import tempfile

import h5py
import numpy as np

from open_mpi import AS_ROOT

JOB = Path(__file__).resolve().parents[2] / "jobs/circle-50000/job.ini"


def closed_form(count):
    """The first eigenvalues of the uniform circle, descending."""
    values = [1 / 8 + 1 / (2 * np.pi**2)] + [1 / 16 + 1 / (2 * np.pi**2)] * 2
    for q in range(2, count):
        even = (q**2 + 1) / (2 * np.pi**2 * (q**2 - 1) ** 2)
        values += [1 / (2 * np.pi**2 * q**2) if q % 2 else even] * 2
    return np.sort(values)[::-1][:count]


def run(command):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, env=os.environ | AS_ROOT)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return done.stdout


def numbers(pattern, text):
    found = re.search(pattern, text)
    if found is None:
        sys.exit(f"krylov_circle.py: the program did not print '{pattern}'")
    return [float(number) for number in found.groups()]


def judge(name, value, limit):
    print(f"{name:<58} {value:10.3g}  limit {limit:.3g}{'' if value <= limit else '  NOT KEPT'}")
    return value <= limit


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ntkflow", type=Path)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--points", type=int, default=50000)
    arguments = parser.parse_args()
    program = ["mpirun", "-n", str(arguments.ranks), str(arguments.ntkflow)]
    sets = ["--set", f"reference.points={arguments.points}"]

    estimate = run([*program, "estimate", str(JOB), *sets])
    dgemm, entry = numbers(
        r"DGEMM ([\d.]+) GFLOP/s a core, kernel ([\d.]+) ns an entry on one rank", estimate)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "circle.h5"
        text = run([*program, "spectrum", str(JOB), *sets, "--output", str(archive)])
        with h5py.File(archive) as file:
            count = file["/spectrum/analytic/count"][0]
            sigma = file["/spectrum/analytic/eigenvalue"][:count]
            memory = arguments.ranks * file["/runs/peak_memory"][0]

    passes, residual, entries, _, flops, _ = numbers(
        r"krylov: (\d+) passes, largest residual ([\d.e-]+) sigma_1; ([\d.e+]+) kernel entries in "
        r"([\d.]+) s, ([\d.e+]+) flops of products in ([\d.]+) s", text)
    seconds = numbers(rf"pass {passes:.0f}: .*, ([\d.]+) s", text)[0]
    ideal = (entries * entry * 1e-9 + flops / (dgemm * 1e9)) / arguments.ranks
    error = np.max(np.abs(sigma / closed_form(count) - 1))
    kept = [
        judge("largest residual, of sigma_1", residual, 1e-9),
        judge("memory of all ranks, GiB", memory / 2**30, 2),
        judge("passes over the matrix", passes, 7),
        judge("time of a pass over that of its entries and flops", seconds / ideal, 1.4),
        judge("largest relative distance from the closed form", error, 5 / arguments.points**0.5),
    ]
    print(f"{count} pairs, {seconds:.1f} s in {passes:.0f} passes; the rates allow {ideal:.1f} s")
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
