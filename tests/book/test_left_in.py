"""Maintenance that no exclusion takes is told in the derivation, with what it lacked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.worlds import CONTRACT, fact, shown, text_at
from tests.core.worlds import bound as terms_of
from upheld.cli import main
from upheld.core.clocks.subject import fold_subject
from upheld.core.evaluating.exclusions import takes_of_subject
from upheld.core.evaluating.untaken import untaken
from upheld.core.facts.fact import Fact
from upheld.core.timeline.spans import union
from upheld.files.facts_file import write_facts

AGREEMENT = """document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
component: {service: {all: [api, web]}, api: {}, web: {}}
calendar: {sundays: {zone: UTC, open: Sun 02:00-05:00}}
signal: {page: {of: [api, web], checks: a page, every: 1h}}
indicator: {uptime: {count: checks of service, per: {slice: 1h}}}
exclude:
  window:
    {of: maintenance, where: kind = scheduled, inside: sundays, announced by: "starts_at - 48h",
     components: [api], effect: [not bad, breaks run]}
commit: {uptime: {level: ">= 99.9 %", per: calendar month}}
"""


def announced(id_: str, told: str, start: str, end: str, kind: str = "scheduled", of: str = "api") -> Fact:
    """An announcement of work, with the instants written as in the other worlds."""
    data = {"kind": kind, "starts_at": text_at(start), "ends_at": text_at(end), "components": [of]}
    return fact("maintenance.announced", told, id_, **data)


WORK = {
    "M-1": [announced("M-1", "Mon 06-01 09:00", "Sun 06-07 01:00", "Sun 06-07 06:00")],
    "M-2": [announced("M-2", "Sat 06-13 09:00", "Sun 06-14 02:00", "Sun 06-14 04:00")],
    "M-3": [announced("M-3", "Mon 06-01 09:00", "Sun 06-21 02:00", "Sun 06-21 04:00", "emergency")],
    "M-4": [
        announced("M-4", "Mon 06-01 09:00", "Sun 06-28 02:00", "Sun 06-28 03:00"),
        fact("maintenance.started", "Sun 06-28 02:00", "M-4"),
        fact("maintenance.ended", "Sun 06-28 04:00", "M-4"),
    ],
    "M-5": [announced("M-5", "Mon 06-01 09:00", "Mon 06-22 02:00", "Mon 06-22 03:00", of="web")],
    "M-6": [
        announced("M-6", "Mon 06-01 09:00", "Sun 06-28 03:00", "Sun 06-28 05:00"),
        fact("maintenance.cancelled", "Mon 06-01 10:00", "M-6"),
    ],
    "M-7": [
        fact("maintenance.started", "Sun 06-21 03:00", "M-7", components=["api"], kind="scheduled"),
        fact("maintenance.ended", "Sun 06-21 04:00", "M-7"),
    ],
}  # fmt: skip


def told(id_: str) -> Iterator[tuple[str | None, str | None, str]]:
    """What the exclusion leaves in of one maintenance, and why."""
    terms = terms_of(AGREEMENT, CONTRACT)
    subject = fold_subject("maintenance", id_, WORK[id_], terms)
    assert subject is not None
    for one in untaken(terms.exclusions[0], terms, subject):
        for start_at, end_at in one.spans:
            by = f", due {shown(one.by_at)}" if one.by_at is not None else ""
            yield shown(start_at), shown(end_at), f"{one.why}{by}"


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M-1", [("Sun 06-07 01:00", "Sun 06-07 02:00", "outside sundays"),
                 ("Sun 06-07 05:00", "Sun 06-07 06:00", "outside sundays")]),
        ("M-2", [("Sun 06-14 02:00", "Sun 06-14 04:00", "announced late, due Fri 06-12 02:00")]),
        ("M-3", [("Sun 06-21 02:00", "Sun 06-21 04:00", "not kind = 'scheduled'")]),
        ("M-4", [("Sun 06-28 03:00", "Sun 06-28 04:00", "beyond what was announced")]),
        ("M-5", [("Mon 06-22 02:00", "Mon 06-22 03:00", "of other components")]),
        ("M-6", []),
        ("M-7", [("Sun 06-21 03:00", "Sun 06-21 04:00", "never announced")]),
    ],
)  # fmt: skip
def test_what_an_exclusion_leaves_in_is_told_with_the_reason(
    id_: str, expected: list[tuple[str, str, str]]
) -> None:
    """Too late, outside the hours, of another kind, longer than told; nothing of what was cancelled."""
    assert list(told(id_)) == expected


def test_what_is_taken_and_what_is_left_in_are_the_whole_work() -> None:
    """And nothing is both."""
    terms = terms_of(AGREEMENT, CONTRACT)
    for id_, facts in WORK.items():
        subject = fold_subject("maintenance", id_, facts, terms)
        assert subject is not None
        left = [one.spans for one in untaken(terms.exclusions[0], terms, subject)]
        taken = union([take.spans for take in takes_of_subject(terms.exclusions[0], terms, subject)])
        assert not union(left) & taken
        assert sum(one.length for one in left) == union(left).length


def test_a_derivation_lists_the_work_and_what_is_not_observed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Work on what is not measured, or excused, is not among it; the component without data is named."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    (tmp_path / "contract.yaml").write_text(CONTRACT.replace("2026-01-01", "2026-06-01"))
    (tmp_path / "facts.jsonl").write_text(write_facts([one for facts in WORK.values() for one in facts]))
    rows, hour = ["at,component,ok"], datetime(2026, 6, 1, tzinfo=UTC)
    while hour < datetime(2026, 7, 1, tzinfo=UTC):
        rows += [f"{hour:%Y-%m-%dT%H:%M:%SZ},{one},true" for one in ("api", "web")[: 1 + (hour.day != 10)]]
        hour += timedelta(hours=1)
    (tmp_path / "x.observations.csv").write_text("\n".join(rows) + "\n")
    assert main(["explain", str(tmp_path), "2026-06", "--at", "2026-07-01T00:00:00Z"]) == 0
    lines = capsys.readouterr().out.splitlines()
    first = lines.index("Maintenance that counts all the same:")
    found = [
        line.split("  [")[0].split("not window  ")[1].rstrip()
        for line in lines[first + 1 :]
        if "not window" in line
    ]
    assert found == [
        "M-1: outside sundays",
        "M-1: outside sundays",
        "M-2: announced on Sat 2026-06-13 09:00, due by Fri 2026-06-12 02:00",
        "M-3: not kind = 'scheduled'",
        "M-7: never announced",
        "M-5: of other components",
        "M-4: beyond what was announced",
    ]
    assert "      no observations of web" in lines
