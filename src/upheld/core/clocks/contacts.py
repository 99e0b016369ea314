"""Named contacts: who may start a clock, where the agreement limits that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import Contract
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import Zone


class Naming(NamedTuple):
    """A contact is named over [from_at, until_at); None until further notice."""

    from_at: Instant
    contact: str
    until_at: Instant | None


def namings_of(contract: Contract, facts: Sequence[Fact], zone: Zone) -> tuple[Naming, ...]:
    """Everybody the contract and its facts name, earliest first.

    Days of the contract file begin and end in `zone`. A contact named again before being removed stays named.
    """
    start_at = zone.day_start(contract.from_on)
    namings = [
        Naming(
            zone.day_start(contact.from_on) if contact.from_on else start_at,
            contact.id,
            zone.day_start(contact.until_on) if contact.until_on else None,
        )
        for contact in contract.contacts
    ]
    for fact in facts:
        if fact.data.get("verified") is False:
            continue
        current = [n for n in namings if n.contact == fact.subject and _holds(n, fact.at)]
        if fact.type == "contact.named" and not current:
            namings.append(Naming(fact.at, fact.subject, None))
        elif fact.type == "contact.removed":
            for naming in current:
                namings[namings.index(naming)] = naming._replace(until_at=fact.at)
    return tuple(sorted(namings, key=lambda n: (n.from_at, n.contact)))


def may_ask(contact: str, at: Instant, namings: Sequence[Naming], limit: int) -> bool:
    """Whether a contact is among the first `limit` that are named at an instant."""
    named = list(dict.fromkeys(naming.contact for naming in namings if _holds(naming, at)))
    return contact in named[:limit]


def _holds(naming: Naming, at: Instant) -> bool:
    return naming.from_at <= at and (naming.until_at is None or at < naming.until_at)
