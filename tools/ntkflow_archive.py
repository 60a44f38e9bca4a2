"""Reads archives of ntkflow: what is committed, and nothing else."""

from pathlib import Path

import h5py
import numpy as np

INPUT_MISSING, BAD_DATA = 66, 65  # exit codes, as the program's

FORMAT_MAJOR = "1"


# ---- commit markers: {magic, index, checksum of the data, checksum of the marker} ----------------

MAGIC = int.from_bytes(b"ntkflow1", "little")
WORD = 2**64 - 1


def mix(z):
    """splitmix64's finalizer."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & WORD
    return z ^ (z >> 31)


def path_key(path):
    """FNV-1a of a dataset's path."""
    key = 0xCBF29CE484222325
    for byte in path.encode():
        key = (key ^ byte) * 0x100000001B3 & WORD
    return key


def is_marker(path, row, words):
    """Whether row `row` of the marker dataset at `path` says "committed"."""
    magic, index, checksum, own = (int(word) & WORD for word in words)
    place = path_key(path) + row * 0x9E3779B97F4A7C15 & WORD
    return magic == MAGIC and own == mix(checksum ^ mix(index ^ mix(place)))


def newest_checkpoint(file):
    """The folder of the last committed checkpoint slot of an open archive, or None."""
    slots = [f"/checkpoint/slot{number}" for number in (0, 1)]
    markers = {slot: file[f"{slot}/_commit"][0] for slot in slots if slot in file}
    good = [slot for slot, words in markers.items() if is_marker(f"{slot}/_commit", 0, words)]
    return max(good, key=lambda slot: markers[slot][1], default=None)


# ---- archives -----------------------------------------------------------------------------------


class ArchiveError(Exception):
    """One line for the user, and the exit code that goes with it."""

    def __init__(self, exit_code, message):
        super().__init__(message)
        self.exit_code = exit_code


class Archive:
    """An archive, open for reading, also while a run is writing it.

    Snapshots count from 0, which is t = 0; the first `snapshots` of them are committed.
    """

    def __init__(self, path):
        self.path = path
        try:
            # A run holds a lock of its own beside the file; HDF5's would only get in its way.
            self.file = h5py.File(path, "r", locking=False)
        except FileNotFoundError:
            message = f"{path}: no such file; `ntkflow run` makes it"
            raise ArchiveError(INPUT_MISSING, message) from None
        except OSError as error:
            raise ArchiveError(BAD_DATA, f"{path}: not readable as HDF5 ({error})") from None
        self._refuse_foreign()
        self.snapshots = self._committed_snapshots()

    def _refuse_foreign(self):
        if self.file.attrs.get("format") not in ("ntkflow", b"ntkflow"):
            raise ArchiveError(BAD_DATA, f"{self.path}: HDF5, but no archive of ntkflow")
        version = self.file.attrs["format_version"]
        version = version.decode() if isinstance(version, bytes) else version
        if version.split(".")[0] != FORMAT_MAJOR:
            raise ArchiveError(BAD_DATA, f"{self.path}: format version {version}, "
                                         f"this reads {FORMAT_MAJOR}.x")

    def _committed_snapshots(self):
        if "_commit" not in self.file:
            return 0
        rows = self.file["_commit"][()]
        good = [is_marker("/_commit", row, words) for row, words in enumerate(rows)]
        return (good + [False]).index(False)

    def has(self, path):
        return path in self.file

    def read(self, path):
        """A whole dataset, of a committed stage. Throws: ArchiveError."""
        if path not in self.file:
            raise ArchiveError(BAD_DATA, f"{self.path}: has no /{path}; does the job ask for it?")
        marker = self.file[path].attrs.get("commit_marker", b"")
        marker = marker.decode() if isinstance(marker, bytes) else marker
        if marker and not is_marker(marker, 0, self.file[marker][0]):
            raise ArchiveError(BAD_DATA, f"{self.path}: /{path} is not committed yet; wait, or run "
                                         "the same command again")
        return self.file[path][()]

    def eigenpairs(self, kind):
        """Eigenvalues with an eigenvector each, and the eigenspace that each belongs to; `kind` is
        analytic (of the integral operator) or train (of G/n). Shape: (K), (K)."""
        count = int(self.read(f"spectrum/{kind}/count")[0])
        return (self.read(f"spectrum/{kind}/eigenvalue")[:count],
                self.read(f"spectrum/{kind}/eigenspace")[:count])

    def read_snapshots(self, path, row=None):
        """One row of a per-snapshot dataset, or all that are committed."""
        if path not in self.file:
            raise ArchiveError(BAD_DATA, f"{self.path}: has no /{path}; `ntkflow run` makes it")
        return self.file[path][row if row is not None else slice(self.snapshots)]

    def require_trajectory(self):
        """Throws: ArchiveError unless a snapshot after the one at t = 0 is committed."""
        if "_commit" not in self.file:
            raise ArchiveError(BAD_DATA, f"{self.path}: has no trajectory; `ntkflow run` makes one")
        if self.snapshots < 2:
            raise ArchiveError(BAD_DATA, f"{self.path}: no snapshot after t = 0 is committed yet; "
                                         "wait, or run the same command again")


class Sweep:
    """The index of a sweep, FOLDER/index.h5: a row a member, in the order of the job's section."""

    def __init__(self, path):
        self.path = Path(path)
        try:
            self.file = h5py.File(path, "r", locking=False)
        except OSError as error:
            raise ArchiveError(INPUT_MISSING, f"{path}: no readable index ({error})") from None
        if self.file.attrs.get("format") not in ("ntkflow index", b"ntkflow index"):
            raise ArchiveError(BAD_DATA, f"{path}: HDF5, but no index of a sweep of ntkflow")
        self.names = self._texts("member/name")
        self.status = self._texts("member/status")
        self.keys = list(self.file["key"])
        self.results = list(self.file["result"]) if "result" in self.file else []

    def _texts(self, path):
        return [text.decode() for text in self.file[path][()]]

    def key(self, name):
        """Values of a key, one a member: numbers where all of them are."""
        values = self.file[f"key/{name}"][()]
        return values if values.dtype.kind == "f" else [text.decode() for text in values]

    def result(self, name):
        """One of `results`, one a member; NaN where a member has none yet."""
        if name not in self.results:
            raise ArchiveError(BAD_DATA, f"{self.path}: has no result {name}; it has "
                                         f"{', '.join(self.results) or 'none'}")
        return self.file[f"result/{name}"][()]

    def archive(self, member):
        """The archive of a member, by its number."""
        return Archive(self.path.parent / self._texts("member/path")[member])


# ---- xarray -------------------------------------------------------------------------------------

NOT_RESULTS = ("config", "runs", "checkpoint", "stage", "_commit", "dimension")


def open_dataset(path, names=None):
    """What is committed of an archive, or of a sweep by its folder or index.h5, as xarray.Dataset in
    memory. Variables are called by their paths, such as trajectory/projection; names: only those.

    A sweep has the dimensions member, with the swept keys along it, and snapshot, for each member
    has times of its own. What a member lacks is NaN. Throws: ArchiveError.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "index.h5"
    if _is_index(path):
        return _sweep_dataset(Sweep(path), names)
    return _archive_dataset(Archive(path), names)


def _is_index(path):
    try:
        with h5py.File(path, "r", locking=False) as file:
            return file.attrs.get("format") in ("ntkflow index", b"ntkflow index")
    except OSError:
        return False  # Archive says what is wrong


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


def _result_datasets(archive):
    """Datasets with results, by path, of stages that are committed."""
    found = {}

    def collect(name, item):
        if not isinstance(item, h5py.Dataset) or name.split("/")[0] in NOT_RESULTS:
            return
        marker = _text(item.attrs.get("commit_marker", ""))
        if marker == "/_commit" or marker and is_marker(marker, 0, archive.file[marker][0]):
            found[name] = item

    archive.file.visititems(collect)
    return found


def _variables(archive, names, time):
    """xarray.Variable of each result, by path; time: what the dimension of snapshots is called."""
    import xarray

    variables = {}
    for name, item in _result_datasets(archive).items():
        if names is not None and name not in names:
            continue
        dims = [dim.label or f"{name}:{i}" for i, dim in enumerate(item.dims)]
        rows = slice(None)
        if _text(item.attrs["commit_marker"]) == "/_commit":
            dims[0], rows = time, slice(archive.snapshots)
        about = {key: _text(item.attrs[key]) for key in ("units", "long_name")}
        variables[name] = xarray.Variable(dims, item[rows] if dims else item[()], about)
    return variables


def _archive_dataset(archive, names):
    import xarray

    attributes = {key: _text(value) for key, value in archive.file.attrs.items()}
    dataset = xarray.Dataset(_variables(archive, names, "time"), attrs=attributes)
    if "time" in dataset.dims:
        dataset = dataset.assign_coords(time=archive.read_snapshots("snapshot/time"))
    archive.file.close()
    return dataset


def _member_variables(sweep, number, names):
    try:
        archive = sweep.archive(number)
    except ArchiveError:
        return {}  # not begun yet
    variables = _variables(archive, names, "snapshot")
    archive.file.close()
    return variables


def _stack(variables):
    """One variable of all members; None where a member lacks it. What is shorter is filled up."""
    import xarray

    known = [variable for variable in variables if variable is not None]
    shape = np.max([variable.shape for variable in known], axis=0).astype(int)
    values = np.full((len(variables), *shape), np.nan)
    for row, variable in zip(values, variables):
        if variable is not None:
            row[tuple(map(slice, variable.shape))] = variable.values
    return xarray.Variable(("member", *known[0].dims), values, known[0].attrs)


def _sweep_dataset(sweep, names):
    import xarray

    members = [_member_variables(sweep, number, names) for number in range(len(sweep.names))]
    paths = sorted({name for member in members for name, variable in member.items()
                    if variable.dtype.kind in "fi"})
    # A dimension has one length: a member's own, shorter one is filled up with NaN.
    stacked = {path: _stack([member.get(path) for member in members]) for path in paths}
    longest = {}
    for variable in stacked.values():
        for dim, size in variable.sizes.items():
            longest[dim] = max(size, longest.get(dim, 0))
    filled = {path: variable.pad({dim: (0, longest[dim] - size)
                                  for dim, size in variable.sizes.items()})
              for path, variable in stacked.items()}
    keys = {key: ("member", sweep.key(key)) for key in sweep.keys}
    return xarray.Dataset(filled).assign_coords(member=("member", sweep.names), **keys)


def scaled_times(archive):
    """sigma_1 t of the committed snapshots."""
    return archive.read("spectrum/analytic/eigenvalue")[0] * archive.read_snapshots("snapshot/time")


def eigenspace_norms(components, eigenspace):
    """Norm of the projection on each eigenspace, which no choice of basis changes.

    Shape: components (T, K or more), eigenspace (K) as in 0, 0, 1, 2, 2; result (T, spaces).
    """
    starts = np.flatnonzero(np.diff(eigenspace, prepend=-1))
    return np.sqrt(np.add.reduceat(components[:, : len(eigenspace)] ** 2, starts, axis=1))
