"""tools/run_jobs says which number of which experiment is off, and by how much.

usage: test_run_jobs.py NTKFLOW
"""

import importlib.machinery
import importlib.util
import sys
import unittest
from pathlib import Path

import h5py
import numpy as np

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
loader = importlib.machinery.SourceFileLoader("run_jobs", str(TOOLS / "run_jobs"))
run_jobs = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_jobs", loader))
loader.exec_module(run_jobs)

from quantities import kernel_flow_error  # noqa: E402


class Numbers:
    """An archive as quantities see it."""

    path = "numbers.h5"

    def __init__(self, datasets):
        self.datasets = datasets

    def read(self, path):
        return self.datasets[path]

    def eigenpairs(self, kind):
        values = self.datasets[f"spectrum/{kind}/eigenvalue"]
        return values, np.arange(len(values))


class Checks(unittest.TestCase):
    archive = Numbers({"spectrum/analytic/eigenvalue": np.array([0.5, 0.25])})

    def verify(self, **check):
        return run_jobs.verify({"quantity": "eigenvalue:2", "from": "theory"} | check, self.archive)

    def test_a_value_within_its_tolerance_holds(self):
        self.assertTrue(self.verify(expect=0.24, absolute=0.011)[0])
        self.assertTrue(self.verify(expect=0.24, relative=0.05)[0])
        self.assertTrue(self.verify(at_most=0.25)[0])

    def test_a_value_beyond_it_is_named_with_both_numbers(self):
        for wanted in ({"expect": 0.24, "absolute": 0.009}, {"at_most": 0.2}, {"at_least": 0.3}):
            holds, line = self.verify(**wanted)
            self.assertFalse(holds)
            for word in ("FAILED", "eigenvalue:2", "got 0.25", "theory"):
                self.assertIn(word, line)

    def test_not_a_number_fails(self):
        self.archive.datasets["spectrum/analytic/eigenvalue"][1] = np.nan
        self.addCleanup(self.archive.datasets["spectrum/analytic/eigenvalue"].put, 1, 0.25)
        self.assertFalse(self.verify(expect=0.25, absolute=1)[0])
        self.assertFalse(self.verify(at_most=1)[0])


class Quantities(unittest.TestCase):
    def test_the_kernel_flow_on_all_of_the_input_space_is_the_law(self):
        """Eight points stand for the input space and are the training points: T_n = T."""
        generator = np.random.default_rng(1)
        vectors = np.linalg.qr(generator.normal(size=(8, 8)))[0]
        sigma = 2.0 ** -np.arange(8)
        phi, target = np.sqrt(8) * vectors, generator.normal(size=8)
        archive = Numbers({
            "spectrum/analytic/eigenvalue": sigma, "spectrum/analytic/eigenfunction": phi,
            "spectrum/analytic/eigenfunction_train": phi, "spectrum/train/eigenvector": vectors,
            "spectrum/train/eigenvalue": sigma, "spectrum/train/count": np.array([8]),
            "target/train": target, "target/reference": target,
            "points/reference_weight": np.full(8, 1 / 8),
        })

        self.assertLess(kernel_flow_error(archive, 3), 1e-14)

        half = slice(0, 4)  # half of the points, with eigenvectors of their own
        values, own = np.linalg.eigh(phi[half] @ np.diag(sigma) @ phi[half].T / 4)
        archive.datasets |= {
            "spectrum/analytic/eigenfunction_train": phi[half], "target/train": target[half],
            "spectrum/train/eigenvector": own[:, ::-1], "spectrum/train/eigenvalue": values[::-1],
            "spectrum/train/count": np.array([4]),
        }
        t, steps, r = 4.0, 20000, -target  # by Euler's rule
        kernel = phi @ np.diag(sigma) @ phi.T
        for _ in range(steps):
            r = r - t / steps * kernel[:, half] @ r[half] / 4
        law = vectors @ (np.exp(-sigma * t) * (vectors.T @ -target))
        wanted = np.linalg.norm(r - law) / np.linalg.norm(target)
        self.assertAlmostEqual(kernel_flow_error(archive, 3), wanted, delta=1e-3 * wanted)


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    unittest.main()
