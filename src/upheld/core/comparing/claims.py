"""How two rules of claiming compare: what asks less of the customer, or decides less over him, is better."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.comparing.comparison import Order, Part, changed, different, order_of, ranked
from upheld.core.terms.claim import ClaimRule
from upheld.core.values.value import Money

_NONE = ClaimRule(needed=False)
"""No rule is one by which nothing has to be claimed."""


def compare_claims(before: ClaimRule | None, after: ClaimRule | None) -> Iterator[Part]:
    """The parts in which two rules differ."""
    one, other = before or _NONE, after or _NONE
    yield from ranked("needed", one.needed, other.needed, True, False, say=_yes)
    yield from different("for", one.remedies, other.remedies, lambda names: _named(names, "all"))
    about: Order = "equal" if one.about == other.about else _about(one, other)
    yield from changed("about", about, one.about, other.about)
    yield from ranked("counts from", one.counts_from, other.counts_from, "received", "sent", "earliest")
    said = (_named(rule.channels, "any") for rule in (one, other))
    yield from changed("channel", _channels(set(one.channels), set(other.channels)), *said)
    yield from different("to", one.to, other.to, lambda text: text or "anywhere")
    asks, asked = set(other.include), set(one.include)
    include = order_of(asks < asked, asked < asks) if asks <= asked or asked <= asks else "incomparable"
    yield from changed("include", include, _named(one.include, "nothing"), _named(other.include, "nothing"))
    yield from ranked("protective", one.protective, other.protective, False, True, say=_yes)
    yield from ranked("decision", one.decision, other.decision, "final", "beside the verdict")
    yield from different("two decide above", one.two_above, other.two_above, _above)
    yield from different("decided on", one.decided_on, other.decided_on, lambda text: text or "anything")


def _about(one: ClaimRule, other: ClaimRule) -> Order:
    """Better where either may be claimed for; between the two nobody can say."""
    if "either" in (one.about, other.about):
        return order_of(other.about == "either", one.about == "either")
    return "incomparable"


def _channels(before: set[str], after: set[str]) -> Order:
    """Better if everything that was allowed still is, and more; none named means that all are."""
    if before == after:
        return "equal"
    is_more, is_less = not after or before < after, not before or after < before
    return (
        order_of(is_more and bool(before), is_less and bool(after)) if is_more or is_less else "incomparable"
    )


def _above(money: Money | None) -> str:
    return "never" if money is None else f"{money.amount} {money.currency}"


def _named(names: tuple[str, ...], none: str) -> str:
    return ", ".join(names) or none


def _yes(value: bool) -> str:
    return "yes" if value else "no"
