"""An agreement compiles to the values that it says: readings, layers, decisions, events, calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from tests.language.texts import CONTRACT, HEAD, clock_of, contract_of, mapping, terms_of, tree
from upheld.core.terms.agreement import ALWAYS, Branch, Contact, Rows, Stage, Target
from upheld.core.timeline.calendar import BusinessDay
from upheld.core.timeline.instant import DAY, HOUR, instant_of
from upheld.core.values.amount import Amount, time_amount
from upheld.core.values.value import Money
from upheld.language.compile import compile_terms
from upheld.language.layers import resolved
from upheld.language.lock import HolidaySpec, make_lock
from upheld.language.writer import write_yaml

SUPPORT = "calendar: {support: {zone: Europe/Madrid, open: Mon-Fri 09:00-17:00, business day: 8h}}\n"
GOLD = CONTRACT.replace("from:", "plan: gold, from:")
TWO_HOURS = time_amount(2 * HOUR)


def _at(text: str) -> int:
    return instant_of(datetime.fromisoformat(text).replace(tzinfo=UTC))


# -- readings ----------------------------------------------------------------------------------------------


def test_the_option_taken_is_the_value() -> None:
    """A value by an assumption is that of the option it takes, wherever it stands, and the row remembers."""
    clock = clock_of(
        SUPPORT + "deadline:\n  r:\n    from: opened\n"
        "    until: [answered, {by hours: {support: closed, all day: resolved}}]\n"
        "    on: {by hours: {support: support, all day: always}}\n    within: 2h\n"
    )
    assert clock.on == "support"
    assert [match.word for match in clock.stops] == ["answered", "closed"]
    assert clock.cited.readings == ("hours",)


def test_a_row_remembers_readings_through_its_calendar_and_scale() -> None:
    """A row that uses a calendar, or decides by a scale, that consulted an assumption consulted it too."""
    head = HEAD.replace("P3: odd", "P3: {by urgency: {loose: odd, strict: broken}}").replace(
        "assume: {", "assume: {urgency: {issue: u, options: [loose, strict], take: loose, because: b}, "
    )
    terms = terms_of(
        "calendar:\n"
        "  support:\n    zone: UTC\n"
        "    open: {by hours: {support: Mon-Fri 09:00-17:00, all day: daily 00:00-24:00}}\n"
        "  wide: {union: [support, always]}\n"
        "deadline:\n"
        "  a: {from: opened, until: answered, on: wide, within: 2h}\n"
        "  b: {from: opened, until: answered, within: {P1: 1h, P2: 2h, P3: 3h}}\n"
        "  c: {where: priority = P1, from: opened, until: answered, within: 1h}\n"
        "  d: {from: opened, until: answered, within: 1h}\n",
        head=head,
    )
    readings = {clock.name: clock.cited.readings for clock in terms.clocks}
    assert readings == {"a": ("hours",), "b": ("urgency",), "c": ("urgency",), "d": ()}


def test_a_row_is_not_blamed_for_a_mixture_that_nobody_can_choose() -> None:
    """A row and its calendar by one assumption are never read under two of its options."""
    rows = (
        "calendar:\n"
        "  c: {zone: UTC, open: Mon-Fri 09:00-17:00,\n"
        "      business day: {by hours: {support: end of day, all day: 8h}}}\n"
        "deadline:\n"
        "  r: {from: opened, until: answered, on: c, within: 1 business day,\n"
        "      pause: {by hours: {support: none, all day: waiting}}}\n"
    )
    assert terms_of(rows).clocks[0].pauses == ()
    paused = terms_of(rows, head=HEAD.replace("take: support", "take: all day"))
    assert len(paused.clocks[0].pauses) == 1


def test_a_reading_can_remove_a_field_or_a_row() -> None:
    """`none` as the value of an option is a field, or a row, that is not there under that reading."""
    rows = (
        "deadline:\n"
        "  r: {from: opened, until: answered, within: 2h,\n"
        "      pause: {by hours: {support: none, all day: waiting}}}\n"
        "obligation:\n"
        "  o: {by hours: {support: none, all day: {times: 1, per: calendar year}}}\n"
    )
    terms = terms_of(rows)
    assert terms.clocks[0].pauses == ()
    assert terms.clocks[0].cited.readings == ("hours",)
    assert terms.obligations == ()


def test_the_document_may_consult_a_reading() -> None:
    """A zone by an assumption is remembered by every row whose period is counted in it, and by no other."""
    head = HEAD.replace("zone: Europe/Madrid", "zone: {by hours: {support: Europe/Madrid, all day: UTC}}")
    terms = terms_of(
        "obligation:\n"
        "  a: {times: 1, per: calendar year}\n"
        "  b: {times: 1, per: calendar year, zone: UTC}\n"
        "deadline:\n  r: {from: opened, until: answered, within: 2h}\n",
        head=head,
    )
    assert terms.zone == "Europe/Madrid"
    assert [rule.cited.readings for rule in terms.obligations] == [("hours",), ()]
    assert terms.clocks[0].cited.readings == ("hours",)  # `always` begins its days in that zone


# -- layers ------------------------------------------------------------------------------------------------

LAYERED = (
    SUPPORT
    + "deadline:\n"
    + "  r: {from: opened, until: answered, on: support, within: {P1: 2h, P2: 4h, P3: 6h}}\n"
    + "  s: {from: opened, until: resolved, within: 8h}\n"
    + "plan:\n"
    + "  gold: {deadline: {r: {within: {P1: 1h, P3: none}, on: always}, s: none}}\n"
    + "  iron: {}\n"
)


def test_plan_over_agreement_and_override_over_plan() -> None:
    """Rows of the plan lie over those of the agreement, those of the contract over both."""
    contract = (
        CONTRACT.replace("from:", "plan: gold, from:") + "override: {deadline: {r: {within: {P2: 3h}}}}\n"
    )
    bound = terms_of(LAYERED, contract=contract)
    assert [clock.name for clock in bound.clocks] == ["r"]
    within = bound.clocks[0].within
    assert isinstance(within, Branch)
    limits = [str(row.limit) if isinstance(row, Target) else row for row in within.rows.values()]
    assert limits == ["1h", "3h", None]
    assert bound.clocks[0].on == ALWAYS
    assert (bound.plan, bound.contract and bound.contract.plan) == ("gold", "gold")
    plain = terms_of(LAYERED, plan="iron")
    assert [clock.name for clock in plain.clocks] == ["r", "s"]
    assert plain.clocks[0].on == "support"


def test_none_in_a_decision_of_a_plan_is_a_value() -> None:
    """A plan that writes `P3: none` says that nothing is in force there; it removes no row."""
    rows = LAYERED.replace("P3: 6h", "other: 6h")
    within = terms_of(rows, plan="gold").clocks[0].within
    assert isinstance(within, Branch)
    assert "P3" in within.rows
    assert within.rows["P3"] is None
    assert within.other == Target(limit=time_amount(6 * HOUR))


def test_a_plan_given_takes_the_place_of_the_contracts() -> None:
    """A plan that the caller names (after a change of plan) holds instead of the contract's."""
    contract = mapping(GOLD, "c-1.yaml")
    terms, findings = compile_terms(tree(HEAD + LAYERED), contract=contract, plan="iron")
    assert findings == ()
    assert terms is not None
    assert terms.plan == "iron"


def test_resolved_names_the_origin_of_every_line() -> None:
    """The resolved text holds the layers' values, each with the file and line where it was written."""
    contract = (
        CONTRACT.replace("from:", "plan: gold, from:") + "override: {deadline: {r: {within: {P2: 3h}}}}\n"
    )
    text = write_yaml(resolved(mapping(HEAD + LAYERED), "gold", mapping(contract, "c-1.yaml")), origins=True)
    lines = {line.split("#")[0].strip(): line.split("# ")[-1] for line in text.splitlines()}
    assert lines["P2: 3h"] == "c-1.yaml:2"
    assert lines["P1: 1h"] == "acme.yaml:10"
    assert "plan:" not in lines


def test_the_contracts_zone_takes_the_place_of_the_documents() -> None:
    """Periods, and the days of `always`, are those of the contract's zone where it names one."""
    rows = "obligation: {o: {times: 1, per: contract year}}\n"
    terms = terms_of(rows, contract=CONTRACT.replace("from:", "zone: Asia/Tokyo, from:"))
    assert terms.zone == "Asia/Tokyo"
    assert terms.obligations[0].period.zone.name == "Asia/Tokyo"
    assert terms.obligations[0].period.anchor == date(2026, 2, 1)
    assert terms.calendars[ALWAYS].rule.zone.name == "Asia/Tokyo"


# -- decisions ---------------------------------------------------------------------------------------------

KIND = (
    "attribute: {kind: {of: ticket, type: text, values: [incident, question, change], default: incident}}\n"
)


def test_a_decision_is_told_by_its_values() -> None:
    """The attribute that decides is the one whose values the keys are; decisions nest."""
    clock = clock_of(
        KIND
        + "deadline: {r: {from: opened, until: answered, "
        + "within: {incident: {P1: 2h, other: 4h}, question: 2 business days, change: none}}}"
    )
    assert clock.within == Branch(
        "kind",
        {
            "incident": Branch(
                "priority", {"P1": Target(limit=TWO_HOURS)}, Target(limit=time_amount(4 * HOUR))
            ),
            "question": Target(limit=Amount("business days", 2)),
            "change": None,
        },
    )


def test_a_decision_by_what_is_a_choice_undeclared() -> None:
    """The kinds of maintenance are a choice that no agreement has to declare."""
    clock = clock_of(
        "deadline: {r: {of: maintenance, from: announced, until: started, "
        "within: {scheduled: 2h, emergency: 1h, other: none}}}"
    )
    assert isinstance(clock.within, Branch)
    assert clock.within.attribute == "kind"


def test_goal_limit_and_calendar_of_a_target() -> None:
    """A target may have a goal and a limit, each of a calendar of its own; `limit: none` has no limit."""
    clock = clock_of(
        SUPPORT
        + "deadline: {r: {from: opened, until: answered, within: "
        + "{P1: {goal: 1h of always, limit: 2h of support}, P2: {goal: 2h, limit: none}, P3: none}}}"
    )
    assert isinstance(clock.within, Branch)
    assert clock.within.rows == {
        "P1": Target(time_amount(HOUR), TWO_HOURS, "support", "always"),
        "P2": Target(TWO_HOURS),
        "P3": None,
    }


def test_rows_of_targets() -> None:
    """A list of rows tells targets apart by expressions, with the convention for several that match."""
    clock = clock_of(
        "deadline: {r: {from: opened, until: answered, choose: worst, within: "
        "[{where: channel = phone, limit: 2h}, {where: priority = P1, within: {P1: 1h, other: none}}]}}"
    )
    assert isinstance(clock.within, Rows)
    assert clock.within.choose == "worst"
    assert [str(row.where) for row in clock.within.rows] == ["channel = 'phone'", "priority = 'P1'"]


def test_rules_of_change_and_reopening() -> None:
    """A change rule holds for both parties, or is given for each; defaults are keep start and continue."""
    plain, both, each = (
        clock_of(f"deadline: {{r: {{from: opened, until: answered, within: 2h{rest}}}}}")
        for rest in ("", ", change: restart, reopening: new cycle", ", change: {by customer: pro rata}")
    )
    rules = [(c.change_by_customer, c.change_by_provider, c.reopening) for c in (plain, both, each)]
    assert rules == [
        ("keep start", "keep start", "continue"),
        ("restart", "restart", "new cycle"),
        ("pro rata", "keep start", "continue"),
    ]


# -- events ------------------------------------------------------------------------------------------------


def test_derived_events_carry_their_condition() -> None:
    """`answered` is a reply by a person that the customer sees; a condition of one's own is joined to it."""
    clock = clock_of("deadline: {r: {from: ticket.opened, until: answered where actor != 'bot', within: 2h}}")
    assert clock.starts[0].types == {"ticket.opened"}
    assert clock.stops[0].types == {"ticket.replied"}
    assert str(clock.stops[0].where) == "by = 'human' and visibility = 'public' and actor != 'bot'"


def test_a_declared_event_starts_a_clock() -> None:
    """An event type that the agreement declares can be named, with its fields in the condition."""
    clock = clock_of(
        "event: {visit.arrived: {of: ticket, fields: {crew: number}}}\n"
        "deadline: {r: {from: visit.arrived where crew > 1, until: resolved, within: 2h}}"
    )
    assert clock.starts[0].types == {"visit.arrived"}
    assert str(clock.starts[0].where) == "crew > 1"


def test_waiting_is_a_pause_until_work_can_go_on() -> None:
    """`waiting` ends when the wait, or all work on the ticket, ends; other pauses name their events."""
    clock = clock_of(
        "deadline: {r: {from: opened, until: resolved, within: 2h, "
        "pause: [waiting where for = customer and duty = data, "
        "{from: vendor_case, until: [replied, closed]}]}}"
    )
    waiting, vendor = clock.pauses
    assert waiting.waiting
    assert [match.word for match in waiting.ends] == ["waiting_ended", "resolved", "closed", "cancelled"]
    assert str(waiting.starts[0].where) == "for = 'customer' and duty = 'data'"
    assert not vendor.waiting
    assert [match.word for match in (*vendor.starts, *vendor.ends)] == ["vendor_case", "replied", "closed"]


def test_a_due_instant() -> None:
    """`due` computes the instant from attributes and first events, on a calendar where one is named."""
    terms = terms_of(
        SUPPORT
        + "deadline:\n"
        + "  notice: {of: maintenance, where: kind = scheduled, until: announced, due: starts_at - 48h}\n"
        + "  answer: {of: claim, until: determined, due: filed + 15 business days of support}\n"
        + "  claim: {of: claim, until: filed, due: about.end + 30d}\n"
    )
    assert [str(clock.due) for clock in terms.clocks] == [
        "starts_at - 48h",
        "filed + 15 business days of support",
        "about.end + 30 days",
    ]


def test_a_cadence() -> None:
    """A cadence has a re-arming event, a target per round and the hours to which a due instant is clipped."""
    terms = terms_of(
        SUPPORT
        + "scale: {severity: {of: incident, values: {S1: down, S2: slow}}}\n"
        + "every: {u: {of: incident, from: declared, again: informed, until: resolved, "
        + "each: {S1: 15m, S2: none}, on: {S1: always, other: support}, hours: support}}\n",
        head=HEAD.replace("scale: {priority: {of: ticket, values: {P1: down, P2: slow, P3: odd}}}\n", ""),
    )
    clock = terms.clocks[0]
    assert clock.is_cadence
    assert clock.hours == "support"
    assert clock.on == Branch("severity", {"S1": "always"}, "support")
    assert str(clock.again[0].where) == "by = 'human' and visibility = 'public'"


# -- quotas, entitlements, obligations ---------------------------------------------------------------------


def test_quota_entitlement_and_obligation() -> None:
    """Each compiles to its rule; a quota can be asked for by name, also where the name has blanks."""
    terms = terms_of(
        "quota: {urgent tickets: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary, "
        "refund: provider reclassifies}}\n"
        "deadline: {r: {where: quota.urgent tickets = within, from: opened, until: answered, within: 2h}}\n"
        "entitlement: {users: {named contacts: 3}, channels: {channels: [mail]}, review: yearly}\n"
        "obligation: {o: {times: 2, per: calendar quarter, zone: UTC, modality: objective, clause: [a, b]}}\n"
    )
    quota, obligation = terms.quotas[0], terms.obligations[0]
    assert (quota.allow, quota.overflow, quota.refund, quota.period.kind) == (
        2,
        "ordinary",
        "provider reclassifies",
        "calendar month",
    )
    assert str(terms.clocks[0].where) == "quota.urgent tickets = 'within'"
    assert terms.named_contacts == 3
    assert [rule.value for rule in terms.entitlements] == ["", "", "yearly"]
    assert (obligation.times, obligation.modality, obligation.cited.clauses) == (2, "objective", ("a", "b"))
    assert obligation.period.zone.name == "UTC"


@pytest.mark.parametrize(
    ("written", "kind", "anchor"),
    [
        ("calendar quarter", "calendar quarter", None),
        ("contract year", "contract year", date(2026, 2, 1)),
        ("billing cycle", "billing cycle", 1),
        ("billing cycle from day 15", "billing cycle", 15),
    ],
)
def test_periods(written: str, kind: str, anchor: object) -> None:
    """A period is read with its anchor: the contract's first day, its day of the month, an amount."""
    rows = f"quota: {{q: {{where: priority = P1, allow: 1, per: {written}, overflow: refused}}}}\n"
    period = terms_of(rows, contract=CONTRACT).quotas[0].period
    assert (period.kind, period.anchor) == (kind, anchor)


# -- calendars ---------------------------------------------------------------------------------------------


def test_calendars_compile_when_they_are_asked_for() -> None:
    """A calendar with breaks, holidays of one's own, dates and a business day answers as it says."""
    terms = terms_of(
        "calendar:\n"
        "  office:\n"
        "    zone: Europe/Madrid\n"
        "    open: [Mon-Thu 09:00-17:00, Fri 09:00-15:00]\n"
        "    breaks: Mon-Fri 12:00-13:00\n"
        "    holidays: {add: {2026-06-03: Local day}, open: 10:00-11:00}\n"
        "    dates: {2026-06-04: closed, 2026-06-06: 10:00-12:00}\n"
        "    business day: 7h\n"
        "    closing: next opening\n"
        "  both: {intersection: [office, always], business day: end of day}\n"
    )
    office = terms.calendars["office"]
    days = [
        (day, office.elapsed(_at(f"2026-06-0{day}T00:00"), _at(f"2026-06-0{day + 1}T00:00")))
        for day in range(1, 8)
    ]
    assert [round(length / HOUR) for _, length in days] == [7, 7, 1, 0, 5, 2, 0]
    assert office.business_day == BusinessDay("hours", 7 * HOUR)
    assert office.closing == "next opening"
    assert terms.calendars["both"].elapsed(_at("2026-06-01T00:00"), _at("2026-06-02T00:00")) == 7 * HOUR
    assert terms.calendars["office"] is office
    assert sorted(terms.calendars) == ["always", "both", "office"]


@pytest.mark.parametrize(
    ("contract", "opening"),
    [
        ("", "2026-06-01T09:00+02:00"),
        (CONTRACT.replace("from:", "zone: Asia/Tokyo, from:"), "2026-06-01T09:00+09:00"),
    ],
)
def test_a_calendar_without_a_zone_is_local_to_the_contract_or_the_document(
    contract: str, opening: str
) -> None:
    """Hours that name no zone are of the contract's, else of the document's, also where they are combined."""
    terms = terms_of("calendar: {c: {open: Mon 09:00-17:00}, d: {union: [c]}}\n", contract=contract)
    opening_at = instant_of(datetime.fromisoformat(opening))
    for name in ("c", "d"):
        calendar = terms.calendars[name]
        assert [calendar.is_open(opening_at - 1), calendar.is_open(opening_at)] == [False, True]


def test_always_is_there_and_can_be_given_another_business_day() -> None:
    """`always` runs around the clock with a day of 24 hours, unless the agreement says another."""
    assert terms_of("").calendars[ALWAYS].business_day == BusinessDay("hours", DAY)
    other = terms_of("calendar: {always: {business day: end of day}}").calendars[ALWAYS]
    assert other.business_day == BusinessDay("end of day")
    assert other.elapsed(_at("2026-06-01T00:00"), _at("2026-06-02T00:00")) == DAY


def test_holidays_come_from_the_lock() -> None:
    """With a lock its holidays and years are used, with own days added and removed."""
    lock = make_lock("acme", ["Europe/Madrid", "UTC"], {"NL": HolidaySpec("NL")}, (2025, 2027))
    rows = (
        "calendar: {c: {zone: UTC, open: Mon-Fri 09:00-17:00, "
        "holidays: {country: NL, add: [2026-06-02], remove: [2026-12-25]}}}\n"
    )
    terms, findings = compile_terms(tree(HEAD + rows), lock=lock)
    assert findings == ()
    assert terms is not None
    calendar = terms.calendars["c"]
    assert (calendar.start_year, calendar.end_year) == (2025, 2027)
    for day, is_open in (
        ("2026-04-27", False),
        ("2026-06-02", False),
        ("2026-12-25", True),
        ("2026-06-03", True),
    ):
        assert calendar.is_open(_at(f"{day}T10:00")) == is_open


# -- contracts ---------------------------------------------------------------------------------------------


def test_a_contract() -> None:
    """A contract file compiles with its dates, exact money, stages, contacts and roles."""
    contract, findings = contract_of(
        "contract:\n"
        "  {id: c-1, customer: Acme, agreement: acme, version: 2026-01, plan: gold, zone: Europe/Madrid,\n"
        "   signed: 2026-01-15, from: 2026-02-01, until: 2027-02-01,\n"
        "   fees: {month: 499.00 EUR, set up: 50 EUR}, fees by plan: {silver: {month: 9.50 EUR}},\n"
        "   billing day: 15,\n"
        "   stage: {flows: {beta: {until: 2026-09-01}}},\n"
        "   contacts: {ada: {role: owner, from: 2026-03-01}, bob: {}},\n"
        "   roles: {billing: ada}}\n"
    )
    assert findings == ()
    assert contract is not None
    assert (contract.signed_on, contract.from_on, contract.until_on) == (
        date(2026, 1, 15),
        date(2026, 2, 1),
        date(2027, 2, 1),
    )
    assert contract.fees == {"month": Money(Fraction(499), "EUR"), "set up": Money(Fraction(50), "EUR")}
    assert contract.plan_fees == {"silver": {"month": Money(Fraction("9.5"), "EUR")}}
    assert contract.billing_day == 15
    assert contract.currency == "EUR"
    assert contract.stages == (Stage("flows", "beta", None, date(2026, 9, 1)),)
    assert contract.contacts == (Contact("ada", "owner", date(2026, 3, 1)), Contact("bob"))
    assert contract.roles == {"billing": "ada"}


def test_compiling_is_the_same_every_time() -> None:
    """The same text gives the same findings and the same rules."""
    first, again = (terms_of(LAYERED, plan="gold") for _ in range(2))
    assert first.clocks == again.clocks
    assert first.scales == again.scales


def test_a_target_counts_on_the_calendar_of_its_own_value() -> None:
    """Business days for P2 need a business day of the calendar for P2 only."""
    terms = terms_of(
        "calendar:\n"
        "  office: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h}\n"
        "  longer: {zone: UTC, open: Mon-Sat 06:00-22:00}\n"
        "deadline:\n"
        "  r: {from: opened, until: answered, on: {P1: longer, other: office},\n"
        "      within: {P1: 2h, other: 2 business days}}\n"
    )
    assert [rule.name for rule in terms.clocks] == ["r"]
