"""The rows of a checked text as they were built under some readings, taken again where these are the same."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, TypeAlias

from upheld.core.values.frozen import replace
from upheld.language.rows import Row

Name: TypeAlias = tuple[str, ...]
"""A row by concept and name, and by what else decides how it is read without a reading of its own."""
Options: TypeAlias = tuple[str, ...]


class AsRead(NamedTuple):
    """A row with its values, the readings that it consulted itself, and those that building it added.

    `asked` are the rows that it named and that were there.
    """

    row: Row
    values: dict[str, Any]
    own: tuple[str, ...]
    building: tuple[str, ...] = ()
    asked: frozenset[Name] = frozenset()


class RowMemory:
    """What was built of each row, by the readings behind it and the options that they took.

    A row is known in two ways: by all readings behind it, those of the rows that it names among them; and by
    those that it consulted itself with what it sees of the others, which is often the same where they consult
    something else. Then only its citation is another one.

    A row that names another which is `absent` under the readings taken is never known: that is a fault.
    """

    def __init__(self) -> None:
        self._rows: dict[Name, dict[tuple[str, ...], dict[Options, tuple[Any, frozenset[Name]]]]] = {}
        self._read: dict[Name, dict[tuple[str, ...], dict[Options, AsRead]]] = {}
        self._citing: dict[tuple[int, Hashable], dict[tuple[str, ...], Any]] = {}

    def find(
        self, name: Name, takes: Mapping[str, str], absent: AbstractSet[Name] = frozenset()
    ) -> tuple[tuple[str, ...], Any] | None:
        """The readings behind a row and the row (None: it is not there), if it was built under such takes."""
        for readings, found in self._rows.get(name, {}).items():
            known = found.get(tuple([takes[one] for one in readings]))
            if known is not None and absent.isdisjoint(known[1]):
                return readings, known[0]
        return None

    def keep(
        self,
        name: Name,
        takes: Mapping[str, str],
        readings: tuple[str, ...],
        built: Any,
        asked: frozenset[Name] = frozenset(),
    ) -> None:
        """Remember a row with the readings behind it, and the rows that it named and that were there."""
        options = tuple([takes[one] for one in readings])
        self._rows.setdefault(name, {}).setdefault(readings, {}).setdefault(options, (built, asked))

    def as_read(self, name: Name, takes: Mapping[str, str], absent: AbstractSet[Name]) -> AsRead | None:
        """A row as it was read under such takes of what it consulted itself."""
        for readings, found in self._read.get(name, {}).items():
            read = found.get(tuple([takes[one] for one in readings]))
            if read is not None and absent.isdisjoint(read.asked):
                return read
        return None

    def keep_as_read(
        self, name: Name, takes: Mapping[str, str], seen: Hashable, read: AsRead, built: Any
    ) -> None:
        """Remember a row that cites what is behind it, by what it consulted itself and sees of others."""
        readings = *read.own, *read.building
        found = self._read.setdefault(name, {}).setdefault(readings, {})
        read = found.setdefault(tuple([takes[one] for one in readings]), read)
        self._citing.setdefault((id(read), seen), {}).setdefault(built.cited.readings, built)

    def citing(self, read: AsRead, seen: Hashable, readings: tuple[str, ...]) -> Any | None:
        """What was built of a row that saw the same of others, citing these readings; None if nothing was."""
        found = self._citing.get((id(read), seen))
        if found is None:
            return None
        if readings not in found:
            any_of_them = next(iter(found.values()))
            cited = replace(any_of_them.cited, readings=readings)
            found[readings] = replace(any_of_them, cited=cited)
        return found[readings]
