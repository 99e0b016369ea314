"""Which attributes a made-up subject needs, so that a rule applies to it: small sets, tried one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Final

from upheld.core.clocks.scope import holds
from upheld.core.facts.fact_types import FACT_TYPES, OPENING
from upheld.core.terms.agreement import Branch, ClockRule, EventMatch, Rows, SubjectKind, Terms
from upheld.core.values.expression import Attribute, Compare, Expr, ListOf, Literal, Member, names_in, parts
from upheld.core.worked import Attributes

Given = dict[str, object]
_MOST_CASES: Final = 2000
"""So many combinations of what decides a clock are played at most."""
_MOST_TRIED: Final = 400
"""Conditions with more combinations than this stay without an example."""


def deciding(rule: ClockRule, terms: Terms) -> dict[str, tuple[object, ...]]:
    """The attributes that decide a row of a clock's targets, with every value worth a row of its own."""
    named: dict[str, None] = {}
    for tree in (rule.on, rule.within):
        if isinstance(tree, Rows):
            for row in tree.rows:
                named |= dict.fromkeys(sorted(names_in(row.where)))
                named |= dict.fromkeys(_branched(row.target))
        else:
            named |= dict.fromkeys(_branched(tree))
    exprs = [row.where for row in rule.within.rows] if isinstance(rule.within, Rows) else []
    found: dict[str, tuple[object, ...]] = {}
    for name in named:
        options = options_of(terms, rule.of, name, exprs) or _rows_of(rule, name)
        if options and not name.startswith("contract."):
            found[name] = options
    return found


def cases(rule: ClockRule, terms: Terms) -> Iterator[Given]:
    """Values of the attributes that decide a row, in every combination.

    Where these are too many, row by row: what a row does not ask for keeps its first value.
    """
    decided = deciding(rule, terms)
    usual = {name: values[0] for name, values in decided.items()}
    asked = [decided]
    if prod(map(len, decided.values())) > _MOST_CASES:
        rows = rule.within.rows if isinstance(rule.within, Rows) else ()
        names = [{*names_in(row.where), *_branched(row.target), *_branched(rule.on)} for row in rows]
        asked = [{name: decided[name] for name in decided if name in own} for own in names] or asked
    for own in asked:
        for values in islice(product(*own.values()), _MOST_CASES):
            yield {**usual, **dict(zip(own, values, strict=True))}


def supporting(rule: ClockRule, terms: Terms, decided: Iterable[str]) -> Iterator[Given]:
    """Values of the other attributes that the rule's conditions ask for, the likeliest first."""
    exprs = [rule.where] if rule.where is not None else []
    for quota in terms.quotas:
        if any(f"quota.{quota.name}" in names_in(expr) for expr in exprs):
            exprs.append(quota.where)
    return combinations(exprs, terms, rule.of, frozenset(decided))


def combinations(
    exprs: Iterable[Expr], terms: Terms, kind: SubjectKind, but: frozenset[str] = frozenset()
) -> Iterator[Given]:
    """Every combination of values for the names in some conditions, `but` for some names."""
    exprs = list(exprs)
    names = sorted({name for expr in exprs for name in names_in(expr)} - but)
    told = {name: options_of(terms, kind, name, exprs) for name in names if "." not in name}
    told = {name: options for name, options in told.items() if options}
    for values in islice(product(*told.values()), _MOST_TRIED):
        yield {name: value for name, value in zip(told, values, strict=True) if value is not None}


def satisfying(where: Expr | None, terms: Terms, kind: SubjectKind) -> Given | None:
    """Attributes under which a condition holds; None if none are found."""
    if where is None:
        return {}
    for given in combinations([where], terms, kind):
        if holds(where, terms, {name: _known(value) for name, value in given.items()}):
            return given
    return None


def data_for(match: EventMatch, terms: Terms, type_: str) -> Given:
    """Data of a fact that makes it the event which a rule names."""
    if match.where is None:
        return {}
    names = sorted(names_in(match.where))
    known = FACT_TYPES.get(type_)
    choices: dict[str, tuple[object, ...]] = {}
    for name in names:
        field = known.field(name) if known else None
        options: tuple[object, ...] = tuple(field.choices) if field and field.choices else ()
        if name == "duty":
            options = tuple(terms.duties)
        choices[name] = options or tuple(_literals([match.where], name)) or (True, "example")
    for values in islice(product(*choices.values()), _MOST_TRIED):
        given = dict(zip(choices, values, strict=True))
        if holds(match.where, terms, {name: _known(value) for name, value in given.items()}):
            return given
    return {}


def options_of(terms: Terms, kind: SubjectKind, name: str, exprs: Iterable[Expr] = ()) -> tuple[object, ...]:
    """The values an attribute may have, its default first; empty where nothing says."""
    for scale in terms.scales:
        if (scale.of, scale.name) == (kind, name):
            return tuple(scale.values)
    for attribute in terms.attributes:
        if (attribute.of, attribute.name) == (kind, name):
            options: tuple[object, ...] = attribute.values
            if attribute.type == "truth":
                options = (True, False)
            default = _truth(attribute.default)
            first = (default,) if default in options else ()
            return (*first, *(one for one in options if one not in first)) or tuple(_literals(exprs, name))
    field = FACT_TYPES[OPENING[kind]].field(name)
    if field is not None and field.choices:
        return field.choices
    if field is not None and field.kind == "truth":
        return (True, False)
    return tuple(_literals(exprs, name))


def _branched(tree: object) -> Iterator[str]:
    if isinstance(tree, Branch):
        yield tree.attribute
        for row in (*tree.rows.values(), tree.other):
            yield from _branched(row)


def _rows_of(rule: ClockRule, name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    pending: list[object] = [rule.on, rule.within]
    while pending:
        tree = pending.pop()
        if isinstance(tree, Branch):
            pending += [*tree.rows.values(), tree.other]
            if tree.attribute == name:
                found |= dict.fromkeys(tree.rows)
        elif isinstance(tree, Rows):
            pending += [row.target for row in tree.rows]
    return tuple(found)


def _literals(exprs: Iterable[Expr], name: str) -> Iterator[object]:
    """The texts and numbers that an attribute is compared with."""
    for expr in exprs:
        match expr:
            case Compare(_, Attribute(found), Literal(value)) | Compare(_, Literal(value), Attribute(found)):
                if found == name and isinstance(value, str | bool):
                    yield value
                elif found == name and isinstance(value, Fraction):
                    yield from (int(value), int(value) + 1, int(value) - 1)
            case Member(Attribute(found), ListOf(items)) if found == name:
                yield from (one.value for one in items if isinstance(one, Literal))
        yield from _literals(parts(expr), name)


def _truth(default: str | None) -> object:
    return {"true": True, "false": False}.get(default, default) if default is not None else None


def _known(value: object) -> bool | str | Fraction | None:
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value  # type: ignore[return-value]  # options are texts, truths and numbers


def readable(given: Mapping[str, object], names: Iterable[str]) -> Attributes:
    """Attributes as they are told, those named only."""
    told = ((name, given[name]) for name in names if name in given)
    return tuple((name, value if isinstance(value, bool) else str(value)) for name, value in told)


def needed(terms: Terms, kind: SubjectKind, given: Given, applies: Callable[[Given], bool]) -> Iterator[str]:
    """The attributes without which a rule would not apply: left out, or with another value of their scale."""
    for name, value in given.items():
        scale = next((one for one in terms.scales if (one.of, one.name) == (kind, name)), None)
        if scale is None:
            others: list[Given] = [{other: given[other] for other in given if other != name}]
        else:
            others = [{**given, name: other} for other in scale.values if other != value]
        if not all(map(applies, others)):
            yield name
