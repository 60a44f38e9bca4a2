"""tools/plot.py draws what a small real run has committed, and says so when there is nothing.

usage: test_plot.py NTKFLOW
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py

PLOT = Path(__file__).resolve().parents[2] / "tools/plot.py"
NTKFLOW = sys.argv.pop()

JOB = """title = a small circle
seed = 1
output = small.h5

[input]
space = circle

[target]
kind = cosines
frequencies = 1, 3

[reference]
points = 64
eigenpairs = 8

[training]
samples = 16

[network]
layers = fc:32
activation = tanh

[flow]
integrator = rkc
t_end = 10
snapshots = 6

[observe]
train_projections = yes
bounds = yes
deviations = yes
drift = yes
kernel_every = 2
"""
PICTURES = ("bounds", "deviations", "drift", "eigenfunctions", "function", "projections", "residual", "spectrum",
            "train_projections")


class Plot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        (cls.folder / "job.ini").write_text(JOB)
        cls.ntkflow("run", "job.ini")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def ntkflow(cls, *arguments):
        subprocess.run(["mpirun", "-n", "2", NTKFLOW, *arguments], cwd=cls.folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def plot(self, archive):
        command = [sys.executable, PLOT, archive, "--out", "pictures"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)

    def drawn_of_spectrum(self, name, *keys):
        """Names of the pictures of `ntkflow spectrum`, without that of the archive."""
        self.ntkflow("spectrum", "job.ini", "--output", f"{name}.h5", *keys)
        done = self.plot(f"{name}.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        return sorted(path.stem.removeprefix(f"{name}_")
                      for path in (self.folder / "pictures").glob(f"{name}_*.png"))

    def assert_refused(self, archive, exit_code, message):
        done = self.plot(archive)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        self.assertIn(message, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_draws_every_picture_of_a_run_on_the_circle(self):
        done = self.plot("small.h5")

        self.assertEqual(done.returncode, 0, done.stderr)
        for name in PICTURES:
            png = self.folder / f"pictures/small_{name}.png"
            self.assertEqual(png.read_bytes()[:4], b"\x89PNG")
            self.assertEqual(png.with_suffix(".pdf").read_bytes()[:4], b"%PDF")

    def test_a_missing_file(self):
        self.assert_refused("absent.h5", 66, "absent.h5: no such file")

    def test_a_file_that_is_no_archive(self):
        self.assert_refused("job.ini", 65, "job.ini: not readable as HDF5")
        with h5py.File(self.folder / "other.h5", "w"):
            pass
        self.assert_refused("other.h5", 65, "other.h5: HDF5, but no archive of ntkflow")

    def test_an_archive_without_a_trajectory(self):
        self.ntkflow("kernel", "job.ini", "--output", "kernel.h5")

        self.assert_refused("kernel.h5", 65, "has no trajectory")

    def test_an_archive_of_spectra_shows_eigenvalues_and_eigenfunctions(self):
        self.assertEqual(self.drawn_of_spectrum("uniform"), ["eigenfunctions", "spectrum"])

    def test_arcs_of_differing_density_show_local_frequencies(self):
        density = [word for key in ("density=piecewise", "edges=-3.1, 0", "weights=1, 2")
                   for word in ("--set", f"input.{key}")]
        self.assertEqual(self.drawn_of_spectrum("arcs", *density),
                         ["eigenfunctions", "frequencies", "spectrum"])

    def test_a_sweep_over_seeds_has_bands_and_one_over_a_key_slopes(self):
        plain = JOB.split("[observe]")[0].replace("output = small.h5\n", "")
        (self.folder / "sweep.ini").write_text(plain.replace("fc:32", "fc:W\nwidth = 32")
                                               + "[sweep]\nseed = 1..2\n")
        for name, keys in (("bands", []), ("slopes", ["--set", "sweep.network.width=8, 16, 32"])):
            self.ntkflow("run", "sweep.ini", "--output", f"{name}.h5", *keys)
            done = self.plot(f"{name}/index.h5")

            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue((self.folder / f"pictures/{name}_{name}.png").exists(), done.stdout)
            self.assertTrue((self.folder / f"pictures/{name}_{name}.pdf").exists(), done.stdout)

    def test_only_committed_snapshots_count(self):
        damaged = self.folder / "damaged.h5"
        damaged.write_bytes((self.folder / "small.h5").read_bytes())
        with h5py.File(damaged, "r+") as file:
            file["_commit"][1, 3] += 1

        self.assert_refused("damaged.h5", 65, "no snapshot after t = 0 is committed")


if __name__ == "__main__":
    unittest.main()
