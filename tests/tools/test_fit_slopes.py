"""Slopes of a sweep against a power law that is known.

usage: test_fit_slopes.py NTKFLOW
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

TOOL = Path(__file__).resolve().parents[2] / "tools/fit_slopes.py"
sys.path.insert(0, str(TOOL.parent))

import fit_slopes  # noqa: E402
from ntkflow_archive import Sweep  # noqa: E402


def write_index(path, exponent, noise=0.3, seeds=10):
    x = np.repeat([128.0, 256, 512, 1024], seeds)
    y = 5 * x**exponent * np.exp(noise * np.random.default_rng(4).normal(size=len(x)))
    with h5py.File(path, "w") as index:
        index.attrs["format"] = "ntkflow index"
        index["member/name"] = [f"m{i}".encode() for i in range(len(x))]
        index["member/path"] = [f"m{i}/run.h5".encode() for i in range(len(x))]
        status = np.full(len(x), b"completed")
        status[0] = b"failed"
        y[0] = 1e9  # must not count
        index["member/status"], index["key/n"], index["result/eps"] = status, x, y


class FitSlopes(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.index = Path(scratch.name) / "index.h5"

    def test_finds_the_exponent_within_its_interval(self):
        write_index(self.index, -1)
        for probability in fit_slopes.QUANTILES.values():
            x, slope, (low, high) = fit_slopes.fit(Sweep(self.index), "n", "eps", probability)
            self.assertEqual(list(x), [128, 256, 512, 1024])
            self.assertLess(low, slope)
            self.assertLess(slope, high)
            self.assertLess(abs(slope + 1), 0.2)
            self.assertLess(high - low, 0.8)

    def test_without_noise_the_slope_is_exact(self):
        write_index(self.index, 0.5, noise=0)
        _, slope, interval = fit_slopes.fit(Sweep(self.index), "n", "eps", 0.5)
        np.testing.assert_allclose([slope, *interval], 0.5, rtol=1e-9)

    def test_prints_and_refuses(self):
        write_index(self.index, -1)
        def run(*words):
            return subprocess.run([TOOL, self.index, *words], text=True, capture_output=True)

        self.assertIn("slope of the median: -1.", run("n", "eps").stdout)
        wrong = run("n", "loss")
        self.assertEqual(wrong.returncode, 65)
        self.assertIn("it has eps", wrong.stderr)


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    unittest.main()
