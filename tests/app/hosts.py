"""Hosts of their own on this machine: network namespaces with an address each, joined by a bridge."""

import os
import shutil
import subprocess
from pathlib import Path

# mpirun starts its daemons with this instead of ssh: AGENT HOST COMMAND...
AGENT = """#!/bin/bash
host=$1; shift
exec ip netns exec "$host" unshare --uts bash -c 'hostname "$0"; exec bash -c "$*"' "$host" "$@"
"""

# A silent connection between mpirun and its daemons is probed after 5 s and given up 3 s later; by
# default after 5 minutes and 3 more.
KEEPALIVE = {"oob_tcp_keepalive_time": 5, "oob_tcp_keepalive_intvl": 1,
             "oob_tcp_keepalive_probes": 3}


def call(*command):
    subprocess.run(command, check=True, capture_output=True)


def missing():
    """Why there can be no namespaces here, or nothing."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return "needs root and ip (iproute2)"
    probe = f"ntkflow-probe-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True).returncode:
        return "network namespaces are not permitted here"
    bridge = subprocess.run(["ip", "-n", probe, "link", "add", "bridge0", "type", "bridge"],
                            capture_output=True).returncode
    call("ip", "netns", "del", probe)
    return "bridges are not permitted here" if bridge else ""


class Hosts:
    """Made by `with`, removed at its end. names: of the hosts, the first of which starts mpirun."""

    def __init__(self, folder, count):
        tag = f"n{os.getpid() % 100000}"
        self.switch = f"{tag}s"
        self.names = [f"{tag}h{i}" for i in range(count)]
        self.agent = Path(folder, "agent")

    def __enter__(self):
        self.agent.write_text(AGENT)
        self.agent.chmod(0o755)
        call("ip", "netns", "add", self.switch)
        call("ip", "-n", self.switch, "link", "add", "bridge", "type", "bridge")
        call("ip", "-n", self.switch, "link", "set", "bridge", "up")
        table = "127.0.0.1 localhost\n" + "".join(
            f"10.77.0.{i + 1} {name}\n" for i, name in enumerate(self.names))
        for i, name in enumerate(self.names):
            etc = Path("/etc/netns", name)  # `ip netns exec` lays it over /etc
            etc.mkdir(parents=True)
            (etc / "hosts").write_text(table)
            call("ip", "netns", "add", name)
            call("ip", "-n", name, "link", "set", "lo", "up")
            call("ip", "-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", name,
                 "netns", self.switch)
            call("ip", "-n", self.switch, "link", "set", name, "master", "bridge", "up")
            call("ip", "-n", name, "addr", "add", f"10.77.0.{i + 1}/24", "dev", "eth0")
            call("ip", "-n", name, "link", "set", "eth0", "up")
        return self

    def __exit__(self, *_):
        for name in [*self.names, self.switch]:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
            shutil.rmtree(Path("/etc/netns", name), ignore_errors=True)

    def cut(self, name):
        """Takes a host's link down."""
        call("ip", "-n", self.switch, "link", "set", name, "down")

    def mpirun(self, ranks, *command):
        """A command line that starts so many ranks, dealt to the hosts in turn."""
        start = ["ip", "netns", "exec", self.names[0], "unshare", "--uts", "bash", "-c",
                 f'hostname {self.names[0]}; exec "$0" "$@"', "mpirun", "-n", str(ranks)]
        options = {"plm_rsh_agent": self.agent, "btl": "tcp,self", "pml": "ob1",
                   "oob_tcp_if_include": "eth0", "btl_tcp_if_include": "eth0"} | KEEPALIVE
        for name, value in options.items():
            start += ["--mca", name, str(value)]
        hosts = ",".join(f"{name}:{ranks}" for name in self.names)
        return [*start, "--host", hosts, "--map-by", "node", *map(str, command)]
