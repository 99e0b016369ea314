"""A small world: a contract under one of the shipped agreements, with the few facts that a test tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from upheld.book.evaluate import evaluate
from upheld.core.agreement import Terms
from upheld.core.counting import measured
from upheld.core.fact_types import FactType
from upheld.core.facts import FactLog
from upheld.core.instant import HOUR, Instant, datetime_of, format_duration, format_instant, instant_of
from upheld.core.verdict import Verdict
from upheld.files.facts_file import read_facts
from upheld.files.folder import Folder

OF_A_CONTRACT = {"ticket.opened", "task.submitted", "claim.filed", "obligation.done"}
OF_A_CONTRACT |= {"contact.named", "contact.removed"}


@dataclass
class Small:
    """A small world: one contract, and the facts told so far. Times are `Fri 2026-06-05 16:30` in `zone`.

    Questions are asked as of the last fact, unless `at` says otherwise.
    """

    folder: Folder
    path: Path
    zone: ZoneInfo
    lines: list[dict[str, object]] = field(default_factory=list)
    last_at: Instant = 0

    @property
    def terms(self) -> Terms:
        """The resolved terms of the contract."""
        (terms,) = self.folder.terms
        return terms

    def instant(self, text: str) -> Instant:
        """An instant by the clock of `zone`; 24:00 is the end of that day."""
        weekday, on, clock = text.split()
        day = date.fromisoformat(on)
        assert f"{day:%a}" == weekday, f"{on} is a {day:%A}"
        if clock == "24:00":
            day, clock = day + timedelta(days=1), "00:00"
        return instant_of(datetime.combine(day, time.fromisoformat(clock), self.zone))

    def text(self, at: Instant | None) -> str:
        """An instant as tests write it; the midnight that ends a day is its 24:00."""
        if at is None:
            return ""
        local = datetime_of(at).astimezone(self.zone)
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            return f"{local - timedelta(days=1):%a %Y-%m-%d} 24:00"
        return f"{local:%a %Y-%m-%d %H:%M:%S}".removesuffix(":00")

    def tell(self, type_: str, subject: str, at: str, **data: object) -> Small:
        """One more fact. What belongs to a contract belongs to the one there is."""
        instant = self.instant(at)
        known = {"contract": "small"} if type_ in OF_A_CONTRACT else {}
        self.lines.append(
            {
                "specversion": "1.0",
                "id": f"f-{len(self.lines) + 1:03}",
                "source": "desk",
                "type": type_,
                "subject": subject,
                "time": datetime_of(instant).isoformat(),
                "data": known | data,
            }
        )
        self.last_at = max(self.last_at, instant)
        return self

    def announce(self, kind: str, at: str, starts: str, subject: str = "M-1", **data: object) -> Small:
        """Work of one hour, announced."""
        starts_at = self.instant(starts)
        data |= {"starts_at": format_instant(starts_at), "ends_at": format_instant(starts_at + HOUR)}
        return self.tell("maintenance.announced", subject, at, kind=kind, components=["all"], **data)

    def verdicts(self, commitment: str, subject: str = "T-1", at: str = "") -> list[Verdict]:
        """Every cycle of a commitment on a subject."""
        asked_at = self.instant(at) if at else self.last_at
        facts_path = self.path / "facts.jsonl"
        facts_path.write_text("".join(json.dumps(line) + "\n" for line in self.lines), encoding="utf-8")
        declared = {name: FactType(name, event.of, event.doc) for name, event in self.terms.events.items()}
        facts, findings = read_facts([facts_path], declared)
        assert not findings
        report = evaluate(replace(self.folder, log=FactLog(facts, declared)), asked_at)
        assert not report.findings
        return [
            verdict
            for _, _, verdict in report.numbered()
            if (verdict.key.commitment, verdict.key.subject) == (commitment, subject)
        ]

    def verdict(self, commitment: str, subject: str = "T-1", cycle: int = 1, at: str = "") -> Verdict:
        """One cycle of a commitment on a subject."""
        (found,) = (v for v in self.verdicts(commitment, subject, at) if v.cycle == cycle)
        return found

    def state(self, commitment: str, subject: str = "T-1", cycle: int = 1, at: str = "") -> str:
        """The state of that cycle."""
        return self.verdict(commitment, subject, cycle, at).state

    def states(self, commitment: str, subject: str = "T-1", at: str = "") -> list[str]:
        """The states of all cycles."""
        return [verdict.state for verdict in self.verdicts(commitment, subject, at)]

    def due(self, commitment: str, subject: str = "T-1", cycle: int = 1, at: str = "") -> str:
        """When that cycle is due."""
        return self.text(self.verdict(commitment, subject, cycle, at).due_at)

    def goal(self, commitment: str, subject: str = "T-1", cycle: int = 1, at: str = "") -> str:
        """By when that cycle is aimed at."""
        return self.text(self.verdict(commitment, subject, cycle, at).goal_at)

    def late(self, commitment: str, subject: str = "T-1", cycle: int = 1, at: str = "") -> str:
        """By how much that cycle is late."""
        verdict = self.verdict(commitment, subject, cycle, at)
        asked_at = self.instant(at) if at else self.last_at
        late_us = measured(verdict, self.terms.calendars, asked_at)[1]
        return "" if late_us is None else format_duration(late_us)

    def elapsed_h(self, calendar: str, start: str, end: str) -> float:
        """The hours that a calendar counts between two instants."""
        return self.terms.calendars[calendar].elapsed(self.instant(start), self.instant(end)) / HOUR


Under = Callable[..., Small]
"""`under(agreement, zone, plan, more lines of the contract, its override)`."""
