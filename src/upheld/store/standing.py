"""Which facts are in force: rows beside what was recorded, changed when a correction says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from upheld.core.evaluating.narrow import Narrow
from upheld.core.facts.fact import Fact
from upheld.store.inserting import insert
from upheld.store.ledger import Known
from upheld.store.mapping import corrected_fact, corrected_text
from upheld.store.models import Provider, StandingFact
from upheld.store.shelf import input_text

_COLUMNS: Final = ("provider_id", "recorded_id", "input", "at", "begins", "contract", "corrected")


class Standing(NamedTuple):
    """What is in force of a recorded fact: itself, another in its place, or nothing."""

    recorded: Known
    now: Fact | None


def put_standing(provider: Provider, narrow: Narrow, standing: Iterable[Standing]) -> list[Fact]:
    """Brings the rows up to date; gives the facts that came into force or went out of it."""
    wanted = {one.recorded.id: one for one in standing}
    there = {row.recorded_id: row for row in StandingFact.objects.filter(recorded__in=wanted)}
    moved: list[Fact] = []
    fresh: list[tuple[object, ...]] = []
    for pk, (recorded, now) in wanted.items():
        row = there.get(pk)
        before = None if row is None else corrected_fact(row.corrected) if row.corrected else recorded.fact
        if before == now:
            continue
        moved += [fact for fact in (before, now) if fact is not None]
        if row is not None:
            row.delete()
        if now is not None:
            fresh.append(_row(provider, narrow, recorded, now))
    insert(StandingFact, _COLUMNS, fresh)
    return moved


def _row(provider: Provider, narrow: Narrow, recorded: Known, now: Fact) -> tuple[object, ...]:
    kind = narrow.begun_by(now)
    return (
        provider.pk,
        recorded.id,
        input_text(narrow.input_of(now) or ()),
        now.at,
        kind or "",
        str(now.data.get("contract") or "") if kind else "",
        "" if now is recorded.fact else corrected_text(now),
    )
