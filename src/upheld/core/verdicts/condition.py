"""Which verdicts are of promises of the provider, and which are not: what every count of promises asks."""

from __future__ import annotations

from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.verdicts.verdict import Verdict


def is_condition(terms: Terms, verdict: Verdict) -> bool:
    """Whether a verdict is of what is only tried, and measured because a remedy goes by it.

    Nobody promised it, so it is counted nowhere among the promises.
    """
    if verdict.modality != "best effort":
        return False
    return any(remedy.of == verdict.key.commitment for remedy in terms.under(verdict.plan).remedies)


def is_promise(terms: Terms, verdict: Verdict) -> bool:
    """Whether a verdict is counted among the promises of the provider, kept and not kept.

    A commitment is promised, an obligation and a covenant are. An allowance is used and not kept, a condition
    of a remedy is measured for that alone, and what the customer has to do in time is nothing that the
    provider promised. Source: design 2, commitment and quota.
    """
    if verdict.kind == "quota" or is_condition(terms, verdict):
        return False
    return not is_of_customer(terms, verdict)


def is_of_customer(terms: Terms, verdict: Verdict) -> bool:
    """Whether a verdict is of something that the customer has to do: to file a claim, to add to it."""
    if verdict.kind != "deadline":
        return False
    rule = terms.under(verdict.plan).rule(verdict.key.commitment)
    return isinstance(rule, ClockRule) and rule.is_of_customer
