"""The second judge of amounts: it tries every possible truth, and walks from invoice to invoice.

Bounds are the least and the most that any possible truth would pay: no breakpoints are looked for.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from .amount_worlds import DAY_MIN, DIGITS

Row = dict[str, Any]
ROUND = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


def judge_amount(world: Row) -> Row:
    """The credit of a remedy for its month: its state, bounds, exact and rounded amounts.

    Whether anything is owed is decided by the truth that the agreement takes, if it takes one (`unknown: up`
    or `down`); how much it could be is told for every truth. Where it cannot be told whether anything is
    owed, nothing is owed by itself: no exact amount.
    """
    best, worst = world["bad"], world["bad"] + world["unknown"]
    chosen = worst if world["unknown_as"] == "down" else best
    row: Row = {"exact": None, "amount": None}
    possible = []
    dues = set()
    for bad in range(best, worst + 1):
        for before in _pasts(world):
            due = is_due(world, bad if world["unknown_as"] == "bounds" else chosen, before)
            dues.add(due)
            possible.append(amount_of(world, bad) if due else Fraction(0))
    row["low"], row["high"] = min(possible), max(possible)
    if dues == {True, False} and row["high"] > 0:
        row["state"] = "undetermined"
        return row
    row["exact"] = amount_of(world, chosen) if dues == {True} else Fraction(0)
    row["state"] = "owed" if row["exact"] > 0 else "not owed"
    row["amount"] = paid(row["exact"], digits_of(world), world["rounding"])
    if any(Fraction(row["amount"]) > room for room in rooms(world)):
        # No limit is exceeded by rounding.
        row["amount"] = paid(row["exact"], digits_of(world), "down")
    return row


def _pasts(world: Row) -> list[list[str]]:
    """What the periods before can have been, where that is not known."""
    pasts: list[list[str]] = [[]]
    for state in world["before"]:
        truths = ("met", "breached") if state == "undetermined" else (state,)
        pasts = [[*past, one] for past in pasts for one in truths]
    return pasts


def digits_of(world: Row) -> int:
    """The decimals of what is given."""
    return DIGITS[world["currency"]] if world["unit"] == "money" else 2


def value_of(world: Row, bad: int) -> Fraction:
    """The value if so many minutes were bad."""
    return Fraction(world["total"] - bad, world["total"])


def is_kept(world: Row, value: Fraction) -> bool:
    """Whether a value reaches the level."""
    return bool(value > world["level"] if world["relation"] == ">" else value >= world["level"])


def state_of(world: Row) -> str:
    """The verdict on the month."""
    best = is_kept(world, value_of(world, world["bad"]))
    worst = is_kept(world, value_of(world, world["bad"] + world["unknown"]))
    if world["unknown_as"] == "up":
        worst = best
    elif world["unknown_as"] == "down":
        best = worst
    return "met" if worst else "undetermined" if best else "breached"


def is_due(world: Row, bad: int, before: list[str]) -> bool:
    """Whether the remedy applies if so many minutes were bad."""
    value = value_of(world, bad)
    if world["when"] == "complaints > 0":
        due = world["complaints"] > 0
    elif world["when"] == "value < level":
        due = value < world["level"]
    else:
        due = not is_kept(world, value)
    if due and world["after"] is not None:
        breaches, of_last = world["after"]
        states = [
            not is_kept(world, value),
            *(state == "breached" for state in before[: of_last - 1]),
        ]
        due = states[0] and sum(states) >= breaches
    return due


def amount_of(world: Row, bad: int) -> Fraction:
    """The exact amount, limited, if so many minutes were bad and something is owed."""
    amount = max(Fraction(0), _raw(world, bad))
    for per, most in world["limits"]:
        if per in ("month", "year", "term"):
            left = max(Fraction(0), worth(world, most) - world["given"].get(per, Fraction(0)))
            amount = min(amount, left)
    if world["least"] is not None and amount < worth(world, world["least"]):
        return Fraction(0)
    return amount


def rooms(world: Row) -> list[Fraction]:
    """What each limit leaves for the line as a whole."""
    found = []
    for per, most in world["limits"]:
        if per == "incident":
            found.append(worth(world, most) * len(world["outages"]))
        elif per == "day":
            found.append(worth(world, most) * len(minutes_by_day(world)))
        else:
            found.append(max(Fraction(0), worth(world, most) - world["given"].get(per, Fraction(0))))
    return found


def minutes_by_day(world: Row) -> dict[int, int]:
    """The bad minutes of each day."""
    minutes: dict[int, int] = {}
    for start, end in world["outages"]:
        for minute in range(start, end):
            minutes[minute // DAY_MIN] = minutes.get(minute // DAY_MIN, 0) + 1
    return minutes


def worth(world: Row, give: tuple[str, Fraction]) -> Fraction:
    """What is given, as a number of the unit."""
    kind, count = give
    return count * world["base"] if kind == "share" else count


def _raw(world: Row, bad: int) -> Fraction:
    rule = world["rule"]
    value = value_of(world, bad)
    if rule["kind"] == "bands":
        for low, high, has_low, has_high, give in rule["bands"]:
            above = low is None or value > low or (has_low and value == low)
            if above and (value < high or (has_high and value == high)):
                return worth(world, give)
        return Fraction(0)
    if rule["kind"] == "multiple":
        return rule["times"] * world["base"] * Fraction(bad, world["total"])
    if rule["kind"] == "formula":
        return min(rule["factor"] * (world["level"] - value), rule["cap"]) * world["base"]
    return _steps(world, bad, value)


def _steps(world: Row, bad: int, value: Fraction) -> Fraction:
    rule = world["rule"]
    give = worth(world, rule["give"])
    if rule["of"] == "downtime":
        return _count(rule, Fraction(bad)) * give
    if rule["of"] == "shortfall":
        return _count(rule, world["level"] - value) * give
    caps = {per: worth(world, most) for per, most in world["limits"]}
    total = Fraction(0)
    if rule["of"] == "each outage":
        for start, end in world["outages"]:
            one = _count(rule, Fraction(end - start)) * give
            total += min(one, caps.get("incident", one))
        return total
    for day in minutes_by_day(world).values():
        one = _count(rule, Fraction(day)) * give
        total += min(one, caps.get("day", one))
    return total


def _count(rule: Row, amount: Fraction) -> int:
    """The steps in an amount, taken away one after the other."""
    rest = amount - rule["free"]
    steps = 0
    while rest >= rule["every"]:
        rest -= rule["every"]
        steps += 1
    return steps + 1 if rest > 0 and rule["begun"] else steps


def paid(amount: Fraction, digits: int, rounding: str) -> Decimal:
    """The amount as it is paid."""
    with localcontext() as context:
        context.prec = 60
        scaled = amount * 10**digits
        whole = scaled.numerator // scaled.denominator
        rest = scaled - whole
        # An exact stand-in for the rest: what rounding asks is only how it lies to a half.
        half = Fraction(1, 2)
        shown = Decimal(whole) + (
            Decimal(0)
            if rest == 0
            else Decimal("0.5")
            if rest == half
            else Decimal("0.2" if rest < half else "0.8")
        )
        return shown.quantize(Decimal(1), rounding=ROUND[rounding]).scaleb(-digits)


# -- instalments -------------------------------------------------------------------------------------------


def judge_invoices(world: Row) -> Row:
    """What stands on each invoice, and what is left when the last one has come.

    A later decision (`later`: minute and amount in all) is a further entry of the line for what it adds; what
    it takes is crossed out from the end.
    """
    unit = Fraction(1, 10 ** DIGITS[world["currency"]])
    applied: dict[str, Fraction] = {}
    line: list[Row] = []
    dues: list[Row] = []
    given = [Fraction(0) for _ in world["credits"]]
    for number, credit in enumerate(world["credits"]):
        line.append(_entry(world, number, credit["decided"], credit["amount"]))
    later = sorted(
        (at, number, amount)
        for number, credit in enumerate(world["credits"])
        for at, amount in credit.get("later", ())
    )
    for invoice in [*sorted(world["invoices"], key=lambda one: one["at"]), None]:
        while later and (invoice is None or later[0][0] < invoice["at"]):
            at, number, amount = later.pop(0)
            own = [entry for entry in line if entry["number"] == number]
            change = amount - given[number] - sum((sum(one["left"], one["owed"]) for one in own), Fraction(0))
            if change > 0:
                line.append(_entry(world, number, at, change))
            for entry in reversed(own):
                while change < 0 and entry["left"]:
                    change += entry["left"].pop()
                    if change > 0:
                        entry["left"].append(change)
            for due in reversed(dues):
                if change < 0 and due["entry"]["number"] == number:
                    off = min(due["amount"], -change)
                    due["amount"] -= off
                    due["entry"]["owed"] -= off
                    change += off
        if invoice is None:
            break
        # First decided, first paid; and of what became due, the oldest first.
        line.sort(key=lambda one: (one["decided"] is None, one["decided"] or 0, one["number"]))
        room = _down(invoice["amount"] * (1 - world["floor"]), unit)
        busy = [one["decided"] is not None and sum(one["left"], one["owed"]) > 0 for one in line]
        for place, entry in enumerate(line):
            waits = world["one_at_a_time"] and any(busy[:place])
            if entry["left"] and not waits and _starts(world, entry, invoice):
                dues.append({"entry": entry, "amount": entry["left"].pop(0)})
                entry["owed"] += dues[-1]["amount"]
        for due in dues:
            put = min(room, due["amount"])
            room -= put
            due["amount"] -= put
            due["entry"]["owed"] -= put
            given[due["entry"]["number"]] += put
            applied[invoice["id"]] = applied.get(invoice["id"], Fraction(0)) + put
    left = [
        sum((sum(one["left"], one["owed"]) for one in line if one["number"] == number), Fraction(0))
        for number in range(len(given))
    ]
    return {"applied": {key: value for key, value in applied.items() if value}, "left": left}


def _entry(world: Row, number: int, decided: int | None, amount: Fraction) -> Row:
    """So much of a credit in equal parts, none of which has had its turn."""
    parts = world["instalments"]
    each = Fraction(paid(amount / parts, DIGITS[world["currency"]], "down"))
    shares = [each] * (parts - 1) + [amount - each * (parts - 1)]
    period = world["credits"][number]["period"]
    return {"number": number, "left": shares, "owed": Fraction(0), "decided": decided, "period": period}


def _starts(world: Row, credit: Row, invoice: Row) -> bool:
    if credit["decided"] is None or invoice["at"] <= credit["decided"]:
        return False
    return bool(world["starts"] == "next invoice" or invoice["month"] > credit["period"][2])


def _down(amount: Fraction, unit: Fraction) -> Fraction:
    return amount // unit * unit
