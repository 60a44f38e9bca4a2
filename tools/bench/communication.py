#!/usr/bin/env python3
"""Counts what the ranks send to each other at fixed work on 1 to 16 ranks, phase by phase, as a
Markdown table: megabytes of the rank that sends most, and in brackets the ratio to the model.

Counted by a library that stands in front of MPI (count_bytes.cpp), so that ranks may share cores.
A phase is the difference of two runs that differ by it alone:

- assembly: a kernel matrix n x n into the archive. Tiles are computed where they live; what is sent
  is the way from blocks to the archive's rows. Model: (P - 1)/P of a rank's n^2/P numbers.
- dense: decomposition of an n x n matrix on an R x C grid. Model: a n^2 (1/R + 1/C), a fitted on 4
  ranks: panels of rows and columns are handed round the lines of the grid.
- krylov: one pass of block width b over n points. Model: a (P - 1)/P n b, a fitted on 4 ranks.
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


def model(phase, ranks):
    """Up to a factor where the model has one; 0: nothing is sent."""
    rows, columns = grid(ranks)
    share = (ranks - 1) / ranks
    return {"assembly": share * (512**2 - 32**2) / ranks * NUMBER / 1e6, "dense": 1 / rows + 1 / columns if ranks > 1 else 0, "krylov": share,
            "evaluation": 2 * share * parameters() * NUMBER / 1e6, "snapshot": share}[phase]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", default="1,2,4,8,16", help="default: %(default)s")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    arguments = parser.parse_args()
    program = arguments.build.resolve() / "ntkflow"
    library = build(arguments.build, "count_bytes").with_name("libcount_bytes.so").resolve()
    all_ranks = [int(text) for text in arguments.ranks.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        counter = Counter(program, library, folder)
        measured = {ranks: phases(counter, ranks) for ranks in all_ranks}
    print(measured)
    print("| phase | " + " | ".join(f"{ranks} rank{'s' * (ranks > 1)}" for ranks in all_ranks)
          + " |\n" + "| --- " * (len(all_ranks) + 1) + "|")
    for phase in measured[all_ranks[0]]:
        factor = measured[4][phase] / model(phase, 4) if phase in ("dense", "krylov", "snapshot") else 1
        cells = []
        for ranks in all_ranks:
            expected = factor * model(phase, ranks)
            ratio = f" ({measured[ranks][phase] / expected:.2f})" if expected > 0 else ""
            cells.append(f"{measured[ranks][phase]:.3g}{ratio}")
        print(f"| {phase} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
