"""The customer's own contract, in plain words: its days, fees, contacts and stages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from upheld.core.terms.agreement import Contract, Terms
from upheld.core.terms.billing import Billing, Party
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Block, Grid, Section, Sentence
from upheld.render.prose.tongue import Tongue


def contract_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the contract itself lays down; None without one."""
    del worked
    contract = terms.contract
    if contract is None:
        return None
    blocks: list[Block] = [Sentence(text) for text in _sentences(contract, terms, tongue)]
    blocks += _grids(contract, tongue)
    return Section("contract", tongue.say("Your contract"), tuple(blocks))


def _sentences(contract: Contract, terms: Terms, tongue: Tongue) -> Iterator[str]:
    say = tongue.say
    yield say("It holds from {day} on.", day=tongue.day(contract.from_on))
    if contract.until_on is not None:
        yield say("It ends on {day}.", day=tongue.day(contract.until_on - timedelta(days=1)))
    if contract.signed_on is not None:
        yield say("It was signed on {day}.", day=tongue.day(contract.signed_on))
    if contract.term is not None:
        yield say("Each contract period lasts {amount}.", amount=tongue.amount(contract.term))
    if contract.billing_day is not None:
        yield say(
            "A billing cycle begins on day {number} of the month.", number=tongue.number(contract.billing_day)
        )
    if contract.zone:
        yield say("Its days are those of {zone}.", zone=contract.zone)
    if contract.currency:
        yield say("Amounts are in {currency}.", currency=contract.currency)
    for role, who in contract.roles.items():
        yield say("{role} is {who}.", role=quoted(role), who=quoted(who))
    if contract.billing is not None:
        yield from _billing(contract.billing, tongue)


def _billing(billing: Billing, tongue: Tongue) -> Iterator[str]:
    """Who numbers credit notes, and how they are taxed."""
    say, tax = tongue.say, billing.tax
    if billing.numbers:
        start = quoted(billing.numbers)
        yield say(
            "Credit notes are numbered by {entity}, beginning with {start}.",
            entity=billing.entity,
            start=start,
        )
    else:
        yield say("Credit notes are numbered by {entity}.", entity=billing.entity)
    if tax.rate:
        rate = tongue.percent(tax.rate)
        yield say("Fees are net; {rate} tax is added (category {name}).", rate=rate, name=tax.category)
    else:
        yield say("Fees are net; no tax is added (category {name}).", name=tax.category)
    if tax.reason:
        yield say("The reason for it: {reason}.", reason=quoted(tax.reason))
    if billing.reference:
        yield say("Documents carry the reference {reference}.", reference=quoted(billing.reference))
    if billing.payment:
        yield say("Payments are named {reference}.", reference=quoted(billing.payment))


def _grids(contract: Contract, tongue: Tongue) -> Iterator[Grid]:
    say = tongue.say
    if contract.billing is not None:
        parties = ((say("Seller"), contract.billing.seller), (say("Buyer"), contract.billing.buyer))
        lines = tuple((part, *_party(one)) for part, one in parties)
        heads = say("Party"), say("Name"), say("Address"), say("VAT number"), say("Registration")
        yield Grid(say("Who bills whom"), heads, lines)
    if contract.fees:
        rows = tuple((name, tongue.money(fee)) for name, fee in contract.fees.items())
        yield Grid(say("Fees"), (say("Fee"), say("Amount")), rows)
    for plan, fees in contract.plan_fees.items():
        rows = tuple((name, tongue.money(fee)) for name, fee in fees.items())
        yield Grid(
            say("Fees if the plan becomes {plan}", plan=quoted(plan)), (say("Fee"), say("Amount")), rows
        )
    if contract.contacts:
        people = tuple(
            (one.id, one.role, *_days(one.from_on, one.until_on, tongue)) for one in contract.contacts
        )
        yield Grid(say("Contacts"), (say("Contact"), say("Role"), say("From"), say("No longer on")), people)
    if contract.stages:
        stages = tuple(
            (one.product, one.stage, *_days(one.from_on, one.until_on, tongue)) for one in contract.stages
        )
        yield Grid(
            say("Products that are not fully promised yet"),
            (say("Product"), say("Stage"), say("From"), say("No longer on")),
            stages,
        )


def _party(party: Party) -> tuple[str, str, str, str]:
    town = " ".join(each for each in (party.postcode, party.city) if each)
    address = ", ".join(each for each in (party.street, town, party.country) if each)
    return party.name, address, party.vat_id, party.registration


def _days(from_on: date | None, until_on: date | None, tongue: Tongue) -> tuple[str, str]:
    return (
        "" if from_on is None else tongue.day(from_on),
        "" if until_on is None else tongue.day(until_on),
    )
