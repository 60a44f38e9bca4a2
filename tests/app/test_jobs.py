"""Every job that comes with the program, at reduced size, against stored numbers.

The numbers were printed by a run of 2026-11-23 on two ranks. Eigenvalues must agree to rounding;
what the flow makes of them to twice the integration tolerance of the jobs, 1e-3, so that another
integrator is free to take other steps.

usage: test_jobs.py NTKFLOW
"""

import unittest

import h5py
import numpy as np
from program import SOURCE, ProgramTest

# job: (keys of the reduced size, expected numbers)
JOBS = {
    "circle": (
        ["network.layers=fc:256:bias=zero", "training.samples=128", "reference.points=256",
         "flow.snapshots=20"],
        {"eigenpairs": 41, "sigma_1": 0.401981775463506, "sigma_20": 0.000837365154068913,
         "final reference norm": 0.243130, "final train norm": 0.195058,
         "largest deviation from the law, top 10": 0.150656},
    ),
    "mnist": (
        ["network.layers=fc:128", "training.samples=200", "reference.points=400",
         "reference.eigenpairs=30", "flow.snapshots=20"],
        {"eigenpairs": 30, "sigma_1": 0.383720243844652, "sigma_20": 0.00485121017237567,
         "final reference norm": 0.496837, "final train norm": 0.168548,
         "largest deviation from the law, top 10": 0.148049},
    ),
}


def numbers(path):
    with h5py.File(path) as archive:
        sigma = archive["/spectrum/analytic/eigenvalue"]
        start = archive["/snapshot/reference_norm"][0]
        deviation = archive["/trajectory/projected_deviation"][:, 9]
        return {
            "eigenpairs": archive["/spectrum/analytic/count"][0],
            "sigma_1": sigma[0],
            "sigma_20": sigma[19],
            "final reference norm": archive["/snapshot/reference_norm"][-1] / start,
            "final train norm": archive["/snapshot/train_norm"][-1] / start,
            "largest deviation from the law, top 10": np.max(deviation) / start,
        }


class Jobs(ProgramTest):
    def check(self, name):
        keys, expected = JOBS[name]
        overrides = [word for key in keys for word in ("--set", key)]
        self.run_job(2, SOURCE / f"jobs/{name}/job.ini", "--output", "run.h5", *overrides)
        found = numbers(self.folder / "run.h5")
        for quantity, value in expected.items():
            tolerance = 2e-3 if " " in quantity else 1e-9
            self.assertAlmostEqual(found[quantity] / value, 1, delta=tolerance, msg=quantity)

    def test_circle(self):
        self.check("circle")

    def test_mnist(self):
        self.check("mnist")


if __name__ == "__main__":
    unittest.main()
