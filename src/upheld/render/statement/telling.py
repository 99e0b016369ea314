"""How the values of a record are told: instants in the time of the contract, figures, money, and names.

Everything comes from the record: also the civil time, whose offsets stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from babel.dates import format_date, get_day_names, get_month_names

from upheld.core.stating.canonical import Record
from upheld.core.stating.statement import Statement
from upheld.core.terms.indicator import Level
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.value import Money
from upheld.render import figures, words
from upheld.render.drawings.axis import DateNames
from upheld.render.prose.moments import period_named
from upheld.render.prose.tongue import Tongue
from upheld.render.statement.reasons import LIMITS, reason_told
from upheld.render.statement.vocabulary import (
    EVENTS,
    KINDS,
    MODALITIES,
    OF_ITEMS,
    OF_REQUESTS,
    PARTS,
    STATES,
    STEPS,
    STEPS_OF,
)


class Telling:
    """One statement in one language. `record` is what all of it is told from."""

    def __init__(self, statement: Statement, tongue: Tongue) -> None:
        self.statement, self.tongue = statement, tongue
        self.record: Record = statement.record
        self.say = tongue.say

    # -- names ---------------------------------------------------------------------------------------------

    def state(self, state: str) -> str:
        """A state of a verdict, a credit or an instalment."""
        return self._known(STATES, state)

    def instalment(self, one: Mapping[str, Any]) -> str:
        """How far an instalment is: set off, or where it is to be. Older records do not say the former."""
        if one.get("is_set_off") and one["state"] in ("applied", "carried over"):
            return self.say("set off")
        return self.state(one["state"])

    def part(self, part: Mapping[str, Any], found: Mapping[str, Any] | None = None) -> str:
        """A part of what was measured; of what is excluded also by which exclusion, under which clause.

        Time is up or down; the items of a deadline are in time or late, requests succeed or fail.
        """
        words_ = PARTS
        if found is not None and found["counts"] == "count":
            words_ = PARTS | (OF_ITEMS if is_of_items(found) else OF_REQUESTS)
        name = self._known(words_, part["name"])
        if not part.get("by"):
            return name
        if part.get("clauses"):
            return self.say("{part} by {exclusion} ({clauses})", part=name, exclusion=part["by"],
                            clauses=self.clauses(part))  # fmt: skip
        return self.say("{part} by {exclusion}", part=name, exclusion=part["by"])

    def modality(self, name: str) -> str:
        """How strongly something is promised."""
        return self._known(MODALITIES, name)

    def kind(self, name: str) -> str:
        """A kind of subject."""
        return self._known(KINDS, name)

    def event(self, type_: str) -> str:
        """What happened, by the type of its fact; a type of the agreement's own by its name."""
        verb = type_.partition(".")[2] or type_
        return self._known(EVENTS, verb) if verb in EVENTS else verb.replace("_", " ")

    def reason(self, text: str) -> str:
        """Why a verdict or a credit is what it is."""
        return reason_told(text, self.tongue, self.money) or text

    def step(self, what: str) -> str:
        """A step from what was measured to an amount."""
        head, colon, rest = what.partition(": ")
        if head == "at most" and colon:
            return self.say("at most: {step}", step=self.step(rest))
        if what == "band of any value":
            return self.say("band of any value")
        if what.startswith("band "):
            return self.say("band {band}", band=self.tongue.digits(what.removeprefix("band ")))
        for start, message in STEPS_OF.items():
            if what.startswith(f"{start} "):
                named = what.removeprefix(f"{start} ")
                return self.say(message, name=self._known(LIMITS, named))
        return self._known(STEPS, what)

    def _known(self, messages: Mapping[str, str], name: str) -> str:
        return self.say(messages[name]) if name in messages else name

    def subject(self, verdict: Mapping[str, Any]) -> str:
        """What a verdict is about, with its cycle where it is not the first."""
        cycle = verdict.get("cycle", 1)
        if cycle > 1:
            return self.say("{subject}, round {cycle}", subject=verdict["subject"], cycle=str(cycle))
        return str(verdict["subject"])

    @cached_property
    def _promises(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """The promises by their names and plans."""
        return {(one["commitment"], one["plan"]): one for one in self.record["promises"]}

    def promise(self, verdict: Mapping[str, Any]) -> Mapping[str, Any]:
        """The promise that a verdict is about."""
        return self._promises[verdict["commitment"], verdict["plan"]]

    def is_of_customer(self, verdict: Mapping[str, Any]) -> bool:
        """Whether a verdict is of something that the customer has to do. Older records do not say so."""
        return bool(self.promise(verdict).get("party") == "customer")

    def clauses(self, entry: Mapping[str, Any]) -> str:
        """The clauses of a promise, an exclusion or a credit: clauses 2.1, 4.1; nothing without any."""
        of = entry["clauses"]
        return self.tongue.plural(len(of), "clause {of}", "clauses {of}", of=", ".join(of)) if of else ""

    # -- time ----------------------------------------------------------------------------------------------

    @cached_property
    def zone(self) -> Zone:
        """The civil time of the contract, as it stands in the record."""
        told = self.record["contract"]["zone"]
        first, last = told["years"]
        return Zone(told["name"], tuple(told["transitions"]), tuple(told["offsets_s"]),
                    tuple(told["abbreviations"]), first, last)  # fmt: skip

    @cached_property
    def names(self) -> DateNames:
        """How days and months are called."""
        locale = self.tongue.locale
        days = get_day_names("abbreviated", locale=locale)
        wide, short = get_month_names("wide", locale=locale), get_month_names("abbreviated", locale=locale)
        months = range(1, 13)
        return DateNames(
            tuple(days[n] for n in range(7)),
            tuple(wide[n] for n in months),
            tuple(short[n].rstrip(".") for n in months),
        )

    def on(self, day: date) -> str:
        """Fri 5 Jun 2026."""
        return str(format_date(day, "EEE d MMM y", self.tongue.locale))

    def at(self, at: Instant | None) -> str:
        """Fri 5 Jun 2026 16:30; nothing for no instant."""
        if at is None:
            return ""
        day = self.zone.local_of(at)[0]
        return f"{self.on(day)} {self._clock(self.zone.label_at(at) % DAY)}"

    def until(self, at: Instant | None) -> str:
        """As `at`, but a midnight is the end of the day before it."""
        if at is None:
            return ""
        of_day = self.zone.label_at(at) % DAY
        if of_day:
            return self.at(at)
        return f"{self.on(self.zone.date_at(at - 1))} 24:00"

    def _clock(self, of_day_us: Duration) -> str:
        return str(words.clock_time(of_day_us))

    def length(self, duration_us: Duration | None) -> str:
        """16 h 10 min; exact to the microsecond."""
        if duration_us is None:
            return ""
        return self._units(words.length(duration_us))

    def minutes(self, duration_us: Duration) -> str:
        """A length of a period in minutes, so that its parts compare."""
        return self._units(figures.minutes(duration_us))

    def _units(self, text: str) -> str:
        if self.tongue.language == "en":
            return text
        return self.tongue.digits(text).replace(" h", " u")

    def stretch(self, start_at: Instant, end_at: Instant, zone: Zone) -> str:
        """From when until when, and how long."""
        return self.say(
            "{start} to {end}, {length}",
            start=self.at(start_at),
            end=self.until(end_at),
            length=self.length(end_at - start_at),
        )

    def period(self, label: str) -> str:
        """June 2026, second quarter of 2026, 2026; a contract year by its first day."""
        if " " in label:
            return period_named(label, self.tongue)
        if "-Q" in label:
            year, _, quarter = label.partition("-Q")
            return self.say("quarter {quarter} of {year}", quarter=quarter, year=year)
        if "-" in label:
            return str(format_date(date.fromisoformat(f"{label}-01"), "LLLL y", self.tongue.locale))
        return label

    # -- figures -------------------------------------------------------------------------------------------

    def value(self, exact: str | None, level: Mapping[str, Any] | None, unit: str) -> str:
        """A measured value, cut so that it never looks better against its level."""
        if exact is None:
            return self.say("nothing to count")
        against = level_of(level)
        if unit == "duration":
            return self._units(figures.value(Fraction(exact), against, "duration"))
        return self.tongue.digits(figures.value(Fraction(exact), against, "ratio"))

    def bounded(self, found: Mapping[str, Any], level: Mapping[str, Any] | None, unit: str) -> str:
        """A value with what it is at least and at most, where that is another."""
        if found["value"] is None:
            same = found["low"] == found["high"]
            return self.say("nothing to count") if same else self.say("nothing observed")
        told = [self.value(found["value"], level, unit)]
        if Fraction(found["low"]) < Fraction(found["value"]):
            told.append(self.say("at least {value}", value=self.value(found["low"], level, unit)))
        if Fraction(found["high"]) > Fraction(found["value"]):
            told.append(self.say("at most {value}", value=self.value(found["high"], level, unit)))
        return ", ".join(told)

    def level(self, level: Mapping[str, Any] | None) -> str:
        """What was promised of a value: at least 99.95 %."""
        against = level_of(level)
        if against is None:
            return self.say("no level")
        value = self.tongue.digits(figures.value(against.value, None, against.unit))
        match against.relation:
            case ">=":
                return self.say("at least {value}", value=value)
            case ">":
                return self.say("more than {value}", value=value)
            case "<=":
                return self.say("at most {value}", value=value)
            case "<":
                return self.say("less than {value}", value=value)

    def target(self, target: Mapping[str, Any] | None) -> str:
        """What a cycle was held to: 2 hours; 4 hours, the aim is 2 hours."""
        if target is None:
            return ""
        limit, goal = amount_of(target["limit"]), amount_of(target["goal"])
        if limit is not None and goal is not None:
            return self.say("{limit}, the aim is {goal}", limit=self.tongue.amount(limit),
                            goal=self.tongue.amount(goal))  # fmt: skip
        found = limit or goal
        return "" if found is None else self.tongue.amount(found)

    def money(self, amount: str | None, currency: str) -> str:
        """An amount that is paid, or exact; without a currency it is days of service."""
        if amount is None:
            return self.say("not known")
        exact = Fraction(amount)
        if currency:
            if (exact * 10**6).denominator != 1:
                return self.tongue.digits(figures.money(exact, currency))
            decimals = Decimal(amount) if "/" not in amount else Decimal(exact.numerator) / exact.denominator
            return self.tongue.money(Money(Fraction(decimals), currency))
        return self.tongue.plural(exact, "{number} day of service", "{number} days of service")

    def between(self, low: str | None, high: str | None, currency: str) -> str:
        """What an amount lies between: between €20.00 and €49.90; at most €49.90; not known."""
        least = low is not None and Fraction(low)
        if high is None:
            return (
                self.say("at least {value}", value=self.money(low, currency))
                if least
                else self.money(None, "")
            )
        if low is not None and Fraction(low) == Fraction(high):
            return self.money(high, currency)
        if not least:
            return self.say("at most {value}", value=self.money(high, currency))
        return self.bounds(self.money(low, currency), self.money(high, currency))

    def bounds(self, low: str, high: str) -> str:
        """Two ends of what is not known exactly, as they are told."""
        return self.say("between {low} and {high}", low=low, high=high)

    def owed(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """What is owed in all, in each currency; nothing where there is nothing."""
        told = [self.money(one["amount"], one["currency"]) for one in rows if one["minor"]]
        return self.tongue.listed(told) if told else self.say("nothing")


def is_of_items(found: Mapping[str, Any]) -> bool:
    """Whether a measurement counts the items of a deadline, which are late and do not fail."""
    return bool(found["basis"] == "outcomes")


def level_of(level: Mapping[str, Any] | None) -> Level | None:
    """The level of an entry as a value."""
    return None if level is None else Level(level["relation"], Fraction(level["value"]), level["unit"])


def amount_of(amount: Mapping[str, Any] | None) -> Amount | None:
    """The amount of time of an entry as a value."""
    if amount is None:
        return None
    count = Fraction(amount["count"])
    return Amount(amount["kind"], int(count) if count.denominator == 1 else count)
