"""What every export of credit memos is, and how those that are installed are found.

One module each: a new one names itself under the entry point `upheld.exports` and nothing here changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from upheld.core.accounting.memo import CreditMemo

GROUP = "upheld.exports"


class Format(NamedTuple):
    """A form in which memos leave: what of a memo it cannot say, and the text.

    `suffix` is that of its files. `is_each`: a file holds one memo, not all of them.
    """

    suffix: str
    is_each: bool
    faults: Callable[[CreditMemo], tuple[str, ...]]
    text: Callable[[Sequence[CreditMemo]], str]


def formats() -> dict[str, Callable[[], Format]]:
    """The installed forms by name; each is loaded when it is asked for."""
    from importlib.metadata import entry_points

    return {entry.name: entry.load for entry in sorted(entry_points(group=GROUP))}


def amount_text(amount_minor: int, digits: int) -> str:
    """Minor units as a number with the decimals of its currency: `-49.90`, `1200`, `0.005`."""
    sign, units = "-" if amount_minor < 0 else "", f"{abs(amount_minor):0{digits + 1}d}"
    return f"{sign}{units[:-digits]}.{units[-digits:]}" if digits else f"{sign}{units}"
