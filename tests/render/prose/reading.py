"""What the tests of plain words read: the text of one section of a small agreement."""

from __future__ import annotations

from collections.abc import Iterator

from tests.language.texts import terms_of
from upheld.core.terms.agreement import Terms
from upheld.core.worked import NO_EXAMPLES
from upheld.render.prose.agreement import Writer
from upheld.render.prose.document import Example, Grid, Section, Sentence
from upheld.render.prose.tongue import Tongue

HEAD = "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}\n"
SHOP = "component: {shop: {}}\nsignal: {page: {of: shop, checks: the shop opens}}\n"
UPTIME = SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m}}}\n"


def terms(rows: str, contract: str = "") -> Terms:
    """The terms of an agreement of a small provider."""
    return terms_of(rows, contract=contract, head=HEAD)


def read(writer: Writer, of: Terms, language: str = "en") -> tuple[str, ...]:
    """Everything that a section says, in order: its titles, its sentences, the rows of its tables."""
    section = writer(of, Tongue(language), NO_EXAMPLES)
    return () if section is None else tuple(map(plain, _said(section)))


def _said(section: Section) -> Iterator[str]:
    yield section.title
    for block in section.blocks:
        match block:
            case Sentence(text) | Example(text):
                yield text
            case Grid(caption, headers, rows):
                yield caption
                yield from (" | ".join(row) for row in (headers, *rows))
    for one in section.sections:
        yield from _said(one)


def plain(text: str) -> str:
    """A text with ordinary spaces."""
    return text.replace("\xa0", " ").replace("\u202f", " ")
