"""The programs that measure: ours, built when asked for, and the virtual environment of the peers."""

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def build(folder, name):
    """Configures `folder` with NTKFLOW_BENCH and builds the program there; its path."""
    configure = ["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "-DNTKFLOW_BENCH=ON"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--target", name], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / "tools/bench" / name


def peer_python():
    """The virtual environment's Python; made when it is not there or other packages are asked."""
    wanted = (HERE / "requirements.txt").read_text()
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "ntkflow/neural-tangents")
    mark = folder / "installed.txt"
    if not mark.exists() or mark.read_text() != wanted:
        subprocess.run(["python3.11", "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "--quiet", "-r", HERE / "requirements.txt"],
                       check=True)
        mark.write_text(wanted)
    return folder / "bin/python"
