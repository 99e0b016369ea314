"""A statement as a PDF: tagged for everybody (PDF/UA-1), its fonts inside, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from upheld.render.statement.document import Document
from upheld.render.statement.html import printed


class NoPdfError(RuntimeError):
    """The library that sets pages is not installed, or what it needs of the system is not."""


class RemoteError(ValueError):
    """A page asks for something from elsewhere: a statement holds all that it shows."""


class _Whole(str):
    """A label of a picture that is set in one piece. Trap: WeasyPrint goes through its letters, and lays out
    each of them apart, for a picture may place every letter; ours place none, and have thousands."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def _set_labels_whole() -> None:
    """Lets WeasyPrint set each label of a picture at once: a third of the time that a PDF takes."""
    from weasyprint import svg

    each_letter = svg.text
    if getattr(each_letter, "is_whole", False):
        return

    def whole(drawn: Any, node: Any, font_size: float) -> None:
        if node.text:
            node._etree_node.text = _Whole(node.text)
        each_letter(drawn, node, font_size)

    whole.is_whole = True  # type: ignore[attr-defined]  # so that it is done once
    svg.text = whole
    svg.TAGS |= {tag: whole for tag, draw in svg.TAGS.items() if draw is each_letter}


def pdf(document: Document) -> bytes:
    """The bytes of the PDF. NoPdfError where it cannot be made; RemoteError if anything were to be loaded."""
    return set_pages(printed(document))


def set_pages(text: str) -> bytes:
    """The same of a page for paper, as a text."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError as fault:
        raise NoPdfError(f"a PDF needs more than is installed ({fault}): pip install 'upheld[pdf]'") from None
    except OSError as fault:
        raise NoPdfError(f"a PDF needs a library of the system: install pango ({fault})") from None
    asked: list[str] = []

    class Nowhere(URLFetcher):  # type: ignore[misc]  # its class has no types
        """Fetches nothing, and remembers that it was asked to."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Refuses."""
            asked.append(url)
            raise ValueError(url)

    _set_labels_whole()
    page = HTML(string=text, url_fetcher=Nowhere())
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    if asked:
        raise RemoteError(f"a statement loads nothing, and this one asks for {asked[0][:200]}")
    return made
