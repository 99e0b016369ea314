"""What a statement changes against the one before it: verdicts, figures and money, and which facts led there.

Both are records, and nothing else is asked, so that the same two always differ in the same things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from upheld.core.stating.canonical import Json, Record, canonical
from upheld.core.verdicts.credit import GRANTED, left_of

_BESIDE: Final = frozenset({"facts", "drawn", "readings", "clauses", "reasons"})
"""What of an entry is no figure: it follows from the figures, or says where they come from."""
_SECTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("verdicts", ("commitment", "subject", "cycle")),
    ("credits", ("remedy", "subject")),
    ("claims", ("id",)),
    ("memos", ("id",)),
    ("obligations", ("obligation", "subject")),
    ("reports", ("duty", "incident", "owed_at")),
    ("notices", ("version",)),
    ("covenants", ("covenant",)),
    ("reminders", ("reminder",)),
    ("quotas", ("quota", "subject")),
    ("terminations", ("remedy", "subject")),
)
"""The lists of a record that are compared, and by what an entry of each is known."""
_TOLD: Final = ("state", "value", "low", "high", "due_at", "stopped_at", "late_us", "count", "amount",
                "computed", "currency", "minor", "granted", "status", "total_minor")  # fmt: skip


def section(record: Record, name: str) -> list[dict[str, Any]]:
    """The entries of a list of a record; credits stand under money. Empty where it has none."""
    within = record.get("money", {}) if name in ("credits", "instalments") else record
    return list(within.get(name) or [])


def changes(before: Record, after: Record) -> list[Record]:
    """Every entry that is another one, or there in one of them only, in the order of the later record.

    Records of two formats are compared by the names that both have: what only one can say is no change.
    """
    found: list[Record] = []
    shared = before.get("format") != after.get("format")
    for name, key in _SECTIONS:
        old = {_key(one, key): one for one in section(before, name)}
        new = {_key(one, key): one for one in section(after, name)}
        for known in dict.fromkeys((*new, *old)):
            was, now = old.get(known), new.get(known)
            fields = _fields(was, now, shared=shared)
            if fields:
                found.append(_change(name, dict(zip(key, known, strict=True)), was, now, fields))
    return found


def _key(entry: Mapping[str, Any], names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(entry.get(name) for name in names)


def _fields(
    was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, *, shared: bool = False
) -> list[str]:
    """The names under which two entries differ; all of them where there is only one.

    `shared`: only those that both have, also within them.
    """
    if was is None or now is None:
        return sorted((now or was or {}).keys() - _BESIDE)
    if shared:
        was, now = _shared(was, now)
    names = (was.keys() | now.keys()) - _BESIDE
    return sorted(name for name in names if canonical(was.get(name)) != canonical(now.get(name)))


def _shared(was: Json, now: Json) -> tuple[Json, Json]:
    """Two values without the names that only one of them has."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        both = {name: _shared(was[name], now[name]) for name in was if name in now}
        return {name: one for name, (one, _) in both.items()}, {name: one for name, (_, one) in both.items()}
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        pairs = [_shared(*pair) for pair in zip(was, now, strict=True)]
        return [one for one, _ in pairs], [one for _, one in pairs]
    return was, now


def is_another(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    """Whether two entries of the same thing say something else."""
    return bool(_fields(was, now))


def _change(
    name: str,
    key: Mapping[str, Any],
    was: Mapping[str, Any] | None,
    now: Mapping[str, Any] | None,
    fields: Sequence[str],
) -> Record:
    entry: Record = {
        "section": name,
        **key,
        "fields": list(fields) if was is not None and now is not None else [],
        "before": told(was),
        "after": told(now),
    }
    if name == "credits":
        currency = str((now or was or {}).get("currency", ""))
        entry["currency"] = currency
        entry["difference_minor"] = owed_minor(now) - owed_minor(was)
    return entry


def told(entry: Mapping[str, Any] | None) -> Record | None:
    """The state and the figures of an entry, without what they were made of."""
    if entry is None:
        return None
    figures = dict(entry)
    measured = entry.get("measurement")
    if measured:
        figures |= measured["final" if measured["is_settled"] else "to_date"]
    return {name: figures[name] for name in _TOLD if figures.get(name) is not None}


def owed_minor(credit: Mapping[str, Any] | None) -> int:
    """What a credit puts into the sum of what is owed: what is still owed of it, if anything is."""
    if credit is None:
        return 0
    parts = [(int(one["minor"]), str(one["state"])) for one in credit.get("instalments", ())]
    if credit.get("state") != "owed":
        # What the numbers do not give, or cannot tell, is owed as far as an amount of it was granted.
        is_granted = any(line["what"] == GRANTED for line in credit.get("lines", ()))
        return left_of(0, parts) if is_granted else 0
    return 0 if credit.get("minor") is None else left_of(int(credit["minor"]), parts)


def money_differences(before: Record, after: Record) -> list[Json]:
    """What is owed in each currency before and after, in minor units, and the difference."""
    old, new = _owed(before), _owed(after)
    return [
        {
            "currency": currency,
            "before": old.get(currency, 0),
            "after": new.get(currency, 0),
            "difference": new.get(currency, 0) - old.get(currency, 0),
        }
        for currency in sorted(old.keys() | new.keys())
    ]


def _owed(record: Record) -> dict[str, int]:
    return {one["currency"]: int(one["minor"]) for one in record["money"]["owed"]}


def differences(before: Json, after: Json, where: str = "") -> Iterator[str]:
    """The paths at which two records differ: `.verdicts[3].state`."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            if name not in before or name not in after:
                yield f"{where}.{name}"
            else:
                yield from differences(before[name], after[name], f"{where}.{name}")
    elif isinstance(before, list) and isinstance(after, list):
        for number in range(max(len(before), len(after))):
            if number >= min(len(before), len(after)):
                yield f"{where}[{number}]"
            else:
                yield from differences(before[number], after[number], f"{where}[{number}]")
    elif type(before) is not type(after) or before != after:
        yield where
