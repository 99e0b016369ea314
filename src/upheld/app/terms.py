"""The terms that hold for a provider now, compiled once for each change of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, TypeAlias

from django.db import transaction

from upheld.app.rereading import Rereadings
from upheld.book.known_names import KnownNames
from upheld.core.book import Origin
from upheld.core.evaluating.narrow import Narrow
from upheld.core.facts.fact_types import REPLACED, FactType
from upheld.core.terms.agreement import Terms
from upheld.core.terms.life import PLAN_CHANGED
from upheld.core.terms.plans_named import plans_named
from upheld.core.values.frozen import dataclass
from upheld.store.mapping import fact_of
from upheld.store.models import Customer, Provider, RecordedFact
from upheld.store.texts import Bound, bind, texts_in_force


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds for a provider: its contracts bound to their agreements, and what evaluates them.

    `customers` says whose each contract is, `names` are those that facts can give, `rereadings` these
    contracts as their other readings have them.
    """

    bound: Bound
    narrow: Narrow
    declared: Mapping[str, FactType]
    terms: Mapping[str, Terms]
    origins: Mapping[str, Origin]
    customers: Mapping[str, int]
    names: KnownNames
    rereadings: Rereadings


MOST: Final = 64
"""So many are kept, those that were asked for last."""
_Key: TypeAlias = tuple[int, int, int]
"""A provider, the revision of its texts, and the position of the last fact that changed a plan."""
_KEPT: Final[OrderedDict[_Key, Holding]] = OrderedDict()
_LOCK: Final = threading.Lock()


def holding(provider: Provider) -> Holding:
    """What holds for a provider whose row was just read."""
    key = provider.pk, provider.revision, provider.terms_position
    with _LOCK:
        if (found := _KEPT.get(key)) is not None:
            _KEPT.move_to_end(key)
            return found
    made = _compiled(provider.pk)
    # What is rolled back was never so: the next change has the same revision, or the same position.
    transaction.on_commit(lambda: _keep(key, made))
    return made


def _keep(key: _Key, made: Holding) -> None:
    with _LOCK:
        _KEPT[key] = made
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)


def forget() -> None:
    """Whatever was compiled is of another database: after a backup was restored, say."""
    with _LOCK:
        _KEPT.clear()


def _compiled(provider_id: int) -> Holding:
    rows = RecordedFact.objects.filter(provider_id=provider_id, type__in=[PLAN_CHANGED, REPLACED])
    told = rows.order_by("position").values_list("entry", "personal")
    sent = bind(texts_in_force(provider_id))
    bound = sent.under(plans_named(fact_of(*row) for row in told))
    terms = {one.contract.id: one for one in bound.terms if one.contract is not None}
    own = dict(Customer.objects.filter(provider_id=provider_id).values_list("name", "pk"))
    whose = [one.contract for one in sent.terms if one.contract is not None and one.contract.customer in own]
    customers = {one.id: own[one.customer] for one in whose}
    rereadings = Rereadings(bound.terms_under)
    names, narrow = KnownNames(bound.terms), Narrow(bound.terms)
    return Holding(bound, narrow, bound.declared, terms, bound.origins, customers, names, rereadings)
