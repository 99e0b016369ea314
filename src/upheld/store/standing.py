"""Which facts are in force: rows beside what was recorded, changed when a correction says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from django.db.models import Q

from upheld.core.evaluating.narrow import Narrow
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.store.inserting import insert
from upheld.store.ledger import Known
from upheld.store.mapping import corrected_fact, corrected_text, fact_of
from upheld.store.models import Provider, StandingFact
from upheld.store.shelf import input_text

_SORTED: Final = ("input", "begins", "contract")
_AT_ONCE: Final = 500
_COLUMNS: Final = ("provider_id", "recorded_id", "input", "at", "begins", "contract", "corrected")


class Standing(NamedTuple):
    """What is in force of a recorded fact: itself or another in its place, and traces of what it said."""

    recorded: Known
    now: tuple[Fact, ...]


def put_standing(
    provider: Provider, narrow: Narrow, standing: Iterable[Standing], entered: Collection[int] = ()
) -> list[Fact]:
    """Brings the rows up to date; gives the facts that came into force or went out of it.

    Of what was just `entered` (keys of recorded facts) there are no rows yet.
    """
    wanted = {one.recorded.id: one for one in standing}
    there: dict[int, list[StandingFact]] = {}
    for row in StandingFact.objects.filter(recorded__among=wanted.keys() - entered):
        there.setdefault(row.recorded_id, []).append(row)
    moved: list[Fact] = []
    gone: list[int] = []
    fresh: list[tuple[object, ...]] = []
    for pk, (recorded, now) in wanted.items():
        coming = [*now]
        for row in there.get(pk, ()):
            before = corrected_fact(row.corrected) if row.corrected else recorded.fact
            if before in coming:
                coming.remove(before)
            else:
                moved.append(before)
                gone.append(row.pk)
        moved += coming
        fresh += [_row(provider, narrow, recorded, one) for one in coming]
    StandingFact.objects.filter(pk__among=gone).delete()
    insert(StandingFact, _COLUMNS, fresh)
    return moved


def sort_anew(provider: Provider, narrow: Narrow, *, whole: bool) -> int:
    """Brings up to date of which input each fact is part of, and what it begins; how many rows were others.

    Which that is the contracts say, and the version of the program by which a fact was recorded. Not `whole`:
    only of the facts for which the contracts can say so, and of those that nothing was computed from.
    """
    rows = StandingFact.objects.filter(provider=provider)
    if not whole:
        rows = rows.filter(Q(input="") | ~Q(corrected="") | ~Q(recorded__type__in=FACT_TYPES))
    names = ("pk", *_SORTED, "corrected", "recorded__entry", "recorded__personal")
    changed: list[StandingFact] = []
    for pk, *before, corrected, entry, personal in rows.values_list(*names).iterator(_AT_ONCE):
        now = _sorted(narrow, corrected_fact(corrected) if corrected else fact_of(entry, personal))
        if now != tuple(before):
            changed.append(StandingFact(pk=pk, **dict(zip(_SORTED, now, strict=True))))
    StandingFact.objects.bulk_update(changed, _SORTED, batch_size=_AT_ONCE)
    return len(changed)


def _row(provider: Provider, narrow: Narrow, recorded: Known, now: Fact) -> tuple[object, ...]:
    name, begins, contract = _sorted(narrow, now)
    told = "" if now is recorded.fact else corrected_text(now)
    return provider.pk, recorded.id, name, now.at, begins, contract, told


def _sorted(narrow: Narrow, fact: Fact) -> tuple[str, str, str]:
    """The input that a fact is part of, what kind of subject it begins, and whose that is."""
    kind = narrow.begun_by(fact)
    contract = str(fact.data.get("contract") or "") if kind else ""
    return input_text(narrow.input_of(fact) or ()), kind or "", contract
