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

    def test_verify_says_of_every_unit_whether_it_holds(self):
        self.write_job(CIRCLE)
        self.run_job(2, "job.ini")
        report = self.serial("inspect", "--verify", "run.h5")
        self.assertIn("snapshot 12", report)
        self.assertRegex(report, r"run.h5: \d+ of \d+ units committed, all of them good; complete")
        for dataset, row, unit in (("/_commit", (4, 2), "snapshot 4"),
                                   ("/spectrum/analytic/eigenvalue", 3, "stage analytic_spectrum")):
            with h5py.File(self.folder / "run.h5", "r+") as archive:
                before = archive[dataset][row]
                archive[dataset][row] = before + 1
            done = self.run_program([NTKFLOW, "inspect", "--verify", "run.h5"])
            self.assertEqual(done.returncode, 74, done.stderr)
            self.assertIn(f"{unit} is damaged", done.stderr)
            with h5py.File(self.folder / "run.h5", "r+") as archive:
                archive[dataset][row] = before
        self.serial("inspect", "--verify", "run.h5")

    def test_verify_of_an_unfinished_run(self):
        self.write_job(CIRCLE)
        self.run_job(2, "job.ini", "--max-walltime", "0.001", expect=75)
        self.assertIn("unfinished: its job's command goes on",
                      self.serial("inspect", "--verify", "run.h5"))
        self.serial("pack", "run.h5", "packed.h5", expect=76)
        self.assertFalse((self.folder / "packed.h5").exists())

    def test_pack_keeps_values_attributes_and_scales(self):
        self.write_job(CIRCLE.replace("points = 96", "points = 600"))
        self.run_job(2, "job.ini")
        self.serial("pack", "run.h5", "packed.h5")
        self.assertLess((self.folder / "packed.h5").stat().st_size,
                        (self.folder / "run.h5").stat().st_size)
        self.assertIn("all of them good; complete", self.serial("inspect", "--verify", "packed.h5"))
        with h5py.File(self.folder / "run.h5") as one, h5py.File(self.folder / "packed.h5") as other:
            self.assertEqual(dict(one.attrs), dict(other.attrs))
            one.visititems(lambda name, item: self.assert_same_object(item, other[name]))
            np.testing.assert_array_equal(other["time"], one["time"])
        again = self.run_job(2, "job.ini", "--output", "packed.h5")
        self.assertIn("complete already", again.stdout)

    def assert_same_object(self, one, other):
        if not isinstance(one, h5py.Dataset):
            return
        self.assertEqual((one.dtype, one.shape), (other.dtype, other.shape), one.name)
        np.testing.assert_array_equal(one[()], other[()], one.name)
        for name in ("units", "long_name", "commit_marker"):
            self.assertEqual(one.attrs.get(name), other.attrs.get(name), one.name)
        for mine, copy in zip(one.dims, other.dims):
            self.assertEqual(mine.label, copy.label, one.name)
            self.assertEqual([scale.name for scale in mine.values()],
                             [scale.name for scale in copy.values()], one.name)

    def test_pack_overwrites_nothing(self):
        self.write_job(CIRCLE)
        self.run_job(2, "job.ini")
        (self.folder / "packed.h5").write_text("mine")
        self.serial("pack", "run.h5", "packed.h5", expect=73)
        self.serial("pack", "run.h5", "run.h5", expect=73)
        self.serial("pack", "run.h5", "nowhere/packed.h5", expect=73)
        self.serial("pack", "job.ini", "other.h5", expect=73)
        self.serial("pack", "nothing.h5", "other.h5", expect=66)
        self.assertEqual((self.folder / "packed.h5").read_text(), "mine")
        with h5py.File(self.folder / "run.h5", "r+") as archive:
            archive["/trajectory/projection"][3, 0] += 1e-12
        self.serial("pack", "run.h5", "other.h5", expect=74)
        self.assertFalse((self.folder / "other.h5").exists())


if __name__ == "__main__":
    unittest.main()
