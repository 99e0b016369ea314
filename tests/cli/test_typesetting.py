"""Pages are set in a process of their own."""

from __future__ import annotations

import multiprocessing

import pytest

from upheld.cli.typesetting import typesetting
from upheld.render.statement.pdf import RemoteError, set_pages

pytest.importorskip("weasyprint")
pytestmark = pytest.mark.slow  # a process is started, which loads what sets pages


def test_pages_are_those_that_this_process_would_set() -> None:
    """The same bytes, one text after the other."""
    texts = ["<title>One</title><p>One", "<title>Two</title><h1>Two</h1>"]
    with typesetting() as elsewhere:
        assert [elsewhere(text) for text in texts] == [set_pages(text) for text in texts]


def test_what_is_refused_there_is_refused_here() -> None:
    """A page that would read a file of this machine, and the next one is set all the same."""
    with typesetting() as elsewhere:
        with pytest.raises(RemoteError, match="asks for file:///etc/passwd"):
            elsewhere('<img src="file:///etc/passwd">')
        assert elsewhere("<p>.").startswith(b"%PDF-")


def test_nothing_of_it_stays(capfd: pytest.CaptureFixture[str]) -> None:
    """Not even where no page is asked for: its process has ended, and said nothing."""
    with typesetting():
        pass
    assert multiprocessing.active_children() == []
    assert capfd.readouterr() == ("", "")
