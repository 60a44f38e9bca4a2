"""What lies where the output is to go is never overwritten, and no run starts again from zero
without a word: an exit code, a line that says what to do, every byte where it was.

usage: test_outputs.py NTKFLOW
"""

import signal
import subprocess
import time
import unittest

import h5py
import numpy as np
from program import CIRCLE, NTKFLOW, mpirun
from test_refusals import RefusalTest

from ntkflow_archive import is_marker

NOT_OURS, STOPPED, MISMATCH = 73, 75, 76
WITH_CHECKPOINTS = CIRCLE.replace("rkc\ntolerance = 1e-5", "gradient_descent\nstep = 0.1").replace(
    "snapshots = 12", "snapshots = 60") + "\n[checkpoint]\nevery = 0.01\n"


class Outputs(RefusalTest):
    def test_something_else_in_the_way(self):
        (self.folder / "run.h5").write_text("my thesis")
        self.refuse(NOT_OURS, ["run.h5", "move it away or choose another output"])
        self.refuse(NOT_OURS, ["run.h5"], "--fresh")
        (self.folder / "run.h5").unlink()
        with h5py.File(self.folder / "run.h5", "w") as file:
            file["x"] = 1
        self.refuse(NOT_OURS, ["run.h5"])
        self.refuse(NOT_OURS, ["run.h5"], "--fresh")
        (self.folder / "run.h5").unlink()
        (self.folder / "run.h5").mkdir()
        self.refuse(NOT_OURS, ["run.h5", "it is not a file"])

    def test_an_archive_of_another_job(self):
        self.write_job(CIRCLE)
        self.run_job(1, "job.ini")
        self.refuse(MISMATCH, ["run.h5", "training.samples", "40", "41", "choose another output"],
                    "--set", "training.samples=41")
        self.refuse(MISMATCH, ["run.h5", "ntkflow run", "ntkflow spectrum"], command="spectrum")

    def test_an_archive_of_another_version(self):
        self.write_job(CIRCLE)
        self.run_job(1, "job.ini")
        with h5py.File(self.folder / "run.h5", "r+") as archive:
            archive.attrs.modify("format_version", np.bytes_("2.0.0"))
        self.refuse(MISMATCH, ["run.h5", "2.0.0", "1.x", "use the version"])
        done = self.run_program([NTKFLOW, "inspect", "run.h5"])
        self.assertEqual(done.returncode, MISMATCH, done.stderr)

    def test_an_archive_cut_short(self):
        self.write_job(CIRCLE)
        self.run_job(1, "job.ini")
        whole = (self.folder / "run.h5").read_bytes()
        for length in (0, 100, len(whole) // 2, len(whole) - 1):
            with self.subTest(length=length):
                (self.folder / "run.h5").write_bytes(whole[:length])
                self.refuse(NOT_OURS, ["run.h5"])

    def test_a_folder_that_is_not_there(self):
        self.refuse(NOT_OURS, ["nowhere", "create it or choose another output"],
                    "--output", "nowhere/run.h5")


class DamagedCheckpoints(RefusalTest):
    """A flipped bit in a slot: the slot before, or t = 0 with a word; never a hang."""

    def setUp(self):
        super().setUp()
        self.write_job(WITH_CHECKPOINTS)
        self.run_job(2, "job.ini", "--output", "straight.h5")

    def both_slots(self):
        try:
            with h5py.File(self.folder / "run.h5", "r", locking=False) as file:
                return all(is_marker(f"{slot}/_commit", 0, file[f"{slot}/_commit"][0])
                           for slot in ("/checkpoint/slot0", "/checkpoint/slot1"))
        except OSError:
            return False

    def stop_with_both_slots(self):
        (self.folder / "run.h5").unlink(missing_ok=True)
        run = subprocess.Popen(mpirun(2, "run", "job.ini"), cwd=self.folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        while not self.both_slots():
            self.assertIsNone(run.poll(), "through before it could be stopped")
            time.sleep(0.002)
        run.send_signal(signal.SIGUSR1)
        self.assertEqual(run.wait(60), STOPPED)

    def damage(self, slot, rng):
        """A bit of an element of every dataset of the slot, its marker among them."""
        with h5py.File(self.folder / "run.h5", "r+") as archive:
            for dataset in archive[f"checkpoint/{slot}"].values():
                values = np.atleast_1d(dataset[()])
                bits = values.reshape(-1).view(np.uint64)
                if bits.size:
                    bits[rng.integers(bits.size)] ^= np.uint64(1) << np.uint64(rng.integers(64))
                    dataset[...] = values.reshape(dataset.shape)

    def test_one_slot_or_both(self):
        rng = np.random.default_rng(1)
        for slots in (["slot0"], ["slot1"], ["slot0", "slot1"]):
            with self.subTest(slots):
                self.stop_with_both_slots()
                for slot in slots:
                    self.damage(slot, rng)
                done = self.run_job(2, "job.ini", timeout=60)
                self.assertIn("resumed at t" if len(slots) == 1 else "no checkpoint of", done.stdout)
                self.assert_same("straight.h5", "run.h5")


if __name__ == "__main__":
    unittest.main()
