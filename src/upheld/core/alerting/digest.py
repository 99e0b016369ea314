"""A digest: one message that tells what several would have told, each by its subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from upheld.core.alerting.template import Rendered
from upheld.core.alerting.texts import Language

MOST_LISTED: Final = 100
"""So many subjects stand in a digest; of more, it says how many there are."""


class _Words(NamedTuple):
    heading: str
    beside: str


_WORDS: Final[Mapping[Language, _Words]] = {
    "en": _Words("messages that came at once", "more, which are not listed here"),
    "nl": _Words("berichten die tegelijk kwamen", "andere, die hier niet staan"),
}


def digest_of(messages: Sequence[Rendered], count: int, language: Language) -> Rendered:
    """The digest of so many messages, of which these are the first. One alone is told as it is.

    What is not listed is counted. ValueError for none.
    """
    if not messages:
        raise ValueError("a digest tells of something")
    if count == 1:
        return messages[0]
    heading, beside = _WORDS[language]
    listed = messages[:MOST_LISTED]
    lines = [f"- {one.subject}" for one in listed]
    if count > len(listed):
        lines.append(f"- {count - len(listed)} {beside}")
    return Rendered(f"{count} {heading}", "\n".join((f"{count} {heading}:", "", *lines, "")))
