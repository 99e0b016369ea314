"""Decision trees, targets and change rules: what is allowed, told apart by the attributes in force."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from upheld.core.terms.agreement import Branch, ChangeRule, Choose, Row, Rows, Target, Tree
from upheld.core.values.amount import Amount, AmountError, parse_amount
from upheld.core.values.expression import Expr
from upheld.core.values.value import TRUTH
from upheld.language.concepts import CHANGES, Field, part
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.report import inside
from upheld.language.rows import choice as read_choice
from upheld.language.rows import is_none, read_row
from upheld.language.suggestion import did_you_mean
from upheld.language.vocabulary import Context

T = TypeVar("T")
OTHER = "other"
_TARGET_FIELDS = frozenset({"goal", "limit"})
_OF = re.compile(r"\s+of\s+")


_RANGE = re.compile(
    r"\s*(?P<low>\d+(?:\.\d+)?)\s*(?P<low_unit>[a-z ]*?)\s*(?:-|–|to)"
    r"\s*(?P<high>\d+(?:\.\d+)?)\s*(?P<unit>[a-z ]+)",
    re.ASCII,
)


def _end(match: re.Match[str], which: str) -> str:
    """One end of a range as an amount; the unit is written once, behind both."""
    unit = (match["low_unit"] if which == "low" else "") or match["unit"]
    return f"{match[which]}{unit.strip()}" if len(unit.strip()) == 1 else f"{match[which]} {unit.strip()}"


class Counted(NamedTuple):
    """An amount with the calendar it counts on; None is none named."""

    amount: Amount | None
    calendar: str | None


def targets(known: Field, node: Node, cx: Context) -> Tree[Target] | Rows | None:
    """What `within` and `each` say: a target, a decision tree, or rows told apart by expressions."""
    if isinstance(node, Sequence):
        return Rows(tuple(row for item in node.items if (row := _row(known, item, cx)) is not None))
    return target_tree(known, node, cx)


def target_tree(known: Field, node: Node, cx: Context) -> Tree[Target] | None:
    """A target or a decision tree of targets."""
    if isinstance(node, MapNode) and not {key.text for key, _ in node.entries} & _TARGET_FIELDS:
        return _branch(known, node, cx, target_tree)
    return _target(known, node, cx)


def calendar_tree(known: Field, node: Node, cx: Context) -> Tree[str] | None:
    """A calendar or a decision tree of calendars."""
    if isinstance(node, MapNode):
        return _branch(known, node, cx, calendar_tree)
    return calendar(known, node, cx)


def calendar(known: Field, node: Node, cx: Context) -> str | None:
    """One calendar."""
    if not isinstance(node, Scalar):
        message = f"`{known.name}` must name a calendar"
        cx.report.error("wrong-shape", message, node.place, "name one calendar")
        return None
    return cx.calendar(node.text, inside(node, 0))


def with_choice(tree: Tree[Target] | Rows | None, choose: Choose) -> Tree[Target] | Rows | None:
    """Rows with the convention that says which of several holds."""
    return Rows(tree.rows, choose) if isinstance(tree, Rows) else tree


# -- decisions ---------------------------------------------------------------------------------------------


def _branch(
    known: Field, node: MapNode, cx: Context, read: Callable[[Field, Node, Context], Tree[T] | None]
) -> Branch[T] | None:
    keys = [key for key, _ in node.entries if key.text != OTHER]
    if not keys:
        way_out = "write the value alone, or name the values for which it holds"
        cx.report.error("unknown-decision", f"`{known.name}` tells nothing apart", node.place, way_out)
        return None
    attribute = _decided_by(known, keys, cx)
    rows: dict[str, Branch[T] | T | None] = {}
    other: Tree[T] | None = None
    for key, child in node.entries:
        value = read(known, child, cx)
        if key.text == OTHER:
            other = value
        else:
            rows[key.text] = value
    if attribute is None:
        return None
    cx.used([attribute])
    return Branch(attribute, rows, other, any(key.text == OTHER for key, _ in node.entries))


def _decided_by(known: Field, keys: list[Scalar], cx: Context) -> str | None:
    """The attribute whose values the keys are."""
    closed = _closed(cx)
    given = {key.text for key in keys}
    fitting = [name for name, values in closed.items() if given <= set(values)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and of ".join(f"`{name}`" for name in fitting)
        way_out = "name a value that only one of them has, or write rows: [{where: …, limit: …}]"
        cx.report.error("ambiguous-decision", f"these are values of {names}", keys[0].place, way_out)
        return None
    near = {name: len(given & set(values)) for name, values in closed.items()}
    best = max(near, key=lambda name: near[name], default="")
    if best and near[best]:
        for key in keys:
            if key.text not in closed[best]:
                way_out = did_you_mean(key.text, closed[best]) or f"its values are {', '.join(closed[best])}"
                cx.report.error("unknown-value", f"`{best}` has no value `{key.text}`", key.place, way_out)
        return None
    every_value = [value for values in closed.values() for value in values]
    way_out = did_you_mean(keys[0].text, every_value)
    if not way_out and closed:
        way_out = f"decide by the values of {', '.join(f'`{name}`' for name in closed)}"
    message = f"`{keys[0].text}` is no value of a scale or a choice of a {cx.of}"
    way_out = way_out or "declare a scale or an attribute with `values`"
    cx.report.error("unknown-decision", message, keys[0].place, way_out)
    return None


def _closed(cx: Context) -> dict[str, tuple[str, ...]]:
    """The attributes with a closed set of values."""
    return {
        name: type_.choices
        for name, type_ in cx.types.items()
        if type_.kind == "choice" and not name.startswith("quota.")
    }


def branches(tree: Tree[T] | Rows | None) -> Iterator[Branch[T] | Branch[Target]]:
    """Every decision in a tree or in the trees of rows."""
    if isinstance(tree, Rows):
        for row in tree.rows:
            yield from branches(row.target)
    elif isinstance(tree, Branch):
        yield tree
        for child in (*tree.rows.values(), tree.other):
            yield from branches(child)


# -- targets -----------------------------------------------------------------------------------------------


def _target(known: Field, node: Node, cx: Context) -> Target | None:
    if is_none(node):
        return None
    if isinstance(node, Scalar):
        limit = _counted(node, cx)
        return Target(None, limit.amount, limit.calendar) if limit else None
    if not isinstance(node, MapNode) or not node.entries:
        way_out = "write an amount, such as 2h, or {goal: 4h, limit: 8h}"
        cx.report.error("wrong-shape", f"`{known.name}` must be a target", node.place, way_out)
        return None
    parts = {key.text: child for key, child in node.entries}
    for key, _ in node.entries:
        if key.text not in _TARGET_FIELDS:
            way_out = did_you_mean(key.text, _TARGET_FIELDS) or "a target has `goal` and `limit`"
            cx.report.error("unknown-field", f"a target has no `{key.text}`", key.place, way_out)
    return _goal_and_limit(parts.get("goal"), parts.get("limit"), cx)


def _goal_and_limit(goal_node: Node | None, limit_node: Node | None, cx: Context) -> Target | None:
    read: list[Counted] = []
    for node in (goal_node, limit_node):
        if node is None or is_none(node):
            read.append(Counted(None, None))
        elif isinstance(node, Scalar):
            read.append(_counted(node, cx) or Counted(None, None))
        else:
            cx.report.error("wrong-shape", "a goal and a limit are amounts", node.place, "write it as 2h")
            read.append(Counted(None, None))
    goal, limit = read
    if goal_node is not None and _is_after(goal, limit):
        message = f"the goal {goal.amount} is later than the limit {limit.amount}"
        cx.report.error(
            "goal-after-limit", message, goal_node.place, "exchange the two: the goal warns first"
        )
    return Target(goal.amount, limit.amount, limit.calendar, goal.calendar)


def _is_after(goal: Counted, limit: Counted) -> bool:
    if goal.amount is None or limit.amount is None or goal.calendar not in (None, limit.calendar):
        return False
    return goal.amount.kind == limit.amount.kind and goal.amount.count > limit.amount.count


def _counted(node: Scalar, cx: Context) -> Counted | None:
    """`AMOUNT` or `AMOUNT of CALENDAR`."""
    split = _OF.search(node.text)
    text = node.text[: split.start()] if split else node.text
    calendar = None
    if match := _RANGE.match(text):
        way_out = (
            f"say which end holds, or both: {{goal: {_end(match, 'low')}, limit: {_end(match, 'high')}}}"
        )
        message = f"`{text}` is a range, and one time is needed"
        cx.report.error("range-target", message, inside(node, 0), way_out)
        return None
    if split:
        calendar = cx.calendar(node.text[split.end() :].rstrip(), inside(node, split.end()))
    try:
        return Counted(parse_amount(text), calendar)
    except AmountError as fault:
        cx.report.error(
            "bad-amount", fault.message, inside(node, fault.offset), "as in 2h, 1 business day, 15 days"
        )
        return None


def amount(known: Field, node: Node, cx: Context) -> Counted | None:
    """An amount alone, with the calendar it counts on if it names one; None for `none`."""
    if is_none(node):
        return None
    if not isinstance(node, Scalar):
        cx.report.error("wrong-shape", f"`{known.name}` must be an amount", node.place, "write it as 60d")
        return None
    return _counted(node, cx)


def _row(known: Field, node: Node, cx: Context) -> Row | None:
    """One row of a list: `where`, and a target or a decision tree."""
    row = read_row(part("row of targets"), Scalar(known.name, node.place), node, cx.report)
    condition = row.node("where")
    if condition is None:
        return None
    where: Expr | None = cx.expression(condition, cx.types, TRUTH, "where")
    within, goal, limit = row.node("within"), row.node("goal"), row.node("limit")
    if within is not None and (goal or limit):
        way_out = "keep `within`, or `goal` and `limit`"
        cx.report.error("too-many-forms", "a row has one target", row.place_of("within"), way_out)
    if within is None and goal is None and limit is None:
        way_out = "add `limit: 2h`, or `within: …`; `limit: none` if it is only recorded"
        cx.report.error("missing-field", "this row has no target", row.place, way_out)
        return None
    target = target_tree(known, within, cx) if within is not None else _goal_and_limit(goal, limit, cx)
    return None if where is None else Row(where, target)


def change(known: Field, node: Node, cx: Context) -> tuple[ChangeRule, ChangeRule]:
    """The change rules for changes by the customer and by the provider."""
    if not isinstance(node, MapNode):
        rule = read_choice(known, node, cx.report)
        return _rule(rule), _rule(rule)
    row = read_row(part("change"), Scalar(known.name, node.place), node, cx.report)
    found = []
    for name in ("by customer", "by provider"):
        field, value = row.concept.field(name), row.node(name)
        found.append(_rule(read_choice(field, value, cx.report)) if field and value else _rule(None))
    return found[0], found[1]


def _rule(text: str | None) -> ChangeRule:
    rules: dict[str, ChangeRule] = dict(zip(CHANGES, ("keep start", "restart", "pro rata"), strict=True))
    return rules.get(text or "", "keep start")
