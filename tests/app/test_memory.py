"""The matrices are spread: with more ranks each needs less memory, in proportion.

usage: test_memory.py NTKFLOW
"""

import unittest

import h5py
from program import CIRCLE, ProgramTest

POINTS = 3600
JOB = CIRCLE.replace("points = 96", f"points = {POINTS}").replace("samples = 40",
    f"samples = {POINTS}").replace("eigenpairs = 21", "eigenpairs = 600")


class Memory(ProgramTest):
    def peak(self, text, ranks, output):
        """Bytes of the rank that needs the most, and how many reference points there are."""
        job = self.write_job(text, output + ".ini")
        done = self.run_program(["mpirun", "-n", str(ranks), *self.program(job, output)])
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(self.folder / output) as archive:
            return int(archive["/runs/peak_memory"][0])

    @staticmethod
    def program(job, output):
        from program import NTKFLOW

        return [NTKFLOW, "spectrum", job, "--output", output]

    def test_no_rank_holds_a_whole_matrix(self):
        matrix = 8 * POINTS**2
        base = {ranks: self.peak(CIRCLE, ranks, f"small{ranks}.h5") for ranks in (1, 6)}
        extra = {ranks: self.peak(JOB, ranks, f"large{ranks}.h5") - base[ranks] for ranks in (1, 6)}

        # One rank holds the matrix and its eigenvectors; of six, none holds even one matrix.
        self.assertGreater(extra[1], 2 * matrix)
        self.assertLess(extra[6], 0.95 * matrix)
        self.assertLess(extra[6], extra[1] / 3)


if __name__ == "__main__":
    unittest.main()
