"""What messages say in English and Dutch: days, months, events, and texts where a provider has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Language = Literal["en", "nl"]
Kind = Literal["ahead", "late", "claim", "event", "gap", "test"]
"""A warning, something that is late, something that can be claimed, something that happened; a rota without
anybody, and a page that only tries whether pages arrive.
"""


class Template(NamedTuple):
    """The subject and the body of a message, with placeholders."""

    subject: str
    body: str


DAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}
MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
           "oktober", "november", "december"),
}  # fmt: skip
NEVER: Final[Mapping[Language, str]] = {"en": "no date", "nl": "geen datum"}
ACKNOWLEDGE: Final[Mapping[Language, str]] = {
    "en": "Acknowledge it, and nobody else is woken for it:",
    "nl": "Bevestig dat u het oppakt, dan wordt niemand anders ervoor gewekt:",
}
"""Stands below a page, before where that is done."""
EVENTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {"post_mortem_published": "explained", "report_sent": "reported on"},
    "nl": {
        "announced": "aangekondigd",
        "cancelled": "ingetrokken",
        "classified": "opnieuw ingedeeld",
        "closed": "gesloten",
        "declared": "gemeld",
        "determined": "beslist",
        "ended": "beëindigd",
        "escalated": "geëscaleerd",
        "filed": "ingediend",
        "mitigated": "zonder gevolgen",
        "opened": "geopend",
        "planned": "gepland",
        "post_mortem_published": "toegelicht",
        "replied": "beantwoord",
        "report_sent": "gerapporteerd",
        "resolved": "opgelost",
        "started": "begonnen",
        "updated": "bijgewerkt",
    },
}
_BEGAN: Final[Mapping[Language, str]] = {
    "en": "It began {started_at}. ",
    "nl": "Begonnen op {started_at}. ",
}

DEFAULTS: Final[Mapping[Language, Mapping[Kind, Template]]] = {
    "en": {
        "ahead": Template(
            "{commitment} of {subject} is due {due_at}",
            "{commitment} of {subject} ({customer}, contract {contract}) is due {due_at}.\n"
            f"{_BEGAN['en']}This message is sent at: {{stage}}.\n",
        ),
        "late": Template(
            "{commitment} of {subject} is late",
            "{commitment} of {subject} ({customer}, contract {contract}) was due {due_at} and is late.\n"
            f"{_BEGAN['en']}This message is sent at: {{stage}}.\n",
        ),
        "claim": Template(
            "{commitment} for {subject} can be claimed until {due_at}",
            "Under contract {contract} ({customer}), {commitment} for {subject} can be claimed from "
            "{provider} until {due_at}.\n",
        ),
        "event": Template(
            "{subject}: {event}",
            "{subject} was {event} {started_at} ({customer}, contract {contract}).\n",
        ),
        "gap": Template(
            "Nobody is on call in {subject} from {started_at} on",
            "From {started_at} on nobody is on call in the rota {subject} of {provider}. Somebody is again: "
            "{due_at}.\nThis message is sent at: {stage}.\n",
        ),
        "test": Template(
            "Test page for {subject}",
            "This is a test of {provider}: nothing has happened. It goes to whoever is woken for "
            "{subject}.\n",
        ),
    },
    "nl": {
        "ahead": Template(
            "{commitment} van {subject}: uiterlijk {due_at}",
            "{commitment} van {subject} ({customer}, contract {contract}) moet klaar zijn op {due_at}.\n"
            f"{_BEGAN['nl']}Dit bericht hoort bij: {{stage}}.\n",
        ),
        "late": Template(
            "{commitment} van {subject} is te laat",
            "{commitment} van {subject} ({customer}, contract {contract}) had klaar moeten zijn op {due_at} "
            f"en is te laat.\n{_BEGAN['nl']}Dit bericht hoort bij: {{stage}}.\n",
        ),
        "claim": Template(
            "{commitment} over {subject} kan worden geclaimd tot {due_at}",
            "Onder contract {contract} ({customer}) kan {commitment} over {subject} bij {provider} worden "
            "geclaimd tot {due_at}.\n",
        ),
        "event": Template(
            "{subject}: {event}",
            "{subject} werd {event} op {started_at} ({customer}, contract {contract}).\n",
        ),
        "gap": Template(
            "Vanaf {started_at} heeft niemand dienst in {subject}",
            "Vanaf {started_at} heeft niemand dienst in het rooster {subject} van {provider}. Daarna weer "
            "iemand: {due_at}.\nDit bericht hoort bij: {stage}.\n",
        ),
        "test": Template(
            "Testoproep voor {subject}",
            "Dit is een test van {provider}: er is niets gebeurd. Hij gaat naar wie voor {subject} wordt "
            "gewekt.\n",
        ),
    },
}
"""The texts that hold where a provider has none of its own."""
WITHOUT_START: Final[Mapping[Language, Mapping[Kind, Template]]] = {
    language: {
        kind: Template(text.subject, text.body.replace(_BEGAN[language], "")) for kind, text in texts.items()
    }
    for language, texts in DEFAULTS.items()
}
"""The same of an act that is due at an instant: nothing has begun."""
STRICTER: Final[Mapping[Language, str]] = {
    "en": "So it is by the strictest reading of the agreement ({reading}). "
    "By the one that holds it is due later, or not at all.\n",
    "nl": "Zo is het volgens de strengste lezing van de overeenkomst ({reading}). "
    "Volgens de lezing die geldt is het later nodig, of helemaal niet.\n",
}
"""Stands below a text of a stage that comes sooner than the reading that holds would have it."""
