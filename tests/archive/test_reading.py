#!/usr/bin/env python3
"""What serial h5py, NumPy and xarray find in an archive, also of a run that was killed and resumed.

    test_reading.py MPIRUN KILLED_RUN
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

try:
    import h5netcdf
    import xarray
except ImportError:
    h5netcdf = None

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from ntkflow_archive import path_key  # noqa: E402

MPIRUN, PROGRAM = sys.argv[1:3]
RANKS = 2


def run(archive, victim=-1, instant=-1):
    command = [MPIRUN, "-n", str(RANKS), PROGRAM, str(archive), str(victim), str(instant)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


class KilledRun(unittest.TestCase):
    def test_every_start_is_listed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "chain.h5")
            kills = 0
            while run(path, victim=kills % RANKS, instant=12) != 0:
                kills += 1
                self.assertLess(kills, 10)
            self.assertGreater(kills, 1)
            with h5py.File(path) as file:
                self.assertEqual(list(file["runs/number"][: kills + 2]), [*range(1, kills + 2), 0])
                self.assertEqual(file["runs/reason"][kills], b"completed")
                self.assertEqual(file["runs/reason"][0], b"")


class StraightRun(unittest.TestCase):
    """What serial h5py and NumPy find in an archive."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        path = Path(cls.folder.name, "run.h5")
        if run(path) != 0:
            raise RuntimeError("the straight run failed")
        cls.file = h5py.File(path, "r")
        cls.addClassCleanup(cls.file.close)

    def datasets(self):
        found = []
        self.file.visititems(lambda _, item: found.append(item))
        return [item for item in found if isinstance(item, h5py.Dataset)]

    def test_every_dataset_is_plain_and_says_what_it_is(self):
        self.assertGreater(len(self.datasets()), 10)
        for dataset in self.datasets():
            self.assertIsNone(dataset.chunks, dataset.name)
            self.assertIn(dataset.dtype.kind, "fiS", dataset.name)
            self.assertIn("units", dataset.attrs, dataset.name)
            self.assertNotEqual(dataset.attrs["long_name"], b"", dataset.name)

    def test_dimensions_have_names_and_scales(self):
        theta = self.file["trajectory/theta"]
        self.assertEqual([dim.label for dim in theta.dims], ["time", "parameter"])
        np.testing.assert_array_equal(theta.dims[0][0], self.file["snapshot/time"])
        np.testing.assert_array_equal(theta.dims[1][0], np.arange(theta.shape[1]))

    @unittest.skipUnless(h5netcdf, "needs python3-h5netcdf and python3-xarray")
    def test_xarray_opens_it(self):
        root = xarray.open_dataset(self.file.filename, engine="h5netcdf")
        self.assertEqual(root.attrs["title"], b"killed run")
        rows = xarray.open_dataset(self.file.filename, engine="h5netcdf", group="trajectory")
        self.assertEqual(rows["theta"].dims, ("time", "parameter"))
        np.testing.assert_array_equal(rows["theta"], self.file["trajectory/theta"])

    def test_the_root_says_where_it_comes_from(self):
        attributes = self.file.attrs
        self.assertEqual(attributes["format"], b"ntkflow")
        self.assertEqual(attributes["format_version"], b"1.0.0")
        self.assertEqual(attributes["title"], b"killed run")
        self.assertEqual(attributes["mpi_ranks"], RANKS)
        self.assertRegex(attributes["created"].decode(), r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertRegex(attributes["run_uuid"].decode(), r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        for name in ("software_version", "git_commit", "hdf5_version", "mpi_library", "hosts"):
            self.assertNotEqual(attributes[name], b"", name)

    def test_numpy_alone_finds_the_checksum_of_a_snapshot(self):
        row, total = 3, np.uint64(0)
        for name in ("/snapshot/time", "/trajectory/theta"):
            values = np.atleast_1d(self.file[name][row])
            offset = row * values.size + np.arange(values.size, dtype=np.uint64)
            place = np.uint64(path_key(name)) + offset * np.uint64(0x9E3779B97F4A7C15)
            total += sum_of_mixed(values.view(np.uint64) ^ place)
        self.assertEqual(total, self.file["_commit"][row, 2].view(np.uint64))


def sum_of_mixed(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))).sum(dtype=np.uint64)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
