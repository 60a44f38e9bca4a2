"""Going on: from a finished run to a later time, over an archive that was there, after a mistake.

usage: test_extend.py NTKFLOW
"""

import unittest

import h5py
import numpy as np
from program import CIRCLE, ProgramTest

LISTED = CIRCLE.replace("t_end = 40\nsnapshots = 12", "times = 0.5, 2, 10, 40")
DESCENT = CIRCLE.replace("integrator = rkc\ntolerance = 1e-5",
                         "integrator = gradient_descent\nstep = 0.5")


class Extend(ProgramTest):
    def times(self, name):
        with h5py.File(self.folder / name) as archive:
            return archive["/snapshot/time"][()]

    def extend(self, job, end, **more):
        return self.run_job(2, job, "--extend", end, "--output", "longer.h5", **more)

    def test_a_longer_list_of_times_gives_the_same_bits(self):
        job = self.write_job(LISTED)
        self.run_job(2, job)
        done = self.extend(job, "100")
        self.assertIn("resumed at t = 40", done.stdout)
        self.assertNotIn("eigenpairs", done.stdout)  # the spectra were copied
        np.testing.assert_array_equal(self.times("longer.h5"), [0, 0.5, 2, 10, 40, 100])

        self.run_job(2, job, "--set", "flow.times=0.5,2,10,40,100", "--output", "straight.h5")
        self.assert_same("longer.h5", "straight.h5")
        self.assertIn("complete already", self.extend(job, "100").stdout)

    def test_a_logarithmic_grid_goes_on_with_its_factor(self):
        job = self.write_job(CIRCLE)
        self.run_job(2, job)
        self.extend(job, "30/sigma[3]")
        known, times = self.times("run.h5"), self.times("longer.h5")
        np.testing.assert_array_equal(times[: len(known)], known)
        factors = times[2:-1] / times[1:-2]
        np.testing.assert_allclose(factors, factors[0], rtol=1e-12)
        listed = ",".join(repr(float(t)) for t in times[1:])
        self.run_job(2, job, "--set", f"flow.times={listed}", "--output", "straight.h5")
        self.assert_same("longer.h5", "straight.h5")

    def test_gradient_descent_goes_on(self):
        job = self.write_job(DESCENT)
        self.run_job(2, job)
        self.extend(job, "60")
        listed = ",".join(repr(float(t)) for t in self.times("longer.h5")[1:])
        self.run_job(2, job, "--set", f"flow.times={listed}", "--output", "straight.h5")
        self.assert_same("longer.h5", "straight.h5")

    def test_a_stopped_extension_goes_on(self):
        slow = LISTED.replace("integrator = rkc\ntolerance = 1e-5",
                              "integrator = gradient_descent\nstep = 0.005")
        job = self.write_job(slow)
        self.run_job(2, job)
        self.run_job(2, job, "--extend", "400", "--output", "longer.h5", "--max-walltime", "0.5",
                     expect=75)
        self.extend(job, "400")
        self.run_job(2, job, "--set", "flow.times=0.5,2,10,40,400", "--output", "straight.h5")
        self.assert_same("longer.h5", "straight.h5")

    def test_what_cannot_be_extended_is_refused(self):
        job = self.write_job(LISTED)
        self.extend(job, "100", expect=66)
        self.run_job(2, job)
        self.extend(job, "40", expect=65)
        self.extend(job, "soon", expect=65)
        self.extend(job, "1/sigma[22]", expect=65)
        self.run_job(2, job, "--extend", "100", expect=64)
        self.run_job(2, job, "--extend", "100", "--output", "longer.h5", "--set", "seed=4", expect=76)
        self.assertFalse((self.folder / "longer.h5").exists())


class Fresh(ProgramTest):
    def test_replaces_an_archive_of_ours_and_nothing_else(self):
        job = self.write_job(CIRCLE)
        self.run_job(2, job)
        self.run_job(2, job, "--set", "seed=4", expect=76)
        self.run_job(2, job, "--set", "seed=4", "--fresh")
        with h5py.File(self.folder / "run.h5") as archive:
            self.assertEqual(archive.attrs["seed"], 4)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["job.ini", "run.h5", "run.h5.status"])

        (self.folder / "mine.h5").write_text("mine")
        self.run_job(2, job, "--fresh", "--output", "mine.h5", expect=73)
        self.assertEqual((self.folder / "mine.h5").read_text(), "mine")


class Mistakes(ProgramTest):
    def test_a_corrected_time_can_go_on(self):
        # The twentieth eigenvalue is half of a pair, which is left out.
        job = self.write_job(LISTED.replace("times = 0.5, 2, 10, 40", "t_end = 1/sigma[20]").replace(
            "eigenpairs = 21", "eigenpairs = 20"))
        done = self.run_job(2, job, expect=65)
        self.assertIn("sigma[20]", done.stderr)
        self.assertIn("removed again", done.stderr)
        self.run_job(2, job, "--set", "flow.t_end=1/sigma[3]")


if __name__ == "__main__":
    unittest.main()
