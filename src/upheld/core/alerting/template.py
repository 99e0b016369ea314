"""Texts of messages: fixed placeholders that are filled in once, and nothing else. No engine, no format.

A placeholder is `{due_at}`: one of `PLACEHOLDERS` between single braces. Whatever else stands in a text is
printed as it stands, and what is filled in is never read again, so a name of a ticket cannot become one.
Source: design 9, templates; safety 12.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from upheld.core.alerting.stage import About, Stage
from upheld.core.alerting.texts import (
    DAYS,
    DEFAULTS,
    EVENTS,
    MONTHS,
    NEVER,
    STRICTER,
    WITHOUT_START,
    Kind,
    Language,
    Template,
)
from upheld.core.timeline.instant import DAY, Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.finding import Finding, Place

_PLACEHOLDER: Final = re.compile(r"(?<![{$])\{([A-Za-z_][A-Za-z0-9_.]*)\}(?!\})", re.ASCII)
_MOST: Final = 500
"""How many characters are filled in for one placeholder."""


class Rendered(NamedTuple):
    """The subject, on one line, and the body of a message to one recipient."""

    subject: str
    body: str


class Reader(NamedTuple):
    """Whom a message is for: the language, and the zone in which instants are told."""

    language: Language
    zone: Zone


_Read: TypeAlias = Callable[[Stage, Reader], str]


def _about(name: str) -> _Read:
    return lambda stage, reader: str(getattr(stage.about, name))


def _due_at(stage: Stage, reader: Reader) -> str:
    """When something has to be done, or is meant to be; when somebody is on call again, of a gap."""
    about = stage.about
    tell = moment if about.what == "gap" else until
    return tell(about.goal_at if about.due_at is None else about.due_at, reader)


_READ: Final[Mapping[str, _Read]] = {
    **{
        name: _about(name)
        for name in (
            *("contract", "customer", "provider", "agreement", "plan"),
            *("commitment", "subject", "state", "reading"),
        )
    },
    "started_at": lambda stage, reader: moment(stage.about.started_at, reader),
    "goal_at": lambda stage, reader: until(stage.about.goal_at, reader),
    "due_at": _due_at,
    "event": lambda stage, reader: EVENTS[reader.language].get(stage.about.event, stage.about.event),
    "at": lambda stage, reader: moment(stage.at, reader),
    "stage": lambda stage, reader: stage.name,
    "rule": lambda stage, reader: stage.rule,
    "to": lambda stage, reader: ", ".join(stage.to),
}  # fmt: skip
PLACEHOLDERS: Final = tuple(_READ)
"""Every name that a text may hold between braces."""


# -- texts -------------------------------------------------------------------------------------------------


def findings(template: Template, place: Place) -> tuple[Finding, ...]:
    """What is wrong with a template: names between braces that nothing fills in, each once."""
    text = f"{template.subject}\n{template.body}"
    unknown = dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name not in _READ)
    way_out = f"placeholders are {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}"
    return tuple(
        Finding("unknown-placeholder", f"nothing fills in `{{{name}}}`", (place,), way_out)
        for name in unknown
    )


def rendered(template: Template, stage: Stage, reader: Reader) -> Rendered:
    """A message as one recipient reads it. What a text does not know is printed as it stands."""

    known: dict[_Read, str] = {}  # a subject says much of what the body does

    def filled(text: str) -> str:
        frame, reads = _frame(text)
        for read in reads:
            if read not in known:
                known[read] = _clean(read(stage, reader))
        return frame % tuple([known[read] for read in reads])

    return Rendered(_clean(filled(template.subject)), filled(template.body))


@lru_cache(maxsize=256)
def _frame(text: str) -> tuple[str, tuple[_Read, ...]]:
    """A text with `%s` where something is filled in, and what that is."""
    frame, reads = "", []
    for place, piece in enumerate(_PLACEHOLDER.split(text)):
        is_name = place % 2 == 1  # what is found between braces stands at every other place
        if is_name and piece in _READ:
            frame += "%s"
            reads.append(_READ[piece])
        else:
            frame += (f"{{{piece}}}" if is_name else piece).replace("%", "%%")
    return frame, tuple(reads)


def _clean(text: str) -> str:
    """What is filled in, on one line and without characters that steer: no name ends a header or hides."""
    if not text.isprintable():  # nearly all are, and to look at each character takes longest of all
        text = "".join(
            [" " if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") else one for one in text]
        )
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"


# -- by the language -----------------------------------------------------------------------------------------


def moment(at: Instant | None, reader: Reader) -> str:
    """An instant by the clock of a zone: Monday 8 June 2026 at 10:30 (Africa/Johannesburg).

    What is left over of a second is not told. BeyondHorizon outside the years of the zone.
    """
    if at is None:
        return NEVER[reader.language]
    on, of_day_s = reader.zone.local_of(at)
    clock = f"{of_day_s // 3600:02}:{of_day_s // 60 % 60:02}"
    if of_day_s % 60:
        clock += f":{of_day_s % 60:02}"
    return _told(on, clock, reader)


def until(at: Instant | None, reader: Reader) -> str:
    """An instant as the end of something: a midnight is 24:00 of the day that it ends."""
    if at is None or reader.zone.label_at(at) % DAY:
        return moment(at, reader)
    return _told(reader.zone.local_of(at - 1)[0], "24:00", reader)


def _told(on: date, clock: str, reader: Reader) -> str:
    language, zone = reader
    day = f"{DAYS[language][on.weekday()]} {on.day} {MONTHS[language][on.month - 1]} {on.year}"
    return f"{day} {'at' if language == 'en' else 'om'} {clock} ({zone.name})"


def kind_of(stage: Stage, sent_at: Instant | None = None) -> Kind:
    """Which of the texts a stage takes, sent when it is reached, or later.

    A warning that goes out after what it warns of, as quiet hours or the server held it up, says that.
    """
    about: About = stage.about
    if about.what != "clock":
        return about.what
    said_at = stage.at if sent_at is None else max(stage.at, sent_at)
    return "ahead" if about.due_at is None or said_at <= about.due_at else "late"


def template_for(
    stage: Stage, language: Language, own: Mapping[tuple[Language, Kind], Template] | None = None,
    sent_at: Instant | None = None,
) -> Template:  # fmt: skip
    """The provider's own text for a stage in a language, or the default one; `sent_at`: see `kind_of`."""
    kind = kind_of(stage, sent_at)
    default = DEFAULTS[language][kind]
    if kind in ("ahead", "late") and stage.about.started_at is None:
        default = WITHOUT_START[language][kind]
    if kind in ("ahead", "late") and stage.about.reading:
        default = default._replace(body=default.body + STRICTER[language])
    return (own or {}).get((language, kind), default)
