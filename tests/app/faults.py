"""Runs of the program of which a rank fails at a chosen point of its work; see fault_injector.cpp."""

import os
import subprocess
import time

import program

INJECTOR = None  # the shared library, from the command line

POINTS = {"creation": 1, "spectrum": 1, "evaluation": 40, "snapshot": 9, "checkpoint": 3, "close": 1}

# A checkpoint after every step, or nearly: one that is due after the last snapshot only would leave
# nothing for the next start to do.
JOB = program.CIRCLE.replace("t_end = 40", "t_end = 100").replace("1e-5", "1e-4") + (
    "\n[checkpoint]\nevery = 0.001\n")

RANKS = 2


class FaultTest(program.ProgramTest):
    def command(self, fault, *arguments, ranks=RANKS):
        start = program.mpirun(ranks, "run", *arguments)
        return [start[0], "-x", f"LD_PRELOAD={INJECTOR}", "-x", f"NTKFLOW_FAULT={fault}", *start[1:]]

    def run_with_fault(self, rank, point, count, action, *arguments, ranks=RANKS,
                       timeout=120):
        """The run's end, or None when it was through before the fault. With mpirun killed, ranks
        may outlive it by a moment."""
        done = self.run_program(self.command(f"{rank}:{point}:{count}:{action}", *arguments,
                                             ranks=ranks), timeout=timeout)
        if action == "mpirun":
            self.wait_for_ranks(arguments)
        return done if done.returncode != 0 else None

    def wait_for_ranks(self, arguments, seconds=30):
        """Until nobody runs the program in this folder any more."""
        deadline = time.monotonic() + seconds
        while any(self.is_here(pid) for pid in filter(str.isdigit, os.listdir("/proc"))):
            self.assertLess(time.monotonic(), deadline, f"{arguments}: ranks outlive mpirun")
            time.sleep(0.05)

    def is_here(self, pid):
        try:
            return (os.readlink(f"/proc/{pid}/exe") == os.path.realpath(program.NTKFLOW) and
                    os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(self.folder))
        except OSError:
            return False
