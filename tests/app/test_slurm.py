"""A batch job under a real Slurm is warned, commits, is requeued, and ends with the archive of a run
that nobody stopped.

The warning is sent by hand as soon as some snapshots are committed; with NTKFLOW_FULL in the
environment Slurm itself sends it, half a minute before the time limit of a longer job.

usage: test_slurm.py NTKFLOW
"""

import os
import tempfile
import unittest
from pathlib import Path

import program
import slurm

SHORT = program.CIRCLE.replace("fc:48", "fc:200").replace("fc:32", "fc:100").replace(
    "t_end = 40", "t_end = 400").replace("snapshots = 12", "snapshots = 40")
# Longer than the minute that the script asks for.
LONG = SHORT.replace("rkc\ntolerance = 1e-5", "gradient_descent\nstep = 0.001")

SCRIPT = f"""#!/bin/bash
#SBATCH --ntasks=2 --time=1 --signal=B:USR1@30 --requeue --open-mode=append --output=out.txt
export NTKFLOW={program.NTKFLOW}
exec {program.SOURCE}/tools/run_in_slurm run job.ini
"""


class Requeue(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write_job(SCRIPT, "job.sbatch")

    def run_under_slurm(self, warn, seconds):
        with tempfile.TemporaryDirectory() as folder, slurm.Slurm(Path(folder)) as cluster:
            number = cluster.submit("job.sbatch", self.folder)
            warn(cluster, number)
            cluster.wait_for(lambda: cluster.job(number)["JobState"] in ("COMPLETED", "FAILED"),
                             "end of the job", seconds)
            job = cluster.job(number)
        said = (self.folder / "out.txt").read_text()
        self.assertEqual(job["JobState"], "COMPLETED", said)
        self.assertGreaterEqual(int(job["Restarts"]), 1, said)
        for sentence in ("STATUS stopped", "resumed at t", "STATUS completed"):
            self.assertIn(sentence, said)
        self.assert_same("straight.h5", "run.h5")

    def test_a_warned_job_is_requeued_and_finishes(self):
        def warn(cluster, number):
            cluster.wait_for(lambda: program.committed(self.folder / "run.h5") > 3, "snapshot", 60)
            cluster.call("scancel", "--batch", "--signal=USR1", number)

        self.write_job(SHORT)
        self.run_job(2, "job.ini", "--output", "straight.h5")
        self.run_under_slurm(warn, 120)

    @unittest.skipUnless(os.environ.get("NTKFLOW_FULL"), "takes minutes: tools/test --all")
    def test_slurm_warns_before_the_limit(self):
        self.write_job(LONG)
        self.run_job(2, "job.ini", "--output", "straight.h5", timeout=1200)
        self.run_under_slurm(lambda *_: None, 1800)


if __name__ == "__main__":
    program.skip_all(slurm.missing())
    unittest.main()
