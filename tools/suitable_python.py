"""Import it first: starts the script again under a Python that has what our tools need, where the
one that started it lacks it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

if any(importlib.util.find_spec(module) is None for module in ("h5py", "numpy", "matplotlib")):
    find = Path(__file__).with_name("find_python")
    found = subprocess.run([find], stdout=subprocess.PIPE, text=True)
    if found.returncode != 0:
        sys.exit(found.returncode)
    python = found.stdout.strip()
    os.execv(python, [python, *sys.argv])
