"""tools/check_rooms.py finds each kind of hole in a wall, and names its place."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parents[2] / "tools/check_rooms.py"


def check(files):
    """Runs the check on a source tree of these files; returns (exit code, output)."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        command = [sys.executable, CHECK, "--root", root]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stdout


class CheckRooms(unittest.TestCase):
    def assert_found(self, files, message):
        code, output = check(files)
        self.assertEqual(code, 1, output)
        self.assertIn(message, output)

    def test_accepts_a_tree_that_keeps_to_its_walls(self):
        code, output = check({
            "include/ntkflow/linalg/a.hpp": '#include "ntkflow/parallel/b.hpp"\n',
            "src/linalg/a.cpp": '#include "ntkflow/linalg/a.hpp"\npdsyevd_();  // MPI_Send\n',
            "src/parallel/b.cpp": "#include <mpi.h>\n",
        })

        self.assertEqual(code, 0, output)

    def test_finds_an_include_of_a_room_out_of_sight(self):
        self.assert_found({"src/base/a.cpp": '\n#include "ntkflow/app/run_job.hpp"\n'},
                          "src/base/a.cpp:2: base includes app")

    def test_finds_an_include_of_the_inside_of_another_room(self):
        self.assert_found({"src/app/a.cpp": '#include "linalg/scalapack.hpp"\n'},
                          "src/app/a.cpp:1: app includes the inside of linalg")

    def test_finds_an_unknown_room(self):
        self.assert_found({"src/cellar/a.cpp": "int a;\n"}, "src/cellar/a.cpp:1: cellar is no room")

    def test_finds_a_library_outside_its_room(self):
        for line, library in (("#include <mpi.h>", "MPI"),
                              ("MPI_Barrier(comm);", "MPI"),
                              ("pdsyevd_(a, b);", "BLACS/ScaLAPACK"),
                              ("Cblacs_gridexit(c);", "BLACS/ScaLAPACK"),
                              ("H5Fclose(file);", "HDF5"),
                              ("#include <hdf5.h>", "HDF5"),
                              ("boost::program_options::variables_map m;", "Boost")):
            self.assert_found({"src/kernel/a.cpp": line + "\n"}, f"is a name of {library}")

    def test_finds_a_source_whose_own_header_is_not_first(self):
        self.assert_found({"include/ntkflow/base/a.hpp": "\n",
                           "src/base/a.cpp": '#include <vector>\n#include "ntkflow/base/a.hpp"\n'},
                          'src/base/a.cpp:1: the first include must be "ntkflow/base/a.hpp"')

    def test_finds_a_name_of_two_types(self):
        pair = {"src/network/a.hpp": "class Pass;\nstruct Pass {\n};\n"}
        self.assert_found(pair | {"src/kernel/b.hpp": "\nclass Pass final : Base {\n"},
                          "src/network/a.hpp:2: b.hpp of kernel has a type Pass as well")
        local = "namespace {\nclass Pass {\n};\n}  // namespace\nstruct Pass::Inside {\n};\n"
        self.assertEqual(check(pair | {"src/kernel/b.cpp": local})[0], 0)

    def test_an_empty_tree_is_a_failure(self):
        self.assertEqual(check({})[0], 1)


if __name__ == "__main__":
    unittest.main()
