"""What a user sees of each class of failure: the exit code of the README's table, and one line that
says what happened, on which rank where it was one, and what to do next.

usage: test_failures.py INJECTOR NTKFLOW

One row a class. More of bad input is in test_refusals, of one rank's failures in test_failing_rank,
of outputs in test_outputs, of full disks in test_no_room, of signals in test_stop, of a lost link in
test_hosts.
"""

import os
import re
import subprocess
import sys
import unittest
from typing import NamedTuple

import faults
import h5py
import numpy as np
import program

GO_ON = "run the same command again"
OTHER_OUTPUT = "choose another output"

SPREAD_OUT = """output = run.h5
[input]
space = points
train_points = points.h5:/x
[target]
kind = file
train_values = points.h5:/y
[reference]
eigenpairs = 2
[network]
layers = fc:20
"""


class Failure(NamedTuple):
    code: int
    words: tuple  # what happened, where, what to do next
    options: tuple = ()  # of `ntkflow run job.ini`
    before: str = ""  # the method of Failures that prepares the folder
    fault: str = ""  # of one rank: see fault_injector.cpp
    command: tuple = ("run", "job.ini")


def settings(*texts):
    return tuple(word for text in texts for word in ("--set", text))


FAILURES = {
    # Refused at the start.
    "unknown option": Failure(64, ("unknown option '--sett'", "did you mean '--set'"),
                              ("--sett", "x=1")),
    "unknown key": Failure(65, ("--set training.sample=3", "did you mean"),
                           settings("training.sample=3")),
    "value out of range": Failure(65, ("job.ini:", "training.samples = 0", "need an integer >= 1"),
                                  before="no_samples"),
    "bad data": Failure(65, ("points.h5:/x", "[2, 1] is nan", "need finite numbers"),
                        before="points_with_nan"),
    "no job file": Failure(66, ("other.ini", "No such file", "check the path"),
                           command=("run", "other.ini")),
    "no data": Failure(66, ("points.h5", "no such file", "correct the path"), before="no_points"),
    "beyond the memory": Failure(71, ("100000000 training points", "GiB", "use more nodes"),
                                 settings("training.samples=100000000")),
    "no folder": Failure(73, ("folder nowhere does not exist", OTHER_OUTPUT),
                         ("--output", "nowhere/run.h5")),
    "no archive": Failure(73, ("run.h5 exists and is no ntkflow archive", OTHER_OUTPUT),
                          before="text_in_the_way"),
    "archive cut short": Failure(73, ("run.h5", "truncated", OTHER_OUTPUT), before="cut_short"),
    "another job's archive": Failure(76, ("run.h5", "training.samples", OTHER_OUTPUT),
                                     settings("training.samples=41"), before="finished"),
    "another format version": Failure(76, ("run.h5 has archive format 2.0.0", "use the version"),
                                      before="other_version"),
    "archive in use": Failure(77, ("run.h5 is in use by", "wait until"), before="in_use"),
    "archive damaged": Failure(74, ("run.h5", "snapshot 3 is damaged", "take a copy or --fresh"),
                               before="damaged", command=("inspect", "--verify", "run.h5")),
    # One rank, in mid-run.
    "one rank: no memory": Failure(71, ("rank 1: not enough memory", "use more ranks"),
                                   fault="1:evaluation:40:no_memory"),
    "one rank: MPI fails": Failure(69, ("rank 1: MPI failed", GO_ON),
                                   fault="1:evaluation:40:fail"),
    "one rank: a write fails": Failure(74, ("rank 1: writing run.h5:/trajectory/", GO_ON),
                                       fault="1:snapshot:9:fail"),
    "one rank: a checkpoint's write fails": Failure(
        74, ("rank 1: writing run.h5:/checkpoint/", GO_ON), fault="1:checkpoint:3:fail"),
    "one rank: a mistake of ours": Failure(
        70, ("rank 1: internal error", "injected fault", "report", GO_ON),
        fault="1:evaluation:40:throw"),
    "one rank: abort": Failure(134, ("rank 1: ended by signal 6, abort", GO_ON),
                               fault="1:evaluation:40:abort"),
    "one rank: segmentation fault": Failure(139, ("rank 1: ended by signal 11", GO_ON),
                                            fault="1:evaluation:40:segv"),
    # A killed rank cannot speak; what to do is in the status file from the start.
    "one rank: killed": Failure(137, ("run.h5.status: STATUS running", "ended without a word", GO_ON),
                                fault="1:evaluation:40:kill"),
    # All ranks, in mid-run.
    "NaN": Failure(78, ("t = ", "not finite", "what is committed is kept", "change the job",
                        OTHER_OUTPUT), settings("flow.integrator=dopri5"), fault="1:evaluation:4:nan"),
    "divergence": Failure(78, ("diverged at iteration", "flow.step = 20 is too large", OTHER_OUTPUT),
                          before="too_large_steps"),
    "kernel overflows": Failure(78, ("the kernel of points 0 and 0", "need a finite number",
                                     "change the job"),
                                settings("network.layers=fc:16:sigma_w=1e200",
                                         "network.activation=relu")),
    "time limit": Failure(75, ("run.h5: everything is committed", GO_ON),
                          ("--max-walltime", "0.2"), before="small_steps"),
}


class Failures(faults.FaultTest):
    def no_samples(self):
        self.write_job(faults.JOB.replace("samples = 40", "samples = 0"))

    def no_points(self):
        self.write_job(SPREAD_OUT)

    def points_with_nan(self):
        self.write_job(SPREAD_OUT)
        points = np.random.default_rng(1).normal(size=(8, 3))
        with h5py.File(self.folder / "points.h5", "w") as file:
            file["y"] = points[:, 0]
            points[2, 1] = np.nan
            file["x"] = points

    def text_in_the_way(self):
        (self.folder / "run.h5").write_text("my thesis")

    def finished(self):
        self.run_job(faults.RANKS, "job.ini")

    def cut_short(self):
        self.finished()
        os.truncate(self.folder / "run.h5", (self.folder / "run.h5").stat().st_size // 2)

    def other_version(self):
        self.finished()
        with h5py.File(self.folder / "run.h5", "r+") as archive:
            archive.attrs.modify("format_version", np.bytes_("2.0.0"))

    def damaged(self):
        self.finished()
        with h5py.File(self.folder / "run.h5", "r+") as archive:
            archive["trajectory/train_residual"][3, 4] += 1

    def in_use(self):
        owner = subprocess.Popen(["flock", "run.h5.lock", "sleep", "60"], cwd=self.folder)
        self.addCleanup(owner.wait)
        self.addCleanup(owner.kill)
        while subprocess.run(["flock", "--nonblock", "run.h5.lock", "true"],
                             cwd=self.folder).returncode == 0:
            self.assertIsNone(owner.poll())

    def too_large_steps(self):
        self.write_job(program.CIRCLE.replace("rkc\ntolerance = 1e-5", "gradient_descent\nstep = 20")
                       .replace("t_end = 40", "t_end = 2000"))

    def small_steps(self):
        self.write_job(program.CIRCLE.replace("rkc\ntolerance = 1e-5",
                                              "gradient_descent\nstep = 0.0005"))

    def start(self, failure):
        arguments = (*failure.command, *failure.options)
        if failure.fault:
            return self.run_program(self.command(failure.fault, *arguments[1:]))
        return self.run_program(program.mpirun(faults.RANKS, *arguments))

    def lines(self, done, code):
        """Those that are for the user: of a stopped run, of a killed one, of all others."""
        if code == 75:
            return re.findall("^STATUS stopped .*", done.stdout, re.MULTILINE)
        if code == 137:
            return ["run.h5.status: " + (self.folder / "run.h5.status").read_text()]
        return re.findall("^ntkflow: .*", done.stderr, re.MULTILINE)

    def test_each_says_what_where_and_what_next(self):
        for name, failure in FAILURES.items():
            with self.subTest(name):
                for left in self.folder.iterdir():
                    left.unlink()
                self.write_job(faults.JOB)
                if failure.before:
                    getattr(self, failure.before)()

                done = self.start(failure)

                said = done.stdout + done.stderr
                self.assertEqual(done.returncode, failure.code, said)
                lines = self.lines(done, failure.code)
                self.assertEqual(len(lines), 1, said)
                for word in failure.words:
                    self.assertIn(word, lines[0])

    def test_what_a_failed_rank_leaves_goes_on(self):
        self.write_job(faults.JOB)
        self.run_job(faults.RANKS, "job.ini", "--output", "straight.h5")
        for name in ("no memory", "MPI fails", "a write fails"):
            failure = FAILURES[f"one rank: {name}"]
            self.assertEqual(self.start(failure).returncode, failure.code)
        self.run_job(faults.RANKS, "job.ini")
        self.assert_same("straight.h5", "run.h5")

    def test_the_table_of_the_readme_has_every_exit_code(self):
        readme = (program.SOURCE / "README.md").read_text()
        table = readme[readme.index("Exit codes:"):].split("\n\n")[1]
        documented = {int(code) for code in re.findall(r"\| (\d+) \|", table)}
        header = (program.SOURCE / "include/ntkflow/base/error.hpp").read_text()
        defined = {int(code) for code in re.findall(r"^  \w+ = (\d+),", header, re.MULTILINE)}
        signals = {128 + number for number in (6, 9, 11)}
        tried = {failure.code for failure in FAILURES.values()} - signals

        self.assertEqual(documented, defined)
        self.assertEqual(defined, tried | {0})


if __name__ == "__main__":
    faults.INJECTOR = sys.argv.pop(1)
    unittest.main()
