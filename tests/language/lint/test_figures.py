"""Levels, observations and exclusions: what is told in each form of a finding, and what is not told."""

from __future__ import annotations

import pytest

from tests.language.lint.told import places, told

HEAD = (
    "component:\n  api: {}\n  web: {}\n"
    "signal:\n  http: {of: api, checks: one request, every: 1m}\n"
    "  page: {of: web, checks: it loads, every: 10m}\n"
    "assume:\n  total: {issue: which, options: [rest, whole], take: rest, because: it says so}\n"
    "attribute:\n  cause: {of: attribution, type: text, values: [carrier, provider]}\n"
    "calendar:\n  windows: {open: Sun 02:00-05:00, holidays: none}\n"
)
GIVEN_BACK = "  more: {of: maintenance, announced by: starts_at, effect: not bad}"
PAGE = (
    "document:\n"
    "  {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid, clauses: c.yaml}\n"
)


def measured(
    per: str = "{slice: 5m}",
    level: str = ">= 99.5 %",
    more: str = "",
    *,
    count: str = "checks of api",
    rest: str = "",
    commit: str = "",
) -> str:
    """An agreement with one commitment."""
    per = f", per: {per}" if per else ""
    return (
        HEAD
        + more
        + f"indicator:\n  uptime: {{count: {count}{per}{rest}}}\n"
        + f'commit:\n  uptime: {{level: "{level}", per: calendar month, modality: objective{commit}}}\n'
    )


# -- slices and budgets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("good", "slices", "is_told"),
    [
        ("good / total >= 99 %", "5m", True),
        ("good / total > 99 %", "5m", True),
        ("99 % <= good / total", "5m", True),
        ("component != api or good / total >= 81 %", "5m", True),
        ("good / total >= 80 %", "5m", False),
        ("good / total >= 99 %", "100m", False),
        ("good = total", "5m", False),
        ("good / total >= 100 %", "5m", False),
        ("good > 0", "5m", False),
    ],
)
def test_shares_of_few_checks(good: str, slices: str, is_told: bool) -> None:
    """A share is told where not even one check of a slice may fail under it, though it is below 100 %."""
    rows = measured(f'{{slice: {slices}, good when: "{good}"}}')
    assert bool(told(rows, "threshold-below-resolution")) is is_told


def test_a_figure_that_is_only_published_is_not_measured_against_its_checks() -> None:
    """Without a level nobody regrets a share."""
    rows = measured('{slice: 5m, good when: "good / total >= 99 %"}')
    rows = rows.replace('level: ">= 99.5 %"', "level: none")
    assert told(rows, "threshold-below-resolution") == []


def test_slices_that_cannot_be_filled() -> None:
    """Slices shorter than the time between checks, and those that need more checks than come, are told."""
    rows = measured("{slice: 4m}", count="checks of web")
    said = (
        "`page` is checked every 10 min, and a slice of `uptime` lasts 4 min: 60 % of the slices have no "
        "check, and `uptime` stays unknown there"
    )
    assert told(rows, "commitment-unfed") == [f"warning: {said}"]
    said = "a slice of `uptime` needs 6 checks, and `http` makes 5 in 5 min: all of `uptime` stays unknown"
    assert told(measured("{slice: 5m, minimum: 6}"), "commitment-unfed") == [f"warning: {said}"]
    assert told(measured("{slice: 5m, minimum: 5}"), "commitment-unfed") == []
    assert told(measured("{slice: 10m}", count="checks of web"), "commitment-unfed") == []


def test_states_that_do_not_last_and_outcomes_that_never_come() -> None:
    """A state that is forgotten before the next one, and a deadline without a limit, feed nothing."""
    state = "signal:\n  http: {of: api, states: up or not, max age: 45m, every: 1h}\n"
    rows = measured("", count="states of api").replace(
        "signal:\n  http: {of: api, checks: one request, every: 1m}\n", state
    )
    said = (
        "a state of `http` holds for 45 min and is told every 1 h: for 25 % of the time `uptime` has "
        "nothing to go by"
    )
    assert told(rows, "commitment-unfed") == [f"warning: {said}"]
    assert told(rows.replace("45m", "61m"), "commitment-unfed") == []
    deadline = "deadline:\n  answer: {from: opened, until: answered, within: {goal: 1h, limit: none}}\n"
    rows = measured("", more=deadline, count="outcomes of answer")
    said = "`uptime` counts outcomes of `answer`, which has no limit: none of them is ever in time or late"
    assert told(rows, "commitment-unfed") == [f"warning: {said}"]
    assert told(rows.replace("limit: none", "limit: 2h"), "commitment-unfed") == []


@pytest.mark.parametrize(
    ("per", "level", "rest", "said"),
    [
        ("{slice: 5m}", ">= 99.99 %", "", "allows 4 min 1.92 s of downtime, and a slice is 5 min"),
        ("{slice: 5m}", ">= 99.98 %", "", ""),
        (
            "{slice: 5m, run: 2}",
            ">= 99.98 %",
            "",
            "8 min 3.84 s of downtime, and a run of 2 slices is 10 min",
        ),
        ("{slice: 5m, run: 2}", ">= 99.98 %", ", lone: down", ""),
        ("{slice: 5m}", ">= 100 %", "", ""),
        (
            "{slice: 5m}",
            ">= 99.95 %",
            ", on: windows",
            "of 12 h (2026-01) allows 21.6 s of downtime, and a slice",
        ),
    ],
)
def test_budgets_shorter_than_what_can_fail(per: str, level: str, rest: str, said: str) -> None:
    """The shortest period decides, in the hours that are measured; 100 % is meant as it says."""
    found = told(measured(per, level, rest=rest), "budget-below-resolution")
    assert len(found) == bool(said)
    assert all(said in one for one in found)


def test_shares_of_checks_with_room_for_none() -> None:
    """Of the checks of a month a level may allow less than one."""
    rows = measured("{slice: 10m}", ">= 99.99 %", count="checks of web", rest=", combine: ratio of sums")
    said = (
        "99.99 % of the 4032 checks of `page` in 28 days allows no failed one, so a single one misses "
        "`uptime`"
    )
    assert told(rows, "budget-below-resolution") == [f"warning: {said}"]
    assert told(rows.replace("99.99", "99.97"), "budget-below-resolution") == []


# -- the state between, the total, rounding ----------------------------------------------------------------


def test_the_state_between_is_said_or_told() -> None:
    """A definition by runs is told without `lone`, noted where a reading decides, silent where it is said."""
    rows = measured("{slice: 5m, run: 3}", rest=", lone: {by total: {rest: degraded, whole: down}}")
    said = (
        "up to 10 min of failure in a row is in no run of 3, so it is not down for `uptime`, and not good: "
        "`total` takes it as up, shown as degraded"
    )
    assert told(rows, "third-state") == [f"note: {said}"]
    assert len(told(measured("{slice: 5m, run: 3}"), "third-state")) == 1
    assert told(measured("{slice: 5m, run: 3}", rest=", lone: down"), "third-state") == []
    assert told(measured("{slice: 5m}"), "third-state") == []


def test_a_total_that_a_reading_decides_is_noted_with_what_it_is_worth() -> None:
    """Every exclusion that the reading moves is in one finding; one that it does not move is not."""
    more = (
        "exclude:\n"
        "  work: {of: maintenance, announced by: starts_at, effect: {by total: {rest: [not bad, "
        "out of total], whole: not bad}}}\n"
        "  rest: {of: suspension, effect: {by total: {rest: [not bad, out of total], whole: not bad}}}\n"
        "  late: {of: hours, inside: windows, effect: [not bad, out of total]}\n"
    )
    rows = measured(more=more)
    said = (
        "`total` decides whether `work` and `rest` leave the total of `uptime`: with 4 h of it in 30 days, "
        "99.5 % allows 3 h 36 min of the whole, or 3 h 34 min 48 s of the rest"
    )
    assert told(rows, "denominator-unspecified") == [f"note: {said}"]


@pytest.mark.parametrize(
    ("level", "per", "commit", "said"),
    [
        (
            ">= 99.5 %",
            "{slice: 1m}",
            "",
            "exactly: of 745 h, 99.5 % allows 3 h 43 min 30 s of downtime, and up to 4 h 5 min 51 s would",
        ),
        (
            ">= 99.50 %",
            "{slice: 1m}",
            "",
            "99.50 % allows 3 h 43 min 30 s of downtime, and up to 3 h 45 min 44.1 s",
        ),
        (">= 99.5 %", "{slice: 5h}", "", ""),
        (">= 99.5 %", "{slice: 1m}", ", compare: exact", ""),
        (
            ">= 99.5 %",
            "{slice: 1m}",
            ", compare: {by total: {rest: half up, whole: exact}}",
            "rounded half up: of",
        ),
    ],
)
def test_levels_that_round_to_the_other_verdict(level: str, per: str, commit: str, said: str) -> None:
    """It is told with the printed decimals, of what the slices can show, unless the comparison is said."""
    rows = measured(per, level, commit=commit)
    found = told(PAGE + rows, "rounding-sensitive")
    assert len(found) == bool(said)
    assert all(said in one for one in found)
    assert told(rows, "rounding-sensitive") == []


def test_parts_of_slices_can_round() -> None:
    """Where an exclusion may cover a part of a slice, downtime is not a whole number of slices."""
    more = 'exclude:\n  work: {of: maintenance, announced by: "starts_at - 48h", effect: not bad}\n'
    assert len(told(PAGE + measured("{slice: 5h}", more=more), "rounding-sensitive")) == 1
    whole = measured("{slice: 5h, partly excluded: excluded whole}", more=more)
    assert told(PAGE + whole, "rounding-sensitive") == []


def test_shares_of_items_round_too() -> None:
    """Of what is no time the values between are told."""
    deadline = "deadline:\n  answer: {from: opened, until: answered, within: 1h}\n"
    rows = measured("", ">= 90 %", deadline, count="outcomes of answer")
    said = "`uptime` is compared exactly, and a value between 89.5 % and 90 % would round to 90 %"
    assert told(PAGE + rows, "rounding-sensitive") == [f"note: {said}"]


# -- exclusions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "is_told"),
    [
        ("cause = carrier", True),
        ("cause = carrier and evidence is missing", True),
        ("cause = carrier and evidence is known", False),
        ("(cause = carrier) and not (evidence is missing)", True),
        ("'false'", False),
    ],
)
def test_exclusions_by_cause_ask_for_evidence(where: str, is_told: bool) -> None:
    """An exclusion that never holds needs none."""
    where = where.strip("'")
    rows = measured(more=f'exclude:\n  carrier: {{of: attribution, where: "{where}", effect: not bad}}\n')
    assert bool(told(rows, "exclusion-without-evidence")) is is_told


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("of: maintenance", "excludes scheduled and high risk work without any notice"),
        ("of: maintenance, where: kind != scheduled", "excludes high risk work without any notice"),
        ("of: maintenance, where: kind = emergency", ""),
        ("of: maintenance, announced by: starts_at", ""),
        ("of: suspension", ""),
    ],
)
def test_scheduled_work_is_excluded_only_with_notice(row: str, said: str) -> None:
    """What can be scheduled needs a notice, an emergency does not."""
    rows = measured(more=f"exclude:\n  work: {{{row}, effect: not bad}}\n")
    assert told(rows, "notice-condition-missing") == ([f"warning: `work` {said}"] if said else [])


def test_a_promised_notice_that_the_exclusion_does_not_ask_for() -> None:
    """The deadline of the notice is shown beside it, and its instant is the way out."""
    more = (
        'deadline:\n  notice: {of: maintenance, until: announced, due: "starts_at - 48h"}\n'
        "exclude:\n  work: {of: maintenance, where: kind = scheduled, effect: not bad}\n"
    )
    said = "`work` excludes scheduled work without any notice, and `notice` promises one"
    assert told(measured(more=more), "notice-condition-missing") == [f"warning: {said}"]
    assert len(places(measured(more=more), "notice-condition-missing")[0]) == 2


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        ("work: {of: maintenance, inside: windows, announced by: starts_at, effect: out of total}", True),
        ("work: {of: hours, inside: windows, effect: breaks run}", True),
        ("work: {of: hours, inside: windows, effect: not bad}", False),
        ("work: {of: hours, inside: windows, effect: not bad, components: [web]}", True),
        ("work: {of: hours, inside: windows, effect: out of total}\n" + GIVEN_BACK, False),
        ("work: {of: maintenance, announced by: starts_at, effect: out of total}", False),
    ],
)
def test_windows_that_break_the_level_alone(rows: str, is_told: bool) -> None:
    """Windows are told where nothing gives their time back to the commitment."""
    assert bool(told(measured(more=f"exclude:\n  {rows}\n"), "maintenance-breaks-target")) is is_told
    low = measured(level=">= 97 %", more=f"exclude:\n  {rows}\n")
    assert told(low, "maintenance-breaks-target") == []
