"""Archives and sweeps as xarray.Dataset: what is committed, with dimensions, times and units; also of
a run that is going on.

usage: test_xarray.py NTKFLOW
"""

import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "app"))
import program  # noqa: E402
from ntkflow_archive import ArchiveError, open_dataset  # noqa: E402

SWEEP = program.CIRCLE.replace("seed = 3\n", "").replace("output = run.h5", "output = sweep") + (
    "\n[sweep]\ntraining.samples = 16, 24\nseed = 1, 2\n")


class OpenDataset(program.ProgramTest):
    def test_an_archive(self):
        self.write_job(program.CIRCLE)
        self.run_job(2, "job.ini")
        dataset = open_dataset(self.folder / "run.h5")
        with h5py.File(self.folder / "run.h5") as archive:
            for name in ("trajectory/train_residual", "spectrum/analytic/eigenvalue"):
                np.testing.assert_array_equal(dataset[name], archive[name])
            np.testing.assert_array_equal(dataset["time"], archive["snapshot/time"])
        self.assertEqual(dataset["trajectory/train_residual"].dims[0], "time")
        self.assertEqual(dataset.sizes["time"], 13)
        self.assertEqual(dataset.attrs["title"], "a small circle")
        self.assertNotEqual(dataset["snapshot/loss"].attrs["long_name"], "")
        late = dataset["snapshot/loss"].sel(time=slice(30, None))
        self.assertEqual(late.sizes["time"], int((dataset["time"] >= 30).sum()))
        self.assertEqual(list(open_dataset(self.folder / "run.h5", ["snapshot/loss"]).data_vars),
                         ["snapshot/loss"])

    def test_a_run_that_is_going_on_shows_what_is_committed(self):
        self.write_job(program.CIRCLE.replace("rkc\ntolerance = 1e-5",
                                              "gradient_descent\nstep = 0.01"))
        run = subprocess.Popen(program.mpirun(2, "run", "job.ini"), cwd=self.folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        seen = set()
        while run.poll() is None:
            try:
                dataset = open_dataset(self.folder / "run.h5")
            except ArchiveError:
                continue
            if "snapshot/loss" in dataset:
                self.assertTrue(np.isfinite(dataset["snapshot/loss"]).all())
                seen.add(dataset.sizes["time"])
            time.sleep(0.02)
        self.assertEqual(run.returncode, 0)
        self.assertGreater(len(seen), 1)

    def test_a_sweep(self):
        self.write_job(SWEEP)
        self.run_job(2, "job.ini")
        dataset = open_dataset(self.folder / "sweep")
        self.assertEqual(dataset.sizes["member"], 4)
        np.testing.assert_array_equal(dataset["training.samples"], [16, 16, 24, 24])
        name = str(dataset["member"][1].item())
        with h5py.File(self.folder / "sweep" / name / "run.h5") as archive:
            mine = dataset.sel(member=name)
            np.testing.assert_array_equal(mine["snapshot/loss"], archive["snapshot/loss"])
            np.testing.assert_array_equal(mine["snapshot/time"], archive["snapshot/time"])
            residual = mine["trajectory/train_residual"].values
            np.testing.assert_array_equal(residual[:, :16], archive["trajectory/train_residual"])
            self.assertTrue(np.isnan(residual[:, 16:]).all())

    def test_a_file_that_is_not_there(self):
        with self.assertRaises(ArchiveError):
            open_dataset(self.folder / "nothing.h5")


if __name__ == "__main__":
    try:
        import xarray  # noqa: F401
    except ImportError:
        program.skip_all("needs xarray (python3-xarray)")
    unittest.main()
