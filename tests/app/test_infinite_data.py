"""Training on the weighted reference points, and noise on the training targets.

usage: test_infinite_data.py NTKFLOW
"""

import unittest

import h5py
import numpy as np
from program import CIRCLE, ProgramTest

from ntkflow_archive import eigenspace_norms

ARCS = CIRCLE.replace("space = circle", """space = circle
density = piecewise
edges = -3, -1, 1
weights = 1, 2, 4""").replace("samples = 40", "rule = reference")

SPHERE = CIRCLE.replace("space = circle", """space = sphere
density = hemispheres
ratio = 3""").replace("kind = cosines\nfrequencies = 1, 3", """kind = harmonics
degrees = 1, 2
orders = 0, -1
amplitudes = 1, 0.5""").replace("samples = 40", "rule = reference").replace("snapshots = 12",
                                                                        "snapshots = 3")


class InfiniteData(ProgramTest):
    def run_and_open(self, text, name):
        self.run_job(2, self.write_job(text), "--output", name)
        return h5py.File(self.folder / name, "r")

    def check(self, text):
        run = self.run_and_open(text, "run.h5")
        weight = run["/points/train_weight"][()]
        np.testing.assert_array_equal(weight, run["/points/reference_weight"][()])
        np.testing.assert_array_equal(run["/points/train"][()], run["/points/reference"][()])
        self.assertGreater(weight.max(), 2 * weight.min())

        residual = run["/trajectory/train_residual"][()]
        np.testing.assert_allclose(run["/snapshot/loss"], residual**2 @ weight / 2, rtol=1e-12)
        np.testing.assert_allclose(run["/snapshot/train_norm"], run["/snapshot/reference_norm"],
                                   rtol=1e-12)

        count = run["/spectrum/train/count"][0]
        vector = run["/spectrum/train/eigenvector"][:, :count]
        np.testing.assert_allclose(vector.T @ vector, np.eye(count), atol=1e-12)
        projection = run["/trajectory/train_projection"][:, :count]
        np.testing.assert_allclose(projection, (residual * np.sqrt(weight)) @ vector, atol=1e-12)
        return run

    def test_the_loss_and_the_eigenvectors_carry_the_weights(self):
        run = self.check(ARCS)

        # tanh's kernel is smooth: both operators are the same matrix.
        count = run["/spectrum/train/count"][0]
        value = run["/spectrum/train/eigenvalue"][:count]
        np.testing.assert_allclose(value, run["/spectrum/analytic/eigenvalue"][:count], rtol=0,
                                   atol=1e-12 * value[0])
        space = run["/spectrum/train/eigenspace"][:count]
        np.testing.assert_allclose(
            eigenspace_norms(run["/trajectory/train_projection"][:, :count], space),
            eigenspace_norms(run["/trajectory/projection"][:, :count], space), atol=1e-10)

    def test_the_hemispheres_carry_the_weights(self):
        self.check(SPHERE)

    def test_noise_is_on_the_training_targets_only(self):
        plain = self.run_and_open(CIRCLE, "plain.h5")
        noisy = self.run_and_open(CIRCLE.replace("frequencies = 1, 3",
                                                 "frequencies = 1, 3\nnoise = 0.1"), "noisy.h5")

        noise = noisy["/target/train"][()] - plain["/target/train"][()]
        # 40 numbers of deviation 0.1: the mean square is within 4 sqrt(2/40) of 0.01, relatively.
        self.assertAlmostEqual(np.mean(noise**2), 0.01, delta=0.01 * 4 * np.sqrt(2 / 40))
        np.testing.assert_array_equal(noisy["/target/reference"], plain["/target/reference"])
        np.testing.assert_allclose(noisy["/trajectory/train_residual"][0],
                                   plain["/trajectory/train_residual"][0] - noise, atol=1e-14)


if __name__ == "__main__":
    unittest.main()
