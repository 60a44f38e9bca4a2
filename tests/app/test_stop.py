"""SIGUSR1, SIGTERM and the wall-time limit at any moment: everything is committed, exit 75, all
ranks agree on the step; the same command goes on and ends as if nothing had been.

usage: test_stop.py NTKFLOW
"""

import os
import random
import signal
import subprocess
import time
import unittest

import program

STOPPED = 75
TIMES = 20 if os.environ.get("NTKFLOW_FULL") else 4

SLOW = program.CIRCLE.replace("rkc\ntolerance = 1e-5", "gradient_descent\nstep = 0.0005").replace(
    "snapshots = 12", "snapshots = 60")


class Stop(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write_job(SLOW)
        begin = time.monotonic()
        self.run_job(2, "job.ini", "--output", "straight.h5")
        self.duration = time.monotonic() - begin

    def stop_with(self, number, delay, *options):
        """Runs until the program has begun, sends the signal later; the exit code and the text."""
        command = program.mpirun(2, "run", "job.ini")
        run = subprocess.Popen([command[0], *options, *command[1:]], cwd=self.folder, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        first = run.stdout.readline()
        time.sleep(delay)
        run.send_signal(number)
        said, _ = run.communicate(timeout=120)
        return run.returncode, first + said

    def check(self, number, codes, *options):
        coin, stops = random.Random(number), 0
        for _ in range(TIMES):
            code, said = self.stop_with(number, coin.random() * self.duration / 2, *options)
            status = (self.folder / "run.h5.status").read_text()
            if "STATUS completed" in status:  # mpirun's code may be its own
                (self.folder / "run.h5").unlink()
                continue
            self.assertIn(code, codes, said)
            self.assertIn("STATUS stopped", status, said)
            self.assertIn("run the same command again to go on", status, said)
            stops += 1
        self.assertGreater(stops, 0, "every run was through before it was told to stop")
        self.run_job(2, "job.ini")
        self.assert_same("straight.h5", "run.h5")

    def test_sigusr1(self):
        self.check(signal.SIGUSR1, [STOPPED])

    def test_sigterm_to_a_patient_mpirun(self):
        # mpirun waits that many seconds, passes SIGTERM on, waits as long again and kills what is left.
        self.check(signal.SIGTERM, [1, STOPPED, 143], "--mca", "odls_base_sigkill_timeout", "2")

    def test_wall_time_limit(self):
        codes = []
        for share in (0.3, 0.6):
            done = self.run_program(program.mpirun(2, "run", "job.ini", "--max-walltime",
                                                   f"{share * self.duration / 2:.3f}"))
            self.assertIn(done.returncode, (0, STOPPED), done.stderr)
            codes.append(done.returncode)
        self.assertIn(STOPPED, codes)
        self.run_job(2, "job.ini")
        self.assert_same("straight.h5", "run.h5")


if __name__ == "__main__":
    unittest.main()
