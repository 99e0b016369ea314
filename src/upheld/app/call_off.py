"""What a page was about is no more, or not so any more: who was woken for it learns that, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from upheld.app.composing import Owed, notices
from upheld.app.wake_no_more import wake_no_more
from upheld.core.alerting.texts import Language
from upheld.core.timeline.instant import Instant, format_instant
from upheld.store.models import Message, Page

GONE: Final = "what it was about was withdrawn, or moved"
_TEXTS: Final[Mapping[Language, tuple[str, str]]] = {
    "en": (
        "Nothing to do any more: {subject}",
        (
            "You were woken for this: {subject}\n\n"
            "It was withdrawn or corrected since, so there is nothing to take care of. Nobody else is woken "
            "for it."
        ),
    ),
    "nl": (
        "Niets meer te doen: {subject}",
        (
            "Hiervoor bent u gewekt: {subject}\n\n"
            "Het is sindsdien ingetrokken of gecorrigeerd, dus u hoeft niets te doen. Niemand anders wordt "
            "ervoor gewekt."
        ),
    ),
}


def call_off(page: Page, at: Instant) -> Iterator[Owed]:
    """What waits is not sent, what is being sent not again; gives what who may have been reached is told.

    In the transaction of the caller, who writes it.
    """
    own = page.messages.filter(person__isnull=False).exclude(state="suppressed").order_by("pk")
    first: dict[int | None, Message] = {}
    for message in own.exclude(state="waiting", attempts=None).select_related("person"):
        first.setdefault(message.person_id, message)
    wake_no_more(page, GONE, at)
    cause = f"page/{page.pk} over at {format_instant(at)}"
    for message in first.values():
        assert message.person is not None, "the others were left out"
        yield from notices(page.provider, [message.person], False, cause, at, partial(_said, message.subject))


def _said(subject: str, language: Language) -> tuple[str, str]:
    heading, text = _TEXTS[language]
    return heading.format(subject=subject), text.format(subject=subject)
