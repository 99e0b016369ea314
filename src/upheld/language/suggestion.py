"""What an author probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the closest of the known words, or an empty text if none is close."""
    from difflib import get_close_matches  # here: only a text with a fault pays for it

    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.7)
    return f"did you mean `{by_folded[close[0]]}`?" if close else ""
