"""The strata of an evaluation: a cell reads only cells of those before its own. Source: design 3."""

from __future__ import annotations

(
    LIFE,  # when a contract holds, under which plan, for which fees
    ENTRIES,  # what a subject enters into a quota
    LEDGER,  # every entry of a quota
    COUNTED,  # those of one period
    ADMITTED,  # which of them the quota admits
    MOMENTS,  # what that decides on one subject
    OUTCOME,  # clocks, quotas and obligations judged
    FILED,  # deadlines of filing a claim that count from when the item it is about was late
    ITEM,  # the cycles of a deadline on one subject, as items to be counted
    ITEMS,  # those of all subjects
    TAKE,  # what one exclusion takes because of one subject (also: what an incident was, who caused what)
    TAKES,  # because of all of them
    MATERIAL,  # what measuring is given for one commitment and period
    VERDICT,  # commitments judged
    CLAIM,  # one claim: what it is about, whether it was in time, when it was decided
    ACCOUNT,  # every credit of a contract, with its instalments
    OWED,  # those of one remedy and period
    ANSWERED,  # deadlines of those who decide on claims, by the decisions that count
    CLAIMED,  # every claim of a contract, with its deadlines and beside what was computed
) = range(19)

SHOWN = frozenset({OUTCOME, FILED, VERDICT, OWED, ANSWERED})
"""The strata whose cells are told: they have verdicts or credits."""
