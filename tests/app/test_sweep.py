"""Sweeps: each member is the run that it would be alone, whatever the groups; one table of them all.

usage: test_sweep.py NTKFLOW
"""

import csv
import subprocess
import unittest

import h5py
import numpy as np
from program import CIRCLE, NTKFLOW, ProgramTest, kill, mpirun

from ntkflow_archive import Sweep

BASE = CIRCLE.replace("layers = fc:48:sigma_b=0.5:bias=random, fc:32", "layers = fc:W").replace(
    "output = run.h5", "output = sweep.h5").replace("seed = 3\n", "").replace(
    "snapshots = 12", "snapshots = 5").replace("points = 96", "points = 48")
JOB = BASE + """
[sweep]
network.width & training.samples = 20 & 16, 24
seed = 1..2
groups = 2
"""
MEMBERS = ["network.width=20,training.samples=16,seed=1", "network.width=20,training.samples=16,seed=2",
           "network.width=24,training.samples=24,seed=1", "network.width=24,training.samples=24,seed=2"]


class Sweeps(ProgramTest):
    def sweep(self, ranks, *arguments, job=JOB, expect=0):
        return self.run_job(ranks, self.write_job(job), *arguments, expect=expect)

    def table(self, name="members.csv", folder="sweep"):
        with open(self.folder / folder / name, newline="") as file:
            return list(csv.DictReader(file))

    def test_members_are_the_runs_that_they_would_be_alone(self):
        self.sweep(2)  # a rank each
        self.sweep(1, "--output", "alone", "--set", "sweep.groups=1")
        self.sweep(3, "--output", "three")  # one rank and two
        self.write_job(BASE, "single.ini")
        for member in MEMBERS:
            self.assert_same(f"sweep/{member}/run.h5", f"alone/{member}/run.h5")
            norms = [h5py.File(self.folder / folder / member / "run.h5")["/snapshot/train_norm"][()]
                     for folder in ("sweep", "three")]
            np.testing.assert_allclose(*norms, rtol=0, atol=1e-9)
        keys = [word for key in MEMBERS[3].split(",") for word in ("--set", key)]
        self.run_job(1, "single.ini", "--output", "single.h5", *keys)
        self.assert_same(f"sweep/{MEMBERS[3]}/run.h5", "single.h5")

    def test_the_table_has_a_row_a_member_and_quantiles_over_seeds(self):
        self.sweep(2)
        rows, summary = self.table(), self.table("summary.csv")
        self.assertEqual([row["member"] for row in rows], MEMBERS)
        self.assertEqual({row["status"] for row in rows}, {"completed"})
        losses = []
        for row in rows:
            with h5py.File(self.folder / "sweep" / row["path"]) as archive:
                loss = archive["/snapshot/loss"][()]
            self.assertEqual(float(row["loss_final"]), loss[-1])
            self.assertEqual(float(row["loss_max"]), loss.max())
            losses.append(loss[-1])
        self.assertEqual([row["members"] for row in summary], ["2", "2"])
        self.assertEqual(float(summary[1]["loss_final_median"]), np.median(losses[2:]))
        self.assertAlmostEqual(float(summary[1]["loss_final_p90"]), np.quantile(losses[2:], 0.9))

        sweep = Sweep(self.folder / "sweep/index.h5")
        np.testing.assert_array_equal(sweep.key("network.width"), [20, 20, 24, 24])
        np.testing.assert_array_equal(sweep.result("loss_final"), losses)
        self.assertEqual(sweep.names, MEMBERS)
        self.assertEqual(sweep.archive(2).read_snapshots("snapshot/loss")[-1], losses[2])
        self.assertEqual(sweep.file[f"/archive/{MEMBERS[1]}/snapshot/loss"][-1], losses[1])
        np.testing.assert_array_equal(sweep.file["/summary/result/loss_final"][:, 1],
                                      [np.median(losses[:2]), np.median(losses[2:])])

    def test_a_killed_sweep_goes_on_with_other_groups(self):
        slow = JOB.replace("t_end = 40", "t_end = 4000").replace("= 20 & 16, 24", "= 600 & 40, 24")
        slow += "[checkpoint]\nevery = 0.02\n"
        members = [name.replace("width=20", "width=600").replace("samples=16", "samples=40")
                   for name in MEMBERS]
        run = subprocess.Popen(mpirun(2, "run", self.write_job(slow)), cwd=self.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
        first = [self.folder / "sweep" / member / "run.h5" for member in members[:2]]
        self.wait_for_snapshots(run, 2, *first)
        kill(run)

        done = self.sweep(1, "--set", "sweep.groups=1", job=slow)
        self.assertIn("resumed at t", done.stdout)
        self.assertEqual({row["status"] for row in self.table()}, {"completed"})
        before = first[0].read_bytes()
        self.sweep(2, job=slow)
        self.assertEqual(before, first[0].read_bytes())

    def test_a_walltime_limit_stops_all_groups(self):
        slow = JOB.replace("rkc\ntolerance = 1e-5", "gradient_descent\nstep = 1e-5")
        self.sweep(2, "--max-walltime", "2", job=slow, expect=75)
        statuses = [row["status"] for row in self.table()]
        self.assertIn("stopped", statuses)
        self.assertNotIn("completed", statuses)

    def test_a_failing_member_does_not_stop_the_others(self):
        job = BASE.replace("integrator = rkc\ntolerance = 1e-5", "integrator = gradient_descent")
        job = job.replace("t_end = 40", "t_end = 400")
        done = self.sweep(2, job=job + "[sweep]\nflow.step = 0.5, 60, 0.25\ngroups = 2\n", expect=78)
        self.assertIn("1 of 3 members failed", done.stderr)
        self.assertEqual([row["status"] for row in self.table()], ["completed", "failed", "completed"])
        self.assertEqual(self.table()[1]["exit_code"], "78")
        self.assertIn("diverged", self.table()[1]["message"])

    def test_a_bad_member_is_refused_before_anything_is_made(self):
        for line, words in (("network.width = 8, 0", "network.width = 0"),
                            ("flow.t_end = 1/sigma[3], 1/sigma[22]", "sigma[22]"),
                            ("network.weights = none.h5:/x, other.h5:/x", "none.h5")):
            done = self.run_program(mpirun(2, "run", self.write_job(f"{BASE}[sweep]\n{line}\n")))
            self.assertIn(done.returncode, (65, 66))
            self.assertIn(words, done.stderr)
            self.assertFalse((self.folder / "sweep").exists())
        self.write_job(JOB)
        (self.folder / "sweep").mkdir()
        (self.folder / "sweep" / MEMBERS[2]).mkdir()
        (self.folder / "sweep" / MEMBERS[2] / "run.h5").write_text("mine")
        self.run_job(2, "job.ini", expect=73)
        self.assertFalse((self.folder / "sweep/index.h5").exists())

    def test_validate_lists_the_members(self):
        self.write_job(JOB)
        done = self.run_program([NTKFLOW, "validate", "job.ini"])
        self.assertEqual(done.returncode, 0, done.stderr)
        for member in MEMBERS:
            self.assertIn(f"# - {member}: ", done.stdout)
        self.write_job(done.stdout, "effective.ini")
        again = self.run_program([NTKFLOW, "validate", "effective.ini"])
        self.assertEqual(again.stdout, done.stdout)


if __name__ == "__main__":
    unittest.main()
