"""A statement as a PDF: tagged for everybody (PDF/UA-1), its fonts inside, the same bytes every time."""

from __future__ import annotations

from upheld.render.statement.document import Document
from upheld.render.statement.html import printed


class NoPdfError(RuntimeError):
    """The library that sets pages is not installed, or what it needs of the system is not."""


class RemoteError(ValueError):
    """A page asks for something from elsewhere: a statement holds all that it shows."""


def pdf(document: Document) -> bytes:
    """The bytes of the PDF. NoPdfError where it cannot be made."""
    try:
        from weasyprint import HTML
    except ImportError as fault:
        raise NoPdfError(f"a PDF needs more than is installed ({fault}): pip install 'upheld[pdf]'") from None
    except OSError as fault:
        raise NoPdfError(f"a PDF needs a library of the system: install pango ({fault})") from None
    page = HTML(string=printed(document), url_fetcher=_refuse)
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _refuse(url: str, *_: object, **__: object) -> None:
    """Fetches nothing, from nowhere."""
    raise RemoteError(f"a statement loads nothing: {url[:200]}")
