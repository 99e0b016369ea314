"""The PDF of a statement: totals on page one, nothing clipped, fonts inside, tagged, the same bytes again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from tests.render.statement.test_pages import june, page, restated
from upheld.render.statement import pdf as pdf_module
from upheld.render.statement.document import Document, Table
from upheld.render.statement.html import printed
from upheld.render.statement.pdf import RemoteError, pdf

pytestmark = pytest.mark.slow

pytest.importorskip("weasyprint")


@cache
def made(language: str = "en") -> bytes:
    """The PDF of the restatement of June."""
    return pdf(page(restated(), language))


def reader(data: bytes | None = None) -> pypdf.PdfReader:
    """It read by another library."""
    return pypdf.PdfReader(io.BytesIO(made() if data is None else data))


def test_the_totals_are_on_page_one() -> None:
    """Kept, missed, owed, and what to do by when: whoever turns no page knows."""
    first = " ".join(reader().pages[0].extract_text().split())
    wanted = (
        "Service levels of June 2026 for Acme",
        "kept",
        "breached",
        "€250.00",
        "owed",
        "What was not kept",
    )
    for told in (*wanted, "This statement replaces number 1."):
        assert told in first


def test_it_is_tagged_for_everybody() -> None:
    """As PDF/UA-1 asks: marked, with a structure, a language, a title that is shown, and its own claim."""
    found = reader()
    catalogue: Any = found.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in catalogue["/Metadata"].get_data()
    assert found.metadata is not None
    assert found.metadata.title == "Service levels of June 2026 for Acme"


def test_a_label_of_a_picture_is_one_piece_of_text() -> None:
    """It is set whole, as every line of text is, and not letter by letter, which took a third of the time."""
    pages = [one.get_contents().get_data() for one in reader().pages]
    assert sum(page.count(b"TJ") for page in pages) == sum(page.count(b"BT") for page in pages) > 100


def _elements(node: Any) -> Iterator[Any]:
    """Every structure element below one."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(one, dict) and "/S" in one:
            yield one
            yield from _elements(one)


def test_every_breach_is_drawn_and_every_picture_has_its_text() -> None:
    """Three that were not kept, and the days: each a figure with what it shows in words."""
    root: Any = reader().trailer["/Root"]
    figures = [one for one in _elements(root["/StructTreeRoot"]) if one["/S"] == "/Figure"]
    assert len(figures) >= 3
    assert all(one.get("/Alt") for one in figures)
    headings = [one["/S"] for one in _elements(root["/StructTreeRoot"]) if re.fullmatch(r"/H\d", one["/S"])]
    assert headings[0] == "/H1"
    assert all(int(b[2]) - int(a[2]) <= 1 for a, b in pairwise(headings))


def test_its_fonts_are_inside() -> None:
    """Each with its programme, so that it looks the same everywhere."""
    seen = 0
    for one in reader().pages:
        fonts: Any = one["/Resources"].get("/Font", {})
        for font in fonts.values():
            told = font.get_object()
            (inner,) = told.get("/DescendantFonts", [told])
            descriptor = inner.get_object()["/FontDescriptor"]
            assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            seen += 1
    assert seen


def words_of(data: bytes) -> set[str]:
    """The words of a PDF as they stand in its lines."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return {
        word for n in range(len(document)) for word in document[n].get_textpage().get_text_bounded().split()
    }


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_word_of_a_table_is_broken(language: str) -> None:
    """A word that is no hash stands in one line, whatever stands beside it."""
    cells = re.findall(r"<t[dh][^>]*>([^<]+)</t[dh]>", printed(page(restated(), language)))
    asked = {word for cell in cells for word in unescape(cell).split() if len(word) < 20}
    assert len(asked) > 50
    assert asked <= words_of(made(language))


def test_a_table_of_many_columns_breaks_no_number() -> None:
    """Nine columns of Dutch, as a credit memo that is taken back has them."""
    headers = (
        "Nummer",
        "Voor",
        "Stand",
        "Netto",
        "Belasting",
        "In totaal",
        "Verrekend, netto",
        "Nog open, netto",
    )
    row = (
        "JO-000004",
        "refund, 2027-11",
        "verrekend",
        "€ -740,74",
        "€ -155,56",
        "€ -896,30",
        "€ -593,83",
        "€ 0,00",
    )
    why = "wat verschuldigd is, is niet wat is verstuurd; niet zo: “value < level and complaints > 0”"
    table = Table("Creditnota's", (*headers, "Waarom"), ((*row, why),), frozenset(range(3, 8)))
    told = Document("T", "nl", "t", (table,), (), "foot", "0" * 64, "Skip", "page \0 of \1")
    data = pdf(told)
    assert {word for cell in (*headers, *row) for word in cell.split()} <= words_of(data)
    lines = reader(data).pages[0].extract_text().replace("\xa0", " ")
    assert all(amount in lines for amount in row[3:])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_text_reaches_over_the_edge_of_a_page(language: str) -> None:
    """Nothing of a table is clipped: what is drawn on a page lies between its margins."""
    import pypdfium2

    document = pypdfium2.PdfDocument(made(language))
    for n in range(len(document)):
        one = document[n]
        width, _ = one.get_size()
        text = one.get_textpage()
        boxes = [text.get_rect(i) for i in range(text.count_rects())]
        assert boxes
        assert min(box[0] for box in boxes) >= 40
        assert max(box[2] for box in boxes) <= width - 40


def test_nothing_of_a_table_is_lost() -> None:
    """Every cell of the page for paper is on some page of the PDF."""
    whole = "".join("".join(one.extract_text().split()) for one in reader().pages)
    cells = re.findall(r"<t[dh][^>]*>([^<]+)</t[dh]>", printed(page(restated())))
    assert len(cells) > 50
    missing = [cell for cell in cells if "".join(unescape(cell).split()) not in whole]
    # A cell that goes over the end of a page is there in two parts.
    assert not [cell for cell in missing if len(cell) < 60]


@pytest.mark.slow
def test_the_same_statement_gives_the_same_bytes() -> None:
    """No date of today, no random id."""
    assert pdf(page(restated())) == made()
    assert pdf(page(june())) != made()


def test_nothing_is_fetched_and_no_address_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that asked for something from elsewhere would not be set; ours asks for nothing."""
    assert not re.findall(rb"/URI\s*\(http", made())

    def strange(document: Document) -> str:
        return printed(document).replace("<h1>", '<img src="https://example.org/x.png"><h1>')

    monkeypatch.setattr(pdf_module, "printed", strange)
    with pytest.raises(RemoteError, match=r"loads nothing.*https://example\.org/x\.png"):
        pdf(page(june()))


def test_no_last_row_stands_alone_on_a_page() -> None:
    """The sum of a table that is one row too long takes the row before it along."""
    rows = tuple((f"row-{n}", str(n)) for n in range(37))
    table = Table("Every month", ("Month", "kept"), rows, frozenset({1}))
    told = Document("T", "en", "t", (table,), (), "foot", "0" * 64, "Skip", "page \0 of \1")
    pages = [one.extract_text() for one in reader(pdf(told)).pages]
    assert [len(re.findall(r"row-\d+", text)) for text in pages] == [35, 2]
