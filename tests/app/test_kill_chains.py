"""SIGKILL to one rank, to all ranks, to mpirun, in every phase: what is committed stays, and the
same command, again and again, ends with the archive of a run that nobody killed.

usage: test_kill_chains.py INJECTOR NTKFLOW

With NTKFLOW_FULL in the environment the random chains have 200 kills.
"""

import os
import random
import sys
import unittest

import faults
import numpy as np
import program

from ntkflow_archive import Archive

KILLS = 200 if os.environ.get("NTKFLOW_FULL") else 14
WHO = {"one rank": ("0", "kill"), "another rank": ("1", "kill"), "all ranks": ("*", "kill"),
       "mpirun": ("0", "mpirun")}

SWEEP = faults.JOB.replace("output = run.h5", "output = sweep.h5").replace("seed = 3\n", "") + (
    "\n[sweep]\nseed = 1, 2, 3\ngroups = 2\n")


class KillChains(faults.FaultTest):
    def straight(self, job):
        (self.folder / "straight.h5").unlink(missing_ok=True)
        self.write_job(job)
        self.run_job(faults.RANKS, "job.ini", "--output", "straight.h5")

    def check_committed(self, path):
        """Of a killed run: it is not there yet, or every committed snapshot has its values."""
        if not path.exists():
            return
        archive, straight = Archive(path), Archive(self.folder / "straight.h5")
        for name in ("snapshot/time", "trajectory/train_residual"):
            np.testing.assert_array_equal(archive.read_snapshots(name),
                                          straight.file[name][: archive.snapshots])

    def test_every_phase(self):
        self.straight(faults.JOB)
        for name, (rank, action) in WHO.items():
            with self.subTest(name):
                (self.folder / "run.h5").unlink(missing_ok=True)
                for point, count in faults.POINTS.items():
                    done = self.run_with_fault(rank, point, count, action, "job.ini")
                    if action == "kill":  # without mpirun, ranks may go on to the end
                        self.assertIsNotNone(done, f"{point} was not reached")
                    self.check_committed(self.folder / "run.h5")
                self.run_job(faults.RANKS, "job.ini")
                self.assert_same("straight.h5", "run.h5")

    def kill_at_random(self, coin, kills, *arguments):
        """Kills and resumes until a start is through; so many kills at most. How many it were."""
        for done in range(kills):
            rank, action = coin.choice(list(WHO.values()))
            point = coin.choice(list(faults.POINTS))
            count = 1 + coin.randrange(3 * faults.POINTS[point])
            if self.run_with_fault(rank, point, count, action, *arguments) is None:
                return done
        return kills

    def test_random_instants_of_every_integrator(self):
        coin, killed = random.Random(4), 0
        for name in program.INTEGRATORS:
            with self.subTest(name):
                self.straight(faults.JOB.replace(
                    "integrator = rkc\ntolerance = 1e-4\n", program.INTEGRATORS[name]))
                wanted = max(1, KILLS * 3 // 4 // len(program.INTEGRATORS))
                while wanted > 0:
                    (self.folder / "run.h5").unlink(missing_ok=True)
                    kills = self.kill_at_random(coin, wanted, "job.ini")
                    self.check_committed(self.folder / "run.h5")
                    self.run_job(faults.RANKS, "job.ini")
                    self.assert_same("straight.h5", "run.h5")
                    killed, wanted = killed + kills, wanted - kills
        print(f"{killed} kills, every archive as without")

    def test_random_instants_of_a_sweep(self):
        self.write_job(SWEEP)
        self.run_job(faults.RANKS, "job.ini", "--output", "straight")
        coin, killed, round_number = random.Random(5), 0, 0
        while killed < KILLS // 4:
            output = f"killed{round_number}"
            killed += self.kill_at_random(coin, KILLS // 4 - killed, "job.ini", "--output", output)
            self.run_job(faults.RANKS, "job.ini", "--output", output)
            for seed in (1, 2, 3):
                self.assert_same(f"straight/seed={seed}/run.h5", f"{output}/seed={seed}/run.h5")
            round_number += 1
        print(f"sweep: {killed} kills, every member as without")


if __name__ == "__main__":
    faults.INJECTOR = sys.argv.pop(1)
    unittest.main()
