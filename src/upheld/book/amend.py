"""From when a new version of an agreement holds for whom: notices, and what may not get worse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from upheld.book.diff import Version
from upheld.core.comparing.succession import (
    Step,
    earliest_start,
    next_day_start,
    signed_from,
    steps,
)
from upheld.core.comparing.terms import compare_terms
from upheld.core.evaluating.contracts import life_under
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.life import contract_period
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import dataclass
from upheld.language.compile import compile_terms
from upheld.language.contracts import of_any_version
from upheld.language.node import Mapping, Scalar

if TYPE_CHECKING:
    from datetime import date

PUBLISHED, NOTICED = "agreement.published", "agreement.notice_given"


class Asked(NamedTuple):
    """What is asked: the versions (the one in force last), the new one, the contracts and what was told.

    `published_at` and `from_at` are the days given, as instants in no zone but the document's; None: as the
    facts say, as early as can be. `facts` are in order.
    """

    new: Version
    old: Sequence[Version]
    contracts: Sequence[Mapping]
    facts: Sequence[Fact] = ()
    published_on: date | None = None
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """What a new version is for one contract.

    `signed` is what it was signed under; `told_at` when its customer was told; `starts_at` when the new
    version begins for it, and `period_end_at` when its contract period then ends (None: nobody says). A
    contract that was signed under the new version has no steps, and neither has one that is over by then.
    """

    terms: Terms
    signed: str
    told_at: Instant | None
    earliest_at: Instant | None
    starts_at: Instant | None
    period_end_at: Instant | None
    steps: tuple[Step, ...] = ()
    is_new: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a new version is for whoever signs from its publication on, and for every contract.

    `rule` is that of the version in force, `zone` that of the document.
    """

    published_at: Instant | None
    zone: Zone | None
    rule: AmendRule | None
    successions: tuple[Succession, ...]


def amend(asked: Asked) -> tuple[Amendment | None, tuple[Finding, ...]]:
    """The succession of every contract, and what is wrong with the notices or the files. None beside errors.

    A notice that is too short is an error that names the earliest valid day; the succession is then told as
    of that day. BeyondHorizon where a date lies outside the years of a lock.
    """
    work = _Work(asked)
    found = [one for contract in asked.contracts if (one := work.succession(contract)) is not None]
    whole = Amendment(work.published_at(), work.zone, work.rule_in_force, tuple(found))
    findings = in_order(work.findings)
    if any(finding.severity == "error" and finding.code != "notice-too-short" for finding in findings):
        return None, findings
    return whole, findings


class _Work:
    """One question, contract by contract; what is wrong is collected."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.findings: list[Finding] = []
        self.version = _version_of(asked.new)
        self.by_version = {_version_of(old): old for old in asked.old}

    def succession(self, contract: Mapping) -> Succession | None:
        """What the new version is for one contract; None if something is wrong with it."""
        signed = self._signed(contract)
        if signed is None:
            return None
        new = self._compiled(self.asked.new, contract)
        old = self._compiled(signed, contract) if signed is not self.asked.new else new
        in_force = self._compiled(self.asked.old[-1], contract) if self.asked.old else old
        if new is None or old is None or in_force is None:
            return None
        if signed is self.asked.new:
            return Succession(new, new.version, None, None, signed_from(new), None, (), is_new=True)
        return self._of(contract, old, in_force, new)

    def _of(self, contract: Mapping, old: Terms, in_force: Terms, new: Terms) -> Succession | None:
        assert old.contract is not None, "it was compiled for a contract"
        zone = old.calendars[ALWAYS].rule.zone
        rule = old.amend
        told_at = self._told_at(old)
        if told_at is None:
            way_out = "say --published DATE, or give the facts agreement.published or agreement.notice_given"
            message = f"nothing says when `{old.contract.id}` is told of version {self.version}"
            self.findings.append(Finding("notice-unknown", message, (contract.place,), way_out))
            return None
        earliest_at = earliest_start(rule, old, told_at)
        starts_at = earliest_at
        if self.asked.from_on is not None:
            wanted_at = next_day_start(zone, zone.day_start(self.asked.from_on))
            starts_at = max(wanted_at, earliest_at)
            if wanted_at < earliest_at:
                self._tell_too_short(contract, old, earliest_at)
        starts_at = max(starts_at, signed_from(old))
        life = life_under(old, [fact for fact in self.asked.facts if fact.subject == old.contract.id])
        if life.is_over(starts_at):
            return Succession(old, old.version, told_at, earliest_at, starts_at, None, (), is_over=True)
        before_at = max(starts_at - 1, signed_from(old))
        if rule is not None and rule.until == "contract ends":
            period_end_at = life.end_at
        else:
            period_end_at = contract_period(old.contract, life, zone, before_at)[1]
        base = in_force if rule is not None and rule.never_below == "commitments in force" else old
        found = steps(compare_terms(base, new), base, new, rule, starts_at, period_end_at)
        if any(step.is_open for step in found):
            self._tell_open(contract, old)
        return Succession(old, old.version, told_at, earliest_at, starts_at, period_end_at, found)

    # -- which versions ------------------------------------------------------------------------------------

    def _signed(self, contract: Mapping) -> Version | None:
        """The version that a contract was signed under: the one it names, else the one of that day."""
        named = _word(contract, "version")
        if named:
            if named == self.version:
                return self.asked.new
            if named in self.by_version:
                return self.by_version[named]
            given = ", ".join(self.by_version)
            message = f"the contract was signed under version {named}, which is not among the versions given"
            way_out = f"give its file too: --against FILE; there is {given}"
            self.findings.append(Finding("unknown-version", message, (_place(contract, "version"),), way_out))
            return None
        terms = self._compiled(self.asked.old[-1], contract)
        if terms is None or terms.contract is None:
            return None
        published_at, zone = self.published_at(), terms.calendars[ALWAYS].rule.zone
        signed_at = zone.day_start(terms.contract.signed_on or terms.contract.from_on)
        is_new = published_at is not None and signed_at >= published_at
        return self.asked.new if is_new else self.asked.old[-1]

    def _compiled(self, version: Version, contract: Mapping) -> Terms | None:
        terms, found = compile_terms(version.node, contract=of_any_version(contract), lock=version.lock)
        self.findings += [finding for finding in found if finding.severity == "error"]
        return terms

    @cached_property
    def _of_plan(self) -> tuple[Terms | None, Terms | None]:
        """The version in force and the new one for their first plans: what is asked of no contract."""
        found = []
        for version in (self.asked.old[-1], self.asked.new):
            terms, told = compile_terms(version.node, plan=(*version.plans, "")[0], lock=version.lock)
            self.findings += [finding for finding in told if finding.severity == "error"]
            found.append(terms)
        return found[0], found[1]

    @property
    def rule_in_force(self) -> AmendRule | None:
        """The rule of the version in force."""
        return self._of_plan[0].amend if self._of_plan[0] else None

    @property
    def zone(self) -> Zone | None:
        """The zone of the new version's document."""
        return self._of_plan[1].calendars[ALWAYS].rule.zone if self._of_plan[1] else None

    # -- what was told -------------------------------------------------------------------------------------

    def published_at(self) -> Instant | None:
        """When the new version was published."""
        if self.asked.published_on is None:
            return next((fact.at for fact in self._told(PUBLISHED)), None)
        return None if self.zone is None else self.zone.day_start(self.asked.published_on)

    def _told(self, type_: str) -> Iterable[Fact]:
        return (f for f in self.asked.facts if f.type == type_ and f.data.get("version") == self.version)

    def _told_at(self, terms: Terms) -> Instant | None:
        """When the customer was told: by a notice to them or to all, else by the publication."""
        assert terms.contract is not None, "it was compiled for a contract"
        for fact in self._told(NOTICED):
            if fact.data.get("contract") in (None, terms.contract.id):
                return fact.at
        if self.asked.published_on is not None:
            return terms.calendars[ALWAYS].rule.zone.day_start(self.asked.published_on)
        return next((fact.at for fact in self._told(PUBLISHED)), None)

    # -- what is wrong -------------------------------------------------------------------------------------

    def _tell_too_short(self, contract: Mapping, old: Terms, earliest_at: Instant) -> None:
        assert old.contract is not None, "it was compiled for a contract"
        assert old.amend is not None, "without a rule no notice is too short"
        zone = old.calendars[ALWAYS].rule.zone
        notice = f"a notice of {old.amend.notice}" if old.amend.notice else "no month that has begun"
        message = (
            f"version {self.version} cannot begin on {self.asked.from_on} for `{old.contract.id}`: "
            f"version {old.version} promises {notice}"
        )
        way_out = f"the first day that is possible is {zone.date_at(earliest_at)}"
        places = (contract.place, *([old.amend.cited.place] if old.amend.cited.place else []))
        self.findings.append(Finding("notice-too-short", message, places, way_out))

    def _tell_open(self, contract: Mapping, old: Terms) -> None:
        assert old.contract is not None, "it was compiled for a contract"
        message = f"nothing says when the contract period of `{old.contract.id}` ends"
        way_out = "say `term: 12 months`, or `until: …`, in the contract"
        place = _place(contract, "from")
        self.findings.append(Finding("contract-period-unknown", message, (place,), way_out, "warning"))


def _version_of(version: Version) -> str:
    document = version.node.get("document")
    found = document.get("version") if isinstance(document, Mapping) else None
    return found.text if isinstance(found, Scalar) else ""


def _word(contract: Mapping, name: str) -> str:
    row = contract.get("contract")
    found = row.get(name) if isinstance(row, Mapping) else None
    return found.text if isinstance(found, Scalar) else ""


def _place(contract: Mapping, name: str) -> Place:
    row = contract.get("contract")
    found = row.key(name) if isinstance(row, Mapping) else None
    return found.place if found is not None else contract.place
