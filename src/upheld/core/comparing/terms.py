"""How two versions of an agreement compare, commitment by commitment, in meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

from upheld.core.claiming.folding import is_filing
from upheld.core.clocks.selection import quotas_read
from upheld.core.comparing.amendments import compare_amendments
from upheld.core.comparing.cases import TooManyCasesError
from upheld.core.comparing.claims import compare_claims
from upheld.core.comparing.clocks import MODALITIES, compare_clocks, definition, events_text, is_of_customer
from upheld.core.comparing.comparison import (
    Change,
    Order,
    Part,
    both,
    by_rank,
    by_size,
    changed,
    different,
    flipped,
    order_of,
    ranked,
    sized,
)
from upheld.core.comparing.measures import compare_commits, level_text, period_text
from upheld.core.comparing.remedies import Owed, compare_remedies
from upheld.core.comparing.targets import answered
from upheld.core.comparing.tellings import compare_tellings
from upheld.core.comparing.versions import Versions
from upheld.core.terms.agreement import ClockRule, EntitlementRule, ObligationRule, QuotaRule, Terms
from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.words import count
from upheld.core.values.expression import names_in
from upheld.core.values.rule import Citation

Promise: TypeAlias = (
    ClockRule | QuotaRule | EntitlementRule | ObligationRule | CovenantRule | CommitRule | RemedyRule
)
_ANSWERS = {"ordinary": "beyond", "charged": "charged", "refused": "refused"}
_OF_FILING = frozenset({"about", "for", "channel", "include", "protective"})
_KINDS: tuple[tuple[str, type[Promise]], ...] = (
    ("quota", QuotaRule),
    ("entitlement", EntitlementRule),
    ("obligation", ObligationRule),
    ("covenant", CovenantRule),
    ("commit", CommitRule),
    ("remedy", RemedyRule),
)


def compare_terms(before: Terms, after: Terms) -> tuple[Change, ...]:
    """Every commitment in which two versions differ, in the order of the page; nothing if they are equal.

    Both are resolved for one plan, or one contract. What is added is better and what is removed is worse,
    but for what limits the customer. Source: design 5, amendments.
    """
    return tuple(_Comparison(before, after).changes())


class _Comparison:
    """The work on one pair of versions; what other commitments rest on is compared once."""

    def __init__(self, before: Terms, after: Terms) -> None:
        self.versions = Versions(before, after)
        self._commits: dict[tuple[str, str], tuple[Part, ...]] = {}
        self._quotas: dict[str, tuple[Part, ...]] = {}

    def changes(self) -> Iterator[Change]:
        """The changes, kind by kind."""
        before, after = _promises(self.versions.before), _promises(self.versions.after)
        for name in dict.fromkeys([*before, *after]):
            change = self._change(name, before.get(name), after.get(name))
            if change is not None:
                yield change
        yield from _claim_change(self.versions)
        yield from compare_tellings(self.versions)
        yield from _amendment_change(self.versions)

    def _change(self, name: str, one: Promise | None, other: Promise | None) -> Change | None:
        if one is None or other is None:
            return _whole(name, one, other)
        parts = self._parts(one, other)
        if not parts:
            return None
        order = both(part.order for part in parts)
        return Change(name, kind_of(other), "changed", order, parts, one.cited, other.cited)

    def _parts(self, one: Promise, other: Promise) -> tuple[Part, ...]:
        match one, other:
            case ClockRule(), ClockRule() if kind_of(one) == kind_of(other):
                parts = (*compare_clocks(one, other, self.versions), *self._beneath(one, other))
                return self.versions.told(parts)
            case QuotaRule(), QuotaRule():
                return self._quota(one, other)
            case EntitlementRule(), EntitlementRule():
                return tuple(_entitlements(one, other))
            case ObligationRule(), ObligationRule():
                return tuple(_obligations(one, other))
            case CovenantRule(), CovenantRule():
                return tuple(_covenants(one, other))
            case CommitRule(), CommitRule():
                return self._commit(one, other)
            case RemedyRule(), RemedyRule():
                return self._remedy(one, other)
        return (Part("kind", "incomparable", kind_of(one), kind_of(other)),)

    def _commit(self, one: CommitRule, other: CommitRule) -> tuple[Part, ...]:
        key = one.name, other.name
        if key not in self._commits:
            own = compare_commits(one, other, self.versions)
            self._commits[key] = self.versions.told((*own, *self._counted(one, other)))
        return self._commits[key]

    def _counted(self, one: CommitRule, other: CommitRule) -> Iterator[Part]:
        """What the clock rests on whose outcomes are counted: it moves items in or out."""
        sides = (self.versions.before, one), (self.versions.after, other)
        indicators = [terms.indicators[commit.indicator] for terms, commit in sides]
        if any(indicator.basis != "outcomes" for indicator in indicators):
            return
        clocks = [
            _timed(terms, indicator.of) for (terms, _), indicator in zip(sides, indicators, strict=True)
        ]
        if isinstance(clocks[0], ClockRule) and isinstance(clocks[1], ClockRule):
            for part in self._beneath(clocks[0], clocks[1]):
                yield Part(part.what, "incomparable", part.before, part.after)

    def _remedy(self, one: RemedyRule, other: RemedyRule) -> tuple[Part, ...]:
        terms = self.versions.before, self.versions.after
        commits = tuple(
            next((commit for commit in side.commits if commit.name == remedy.of), None)
            for side, remedy in zip(terms, (one, other), strict=True)
        )
        of: tuple[Part, ...] = ()
        if commits[0] is not None and commits[1] is not None:
            of = self._commit(commits[0], commits[1])
        else:
            rules = [_timed(side, remedy.of) for side, remedy in zip(terms, (one, other), strict=True)]
            if rules[0] is not None and rules[1] is not None:
                of = self._parts(rules[0], rules[1])
        filing = self._filing() if one.asks_for_complaints or other.asks_for_complaints else ()
        return compare_remedies(Owed(one, other, (commits[0], commits[1]), of, tuple(filing)), self.versions)

    def _filing(self) -> Iterator[Part]:
        """What differs in which claims are filed in time, and as they have to be."""
        before, after = self.versions.before, self.versions.after
        yield from (part for part in compare_claims(before.claim, after.claim) if part.what in _OF_FILING)
        sides = [
            {clock.name: clock for clock in terms.clocks if is_filing(clock)} for terms in (before, after)
        ]
        for name in dict.fromkeys([*sides[0], *sides[1]]):
            one, other = (side.get(name) for side in sides)
            if one is None or other is None:
                yield from _whole(name, one, other).parts
            else:
                yield from (part for part in self._parts(one, other) if part.what != "modality")

    # -- what a clock rests on -----------------------------------------------------------------------------

    def _beneath(self, one: ClockRule, other: ClockRule) -> Iterator[Part]:
        """The quotas and named contacts that decide whether a clock runs, and with which target."""
        before, after = self.versions.before, self.versions.after
        quotas = {quota.name: quota for quota in before.quotas}, {quota.name: quota for quota in after.quotas}
        asked = [quota.name for quota in (*quotas_read(one, before), *quotas_read(other, after))]
        for name in dict.fromkeys(asked):
            a, b = quotas[0].get(name), quotas[1].get(name)
            if a is None or b is None:
                yield Part(f"quota {name}", "incomparable", "none" if a is None else promise_text(a),
                           "none" if b is None else promise_text(b))  # fmt: skip
                continue
            parts = self._quota(a, b)
            orders = [_for_clock(part, (one, a, before), (other, b, after)) for part in parts]
            was = ", ".join(f"{part.what} {part.before}" for part in parts)
            now = ", ".join(f"{part.what} {part.after}" for part in parts)
            yield from changed(f"quota {name}", both(orders), was, now)
        if one.of == "ticket" and not (is_of_customer(one) and is_of_customer(other)):
            contacts = before.named_contacts, after.named_contacts
            order = _contacts(*contacts)
            if order != "equal" and asked:
                order = "incomparable"  # who may not ask uses up no allowance, which others then have
            yield from changed("named contacts", order, *map(_many, contacts))

    def _quota(self, one: QuotaRule, other: QuotaRule) -> tuple[Part, ...]:
        if one.name not in self._quotas:
            self._quotas[one.name] = self.versions.told(self._quota_parts(one, other))
        return self._quotas[one.name]

    def _quota_parts(self, one: QuotaRule, other: QuotaRule) -> Iterator[Part]:
        order = self.versions.conditions(one.where, other.where, one.of, wider="incomparable")
        yield from changed("where", "equal" if order == "equal" else "incomparable", one.where, other.where)
        yield from different("period", period_text(one.period), period_text(other.period))
        yield from sized("allowed", one.allow, other.allow)
        yield from changed(
            "one more is", _overflow(one.overflow, other.overflow), one.overflow, other.overflow
        )
        yield from ranked("given back", one.refund, other.refund, "never", "provider reclassifies")
        yield from ranked("modality", one.modality, other.modality, *MODALITIES)
        for name in sorted(names_in(one.where) | names_in(other.where)):
            yield from definition(name, one.of, self.versions)


_Quoted: TypeAlias = "tuple[ClockRule, QuotaRule, Terms]"


def _for_clock(part: Part, before: _Quoted, after: _Quoted) -> Order:
    """What a difference of a quota is for a clock that asks it: by the targets of its answers."""
    (one, a, terms), (other, b, terms_after) = before, after
    if part.what == "modality":
        return "equal"
    if part.what not in ("allowed", "one more is", "given back"):
        return "incomparable"
    try:
        if part.what == "one more is":
            answers = _ANSWERS[a.overflow], _ANSWERS[b.overflow]
            orders = [answered(one, terms, a.name, *answers), answered(other, terms_after, b.name, *answers)]
        else:
            asked = [
                (rule, its, quota.name, _ANSWERS[quota.overflow]) for rule, quota, its in (before, after)
            ]
            orders = [answered(*each, "within") for each in asked]
            if part.what == "given back":  # what is classified down then has no answer any more
                orders += [answered(*each, "none") for each in asked]
                orders += [answered(rule, its, name, "within", "none") for rule, its, name, _ in asked]
            if part.order != "better":
                orders = [flipped(order) for order in orders]
    except TooManyCasesError:
        return "incomparable"
    return both(orders)


def _whole(name: str, one: Promise | None, other: Promise | None) -> Change:
    """A commitment that only one version has."""
    only = one or other
    assert only is not None, "one of them has it"
    order: Order = "better" if (one is None) != _is_a_limit(only) else "worse"
    said = ["nothing" if rule is None else promise_text(rule) for rule in (one, other)]
    return Change(
        name, kind_of(only), "added" if one is None else "removed", order,
        (Part("the whole", order, said[0], said[1]),), _cited(one), _cited(other),
    )  # fmt: skip


def _cited(rule: Promise | AmendRule | ClaimRule | None) -> Citation | None:
    return None if rule is None else rule.cited


def _timed(terms: Terms, name: str) -> ClockRule | QuotaRule | ObligationRule | None:
    """The commitment of that name that is no measurement."""
    rules: list[ClockRule | QuotaRule | ObligationRule] = [*terms.clocks, *terms.quotas, *terms.obligations]
    return next((rule for rule in rules if rule.name == name), None)


def _promises(terms: Terms) -> Mapping[str, Promise]:
    rules: list[Promise] = [*terms.clocks, *terms.quotas, *terms.entitlements, *terms.obligations]
    rules += [*terms.covenants, *terms.commits, *terms.remedies]  # reminders promise nothing
    return {rule.name: rule for rule in rules}


def kind_of(rule: Promise) -> str:
    """The concept that a promise is a row of."""
    if isinstance(rule, ClockRule):
        return "every" if rule.is_cadence else "deadline"
    return next(kind for kind, type_ in _KINDS if isinstance(rule, type_))


def _is_a_limit(rule: Promise) -> bool:
    """Whether it binds the customer: an own duty, an allowance beyond which one is refused or charged."""
    match rule:
        case ClockRule():
            return is_of_customer(rule)
        case QuotaRule():
            return rule.overflow != "ordinary"
        case EntitlementRule():
            return rule.named_contacts is not None and not rule.value and not rule.channels
    return False


def promise_text(rule: Promise) -> str:
    """A promise in a few words."""
    match rule:
        case CommitRule():
            return f"{level_text(rule)} per {rule.period.kind}"
        case QuotaRule():
            return f"{rule.allow} per {rule.period.kind}"
        case ObligationRule():
            return f"{rule.times} per {rule.period.kind}"
        case CovenantRule():
            return f"never: {rule.what}"
        case ClockRule():
            return f"until {events_text(rule.stops)}"
        case EntitlementRule():
            return _value(rule) or ", ".join(rule.channels) or _many(rule.named_contacts)
    return f"of {rule.of}"


# -- the small kinds ---------------------------------------------------------------------------------------


def _overflow(before: str, after: str) -> Order:
    if "refused" in (before, after):
        return by_rank(before == "refused", after == "refused", True, False)
    return "equal" if before == after else "incomparable"


def _contacts(before: int | None, after: int | None) -> Order:
    if before is None or after is None:
        return order_of(before is not None, after is not None)
    return by_size(before, after, lambda a, b: a < b)


def _many(contacts: int | None) -> str:
    return "anybody" if contacts is None else count(contacts, "named contact")


def _value(rule: EntitlementRule) -> str:
    return rule.value if isinstance(rule.value, str) else ", ".join(rule.value)


def _entitlements(one: EntitlementRule, other: EntitlementRule) -> Iterator[Part]:
    gives = _value(one), _value(other)
    order: Order = "incomparable" if all(gives) else order_of(not gives[0], not gives[1])
    yield from changed(
        "gives", "equal" if gives[0] == gives[1] else order, *(text or "nothing" for text in gives)
    )
    contacts = one.named_contacts, other.named_contacts
    yield from changed("named contacts", _contacts(*contacts), *map(_many, contacts))
    a, b = set(one.channels), set(other.channels)
    channels = order_of(a < b, b < a) if a <= b or b <= a else "incomparable"
    said = (", ".join(rule.channels) or "none" for rule in (one, other))
    yield from changed("channels", channels, *said)


def _obligations(one: ObligationRule, other: ObligationRule) -> Iterator[Part]:
    yield from different("period", period_text(one.period), period_text(other.period))
    yield from sized("times", one.times, other.times)
    yield from ranked("modality", one.modality, other.modality, *MODALITIES)


def _covenants(one: CovenantRule, other: CovenantRule) -> Iterator[Part]:
    yield from different("what", one.what, other.what)
    yield from different("judged", _judged(one), _judged(other))
    since = order_of(_is_before(other.since, one.since), _is_before(one.since, other.since))
    yield from changed("since", since, *(str(rule.since or "the contract") for rule in (one, other)))
    a, b = set(one.register), set(other.register)
    register = order_of(a < b, b < a) if a <= b or b <= a else "incomparable"
    said = (", ".join(rule.register) or "nothing" for rule in (one, other))
    yield from changed("register", register, *said)
    yield from ranked("modality", one.modality, other.modality, *MODALITIES)


def _judged(rule: CovenantRule) -> str:
    return "each report" if rule.period is None else f"each {period_text(rule.period)}"


def _is_before(one: date | None, other: date | None) -> bool:
    """Whether one day is before another; None is that on which the contract begins, whichever that is."""
    return other is not None and (one is None or one < other)


def _claim_change(versions: Versions) -> Iterator[Change]:
    one, other = versions.before.claim, versions.after.claim
    parts = versions.told(compare_claims(one, other))
    if parts:
        order = both(part.order for part in parts)
        yield Change("claim", "claim", "changed", order, parts, _cited(one), _cited(other))


def _amendment_change(versions: Versions) -> Iterator[Change]:
    one, other = versions.before.amend, versions.after.amend
    parts = versions.told(compare_amendments(one, other, versions))
    if parts:
        order = both(part.order for part in parts)
        yield Change("amend", "amend", "changed", order, parts, _cited(one), _cited(other))
