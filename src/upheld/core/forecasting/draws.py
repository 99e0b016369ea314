"""Numbers drawn at random from a seed, the same on every machine: core makes no randomness of its own.

SplitMix64 (Steele, Lea and Flood, 2014): a counter that is mixed. It is no secret source; it draws samples.
"""

from __future__ import annotations

from typing import Final

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15


class Draws:
    """A stream of whole numbers, each evenly below a bound. Equal seeds give equal streams."""

    __slots__ = ("_at",)

    def __init__(self, seed: int) -> None:
        self._at = seed & _MASK

    def below(self, bound: int) -> int:
        """A number from 0 to `bound - 1`; each is as likely as another to one part in 2^64 / bound."""
        self._at = mixed = (self._at + _STEP) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) * bound) >> 64
