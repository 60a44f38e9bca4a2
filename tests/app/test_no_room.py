"""A full disk, a limit on file sizes, a read-only folder, an archive in use: refused at the start or
an error, never a false commit. (A limit on file sizes from the start, under which Open MPI hangs, is
in archive.test_output.)

usage: test_no_room.py NTKFLOW
"""

import contextlib
import os
import resource
import signal
import subprocess
import unittest

import h5py
import numpy as np
import program

from ntkflow_archive import Archive

CANNOT_CREATE, IO_FAILED, NO_PERMISSION = 73, 74, 77

SLOW = program.CIRCLE.replace("rkc\ntolerance = 1e-5", "gradient_descent\nstep = 0.1").replace(
    "snapshots = 12", "snapshots = 100")


class NoRoom(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.write_job(SLOW)

    def refused(self, code, words, *arguments):
        done = self.run_program(program.mpirun(2, "run", "job.ini", *arguments))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.startswith("ntkflow: ")]
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    @contextlib.contextmanager
    def small_disk(self, kibibytes):
        folder = self.folder / "disk"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "none", str(folder)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            self.skipTest("mounting a tmpfs is not permitted here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)

    def start(self, *arguments):
        return subprocess.Popen(program.mpirun(2, "run", "job.ini", *arguments), cwd=self.folder,
                                text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def test_a_disk_too_small_is_refused_at_the_start(self):
        with self.small_disk(300) as folder:
            self.refused(CANNOT_CREATE, ["needs", "free", "MiB"], "--output", folder / "run.h5")
            self.assertEqual([p for p in folder.iterdir() if "lock" not in p.name], [])

    def test_a_disk_that_others_fill_does_no_harm(self):
        self.run_job(2, "job.ini", "--output", "straight.h5")
        with self.small_disk(8192) as folder:
            run = self.start("--output", folder / "run.h5")
            self.wait_for_snapshots(run, 2, folder / "run.h5")
            with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as filler:
                while filler.write(bytes(65536)):
                    pass
            said, _ = run.communicate(timeout=120)
            self.assertEqual(run.returncode, 0, said)
            self.assert_same("straight.h5", folder / "run.h5")

    def test_writes_that_fail_in_mid_run_commit_nothing(self):
        self.run_job(2, "job.ini", "--output", "straight.h5")
        run = self.start()
        self.wait_for_snapshots(run, 2, self.folder / "run.h5")
        for pid in program.ranks_of(run):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
        said, _ = run.communicate(timeout=120)
        self.assertEqual(run.returncode, IO_FAILED, said)
        self.assertRegex(said, r"ntkflow: rank [01]: .*run the same command again")

        archive = Archive(self.folder / "run.h5")
        with h5py.File(self.folder / "straight.h5") as straight:
            for name in ("snapshot/time", "trajectory/train_residual"):
                np.testing.assert_array_equal(archive.read_snapshots(name),
                                              straight[name][: archive.snapshots])
        archive.file.close()
        self.run_job(2, "job.ini")
        self.assert_same("straight.h5", "run.h5")

    def test_a_read_only_folder(self):
        with self.small_disk(8192) as folder:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            self.refused(NO_PERMISSION, ["no permission", "choose another output"], "--output",
                         folder / "run.h5")

    def test_two_runs_on_one_archive(self):
        run = self.start()
        self.wait_for_snapshots(run, 2, self.folder / "run.h5")
        ranks = program.ranks_of(run)
        for pid in ranks:
            os.kill(pid, signal.SIGSTOP)  # so that it is not through before the other begins
        self.refused(NO_PERMISSION, ["run.h5", "in use by process", "wait until"])
        for pid in ranks:
            os.kill(pid, signal.SIGCONT)
        said, _ = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 0, said)


if __name__ == "__main__":
    unittest.main()
