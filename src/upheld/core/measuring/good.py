"""The condition that says what is good, asked of one observation.

Three-valued as `upheld.core.values.expression`: what it cannot tell is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from upheld.core.terms.indicator import Signal
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Attribute, Compare, Expr, Literal, evaluate
from upheld.core.values.frozen import dataclass
from upheld.core.values.value import Kind, Value

TYPES: Final[Mapping[str, Kind]] = {
    "ok": "truth",
    "status": "number",
    "latency": "duration",
    "code": "text",
    "state": "text",
}
"""The fields of an observation that a condition may name. The latency counts microseconds."""
UP: Final = "up"


def good_of(signal: Signal) -> Expr:
    """What is good: as the signal says, or the field `ok` of a check, or the state `up`."""
    if signal.good is not None:
        return signal.good
    if signal.kind == "states":
        return Compare("=", Attribute("state"), Literal(UP, "text"))
    return Attribute("ok")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one observation, for `evaluate`."""

    values: Mapping[str, Value]

    def value(self, name: str) -> Value:
        """None where the observation does not say it."""
        return self.values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        """No field is an instant."""
        return None


def truth_of(expr: Expr, values: Mapping[str, Value]) -> bool | None:
    """Whether a condition holds of one observation, or None."""
    found = evaluate(expr, Fields(values))
    return found if isinstance(found, bool) else None
