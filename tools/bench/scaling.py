#!/usr/bin/env python3
"""Strong and weak scaling from one rank to two, phase by phase, as a Markdown table: seconds, medians
over rounds that alternate. One thread a rank.

- assembly: of K_0 at N points, N^2; decomposition: of all its eigenpairs, N^3; both as
  the program's own clock says.
- evaluation: forward and backward pass over n samples, as the program's own clock says.
- snapshot: forward pass, projections and commit over N reference points: the difference of two runs
  with few and many snapshots, over their number.

Strong: the same job on two ranks; the ratio is at best 2. Weak: on two ranks the job whose work is
twice that of one; the ratio is at best 1.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import suitable_python  # noqa: F401,E402

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time

from open_mpi import AS_ROOT

JOB = """seed = 1
[input]
space = circle
[target]
kind = cosines
frequencies = 1, 3
[reference]
points = 3000
eigenpairs = 3000
kernel = initial
solver = dense
[training]
samples = 4096
[network]
layers = fc:512, fc:512
activation = tanh
[flow]
integrator = gradient_descent
step = 0.5
t_end = 10
[observe]
train_projections = no
"""
FEW, MANY = 2, 20  # snapshots


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        (folder / "job.ini").write_text(JOB)

    def run(self, ranks, command, keys):
        """What it printed, and the seconds that it took."""
        settings = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
        start = time.perf_counter()
        done = subprocess.run(["mpirun", "-n", str(ranks), self.path, command, "job.ini", "--output",
                               "out.h5", "--fresh", *settings], cwd=self.folder, text=True,
                              env=os.environ | AS_ROOT | {"OPENBLAS_NUM_THREADS": "1"}, check=True,
                              stdout=subprocess.PIPE)
        return done.stdout, time.perf_counter() - start

    def spectrum(self, ranks, points):
        """Seconds of assembly and of decomposition."""
        keys = {"reference.points": points, "reference.eigenpairs": points}
        text, _ = self.run(ranks, "spectrum", keys)
        whole, inner = re.search(r", ([\d.]+) s, ([\d.]+) s of them the decomposition", text).groups()
        return float(whole) - float(inner), float(inner)

    def assembly(self, ranks, growth):
        return self.spectrum(ranks, round(3000 * growth ** (1 / 2)))[0]

    def decomposition(self, ranks, growth):
        return self.spectrum(ranks, round(3000 * growth ** (1 / 3)))[1]

    def evaluation(self, ranks, growth):
        """Seconds of one."""
        few = {"reference.points": 16, "reference.eigenpairs": 9, "training.samples": 4096 * growth,
               "flow.snapshots": FEW}
        text, _ = self.run(ranks, "run", few)
        count, seconds = re.search(r"flow: (\d+) evaluations, .* ([\d.]+) s evaluation", text).groups()
        return float(seconds) / int(count)

    def snapshot(self, ranks, growth):
        """Seconds of one."""
        points = 8192 * growth
        small = {"reference.points": points, "reference.eigenpairs": 100, "training.samples": 16,
                 "reference.kernel": "analytic",
                 "reference.solver": "krylov"}
        _, few = self.run(ranks, "run", small | {"flow.snapshots": FEW})
        _, many = self.run(ranks, "run", small | {"flow.snapshots": MANY})
        return (many - few) / (MANY - FEW)


PHASES = ("assembly", "decomposition", "evaluation", "snapshot")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ntkflow", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print("| phase | 1 rank, s | 2 ranks, s | strong | 2 ranks, twice the work, s | weak |\n"
          + "| --- " * 6 + "|")
    with tempfile.TemporaryDirectory() as folder:
        program = Program(arguments.ntkflow.resolve(), Path(folder))
        for phase in PHASES:
            measure = getattr(program, phase)
            rounds = [[measure(1, 1), measure(2, 1), measure(2, 2)] for _ in range(arguments.rounds)]
            one, two, double = (statistics.median(column) for column in zip(*rounds))
            print(f"| {phase} | {one:.3g} | {two:.3g} | {one / two:.2f} | {double:.3g} "
                  f"| {one / double:.2f} |", flush=True)


if __name__ == "__main__":
    main()
