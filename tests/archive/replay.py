"""Makes of a record of writes (write_recorder.cpp) the states that a crash could have left.

A process that is killed leaves what was written until then. A machine that loses its power may
keep or lose each write since the file's last sync, or keep a part of it up to a sector's end.
"""

import struct
from dataclasses import dataclass, field
from pathlib import Path

WRITE, TRUNCATE, RESERVE, SYNC, RENAME, REMOVE = range(6)
HEADER = struct.Struct("<QIIqq")
SECTOR = 512


@dataclass
class Event:
    number: int
    kind: int
    path: str
    offset: int
    length: int
    data: bytes

    def torn(self, keep):
        """The write up to a sector's end; keep counts sectors."""
        end = (self.offset // SECTOR + keep) * SECTOR - self.offset
        return Event(self.number, WRITE, self.path, self.offset, end, self.data[:end])

    def sectors(self):
        return -(-(self.offset + self.length) // SECTOR) - self.offset // SECTOR


def read_record(folder):
    """All processes' events in the order in which they happened."""
    events = []
    for path in Path(folder).glob("events.*"):
        record, at = path.read_bytes(), 0
        while at < len(record):
            number, kind, path_length, offset, length = HEADER.unpack_from(record, at)
            at += HEADER.size
            name = record[at:at + path_length].decode()
            at += path_length
            data = record[at:at + length] if kind in (WRITE, RENAME) else b""
            at += len(data)
            events.append(Event(number, kind, name, offset, length, data))
    return sorted(events, key=lambda event: event.number)


def apply(files, event):
    """Carries an event out on a dictionary from path to bytearray."""
    if event.kind == RENAME:
        files[event.data.decode()] = files.pop(event.path)
    elif event.kind == REMOVE:
        files.pop(event.path, None)
    elif event.kind != SYNC:
        content = files.setdefault(event.path, bytearray())
        end = event.offset + event.length
        if event.kind == TRUNCATE:
            del content[event.length:]
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        if event.kind == WRITE:
            content[event.offset:end] = event.data


@dataclass
class Disk:
    """What the disk is sure to have, and what it may have besides."""

    files: dict
    pending: list = field(default_factory=list)

    def note(self, event, syncs=True):
        if event.kind != SYNC:
            self.pending.append(event)
        elif syncs:
            self.sync(event.path)

    def sync(self, path):
        """fsync of a file makes its writes sure, of a folder the names in it."""
        names = {path} | {e.data.decode() for e in self.pending if e.kind == RENAME and e.path == path}
        kept = []
        for event in self.pending:
            named = event.kind in (RENAME, REMOVE)
            if str(Path(event.path).parent) == path if named else event.path in names:
                apply(self.files, event)
            else:
                kept.append(event)
        self.pending = kept

    def after_power_loss(self, random):
        """One of the states that may be left: every pending event kept or lost by a coin."""
        files = {path: bytearray(content) for path, content in self.files.items()}
        for event in self.pending:
            if random.random() < 0.5 or event.kind == RENAME and event.path not in files:
                continue
            torn = event.kind == WRITE and event.sectors() > 1 and random.random() < 0.5
            apply(files, event.torn(random.randrange(1, event.sectors())) if torn else event)
        return files
