"""Availability by the worked numbers and the readings of the five agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from upheld.core.measuring.measure import measure, settled_by, streams_of
from upheld.core.measuring.observation import State
from upheld.core.measuring.taken import Taken
from upheld.core.terms.indicator import Component, Effect, Exclusion, Indicator, SliceRule
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant, parse_instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Literal
from upheld.core.verdicts.measurement import Measurement, PartName

from .observed import Row, Rows, matter_of

JUNE = Period(parse_instant("2026-06-01T00:00:00Z"), parse_instant("2026-07-01T00:00:00Z"), "2026-06")
NOON = JUNE.start_at + 9 * DAY + 12 * HOUR
LATER = JUNE.end_at + DAY
FOREVER = Spans.of([(JUNE.start_at - 400 * DAY, JUNE.end_at + 400 * DAY)])
FIVE = 5 * MINUTE
RATIO = Arithmetic("/", Attribute("good"), Attribute("total"))
GOOD_WHEN = Compare(">=", RATIO, Literal(Fraction(99, 100), "ratio"))
SLICES = SliceRule(FIVE, GOOD_WHEN, run=2)
UPTIME = Indicator("uptime", "checks", "api", per=SLICES)
LEAVES = {name: Component(name) for name in ("api", "voice", "dashboard")}
SERVICE = {**LEAVES, "service": Component("service", "all", tuple(LEAVES))}
SIVO = replace(UPTIME, of="service")


def watched(*names: str, start_at: Instant = JUNE.start_at, end_at: Instant = JUNE.end_at) -> Rows:
    """A good check each minute, from a while before the period until a while after it."""
    rows = Rows()
    for name in names or ("api",):
        rows.check(name, start_at - HOUR, end_at + HOUR)
    return rows


def fail_slices(rows: Rows, pattern: str, name: str = "api", at: Instant = NOON) -> Rows:
    """Slices from an instant on: `1` is bad, `.` has no checks."""
    for i, sign in enumerate(pattern):
        start_at = at + i * FIVE
        if sign == "1":
            rows.fail(name, start_at, start_at + FIVE)
        elif sign == ".":
            rows.rows[name] = rows.hide(name, Spans.of([(start_at, start_at + FIVE)])).rows[name]
    return rows


def exclusion(start_us: int, end_us: int, *effects: Effect, name: str = "window", **more: object) -> Taken:
    """An exclusion of a stretch counted from noon."""
    rule = Exclusion(name, "maintenance", frozenset(effects or ("not bad",)), **more)  # type: ignore[arg-type]
    return Taken(rule, {"": Spans.of([(NOON + start_us, NOON + end_us)])})


def measured(
    rows: Rows, *taken: Taken, indicator: Indicator = UPTIME, at: Instant = LATER,
    components: dict[str, Component] = SERVICE, in_force: Spans = FOREVER,
) -> Measurement:  # fmt: skip
    """The one measurement of June."""
    matter = matter_of(components, rows, indicator)
    (found,) = measure(indicator, matter, JUNE, at, in_force, taken)
    assert sum(part.amount for part in found.parts) == JUNE.length_us
    return found


def minutes(found: Measurement, name: PartName) -> Fraction:
    """The minutes of a part."""
    return Fraction(found.amount(name), MINUTE)


@pytest.mark.parametrize(
    ("pattern", "slices", "percent"),
    [
        ("10110111", 5, "99.94213"),
        ("1" * 9, 9, "99.89583"),
        ("1111", 4, "99.95370"),
        ("1" * 8, 8, "99.90741"),
    ],
)
def test_bad_slices_in_runs_are_down(pattern: str, slices: int, percent: str) -> None:
    """SIVO, June 2026: a run of two or more counts whole, a slice alone is degraded."""
    found = measured(fail_slices(watched(), pattern))
    assert minutes(found, "down") == 5 * slices
    assert minutes(found, "degraded") == 5 * (pattern.count("1") - slices)
    assert found.to_date.value is not None
    assert f"{float(found.to_date.value * 100):.5f}" == percent
    assert found.is_settled
    assert found.to_date == found.final
    assert found.to_date.low == found.to_date.value == found.to_date.high == found.worst_final


def test_excluded_time_leaves_the_total_and_unavailable_time_is_counted_without_it() -> None:
    """CENG Voice, Q1 2026: 129,540 minutes, 300 excluded, 20 unavailable come to 99.98452 %."""
    start_at, end_at = parse_instant("2025-12-31T23:00:00Z"), parse_instant("2026-03-31T22:00:00Z")
    quarter = Period(start_at, end_at, "2026-Q1")
    assert quarter.length_us == 129_540 * MINUTE
    noon = start_at + 12 * HOUR
    rows = watched(start_at=start_at, end_at=end_at).fail("api", noon, noon + 320 * MINUTE)
    rule = Exclusion("work", "maintenance", frozenset({"not bad", "out of total"}))
    taken = Taken(rule, {"api": Spans.of([(noon, noon + 300 * MINUTE)])})
    indicator = replace(UPTIME, per=SliceRule(MINUTE))
    (found,) = measure(indicator, matter_of(SERVICE, rows, indicator), quarter, end_at, FOREVER, [taken])
    assert found.to_date.value == Fraction(129_540 - 300 - 20, 129_540 - 300)
    assert f"{float(found.to_date.value * 100):.5f}" == "99.98452"
    double = rule.__class__("work", "maintenance", frozenset({"out of total"}))
    (found,) = measure(
        indicator,
        matter_of(SERVICE, rows, indicator),
        quarter,
        end_at,
        FOREVER,
        [taken._replace(rule=double)],
    )
    assert found.to_date.value == Fraction(129_540 - 300 - 320, 129_540 - 300)


def test_excluded_time_can_stay_in_the_total() -> None:
    """ROUS/R3: 240 minutes of maintenance and 216 down are 99.4972 % without them, 99.5 % with."""
    rows = watched().fail("api", NOON, NOON + 456 * MINUTE)
    indicator = replace(UPTIME, per=SliceRule(MINUTE))
    for effects, total in ((("not bad", "out of total"), 43_200 - 240), (("not bad",), 43_200)):
        found = measured(rows, exclusion(0, 240 * MINUTE, *effects), indicator=indicator)  # type: ignore[arg-type]
        assert found.to_date.value == 1 - Fraction(216, total)
        assert minutes(found, "excluded") == 240


@pytest.mark.parametrize(
    ("partly", "seconds"), [("judged on the rest", 480), ("excluded whole", 0), ("not excluded", 600)]
)
@pytest.mark.parametrize("takes", ["all", "bad"])
def test_a_slice_that_is_partly_excluded(partly: str, seconds: int, takes: str) -> None:
    """SIVO/S30: of two bad slices, the second is covered for 2 of its 5 minutes."""
    indicator = replace(UPTIME, per=replace(SLICES, partly=partly))  # type: ignore[arg-type]
    taken = exclusion(FIVE, FIVE + 2 * MINUTE, "not bad", "breaks run", takes=takes)
    found = measured(fail_slices(watched(), "11"), taken, indicator=indicator)
    assert found.amount("down") == seconds * 1_000_000
    (part,) = [part for part in found.parts if part.name == "excluded"] or [None]
    assert (part is None) == (partly == "not excluded")
    assert part is None or part.by == "window"


def test_a_bad_slice_is_judged_again_without_what_a_cause_did() -> None:
    """Where the checks outside the attributed stretch were good, the rest of the slice is up."""
    rows = watched().fail("api", NOON, NOON + 2 * MINUTE).fail("api", NOON + FIVE, NOON + 2 * FIVE)
    found = measured(rows, exclusion(0, 2 * MINUTE, takes="bad"))
    assert minutes(found, "excluded") == 2
    assert minutes(found, "degraded") == 5
    found = measured(rows, exclusion(0, FIVE, takes="bad"), exclusion(DAY, 2 * DAY, takes="bad"))
    assert minutes(found, "excluded") == 5, "a cause takes no good time"


@pytest.mark.parametrize(("effects", "down"), [(("not bad",), 10), (("not bad", "breaks run"), 0)])
def test_a_wholly_excluded_slice_joins_or_breaks_a_run(effects: tuple[Effect, ...], down: int) -> None:
    """SIVO/S8: between two bad slices it decides whether they are alone; it makes no run itself."""
    rows = fail_slices(watched(), "111")
    assert minutes(measured(rows, exclusion(FIVE, 2 * FIVE, *effects)), "down") == down
    assert minutes(measured(fail_slices(watched(), "11"), exclusion(FIVE, 2 * FIVE, *effects)), "down") == 0


def test_a_run_over_the_end_of_the_period_is_cut_after_it_was_found() -> None:
    """SIVO/S9: one bad slice on each side of midnight; with `cut` each stands alone."""
    rows = fail_slices(watched(), "11", at=JUNE.end_at - FIVE)
    rows = fail_slices(rows, "11", at=JUNE.start_at - FIVE)
    assert minutes(measured(rows), "down") == 10
    cut = replace(UPTIME, per=replace(SLICES, cut_at_period=True))
    assert minutes(measured(rows, indicator=cut), "down") == 0


def test_a_run_over_the_end_is_settled_when_the_next_slice_is_over() -> None:
    """A bad last slice waits for the one after it; a good one does not."""
    rows = fail_slices(watched(), "11", at=JUNE.end_at - FIVE)
    waiting = measured(rows, at=JUNE.end_at)
    assert not waiting.is_settled
    assert minutes(waiting, "down") == 0
    assert waiting.worst_final < waiting.final.low == 1
    last_at = settled_by(UPTIME, JUNE)
    assert last_at == JUNE.end_at + FIVE
    settled = measured(rows, at=last_at)
    assert settled.is_settled
    assert settled.final.value == waiting.worst_final
    assert measured(watched(), at=JUNE.end_at).is_settled


def test_any_parts_or_the_same_part_fail_in_a_row() -> None:
    """SIVO/S5: api and voice fail one after the other."""
    rows = fail_slices(fail_slices(watched(*LEAVES), "1"), "01", "voice")
    assert minutes(measured(rows, indicator=SIVO), "down") == 10
    same = replace(SIVO, per=replace(SLICES, same_part=True))
    found = measured(rows, indicator=same)
    assert (minutes(found, "down"), minutes(found, "degraded")) == (0, 10)


@pytest.mark.parametrize(
    ("lone", "part"), [("degraded", "degraded"), ("down", "down"), ("unknown", "unknown")]
)
def test_a_bad_slice_alone(lone: str, part: PartName) -> None:
    """SIVO/S3: it is degraded, down or unknown, as the agreement says."""
    found = measured(fail_slices(watched(), "1"), indicator=replace(UPTIME, lone=lone))  # type: ignore[arg-type]
    assert minutes(found, part) == 5
    assert found.to_date.low == (1 if lone == "degraded" else 1 - Fraction(5, 43_200))
    assert found.to_date.high == (1 if lone != "down" else 1 - Fraction(5, 43_200))


def test_unknown_time_is_in_the_bounds_before_runs_are_found() -> None:
    """SIVO/S12: a slice without checks beside a lone bad one could make it count."""
    found = measured(fail_slices(watched(), "1."))
    assert (minutes(found, "degraded"), minutes(found, "unknown"), minutes(found, "down")) == (5, 5, 0)
    assert found.to_date == (1, 1 - Fraction(10, 43_200), 1)


@pytest.mark.parametrize(
    ("gaps", "down", "total"), [("unknown", 10, 43_200), ("up", 10, 43_200), ("down", 15, 43_200),
                                ("out of total", 10, 43_195)],
)  # fmt: skip
def test_what_missing_data_count_as(gaps: str, down: int, total: int) -> None:
    """The reading sets the value and the parts; the bounds stay (G3)."""
    found = measured(fail_slices(watched(), "11."), indicator=replace(UPTIME, gaps=gaps))  # type: ignore[arg-type]
    assert (found.bad, found.total) == (down * MINUTE, total * MINUTE)
    assert found.to_date.low == 1 - Fraction(15, 43_200)
    assert found.to_date.high == 1 - Fraction(10, 43_200)
    assert bool(found.notes) == (gaps in ("up", "down"))


def test_unattributed_bad_time_can_be_unknown() -> None:
    """SIVO/S33 under the other reading: only what has a recorded cause is down."""
    rows, indicator = fail_slices(watched(), "1111"), replace(UPTIME, unattributed="unknown")
    caused = {"api": Spans.of([(NOON, NOON + 2 * FIVE)])}
    matter = matter_of(SERVICE, rows, indicator)
    (found,) = measure(indicator, matter, JUNE, LATER, FOREVER, [], attributed=caused)
    assert (minutes(found, "down"), minutes(found, "unknown")) == (10, 10)
    assert found.to_date.low == 1 - Fraction(20, 43_200)


def test_parts_are_those_of_the_contract_and_the_component() -> None:
    """Before the start, after the end and what is not yet over stand apart, and leave the total."""
    components = {"api": replace(LEAVES["api"], until_on=None)}
    in_force = Spans.of([(JUNE.start_at + DAY, JUNE.start_at + 20 * DAY)])
    found = measured(watched(), components=components, in_force=in_force, at=NOON)
    assert found.amount("before start") == DAY
    assert found.amount("not yet") == JUNE.end_at - NOON
    assert found.total == NOON - JUNE.start_at - DAY
    assert found.final_total == 19 * DAY
    late = measured(watched(), components=components, in_force=in_force)
    assert [(part.by, part.amount) for part in late.parts if part.name == "outside hours"] == [
        ("after the end", 10 * DAY)
    ]
    whole = measured(watched(), indicator=replace(UPTIME, whole=True), in_force=in_force)
    assert whole.total == 30 * DAY


def test_nothing_measured_is_met_or_undetermined_as_the_agreement_says() -> None:
    """Without any time in force there is no value."""
    found = measured(watched(), in_force=Spans.empty)
    assert found.to_date == (None, 1, 1)
    found = measured(watched(), in_force=Spans.empty, indicator=replace(UPTIME, empty_met=False))
    assert found.to_date == (None, 0, 1)


def test_states_hold_until_the_next_one_or_their_greatest_age() -> None:
    """A state seen before the period holds into it; an old one is unknown."""
    held = [State(JUNE.start_at - HOUR, True), State(NOON, False), State(NOON + HOUR, True, True)]
    rows = Rows(held={"api": held})
    indicator = Indicator("uptime", "states", "api")
    found = measured(rows, indicator=indicator)
    assert found.amount("down") == HOUR
    assert found.amount("degraded") == JUNE.end_at - NOON - HOUR
    matter = matter_of(SERVICE, rows, indicator, max_age_us=2 * HOUR)
    (found,) = measure(indicator, matter, JUNE, LATER, FOREVER, [])
    assert [found.amount(name) for name in ("up", "down", "degraded")] == [HOUR, HOUR, 2 * HOUR]
    assert found.amount("unknown") == JUNE.length_us - 4 * HOUR


def test_incidents_of_a_whole_are_those_of_its_parts() -> None:
    """An incident that names the service makes every plane of it bad."""
    indicator = Indicator("uptime", "incidents", "service")
    matter = matter_of(SERVICE, Rows(), indicator)
    bad = Spans.of([(NOON, NOON + HOUR)])
    for name in ("", "service", "voice"):
        (found,) = measure(indicator, matter, JUNE, LATER, FOREVER, [], {name: bad})
        assert found.amount("down") == HOUR
        assert found.outages == bad
    (found,) = measure(replace(indicator, of="api"), matter, JUNE, LATER, FOREVER, [], {"voice": bad})
    assert found.amount("down") == 0


@pytest.mark.parametrize(("before", "down"), [(True, 10), (False, 0)])
def test_exclusions_before_and_after_combining(before: bool, down: int) -> None:
    """Work on the voice plane gives nothing back of the api, unless it is taken from the service."""
    rows = fail_slices(watched(*LEAVES), "11")
    taken = exclusion(0, 2 * FIVE, before_combining=before)._replace(
        spans={"voice": Spans.of([(NOON, NOON + 2 * FIVE)])}
    )
    assert minutes(measured(rows, taken, indicator=SIVO), "down") == down


def test_exclusions_of_some_indicators_and_components() -> None:
    """An exclusion that names others takes nothing."""
    rows = fail_slices(watched(), "11")
    for more, down in (
        ({"indicators": ("other",)}, 10), ({"components": ("voice",)}, 10),
        ({"components": ("service",)}, 0), ({"indicators": ("uptime",)}, 0),
    ):  # fmt: skip
        assert minutes(measured(rows, exclusion(0, DAY, **more)), "down") == down  # type: ignore[arg-type]


def test_across_components() -> None:
    """The worst, the mean, by weight, pooled, and the level that two reach; each on its own without."""
    rows = fail_slices(fail_slices(watched(*LEAVES), "11"), "1111", "voice")
    components = {**LEAVES, "planes": Component("planes", "each", tuple(LEAVES))}
    month = Fraction(43_200)
    each = measure(
        replace(UPTIME, of="planes"), matter_of(components, rows, UPTIME), JUNE, LATER, FOREVER, []
    )
    assert [one.to_date.value for one in each] == [1 - 10 / month, 1 - 20 / month, 1]
    weights = {"api": Fraction(2), "voice": Fraction(1), "dashboard": Fraction(1)}
    for across, lost, decisive in (
        ("worst", 20, "voice"), ("mean", 10, ""), ("weighted", 10, ""), ("pooled", 10, ""),
        ("at least", 10, "api"),
    ):  # fmt: skip
        indicator = replace(UPTIME, of="planes", across=across, at_least=2, weights=weights)  # type: ignore[arg-type]
        (one,) = measure(indicator, matter_of(components, rows, indicator), JUNE, LATER, FOREVER, [])
        assert one.to_date.value == 1 - lost / month
        assert one.to_date.low == one.to_date.value == one.worst_final
        assert (one.decisive, len(one.of), one.is_settled) == (decisive, 3, True)


def test_a_component_that_begins_in_the_month_has_its_own_total() -> None:
    """ROUS: a part is measured from its first day; a tie does not miss it before."""
    from_on = parse_instant("2026-06-16T00:00:00Z")
    components = {**SERVICE, "voice": replace(LEAVES["voice"], from_on=_day(16))}
    rows = watched("api", "dashboard").check("voice", from_on, JUNE.end_at + HOUR)
    found = measured(rows, components=components, indicator=replace(UPTIME, of="voice"))
    assert (found.total, found.amount("before start")) == (15 * DAY, 15 * DAY)
    assert measured(rows, components=components, indicator=SIVO).to_date == (1, 1, 1)


def _day(number: int) -> date:
    return date(2026, 6, number)


def test_a_month_costs_its_exceptions() -> None:
    """A month of equal slices is one run, and the condition is asked once for each pair of counts."""
    rows = fail_slices(watched(), "11")
    matter = matter_of(SERVICE, rows, UPTIME)
    (stream,) = streams_of(UPTIME, matter)
    runs = rows.slices(stream, matter.signals[0], FIVE, JUNE.start_at, JUNE.end_at)
    assert len(runs) == 3
    found = measured(rows)
    assert sum(len(part.spans) for part in found.parts) == 3


def test_slices_that_tell_too_little_are_unknown_and_empty_counts_are_good() -> None:
    """A minimum makes thin slices unknown; 0 of 0 requests is known to be nothing."""
    indicator = replace(UPTIME, per=replace(SLICES, minimum=6))
    assert measured(watched(), indicator=indicator).amount("unknown") == JUNE.length_us
    counts = Rows().tell("api", [Row(at, 0, 0) for at in range(JUNE.start_at, JUNE.end_at, FIVE)])
    indicator = replace(UPTIME, basis="counts")
    assert measured(counts, indicator=indicator).amount("up") == JUNE.length_us
