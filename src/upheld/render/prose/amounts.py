"""How much is owed, in plain words: bands, steps, formulas and multiples, of a base and under limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Indicator
from upheld.core.terms.remedy import (
    Band,
    Bands,
    Base,
    Days,
    Formula,
    Give,
    LimitPer,
    Multiple,
    RemedyRule,
    Share,
    Steps,
    StepsOf,
)
from upheld.core.values.expression import Literal
from upheld.core.values.value import Money
from upheld.render.prose.bands import decimals_of, gaps
from upheld.render.prose.conditions import Phrases, quoted
from upheld.render.prose.document import Block, Grid, Sentence
from upheld.render.prose.levels import ITEMS, amount_text, figure_of, kind_of
from upheld.render.prose.periods import the_period
from upheld.render.prose.tongue import N_, Tongue

_LIMITS: Final[Mapping[LimitPer, str]] = {
    "incident": N_("For one outage, you receive at most {amount}."),
    "day": N_("For one day, you receive at most {amount}."),
    "week": N_("For one week, you receive at most {amount}."),
    "month": N_("For one month, you receive at most {amount}."),
    "quarter": N_("For one calendar quarter, you receive at most {amount}."),
    "year": N_("For one calendar year, you receive at most {amount}."),
    "contract year": N_("For one year of the contract, you receive at most {amount}."),
    "term": N_("Over the whole term of the contract, you receive at most {amount}."),
}
_OF: Final[Mapping[StepsOf, str]] = {
    "downtime": N_("For every {step} of downtime in {period}, you receive {amount}."),
    "each outage": N_(
        "For every {step} of an outage, you receive {amount}; each outage is counted on its own."
    ),
    "each day": N_(
        "For every {step} of downtime on a day, you receive {amount}; each day is counted on its own."
    ),
    "shortfall": N_("For every {step} by which the level is missed, you receive {amount}."),
    "late items": N_("For every {step} that are late in {period}, you receive {amount}."),
}


_EACH_LATE: Final = N_("For each of the {step} that are late in {period}, you receive {amount}.")


class Owing:
    """The amounts of one remedy in one language."""

    def __init__(self, remedy: RemedyRule, terms: Terms, tongue: Tongue) -> None:
        self.remedy = remedy
        self.terms = terms
        self.tongue = tongue
        self.commit: CommitRule = next(one for one in terms.commits if one.name == remedy.of)
        self.indicator: Indicator = terms.indicators[self.commit.indicator]
        self.period = the_period(self.commit.period, tongue)

    @property
    def phrases(self) -> Phrases:
        """How expressions of the remedy are said: the figure and the level by what they are."""
        nouns = {"value": self.figure(), "base": self.base()}
        if self.commit.level is not None:
            nouns["level"] = amount_text(self.commit.level, self.tongue)
        return Phrases(self.terms, self.tongue, "", nouns)

    def figure(self) -> str:
        """What decides: two commitments may measure the same, so the name of this one comes first."""
        figure = figure_of(self.indicator, self.terms, self.tongue)
        return self.tongue.say("{name} ({figure})", name=quoted(self.commit.name), figure=figure)

    # -- what is given -------------------------------------------------------------------------------------

    def base(self) -> str:
        """What shares are taken of, as a noun phrase."""
        base = self.remedy.base
        if base.kind == "invoice":
            if self.commit.period.kind in ("calendar month", "billing cycle"):
                return self.tongue.say("the invoice of the month")
            return self.tongue.say("the invoices of {period} together", period=self.period)
        if base.kind == "none":
            return self.tongue.say("the base")
        fees = self.tongue.listed(self._fees(base))
        return self.tongue.say("{fees} together", fees=fees) if len(base.fees) > 1 else fees

    def _fees(self, base: Base) -> Iterator[str]:
        """What fees are called: one of a name of its own by that, those of the language by what they are."""
        say = self.tongue.say
        named = [name for name in base.fees if name != "month" and name not in base.yearly]
        for name in base.fees:
            if name == "month":
                yield self._with_amount(say("your monthly fee"), name)
            elif name == "year":
                yield self._with_amount(say("a twelfth of your yearly fee"), name)
            elif name in base.yearly:
                yield self._with_amount(say("a twelfth of your yearly fee {name}", name=quoted(name)), name)
            elif name == named[0]:
                fees = self.tongue.listed(self._with_amount(quoted(one), one) for one in named)
                one_or_more = N_("your monthly fee {names}"), N_("your monthly fees {names}")
                yield say(one_or_more[len(named) > 1], names=fees)

    def _with_amount(self, fee: str, name: str) -> str:
        contract = self.terms.contract
        if contract is None or name not in contract.fees:
            return fee
        return self.tongue.say("{fee} ({amount})", fee=fee, amount=self.tongue.money(contract.fees[name]))

    def given(self, give: Give) -> str:
        """A share with what it is of, money, or days of service."""
        tongue = self.tongue
        match give:
            case Share(ratio) if self.remedy.unit == "days of service":
                return tongue.say(
                    "{percent} of the days of {period}", percent=tongue.percent(ratio), period=self.period
                )
            case Share(ratio):
                return tongue.say("{percent} of {base}", percent=tongue.percent(ratio), base=self.base())
            case Money():
                return tongue.money(give)
            case Days(count):
                return tongue.plural(count, "{number} day of service", "{number} days of service")

    # -- the forms -----------------------------------------------------------------------------------------

    def amount(self) -> Iterator[Block]:
        """How much is given, in the form of the remedy."""
        cited = self.remedy.cited
        match self.remedy.amount:
            case Bands() as bands:
                yield self._table(bands)
                if self._is_rounded:
                    text = self.tongue.say(
                        "What was measured is rounded before it is looked up here, as it is for the level."
                    )
                    yield Sentence(text, cited)
                yield from (Sentence(text, cited) for text in self._gaps(bands))
            case Steps() as steps:
                yield Sentence(" ".join(self._steps(steps)), cited)
            case Formula() as formula:
                yield Sentence(self._formula(formula), cited)
            case Multiple(times):
                text = self.tongue.say(
                    "You receive {number} times the part of {base} that the downtime is of {period}.",
                    number=self.tongue.number(times),
                    base=self.base(),
                    period=self.period,
                )
                yield Sentence(text, cited)

    @property
    def _is_rounded(self) -> bool:
        level = self.commit.level
        return self.commit.compare == "half up" and level is not None and level.unit == "ratio"

    def limits(self) -> Iterator[str]:
        """The most that is given, and the least."""
        for limit in self.remedy.limits:
            yield self.tongue.say(_LIMITS[limit.per], amount=self.given(limit.most))
        if self.remedy.least is not None:
            yield self.tongue.say(
                "What comes to less than {amount} is not paid.", amount=self.given(self.remedy.least)
            )

    def _steps(self, steps: Steps) -> Iterator[str]:
        say = self.tongue.say
        is_single = steps.of == "late items" and steps.every == 1
        yield say(
            _EACH_LATE if is_single else _OF[steps.of],
            step=self._items() if is_single else self._step(steps, steps.every),
            period=self.period,
            amount=self.given(steps.give),
        )
        yield (
            say("A step that has begun counts in full.") if steps.begun else say("Only complete steps count.")
        )
        if steps.free:
            free = self._step(steps, steps.free)
            if steps.of in ("each outage", "each day"):
                yield say("Not counted of each: the first {step}.", step=free)
            else:
                yield say("Not counted: the first {step}.", step=free)

    def _step(self, steps: Steps, extent: Fraction) -> str:
        tongue, level = self.tongue, self.commit.level
        if steps.of == "late items":
            return tongue.say("{number} {items}", number=tongue.number(extent), items=self._items())
        if steps.of == "shortfall" and (level is None or level.unit == "ratio"):
            return tongue.plural(extent * 100, "{number} percentage point", "{number} percentage points")
        return tongue.length(int(extent))

    def _items(self) -> str:
        return self.tongue.say(ITEMS[kind_of(self.indicator, self.terms)])

    def _formula(self, formula: Formula) -> str:
        tongue, expr = self.tongue, formula.expr
        if isinstance(expr, Literal) and formula.kind == "ratio" and isinstance(expr.value, Fraction):
            return tongue.say("You receive {amount}.", amount=self.given(Share(expr.value)))
        if isinstance(expr, Literal) and formula.kind == "days" and isinstance(expr.value, Fraction):
            return tongue.say("You receive {amount}.", amount=self.given(Days(expr.value)))
        value = self.phrases.value(expr)
        if formula.kind == "ratio":
            return tongue.say("You receive this share of {base}: {value}.", base=self.base(), value=value)
        if formula.kind == "days":
            return tongue.say("You receive this number of days of service: {value}.", value=value)
        return tongue.say("You receive this amount: {value}.", value=value)

    # -- bands ---------------------------------------------------------------------------------------------

    def _table(self, bands: Bands) -> Grid:
        say = self.tongue.say
        rows = tuple((self.band(band, self._edge(bands)), self.given(band.give)) for band in bands.bands)
        message = N_("{name}: what you receive, by {figure}")
        return Grid(
            say(message, name=quoted(self.remedy.name), figure=self.figure()),
            (say("What was measured"), say("What you receive")),
            rows,
            self.remedy.cited,
        )

    def _gaps(self, bands: Bands) -> Iterator[str]:
        """Where the level is missed and no band gives anything, unless a condition of its own decides."""
        level = self.commit.level
        if level is None or self.remedy.when is not None:
            return
        for gap in gaps(bands, level, self.commit.compare):
            yield self.tongue.say(
                "{range}: the level is not kept, but nothing is given.",
                range=self.band(gap, self._edge(bands)),
            )

    def band(self, band: Band, edge: Callable[[Fraction], str]) -> str:
        """A band with exact edges, each said by `edge`: from 99.0 % up to but not including 99.9 %."""
        say, low, high = self.tongue.say, band.low, band.high
        if low is not None and low == high:
            return say("exactly {value}", value=edge(low))
        if low is not None and high is not None:
            if band.has_low:
                inside = N_("from {low} up to and including {high}")
                outside = N_("from {low} up to but not including {high}")
            else:
                inside = N_("above {low}, up to and including {high}")
                outside = N_("above {low}, up to but not including {high}")
            return say(inside if band.has_high else outside, low=edge(low), high=edge(high))
        if low is not None:
            return (
                say("{low} or more", low=edge(low)) if band.has_low else say("more than {low}", low=edge(low))
            )
        if high is not None:
            return (
                say("up to and including {high}", high=edge(high))
                if band.has_high
                else say("less than {high}", high=edge(high))
            )
        return say("any value")

    def _edge(self, among: Bands) -> Callable[[Fraction], str]:
        level = self.commit.level
        edges = [edge for band in among.bands for edge in (band.low, band.high) if edge is not None]
        if level is not None and level.unit == "duration":
            return lambda edge: self.tongue.length(int(edge))
        decimals = max(map(decimals_of, edges), default=0)
        return lambda edge: self.tongue.percent(edge, decimals)
