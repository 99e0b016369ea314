"""Every example of an agreement, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.book.worked.acts import act_examples, filed_at_of
from upheld.book.worked.clocks import clock_examples
from upheld.book.worked.counts import obligation_examples, quota_examples
from upheld.book.worked.credits import credit_examples
from upheld.book.worked.levels import level_examples
from upheld.book.worked.stage import Stage, stage_of
from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.worked import Worked, WorkedExamples


def worked_examples(terms: Terms) -> WorkedExamples:
    """Examples of every rule that promises a time, a number or an amount; of some plan or some contract.

    A rule that needs years for which its calendar was not compiled has none.
    """
    stage = stage_of(terms)
    found: dict[str, tuple[Worked, ...]] = {}
    rules = [(rule.name, _of_clock(stage, rule)) for rule in terms.clocks]
    rules += [(rule.name, quota_examples(stage, rule)) for rule in terms.quotas]
    rules += [(rule.name, obligation_examples(stage, rule)) for rule in terms.obligations]
    rules += [(rule.name, level_examples(stage, rule)) for rule in terms.commits]
    rules += [(rule.name, credit_examples(stage, rule)) for rule in terms.remedies]
    for name, examples in rules:
        told = tuple(_told(examples))
        if told:
            found[name] = (*found.get(name, ()), *told)
    return WorkedExamples(found, stage.month)


def _told(examples: Iterator[Worked]) -> Iterator[Worked]:
    try:
        yield from examples
    except BeyondHorizon:
        return


def _of_clock(stage: Stage, rule: ClockRule) -> Iterator[Worked]:
    if rule.due is not None:
        return act_examples(stage, rule)
    return clock_examples(stage, rule, filed_at_of(stage) if rule.of == "claim" else None)
