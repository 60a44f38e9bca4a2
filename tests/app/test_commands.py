"""The commands beside run: what they print, what they write.

usage: test_commands.py NTKFLOW
"""

import unittest

import h5py
import numpy as np
from program import CIRCLE, NTKFLOW, ProgramTest, mpirun


class Commands(ProgramTest):
    def serial(self, *arguments, expect=0):
        done = self.run_program([NTKFLOW, *arguments])
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout

    def test_help_and_version_need_no_mpirun(self):
        self.assertIn("ntkflow run JOB.ini", self.serial("--help"))
        self.assertEqual(self.serial("help"), self.serial())
        self.assertTrue(self.serial("--version").startswith("ntkflow 0."))

    def test_keys_lists_the_table(self):
        everything = self.serial("keys")
        flow = self.serial("keys", "flow")
        self.assertIn("tolerance", flow)
        self.assertIn(flow.splitlines()[-1], everything)
        self.serial("keys", "flaw", expect=65)

    def test_validate_prints_a_job_that_is_the_same_job(self):
        self.write_job(CIRCLE)
        effective = self.serial("validate", "job.ini", "--set", "network.activation=relu")
        self.assertIn("Assumptions of Theorem 1", effective)
        self.write_job(effective, "effective.ini")
        self.assertEqual(effective, self.serial("validate", "effective.ini"))

    def test_kernel_writes_symmetric_matrices(self):
        self.write_job(CIRCLE)
        done = self.run_program(mpirun(3, "kernel", "job.ini", "--set", "kernel.nngp=yes",
                                       "--set", "kernel.empirical=yes"))
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(self.folder / "run.h5") as archive:
            for name in ("ntk", "nngp", "empirical"):
                matrix = archive[f"/kernel/{name}"][()]
                self.assertEqual(matrix.shape, (40, 40))
                np.testing.assert_allclose(matrix, matrix.T, rtol=1e-12, atol=1e-14)
                self.assertGreater(np.linalg.eigvalsh(matrix)[0], -1e-12)
            np.testing.assert_array_equal(archive["/kernel/value"], np.zeros(40))

    def test_spectrum_agrees_with_the_gram_matrix(self):
        self.write_job(CIRCLE)
        self.run_program(mpirun(3, "spectrum", "job.ini", "--output", "spectrum.h5"))
        self.run_program(mpirun(2, "kernel", "job.ini", "--output", "kernel.h5"))
        with h5py.File(self.folder / "spectrum.h5") as spectrum, \
                h5py.File(self.folder / "kernel.h5") as kernel:
            count = spectrum["/spectrum/train/count"][0]
            values = np.linalg.eigvalsh(kernel["/kernel/ntk"][()] / 40)[::-1]
            np.testing.assert_allclose(spectrum["/spectrum/train/eigenvalue"], values, atol=1e-13)
            vectors = spectrum["/spectrum/train/eigenvector"][:, :count]
            np.testing.assert_allclose(vectors.T @ vectors, np.eye(count), atol=1e-12)

    def test_inspect_tells_what_is_committed(self):
        self.write_job(CIRCLE)
        self.run_job(2, "job.ini")
        report = self.serial("inspect", "run.h5")
        self.assertIn("run.h5: complete", report)
        self.assertIn("13 of 13 committed", report)
        with h5py.File(self.folder / "run.h5", "r+") as archive:
            archive["/trajectory/projection"][3, 0] += 1e-12
        self.assertIn("snapshot 3", self.run_program([NTKFLOW, "inspect", "run.h5"]).stderr)
        self.serial("inspect", "run.h5", expect=74)
        self.serial("inspect", "job.ini", expect=73)
        self.serial("inspect", "nothing.h5", expect=66)


if __name__ == "__main__":
    unittest.main()
