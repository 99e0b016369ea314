"""Conditions, values, instants and events in plain words.

A condition is a clause ("the priority is P1"): put it after a word such as if, when or that. So is an event;
an instant is a noun phrase ("48 hours before the work is due to begin"). Source: design 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal as OneOf

from upheld.core.terms.agreement import ALWAYS, EventMatch, Terms
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
)
from upheld.core.values.value import Money
from upheld.render.prose.names import (
    ARITHMETIC,
    BEYOND,
    BY_A_PERSON,
    DECLARED,
    EVENTS,
    FOR_THE_CUSTOMER,
    IN_TIME,
    INSTANTS,
    NOUNS,
    OPPOSITE,
    QUOTA,
    RELATIONS,
    TRUTHS,
    Noun,
)
from upheld.render.prose.tongue import N_, Tongue

_BY_A_PERSON = (
    Compare("=", Attribute("by"), Literal("human", "text")),
    Compare("=", Attribute("visibility"), Literal("public", "text")),
)
_FOR_THE_CUSTOMER = Logic(
    "or",
    (
        Known(Attribute("contract"), missing=True),
        Compare("=", Attribute("contract"), Attribute("contract.id")),
    ),
)
_ZERO = Literal(Fraction(0), "number")
_ALL_ARE_GOOD = Compare("=", Attribute("good"), Attribute("total"))
_SHARE_OF_GOOD = Arithmetic("/", Attribute("good"), Attribute("total"))
_COUNTS: Mapping[str, str] = {
    "good": N_("at least one observation is good"),
    "late": N_("something was late"),
    "complaints": N_("at least one complaint was filed in time"),
}


class Phrases:
    """How expressions about one kind of thing are said in one language.

    `of` is a kind of subject (ticket, maintenance, ...), a kind of signal (checks, states), a source of
    exclusions (stage, credential, ...), or empty; `nouns` say names of its own in words of the caller.
    """

    def __init__(
        self, terms: Terms, tongue: Tongue, of: str = "ticket", nouns: Mapping[str, str] | None = None
    ) -> None:
        self.terms = terms
        self.tongue = tongue
        self.of = of
        self.nouns = nouns or {}
        self._scales = {value for scale in terms.scales if scale.of == of for value in scale.values}
        self._declared = {one.name: one for one in terms.attributes if one.of == of}

    # -- conditions ----------------------------------------------------------------------------------------

    def condition(self, expr: Expr) -> str:
        """A condition as a clause, without the word that begins it."""
        return self._clause(expr)

    def _clause(self, expr: Expr, *, is_so: bool = True) -> str:
        say = self.tongue.say
        match expr:
            case Not(operand):
                return self._clause(operand, is_so=not is_so)
            case Logic() if is_so:
                return self._logic(expr)
            case Logic():
                return say("it is not the case that {condition}", condition=self._logic(expr))
            case Compare():
                return self._compared(expr, is_so)
            case Member(item, among, negated):
                return self._member(item, among, is_so != negated)
            case Known(operand, missing):
                what = self.value(operand)
                if is_so == missing:
                    return say("{what} has not been recorded", what=what)
                return say("{what} has been recorded", what=what)
            case Attribute(name):
                return self._truth(name, is_so)
            case Literal(value) if value is is_so:
                return say("every case counts")
            case _:
                return say("no case counts")

    def _logic(self, expr: Logic) -> str:
        between = self._range(expr)
        if between is not None:
            return between
        parts = [self._clause(part) for part in expr.operands]
        has_parts = [self._is_compound(part) for part in expr.operands]
        # Where a denial ends has to be seen, between alternatives too.
        is_grouped = [
            has and (expr.op == "and" or isinstance(part, Not))
            for part, has in zip(expr.operands, has_parts, strict=True)
        ]
        grouped = [
            self.tongue.say("({condition})", condition=part) if is_so else part
            for part, is_so in zip(parts, is_grouped, strict=True)
        ]
        if expr.op == "or":
            return self._either(grouped) if any(has_parts) else self.tongue.listed(grouped, "or")
        return self.tongue.listed(grouped)

    def _is_compound(self, expr: Expr) -> bool:
        """Whether a clause has an `and` or an `or` between clauses of its own."""
        if isinstance(expr, Not):
            return self._is_compound(expr.operand)
        if isinstance(expr, Member):
            if not isinstance(expr.item, Attribute) or not isinstance(expr.among, ListOf):
                return False
            name = expr.item.name
            return name.startswith("quota.") and len(self._answers(name[6:], expr.among.items)) > 1
        return isinstance(expr, Logic) and self._range(expr) is None

    def _either(self, parts: Sequence[str]) -> str:
        """Alternatives of which some have an `and` of their own: set apart by commas."""
        text = parts[0]
        for part in parts[1:]:
            text = self.tongue.say("{one}, or {other}", one=text, other=part)
        return text

    def _range(self, expr: Logic) -> str | None:
        """What lies between two values: as agreements write it, `status in 200..299`."""
        if expr.op != "and" or len(expr.operands) != 2:
            return None
        low, high = expr.operands
        if not isinstance(low, Compare) or not isinstance(high, Compare):
            return None
        if low.left != high.left or (low.op, high.op) != (">=", "<="):
            return None
        return self.tongue.say(
            "{what} is from {low} to {high}",
            what=self.value(low.left),
            low=self.value(low.right),
            high=self.value(high.right),
        )

    def _compared(self, expr: Compare, is_so: bool) -> str:
        say = self.tongue.say
        op = expr.op if is_so else OPPOSITE[expr.op]
        left, right = expr.left, expr.right
        if isinstance(right, Attribute) and isinstance(left, Literal):
            left, right, op = right, left, {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(op, op)
        if isinstance(right, Literal) and isinstance(right.value, bool) and op in ("=", "!="):
            return self._clause(left, is_so=right.value == (op == "="))
        if isinstance(left, Attribute) and op == ">" and right == _ZERO and left.name in _COUNTS:
            return say(_COUNTS[left.name])
        if isinstance(left, Attribute) and isinstance(right, Literal) and op in ("=", "!="):
            return self._is_among(left.name, [right], op == "=")
        if (left, right) == (_ALL_ARE_GOOD.left, _ALL_ARE_GOOD.right) and op in ("=", "!="):
            return say("all observations are good") if op == "=" else say("not all observations are good")
        relations = IN_TIME if self._is_instant(left) else RELATIONS
        return say(relations[op], left=self.value(left), right=self.value(right))

    def _member(self, item: Expr, among: Expr, is_so: bool) -> str:
        if isinstance(among, ListOf) and isinstance(item, Attribute):
            return self._is_among(item.name, among.items, is_so)
        items = among.items if isinstance(among, ListOf) else None
        if items is not None:
            values = self.tongue.listed(map(self.value, items), "or")
            return self.tongue.say(
                NOUNS["priority"].has if is_so else NOUNS["priority"].has_not,
                noun=self.value(item),
                values=values,
            )
        text = N_("{among} includes {item}") if is_so else N_("{among} does not include {item}")
        return self.tongue.say(text, among=self.value(among), item=self.value(item))

    def _is_among(self, name: str, items: Iterable[Expr], is_so: bool) -> str:
        """That an attribute has one of several values, or has none of them."""
        if name.startswith("quota."):
            return self._quota(name.removeprefix("quota."), items, is_so)
        noun = self._known(name)
        values = [self._word(item, noun) for item in items]
        return self.tongue.say(
            noun.has if is_so else noun.has_not,
            noun=self._named(name),
            values=self.tongue.listed(values, "or"),
        )

    def _quota(self, name: str, items: Iterable[Expr], is_so: bool) -> str:
        words = self._answers(name, items)
        clauses = [self.tongue.say(QUOTA[word][0 if is_so else 1], name=quoted(name)) for word in words]
        return self.tongue.listed(clauses, "or" if is_so else "and")

    def _answers(self, name: str, items: Iterable[Expr]) -> list[str]:
        """What a quota can say, of several answers: what its overflow rule never says is left out."""
        told = [str(item.value) for item in items if isinstance(item, Literal)]
        overflow = {one.name: one.overflow for one in self.terms.quotas}.get(name)
        never = {BEYOND[other] for other in BEYOND if overflow is not None and other != overflow}
        return [word for word in told if word not in never] or told

    def _truth(self, name: str, is_so: bool) -> str:
        if name in TRUTHS:
            return self._say(TRUTHS[name][0 if is_so else 1])
        told = self._declared.get(name)
        said = quoted(said_of(told.doc) if told and told.doc else _spaced(name))
        if is_so:
            return self.tongue.say("it is recorded that {said}", said=said)
        return self.tongue.say("it is not recorded that {said}", said=said)

    # -- values --------------------------------------------------------------------------------------------

    def value(self, expr: Expr) -> str:
        """A value as a noun phrase."""
        say = self.tongue.say
        match expr:
            case Literal():
                return self._literal(expr)
            case Attribute(name):
                return self._moment(name) if self._is_instant(expr) else self._named(name)
            case ListOf(items):
                return self.tongue.listed(map(self.value, items))
            case Negate(operand):
                return say("minus {value}", value=self._inside(operand))
            case Arithmetic() if expr == _SHARE_OF_GOOD:
                return say("the share of good observations")
            case Arithmetic(op, left, right):
                return say(ARITHMETIC[op], left=self._inside(left), right=self._inside(right))
            case Extreme(op, operands):
                return self._extreme(op, operands)
            case Shift():
                return self._shifted(expr)
            case _:
                return say("whether {condition}", condition=self._clause(expr))

    def _inside(self, expr: Expr) -> str:
        text = self.value(expr)
        is_compound = isinstance(expr, Arithmetic) and expr != _SHARE_OF_GOOD
        return f"({text})" if is_compound else text

    def _extreme(self, op: OneOf["min", "max"], operands: Sequence[Expr]) -> str:
        values = self.tongue.listed(map(self.value, operands))
        if self._is_instant(operands[0]):
            text = N_("the earliest of {values}") if op == "min" else N_("the latest of {values}")
        else:
            text = N_("the smallest of {values}") if op == "min" else N_("the greatest of {values}")
        return self.tongue.say(text, values=values)

    def _literal(self, literal: Literal) -> str:
        tongue = self.tongue
        match literal.value:
            case bool(value):
                return tongue.say("yes") if value else tongue.say("no")
            case str(value):
                return value if value in self._scales else quoted(value)
            case Money() as money:
                return tongue.money(money)
            case Fraction() as number:
                return tongue.percent(number) if literal.kind == "ratio" else tongue.number(number)
            case amount:
                return tongue.amount(amount)

    def _word(self, item: Expr, noun: Noun) -> str:
        if isinstance(item, Literal) and isinstance(item.value, str) and item.value in noun.words:
            return self._say(noun.words[item.value])
        return self.value(item)

    # -- instants ------------------------------------------------------------------------------------------

    def instant(self, expr: Expr) -> str:
        """An instant as a noun phrase: so much before or after something, or the moment that it happens."""
        return self.value(expr)

    def _is_instant(self, expr: Expr) -> bool:
        match expr:
            case Attribute(name):
                return self._happens(name) is not None
            case Shift():
                return True
            case Extreme(_, operands):
                return self._is_instant(operands[0])
            case _:
                return False

    def _happens(self, name: str) -> str | None:
        """What happens at an instant, as a clause; None if the name is of no instant."""
        if name in self.nouns:
            return None
        for key in (f"{self.of}.{name}", name):
            if key in INSTANTS:
                return self._say(INSTANTS[key])
            if key in self.terms.events:
                return self._declared_event(key)
            if key in EVENTS:
                return self._say(EVENTS[key])
        return None

    def _moment(self, name: str) -> str:
        return self.tongue.say("the moment that {happens}", happens=self._happens(name) or name)

    def _shifted(self, shift: Shift) -> str:
        amount = self.value(shift.amount)
        if shift.calendar is not None and shift.calendar != ALWAYS:
            amount = self.tongue.say(
                "{amount} of the calendar {calendar}", amount=amount, calendar=quoted(shift.calendar)
            )
        happens = self._happens(shift.anchor.name) if isinstance(shift.anchor, Attribute) else None
        if happens is not None:
            text = N_("{amount} after {happens}") if shift.sign > 0 else N_("{amount} before {happens}")
            return self.tongue.say(text, amount=amount, happens=happens)
        anchor = self.value(shift.anchor)
        text = N_("{amount} later than {moment}") if shift.sign > 0 else N_("{amount} earlier than {moment}")
        return self.tongue.say(text, amount=amount, moment=anchor)

    # -- events --------------------------------------------------------------------------------------------

    def events(self, matches: Iterable[EventMatch], how: OneOf["and", "or"] = "or") -> str:
        """Events as one clause: one of them happens."""
        return self.tongue.listed(list(dict.fromkeys(map(self.event, matches))), how)

    def event(self, match: EventMatch) -> str:
        """An event as a clause, with its condition: a workaround is given (if the priority is P1)."""
        clause = self.tongue.listed([self._happened(one) for one in sorted(match.types)], "or")
        where, type_ = match.where, min(match.types)
        both = where.operands if isinstance(where, Logic) and where.op == "and" else ()
        if type_ in BY_A_PERSON and both[:2] == _BY_A_PERSON:
            clause, rest = self._say(BY_A_PERSON[type_]), both[2:]
            where = Logic("and", rest) if len(rest) > 1 else rest[0] if rest else None
        elif type_ in FOR_THE_CUSTOMER and _FOR_THE_CUSTOMER in (where, *both[:1]):
            clause, rest = self._say(FOR_THE_CUSTOMER[type_]), both[1:]
            where = Logic("and", rest) if len(rest) > 1 else rest[0] if rest else None
        if where is None:
            return clause
        return self.tongue.say("{event} (if {condition})", event=clause, condition=self.condition(where))

    def _happened(self, type_: str) -> str:
        if type_ in self.terms.events:
            return self._declared_event(type_)
        return self._say(EVENTS[type_]) if type_ in EVENTS else self._recorded(type_)

    def _declared_event(self, type_: str) -> str:
        return self._recorded(declared(type_, self.terms))

    def _recorded(self, said: str) -> str:
        return self.tongue.say("{event} is recorded", event=quoted(said))

    # -- names ---------------------------------------------------------------------------------------------

    def _known(self, name: str) -> Noun:
        return NOUNS.get(f"{self.of}.{name}") or NOUNS.get(name) or DECLARED

    def _named(self, name: str) -> str:
        """An attribute as a noun; one that the agreement declares goes by its own name."""
        if name in self.nouns:
            return self.nouns[name]
        if name.startswith("fee."):
            return self.tongue.say("the fee {name}", name=quoted(name.removeprefix("fee.")))
        if name.startswith("quota."):
            return self.tongue.say("the allowance {name}", name=quoted(name.removeprefix("quota.")))
        noun = self._known(name).noun
        return self._say(noun) if noun else quoted(_spaced(name))

    def _say(self, message: str) -> str:
        return self.tongue.say(message, provider=self.terms.provider)


def quoted(text: str) -> str:
    """A name or the words of the agreement, as it writes them."""
    return f"“{text}”"


def own_words(doc: str, tongue: Tongue) -> Iterator[str]:
    """What the agreement itself says of something, if it does."""
    if doc:
        yield tongue.say("The agreement says of it: {words}.", words=quoted(doc))


def said_of(doc: str) -> str:
    """What a doc text says first: up to a semicolon, behind which it explains."""
    return doc.partition(";")[0].strip()


def declared(type_: str, terms: Terms) -> str:
    """An event of the agreement's own in its words; without any, by its name."""
    told = terms.events[type_]
    return said_of(told.doc) if told.doc else _spaced(type_.partition(".")[2])


def _spaced(name: str) -> str:
    return name.replace("_", " ")
