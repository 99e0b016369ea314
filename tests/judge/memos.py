"""The second judge of credit memos: the same books, kept the slow and obvious way.

One list of entries. It knows no deltas, no proposals and no fold: it looks what every credit has got so far,
writes down what is missing, and counts on. Amounts are decimals, months are counted by hand. Every document
has slips: how much of it is for which instalment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal


@dataclass
class Entry:
    """One document as it would stand in a paper book."""

    credit: tuple[str, str]
    revision: int
    number: int
    net: Decimal
    tax: Decimal
    month: str
    slips: dict[int, Decimal]
    at: int = 0
    used: list[tuple[int, Decimal, str]] = field(default_factory=list)
    is_void: bool = False

    @property
    def applied(self) -> Decimal:
        """How much of it is used."""
        return sum((amount for _, amount, _ in self.used), Decimal(0))

    def status(self, left: Decimal) -> str:
        """What is written in the margin, where so much of it is left."""
        if self.is_void:
            return "voided"
        if self.applied == self.net:
            return "applied"
        return "issued" if left else "settled"


@dataclass
class PaperBooks:
    """The books of one legal entity in one currency of so many decimals, with one rate of tax in percent."""

    decimals: int
    percent: Decimal
    entries: list[Entry] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def issue(
        self,
        owed: dict[tuple[str, str], tuple[Decimal | None, int]],
        month: str,
        slips: dict[tuple[str, str], dict[int, Decimal]],
        at: int = 0,
    ) -> None:
        """A document for everything that is missing or too much: `owed` is the amount (None: cannot be told)
        and when it was granted, by credit; `slips` is how much of it is for which instalment.

        What has changed of a slip is on the document.
        """
        while month in self.closed:
            month = _after(month)
        order = sorted(owed, key=lambda credit: (owed[credit][1], credit[0], credit[1]))
        for credit in order:
            amount = owed[credit][0]
            if amount is None:
                continue
            own = [entry for entry in self.entries if entry.credit == credit]
            had = sum((entry.net for entry in own if not entry.is_void), Decimal(0))
            if amount == had:
                continue
            net = amount - had
            unit = Decimal(1).scaleb(-self.decimals)
            whole = (amount * self.percent / 100).quantize(unit, ROUND_HALF_UP)
            tax = whole - sum((entry.tax for entry in own if not entry.is_void), Decimal(0))
            parts = self._changed(slips[credit], credit, net)
            self.entries.append(
                Entry(credit, len(own) + 1, len(self.entries) + 1, net, tax, month, parts, at)
            )

    def _changed(
        self, slips: dict[int, Decimal], credit: tuple[str, str], net: Decimal
    ) -> dict[int, Decimal]:
        found, standing = dict(slips), [e for e in self.entries if e.credit == credit and not e.is_void]
        for entry in standing:
            for number, amount in entry.slips.items():
                found[number] = found.get(number, Decimal(0)) - amount
        assert sum(found.values(), Decimal(0)) == net, "the slips come to what is missing"
        known = {number for entry in standing for number in entry.slips}
        return {number: amount for number, amount in found.items() if amount or number not in known}

    def apply(self, number: int, amount: Decimal, at: int = 0, invoice: str = "") -> None:
        """So much of a document is used."""
        self.entries[number - 1].used.append((at, amount, invoice))

    def used(self, credit: tuple[str, str]) -> list[tuple[int, Decimal, str, dict[int, Decimal], str]]:
        """What was used of the documents of a credit, with the slips and the name of each, as it happened."""
        found = [
            (*use, entry.slips, str(entry.number))
            for entry in self.entries
            if entry.credit == credit and not entry.is_void
            for use in entry.used
        ]
        return sorted(found, key=lambda one: one[0])

    def documents(self, credit: tuple[str, str]) -> list[tuple[int, Decimal]]:
        """When each document of a credit was written that is not crossed out, and for how much."""
        return [
            (entry.at, entry.net) for entry in self.entries if entry.credit == credit and not entry.is_void
        ]

    def void(self, number: int) -> None:
        """A document is crossed out."""
        self.entries[number - 1].is_void = True

    def left(self) -> list[Decimal]:
        """What is left of each document: one that gives is crossed with one that takes, pair by pair.

        First slip by slip, as far as both are for the same instalment.
        """
        left = [Decimal(0) if entry.is_void else entry.net - entry.applied for entry in self.entries]
        slips = [dict(entry.slips) for entry in self.entries]
        for n, taking in enumerate(self.entries):
            own = [m for m, giving in enumerate(self.entries) if giving.credit == taking.credit]
            for number in sorted(slips[n]) if left[n] < 0 else ():
                for m in own:
                    given, taken = slips[m].get(number, Decimal(0)), -slips[n][number]
                    crossed = max(Decimal(0), min(given, taken, left[m], -left[n]))
                    left[m] -= crossed
                    left[n] += crossed
                    slips[m][number] = given - crossed
                    slips[n][number] += crossed
        for credit in {entry.credit for entry in self.entries}:
            own = [n for n, entry in enumerate(self.entries) if entry.credit == credit]
            while True:
                giving = [n for n in own if left[n] > 0]
                taking = [n for n in own if left[n] < 0]
                if not giving or not taking:
                    break
                crossed = min(left[giving[0]], -left[taking[0]])
                left[giving[0]] -= crossed
                left[taking[0]] += crossed
        return left

    def close(self, month: str) -> None:
        """Nothing more into this month."""
        self.closed.add(month)


def _after(month: str) -> str:
    year, number = month.split("-")
    return f"{int(year) + 1}-01" if number == "12" else f"{year}-{int(number) + 1:02d}"
