#!/usr/bin/env python3
"""Prints how closely an archive's network followed exp(-sigma_i t) over the input space: for the
eigenspaces that carry most of r_0, and for the span of the first k eigenfunctions.

usage: follow_law.py ARCHIVE
"""

import suitable_python  # noqa: F401  isort: skip

import sys

import numpy as np

from ntkflow_archive import Archive, ArchiveError, eigenspace_norms

LARGEST = 6  # eigenspaces


def print_eigenspaces(archive, scale):
    sigma, space = archive.eigenpairs("analytic")
    network, law = (eigenspace_norms(archive.read_snapshots(f"trajectory/{name}"), space)
                    for name in ("projection", "ideal_projection"))
    deviation = np.abs(network - law).max(axis=0)
    print("eigenpairs   sigma_i     share of r_0   largest distance from the law, of ||r_0||")
    carrying = np.argsort(-network[0])[:LARGEST]
    for group in sorted(carrying[network[0, carrying] > 1e-3 * scale]):
        members = np.flatnonzero(space == group)
        pairs = "-".join(str(i + 1) for i in sorted({members[0], members[-1]}))
        print(f"{pairs:<12} {sigma[members[0]]:<11.4g} {network[0, group] / scale:<14.3f} "
              f"{deviation[group] / scale:.4f}")


def print_spans(archive, scale):
    deviation = archive.read_snapshots("trajectory/projected_deviation")
    count = len(archive.eigenpairs("analytic")[0])
    print("\nk            max over t of ||P_k (r_t - exp(-T t) r_0)|| / ||r_0||")
    for k in sorted({1, 3, 10, 30, count} & set(range(count + 1))):
        print(f"{k:<12} {deviation[:, k - 1].max() / scale:.4f}")


def main(path):
    archive = Archive(path)
    archive.require_trajectory()
    norms = archive.read_snapshots("snapshot/reference_norm")
    train = archive.read_snapshots("snapshot/train_norm")
    time = archive.read_snapshots("snapshot/time")
    print_eigenspaces(archive, norms[0])
    print_spans(archive, norms[0])
    print(f"\nat t = {time[-1]:.4g}: ||r_t|| / ||r_0|| = {norms[-1] / norms[0]:.3f} on the input space, "
          f"{train[-1] / train[0]:.3f} on the training points, after "
          f"{archive.read_snapshots('integrator/evaluations')[-1]:.0f} evaluations")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except ArchiveError as error:
        print(f"follow_law.py: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
