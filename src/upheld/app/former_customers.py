"""Contracts that files give to another customer than facts were recorded for: what is theirs would be shown.

Verdicts, statements and claims are of a contract, by its id, whosever it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.values.finding import Finding
from upheld.store.models import BoundContract, StandingFact
from upheld.store.texts import Bound

_WAY_OUT = "give the contract an id of its own, unless it is the same customer by another name"


def of_former_customers(provider_id: int, bound: Bound) -> Iterator[Finding]:
    """A warning for each contract of which something has begun while it was another customer's."""
    named = {one.contract.id: one.contract.customer for one in bound.terms if one.contract is not None}
    same = BoundContract.objects.filter(provider_id=provider_id).values_list("contract", "customer__name")
    others = named.keys() - {contract for contract, customer in same if named.get(contract) == customer}
    if not others:
        return
    begun = StandingFact.objects.filter(provider_id=provider_id, contract__among=others).exclude(begins="")
    of_customers = begun.filter(recorded__log__customer__isnull=False)
    whose = of_customers.order_by().values_list("contract", "recorded__log__customer__name").distinct()
    former = {contract: customer for contract, customer in whose if named[contract] != customer}
    for one in bound.contracts:
        if one.id in former:
            message = (
                f"contract `{one.id}` was that of {former[one.id]}: what was recorded of it is shown to "
                f"{named[one.id]} from now on"
            )
            node = one.node.at("contract", "customer") or one.node
            yield Finding("another-customer", message, (node.place,), _WAY_OUT, "warning")
