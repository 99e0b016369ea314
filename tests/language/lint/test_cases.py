"""Every computed finding has an agreement that it is told of, word for word, and one that it is not."""

from __future__ import annotations

import pytest
from scripts.finding_pages.case import Case
from scripts.finding_pages.lint import CASES

from tests.language.lint.told import told_of
from upheld.language.codes import LINT

EXPECTED = {
    "amendment-notice-missing": (
        "1:1: warning[amendment-notice-missing]: nothing says how long before a new version its customers "
        "are told\n"
        "    way out: have a notice period written into the terms, and say `amend: {notice: 30d}`"
    ),
    "band-edge": (
        "15:5: note[band-edge]: `edges` decides in which band an edge lies: exactly 99 % gives 10 % under "
        "`lower` and 20 % under `upper`\n"
        "    see also 11:3\n"
        "    way out: write each edge into one band: `[98 %, 99 %)` holds 98 % and not 99 %"
    ),
    "boundary-contradiction": (
        "11:24: warning[boundary-contradiction]: a band gives 10 % for 99.9 %, which keeps `uptime` (>= "
        "99.9 %): nothing is owed there\n"
        "    see also 9:12\n"
        "    way out: let the band end before 99.9 %, or add `when`"
    ),
    "budget-below-resolution": (
        "9:12: warning[budget-below-resolution]: 99.99 % of 28 days (2026-02) allows 4 min 1.92 s of "
        "downtime, and a run of 2 slices is 10 min: one of them misses `uptime`\n"
        "    see also 7:34\n"
        "    way out: cut shorter slices, promise it for a longer period, or lower the level"
    ),
    "business-day-not-support-day": (
        "3:56: warning[business-day-not-support-day]: a business day of `support` is 8 h, and it opens for "
        "8 h 30 min a day: each ends 30 min earlier in the day than it began\n"
        "    way out: say `business day: 8h 30m`, `end of day` or `same time`"
    ),
    "cadence-longer-than-day": (
        "5:75: warning[cadence-longer-than-day]: `updates` is due every 12h, longer than a day of "
        "`support` (8 h): a round takes 1.5 of its days\n"
        "    see also 5:86\n"
        "    way out: promise an update at least every 8 h, or in business days"
    ),
    "cadence-unwatched": (
        "7:75: warning[cadence-unwatched]: `updates` is due every 4h around the clock, and `response` "
        "waits for `support`, closed for up to 64 h\n"
        "    see also 5:45\n"
        "    way out: say `on: support`, or `hours: support`, or staff the night"
    ),
    "claim-before-knowable": (
        "15:40: warning[claim-before-knowable]: `complaint` can be due on Fri 2026-03-06 24:00 "
        "(Europe/Madrid) for 2026-03, and whether `uptime` was kept is known at the end of the period, up to "
        "25 days later\n"
        "    see also 11:3\n"
        "    see also 9:32\n"
        "    way out: count from `about.end`, or let a claim about an item keep the whole period"
    ),
    "clock-without-start": (
        "5:14: warning[clock-without-start]: `response` is for no ticket: `kind = 'incident' and kind = "
        "'question'` is never true\n"
        "    way out: mend the condition, or remove the row"
    ),
    "clock-without-stop": (
        "3:30: warning[clock-without-stop]: nothing stops `response`: every ticket begins with `opened`\n"
        "    way out: name what keeps the promise, such as `answered`"
    ),
    "commitment-unfed": (
        "7:40: warning[commitment-unfed]: `http` is checked every 5 min, and a slice of `uptime` lasts 1 "
        "min: 80 % of the slices have no check, and `uptime` stays unknown there\n"
        "    see also 5:40\n"
        "    way out: cut slices of 5 min or more, or check more often"
    ),
    "denominator-unspecified": (
        "9:62: warning[denominator-unspecified]: `upkeep` leaves the total of `uptime`, and `suspended` "
        "stays in it: one share, and two totals\n"
        "    see also 10:31\n"
        "    way out: give both the same effect: `[not bad, out of total]`, or `not bad` alone"
    ),
    "exclusion-without-evidence": (
        "11:30: warning[exclusion-without-evidence]: `carrier` needs no evidence: the word of whoever "
        "records the cause takes time or items out\n"
        "    way out: add `and evidence is known` to the condition"
    ),
    "holiday-set-missing": (
        "3:3: warning[holiday-set-missing]: `support` says nothing of holidays, so each is a day like any "
        "other to `response`\n"
        "    way out: say `holidays: {country: …}`, or `holidays: none` if it stays open"
    ),
    "hours-for-days": (
        "5:58: warning[hours-for-days]: 48h of `response` on `support` are 6 days of 8 h, not 2\n"
        "    way out: write `2 business days` if that is meant; count on `always` if real hours are"
    ),
    "infeasible-timeline": (
        "16:77: warning[infeasible-timeline]: `credit` for 2026-01 stands on the invoice of the following "
        "month, and a claim filed on Mon 2026-03-02 24:00 (Europe/Madrid) need not be decided before Tue "
        "2026-03-24 24:00 (Europe/Madrid)\n"
        "    see also 13:36\n"
        "    see also 14:42\n"
        "    way out: pay with the `next invoice` after the decision, or shorten filing and answer"
    ),
    "maintenance-breaks-target": (
        "11:79: warning[maintenance-breaks-target]: work in `windows` may take 15 h of 2026-11, and 99.5 % "
        "of `uptime` allows 3 h 36 min: `upkeep` does not give it back there\n"
        "    see also 13:12\n"
        "    see also 9:3\n"
        "    way out: add `not bad` to the effect for `uptime`, or lower the level"
    ),
    "mark-missing": (
        "5:24: warning[mark-missing]: `goal` of `soon` is never reached: `response` has no goal\n"
        "    way out: leave it out, or name a commitment that has it"
    ),
    "nobody-told": (
        "4:3: note[nobody-told]: `repair` is guaranteed, and nobody is told when it is about to be late\n"
        "    way out: name it in a row of `escalate`"
    ),
    "notice-condition-missing": (
        "9:3: warning[notice-condition-missing]: `upkeep` excludes scheduled work without any notice\n"
        '    way out: add `announced by: "starts_at - 48h"`'
    ),
    "plan-promises-less": (
        "6:32: warning[plan-promises-less]: `gold` promises less than `basic`, which stands before it: "
        "`response` takes 6h of `always`, and took 4h of `always`\n"
        "    see also 5:33\n"
        "    way out: mend the dearer plan, or list the plans from the cheapest to the dearest"
    ),
    "quota-overflow-undefined": (
        "5:65: warning[quota-overflow-undefined]: one more than 2 is `ordinary`, and no clock is for "
        "`quota.urgent = beyond`: nothing is promised for it\n"
        "    see also 7:21\n"
        "    way out: let a clock count for `quota.urgent = beyond`, or say `overflow: refused`"
    ),
    "range-target": (
        "3:55: error[range-target]: `4-8h` is a range, and one time is needed\n"
        "    way out: say which end holds, or both: {goal: 4h, limit: 8h}"
    ),
    "remedy-missing": (
        "9:3: note[remedy-missing]: `uptime` is guaranteed, and nothing is owed for a period that misses "
        "it\n"
        "    way out: add a `remedy` of it, or promise it as an objective"
    ),
    "remedy-out-of-time": (
        "13:40: warning[remedy-out-of-time]: `complaint` is over before any period is, and whether "
        "`uptime` was kept is known at the end of the period: nobody can claim `credit` in time\n"
        "    see also 11:3\n"
        "    see also 9:32\n"
        "    way out: count from `about.end`"
    ),
    "rounding-sensitive": (
        "10:12: note[rounding-sensitive]: `uptime` is compared exactly: of 745 h, 99.5 % allows 3 h 43 min "
        "30 s of downtime, and up to 4 h 5 min 51 s would round to it\n"
        "    way out: say `compare: exact` or `compare: half up`"
    ),
    "severity-without-clock": (
        "3:56: warning[severity-without-clock]: no clock counts for `P2` of `priority`: `response` leaves "
        "it out\n"
        "    see also 5:14\n"
        "    way out: give it a target, or say `P2: none` under `within`"
    ),
    "third-state": (
        "7:51: warning[third-state]: up to 5 min of failure in a row is in no run of 2, so it is not down "
        "for `uptime`, and nothing says what it is; it is shown as degraded, and counts as up\n"
        "    way out: say `lone: degraded`, `lone: down` or `lone: unknown`"
    ),
    "threshold-below-resolution": (
        "7:51: warning[threshold-below-resolution]: 99 % of the 5 checks of `http` in 5 min allows no "
        "failed one: it means the same as 100 %\n"
        "    see also 5:40\n"
        "    way out: check at least every 3 s (100 checks in 5 min), or say `good when: good = total`"
    ),
    "undefined-calendar": (
        "3:45: warning[undefined-calendar]: `response` counts 2 business days on no calendar, so each is "
        "24 h, on every day of the week\n"
        "    way out: say `on: CALENDAR`"
    ),
    "unreachable-cap": (
        "11:80: warning[unreachable-cap]: `credit` gives at most 30 %, so its limit of 100 % per month is "
        "never reached\n"
        "    see also 11:24\n"
        "    way out: lower the limit to 30 %, or leave it out"
    ),
    "warning-too-early": (
        "5:24: warning[warning-too-early]: `limit - 2h` of `soon` is there at the start of `response`: it "
        "has 2h\n"
        "    see also 3:3\n"
        "    way out: warn later, or at a share such as `75 %`"
    ),
    "update-before-response": (
        "7:73: warning[update-before-response]: the first round of `updates` ends after 1h, and `response` "
        "is due after 4h: the update would have to come before the answer\n"
        "    see also 5:58\n"
        "    way out: begin the rounds with the first answer: `from: answered`"
    ),
}
"""What is told of the bad text of each case; every line is of the one file."""

IDS = [case.code for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_bad_agreement_is_told_of_word_for_word(case: Case) -> None:
    """The finding of a bad text is the one expected, and nothing is found besides what the case names."""
    found = told_of(case.bad_files)
    said = [str(one).replace("agreement.yaml:", "") for one in found if one.code == case.code]
    assert said == [EXPECTED[case.code]]
    assert {one.code for one in found} == {case.code, *case.also}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_good_agreement_is_told_nothing_of(case: Case) -> None:
    """Once the way out is taken, nothing is found."""
    assert told_of(case.good_files) == ()


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    """No computed finding is without its two agreements, and none is tested that does not exist."""
    assert sorted(IDS) == sorted(LINT) == sorted(EXPECTED)
