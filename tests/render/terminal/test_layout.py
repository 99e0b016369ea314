"""Cells, bars and lines in the columns that there are: none is wider, none lost, none is markup."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from tests.render.figure_worlds import JUNE, measured, span
from upheld.core.measuring.partition import part_of
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Part
from upheld.render.blocks import Bar, Block, Parts, Row, Rows, TextLine, lines_of
from upheld.render.terminal.bars import columns_of, partition_bar, share_bar
from upheld.render.terminal.layout import Entry, entries, flow
from upheld.render.terminal.report import report_page
from upheld.render.terminal.sheet import Sheet
from upheld.render.terminal.signs import PARTS, STATES, SUM, TIMES, URGENCIES
from upheld.render.terminal.strip import strips

HOSTILE = st.one_of(
    st.text(max_size=30),
    st.text("ab [/]:\\\x1b\n\t语é", max_size=40),
    st.sampled_from(
        ["[bold]T-1[/bold]", ":smile:", "\x1b[31mred", "a" * 90, "语" * 50, "👩\u200d🚒", "e\u0301"]
    ),
)
WIDTHS = st.integers(40, 200)


def marks(text: str) -> list[str]:
    """What is not blank, in any order: wherever lines are broken, it is all there."""
    return sorted(re.sub(r"\s", "", text))


@given(cells=st.lists(HOSTILE, max_size=6), width=st.integers(12, 200), indent=st.integers(0, 12))
def test_a_flow_fits_and_loses_nothing(cells: list[str], width: int, indent: int) -> None:
    """Cells of any text, wide characters and words that are longer than the line among them."""
    sheet = Sheet(width)
    texts = [sheet.text(cell) for cell in cells]
    lines = flow(sheet, texts, width, indent)
    assert all(line.cell_len <= width for line in lines)
    assert marks("".join(line.plain for line in lines)) == marks("".join(text.plain for text in texts))


@given(
    rows=st.lists(st.lists(HOSTILE, min_size=4, max_size=4), max_size=4),
    lead=st.integers(0, 4),
    right=st.frozensets(st.integers(0, 3)),
    width=WIDTHS,
    each=st.booleans(),
)
def test_rows_fit_and_lose_nothing(
    rows: list[list[str]], lead: int, right: frozenset[int], width: int, each: bool
) -> None:
    """In one row, with the rest below, or cell after cell."""
    sheet = Sheet(width)
    made = [Entry([sheet.text(cell) for cell in row]) for row in rows]
    lines = entries(sheet, made, lead, right, each=each).lines(width)
    assert all(line.cell_len <= width for line in lines)
    told = "".join(cell.plain for entry in made for cell in entry.cells)
    assert marks("".join(line.plain for line in lines)) == marks(told)


def test_a_long_cell_at_the_right_is_broken_within_its_room() -> None:
    """The only column of a row that is wider than the terminal stays inside, its short cells at the right."""
    sheet = Sheet(52)
    made = [Entry([sheet.text("ab")]), Entry([sheet.text("a" * 86)])]
    lines = entries(sheet, made, 0, frozenset({0})).lines(52)
    assert [line.cell_len for line in lines] == [50, 50, 42]


def test_rows_that_fit_are_columns_and_others_go_on_below() -> None:
    """All in a row; the first two in a row and the rest below; or one after the other."""
    sheet = Sheet(40)
    rows = [["#1", "T-1", "met", "due Mon 2026-06-08 10:30"], ["#12", "T-10", "breached", "11 min late"]]
    made = [Entry([sheet.text(cell) for cell in row]) for row in rows]
    fitted = entries(sheet, made, 2, frozenset({0}))

    def drawn(width: int) -> list[str]:
        return [line.plain.rstrip() for line in fitted.lines(width)]

    assert drawn(60) == [
        "   #1  T-1   met       due Mon 2026-06-08 10:30",
        "  #12  T-10  breached  11 min late",
    ]
    assert drawn(40) == [
        "   #1  T-1",
        "      met  due Mon 2026-06-08 10:30",
        "  #12  T-10",
        "      breached  11 min late",
    ]
    assert drawn(10)[:2] == ["  #1  T-1", "   met"]


def test_a_number_stays_with_its_unit() -> None:
    """What is broken between them is hard to read."""
    sheet = Sheet(40)
    lines = flow(sheet, [sheet.text("8 min 12.8 s more than 213 min 47.2 s and 99.80 EUR, 85 % of it")], 20)
    assert [line.plain.strip() for line in lines] == [
        "8 min 12.8 s more",
        "than 213 min",
        "47.2 s and",
        "99.80 EUR, 85 %",
        "of it",
    ]


def test_the_last_cell_is_broken_in_its_own_column_where_that_is_wide() -> None:
    """Words of which there are many stand under each other."""
    sheet = Sheet(80)
    cells = [sheet.text("#1"), sheet.text("word " * 20)]
    lines = [line.plain.rstrip() for line in entries(sheet, [Entry(cells)], 1).lines(80)]
    assert len(lines) == 2
    assert lines[1].startswith("      word")


# -- bars --------------------------------------------------------------------------------------------------


@given(amounts=st.lists(st.integers(0, 10**13), max_size=8), width=st.integers(8, 72))
def test_a_bar_shows_every_part_and_is_as_wide_as_it_should(amounts: list[int], width: int) -> None:
    """A column at least for what is not zero, none for what is; more never has fewer columns than less."""
    columns = columns_of(amounts, width)
    assert sum(columns) == (width if any(amounts) else 0)
    for amount, count in zip(amounts, columns, strict=True):
        assert bool(count) == bool(amount)
        for other, less in zip(amounts, columns, strict=True):
            assert amount <= other or count >= less


def test_a_bar_with_more_parts_than_columns_shows_the_largest() -> None:
    """One column each, in their order."""
    assert columns_of([1, 5, 0, 3, 4], 3) == [0, 1, 0, 1, 1]


def test_a_share_is_full_only_if_all_is_used() -> None:
    """And empty only if nothing is; more than all is full."""
    sheet = Sheet(40, encoding="ascii")

    def drawn(share: Fraction) -> str:
        return share_bar(sheet, share, 4).plain

    assert [drawn(Fraction(n, 1000)) for n in (0, 1, 500, 999, 1000, 1700)] == [
        "----", "#---", "##--", "###-", "####", "####",
    ]  # fmt: skip


@pytest.mark.parametrize("signs", [{**PARTS, "sum": SUM}, TIMES])
def test_parts_differ_without_colour(signs: dict[str, object]) -> None:
    """No two have the same sign, with block characters or without."""
    for attribute in ("block", "ascii"):
        drawn = [getattr(sign, attribute) for sign in signs.values()]
        assert len(set(drawn)) == len(drawn)


def test_signs_are_one_column_wide() -> None:
    """In both alphabets."""
    for sign in [*PARTS.values(), *TIMES.values(), *STATES.values(), *URGENCIES.values()]:
        assert Text(sign.block).cell_len == 1
        assert sign.ascii.isascii()
        assert len(sign.ascii) == 1


def test_a_partition_is_drawn_in_its_order() -> None:
    """As the parts are told."""
    parts = (("up", 90), ("down", 1), ("unknown", 9))
    assert partition_bar(Sheet(40), parts, PARTS, 12).plain == "██████████╳?"
    assert partition_bar(Sheet(40, encoding="ascii"), parts, PARTS, 12).plain == "##########X?"


# -- whole pages -------------------------------------------------------------------------------------------


def page(subject: str) -> list[Block]:
    """A page with every kind of block, about a subject."""
    rows = Rows(
        (
            Row(
                ("#1", subject, "met", "99 %", f"because of {subject}"), "met", Bar((("up", 9), ("down", 1)))
            ),
            Row(("#22", "T-2", "breached", "1 %", ""), "breached", under=(TextLine(f"      {subject}"),)),
        ),
        ("number", "subject", "state", "figure", "text"),
        3,
        frozenset({0}),
    )
    counts = Rows((Row((subject, "4", "2")),), ("subject", "figure", "figure"), 1, head=("", "met", "missed"))
    parts = Parts(Bar((("up", 9), ("not yet", 1))), (("up", subject, "9"), ("", "in all", "10")), 6)
    return [TextLine(subject, "title"), counts, TextLine(f"{subject} - of it", "head"), rows, parts]


@given(subject=HOSTILE, width=WIDTHS, encoding=st.sampled_from(["utf-8", "ascii", "latin-1", "cp437"]))
def test_a_page_about_anything_fits_and_has_no_command_in_it(subject: str, width: int, encoding: str) -> None:
    """No line is wider, none carries a control character, each can be written in the encoding."""
    told = report_page(Sheet(width, encoding=encoding), page(subject))
    assert told.encode(encoding)
    assert told.isprintable() or set(filter(lambda c: not c.isprintable(), told)) == {"\n"}
    assert all(Text(line).cell_len <= width for line in told.split("\n"))


@given(subject=HOSTILE.filter(lambda text: text.isprintable()), width=WIDTHS)
def test_a_page_says_what_its_plain_text_says(subject: str, width: int) -> None:
    """Every character of it, beside signs, bars and their keys."""
    drawn = Counter(marks(report_page(Sheet(width), page(subject))))
    plain = [line for line in lines_of(page(subject)) if set(line) != {"="}]
    assert Counter(marks("".join(plain))) - drawn == Counter()


def test_markup_and_emoji_codes_are_text() -> None:
    """What is markup to the library that draws is printed as it stands."""
    told = report_page(Sheet(80), page("[bold]T-1[/bold] :smile:"))
    assert told.count("[bold]T-1[/bold] :smile:") == 7


def test_colour_changes_no_character() -> None:
    """A page with colours is the page without, and escape sequences."""
    plain, coloured = (report_page(Sheet(60, colour), page("T-1")) for colour in (False, True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_a_sheet_has_columns() -> None:
    """Less than one is no page."""
    with pytest.raises(ValueError, match="0 columns"):
        Sheet(0)


# -- a period ----------------------------------------------------------------------------------------------


def test_an_outage_is_seen_however_short() -> None:
    """A minute down in a column of twelve hours; else what there is most of that was not up."""
    whole = Spans.of([(JUNE.start_at, JUNE.end_at)])
    down, out, gap = (span("Mon 06-01 00:00", 1), span("Mon 06-01 01:00", 100), span("Mon 06-01 03:00", 9))
    up = part_of("up", whole - down - out - gap)
    odd = part_of("excluded", out, "window"), part_of("unknown", gap)

    def drawn(*parts: Part) -> list[str]:
        (strip,) = strips(Sheet(62), replace(measured(1), parts=parts))
        return [line.plain for line in strip.lines(62)]

    assert drawn(up, part_of("down", down), *odd) == [
        "  ╳" + "█" * 59,
        "  █ up  ╳ down",
        "  each column is 12 h 00 min: down if any of it was, else what",
        "    there is most of that was not up",
    ]
    assert drawn(up, *odd)[0] == "  ╱" + "█" * 59
