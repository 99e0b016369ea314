"""Random tickets of a desk, with what `explain` tells of every clock of theirs."""

from __future__ import annotations

from random import Random

from tests.core.worlds import DESK, bound, fact
from tests.render.drawings.pictures import HOSTILE
from upheld.book.evaluate import evaluate
from upheld.book.explain import CreditExplanation, Explanation, explain
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant, parse_instant
from upheld.files.folder import Folder
from upheld.render.drawings.clock import clock_timeline
from upheld.render.drawings.drawing import Drawing

AGREEMENT = (
    DESK
    + """
deadline:
  answer: {from: opened, until: answered, on: always, within: {P1: 30m, P2: 8h, P3: 3d}}
  fix:
    from: opened
    until: resolved
    on: desk
    within: {P1: {goal: 2h, limit: 4h}, P2: 2 business days, P3: 40h}
    pause: waiting
  survey: {until: closed, due: resolved + 5 days}
every:
  updates: {from: opened, again: answered, until: resolved, each: 6h, hours: desk, on: always}
quota:
  urgent: {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary}
"""
)
FIRST_AT = parse_instant("2026-01-05T00:00:00Z")


def explanations(seed: int) -> list[Explanation]:
    """What is told of one random ticket, up to a random instant; sometimes of a name by a stranger."""
    rng = Random(seed)
    subject = rng.choice(HOSTILE[:7]) if rng.random() < 0.2 else f"T-{rng.randrange(10 ** rng.randint(1, 6))}"
    facts, last_at = _facts(rng, subject)
    book = Folder(terms=(bound(AGREEMENT),), log=FactLog(facts))
    at = max(facts[0].at, last_at + rng.randint(-2 * DAY, 10 * DAY))
    report = evaluate(book, at)
    found = []
    for number, _, verdict in report.numbered():
        told = explain(book, report, str(number))
        found += [one for one in told if not isinstance(one, CreditExplanation) and one.verdict is verdict]
    # A month without urgent tickets is like any other.
    return [one for one in found if one.steps]


def drawing_of(one: Explanation) -> Drawing:
    """Its picture."""
    return clock_timeline(one.number, one.terms, one.rule, one.verdict, one.steps, one.measured, one.at)


def _facts(rng: Random, subject: str) -> tuple[list[Fact], Instant]:
    at = FIRST_AT + rng.randrange(300 * DAY // MINUTE) * MINUTE
    step = rng.choice([20 * MINUTE, 5 * HOUR, 3 * DAY, 30 * DAY])
    told = [
        fact("ticket.opened", at, subject, "f0", priority=rng.choice(["P1", "P2", "P3"]), kind="incident")
    ]
    for n in range(1, rng.randint(1, 20)):
        at += rng.randrange(step // MINUTE + 1) * MINUTE + rng.choice([0, 0, 33_000_000])
        told.append(_next(rng, at, subject, f"f{n}"))
    return told, at


def _next(rng: Random, at: Instant, subject: str, id_: str) -> Fact:
    what = rng.choice(["replied", "waiting_started", "waiting_ended", "classified", "resolved", "reopened"])
    if what == "replied":
        return fact("ticket.replied", at, subject, id_, actor=rng.choice(["desk-1", *HOSTILE[:7]]))
    if what == "waiting_started":
        return fact("ticket.waiting_started", at, subject, id_, **{"for": "data"})
    if what == "classified":
        return fact("ticket.classified", at, subject, id_, priority=rng.choice(["P1", "P2"]), by="provider")
    return fact(f"ticket.{what}", at, subject, id_)
