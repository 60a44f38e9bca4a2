"""Observables on demand: the same on any number of ranks, and true to what they are made of.

usage: test_observables.py NTKFLOW
"""

import unittest

import h5py
import numpy as np
from program import CIRCLE, DIGITS, ProgramTest

from ntkflow_archive import eigenspace_norms

ALL = """
[observe]
bounds = yes
deviations = yes
drift = yes
fisher = yes
kernel_flow = yes
kernel_every = 4
thresholds = 0.5, 0.05
looks_per_decade = 64
"""
PIECEWISE = CIRCLE.replace("space = circle", """space = circle
density = piecewise
edges = -3, -1, 1
weights = 1, 2, 4""")
CAUSES = ("data", "width", "drift")

# Names whose columns are modes, and depend on the basis inside an eigenspace.
BY_EIGENSPACE = tuple(f"/trajectory/deviation/{cause}" for cause in CAUSES)
# The bounds of a k inside an eigenspace depend on the basis; those at its end do not.
PLAIN = ("/bound/lhs", "/bound/rhs", "/bound/corollary_5_k", "/bound/corollary_5_rhs",
         "/snapshot/drift", "/snapshot/reference_drift", "/snapshot/trace_rank",
         "/snapshot/entropy_rank", "/snapshot/region_norm", "/spectrum/empirical/eigenvalue",
         "/trajectory/kernel_flow/train_residual",
         "/trajectory/kernel_flow/reference_residual", "/kernel_distance/reference", "/kernel_distance/train", "/target/decay_law",
         "/convergence/reference", "/convergence/train", "/convergence/region", "/convergence/mode")


class Observables(ProgramTest):
    def run_on(self, ranks, text):
        job = self.write_job(text + ALL)
        done = self.run_job(ranks, job, "--output", f"{ranks}.h5")
        return h5py.File(self.folder / f"{ranks}.h5", "r"), done.stdout

    def check_causes(self, run):
        """The three causes add up to the measured deviation, over the input space and on the
        training set."""
        for prefix, causes in (("", CAUSES), ("train_", CAUSES[1:])):
            measured = (run[f"/trajectory/{prefix}projection"][()]
                        - run[f"/trajectory/{prefix}ideal_projection"])
            found = sum(run[f"/trajectory/{prefix}deviation/{cause}"][()] for cause in causes)
            largest = np.nanmax(np.linalg.norm(np.nan_to_num(measured), axis=1))
            gap = np.linalg.norm(np.nan_to_num(measured - found), axis=1)
            self.assertLessEqual(gap.max(), 1e-3 * largest, prefix)
            self.assertGreater(largest, 1e-3)

    def check_bounds(self, run, stdout):
        count = run["/spectrum/analytic/count"][0]
        left, right, ratio, eps_hat, eps_2 = (run[f"/bound/{name}"][1:, :count] for name in
            ("projected_lhs", "projected_rhs", "projected_ratio", "eps_hat", "eps_2"))
        deviation = run["/trajectory/projected_deviation"][1:, :count]
        np.testing.assert_allclose(left, deviation**2, rtol=1e-12)
        np.testing.assert_allclose(ratio, left / right, rtol=1e-12)
        np.testing.assert_allclose(eps_2 / left, eps_2[0] / left[0] * (right[0] / right),
                                   rtol=1e-8)
        self.assertTrue(np.all(eps_hat <= eps_2))
        self.assertIn("Theorem 1 holds" if ratio.max() <= 1 else "Theorem 1 does not hold", stdout)

    def check_kernel_flow(self, run):
        """On the training set it is the law of G/n that the projections are compared with."""
        count = run["/spectrum/train/count"][0]
        vectors = run["/spectrum/train/eigenvector"][:, :count]
        residual = run["/trajectory/kernel_flow/train_residual"][()]
        np.testing.assert_allclose(residual @ vectors / np.sqrt(len(vectors)),
                                   run["/trajectory/train_ideal_projection"][:, :count],
                                   rtol=0, atol=1e-11)

    def check(self, text):
        runs = []
        for ranks in (1, 2, 3):
            run, stdout = self.run_on(ranks, text)
            self.check_causes(run)
            self.check_bounds(run, stdout)
            self.check_kernel_flow(run)
            runs.append(run)
        one, *others = runs
        count = one["/spectrum/analytic/count"][0]
        space = one["/spectrum/analytic/eigenspace"][:count]
        last_of_space = np.flatnonzero(np.diff(space, append=-1))
        for other in others:
            for name in BY_EIGENSPACE:
                a, b = (eigenspace_norms(run[name][()], space) for run in (one, other))
                np.testing.assert_allclose(a, b, rtol=0, atol=1e-9, err_msg=name)
            for name in PLAIN:
                np.testing.assert_allclose(one[name], other[name], rtol=1e-7, atol=1e-9,
                                           err_msg=name)
            for name in ("eps_2", "projected_lhs"):
                a, b = (run[f"/bound/{name}"][:, last_of_space] for run in (one, other))
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9, err_msg=name)

    def test_circle_of_piecewise_density(self):
        self.check(PIECEWISE)

    def test_digits(self):
        self.check(DIGITS.replace("relu", "tanh") + "tolerance = 1e-7\n")

    def test_drift_and_fisher_are_looked_at_when_due(self):
        run, _ = self.run_on(2, CIRCLE)
        seen = np.isfinite(run["/snapshot/drift"])
        np.testing.assert_array_equal(np.flatnonzero(seen), [0, 4, 8, 12])
        self.assertEqual(run["/snapshot/drift"][0], 0)
        np.testing.assert_array_equal(np.isfinite(run["/spectrum/empirical/eigenvalue"][:, 0]), seen)

    def test_convergence_times_are_crossings_of_the_snapshots(self):
        run, _ = self.run_on(1, CIRCLE)
        times, norms = run["/snapshot/time"][()], run["/snapshot/reference_norm"][()]
        for threshold, found in zip(run["/convergence/threshold"], run["/convergence/reference"]):
            below = norms <= threshold * norms[0]
            if not below.any():
                self.assertTrue(np.isnan(found))
                continue
            first = np.argmax(below)
            self.assertTrue(times[first - 1] <= found <= times[first])

    def test_refusals(self):
        descent = CIRCLE.replace("integrator = rkc\ntolerance = 1e-5",
                                 "integrator = gradient_descent\nstep = 0.5")
        for text, message in (
                (descent + "[observe]\ndeviations = yes\n", "observe.deviations"),
                (CIRCLE + "[observe]\ndefects = yes\n", "observe.defects"),
                (descent + "[observe]\ndefects = yes\ntrain_projections = no\n",
                 "need observe.train_projections = yes"),
                (CIRCLE + "[observe]\nthresholds = 1.5\n", "need numbers below 1")):
            done = self.run_job(1, self.write_job(text), expect=65)
            self.assertIn(message, done.stderr)

    def test_defects_of_gradient_descent(self):
        descent = CIRCLE.replace("integrator = rkc\ntolerance = 1e-5",
                                 "integrator = gradient_descent\nstep = 0.5")
        job = self.write_job(descent.replace("t_end = 40\nsnapshots = 12",
                                             "times = 0.5, 1, 1.5, 2, 2.5, 3")
                             + "[observe]\ndefects = yes\n")
        self.run_job(2, job)
        with h5py.File(self.folder / "run.h5") as run:
            count = run["/spectrum/train/count"][0]
            kept = 1 - 0.5 * run["/spectrum/train/eigenvalue"][:count]
            defect = run["/trajectory/step_defect"][:, :count]
            accumulated = run["/trajectory/accumulated_defect"][:, :count]
            total = np.zeros(count)
            for step in range(6):
                np.testing.assert_allclose(accumulated[step], total, rtol=0, atol=1e-13)
                total = kept * total + defect[step]


if __name__ == "__main__":
    unittest.main()
