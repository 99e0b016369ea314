"""Credit memos as text: the list of them, one in full, what is to come, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from upheld.core.accounting.accrual import Accrual, AccrualSum, sums_of
from upheld.core.accounting.ageing import Ageing, band_names
from upheld.core.accounting.booking import exact
from upheld.core.accounting.line_text import derivation
from upheld.core.accounting.memo import CreditMemo, MemoLine, PlannedPart, sum_by_currency
from upheld.core.owing.amounts import percent_text
from upheld.core.terms.billing import Party
from upheld.core.terms.remedy import Pay
from upheld.core.timeline.instant import Instant, datetime_of, format_instant
from upheld.core.verdicts.credit import Credit, together
from upheld.render import words
from upheld.render.blocks import Block, Row, Rows, TextLine
from upheld.render.credits import turn_text, where

NOT_TOLD = "not known"
_STANDING = frozenset({"proposed", "issued", "applied"})


def amount(amount_minor: int | None, currency: str, digits: int) -> str:
    """Minor units as they are read: `49.90 EUR`, `2.00 days`; `not known`."""
    if amount_minor is None:
        return NOT_TOLD
    return f"{exact(amount_minor, digits):,f} {currency or 'days'}"


def memo_list(memos: Sequence[CreditMemo]) -> list[Block]:
    """A row for each memo, and sums of what is open."""
    if not memos:
        return [TextLine("No credit is issued, proposed or expected.")]
    told = tuple(Row(_short(memo), memo.status) for memo in memos)
    head = ("number", "id", "status", "net", "tax", "total", "why")
    blocks: list[Block] = [Rows(told, ("number", "name", "state", "figure", "figure", "figure", "text"), 3,
                                right=frozenset({3, 4, 5}), head=head)]  # fmt: skip
    digits = {memo.currency: memo.digits for memo in memos}
    sums = sum_by_currency((memo.currency, memo.open_minor) for memo in memos)
    if told_sums := [amount(of, currency, digits[currency]) for currency, of in sums.items() if of]:
        blocks += [TextLine(""), TextLine(f"Granted and not applied, without tax: {' and '.join(told_sums)}")]
    return blocks


def _short(memo: CreditMemo) -> tuple[str, ...]:
    money = (memo.net_minor, memo.tax_minor, memo.total_minor)
    told = [amount(of, memo.currency, memo.digits) for of in money]
    if not memo.currency:
        told[1] = told[2] = ""
    elif memo.status == "expected" and (memo.most_minor is None or memo.most_minor != memo.net_minor):
        most = amount(memo.most_minor, memo.currency, memo.digits)
        told = [NOT_TOLD if memo.most_minor is None else f"at most {most}", "", ""]
    why = "; ".join(memo.reasons)
    return (memo.number or "-", memo.id, memo.status, *told, why)


# -- one in full -------------------------------------------------------------------------------------------


def memo_in_full(memo: CreditMemo, pay: Pay | None = None, credit: Credit | None = None) -> list[Block]:
    """Parties, lines, taxes, how it is paid (by the rule of its remedy, if there is one), and why.

    With its credit, its instalments are told by where they stand now, not as it was planned.
    """
    title = f"{memo.number} " if memo.number else ""
    blocks: list[Block] = [TextLine(f"{title}{memo.id}", "title"), *_facts(_heading(memo))]
    blocks += [TextLine(""), TextLine("Lines", "head"), *_lines(memo)]
    if memo.plan or memo.applied:
        blocks += [TextLine(""), TextLine("Payment, without tax", "head"), *_payment(memo, pay, credit)]
    blocks += [TextLine(""), TextLine("Where it comes from", "head"), *_facts(_trace(memo))]
    return blocks


def _facts(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    told = tuple(Row((name, value)) for name, value in pairs if value)
    return [Rows(told, ("name", "text"), 1)] if told else []


def _heading(memo: CreditMemo) -> Iterator[tuple[str, str]]:
    yield "status", memo.status
    yield "for", f"{memo.customer}, contract {memo.contract}"
    yield "period", f"{memo.subject} ({memo.first_on} to {memo.last_on})" if memo.first_on else memo.subject
    yield "issued", memo.issued_on
    yield "booked in", f"{memo.month} of {memo.entity}" if memo.month else ""
    if memo.billing is not None:
        yield "seller", _party(memo.billing.seller)
        yield "buyer", _party(memo.billing.buyer)
        yield "reference", memo.billing.reference
    yield "invoices", ", ".join(f"{one.id} of {one.on}" for one in memo.invoices)
    yield "why", "; ".join(memo.reasons)


def _party(party: Party) -> str:
    town = " ".join(each for each in (party.postcode, party.city) if each)
    told = (party.name, party.street, town, party.country, party.vat_id, party.registration)
    return ", ".join(each for each in told if each)


def _lines(memo: CreditMemo) -> list[Block]:
    found = [Row((_described(memo, line), amount(line.amount_minor, memo.currency, memo.digits)))
             for line in memo.lines]  # fmt: skip
    if memo.currency:
        found.append(Row(("net", amount(memo.net_minor, memo.currency, memo.digits))))
        for one in memo.taxes:
            name = f"tax {percent_text(one.tax.rate)} % (category {one.tax.category})"
            name += f": {one.tax.reason}" if one.tax.reason else ""
            found.append(Row((name, amount(one.tax_minor, memo.currency, memo.digits))))
        found.append(Row(("total", amount(memo.total_minor, memo.currency, memo.digits))))
    if memo.status == "expected":
        found.append(Row(("at most", amount(memo.most_minor, memo.currency, memo.digits))))
    return [Rows(tuple(found), ("text", "figure"), 1, right=frozenset({1}))]


def _described(memo: CreditMemo, line: MemoLine) -> str:
    if line.kind == "issued before":
        return f"issued before in {line.number}"
    told = f"{memo.remedy} for {memo.commitment} {memo.subject}"
    return f"{told}: {derivation(line, memo.currency or 'days')}"


def _payment(memo: CreditMemo, pay: Pay | None, credit: Credit | None) -> list[Block]:
    rows = [Row((told, amount(of, memo.currency, memo.digits))) for told, of in _parts(memo, pay, credit)]
    for one in memo.applied:
        what = f"applied to {one.invoice}" if one.invoice else "paid out or given"
        told = f"{what} on {format_instant(one.at)}"
        rows.append(Row((told, amount(one.amount_minor, memo.currency, memo.digits))))
    if memo.cancelled_minor:
        told = amount(memo.cancelled_minor, memo.currency, memo.digits)
        rows.append(Row(("cancels out with other memos of the credit", told)))
    rows.append(Row(("open", amount(memo.open_minor, memo.currency, memo.digits))))
    return [Rows(tuple(rows), ("text", "figure"), 1, right=frozenset({1}))]


def _parts(memo: CreditMemo, pay: Pay | None, credit: Credit | None) -> Iterator[tuple[str, int]]:
    """The instalments, each where it stands by now, or as it was planned where no credit tells."""
    planned: dict[int, list[PlannedPart]] = {}
    for part in memo.plan:
        planned.setdefault(part.number, []).append(part)
    stands: dict[int, list[tuple[str, int]]] = {}
    if credit is not None and memo.status in _STANDING:
        for one in together(credit.instalments):
            place = where(one, pay or Pay(), credit, with_amount=False)
            stands.setdefault(one.number, []).append((place, int(one.amount.scaleb(memo.digits))))
    for number, own in planned.items():
        whole_minor, told = sum(part.amount_minor for part in own), stands.get(number, [])
        if not told or whole_minor <= 0:
            yield from ((_part(memo, part, pay), part.amount_minor) for part in own)
        elif sum(minor for _, minor in told) == whole_minor:
            yield from ((_named(memo, number) + place, minor) for place, minor in told)
        else:  # other memos have their part of each
            yield _named(memo, number) + " and ".join(dict.fromkeys(place for place, _ in told)), whole_minor


def _named(memo: CreditMemo, number: int) -> str:
    return f"instalment {number}: " if len(memo.plan) > 1 or number > 1 else ""


def _part(memo: CreditMemo, part: PlannedPart, pay: Pay | None) -> str:
    number = _named(memo, part.number)
    if part.amount_minor < 0 and number:
        return f"taken off instalment {part.number}"
    if part.invoice:
        return f"{number}on invoice {part.invoice}"
    if memo.settlement == "payment":
        return f"{number}paid out, because no invoice comes"
    if memo.is_delta and not number:
        return "on the next invoice"  # a correction of what was computed, which nobody decides on
    own = Pay(max(len(memo.plan), 1)) if pay is None else pay
    return f"{number}{turn_text(part.number, own, memo.subject)}"


def _trace(memo: CreditMemo) -> Iterator[tuple[str, str]]:
    trace = memo.trace
    plan = f", plan {trace.plan}" if trace.plan else ""
    yield "terms", f"{trace.agreement} {trace.version}{plan}"
    yield "clauses", ", ".join(trace.clauses)
    yield "rule", trace.rule_id
    yield "readings", ", ".join(trace.readings)
    yield "facts", ", ".join(one.id for one in trace.facts)
    yield "decision", ", ".join(one.id for one in trace.decisions)
    yield "granted", "" if memo.granted_at is None else format_instant(memo.granted_at)


# -- sums --------------------------------------------------------------------------------------------------


def accrual_table(month: str, found: Sequence[Accrual], at: Instant) -> list[Block]:
    """What is to come at the end of a month: a row for each credit, then sums by legal entity.

    Asked after the month, what happened since is counted too, and that is said.
    """
    if not found:
        return [TextLine(f"Nothing is to come at the end of {month}.")]
    told = tuple(Row((one.memo.id, *_money(one), _method(one)), one.memo.status) for one in found)
    is_later = f"{datetime_of(at - 1):%Y-%m}" > month
    since = f"; with what happened until {format_instant(at)}" if is_later else ""
    head = ("credit", "least", "most", "expected", "by")
    right = frozenset({1, 2, 3})
    kinds = ("name", "figure", "figure", "figure", "text")
    blocks: list[Block] = [
        TextLine(f"To come at the end of {month}, without tax, as if every claim were made{since}"),
        TextLine(""),
        Rows(told, kinds, 1, right=right, head=head),  # type: ignore[arg-type]  # kinds of cells
        TextLine(""),
    ]
    sums = []
    for one in sums_of(found):
        figures = (one.least_minor, one.most_minor, one.expected_minor)
        sums.append(Row((one.entity, *(amount(of, one.currency, one.digits) for of in figures), _rest(one))))
    blocks.append(Rows(tuple(sums), kinds, 1, right=right))  # type: ignore[arg-type]  # as above
    return blocks


def _rest(one: AccrualSum) -> str:
    """What is known where not all of it is."""
    if not one.untold:
        return ""
    known = (one.known_most_minor, one.known_expected_minor)
    most, expected = (amount(of, one.currency, one.digits) for of in known)
    told = f"{words.count(one.untold, 'credit')} not known"
    return f"{told}; of all others at most {most}, expected {expected}" if any(known) else told


def _money(one: Accrual) -> tuple[str, ...]:
    memo = one.memo
    figures = (one.least_minor, one.most_minor, one.expected_minor)
    return tuple(amount(of, memo.currency, memo.digits) for of in figures)


def _method(one: Accrual) -> str:
    return one.method if one.chance is None else f"{one.method} (chance {percent_text(one.chance)} %)"


def ageing_table(found: Sequence[Ageing]) -> list[Block]:
    """What is granted and not applied, by the days since it is due."""
    if not found:
        return [TextLine("Nothing is granted that is not applied.")]
    head = ("entity", "contract", "customer", *(f"{name} days" for name in band_names()), "open")
    told = tuple(
        Row((one.entity, one.contract, one.customer,
             *(amount(of, one.currency, one.digits) for of in (*one.bands, one.open_minor))))
        for one in found
    )  # fmt: skip
    kinds = ("name", "name", "name", *("figure",) * (len(band_names()) + 1))
    return [Rows(told, kinds, 2, right=frozenset(range(3, len(head))), head=head)]  # type: ignore[arg-type]  # kinds of cells
