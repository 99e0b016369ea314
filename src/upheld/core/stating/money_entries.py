"""Credits as values of a record: exact fractions as texts, paid amounts also in whole minor units."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from upheld.core.stating.canonical import Json, Record
from upheld.core.stating.verdict_entries import exact, refs_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.rounding import minor_digits
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit, Instalment, Line, together


def minor(amount: Decimal | None, currency: str) -> int | None:
    """An amount in whole minor units (of days of service: hundredths). ValueError if it is finer."""
    if amount is None:
        return None
    found = Fraction(amount) * 10 ** minor_digits(currency)
    if found.denominator != 1:
        raise ValueError(f"{amount} {currency} is finer than its minor unit")
    return int(found)


def credit_entry(terms: Terms, credit: Credit) -> Record:
    """One credit with what it was computed from, step by step, and how it is paid."""
    rule = next((rule for rule in terms.remedies if rule.name == credit.key.commitment), None)
    currency = credit.currency
    return {
        "remedy": credit.key.commitment,
        "commitment": credit.commitment,
        "subject": credit.key.subject,
        "state": credit.state,
        "unit": credit.unit,
        "plan": credit.plan,
        "rule": credit.rule_id,
        "rounding": "" if rule is None else rule.rounding,
        "clauses": [] if rule is None else list(rule.cited.clauses),
        "readings": [] if rule is None else list(rule.cited.readings),
        "currency": currency,
        "amount": None if credit.amount is None else f"{credit.amount:f}",
        "minor": minor(credit.amount, currency),
        "exact": exact(credit.exact),
        "low": exact(credit.low),
        "high": exact(credit.high),
        "base": exact(credit.base),
        "lines": [_line(line) for line in credit.lines],
        "instalments": [instalment_entry(one, currency) for one in together(credit.instalments)],
        "beyond_minor": minor(credit.beyond, currency),
        "reasons": list(credit.reasons),
        "facts": refs_of(facts_of(credit)),
    }


def facts_of(credit: Credit) -> list[FactRef]:
    """The facts behind a credit and its lines."""
    return [*credit.facts, *(line.fact for line in credit.lines if line.fact is not None)]


def _line(line: Line) -> Record:
    return {
        "what": line.what,
        "unit": line.unit,
        "low": exact(line.low),
        "high": exact(line.high),
        "subject": line.subject,
        "fact": None if line.fact is None else {"source": line.fact.source, "id": line.fact.id},
    }


def instalment_entry(one: Instalment, currency: str) -> Record:
    """One part of a credit, on which invoice, and whether it was set off there."""
    return {
        "number": one.number,
        "amount": f"{one.amount:f}",
        "minor": minor(one.amount, currency),
        "invoice": one.invoice,
        "at": one.at,
        "state": one.state,
        "is_set_off": one.is_set_off,
    }


def owed_entries(owing: Iterable[Credit]) -> Json:
    """What is owed in each currency (empty: days of service), and what it may be with what is not decided.

    `minor` is the sum of what is still owed: what was granted, else what was computed, and of neither what is
    lost because no invoice comes; of what the numbers cannot tell, too, once an amount was granted. `low` and
    `high` (None: nobody can say) are the sums of the bounds of all
    that is owed or undetermined, those of what is owed moved by as much as was decided otherwise or is lost.
    `set_off_minor`, `scheduled_minor` and `left_minor` say where the money is and add up to `minor`; days of
    service stand on no invoice, and of them these are None.
    """
    by_currency: dict[str, list[Credit]] = {}
    for one in owing:
        if one.unit != "termination":
            by_currency.setdefault(one.currency, []).append(one)
    rows: list[Json] = []
    for currency, found in sorted(by_currency.items()):
        owed = [one for one in found if one.is_owed and one.still_owed is not None]
        open_ = [one for one in found if one.state in ("undetermined", "open") and not one.is_owed]
        nothing = Decimal(0).scaleb(-minor_digits(currency))  # 0.00 of a currency that has cents
        amount = sum((left for one in owed if (left := one.still_owed) is not None), nothing)
        bounds = [*map(_bounds, owed), *((one.low, one.high) for one in open_)]
        highs = [high for _, high in bounds if high is not None]
        rows.append(
            {
                "currency": currency,
                "amount": f"{amount:f}",
                "minor": minor(amount, currency),
                **_whereabouts(owed, currency),
                "low": exact(sum((low for low, _ in bounds), Fraction(0))),
                "high": exact(sum(highs, Fraction(0))) if len(highs) == len(bounds) else None,
                "credits": len(owed),
                "undecided": len(open_),
            }
        )
    return rows


def _whereabouts(owed: Iterable[Credit], currency: str) -> Record:
    """How much of what is owed was set off, is to be on invoices that are there, and is left: minor units."""
    names = ("set_off_minor", "scheduled_minor", "left_minor")
    if not currency:
        return dict.fromkeys(names)
    found = [where for one in owed if (where := one.whereabouts) is not None]
    return {
        name: minor(sum(parts, Decimal(0)), currency)
        for name, parts in zip(names, zip(*found, strict=True) if found else ((), (), ()), strict=True)
    }


def _bounds(owed: Credit) -> tuple[Fraction, Fraction | None]:
    """The least and the most that is still owed of a credit whose amount is known, or was decided on."""
    if owed.state != "owed":
        return Fraction(owed.still_owed or 0), Fraction(owed.still_owed or 0)
    moved = Fraction(owed.still_owed or 0) - Fraction(owed.amount or 0)
    high = None if owed.high is None else max(owed.high + moved, Fraction(0))
    return max(owed.low + moved, Fraction(0)), high
