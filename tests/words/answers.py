"""Computations behind the answers: asked of the engine or read off the terms, then said in a language.

A question names one with its arguments (`due: {clock: response, facts: [...]}`). Nothing here knows what the
text of an agreement says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

from tests.terms.observed import BAD, Observed
from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import Contact, Contract, Terms
from upheld.core.terms.remedy import Bands, Share
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Instant, format_instant, instant_of
from upheld.core.timeline.opening import WeeklyRule
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.key import CellKey
from upheld.core.values.value import Money
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import Verdict
from upheld.render import figures
from upheld.render.prose.tongue import Tongue

CONTRACT: Final = "asked"
PERSON: Final = "alex"
FEE: Final = Money(Fraction(1000), "EUR")
UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
Args = Mapping[str, Any]


@dataclass
class Asked:
    """The terms of one plan under a contract, the language of the answer, and the zone of its times."""

    terms: Terms
    tongue: Tongue
    zone: str = ""
    observed: Observed = field(default_factory=Observed)

    def place(self) -> Zone:
        """The zone of the answer: that of a calendar if one is named so, else of the agreement."""
        for calendar in self.terms.calendars.values():
            if calendar.rule.zone.name == self.zone:
                return calendar.rule.zone
        assert not self.zone, f"no calendar is in {self.zone}"
        return self.terms.calendars["always"].rule.zone

    def instant(self, text: str) -> Instant:
        """`2026-06-05 16:30` on the clock of the answer's zone."""
        return instant_of(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.place().name)))

    def until(self, at: Instant | None) -> str:
        """An instant as the end of something, in words; midnight belongs to the day before."""
        assert at is not None, "there is an instant"
        zone = self.place()
        if zone.label_at(at) % DAY:
            return self.tongue.at(at, zone)
        day = self.tongue.on(zone.date_at(at - 1))
        return f"{day} om 24:00" if self.tongue.language == "nl" else f"{day} at 24:00"

    def facts(self, told: Sequence[Sequence[Any]], subject: str = "X-1") -> list[Fact]:
        """Facts written as [type, local time, data, subject]."""
        found = []
        for number, (type_, text, *more) in enumerate(told):
            data = dict(more[0]) if more else {}
            about = more[1] if len(more) > 1 else subject
            at = self.instant(text)
            for name in ("starts_at", "ends_at", "issue_at"):
                if name in data:
                    data[name] = format_instant(self.instant(data[name]))
            if type_ in ("ticket.opened", "task.submitted", "claim.filed"):
                data = {"contract": CONTRACT, "requester": PERSON, **data}
            if type_ == "maintenance.announced":
                data = {"ends_at": data["starts_at"], "components": ["all"], **data}
            if type_.startswith("credential."):
                data = {"contract": CONTRACT, **data}
            found.append(Fact(f"f{number}", "asked", type_, at, at, about, data))
        return found

    def evaluated(self, facts: Sequence[Fact], at: Instant) -> Evaluation:
        """What the engine says of the facts and of what was observed."""
        return evaluate([self.terms], sorted(facts, key=lambda fact: fact.order), at, self.observed)

    def verdict(self, rule: str, subject: str, facts: Sequence[Fact], at: Instant) -> Verdict:
        """The last cycle of a rule on a subject."""
        return self.evaluated(facts, at).outcomes[CellKey(CONTRACT, rule, subject)].verdicts[-1]


def bound(terms: Terms) -> Terms:
    """The terms under a contract of Acme, so that they can be evaluated."""
    from upheld.core.values.frozen import replace

    contract = Contract(
        CONTRACT, "Acme", terms.agreement, date(2025, 1, 1), plan=terms.plan, currency="EUR",
        fees={"month": FEE}, contacts=(Contact(PERSON),),
    )  # fmt: skip
    return replace(terms, contract=contract)


# -- clocks ------------------------------------------------------------------------------------------------


def _running(asked: Asked, args: Args) -> Verdict:
    facts = asked.facts(args["facts"])
    subject = args.get("subject", "X-1")
    return asked.verdict(args["clock"], subject, facts, max(fact.at for fact in facts))


def due(asked: Asked, args: Args) -> str:
    """When a clock is due after some facts."""
    return asked.until(_running(asked, args).due_at)


def last(asked: Asked, args: Args) -> str:
    """The last instant in time: the first later one at which the engine calls it late, less a little."""
    facts = asked.facts(args["facts"])
    at = max(fact.at for fact in facts)
    outcome = asked.evaluated(facts, at).outcomes[CellKey(CONTRACT, args["clock"], "X-1")]
    (wake,) = (wake for wake in outcome.wakes if wake.what == "limit")
    return asked.until(wake.at - 1)


def goal_at(asked: Asked, args: Args) -> str:
    """The instant that is aimed at."""
    return asked.until(_running(asked, args).goal_at)


def limit(asked: Asked, args: Args) -> str:
    """The amount that a clock allows after some facts."""
    target = _running(asked, args).target
    assert target is not None
    assert target.limit is not None
    return asked.tongue.amount(target.limit)


def goal(asked: Asked, args: Args) -> str:
    """The amount that a clock aims at after some facts."""
    target = _running(asked, args).target
    assert target is not None
    assert target.goal is not None
    return asked.tongue.amount(target.goal)


def lateness(asked: Asked, args: Args) -> str:
    """What being late is, judged half a year after some facts."""
    facts = asked.facts(args["facts"])
    at = max(fact.at for fact in facts) + 180 * DAY
    state = asked.verdict(args["clock"], args.get("subject", "X-1"), facts, at).state
    words = {
        "breached": {"en": "is a breach of the agreement", "nl": "is een schending van de overeenkomst"},
        "missed": {
            "en": "counts as missed, but not as a breach",
            "nl": "geldt als gemist, maar niet als schending",
        },
    }
    return words[state][asked.tongue.language]


def unpromised(asked: Asked, args: Args) -> str:
    """That no time is promised after some facts, as the engine says."""
    facts = asked.facts(args["facts"])
    outcome = asked.evaluated(facts, max(fact.at for fact in facts)).outcomes
    told = outcome.get(CellKey(CONTRACT, args["clock"], "X-1"))
    assert told is None or all(verdict.due_at is None for verdict in told.verdicts)
    return {"en": "no time is promised", "nl": "geen termijn toegezegd"}[asked.tongue.language]


def before(asked: Asked, args: Args) -> str:
    """How long before work it must be announced, found by asking for the deadline of one."""
    facts = asked.facts(args["facts"])
    verdict = _running(asked, args)
    starts_at = asked.instant(args["facts"][0][2]["starts_at"])
    assert verdict.due_at is not None
    assert facts
    length_us = starts_at - verdict.due_at
    if length_us % DAY == 0 and length_us >= 7 * DAY:
        return asked.tongue.amount(Amount("days", length_us // DAY))
    return asked.tongue.length(length_us)


# -- hours -------------------------------------------------------------------------------------------------


def opens(asked: Asked, args: Args) -> str:
    """When a calendar opens on a date."""
    return _edge(asked, args, 0)


def closes(asked: Asked, args: Args) -> str:
    """When a calendar closes on a date."""
    return _edge(asked, args, 1)


def _edge(asked: Asked, args: Args, end: int) -> str:
    calendar = asked.terms.calendars[args["calendar"]]
    zone, on = calendar.rule.zone, date.fromisoformat(str(args["day"]))
    spans = calendar.spans.clip(zone.day_start(on), zone.day_start(on + timedelta(days=1)))
    at = next(iter(spans))[end]
    return asked.tongue.clock(zone.label_at(at) % DAY // SECOND)


def business_day(asked: Asked, args: Args) -> str:
    """How long a business day of a calendar is."""
    calendar = asked.terms.calendars[args["calendar"]]
    return asked.tongue.length(calendar.axis_us(Amount("business days", 1)) or 0)


def zone_of(asked: Asked, args: Args) -> str:
    """The zone of a calendar."""
    return asked.terms.calendars[args["calendar"]].rule.zone.name


def holiday(asked: Asked, args: Args) -> str:
    """The name of a day on which a calendar is closed, which the engine confirms.

    What it is called in another language, the library of holidays says.
    """
    calendar = asked.terms.calendars[args["calendar"]]
    zone, on = calendar.rule.zone, date.fromisoformat(str(args["day"]))
    assert calendar.elapsed(zone.day_start(on), zone.day_start(on + timedelta(days=1))) == 0
    assert isinstance(calendar.rule, WeeklyRule)
    assert isinstance(calendar.rule.holidays, Mapping)
    name = f"{calendar.rule.holidays[on]}"
    language = asked.tongue.language
    if language == "en":
        return name
    return str(country_holidays(str(args["country"]), years=on.year, language=language)[on])


# -- levels ------------------------------------------------------------------------------------------------


def level(asked: Asked, args: Args) -> str:
    """The level promised."""
    (commit,) = (one for one in asked.terms.commits if one.name == args["commit"])
    assert commit.level is not None
    return asked.tongue.percent(commit.level.value, commit.level.decimals)


def _measured(asked: Asked, args: Args, bad_us: int = 0) -> tuple[Verdict, Evaluation]:
    """A month or quarter with so much downtime in one go, and whatever facts are told beside."""
    (commit,) = (one for one in asked.terms.commits if one.name == args["commit"])
    first = date.fromisoformat(args["period"] + "-01")
    zone = commit.period.zone
    period = commit.period.period_at(zone.day_start(first) + DAY)
    if asked.terms.indicators[commit.indicator].basis == "outcomes":
        return _counted(asked, args, period.label, period.end_at)
    leaves = [name for name, part in asked.terms.components.items() if part.tie is None]
    asked.observed = Observed()
    asked.observed.always(leaves, period.start_at - DAY, period.end_at + 100 * DAY)
    start_at = asked.instant(args["from"]) if "from" in args else zone.day_start(first + timedelta(days=9))
    for leaf in args.get("parts", leaves):
        asked.observed.checks[leaf].told.append((Spans.of([(start_at, start_at + bad_us)]), BAD))
    facts = asked.facts(args.get("facts", []))
    at = max([period.end_at + DAY, *(fact.at for fact in facts)])
    found = asked.evaluated(facts, at)
    outcome = found.outcomes[CellKey(CONTRACT, commit.name, period.label)]
    return outcome.verdicts[0], found


def _counted(asked: Asked, args: Args, label: str, end_at: Instant) -> tuple[Verdict, Evaluation]:
    """So many tasks, some of them late."""
    start_at = asked.instant(args["period"] + "-11 10:00")
    facts = asked.facts(args.get("facts", []))
    for n in range(args["of"]):
        begun_at = start_at + (20 if n < args["late"] else 5) * MINUTE
        data = {"contract": CONTRACT}
        for type_, at in (("task.submitted", start_at), ("task.began", begun_at)):
            told = data if type_ == "task.submitted" else {}
            facts.append(Fact(f"{type_} {n}", "asked", type_, at, at, f"K-{n}", told))
    at = max([end_at + DAY, *(fact.at for fact in facts)])
    found = asked.evaluated(facts, at)
    return found.outcomes[CellKey(CONTRACT, args["commit"], label)].verdicts[0], found


def _length(text: str) -> int:
    return sum(int(part[:-1]) * UNITS[part[-1]] for part in text.split())


def budget(asked: Asked, args: Args) -> str:
    """The downtime that keeps a level in a period of its true length, to the microsecond."""
    verdict, _ = _measured(asked, args)
    assert verdict.measurement is not None
    assert verdict.level is not None
    allowed = (1 - verdict.level.value) * verdict.measurement.total
    return asked.tongue.length(allowed.numerator // allowed.denominator)


def value(asked: Asked, args: Args) -> str:
    """What so much downtime, or so many late, come to."""
    verdict, _ = _measured(asked, args, _length(args.get("down", "0s")))
    assert verdict.measurement is not None
    return _percent(asked, verdict.measurement, verdict)


def _percent(asked: Asked, found: Measurement, verdict: Verdict) -> str:
    assert found.final.value is not None
    shown = figures.value(found.final.value, verdict.level, "ratio").removesuffix(" %").replace(",", "")
    return asked.tongue.percent(Fraction(shown) / 100)


def kept(asked: Asked, args: Args) -> str:
    """Whether the level is kept after so much downtime."""
    verdict, _ = _measured(asked, args, _length(args.get("down", "0s")))
    words = {True: {"en": "kept", "nl": "gehaald"}, False: {"en": "not kept", "nl": "niet gehaald"}}
    return words[verdict.state == "met"][asked.tongue.language]


def most_late(asked: Asked, args: Args) -> str:
    """How many of so many may be late: the engine is asked for more and more of them."""
    late = 0
    while _measured(asked, {**args, "late": late + 1})[0].state == "met":
        late += 1
    return asked.tongue.number(late)


def excluded_by(asked: Asked, args: Args) -> str:
    """The exclusion by which the engine takes out time that is bad, or tasks."""
    verdict, _ = _measured(asked, args, _length(args.get("down", "0s")))
    assert verdict.measurement is not None
    taken = {part.by for one in verdict.measurement.ends for part in one.parts if part.name == "excluded"}
    (name,) = taken
    return name


def counts(asked: Asked, args: Args) -> str:
    """That bad time counts in spite of what is told, and the reading by which it does."""
    verdict, _ = _measured(asked, args, _length(args["down"]))
    assert verdict.measurement is not None
    assert verdict.measurement.amount("excluded") == 0
    assert verdict.measurement.amount("down") > 0
    return asked.terms.assumptions[args["reading"]].take


# -- money -------------------------------------------------------------------------------------------------


def owed(asked: Asked, args: Args) -> str:
    """What is owed for a period, claimed and granted as the facts say."""
    _, found = _measured(asked, args, _length(args.get("down", "0s")))
    (credit,) = (
        one
        for one in found.credits_of(CONTRACT)
        if one.key == CellKey(CONTRACT, args["remedy"], args["period"])
    )
    assert credit.amount is not None
    return asked.tongue.money(Money(Fraction(credit.amount), credit.currency))


def instalment(asked: Asked, args: Args) -> str:
    """The part of what is owed that stands on an invoice."""
    _, found = _measured(asked, args, _length(args.get("down", "0s")))
    (credit,) = (one for one in found.credits_of(CONTRACT) if one.key.subject == args["period"])
    (part,) = (one for one in credit.instalments if one.invoice == args["invoice"])
    return asked.tongue.money(Money(Fraction(part.amount), credit.currency))


def share(asked: Asked, args: Args) -> str:
    """The share of the fee that a value gives."""
    bands = asked.terms.remedy(args["remedy"]).amount
    assert isinstance(bands, Bands)
    exact = Fraction(args["value"]) / 100
    (give,) = (band.give for band in bands.bands if band.holds(exact))
    assert isinstance(give, Share)
    return asked.tongue.percent(give.ratio)


def instalments(asked: Asked, args: Args) -> str:
    """In how many parts a credit is paid."""
    return asked.tongue.number(asked.terms.remedy(args["remedy"]).pay.instalments)


def cap(asked: Asked, args: Args) -> str:
    """The most that is given in a month, as a share."""
    (most,) = (one.most for one in asked.terms.remedy(args["remedy"]).limits if one.per == "month")
    assert isinstance(most, Share)
    return asked.tongue.percent(most.ratio)


# -- counted things and words of the agreement -------------------------------------------------------------


def allowance(asked: Asked, args: Args) -> str:
    """How many are allowed."""
    (quota,) = (one for one in asked.terms.quotas if one.name == args["quota"])
    return asked.tongue.number(quota.allow)


def times(asked: Asked, args: Args) -> str:
    """How often a duty is done in its period."""
    (duty,) = (one for one in asked.terms.obligations if one.name == args["obligation"])
    if duty.times == 1:
        return {"en": "once", "nl": "één keer"}[asked.tongue.language]
    word = {"en": "times", "nl": "keer"}[asked.tongue.language]
    return f"{asked.tongue.number(duty.times)} {word}"


def contacts(asked: Asked, args: Args) -> str:
    """How many named contacts may start a clock."""
    return asked.tongue.number(asked.terms.named_contacts or 0)


def said(asked: Asked, args: Args) -> str:
    """What the agreement says of something that comes with the plan."""
    (one,) = (one for one in asked.terms.entitlements if one.name == args["entitlement"])
    values = (one.value,) if isinstance(one.value, str) else one.value
    return _quoted(asked, values)


def channels(asked: Asked, args: Args) -> str:
    """The channels of an entitlement."""
    (one,) = (one for one in asked.terms.entitlements if one.name == args["entitlement"])
    return _quoted(asked, one.channels)


def _quoted(asked: Asked, values: Sequence[str]) -> str:
    return asked.tongue.listed([f"“{value}”" for value in values])


def set_by(asked: Asked, args: Args) -> str:
    """Who sets a scale, as the text calls the two."""
    (scale,) = (one for one in asked.terms.scales if one.name == args["scale"])
    return {
        "customer": {"en": "You set it", "nl": "U bepaalt die"},
        "provider": {"en": f"{asked.terms.provider} sets it", "nl": f"{asked.terms.provider} bepaalt die"},
    }[str(scale.set_by)][asked.tongue.language]


def meaning(asked: Asked, args: Args) -> str:
    """What a value of a scale means."""
    (scale,) = (one for one in asked.terms.scales if one.name == args["scale"])
    return scale.values[args["value"]]


def duty(asked: Asked, args: Args) -> str:
    """What the customer owes."""
    return asked.terms.duties[args["name"]].text


def reading(asked: Asked, args: Args) -> str:
    """How an open point is taken."""
    return asked.terms.assumptions[args["name"]].take


def notice(asked: Asked, args: Args) -> str:
    """How long before it holds a new version is announced."""
    assert asked.terms.amend is not None
    assert asked.terms.amend.notice is not None
    return asked.tongue.amount(asked.terms.amend.notice)


def slice_of(asked: Asked, args: Args) -> str:
    """The slices that time is cut into."""
    rule = asked.terms.indicators[args["indicator"]].per
    assert rule is not None
    return asked.tongue.length(rule.slice_us)


def shortest(asked: Asked, args: Args) -> str:
    """The shortest downtime: the engine is asked how long an outage has to be before it counts."""
    step_us = _length(args["step"])
    length_us = step_us
    while True:
        verdict, _ = _measured(asked, args, length_us)
        assert verdict.measurement is not None
        if verdict.measurement.amount("down"):
            return asked.tongue.length(length_us)
        length_us += step_us


COMPUTATIONS: Final[Mapping[str, Callable[[Asked, Args], str]]] = {
    one.__name__: one
    for one in (
        due, last, goal_at, limit, goal, lateness, unpromised, before, opens, closes, business_day, zone_of,
        holiday, level, budget, value, kept, most_late, excluded_by, counts, owed, instalment, share,
        instalments, cap, allowance, times, contacts, said, channels, set_by, meaning, duty, reading, notice,
        slice_of, shortest,
    )
}  # fmt: skip
"""By the name that questions call them."""
