"""How what does not count compares: a wider exclusion is worse for the customer.

It is so in every world where it only gives bad time back. Where what it covers also leaves the total, a
window in which nothing was bad makes the rest weigh a little more; a slice that it covers in part is judged
on what is left of it, which may be bad where the whole was not; and one that it covers wholly may join two
bad ones to a run. All that is told beside the order. Where the same is covered, and only what is done to the
total and to runs differs, nothing goes the other way.
"""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.comparing.calendars import hours_within
from upheld.core.comparing.clocks import definition
from upheld.core.comparing.comparison import Order, Part, both, by_rank, changed, different, order_of
from upheld.core.comparing.versions import Versions
from upheld.core.evaluating.exclusions import known_leaves
from upheld.core.measuring.parts import leaves_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Exclusion, Indicator
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import replace

_TOTAL = "where nothing is bad in it, what is left of the total weighs more"
_IN_PART = "a slice that it covers in part is judged on the rest, which may be bad where the whole is not"
_JOINS = "a slice that it covers wholly may join two bad ones to a run"
_EFFECTS = ("not bad", "breaks run")


def compare_exclusions(before: Indicator, after: Indicator, versions: Versions) -> Iterator[Part]:
    """The parts in which the exclusions of two indicators differ."""
    one = {each.name: each for each in versions.before.exclusions if _is_for(each, before, versions.before)}
    other = {each.name: each for each in versions.after.exclusions if _is_for(each, after, versions.after)}
    for name in dict.fromkeys([*one, *other]):
        a, b = one.get(name), other.get(name)
        if a is None or b is None:
            only = a or b
            assert only is not None, "one of them has it"
            order: Order = "worse" if a is None else "better"
            yield _certain(f"exclusion {name}", order, "counts" if a is None else "excluded",
                           "counts" if b is None else "excluded", (only, only), (before, after))  # fmt: skip
        else:
            for part in _parts(a, b, versions):
                what = f"exclusion {name}: {part.what}"
                if part.order in ("equal", "incomparable"):
                    yield Part(what, part.order, part.before, part.after)
                    continue
                found = _certain(what, part.order, part.before, part.after, (a, b), (before, after))
                # Where both give back the same bad time, the rest of their effects goes one way alone.
                is_same = part.what == "effect" and all("not bad" in each.effects for each in (a, b))
                yield replace(found, but="") if is_same else found


def _is_for(exclusion: Exclusion, indicator: Indicator, terms: Terms) -> bool:
    """Whether an exclusion can touch what an indicator measures."""
    if exclusion.indicators and indicator.name not in exclusion.indicators:
        return False
    if indicator.basis == "outcomes" or not exclusion.components:
        return True
    mine = set(leaves_of(terms.components, indicator.of)) if indicator.of in terms.components else set()
    return not mine.isdisjoint(known_leaves(exclusion.components, terms.components))


def _certain(
    what: str,
    order: Order,
    before: str,
    after: str,
    exclusions: tuple[Exclusion, Exclusion],
    indicators: tuple[Indicator, Indicator],
) -> Part:
    """The part, with what can go the other way; incomparable where that is as likely."""
    if any(indicator.basis == "latency" or indicator.combine == "mean of ratios" for indicator in indicators):
        return Part(what, "incomparable", before, after)
    if any("out of total" in each.effects and "not bad" not in each.effects for each in exclusions):
        return Part(what, "incomparable", before, after)
    buts = []
    if any("out of total" in each.effects and each.takes == "all" for each in exclusions):
        buts.append(_TOTAL)
    rules = [indicator.per for indicator in indicators if indicator.per is not None]
    if any(rule.good_when is not None and rule.partly == "judged on the rest" for rule in rules):
        buts.append(_IN_PART)
    if any(rule.run > 1 for rule in rules) and any("breaks run" not in each.effects for each in exclusions):
        buts.append(_JOINS)
    return Part(what, order, before, after, None, "; ".join(buts))


def _parts(before: Exclusion, after: Exclusion, versions: Versions) -> Iterator[Part]:
    """How what one exclusion takes compares; more is worse."""
    yield from different("of", before.of, after.of)
    if before.of != after.of:
        return
    wider = versions.conditions(before.where, after.where, before.of, wider="worse")
    yield from changed("where", wider, before.where or "all", after.where or "all")
    wheres = [where for where in (before.where, after.where) if where is not None]
    for name in sorted({name for where in wheres for name in names_in(where)}):
        yield from definition(name, before.of, versions)
    yield from changed(
        "inside", _inside(before, after, versions), before.inside or "any time", after.inside or "any time"
    )
    yield from changed(
        "announced by", _announced(before, after, versions), before.announced_by or "any time",
        after.announced_by or "any time",
    )  # fmt: skip
    yield from changed("lasts", _lasts(before.lasts, after.lasts), before.lasts, after.lasts)
    yield from changed("takes", _takes(before, after), before.takes, after.takes)
    yield from changed("effect", _effects(before, after), _effect_text(before), _effect_text(after))
    yield from different("before combining", before.before_combining, after.before_combining)
    names = before.components, after.components
    yield from changed("components", _names(*names), *(", ".join(each) or "all" for each in names))


def _inside(before: Exclusion, after: Exclusion, versions: Versions) -> Order:
    if not before.inside or not after.inside:
        return order_of(not before.inside and bool(after.inside), bool(before.inside) and not after.inside)
    one, other = versions.calendar(before.inside, 0), versions.calendar(after.inside, 1)
    is_less, is_more = hours_within(other, one), hours_within(one, other)
    if not is_less and not is_more:
        return "incomparable"
    return order_of(is_less and not is_more, is_more and not is_less)


def _announced(before: Exclusion, after: Exclusion, versions: Versions) -> Order:
    one, other = before.announced_by, after.announced_by
    if one is None or other is None:
        return order_of(one is None and other is not None, one is not None and other is None)
    return versions.instants(one, other)


def _lasts(before: str, after: str) -> Order:
    if before == after:
        return "equal"
    return "better" if after == "both" else "worse" if before == "both" else "incomparable"


def _takes(before: Exclusion, after: Exclusion) -> Order:
    if before.takes == after.takes:
        return "equal"
    if "out of total" in before.effects | after.effects:
        return "incomparable"
    return by_rank(before.takes, after.takes, "all", "bad")


def _effects(before: Exclusion, after: Exclusion) -> Order:
    lost, gained = before.effects - after.effects, after.effects - before.effects
    orders = [order_of(effect in lost, effect in gained) for effect in _EFFECTS]
    total = order_of("out of total" in gained, "out of total" in lost)
    if total != "equal" and not all("not bad" in each.effects for each in (before, after)):
        total = "incomparable"  # what leaves the total and stays bad is taken off twice (CENG/C6)
    return both([*orders, total])


def _effect_text(exclusion: Exclusion) -> str:
    return ", ".join(sorted(exclusion.effects))


def _names(before: tuple[str, ...], after: tuple[str, ...]) -> Order:
    """More components are worse; none named are all."""
    if set(before) == set(after):
        return "equal"
    if not before or not after:
        return "worse" if not after else "better"
    if set(before) < set(after):
        return "worse"
    return "better" if set(after) < set(before) else "incomparable"
