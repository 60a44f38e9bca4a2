#!/usr/bin/env python3
"""Checks that the rooms of the source keep to their walls.

A room is a folder of include/ntkflow and src. Checked: a file includes only the rooms that its own
may see, and of their insides in src nothing; the names of a third-party library stay in the rooms
that wrap it; src/ROOM/THING.cpp includes its own header first, so that compiling it proves that the
header stands alone; no two types share a name, of which the linker would silently mix the functions.

Prints one line a finding, FILE:LINE: what; exit 1 when there is one.
"""

import argparse
import re
import sys
from pathlib import Path

# In the order in which data walks through them: a room sees the rooms of its line, and itself.
ROOMS = {
    "base": "",
    "parallel": "base",
    "input": "base",
    "network": "base",
    "kernel": "base input network",
    "config": "base input network kernel",
    "linalg": "base parallel",
    "spectrum": "base parallel linalg input network kernel",
    "flow": "base parallel linalg input network kernel spectrum",
    "observe": "base parallel linalg input network kernel spectrum flow",
    "archive": "base parallel linalg",
    "app": "base parallel input network kernel config linalg spectrum flow observe archive",
}

# Headers of a room's inside that others may include: these are not for those who use the library.
SHARED_INSIDE = {"base/vector_math.hpp"}

# Library: (what its use looks like in code, rooms or files that may use it).
LIBRARIES = {
    "MPI": (r"<mpi\.h>|\bMPI_\w+", {"linalg/elpa", "linalg/scalapack", "parallel", "archive", "app/main"}),
    "BLACS/ScaLAPACK": (r"\bC?blacs_\w+|\bp[ds][a-z0-9]+_\s*\(|\bnumroc_", {"linalg"}),
    "HDF5": (r"<hdf5\.h>|\bH5[A-Z]{1,2}[a-z_]\w*",
             {"archive", "base/hdf5_handle", "input/hdf5_reader"}),
    "Boost.Program_options": (r"boost/program_options|\bboost::program_options", {"config", "app"}),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"][^>"]+[>"])')
TYPE = re.compile(r"^(?:class|struct|union|enum(?: class)?) (\w+)\b(?!::)[^;]*$")
COMMENT_OR_TEXT = re.compile(r'//.*|"(?:\\.|[^"\\])*"')


def source_files(root):
    """(room, path) of every file of the library, in a fixed order."""
    for base in (root / "include/ntkflow", root / "src"):
        for path in sorted(base.glob("*/**/*.[ch]pp")):
            yield path.relative_to(base).parts[0], path


def visible_room_errors(room, include):
    parts = include.strip('"').split("/")
    if parts[0] in ROOMS and parts[0] != room and include.strip('"') not in SHARED_INSIDE:
        yield f"{room} includes the inside of {parts[0]}"
    if not include.startswith('"ntkflow/'):
        return
    other = parts[1]
    if other != room and other not in ROOMS[room].split():
        yield f"{room} includes {other}; it may include: {ROOMS[room] or 'no other room'}"


def library_errors(room, path, code):
    thing = f"{room}/{path.stem}"
    for library, (pattern, homes) in LIBRARIES.items():
        found = re.search(pattern, code)
        if found and not homes & {room, thing}:
            yield f"{found[0]} is a name of {library}; only {', '.join(sorted(homes))} may use it"


def own_header_errors(root, room, path, lines):
    own = f"ntkflow/{room}/{path.stem}.hpp"
    if path.suffix != ".cpp" or not (root / "include" / own).exists():
        return
    includes = [(n, m[1]) for n, line in enumerate(lines, 1) if (m := INCLUDE.match(line))]
    if not includes or includes[0][1] != f'"{own}"':
        yield (includes[0][0] if includes else 1), f'the first include must be "{own}"'


def file_errors(root, room, path):
    """(line number, message) of every finding in one file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if room not in ROOMS:
        yield 1, f"{room} is no room; the rooms are in tools/check_rooms.py"
        return
    yield from own_header_errors(root, room, path, lines)
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        if include:
            yield from ((number, error) for error in visible_room_errors(room, include[1]))
        code = line if include else COMMENT_OR_TEXT.sub("", line)
        yield from ((number, error) for error in library_errors(room, path, code))


def types_of(path):
    """(line number, name) of the types that other files could name."""
    is_local = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        is_local = line == "namespace {" or is_local and line != "}  // namespace"
        if not is_local and (found := TYPE.match(line)):
            yield number, found[1]


def repeated_types(files):
    """(path, line number, message) of every type whose name another file has used before."""
    homes = {}
    for _, path in files:
        for number, name in types_of(path):
            home = homes.setdefault(name, path)
            if home != path:
                yield path, number, f"{home.name} of {home.parent.name} has a type {name} as well"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    files = list(source_files(root))
    findings = [f"{path.relative_to(root)}:{number}: {error}"
                for room, path in files for number, error in file_errors(root, room, path)]
    findings += [f"{path.relative_to(root)}:{number}: {error}"
                 for path, number, error in repeated_types(files)]
    print(*findings, f"{len(files)} files, {len(findings)} findings", sep="\n")
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main())
