"""The facts of a folder as one value: told twice is told once, corrections hold from when they were recorded.

A folder has no order, so the log is the same whatever the order, duplication or division of what it is made
from. Positions say what was known: the rank by (recorded_at, source, id).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from upheld.core.facts.fact import NO_DATA, Data, Fact, Key, Value
from upheld.core.facts.fact_check import NO_TYPES, check_fact
from upheld.core.facts.fact_types import CAUSE, REPLACED, RETRACTED, WITHDRAWN, FactType
from upheld.core.facts.fact_versions import VersionError, newest
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.frozen import replace

__all__ = ["Data", "Fact", "FactLog", "Key", "Value"]

_WHOLE = frozenset({"type", "time", "subject", "data"})


class _Past(NamedTuple):
    """Of a fact told in several ways, or ever corrected: who had a hand in it, and all that it ever said."""

    hands: dict[str, None]
    said: list[Fact]

    def traces(self, now: Fact | None) -> Iterator[Fact]:
        """What is left of each cause that it was and is not, as who had a hand in it may have made it so."""
        seen = set() if now is None else {_statement(now)}
        for one in self.said:
            if one.type == CAUSE and _statement(one) not in seen:
                seen.add(_statement(one))
                yield replace(one, type=RETRACTED, private=NO_DATA, hands=tuple(self.hands), place=None)


class FactLog:
    """Facts that never change; `with_facts` gives another log.

    Facts with one key and one body are one fact, recorded at the earliest of their instants. Facts with one
    key and different bodies are a conflict: a finding, and none of them counts until a correction settles it,
    by withdrawing the key or by a whole replacement. A correction holds from its own position on; of several
    the last by position wins; it can itself be corrected, by one recorded later. `declared` are the types
    that agreements add; they are asked when a replacement is checked.
    """

    __slots__ = ("_by_key", "_declared", "_effective", "_findings", "_positions", "_recorded_at", "_versions")

    def __init__(self, facts: Iterable[Fact] = (), declared: Mapping[str, FactType] = NO_TYPES) -> None:
        self._declared = declared
        by_key: dict[Key, list[Fact]] = {}
        for fact in facts:
            by_key.setdefault((fact.source, fact.id), []).append(fact)
        told = sorted(
            (_distinct(same) if len(same) > 1 else tuple(same) for same in by_key.values()),
            key=lambda versions: (min(fact.recorded_at for fact in versions), versions[0].key),
        )
        # Index i holds position i + 1: all bodies that were told under one key, usually one.
        self._versions: tuple[tuple[Fact, ...], ...] = tuple(told)
        self._recorded_at = [min(fact.recorded_at for fact in versions) for versions in told]
        self._positions: dict[Key, int] = {versions[0].key: i for i, versions in enumerate(told, start=1)}
        self._findings: tuple[Finding, ...] | None = None
        self._effective: dict[int, tuple[tuple[Fact, ...], tuple[Fact, ...]]] = {}

    def __len__(self) -> int:
        """The last position: the number of distinct facts, corrections and conflicts included."""
        return len(self._versions)

    def __iter__(self) -> Iterator[Fact]:
        """What was recorded, by position; a conflict gives every one of its bodies."""
        return (fact for versions in self._versions for fact in versions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FactLog) and self._versions == other._versions

    __hash__ = None  # type: ignore[assignment]  # a log is compared in tests, never looked up

    def with_facts(self, facts: Iterable[Fact]) -> FactLog:
        """The log of these facts and of more."""
        return FactLog((*self, *facts), self._declared)

    def position_at(self, at: Instant) -> int:
        """The number of facts recorded at or before an instant: what was known then."""
        return bisect_right(self._recorded_at, at)

    def position_of(self, key: Key) -> int | None:
        """The position of the fact with that key, or None."""
        return self._positions.get(key)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Conflicts that nothing settles, and corrections that cannot hold."""
        if self._findings is None:
            *_, findings = self._judged(len(self))
            self._findings = in_order(findings)
        return self._findings

    def findings_at(self, known: int) -> tuple[Finding, ...]:
        """What was wrong as of a position: a fault that was recorded later is none yet."""
        return self.findings if known >= len(self) else in_order(self._judged(known)[2])

    def effective(self, at: Instant | None = None, known: int | None = None) -> tuple[Fact, ...]:
        """The facts that hold, by (time, source, id): those up to a position, corrected, not later than `at`.

        Corrections themselves are not among them. ValueError for a negative position.
        """
        if known is not None and known < 0:
            raise ValueError(f"{known} is not a position")
        position = len(self) if known is None else min(known, len(self))
        return _until(self._standing(position)[0], at)

    def evaluated(self, at: Instant | None = None, known: int | None = None) -> tuple[Fact, ...]:
        """What evaluations are asked with: `effective`, and traces of causes by (time, source, id, subject).

        Of each way in which a cause was told and does not hold any more, be it withdrawn, replaced or never
        settled, one stays. It says nothing any more; who had a hand in it still may not decide on what it
        was about. Traces have the key of their cause, so that here several facts may have one.
        """
        position = len(self) if known is None else min(known, len(self))
        facts, traces = self._standing(position)
        told = facts
        if traces:
            told = tuple(sorted((*facts, *traces), key=lambda fact: (*fact.order, fact.subject)))
        return _until(told, at)

    def _standing(self, position: int) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """The facts that hold as of a position, and the traces of what causes said and say no more."""
        found = self._effective.get(position)
        if found is None:
            facts, traces, _ = self._judged(position)
            self._effective[position] = found = facts, traces
        return found

    def corrections(self, known: int | None = None) -> Mapping[Key, Fact]:
        """The correction that holds of each fact that is corrected as of a position, as it now reads.

        One that was itself withdrawn, that a later one outdoes or that cannot hold is not among them.
        """
        position = len(self) if known is None else min(known, len(self))
        return {key: correction for key, (correction, _) in self._corrected(position, []).items()}

    # -- corrections ---------------------------------------------------------------------------------------

    def _judged(self, known: int) -> tuple[tuple[Fact, ...], tuple[Fact, ...], list[Finding]]:
        """The facts that hold as of a position, traces of what causes said, and what is wrong by then."""
        findings: list[Finding] = []
        corrected = self._corrected(known, findings)
        pasts = self._pasts(known)
        facts: list[Fact] = []
        traces: list[Fact] = []
        for versions in self._versions[:known]:
            key = versions[0].key
            told = versions[0] if len(versions) == 1 else None
            fact = corrected[key][1] if key in corrected else told
            if fact is not None and not _is_correction(fact):
                facts.append(replace(fact, hands=tuple(pasts[key].hands)) if key in pasts else fact)
            elif len(versions) > 1 and key not in corrected:
                findings.append(_conflict(versions))
            if key in pasts:
                traces += pasts[key].traces(fact)
        facts.sort(key=lambda fact: fact.order)
        return tuple(facts), tuple(traces), findings

    def _corrected(self, known: int, findings: list[Finding]) -> dict[Key, tuple[Fact, Fact | None]]:
        """Which correction holds of each key that is named, and what it makes of it: another fact, or None.

        From the last position down, so that what corrects a correction is settled before it.
        """
        corrected: dict[Key, tuple[Fact, Fact | None]] = {}
        for position in range(known, 0, -1):
            versions = self._versions[position - 1]
            key = versions[0].key
            told = versions[0] if len(versions) == 1 else None
            correction = corrected[key][1] if key in corrected else told
            if correction is None or not _is_correction(correction):
                continue
            target = self._target(correction, position)
            if isinstance(target, Finding):
                findings.append(target)
                continue
            if target in corrected:
                continue
            if correction.type == WITHDRAWN:
                corrected[target] = correction, None
                continue
            outcome = self._replaced(correction, self._versions[self._positions[target] - 1])
            if isinstance(outcome, Fact):
                corrected[target] = correction, outcome
            else:
                findings.extend(outcome)
        return corrected

    def _pasts(self, known: int) -> dict[Key, _Past]:
        """Who told or corrected each fact that is not as one told it, and what each of them made of it.

        Be it that their part holds no more. A correction of a correction is one of the fact, too; what cannot
        hold corrects nothing.
        """
        about: dict[Key, Key] = {}
        found: dict[Key, _Past] = {}
        for position, versions in enumerate(self._versions[:known], start=1):
            told = versions[0]
            if len(versions) > 1 and not _is_correction(told):
                found.setdefault(told.key, _past(versions))
            target = self._target(told, position) if _is_correction(told) else None
            if target is None or isinstance(target, Finding):
                continue
            # Of one that is itself told in several ways nothing counts, but who settles it corrects the fact.
            root = about[told.key] = about.get(target, target)
            if len(versions) > 1:
                continue
            named = self._versions[self._positions[target] - 1]
            if told.type == WITHDRAWN or isinstance(self._replaced(told, named), Fact):
                past = found.setdefault(root, _past(self._versions[self._positions[root] - 1]))
                past.hands.update(dict.fromkeys(_names(told)))
                past.said.extend(self._made(told, position))
        return found

    def _made(self, correction: Fact, position: int) -> Iterator[Fact]:
        """What a correction, or one that it replaces, makes of the fact at the end, if that is anything."""
        while correction.type == REPLACED:
            target = self._target(correction, position)
            if isinstance(target, Finding):
                return
            position = self._positions[target]
            made = self._replaced(correction, self._versions[position - 1])
            if not isinstance(made, Fact):
                return
            if not _is_correction(made):
                yield made
                return
            correction = made

    def _target(self, correction: Fact, position: int) -> Key | Finding:
        """The key that a correction at a position is about, or why it cannot hold."""
        if faults := check_fact(correction, self._declared):
            return faults[0]
        reference = correction.data["corrects"]
        assert isinstance(reference, Data)
        target = (str(reference["source"]), str(reference["id"]))
        name = f"`{target[1][:80]}` of `{target[0][:80]}`"
        target_position = self._positions.get(target)
        if target_position is None:
            way_out = "give the source and id of a fact that is there"
            return Finding(
                "dangling-correction", f"there is no fact {name} to correct", (correction.where,), way_out
            )
        target_fact = self._versions[target_position - 1][0]
        places = (correction.where, target_fact.where)
        if self._recorded_at[target_position - 1] > self._recorded_at[position - 1]:
            message = f"{name} is recorded after what corrects it"
            return Finding("early-correction", message, places, "record the correction at or after the fact")
        if target_position >= position and _is_correction(target_fact):
            message = f"{name} is a correction that does not stand before the one that corrects it"
            return Finding(
                "early-correction", message, places, "give the later correction a later `recordedtime`"
            )
        return target

    def _replaced(self, correction: Fact, versions: tuple[Fact, ...]) -> Fact | tuple[Finding, ...]:
        """The fact as a replacement has it, or why it cannot be."""
        parts = correction.data["replacement"]
        assert isinstance(parts, Data)
        old = versions[0]
        places = (correction.where, *(fact.where for fact in versions))
        if len(versions) > 1 and not _WHOLE.issubset(parts):
            message = f"`{old.id[:80]}` was told in different ways, so a part does not settle what holds"
            return (Finding("partial-settlement", message, places, "give type, time, subject and data"),)
        data = parts.get("data", old.data)
        assert isinstance(data, Data)
        try:
            name, data = newest(str(parts.get("type", old.type)), data)
        except VersionError as fault:
            return (Finding("unknown-version", str(fault), places),)
        fact = replace(
            old,
            type=name,
            at=parse_instant(str(parts["time"])) if "time" in parts else old.at,
            recorded_at=min(version.recorded_at for version in versions),
            subject=str(parts.get("subject", old.subject)),
            data=data,
            private=(correction.private or NO_DATA) if "data" in parts else old.private,
            place=correction.place,
        )
        if _is_correction(fact) != _is_correction(old):
            message = "a correction cannot become another kind of fact, nor another fact a correction"
            return (Finding("bad-correction", message, places, "withdraw it and tell the right one anew"),)
        return check_fact(fact, self._declared) or fact


def _until(facts: tuple[Fact, ...], at: Instant | None) -> tuple[Fact, ...]:
    return facts if at is None else facts[: bisect_right(facts, at, key=lambda fact: fact.at)]


def _is_correction(fact: Fact) -> bool:
    return fact.type in (REPLACED, WITHDRAWN)


def _past(versions: tuple[Fact, ...]) -> _Past:
    return _Past(dict.fromkeys(name for one in versions for name in _actors(one.data)), [*versions])


def _statement(fact: Fact) -> tuple[object, ...]:
    """What may be printed of what a fact says."""
    return fact.type, fact.at, fact.subject, fact.data


def _names(correction: Fact) -> Iterator[str]:
    """Who made a correction, and whom its replacement names as the one who acted."""
    yield str(correction.data["by"])
    parts = correction.data.get("replacement")
    while isinstance(parts, Data):  # one of a correction holds the replacement of that
        data = parts.get("data")
        if not isinstance(data, Data):
            return
        yield from _actors(data)
        if isinstance(data.get("by"), str):
            yield str(data["by"])
        parts = data.get("replacement")


def _actors(data: Mapping[str, Value]) -> Iterator[str]:
    actor = data.get("actor")
    if isinstance(actor, str) and actor:
        yield actor


def _distinct(same: list[Fact]) -> tuple[Fact, ...]:
    """One fact for each body told under a key, recorded at the earliest of its instants, in a fixed order."""
    bodies: dict[tuple[object, ...], Fact] = {}
    for fact in sorted(same, key=lambda fact: (fact.recorded_at, fact.where)):
        bodies.setdefault(fact.body, fact)
    distinct = bodies.values()
    return tuple(
        sorted(distinct, key=lambda fact: (fact.recorded_at, fact.at, fact.type, fact.subject, repr(fact)))
    )


def _conflict(versions: tuple[Fact, ...]) -> Finding:
    first = versions[0]
    return Finding(
        "conflicting-facts",
        f"`{first.id[:80]}` of `{first.source[:80]}` is told in {len(versions)} different ways; none counts",
        tuple(fact.where for fact in versions),
        "remove the wrong one, or settle it with a `correction.replaced` or `correction.withdrawn`",
    )
