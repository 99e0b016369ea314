"""What the gallery draws: a few verdicts of the shipped month that show what a kind of drawing can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from upheld.book.days import days_of_commitment
from upheld.book.diff import Version, diff
from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import CreditExplanation, explain
from upheld.book.forecast import forecasts
from upheld.book.pages import pages
from upheld.cli.book_arguments import book_of
from upheld.cli.pictures import picture_of
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.files.folder import Folder, read_agreement_file
from upheld.language.node import Mapping
from upheld.language.reader import read_yaml
from upheld.render.drawings.budget import budget_fan
from upheld.render.drawings.days import day_bars
from upheld.render.drawings.drawing import Drawing
from upheld.render.drawings.versions import versions_compared

ROOT = Path(__file__).resolve().parents[2]
AT = parse_instant("2026-07-01T00:00:00Z")
MIDDLE_AT = parse_instant("2026-06-18T09:00:00Z")
"""While June was running, for what is about running periods."""


class Subject(NamedTuple):
    """A drawing of the gallery: the kind it stands for, the name of its file, and why it is there."""

    kind: str
    name: str
    why: str
    drawing: Drawing


CLOCKS = (
    ("RS-4109", "response", "late over a weekend: closed hours are drawn narrower"),
    ("RS-4111", "resolution", "in time, because the clock stood still for a day and a half"),
    ("RS-4121", "resolution", "late by more than its budget"),
    ("RS-4136", "resolution", "running: it waits, so nothing is due"),
    ("INT-2217", "urgent updates", "a cadence whose due instant moved to the opening"),
    ("CE-7323", "guaranteed response", "a morning, minute by minute"),
    ("SC-12", "claim answer", "a date that the agreement computes; nothing is counted"),
)
FIGURES = (
    ("2026-06/erp-connector", "availability", "two outages, one of them in a maintenance announced too late"),
    ("2026-06", "uptime", "what is unknown decides; one stretch was degraded"),
    ("2026-Q2/inbox", "service", "a quarter"),
    ("2026-06", "share of tasks", "tasks, which have no stretches of time"),
)
DAYS = (
    ("acme-sivo", "uptime", "service", "ninety days, of which a few have trouble"),
    ("acme-crm", "availability", "erp-connector", "a contract that is one month old"),
)
FORECASTS = (
    ("acme-crm", "availability", "2026-06/erp-connector", "two thirds used after half of the month"),
    ("acme-engage", "service", "2026-Q2/inbox", "the last days of a quarter"),
    ("acme-sivo", "uptime", "2026-06", "lost already"),
)


OVERVIEWS = (
    ("acme-crm", "heat-map", "when deadlines of support were missed"),
    ("acme-sivo", "month-calendar", "support, and maintenance of which some counts as down"),
    ("acme-sivo", "credits-by-month", "one owed, one that what is unknown decides"),
)
EDITS = ((">= 99.95 %", ">= 99.9 %"), ("S1: 30m", "S1: 15m"), ("Mon-Fri 09:00-18:00", "Mon-Fri 10:00-18:00"))
"""What a later version of an agreement might change."""


def subjects() -> Iterator[Subject]:
    """Every drawing of the gallery, kind by kind."""
    book, report = _asked(AT)
    yield from _explained(book, report, CLOCKS, "Timeline of a clock")
    yield from _explained(book, report, FIGURES, "Strip of a period")
    for contract, commitment, component, why in DAYS:
        days = days_of_commitment(report, _terms(report, contract), commitment)[component]
        drawing = day_bars(_terms(report, contract), commitment, component, days)
        yield Subject("Days", f"days-{contract}", why, drawing)
    yield from _of_pages(book, report)
    book, report = _asked(MIDDLE_AT)
    verdicts = {number: verdict for number, _, verdict in report.numbered()}
    for contract, commitment, subject, why in FORECASTS:
        for number, terms, found in forecasts(report, book.observations, contract).measured:
            if found.key == (contract, commitment, subject):
                measured = verdicts[number].measurement
                assert measured is not None
                yield Subject(
                    "Error budget", f"budget-{contract}", why, budget_fan(number, terms, found, measured)
                )


def _of_pages(book: Folder, report: Report) -> Iterator[Subject]:
    """What the page of a month shows beside what was measured, and two versions that differ."""
    kinds = {"heat-map": "Heat map", "month-calendar": "Month", "credits-by-month": "Credits"}
    for contract, name, why in OVERVIEWS:
        page = next(one for one in pages(book, report, contract) if one.month.label == "2026-06")
        drawing = next(one for one in page.overview if one.name == name)
        yield Subject(kinds[name], f"{name}-{contract}", why, drawing)
    agreement, _ = read_agreement_file(ROOT / "agreements" / "sivo.yaml")
    assert agreement is not None
    text = (ROOT / "agreements" / "sivo.yaml").read_text(encoding="utf-8")
    for old, new in EDITS:
        assert old in text, f"{old} is no longer in the agreement"
        text = text.replace(old, new)
    node, _ = read_yaml(text, "sivo.yaml")
    assert isinstance(node, Mapping)
    found, _ = diff(Version(agreement.node, agreement.lock), Version(node, agreement.lock), plan="enterprise")
    assert found is not None
    drawing = versions_compared("SIVO, plan enterprise", "2026-01", "2026-07", found.plans[0].changes)
    why = "a lower level, other hours, and a quicker answer: worse and better stand side by side"
    yield Subject("Versions", "versions-sivo", why, drawing)


def _asked(at: Instant) -> tuple[Folder, Report]:
    book = book_of([ROOT / "agreements", ROOT / "demo"])
    return book, evaluate(book, at)


def _terms(report: Report, contract: str) -> Terms:
    return next(terms for terms in report.terms if terms.contract and terms.contract.id == contract)


def _explained(
    book: Folder, report: Report, asked: tuple[tuple[str, str, str], ...], kind: str
) -> Iterator[Subject]:
    """The pictures of verdicts, each the first of its commitment on a subject."""
    for subject, commitment, why in asked:
        one = explain(book, report, subject, commitment)[0]
        assert not isinstance(one, CreditExplanation)
        name = f"{commitment}-{subject}".replace(" ", "-").replace("/", "-").lower()
        yield Subject(kind, name, why, picture_of(one))
