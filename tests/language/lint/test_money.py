"""What is owed and claimed, and what a page leaves out: each form of a finding, and what is not told."""

from __future__ import annotations

import pytest
from scripts.finding_pages.case import DOCUMENT

from tests.language.lint.told import told, told_of

HEAD = (
    "component:\n  both: {each: [api, web]}\n  api: {}\n  web: {}\n"
    "signal:\n  page: {of: [api, web], states: whether it is up, max age: 25h}\n"
    "indicator:\n  uptime: {count: states of both}\n"
    "assume:\n  edges: {issue: which, options: [lower, upper], take: lower, because: it is first}\n"
    "calendar:\n  days: {open: Mon-Fri 00:00-24:00, holidays: none, business day: end of day}\n"
)
PAGE = "document:\n  {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC, clauses: c.yaml}\n"


def owed(remedy: str, *, level: str = ">= 99.9 %", per: str = "calendar month", more: str = "") -> str:
    """An agreement with one remedy."""
    return (
        HEAD
        + f'commit:\n  uptime: {{level: "{level}", per: {per}}}\n'
        + f"remedy:\n  credit: {{of: uptime, {remedy}}}\n"
        + more
    )


def banded(bands: str, rest: str = "", level: str = ">= 99.9 %") -> str:
    """An agreement with bands."""
    return owed(f"bands: {bands}, base: {{fee: month}}{rest}", level=level)


# -- bands -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bands", "rest", "level", "at"),
    [
        ('{"[99 %, 99.9 %]": 5 %, "< 99 %": 9 %}', "", ">= 99.9 %", "5 % for 99.9 %"),
        ('{"[99 %, 100 %]": 5 %, "< 99 %": 9 %}', "", ">= 99.9 %", "5 % for 99.9 %"),
        ('{"<= 99.95 %": 5 %}', "", "> 99.9 %", "5 % for 99.95 %"),
        ('{"< 99.95 %": 5 %}', "", "> 99.9 %", "5 % for 99.925 %"),
        ('{"[99.92 %, 99.95 %)": 1 %, "< 99.92 %": 5 %}', "", "> 99.93 %", "1 % for 99.94 %"),
        ('{"< 99.9 %": 5 %}', "", ">= 99.9 %", ""),
        ('{"<= 99.9 %": 5 %}', "", "> 99.9 %", ""),
        ('{"<= 99.9 %": 5 %}', ', when: "value <= 99.9 %"', ">= 99.9 %", ""),
        ('{"<= top": 5 %}', ", top: level", ">= 99.9 %", "5 % for 99.9 %"),
    ],
)
def test_bands_that_hold_what_keeps_the_level(bands: str, rest: str, level: str, at: str) -> None:
    """A value of the band that keeps the commitment is named; with `when` the bands may go further."""
    found = told(banded(bands, rest, level), "boundary-contradiction")
    assert len(found) == bool(at)
    assert all(f"a band gives {at}, which keeps" in one for one in found)


def test_edges_of_which_a_reading_decides() -> None:
    """Every edge is told with what each option gives; bands that differ elsewhere are another question."""
    lower, upper = '{"[99 %, top)": 5 %, "< 99 %": 9 %}', '{"(99 %, top)": 5 %, "<= 99 %": 9 %}'
    rows = banded(f"{{by edges: {{lower: {lower}, upper: {upper}}}}}", ", top: level")
    said = "exactly 99 % gives 5 % under `lower` and 9 % under `upper`"
    assert told(rows, "band-edge") == [f"note: `edges` decides in which band an edge lies: {said}"]
    assert told(rows.replace("<= 99 %", "<= 98 %"), "band-edge") == []


def test_gaps_under_a_reading_that_is_not_taken() -> None:
    """Values for which nothing would be owed under another reading are noted, with that reading."""
    rows = banded('{"[99 %, top)": 5 %, "< 99 %": 9 %}', ", top: {by edges: {lower: level, upper: 99.5 %}}")
    said = (
        "under `upper` of `edges`, a value from 99.5 % up to 99.9 % misses the level of `uptime` and lies in "
        "no band, so nothing would be owed"
    )
    assert told(rows, "band-gap") == [f"note: {said}"]
    rows = rows.replace("lower: level, upper: 99.5 %", "lower: 99.5 %, upper: level")
    assert [one.partition(":")[0] for one in told(rows, "band-gap")] == ["warning"]


# -- caps --------------------------------------------------------------------------------------------------

SHORTFALL = "steps: {each: 1 %, of: shortfall, begun: true, give: 1 %}, base: {fee: month}"
MONTHLY = 'bands: {"< 99.9 %": 10 %}, base: {fee: month}'


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        (
            f"{MONTHLY}, limits: {{month: 30 % of base}}",
            "gives at most 10 %, 2 times in a month, so its limit of 30 %",
        ),
        (f"{MONTHLY}, limits: {{month: 20 % of base}}", ""),
        (
            f"{MONTHLY}, limits: {{year: 250 % of base}}",
            "10 %, 24 times in a year, so its limit of 250 % per year",
        ),
        (f"{MONTHLY}, limits: {{year: 240 % of base}}", ""),
        (
            f"{MONTHLY}, limits: {{quarter: 70 % of base}}",
            "10 %, 6 times in a quarter, so its limit of 70 % per quarter",
        ),
        (
            f"{MONTHLY}, limits: {{incident: 15 % of base}}",
            "gives at most 10 %, so its limit of 15 % per incident",
        ),
        (f"{MONTHLY}, limits: {{year: 500.00 EUR}}", ""),
        (f"{MONTHLY}, limits: {{term: 999 % of base}}", ""),
        (
            'bands: {"< 99.9 %": 10.00 EUR}, limits: {month: 30.00 EUR}',
            "10 EUR, 2 times in a month, so its limit of 30 EUR",
        ),
        (
            "formula: 10 %, base: {fee: month}, limits: {month: 30 % of base}",
            "at most 10 %, 2 times in a month",
        ),
        ("formula: shortfall * 3, base: {fee: month}, limits: {month: 900 % of base}", ""),
        (
            "multiple: 2, base: {fee: month}, limits: {month: 500 % of base}",
            "at most 200 %, 2 times in a month",
        ),
        (
            f"{SHORTFALL}, limits: {{month: 201 % of base}}",
            "at most 100 %, 2 times in a month, so its limit of 201 %",
        ),
        (
            "steps: {each: 1h, of: downtime, give: 1 %}, base: {fee: month}, limits: {month: 1491 % of base}",
            "at most 745 %, 2 times in a month, so its limit of 1491 %",
        ),
        (
            "steps: {each: 1h, of: each day, give: 1 %}, base: {fee: month}, limits: {month: 9999 % of base}",
            "",
        ),
        (
            "unit: days of service, bands: {'< 99.9 %': 3 days}, limits: {month: 7 days}",
            "3 days, 2 times in a month",
        ),
    ],
)
def test_caps_above_all_that_can_be_owed(remedy: str, said: str) -> None:
    """A limit is told if not even the most that each component can bring reaches it."""
    found = told(owed(remedy), "unreachable-cap")
    assert len(found) == bool(said)
    assert all(said in one for one in found)


# -- claims ------------------------------------------------------------------------------------------------


def claimed(filing: str, answer: str = "", pay: str = "") -> str:
    """An agreement with a claim."""
    answer = f"  answer: {{of: claim, until: determined, {answer}}}\n" if answer else ""
    more = f"deadline:\n  claim: {{of: claim, until: filed, due: {filing}, modality: objective}}\n{answer}"
    return owed(f"{MONTHLY}{pay}", more=more)


@pytest.mark.parametrize(
    ("filing", "codes"),
    [
        ("issue_at + 5 business days of days", ["claim-before-knowable"]),
        ("issue_at + 40 days", []),
        ("about.end + 1 day", []),
        ("about.end", []),
        ("about.end - 1 day", ["remedy-out-of-time"]),
        ("about.start + 27 days", ["remedy-out-of-time"]),
        ("about.start + 30 days", ["claim-before-knowable"]),
        ("issue_at", ["remedy-out-of-time"]),
    ],
)
def test_claims_before_the_figure_is_known(filing: str, codes: list[str]) -> None:
    """What is due before some period ends is told; before every period, as what nobody can claim in time."""
    rows = claimed(filing)
    assert [code for code in ("claim-before-knowable", "remedy-out-of-time") if told(rows, code)] == codes


@pytest.mark.parametrize(
    ("filing", "answer", "pay", "said"),
    [
        (
            "about.end + 30d",
            "due: filed + 15 business days of days",
            "following month",
            "`credit` for 2026-01 stands",
        ),
        ("about.end + 30d", "due: filed + 15 business days of days", "next invoice", ""),
        ("about.end + 5d", "due: filed + 5 business days of days", "following month", ""),
        ("about.end + 30d", "from: filed, on: days, within: 15 business days", "following month", "stands"),
        (
            "about.end + 30d",
            "due: about.end + 20d",
            "next invoice",
            "`answer` is due on Fri 2026-02-20 24:00 (Europe/Madrid) for 2026",
        ),
        ("about.end + 30d", "due: about.end + 40d", "next invoice", ""),
        (
            "about.end + 30d",
            "due: filed + 15 business days of days",
            "{by edges: {lower: next invoice, upper: following month}}",
            "note: under `upper` of `edges`, `credit` for 2026-01 stands",
        ),
    ],
)
def test_timelines_that_cannot_be_kept(filing: str, answer: str, pay: str, said: str) -> None:
    """A credit before its decision, and a decision before its claim, are told; also under another reading."""
    found = told(claimed(filing, answer, f", pay: {{starts: {pay}}}"), "infeasible-timeline")
    assert len(found) == bool(said)
    assert all(said in one for one in found)


@pytest.mark.parametrize(
    ("rule", "count"), [("{}", 1), ("{for: [credit]}", 1), ("{for: [other]}", 0), ("{needed: false}", 0)]
)
def test_only_what_waits_for_a_claim_waits_for_its_decision(rule: str, count: int) -> None:
    """A remedy that nobody has to claim is on its invoice in time, whenever claims for others are decided."""
    pay, answer = ", pay: {starts: following month}", "due: filed + 15 business days of days"
    rows = claimed("about.end + 30d", answer, pay)
    rows = rows.replace("\nremedy:\n", "\nremedy:\n  other: {of: uptime, formula: 5.00 EUR}\n")
    assert len(told(f"{rows.rstrip()}\nclaim: {rule}\n", "infeasible-timeline")) == count


def test_an_instant_of_a_claim_reads_as_a_person_writes_it() -> None:
    """What is counted from an issue at the very end of a period ends with a day, not a microsecond before."""
    late = claimed("issue_at + 40 days", "due: filed + 5 days", ", pay: {starts: following month}")
    (found,) = told(late, "infeasible-timeline")
    assert "filed on Thu 2026-03-12 24:00 (Europe/Madrid) need not be decided before Tue 2026-03-17" in found


# -- what is left out --------------------------------------------------------------------------------------


def test_guarantees_without_a_remedy() -> None:
    """A guaranteed level needs a remedy, of itself or of another commitment that measures the same."""
    rows = owed(MONTHLY).replace(
        "\nremedy:", '\n  same: {indicator: uptime, level: ">= 99 %", per: calendar month}\nremedy:'
    )
    assert told(rows, "remedy-missing") == []
    rows = rows.partition("remedy:")[0]
    assert len(told(rows, "remedy-missing")) == 2
    rows = rows.replace("calendar month}", "calendar month, modality: objective}")
    assert told(rows, "remedy-missing") == []


def test_pages_that_guarantee_and_owe_nothing() -> None:
    """Of a page that is told once; a text that was read from no page may leave it out."""
    rows = "deadline:\n  response: {from: opened, until: answered, within: 2h}\n"
    said = "the page guarantees (response), and nothing follows a breach"
    assert told(PAGE + rows, "remedy-missing") == [f"note: {said}"]
    assert told(rows, "remedy-missing") == []
    assert told(PAGE + rows.replace("2h", "2h, modality: objective"), "remedy-missing") == []


def test_the_notice_of_a_new_version() -> None:
    """A page needs one; that it states none is a note, and what was read from no page may leave it out."""
    rows = "deadline:\n  response: {from: opened, until: answered, within: 2h}\n"
    code = "amendment-notice-missing"
    assert [one.partition(":")[0] for one in told(PAGE + rows, code)] == ["warning"]
    said = "a new version needs no notice, so it can hold from the day it is published"
    assert told(PAGE + rows + "amend: {notice: none}\n", code) == [f"note: {said}"]
    assert told(PAGE + rows + "amend: {notice: 30d}\n", code) == []
    assert told(rows, code) == []


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("", "or let a claim about an item keep the whole period"),
        ("claim: {about: item}\n", "claim for an item as soon as it is late"),
        ("claim: {about: item, protective: false}\n", "lets none count that is filed before then"),
    ],
)
def test_an_early_claim_is_told_by_what_the_agreement_says_of_claims(claim: str, said: str) -> None:
    """Whether an item keeps its period, or nothing that is filed before its end counts."""
    filing = "deadline: {filing: {of: claim, until: filed, due: issue_at + 5 days, modality: objective}}\n"
    rows = owed('bands: {"< 99.9 %": 5.00 EUR}', more=filing + claim)
    found = [
        one for one in told_of({"agreement.yaml": DOCUMENT + rows}) if one.code == "claim-before-knowable"
    ]
    assert any(said in f"{one.message} {one.way_out}" for one in found), found
