"""Exports are found by their entry points: a further one is a module that names itself."""

from __future__ import annotations

from upheld.export.format import Format, amount_text, formats


def test_the_shipped_forms_are_found() -> None:
    """Each under its name, loaded when it is asked for."""
    found = formats()
    assert {"csv", "stripe", "ubl"} <= set(found)
    assert all(isinstance(load(), Format) for load in found.values())


def test_minor_units_are_written_with_the_decimals_of_their_currency() -> None:
    """None, two or three, in both directions, and less than one."""
    assert [amount_text(*one) for one in ((1200, 0), (-1200, 0), (4990, 2), (-5, 2), (12340, 3), (0, 2))] == [
        "1200", "-1200", "49.90", "-0.05", "12.340", "0.00",
    ]  # fmt: skip
