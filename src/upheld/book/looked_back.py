"""What a credit rests on beyond its own period: the earlier periods that its remedy looks back on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from upheld.book.stated_position import Position
from upheld.core.stating.canonical import Record
from upheld.core.stating.restating import is_another, section
from upheld.core.stating.verdict_entries import verdict_entry
from upheld.core.terms.remedy import LONG, LimitPer, RemedyRule
from upheld.core.timeline.instant import DAY, Duration
from upheld.core.values.expression import names_in
from upheld.core.verdicts.measurement import Measurement

Entry = Mapping[str, Any]
_SHORTEST: Final[Mapping[LimitPer, Duration]] = {"month": 27 * DAY, "quarter": 89 * DAY}
"""A month of 28 days and a quarter of 90, and whatever a change of clocks takes."""


def looks_back(rule: RemedyRule, found: Measurement) -> bool:
    """Whether a remedy asks for earlier periods: how many were not kept, or what was given in them."""
    if rule.of_last or (rule.when is not None and "breaches" in names_in(rule.when)):
        return True
    if any(limit.per in LONG for limit in rule.limits):
        return True
    return any(found.period.length_us < _SHORTEST.get(limit.per, 0) for limit in rule.limits)


class LookedBack:
    """Verdicts on earlier periods that are others than they were, by the credit that looks back on them.

    Each side is a record, and the book as of it. A record holds what was said: where the book cannot tell
    that any more (an early `recordedtime` moved positions), its own entries do.
    """

    def __init__(self, was: tuple[Record, Position], now: tuple[Record, Position], contract: str) -> None:
        self._sides = (was, now)
        self._contract = contract
        self.is_observed = bool(now[1].terms[contract].signals)
        """Whether anything is observed under the agreement."""
        self._moved: dict[tuple[str, str], list[Entry]] = {}
        self._counted: dict[tuple[str, str], list[Entry]] = {}

    def behind(self, remedy: str, subject: str) -> list[Entry]:
        """The entries, before and now, of the earlier verdicts that moved and that a credit looks back on.

        Beside them stand those of the clocks that they count.
        """
        key = (remedy, subject)
        if key not in self._moved:
            earlier = _moved(*(dict(self._earlier(one, remedy, subject)) for one in self._sides))
            self._moved[key] = [*earlier, *(item for one in earlier for item in self.counted(one))]
        return self._moved[key]

    def counted(self, entry: Entry) -> list[Entry]:
        """The entries, before and now, of the clocks that moved and whose outcomes a verdict counts."""
        found = entry.get("measurement")
        if found is None or found["basis"] != "outcomes":
            return []
        of = next(one["value"] for one in found["method"] if one["name"] == "basis")
        key = (of, found["period"]["label"])
        if key not in self._counted:
            sides = (dict(self._clocks(one, of, found["period"])) for one in self._sides)
            self._counted[key] = _moved(*sides)
        return self._counted[key]

    def _clocks(
        self, side: tuple[Record, Position], of: str, period: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[str, int], Entry]]:
        record, position = side
        said = {(one["commitment"], one["subject"], one["cycle"]): one for one in section(record, "verdicts")}
        terms = position.terms[self._contract]
        for one in position.report.evaluation.of(self._contract):
            ends = (one.started_at, one.stopped_at)
            is_in = any(at is not None and period["start_at"] <= at < period["end_at"] for at in ends)
            if is_in and of == f"outcomes of {one.key.commitment}":
                entry = verdict_entry(terms.under(one.plan), one, position.at)
                key = (one.key.subject, one.cycle)
                yield key, said.get((one.key.commitment, *key), entry)

    def of_records(self, *records: Record) -> Iterator[Entry]:
        """Those of every credit of the records."""
        keys = {(one["remedy"], one["subject"]) for record in records for one in section(record, "credits")}
        for remedy, subject in sorted(keys):
            yield from self.behind(remedy, subject)

    def _earlier(
        self, side: tuple[Record, Position], remedy: str, subject: str
    ) -> Iterator[tuple[str, Entry]]:
        record, position = side
        said = {(one["commitment"], one["subject"]): one for one in section(record, "verdicts")}
        terms = position.terms[self._contract]
        told = position.report.evaluation.of(self._contract)
        found = [(one, one.measurement) for one in told if one.measurement is not None]
        for own, measured in found:
            rules = [rule for rule in terms.under(own.plan).remedies if rule.name == remedy]
            is_own = own.key.subject == subject and own.key.commitment in {rule.of for rule in rules}
            if not is_own or not any(looks_back(rule, measured) for rule in rules):
                continue
            for one, other in found:
                is_earlier = other.period.end_at <= measured.period.start_at
                if is_earlier and one.key.commitment == own.key.commitment:
                    entry = verdict_entry(terms.under(one.plan), one, position.at)
                    yield one.key.subject, said.get(one.key[1:], entry)


def _moved(was: Mapping[Any, Entry], now: Mapping[Any, Entry]) -> list[Entry]:
    """The entries of both sides that are others there, or only there in one of them."""
    sides = (was, now)
    keys = [key for key in dict.fromkeys((*was, *now)) if is_another(was.get(key), now.get(key))]
    return [side[key] for key in keys for side in sides if key in side]
