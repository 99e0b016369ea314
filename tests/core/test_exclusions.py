"""What each exclusion takes of time and of items, by the facts."""

from __future__ import annotations

import pytest

from upheld.core.clocks.subject import fold_subject, subject_kind
from upheld.core.evaluating.exclusions import Take, takes_of_facts, takes_of_subject
from upheld.core.evaluating.gathering import Asking, Gathering
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import check_fact
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Exclusion
from upheld.core.timeline.instant import FOREVER, HOUR, Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.values.key import FactRef

from .worlds import DESK, at, bound, fact, in_order, shown, text_at

BASE = (
    DESK
    + """
component:
  service: {all: [api, voice]}
  api: {doc: the interface}
  voice: {doc: calls}
signal:
  probe: {of: [api, voice], checks: one call, good: ok, every: 10m}
attribute:
  cause: {of: attribution, type: text, values: [war, client]}
indicator:
  uptime: {count: checks of service, per: {slice: 10m}}
commit:
  uptime: {level: ">= 99 %", per: calendar month}
exclude:
  one:
"""
)
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, "
    "stage: {service: {beta: {from: 2026-06-02, until: 2026-06-04}}, voice: {alpha: {until: 2026-06-02}}}}\n"
)
WORK = {"kind": "scheduled", "components": ["api"]}


def rule_of(row: str) -> tuple[Terms, Exclusion]:
    """The terms with one exclusion."""
    terms = bound(f"{BASE}    {{{row}, effect: [not bad]}}\n", CONTRACT)
    return terms, terms.exclusions[0]


def window(start: str, end: str) -> dict[str, object]:
    """From when until when."""
    return {"starts_at": text_at(start), "ends_at": text_at(end)}


def takes(row: str, *facts: Fact) -> tuple[Take, ...]:
    """What the exclusion takes because of the first subject, or of facts about the contract."""
    terms, rule = rule_of(row)
    kind = subject_kind(facts[0].type, {}) if facts else None
    if kind is None:
        return takes_of_facts(rule, terms, facts)
    incident = None
    own = in_order(one for one in facts if one.subject == facts[0].subject)
    if kind == "attribution" and len(own) < len(facts):
        others = [one for one in facts if one.type.startswith("incident.")]
        incident = fold_subject("incident", others[0].subject, others, terms)
    subject = fold_subject(kind, facts[0].subject, own, terms)
    assert subject is not None
    return takes_of_subject(rule, terms, subject, incident)


def told(found: tuple[Take, ...]) -> list[tuple[str, str | None, str | None]]:
    """Components, from and until when."""
    rows = [(take.components, span) for take in found for span in take.spans]
    return [(" ".join(names), _shown(span[0]), _shown(span[1])) for names, span in rows]


def _shown(instant: Instant) -> str | None:
    return None if abs(instant) == FOREVER else shown(instant)


# -- maintenance -------------------------------------------------------------------------------------------

ANNOUNCED = fact(
    "maintenance.announced", "Mon 06-01 10:00", "M", "a", **WORK,
    **window("Wed 06-03 10:00", "Wed 06-03 14:00"),
)  # fmt: skip


def test_announced_work_takes_its_window() -> None:
    """Of the components that it names, however late it was announced."""
    assert told(takes("of: maintenance", ANNOUNCED)) == [("api", "Wed 06-03 10:00", "Wed 06-03 14:00")]


@pytest.mark.parametrize(("notice", "is_taken"), [("48h", True), ("2881m", False), ("4 months", False)])
def test_work_has_to_be_announced_by_an_instant(notice: str, is_taken: bool) -> None:
    """At that instant is in time."""
    found = takes(f"of: maintenance, announced by: starts_at - {notice}", ANNOUNCED)
    assert bool(found) is is_taken


def test_of_work_that_was_moved_only_what_was_announced_in_time_is_taken() -> None:
    """Moved by an hour on Tuesday: the old window, as far as the new one covers it."""
    moved = fact(
        "maintenance.changed", "Tue 06-02 10:00", "M", "b", **window("Wed 06-03 11:00", "Wed 06-03 15:00")
    )
    row = "of: maintenance, announced by: starts_at - 48h"
    assert told(takes(row, ANNOUNCED, moved)) == [("api", "Wed 06-03 11:00", "Wed 06-03 14:00")]
    assert told(takes("of: maintenance", ANNOUNCED, moved)) == [("api", "Wed 06-03 11:00", "Wed 06-03 15:00")]


STARTED = fact("maintenance.started", "Wed 06-03 09:30", "M", "s")
ENDED = fact("maintenance.ended", "Wed 06-03 12:00", "M", "e")


@pytest.mark.parametrize(
    ("lasts", "facts", "expected"),
    [
        ("both", (STARTED, ENDED), ("Wed 06-03 10:00", "Wed 06-03 12:00")),
        ("both", (STARTED,), ("Wed 06-03 10:00", "Wed 06-03 14:00")),
        ("announced", (STARTED, ENDED), ("Wed 06-03 10:00", "Wed 06-03 14:00")),
        ("actual", (STARTED, ENDED), ("Wed 06-03 09:30", "Wed 06-03 12:00")),
        ("actual", (ENDED,), ("Wed 06-03 10:00", "Wed 06-03 12:00")),
    ],
)
def test_work_lasts_as_announced_or_as_it_did(
    lasts: str, facts: tuple[Fact, ...], expected: tuple[str, str]
) -> None:
    """Both is what both cover."""
    found = takes(f"of: maintenance, lasts: {lasts}", ANNOUNCED, *facts)
    assert told(found) == [("api", *expected)]
    assert {ref.id for ref in found[0].refs} == {"a", *(one.id for one in facts)}


PLANNED = fact(
    "maintenance.planned", "Mon 06-01 09:00", "M", "p", **WORK,
    **window("Wed 06-03 10:00", "Wed 06-03 14:00"),
)  # fmt: skip


@pytest.mark.parametrize("lasts", ["both", "announced", "actual"])
def test_work_that_is_planned_and_not_announced_takes_nothing(lasts: str) -> None:
    """Whether it is done or not; once it is announced, it takes what it would without the plan."""
    row = f"of: maintenance, lasts: {lasts}"
    assert not any(take.spans for take in takes(row, PLANNED))
    assert told(takes(row, PLANNED, ANNOUNCED)) == told(takes(row, ANNOUNCED))


def test_a_plan_is_no_notice() -> None:
    """Planned three days ahead and announced one day ahead is announced one day ahead."""
    late = fact("maintenance.announced", "Tue 06-02 10:00", "M", "l", **WORK,
                **window("Wed 06-03 10:00", "Wed 06-03 14:00"))  # fmt: skip
    row = "of: maintenance, announced by: starts_at - 48h"
    assert takes(row, PLANNED, late) == ()
    assert told(takes(row, PLANNED, ANNOUNCED)) == [("api", "Wed 06-03 10:00", "Wed 06-03 14:00")]


def test_work_that_is_cancelled_takes_nothing() -> None:
    """Nor does work that nobody announced, or whose components nobody knows."""
    cancelled = fact("maintenance.cancelled", "Tue 06-02 10:00", "M")
    assert takes("of: maintenance", ANNOUNCED, cancelled) == ()
    assert takes("of: maintenance, lasts: actual", STARTED, ENDED) == ()
    strange = {**window("Wed 06-03 10:00", "Wed 06-03 14:00"), "kind": "scheduled", "components": ["x"]}
    assert takes("of: maintenance", fact("maintenance.announced", "Mon 06-01 10:00", "M", **strange)) == ()


def test_only_what_is_inside_a_calendar_and_of_the_components_named_is_taken() -> None:
    """The desk is open until 17:00; the exclusion is for calls."""
    work = {"kind": "scheduled", "components": ["service"], **window("Wed 06-03 16:00", "Thu 06-04 10:00")}
    announced = fact("maintenance.announced", "Mon 06-01 10:00", "M", **work)
    found = takes("of: maintenance, inside: desk, components: [voice]", announced)
    assert told(found) == [
        ("voice", "Wed 06-03 16:00", "Wed 06-03 17:00"),
        ("voice", "Thu 06-04 09:00", "Thu 06-04 10:00"),
    ]


def test_a_condition_that_cannot_be_told_takes_nothing() -> None:
    """Nobody said whether there is an interruption."""
    assert takes("of: maintenance, where: interruption", ANNOUNCED) == ()
    assert takes("of: maintenance, where: not interruption", ANNOUNCED) == ()
    assert takes("of: maintenance, where: kind = scheduled", ANNOUNCED) != ()


# -- incidents and attributions ----------------------------------------------------------------------------

DECLARED = fact("incident.declared", "Wed 06-03 10:00", "I", "d", severity="S1", components=["service"])
RESOLVED = fact("incident.resolved", "Wed 06-03 11:00", "I", "r")


def test_an_incident_lasts_from_its_declaration_to_its_resolution() -> None:
    """Of the parts of what it names; open until it is resolved, and by its last classification."""
    row = "of: incident, where: severity = S1"
    assert told(takes(row, DECLARED, RESOLVED)) == [("api voice", "Wed 06-03 10:00", "Wed 06-03 11:00")]
    (open_,) = takes(row, DECLARED)
    assert (told((open_,)), open_.is_open) == ([("api voice", "Wed 06-03 10:00", None)], True)
    milder = fact("incident.classified", "Wed 06-03 10:30", "I", severity="S2")
    assert takes(row, DECLARED, milder, RESOLVED) == ()
    of_all = fact("incident.declared", "Wed 06-03 10:00", "I", severity="S1")
    assert told(takes(row, of_all, RESOLVED)) == [("", "Wed 06-03 10:00", "Wed 06-03 11:00")]


def attributed(when: str, id_: str, cause: str, target: str = "interval", **data: object) -> Fact:
    """What caused something."""
    return fact("attribution.recorded", when, "A", id_, cause=cause, target=target, party="none", **data)


def test_an_attribution_takes_an_interval_an_incident_or_an_item() -> None:
    """Whichever it names."""
    row = "of: attribution, where: cause = war"
    interval = attributed("Thu 06-04 10:00", "x", "war", **window("Wed 06-03 10:00", "Wed 06-03 14:00"))
    assert told(takes(row, interval)) == [("", "Wed 06-03 10:00", "Wed 06-03 14:00")]
    one = attributed("Thu 06-04 10:00", "x", "war", "I")
    (found,) = takes(row, one, DECLARED, RESOLVED)
    assert told((found,)) == [("api voice", "Wed 06-03 10:00", "Wed 06-03 11:00")]
    assert [ref.id for ref in found.refs] == ["x", "d", "r"]
    narrower = attributed("Thu 06-04 10:00", "x", "war", "I", components=["voice"])
    assert [take.components for take in takes(row, narrower, DECLARED, RESOLVED)] == [("voice",)]
    (item,) = takes(row, attributed("Thu 06-04 10:00", "x", "war", "T-7"))
    assert (item.subjects, item.spans) == (("T-7",), Spans.empty)


def test_a_later_attribution_takes_the_place_of_the_earlier_one() -> None:
    """Whole: nothing of what it said remains."""
    first = attributed("Thu 06-04 10:00", "x", "war", **window("Wed 06-03 10:00", "Wed 06-03 14:00"))
    then = attributed("Fri 06-05 10:00", "y", "war", "T-7")
    (found,) = takes("of: attribution, where: cause = war", first, then)
    assert (found.subjects, found.refs) == (("T-7",), (FactRef("desk", "y"),))
    assert takes("of: attribution, where: cause = client", first, then) == ()


def test_an_attribution_of_an_interval_says_from_when() -> None:
    """A fault of the fact itself."""
    codes = [one.code for one in check_fact(attributed("Thu 06-04 10:00", "x", "war"))]
    assert codes == ["missing-field"]
    reversed_ = attributed("Thu 06-04 10:00", "x", "war", **window("Wed 06-03 14:00", "Wed 06-03 10:00"))
    assert [one.code for one in check_fact(reversed_)] == ["wrong-order"]


# -- what the contract says --------------------------------------------------------------------------------


def test_a_stage_takes_its_days_of_a_product_and_all_under_it() -> None:
    """In the zone of the agreement; without a first day, from ever on."""
    found = takes("of: stage, where: stage = beta")
    assert told(found) == [("api voice", "Tue 06-02 00:00", "Thu 06-04 00:00")]
    assert told(takes("of: stage, where: product = voice")) == [("voice", None, "Tue 06-02 00:00")]


def test_a_suspension_lasts_until_the_contract_is_resumed() -> None:
    """By its reason; a second suspension meanwhile is none."""
    facts = [
        fact("contract.suspended", "Mon 06-01 10:00", "c1", "a", reason="unpaid"),
        fact("contract.suspended", "Tue 06-02 10:00", "c1", "b", reason="unpaid"),
        fact("contract.resumed", "Wed 06-03 10:00", "c1", "c"),
        fact("contract.suspended", "Thu 06-04 10:00", "c1", "d", reason="asked"),
    ]
    found = takes("of: suspension", *facts)
    assert told(found) == [("", "Mon 06-01 10:00", "Wed 06-03 10:00"), ("", "Thu 06-04 10:00", None)]
    assert [take.is_open for take in found] == [False, True]
    assert len(takes("of: suspension, where: reason = unpaid", *facts)) == 1


def test_a_credential_does_not_work_until_it_is_valid_again() -> None:
    """Each on its own, by its state."""
    facts = [
        fact("credential.expired", "Mon 06-01 10:00", "K", contract="c1"),
        fact("credential.locked", "Mon 06-01 11:00", "K", contract="c1"),
        fact("credential.valid", "Mon 06-01 12:00", "L", contract="c1"),
        fact("credential.valid", "Tue 06-02 10:00", "K", contract="c1"),
    ]
    found = takes("of: credential, where: state = locked", *facts)
    assert told(found) == [("", "Mon 06-01 11:00", "Tue 06-02 10:00")]
    assert len(takes("of: credential", *facts)) == 2


def test_hours_alone_take_what_a_calendar_has() -> None:
    """Week by week."""
    (found,) = takes("of: hours, inside: desk")
    day = found.spans.clip(at("Wed 06-03 00:00"), at("Thu 06-04 00:00"))
    assert list(day) == [(at("Wed 06-03 09:00"), at("Wed 06-03 17:00"))]


# -- gathered ----------------------------------------------------------------------------------------------


def test_what_is_gathered_cites_what_lies_in_the_period() -> None:
    """What lies just beyond it is kept, because runs go over the ends; what has no end ends now."""
    period = Period(at("Mon 06-01 00:00"), at("Wed 07-01 00:00"), "2026-06")
    found = (
        Take(Spans.of([(at("Sun 05-31 10:00"), at("Sun 05-31 11:00"))]), ("api",), refs=(FactRef("s", "1"),)),
        Take(
            Spans.of([(at("Tue 06-09 10:00"), FOREVER)]), ("voice",), refs=(FactRef("s", "2"),), is_open=True
        ),
        Take(Spans.empty, (), ("T-1", "T-2"), (FactRef("s", "3"),)),
    )
    around = (at("Sun 05-31 10:30"), at("Wed 07-01 00:00"))
    asking = Asking(
        "uptime", period, *around, at("Tue 06-09 12:00"), frozenset({"api", "voice"}), frozenset()
    )
    gathering = Gathering()
    whole = gathering.of(("exclusion", "c1", "one"), found, asking)
    assert {name: spans.length for name, spans in whole.spans.items()} == {
        "api": HOUR // 2,
        "voice": 2 * HOUR,
    }
    assert ([ref.id for ref in whole.refs], whole.is_open, whole.subjects) == (["2"], True, frozenset())
    of_items = gathering.of(
        ("exclusion", "c1", "one"), found, asking._replace(counted=frozenset({"T-2", "T-9"}))
    )
    assert (of_items.subjects, [ref.id for ref in of_items.refs]) == (frozenset({"T-2"}), ["2", "3"])
    narrow = asking._replace(indicator="api alone", leaves=frozenset({"api"}))
    assert list(gathering.of(("exclusion", "c1", "one"), found, narrow).spans) == ["api"]
