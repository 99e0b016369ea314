"""A statement as a PDF: tagged for everybody (PDF/UA-1), its fonts inside, the same bytes every time."""

from __future__ import annotations

from typing import Any

from upheld.render.statement.document import Document
from upheld.render.statement.html import printed


class NoPdfError(RuntimeError):
    """The library that sets pages is not installed, or what it needs of the system is not."""


class RemoteError(ValueError):
    """A page asks for something from elsewhere: a statement holds all that it shows."""


def pdf(document: Document) -> bytes:
    """The bytes of the PDF. NoPdfError where it cannot be made; RemoteError if anything were to be loaded."""
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

    page = HTML(string=printed(document), url_fetcher=Nowhere())
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    if asked:
        raise RemoteError(f"a statement loads nothing, and this one asks for {asked[0][:200]}")
    return made
