"""What a signer remembers of every log that it signed, in a file of its own: a line for every head.

It is not the database: whoever brings back an old database finds that the signer knows better. A line is on
disk before its signature leaves; of a log the last line holds.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

from upheld.core.stating.canonical import NotCanonicalError, canonical
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.evidence.canonical import read_canonical
from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.tree import Tree

_FIRST_LINE: Final = b"upheld signer state 1\n"
_BRING_BACK: Final = "bring back the file as it was"
_SPARE: Final = 1_000
"""Lines beyond one for each log, after which the file is written anew when it is opened."""


class StateError(Exception):
    """The file cannot be relied on, or another signer has it; the message says which and what to do."""


class HeldError(StateError):
    """Another signer has the file, or had it until now."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The last signed head of a log, as a tree to go on from, and when its last entry was recorded."""

    name: LogName
    tree: Tree
    recorded_at: Instant | None = None

    @property
    def head(self) -> Head:
        """The head that was signed."""
        return Head(self.name, self.tree.size, self.tree.root)


class SignerState(Protocol):
    """Where a signer remembers: lasting when `keep` returns, and for one signer at a time."""

    def last(self, log: str) -> Signed | None:
        """The last signed head of a log; None if it was never signed."""

    def keep(self, signed: Iterable[Signed]) -> None:
        """Remember these heads, all before anything is signed. OSError if they would not last."""

    def mend(self) -> None:
        """Be there again after an error, if one was. OSError or StateError if that cannot be."""


class StateFile:
    """The state in a file that is held by one process. Use as a context, or close it."""

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        """Open the file; with `is_new`, make it: a signer that lost its memory would sign a second history.

        FileNotFoundError; with `is_new` FileExistsError; StateError, OSError.
        """
        self._path = path
        self._is_broken = False
        flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT | os.O_EXCL if is_new else 0)
        self._file: int | None = os.open(path, flags, 0o600)
        with ExitStack() as failed:
            failed.callback(self.close)
            self._hold()
            self._check_place()
            if is_new:
                self._write(_FIRST_LINE)
                _sync_folder(path.parent)
            self._signed, lines = self._read()
            if lines > 2 * len(self._signed) + _SPARE:
                self._rewrite()
            failed.pop_all()

    def __enter__(self) -> StateFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Signed]:
        return iter(self._signed.values())

    def close(self) -> None:
        """Let another process have it."""
        self._is_broken = False
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def has_signed(self) -> bool:
        """Whether any log was ever signed."""
        return bool(self._signed)

    def last(self, log: str) -> Signed | None:
        """The last signed head of a log; None if it was never signed."""
        return self._signed.get(log)

    def keep(self, signed: Iterable[Signed]) -> None:
        """Remember these heads, on disk before this returns.

        After an OSError the file is closed: what is on disk is not known any more, until it is opened again.
        """
        heads = tuple(signed)
        try:
            self._write(b"".join(map(_line, heads)))
        except OSError:
            self._break()
            raise
        self._signed |= {one.name.log: one for one in heads}

    def mend(self) -> None:
        """Hold the file again after an OSError; nothing happens if there was none.

        It is written anew: after an error nobody knows what of it is on disk, and a page that was not written
        then is not written by who asks again. OSError, or StateError if it is another one: it stays closed.
        """
        if not self._is_broken:
            return
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND)
        with ExitStack() as failed:
            failed.callback(self._break)
            self._hold()
            self._check_place()
            found, _ = self._read()
            for log, known in self._signed.items():
                if log not in found or (found[log].name, found[log].tree.size) < (
                    known.name,
                    known.tree.size,
                ):
                    raise StateError(f"{self._path} has lost what was signed of {log}: {_BRING_BACK}")
            self._signed = found
            self._rewrite()
            failed.pop_all()
        self._is_broken = False

    def _break(self) -> None:
        """Closed, until it is mended."""
        self.close()
        self._is_broken = True

    def _hold(self) -> None:
        try:
            fcntl.flock(self._open, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldError(f"another signer holds {self._path}: stop it first") from None

    def _check_place(self) -> None:
        """That what was opened still has its name: who held it before may have written it anew."""
        if os.fstat(self._open).st_ino != os.stat(self._path).st_ino:
            raise HeldError(f"another signer has written {self._path} anew: start again")

    @property
    def _open(self) -> int:
        if self._file is None:
            raise StateError(f"{self._path} is closed")
        return self._file

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._open, data) :]
        os.fsync(self._open)

    def _read(self) -> tuple[dict[str, Signed], int]:
        """The last head of every log, and how many lines there are.

        What follows the last newline was not written whole, so it was not signed: it goes.
        """
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if not whole.startswith(_FIRST_LINE):
            raise StateError(f"{self._path} is not the state of a signer")
        if len(whole) < len(data):
            os.ftruncate(self._open, len(whole))
        signed: dict[str, Signed] = {}
        lines = whole.split(b"\n")[1:-1]
        for number, line in enumerate(lines, start=2):
            try:
                one = _read_line(line)
            except (NotCanonicalError, KeyError, TypeError, ValueError):
                raise StateError(f"{self._path} cannot be read at line {number}: {_BRING_BACK}") from None
            before = signed.get(one.name.log)
            if before is not None and (before.name, before.tree.size) > (one.name, one.tree.size):
                raise StateError(f"{self._path} goes back at line {number}: {_BRING_BACK}")
            signed[one.name.log] = one
        return signed, len(lines)

    def _rewrite(self) -> None:
        """A file with the last line of each log in the place of this one, whole or not at all."""
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.unlink(missing_ok=True)
        old = self._open
        self._file = os.open(beside, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            self._hold()
            self._write(_FIRST_LINE + b"".join(map(_line, self._signed.values())))
            beside.replace(self._path)
            _sync_folder(self._path.parent)
        finally:
            os.close(old)


def _line(signed: Signed) -> bytes:
    record = {
        "log": signed.name.log,
        "epoch": signed.name.epoch,
        "size": signed.tree.size,
        "peaks": signed.tree.packed.hex(),
        "recorded_at": signed.recorded_at,
    }
    return canonical(record) + b"\n"


def _read_line(line: bytes) -> Signed:
    record = read_canonical(line)
    return Signed(
        LogName(record["log"], record["epoch"]),
        Tree.unpacked(record["size"], bytes.fromhex(record["peaks"])),
        record["recorded_at"],
    )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
