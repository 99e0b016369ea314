"""What an author would regret: what is owed, and how it is claimed."""

from __future__ import annotations

from scripts.finding_pages.case import Case

HEAD = (
    "component:\n  api: {}\n"
    "signal:\n  page: {of: api, states: whether it is up, max age: 25h}\n"
    "indicator:\n  uptime: {count: states of api}\n"
    'commit:\n  uptime: {level: ">= 99.9 %", per: calendar month}\n'
)
_DAYS = "calendar:\n  days: {open: Mon-Fri 00:00-24:00, holidays: none, business day: end of day}\n"
CREDIT = 'remedy:\n  credit: {of: uptime, bands: {"< 99.9 %": 10 %}, base: {fee: month}}\n'
_EDGES = (
    "assume:\n"
    "  edges: {issue: 99 % stands in two bands, options: [lower, upper], take: lower, because: it is first}\n"
)

CASES: tuple[Case, ...] = (
    Case(
        "band-edge",
        "Exactly 99 % stands in two rows of the page. The reading that was taken decides about real money.",
        HEAD + _EDGES + "remedy:\n  credit:\n    of: uptime\n    bands:\n      by edges:\n"
        '        lower: {"[99 %, 99.9 %)": 10 %, "< 99 %": 20 %}\n'
        '        upper: {"(99 %, 99.9 %)": 10 %, "<= 99 %": 20 %}\n'
        "    base: {fee: month}\n",
        HEAD + "remedy:\n  credit:\n    of: uptime\n"
        '    bands: {"[99 %, 99.9 %)": 10 %, "< 99 %": 20 %}\n'
        "    base: {fee: month}\n",
    ),
    Case(
        "boundary-contradiction",
        "The level is kept at exactly 99.9 %, and the first band says that something is owed there. Nothing "
        "is.",
        HEAD + 'remedy:\n  credit: {of: uptime, bands: {"<= 99.9 %": 10 %}, base: {fee: month}}\n',
        HEAD + 'remedy:\n  credit: {of: uptime, bands: {"< 99.9 %": 10 %}, base: {fee: month}}\n',
    ),
    Case(
        "claim-before-knowable",
        "A complaint about the second of the month is due on the seventh, and what it claims for is the "
        "month's figure. Nobody knows that before the month is over.",
        HEAD + CREDIT + _DAYS + "deadline:\n"
        "  complaint: {of: claim, until: filed, due: issue_at + 5 business days of days, modality: "
        "objective}\n",
        HEAD + CREDIT + _DAYS + "deadline:\n"
        "  complaint: {of: claim, until: filed, due: about.end + 5 business days of days, modality: "
        "objective}\n",
    ),
    Case(
        "infeasible-timeline",
        "The credit stands on the next invoice, and the claim for it need not be decided by then. Something "
        "will be late though everybody is in time.",
        HEAD + _DAYS + "deadline:\n"
        "  claim: {of: claim, until: filed, due: about.end + 30d, modality: objective}\n"
        "  answer: {of: claim, until: determined, due: filed + 15 business days of days}\n"
        'remedy:\n  credit: {of: uptime, bands: {"< 99.9 %": 10 %}, base: {fee: month}, '
        "pay: {starts: following month}}\n",
        HEAD + _DAYS + "deadline:\n"
        "  claim: {of: claim, until: filed, due: about.end + 30d, modality: objective}\n"
        "  answer: {of: claim, until: determined, due: filed + 15 business days of days}\n"
        'remedy:\n  credit: {of: uptime, bands: {"< 99.9 %": 10 %}, base: {fee: month}, '
        "pay: {starts: next invoice}}\n",
    ),
    Case(
        "remedy-missing",
        "A guarantee is broken and nothing follows. Then it is worth what an objective is.",
        HEAD,
        HEAD + CREDIT,
    ),
    Case(
        "remedy-out-of-time",
        "The time for claiming ends before there is anything to claim for.",
        HEAD + CREDIT + "deadline:\n"
        "  complaint: {of: claim, until: filed, due: about.start + 10 days, modality: objective}\n",
        HEAD + CREDIT + "deadline:\n"
        "  complaint: {of: claim, until: filed, due: about.end + 10 days, modality: objective}\n",
    ),
    Case(
        "unreachable-cap",
        "A cap of 100 % reads as if the whole fee could come back. The bands end at 30 %.",
        HEAD + 'remedy:\n  credit: {of: uptime, bands: {"< 99.9 %": 30 %}, base: {fee: month}, '
        "limits: {month: 100 % of base}}\n",
        HEAD + 'remedy:\n  credit: {of: uptime, bands: {"< 99.9 %": 30 %}, base: {fee: month}, '
        "limits: {month: 30 % of base}}\n",
    ),
)
