"""Drawings of what was asked, written to files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from upheld.book.explain import CreditExplanation, Explanation
from upheld.cli.output import Stop, write_whole
from upheld.core.terms.indicator import CommitRule
from upheld.render.drawings.drawing import NARROWEST, WIDEST, Drawing

WIDTH_PX = 960


def width_px(text: str | None) -> int:
    """The width asked for."""
    if text is None:
        return WIDTH_PX
    if not (text.isascii() and text.isdecimal()) or len(text) > 4 or not NARROWEST <= int(text) <= WIDEST:
        raise Stop(f"upheld: --width {text}: give a number of pixels from {NARROWEST} to {WIDEST}")
    return int(text)


def write_picture(
    found: Sequence[Explanation | CreditExplanation], asked: str, name: str, width: str | None
) -> None:
    """Writes the picture of the one thing that was explained to the file of that name."""
    if len(found) > 1:
        numbers = ", ".join(f"#{one.number}" for one in found)
        raise Stop(f"upheld: --svg: {asked} names {numbers}, and a file holds one picture: give a number")
    text = picture_of(found[0]).svg(width_px(width))
    try:
        write_whole(Path(name), text)
    except OSError as fault:
        raise Stop(f"upheld: --svg {name}: {fault.strerror}") from None


def picture_of(one: Explanation | CreditExplanation) -> Drawing:
    """The timeline of a clock, or the strip of a measured figure."""
    if isinstance(one, CreditExplanation):
        of = one.verdict[0] if one.verdict else ""
        way_out = f"; its verdict, #{of}, has one" if of else ""
        raise Stop(f"upheld: --svg: there is no picture of a credit{way_out}")
    if isinstance(one.rule, CommitRule):
        from upheld.render.drawings.strip import availability_strip

        return availability_strip(one.number, one.terms, one.rule, one.verdict, one.trace)
    from upheld.render.drawings.clock import clock_timeline

    return clock_timeline(one.number, one.terms, one.rule, one.verdict, one.steps, one.measured, one.at)
