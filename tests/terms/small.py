"""A small world: a contract under one of the shipped agreements, with the few facts that a test tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from upheld.book.claims import claims
from upheld.book.duties import duties
from upheld.book.evaluate import Report, evaluate
from upheld.book.readings import sensitivity
from upheld.core.alerting.stage import Stage, judged_in, stages
from upheld.core.claiming.claimable import FiledClaim
from upheld.core.clocks.counting import measured
from upheld.core.duties import Duties
from upheld.core.facts.fact_types import FactType
from upheld.core.facts.facts import FactLog
from upheld.core.readings.dependence import Dependence
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import (
    HOUR,
    MINUTE,
    Instant,
    datetime_of,
    format_duration,
    format_instant,
    instant_of,
)
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.values.value import Value
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict
from upheld.files.facts_file import read_facts
from upheld.files.folder import Folder

from .observed import BAD, Observed

OF_A_CONTRACT = {"ticket.opened", "task.submitted", "claim.filed", "obligation.done"}
OF_A_CONTRACT |= {"obligation.owed", "covenant.compromise_reported"}
OF_A_CONTRACT |= {"contact.named", "contact.removed"}
OF_A_CONTRACT |= {"credential.expired", "credential.locked", "credential.valid"}


@dataclass
class Small:
    """A small world: one contract, and the facts told so far. Times are `Fri 2026-06-05 16:30` in `zone`.

    Questions are asked as of the last fact, unless `at` says otherwise.
    `warned` are the findings that its facts may give.
    """

    folder: Folder
    path: Path
    zone: ZoneInfo
    lines: list[dict[str, object]] = field(default_factory=list)
    last_at: Instant = 0
    observed: Observed = field(default_factory=Observed)
    warned: set[str] = field(default_factory=lambda: {"unobserved"})
    _answered: tuple[object, tuple[Folder, Report]] | None = None

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
        return self.tell_at(type_, subject, self.instant(at), **data)

    def tell_at(self, type_: str, subject: str, instant: Instant, **data: object) -> Small:
        """As `tell`, at an instant."""
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

    def announce(
        self, kind: str, at: str, starts: str, subject: str = "M-1", minutes: int = 60, **data: object
    ) -> Small:
        """Work of one hour, announced."""
        starts_at = self.instant(starts)
        ends_at = starts_at + minutes * MINUTE
        data |= {"starts_at": format_instant(starts_at), "ends_at": format_instant(ends_at)}
        data.setdefault("components", self.leaves)
        return self.tell("maintenance.announced", subject, at, kind=kind, **data)

    @property
    def leaves(self) -> list[str]:
        """The components that are observed themselves; a name alone where an agreement has none."""
        return [name for name, part in self.terms.components.items() if part.tie is None] or ["all"]

    def attribute(
        self, at: str, starts: str, minutes: int, cause: str, party: str, subject: str = "A-1", **data: object
    ) -> Small:
        """It is said what caused so many minutes."""
        starts_at = self.instant(starts)
        ends_at = starts_at + minutes * MINUTE
        data |= {"starts_at": format_instant(starts_at), "ends_at": format_instant(ends_at)}
        data.setdefault("target", "interval")
        return self.tell("attribution.recorded", subject, at, cause=cause, party=party, **data)

    def watch(self, start: str, end: str, *components: str) -> Small:
        """A good check every minute on components (all that there are, if none is named)."""
        self.observed.always(components or self.leaves, self.instant(start), self.instant(end))
        return self

    def fails(self, component: str, start: str, minutes: int, fields: Mapping[str, Value] = BAD) -> Small:
        """For so many minutes its checks are bad, or have the fields given."""
        return self.fails_for(component, start, minutes * MINUTE, fields)

    def fails_for(
        self, component: str, start: str, length_us: int, fields: Mapping[str, Value] = BAD
    ) -> Small:
        """As `fails`, for a length in microseconds."""
        start_at = self.instant(start)
        self.observed.checks[component].told.append((Spans.of([(start_at, start_at + length_us)]), fields))
        return self

    def unwatched(self, component: str, start: str, minutes: int) -> Small:
        """For so many minutes nobody checks it."""
        checked, start_at = self.observed.checks[component], self.instant(start)
        checked.gaps |= Spans.of([(start_at, start_at + minutes * MINUTE)])
        return self

    def credit(self, remedy: str, subject: str, at: str = "") -> Credit:
        """What a remedy says of a period."""
        outcomes = self.report(at).evaluation.outcomes.values()
        (found,) = (
            credit
            for outcome in outcomes
            for credit in outcome.credits
            if (credit.key.commitment, credit.key.subject) == (remedy, subject)
        )
        return found

    def verdicts(self, commitment: str, subject: str = "T-1", at: str = "") -> list[Verdict]:
        """Every cycle of a commitment on a subject."""
        return [
            verdict
            for _, _, verdict in self.report(at).numbered()
            if (verdict.key.commitment, verdict.key.subject) == (commitment, subject)
        ]

    def report(self, at: str = "") -> Report:
        """Every verdict and every credit."""
        return self._evaluated(at)[1]

    def claims(self, at: str = "") -> tuple[FiledClaim, ...]:
        """Every claim with its terms."""
        return claims(*self._evaluated(at))

    def told(self, at: str = "") -> list[tuple[str, str, str]]:
        """Every stage: its rule, its name, and when it is told."""
        return [(one.rule, one.name, self.text(one.at)) for one in self.stages(at)]

    def stages(self, at: str = "") -> tuple[Stage, ...]:
        """Every stage that is reached or will be."""
        return stages(judged_in(self.terms, self.report(at).evaluation))

    def duties(self, start: str, end: str, at: str = "") -> Duties:
        """What the duties came to between two instants."""
        folder, report = self._evaluated(at)
        return duties(folder, report, "small", Period(self.instant(start), self.instant(end), "asked"))

    def depends(self, commitment: str, subject: str, at: str = "") -> Dependence[Verdict]:
        """On which readings a verdict depends."""
        found = sensitivity(*self._evaluated(at), lambda key: key.commitment == commitment)
        (told,) = (one for one in found.verdicts if one.key.subject == subject)
        return told

    def credit_depends(self, remedy: str, subject: str, at: str = "") -> Dependence[Credit]:
        """On which readings a credit depends."""
        found = sensitivity(*self._evaluated(at), lambda key: key.commitment == remedy)
        (told,) = (one for one in found.credits if one.key.subject == subject)
        return told

    def _evaluated(self, at: str) -> tuple[Folder, Report]:
        """Evaluated anew only when something else was told, or another instant is asked about."""
        asked_at = self.instant(at) if at else self.last_at
        text = "".join(json.dumps(line) + "\n" for line in self.lines)
        asked = (asked_at, text, self.observed.told())
        if self._answered is None or self._answered[0] != asked:
            self._answered = asked, self._evaluate(asked_at, text)
        return self._answered[1]

    def _evaluate(self, asked_at: Instant, text: str) -> tuple[Folder, Report]:
        facts_path = self.path / "facts.jsonl"
        facts_path.write_text(text, encoding="utf-8")
        declared = {name: FactType(name, event.of, event.doc) for name, event in self.terms.events.items()}
        facts, findings = read_facts([facts_path], declared)
        assert not findings
        log = FactLog(facts, declared)
        book = replace(self.folder, log=log, observations=self.observed)
        report = evaluate(book, asked_at)
        assert {finding.code for finding in report.findings} <= self.warned
        return book, report

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
