"""A killed run, started again by the same command, ends with the trajectory of one never stopped.

usage: test_resume.py NTKFLOW
"""

import signal
import subprocess
import unittest

import h5py
import numpy as np
from program import CIRCLE, INTEGRATORS, ProgramTest, kill, mpirun, with_integrator

# Slow enough to be killed in the middle, with a checkpoint every few steps.
JOB = CIRCLE.replace("fc:48", "fc:400").replace("fc:32", "fc:400").replace("t_end = 40",
    "t_end = 400").replace("snapshots = 12", "snapshots = 40") + """
[observe]
deviations = yes
bounds = yes
thresholds = 0.3
[checkpoint]
every = 0.02
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


def datasets(path):
    """Everything but /runs and the checkpoint slots, which tell how often it was started, /config,
    which has the name of the output, and wall times."""
    other = ("runs", "checkpoint", "config", "integrator/seconds")
    found = {}
    with h5py.File(path, "r") as file:
        def keep(name, item):
            if isinstance(item, h5py.Dataset) and not name.startswith(other):
                found[name] = item[()]
        file.visititems(keep)
    return found


def assert_same_archives(test, one, other):
    a, b = datasets(one), datasets(other)
    test.assertEqual(a.keys(), b.keys())
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], name)


class Resume(ProgramTest):
    def setUp(self):
        super().setUp()
        self.job = self.write_job(JOB)

    def assert_same(self, one, other):
        assert_same_archives(self, self.folder / one, self.folder / other)

    def start(self, output, ranks):
        return subprocess.Popen(mpirun(ranks, "run", self.job, "--output", output), cwd=self.folder,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                start_new_session=True)

    def kill_after(self, output, snapshots, ranks):
        """SIGKILL to mpirun and every rank as soon as so many snapshots are committed."""
        run = self.start(output, ranks)
        self.wait_for_snapshots(run, snapshots, self.folder / output)
        kill(run)

    def check(self, ranks):
        self.run_job(ranks, self.job, "--output", "straight.h5")
        for snapshots in (1, 15, 30):
            self.kill_after("killed.h5", snapshots, ranks)
        resumed = self.run_job(ranks, self.job, "--output", "killed.h5")
        self.assertIn("resumed at t", resumed.stdout)
        self.assert_same("straight.h5", "killed.h5")

    def test_one_rank(self):
        self.check(1)

    def test_three_ranks(self):
        self.check(3)

    def test_every_integrator(self):
        for name in INTEGRATORS:
            with self.subTest(name):
                text = with_integrator(JOB, name)
                if name == "gradient_descent":  # deviations are the flow's
                    text = text.replace("deviations = yes\n", "")
                self.job = self.write_job(text, f"{name}.ini")
                self.run_job(2, self.job, "--output", f"{name}_straight.h5")
                self.kill_after(f"{name}.h5", 12, 2)
                self.run_job(2, self.job, "--output", f"{name}.h5")
                self.assert_same(f"{name}_straight.h5", f"{name}.h5")

    def test_a_signal_commits_and_stops(self):
        self.run_job(2, self.job, "--output", "straight.h5")
        run = self.start("stopped.h5", 2)
        self.wait_for_snapshots(run, 10, self.folder / "stopped.h5")
        run.send_signal(signal.SIGUSR1)
        self.assertEqual(run.wait(60), 75)
        self.assertIn("STATUS stopped", (self.folder / "stopped.h5.status").read_text())

        self.run_job(2, self.job, "--output", "stopped.h5")
        self.assert_same("straight.h5", "stopped.h5")

    def test_a_walltime_limit_commits_and_stops(self):
        self.run_job(2, self.job, "--output", "limited.h5", "--max-walltime", "0.5", expect=75)
        done = self.run_job(2, self.job, "--output", "limited.h5")
        self.assertIn("STATUS completed", done.stdout)

    def test_a_damaged_stage_is_computed_again(self):
        self.run_job(2, self.job, "--output", "straight.h5")
        self.run_job(2, self.job, "--output", "flipped.h5", "--max-walltime", "0.5", expect=75)
        with h5py.File(self.folder / "flipped.h5", "r+") as archive:
            archive["/spectrum/analytic/eigenfunction"][10, 3] += 1.0

        done = self.run_job(2, self.job, "--output", "flipped.h5")
        self.assertIn("stage analytic_spectrum no longer has its checksum", done.stdout)
        self.assert_same("straight.h5", "flipped.h5")

    def test_other_data_is_another_job(self):
        x = np.random.default_rng(1).normal(size=(30, 3))
        job = self.write_job(POINTS, "points.ini")
        for shift, expect in ((0.0, 0), (0.1, 76)):
            with h5py.File(self.folder / "points.h5", "w") as points:
                points["x"], points["y"] = x + shift, x[:, 0]
            self.run_job(2, job, expect=expect)

    def test_a_finished_run_is_left_alone(self):
        self.run_job(2, self.job)
        before = (self.folder / "run.h5").read_bytes()
        again = self.run_job(2, self.job)
        self.assertIn("complete already", again.stdout)
        self.assertEqual(before, (self.folder / "run.h5").read_bytes())


if __name__ == "__main__":
    unittest.main()
