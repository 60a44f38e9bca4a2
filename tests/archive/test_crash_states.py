#!/usr/bin/env python3
"""Every state that a crash could leave of a run's archive opens and has what was committed.

    test_crash_states.py MPIRUN KILLED_RUN RECORDER [--draws N] [--crash kill | power_loss]

A run in miniature is recorded until one of its ranks is killed, and again as it resumes. States: after
every write and truncation, and after the first sectors of every longer write (SIGKILL); and, with each
write since the last sync kept by a coin, N draws after every event (power loss). In each state the
archive opens with serial h5py or is not there yet; every snapshot and checkpoint slot with a good
marker has its values; what a completed commit promised is there. Without the syncs the same
replay must find bad states.
"""

import argparse
import io
import os
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from ntkflow_archive import is_marker, path_key  # noqa: E402
from replay import SYNC, WRITE, Disk, apply, read_record  # noqa: E402

RANKS = 2
KILLS = (9, 17, 26)  # the victim's operation, of 27: see killed_run.cpp
SNAPSHOT_DATASETS = ("/snapshot/time", "/trajectory/theta")


class Bad(Exception):
    """What is wrong with a state."""


def sum_of_hashes(dataset, rows=slice(None)):
    """The part of a commit's checksum that one dataset has (checksum.hpp)."""
    values = np.ascontiguousarray(dataset[rows] if dataset.shape else dataset[()]).view(np.uint64)
    first = rows.start * values.size if rows.start else 0
    place = np.uint64(first) + np.arange(values.size, dtype=np.uint64)
    z = values.ravel() ^ (np.uint64(path_key(dataset.name)) + place * np.uint64(0x9E3779B97F4A7C15))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return int((z ^ (z >> np.uint64(31))).sum(dtype=np.uint64))


def committed_snapshots(file, expected):
    """Their number; every one that has its marker must have its values."""
    good = [is_marker("/_commit", row, words) for row, words in enumerate(file["_commit"][()])]
    for row in np.flatnonzero(good):
        for name in expected:
            if not np.array_equal(file[name][row], expected[name][row]):
                raise Bad(f"{name}[{row}] is committed and wrong")
    return (good + [False]).index(False)


def whole_slots(file):
    """The checkpoint slots with a good marker, whose data must be whole."""
    slots = []
    for name in ("checkpoint/slot0", "checkpoint/slot1"):
        slot, words = file[name], file[name]["_commit"][0]
        if not is_marker(f"/{name}/_commit", 0, words):
            continue
        total = sum(sum_of_hashes(slot[field]) for field in slot if field != "_commit") % 2**64
        if total != int(words[2]) % 2**64:
            raise Bad(f"/{name} is committed and damaged")
        slots.append(slot)
    return slots


def newest_checkpoint_step(file):
    return max((int(slot["step"][0]) for slot in whole_slots(file)), default=-1)


def examine(content, expected):
    """(committed snapshots, step of the newest checkpoint) of an archive's bytes."""
    if content is None:
        return 0, -1
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return committed_snapshots(file, expected), newest_checkpoint_step(file)
    except (OSError, KeyError, RuntimeError) as error:
        raise Bad(f"does not open: {error}") from error


class Recorded:
    """A run under the recorder, with the bytes that were there before it."""

    def __init__(self, arguments, archive, victim, instant):
        self.archive = str(archive)
        self.before = {self.archive: archive.read_bytes()} if archive.exists() else {}
        with tempfile.TemporaryDirectory() as record:
            run(arguments, archive, victim, instant, record)
            self.events = read_record(record)

    def start(self):
        return {path: bytearray(content) for path, content in self.before.items()}


def run(arguments, archive, victim=-1, instant=-1, record=None):
    environment = dict(os.environ)
    command = [arguments.mpirun, "-n", str(RANKS)]
    if record:
        environment |= {"NTKFLOW_RECORD": record, "NTKFLOW_RECORD_FOLDER": str(archive.parent)}
        command += ["-x", f"LD_PRELOAD={arguments.recorder}", "-x", "NTKFLOW_RECORD",
                    "-x", "NTKFLOW_RECORD_FOLDER"]
    command += [arguments.program, str(archive), str(victim), str(instant)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60).returncode


class CrashStates(unittest.TestCase):
    """What both crashes need: a straight run, and the record of killed and resumed ones."""

    arguments = None

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        folder = Path(scratch.name).resolve()
        straight = folder / "straight.h5"
        if run(cls.arguments, straight) != 0:
            raise RuntimeError("the straight run failed")
        with h5py.File(straight) as file:
            cls.expected = {name: file[name][()] for name in SNAPSHOT_DATASETS}
        cls.runs = []
        for number, instant in enumerate(KILLS):
            archive = folder / f"run{number}" / "run.h5"
            archive.parent.mkdir()
            cls.runs.append(Recorded(cls.arguments, archive, number % RANKS, instant))
            cls.runs.append(Recorded(cls.arguments, archive, -1, -1))

    def floor_of(self, recorded):
        """What every state of a run must have: nothing of a new one; of a resumed one the snapshots
        up to its checkpoint, for the later ones are withdrawn and written again."""
        snapshots, step = examine(recorded.before.get(recorded.archive), self.expected)
        return min(snapshots, step // 2 + 1 if step >= 0 else 0), step


class Kill(CrashStates):
    def test_after_a_kill_nothing_committed_is_lost(self):
        states = 0
        for recorded in self.runs:
            files, floor = recorded.start(), self.floor_of(recorded)
            withdrawn = False
            for event in recorded.events:
                if event.kind == SYNC:
                    continue
                if event.kind == WRITE and event.sectors() > 1:
                    torn = {path: bytearray(content) for path, content in files.items()}
                    apply(torn, event.torn(event.sectors() // 2))
                    examine(torn.get(recorded.archive), self.expected)
                    states += 1
                apply(files, event)
                found = examine(files.get(recorded.archive), self.expected)
                states += 1
                for what, has, needs in zip(("snapshots", "checkpoint step"), found, floor):
                    self.assertGreaterEqual(has, needs, f"{what} after event {event.number}")
                withdrawn = withdrawn or found[0] == floor[0]
                floor = found if withdrawn else (floor[0], found[1])
        self.assertGreater(states, 300)
        print(f"SIGKILL: {states} states, none bad")


class PowerLoss(CrashStates):
    def states_after_power_loss(self, syncs):
        """(number of states, messages of the bad ones)."""
        states, bad = 0, []
        coin = random.Random(1)
        for number, recorded in enumerate(self.runs):
            disk = Disk(recorded.start())
            floor = self.floor_of(recorded)[0]
            for event in recorded.events:
                disk.note(event, syncs)
                if event.kind == SYNC and syncs:
                    continue
                sure, _ = examine(disk.files.get(recorded.archive), self.expected)
                for _ in range(self.arguments.draws):
                    states += 1
                    left = disk.after_power_loss(coin).get(recorded.archive)
                    try:
                        snapshots, _ = examine(left, self.expected)
                        if snapshots < min(floor, sure):
                            raise Bad(f"{sure} snapshots were synced, {snapshots} are left")
                    except Bad as problem:
                        bad.append(f"run {number}, event {event.number}: {problem}")
                if not recorded.before:
                    floor = max(floor, sure)
        return states, bad

    def test_after_a_power_loss_nothing_synced_is_lost(self):
        states, bad = self.states_after_power_loss(syncs=True)
        self.assertEqual(bad, [])
        self.assertGreater(states, 500)
        print(f"power loss: {states} states, none bad")

    def test_without_syncs_states_are_bad(self):
        states, bad = self.states_after_power_loss(syncs=False)
        self.assertGreater(len(bad), states // 20)
        print(f"power loss without syncs: {len(bad)} of {states} states bad")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("mpirun")
    parser.add_argument("program")
    parser.add_argument("recorder")
    parser.add_argument("--draws", type=int, default=25 if os.environ.get("NTKFLOW_FULL") else 2,
                        help="power losses after every event (default: %(default)s)")
    tests = {"kill": ["Kill"], "power_loss": ["PowerLoss"]}
    parser.add_argument("--crash", choices=tests, help="only after such a crash")
    CrashStates.arguments = parser.parse_args()
    unittest.main(argv=sys.argv[:1] + tests.get(CrashStates.arguments.crash, []))
