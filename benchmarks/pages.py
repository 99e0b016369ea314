"""What a page costs: a month of thousands of tickets, from its report to the bytes."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random  # noqa: TID251  # a benchmark seeds its own
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from benchmarks.figure import Figure, Sizes
from benchmarks.readings import AGREEMENT, AT, CONTRACT, facts_of
from upheld.book.evaluate import evaluate
from upheld.book.pages import pages
from upheld.cli.book_arguments import book_of
from upheld.core.timeline.instant import HOUR, MINUTE, format_instant, parse_instant
from upheld.render.pages.contract import contract_page

MOST_MS: Final = 2_000
MOST_KB: Final = 500
FROM_AT: Final = parse_instant("2026-04-01T00:00:00Z")
JUNE_AT: Final = parse_instant("2026-06-01T00:00:00Z")
PARTS: Final = [f"part-{n}" for n in range(40)]
TROUBLED: Final = f"""{AGREEMENT}
component:
  service: {{each: [{", ".join(PARTS)}]}}
  {"".join(f"{name}: {{}}{chr(10)}  " for name in PARTS)}
signal:
  power: {{of: [{", ".join(PARTS)}], states: what each says, good: "state = up", max age: 12h}}
indicator:
  uptime: {{count: states of service, across: each}}
commit:
  uptime: {{level: ">= 99.9 %", per: calendar month}}
remedy:
  credit:
    of: uptime
    bands: {{"[99 %, 99.9 %)": 10 %, "< 99 %": 25 %}}
    base: {{fee: month}}
"""
FEES: Final = CONTRACT.replace("2026-01-01}", "2026-04-01, currency: EUR, fees: {month: 1000.00 EUR}}")


def pages_figures(sizes: Sizes) -> Iterable[Figure]:
    """The page of one contract in a month with three times as many tickets as readings are tried on.

    Then of a month in which nearly every ticket was late and each of forty components failed, often.
    """
    tickets = 3 * sizes.read_tickets
    yield from _of(f"the page of a month of {tickets:,} tickets", AGREEMENT, CONTRACT, facts_of(tickets), "")
    work = f"of {tickets:,} tickets, most of them late, and {len(PARTS)} components that all failed"
    yield from _of(work, TROUBLED, FEES, _late(tickets), "".join(_outages()))


def _of(
    work: str, agreement: str, contract: str, facts: Iterable[str], observations: str
) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        _write(path, agreement, contract, facts, observations)
        book = book_of([path])
        report = evaluate(book, AT)
        costs_ms, sizes_kb = [], []
        start = process_time()
        for one in pages(book, report):
            sizes_kb.append(len(contract_page(one).encode()) / 1000)
            costs_ms.append((process_time() - start) * 1000)
            start = process_time()
    many = f"the dearest of {len(costs_ms)}" if len(costs_ms) > 1 else "1 page"
    yield Figure(f"{work}, from its report", "at most", MOST_MS, max(costs_ms), "alone", many, "ms")
    yield Figure("its size", "at most", MOST_KB, max(sizes_kb), "alone", "pictures in two widths", "KB")


def _write(path: Path, agreement: str, contract: str, facts: Iterable[str], observations: str) -> None:
    (path / "agreement.yaml").write_text(agreement)
    (path / "contract.yaml").write_text(contract)
    (path / "facts.jsonl").write_text("".join(facts))
    if observations:
        (path / "power.observations.csv").write_text(observations)


def write_troubled(path: Path, tickets: int) -> None:
    """The files of a month in which nearly every ticket was late and every component failed, often."""
    _write(path, TROUBLED, FEES, _late(tickets), "".join(_outages()))


def _late(count: int) -> Iterator[str]:
    """Tickets of which all but a few are answered and resolved too late."""
    for n in range(count):
        at = JUNE_AT + (n * 379 % (28 * 1440)) * MINUTE
        rows = [("opened", 0, {"contract": "acme", "priority": f"P{n % 3 + 1}"})]
        rows += [("replied", 60 if n % 20 == 0 else 4000 + n % 300, {}), ("resolved", 19_000, {})]
        for number, (verb, minutes, data) in enumerate(rows):
            fact = {"specversion": "1.0", "id": f"{n}-{number}", "source": "desk", "data": data}
            fact |= {"type": f"ticket.{verb}", "subject": f"T-{n}"}
            yield json.dumps({**fact, "time": format_instant(at + minutes * MINUTE)}) + "\n"


def _outages() -> Iterator[str]:
    """The states of every component: down for a while a hundred times, and sometimes not told at all."""
    random = Random(5)
    yield "at,component,state\n"
    told = []
    for name in PARTS:
        at = FROM_AT
        while at < AT:
            told += [(at, name, "up"), (at + random.randrange(1, 7) * HOUR, name, "down")]
            at = told[-1][0] + random.choice((1, 5, 20, 300)) * MINUTE
    for at, name, state in sorted(told):
        if at < AT:
            yield f"{format_instant(at)},{name},{state}\n"
