"""The record of one contract for one period as of a position: what is put together for a statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from upheld.book.claims import claimable, filed_under
from upheld.book.stated_position import Position
from upheld.core.accounting.due_since import told_at_of
from upheld.core.claiming.claimable import Claimable, FiledClaim
from upheld.core.clocks.subject import told_of
from upheld.core.facts.fact import Fact
from upheld.core.stating.canonical import Json, Record
from upheld.core.stating.claim_entries import claim_entry, claimable_entry
from upheld.core.stating.duty_entries import duty_entries, facts_of_duties
from upheld.core.stating.fact_entries import event_entry, fact_entry
from upheld.core.stating.memo_entries import facts_of_memo, memo_entry, waiting_entry
from upheld.core.stating.money_entries import credit_entry, facts_of, instalment_entry, owed_entries
from upheld.core.stating.reading_entries import assumption_entry, dependence_entry
from upheld.core.stating.rules import BY_KIND, CUT_OFF, FORMAT, READINGS
from upheld.core.stating.stated_period import kind_of, months_of
from upheld.core.stating.verdict_entries import citation, promise_entry, verdict_entry
from upheld.core.stating.waiting import waiting
from upheld.core.terms.agreement import ClockRule, Rule, SubjectKind, Terms
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.zone import Zone
from upheld.core.values.key import FactRef
from upheld.core.verdicts.condition import is_promise
from upheld.core.verdicts.credit import together
from upheld.core.verdicts.verdict import State, Verdict
from upheld.render.naming import zone_of

_STATES: Final[tuple[State, ...]] = (
    "met", "missed", "breached", "undetermined", "running", "at risk", "not applicable"
)  # fmt: skip
_NO_REMEDY: Final = ("credits", "remedies")
"""Entitlements under these names say that nothing is owed, and why."""


def stated(position: Position, terms: Terms, period: Period) -> Record:
    """The record without its chain. BeyondHorizon as `evaluate`."""
    return _Stated(position, terms, period).record()


class _Stated:
    """One contract and period in a book as of a position."""

    def __init__(self, position: Position, terms: Terms, period: Period) -> None:
        assert terms.contract is not None
        self.position, self.terms, self.period = position, terms, period
        self.contract = terms.contract
        self.zone = zone_of(terms)
        self.verdicts = position.verdicts(terms, period)
        self.credits = position.credits(terms, self.verdicts)
        self.refs: dict[FactRef, None] = {}
        """The facts that something in the record rests on, as they are met."""

    def record(self) -> Record:
        """Everything, section by section."""
        rules = {FORMAT, CUT_OFF, READINGS, *(BY_KIND[one.kind] for one in self.verdicts)}
        rules |= {one.rule_id for one in self.credits}
        subjects = self._subjects()
        record: Record = {
            "format": FORMAT,
            "rules": sorted(rules),
            "contract": self._contract(),
            "agreement": self._agreement(),
            "period": {
                "label": self.period.label,
                "kind": kind_of(self.period.label),
                "start_at": self.period.start_at,
                "end_at": self.period.end_at,
            },
            "at": self.position.at,
            "known": self.position.known,
            "is_over": self._is_over(),
            "summary": self._summary(self.verdicts),
            "months": self._months(),
            "promises": [{"plan": plan, **promise_entry(rule)} for plan, rule in self._rules()],
            "verdicts": [self._verdict(one) for one in self.verdicts],
            "subjects": subjects,
            "money": self._money(),
            "claims": self._claims(),
            "claimable": self._claimable(),
            "memos": self._memos(),
            **self._duties(),
            "waiting": self._waiting(),
            "next": self._next(),
            "readings": self._readings(),
            "restates": None,
        }
        record["facts"] = self._facts()
        return record

    # -- who and what --------------------------------------------------------------------------------------

    def _life(self) -> Life:
        return self.position.report.evaluation.lives[self.contract.id]

    def _contract(self) -> Record:
        bound = self.contract
        life = self._life()
        return {
            "id": bound.id,
            "customer": bound.customer,
            "provider": self.terms.provider,
            "plan": life.plan_at(min(self.period.end_at, self.position.at) - 1),
            "plans": [{"plan": one.plan, "from_at": one.from_at} for one in life.plans],
            "currency": bound.currency,
            "from_on": bound.from_on.isoformat(),
            "until_on": None if bound.until_on is None else bound.until_on.isoformat(),
            "ends_at": life.end_at,
            "zone": _zone(self.zone),
        }

    def _agreement(self) -> Record:
        origin = self.position.book.origin(self.contract.id)
        return {
            "name": self.terms.agreement,
            "version": self.terms.version,
            "title": self.terms.title,
            "sha256": origin.agreement,
            "lock_sha256": origin.lock,
            "contract_sha256": origin.contract,
        }

    def _summary(self, verdicts: Iterable[Verdict]) -> Record:
        """How many verdicts of promises there are of each state."""
        states = Counter(one.state for one in verdicts if is_promise(self.terms, one))
        return {name.replace(" ", "_"): states[name] for name in _STATES}

    def _rules(self) -> Iterable[tuple[str, Rule]]:
        """The rules of which there is a verdict, with the plan they are of, in the order of the agreement."""
        for plan in dict.fromkeys(one.plan for one in self.verdicts):
            there = {one.key.commitment for one in self.verdicts if one.plan == plan}
            yield from ((plan, rule) for rule in self.terms.under(plan).rules if rule.name in there)

    # -- verdicts ------------------------------------------------------------------------------------------

    def _verdict(self, one: Verdict) -> Record:
        seen_at: Iterable[Instant] = ()
        terms = self.terms.under(one.plan)
        rule = terms.rule(one.key.commitment)
        if one.is_late and isinstance(rule, ClockRule):
            seen_at = [fact.at for fact in self._about(rule.of, one.key.subject)]
        self.refs |= dict.fromkeys(one.facts)
        return verdict_entry(terms, one, self.position.at, seen_at)

    def _about(self, kind: SubjectKind, subject: str) -> Sequence[Fact]:
        return told_of(kind, self.position.by_subject.get(subject, ()), self.terms)

    def _subjects(self) -> Json:
        """What the clocks were about: every ticket, task, incident, with what happened to it."""
        found: dict[tuple[SubjectKind, str], None] = {}
        for one in self.verdicts:
            rule = self.terms.under(one.plan).rule(one.key.commitment)
            if isinstance(rule, ClockRule):
                found[rule.of, one.key.subject] = None
        rows: list[Json] = []
        for kind, subject in sorted(found):
            told = self._about(kind, subject)
            self.refs |= dict.fromkeys(FactRef(fact.source, fact.id) for fact in told)
            events: list[Json] = [event_entry(fact) for fact in told]
            rows.append({"kind": kind, "subject": subject, "events": events})
        return rows

    def _months(self) -> Json:
        """What each month of a longer period holds; they add up to it."""
        if kind_of(self.period.label) == "calendar month":
            return []
        rows: list[Json] = []
        for month in months_of(self.period, self.zone):
            own = self.position.verdicts(self.terms, month)
            decided = [one for one in own if not one.is_open or one.is_late]
            owed = owed_entries(self.position.credits(self.terms, decided))
            rows.append({"label": month.label, "summary": self._summary(decided), "owed": owed})
        return rows

    # -- money ---------------------------------------------------------------------------------------------

    def _money(self) -> Record:
        for one in self.credits:
            self.refs |= dict.fromkeys(facts_of(one))
        return {
            "has_remedies": bool(self.terms.remedies),
            "none": self._none(),
            "owed": owed_entries(self.credits),
            "credits": [credit_entry(self.terms.under(one.plan), one) for one in self.credits],
            "instalments": self._instalments(),
        }

    def _none(self) -> Json:
        """Where the agreement says that it gives no remedy: its clauses, readings and words."""
        if self.terms.remedies:
            return []
        rows: list[Json] = []
        for rule in self.terms.entitlements:
            if rule.name in _NO_REMEDY:
                value = list(rule.value) if isinstance(rule.value, tuple) else [rule.value]
                rows.append({"entitlement": rule.name, "says": [*value], **citation(rule.cited)})
        return rows

    def _is_over(self) -> bool:
        """Whether the period is over, or the contract is and nothing of the period still runs."""
        ends_within = self._life().is_over(min(self.position.at, self.period.end_at))
        return self.position.at >= self.period.end_at or (
            ends_within and not any(one.is_open for one in self.verdicts)
        )

    def _instalments(self) -> Json:
        """The parts of credits of any period that fall on an invoice of this one."""
        rows: list[Json] = []
        for one in self.position.report.evaluation.credits_of(self.contract.id):
            for part in together(one.instalments):
                if part.at is not None and self.period.start_at <= part.at < self.period.end_at:
                    entry = instalment_entry(part, one.currency)
                    key: Record = {"remedy": one.key.commitment, "subject": one.key.subject}
                    rows.append({**key, "currency": one.currency, **entry})
        return rows

    def _claims(self) -> Json:
        """The claims about a credit or, of none, an item of the period, and those filed or decided in it."""
        keys = {one.key for one in self.credits}
        mine = {one.key for one in self.verdicts}
        rows: list[Json] = []
        for filed in self._filed():
            one = filed.claim
            instants = [one.filed_at, *(decision.at for decision in one.decisions)]
            # What turned out to be in time is of no credit any more, and its claim is what was decided on it.
            is_of_item = not one.credits and any(item.key in mine for item in filed.items)
            if keys & set(one.credits) or is_of_item or any(map(self._is_in, instants)):
                self.refs |= dict.fromkeys(one.refs)
                rows.append(claim_entry(one))
        return rows

    def _filed(self) -> Iterable[FiledClaim]:
        memos = self.position.memos.get(self.contract.id, ())
        return filed_under(self.terms, self.position.report, memos)

    def _waiting(self) -> Json:
        """What of claims and credits, of any period, waits for the provider past its time."""
        memos = self.position.memos.get(self.contract.id, ())
        owed = self.position.report.evaluation.credits_of(self.contract.id)
        filed = tuple(self._filed())
        told_at = told_at_of(memos, self.position.facts, self.position.corrections)
        ends_at = self._life().end_at
        found = waiting(filed, memos, owed, told_at, ends_at, self.position.at)
        for one in found:
            about = (one.of, one.subject)
            own = [memo for memo in memos if (memo.remedy, memo.subject) == about]
            self.refs |= dict.fromkeys(ref for memo in own for ref in facts_of_memo(memo))
            asked = [each.claim for each in filed if one.what == "answer" and each.claim.id == one.subject]
            self.refs |= dict.fromkeys(ref for claim in asked for ref in claim.refs)
        return [waiting_entry(one) for one in found]

    def _claimable(self) -> Json:
        """What can still be claimed of the credits of the period, the first to end first."""
        keys = {one.key for one in self.credits}
        found = claimable(self.position.book, self.position.report, self.contract.id)
        still = [one for one in found if one.standing == "open" and one.credit.key in keys]
        return [claimable_entry(one) for one in sorted(still, key=_ends)]

    def _memos(self) -> Json:
        """The memos of the credits of the period, and those that were issued in it."""
        keys = {(one.key.commitment, one.key.subject) for one in self.credits}
        rows: list[Json] = []
        for memo in self.position.memos.get(self.contract.id, ()):
            # What is only proposed has the instant and the number that it would get if it were issued now.
            issued_at = None if memo.status in ("expected", "proposed") else memo.issued_at
            is_issued_here = issued_at is not None and self._is_in(issued_at)
            if (memo.remedy, memo.subject) in keys or is_issued_here:
                self.refs |= dict.fromkeys(facts_of_memo(memo))
                rows.append(memo_entry(memo))
        return rows

    def _is_in(self, at: Instant) -> bool:
        return self.period.start_at <= at < self.period.end_at

    def _duties(self) -> Record:
        """What the duties came to, each kind under its own name."""
        found = self.position.duty_book.duties(self.contract.id, self.period)
        self.refs |= dict.fromkeys(facts_of_duties(found))
        return duty_entries(found, self.terms.remedies)

    # -- what else -----------------------------------------------------------------------------------------

    def _next(self) -> Json:
        """What falls due after the instant, the next first."""
        wakes = self.position.wakes.get(self.contract.id, ())
        return [
            {"due_at": wake.due_at, "what": wake.what, "commitment": key.commitment, "subject": key.subject}
            for wake, key in wakes
            if wake.what != "period end" and wake.due_at > self.position.at
        ]

    def _readings(self) -> Record:
        """The readings that something here rests on, and what hangs on each of them."""
        hanging = self.position.hanging(self.contract.id, self.period.label)
        own = {(one.key, one.cycle) for one in self.verdicts}
        owed = {one.key for one in self.credits}
        subjects = {one.key.subject for one in self.verdicts}
        verdicts = [
            one
            for one in hanging.verdicts
            if one.alternatives
            and ((one.key, one.cycle) in own or (one.result is None and one.key.subject in subjects))
        ]
        owing = [
            one
            for one in hanging.credits
            if one.alternatives and (one.key in owed or (one.result is None and one.key.subject in subjects))
        ]
        names = {name for rule in self.terms.rules for name in rule.cited.readings}
        names |= {name for rule in self.terms.remedies for name in rule.cited.readings}
        names |= {name for rule in self.terms.entitlements for name in rule.cited.readings}
        names |= {one.name for found in verdicts for one in found.readings}
        names |= {one.name for found in owing for one in found.readings}
        taken: list[Json] = [
            assumption_entry(one) for name, one in sorted(self.terms.assumptions.items()) if name in names
        ]
        dependences: list[Json] = [dependence_entry(one, is_credit=False) for one in verdicts]
        dependences += [dependence_entry(one, is_credit=True) for one in owing]
        return {"taken": taken, "dependences": dependences}

    def _facts(self) -> Json:
        """The facts that something in the record rests on, in order."""
        known = self.position.facts
        told = sorted((known[ref] for ref in self.refs if ref in known), key=lambda fact: fact.order)
        return [fact_entry(fact, self.position.corrections.get(fact.key)) for fact in told]


def _ends(one: Claimable) -> tuple[bool, Instant, str]:
    """By its deadline, what has none last."""
    return one.until_at is None, one.until_at or 0, one.about


def _zone(zone: Zone) -> Record:
    """The civil time that instants are shown in: its offsets, each from an instant on."""
    changes: Mapping[str, Json] = {
        "transitions": [*zone.transitions],
        "offsets_s": [*zone.offsets_s],
        "abbreviations": [*zone.abbreviations],
    }
    return {"name": zone.name, "years": [zone.start_year, zone.end_year], **changes}
