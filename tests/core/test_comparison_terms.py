"""Two versions of one agreement: what is better, worse or neither, commitment by commitment."""

from __future__ import annotations

import pytest

from tests.core.worlds import CONTRACT, DESK, bound, cadence, clock
from upheld.core.comparing.comparison import Change, Order, flipped
from upheld.core.comparing.terms import compare_terms

PAYING = CONTRACT.replace("}", ", fees: {month: 499.00 EUR, support: 50.00 EUR}}")
UPTIME = """
component: {api: {}, voice: {}, web: {}, service: {all: [api, voice]}}
signal:
  http: {of: [api], checks: a request, good: "status in 200..299", every: 1m}
  sip: {of: [voice], checks: a registration, every: 1m}
  page: {of: [web], checks: a page, every: 1m}
calendar:
  sundays: {zone: UTC, open: Sun 02:00-05:00}
  weekends: {zone: UTC, open: Sat-Sun 00:00-24:00}
indicator:
  uptime: {count: checks of service, per: {slice: 5m, run: 2}}
exclude:
  window: {of: maintenance, where: kind = scheduled, inside: sundays, announced by: "starts_at - 48h",
           effect: [not bad, breaks run]}
commit:
  uptime: {level: ">= 99.9 %", per: calendar month}
remedy:
  credit: {of: uptime, bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}, top: level, base: {fee: month}}
"""


def changes(before: str, after: str) -> dict[str, Change]:
    """What differs, by commitment; the other way round it is the opposite."""
    one, other = bound(before, PAYING), bound(after, PAYING)
    found = {change.name: change for change in compare_terms(one, other)}
    back = {change.name: change for change in compare_terms(other, one)}
    assert {name: flipped(change.order) for name, change in found.items()} == {
        name: change.order for name, change in back.items()
    }
    for name, change in found.items():
        parts = sorted((part.what, flipped(part.order)) for part in change.parts)
        assert parts == sorted((part.what, part.order) for part in back[name].parts)
        assert [part for part in change.parts if part.before == part.after] == []
    return found


def order(before: str, after: str, name: str = "clock") -> Order:
    """How one commitment compares."""
    found = changes(before, after)
    return found[name].order if name in found else "equal"


# -- clocks ------------------------------------------------------------------------------------------------

WAITS = "waiting where for in [customer, vendor]"
BASE = ("from: opened", "until: answered", "on: desk", "within: {P1: 2h, other: 8h}")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (BASE, "equal"),
        (("from: opened", "until: answered", "on: desk", "within: {other: 8h, P1: 2h}"), "equal"),
        (("from: opened", "until: answered", "on: desk", "within: {P1: 2h, P2: 8h, P3: 8h}"), "equal"),
        (
            ("from: opened", "until: answered", "within: {P1: 2h of desk, other: 1 business day of desk}"),
            "equal",
        ),
        (("from: opened", "until: answered", "on: desk", "within: {P1: 1h, other: 8h}"), "better"),
        (("from: opened", "until: answered", "on: desk", "within: {P1: 1h, other: 9h}"), "incomparable"),
        (("from: opened", "until: answered", "on: desk", "within: {P1: 2h, P2: 8h, P3: none}"), "worse"),
        (("from: opened", "until: answered", "on: always", "within: {P1: 2h, other: 8h}"), "better"),
        ((*BASE[:3], "within: {P1: {goal: 1h, limit: 2h}, other: 8h}"), "better"),
        ((*BASE[:3], "within: {P1: {goal: 2h, limit: none}, other: 8h}"), "incomparable"),
        ((*BASE, "where: kind = incident"), "worse"),
        ((*BASE, "modality: objective"), "worse"),
        ((*BASE, "modality: best effort"), "worse"),
        ((*BASE, "pause: waiting"), "worse"),
        ((*BASE, "change: restart"), "incomparable"),
        (("from: opened", "until: replied", *BASE[2:]), "worse"),
        (("from: opened", "until: [answered, resolved]", *BASE[2:]), "incomparable"),
        (("from: assigned", "until: answered", *BASE[2:]), "incomparable"),
    ],
)
def test_a_clock_compares_by_when_it_is_late(lines: tuple[str, ...], expected: Order) -> None:
    """A shorter target, more hours, more subjects, fewer pauses are better, however they are written."""
    assert order(clock(*BASE), clock(*lines)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("waiting", "waiting where for = customer", "better"),
        ("[waiting where for = customer, waiting where for = vendor]", WAITS, "equal"),
        ("{from: vendor_case, until: replied}", "{from: vendor_case, until: [replied, resolved]}", "better"),
        ("waiting where for = customer", "waiting where for = vendor", "incomparable"),
    ],
)
def test_a_pause_that_holds_less_is_better(before: str, after: str, expected: Order) -> None:
    """A clock that stands still less is late sooner."""
    assert order(clock(*BASE, f"pause: {before}"), clock(*BASE, f"pause: {after}")) == expected


def test_a_calendar_moved_by_an_hour_is_worse_for_some_and_better_for_others() -> None:
    """As many hours a day, an hour later: who comes at nine waits longer, who comes at five does not."""
    desk = "open: Mon-Fri 09:00-17:00, business day: 8h}"
    later = clock(*BASE).replace(desk, "open: Mon-Fri 10:00-18:00, business day: 8h}", 1)
    found = changes(clock(*BASE), later)["clock"]
    assert found.order == "incomparable"
    assert {part.order for part in found.parts} == {"better", "worse"}
    assert all(part.example is not None for part in found.parts)


def test_a_calendar_that_opens_later_on_some_days_is_worse() -> None:
    """Fewer hours are worse at every start."""
    shorter = clock(*BASE).replace("open: Mon-Fri 09:00-17:00", "open: Mon-Fri 10:00-17:00", 1)
    assert order(clock(*BASE), shorter) == "worse"


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("09:00-17:00", "10:00-17:00", "open Mon-Fri 09:00-17:00", "open Mon-Fri 10:00-17:00"),
        (
            "open: Mon-Fri 09:00-17:00",
            "open: [Mon-Thu 09:00-13:00, Mon-Thu 14:00-17:00, Sat 22:00-02:00]",
            "open Mon-Fri 09:00-17:00",
            "open Mon-Thu 09:00-13:00 14:00-17:00, Sat 22:00-02:00",
        ),
        ("zone: UTC, open", "zone: Asia/Tokyo, open", "UTC", "Asia/Tokyo"),
        ("business day: 8h", "business day: 8h, dates: {2026-01-05: closed}", "open Mon 2026-01-05 09:00",
         "closed Mon 2026-01-05 09:00"),
        ("open: Mon-Fri 09:00-17:00", "open: Mon-Fri 09:00-17:00, breaks: daily 12:00-13:00", "breaks never",
         "breaks Mon-Sun 12:00-13:00"),
    ],
)  # fmt: skip
def test_what_differs_in_a_calendar_is_told_where_all_else_is_alike(
    old: str, new: str, was: str, now: str
) -> None:
    """A target that is written as before says what became of the calendar behind it."""
    before = clock(*BASE)
    after = before.replace(old, new, 1)
    assert after != before
    part = changes(before, after)["clock"].parts[0]
    assert (was in part.before, now in part.after) == (True, True), (part.before, part.after)
    assert part.before.startswith("2h on desk (desk: ")


def test_a_deadline_that_is_shown_elsewhere_is_told() -> None:
    """At closing time it is shown at the next opening: late at the same instant, and yet not the same."""
    shown = clock(*BASE).replace("business day: 8h}", "business day: 8h, closing: next opening}", 1)
    found = changes(clock(*BASE), shown)["clock"]
    assert found.order == "incomparable"
    assert {(part.before, part.after) for part in found.parts} == {("closing: stay", "closing: next opening")}


def test_the_strictest_of_several_rows_is_compared_with_the_strictest() -> None:
    """A row that never decides changes nothing; one that does makes it better."""
    p1, p1_later = "{where: priority = P1, limit: 2h}", "{where: priority = P1, limit: 3h}"
    other = "{where: kind = incident, limit: 4h}"

    def rows(choose: str, *rows: str) -> str:
        within = f"within: [{', '.join(rows)}]"
        return clock("from: opened", "until: answered", "on: desk", within, f"choose: {choose}")

    assert order(rows("worst", p1, other), rows("worst", p1, p1_later, other)) == "equal"
    assert order(rows("worst", p1, other), rows("first", p1, other)) == "equal"
    assert order(rows("worst", p1, other), rows("first", other, p1)) == "worse"
    assert order(rows("worst", p1_later, other), rows("worst", p1, other)) == "better"


def test_a_duty_of_the_customer_is_the_other_way_round() -> None:
    """More time to claim is better, though it is a later deadline."""
    before = clock("until: filed", "due: about.end + 30d", of="claim")
    assert order(before, clock("until: filed", "due: about.end + 60d", of="claim")) == "better"
    answer = clock("until: determined", "due: filed + 30d", of="claim")
    assert order(answer, clock("until: determined", "due: filed + 60d", of="claim")) == "worse"


def test_the_words_of_a_scale_are_part_of_the_promise() -> None:
    """Who is helped within two hours is said by what P1 means."""
    other = clock(*BASE).replace("P1: down", "P1: down for everybody", 1)
    assert order(clock(*BASE), other) == "incomparable"


def test_a_target_that_depends_on_what_may_be_unknown_is_no_longer_sure() -> None:
    """Where a ticket has no priority, one version knows the target and the other does not."""
    flat = clock(*BASE[:3], "within: 8h")
    told = clock(*BASE[:3], "within: {P1: 8h, P2: 8h, P3: 8h}")
    found = changes(flat, told)["clock"]
    assert (found.order, found.parts[0].after) == ("incomparable", "depends on what may be unknown")


def test_a_cadence_compares_by_its_rounds() -> None:
    """More updates are better; with hours, what is due outside them is moved."""
    base = ("from: declared", "again: informed", "until: resolved", "each: {S1: 30m, S2: 2h}")
    assert order(cadence(*base), cadence(*base[:3], "each: {S1: 15m, S2: 2h}")) == "better"
    assert order(cadence(*base), cadence(*base, "hours: desk")) == "worse"


QUOTA = """
quota:
  urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}
"""


def test_a_clock_that_asks_a_quota_changes_with_it() -> None:
    """More allowed is better for the faster clock, and worse for the one that takes what is beyond."""
    fast = clock(*BASE[:3], "where: quota.urgent = within", "within: 1h") + QUOTA
    slow = clock(*BASE[:3], "where: quota.urgent = beyond", "within: 1h") + QUOTA
    more = QUOTA.replace("allow: 2", "allow: 3")
    assert changes(fast, fast.replace(QUOTA, more))["clock"].order == "better"
    assert changes(slow, slow.replace(QUOTA, more))["clock"].order == "worse"
    assert changes(fast, fast.replace(QUOTA, more))["urgent"].order == "better"
    refused = QUOTA.replace("overflow: ordinary", "overflow: refused")
    plain = clock(*BASE) + QUOTA
    (part,) = changes(plain, plain.replace(QUOTA, refused))["clock"].parts
    assert (part.what, part.order) == ("quota urgent", "worse")
    assert (part.before, part.after) == ("one more is ordinary", "one more is refused")


def test_what_is_given_back_of_a_quota_is_taken_from_what_is_classified_down() -> None:
    """Others get its place under the faster clock, and it is under that clock no more."""
    fast = clock(*BASE[:3], "where: quota.urgent = within", "within: 1h") + QUOTA
    back = QUOTA.replace("overflow: ordinary", "overflow: ordinary, refund: provider reclassifies")
    assert changes(fast, fast.replace(QUOTA, back))["clock"].order == "incomparable"
    assert changes(fast, fast.replace(QUOTA, back))["urgent"].order == "better"
    either = fast.replace("= within", "in [within, none]")
    assert changes(either, either.replace(QUOTA, back))["clock"].order == "better"
    assert "clock" not in changes(clock(*BASE) + QUOTA, clock(*BASE) + back)


def test_a_clock_that_looks_at_the_filing_of_a_claim_changes_with_when_it_counts() -> None:
    """Counted sooner, it is answered sooner and in time more often; what looks elsewhere is the same."""
    answer = f"{DESK}deadline:\n  clock: {{of: claim, until: determined, due: filed + 30d}}\n"
    clocks = answer + (
        "  filing: {of: claim, until: filed, due: about.end + 30d, modality: objective}\n"
        "  word: {of: claim, from: filed, until: acknowledged, within: 2d}\n"
        "  dispute: {of: claim, from: determined, until: disputed, within: 2d, modality: objective}\n"
    )
    found = changes(clocks + "claim: {counts from: received}\n", clocks)
    assert {name: change.order for name, change in found.items()} == {
        "clock": "better", "filing": "better", "word": "better", "claim": "better",
    }  # fmt: skip
    (part,) = found["clock"].parts
    assert (part.what, part.before, part.after) == ("claims count from", "received", "earliest")


def test_what_is_added_is_better_and_what_is_removed_worse() -> None:
    """But for what binds the customer."""
    contacts = clock(*BASE) + "entitlement: {users: {named contacts: 3}}\n"
    found = changes(clock(*BASE), contacts)
    assert (found["users"].how, found["users"].order, found["clock"].order) == ("added", "worse", "worse")
    answer = f"{DESK}deadline:\n  clock: {{of: claim, until: determined, due: filed + 30d}}\n"
    filing = answer + "  filing: {of: claim, until: filed, due: about.end + 30d, modality: objective}\n"
    assert changes(answer, filing)["filing"].order == "worse"
    obligation = answer + "obligation: {review: {times: 1, per: contract year}}\n"
    assert changes(answer, obligation)["review"].order == "better"
    assert changes(obligation, obligation.replace("times: 1", "times: 2"))["review"].order == "better"
    monthly = obligation.replace("contract year", "calendar year")
    assert changes(obligation, monthly)["review"].order == "incomparable"


def test_a_row_of_another_kind_is_another_promise() -> None:
    """A deadline that becomes a cadence is neither better nor worse."""
    before = clock("from: declared", "until: informed", "within: 30m", of="incident")
    after = cadence("from: declared", "again: informed", "until: resolved", "each: 30m")
    assert changes(before, after)["clock"].order == "incomparable"


# -- measures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('level: ">= 99.9 %"', 'level: ">= 99.95 %"', "better"),
        ('level: ">= 99.9 %"', 'level: "> 99.9 %"', "better"),
        ('level: ">= 99.9 %"', 'level: ">= 99.90 %"', "equal"),
        ('level: ">= 99.9 %"', 'level: "<= 99.9 %"', "incomparable"),
        ('level: ">= 99.9 %"', 'level: ">= 99.9 %", compare: half up', "worse"),
        ('level: ">= 99.9 %"', 'level: ">= 99.94 %", compare: half up', "better"),
        ('level: ">= 99.9 %"', 'level: ">= 99.9 %", modality: objective', "worse"),
        ('level: ">= 99.9 %"', 'level: ">= 99.9 %", unknown: down', "better"),
        ("per: calendar month", "per: calendar quarter", "incomparable"),
        ("per: calendar month", "per: calendar month, zone: Europe/Madrid", "incomparable"),
        ("run: 2", "run: 1", "better"),
        ("run: 2", "run: 2, run in: same part", "worse"),
        ("run: 2", "run: 2, at period end: cut", "worse"),
        ("slice: 5m", "slice: 10m", "incomparable"),
        ("slice: 5m, run: 2", "slice: 5m, run: 2, good when: good / total >= 99 %", "worse"),
        ("slice: 5m, run: 2", "slice: 5m, run: 2, good when: good = total", "equal"),
        ("slice: 5m, run: 2", "slice: 5m, run: 2, good when: good / total >= 100 %", "equal"),
        ("slice: 5m, run: 2}", "slice: 5m, run: 2}, gaps: down", "better"),
        ("slice: 5m, run: 2}", "slice: 5m, run: 2}, gaps: out of total", "incomparable"),
        ("slice: 5m, run: 2}", "slice: 5m, run: 2}, lone: down", "better"),
        ("slice: 5m, run: 2}", "slice: 5m, run: 2}, unattributed: unknown", "worse"),
        ("{all: [api, voice]}", "{all: [api, voice, web]}", "better"),
        ("{all: [api, voice]}", "{any: [api, voice]}", "worse"),
        ("{all: [api, voice]}", "{at least: 1, of: [voice, api]}", "worse"),
        ("{all: [api, voice]}", "{at least: 2, of: [api, voice]}", "equal"),
        ("{all: [api, voice]}", "{all: [api, web]}", "incomparable"),
        ("status in 200..299", "status in 200..399", "worse"),
        ("status in 200..299", "status in 200..204", "better"),
        ("every: 1m}\n  sip", "every: 2m}\n  sip", "incomparable"),
        ("48h", "24h", "worse"),
        ("48h", "72h", "better"),
        ("inside: sundays, ", "", "worse"),
        ("inside: sundays", "inside: weekends", "worse"),
        ("Sun 02:00-05:00", "Sun 03:00-05:00", "better"),
        ("kind = scheduled", '"kind in [scheduled, emergency]"', "worse"),
        ("kind = scheduled", "kind = emergency", "incomparable"),
        ("effect: [not bad, breaks run]", "effect: [not bad, breaks run], lasts: actual", "worse"),
        ("effect: [not bad, breaks run]", "effect: [not bad]", "better"),
        ("effect: [not bad, breaks run]", "effect: [not bad, breaks run, out of total]", "better"),
        ("effect: [not bad, breaks run]", "effect: [not bad, breaks run], components: [api]", "better"),
    ],
)  # fmt: skip
def test_a_measure_compares_by_level_and_value(old: str, new: str, expected: Order) -> None:
    """A higher level, more that is bad and less that is excluded are better."""
    after = UPTIME.replace(old, new, 1)
    assert after != UPTIME
    assert order(UPTIME, after, "uptime") == expected


def test_an_exclusion_more_is_worse() -> None:
    """And one less is better."""
    more = UPTIME.replace("commit:", "  stage: {of: stage, effect: not bad}\ncommit:", 1)
    found = changes(UPTIME, more)["uptime"]
    assert (found.order, found.parts[0].what, found.is_proved) == ("worse", "exclusion stage", False)
    assert "join two bad ones" in found.parts[0].but


def test_an_exclusion_that_leaves_the_total_is_worse_but() -> None:
    """Where nothing is bad in it the share falls a little: it is told beside the order."""
    both = UPTIME.replace("effect: [not bad, breaks run]", "effect: [not bad, breaks run, out of total]")
    found = changes(both, both.replace("48h", "24h"))["uptime"]
    assert (found.order, found.is_proved) == ("worse", False)
    assert "weighs more" in found.parts[0].but


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("not bad, breaks run", "not bad, breaks run, out of total", "better"),
        ("not bad, breaks run, out of total", "not bad, breaks run", "worse"),
        ("not bad, breaks run", "not bad", "better"),
    ],
)
def test_what_is_done_with_what_is_excluded_goes_one_way(before: str, after: str, expected: str) -> None:
    """Less total, and more runs, are better for the customer, and nothing in them goes the other way."""
    one, other = (UPTIME.replace("not bad, breaks run", effects, 1) for effects in (before, after))
    found = changes(one, other)["uptime"]
    assert (found.order, found.is_proved, [part.but for part in found.parts]) == (expected, True, [""])


LATENCY = """
component: {api: {}}
signal: {http: {of: api, checks: a request}}
indicator: {speed: {count: latency of api, combine: percentile 95}}
commit: {speed: {level: "<= 500ms", per: calendar month}}
""".replace("500ms", "2s")


def test_a_percentile_further_up_is_better_where_it_has_to_be_low() -> None:
    """What 99 of 100 have to keep is kept by 95 of 100."""
    assert order(LATENCY, LATENCY.replace("percentile 95", "percentile 99"), "speed") == "better"
    assert order(LATENCY, LATENCY.replace("<= 2s", "<= 1s"), "speed") == "better"


SHARE = f"""{DESK}
deadline:
  response: {{from: opened, until: answered, on: desk, within: {{P1: 2h, other: 8h}}}}
indicator: {{in time: {{count: outcomes of response}}}}
commit: {{in time: {{level: ">= 95 %", per: calendar month}}}}
"""


def test_a_share_of_outcomes_follows_the_clock() -> None:
    """A shorter target makes more items late; another selection moves items in and out."""
    assert order(SHARE, SHARE.replace("P1: 2h", "P1: 1h"), "in time") == "better"
    assert order(SHARE, SHARE.replace("P1: 2h", "P1: none"), "in time") == "incomparable"
    assert order(SHARE, SHARE.replace("8h}}", "8h}, where: kind = incident}"), "in time") == "incomparable"


# -- remedies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"< 99 %": 20 %', '"< 99 %": 25 %', "better"),
        ('"[99 %, top)": 10 %, "< 99 %": 20 %', '"[98 %, top)": 10 %, "< 98 %": 20 %', "worse"),
        ('"[99 %, top)": 10 %, "< 99 %": 20 %', '"(99 %, top)": 10 %, "<= 99 %": 20 %', "better"),
        ('"[99 %, top)": 10 %, "< 99 %": 20 %', '"[99 %, top)": 5 %, "< 99 %": 25 %', "incomparable"),
        ('"< 99 %": 20 %', '"< 99 %": 20.00 EUR', "incomparable"),
        ("base: {fee: month}", "base: {invoice: month}", "incomparable"),
        ("base: {fee: month}", "base: {fee: [month, support]}", "better"),
        ("base: {fee: month}", "base: {fee: month, in part: invoice}", "incomparable"),
        ("base: {fee: month}", "base: {fee: month}, limits: {month: 15 % of base}", "worse"),
        ("base: {fee: month}", "base: {fee: month}, limits: {term: 100 % of base}", "worse"),
        ("base: {fee: month}", "base: {fee: month}, least: 5.00 EUR", "worse"),
        ("base: {fee: month}", "base: {fee: month}, round: down", "worse"),
        ("base: {fee: month}", "base: {fee: month}, after: 2 of 3", "worse"),
        ("base: {fee: month}", "base: {fee: month}, pay: {instalments: 3}", "worse"),
        ("base: {fee: month}", "base: {fee: month}, pay: {after end: lost}", "worse"),
        ("of: uptime", "of: uptime, when: value < 99 %", "incomparable"),
        ('level: ">= 99.9 %"', 'level: ">= 99.5 %"', "worse"),
        ("run: 2", "run: 1", "better"),
        ("per: calendar month", "per: calendar quarter", "incomparable"),
    ],
)  # fmt: skip
def test_a_remedy_compares_by_what_is_owed_at_every_value(old: str, new: str, expected: Order) -> None:
    """Bands are functions of the value; what the commitment does to the value counts too."""
    after = UPTIME.replace(old, new, 1)
    assert after != UPTIME
    assert order(UPTIME, after, "credit") == expected


@pytest.mark.parametrize(
    ("when", "before", "after", "expected"),
    [
        ("complaints > 0", "protective: true", "protective: false", "worse"),
        ("value < level and complaints >= 2", "channel: [email]", "channel: [email, chat]", "better"),
        ("complaints > 0", "filed within 5d", "filed within 7d", "better"),
        ("complaints > 0", "filed within 5d", "no filing", "better"),
        ("complaints = 0", "filed within 5d", "filed within 7d", "incomparable"),
        ("complaints > 0", "decision: final", "decision: beside the verdict", "equal"),
        ("value < level", "protective: true", "protective: false", "equal"),
    ],
)
def test_a_remedy_that_asks_for_complaints_changes_with_how_they_are_filed(
    when: str, before: str, after: str, expected: Order
) -> None:
    """Which of them count, and until when, is said elsewhere; the more do, the more is owed."""
    asks = UPTIME.replace("of: uptime,", f"of: uptime, when: {when},")

    def under(how: str) -> str:
        if "fil" not in how:
            return f"{asks}claim: {{{how}}}\n"
        due = how.removeprefix("filed within ")
        filing = (
            f"deadline:\n  filing: {{of: claim, until: filed, due: about.end + {due}, modality: objective}}\n"
        )
        return asks + (filing if due != how else "")

    assert order(under(before), under(after), "credit") == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("steps: {each: 0.1 %, of: shortfall, give: 5 %}", "incomparable"),
        ("formula: 10 * shortfall", "incomparable"),
        ("when: value >= 98.95 %, formula: 10 %", "incomparable"),
        ("steps: {each: 30m, give: 5 %}", "better"),
        ('bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}, top: level', "better"),
        ('bands: {"[98.92 %, top)": 10 %, "< 98.92 %": 20 %}, top: level', "incomparable"),
    ],
)
def test_a_remedy_that_looks_at_the_value_changes_with_its_rounding(how: str, expected: Order) -> None:
    """Exact, 98.94 % is more than the 98.9 % that it was rounded to; half up, 98.95 % was 99 %."""
    base = UPTIME.replace('bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}, top: level', how)
    rounded = base.replace('level: ">= 99.9 %"', 'level: ">= 99.9 %", compare: half up')
    assert order(rounded, base, "credit") == expected


def test_bands_that_are_written_apart_are_one_function() -> None:
    """Two bands that give the same are one; what lies above the level is never looked up."""
    apart = UPTIME.replace('"[99 %, top)": 10 %', '"[99 %, 99.5 %)": 10 %, "[99.5 %, top)": 10 %')
    assert changes(UPTIME, apart) == {}
    further = UPTIME.replace("[99 %, top)", "[99 %, 99.95 %)").replace(", top: level", "")
    assert changes(UPTIME, further) == {}


def test_the_values_at_which_a_credit_differs_are_named() -> None:
    """Each with what was given and what is."""
    after = UPTIME.replace('"[99 %, top)": 10 %, "< 99 %": 20 %', '"[98 %, top)": 10 %, "< 98 %": 20 %')
    (part,) = changes(UPTIME, after)["credit"].parts
    assert (part.what, part.before, part.after) == ("amount for [98 %, 99 %)", "20 %", "10 %")


@pytest.mark.parametrize(
    ("signal", "per", "before", "after", "expected"),
    [
        ("counts: requests", "", "up", "unknown", "incomparable"),
        ("counts: requests", "", "unknown", "down", "incomparable"),
        ("counts: requests", "combine: mean of ratios, ", "up", "unknown", "better"),
        ("checks: a request, every: 1m", "", "up", "unknown", "better"),
        ("checks: a request", "", "up", "unknown", "incomparable"),
    ],
)
def test_gaps_of_unknown_size_compare_with_no_rule_for_them(
    signal: str, per: str, before: str, after: str, expected: Order
) -> None:
    """As up or down they are left out; unknown they leave all open, and are up if a commitment says so."""
    basis, combine = signal.partition(":")[0], per or "combine: ratio of sums, "
    text = (
        f"component: {{api: {{}}}}\nsignal: {{gate: {{of: api, {signal}}}}}\n"
        f"indicator: {{served: {{count: {basis} of api, per: {{slice: 10m}}, {combine}gaps: GAPS}}}}\n"
        'commit: {served: {level: ">= 95 %", per: calendar month, unknown: up}}\n'
    )
    assert order(text.replace("GAPS", before), text.replace("GAPS", after), "served") == expected


EACH = UPTIME.replace("{all: [api, voice]}", "{each: [api, voice]}")


@pytest.mark.parametrize(
    ("agreement", "before", "after", "expected"),
    [
        (UPTIME, "", "month: 80 % of base", "equal"),
        (UPTIME, "month: 80 % of base", "month: 100 % of base", "equal"),
        (UPTIME, "month: 100 % of base", "month: 15 % of base", "worse"),
        # Rounding half up may pass the 20 % themselves by part of a cent, and then the limit rounds down.
        (UPTIME, "month: 20 % of base", "month: 80 % of base", "better"),
        (UPTIME, "day: 80 % of base, incident: 30 % of base", "week: 30 % of base", "equal"),
        (UPTIME, "year: 241 % of base, contract year: 241 % of base", "", "equal"),
        (UPTIME, "year: 239 % of base", "year: 500 % of base", "better"),
        (UPTIME, "term: 999 % of base", "", "better"),
        (UPTIME, "month: 80.00 EUR", "month: 90.00 EUR", "better"),
        # Two components are judged apart, and each may give 20 % in a month.
        (EACH, "month: 41 % of base", "month: 100 % of base", "equal"),
        (EACH, "month: 39 % of base", "month: 100 % of base", "better"),
        (EACH, "incident: 39 % of base", "incident: 100 % of base", "equal"),
        (EACH, "year: 479 % of base", "year: 481 % of base", "better"),
        (EACH, "year: 481 % of base", "", "equal"),
        # Invoices differ from month to month: 20 % of twelve of them may be more than 300 % of the last.
        (UPTIME.replace("fee: month", "invoice: month"), "year: 300 % of base", "", "better"),
        (UPTIME.replace("fee: month", "invoice: month"), "month: 30 % of base", "", "equal"),
    ],
)
def test_a_limit_that_no_credit_can_reach_changes_nothing(
    agreement: str, before: str, after: str, expected: Order
) -> None:
    """Whatever is combined with it: a limit is of one remedy, for all that this gives in its time."""
    for rest in ("", "group: g, combine: max, ", "group: g, combine: sum, "):
        one, other = (
            agreement.replace("base:", f"{rest}{f'limits: {{{limits}}}, ' if limits else ''}base:")
            for limits in (before, after)
        )
        assert order(one, other, "credit") == expected


def test_the_limits_of_a_longer_period_are_those_of_its_parts() -> None:
    """A month of a quarter takes the one amount of the quarter apart; a year has four of them."""
    quarterly = UPTIME.replace("calendar month", "calendar quarter")
    for limits, expected in (("month: 21 %", "equal"), ("year: 81 %", "equal"), ("year: 79 %", "better")):
        capped = quarterly.replace("base:", f"limits: {{{limits} of base}}, base:")
        assert order(capped, quarterly, "credit") == expected


def test_what_is_only_measured_is_less_than_a_level() -> None:
    """A level that is given up is worse, and so is its remedy."""
    without = UPTIME.replace('">= 99.9 %"', "none").partition("remedy:")[0]
    found = changes(UPTIME, without)
    assert (found["uptime"].order, found["credit"].how, found["credit"].order) == (
        "worse",
        "removed",
        "worse",
    )


def test_steps_compare_by_each_of_their_numbers() -> None:
    """Shorter steps, more for each, and steps that have only begun are better."""
    steps = "steps: {each: 30m, give: 5 %}, "
    base = UPTIME.replace('bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}, top: level, ', steps)
    assert order(base, base.replace("30m", "15m"), "credit") == "better"
    assert order(base, base.replace("give: 5 %", "give: 5 %, begun: true"), "credit") == "better"
    assert order(base, base.replace("give: 5 %", "give: 4 %"), "credit") == "worse"
    assert order(base, base.replace("give: 5 %", "give: 5 %, free: 10m"), "credit") == "worse"
    assert order(base, base.replace("30m", "15m").replace("5 %", "4 %"), "credit") == "incomparable"
    assert order(base, base.replace("give: 5 %", "give: 5 %, of: each day"), "credit") == "incomparable"
    assert order(base, UPTIME, "credit") == "incomparable"


# -- how the terms may change ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{needed: false}", "{needed: true}", "worse"),
        ("{about: period}", "{about: either}", "better"),
        ("{about: period}", "{about: item}", "incomparable"),
        ("{counts from: received}", "{counts from: earliest}", "better"),
        ("{counts from: earliest}", "{counts from: sent}", "worse"),
        ("{channel: [email]}", "{channel: [email, chat]}", "better"),
        ("{channel: [email]}", "{needed: true}", "better"),
        ("{channel: [email]}", "{channel: [chat]}", "incomparable"),
        ("{include: [account]}", "{include: [account, impact]}", "worse"),
        ("{include: [account]}", "{include: [impact]}", "incomparable"),
        ("{protective: true}", "{protective: false}", "worse"),
        ("{decision: final}", "{decision: beside the verdict}", "better"),
        ("{to: here}", "{to: there}", "incomparable"),
        ("{two decide above: 10.00 EUR}", "{two decide above: 20.00 EUR}", "incomparable"),
        ("{decided on: logs}", "{decided on: words}", "incomparable"),
        ("{needed: true}", "{}", "equal"),
    ],
)
def test_the_rule_of_claims_is_compared_too(before: str, after: str, expected: Order) -> None:
    """What asks less of the customer, or decides less over him, is better."""
    assert order(f"{clock(*BASE)}claim: {before}\n", f"{clock(*BASE)}claim: {after}\n", "claim") == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{notice: 60d}", "{notice: 30d}", "worse"),
        ("{notice: 60d}", "{notice: 60 days}", "equal"),
        ("{notice: none}", "{notice: 1 month}", "better"),
        ("{notice: 60d}", "{notice: 60d, never below: commitments in force}", "better"),
        ("{never below: commitments in force}", "{never below: commitments at signature}", "better"),
        (
            "{never below: commitments at signature}",
            "{never below: commitments at signature, until: contract ends}",
            "better",
        ),
        ("{notice: 60d}", "{notice: 60d, clocks: new version}", "incomparable"),
        ("{notice: 60d}", "{notice: 60d, applies from: next month}", "better"),
    ],
)
def test_the_rule_of_changes_is_compared_too(before: str, after: str, expected: Order) -> None:
    """What protects the customer longer, or from more, is better."""
    assert order(f"{clock(*BASE)}amend: {before}\n", f"{clock(*BASE)}amend: {after}\n", "amend") == expected


# -- covenants and rights to terminate ---------------------------------------------------------------------

SECRETS = "covenant: {secrets: {what: keys are safe, since: 2026-03-01, register: [by, credential]}}\n"


def test_a_covenant_that_is_added_is_better_and_one_that_is_gone_is_worse() -> None:
    """It binds the provider alone."""
    assert changes("", SECRETS)["secrets"].order == "better"


@pytest.mark.parametrize(
    ("now", "what", "expected"),
    [
        ("what: logins are safe, since: 2026-03-01, register: [by, credential]", "what", "incomparable"),
        ("what: keys are safe, since: 2026-02-01, register: [by, credential]", "since", "better"),
        ("what: keys are safe, register: [by, credential]", "since", "better"),
        ("what: keys are safe, since: 2026-03-01", "register", "better"),
        ("what: keys are safe, since: 2026-03-01, register: [learned_at]", "register", "incomparable"),
        ("what: keys are safe, since: 2026-03-01, register: [by, credential], judged: each month", "judged",
         "incomparable"),
        ("what: keys are safe, since: 2026-03-01, register: [by, credential], modality: objective",
         "modality", "worse"),
    ],
)  # fmt: skip
def test_the_parts_of_a_covenant_compare(now: str, what: str, expected: Order) -> None:
    """An earlier beginning and a fuller register are better."""
    (part,) = changes(SECRETS, f"covenant: {{secrets: {{{now}}}}}\n")["secrets"].parts
    assert (part.what, part.order) == (what, expected)


LEAVING = UPTIME.partition("remedy:")[0] + "remedy: {leave: {of: uptime, unit: termination, EXERCISE}}\n"


@pytest.mark.parametrize(
    ("before", "now", "what", "expected"),
    [
        ("within: 30d", "within: 60d", "exercised within", "better"),
        ("within: 30d", "notice: none", "exercised within", "better"),
        ("within: 2h", "within: 2h of weekends", "exercised within", "better"),
        ("notice: 60d", "notice: 30d", "notice", "better"),
        ("notice: 60d", "ends: day", "notice", "better"),
        ("ends: month", "ends: day", "ends with the", "better"),
    ],
)
def test_a_right_that_lasts_longer_or_ends_sooner_is_better(
    before: str, now: str, what: str, expected: Order
) -> None:
    """Without a limit is longest, without a notice is soonest."""
    texts = [LEAVING.replace("EXERCISE", f"exercise: {{{one}}}") for one in (before, now)]
    (part,) = changes(*texts)["leave"].parts
    assert (part.what, part.order) == (what, expected)


def test_a_reminder_is_no_promise_and_compares_with_nothing() -> None:
    """What is announced without a promise is neither better nor worse."""
    assert changes("", "remind: {certificate: {what: a certificate, from: 2027-01-01}}\n") == {}
