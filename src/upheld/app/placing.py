"""In which log a fact belongs: that of the customer whom it is about, or that of the provider."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from upheld.app.terms import Holding
from upheld.core.evaluating.inputs import OF_A_PROVIDER, OF_NO_CONTRACT
from upheld.core.facts.fact import Fact, Key
from upheld.evidence.entry import NO_TERMS
from upheld.store.ledger import Entering, known_facts, log_of, target_of
from upheld.store.models import BoundContract, Log, Provider, RecordedFact, StandingFact
from upheld.store.shelf import input_text

_OF_A_PROVIDER = ("agreement", "page", "period")
"""Families of facts that concern every customer, beside the kinds of subjects that do."""


def place(provider: Provider, hold: Holding, facts: Sequence[Fact]) -> list[Entering]:
    """Each fact with its log, and the texts that hold for what it is about.

    A correction stands where what it corrects does. What is about a contract that is not there, or about
    something that has not begun, is kept apart: it may be anybody's.
    """
    contracts = _contracts(provider, hold, facts)
    bound = BoundContract.objects.filter(provider=provider, contract__among={*contracts.values()})
    customers = dict(bound.values_list("contract", "customer_id"))
    corrected = _logs_of(provider, {key for key in map(target_of, facts) if key is not None})
    logs: dict[tuple[str, int | None], Log] = {}
    own: dict[Key, int] = {}
    found: list[Entering] = []
    for fact in facts:
        known, target = fact.key, target_of(fact)
        contract = contracts.get(known, "")
        customer_id = customers.get(contract)
        stands = own.get(target, corrected.get(target)) if target is not None else None
        if stands is None:
            kind = "customer" if customer_id else "provider" if _is_of_a_provider(fact, hold) else "unplaced"
            key = kind, customer_id
            if key not in logs:
                logs[key] = log_of(provider, customer_id, kind)
            stands = logs[key].pk
        own[known] = stands
        found.append(Entering(fact, stands, hold.origins.get(contract, NO_TERMS)))
    return found


def _contracts(provider: Provider, hold: Holding, facts: Iterable[Fact]) -> dict[Key, str]:
    """The contract that each fact is about, as far as that is known."""
    found: dict[Key, str] = {}
    begun: dict[tuple[str, str], str] = {}
    asking: dict[tuple[str, str], list[Key]] = {}
    # What begins something says whose it is before all that only names a contract.
    for fact in sorted(facts, key=lambda fact: hold.narrow.begun_by(fact) is None):
        name = hold.narrow.input_of(fact)
        contract = fact.data.get("contract")
        if name is not None and name[0] == "subject":
            about = name[1], name[2]
            if isinstance(contract, str):
                found[fact.key] = contract
                begun.setdefault(about, contract)
            elif name[1] not in OF_A_PROVIDER:
                asking.setdefault(about, []).append(fact.key)
        elif isinstance(contract, str):
            found[fact.key] = contract
        elif name is not None and name[0] not in OF_NO_CONTRACT:
            found[fact.key] = name[1]
    if asking:
        texts = {input_text(("subject", *about)): about for about in asking}
        rows = StandingFact.objects.filter(provider=provider, input__among=texts).exclude(contract="")
        told = sorted(rows.values_list("recorded_id", "input", "contract"), reverse=True)
        # Where two contracts have a subject, it is of the one under which that was recorded first.
        begun |= {texts[text]: contract for _, text, contract in told}
    for about, keys in asking.items():
        found |= dict.fromkeys(keys, begun[about]) if about in begun else {}
    return found


def _is_of_a_provider(fact: Fact, hold: Holding) -> bool:
    name = hold.narrow.input_of(fact)
    if name is not None and name[0] == "subject":
        return name[1] in OF_A_PROVIDER
    return fact.type.partition(".")[0] in _OF_A_PROVIDER


def _logs_of(provider: Provider, keys: set[Key]) -> dict[Key, int]:
    """The logs of facts that are recorded."""
    if not keys:
        return {}
    ids = {known.id: key for key, known in known_facts(provider, keys).items()}
    rows = RecordedFact.objects.filter(pk__among=ids).values_list("pk", "log_id")
    return {ids[pk]: log for pk, log in rows}
