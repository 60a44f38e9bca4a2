"""A killed run, started again by the same command, ends with the trajectory of one never stopped.

usage: test_resume.py INJECTOR NTKFLOW
"""

import sys
import unittest

import faults
import h5py
import numpy as np
import program

# With observables that remember.
JOB = faults.JOB + """
[observe]
deviations = yes
bounds = yes
thresholds = 0.3
"""

POINTS = """output = points_run.h5
[input]
space = points
train_points = points.h5:/x
[target]
kind = file
train_values = points.h5:/y
[reference]
eigenpairs = 5
[network]
layers = fc:20
"""


class Resume(faults.FaultTest):
    def kill(self, output, writes, ranks=faults.RANKS):
        """SIGKILL to every rank, at so many writes of the trajectory."""
        done = self.run_with_fault("*", "snapshot", writes, "kill", self.job, "--output", output,
                                   ranks=ranks)
        self.assertIsNotNone(done, "through before it was killed")

    def resume(self, output, ranks=faults.RANKS):
        resumed = self.run_job(ranks, self.job, "--output", output)
        self.assertIn("resumed at t", resumed.stdout)
        return resumed

    def check(self, text, kills, ranks=faults.RANKS):
        self.job = self.write_job(text)
        self.run_job(ranks, self.job, "--output", "straight.h5", "--fresh")
        for writes in kills:
            self.kill("killed.h5", writes, ranks)
        self.resume("killed.h5", ranks)
        self.assert_same("straight.h5", "killed.h5")

    def test_one_rank(self):
        self.check(JOB, (15, 30, 45), ranks=1)

    def test_three_ranks(self):
        self.check(JOB, (15, 30, 45), ranks=3)

    def test_every_integrator(self):
        for name, lines in program.INTEGRATORS.items():
            with self.subTest(name):
                text = JOB.replace(program.INTEGRATORS["rkc"], lines)
                if name == "gradient_descent":  # deviations are the flow's
                    text = text.replace("deviations = yes\n", "")
                self.check(text, (50,))
                (self.folder / "killed.h5").unlink()

    def test_a_damaged_stage_is_computed_again(self):
        self.job = self.write_job(JOB)
        self.run_job(faults.RANKS, self.job, "--output", "straight.h5")
        self.kill("flipped.h5", 50)
        with h5py.File(self.folder / "flipped.h5", "r+") as archive:
            archive["/spectrum/analytic/eigenfunction"][10, 3] += 1.0

        done = self.resume("flipped.h5")
        self.assertIn("stage analytic_spectrum no longer has its checksum", done.stdout)
        self.assert_same("straight.h5", "flipped.h5")

    def test_other_data_is_another_job(self):
        x = np.random.default_rng(1).normal(size=(30, 3))
        job = self.write_job(POINTS)
        for shift, expect in ((0.0, 0), (0.1, 76)):
            with h5py.File(self.folder / "points.h5", "w") as points:
                points["x"], points["y"] = x + shift, x[:, 0]
            self.run_job(2, job, expect=expect)

    def test_a_finished_run_is_left_alone(self):
        job = self.write_job(faults.JOB)
        self.run_job(2, job)
        before = (self.folder / "run.h5").read_bytes()
        again = self.run_job(2, job)
        self.assertIn("complete already", again.stdout)
        self.assertEqual(before, (self.folder / "run.h5").read_bytes())


if __name__ == "__main__":
    faults.INJECTOR = sys.argv.pop(1)
    unittest.main()
