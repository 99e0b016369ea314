"""One text as Markdown, as HTML and as lines: the same words, escaped for where they stand."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

from upheld.core.values.frozen import replace
from upheld.core.values.rule import Citation
from upheld.render.prose.document import Example, Grid, Prose, Section, Sentence
from upheld.render.prose.html import page
from upheld.render.prose.layout import Paragraph, Table, citation, cited_by, passages
from upheld.render.prose.markdown import escaped, markdown
from upheld.render.prose.plain import plain
from upheld.render.prose.tongue import Tongue

TWO = Citation(("2.1", "3"), ("a", "b", "c"), ("a", "b", "c"))
GRID = Grid("Times", ("Priority", "Within"), (("P1", "2 hours"), ("P2 | <b>", "4 hours, no more")), TWO)
PROSE = Prose(
    "Levels of *Northwind*",
    "en",
    (("Provider", "Northwind & Co"),),
    (
        Section(
            "times",
            "Times",
            (Sentence("First."), Sentence("1. Second <i>.", TWO), Sentence("Third.", TWO), GRID),
            (Section("times-x", "“x”", (Sentence("- Inner."), Example("At 9:00.", TWO))),),
        ),
        Section("left-open", "Open", (), tuple(Section(f"reading-{name}", name) for name in ("a", "b", "c"))),
    ),
    "Plan pro",
    {"a": "NW/1", "b": "NW/1", "c": "NW/2"},
)


def test_what_cites_the_same_is_one_passage_with_its_citation_behind_the_last() -> None:
    """Sentences in a row are one paragraph; a table among them carries the citation on."""
    parts = list(passages(PROSE.sections[0].blocks))
    shown = Citation(TWO.clauses, (), TWO.own)
    assert parts == [
        Paragraph("First."),
        Paragraph("1. Second <i>. Third."),
        Table(GRID, shown),
    ]


def test_a_citation_names_each_reference_once() -> None:
    """Readings go by their reference, in the language of the text."""
    cited = cited_by(TWO, PROSE)
    assert citation(cited, Tongue("en")) == "(clauses 2.1 and 3; readings NW/1 and NW/2)"
    assert citation(cited, Tongue("nl")) == "(artikelen 2.1 en 3; lezingen NW/1 en NW/2)"
    assert citation(cited_by(Citation(), PROSE), Tongue("en")) == ""


def test_markdown_shows_every_text_as_it_is() -> None:
    """What would be markup is escaped, at the start of a line and in the cell of a table too."""
    assert (
        markdown([PROSE])
        == r"""# Levels of \*Northwind\*

- **Provider:** Northwind & Co

## Times

First.

1\. Second \<i\>. Third.

**Times**

| Priority | Within |
| --- | --- |
| P1 | 2 hours |
| P2 \| \<b\> | 4 hours, no more |

(clauses 2.1 and 3; readings NW/1 and NW/2)

### “x”

\- Inner.

> **Example.** At 9:00. (clauses 2.1 and 3; readings NW/1 and NW/2)

## Open

### a

### b

### c
"""
    )
    assert escaped("a_b _c_ [d](e) `f` &amp; g&h") == r"a_b \_c\_ \[d\](e) \`f\` \&amp; g&h"


def test_several_texts_stand_under_one_title() -> None:
    """Each under its own name, a level deeper."""
    text = markdown([PROSE, PROSE])
    assert text.count("\n## Plan pro\n") == 2
    assert text.startswith("# Levels of \\*Northwind\\*\n\n## Plan pro\n")
    assert "\n### Times\n" in text


class _Read(HTMLParser):
    """The tags of a page that are open at its end, its ids, its headings and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.links: list[str] = []
        self.labelled: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        for name, value in attrs:
            assert value is not None
            if name == "id":
                self.ids.append(value)
            elif name == "href":
                self.links.append(value)
            elif name == "aria-labelledby":
                self.labelled.append(value)
        if tag[0] == "h" and tag[1:].isdecimal():
            self.levels.append(int(tag[1:]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def test_a_page_is_whole_and_loads_nothing() -> None:
    """Tags close, ids are unique, every link and label leads somewhere in it, headings skip no level."""
    for texts in ([PROSE], [PROSE, Prose("x", "en", (), PROSE.sections, "Plan starter")]):
        text = page(texts)
        read = _Read(text)
        assert not read.open
        assert len(read.ids) == len(set(read.ids))
        assert {link.removeprefix("#") for link in read.links} | set(read.labelled) <= set(read.ids)
        assert read.levels[0] == 1
        assert all(later - former <= 1 for former, later in pairwise(read.levels))
        assert "1. Second <i>. Third." in read.text
        assert "P2 | <b>" in read.text
        assert not any(word in text for word in ("<script", "http:", "https:", "@import", "url("))
        assert text.startswith('<!doctype html>\n<html lang="en">')


def test_lines_fit_their_width() -> None:
    """Paragraphs break between words; a table that does not fit is told row by row."""
    wide, narrow = plain([PROSE], 80), plain([PROSE], 20)
    assert "  P1        2 hours" in wide
    assert "    Within: 2 hours" in narrow
    assert max(map(len, narrow)) <= 21
    assert wide[:2] == ["LEVELS OF *NORTHWIND*", "=" * 21]


def test_no_id_is_there_twice_whatever_letters_names_are_written_in() -> None:
    """Names of other letters, or that differ in a blank alone; every link leads to what it is of."""
    names = ("响应", "解决", "a b", "a-b")
    told = tuple(Section(f"reading-{name}", f"on {name}") for name in names)
    cited = tuple(Sentence(name, Citation((), (), (name,))) for name in names)
    prose = Prose(
        "Levels", "en", (), (Section("text", "Times", cited), Section("left-open", "Open", (), told))
    )
    for texts in ([prose], [replace(prose, name="Plan ö"), replace(prose, name="Plan ü")]):
        written = page(texts)
        ids = re.findall(r'id="([^"]+)"', written)
        assert len(ids) == len(set(ids)) == 1 + len(texts) * (6 + (len(texts) > 1))
        for name in names:
            links = re.findall(rf'<a href="#([^"]+)">{name}</a>', written)
            assert links == re.findall(rf'<h. id="([^"]+)">on {name}</h', written)
            assert len(links) == len(texts)


def test_a_page_loads_nothing() -> None:
    """It says so itself, to whatever shows it."""
    assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;' in page([PROSE])


def test_a_number_and_its_percent_sign_are_not_parted() -> None:
    """In no form, be it in a sentence, an example, a table, or in words that are quoted."""
    texts = (
        Sentence("It is “99 % of checks” or 99.95 %."),
        Example("1 %."),
        Grid("5 %", ("a", "7 %"), (("8 %", "9 %"),)),
    )
    prose = Prose("T", "en", (), (Section("s", "S", texts),))
    for told in (markdown([prose]), page([prose])):
        assert len(re.findall(r"\d\xa0%", told)) >= 7
        assert not re.search(r"\d[ \n]%", told)
    for width in range(20, 60):
        lines = plain([prose], width)
        assert not any(line.lstrip().startswith("%") for line in lines)
        assert not any("\xa0" in line or "xa0" in line for line in lines)


def test_a_row_that_is_told_below_its_name_has_no_empty_cells() -> None:
    """Where columns do not fit, a header without a text behind it would say nothing."""
    grid = Grid("", ("what", "of", "unless"), (("a name that is long", "a ticket", ""), ("b", "", "a cause")))
    lines = plain([Prose("T", "en", (), (Section("s", "S", (grid,)),))], 30)
    assert lines[lines.index("  a name that is long") :][:4] == [
        "  a name that is long", "    of: a ticket", "  b", "    unless: a cause"
    ]  # fmt: skip


def test_a_table_without_a_caption_goes_by_its_heading() -> None:
    """It has no empty caption, and whoever listens is told what it is."""
    grid = Grid("", ("a", "b"), (("c", "d"),))
    told = page([Prose("T", "en", (), (Section("s", "S", (grid,)),))])
    assert "<caption" not in told
    assert '<h2 id="s">' in told
    assert told.count('aria-labelledby="s"') == 2
