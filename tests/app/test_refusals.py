"""Bad input: one line that says what, where and what to do, the documented exit code, nothing made.

usage: test_refusals.py NTKFLOW
"""

import gzip
import shutil
import unittest

from program import CIRCLE, DIGITS, SOURCE, ProgramTest, mpirun

BAD_DATA, MISSING, USAGE, NO_MEMORY = 65, 66, 64, 71


class RefusalTest(ProgramTest):
    def refuse(self, exit_code, words, *arguments, job=CIRCLE, command="run"):
        """On 1 and 3 ranks: that code, one line with those words, no new file in the folder."""
        self.write_job(job)
        before = self.listing()
        for ranks in (1, 3):
            done = self.run_program(mpirun(ranks, command, "job.ini", *arguments))
            self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
            lines = [line for line in done.stderr.splitlines() if line.startswith("ntkflow: ")]
            self.assertEqual(len(lines), 1, done.stderr)
            for word in words:
                self.assertIn(word, lines[0])
            self.assertEqual(self.listing(), before)

    def listing(self):
        return {path: path.read_bytes() if path.is_file() else None
                for path in sorted(self.folder.rglob("*"))}


class Refusals(RefusalTest):
    def test_wrong_option_and_command(self):
        self.refuse(USAGE, ["--sett", "--set"], "--sett", "x=1")
        self.refuse(USAGE, ["rin", "did you mean 'run'"], command="rin")

    def test_wrong_key(self):
        self.refuse(BAD_DATA, ["job.ini:", "did you mean"],
                    job=CIRCLE.replace("samples =", "sample ="))
        self.refuse(BAD_DATA, ["--set", "did you mean"], "--set", "training.sample=3")

    def test_wrong_value(self):
        for value in ("0", "-1", "nan", "many", "1.5", "99999999999999999999"):
            line = 1 + CIRCLE.splitlines().index("samples = 40")
            self.refuse(BAD_DATA, [f"job.ini:{line}:", "training.samples", value, ">= 1"],
                        job=CIRCLE.replace("samples = 40", f"samples = {value}"))
        for value in ("-1", "nan", "inf", "0"):
            self.refuse(BAD_DATA, ["flow.tolerance", value], "--set", f"flow.tolerance={value}")
        self.refuse(BAD_DATA, ["sigma[22]"], "--set", "flow.t_end=1/sigma[22]")

    def test_missing_files(self):
        self.refuse(MISSING, ["nowhere", "input.path"], "--set", "input.path=nowhere", job=DIGITS)
        done = self.run_program(mpirun(3, "run", "other.ini"))
        self.assertEqual(done.returncode, MISSING)
        self.assertIn("other.ini", done.stderr)

    def test_damaged_images(self):
        images = "train-images-idx3-ubyte"
        shutil.copytree(SOURCE / "jobs/mnist/data", self.folder / "data")
        whole = (self.folder / f"data/{images}.gz").read_bytes()
        arguments = ("--set", "input.path=data")

        (self.folder / f"data/{images}.gz").write_bytes(whole[: len(whole) // 2])
        self.refuse(BAD_DATA, [images], *arguments, job=DIGITS)
        (self.folder / f"data/{images}.gz").unlink()
        (self.folder / f"data/{images}").write_bytes(gzip.decompress(whole)[:-1])
        self.refuse(BAD_DATA, [images, "needs 3292800 bytes", "found 3292799"], *arguments, job=DIGITS)

    def test_sizes_beyond_the_machine(self):
        for key in ("training.samples=100000000", "reference.points=100000000",
                    "network.layers=fc:2000000000"):
            self.refuse(NO_MEMORY, ["GiB", "use more nodes"], "--set", key)

    def test_kernels_of_the_training_points_beyond_the_machine(self):
        many = ("--set", "training.samples=1000000", "--set", "observe.train_projections=no")
        for keys in (("flow.integrator=exponential",), ("flow.integrator=linearised",),
                     ("flow.integrator=rkc", "observe.fisher=yes")):
            chosen = [word for key in keys for word in ("--set", key)]
            self.refuse(NO_MEMORY, ["1000000 training points"], *many, *chosen)


if __name__ == "__main__":
    unittest.main()
