"""What is owed as text: the money of the first screen, and each remedy in full."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from upheld.core.owing.payable import payable_bounds
from upheld.core.terms.agreement import Terms
from upheld.core.terms.remedy import Pay, RemedyRule
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import replace
from upheld.core.verdicts.credit import GRANTED, Credit, CreditState, Instalment, Line
from upheld.render import figures, words
from upheld.render.blocks import Block, Kind, Row, Rows, TextLine, first_rows, rows
from upheld.render.naming import cited, zone_of

FIRST_ROWS = 6
ORDER: tuple[CreditState, ...] = ("owed", "open", "undetermined", "running", "not owed")
_FIRST = Rows(
    (), ("number", "name", "name", "subject", "state", "figure", "text"), 5, right=frozenset({0, 5})
)
_STEPS = {"value between": "its bounds", "between": "its bounds"}
_TIMES = {"h": HOUR, "min": MINUTE, "s": SECOND, "us": 1, "µs": 1, "duration": 1, "time": 1}


class NumberedCredit(NamedTuple):
    """A credit with the number by which it is explained, and the terms it is under."""

    number: int
    terms: Terms
    credit: Credit


def money_block(owing: Sequence[NumberedCredit], promises_money: bool) -> list[Block]:
    """What is owed and what cannot be told yet; one line where remedies are promised and nothing is owed."""
    sentence = in_short(owing, promises_money)
    if not sentence:
        return []
    found = [Row(tuple(_first_row(one)), one.credit.state) for one in _that_matter(owing)]
    shown = first_rows(found, FIRST_ROWS, _FIRST) if found else []
    return [TextLine(""), TextLine(sentence, "head"), *shown]


def in_short(owing: Sequence[NumberedCredit], promises_money: bool) -> str:
    """All of it in one line: what is owed, and what may be; empty where no money is promised."""
    told = [payable(one.terms, one.credit) for one in _that_matter(owing)]
    return _headline(told) if told or promises_money else ""


def _that_matter(owing: Sequence[NumberedCredit]) -> list[NumberedCredit]:
    """What is owed or may be, the surest and largest first."""
    return sorted(
        (one for one in owing if _matters(one.credit)),
        key=lambda one: (ORDER.index(one.credit.state), -(_most(one.credit) or 0), one.number),
    )


def _matters(credit: Credit) -> bool:
    """Whether something is owed, or may be."""
    if credit.is_owed:
        return True
    if credit.state == "not owed":
        return False
    return credit.unit == "termination" or credit.state in ("owed", "open") or credit.high != 0


def _most(credit: Credit) -> Fraction | None:
    return Fraction(credit.amount) if credit.amount is not None else credit.high


def _headline(owing: Sequence[Credit]) -> str:
    """Owed: 299.80 EUR and 2 days of service. Undetermined: at most 49.90 EUR. As it stands: 20.00 EUR.

    What may be owed is told as far as the limits leave room for it beside what is.
    """
    room: dict[tuple[str, str], Fraction] = {}
    for credit in owing:
        if credit.adds is not None:
            room[credit.key[:2]] = room.get(credit.key[:2], Fraction(0)) + credit.adds
    parts = []
    for state, word, at_most in (
        ("owed", "Owed", ""),
        ("open", "Open", "at most "),
        ("undetermined", "Undetermined", "at most "),
        ("running", "As it stands", ""),
    ):
        sums: dict[str, Fraction] = {}
        untold = 0
        for credit in owing:
            if ("owed" if credit.is_owed else credit.state) != state or credit.unit == "termination":
                continue
            most = _most(credit)
            if state == "owed" and credit.state != "owed":
                most = Fraction(0)  # what was decided, below
            if state == "running":
                most = None if credit.amount is None else Fraction(credit.amount)
            untold += most is None and state != "running"
            if most is not None and credit.key[:2] in room:
                most = most if state == "owed" else min(most, max(room[credit.key[:2]], Fraction(0)))
                room[credit.key[:2]] -= most
            if state == "owed" and credit.still_owed is not None:
                most = Fraction(credit.still_owed)
            if most:
                sums[credit.currency] = sums.get(credit.currency, Fraction(0)) + most
        told = [figures.money(total, currency) for currency, total in sums.items()]
        told += [words.count(untold, "amount") + " not known yet"] * bool(untold)
        rights = [credit for credit in owing if credit.state == state and credit.unit == "termination"]
        ends = sum(state != "running" or credit.is_due is True for credit in rights)
        told += [words.count(ends, "right") + " to terminate"] * bool(ends)
        parts += [f"{word}: {at_most if sums else ''}{' and '.join(told)}"] * bool(told)
    if not parts or not parts[0].startswith("Owed"):
        parts.insert(0, "Owed: nothing")
    return ". ".join(parts)


def payable(terms: Terms, credit: Credit) -> Credit:
    """The credit with the bounds of what can be paid: rounded as the remedy rounds, but past no limit."""
    if credit.unit == "termination":
        return credit
    own = terms.under(credit.plan).remedies
    rule = next((one.rounding for one in own if one.name == credit.key.commitment), None)
    if rule is None:  # only another reading has it
        return credit
    steps = ((one.what, one.high) for one in credit.lines)
    low, high = payable_bounds(credit.low, credit.high, steps, credit.currency, rule)
    return replace(credit, low=Fraction(low), high=None if high is None else Fraction(high))


def _first_row(one: NumberedCredit) -> list[str]:
    number, terms, credit = one
    key = credit.key
    what = [
        f"#{number}",
        key.contract,
        key.commitment,
        key.subject,
        credit.state,
        owed(terms, credit),
    ]
    return [*what, _because(terms, credit)]


def owed(terms: Terms, credit: Credit) -> str:
    """How much: 99.80 EUR, or between which amounts that can be paid it lies while that is not known."""
    if credit.unit == "termination":
        return "the right to terminate"
    if credit.unit == "money" and not credit.currency:
        return "nothing" if credit.high == 0 else "not known"
    if credit.state in ("undetermined", "open", "running") and credit.low != credit.high:
        told = payable(terms, credit)
        return figures.between(told.low, told.high, credit.currency)
    return figures.money(credit.exact if credit.amount is None else credit.amount, credit.currency)


def _because(terms: Terms, credit: Credit) -> str:
    """For what, and how it is paid or what it waits for."""
    told = [f"for {credit.commitment}", *credit.reasons]
    granted = next((line.low for line in credit.lines if line.what == GRANTED), None)
    if granted is not None and granted != credit.amount:
        told.append(f"{figures.money(granted, credit.currency)} granted")
    if (credit.is_owed or credit.state == "open") and (paid := payment(terms, credit)):
        told += [] if paid == "lost" else [paid]  # that is a reason already
    return "; ".join(told)


def payment(terms: Terms, credit: Credit) -> str:
    """How a credit reaches the customer, in a few words."""
    parts = credit.instalments
    if not parts:
        return ""
    if len(parts) == 1:
        return where(parts[0], _pay(terms, credit), credit, with_amount=False)
    given = {one.number for one in parts if one.is_set_off}
    planned = {one.number for one in parts if one.state == "applied" and not one.is_set_off}
    odd = [one for one in parts if one.state in ("outstanding", "lost", "carried over")]
    told = f"{len({one.number for one in parts})} instalments"  # one that is in two parts is one
    told += f", {len(given)} set off" if given else ""
    told += f", {len(planned) or 'none'} scheduled" if planned or not given else ""
    return told + "".join(
        f", {figures.money(one.amount, credit.currency)} {one.state}" for one in odd[:FIRST_ROWS]
    )


def _rule(terms: Terms, credit: Credit) -> RemedyRule | None:
    return next((rule for rule in terms.remedies if rule.name == credit.key.commitment), None)


def _pay(terms: Terms, credit: Credit) -> Pay:
    rule = _rule(terms, credit)
    return Pay() if rule is None else rule.pay


def where(one: Instalment, pay: Pay, credit: Credit, *, with_amount: bool) -> str:
    """On which invoice an instalment of a credit stands, or is to stand."""
    if one.state == "paid out":
        place = "paid out"
    elif one.invoice and one.is_set_off:
        place = f"set against invoice {one.invoice}"
    elif one.invoice:
        place = f"{'scheduled ' * (one.state == 'applied')}on invoice {one.invoice}"
    elif one.state == "due":
        place = "on the next invoice that has room"
    else:
        place = turn_text(one.number, pay, credit.key.subject)
    # That a credit falls on an invoice is its schedule; that a memo was set against one, a fact of its own.
    is_told = one.state in ("applied", "paid out") or (one.state in ("planned", "due") and not with_amount)
    state = "" if is_told else f", {one.state}"
    amount = f"{figures.money(one.amount, credit.currency)} " if with_amount else ""
    if one.state in ("outstanding", "lost") and not one.invoice:
        return f"{amount}{one.state}"
    return f"{amount}{place}{state}"


def turn_text(number: int, pay: Pay, period: str) -> str:
    """On which invoice an instalment stands that has had no turn yet: which one after which decision.

    Every decision that adds something has as many instalments as the agreement says, numbered on.
    """
    decision, place = divmod(number - 1, pay.instalments)
    after = "the decision" if not decision else f"decision {decision + 1}"
    after += ", when no earlier credit is left to pay" if pay.one_at_a_time else ""
    if pay.starts == "following month":
        nth = "the first invoice" if not place else f"invoice {place + 1}"
        return f"on {nth} after {after} of those for months after {period}"
    nth = "the next invoice" if not place else f"invoice {place + 1}"
    return f"on {nth} after {after}"


def _is_money(unit: str) -> bool:
    return unit == "money" or (len(unit) == 3 and unit.isupper())


# -- in full -----------------------------------------------------------------------------------------------


def in_full(terms: Terms, owing: Sequence[NumberedCredit]) -> list[Block]:
    """Every remedy of a contract with what it came to, line by line."""
    blocks: list[Block] = []
    for rule in terms.remedies:
        own = [one for one in owing if one.credit.key.commitment == rule.name]
        blocks += [
            TextLine(""),
            TextLine(f"{rule.name} - remedy of {rule.of}{cited(terms, rule.cited)}", "head"),
        ]
        blocks += [TextLine(f"  {rule.doc}")] * bool(rule.doc)
        blocks += [TextLine("  nothing yet")] * (not own)
        made = tuple(_row_in_full(terms, number, credit) for number, _, credit in own)
        if made:
            kinds: tuple[Kind, ...] = ("number", "subject", "state", "figure", "text")
            blocks.append(Rows(made, kinds, 3, right=frozenset({0, 3})))
    return blocks


def _row_in_full(terms: Terms, number: int, credit: Credit) -> Row:
    cells = (f"#{number}", credit.key.subject, credit.state, owed(terms, credit), "; ".join(credit.reasons))
    under: list[Block] = []
    if credit.state != "not owed":
        under = rows(steps(credit), ("text", "figure"), 2, frozenset({1}), 6)
        under += [TextLine(f"      {text}") for text in instalments(terms, credit)]
    return Row(cells, credit.state, under=tuple(under))


def steps(credit: Credit) -> list[list[str]]:
    """A row for each step from what was measured to what is owed."""
    return [[step_text(line), line_value(line, credit.currency)] for line in credit.lines]


def step_text(line: Line) -> str:
    """What a step is, in words."""
    return _STEPS.get(line.what, line.what)


def line_value(line: Line, currency: str = "") -> str:
    """The value of a step before rounding, with what it lies between where it is not known."""
    low, high = quantity(line.low, line.unit, currency), quantity(line.high, line.unit, currency)
    if line.low == line.high:
        return low
    if not line.low and _is_money(line.unit):
        return f"at most {high}"
    number, _, unit = low.partition(" ")
    return f"between {number if high.endswith(f' {unit}') else low} and {high}"


def quantity(number: Fraction, unit: str, currency: str = "") -> str:
    """A value in a unit: a share in per cent, a time in minutes, money with its currency, else as it is."""
    if unit in ("ratio", "%", "share"):
        return f"{figures.cut(number * 100, figures.PERCENT_DECIMALS)} %"
    if unit in _TIMES:
        return figures.minutes(int(number * _TIMES[unit]))
    if unit in ("days", "days of service"):
        return figures.money(number, "")
    if _is_money(unit):
        return figures.exact_money(number, currency if unit == "money" else unit)
    return f"{figures.cut(number, 6)} {'' if unit == 'count' else unit}".rstrip()


def instalments(terms: Terms, credit: Credit) -> list[str]:
    """A line for each instalment: its amount, the invoice it stands on, and what became of it."""
    pay, zone = _pay(terms, credit), zone_of(terms)
    told = [
        f"{f'instalment {one.number}: ' if len(credit.instalments) > 1 else 'to credit: '}"
        f"{where(one, pay, credit, with_amount=True)}{_dated(one, zone)}"
        for one in credit.instalments
    ]
    if credit.beyond:
        told.append(f"beyond what is owed: {figures.money(credit.beyond, credit.currency)}, to be taken back")
    return told


def _dated(one: Instalment, zone: Zone) -> str:
    return "" if one.at is None else f", {words.local(one.at, zone)}"
