"""A statement put together for a reader."""

from __future__ import annotations

from upheld.core.stating.statement import Statement
from upheld.render.prose.tongue import Tongue
from upheld.render.statement import breaches, changes, duties, rest, settling
from upheld.render.statement.document import Document
from upheld.render.statement.first import first_page, title_of
from upheld.render.statement.telling import Telling


def document(statement: Statement, tongue: Tongue) -> Document:
    """The whole statement in one language, from its record alone."""
    told = Telling(statement, tongue)
    record = statement.record
    sections = [
        *changes.changes(told),
        *rest.months(told),
        *breaches.breaches(told),
        *rest.money(told),
        *settling.claims(told),
        *settling.memos(told),
        *rest.tickets(told),
        *rest.availability(told),
        *rest.readings(told),
        *rest.obligations(told),
        *duties.duties(told),
        *rest.method(told),
    ]
    name = f"{record['contract']['id']}, {told.period(record['period']['label'])}"
    foot = tongue.say(
        "Computed by Upheld as of position {position}. Its record has the hash {sha256}.",
        position=tongue.number(record["known"]),
        sha256=statement.sha256,
    )
    return Document(
        title=title_of(told),
        language=tongue.language,
        name=name,
        first=first_page(told),
        sections=tuple(sections),
        foot=foot,
        sha256=statement.sha256,
        skip=tongue.say("Skip to the text"),
        page_of=tongue.say("page {page} of {pages}", page="\0", pages="\1"),
    )
