"""Every state that a crash could leave of a whole run, and of its resumption, opens and has what was
committed; the same command goes on from it and ends with the archive of a run that nobody stopped.

usage: test_program_crashes.py INJECTOR RECORDER NTKFLOW

What archive.test_crash_states says of the archive, said of the program: stages, snapshots,
observables, checkpoints. Two ranks are recorded until all are killed, and again to the end; the
states are those of replay.py, after every write (SIGKILL) and with what was not synced lost by a coin
(power loss). From some of them the program itself is started. A short form looks at every 16th
state, NTKFLOW_FULL at all.
"""

import io
import os
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import faults
import h5py
import numpy as np
import program

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "archive"))

from replay import SYNC, Disk, apply, read_record  # noqa: E402
from test_crash_states import Bad, committed_snapshots, whole_slots  # noqa: E402

from ntkflow_archive import is_marker  # noqa: E402

FULL = "NTKFLOW_FULL" in os.environ
STRIDE = 1 if FULL else 16  # every so many states are looked at
STARTS = 60 if FULL else 3  # of the program, from states of each kind

JOB = faults.JOB.replace("fc:48", "fc:12").replace("fc:32", "fc:8").replace(
    "points = 96\neigenpairs = 21", "points = 24\neigenpairs = 5").replace(
    "samples = 40", "samples = 10").replace("snapshots = 12", "snapshots = 5") + (
    "[observe]\ndeviations = yes\nbounds = yes\n")


class Expected:
    """What a run that nobody stopped holds: of every snapshot, and of every stage."""

    def __init__(self, path):
        self.snapshots, self.stages = {}, {}
        with h5py.File(path) as file:
            def keep(name, item):
                if not isinstance(item, h5py.Dataset) or name.startswith("checkpoint"):
                    return
                marker = item.attrs.get("commit_marker", b"").decode()
                if marker == "/_commit":
                    self.snapshots[name] = item[()]
                elif marker:
                    self.stages[name] = marker, item[()]
            file.visititems(keep)

    def examine(self, content):
        """(snapshots, snapshots that a resumption keeps) of an archive's bytes; Bad where what is
        committed is not what it should be."""
        if content is None:
            return 0, 0
        try:
            with h5py.File(io.BytesIO(content), "r") as file:
                for name, (marker, values) in self.stages.items():
                    if is_marker(marker, 0, file[marker][0]) and not np.array_equal(
                            file[name][()], values, equal_nan=values.dtype.kind == "f"):
                        raise Bad(f"{name} is committed and wrong")
                snapshots = committed_snapshots(file, self.snapshots)
                kept = max((int(slot["next_snapshot"][0]) for slot in whole_slots(file)), default=0)
                return snapshots, min(snapshots, kept)
        except (OSError, KeyError, RuntimeError) as error:
            raise Bad(f"does not open: {error}") from error


class ProgramCrashes(faults.FaultTest):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.home = Path(scratch.name).resolve()
        (cls.home / "disk").mkdir()
        cls.archive = cls.home / "disk/run.h5"
        (cls.home / "job.ini").write_text(JOB)
        cls.start(cls.home, "straight.h5")
        cls.expected = Expected(cls.home / "straight.h5")
        cls.records = [cls.record(f"*:snapshot:{count}:kill") for count in (25, 40)]
        cls.records.append(cls.record("*:never:1:kill"))

    @staticmethod
    def start(folder, output):
        done = subprocess.run(program.mpirun(faults.RANKS, "run", "job.ini", "--output", output),
                              cwd=folder, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    @classmethod
    def record(cls, fault):
        """(files before, events) of a start under the recorder."""
        before = {str(path): bytearray(path.read_bytes()) for path in cls.archive.parent.iterdir()}
        with tempfile.TemporaryDirectory() as record:
            command = cls.command(cls, fault, "job.ini", "--output", cls.archive)
            subprocess.run(command, cwd=cls.home, capture_output=True, timeout=300, env=os.environ | {
                "NTKFLOW_RECORD": record, "NTKFLOW_RECORD_FOLDER": str(cls.archive.parent)})
            return before, read_record(record)

    def goes_on(self, files):
        """The program, started where these files are left."""
        with tempfile.TemporaryDirectory() as folder:
            for path, content in files.items():
                Path(folder, Path(path).name).write_bytes(content)
            Path(folder, "job.ini").write_text(JOB)
            self.start(folder, "run.h5")
            self.assert_same(self.home / "straight.h5", Path(folder, "run.h5"))

    def check(self, states):
        """Examines states, each (files, snapshots that must be there), and goes on from some."""
        coin, chosen, count, bad = random.Random(3), [], 0, []
        for files, needed in states:
            count += 1
            try:
                found, _ = self.expected.examine(files.get(str(self.archive)))
                if found < needed:
                    raise Bad(f"{needed} snapshots were committed, {found} are left")
            except Bad as problem:
                bad.append(f"state {count}: {problem}")
            # Every state has the same chance to be among the chosen ones.
            place = len(chosen) if len(chosen) < STARTS else coin.randrange(count)
            if place < STARTS:
                chosen[place:place + 1] = [{path: bytes(content) for path, content in files.items()}]
        self.assertEqual(bad, [])
        for files in chosen:
            self.goes_on(files)
        return f"{count} states, none bad; {len(chosen)} starts, every archive as without"

    def is_about_the_archive(self, event):
        return event.path.startswith(str(self.archive)) and "status" not in event.path

    def after_kills(self):
        for before, events in self.records:
            files = {path: bytearray(content) for path, content in before.items()}
            needed = self.expected.examine(files.get(str(self.archive)))[1]
            for event in events:
                if event.kind == SYNC:
                    continue
                apply(files, event)
                if event.number % STRIDE == 0 and self.is_about_the_archive(event):
                    yield files, needed

    def after_power_losses(self, syncs=True):
        coin = random.Random(2)
        for before, events in self.records:
            disk = Disk({path: bytearray(content) for path, content in before.items()})
            needed = self.expected.examine(before.get(str(self.archive)))[1]
            for event in events:
                disk.note(event, syncs)
                if event.number % STRIDE == 0 and self.is_about_the_archive(event):
                    yield disk.after_power_loss(coin), needed

    def test_kills(self):
        print("SIGKILL:", self.check(self.after_kills()))

    def test_power_losses(self):
        print("power loss:", self.check(self.after_power_losses()))

    def test_without_syncs_states_are_bad(self):
        bad = states = 0
        for files, _ in self.after_power_losses(syncs=False):
            states += 1
            try:
                self.expected.examine(files.get(str(self.archive)))
            except Bad:
                bad += 1
        self.assertGreater(bad, states // 20)
        print(f"power loss without syncs: {bad} of {states} states bad")


if __name__ == "__main__":
    faults.INJECTOR = ":".join((sys.argv.pop(1), sys.argv.pop(1)))
    unittest.main()
