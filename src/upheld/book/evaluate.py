"""What was promised, kept and broken, as of an instant and of a position in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from upheld.core.agreement import ALWAYS, Scale, SubjectKind, Terms
from upheld.core.book import Book
from upheld.core.evaluation import Evaluation, Evaluator
from upheld.core.fact import Fact
from upheld.core.finding import Finding, in_order
from upheld.core.instant import Instant
from upheld.core.subject import CLASSIFYING, OPENING, subject_kind
from upheld.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts of a book. Their numbers count from 1 over all contracts, in this order."""

    at: Instant
    known: int
    terms: tuple[Terms, ...]
    evaluation: Evaluation
    findings: tuple[Finding, ...] = ()
    facts: int = 0

    def numbered(self) -> Iterator[tuple[int, Terms, Verdict]]:
        """Every verdict with its number and the terms it is under."""
        number = 0
        for terms in self.terms:
            assert terms.contract is not None
            for verdict in self.evaluation.of(terms.contract.id):
                number += 1
                yield number, terms, verdict


def evaluate(book: Book, at: Instant, known: int | None = None, evaluator: Evaluator | None = None) -> Report:
    """The report of a book at an instant, knowing what had been recorded up to a position (default: all).

    BeyondHorizon if a calendar is asked about years for which it was not compiled; `at` is always asked.
    """
    for terms in book.terms:
        terms.calendars[ALWAYS].is_open(at)
    position = len(book.log) if known is None else min(known, len(book.log))
    facts = book.log.effective(at, position)
    evaluation = (evaluator or Evaluator(book.terms)).evaluate(facts, at)
    findings = in_order(_strangers(book.terms, facts))
    return Report(at, position, book.terms, evaluation, findings, len(facts))


def _strangers(terms: Iterable[Terms], facts: Iterable[Fact]) -> Iterator[Finding]:
    """Facts about something that no contract of the book has: they count nowhere, so they are told."""
    by_contract = {one.contract.id: one for one in terms if one.contract is not None}
    declared = {name: event.of for one in by_contract.values() for name, event in one.events.items()}
    providers = {one.provider for one in by_contract.values()}
    begun: dict[tuple[str, str], str] = {}
    later: list[tuple[SubjectKind, Fact]] = []
    for fact in facts:
        yield from _unknown_party(fact, by_contract, providers)
        kind = subject_kind(fact.type, declared)
        if kind is None:
            continue
        if fact.type in (OPENING[kind], "maintenance.started"):
            contract = str(fact.data.get("contract") or "")
            if begun.setdefault((kind, fact.subject), contract) != contract:
                message = (
                    f"{kind} `{fact.subject}` is begun under `{begun[kind, fact.subject]}` and `{contract}`"
                )
                yield _warning("subject-twice", message, fact, "give it an id that no other contract uses")
        else:
            later.append((kind, fact))
        if fact.type in CLASSIFYING[kind]:
            one = by_contract.get(begun.get((kind, fact.subject), ""))
            about = [one] if one else _of_provider(fact, by_contract.values())
            yield from _off_scale(fact, [s for terms_ in about for s in terms_.scales if s.of == kind])
    for family, fact in later:
        if (family, fact.subject) not in begun:
            message = f"{family} `{fact.subject}` has this fact, but none that begins it"
            yield _warning("unknown-subject", message, fact, f"add its {OPENING[family]}")


def _of_provider(fact: Fact, terms: Iterable[Terms]) -> list[Terms]:
    """The terms under which a fact of a provider counts."""
    return [one for one in terms if fact.data.get("provider") in (None, one.provider)]


def _unknown_party(fact: Fact, contracts: dict[str, Terms], providers: set[str]) -> Iterator[Finding]:
    contract = fact.data.get("contract")
    if isinstance(contract, str) and contract not in contracts:
        known = ", ".join(sorted(contracts)) or "none"
        message = f"there is no contract `{contract}`; the book has {known}"
        yield _warning("unknown-contract", message, fact, "name one of them, or add the contract's file")
    provider = fact.data.get("provider")
    if isinstance(provider, str) and provider not in providers:
        known = ", ".join(sorted(providers)) or "none"
        message = f"there is no provider `{provider}`; the book has {known}"
        yield _warning("unknown-provider", message, fact, "write the provider as its agreement does")
    elif (
        provider is None
        and len(providers) > 1
        and fact.type in ("incident.declared", "maintenance.announced")
    ):
        message = f"the book has {len(providers)} providers and this fact names none, so it counts nowhere"
        yield _warning("provider-missing", message, fact, "add `provider` to its data")


def _off_scale(fact: Fact, scales: Iterable[Scale]) -> Iterator[Finding]:
    by_name: dict[str, set[str]] = {}
    for scale in scales:
        by_name.setdefault(scale.name, set()).update(scale.values)
    for name, values in by_name.items():
        value = fact.data.get(name)
        if isinstance(value, str) and value not in values:
            message = f"`{value}` is not a {name}; there are {', '.join(sorted(values))}"
            yield _warning("unknown-value", message, fact, "a clock keyed by it cannot be judged")


def _warning(code: str, message: str, fact: Fact, way_out: str) -> Finding:
    return Finding(code, message, (fact.where,), way_out, "warning")
