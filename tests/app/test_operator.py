"""The kernel and the solver of the reference operator: [reference] kernel, solver; ntkflow estimate.

usage: test_operator.py NTKFLOW
"""

import os
import re
import signal
import subprocess
import unittest

import h5py
import numpy as np
from program import CIRCLE, NTKFLOW, ProgramTest, mpirun

POINTS = """output = run.h5
seed = 5
[input]
space = points
train_points = points.h5:/x
[target]
kind = file
train_values = points.h5:/y
[reference]
eigenpairs = 12
[network]
layers = fc:40
activation = relu
[kernel]
empirical = yes
[flow]
t_end = 1
snapshots = 3
"""

BAD_DATA, STOPPED = 65, 75
N = 90

# So many reference points that `auto` leaves the dense solver, beside hardly anything to train.
LARGE = CIRCLE
for old, new in (("points = 96", "points = 5000"), ("samples = 40", "samples = 8"),
                 ("layers = fc:48:sigma_b=0.5:bias=random, fc:32", "layers = fc:8"),
                 ("activation = tanh", "activation = relu")):
    LARGE = LARGE.replace(old, new)


def eigenvalues(path):
    with h5py.File(path) as archive:
        count = archive["/spectrum/analytic/count"][0]
        return archive["/spectrum/analytic/eigenvalue"][:count]


class Operator(ProgramTest):
    def setUp(self):
        super().setUp()
        x = np.random.default_rng(2).normal(size=(N, 3))
        with h5py.File(self.folder / "points.h5", "w") as points:
            points["x"], points["y"] = x, x[:, 0]
        self.write_job(POINTS)

    def spectrum(self, ranks, output, *keys, job="job.ini", expect=0):
        sets = [word for key in keys for word in ("--set", key)]
        done = self.run_program(mpirun(ranks, "spectrum", job, "--output", output, *sets))
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stderr if expect else done.stdout

    def write_kernel(self, matrix):
        with h5py.File(self.folder / "k.h5", "w") as file:
            file["K"] = matrix

    def kernels(self):
        """K_inf and K_0 on the points."""
        self.run_program(mpirun(2, "kernel", "job.ini", "--output", "kernel.h5"))
        with h5py.File(self.folder / "kernel.h5") as archive:
            return archive["/kernel/ntk"][()], archive["/kernel/empirical"][()]

    def test_every_kernel_gives_the_eigenvalues_of_its_matrix(self):
        limit, initial = self.kernels()
        given = limit + np.diag(np.linspace(0, 1, N))
        self.write_kernel(given)
        cases = {"analytic": limit, "initial": initial, "k.h5:/K": given}
        for kernel, matrix in cases.items():
            expected = np.linalg.eigvalsh(matrix / N)[::-1][:12]
            for solver, ranks in (("dense", 1), ("dense", 3), ("krylov", 1), ("krylov", 4)):
                output = f"{kernel[:2]}{solver}{ranks}.h5"
                self.spectrum(ranks, output, f"reference.kernel={kernel}", f"reference.solver={solver}")
                found = eigenvalues(self.folder / output)
                np.testing.assert_allclose(found, expected, atol=1e-13, err_msg=f"{kernel} {solver}")
                with h5py.File(self.folder / output) as archive:
                    on_train = archive["/spectrum/analytic/eigenfunction_train"][:, :12]
                    # The extension to the reference points themselves changes nothing.
                    np.testing.assert_allclose(on_train, archive["/spectrum/analytic/eigenfunction"],
                                               atol=1e-7)

    def test_the_mean_over_draws_tends_to_the_limit(self):
        limit = np.linalg.eigvalsh(self.kernels()[0] / N)[-1]
        errors = []
        for draws in (1, 100):
            self.spectrum(2, f"{draws}.h5", f"reference.kernel=monte_carlo:{draws}")
            errors.append(abs(eigenvalues(self.folder / f"{draws}.h5")[0] / limit - 1))
        self.assertLess(errors[1], 0.03)
        self.assertNotAlmostEqual(*(eigenvalues(self.folder / f"{d}.h5")[0] for d in (1, 100)))

    def test_a_matrix_that_is_no_kernel_is_refused(self):
        good = self.kernels()[0]
        bad = good.copy()
        bad[3, 70] += 1
        for matrix, words in ((good[:-1, :-1], "expected the shape (90, 90)"),
                              (bad, "symmetric"), (-good, "kernel"),
                              (good - 2 * np.trace(good) / N * np.eye(N), "semi-definite"),
                              (np.where(good == good[5, 6], np.nan, good), "finite")):
            self.write_kernel(matrix)
            for ranks in (1, 3):
                done = self.run_program(mpirun(ranks, "spectrum", "job.ini", "--output", "bad.h5",
                                               "--set", "reference.kernel=k.h5:/K"))
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(words, done.stderr)
                (self.folder / "bad.h5").unlink(missing_ok=True)
        self.write_kernel(good)
        with h5py.File(self.folder / "points.h5", "r+") as points:
            points["z"] = points["x"][()][::-1]
        refused = self.spectrum(2, "other.h5", "reference.kernel=k.h5:/K",
                                "input.reference_points=points.h5:/z",
                                "target.reference_values=points.h5:/y", expect=BAD_DATA)
        self.assertIn("the training points must be the reference points", refused)

    def test_auto_says_why_and_both_solvers_agree(self):
        self.write_job(LARGE)
        said = self.spectrum(2, "auto.h5")
        self.assertRegex(said, r"solver krylov: 21 of 5000 pairs, about \d+ times faster")
        self.assertRegex(said, r"pass 3: \d+ pairs converged")
        self.assertIn("solver dense: 96 points take seconds",
                      self.spectrum(2, "small.h5", "reference.points=96"))
        self.spectrum(1, "one.h5", "reference.points=1200", "reference.solver=krylov")
        self.spectrum(3, "three.h5", "reference.points=1200", "reference.solver=krylov")
        self.spectrum(2, "dense.h5", "reference.points=1200", "reference.solver=dense")
        dense = eigenvalues(self.folder / "dense.h5")
        for other in ("one.h5", "three.h5"):
            np.testing.assert_allclose(eigenvalues(self.folder / other), dense, rtol=0,
                                       atol=1e-13 * dense[0])

    def test_a_signal_is_heard_between_passes(self):
        self.write_job(LARGE)
        run = subprocess.Popen(mpirun(2, "spectrum", "job.ini", "--set", "reference.tolerance=1e-14"),
                               cwd=self.folder, stdout=subprocess.PIPE, text=True)
        for line in run.stdout:
            if "pass 1:" in line:
                run.send_signal(signal.SIGUSR1)
                break
        rest = run.stdout.read()
        self.assertEqual(run.wait(120), STOPPED, rest)
        self.assertNotIn("krylov: ", rest)
        run.stdout.close()

    def test_estimate_is_within_a_factor_of_two(self):
        job = CIRCLE.replace("points = 96", "points = 2600").replace("eigenpairs = 21", "eigenpairs = 200")
        self.write_job(job)
        for solver in ("dense", "krylov"):
            keys = ("--set", f"reference.solver={solver}", "--output", f"{solver}.h5")
            done = self.run_program([NTKFLOW, "estimate", "job.ini", "--ranks", "2", *keys])
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertFalse((self.folder / f"{solver}.h5").exists())
            self.run_job(2, "job.ini", *keys)
            with h5py.File(self.folder / f"{solver}.h5") as archive:
                memory = archive["/runs/peak_memory"][0]
            disk = os.path.getsize(self.folder / f"{solver}.h5")
            self.assert_near(self.quantity("memory a rank", done.stdout), memory)
            self.assert_near(self.quantity("disk", done.stdout), disk)

    def quantity(self, name, text):
        number, unit = re.search(rf"^{name}: ([\d.e+]+) (\w+)$", text, re.M).groups()
        return float(number) * {"MiB": 2**20, "GiB": 2**30}[unit]

    def assert_near(self, estimated, measured):
        self.assertLess(estimated, 2 * measured)
        self.assertGreater(estimated, measured / 2)


if __name__ == "__main__":
    unittest.main()
