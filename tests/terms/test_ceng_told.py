"""CENG: who is told, and when. Business hours are Mon-Fri 08:30-17:00 in Amsterdam."""

from __future__ import annotations

import pytest

from .small import Small, Under

ZONE = "Europe/Amsterdam"


@pytest.fixture
def ceng(under: Under) -> Small:
    """A contract under the agreement as it is read."""
    return under("ceng", ZONE)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("P1", ("escalation at once", "page", "Sat 2026-06-06 03:00")),
        ("P2", ("escalation at once", "page", "Sat 2026-06-06 03:00")),
        ("P3", ("escalation in business hours", "urgent", "Mon 2026-06-08 08:30")),
        ("P4", ("escalation as planned", "planned", "Sat 2026-06-06 03:00")),
        ("P5", ("escalation as planned", "planned", "Sat 2026-06-06 03:00")),
    ],
)
def test_ceng_6_an_incident_is_escalated_by_its_severity(
    ceng: Small, severity: str, expected: tuple[str, str, str]
) -> None:
    """Immediately, in business hours, or as planned: an incident on Saturday at three in the morning."""
    ceng.tell("incident.declared", "I-1", "Sat 2026-06-06 03:00", severity=severity)
    (stage,) = (one for one in ceng.stages() if one.name == "event")
    assert (stage.rule, stage.urgency, ceng.text(stage.at)) == expected


def test_ceng_6_an_incident_that_turns_out_worse_is_escalated_then(ceng: Small) -> None:
    """Each of the three once."""
    ceng.tell("incident.declared", "I-1", "Mon 2026-06-08 10:00", severity="P4")
    ceng.tell("incident.classified", "I-1", "Mon 2026-06-08 10:20", severity="P1", by="provider")
    ceng.tell("incident.classified", "I-1", "Mon 2026-06-08 10:40", severity="P2", by="provider")
    assert [(rule, at) for rule, name, at in ceng.told() if name == "event"] == [
        ("escalation as planned", "Mon 2026-06-08 10:00"),
        ("escalation at once", "Mon 2026-06-08 10:20"),
    ]


def test_ceng_6_updates_are_asked_for_before_they_are_overdue(ceng: Small) -> None:
    """P1, updates at 0, 14 and 31 minutes: warnings at 10, 24 and 41, and one miss at 29."""
    ceng.tell("incident.declared", "I-1", "Sat 2026-06-06 03:00", severity="P1")
    for minute in (14, 31):
        ceng.tell("incident.updated", "I-1", f"Sat 2026-06-06 03:{minute}", by="human")
    assert [(name, at) for rule, name, at in ceng.told() if rule == "updates ahead"] == [
        ("limit - 5m", "Sat 2026-06-06 03:10"),
        ("limit - 5m", "Sat 2026-06-06 03:24"),
        ("limit", "Sat 2026-06-06 03:29"),
        ("limit - 5m", "Sat 2026-06-06 03:41"),
        ("limit", "Sat 2026-06-06 03:46"),
    ]


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        ("business hours", ["Mon 2026-06-08 09:30", "Mon 2026-06-08 10:00"]),
        ("around the clock", ["Fri 2026-06-05 18:00", "Fri 2026-06-05 18:30"]),
    ],
)
def test_ceng_c12_updates_of_a_p3_wait_for_the_day(under: Under, take: str, expected: list[str]) -> None:
    """Declared on Friday 16:30: half an hour of the 120 minutes is left of Friday."""
    ceng = under("ceng", ZONE, override=f"{{assume: {{p3-updates: {{take: {take}}}}}}}")
    ceng.tell("incident.declared", "I-1", "Fri 2026-06-05 16:30", severity="P3")
    assert [at for rule, _, at in ceng.told() if rule == "updates of P3 ahead"] == expected


def test_ceng_7_2_two_weeks_of_notice_are_warned_of_two_days_before(ceng: Small) -> None:
    """Work on Saturday 27 June at 20:00: announced by Saturday 13 June, 20:00."""
    starts = {"starts_at": "2026-06-27T18:00:00Z", "ends_at": "2026-06-27T20:00:00Z"}
    ceng.tell(
        "maintenance.planned", "M-1", "Mon 2026-06-01 10:00", kind="scheduled", components=["sms"], **starts
    )
    assert ("notice ahead", "limit - 2 days", "Thu 2026-06-11 20:00") in ceng.told()
