"""From a text to an expression: one small grammar, every unit checked, every fault at its column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from upheld.core.values.expression import Expr
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import replace
from upheld.core.values.value import Type
from upheld.language.node import Scalar
from upheld.language.suggestion import did_you_mean
from upheld.language.tokens import GrammarError, Token, tokens
from upheld.language.typed import Builder, Typed

MAX_LENGTH = 2_000
MAX_DEPTH = 32

EBNF = """\
expression = conjunction , { "or" , conjunction } ;
conjunction = negation , { "and" , negation } ;
negation   = "not" , negation | comparison ;
comparison = sum , [ relation , sum | [ "not" ] , "in" , among | "is" , ( "known" | "missing" ) ] ;
relation   = "=" | "!=" | "≠" | "<" | "<=" | "≤" | ">" | ">=" | "≥" ;
among      = "[" , item , { "," , item } , "]" | item ;
item       = sum , [ ".." , sum ] (* both ends belong to a range *) ;
sum        = product , { ( "+" | "-" ) , product , [ "of" , calendar ] } ;
product    = unary , { ( "*" | "×" | "/" | "÷" ) , unary } ;
unary      = "-" , unary | primary ;
primary    = literal | name | word | ( "min" | "max" ) , "(" , expression , "," , expression ,
             { "," , expression } , ")" | "(" , expression , ")" ;
literal    = "true" | "false" | number | number , "%" | number , currency | amount | quoted ;
amount     = time , { time } | number , ( "d" | "day" | "days" | "w" | "week" | "weeks" | "month" |
             "months" | "year" | "years" ) | number , [ "/" , number ] , ( "bd" | "business day" |
             "business days" ) ;
time       = number , ( "h" | "m" | "min" | "s" ) ;
number     = digit , { digit } , [ "." , digit , { digit } ] ;
currency   = capital , capital , capital ;
quoted     = "'" , { character | "''" } , "'" | '"' , { character | '""' } , '"' ;
name       = (* a name that is known where the expression stands; it may hold blanks *) ;
word       = letter , { letter | digit | "_" } , { ( "." | "-" ) , ( letter | digit | "_" ) ,
             { letter | digit | "_" } } (* a text, if it is no name *) ;
calendar   = name | word | quoted ;
"""
"""The grammar of expressions in ISO/IEC 14977 form; blanks may stand between any two symbols."""

_RELATIONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


def parse_expression(
    text: str,
    place: Place,
    names: Mapping[str, Type],
    *,
    expect: Type | None = None,
    calendars: Collection[str] | None = None,
) -> tuple[Expr | None, tuple[Finding, ...]]:
    """The expression that `text` says, or None and what is wrong with it.

    `place` is where the first character of `text` stands; `names` are the attributes known there, with their
    types; any other bare word is a text. With `expect` the whole must be of that type; with `calendars` a
    calendar must be one of them. Faults of type are given all at once, a fault of grammar is the last one.
    Codes: `bad-expression`, `unit-mismatch`, `unknown-value`, `unknown-name`.
    """
    among = () if expect is None else (expect,)
    expr, _, findings = parse_typed(text, place, names, among=among, calendars=calendars)
    return expr, findings


def parse_typed(
    text: str,
    place: Place,
    names: Mapping[str, Type],
    *,
    among: tuple[Type, ...] = (),
    calendars: Collection[str] | None = None,
) -> tuple[Expr | None, Type | None, tuple[Finding, ...]]:
    """As `parse_expression`, of the first of several types that fits; which one is told too."""
    build = Builder(place, names)
    try:
        result = _Parser(text, build, calendars).whole(among)
    except GrammarError as fault:
        build.add("bad-expression", fault.message, fault.offset, fault.way_out)
        return None, None, in_order(build.findings)
    if build.findings:
        return None, None, in_order(build.findings)
    return result.expr, result.type, ()


def parse_scalar(
    scalar: Scalar,
    names: Mapping[str, Type],
    *,
    expect: Type | None = None,
    calendars: Collection[str] | None = None,
) -> tuple[Expr | None, tuple[Finding, ...]]:
    """As `parse_expression`, of a node; one over several lines or with escapes is pointed at as a whole."""
    expr, findings = parse_expression(
        scalar.text, scalar.text_place, names, expect=expect, calendars=calendars
    )
    if not scalar.exact:
        findings = in_order(replace(finding, places=(scalar.place,)) for finding in findings)
    return expr, findings


class _Parser:
    """Recursive descent over the tokens; the builder types every part and keeps the faults of type."""

    def __init__(self, text: str, build: Builder, calendars: Collection[str] | None) -> None:
        self.text = text
        self.build = build
        self.calendars = calendars
        self.tokens: list[Token] = []
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def is_at_end(self) -> bool:
        return self.token.kind == "end"

    def taken(self, *texts: str) -> Token | None:
        """The next token, if it is one of these signs or keywords."""
        token = self.token
        if token.kind in ("sign", "keyword") and token.text in texts:
            self.index += 1
            return token
        return None

    def fail(self, token: Token, message: str, way_out: str = "") -> NoReturn:
        raise GrammarError(message, way_out, token.start)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(self.token, f"more than {MAX_DEPTH} levels stand in each other", "split the expression")
        yield
        self.depth -= 1

    def whole(self, among: tuple[Type, ...]) -> Typed:
        if len(self.text) > MAX_LENGTH:
            message = f"{len(self.text):,} characters are more than the {MAX_LENGTH:,} of an expression"
            raise GrammarError(message, "split it", 0)
        self.tokens = tokens(self.text, self.build.names)
        if self.is_at_end():
            self.fail(self.token, "the expression is empty", "write a condition or a value")
        result = self.disjunction()
        if not self.is_at_end():
            self.left_over(self.token)
        if result.height > MAX_DEPTH:
            self.fail(self.tokens[0], f"more than {MAX_DEPTH} operations in a row", "split the expression")
        return self.build.fitted_among(result, among) if among else result

    def left_over(self, token: Token) -> NoReturn:
        if token.text in (")", "]"):
            self.fail(token, f"`{token.text}` closes nothing")
        if token.text == "of":
            self.fail(
                token, "`of` stands only after an instant and an amount", "write `start + 2h of calendar`"
            )
        if token.text == "..":
            self.fail(token, "a range stands only after `in`", "write `status in 200..299`")
        if token.text in _RELATIONS or token.text in ("in", "is", "not"):
            self.fail(token, "a comparison of a comparison", "join two comparisons with `and`")
        way_out = "join two conditions with `and` or `or`; put a text of several words in quotes"
        self.fail(token, f"an operator is missing before `{token.text}`", way_out)

    def missing(self, what: str, way_out: str = "") -> NoReturn:
        here = "the expression ends" if self.is_at_end() else f"`{self.token.text}` stands"
        self.fail(self.token, f"{here} where {what}", way_out)

    def disjunction(self) -> Typed:
        operands = [self.conjunction()]
        while self.taken("or"):
            operands.append(self.conjunction())
        return self.build.logic("or", operands)

    def conjunction(self) -> Typed:
        operands = [self.negation()]
        while self.taken("and"):
            operands.append(self.negation())
        return self.build.logic("and", operands)

    def negation(self) -> Typed:
        if token := self.taken("not"):
            with self.deeper():
                return self.build.negation(token.start, self.negation())
        return self.comparison()

    def comparison(self) -> Typed:
        left = self.sum()
        if relation := self.taken(*_RELATIONS):
            return self.build.compared(left, relation.text, self.sum())
        if self.taken("is"):
            return self.known(left)
        negated = self.taken("not") is not None
        if not self.taken("in"):
            if negated:
                self.missing("`in` must follow `not`", "write `x not in [a, b]`")
            return left
        if not self.taken("["):
            only = self.item()
            if isinstance(only, Typed):
                return self.build.member_of_list(left, only, negated)
            return self.build.member_of_items(left, [], [only], negated)
        items = [self.item()]
        while self.taken(","):
            items.append(self.item())
        if not self.taken("]"):
            self.missing("`,` or `]` must come")
        single = [item for item in items if isinstance(item, Typed)]
        ranges = [item for item in items if not isinstance(item, Typed)]
        return self.build.member_of_items(left, single, ranges, negated)

    def item(self) -> Typed | tuple[Typed, Typed]:
        """A value, or the two ends of a range."""
        first = self.sum()
        return (first, self.sum()) if self.taken("..") else first

    def known(self, operand: Typed) -> Typed:
        token = self.token
        if token.text not in ("known", "missing"):
            self.missing("`known` or `missing` must come", "to compare, write `=`")
        self.index += 1
        return self.build.known(operand, token.text == "missing")

    def sum(self) -> Typed:
        left = self.product()
        while sign := self.taken("+", "-"):
            right = self.product()
            of = self.taken("of")
            if of:
                left = self.build.shifted(left, sign.text, right, self.calendar(), of.start)
            else:
                left = self.build.added(left, sign.text, right)
        return left

    def calendar(self) -> str:
        """The name after `of`: the longest run of words that is a calendar, else one word."""
        first = self.token
        if first.literal is not None and first.literal.kind == "text":
            self.index += 1
            name = str(first.literal.value)
        else:
            if first.kind not in ("word", "name"):
                self.missing("a calendar must come")
            words = [first.text]
            for token in self.tokens[self.index + 1 :]:
                if token.kind not in ("word", "name", "keyword"):
                    break
                words.append(token.text)
            runs = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
            name = next((run for run in runs if run in (self.calendars or ())), words[0])
            self.index += runs[::-1].index(name) + 1
        if self.calendars is not None and name not in self.calendars:
            way_out = did_you_mean(name, self.calendars) or "define it under `calendar`"
            self.build.add("unknown-name", f"there is no calendar `{name}`", first.start, way_out)
        return name

    def product(self) -> Typed:
        left = self.unary()
        while sign := self.taken("*", "/"):
            left = self.build.multiplied(left, sign.text, self.unary())
        return left

    def unary(self) -> Typed:
        if sign := self.taken("-"):
            with self.deeper():
                return self.build.negative(sign.start, self.unary())
        return self.primary()

    def primary(self) -> Typed:
        token = self.token
        if token.kind == "end" or (token.kind == "keyword" and token.text not in ("true", "false")):
            self.missing("a value must come")
        self.index += 1
        if token.kind in ("word", "name") and self.taken("("):
            return self.extreme(token)
        if token.kind != "sign":
            return self.build.value(token)
        if token.text == "[":
            self.fail(token, "a list stands only after `in`", "write `kind in [a, b]`")
        if token.text != "(":
            self.index -= 1
            self.missing("a value must come")
        with self.deeper():
            inside = self.disjunction()
        if not self.taken(")"):
            self.missing("`)` must come")
        return replace(inside, start=token.start)

    def extreme(self, function: Token) -> Typed:
        if function.text not in ("min", "max"):
            way_out = did_you_mean(function.text, ("min", "max")) or "the functions are `min` and `max`"
            self.fail(function, f"`{function.text}` is not a function", way_out)
        with self.deeper():
            operands = [self.disjunction()]
            while self.taken(","):
                operands.append(self.disjunction())
        if not self.taken(")"):
            self.missing("`,` or `)` must come")
        if len(operands) == 1:
            self.fail(function, f"`{function.text}` needs two values or more")
        return self.build.extreme(function, operands)
