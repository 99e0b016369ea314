"""What changed of the verdicts, in order: for whoever follows them instead of asking for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from upheld.app.inside import for_who
from upheld.app.policies import Who
from upheld.core.timeline.instant import Instant, format_instant
from upheld.store.models import Change
from upheld.store.skipping import skip
from upheld.store.walls import whole_provider

SKIPPED: Final = 1_000_000_000
"""More numbers than changes can have been given since a backup was made."""


class Changed(NamedTuple):
    """A verdict that came into another state at an instant; `before` empty: a new one, `after`: no more.

    Its number grows; between two of a provider's there may be those of others.
    """

    number: int
    at: Instant
    contract: str
    commitment: str
    subject: str
    cycle: int
    before: str
    after: str


@for_who
def changes_of(who: Who, after: int, most: int) -> Sequence[Changed]:
    """The changes of their contracts behind a number, at most so many.

    Of a contract that is another's now a customer has those of their time, and its end; none of these are
    the other's.
    """
    rows = Change.objects.filter(provider_id=who.provider_id, pk__gt=after).order_by("pk")
    if who.customer_id is not None:
        rows = rows.filter(customer_id=who.customer_id)
    told = rows.values_list("pk", "at", "contract", "what", "before", "after")[:most]
    return [
        Changed(number, at, contract, *named(what), before, later)
        for number, at, contract, what, before, later in told
    ]


@for_who
def newest_change(who: Who) -> int:
    """The number of the last change of their provider, whosever it is; 0 if there is none."""
    with whole_provider():
        rows = Change.objects.filter(provider_id=who.provider_id).order_by("-pk")
        return rows.values_list("pk", flat=True).first() or 0


def skip_numbers() -> None:
    """After an older ledger came back: changes go on behind every number that may have been told since.

    Else whoever follows them behind the last number that they had would miss as many as were lost.
    """
    skip(Change, SKIPPED)


def changed_record(one: Changed) -> dict[str, object]:
    """A change as it is told to whoever follows, by whatever way."""
    return {**one._asdict(), "at": format_instant(one.at)}


def named(what: str) -> tuple[str, str, int]:
    """Commitment, subject (which may have strokes itself) and cycle of what changed, as it is kept."""
    commitment, _, rest = what.partition("/")
    subject, _, cycle = rest.rpartition("/")
    return commitment, subject, int(cycle)
