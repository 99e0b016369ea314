"""What is found about a text is collected: all of it, or only what must be mended."""

from __future__ import annotations

import pytest

from upheld.core.values.finding import EnoughError, Place
from upheld.language.report import Report

HERE = Place("a.yaml", 1, 1)


def _told(report: Report) -> tuple[list[str], int]:
    report.warn("seldom-meant", "this is seldom meant", HERE)
    report.note("worth-knowing", "this is worth knowing", HERE)
    report.error("bad-band", "this is no band", HERE)
    return [one.code for one in report.findings], report.errors


def test_everything_that_is_found_is_kept_in_its_order() -> None:
    """Warnings and notes stand beside errors, and only the latter are counted."""
    assert _told(Report()) == (["seldom-meant", "worth-knowing", "bad-band"], 1)


def test_who_asks_for_errors_only_is_told_nothing_else() -> None:
    """A text compiled anew under other readings was warned of when it was checked."""
    assert _told(Report(errors_only=True)) == (["bad-band"], 1)


def test_as_much_as_is_told_at_once_ends_what_is_done() -> None:
    """A text that is wrong throughout costs no more than what is told of it, and the end is told, too."""
    report = Report(most=2)
    report.error("bad-band", "this is no band", HERE)
    with pytest.raises(EnoughError):
        report.error("bad-band", "this is no band either", HERE)
    assert [one.code for one in report.findings] == ["bad-band", "bad-band", "too-many-findings"]
