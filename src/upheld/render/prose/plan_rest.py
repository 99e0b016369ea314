"""What plans differ in beyond the rows that compare them: the rules that mean something else, by name.

Compared are the rules as values, without what the rows say of them and without where they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from upheld.core.terms.agreement import ALWAYS, Branch, ClockRule, Rows, Terms, Tree
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import replace
from upheld.core.values.rule import Citation
from upheld.render.prose.tongue import N_

Rest: TypeAlias = Mapping[str, object]
"""Rules by name, without what rows say of them."""
Differing: TypeAlias = Mapping[str, tuple[str, ...]]
"""The names of rules by the part of the words that tells them."""

LEVELS: Final = N_("What is measured, and at which level")
TIMES: Final = N_("What happens by when")
ALLOWANCES: Final = N_("Allowances")
MEASURED: Final = N_("How it is measured")
INCLUDED: Final = N_("What is included")


def differing(plans: Sequence[Terms]) -> Differing:
    """What is not the same in all plans and no row says, part by part."""
    found = {}
    for part, has_rows, of in _PARTS:
        differs = _is_told_apart if has_rows else _differs
        names = tuple(name for name, rests in _together([of(terms) for terms in plans]) if differs(rests))
        if names:
            found[part] = names
    return found


def _together(of_plans: Sequence[Rest]) -> Iterator[tuple[str, list[object]]]:
    """Each name with what every plan has there; None where it has nothing."""
    for name in dict.fromkeys(name for rests in of_plans for name in rests):
        yield name, [rests.get(name) for rests in of_plans]


def _differs(rests: Sequence[object]) -> bool:
    return any(one != rests[0] for one in rests)


def _is_told_apart(rests: Sequence[object]) -> bool:
    """Whether plans that have a rule have it otherwise; that one lacks it is seen in its rows."""
    return _differs([one for one in rests if one is not None])


# -- rules that have rows ----------------------------------------------------------------------------------


def _times(terms: Terms) -> Rest:
    return {
        one.name: replace(
            one,
            where=None if _is_in_rows(one) else one.where,
            on=ALWAYS,
            within=None,
            due=None,
            modality="guarantee",
            cited=_UNCITED,
        )
        for one in terms.clocks
    }


def _is_in_rows(rule: ClockRule) -> bool:
    """Whether the rows of a clock, one for each case, say of which cases it holds."""
    trees = [tree for tree in (rule.within, rule.on) if not isinstance(tree, Rows)]
    decided = {name for tree in trees for name in _decided(tree)}
    return rule.where is not None and names_in(rule.where) <= decided


def _decided(tree: Tree[Any] | None) -> Iterator[str]:
    if isinstance(tree, Branch):
        yield tree.attribute
        for below in (*tree.rows.values(), tree.other):
            yield from _decided(below)


def _levels(terms: Terms) -> Rest:
    return {one.name: (one.indicator, one.compare, one.unknown, one.doc) for one in terms.commits}


def _measured(terms: Terms) -> Rest:
    return {name: _uncited(one) for name, one in terms.indicators.items()}


def _allowances(terms: Terms) -> Rest:
    quotas = {one.name: (one.where, one.refund, one.of, one.modality, one.doc) for one in terms.quotas}
    return {**quotas, **{one.name: one.doc for one in terms.obligations}}


def _never(terms: Terms) -> Rest:
    return {one.name: _uncited(one) for one in terms.covenants}


def _announced(terms: Terms) -> Rest:
    return {one.name: _uncited(one) for one in terms.reminders}


def _included(terms: Terms) -> Rest:
    return {one.name: one.doc for one in terms.entitlements}


def _told(terms: Terms) -> Rest:
    escalated = {one.name: _uncited(one) for one in terms.escalations}
    return {**escalated, **{one.name: _uncited(one) for one in terms.notifications}}


def _hours(terms: Terms) -> Rest:
    return {name: (one.rule, one.business_day, one.closing) for name, one in terms.calendars.items()}


# -- rules that have none: whether they are there matters as well ------------------------------------------


def _scales(terms: Terms) -> Rest:
    return {one.name: _uncited(one) for one in terms.scales}


def _observed(terms: Terms) -> Rest:
    return {
        one.name: _uncited(one) for observed in (terms.components.values(), terms.signals) for one in observed
    }


def _exclusions(terms: Terms) -> Rest:
    return {one.name: _uncited(one) for one in terms.exclusions}


def _duties(terms: Terms) -> Rest:
    return {name: _uncited(one) for name, one in terms.duties.items()}


def _recorded(terms: Terms) -> Rest:
    return {**{one.name: _uncited(one) for one in terms.attributes}, **terms.events}


def _claiming(terms: Terms) -> Rest:
    return {} if terms.claim is None else {"claim": _uncited(terms.claim)}


def _changes(terms: Terms) -> Rest:
    return {} if terms.amend is None else {"amend": _uncited(terms.amend)}


_UNCITED: Final = Citation()


def _uncited(rule: Any) -> object:
    """A rule without where it comes from."""
    return replace(rule, cited=_UNCITED) if hasattr(rule, "cited") else rule


_PARTS: Final[tuple[tuple[str, bool, Callable[[Terms], Rest]], ...]] = (
    (N_("How urgency is told apart"), False, _scales),
    (TIMES, True, _times),
    (ALLOWANCES, True, _allowances),
    (LEVELS, True, _levels),
    (MEASURED, True, _measured),
    (N_("What is observed"), False, _observed),
    (N_("What does not count"), False, _exclusions),
    (INCLUDED, True, _included),
    (N_("What never happens"), False, _never),
    (N_("What is announced without a promise"), False, _announced),
    (N_("What you see to"), False, _duties),
    (N_("Who is told, and when"), False, _told),
    (N_("When time counts"), True, _hours),
    (N_("What is recorded besides"), False, _recorded),
    (N_("How you claim what you are owed"), False, _claiming),
    (N_("How this agreement may change"), False, _changes),
)
"""The parts of the words in their order, whether their rules have rows, and the rules."""
