"""A claim as it can be sent: in the form that the agreement wants, in English or Dutch, with our figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from upheld.core.claiming.claimable import Claimable, Why
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.value import Money
from upheld.core.verdicts.condition import is_condition
from upheld.core.verdicts.verdict import Verdict
from upheld.render import figures
from upheld.render.prose.levels import level_text
from upheld.render.prose.moments import until
from upheld.render.prose.tongue import N_, Tongue
from upheld.render.record_values import instant
from upheld.render.words import untied

SHOWN: Final = 20
"""So many stretches or items are told one by one; the rest are counted."""
_WHY: Final[Mapping[Why, str]] = {
    "owed": N_("What was measured entitles us to {amount}."),
    "undetermined": N_(
        "It cannot be told from what was measured whether the level was kept. Our own evidence is attached."
    ),
    "protective": N_("We file this so that the period is kept; its figure is not final."),
}


def draft_text(one: Claimable, language: str, at: Instant) -> list[str]:
    """The lines of a claim as of an instant. What only the customer can know is left open in brackets."""
    return [untied(line) for line in _lines(one, Tongue(language), at)]


def draft_record(one: Claimable, language: str = "en") -> dict[str, object]:
    """The same as data: what a fact `claim.filed` says, in a language, and what is behind it."""
    measured = one.verdict.measurement
    assert measured is not None
    contract, rule = one.terms.contract, one.terms.claim
    assert contract is not None
    assert rule is not None
    tongue = Tongue(language)
    return {
        "contract": contract.id,
        "customer": contract.customer,
        "about": one.about,
        "issue_at": instant(one.issue_at),
        "period": {
            "label": one.period.label,
            "starts_at": instant(one.period.start_at),
            "ends_at": instant(one.period.end_at),
        },
        "remedy": one.credit.key.commitment,
        "why": one.why,
        "until": instant(one.until_at),
        "to": rule.to or None,
        "channels": list(rule.channels),
        "include": list(rule.include),
        "account": account_of(one),
        "metrics": metrics_text(one, tongue),
        "impact": impact_text(one, tongue),
        "amount": None if one.credit.amount is None else str(one.credit.amount),
        "currency": one.credit.currency or None,
        "intervals": [[instant(start_at), instant(end_at)] for start_at, end_at in stretches(one)],
        "items": [item.key.subject for item in one.items],
        "clauses": list(rule.cited.clauses),
    }


def account_of(one: Claimable) -> str:
    """The account as the provider knows it: the contract."""
    contract = one.terms.contract
    assert contract is not None
    return contract.id


def stretches(one: Claimable) -> Spans:
    """When it was down, as it was measured; nothing where items are counted."""
    measured = one.verdict.measurement
    assert measured is not None
    return measured.outages


def _lines(one: Claimable, tongue: Tongue, at: Instant) -> Iterator[str]:
    contract, rule = one.terms.contract, one.terms.claim
    assert contract is not None
    assert rule is not None
    say = tongue.say
    zone = _zone(one)
    subject = say("Claim of {customer} for {what}", customer=contract.customer, what=one.about)
    yield say("Subject: {subject}", subject=subject)
    if rule.to:
        yield say("To: {address}", address=rule.to)
    yield ""
    yield say("Account: {account}", account=account_of(one))
    first, last = tongue.at(one.period.start_at, zone), until(one.period.end_at, zone, tongue)
    yield say(
        "Period: {label} ({first} to {last}, {zone})",
        label=one.period.label,
        first=first,
        last=last,
        zone=zone.name,
    )
    yield say("Metrics: {metrics}", metrics=metrics_text(one, tongue))
    yield from (f"- {line}" for line in _evidence(one, tongue, zone))
    yield say("Impact: {impact}", impact=impact_text(one, tongue))
    yield say("[add what this meant for you]")
    yield ""
    amount = _amount(one, tongue)
    yield say(_WHY[one.why], amount=amount)
    if rule.cited.clauses:
        listed = tongue.listed(rule.cited.clauses)
        yield tongue.plural(
            len(rule.cited.clauses),
            "This claim is made under clause {of} of the agreement {name}.",
            "This claim is made under clauses {of} of the agreement {name}.",
            of=listed,
            name=one.terms.agreement,
        )
    if one.until_at is None:
        return
    by = until(one.until_at, zone, tongue)
    if at <= one.until_at:
        yield say("It has to be filed by {at} ({zone}).", at=by, zone=zone.name)
    else:
        yield say("It had to be filed by {at} ({zone}), which is over.", at=by, zone=zone.name)


def _amount(one: Claimable, tongue: Tongue) -> str:
    credit = one.credit
    if credit.exact is None or credit.amount is None:
        return tongue.say("an amount that is not known yet")
    if credit.unit == "days of service":
        return tongue.plural(credit.exact, "{number} day of service", "{number} days of service")

    return tongue.money(Money(Fraction(credit.amount), credit.currency))


def metrics_text(one: Claimable, tongue: Tongue) -> str:
    """What was promised and what was measured, with its bounds where something is not known."""
    say, verdict = tongue.say, one.verdict
    measured, commit = verdict.measurement, _commit(one)
    assert measured is not None
    assert commit.level is not None
    level = level_text(commit.level, tongue)
    if is_condition(one.terms, verdict):  # nobody promised that
        asked = say("{name}: the level of the condition is {level}", name=commit.name, level=level)
    else:
        asked = say("{name}: promised {level}", name=commit.name, level=level)
    bounds = measured.final if measured.is_settled else measured.to_date
    if bounds.value is None:
        return say("{asked}, and nobody has measured it", asked=asked)
    value = _figure(bounds.value, commit, tongue)
    if bounds.low == bounds.high == bounds.value:
        return say("{asked}, measured {value}", asked=asked, value=value)
    low, high = (_figure(one_end, commit, tongue) for one_end in (bounds.low, bounds.high))
    return say(
        "{asked}, measured {value}, between {low} and {high}", asked=asked, value=value, low=low, high=high
    )


def _figure(value: Fraction, commit: CommitRule, tongue: Tongue) -> str:
    """A measured value, cut as everywhere: so that it never looks better against its level."""
    assert commit.level is not None
    if commit.level.unit == "duration":
        return tongue.length(int(value))
    return tongue.digits(figures.value(value, commit.level, "ratio"))


def impact_text(one: Claimable, tongue: Tongue) -> str:
    """What the figures say of the effect: so long down in so many stretches, or so many items late."""
    measured = one.verdict.measurement
    assert measured is not None
    if one.items:
        return tongue.plural(len(one.items), "{number} of them was late", "{number} of them were late")
    down = stretches(one)
    if not down.length:
        return tongue.say("no downtime is measured")
    count = tongue.plural(len(down), "in {number} stretch", "in {number} stretches")
    return tongue.say("down for {length} {stretches}", length=tongue.length(down.length), stretches=count)


def _evidence(one: Claimable, tongue: Tongue, zone: Zone) -> Iterator[str]:
    """Each stretch or item behind the figures."""
    told = [_stretch(start_at, end_at, tongue, zone) for start_at, end_at in stretches(one)]
    told += [_item(item, tongue, zone) for item in one.items]
    yield from told[:SHOWN]
    if len(told) > SHOWN:
        yield tongue.plural(len(told) - SHOWN, "and {number} more", "and {number} more")


def _stretch(start_at: Instant, end_at: Instant, tongue: Tongue, zone: Zone) -> str:
    return tongue.say(
        "{start} to {end}: {length}",
        start=tongue.at(start_at, zone),
        end=until(end_at, zone, tongue),
        length=tongue.length(end_at - start_at),
    )


def _item(item: Verdict, tongue: Tongue, zone: Zone) -> str:
    started = tongue.at(item.started_at, zone) if item.started_at is not None else ""
    due = until(item.due_at, zone, tongue) if item.due_at is not None else ""
    if item.stopped_at is None:
        return tongue.say(
            "{item}, from {start}: due {due}, and not done yet", item=item.key.subject, start=started, due=due
        )
    done = tongue.at(item.stopped_at, zone)
    return tongue.say(
        "{item}, from {start}: due {due}, done {done}",
        item=item.key.subject,
        start=started,
        due=due,
        done=done,
    )


def _commit(one: Claimable) -> CommitRule:
    return next(commit for commit in one.terms.commits if commit.name == one.credit.commitment)


def _zone(one: Claimable) -> Zone:
    return _commit(one).period.zone
