"""An archive that version 1.0.0 of the format wrote stays readable, with the same values; another
major version is refused by every reader.

usage: test_golden.py NTKFLOW            checks
       test_golden.py --make NTKFLOW     writes golden/circle-VERSION.h5.gz and .json anew
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
import program

from ntkflow_archive import Archive, ArchiveError

GOLDEN = Path(__file__).parent / "golden"
MISMATCH = 76


def digests(path):
    """Shape and SHA-256 of every dataset's values."""
    found = {}

    def collect(name, item):
        if isinstance(item, h5py.Dataset):
            values = np.ascontiguousarray(item[()])
            found[name] = [list(item.shape), hashlib.sha256(values.tobytes()).hexdigest()]

    with h5py.File(path, "r", locking=False) as file:
        file.visititems(collect)
    return found


class Golden(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.expected = json.loads((GOLDEN / "circle-1.0.0.json").read_text())
        with gzip.open(GOLDEN / "circle-1.0.0.h5.gz") as packed:
            (self.folder / "circle.h5").write_bytes(packed.read())

    def ntkflow(self, *arguments):
        return self.run_program([program.NTKFLOW, *arguments])

    def test_it_has_its_values(self):
        self.assertEqual(digests(self.folder / "circle.h5"), self.expected["datasets"])
        archive = Archive(self.folder / "circle.h5")
        np.testing.assert_array_equal(archive.read_snapshots("snapshot/loss"),
                                      self.expected["loss"])
        sigma, _ = archive.eigenpairs("analytic")
        np.testing.assert_array_equal(sigma[:5], self.expected["sigma"])

    def test_the_program_reads_it(self):
        done = self.ntkflow("inspect", "--verify", "circle.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("all of them good; complete", done.stdout)
        done = self.ntkflow("pack", "circle.h5", "packed.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(digests(self.folder / "packed.h5"), self.expected["datasets"])

    def test_later_minor_versions_are_read_and_other_majors_refused(self):
        for version, code in (("1.9.3", 0), ("2.0.0", MISMATCH), ("0.9.0", MISMATCH)):
            with h5py.File(self.folder / "circle.h5", "r+") as file:
                file.attrs.modify("format_version", np.bytes_(version))
            done = self.ntkflow("inspect", "--verify", "circle.h5")
            self.assertEqual(done.returncode, code, done.stderr)
            if code == 0:
                Archive(self.folder / "circle.h5").file.close()
                continue
            self.assertIn(f"has archive format {version}, this program reads 1.x", done.stderr)
            with self.assertRaisesRegex(ArchiveError, f"format version {version}, this reads 1.x"):
                Archive(self.folder / "circle.h5")


def make():
    with tempfile.TemporaryDirectory() as folder:
        job, output = Path(folder, "job.ini"), Path(folder, "circle.h5")
        job.write_text(program.CIRCLE.replace("points = 96", "points = 24").replace(
            "eigenpairs = 21", "eigenpairs = 9").replace("fc:48", "fc:8").replace("fc:32", "fc:8"))
        subprocess.run(program.mpirun(2, "run", job, "--output", output), check=True)
        with h5py.File(output) as file:
            version = file.attrs["format_version"].decode()
        archive = Archive(output)
        values = {"loss": list(archive.read_snapshots("snapshot/loss")),
                  "sigma": list(archive.eigenpairs("analytic")[0][:5]), "datasets": digests(output)}
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / f"circle-{version}.json").write_text(json.dumps(values, indent=1) + "\n")
        with open(output, "rb") as file, gzip.open(GOLDEN / f"circle-{version}.h5.gz", "wb") as packed:
            shutil.copyfileobj(file, packed)


if __name__ == "__main__":
    make() if sys.argv[1:2] == ["--make"] else unittest.main()
