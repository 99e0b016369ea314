"""What waited until somebody wants to hear it is looked at again when it goes out: it may be over by then.

A warning that is decided at night and heard in the morning tells of the morning. Events are what they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

import structlog

from upheld.app.apart import is_of_all
from upheld.app.composing import heard_by, reader_of
from upheld.app.decide import stages_of
from upheld.app.terms import Holding, holding
from upheld.app.wording import own_templates
from upheld.core.alerting.stage import is_done
from upheld.core.alerting.template import rendered, template_for
from upheld.core.evaluating.narrow import Scope
from upheld.core.timeline.instant import Instant
from upheld.store.models import Message, Provider
from upheld.store.updating import update

OVER: Final = "over before it was to be heard: done in time, or withdrawn"
EVENT: Final = "event"

log = structlog.get_logger("upheld.looked_again")


def look_again(provider: Provider, rows: Iterable[Message], at: Instant) -> None:
    """Of messages that go out now those that waited say what is now; what is over is suppressed.

    What has moved waits until it is. Their states are written by the caller.
    """
    waited = [row for row in rows if _has_waited(row)]
    if not waited:
        return
    hold = holding(provider)
    waited = [row for row in waited if row.contract in hold.terms]
    try:
        scopes = {_scope(hold, row) for row in waited}
        now = {stage.key: stage for stage in stages_of(provider, hold, scopes, at)}
    except Exception as fault:
        if is_of_all(fault):
            raise
        log.exception("what waited cannot be looked at again, and goes out as it is", provider=provider.key)
        return
    own = own_templates(provider.pk)
    for row in waited:
        stage = now.get((row.rule, row.cause, row.stage))
        assert row.person is not None, "what has no person waits for none"
        if stage is None or is_done(stage.about):
            row.state, row.said = "suppressed", OVER
            row.ended_at, row.next_at, row.fall_back_at = at, None, None
        elif stage.at > at:
            row.next_at = heard_by(row.person, reader_of(row.person), stage.urgency, stage.at)
        else:
            reader = reader_of(row.person)
            row.subject, row.text = rendered(template_for(stage, reader.language, own, at), stage, reader)
    update(waited, ("subject", "text"))


def _has_waited(row: Message) -> bool:
    """Whether it was not to be heard when it was owed; pages never wait, and events do not change."""
    has_waited = row.next_at is not None and row.next_at > row.owed_at
    return has_waited and bool(row.contract) and row.page_id is None and row.stage != EVENT


def _scope(hold: Holding, row: Message) -> Scope:
    """The scope of the clock that a message is about; what has no subject is of the contract."""
    _, commitment, subject, *_ = map(unquote, row.cause.split("/"))
    terms = hold.terms[row.contract]
    for one in (terms, *terms.plans.values()):
        for clock in one.clocks:
            if clock.name == commitment:
                return Scope(row.contract, clock.of, subject)
    return Scope(row.contract, None, "")
