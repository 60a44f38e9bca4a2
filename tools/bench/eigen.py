#!/usr/bin/env python3
"""Eigensolvers side by side, as a Markdown table: all pairs by ScaLAPACK, by ELPA where the program
has it, and by numpy.linalg.eigh with as many threads as the others have ranks; 100 pairs by block
Krylov. Each on the same matrix, that of a kernel at n i.i.d. points on the circle, in alternation,
the best of --repeats. Behind each time: residual ||A V - V L|| and orthogonality ||V'V - I||, the
largest of all columns, in units of n eps ||A|| and n eps. (Krylov stops at a residual of 1e-10 ||A||.)

The limit is that of all pairs by any of them: n^3/6 numbers read from memory, once for each column
that becomes tridiagonal, at the rate of a matrix-vector product, and 4 n^3 flops at that of a matrix
product: 2/3 of the updates, 4/3 of divide and conquer without deflation, 2 of the transformation
back. Both rates are numpy's, measured in the same run.

Times of dense solvers are those of the decomposition alone, as numpy's is; that of krylov holds its
entries of the matrix, too, which are computed in every pass.
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
import time

import h5py
import numpy as np

from open_mpi import AS_ROOT

JOB = Path(__file__).resolve().parents[2] / "jobs/circle-50000/job.ini"
SOLVERS = ("dense", "elpa", "krylov")


def matrix_of(points):
    """The kernel (cos x + 1)(pi - |x|) / (4 pi) over n."""
    angle = np.arctan2(points[:, 1], points[:, 0])
    away = np.abs(np.remainder(angle[:, None] - angle[None, :] + np.pi, 2 * np.pi) - np.pi)
    return (np.cos(away) + 1) * (np.pi - away) / (4 * np.pi * len(points))


def errors(matrix, vectors, groups):
    """Residual of each group's span and orthogonality, in units of rounding."""
    n, eps = len(matrix), np.finfo(float).eps
    applied = matrix @ vectors
    norm = np.linalg.norm(applied, axis=0).max()
    for first, last in groups:
        v = vectors[:, first:last]
        applied[:, first:last] -= v @ (v.T @ applied[:, first:last])
    worst = np.linalg.norm(applied, axis=0).max()
    off = np.abs(vectors.T @ vectors - np.eye(vectors.shape[1]))
    return worst / (n * eps * norm), off.max() / (n * eps)


def by_program(ntkflow, ranks, n, solver, folder):
    """Seconds, archive; or None when the program has not got the solver."""
    archive = Path(folder) / f"{solver}{n}.h5"
    archive.unlink(missing_ok=True)
    keys = [f"reference.points={n}", f"reference.solver={solver}",
            f"reference.eigenpairs={100 if solver == 'krylov' else n}"]
    sets = [word for key in keys for word in ("--set", key)]
    if solver == "krylov":
        sets += ["--set", "reference.tolerance=1e-10"]
    done = subprocess.run(["mpirun", "-n", str(ranks), ntkflow, "spectrum", str(JOB), *sets,
                           "--output", str(archive)],
                          text=True, capture_output=True, env=os.environ | AS_ROOT)
    if "without ELPA" in done.stderr:
        return None
    if done.returncode != 0:
        sys.exit(done.stderr)
    whole, alone = re.search(r"eigenpairs, .*?, ([\d.]+) s(?:, ([\d.]+) s of them)?",
                             done.stdout).groups()
    return float(alone or whole), archive


def of_archive(archive):
    with h5py.File(archive) as file:
        count = file["/spectrum/analytic/count"][0]
        phi = file["/spectrum/analytic/eigenfunction"][:, :count]
        space = file["/spectrum/analytic/eigenspace"][:count]
        points = file["/points/reference"][()]
    starts = [*np.flatnonzero(np.diff(space, prepend=-1)), count]
    return matrix_of(points), phi / np.sqrt(len(points)), list(zip(starts[:-1], starts[1:]))


def by_numpy(matrix):
    vectors = []
    seconds = seconds_of(lambda: vectors.append(np.linalg.eigh(matrix)[1]))
    return seconds, vectors[0]


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def limit(n):
    """Seconds that all pairs take at the machine's rates."""
    side = 4000
    a, b, out = np.ones((side, side)), np.ones((side, side)), np.empty((side, side))
    product = min(seconds_of(lambda: np.matmul(a, b, out=out)) for _ in range(3))
    read = min(seconds_of(lambda: np.dot(a, b[0], out=out[0])) for _ in range(9))
    return n**3 * (read / (6 * side**2) + 4 * product / (2 * side**3))


def cell(seconds, error):
    return f"{seconds:.2f} s ({error[0]:.2g}, {error[1]:.2g})"


def row(ntkflow, ranks, n, repeats, folder):
    best, archives, numpy_best = {}, {}, np.inf
    for _ in range(repeats):
        for solver in SOLVERS:
            found = by_program(ntkflow, ranks, n, solver, folder)
            if found is None:
                continue
            best[solver] = min(best.get(solver, np.inf), found[0])
            archives[solver] = found[1]
        matrix = of_archive(archives["dense"])[0]
        seconds, vectors = by_numpy(matrix)
        numpy_best = min(numpy_best, seconds)
    cells = [cell(best[s], errors(*of_archive(archives[s]))) if s in best else "-" for s in SOLVERS]
    every = [(i, i + 1) for i in range(n)]
    return [str(n), *cells, cell(numpy_best, errors(matrix, vectors, every)), f"{limit(n):.2f} s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ntkflow", type=Path)
    parser.add_argument("--sizes", default="1000,2000,4000,8000")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=2)
    arguments = parser.parse_args()
    print(f"| n | ScaLAPACK, {arguments.ranks} ranks | ELPA, {arguments.ranks} ranks | krylov k = 100, "
          f"{arguments.ranks} ranks | numpy eigh, {arguments.ranks} threads | limit |\n"
          + "| --- " * 6 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for n in map(int, arguments.sizes.split(",")):
            cells = row(arguments.ntkflow.resolve(), arguments.ranks, n, arguments.repeats, folder)
            print("| " + " | ".join(cells) + " |", flush=True)


def with_threads():
    """numpy's BLAS reads its number of threads when it is loaded; mpirun's ranks get one each."""
    ranks = sys.argv[sys.argv.index("--ranks") + 1] if "--ranks" in sys.argv else "2"
    if os.environ.get("NTKFLOW_BENCH_THREADS") != ranks:
        os.environ |= {"NTKFLOW_BENCH_THREADS": ranks, "OPENBLAS_NUM_THREADS": ranks}
        os.execv(sys.executable, [sys.executable, *sys.argv])
    os.environ["OPENBLAS_NUM_THREADS"] = "1"


if __name__ == "__main__":
    with_threads()
    main()
