"""The words of an expression: names, texts, quantities and signs, each with its offset in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Literal as OneOf

from upheld.core.values.amount import AmountError, parse_amount
from upheld.core.values.currency import CURRENCY_WAY_OUT, currency_fault
from upheld.core.values.expression import KEYWORDS, Literal
from upheld.core.values.frozen import dataclass
from upheld.core.values.value import Money

TokenKind = OneOf["name", "word", "keyword", "literal", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression: its kind, canonical text, extent, and its value if it is a literal."""

    kind: TokenKind
    text: str
    start: int
    end: int
    literal: Literal | None = None


class GrammarError(ValueError):
    """The grammar is lost at `offset`: nothing after it can be judged."""

    def __init__(self, message: str, way_out: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.offset = offset


_BLANK = re.compile(r"\s*")
_QUOTED = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"")
_WORD = re.compile(r"[^\W\d]\w*(?:[.-]\w+)*")
_SIGN = re.compile(r"\.\.|!=|<=|>=|[=<>+\-*/≠≤≥×÷−()\[\],]")
_CANONICAL = {"≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-"}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?![0-9]|\.(?!\.))")
_BROKEN_DAY = re.compile(r"[0-9]+/[0-9]+\s*(?:business\s+days?|bd)(?!\w)")
_PERCENT = re.compile(r"\s*%")
_CURRENCY = re.compile(r"\s*(?!AND|NOT)([A-Z]{3})(?!\w)")
_UNIT = re.compile(r"\s*((?:business\s+)?[^\W\d_]+)")
_MORE_TIME = re.compile(r"\s*[0-9]+(?:\.[0-9]+)?\s*(?:h|min|m|s)(?![^\W\d])")
_HINTS = {
    "==": "one `=` compares",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "{": "a list stands in `[…]`",
    "%": "a ratio is a number and `%`, as in 99.95 %",
    "$": "money is a number and its currency, as in 499.00 EUR",
    "€": "money is a number and its currency, as in 499.00 EUR",
}


def tokens(text: str, names: Iterable[str]) -> list[Token]:
    """The words of `text`, an end among them; of the names that fit at a place the longest is taken.

    GrammarError at the first character that begins no word.
    """
    several = _names_of_several_words(tuple(sorted((n for n in names if " " in n), key=len, reverse=True)))
    known = frozenset(names)
    found: list[Token] = []
    offset = _skip(text, 0)
    while offset < len(text):
        token = _token(text, offset, known, several)
        found.append(token)
        offset = _skip(text, token.end)
    found.append(Token("end", "", len(text.rstrip()), len(text)))
    return found


@lru_cache(maxsize=64)
def _names_of_several_words(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    one_of = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?:{one_of})(?!\w|[.-]\w)")


def _skip(text: str, offset: int) -> int:
    match = _BLANK.match(text, offset)
    return match.end() if match else offset


def _token(text: str, start: int, known: frozenset[str], several: re.Pattern[str] | None) -> Token:
    if several and (match := several.match(text, start)):
        return Token("name", " ".join(match.group().split()), start, match.end())
    if match := _WORD.match(text, start):
        word = match.group()
        kind: TokenKind = "name" if word in known else "keyword" if word in KEYWORDS else "word"
        return Token(kind, word, start, match.end())
    if text[start] in "0123456789":
        return _quantity(text, start)
    if match := _QUOTED.match(text, start):
        single, double = match.groups()
        value = single.replace("''", "'") if single is not None else double.replace('""', '"')
        return _literal(text, start, match.end(), Literal(value, "text"))
    if text.startswith("==", start):
        raise GrammarError("`==` is not a comparison", _HINTS["=="], start)
    if match := _SIGN.match(text, start):
        sign = match.group()
        return Token("sign", _CANONICAL.get(sign, sign), start, match.end())
    if text[start] in "'\"":
        raise GrammarError("the quote that opens here is never closed", "close it, or write it twice", start)
    raise GrammarError(f"`{text[start]}` means nothing here", _HINTS.get(text[start], ""), start)


def _literal(text: str, start: int, end: int, literal: Literal) -> Token:
    return Token("literal", text[start:end], start, end, literal)


def _quantity(text: str, start: int) -> Token:
    if match := _BROKEN_DAY.match(text, start):
        return _amount(text, start, match.end())
    number = _NUMBER.match(text, start)
    if number is None:
        raise GrammarError("this is not a number", "write digits, and a point before the decimals", start)
    value, end = Fraction(number.group()), number.end()
    if match := _PERCENT.match(text, end):
        return _literal(text, start, match.end(), Literal(value / 100, "ratio"))
    if match := _CURRENCY.match(text, end):
        if fault := currency_fault(match.group(1)):
            raise GrammarError(fault, CURRENCY_WAY_OUT, match.start(1))
        return _literal(text, start, match.end(), Literal(Money(value, match.group(1)), "money"))
    unit = _UNIT.match(text, end)
    if unit is None or unit.group(1) in KEYWORDS:
        return _literal(text, start, end, Literal(value, "number"))
    end = unit.end()
    while match := _MORE_TIME.match(text, end):
        end = match.end()
    return _amount(text, start, end)


def _amount(text: str, start: int, end: int) -> Token:
    try:
        amount = parse_amount(text[start:end])
    except AmountError as fault:
        raise GrammarError(fault.message, "", start + fault.offset) from None
    return _literal(text, start, end, Literal(amount, "duration" if amount.kind == "time" else "amount"))
