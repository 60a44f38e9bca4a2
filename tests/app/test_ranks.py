"""The same job on any number of ranks: the same points bit for bit, the same physics to rounding.

usage: test_ranks.py NTKFLOW
"""

import unittest

import h5py
import numpy as np
from program import CIRCLE, DIGITS, ProgramTest

from ntkflow_archive import eigenspace_norms

EXACT = ("/points/reference", "/points/reference_weight", "/points/train", "/target/reference",
         "/target/train", "/snapshot/time", "/integrator/steps", "/integrator/evaluations")

PIECEWISE = CIRCLE.replace("space = circle", """space = circle
density = piecewise
edges = -3, -1, 1
weights = 1, 2, 4""")


SPHERE = CIRCLE.replace("space = circle", """space = sphere
density = hemispheres""").replace("kind = cosines\nfrequencies = 1, 3", """kind = harmonics
degrees = 1, 2
noise = 0.1""")


class Ranks(ProgramTest):
    def check(self, text):
        job = self.write_job(text)
        runs = []
        for ranks in (1, 2, 3, 4, 6):
            self.run_job(ranks, job, "--output", f"{ranks}.h5")
            runs.append(h5py.File(self.folder / f"{ranks}.h5", "r"))
        one, *others = runs
        scale = one["/snapshot/reference_norm"][0]
        for other in others:
            for name in EXACT:
                np.testing.assert_array_equal(one[name][()], other[name][()], name)
            self.assertEqual(one["/spectrum/analytic/count"][0], other["/spectrum/analytic/count"][0])
            count = one["/spectrum/analytic/count"][0]
            space = one["/spectrum/analytic/eigenspace"][:count]
            np.testing.assert_array_equal(space, other["/spectrum/analytic/eigenspace"][:count])
            for kind in ("projection", "ideal_projection"):
                a, b = (eigenspace_norms(run[f"/trajectory/{kind}"][:, :count], space)
                        for run in (one, other))
                np.testing.assert_allclose(a, b, rtol=0, atol=1e-9 * scale, err_msg=kind)
            for kind in ("reference_residual", "train_residual"):
                np.testing.assert_allclose(one[f"/trajectory/{kind}"], other[f"/trajectory/{kind}"],
                                           rtol=0, atol=1e-9 * scale, err_msg=kind)

    def test_circle(self):
        self.check(CIRCLE)

    def test_circle_of_piecewise_density(self):
        self.check(PIECEWISE)

    def test_sphere(self):
        self.check(SPHERE)

    def test_digits(self):
        self.check(DIGITS)


if __name__ == "__main__":
    unittest.main()
