"""One pass over the resolved text: declarations first, then calendars, then what is promised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from upheld.core.terms.agreement import (
    ALWAYS,
    Assumption,
    ClockRule,
    Contract,
    EntitlementRule,
    ObligationRule,
    QuotaRule,
    Terms,
)
from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.duty import CovenantRule, ReminderRule
from upheld.core.terms.telling import EscalateRule, NotifyRule
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.frozen import replace
from upheld.core.values.rule import Citation
from upheld.language import calendars as cal
from upheld.language import combined, tellings
from upheld.language import commitments as promise
from upheld.language import declarations as declare
from upheld.language.amendments import amend_rule
from upheld.language.claims import claim_rule
from upheld.language.concepts import COMMITMENTS, concept
from upheld.language.concepts_of_measuring import MEASURING
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.readings import Readings
from upheld.language.row_pass import Build, RowPass, T
from upheld.language.rows import Row, read_row, read_values

if TYPE_CHECKING:
    from upheld.language.measured import Measured

_OTHERWISE = ("deadline", "every", "quota", "entitlement", "obligation", "covenant", "remedy")
"""The concepts that promise something without a level."""
_WATCHED = ("deadline", "every", "obligation", "covenant", "commit", "remedy")
"""The concepts whose rows have points at which somebody can be told."""


class Pass(RowPass):
    """What one resolved text says, part by part."""

    def run(self, plan: str, contract: MapNode | None) -> None:
        """Compile everything; the terms are in the result unless the document itself is broken."""
        before = self.report.errors
        self._assumptions()
        self._document(contract)
        self._declarations()
        calendars = self._calendars()
        clocks, quotas, entitlements, obligations = self._promises()
        covenants, reminders = self._duties()
        measured = self._measured(clocks)
        claim = self._claim()
        escalations, notifications = self._tellings(clocks, entitlements)
        amend = self._amend()
        if self.report.errors > before or not self.document:
            return
        self.result.terms = Terms(
            agreement=self.document["agreement"],
            version=self.document["version"],
            provider=self.document["provider"],
            zone=self.zone,
            calendars=calendars,
            plan=plan,
            contract=self.contract,
            title=self.document.get("title") or "",
            assumptions=self.readings.assumptions,
            attributes=self.words.attributes,
            events=self.words.events,
            scales=self.words.scales,
            duties=self.words.duties,
            clocks=clocks,
            quotas=quotas,
            entitlements=entitlements,
            obligations=obligations,
            covenants=covenants,
            reminders=reminders,
            components=measured.components if measured else {},
            signals=tuple(measured.signals.values()) if measured else (),
            indicators=measured.indicators if measured else {},
            exclusions=tuple(measured.exclusions.values()) if measured else (),
            commits=tuple(measured.commits.values()) if measured else (),
            remedies=tuple(measured.remedies.values()) if measured else (),
            claim=claim,
            escalations=escalations,
            notifications=notifications,
            amend=amend,
            beneath={
                name: tuple(found)
                for name, found in {
                    "document": dict.fromkeys((*self._document_readings, *self.words.calendars[ALWAYS])),
                    **self._absent,
                }.items()
            },
            calendars_cited=self._calendars_cited,
        )

    @property
    def zone(self) -> str:
        """The zone of days and periods: the contract's, else the document's."""
        return (self.contract.zone if self.contract else "") or self.document.get("zone") or ""

    # -- the parts of the page -----------------------------------------------------------------------------

    def _document(self, contract: MapNode | None) -> None:
        key, node = self.text.key("document"), self.text.get("document")
        if key is None or node is None:
            way_out = f"begin with `{concept('document').example}`"
            self.report.error("missing-field", "an agreement needs `document`", self.text.place, way_out)
            return
        name = "document", ""
        known = None if self._memory is None else self._memory.find(name, self._takes)
        if known is not None:
            self._document_readings, self.document = known
            return
        before = self.report.errors
        row = read_row(concept("document"), key, node, self.report, self.readings)
        values = read_values(row, self.readers, self.report)
        self._document_readings = tuple(row.readings)
        self.result.consulted.update(row.readings)
        if contract is not None and self.contract is not None:
            self._tell_mismatch(row, values, contract, self.contract)
        if not row.broken and all(values.get(one) for one in ("agreement", "version", "provider", "zone")):
            self.document = values
        if self._memory is not None and self.report.errors == before:
            self._memory.keep(name, self._takes, self._document_readings, self.document)

    def _tell_mismatch(self, row: Row, values: dict[str, Any], contract: MapNode, bound: Contract) -> None:
        node = contract.get("contract")
        for name, said in (("agreement", bound.agreement), ("version", bound.version)):
            there = node.get(name) if isinstance(node, MapNode) else None
            if said and there is not None and values.get(name) and said != values[name]:
                message = f"the contract names {name} `{said}`, and this is `{values[name]}`"
                way_out = f"write `{name}: {values[name]}`, or give the file of `{said}`"
                self.report.error(f"{name}-mismatch", message, there.place, way_out, row.place_of(name))

    def _assumptions(self) -> None:
        known = None if self._memory is None else self._memory.find(("assume", ""), {})
        read, broken = self._assumptions_read() if known is None else known[1]
        if self._memory is not None:
            self._memory.keep(("assume", ""), {}, (), (read, broken))
        takes = self._takes = {name: self._taking.get(name, one.take) for name, one in read.items()}
        found = {
            name: one if takes[name] == one.take else replace(one, take=takes[name])
            for name, one in read.items()
        }
        self.readings = Readings(found, broken)
        self.result.assumptions = found

    def _assumptions_read(self) -> tuple[dict[str, Assumption], frozenset[str]]:
        """The sound assumptions as they are written, and the names of the others."""
        found: dict[str, Assumption] = {}
        broken: set[str] = set()
        for key, node in self._section("assume"):
            before = self.report.errors

            def build(row: Row, values: dict[str, Any], cited: Citation) -> Assumption:
                return declare.assumption_of(row, values, cited, self.report)

            built = self._row("assume", key, node, build)
            if built is None or self.report.errors > before:
                broken.add(key.text)
            else:
                found[key.text] = built
        return found, frozenset(broken)

    def _declarations(self) -> None:
        words = self.words
        words.calendars = dict.fromkeys([ALWAYS, *(key.text for key in self._keys("calendar"))], ())
        words.quotas = tuple(key.text for key in self._keys("quota"))
        report = self.report
        words.attributes = self._every("attribute", lambda r, v, c: declare.attribute_of(r, v, report))
        words.scales = self._every("scale", lambda r, v, c: declare.scale_of(r, v, c, report))
        self._tell_twice(("attribute", "scale"), "an attribute", by_subject=True)
        events = self._every("event", lambda r, v, c: declare.event_of(r, v, report))
        words.events = {event.name: event for event in events}
        words.duties = {duty.name: duty for duty in self._every("duty", declare.duty_of)}

    def _every(self, name: str, build: Build[T]) -> tuple[T, ...]:
        """The sound rows of a concept; the readings behind a name that expressions know are remembered."""
        found: list[T] = []
        for key, node in self._section(name):
            built = self._row(name, key, node, build)
            if name in ("attribute", "scale") and self.cx.readings:
                self.words.readings_of[key.text] = tuple(self.cx.readings)
            if built is not None:
                found.append(built)
        return tuple(found)

    def _keys(self, name: str) -> tuple[Scalar, ...]:
        node = self.text.get(name)
        return tuple(key for key, _ in node.entries) if isinstance(node, MapNode) else ()

    def _calendars(self) -> cal.Calendars:
        texts: dict[str, cal.CalendarText] = {ALWAYS: cal.AROUND_THE_CLOCK}
        before = self.report.errors
        for key, node in self._section("calendar"):

            def build(row: Row, values: dict[str, Any], cited: Citation) -> cal.CalendarText:
                text = cal.calendar_of(row, values, cited, self.report)
                if text.holidays.generated:
                    self.result.holidays[text.holidays.generated.key] = text.holidays.generated
                return text

            built = self._row("calendar", key, node, build)
            if built is not None:
                texts[key.text] = built
                self._calendars_cited[key.text] = built.cited
        order = combined.order_of(texts, self.report)
        for name, text in texts.items():
            self.words.business_days[name] = text.business_day
        for name in order:
            self.words.calendars[name] = tuple(dict.fromkeys(self._readings_of(texts[name])))
        if self.zone:
            self.result.zones.add(self.zone)
        found = cal.Calendars(texts, self.zone, self.world)
        if self.report.errors == before and self.document:
            combined.tell_impossible(found, order, self.report)
        return found

    def _promises(
        self,
    ) -> tuple[
        tuple[ClockRule, ...], tuple[QuotaRule, ...], tuple[EntitlementRule, ...], tuple[ObligationRule, ...]
    ]:
        self._tell_twice((*COMMITMENTS, "escalate", "notify"), "a verdict, or a message,")
        report, cx = self.report, self.cx
        deadlines = self._every("deadline", lambda r, v, c: promise.deadline(r, v, c, cx))
        cadences = self._every("every", lambda r, v, c: promise.cadence(r, v, c, cx))
        quotas = self._every("quota", lambda r, v, c: promise.quota(r, v, c, self._period(v)))
        entitled = self._every("entitlement", lambda r, v, c: promise.entitlement(r, v, c, report))
        obliged = self._every(
            "obligation", lambda r, v, c: promise.obligation(r, v, c, self._period(v), report)
        )
        return (*deadlines, *cadences), quotas, entitled, obliged

    def _duties(self) -> tuple[tuple[CovenantRule, ...], tuple[ReminderRule, ...]]:
        report = self.report

        def covenant(row: Row, values: dict[str, Any], cited: Citation) -> CovenantRule | None:
            month = promise.PeriodText("calendar month")
            return promise.covenant(row, values, cited, self._period({**values, "per": month}), report)

        return (
            self._every("covenant", covenant),
            self._every("remind", lambda r, v, c: promise.reminder(r, v, c, report)),
        )

    def _measured(self, clocks: tuple[ClockRule, ...]) -> Measured | None:
        """What is measured, promised at a level and owed; nothing is loaded for a page without any."""
        if not any(self.text.get(concept.name) for concept in MEASURING):
            return None
        from upheld.language.measured import Measured, readers

        named = self.words.named
        named.update({concept.name: tuple(k.text for k in self._keys(concept.name)) for concept in MEASURING})
        named["clock"] = tuple(key.text for name in ("deadline", "every") for key in self._keys(name))
        named["promise"] = tuple(key.text for name in _OTHERWISE for key in self._keys(name))
        kinds_of = {clock.name: clock.of for clock in clocks}
        readings = {clock.name: clock.cited.readings for clock in clocks}
        self.readers |= readers(self.cx)
        self.measured = Measured(self.cx, self.contract, kinds_of, readings, self._period)
        self.measured.read(self._every)
        return self.measured

    def _period(self, values: dict[str, Any]) -> PeriodRule | None:
        text: promise.PeriodText | None = values.get("per")
        zone = values.get("zone") or self.zone
        if text is None or not zone or values.get("zone") == "":
            return None
        from_on = self.contract.from_on if self.contract else date(self.world.years[0], 1, 1)
        billing_day = self.contract.billing_day if self.contract else None
        return promise.period_rule(text, self.world.zone(zone), from_on, billing_day)

    def _tell_twice(self, names: tuple[str, ...], known_by: str, by_subject: bool = False) -> None:
        """Names that two concepts use; attributes of two kinds of subject do not meet."""
        found: list[tuple[Scalar, Node, str]] = []
        for name in names:
            node = self.text.get(name)
            entries = node.entries if isinstance(node, MapNode) else ()
            found += [(key, child, name) for key, child in entries]
        seen: dict[tuple[str, str], tuple[Scalar, str]] = {}
        for key, child, name in sorted(found, key=lambda one: one[0].place):
            of = child.get("of") if by_subject and isinstance(child, MapNode) else None
            first, of_what = seen.setdefault(
                (key.text, of.text if isinstance(of, Scalar) else ""), (key, name)
            )
            if first is not key:
                message = f"`{key.text}` is already the name of a row of `{of_what}`"
                way_out = f"{known_by} is known by its name: choose another"
                self.report.error("duplicate-name", message, key.place, way_out, first.place)

    def _claim(self) -> ClaimRule | None:
        key, node = self.text.key("claim"), self.text.get("claim")
        if key is None or node is None:
            return None
        if self.measured is None:
            from upheld.language.measured import readers

            self.readers |= readers(self.cx)
        remedies = {} if self.measured is None else self.measured.remedies
        return self._row("claim", key, node, lambda r, v, c: claim_rule(r, v, c, remedies, self.cx))

    def _amend(self) -> AmendRule | None:
        key, node = self.text.key("amend"), self.text.get("amend")
        if key is None or node is None:
            return None
        return self._row("amend", key, node, lambda r, v, c: amend_rule(r, v, c, self.cx))

    def _tellings(
        self, clocks: tuple[ClockRule, ...], entitlements: tuple[EntitlementRule, ...]
    ) -> tuple[tuple[EscalateRule, ...], tuple[NotifyRule, ...]]:
        """Who is told what, and when: read last, since it names what is promised."""
        known = (key.text for name in _WATCHED for key in self._keys(name))
        kinds = {clock.name: clock.of for clock in clocks}
        written = (key.text for name in ("deadline", "every") for key in self._keys(name))
        watchable = tellings.Watchable(known, kinds, [name for name in written if name not in kinds])
        entitled = {one.name: one for one in entitlements}
        cx, self._watchable = self.cx, watchable
        self._seen_by_all = *(f"{one.name} of {one.of}" for one in clocks), *entitled
        found = (
            self._every("escalate", lambda r, v, c: tellings.escalate(r, v, c, watchable, entitled, cx)),
            self._every("notify", lambda r, v, c: tellings.notify(r, v, c, entitled, cx)),
        )
        self._seen_by_all = ()
        return found

    def _readings_of(self, text: cal.CalendarText) -> Iterator[str]:
        """The readings behind a calendar, of whose parts they are known already."""
        yield from text.cited.readings
        if not text.zone and not text.op:
            yield from self._document_readings
        for part in text.parts:
            yield from self.words.calendars.get(part, ())
