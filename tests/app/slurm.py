"""A Slurm of its own on this machine: munge, controller and one node, in a scratch folder."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol")

# cred_expire, of which 5 s are the least, is also how long a requeued job waits.
CONFIGURATION = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock,cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1
KillWait=5
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """Why there can be no Slurm here, or nothing."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    return f"needs {', '.join(absent)} (slurm-wlm, munge)" if absent else ""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def end(pid, seconds=30):
    """SIGTERM to a daemon, and its end."""
    deadline = time.monotonic() + seconds
    try:
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.1)
    except ProcessLookupError:
        return
    raise TimeoutError(f"process {pid} goes on after SIGTERM")


class Slurm:
    """Started by `with`, stopped at its end."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.environment = os.environ | {"SLURM_CONF": str(self.folder / "slurm.conf")}

    def __enter__(self):
        self.folder.chmod(0o755)  # munged wants to reach its socket
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], folder=self.folder, cpus=os.cpu_count(),
            controller_port=free_port(), node_port=free_port()))
        self.call("munged", "--force", f"--socket={self.folder}/munge.sock", f"--key-file={key}",
                  *(f"--{name}-file={self.folder}/munge.{name}" for name in ("pid", "log", "seed")))
        self.call("slurmctld")
        self.call("slurmd")
        self.wait_for(lambda: "idle" in self.call("sinfo", "--noheader"), "an idle node", 60)
        return self

    def __exit__(self, *_):
        for name in ("slurmd", "slurmctld", "munge"):
            pid = self.folder / f"{name}.pid"
            if pid.exists():
                end(int(pid.read_text()))

    def call(self, *command, **options):
        done = subprocess.run(command, env=self.environment, text=True, capture_output=True,
                              timeout=60, **options)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def submit(self, script, folder):
        return self.call("sbatch", "--parsable", str(script), cwd=folder).strip()

    def job(self, number):
        """What `scontrol show job` says of a job."""
        words = self.call("scontrol", "show", "job", number).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def wait_for(self, reached, what, seconds):
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} after {seconds} s")
            time.sleep(0.5)
