#!/usr/bin/env python3
"""Holds `ntkflow estimate` against what then happens: time of the reference operator, memory of a
rank and size of the archive, for three jobs. Exit 1 where one is off by more than a factor of two.
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

from open_mpi import AS_ROOT

JOBS = Path(__file__).resolve().parents[2] / "jobs"
CASES = {
    "circle, 12,000 points, krylov": ("circle-50000/job.ini", "krylov",
                                      {"reference.points": 12000}),
    "circle, all of 3,000 pairs, dense": ("circle-50000/job.ini", "dense",
                                          {"reference.points": 3000, "reference.eigenpairs": 3000}),
    "3,200 fours and nines, krylov": ("mnist/job.ini", "krylov",
                                      {"reference.tolerance": 1e-8,
                                       "observe.train_projections": "no"}),
}
UNITS = {"s": 1, "min": 60, "h": 3600, "MiB": 2**20, "GiB": 2**30}


def run(command):
    done = subprocess.run(command, text=True, capture_output=True, env=os.environ | AS_ROOT)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def quantity(pattern, text):
    number, unit = re.search(pattern + r"\s*([\d.e+-]+) (\w+)", text, re.M).groups()
    return float(number) * UNITS[unit]


def estimated(text, solver):
    """Seconds, bytes of a rank, bytes on disk."""
    columns = r"\s+[\d.e+-]+ \w+\s+[\d.e+-]+\s+[\d.e+-]+\s+[\d.e+-]+ \w+"
    return (quantity(rf"^reference, {solver}{columns}", text), quantity(r"^memory a rank:", text),
            quantity(r"^disk:", text))


def measured(text, archive):
    seconds = re.search(r"reference operator: \d+ eigenpairs, .*, ([\d.]+) s", text).group(1)
    with h5py.File(archive) as file:
        memory = file["/runs/peak_memory"][0]
    return float(seconds), memory, archive.stat().st_size


def compare(program, name, folder):
    job, solver, keys = CASES[name]
    keys = keys | {"reference.solver": solver}
    arguments = [JOBS / job, *(w for k, v in keys.items() for w in ("--set", f"{k}={v}"))]
    archive = Path(folder) / f"{solver}.h5"
    archive.unlink(missing_ok=True)
    before = estimated(run([*program, "estimate", *arguments]), solver)
    after = measured(run([*program, "spectrum", *arguments, "--output", archive]), archive)
    ratios = [a / b for a, b in zip(before, after)]
    cells = [f"{e / unit:.3g} / {m / unit:.3g} = {r:.2f}"
             for e, m, r, unit in zip(before, after, ratios, (1, 2**20, 2**20))]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)
    return all(0.5 <= ratio <= 2 for ratio in ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ntkflow", type=Path)
    parser.add_argument("--ranks", type=int, default=2)
    arguments = parser.parse_args()
    program = ["mpirun", "-n", str(arguments.ranks), str(arguments.ntkflow)]
    print("| estimated / measured | time, s | memory a rank, MiB | disk, MiB |\n" + "| --- " * 4 + "|")
    with tempfile.TemporaryDirectory() as folder:
        kept = [compare(program, name, folder) for name in CASES]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
