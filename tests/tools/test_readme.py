"""What the READMEs say can be done: commands run as written, files that they name are there, and the
page of keys is what the program prints.

usage: test_readme.py NTKFLOW
"""

import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
NTKFLOW = Path(sys.argv.pop()).resolve() if len(sys.argv) > 1 else None

from open_mpi import ENVIRONMENT  # noqa: E402

READMES = sorted([ROOT / "README.md", *ROOT.glob("jobs/**/README.md")])
PROGRAM = "build/release/ntkflow"


def commands(readme):
    """Lines of indented blocks that begin like a command, without their comments; a line that ends
    with a backslash goes on."""
    for line in readme.read_text().replace("\\\n", " ").splitlines():
        if re.match(r"    (tools/|mpirun |cmake )", line):
            yield re.split(r"\s+#", line.strip())[0]


def run(command, folder):
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


class Readmes(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        for name in ("jobs", "tools"):
            (self.folder / name).symlink_to(ROOT / name)
        (self.folder / "build/release").mkdir(parents=True)
        (self.folder / PROGRAM).symlink_to(NTKFLOW)

    def assert_runs(self, command):
        done = run(command, self.folder)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}")

    def test_the_first_job_its_picture_and_its_projection_are_made_as_written(self):
        first = [c for c in commands(ROOT / "README.md") if "circle.h5" in c]
        self.assertEqual(len(first), 2)

        for command in first:
            self.assert_runs(shlex.split(command))

        self.assertTrue(list(self.folder.glob("*.png")))

        recomputed = next(block for block in self.blocks_in_python() if "projection" in block)
        done = run(["env", f"PYTHONPATH={ROOT}/tools", sys.executable, "-c", recomputed], self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertLess(float(done.stdout), 1e-12)

    def blocks_in_python(self):
        """The README's indented blocks that begin with an import, unindented."""
        for block in re.findall(r"(?m)(?:^    .*\n|^\n)+", (ROOT / "README.md").read_text()):
            lines = [line[4:] for line in block.strip("\n").splitlines()]
            if lines and re.match("(from|import) ", lines[0]):
                yield "\n".join(lines) + "\n"

    def test_points_weights_and_kernel_from_numpy_make_a_run(self):
        python, job = next(block for block in self.blocks_in_python()
                           if "numpy.load" in block).split("[input]", 1)
        (self.folder / "job.ini").write_text(f"[input]{job}")
        random = np.random.default_rng(1)
        x, half = random.normal(size=(30, 3)), random.normal(size=4 * 64)
        kernel = x @ x.T + np.diag(np.linspace(1, 2, 30))
        for name, values in (("x", x), ("y", x[:, 0]), ("theta", np.concatenate([half, half])),
                             ("kernel", kernel)):
            np.save(self.folder / f"{name}.npy", values)

        self.assert_runs([sys.executable, "-c", python])
        self.assert_runs(["mpirun", "-n", "2", PROGRAM, "run", "job.ini", "--output", "run.h5"])

        with h5py.File(self.folder / "run.h5") as archive:
            np.testing.assert_array_equal(archive["points/train"], x)
            np.testing.assert_allclose(archive["spectrum/analytic/eigenvalue"],
                                       np.linalg.eigvalsh(kernel)[::-1][:10] / 30,
                                       rtol=1e-10)

    def test_every_job_is_accepted_as_written(self):
        for readme in READMES:
            for command in commands(readme):
                words = shlex.split(command)
                if words[0] != "mpirun" or "DIR" in command:
                    continue
                with self.subTest(readme=readme.name, command=command):
                    first = words.index(PROGRAM)
                    job = words[first + 2]
                    settings = [w for i, w in enumerate(words) if "--set" in words[i - 1:i + 1]]
                    self.assert_runs([PROGRAM, "validate", job, *settings])

    def test_every_batch_script_starts_a_job_that_is_accepted(self):
        stub = self.folder / "validate"
        stub.write_text(f'#!/bin/sh\nshift\nexec "{NTKFLOW}" validate "$@"\n')
        stub.chmod(0o755)
        (self.folder / "data_batch_1.bin").write_bytes(bytes(3073 * 2000))  # stands for CIFAR-10
        scripts = sorted(ROOT.glob("jobs/*/job.sbatch"))
        self.assertEqual([script.parent for script in scripts],
                         sorted(readme.parent for readme in ROOT.glob("jobs/*/README.md")))
        for script in scripts:
            last = re.search(r"--array=0-(\d+)", script.read_text())
            for index in range(int(last[1]) + 1 if last else 1):
                with self.subTest(script=script.parent.name, index=index):
                    self.assert_runs(["env", f"NTKFLOW={stub}", "NTKFLOW_MPIRUN=env",
                                      f"SLURM_ARRAY_TASK_ID={index}", f"MNIST={ROOT}/jobs/mnist/data",
                                      f"CIFAR10={self.folder}", "bash", script])

    def test_every_tool_and_experiment_that_is_named_is_there(self):
        names = run(["tools/run_jobs", "--list"], self.folder).stdout.split()
        for readme in READMES:
            for command in commands(readme):
                words = shlex.split(command)
                with self.subTest(readme=str(readme), command=command):
                    if words[0].startswith("tools/"):
                        self.assertTrue((ROOT / words[0]).exists())
                    if words[0] == "tools/run_jobs":
                        given = [w for w in words[1:] if not re.search("^-|[/=]", w)]
                        self.assertLessEqual(set(given) - {"NAME"}, set(names))

    def test_links_lead_somewhere(self):
        for readme in READMES:
            for target in re.findall(r"\]\(([^)#:]+)\)", readme.read_text()):
                with self.subTest(readme=str(readme), target=target):
                    self.assertTrue((readme.parent / target).exists())

    def test_the_page_of_keys_is_what_the_program_prints(self):
        printed = run([PROGRAM, "keys"], self.folder).stdout

        self.assertEqual((ROOT / "jobs/keys.txt").read_text(), printed,
                         "make it anew: build/release/ntkflow keys > jobs/keys.txt")


if __name__ == "__main__":
    unittest.main()
