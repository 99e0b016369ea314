"""The values that texts and facts have, their types with units, and which of them go together."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal as OneOf
from typing import TypeAlias

from upheld.core.values.amount import Amount
from upheld.core.values.frozen import dataclass

Kind: TypeAlias = OneOf[
    "truth", "text", "choice", "number", "ratio", "quotient", "duration", "amount", "money", "instant", "list"
]


@dataclass(frozen=True, slots=True)
class Type:
    """What kind of value an expression has.

    `unit` is the currency of money or the kind of an amount, empty where it is known only with the facts;
    `choices` the closed set of a choice; `item` the type of a list's items. A `quotient` (number by number)
    is read as a number or as a ratio, whichever its surroundings need.
    """

    kind: Kind
    unit: str = ""
    choices: tuple[str, ...] = ()
    item: Type | None = None

    def __str__(self) -> str:
        if self.kind == "list":
            return f"a list ({self.item})"
        if self.unit:
            return f"money in {self.unit}" if self.kind == "money" else f"an amount of {self.unit}"
        return _KIND_WORDS[self.kind]


_KIND_WORDS: dict[Kind, str] = {
    "truth": "a truth",
    "text": "a text",
    "choice": "a choice",
    "number": "a number",
    "ratio": "a ratio (%)",
    "quotient": "a quotient",
    "duration": "a duration",
    "amount": "an amount of days, weeks, months or years",
    "money": "money",
    "instant": "an instant",
}
TRUTH, TEXT, NUMBER, RATIO = Type("truth"), Type("text"), Type("number"), Type("ratio")
QUOTIENT, DURATION, AMOUNT, MONEY = Type("quotient"), Type("duration"), Type("amount"), Type("money")
INSTANT = Type("instant")


def choice(*choices: str) -> Type:
    """A text out of a closed set; a word outside it is a fault of the author."""
    return Type("choice", choices=choices)


def list_of(item: Type) -> Type:
    """Several values of one type."""
    return Type("list", item=item)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of a currency (ISO 4217), before its named rounding."""

    amount: Fraction
    currency: str


Value: TypeAlias = "bool | str | int | Fraction | Amount | Money | tuple[Value, ...] | None"
"""Truth, text, exact number or ratio, duration and instant (µs), amount, money, list; None is unknown."""


def joined(left: Type, right: Type) -> Type | None:
    """The type of two that can be compared (and so added, if they are quantities); None if they cannot.

    What one of them leaves open, a currency or the reading of a quotient, the other decides.
    """
    if {left.kind, right.kind} == {"text", "choice"}:
        return TEXT
    if left.kind == "quotient" and right.kind in ("number", "ratio"):
        return right
    if right.kind == "quotient" and left.kind in ("number", "ratio"):
        return left
    if left.kind != right.kind or left.kind == "list":
        return None
    if left.kind == "choice":
        return left if set(left.choices) == set(right.choices) else TEXT
    if left.unit and right.unit and _base(left) != _base(right):
        return None
    return left if left.unit else right


def _base(type_: Type) -> str:
    return {"weeks": "days", "years": "months"}.get(type_.unit, type_.unit)


_SCALARS = frozenset({"number", "ratio", "quotient"})
_MEASURES = frozenset({"duration", "money"})
ORDERED = _SCALARS | _MEASURES | {"amount", "instant"}
"""The kinds that can be more or less."""
SUMMABLE = _SCALARS | _MEASURES
"""The kinds that can be added and taken away."""


def multiplied(left: Type, right: Type) -> Type | None:
    """The type of a product: scalars with each other, or a scalar and a duration or money."""
    if left.kind in _SCALARS and right.kind in _SCALARS:
        return left if left.kind == right.kind else QUOTIENT
    if left.kind in _MEASURES and right.kind in _SCALARS:
        return left
    return right if left.kind in _SCALARS and right.kind in _MEASURES else None


def divided(left: Type, right: Type) -> Type | None:
    """The type of a quotient: by a scalar the type stays, of two of one unit it is a bare quotient."""
    if left.kind in _SCALARS and right.kind in _SCALARS:
        return QUOTIENT
    if left.kind in _MEASURES and right.kind in _SCALARS:
        return left
    return QUOTIENT if left.kind in _MEASURES and joined(left, right) else None
