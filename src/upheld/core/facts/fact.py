"""One fact: what happened, as it was told, with when it happened and when that was recorded."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from upheld.core.timeline.instant import Instant
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field

Value: TypeAlias = "str | bool | int | Decimal | tuple[Value, ...] | Data | None"
"""What JSON can say, frozen: a list is a tuple, an object is `Data`, a number is an int or a Decimal."""

Key: TypeAlias = tuple[str, str]
"""What a fact is known by: (source, id)."""


class Data(Mapping[str, Value]):
    """A JSON object that cannot change, its names in order.

    Equality is that of JSON, not of Python: `true` is not `1`, but `1.0` is. TypeError for a value that JSON
    cannot say, and for a float, which is seldom the number that was written.
    """

    __slots__ = ("_entries", "_hash")

    _entries: dict[str, Value]
    _hash: int | None

    def __init__(self, entries: Mapping[str, object] | None = None) -> None:
        self._entries = {name: freeze(entries[name]) for name in sorted(entries)} if entries else {}
        self._hash = None

    def __getitem__(self, name: str) -> Value:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    # As a mapping has them, which asks twice for each name: of every fact they are asked for many times.

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or the default."""
        return self._entries.get(name, default)

    def items(self) -> ItemsView[str, Value]:
        """The names with their values, in order."""
        return self._entries.items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping) and not isinstance(other, Data):
            other = Data(other)
        return isinstance(other, Data) and _tagged(self) == _tagged(other)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(_tagged(self))
        return self._hash

    def __repr__(self) -> str:
        return f"Data({self._entries!r})"


NO_DATA: Final = Data()


def freeze(value: object) -> Value:
    """The value as facts keep it. TypeError for what JSON cannot say and for a float."""
    if value is None or isinstance(value, str | int | Decimal | Data):
        return value
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    if isinstance(value, Mapping):
        return Data(value)
    raise TypeError(f"{value!r} cannot stand in a fact")


def number_text(number: int | Decimal) -> str:
    """All digits of a number, without an exponent: equal numbers have one text, others never the same."""
    told = f"{number:f}" if isinstance(number, Decimal) else str(number)
    told = told.rstrip("0").rstrip(".") if "." in told else told
    return "0" if told == "-0" else told


def _tagged(value: Value) -> object:
    """The value with its JSON type, because Python holds True, 1 and Decimal(1) to be equal."""
    if isinstance(value, Data):
        return ("object", *((name, _tagged(value[name])) for name in value))
    if isinstance(value, tuple):
        return ("list", *map(_tagged, value))
    return ("truth" if isinstance(value, bool) else "other", value)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to `subject` at `at`, told by `source` under `id`, recorded at `recorded_at`.

    `type` is `family.verb` of the newest version. `data` is what may be printed and enters the evidence;
    `private` is personal text, kept apart. `place` is where it was read and no part of what it says.
    `hands` are all who said by corrections what it says now or said in between, and who had told it before;
    empty: nobody ever corrected it. A plain dict given as `data` or `private` is frozen.
    Source: CloudEvents 1.0.
    """

    id: str
    source: str
    type: str
    at: Instant
    recorded_at: Instant
    subject: str
    data: Mapping[str, Value] = NO_DATA
    private: Mapping[str, Value] = NO_DATA
    place: Place | None = field(default=None, compare=False)
    hands: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.data, Data):
            object.__setattr__(self, "data", Data(self.data))
        if not isinstance(self.private, Data):
            object.__setattr__(self, "private", Data(self.private))

    @property
    def key(self) -> Key:
        """(source, id): two facts with one key are one fact told twice, or a conflict."""
        return self.source, self.id

    @property
    def body(self) -> tuple[object, ...]:
        """What the fact says: everything but when it was recorded and where it was read."""
        return self.id, self.source, self.type, self.at, self.subject, self.data, self.private

    @property
    def order(self) -> tuple[Instant, str, str]:
        """How facts sort: (time, source, id)."""
        return self.at, self.source, self.id

    @property
    def where(self) -> Place:
        """The place to name in a finding; a fact that was never in a file is named by its source and id."""
        return self.place or Place(f"{self.source}#{self.id}")
