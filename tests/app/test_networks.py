"""Convolutional, pooled and residual networks in whole jobs, on any number of ranks.

usage: test_networks.py NTKFLOW
"""

import unittest
from pathlib import Path

import h5py
import numpy as np
from program import DIGITS, SOURCE, ProgramTest, mpirun

LENET = ("conv:4:5x5, {pool}:2x2, conv:6:5x5, {pool}:2x2, flatten, fc:20, fc:16")


def digits(layers, readout, start="antisymmetric"):
    return (DIGITS.replace("layers = fc:64, fc:64", f"layers = {layers}\nreadout = {readout}\n"
                           f"start = {start}")
            .replace("points = 150", "points = 24").replace("samples = 60", "samples = 16")
            .replace("eigenpairs = 20", "eigenpairs = 8").replace("snapshots = 8", "snapshots = 3")
            .replace("t_end = 300", "t_end = 20"))


class Networks(ProgramTest):
    def run_on(self, ranks, command, job, *arguments):
        output = f"{Path(job).stem}{ranks}.h5"
        done = self.run_program(mpirun(ranks, command, job, "--output", output, *arguments))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return h5py.File(self.folder / output, "r")

    def test_lenet_learns_and_any_number_of_ranks_does_the_same(self):
        job = self.write_job(digits(LENET.format(pool="avgpool"), "dense"))

        one, three = (self.run_on(ranks, "run", job) for ranks in (1, 3))

        norms = one["/snapshot/train_norm"][()]
        self.assertTrue(np.all(np.diff(norms) < 0), norms)
        np.testing.assert_allclose(three["/trajectory/train_residual"],
                                   one["/trajectory/train_residual"], rtol=0, atol=1e-9 * norms[0])

    def test_lenet_with_maximum_pools_has_an_empirical_kernel(self):
        job = self.write_job(digits(LENET.format(pool="maxpool"), "dense"))
        only_empirical = ("--set", "kernel.ntk=no", "--set", "kernel.empirical=yes")

        one, three = (self.run_on(ranks, "kernel", job, *only_empirical)["/kernel/empirical"][()]
                      for ranks in (1, 3))

        self.assertGreater(np.linalg.eigvalsh(one).min(), 0)
        np.testing.assert_allclose(three, one, rtol=0, atol=1e-12 * one.max())

    def test_kernels_of_the_convergence_jobs_are_near_their_limits(self):
        for job, error in (("fc", 0.2), ("conv", 0.3), ("residual", 0.3)):
            archive = self.run_on(2, "kernel", SOURCE / f"jobs/kernel-convergence/{job}.ini",
                                  "--set", "network.width=256")
            limit = archive["/kernel/ntk"][()]
            distance = np.linalg.norm(archive["/kernel/empirical"][()] - limit)
            self.assertLess(distance, error * np.linalg.norm(limit), job)


if __name__ == "__main__":
    unittest.main()
