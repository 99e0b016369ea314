"""What waited until somebody wants to hear it is looked at again when it goes out: it may be over by then.

A warning that is decided at night and heard in the morning tells of the morning; so does one that nobody took
until then. What may have arrived is repeated as it was. Events are what they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import structlog
from django.db.models import F, Q

from upheld.app.apart import is_of_all
from upheld.app.composing import OVER, heard_by, reader_of
from upheld.app.decide import stages_of
from upheld.app.terms import Holding, holding
from upheld.app.wording import own_templates
from upheld.core.alerting.delivery import CLASS_DEADLINES
from upheld.core.alerting.stage import cause_parts, is_done
from upheld.core.alerting.template import rendered, template_for
from upheld.core.evaluating.narrow import Scope
from upheld.core.timeline.instant import Instant
from upheld.store.models import Message, Provider
from upheld.store.updating import update

WAITED: Final = (
    (Q(rank__gt=0) | Q(next_at__gt=F("owed_at"))) & Q(page=None) & ~Q(contract="") & ~Q(stage="event")
)
"""What was owed earlier: to be heard later, or by a way that did not take it. Pages never wait, and events do
not change."""

log = structlog.get_logger("upheld.looked_again")


def look_again(provider: Provider, waited: Iterable[Message], at: Instant) -> None:
    """Messages that have `WAITED` and go out now say what is now; what is over is suppressed.

    What has moved waits until it is. Their states are written by the caller, who holds the provider: what is
    decided of it meanwhile would not see that something is over here, and owe nothing if it is not after all.
    """
    hold = holding(provider)
    scopes = {row: scope for row in waited if (scope := _scope(hold, row)) is not None}
    try:
        now = {stage.key: stage for stage in stages_of(provider, hold, {*scopes.values()}, at)}
    except Exception as fault:
        if is_of_all(fault):
            raise
        log.exception("what waited cannot be looked at again, and goes out as it is", provider=provider.key)
        return
    own = own_templates(provider.pk)
    for row in scopes:
        stage = now.get((row.rule, row.cause, row.stage))
        if row.person is None:
            continue
        reader = reader_of(row.person)
        if stage is None or is_done(stage.about):
            row.state, row.said = "suppressed", OVER
            row.ended_at, row.next_at, row.fall_back_at = at, None, None
        elif stage.at > at:
            row.next_at = heard_by(row.person, reader, stage.urgency, stage.at)
            if row.fall_back_at is not None:  # else it would go the next way before it is to be heard
                row.fall_back_at = row.next_at + CLASS_DEADLINES[stage.urgency]
            elif row.spare:  # what went the next way is the first that is heard
                row.next_at += CLASS_DEADLINES[stage.urgency]
        else:
            row.subject, row.text = rendered(template_for(stage, reader.language, own, at), stage, reader)
    update(scopes, ("subject", "text"))


def still_so(
    provider: Provider, rows: Sequence[Message], may_have_arrived: Collection[int], at: Instant
) -> list[Message]:
    """Of messages that are locked those that still go out, each that is repeated with what is said of it now.

    What is over is at its end; what has moved waits, and is tried then as if it was new. `may_have_arrived`
    are the ids of those that are repeated as they were. Pages never wait. The caller holds the provider.
    """
    again = [
        row
        for row in rows
        if row.hold and row.contract and row.stage != "event" and row.urgency != "page"
        if row.page_id is None and row.pk not in may_have_arrived
    ]
    if again:
        look_again(provider, again, at)
    stay = [row for row in again if row.next_at is None or row.next_at > at]
    for row in stay:
        row.owed_at = at if row.state == "waiting" else row.owed_at
    update(stay, ("state", "said", "ended_at", "next_at", "fall_back_at", "owed_at"))
    return [row for row in rows if row not in stay]


def _scope(hold: Holding, row: Message) -> Scope | None:
    """The scope of the clock that a message is about; what has no subject is of the contract.

    None if there is none, or no terms of it any more: it goes out as it is.
    """
    terms, parts = hold.terms.get(row.contract), cause_parts(row.cause)
    if terms is None or len(parts) < 3:
        return None
    _, commitment, subject, *_ = parts
    for one in (terms, *terms.plans.values()):
        for clock in one.clocks:
            if clock.name == commitment:
                return Scope(row.contract, clock.of, subject)
    return Scope(row.contract, None, "")
