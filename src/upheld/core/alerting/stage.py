"""Stages: everything that somebody is told of a contract, with the instant at which they are.

A stage is a value of what was evaluated: the same facts give the same stages, at whatever instant they are
asked for. Those whose instant has come are reached; the next one is a wake. Source: design 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from upheld.core.alerting.placing import Heard, Watched, placed, watched, watched_claim
from upheld.core.claiming.claim import Claim
from upheld.core.claiming.claimable import Claimable, claimable_of
from upheld.core.clocks.scope import holds, is_match
from upheld.core.clocks.subject import Event, Subject, fold_subject
from upheld.core.evaluating.cells import Input
from upheld.core.evaluating.contracts import life_under
from upheld.core.evaluating.evaluation import Evaluation
from upheld.core.evaluating.narrow import Found, Scope, Source
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ClockRule, SubjectKind, Terms
from upheld.core.terms.life import Life
from upheld.core.terms.telling import Audience, EscalateRule, NotifyRule, Urgency
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome, Verdict


class Judged(NamedTuple):
    """What was evaluated of one contract at an instant, all of it or some subjects.

    `facts` are those of an input (`("subject", kind, id)`); `subjects` are those whose events are told.
    `items` are verdicts beside these outcomes that can be claimed one by one. `reading` says in words under
    which reading, if it is not the one that holds.
    """

    terms: Terms
    at: Instant
    outcomes: Mapping[CellKey, Outcome]
    claims: tuple[Claim, ...]
    facts: Callable[[Input], tuple[Fact, ...]]
    subjects: Sequence[tuple[SubjectKind, str]]
    reading: str = ""
    items: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a stage is about, for templates. Instants in microseconds; empty or None: there is none.

    `what` it is: a clock (or a duty, a level), something to be claimed until `due_at`, an event that happened
    at `started_at`, a gap of a rota from then until `due_at`, or a test. `state` is that of the verdict at
    the instant asked about; `reading` is the one under which it is so soon, if it is another than holds.
    `stopped_at` is when the clock was stopped.
    """

    contract: str
    customer: str
    provider: str
    agreement: str
    what: Literal["clock", "claim", "event", "gap", "test"] = "clock"
    plan: str = ""
    commitment: str = ""
    subject: str = ""
    cycle: int = 0
    state: str = ""
    event: str = ""
    started_at: Instant | None = None
    goal_at: Instant | None = None
    due_at: Instant | None = None
    reading: str = ""
    stopped_at: Instant | None = None


def is_done(about: About) -> bool:
    """Whether what a stage is about was done in time: nobody has to be warned of it any more."""
    return about.what == "clock" and about.state == "met"


@dataclass(frozen=True, slots=True)
class Stage:
    """Somebody is told something at `at`.

    `cause` is a stable text: contract, commitment, subject, cycle. With `rule` and `name` it tells one stage
    from all others, whatever becomes of its instant. `to` are roles of the `audience`; `channels` are those
    that an entitlement gives, None: any.
    """

    cause: str
    rule: str
    name: str
    at: Instant
    audience: Audience
    to: tuple[str, ...]
    urgency: Urgency
    channels: tuple[str, ...] | None
    about: About

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the one it is."""
        return self.rule, self.cause, self.name


def judged_in(terms: Terms, evaluation: Evaluation, reading: str = "") -> Judged:
    """What an evaluation says of the contract of some terms. ValueError if they are of none."""
    if terms.contract is None:
        raise ValueError("stages are those of a contract")
    contract, told = terms.contract.id, evaluation.told
    outcomes = {key: one for key, one in evaluation.outcomes.items() if key.contract == contract}
    kinds: dict[SubjectKind, None] = {}
    for one in (terms, *terms.plans.values()):
        kinds.update(dict.fromkeys(rule.of for rule in one.notifications))
    subjects = [(kind, name) for kind in kinds for name in told.names.get(("subjects", contract, kind), ())]
    facts = told.facts
    return Judged(
        terms, evaluation.at, outcomes, evaluation.claims_of(contract),
        lambda name: facts.get(name, ()), subjects, reading,
    )  # fmt: skip


def judged_narrowly(
    terms: Terms, at: Instant, scope: Scope, found: Found, source: Source, reading: str = ""
) -> Judged:
    """What a narrow evaluation found of one scope of the contract of some terms.

    The stages of a contract are those of all its scopes.
    """
    subjects = [] if scope.kind is None else [(scope.kind, scope.subject)]
    return Judged(terms, at, found.outcomes, found.claims, source.facts, subjects, reading, found.items)


def stages(judged: Judged, stricter: Sequence[Judged] = ()) -> tuple[Stage, ...]:
    """Every stage that is reached or will be reached if no fact comes, the first one first.

    The customer is told by the reading that holds. The provider's people are told by the strictest one: of
    the same stage under several readings, by the one that comes first. Which stages there are is what the
    rules say as they are read; only the clocks are read otherwise. Source: terms P4.
    """
    found = {stage.key: stage for stage in _stages(judged, judged)}
    for other in stricter:
        for stage in _stages(other, judged):
            known = found.get(stage.key)
            if stage.audience == "provider" and (known is None or stage.at < known.at):
                found[stage.key] = stage
    if len(found) > 1:
        return tuple(sorted(found.values(), key=lambda stage: (stage.at, stage.key)))
    return tuple(found.values())


def next_at(found: Iterable[Stage], at: Instant) -> Instant | None:
    """The first instant after `at` at which a stage is reached; None if none will be."""
    return min((stage.at for stage in found if stage.at > at), default=None)


def reached(found: Iterable[Stage], at: Instant) -> tuple[Stage, ...]:
    """The stages whose instant has come."""
    return tuple(stage for stage in found if stage.at <= at)


# -- clocks, duties, levels, claims ------------------------------------------------------------------------


def _stages(judged: Judged, held: Judged) -> Iterator[Stage]:
    """The stages of what was judged, by the rules and with the causes of what holds."""
    verdicts = [one for outcome in judged.outcomes.values() for one in outcome.verdicts]
    subjects = _Subjects(judged)
    for verdict in verdicts:
        rules = _rules(held, verdict.plan, verdict.key.commitment)
        if not rules:
            continue
        terms = judged.terms.under(verdict.plan)
        on = watched(verdict, terms.calendars)
        for rule in rules if on is not None else ():
            if on is not None and _is_for(rule, verdict, terms, subjects):
                cause = _cause(verdict, held.outcomes.get(verdict.key))
                yield from _marked(rule, on, cause, _about(verdict, judged, terms), terms)
    if judged is not held:
        return
    yield from _claims(judged, [*verdicts, *judged.items])
    for kind, name in judged.subjects:
        yield from _events(judged, subjects, kind, name)


def _rules(held: Judged, plan: str, commitment: str) -> list[EscalateRule]:
    return [rule for rule in held.terms.under(plan).escalations if commitment in rule.of]


def _marked(rule: EscalateRule, on: Watched, cause: str, about: About, terms: Terms) -> Iterator[Stage]:
    heard = None if rule.hours is None else Heard(terms.calendars[rule.hours], rule.before_closing)
    for mark in rule.marks:
        at = placed(mark, on, terms.calendars, heard)
        if at is not None:
            yield _stage(rule, cause, str(mark), at, about, terms)


def _stage(
    rule: EscalateRule | NotifyRule, cause: str, name: str, at: Instant, about: About, terms: Terms
) -> Stage:
    channels = None
    if rule.channels_of:
        entitled = [one.channels for one in terms.entitlements if one.name == rule.channels_of]
        channels = entitled[0] if entitled else ()
    return Stage(cause, rule.name, name, at, rule.audience, rule.to, rule.how, channels, about)


class _Subjects:
    """The subjects of what was judged, each folded once under each plan."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self._known: dict[tuple[str, str, str], Subject | None] = {}
        self._life: Life | None = None

    def get(self, kind: SubjectKind, name: str, terms: Terms) -> Subject | None:
        """A subject without what quotas decide on it; None before anything begins it."""
        key = kind, name, terms.plan
        if key not in self._known:
            self._known[key] = fold_subject(kind, name, self._judged.facts(("subject", kind, name)), terms)
        return self._known[key]

    @property
    def life(self) -> Life:
        """When the contract holds, under which plan."""
        if self._life is None:
            contract = self._judged.terms.contract
            assert contract is not None, "stages are those of a contract"
            self._life = life_under(self._judged.terms, self._judged.facts(("contract", contract.id)))
        return self._life

    def asked_at(self, stopped_at: Instant | None) -> Instant:
        """The instant whose attributes decide: now, or when it was over."""
        return self._judged.at if stopped_at is None else min(stopped_at, self._judged.at)


def _is_for(rule: EscalateRule, verdict: Verdict, terms: Terms, subjects: _Subjects) -> bool:
    """Whether a rule is for the subject of a verdict, by its attributes now; the unknown does not hold."""
    if rule.where is None:
        return True
    clock = terms.rule(verdict.key.commitment)
    assert isinstance(clock, ClockRule), "only clocks have subjects, which the language says"
    subject = subjects.get(clock.of, verdict.key.subject, terms)
    if subject is None:
        return False
    return holds(rule.where, terms, subject.attributes_at(subjects.asked_at(verdict.stopped_at))) is True


def _claims(judged: Judged, verdicts: Sequence[Verdict]) -> Iterator[Stage]:
    """What can be claimed, where stages watch the remedy."""
    for outcome in judged.outcomes.values():
        for credit in outcome.credits:
            terms = judged.terms.under(credit.plan)
            rules = _rules(judged, credit.plan, credit.key.commitment)
            if not rules:
                continue
            for one in claimable_of(judged.terms, credit, verdicts, judged.claims, judged.at):
                if one.standing == "forfeited":
                    continue
                filed = next((claim.filed_at for claim in judged.claims if claim.id == one.claim), None)
                on = watched_claim(one, filed, terms.calendars)
                cause = _path(credit.key.contract, credit.key.commitment, one.about)
                for rule in rules:
                    yield from _marked(rule, on, cause, _about_claim(one, judged, terms), terms)


# -- events ------------------------------------------------------------------------------------------------


def _events(judged: Judged, subjects: _Subjects, kind: SubjectKind, name: str) -> Iterator[Stage]:
    """What is told of the events of a subject: by the terms of the plan that was in force then."""
    for terms in (judged.terms, *judged.terms.plans.values()):
        rules = [rule for rule in terms.notifications if rule.of == kind]
        subject = subjects.get(kind, name, terms) if rules else None
        for rule in rules if subject is not None else ():
            for event in _told(rule, subject, terms) if subject is not None else ():
                if judged.terms.under(subjects.life.plan_at(event.at)) is terms:
                    yield _event_stage(rule, kind, event, judged, terms)


def _event_stage(rule: NotifyRule, kind: SubjectKind, event: Event, judged: Judged, terms: Terms) -> Stage:
    verb, subject = event.fact.type.partition(".")[2], event.fact.subject
    about = replace(_base(judged, terms), what="event", subject=subject, event=verb, started_at=event.at)
    each = event.ref if rule.repeat == "each time" else ()
    at = event.at if rule.hours is None else terms.calendars[rule.hours].next_opening(event.at)
    return _stage(rule, event_cause(about.contract, kind, subject, *each), "event", at, about, terms)


def event_cause(contract: str, kind: SubjectKind, subject: str, *each: str) -> str:
    """What stages of the events of a subject are told for, or of `each` event of it."""
    return _path(contract, kind, subject, *each)


def _told(rule: NotifyRule, subject: Subject, terms: Terms) -> Iterator[Event]:
    for event in subject.events:
        is_told = is_match(event, rule.upon, subject, terms)
        if is_told and holds(rule.where, terms, subject.attributes_at(event.at)):
            yield event
            if rule.repeat == "once":
                return


# -- what it is about --------------------------------------------------------------------------------------


def _cause(verdict: Verdict, held: Outcome | None) -> str:
    """What a stage is told for, whatever is learned later.

    A round goes by when it began: its number changes if an update before it becomes known. An act goes by
    the instant at which it is due: work that is moved has to be announced anew. `held` is what holds of the
    cell: under another reading it is the same act, due at another instant.
    """
    which = str(verdict.cycle)
    if verdict.kind == "cadence" and verdict.started_at is not None:
        which = format_instant(verdict.started_at)
    elif verdict.kind == "deadline" and verdict.anchor_at is None:
        dues = [one.due_at for one in (*(held.verdicts if held is not None else ()), verdict)]
        due_at = next((due_at for due_at in dues if due_at is not None), None)
        which = which if due_at is None else format_instant(due_at)
    return _path(*verdict.key, which)


def _path(*parts: str) -> str:
    """Parts as one text that tells them apart."""
    whole = "/".join(parts)
    if "%" not in whole and whole.count("/") == len(parts) - 1:  # as nearly always
        return whole
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def cause_parts(cause: str) -> tuple[str, ...]:
    """The parts of a cause: of a clock its contract, commitment and subject, and which round or act it is."""
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in cause.split("/"))


def _base(judged: Judged, terms: Terms) -> About:
    contract = judged.terms.contract
    assert contract is not None
    return About(
        contract.id, contract.customer, terms.provider, terms.agreement, "clock", terms.plan,
        reading=judged.reading,
    )  # fmt: skip


def _about(verdict: Verdict, judged: Judged, terms: Terms) -> About:
    contract = judged.terms.contract
    assert contract is not None
    _, commitment, subject = verdict.key
    started_at = verdict.started_at if verdict.anchor_at is None else verdict.anchor_at
    # In the order of its fields, as there is one for every mark of every clock.
    return About(
        contract.id, contract.customer, terms.provider, terms.agreement, "clock", terms.plan, commitment,
        subject, verdict.cycle, verdict.state, "", started_at, verdict.goal_at, verdict.due_at,
        judged.reading, verdict.stopped_at,
    )  # fmt: skip


def _about_claim(one: Claimable, judged: Judged, terms: Terms) -> About:
    return replace(
        _base(judged, terms),
        what="claim",
        commitment=one.credit.key.commitment,
        subject=one.about,
        state=one.standing,
        started_at=one.period.end_at if one.issue_at is None else one.issue_at,
        due_at=one.until_at,
    )
