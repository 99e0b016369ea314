"""Contract files: one customer's binding to a version and a plan of an agreement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from upheld.core.terms.agreement import Contact, Contract, Stage
from upheld.core.values.amount import Amount, AmountError, parse_amount
from upheld.core.values.currency import CURRENCY_WAY_OUT, currency_fault
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.value import Money
from upheld.language import rows
from upheld.language.billing import billing
from upheld.language.concepts import Field, Kind, concept, part
from upheld.language.layers import tell_strangers
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.report import Report, inside
from upheld.language.rows import Row, read_row, read_values
from upheld.language.world import YEARS, World

if TYPE_CHECKING:
    from upheld.language.lock import Lock

_GROUP = re.compile(r"\d{3}(\.\d+)? [A-Z]{3}", re.ASCII)
"""What a comma cuts off an amount of money in `{...}`."""
_MONEY = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})", re.ASCII)


def compile_contract(
    node: Node, *, lock: Lock | None = None, years: tuple[int, int] = YEARS
) -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract of a contract file, and everything wrong with it; None if any finding is an error.

    What it overrides is checked where it is laid over its agreement, by `compile_terms`.
    """
    report = Report()
    bound = read_contract(node, report, World(lock, years))
    return (None if report.errors else bound), in_order(report.findings)


def read_contract(node: Node, report: Report, world: World) -> Contract | None:
    """As `compile_contract`; findings go to the report. None if the contract cannot be told."""
    if not isinstance(node, Mapping):
        way_out = f"begin with `{concept('contract').example}`"
        report.error("wrong-shape", "a contract file is a map", node.place, way_out)
        return None
    before = report.errors
    tell_strangers(node, True, report)
    key, row_node = node.key("contract"), node.get("contract")
    if key is None or row_node is None:
        way_out = f"begin with `{concept('contract').example}`"
        report.error("missing-field", "a contract file needs `contract`", node.place, way_out)
        return None
    row = read_row(concept("contract"), key, row_node, report)
    values = read_values(row, _readers(report, world), report)
    _tell_order(row.name, row, values.get("from"), values.get("until"), report)
    fees: dict[str, Money] = values.get("fees") or {}
    plan_fees: dict[str, dict[str, Money]] = values.get("fees by plan") or {}
    invoiced, of_plans = values.get("currency") or "", row.node("fees by plan")
    _tell_currencies(row, row.node("fees"), fees, invoiced, report)
    for plan, own in plan_fees.items():
        given = of_plans.get(plan) if isinstance(of_plans, Mapping) else None
        _tell_currencies(row, given, own, invoiced, report)
    _tell_days(row, values.get("billing day"), report)
    if report.errors > before:
        return None
    return Contract(
        id=values["id"],
        customer=values["customer"],
        agreement=values["agreement"],
        from_on=values["from"],
        version=values.get("version") or "",
        plan=values.get("plan") or "",
        zone=values.get("zone") or "",
        signed_on=values.get("signed"),
        until_on=values.get("until"),
        term=values.get("term"),
        currency=values.get("currency") or _only_currency([fees, *plan_fees.values()]),
        fees=fees,
        plan_fees=plan_fees,
        billing_day=values.get("billing day"),
        contacts=values.get("contacts") or (),
        stages=values.get("stage") or (),
        roles=values.get("roles") or {},
        billing=values.get("billing"),
        place=key.place,
    )


def of_any_version(node: Mapping) -> Mapping:
    """A contract file as if it named no version: for asking what another version would be for it."""
    entries = []
    for key, row in node.entries:
        kept = row
        if key.text == "contract" and isinstance(row, Mapping):
            kept = Mapping(tuple(each for each in row.entries if each[0].text != "version"), row.place)
        entries.append((key, kept))
    return Mapping(tuple(entries), node.place)


def _readers(report: Report, world: World) -> dict[Kind, Callable[[Field, Node], Any]]:
    def simple(read: Callable[[Field, Node, Report], Any]) -> Callable[[Field, Node], Any]:
        return lambda known, node: read(known, node, report)

    def zone(known: Field, node: Node) -> str:
        found = rows.scalar(known, node, report)
        # A customer is bound to an agreement that was locked long before anybody knew where they are.
        return found.text if found is not None and world.has_zone(found, report, is_held=False) else ""

    return {
        "text": simple(rows.text),
        "word": simple(_word),
        "date": simple(rows.day),
        "definitions": simple(rows.definitions),
        "money": simple(_fees),
        "count": simple(rows.count),
        "fees of plans": simple(_plan_fees),
        "amount": simple(_term),
        "contacts": simple(_contacts),
        "stages": simple(_stages),
        "billing": simple(billing),
        "zone": zone,
    }


def _word(known: Field, node: Node, report: Report) -> str:
    found = rows.word(known, node, report)
    if known.name == "currency" and found and (fault := currency_fault(found)):
        report.error("bad-money", fault, node.place, CURRENCY_WAY_OUT)
    return found


def _term(known: Field, node: Node, report: Report) -> Amount | None:
    """How long a contract period is: civil days to years, more than nothing."""
    found = rows.scalar(known, node, report)
    if found is None or rows.is_none(node):
        return None
    way_out = "write it as 12 months, 1 year or 90 days"
    try:
        amount = parse_amount(found.text)
    except AmountError as fault:
        report.error("bad-amount", fault.message, inside(found, fault.offset), way_out)
        return None
    if amount.kind in ("time", "business days") or not amount.count:
        report.error("bad-amount", f"no contract period lasts {amount}", inside(found, 0), way_out)
        return None
    return amount


def _tell_order(name: str, row: Row, from_on: date | None, until_on: date | None, report: Report) -> None:
    if from_on is not None and until_on is not None and until_on <= from_on:
        message = f"`{name}` ends on {until_on}, which is not after its beginning on {from_on}"
        way_out = "`until` is the first day on which it no longer holds"
        report.error("wrong-order", message, row.place_of("until"), way_out, row.place_of("from"))


def _fees(known: Field, node: Node, report: Report) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for key, value in _without_groups(rows.entries(known, node, report), report):
        text = rows.scalar(known, value, report)
        if text is None:
            continue
        match = _MONEY.fullmatch(text.text)
        if match is None:
            way_out = "write the amount and the currency, such as 499.00 EUR"
            if text.text.startswith(("-", "−")):
                way_out = "a fee is not negative: write what is paid, such as 499.00 EUR"
            report.error("bad-money", f"`{text.text}` is no amount of money", inside(text, 0), way_out)
        elif fault := currency_fault(match[2]):
            report.error("bad-money", fault, inside(text, match.start(2)), CURRENCY_WAY_OUT)
        else:
            found[key.text] = Money(Fraction(match[1]), match[2])
    return found


def _plan_fees(known: Field, node: Node, report: Report) -> dict[str, dict[str, Money]]:
    return {
        key.text: _fees(known._replace(name=key.text), value, report)
        for key, value in rows.entries(known, node, report)
    }


def _tell_days(row: Row, billing_day: int | None, report: Report) -> None:
    if billing_day is not None and not 1 <= billing_day <= 31 and "billing day" not in row.broken:
        message = f"no month has a day {billing_day}"
        given = row.node("billing day")
        place = row.place_of("billing day") if given is None else given.place
        report.error("bad-number", message, place, "1 to 31; the last one where it is shorter")


def _tell_currencies(
    row: Row, given: Node | None, fees: dict[str, Money], invoiced: str, report: Report
) -> None:
    """Fees in another currency than that of the invoices."""
    for name, fee in fees.items():
        if invoiced and fee.currency != invoiced and isinstance(given, Mapping):
            value = given.get(name)
            message = f"fee `{name}` is in {fee.currency}, and the invoices are in {invoiced}"
            way_out = "no credit of such a fee could be set against an invoice: write both in one currency"
            place = value.place if value is not None else given.place
            report.warn("currency-mismatch", message, place, way_out, row.place_of("currency"))


def _without_groups(entries: Iterable[tuple[Scalar, Node]], report: Report) -> Iterator[tuple[Scalar, Node]]:
    """The fees without those that a comma broke in two: `{month: 1,000.00 EUR}` is `1`, and a name more."""
    given = list(entries)
    for i, (key, value) in enumerate(given):
        if _GROUP.fullmatch(key.text):
            continue
        groups = [after.text for after, _ in given[i + 1 : i + 2] if _GROUP.fullmatch(after.text)]
        if groups and isinstance(value, Scalar):
            message = f"`{value.text},{groups[0]}` is no amount of money"
            report.error(
                "bad-money", message, inside(value, 0), f"write it without `,`: {value.text}{groups[0]}"
            )
            continue
        yield key, value


def _only_currency(all_fees: Iterable[dict[str, Money]]) -> str:
    currencies = {fee.currency for fees in all_fees for fee in fees.values()}
    return currencies.pop() if len(currencies) == 1 else ""


def _days_of(name: str, key: Scalar, node: Node, report: Report) -> tuple[str, date | None, date | None]:
    """The role and the days of a contact, or the days of a stage."""
    if isinstance(node, Scalar) and not node.text:
        return "", None, None
    row = read_row(part(name), key, node, report)
    values = read_values(
        row,
        {"text": lambda k, n: rows.text(k, n, report), "date": lambda k, n: rows.day(k, n, report)},
        report,
    )
    _tell_order(key.text, row, values.get("from"), values.get("until"), report)
    return values.get("role") or "", values.get("from"), values.get("until")


def _contacts(known: Field, node: Node, report: Report) -> tuple[Contact, ...]:
    return tuple(
        Contact(key.text, *_days_of("contact", key, value, report))
        for key, value in rows.entries(known, node, report)
    )


def _stages(known: Field, node: Node, report: Report) -> tuple[Stage, ...]:
    found = []
    for product, stages in rows.entries(known, node, report):
        for key, value in rows.entries(known._replace(name=product.text), stages, report):
            _, from_on, until_on = _days_of("stage", key, value, report)
            found.append(Stage(product.text, key.text, from_on, until_on))
    return tuple(found)
