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
    """One part of a credit, on which invoice."""
    return {
        "number": one.number,
        "amount": f"{one.amount:f}",
        "minor": minor(one.amount, currency),
        "invoice": one.invoice,
        "at": one.at,
        "state": one.state,
    }


def owed_entries(owing: Iterable[Credit]) -> Json:
    """What is owed in each currency (empty: days of service), and what it may be with what is not decided.

    `minor` is the sum of the amounts of what is owed; `low` and `high` (None: nobody can say) are the sums
    of the bounds of all that is owed or undetermined. What is lost, because no invoice comes, is in none.
    """
    by_currency: dict[str, list[Credit]] = {}
    for one in owing:
        if one.unit != "termination":
            by_currency.setdefault(one.currency, []).append(one)
    rows: list[Json] = []
    for currency, found in sorted(by_currency.items()):
        owed = [one for one in found if one.state == "owed" and one.amount is not None]
        open_ = [one for one in found if one.state in ("undetermined", "open")]
        nothing = Decimal(0).scaleb(-minor_digits(currency))  # 0.00 of a currency that has cents
        amount = sum((one.amount - one.lost for one in owed if one.amount is not None), nothing)
        lost = Fraction(sum((one.lost for one in owed), Decimal(0)))
        counted = (*owed, *open_)
        highs = [one.high for one in counted if one.high is not None]
        rows.append(
            {
                "currency": currency,
                "amount": f"{amount:f}",
                "minor": minor(amount, currency),
                "low": exact(sum((one.low for one in counted), -lost)),
                "high": exact(sum(highs, -lost)) if len(highs) == len(counted) else None,
                "credits": len(owed),
                "undecided": len(open_),
            }
        )
    return rows
