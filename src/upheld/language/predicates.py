"""Event predicates: `EVENT` or `EVENT where EXPRESSION`, and the pauses that run between two of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from upheld.core.facts.fact_types import COMMON_FIELDS, FACT_TYPES
from upheld.core.terms.agreement import EventMatch, PauseRule
from upheld.core.values.expression import Expr, Logic
from upheld.core.values.finding import Place
from upheld.core.values.value import TRUTH, Type, choice
from upheld.language.concepts import Field, part
from upheld.language.names import DERIVED_EVENTS, OF_A_CONTRACT, data_types, type_of, verbs_of
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.report import inside
from upheld.language.rows import read_row
from upheld.language.suggestion import did_you_mean
from upheld.language.vocabulary import DECLARED_TYPES, Context

_WAITING = "waiting"
_WAIT_STARTS = "ticket.waiting_started"
_WAIT_ENDS = ("waiting_ended", "resolved", "closed", "cancelled")
_NOWHERE = Place("the language")
_PARTS = re.compile(r"\s*(\S+)(?:\s+(where)\b\s*(.*))?\s*", re.DOTALL)


def events(known: Field, node: Node, cx: Context) -> tuple[EventMatch, ...]:
    """The events that a field names: one of them, or a list."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items:
        cx.report.error("wrong-shape", f"`{known.name}` is empty", node.place, "name an event")
    found = [_event(known, item, cx) for item in items]
    return tuple(match for match in found if match is not None)


def _event(known: Field, node: Node, cx: Context) -> EventMatch | None:
    split = _split(known, node, cx)
    if split is None:
        return None
    scalar, word, offset, condition = split
    known_words = _words(cx)
    if word not in known_words:
        _tell_unknown(word, scalar, known_words, cx)
        return None
    type_, derived = known_words[word]
    where = None
    if condition is not None:
        where = cx.parsed(scalar, offset, condition, _names(type_, cx), TRUTH)
        if where is None:
            return None
    return EventMatch(word, frozenset({type_}), _both(_derived(derived, type_, cx), where))


def _split(known: Field, node: Node, cx: Context) -> tuple[Scalar, str, int, str | None] | None:
    """The text, its event, and the condition with its offset."""
    if not isinstance(node, Scalar):
        way_out = "write `EVENT` or `EVENT where EXPRESSION`"
        cx.report.error("wrong-shape", f"`{known.name}` must name an event", node.place, way_out)
        return None
    match = _PARTS.fullmatch(node.text)
    if match is None:
        rest = re.match(r"\s*\S+\s*", node.text)
        way_out = "write `EVENT`, `EVENT where EXPRESSION`, or a list `[EVENT, EVENT]`"
        place = inside(node, rest.end() if rest else 0)
        cx.report.error("bad-event", f"`{node.text}` does not name an event", place, way_out)
        return None
    word, where, condition = match.groups()
    if where and not condition:
        way_out = "write what must hold, or leave `where` out"
        cx.report.error("bad-event", "nothing follows `where`", inside(node, match.start(2)), way_out)
        return None
    return node, word, match.start(3) if where else 0, condition


def _words(cx: Context) -> dict[str, tuple[str, str]]:
    """The events of the subject by word: the fact type, and the condition that is in the word itself."""
    found = {verb: (fact.name, "") for verb, fact in verbs_of(cx.of).items()}
    found |= {fact.name: (fact.name, "") for fact in verbs_of(cx.of).values()}
    found |= DERIVED_EVENTS[cx.of]
    for name, event in cx.vocabulary.events.items():
        if event.of == cx.of:
            found[name] = (name, "")
            family, _, verb = name.partition(".")
            if family == cx.of:
                found.setdefault(verb, (name, ""))
    return found


def _tell_unknown(word: str, scalar: Scalar, words: Mapping[str, object], cx: Context) -> None:
    place = inside(scalar, scalar.text.index(word))
    about = FACT_TYPES[word].subject if word in FACT_TYPES else ""
    if word in cx.vocabulary.events:
        about = cx.vocabulary.events[word].of
    if about:
        message = f"`{word}` is about a {about}, and this clock about a {cx.of}"
        cx.report.error("unknown-event", message, place, f"name an event of a {cx.of}, or set `of: {about}`")
        return
    way_out = did_you_mean(word, words) or f"the events of a {cx.of} are {', '.join(_short(words))}"
    cx.report.error("unknown-event", f"a {cx.of} has no event `{word}`", place, way_out)


def _short(words: Mapping[str, object]) -> list[str]:
    return sorted(word for word in words if "." not in word)


def _names(type_: str, cx: Context) -> dict[str, Type]:
    """What a condition on an event knows: the attributes of the subject, over them the data of the fact."""
    known = dict(cx.types)
    fact_type, declared = FACT_TYPES.get(type_), cx.vocabulary.events.get(type_)
    if fact_type is not None:
        # A priority told by a fact is a value of the scale, as the attribute is.
        told = data_types(fact_type)
        known |= {name: told[name] for name in told if not (name in known and known[name].kind == "choice")}
        if "duty" in told and cx.vocabulary.duties:
            known["duty"] = choice(*cx.vocabulary.duties)
    if declared is not None:
        known |= {field.name: common for field in COMMON_FIELDS if (common := type_of(field))}
        known |= {
            name: DECLARED_TYPES[kind] for name, kind in declared.fields.items() if kind in DECLARED_TYPES
        }
    return known


def _derived(condition: str, type_: str, cx: Context) -> Expr | None:
    if not condition:
        return None
    from upheld.language.expression import parse_expression

    names = {**OF_A_CONTRACT, **data_types(FACT_TYPES[type_])}
    expr, _ = parse_expression(condition, _NOWHERE, names, expect=TRUTH)
    return expr


def _both(one: Expr | None, other: Expr | None) -> Expr | None:
    if one is None or other is None:
        return one or other
    both = [
        expr.operands if isinstance(expr, Logic) and expr.op == "and" else (expr,) for expr in (one, other)
    ]
    return Logic("and", (*both[0], *both[1]))


def pauses(known: Field, node: Node, cx: Context) -> tuple[PauseRule, ...]:
    """The pauses that a field names: `waiting`, `waiting where …`, a map of events, or a list of these."""
    items = node.items if isinstance(node, Sequence) else (node,)
    found = [_pause(known, item, cx) for item in items]
    return tuple(rule for rule in found if rule is not None)


def _pause(known: Field, node: Node, cx: Context) -> PauseRule | None:
    if isinstance(node, MapNode):
        row = read_row(part("pause"), Scalar("pause", node.place), node, cx.report)
        concept = part("pause")
        ends = {name: concept.field(name) for name in ("from", "until")}
        read = {
            name: events(field, row.nodes[name][1], cx)
            for name, field in ends.items()
            if field is not None and name in row.nodes
        }
        return PauseRule(read.get("from", ()), read.get("until", ()))
    split = _split(known, node, cx)
    if split is None:
        return None
    scalar, word, offset, condition = split
    if word != _WAITING:
        way_out = did_you_mean(word, [_WAITING]) or "write `waiting …`, or `{from: EVENT, until: EVENT}`"
        place = inside(scalar, scalar.text.index(word))
        cx.report.error("unknown-event", f"a pause is `waiting`, not `{word}`", place, way_out)
        return None
    if cx.of != "ticket":
        way_out = "name the events of the pause: {from: EVENT, until: EVENT}"
        cx.report.error("unknown-event", f"only a ticket waits, not a {cx.of}", scalar.place, way_out)
        return None
    where = None
    if condition is not None:
        where = cx.parsed(scalar, offset, condition, _names(_WAIT_STARTS, cx), TRUTH)
        if where is None:
            return None
    start = EventMatch("waiting_started", frozenset({_WAIT_STARTS}), where)
    stops = tuple(EventMatch(verb, frozenset({f"ticket.{verb}"})) for verb in _WAIT_ENDS)
    return PauseRule((start,), stops, waiting=True)
