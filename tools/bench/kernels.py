#!/usr/bin/env python3
"""Measures kernel matrices against neural-tangents 0.6.5 on JAX: both programs in this run, on two
cores, float64, in alternation after warm-up, medians.

ntkflow: one triangle, assembled as in a run, on 2 MPI ranks or 1 rank with 2 BLAS threads,
whichever is faster. neural-tangents: the fastest of its settings, in a virtual environment that the
script makes in ~/.cache/ntkflow (Python 3.11, tools/bench/requirements.txt). Behind the ratio and its goal:
the share of the machine's limit, which is what the arithmetic would take at the rates of DSYRK,
DGEMM, vector mathematics and memory measured in the same run; and the largest difference of the two
matrices, relative to the largest entry.

The difference of 3e-8 of the fully connected ReLU network in 784 dimensions is that of
neural-tangents from the truth, on the diagonal: it takes sqrt(q q' - c^2) of rounded numbers, and the
root of a rounding error of 1e-16 is 1e-8. Against a recursion in 40 digits, at the two entries of 300
points where the programs differ most on and off the diagonal, ours was wrong by 2e-17 and 2e-16 of
the largest entry, neural-tangents by 2.7e-8 and 5e-16.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import suitable_python  # noqa: F401,E402

import argparse
import math
import os
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Callable

import numpy as np

from open_mpi import AS_ROOT
from programs import HERE, ROOT, build, peer_python

UNBOUND = AS_ROOT | {"OMPI_MCA_rmaps_base_oversubscribe": "1",
                     "OMPI_MCA_hwloc_base_binding_policy": "none"}
WIDTH = 1024


# What the arithmetic of a case would take at the rates of this machine. A multiply-add is two flops
# of DGEMM; a lone sum or product is counted as two as well, because it occupies the same unit.

def product(n, d, rate):
    """Seconds of one triangle of X X^T, and of writing it once. That the system clears fresh memory
    before, which takes as long again, is left out."""
    return n * n * d / rate["dsyrk"] + 4 * n * n / rate["write"]


def by_angle(n, d, rate):
    """A function of the angle, tabulated: one square root and a polynomial of degree 12."""
    entries = n * (n + 1) / 2
    return product(n, d, rate) + entries / rate["sqrt"] + entries * 24 / rate["dgemm"]


def by_series(n, d, rate):
    """Of each point and layer tanh at the 260 nodes of the quadrature (hermite.cpp), and its product
    with the Hermite functions for each coefficient, as many as the program says. Of each pair and
    layer two series, to the term that changes nothing more: rho^2j < 1e-17 for |rho| = 2/sqrt(d),
    the largest of 16 pairs that are summed together; three products or sums a term."""
    nodes, layers = 260, 3
    points = n * (layers * nodes / rate["tanh"]
                  + 2 * nodes * rate["coefficients"] / rate["dgemm"])
    terms = math.ceil(math.log(1e-17) / math.log(4 / d))
    pairs = n * (n + 1) / 2
    return product(n, d, rate) + points + pairs * layers * 2 * terms * 3 * 2 / rate["dgemm"]


def by_positions(n, d, rate):
    """Of each pair, position and layer: an angle, a square root, and 25 products and sums: eight of
    the sums of A and B over 3 x 3 taps, four of the correlation, six of E, three of T, four of D."""
    sites = 3 * d * n * (n + 1) / 2
    return sites * (1 / rate["acos"] + 1 / rate["sqrt"] + 25 * 2 / rate["dgemm"])


def by_signals(n, d, rate):
    """Forward and backward pass; then two products a layer, one for the readout."""
    weights = d * WIDTH + 2 * WIDTH**2
    passes = 2 * n * (weights + 2 * WIDTH**2)
    return passes / rate["dgemm"] + n * n * (d + 6 * WIDTH) / rate["dsyrk"]


@dataclass
class Case:
    title: str
    layers: str
    depth: int
    activation: str
    shape: str
    points: int
    goal: float
    limit: Callable
    is_empirical: bool = False


CASES = {
    "fc3": Case("fc, depth 3, ReLU, n = 4000, d = 784", "fc:W, fc:W, fc:W", 3, "relu", "784", 4000,
                5, by_angle),
    "fc10": Case("fc, depth 10, ReLU, n = 4000, d = 2", ", ".join(["fc:W"] * 10), 10, "relu", "2",
                 4000, 100, by_angle),
    "tanh": Case("fc, depth 3, tanh, n = 500, d = 784", "fc:W, fc:W, fc:W", 3, "tanh", "784", 500,
                 500, by_series),
    "conv": Case("3 conv 3x3, 28x28, ReLU, flatten, n = 200", ", ".join(["conv:W:3x3"] * 3), 3,
                 "relu", "28,28,1", 200, 20, by_positions),
    "empirical": Case("empirical, depth 3, width 1024, n = 1000, d = 784",
                      ", ".join([f"fc:{WIDTH}"] * 3), 3, "relu", "784", 1000, 2.2, by_signals, True),
}


class Ours:
    """bench_kernels, started anew for every measurement so that it does not wait beside the peer."""

    def __init__(self, program, case, points, theta):
        self.command = [program, case.layers, case.activation, case.shape, points]
        self.theta = ["--theta", theta] if theta else []
        self.ranks = min((1, 2), key=lambda ranks: self.run(ranks, 9)["seconds"])

    def run(self, ranks, rounds, *more):
        env = os.environ | UNBOUND | {"OPENBLAS_NUM_THREADS": str(2 // ranks)}
        command = ["mpirun", "-n", str(ranks), *self.command, str(rounds), *self.theta, *more]
        done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=env)
        found = {}
        for line in done.stdout.splitlines():
            name, value = line.split("\t")
            found.setdefault(name, []).append(float(value))
        return {name: statistics.median(values) for name, values in found.items()}


class Peer:
    def __init__(self, python, name, case, points, theta):
        command = [python, HERE / "kernels_peer.py", name, case.activation, str(case.depth),
                   case.shape, points, *([theta, str(WIDTH)] if theta else [])]
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.setting = self.answer().removeprefix("ready ")

    def answer(self):
        line = self.process.stdout.readline().strip()
        if not line:
            sys.exit("kernels.py: neural-tangents ended before it answered")
        return line

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def make_points(case, path):
    """Standard normal numbers; in the plane on the unit circle."""
    extents = [int(extent) for extent in case.shape.split(",")]
    points = np.random.default_rng(1).normal(size=(case.points, *extents))
    if extents == [2]:
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    points.tofile(path)


def difference(ours, theirs, n):
    a = np.triu(np.memmap(ours, dtype=np.float64, shape=(n, n)))
    b = np.triu(np.memmap(theirs, dtype=np.float64, shape=(n, n)))
    return np.abs(a - b).max() / np.abs(b).max()


def measure(name, case, program, python, rounds, folder):
    points = folder / "points"
    make_points(case, points)
    theta = folder / "theta" if case.is_empirical else None
    peer = Peer(python, name, case, points, theta)
    ours = Ours(program, case, points, theta)
    runs, theirs = [], []
    for _ in range(rounds):
        runs.append(ours.run(ours.ranks, 3, "--rates", "5"))
        theirs.append(float(peer.ask("go")))
    peer.ask(f"save {folder / 'theirs'}")
    peer.close()
    with open(folder / "ours", "wb") as file:
        file.truncate(8 * case.points**2)
    ours.run(ours.ranks, 0, "--out", folder / "ours")
    found = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    seconds, peer_seconds = found["seconds"], statistics.median(theirs)
    dimension = int(np.prod([int(extent) for extent in case.shape.split(",")]))
    limit = case.limit(case.points, dimension, found)
    error = difference(folder / "ours", folder / "theirs", case.points)
    print(f"| {case.title} | {seconds:.4g} ({ours.ranks} rank{'s' if ours.ranks > 1 else ''}) "
          f"| {peer_seconds:.4g} ({peer.setting}) | {peer_seconds / seconds:.1f} | {case.goal:g} "
          f"| {limit:.4g} | {limit / seconds:.2f} | {error:.1e} |", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default=",".join(CASES), help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="measurements (default: %(default)s)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release",
                        help="build folder (default: %(default)s)")
    arguments = parser.parse_args()
    program, python = build(arguments.build, "bench_kernels"), peer_python()
    print("| kernel matrix, 2 cores | ntkflow, s | neural-tangents, s | ratio | goal | limit, s "
          "| limit / ntkflow | difference |\n" + "| --- " * 8 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.cases.split(","):
            found = measure(name, CASES[name], program, python, arguments.rounds, Path(folder))
    print("\nrates of both cores: " + ", ".join(f"{name} {value:.3g}" for name, value in
                                               found.items()
                                               if name not in ("seconds", "coefficients"))
          + " a second")


if __name__ == "__main__":
    main()
