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
        if per in ("month", "quarter", "year", "term"):
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

    Everything is a slip of paper with a number and an amount: in the line of those to come, on the desk when
    it is due, or pinned to an invoice. Whatever was really set off (`set`: minute, amount, invoice, the slips
    that its document has, by number, and its name) is stamped, and a stamp is never crossed out. What a
    document does not stamp of its own slips goes from that invoice back to the desk, and so does what the
    invoice has no room for any more. A later decision (`later`:
    minute and amount in all) puts further slips into the line for what it adds; what it takes is crossed out
    from the end. Documents (`issued`: minute and amount, below nothing where one takes back) say how much of
    what was given by a decision had not been taken back.
    """
    desk = _Desk(world)
    issued = {one["id"]: one["at"] for one in world["invoices"]}
    happened: list[tuple[int, int, int, int, Any]] = []
    happened += [(one["at"], 0, 0, n, one) for n, one in enumerate(world["invoices"])]
    for number, credit in enumerate(world["credits"]):
        if credit["decided"] is None:
            desk.enter(number, None, credit["amount"])
        else:
            decisions = [(credit["decided"], credit["amount"]), *credit.get("later", ())]
            happened += [(at, 2, number, n, amount) for n, (at, amount) in enumerate(decisions)]
        for n, one in enumerate(credit.get("set", ())):
            happened.append((max(one[0], issued.get(one[2], one[0])), 1, number, n, one))
    for at, kind, number, _, what in sorted(happened, key=lambda one: one[:4]):
        if kind == 0:
            desk.invoice(what)
        elif kind == 1:
            desk.stamp(number, *what[1:])
            desk.tidy(number, *what[1:])
        else:
            desk.decide(number, at, what)
    return desk.told()


class _Desk:
    def __init__(self, world: Row) -> None:
        self.world = world
        self.unit = Fraction(1, 10 ** DIGITS[world["currency"]])
        self.line: list[Row] = []
        self.dues: list[Row] = []
        self.pinned: list[Row] = []
        self.over: list[list[list[Any]]] = [[] for _ in world["credits"]]
        self.numbered = [0 for _ in world["credits"]]
        self.room = {
            one["id"]: _down(one["amount"] * (1 - world["floor"]), self.unit) for one in world["invoices"]
        }
        self.given: list[tuple[str, int, Fraction]] = []

    def told(self) -> Row:
        """What stands where, by invoice and by number."""
        applied: dict[str, Fraction] = {}
        all_of = range(len(self.world["credits"]))
        slips: list[dict[int, Fraction]] = [{} for _ in all_of]
        open_on: list[dict[str, Fraction]] = [{} for _ in all_of]
        for slip in self.pinned:
            applied[slip["invoice"]] = applied.get(slip["invoice"], Fraction(0)) + slip["amount"]
            if not slip["stamp"]:
                of_it = open_on[slip["of"]]
                of_it[slip["invoice"]] = of_it.get(slip["invoice"], Fraction(0)) + slip["amount"]
        for slip in [*self.pinned, *self.dues, *(slip for one in self.line for slip in one["left"])]:
            own = slips[slip["of"]]
            own[slip["number"]] = own.get(slip["number"], Fraction(0)) + slip["amount"]
        return {
            "applied": {key: value for key, value in applied.items() if value},
            "left": [self.waiting(of) for of in all_of],
            "stamped": [self.stamped(of) for of in all_of],
            "slips": slips,
            "open_on": [{key: value for key, value in one.items() if value} for one in open_on],
        }

    def enter(self, of: int, decided: int | None, amount: Fraction) -> None:
        """So much of a credit in equal parts at the end of the line, none of which has had its turn."""
        parts = self.world["instalments"]
        each = Fraction(paid(amount / parts, DIGITS[self.world["currency"]], "down"))
        left, first = [], self.numbered[of] + 1
        for share in [each] * (parts - 1) + [amount - each * (parts - 1)]:
            self.numbered[of] += 1
            left.append({"of": of, "number": self.numbered[of], "amount": share})
        period = self.world["credits"][of]["period"]
        self.line.append({"of": of, "left": left, "decided": decided, "period": period, "first": first})

    def waiting(self, of: int) -> Fraction:
        """What is pinned to no invoice yet."""
        slips = [*self.dues, *(slip for one in self.line for slip in one["left"])]
        return sum((slip["amount"] for slip in slips if slip["of"] == of), Fraction(0))

    def stamped(self, of: int) -> Fraction:
        """What was really set off, as far as there is a slip for it."""
        return sum((one["amount"] for one in self.pinned if one["of"] == of and one["stamp"]), Fraction(0))

    def decide(self, of: int, at: int, amount: Fraction) -> None:
        """So much in all; what was really given stays, but for what a document has taken back by then.

        A stamped slip stays, whatever the documents come to.
        """
        given = self.stamped(of) + sum((one[0] for one in self.over[of]), Fraction(0))
        written = [net for when, net in self.world["credits"][of].get("issued", ()) if when <= at]
        if written:
            given = max(self.stamped(of), min(given, sum(written, Fraction(0))))
        pinned = sum((one["amount"] for one in self.pinned if one["of"] == of), Fraction(0))
        change = max(amount, given) - pinned - self.waiting(of)
        if change > 0:
            self.enter(of, at, change)
        lines = [slip for one in self.line if one["of"] == of for slip in one["left"]]
        dues = [slip for slip in self.dues if slip["of"] == of]
        open_ = [slip for slip in self.pinned if slip["of"] == of and not slip["stamp"]]
        for slip in [*reversed(lines), *reversed(dues), *reversed(open_)]:
            off = min(slip["amount"], max(-change, Fraction(0)))
            slip["amount"] -= off
            change += off
            slip["is_gone"] = bool(off) and not slip["amount"]
        self._clear()
        again, self.over[of] = self.over[of], []
        for one in again:
            self.stamp(of, *one)

    def _clear(self) -> None:
        """Slips of which all is crossed out, or that were stamped before their turn, go."""
        for entry in self.line:
            entry["left"] = [slip for slip in entry["left"] if not slip.get("is_gone")]

    def tidy(self, of: int, amount: Fraction, invoice: str, own: Any = (), document: str = "") -> None:
        """After something was stamped: what stays on that invoice, and what goes back to the desk."""
        if invoice not in self.room:
            return
        self.room[invoice] -= amount
        open_ = [one for one in self.pinned if one["invoice"] == invoice and not one["stamp"]]
        if amount > 0:
            for number in own:
                gave = sum(part for name, n, part in self.given if (name, n) == (document, number))
                rest = own[number] - gave
                for slip in open_:
                    if (slip["of"], slip["number"]) == (of, number):
                        off = max(Fraction(0), min(rest, slip["amount"]))
                        rest -= off
                        self._back(slip, off)
        room = self.room[invoice]
        parts = [(slip["of"], slip["number"]) for slip in open_]
        for slip in sorted(open_, key=lambda slip: parts.index((slip["of"], slip["number"]))):
            off = max(Fraction(0), slip["amount"] - max(room, Fraction(0)))
            self._back(slip, off)
            room -= slip["amount"]

    def _back(self, slip: Row, off: Fraction) -> None:
        slip["amount"] -= off
        if off:
            of_it = [one for one in self.line if one["of"] == slip["of"] and one["first"] <= slip["number"]]
            entry = max(of_it, key=lambda one: one["first"])
            self.dues.append({"of": slip["of"], "number": slip["number"], "entry": entry, "amount": off})

    def stamp(self, of: int, amount: Fraction, invoice: str, numbers: Any = (), document: str = "") -> None:
        """So much was really set off: slips on that invoice first; first those left to its document."""
        if amount < 0:
            self._unstamp(of, -amount, invoice, numbers)
            return
        for is_here, is_named in ((True, True), (True, False), (False, True), (False, False)):
            pinned = [one for one in self.pinned if not one["stamp"]]
            if is_here:
                pinned = [one for one in pinned if one["invoice"] == invoice]
            lines = [slip for one in self.line for slip in one["left"]]
            for slip in [*pinned, *([] if is_here else [*self.dues, *lines])]:
                off = min(slip["amount"], amount)
                if is_named:
                    stamped = [
                        part for name, n, part in self.given if (name, n) == (document, slip["number"])
                    ]
                    left = (dict(numbers).get(slip["number"], Fraction(0))) - sum(stamped, Fraction(0))
                    off = max(Fraction(0), min(off, left))
                if slip["of"] == of and off:
                    slip["amount"] -= off
                    amount -= off
                    slip["is_gone"] = not slip["amount"]
                    self._pin(slip, off, invoice)
                    self.given.append((document, slip["number"], off))
            self._clear()
        if amount:
            self.over[of].append([amount, invoice, numbers, document])

    def _unstamp(self, of: int, amount: Fraction, invoice: str, numbers: Any) -> None:
        """So much was taken back: of what is over first, else the last stamped slips are due again.

        What was never given gets a stamped slip of its own, below nothing, and one that is due.
        """
        for one in reversed(self.over[of]):
            off = max(Fraction(0), min(one[0], amount))
            one[0] -= off
            amount -= off
        for slip in reversed(self.pinned):
            if slip["of"] == of and slip["stamp"] and slip["amount"] > 0 and amount:
                off = min(slip["amount"], amount)
                slip["amount"] -= off
                amount -= off
                self.dues.append({"of": of, "number": slip["number"], "entry": None, "amount": off})
        last = max((one for one in self.line if one["of"] == of), key=lambda one: one["first"], default=None)
        if amount and last is None:
            self.over[of].append([-amount, invoice, numbers])
        elif amount and last is not None:
            slip = {"of": of, "number": last["first"], "entry": None, "amount": amount}
            self._pin(slip, -amount, invoice)
            self.dues.append(slip)

    def _pin(self, slip: Row, amount: Fraction, invoice: str, stamp: bool = True) -> None:
        self.pinned.append(
            {"of": slip["of"], "number": slip["number"], "amount": amount, "invoice": invoice, "stamp": stamp}
        )

    def invoice(self, invoice: Row) -> None:
        """One slip of each entry falls due; what is due is pinned while there is room, the oldest first."""
        world = self.world
        # First decided, first paid; and of what became due, the oldest first.
        self.line.sort(key=lambda one: (one["decided"] is None, one["decided"] or 0, one["of"]))
        room = _down(invoice["amount"] * (1 - world["floor"]), self.unit)
        busy = [
            one["decided"] is not None
            and (
                any(slip["amount"] for slip in one["left"])
                or any(due["amount"] for due in self.dues if due["entry"] is one)
            )
            for one in self.line
        ]
        for place, entry in enumerate(self.line):
            waits = world["one_at_a_time"] and any(busy[:place])
            if entry["left"] and not waits and _starts(world, entry, invoice):
                self.dues.append({**entry["left"].pop(0), "entry": entry})
        for due in self.dues:
            put = min(room, due["amount"])
            room -= put
            due["amount"] -= put
            self._pin(due, put, invoice["id"], stamp=False)
        self.dues = [one for one in self.dues if one["amount"]]


def _starts(world: Row, credit: Row, invoice: Row) -> bool:
    if credit["decided"] is None or invoice["at"] <= credit["decided"]:
        return False
    return bool(world["starts"] == "next invoice" or invoice["month"] > credit["period"][2])


def _down(amount: Fraction, unit: Fraction) -> Fraction:
    return amount // unit * unit
