"""The lock: what the outside world may change, frozen for an agreement: holidays and zone transitions.

It is a file to be reviewed like code: canonical, one line a day and one a transition.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from upheld.core.timeline.instant import FIRST_YEAR, LAST_YEAR, Instant, format_instant, parse_instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass

DEFAULT_YEARS: Final = (2015, 2035)
_FORMAT: Final = 1


class LockError(ValueError):
    """A text is not a lock; the message says where and why."""


@dataclass(frozen=True, slots=True)
class HolidaySpec:
    """Which holidays a calendar asks for: country, region of it, categories."""

    country: str
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)


@dataclass(frozen=True, slots=True)
class Lock:
    """The frozen world of one agreement for the years `start_year` to `end_year`."""

    agreement: str
    tzdata: str
    holidays_library: str
    start_year: int
    end_year: int
    zones: Mapping[str, Zone]
    holidays: Mapping[str, Mapping[date, str]]


@dataclass(frozen=True, slots=True)
class LockChange:
    """One difference of two locks: a day of a calendar, a transition of a zone, a version, or the years.

    `at` is the date or instant, empty for the lock itself; `old` and `new` are None where there is nothing.
    """

    kind: str
    name: str
    at: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        place = " ".join(part for part in (self.kind, self.name, self.at) if part)
        if self.old is None:
            return f"{place}: added {self.new}"
        return (
            f"{place}: removed {self.old}" if self.new is None else f"{place}: {self.old} became {self.new}"
        )


def make_lock(
    agreement: str,
    zones: Iterable[str],
    holidays: Mapping[str, HolidaySpec],
    years: tuple[int, int] = DEFAULT_YEARS,
) -> Lock:
    """Resolve zones by name and holidays by calendar, from the installed libraries.

    UnknownZone and HolidaysError as their modules say; LockError if the years are not a range.
    """
    # Here: only who makes a lock asks the libraries; who reads one does without them.
    from upheld.language.holidays_of import holidays_version, resolve_holidays
    from upheld.language.zones import tzdata_version, zone_named

    start_year, end_year = years
    _check_years(start_year, end_year)
    whole = range(start_year, end_year + 1)
    return Lock(
        agreement,
        tzdata_version(),
        holidays_version() if holidays else "",
        start_year,
        end_year,
        {name: zone_named(name, start_year, end_year) for name in sorted(set(zones))},
        {
            name: resolve_holidays(spec.country, spec.subdivision, spec.categories, whole)
            for name, spec in sorted(holidays.items())
        },
    )


def dump(lock: Lock) -> str:
    """The canonical text: JSON with sorted names, the same bytes for the same lock."""
    content = {
        "lock": _FORMAT,
        "agreement": lock.agreement,
        "years": f"{lock.start_year}..{lock.end_year}",
        "tzdata": lock.tzdata,
        "holidays library": lock.holidays_library,
        "zones": {name: _zone_lines(zone) for name, zone in sorted(lock.zones.items())},
        "holidays": {
            name: {on.isoformat(): text for on, text in sorted(days.items())}
            for name, days in sorted(lock.holidays.items())
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def load(text: str) -> Lock:
    """Read a lock. LockError says where the text is none."""
    try:
        content = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except LockError:
        raise
    except ValueError as fault:
        raise LockError(f"the lock is not JSON: {fault}") from None
    except RecursionError:
        raise LockError("the lock is nested too deeply") from None
    keys = ("lock", "agreement", "years", "tzdata", "holidays library", "zones", "holidays")
    content = _mapping(content, "the lock")
    if set(content) != set(keys):
        odd = sorted(set(content) ^ set(keys))
        raise LockError(f"the lock has missing or unknown entries: {', '.join(odd)}")
    if content["lock"] != _FORMAT:
        raise LockError(f"the lock is of format {content['lock']!r}; this version reads {_FORMAT}")
    start_year, end_year = _load_years(_text(content["years"], "years"))
    zones = {
        name: _load_zone(name, lines, start_year, end_year)
        for name, lines in _mapping(content["zones"], "zones").items()
    }
    holidays = {
        name: _load_days(f"holidays of {name}", days, start_year, end_year)
        for name, days in _mapping(content["holidays"], "holidays").items()
    }
    return Lock(
        _text(content["agreement"], "agreement"),
        _text(content["tzdata"], "tzdata"),
        _text(content["holidays library"], "holidays library"),
        start_year,
        end_year,
        zones,
        holidays,
    )


def diff_locks(old: Lock, new: Lock) -> tuple[LockChange, ...]:
    """What changed from one lock to another, in order. Years that only one of them has are one change."""
    changes = [
        LockChange("lock", what, "", before, after)
        for what, before, after in (
            ("years", f"{old.start_year}..{old.end_year}", f"{new.start_year}..{new.end_year}"),
            ("tzdata", old.tzdata, new.tzdata),
            ("holidays library", old.holidays_library, new.holidays_library),
        )
        if before != after
    ]
    shared = range(max(old.start_year, new.start_year), min(old.end_year, new.end_year) + 1)
    for name in sorted({*old.zones, *new.zones}):
        sides = [_zone_entries(lock.zones.get(name), shared) for lock in (old, new)]
        changes += _differences("zone", name, *sides)
    for name in sorted({*old.holidays, *new.holidays}):
        sides = [
            {on.isoformat(): text for on, text in lock.holidays.get(name, {}).items() if on.year in shared}
            for lock in (old, new)
        ]
        changes += _differences("holidays", name, *sides)
    return tuple(changes)


def _differences(kind: str, name: str, old: dict[str, str], new: dict[str, str]) -> list[LockChange]:
    return [
        LockChange(kind, name, at, old.get(at), new.get(at))
        for at in sorted({*old, *new})
        if old.get(at) != new.get(at)
    ]


def _zone_entries(zone: Zone | None, years: range) -> dict[str, str]:
    if zone is None:
        return {}
    found = {}
    if zone.start_year == years.start:
        found["at first"] = _kind_text(zone, 0)
    for i, at in enumerate(zone.transitions):
        text = format_instant(at)
        if int(text[:4]) in years:
            found[text] = _kind_text(zone, i + 1)
    return found


def _zone_lines(zone: Zone) -> list[str]:
    lines = [f"at first {_kind_text(zone, 0)}"]
    lines += [f"{format_instant(at)} {_kind_text(zone, i + 1)}" for i, at in enumerate(zone.transitions)]
    return lines


def _kind_text(zone: Zone, i: int) -> str:
    offset_s = zone.offsets_s[i]
    hours, rest = divmod(abs(offset_s), 3600)
    text = f"{'-' if offset_s < 0 else '+'}{hours:02d}:{rest // 60:02d}"
    return f"{text}{f':{rest % 60:02d}' if rest % 60 else ''} {zone.abbreviations[i]}"


def _load_zone(name: str, lines: Any, start_year: int, end_year: int) -> Zone:
    where = f"zone {name}"
    if not isinstance(lines, list) or not lines:
        raise LockError(f"{where}: expected a list of transitions")
    transitions: list[Instant] = []
    offsets_s: list[int] = []
    abbreviations: list[str] = []
    try:
        for i, line in enumerate(lines):
            at, offset, abbreviation = _text(line, where).rsplit(" ", 2)
            if i == 0 and at != "at first":
                raise ValueError(f"the first line must say what holds `at first`, not {line!r}")
            if i:
                transitions.append(parse_instant(at))
            offsets_s.append(_load_offset(offset))
            abbreviations.append(abbreviation)
        return Zone(name, tuple(transitions), tuple(offsets_s), tuple(abbreviations), start_year, end_year)
    except LockError:
        raise
    except ValueError as fault:
        raise LockError(f"{where}: {fault}") from None


def _load_offset(text: str) -> int:
    parts = text[1:].split(":")
    if (
        text[:1] not in ("+", "-")
        or len(parts) not in (2, 3)
        or not all(len(p) == 2 and p.isdecimal() for p in parts)
    ):
        raise ValueError(f"{text!r} is not an offset such as +02:00")
    seconds = sum(int(part) * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    return -seconds if text[0] == "-" else seconds


def _load_days(where: str, days: Any, start_year: int, end_year: int) -> dict[date, str]:
    found: dict[date, str] = {}
    for text, name in _mapping(days, where).items():
        try:
            on = date.fromisoformat(text)
        except ValueError:
            raise LockError(f"{where}: {text!r} is not a date such as 2026-04-27") from None
        if not start_year <= on.year <= end_year or on.isoformat() != text:
            raise LockError(f"{where}: {text} is outside the years of the lock or not written as 2026-04-27")
        found[on] = _text(name, f"{where}, {text}")
    return dict(sorted(found.items()))


def _load_years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("..")
    if not (len(first) == len(last) == 4 and first.isdecimal() and last.isdecimal()):
        raise LockError(f"years: {text!r} is not a range such as 2015..2035")
    _check_years(int(first), int(last))
    return int(first), int(last)


def _check_years(start_year: int, end_year: int) -> None:
    if not FIRST_YEAR <= start_year <= end_year <= LAST_YEAR:
        raise LockError(f"years: {start_year}..{end_year} is not a range within {FIRST_YEAR}..{LAST_YEAR}")


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LockError(f"{where}: expected an object, not {type(value).__name__}")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise LockError(f"{where}: expected a text, not {type(value).__name__}")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise LockError("the lock names something twice: " + ", ".join(sorted({k for k, _ in pairs})[:5]))
    return found


def _no_constant(text: str) -> Any:
    raise LockError(f"the lock has the number {text}")
