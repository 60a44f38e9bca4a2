"""Runs the program as a user does: a job file, mpirun, an archive."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tools"))

from ntkflow_archive import Archive, ArchiveError  # noqa: E402

NTKFLOW = sys.argv.pop() if len(sys.argv) > 1 else None

CIRCLE = """title = a small circle
seed = 3
output = run.h5

[input]
space = circle

[target]
kind = cosines
frequencies = 1, 3

[reference]
points = 96
eigenpairs = 21

[training]
samples = 40

[network]
layers = fc:48:sigma_b=0.5:bias=random, fc:32
activation = tanh

[flow]
integrator = rkc
tolerance = 1e-5
t_end = 40
snapshots = 12
"""

# Every integrator, as lines of [flow]; the second is ETD4, which a tight tolerance asks for.
INTEGRATORS = {
    "exponential": "integrator = exponential\ntolerance = 1e-3\n",
    "exponential_4": "integrator = exponential\ntolerance = 1e-5\n",
    "rkc": "integrator = rkc\ntolerance = 1e-4\n",
    "dopri5": "integrator = dopri5\ntolerance = 1e-5\n",
    "gradient_descent": "integrator = gradient_descent\nstep = 0.5\n",
    "linearised": "integrator = linearised\n",
}


def with_integrator(job, name):
    """A job of integrator rkc with another one."""
    return job.replace("integrator = rkc\ntolerance = 1e-5\n", INTEGRATORS[name])


DIGITS = f"""title = fours and nines
seed = 2
output = run.h5

[input]
space = dataset
dataset = mnist
path = {SOURCE}/jobs/mnist/data
classes = 4, 9

[target]
kind = labels

[reference]
rule = sample
points = 150
eigenpairs = 20

[training]
samples = 60

[network]
layers = fc:64, fc:64
activation = relu

[flow]
t_end = 300
snapshots = 8
"""


def mpirun(ranks, *arguments):
    return ["mpirun", "-n", str(ranks), NTKFLOW, *map(str, arguments)]


def skip_all(why):
    """Ends the script before its tests, when there is a reason; ctest reports it as skipped."""
    if why:
        print(f"skipped: {why}")
        sys.exit(0)


def committed(path):
    """Snapshots of an archive, which need not be there."""
    try:
        return Archive(path).snapshots
    except ArchiveError:
        return 0


def datasets(path):
    """Everything but /runs and the checkpoint slots, which tell how often it was started, /config,
    which has the name of the output, and wall times."""
    other = ("runs", "checkpoint", "config", "integrator/seconds")
    found = {}
    with h5py.File(path, "r") as file:
        def keep(name, item):
            if isinstance(item, h5py.Dataset) and not name.startswith(other):
                found[name] = item[()]
        file.visititems(keep)
    return found


def ranks_of(run):
    """Process ids of the ranks of a mpirun that was started with Popen."""
    ranks = subprocess.run(["pgrep", "-P", str(run.pid)], text=True, stdout=subprocess.PIPE).stdout
    return [int(pid) for pid in ranks.split()]


def kill(run):
    """SIGKILL to a mpirun that was started with Popen, and to every one of its ranks."""
    for pid in [run.pid, *ranks_of(run)]:
        os.kill(pid, signal.SIGKILL)
    run.wait()


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own, removed at the end."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def write_job(self, text, name="job.ini"):
        (self.folder / name).write_text(text)
        return name

    def wait_for_snapshots(self, run, count, *paths):
        """Until each archive has so many; fails when the Popen ends before."""
        deadline = time.monotonic() + 60
        while min(map(committed, paths)) < count:
            self.assertIsNone(run.poll(), "ended too soon")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def run_program(self, command, folder=None, timeout=120):
        return subprocess.run(command, cwd=folder or self.folder, text=True, timeout=timeout,
                              capture_output=True, stdin=subprocess.DEVNULL)

    def run_job(self, ranks, *arguments, expect=0, timeout=120):
        done = self.run_program(mpirun(ranks, "run", *arguments), timeout=timeout)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def assert_same(self, one, other):
        """Two archives of the folder, dataset by dataset and bit by bit."""
        a, b = datasets(self.folder / one), datasets(self.folder / other)
        self.assertEqual(a.keys(), b.keys())
        for name in a:
            np.testing.assert_array_equal(a[name], b[name], name)
