"""The versioned rules by which records are made, so that a newer Upheld knows whether it can repeat one.

Whatever changes what a record says of the same facts is a new version of a rule: an old record names the old
one. A rule that is no longer here is retired, and a record that names it is refused rather than misread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from upheld.core.terms.remedy import RULE_IDS

FORMAT: Final = "upheld.statement/2"
"""The names and the meaning of what stands in a record."""
FORMER: Final = frozenset({"upheld.statement/1"})
"""Formats of which no record is made any more; their entries can still be compared with those of today."""

BY_KIND: Final = {
    "deadline": "clock.deadline/1",
    "cadence": "clock.cadence/1",
    "quota": "quota/1",
    "obligation": "obligation/1",
    "covenant": "covenant/1",
    "measurement": "measurement/1",
}
"""The rule by which the verdicts of each kind come about."""
CUT_OFF: Final = "period.decided/1"
"""A verdict belongs to the period in which it was decided; an open one to every period it shares."""
READINGS: Final = "readings/1"
TERMINATION: Final = "credit.termination/1"

KNOWN: Final = frozenset({FORMAT, CUT_OFF, READINGS, TERMINATION, *BY_KIND.values(), *RULE_IDS.values()})
"""Every rule that this Upheld can execute."""


class RetiredRuleError(ValueError):
    """A record was made by a rule that this Upheld does not have."""

    def __init__(self, rules: Iterable[str]) -> None:
        self.rules = tuple(sorted(rules))
        super().__init__(
            f"the record was made by {', '.join(self.rules)}, which this Upheld does not execute: "
            "recompute it with the Upheld that made it"
        )


class AnotherFormatError(ValueError):
    """A record is of a format that this Upheld does not write; `format_` is its name."""

    def __init__(self, format_: str) -> None:
        self.format_ = format_
        told = f"the record is of the format {format_}, and this Upheld makes records of {FORMAT}"
        if format_ in FORMER:
            told += (
                ": it cannot be made again here, so whether it holds is not known; the Upheld that wrote it "
                "can tell. It was not changed since, by its hash, and a statement in its place can be "
                "compared with it (--previous)"
            )
        else:
            told += ", which it cannot be compared with: take the Upheld that wrote it"
        super().__init__(told)


def check_rules(rules: Iterable[object]) -> None:
    """RetiredRuleError if one of the rules of a record is not known."""
    retired = {str(rule) for rule in rules} - KNOWN
    if retired:
        raise RetiredRuleError(retired)
