"""Statements as text, HTML and PDF: from the record alone, in two languages, the same bytes every time."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from tests.book.stated import AGREEMENT, AT, at, book, outage, ticket
from tests.book.test_statement import JUNE, issued, late
from upheld.book.statement import statement
from upheld.core.stating.statement import Statement, read_statement
from upheld.render.prose.tongue import LANGUAGES, Tongue
from upheld.render.statement.document import Block, Document, Facts, Picture, Section, Table
from upheld.render.statement.html import html, printed
from upheld.render.statement.page import document
from upheld.render.statement.text import text

pytestmark = pytest.mark.slow

GOLDEN: Final = Path(__file__).parents[2] / "golden" / "statements"


@cache
def june() -> Statement:
    """The statement of June."""
    return statement(book(JUNE), "c1", "2026-06", AT)


@cache
def restated() -> Statement:
    """June again after an outage was told late."""
    told = [*JUNE, issued(june(), "Mon 07-20 10:00")]
    told += [late(one, "Tue 07-21 10:00") for one in outage(2, "Wed 06-10 10:00", "Wed 06-10 18:00")]
    return statement(book(told), "c1", "2026-06", AT)


def page(found: Statement, language: str = "en") -> Document:
    """The document of a statement that went through a file: nothing but the record can be asked."""
    return document(read_statement(found.text), Tongue(language))


def blocks(section: Section) -> list[Block]:
    """All blocks of a section and of those in it."""
    return [*section.blocks, *(block for one in section.sections for block in blocks(one))]


def test_the_first_page_says_what_was_kept_and_missed_and_what_is_owed() -> None:
    """In numbers, in a sentence, and with each promise that was not kept."""
    told = text(page(june()))
    first = told.partition("What was not kept, and why")[0]
    assert "1 of 4 promises were kept." in first
    assert re.search(r"€100\.00 +owed", first)
    assert re.search(r"breached +uptime +2026-06 +99\.72222 %", first)
    assert re.search(r"breached +response +T-2 +11 min late", first)
    assert "This statement replaces" not in first


def test_every_promise_that_was_not_kept_is_drawn_and_explained() -> None:
    """Each has its picture, what was promised and what came of it."""
    (section,) = [one for one in page(june()).sections if one.name == "not-kept"]
    assert len(section.sections) == 3
    for one in section.sections:
        assert [block for block in one.blocks if isinstance(block, Picture)]
        assert [block for block in one.blocks if isinstance(block, Table)]


def test_what_a_verdict_would_be_under_another_reading_stands_beside_it() -> None:
    """Friday 16:30 to Saturday noon is half an hour of the desk's, and late around the clock."""
    from tests.book.stated import fact

    told = [*JUNE, *ticket(5, "Fri 06-05 16:30", None)]
    told.append(fact("ticket.replied", "Sat 06-06 12:00", "T-5", "t5-2"))
    shown = text(page(statement(book(told), "c1", "2026-06", AT)))
    assert "response of T-5 is kept (due Mon 8 Jun 2026 10:30). It would be breached" in " ".join(
        shown.split()
    )
    assert "if N1 is `always`" in shown


def test_a_restatement_tells_what_changed_why_and_the_difference_in_money() -> None:
    """On its first page, and change by change with the facts that came in."""
    told = text(page(restated()))
    first, _, rest = told.partition("What changed since number 1")
    assert "This statement replaces number 1." in first
    assert "€150.00 more is owed: €250.00 instead of €100.00." in first
    assert re.search(r"verdict uptime +2026-06 +breached 99\.72222 % +breached 98\.61111 %", rest)
    assert re.search(r"credit credit +2026-06 +owed €100\.00 +owed €250\.00", rest)
    assert "I-2 declared arrived since (desk i2-1)" in rest


def test_an_agreement_without_remedies_says_why_nothing_is_owed() -> None:
    """Whoever misses the money is told that none is promised."""
    from tests.book.stated import AGREEMENT

    without = AGREEMENT[: AGREEMENT.index("remedy:\n")]
    without += 'entitlement:\n  credits: {value: none is promised, clause: "6.4"}\n'
    found = statement(book(JUNE, agreement=without), "c1", "2026-06", AT)
    told = text(page(found))
    assert "Nothing is owed because the agreement has no remedy (clause 6.4): “none is promised”." in told


def test_a_year_reads_as_one_with_its_months() -> None:
    """Every month has its row, and the last row is the sum."""
    told = text(page(statement(book(JUNE), "c1", "2026", AT)))
    assert re.search(r"June 2026 +1 +3 +0 +0 +€100\.00", told)
    assert re.search(r"in all +\d+ +3 +0 +0 +€100\.00", told)


def test_a_period_that_is_not_over_is_marked() -> None:
    """Nobody takes its figures for final ones."""
    told = text(page(statement(book(JUNE), "c1", "2026-06", at("Wed 06-10 00:00"))))
    assert "The period is not over: everything below can still change." in told


def test_a_month_without_anything_says_so() -> None:
    """No tickets is an answer."""
    told = text(page(statement(book([]), "c1", "2026-03", AT)))
    assert "There were none." in told


class _Tags(HTMLParser):
    """The open elements, the ids, and what is referred to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "col", "br", "rect", "line", "path", "circle"):
            self.open.append(tag)
        told = dict(attrs)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.refs += (told.get("aria-labelledby") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("rect", "line", "path", "circle"):
            return
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [html, printed])
def test_the_page_is_well_formed_and_no_id_is_there_twice(made: object, language: str) -> None:
    """Every element that is opened is closed, and what an element is named by is there."""
    reader = _Tags()
    reader.feed(made(page(restated(), language)))  # type: ignore[operator]  # either of two functions
    assert not reader.open
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.refs) <= set(reader.ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_nothing(language: str) -> None:
    """No address of anything stands in it but the name of the language of pictures."""
    told = html(page(restated(), language))
    assert set(re.findall(r"https?://[^\s\"'<]+", told)) <= {"http://www.w3.org/2000/svg"}
    assert "<script" not in told
    assert "url(#" in told or "url(" not in told


def test_texts_of_strangers_are_no_markup() -> None:
    """A ticket, a contract, an exclusion may be called anything."""
    told = [
        *ticket(1, "Mon 06-01 10:00", "Mon 06-01 15:00"),
    ]
    from dataclasses import replace

    strange = [replace(one, subject='<b>"x"</b>') for one in told]
    found = statement(book(strange), "c1", "2026-06", AT)
    for made in (html(page(found)), printed(page(found))):
        assert "<b>" not in made
        assert "&lt;b&gt;&quot;x&quot;&lt;/b&gt;" in made


def test_the_dutch_page_has_no_english_of_ours() -> None:
    """Every heading and every label of the first page is translated; names of the agreement stay."""
    told = page(june(), "nl")
    assert told.title == "Serviceniveaus van juni 2026 voor Acme"
    english = {one.title for one in page(june()).sections}
    assert english.isdisjoint(one.title for one in told.sections)
    assert "nagekomen" in text(told)
    assert "€ 100,00" in text(told)
    assert "breached" not in text(told).partition("Tickets en andere klokken")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_record_gives_the_same_page(language: str) -> None:
    """To the byte, as text and as HTML."""
    assert html(page(restated(), language)) == html(page(restated(), language))
    assert text(page(restated(), language)) == text(page(restated(), language))


def test_a_condition_of_a_remedy_is_explained_with_the_remedy() -> None:
    """JUST promises the share of tasks and pays by its own share: one promise is not kept, drawn there."""
    told = read_statement((GOLDEN / "acme-just-2026-05.json").read_text(encoding="utf-8"))
    whole = document(told, Tongue("en"))
    (not_kept,) = [one for one in whole.sections if one.name == "not-kept"]
    assert [one for one in not_kept.sections if "own share of tasks" in one.title] == []
    (owed,) = [one for one in whole.sections if one.name == "owed"]
    (condition,) = owed.sections[0].sections
    assert condition.title == "The condition, own share of tasks of 2026-05: missed"
    assert sum(isinstance(block, Picture) for block in condition.blocks) == 1
    assert f'<h4 id="{condition.name}">' in html(whole)
    facts = next(block for block in condition.blocks if isinstance(block, Facts))
    assert facts.rows[0] == ("Condition", "at least 90 %; best effort; clause 4.2")


CONDITION = AGREEMENT.replace(
    'uptime: {level: ">= 99.9 %", per: calendar month, clause: "1"}',
    'uptime: {level: ">= 99.9 %", per: calendar month, modality: best effort}\n'
    '  share: {indicator: uptime, level: ">= 99 %", per: calendar month}',
)
"""Uptime is only tried, and what remedies go by; the same share is promised beside it."""


def test_what_runs_without_a_deadline_is_named_as_often_as_it_is_counted() -> None:
    """A condition of a remedy runs too, is no promise, and is neither counted nor named among them."""
    told = text(page(statement(book([], CONDITION), "c1", "2026-06", at("Tue 06-30 23:00"))))
    first = told.partition("What is owed")[0]
    assert "Nothing is judged yet. 1 is still running." in first
    assert "Running until the end of the period named: share (2026-06)." in first
    assert "Running without a deadline" not in first
    assert "A condition of a remedy, and no promise of its own: uptime." in first


def test_tickets_are_late_and_are_neither_up_nor_down() -> None:
    """The share of tasks counts tasks: in time, late, so many of which may be late."""
    told = text(document(golden("acme-just-2026-05.json"), Tongue("en")))
    part = told.partition("1. share of tasks of 2026-05")[2].partition("2. task start")[0]
    assert "6 late, where 4 may be late." in part
    assert re.search(r"\n  in time +34\n  late +6\n  in all +40\n", part)
    assert not re.search(r"\b(up|down|failed)\b", part)


@pytest.mark.parametrize(
    ("granted", "told"),
    [
        ("600.00", None),
        ("250.00", "On JC-1 US$250.00 is granted, where US$600.00 is owed by the numbers."),
        ("0", "On JC-1 nothing is granted, where US$600.00 is owed by the numbers."),
    ],
)
def test_what_was_granted_stands_beside_what_is_owed(granted: str, told: str | None) -> None:
    """Where it is another amount, the first page says so: what is owed is by the numbers."""
    found = golden("acme-just-2026-05.json")
    (claim,) = found.record["claims"]
    changed = Statement.of({**found.record, "claims": [{**claim, "granted": granted}]})
    first = text(document(changed, Tongue("en"))).partition("What was not kept, and why")[0]
    assert (told in first) if told else ("is granted" not in first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_blanks_only(language: str) -> None:
    """A terminal shows a blank that must not break as an escape: an amount in a sentence has none either."""
    found = golden("acme-just-2026-05.json")
    (claim,) = found.record["claims"]
    changed = Statement.of({**found.record, "claims": [{**claim, "granted": "250.00"}]})
    for told in (text(document(changed, Tongue(language))), text(page(restated(), language))):
        assert not re.search("[\u00a0\u202f]", told)


def golden(name: str) -> Statement:
    """A record that an earlier version wrote."""
    return read_statement((GOLDEN / name).read_text(encoding="utf-8"))
