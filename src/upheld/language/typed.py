"""The parts of an expression with their types: what may be joined with what, and what to say where not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from upheld.core.values.amount import Amount
from upheld.core.values.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Expr,
    Extreme,
    Known,
    ListOf,
    Literal,
    Logic,
    Member,
    Negate,
    Not,
    Shift,
    evaluate,
)
from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.value import (
    DURATION,
    INSTANT,
    ORDERED,
    SUMMABLE,
    TEXT,
    TRUTH,
    Money,
    Type,
    divided,
    joined,
    multiplied,
)
from upheld.language.suggestion import did_you_mean
from upheld.language.tokens import Token

_TRUTH_WORDS = {"yes": True, "no": False}
_MOVING = ("duration", "amount")


class _Nowhere:
    """Where literals are compared: nothing is known, and nothing needs to be."""

    def value(self, name: str) -> None:
        return None

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> None:
        return None


_NOWHERE = _Nowhere()


@dataclass(frozen=True, slots=True)
class Typed:
    """A part: its tree, its type (None behind a fault that has been told), offset, height, and its bare word.

    A bare word is a text, but where a text does not fit it is more likely a name written wrong.
    """

    expr: Expr
    type: Type | None
    start: int
    height: int = 1
    word: str = ""


class Builder:
    """Builds typed parts from typed parts, and keeps a finding for each that does not fit."""

    def __init__(self, place: Place, names: Mapping[str, Type]) -> None:
        self.place = place
        self.names = names
        self.findings: list[Finding] = []

    # -- findings ------------------------------------------------------------------------------------------

    def add(self, code: str, message: str, offset: int, way_out: str = "") -> None:
        self.findings.append(Finding(code, message, (self.place.moved(offset),), way_out))

    def mismatch(self, message: str, part: Typed, *others: Typed, way_out: str = "") -> None:
        """A fault of type at `part`, unless it or one of the others is a word that is no name."""
        words = [each for each in (*others, part) if each.word]
        if words:
            self.unknown_name(words[0])
        else:
            self.add("unit-mismatch", message, part.start, way_out)

    def unknown_name(self, part: Typed) -> None:
        way_out = did_you_mean(part.word, self.names)
        if not way_out and any(piece in self.names for piece in part.word.split("-")):
            way_out = "a minus needs blanks around it"
        way_out = way_out or "name an attribute, or put a text in quotes"
        self.add("unknown-name", f"`{part.word}` is not a name that is known here", part.start, way_out)

    def settled(self, part: Typed, beside: Type | None) -> Typed:
        """A literal as its surroundings read it: `yes` beside a truth, a word out of the set of a choice."""
        if beside is None or not isinstance(part.expr, Literal):
            return part
        if beside.kind == "choice" and part.expr.kind == "number" and str(part.expr) in beside.choices:
            return replace(part, expr=Literal(str(part.expr), "text"), type=TEXT)
        if beside.kind == "truth" and part.word in _TRUTH_WORDS:
            return replace(part, expr=Literal(_TRUTH_WORDS[part.word], "truth"), type=TRUTH, word="")
        if beside.kind != "choice" or part.expr.kind != "text":
            return part
        if part.expr.value in beside.choices:
            return replace(part, word="")
        word, choices = str(part.expr.value), ", ".join(beside.choices[:12])
        more = f" and {len(beside.choices) - 12} more" if len(beside.choices) > 12 else ""
        self.add(
            "unknown-value",
            f"`{word}` is not one of {choices}{more}",
            part.start,
            did_you_mean(word, beside.choices) or "write one of them",
        )
        return replace(part, type=None)

    def paired(self, left: Typed, right: Typed, message: str) -> tuple[Typed, Typed, Type | None]:
        """Both settled by each other, and their common type; None where a fault has been told."""
        left, right = self.settled(left, right.type), self.settled(right, left.type)
        if left.type is None or right.type is None:
            return left, right, None
        common = joined(left.type, right.type)
        if common is None:
            way_out = _way_out({left.type.kind, right.type.kind})
            self.mismatch(message.format(left.type, right.type), right, left, way_out=way_out)
        return left, right, common

    def fitted(self, part: Typed, expect: Type, message: str = "this must be {}, and is {}") -> Typed:
        """The part where `expect` is needed."""
        part = self.settled(part, expect)
        if part.type is None or _fits(part.type, expect):
            return part
        way_out = _way_out({expect.kind, part.type.kind})
        self.mismatch(message.format(expect, part.type), part, way_out=way_out)
        return replace(part, type=None)

    def fitted_among(self, part: Typed, among: tuple[Type, ...]) -> Typed:
        """The part as the first of several types that fits, and of that type."""
        if len(among) == 1:
            return self.fitted(part, among[0])
        if part.type is None:
            return part
        for expect in among:
            if _fits(part.type, expect):
                return replace(part, type=joined(part.type, expect))
        *some, last = map(str, among)
        message = f"this must be {', '.join(some)} or {last}, and is {part.type}"
        self.mismatch(message, part, way_out="make it one of these: a ratio of two, a multiple of one")
        return replace(part, type=None)

    # -- parts ---------------------------------------------------------------------------------------------

    def value(self, token: Token) -> Typed:
        """A literal, a name, or a bare word."""
        if token.kind == "name":
            return Typed(Attribute(token.text), self.names[token.text], token.start)
        if token.kind == "keyword":
            return Typed(Literal(token.text == "true", "truth"), TRUTH, token.start)
        literal = token.literal or Literal(token.text, "text")
        unit = ""
        if isinstance(literal.value, Money):
            unit = literal.value.currency
        elif isinstance(literal.value, Amount) and literal.kind == "amount":
            unit = literal.value.kind
        word = token.text if token.kind == "word" else ""
        return Typed(literal, Type(literal.kind, unit), token.start, word=word)

    def logic(self, op: Any, operands: list[Typed]) -> Typed:
        """`and` or `or`; one alone is itself."""
        if len(operands) == 1:
            return operands[0]
        message = f"`{op}` needs {{}}, and this is {{}}"
        fitted = [self.fitted(operand, TRUTH, message) for operand in operands]
        return _built(Logic(op, tuple(part.expr for part in fitted)), TRUTH, operands[0].start, *fitted)

    def negation(self, start: int, operand: Typed) -> Typed:
        operand = self.fitted(operand, TRUTH, "`not` needs {}, and this is {}")
        return _built(Not(operand.expr), TRUTH, start, operand)

    def compared(self, left: Typed, op: Any, right: Typed) -> Typed:
        if _is_text(left) and _is_text(right) and (left.word or right.word):
            self.unknown_name(left if left.word else right)
        else:
            left, right, common = self.paired(left, right, "{} cannot be compared with {}")
            if common and op not in ("=", "!=") and common.kind not in ORDERED:
                self.mismatch(f"`{op}` cannot order {left.type}", right, left)
        return _built(Compare(op, left.expr, right.expr), TRUTH, left.start, left, right)

    def known(self, operand: Typed, missing: bool) -> Typed:
        if operand.word:
            self.unknown_name(operand)
        return _built(Known(operand.expr, missing), TRUTH, operand.start, operand)

    def member_of_items(
        self, left: Typed, items: list[Typed], ranges: list[tuple[Typed, Typed]], negated: bool
    ) -> Typed:
        """Whether a value is one of several, or lies in one of several ranges: each is two comparisons."""
        if not ranges:
            return self.one_of_items(left, items, negated)
        first = [self.one_of_items(left, items, False)] if items else []
        inside = self.logic("or", [*first, *(self.in_range(left, low, high) for low, high in ranges)])
        return self.negation(left.start, inside) if negated else inside

    def one_of_items(self, left: Typed, items: list[Typed], negated: bool) -> Typed:
        if left.word and all(_is_text(item) for item in items):
            self.unknown_name(left)
            left = replace(left, type=None)
        settled = []
        for item in items:
            _, item, _ = self.paired(left, item, "{} cannot be compared with {}")  # noqa: PLW2901
            settled.append(item)
        among = _built(ListOf(tuple(item.expr for item in settled)), None, items[0].start, *settled)
        return _built(Member(left.expr, among.expr, negated), TRUTH, left.start, left, among)

    def in_range(self, left: Typed, low: Typed, high: Typed) -> Typed:
        """`low <= left <= high`; a range of literals that holds nothing is told."""
        told = len(self.findings)
        above = self.compared(left, ">=", low)
        if left.word and len(self.findings) > told:
            return above
        below = self.compared(left, "<=", high)
        ends = Compare(">", low.expr, high.expr)
        is_literal = isinstance(low.expr, Literal) and isinstance(high.expr, Literal)
        if is_literal and len(self.findings) == told and evaluate(ends, _NOWHERE):
            message = f"no value lies between {low.expr} and {high.expr}"
            self.add("bad-expression", message, low.start, f"write `{high.expr}..{low.expr}`")
        return self.logic("and", [above, below])

    def member_of_list(self, left: Typed, among: Typed, negated: bool) -> Typed:
        if among.type and among.type.kind != "list":
            self.mismatch(f"`in` needs a list, and this is {among.type}", among, way_out="write `[a, b]`")
        elif among.type and among.type.item:
            left = self.fitted(left, among.type.item, "the list holds {}, and this is {}")
        return _built(Member(left.expr, among.expr, negated), TRUTH, left.start, left, among)

    def added(self, left: Typed, sign: str, right: Typed) -> Typed:
        """A sum or difference; an instant and an amount give an instant, two instants a duration."""
        kinds = [part.type.kind if part.type else None for part in (left, right)]
        if kinds[0] == "instant" and kinds[1] in _MOVING:
            return self.shifted(left, sign, right, None, right.start)
        tree = Arithmetic("+" if sign == "+" else "-", left.expr, right.expr)
        if kinds == ["instant", "instant"] and sign == "-":
            return _built(tree, DURATION, left.start, left, right)
        type_: Type | None = None
        if None not in kinds:
            word = "add {1} to {0}" if sign == "+" else "take {1} from {0}"
            _, _, type_ = self.paired(left, right, f"nothing can {word}")
        if type_ and type_.kind not in SUMMABLE:
            way_out = "write one amount" if type_.kind == "amount" else ""
            self.mismatch(f"`{sign}` cannot join {type_} and {type_}", right, left, way_out=way_out)
            type_ = None
        return _built(tree, type_, left.start, left, right)

    def shifted(self, left: Typed, sign: str, right: Typed, calendar: str | None, of: int) -> Typed:
        """An instant moved by an amount, on a calendar if one is named; `of` is the offset of that word."""
        if left.type and left.type.kind != "instant":
            message = f"`of` counts an amount from an instant, and this is {left.type}"
            self.mismatch(message, left)
        elif right.type and right.type.kind not in _MOVING:
            self.mismatch(
                f"`of` needs a duration or an amount before it, not {right.type}", replace(right, start=of)
            )
        tree = Shift(left.expr, right.expr, calendar, 1 if sign == "+" else -1)
        return _built(tree, INSTANT, left.start, left, right)

    def multiplied(self, left: Typed, sign: str, right: Typed) -> Typed:
        type_ = None
        if left.type and right.type:
            type_ = (multiplied if sign == "*" else divided)(left.type, right.type)
            if type_ is None:
                verb = "multiplied with" if sign == "*" else "divided by"
                self.mismatch(f"{left.type} cannot be {verb} {right.type}", right, left)
        return _built(
            Arithmetic("*" if sign == "*" else "/", left.expr, right.expr), type_, left.start, left, right
        )

    def negative(self, start: int, operand: Typed) -> Typed:
        type_ = operand.type
        if type_ and type_.kind not in SUMMABLE:
            self.mismatch(f"{type_} has no negative", operand)
            type_ = None
        return _built(Negate(operand.expr), type_, start, operand)

    def extreme(self, function: Token, operands: list[Typed]) -> Typed:
        common = operands[0]
        for operand in operands:
            if operand.type and operand.type.kind not in ORDERED:
                self.mismatch(f"`{function.text}` cannot order {operand.type}", operand)
                common = replace(common, type=None)
        for operand in operands[1:]:
            _, _, type_ = self.paired(common, operand, "{} cannot be compared with {}")
            common = replace(common, type=type_)
        tree = Extreme("min" if function.text == "min" else "max", tuple(part.expr for part in operands))
        return _built(tree, common.type, function.start, *operands)


def _built(expr: Expr, type_: Type | None, start: int, *parts: Typed) -> Typed:
    return Typed(expr, type_, start, 1 + max(part.height for part in parts))


def _is_text(part: Typed) -> bool:
    return isinstance(part.expr, Literal) and part.expr.kind == "text"


def _fits(type_: Type, expect: Type) -> bool:
    if type_.kind == expect.kind == "list":
        return type_.item is None or expect.item is None or joined(type_.item, expect.item) is not None
    return joined(type_, expect) is not None


def _way_out(kinds: set[str]) -> str:
    if kinds == {"number", "ratio"}:
        return "write a ratio with %, as in 99.95 %"
    if kinds == {"number", "duration"}:
        return "write a duration with its unit, as in 30m or 2h"
    if kinds == {"duration", "amount"}:
        return "a day is not 24 hours everywhere: write both in hours, or both in days"
    if "instant" in kinds and kinds & set(_MOVING):
        return "the instant comes first and the amount moves it, as in `filed + 2h`"
    if "number" in kinds and kinds & {"text", "choice"}:
        return "put the number in quotes, if it is a text"
    if "quotient" in kinds:
        return "a quotient has no unit: compare it with a ratio or a number"
    return "bring both to one unit"
