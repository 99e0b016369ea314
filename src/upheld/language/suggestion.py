"""What an author probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LONGEST: Final = 100
"""Characters of a word that is compared: nobody misspells a longer one."""
MOST_COMPARED: Final = 60
"""Names that a word is compared with, each of which costs some microseconds."""


def did_you_mean(word: str, known: Iterable[str], most: int = MOST_COMPARED) -> str:
    """A question that names the closest of the known words, or an empty text if none is close.

    Among more than `most`, only those are compared that begin as it does, and of these the first.
    """
    from difflib import get_close_matches  # here: only a text with a fault pays for it

    folded = word.casefold()
    if not folded or len(folded) > LONGEST:
        return ""
    by_folded = {name.casefold(): name for name in known}
    near = list(by_folded)
    if len(near) > most:
        near = [name for name in near if name[:1] == folded[0]][:most]
    close = get_close_matches(folded, near, n=1, cutoff=0.7)
    return f"did you mean `{by_folded[close[0]]}`?" if close else ""
