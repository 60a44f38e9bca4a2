"""One rank fails in any phase: the job ends soon, with a line that says what happened, on which
rank, and what to run next; and that goes through.

usage: test_failing_rank.py INJECTOR NTKFLOW
"""

import sys
import unittest

import faults

NEXT = "run the same command again"
# What the rank does: (exit code of mpirun, words of its line).
ENDS = {"throw": (70, "injected fault"), "abort": (134, "abort"), "segv": (139, "segmentation fault")}


class FailingRank(faults.FaultTest):
    def check(self, action):
        code, words = ENDS[action]
        for point, count in faults.POINTS.items():
            with self.subTest(point):
                done = self.run_with_fault(1, point, count, action, "job.ini", timeout=60)
                self.assertIsNotNone(done, "the fault was not reached")
                said = done.stdout + done.stderr
                self.assertEqual(done.returncode, code, said)
                lines = [line for line in done.stderr.splitlines() if line.startswith("ntkflow: ")]
                self.assertEqual(len(lines), 1, said)
                for word in ("rank 1", words, NEXT):
                    self.assertIn(word, lines[0])
        self.run_job(faults.RANKS, "job.ini")
        self.assert_same("straight.h5", "run.h5")

    def setUp(self):
        super().setUp()
        self.write_job(faults.JOB)
        self.run_job(faults.RANKS, "job.ini", "--output", "straight.h5")

    def test_throwing(self):
        self.check("throw")

    def test_aborting(self):
        self.check("abort")

    def test_segfaulting(self):
        self.check("segv")


if __name__ == "__main__":
    faults.INJECTOR = sys.argv.pop(1)
    unittest.main()
