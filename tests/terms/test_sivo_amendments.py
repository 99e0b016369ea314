"""SIVO: sixty days of notice, and never below what was in force at signature."""

from __future__ import annotations

from .amended import amended, held, starts

SIGNED = "plan: enterprise, from: 2026-01-15, term: 12 months, fees: {month: 499.00 EUR}"
LOWER = ('level: ">= 99.95 %"', 'level: ">= 99.9 %"')


def test_sivo_9_1_a_change_needs_sixty_days() -> None:
    """Published on the first of July, it begins on the thirtieth of August."""
    one = amended("sivo", LOWER, contract=SIGNED, published="2026-07-01")
    assert starts(one) == "2026-08-30"


def test_sivo_9_2_a_lower_level_waits_until_the_contract_period_ends() -> None:
    """Contracts in force keep 99.95 to the end of their year, and of the month in which that is."""
    one = amended("sivo", LOWER, contract=SIGNED, published="2026-07-01")
    assert {step.commitment: step.order for step in one.steps} == {"uptime": "worse", "credit": "worse"}
    assert held(one, "uptime") == [("old", "2026-01-15"), ("new", "2027-02-01")]
    assert held(one, "credit") == held(one, "uptime")


def test_sivo_9_2_new_contracts_get_the_lower_level() -> None:
    """Whoever signs after the publication signs 99.9."""
    late = SIGNED.replace("2026-01-15", "2026-07-02")
    one = amended("sivo", LOWER, contract=late, published="2026-07-01")
    assert (one.is_new, one.signed.startswith("new-"), one.steps) == (True, True, ())


def test_sivo_9_2_what_is_better_begins_after_the_notice() -> None:
    """A level that is raised waits for nothing else; neither does a faster answer."""
    faster = ("within: {S1: 30m, S2: 2h, other: 8h}", "within: {S1: 15m, S2: 2h, other: 8h}")
    one = amended("sivo", LOWER, faster, contract=SIGNED, published="2026-07-01")
    assert held(one, "response") == [("old", "2026-01-15"), ("new", "2026-08-30")]
    higher = ('level: ">= 99.95 %"', 'level: ">= 99.99 %"')
    assert held(amended("sivo", higher, contract=SIGNED, published="2026-07-01"), "uptime")[-1] == (
        "new",
        "2026-09-01",
    )


def test_sivo_9_2_what_is_neither_keeps_the_version_at_signature() -> None:
    """S2 sooner and normal later: neither version is below the other, so the signed one stays."""
    mixed = ("within: {S1: 30m, S2: 2h, other: 8h}", "within: {S1: 30m, S2: 1h, other: 9h}")
    one = amended("sivo", mixed, contract=SIGNED, published="2026-07-01")
    (step,) = one.steps
    assert step.order == "incomparable"
    assert held(one, "response") == [("old", "2026-01-15"), ("new", "2027-01-15")]


def test_sivo_s27_under_the_other_reading_the_notice_is_all() -> None:
    """The new version holds for everybody after sixty days, whatever was signed."""
    readings = ("the better of both until the period ends", "the new version after the notice")
    one = amended("sivo", LOWER, contract=SIGNED, published="2026-07-01", taking=readings)
    assert held(one, "uptime") == [("old", "2026-01-15"), ("new", "2026-09-01")]
