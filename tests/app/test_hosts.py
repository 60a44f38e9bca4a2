"""The program on several hosts: the same result as on one; a link that goes down ends the run, and
the same command goes on from what was committed.

usage: test_hosts.py NTKFLOW
"""

import subprocess
import tempfile
import unittest

import h5py
import hosts
import numpy as np
import program

from ntkflow_archive import eigenspace_norms

LONGER = program.CIRCLE.replace("fc:48", "fc:200").replace("fc:32", "fc:100").replace(
    "t_end = 40", "t_end = 400").replace("snapshots = 12", "snapshots = 40").replace("1e-5", "1e-4") + (
    "\n[checkpoint]\nevery = 0.02\n")


class SeveralHosts(program.ProgramTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.agent_folder = folder.name

    def command(self, network, output):
        return network.mpirun(len(network.names), program.NTKFLOW, "run", "job.ini", "--output",
                              output)

    def assert_equal_to(self, tolerance, one, other):
        with h5py.File(self.folder / one) as a, h5py.File(self.folder / other) as b:
            spaces = a["spectrum/analytic/eigenspace"][()]
            norm = np.abs(a["snapshot/reference_norm"][0])
            for name in ("trajectory/train_residual", "trajectory/reference_residual"):
                np.testing.assert_allclose(a[name], b[name], rtol=0, atol=tolerance * norm)
            np.testing.assert_allclose(eigenspace_norms(a["trajectory/projection"][()], spaces),
                                       eigenspace_norms(b["trajectory/projection"][()], spaces),
                                       rtol=0, atol=tolerance * norm)

    def test_two_and_three_hosts_agree_with_one(self):
        self.write_job(program.CIRCLE)
        self.run_job(2, "job.ini", "--output", "one.h5")
        for count in (2, 3):
            with hosts.Hosts(self.agent_folder, count) as network:
                done = self.run_program(self.command(network, f"hosts{count}.h5"))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assert_equal_to(1e-9, "one.h5", f"hosts{count}.h5")
            with h5py.File(self.folder / f"hosts{count}.h5") as archive:
                for name in network.names:
                    self.assertIn(name.encode(), archive["runs/hosts"][0])

    def test_a_lost_link_ends_the_run_and_the_same_command_resumes(self):
        self.write_job(LONGER)
        self.run_job(2, "job.ini", "--output", "straight.h5")
        with hosts.Hosts(self.agent_folder, 2) as network:
            run = subprocess.Popen(self.command(network, "cut.h5"), cwd=self.folder, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
            self.wait_for_snapshots(run, 10, self.folder / "cut.h5")
            network.cut(network.names[1])
            said, _ = run.communicate(timeout=120)
            self.assertNotEqual(run.returncode, 0, said)
            self.assertRegex(said, "lost communication")
            self.assertIn(network.names[1], said)
            # The ranks are killed without a word; what to do is in the status file from the start.
            self.assertIn("run the same command again", (self.folder / "cut.h5.status").read_text())

        self.assertGreaterEqual(program.committed(self.folder / "cut.h5"), 10)
        with hosts.Hosts(self.agent_folder, 2) as network:
            done = self.run_program(self.command(network, "cut.h5"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_equal_to(1e-9, "straight.h5", "cut.h5")


if __name__ == "__main__":
    program.skip_all(hosts.missing())
    unittest.main()
