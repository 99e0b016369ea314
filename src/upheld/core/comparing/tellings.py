"""How two versions compare in whom they tell, and when: hearing of more, or sooner, is better.

What the provider tells its own people without a clause that asks for it is promised to nobody: it is shown,
and neither better nor worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from upheld.core.comparing.clocks import events_text
from upheld.core.comparing.comparison import (
    Change,
    Order,
    Part,
    both,
    changed,
    different,
    order_of,
    ranked,
)
from upheld.core.comparing.versions import Versions
from upheld.core.terms.agreement import Terms
from upheld.core.terms.telling import EscalateRule, NotifyRule
from upheld.core.values.frozen import replace

Telling: TypeAlias = EscalateRule | NotifyRule
_NOBODY = "nobody"


def compare_tellings(versions: Versions) -> Iterator[Change]:
    """Every rule in which two versions differ, by name."""
    before, after = _tellings(versions.before), _tellings(versions.after)
    for name in dict.fromkeys([*before, *after]):
        change = _change(name, before.get(name), after.get(name), versions)
        if change is not None:
            yield change


def kind_of(rule: Telling) -> str:
    """The concept that a rule is a row of."""
    return "escalate" if isinstance(rule, EscalateRule) else "notify"


def telling_text(rule: Telling) -> str:
    """A rule in a few words."""
    when = _marks(rule) if isinstance(rule, EscalateRule) else events_text(rule.upon)
    return f"{when} to {', '.join(rule.to)}"


def _tellings(terms: Terms) -> Mapping[str, Telling]:
    rules: list[Telling] = [*terms.escalations, *terms.notifications]
    return {rule.name: rule for rule in rules}


def _change(name: str, one: Telling | None, other: Telling | None, versions: Versions) -> Change | None:
    only = other or one
    assert only is not None, "one of them has it"
    cited = (None if one is None else one.cited, None if other is None else other.cited)
    if one is None or other is None:
        order: Order = ("better" if one is None else "worse") if _is_promised(only) else "equal"
        said = [_NOBODY if rule is None else telling_text(rule) for rule in (one, other)]
        how = Part("the whole", order, said[0], said[1])
        return Change(name, kind_of(only), "added" if one is None else "removed", order, (how,), *cited)
    parts = versions.told(_parts(one, other, versions))
    if not parts:
        return None
    if not (_is_promised(one) or _is_promised(other)):
        parts = tuple(replace(part, order="equal") for part in parts)
    return Change(name, kind_of(other), "changed", both(part.order for part in parts), parts, *cited)


def _is_promised(rule: Telling) -> bool:
    return rule.audience == "customer" or bool(rule.cited.clauses)


def _parts(one: Telling, other: Telling, versions: Versions) -> Iterator[Part]:
    if isinstance(one, EscalateRule) and isinstance(other, EscalateRule):
        yield from _more("of", one.of, other.of)
        yield from _more("at", [str(mark) for mark in one.marks], [str(mark) for mark in other.marks])
        kind = next((clock.of for clock in versions.after.clocks if clock.name in other.of), "ticket")
        yield from different("before closing", one.before_closing, other.before_closing)
    elif isinstance(one, NotifyRule) and isinstance(other, NotifyRule):
        kind = other.of
        yield from different("of", one.of, other.of)
        yield from different("upon", events_text(one.upon), events_text(other.upon))
        yield from ranked("repeat", one.repeat, other.repeat, "once", "each time")
    else:
        yield Part("kind", "incomparable", kind_of(one), kind_of(other))
        return
    where = versions.conditions(one.where, other.where, kind, wider="better")
    yield from changed("where", where, *(str(rule.where or "all") for rule in (one, other)))
    yield from _more("tell", one.to, other.to)
    yield from different("audience", one.audience, other.audience)
    yield from ranked("how", one.how, other.how, "planned", "urgent", "page")
    yield from different("hours", one.hours or "always", other.hours or "always")
    yield from different("channels of", one.channels_of or "any", other.channels_of or "any")


def _more(what: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Part]:
    """A list of which more is better."""
    a, b = set(before), set(after)
    order = order_of(a < b, b < a) if a <= b or b <= a else "incomparable"
    yield from changed(what, order, ", ".join(before), ", ".join(after))


def _marks(rule: EscalateRule) -> str:
    return ", ".join(str(mark) for mark in rule.marks)
