"""Who is told of what, and when: the stages of a book, the provider's own ones by the strictest reading.

Source: design 9; terms P4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from upheld.book.evaluate import Report
from upheld.book.readings import options_of
from upheld.core.alerting.stage import Judged, Stage, judged_in, stages
from upheld.core.book import Book
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.readings.exploration import Selection, single
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.values.frozen import dataclass

TermsUnder: TypeAlias = Callable[[Selection, Sequence[Terms]], "tuple[Terms, ...] | None"]
"""Gives terms where readings are taken otherwise: see `Book.terms_under`."""


@dataclass(frozen=True, slots=True)
class Stricter:
    """The terms of a contract under one other reading that could make an alarm come sooner.

    `reading` is it in words: the assumption and the option. `clocks` are those that rest on it and that the
    provider watches, each with the kind of its subjects: nothing else is asked under it.
    """

    reading: str
    terms: Terms
    clocks: frozenset[tuple[str, SubjectKind]]


def stricter(terms_under: TermsUnder, terms: Terms) -> Iterator[Stricter]:
    """The terms under each other option of each reading on which clocks rest that the provider watches.

    One reading at a time: of two that both shorten a clock, each is asked alone. Options that cannot be
    executed are passed over.
    """
    watched = _clocks_watched(terms)
    for name, options in options_of(terms).items():
        for option in options if name in watched else ():
            found = terms_under(single(name, option), [terms])
            if found is not None:
                yield Stricter(f"{name}: {option}", found[0], frozenset(watched[name]))


def _clocks_watched(terms: Terms) -> dict[str, set[tuple[str, SubjectKind]]]:
    """By reading, the clocks behind which it is and that the provider watches, under any plan."""
    found: dict[str, set[tuple[str, SubjectKind]]] = {}
    for own in (terms, *terms.plans.values()):
        rules = [rule for rule in own.escalations if rule.audience == "provider"]
        names = {name for rule in rules for name in rule.of}
        for clock in own.clocks:
            for reading in clock.cited.readings if clock.name in names else ():
                found.setdefault(reading, set()).add((clock.name, clock.of))
    return found


def alarms(book: Book, report: Report, contract: str | None = None) -> tuple[Stage, ...]:
    """Every stage that is reached or will be, of one contract or of all, the first one first.

    KeyError for a contract that is not there. BeyondHorizon as `evaluate`.
    """
    bound = [one for one in report.terms if one.contract is not None]
    if contract is not None:
        bound = [one for one in bound if one.contract is not None and one.contract.id == contract]
        if not bound:
            raise KeyError(contract)
    found = (stage for terms in bound for stage in _of_contract(book, report, terms))
    return tuple(sorted(found, key=lambda stage: (stage.at, stage.key)))


def _of_contract(book: Book, report: Report, terms: Terms) -> tuple[Stage, ...]:
    facts = book.log.evaluated(report.at, report.known)

    def judged(other: Stricter) -> Judged:
        evaluation = evaluate([other.terms], facts, report.at, book.observations)
        found = judged_in(other.terms, evaluation, other.reading)
        names = {name for name, _ in other.clocks}
        return found._replace(
            outcomes={key: one for key, one in found.outcomes.items() if key.commitment in names}
        )

    others = [judged(other) for other in stricter(book.terms_under, terms)]
    return stages(judged_in(terms, report.evaluation), others)
