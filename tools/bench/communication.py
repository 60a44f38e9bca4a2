#!/usr/bin/env python3
"""Counts what the ranks send to each other at fixed work on 2 to 16 ranks, phase by phase, as a
Markdown table: megabytes of the rank that sends most, and in brackets the ratio to the model.

Counted by a library that stands in front of MPI (count_bytes.cpp), so that ranks may share cores.
A phase is the difference of two runs that differ by it alone:

- assembly: a kernel matrix n x n into the archive. Tiles are computed where they live; what is sent
  is the way from blocks to the archive's rows. Model: (P - 1)/P of a rank's n^2/P numbers.
- dense: decomposition of an n x n matrix on an R x C grid. Model: a (C - 1)/(R C) + b (R - 1)/(R C),
  a and b fitted on 2 and 4 ranks: panels are handed along the rows and along the columns of the grid.
- krylov: n points. Blocks of vectors go half round a ring, and their sums back: a constant; small
  matrices are summed over all ranks. Model: a + b (P - 1)/P, a and b fitted on 2 and 4 ranks.
- evaluation: a forward and a backward pass of p parameters. Model: 2 (P - 1)/P p numbers, the
  weights gathered once and the gradient summed once.
- snapshot: projections, residuals, commit. Model: a (P - 1)/P, a fitted on 4 ranks.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import suitable_python  # noqa: F401,E402

import argparse
import subprocess
import tempfile

import numpy as np

from open_mpi import ENVIRONMENT
from programs import ROOT, build

JOB = """seed = 1
[input]
space = circle
[target]
kind = cosines
frequencies = 1, 3
[reference]
points = 768
eigenpairs = 768
solver = dense
[training]
samples = 512
[network]
layers = fc:512, fc:512
activation = tanh
[flow]
integrator = gradient_descent
step = 0.5
t_end = 10
snapshots = 10
[observe]
train_projections = no
"""
NUMBER = 8  # bytes


def grid(ranks):
    """As the program takes it, for powers of two."""
    rows = 1
    while 4 * rows * rows <= ranks:
        rows *= 2
    return rows, ranks // rows


class Counter:
    def __init__(self, program, library, folder):
        self.program, self.library, self.folder = program, library, Path(folder)
        (self.folder / "job.ini").write_text(JOB)

    def megabytes(self, ranks, command, *keys):
        """Of the rank that sends most."""
        counts = self.folder / "bytes"
        for old in self.folder.glob("bytes.*"):
            old.unlink()
        settings = [word for key in keys for word in ("--set", key)]
        subprocess.run(["mpirun", "-n", str(ranks), "-x", f"LD_PRELOAD={self.library}", "-x",
                        f"NTKFLOW_BYTES={counts}", self.program, command, "job.ini", "--output",
                        "out.h5", "--fresh", *settings], cwd=self.folder, check=True,
                       env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        return max(int(path.read_text()) for path in self.folder.glob("bytes.*")) / 1e6


def phases(counter, ranks):
    """Megabytes of each phase."""
    def count(*arguments):
        return counter.megabytes(ranks, *arguments)

    few = ("reference.points=16", "reference.eigenpairs=9")
    nothing = count("spectrum", *few)
    start = count("run", *few)
    krylov = ("reference.solver=krylov", "reference.points=4096", "reference.eigenpairs=20")
    return {
        "assembly": count("kernel", *few) - count("kernel", *few, "training.samples=32"),
        "dense": count("spectrum") - nothing,
        "krylov": count("spectrum", *krylov) - nothing,
        "evaluation": (count("run", *few, "flow.t_end=20") - start) / 20,
        "snapshot": (count("run", *few, "flow.snapshots=20") - start) / 10,
    }


def parameters():
    return 2 * (2 * 512 + 512 * 512 + 512)


def terms(phase, ranks):
    """The model's known functions of the ranks."""
    rows, columns = grid(ranks)
    share = (ranks - 1) / ranks
    return {
        "assembly": [share * (512**2 - 32**2) / ranks * NUMBER / 1e6],
        "dense": [(columns - 1) / ranks, (rows - 1) / ranks],
        "krylov": [1, share],
        "evaluation": [2 * share * parameters() * NUMBER / 1e6],
        "snapshot": [share],
    }[phase]


def model(phase, measured):
    """By ranks. Phases with factors that are not known have them from 2 and 4 ranks."""
    if phase in ("assembly", "evaluation"):
        factors = [1]
    else:
        known = (2, 4)[-len(terms(phase, 2)):]
        factors = np.linalg.solve([terms(phase, ranks) for ranks in known],
                                  [measured[ranks][phase] for ranks in known])
    return {ranks: np.dot(factors, terms(phase, ranks)) for ranks in measured}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", default="2,4,8,16",
                        help="powers of two with 2 and 4 (default: %(default)s)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    arguments = parser.parse_args()
    program = arguments.build.resolve() / "ntkflow"
    library = build(arguments.build, "count_bytes").with_name("libcount_bytes.so").resolve()
    all_ranks = [int(text) for text in arguments.ranks.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        counter = Counter(program, library, folder)
        measured = {ranks: phases(counter, ranks) for ranks in all_ranks}
    print("| phase | " + " | ".join(f"{ranks} ranks" for ranks in all_ranks)
          + " |\n" + "| --- " * (len(all_ranks) + 1) + "|")
    for phase in measured[all_ranks[0]]:
        expected = model(phase, measured)
        cells = [f"{measured[ranks][phase]:.3g} ({measured[ranks][phase] / expected[ranks]:.2f})"
                 for ranks in all_ranks]
        print(f"| {phase} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
