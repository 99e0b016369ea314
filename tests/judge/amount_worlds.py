"""Seeded remedies with a month behind them, and credits with the invoices that come, all in minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from random import Random
from typing import Any

Row = dict[str, Any]

DAY_MIN = 1440
CURRENCIES = ("EUR", "EUR", "USD", "JPY", "KWD")
DIGITS = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3, "ISK": 0, "BHD": 3, "CLF": 4}
ROUNDINGS = ("half up", "half up", "half even", "down", "up")


def make_amount_world(seed: int) -> Row:
    """One period of one remedy: what was measured, between which bounds, and what the remedy says."""
    return _Maker(seed).world()


def make_invoice_world(seed: int) -> Row:
    """Credits of one remedy with how they are paid, and the invoices issued so far."""
    return _Maker(seed).invoices()


def months_from(year: int, month: int, count: int) -> list[tuple[int, int, str]]:
    """So many calendar months in UTC: the minutes at which each begins and ends, and its label."""
    found = []
    for n in range(count):
        firsts = [divmod(month - 1 + n + k, 12) for k in (0, 1)]
        begin, end = (int(datetime(year + y, m + 1, 1, tzinfo=UTC).timestamp()) // 60 for y, m in firsts)
        found.append((begin, end, f"{year + firsts[0][0]}-{firsts[0][1] + 1:02}"))
    return found


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(f"owed {seed}")
        self.seed = seed

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.random.random() < probability

    def pick(self, choices: Any) -> Any:
        """One of them."""
        return self.random.choice(list(choices))

    def world(self) -> Row:
        """A month of outages, a level, and a remedy."""
        period = months_from(self.random.randint(2024, 2027), self.random.randint(1, 12), 1)[0]
        total = period[1] - period[0]
        outages = self._outages(period)
        bad = sum(end - start for start, end in outages)
        unknown = self.pick((0, 0, 0, self.random.randint(1, 600)))
        self.currency = self.pick(CURRENCIES)
        unit = self.pick(("money",) * 4 + ("days of service",))
        level = Fraction(self.pick(("99.95", "99.9", "99.5", "99", "95"))) / 100
        world: Row = {
            "seed": self.seed,
            "period": period,
            "total": total,
            "outages": outages,
            "bad": bad,
            "unknown": unknown,
            "level": level,
            "relation": self.pick((">=", ">=", ">=", ">")),
            "unknown_as": self.pick(("bounds", "bounds", "bounds", "up", "down")),
            "currency": self.currency,
            "base": Fraction(self.pick(("100", "499.00", "1000", "333.33", "12.34", "0"))),
            "unit": unit,
            "complaints": self.random.randrange(3),
            "before": [self.pick(("met", "breached", "met", "undetermined")) for _ in range(5)],
            "given": {},
            "rounding": self.pick(ROUNDINGS),
        }
        world["rule"] = self._rule(unit, level)
        if world["rule"].get("of") in ("each outage", "each day"):
            world["unknown"] = 0  # whose outages unknown minutes would be cannot be told
        world["when"] = self.pick((None, None, None, "complaints > 0", "value < level"))
        world["after"] = self.pick((None, None, None, (1, 2), (2, 3), (3, 3)))
        world["least"] = self._give(unit, 0) if self.chance(0.2) else None
        world["limits"] = self._limits(world)
        return world

    def _outages(self, period: tuple[int, int, str]) -> list[tuple[int, int]]:
        starts = sorted(self.random.sample(range(period[0], period[1] - 1), self.random.randrange(6)))
        longest = self.pick((10, 60, 600, 3000))
        found = []
        for n, start in enumerate(starts):
            until = starts[n + 1] - 1 if n + 1 < len(starts) else period[1]
            end = min(start + self.random.randint(1, longest), until)
            if self.chance(0.3):
                end = min(start + self.pick((15, 30, 60)), until)
            if end > start:
                found.append((start, end))
        return found

    def _give(self, unit: str, size: int) -> tuple[str, Fraction]:
        """A share, money, or days."""
        if unit == "days of service":
            return "days", Fraction(self.pick(("0.5", "1", "2", "3"))) * max(1, size)
        if self.chance(0.6):
            return "share", Fraction(self.random.randint(1, 12) * max(1, size), 100)
        return "money", Fraction(self.random.randint(1, 4000) * max(1, size), 100)

    def _rule(self, unit: str, level: Fraction) -> Row:
        kind = self.pick(("bands", "bands", "steps", "steps", "multiple", "formula"))
        if unit != "money" and kind in ("multiple", "formula"):
            kind = "steps"
        if kind == "bands":
            edges = sorted(
                {
                    level,
                    *(
                        level - Fraction(self.random.randint(1, 40), 1000)
                        for _ in range(self.random.randint(0, 3))
                    ),
                },
                reverse=True,
            )
            bands = []
            lower_closed = self.chance(0.7)
            for n, high in enumerate(edges):
                low = edges[n + 1] if n + 1 < len(edges) else None
                if self.chance(0.9):
                    bands.append(
                        (
                            low,
                            high,
                            low is not None and lower_closed,
                            not lower_closed,
                            self._give(unit, n + 1),
                        )
                    )
            return {"kind": "bands", "bands": bands}
        if kind == "steps":
            of = self.pick(("downtime", "downtime", "each outage", "each day", "shortfall"))
            every = (
                Fraction(self.pick((1, 5, 10)), 1000)
                if of == "shortfall"
                else Fraction(self.pick((1, 15, 30, 60)))
            )
            free = self.pick((0, 0, 1, 2)) * every / 2
            return {
                "kind": "steps",
                "of": of,
                "every": every,
                "free": free,
                "begun": self.chance(0.5),
                "give": self._give(unit, 0),
            }
        if kind == "multiple":
            return {"kind": "multiple", "times": Fraction(self.pick((1, 5, 10, 25)))}
        factor, cap = self.pick((1, 5, 10)), Fraction(self.pick((10, 50, 100)), 100)
        return {"kind": "formula", "factor": factor, "cap": cap}

    def _limits(self, world: Row) -> list[tuple[str, tuple[str, Fraction]]]:
        of = world["rule"].get("of")
        kinds = ["month", "quarter", "year", "term"]
        if of == "each outage":
            kinds += ["incident", "incident"]
        if of == "each day":
            kinds += ["day", "day"]
        found = []
        for per in {self.pick(kinds) for _ in range(self.pick((0, 0, 1, 1, 2)))}:
            found.append((per, self._give(world["unit"], 1 if per in ("day", "incident") else 5)))
            if per in ("month", "quarter", "year", "term") and self.chance(0.4):
                world["given"][per] = Fraction(self.random.randint(0, 6000), 100)
        return sorted(found)

    # Instalments

    def _later(self, one: Row, digits: int) -> list[tuple[int, Fraction]]:
        """Up to three further decisions on a credit after a dispute: more, less, nothing."""
        found, at = [], one["decided"]
        random = Random(f"decisions {self.seed} {one['period']}")
        for _ in range(random.randint(1, 3)):
            at += random.randrange(1, 150 * DAY_MIN)
            found.append((at, Fraction(random.choice((0, random.randint(1, 180000))), 10**digits)))
        return found

    def _set(self, one: Row, issued: list[Row], digits: int, parts: int) -> list[tuple[Any, ...]]:
        """What somebody really set off: on some invoices, too little, too much, or paid out.

        Of some credits it is set off by a document that is for all that was granted first.
        """
        random = Random(f"set off {self.seed} {one['period']}")
        after = [bill for bill in issued if bill["at"] > one["decided"]]
        found = []
        for bill in random.sample(after, random.choice((0, 0, min(1, len(after)), min(3, len(after))))):
            at = bill["at"] + random.randrange(-2 * DAY_MIN, 40 * DAY_MIN)
            amount = Fraction(random.randint(1, 40000), 10**digits)
            found.append((at, amount, random.choice((bill["id"], bill["id"], bill["id"], ""))))
        if random.random() < 0.4:
            return sorted(found)
        each = Fraction(one["amount"] * 10**digits // parts, 10**digits)
        slips = dict.fromkeys(range(1, parts), each) | {parts: one["amount"] - each * (parts - 1)}
        return [(*each, slips, "D") for each in sorted(found)]

    def invoices(self) -> Row:
        """Up to four credits, and a row of monthly invoices."""
        self.currency = self.pick(CURRENCIES)
        digits = DIGITS[self.currency]
        months = months_from(self.random.randint(2024, 2027), self.random.randint(1, 12), 14)
        owed = []
        for n in sorted(self.random.sample(range(4), self.random.randint(1, 4))):
            start, end, label = months[n]
            decided = end + self.random.randrange(0, 40 * DAY_MIN)
            owed.append(
                {
                    "period": (start, end, label),
                    "amount": Fraction(self.random.randint(1, 90000), 10**digits),
                    "decided": None if self.chance(0.1) else decided,
                }
            )
        for one in owed:
            if one["decided"] is not None and Random(f"later {self.seed} {one['period']}").random() < 0.5:
                one["later"] = self._later(one, digits)
        issued = []
        for n, (_, end, label) in enumerate(months[: self.random.randint(1, 14)]):
            amount = Fraction(self.random.randint(1, 100000), 10**digits)
            issued.append({"id": f"R{n}", "at": end + DAY_MIN, "amount": amount, "month": label})
        rounding, parts = self.pick(ROUNDINGS), self.pick((1, 1, 2, 3, 3))
        for one in owed:
            if one["decided"] is not None:
                one["set"] = self._set(one, issued, digits, parts)
        ended = months[min(len(issued), 13)][1] if self.chance(0.4) else None
        return {
            "seed": self.seed,
            "currency": self.currency,
            "rounding": rounding,
            "instalments": parts,
            "starts": self.pick(("next invoice", "next invoice", "following month")),
            "floor": self.pick((Fraction(0), Fraction(0), Fraction(1, 2), Fraction(1))),
            "one_at_a_time": self.chance(0.4),
            "after_end": self.pick(("paid out", "lost")),
            "credits": owed,
            "invoices": issued,
            "ended": ended,
        }
