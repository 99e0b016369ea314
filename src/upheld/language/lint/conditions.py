"""Whether conditions can hold at all: the values that names can have, tried one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import product
from typing import TypeAlias

from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.agreement import ClockRule, EventMatch, SubjectKind, Terms
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Attribute, Expr, Known, Logic, Not, evaluate, names_in
from upheld.core.values.value import Value
from upheld.language.names import QUOTA_ANSWERS, attributes_of, data_types
from upheld.language.targets import Decided

Values: TypeAlias = Mapping[str, Value]
_MOST = 4096
"""More combinations than this are not tried; such a condition is taken to be possible."""
_UNTOLD = Attribute("\0")


def can_hold(
    conditions: Iterable[Expr | None], domains: Mapping[str, tuple[Value, ...]], fixed: Values
) -> bool:
    """Whether all conditions can be true at once, with some names fixed.

    Names without a closed set of values can be anything, so what is said of them is never impossible.
    """
    said = [one for one in conditions if one is not None]
    if not said:
        return True
    names = sorted({name for one in said for name in names_in(one)} - set(fixed))
    closed = [name for name in names if name in domains]
    told = [_told(one, fixed.keys()) for one in said]
    size = 1
    for name in closed:
        size *= len(domains[name])
    if size > _MOST:
        return True
    for values in product(*(domains[name] for name in closed)):
        scope = _Scope({**fixed, **dict(zip(closed, values, strict=True))})
        if all(evaluate(one, scope) is not False for one in told):
            return True
    return False


def domains_of(terms: Terms, kind: SubjectKind, types: Iterable[str] = ()) -> dict[str, tuple[Value, ...]]:
    """The closed sets of values of what is known of a kind of subject, and of the data of some facts."""
    found = dict(_of_every_subject(kind))
    for fact in types:
        for name, values in _of_facts(fact).items():
            found.setdefault(name, values)
    for attribute in terms.attributes:
        if attribute.of == kind:
            if attribute.type == "truth":
                found[attribute.name] = (True, False)
            elif attribute.values:
                found[attribute.name] = attribute.values
            else:
                found.pop(attribute.name, None)
    for scale in terms.scales:
        if scale.of == kind:
            found[scale.name] = tuple(scale.values)
    if kind == "ticket":
        found |= {f"quota.{quota.name}": QUOTA_ANSWERS for quota in terms.quotas}
    return found


@cache
def _of_every_subject(kind: SubjectKind) -> Mapping[str, tuple[Value, ...]]:
    types = {name: type_ for name, (type_, _) in attributes_of(kind).items()}
    truths = {name: (True, False) for name, type_ in types.items() if type_.kind == "truth"}
    return truths | {name: type_.choices for name, type_ in types.items() if type_.kind == "choice"}


@cache
def _of_facts(type_: str) -> Mapping[str, tuple[Value, ...]]:
    known = FACT_TYPES.get(type_)
    fields = data_types(known) if known is not None else {}
    return {name: field.choices for name, field in fields.items() if field.kind == "choice"}


def can_happen(
    clock: ClockRule, matches: Iterable[EventMatch], terms: Terms, fixed: Values | None = None
) -> bool:
    """Whether any of these events can come to a subject that the clock is for."""
    for match in matches:
        domains = domains_of(terms, clock.of, match.types)
        if can_hold((clock.where, match.where), domains, fixed or {}):
            return True
    return False


def fixed_by(decided: Decided) -> dict[str, Value]:
    """The names whose value led to a row of a decision."""
    return {name: value for name, value in decided.items() if isinstance(value, str)}


class _Scope:
    def __init__(self, values: Values) -> None:
        self.values = values

    def value(self, name: str) -> Value:
        return self.values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        return None


def _told(expr: Expr, known: AbstractSet[str]) -> Expr:
    """The expression in which `is known` of what is not fixed is itself not known: it may not be told yet."""
    match expr:
        case Known(operand, _):
            return expr if names_in(operand) <= known else _UNTOLD
        case Not(operand):
            return Not(_told(operand, known))
        case Logic(op, operands):
            return Logic(op, tuple(_told(one, known) for one in operands))
        case _:
            return expr
