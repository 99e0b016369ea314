"""The plans of an agreement side by side: a row for each promise, a column for each plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

from upheld.core.terms.agreement import (
    EntitlementRule,
    ObligationRule,
    QuotaRule,
    Terms,
)
from upheld.core.terms.indicator import CommitRule, Level
from upheld.core.terms.remedy import Bands, RemedyRule
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.rule import Citation
from upheld.render.prose.amounts import Owing
from upheld.render.prose.bands import decimals_of
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Block, Grid, Prose, Section, Sentence
from upheld.render.prose.levels import figure_of, level_text, time_left
from upheld.render.prose.periods import each_period
from upheld.render.prose.plan_rest import ALLOWANCES, INCLUDED, LEVELS, MEASURED, TIMES, differing
from upheld.render.prose.plan_times import PlanTimes, weakened
from upheld.render.prose.remedies import payment, reckoning, when
from upheld.render.prose.tongue import N_, Tongue

GROUPS: Final = {
    "levels": N_("What is measured"),
    "times": N_("What happens by when"),
    "remedies": N_("What you receive if a level is not kept"),
    "allowances": N_("Allowances and recurring duties"),
    "entitlements": N_("What comes with the plan"),
}
"""The groups of rows, in the order in which a customer compares them."""

DIFFERS: Final = "≠"
Key: TypeAlias = tuple[str, str]


class Cell(NamedTuple):
    """What one plan says in a row, of which rule (with the parts of the words that tell it).

    A detail has a row only where plans that have it say it otherwise.
    """

    text: str
    cited: Citation
    rules: tuple[tuple[str, str], ...] = ()
    is_detail: bool = False


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One promise: its group, what it is called, what each plan says (empty: nothing), and its clauses.

    `rest_differs`: what is promised is not the same, although the row is: it says so.
    """

    group: str
    name: str
    cells: tuple[str, ...]
    clauses: tuple[str, ...]
    rest_differs: bool = False

    @property
    def differs(self) -> bool:
        """Whether the plans do not all promise the same."""
        return self.rest_differs or len(set(self.cells)) > 1


def plan_rows(plans: Sequence[Terms], tongue: Tongue) -> tuple[PlanRow, ...]:
    """The rows of an agreement's plans, group by group, in the order of the page."""
    told = [dict(_Told(terms, plans, tongue).rows()) for terms in plans]
    rest = {(part, name) for part, names in differing(plans).items() for name in names}
    found = []
    for group, name in (key for group in GROUPS for key in _in_order(told) if key[0] == group):
        cells = [rows.get((group, name)) for rows in told]
        there = [cell for cell in cells if cell is not None]
        if there[0].is_detail and len({cell.text for cell in there}) == 1:
            continue
        clauses = tuple(dict.fromkeys(number for cell in there for number in cell.cited.clauses))
        row = PlanRow(group, name, tuple(cell.text if cell else "" for cell in cells), clauses)
        found.append(_noted(row, tongue) if rest & set(there[0].rules) else row)
    return tuple(found)


def _noted(row: PlanRow, tongue: Tongue) -> PlanRow:
    """A row of a rule that differs in what no row says; where the row itself differs that is seen."""
    if row.differs:
        return row
    text = tongue.say("{promise}; more differs", promise=row.cells[0])
    return replace(row, cells=tuple(text for _ in row.cells), rest_differs=True)


def _in_order(told: Sequence[Mapping[Key, Cell]]) -> list[Key]:
    """The rows of all plans: one that a plan adds stands behind the row that it follows there."""
    found: list[Key] = []
    for rows in told:
        at = 0
        for key in rows:
            if key not in found:
                found.insert(at, key)
            at = found.index(key) + 1
    return found


def plans_prose(plans: Sequence[Terms], tongue: Tongue) -> Prose:
    """The comparison as a text: a table for each group; rows that differ are marked."""
    rows = plan_rows(plans, tongue)
    sections = []
    for group, title in GROUPS.items():
        own = [row for row in rows if row.group == group]
        if own:
            shown = tongue.say(title)
            sections.append(Section(group, shown, tuple(_grids(own, plans, tongue))))
    first = plans[0]
    heads = (
        (tongue.say("Provider"), first.provider),
        (tongue.say("Agreement"), first.agreement),
        (tongue.say("Version"), first.version),
    )
    if len(plans) > 1:
        legend = tongue.say("A row marked {mark} differs between the plans.", mark=DIFFERS)
        blocks: list[Block] = [Sentence(legend), *_also(plans, tongue)]
        sections.insert(0, Section("plans", tongue.say("Plans"), tuple(blocks)))
    return Prose(first.title or first.agreement, tongue.language, heads, tuple(sections))


def _also(plans: Sequence[Terms], tongue: Tongue) -> Iterator[Grid]:
    """The rules that differ in what the tables have no row for, by the part of the words that tells them."""
    found = differing(plans)
    if found:
        headers = (tongue.say("Part of the words"), tongue.say("What differs"))
        shown = tuple(
            (tongue.say(part), tongue.listed(quoted(name) for name in names) if all(names) else "")
            for part, names in found.items()
        )
        caption = tongue.say(
            "The plans also differ in what the tables do not show: see {command}", command="upheld words"
        )
        yield Grid(caption, headers, shown)


def _grids(rows: Sequence[PlanRow], plans: Sequence[Terms], tongue: Tongue) -> Iterator[Grid]:
    """The rows that differ with a column for each plan; then what is the same in all, which needs but one.

    Of one plan there is nothing to compare: its table needs no caption below the heading of its group.
    """
    promise, clause = tongue.say("Promise"), tongue.say("Clause")
    differing = [row for row in rows if row.differs]
    if differing:
        names = [terms.plan or terms.agreement for terms in plans]
        caption = tongue.say("What differs")
        shown = tuple(
            (f"{DIFFERS} {row.name}", *(cell or "–" for cell in row.cells), ", ".join(row.clauses))
            for row in differing
        )
        yield Grid(caption, (promise, *names, clause), shown)
    same = [row for row in rows if not row.differs]
    if same:
        caption = tongue.say("The same in every plan") if len(plans) > 1 else ""
        header = tongue.say("In every plan") if len(plans) > 1 else tongue.say("What is promised")
        shown = tuple((row.name, row.cells[0], ", ".join(row.clauses)) for row in same)
        yield Grid(caption, (promise, header, clause), shown)


class _Told:
    """What one plan says, by group and name of the row."""

    def __init__(self, terms: Terms, plans: Sequence[Terms], tongue: Tongue) -> None:
        self.terms = terms
        self.plans = plans
        self.tongue = tongue

    def rows(self) -> Iterator[tuple[Key, Cell]]:
        """Every row of this plan with its cell."""
        for commit in self.terms.commits:
            for name, text in self._level(commit):
                rules = (LEVELS, commit.name), (MEASURED, commit.indicator)
                yield ("levels", name), Cell(text, commit.cited, rules)
        for clock in self.terms.clocks:
            for name, text in PlanTimes(clock, self.terms, self.plans, self.tongue).rows():
                yield ("times", name), Cell(text, clock.cited, ((TIMES, clock.name),))
        for remedy in self.terms.remedies:
            for name, text in self._remedy(remedy):
                yield ("remedies", name), Cell(text, remedy.cited)
            for name, text in self._details(remedy):
                yield ("remedies", name), Cell(text, remedy.cited, is_detail=True)
        for counted, text in self._counts():
            cell = Cell(text, counted.cited, ((ALLOWANCES, counted.name),))
            yield ("allowances", quoted(counted.name)), cell
        for one in self.terms.entitlements:
            cell = Cell(self._entitlement(one), one.cited, ((INCLUDED, one.name),))
            yield ("entitlements", quoted(one.name)), cell

    # -- levels --------------------------------------------------------------------------------------------

    def _level(self, commit: CommitRule) -> Iterator[tuple[str, str]]:
        indicator = self.terms.indicators[commit.indicator]
        figure = figure_of(indicator, self.terms, self.tongue)
        name = self.tongue.say(
            "{name}: {figure}, {period}",
            name=quoted(commit.name),
            figure=figure,
            period=each_period(commit.period, self.terms, self.tongue),
        )
        if commit.level is None:
            yield name, self.tongue.say("measured; no level")
            return
        yield name, weakened(level_text(commit.level, self.tongue), commit.modality, self.tongue)
        left = time_left(commit, indicator, self.tongue)
        if left is not None:
            message = N_("{name}: downtime allowed in {period}")
            row = self.tongue.say(message, name=quoted(commit.name), period=left.period)
            length = self.tongue.length(left.most_us)
            yield row, length if left.is_inside else self.tongue.say("less than {length}", length=length)

    # -- what is owed --------------------------------------------------------------------------------------

    def _remedy(self, remedy: RemedyRule) -> Iterator[tuple[str, str]]:
        owing = Owing(remedy, self.terms, self.tongue)
        if isinstance(remedy.amount, Bands):
            for band in remedy.amount.bands:
                told = owing.band(band, lambda edge: self._edge(owing.commit.level, edge))
                yield f"{quoted(remedy.name)}: {told}", owing.given(band.give)
        else:
            blocks = [block.text for block in owing.amount() if isinstance(block, Sentence)]
            yield quoted(remedy.name), " ".join(blocks) or self.tongue.say("termination")
        limits = " ".join(owing.limits())
        if limits:
            yield self.tongue.say("{name}: limits", name=quoted(remedy.name)), limits

    def _details(self, remedy: RemedyRule) -> Iterator[tuple[str, str]]:
        """The small print: when it is owed, what belongs to the amount, and how it is paid."""
        owing, name = Owing(remedy, self.terms, self.tongue), quoted(remedy.name)
        yield self.tongue.say("{name}: when", name=name), " ".join(when(owing, says_level=False))
        yield self.tongue.say("{name}: how it is reckoned", name=name), " ".join(reckoning(owing))
        yield self.tongue.say("{name}: how it is paid", name=name), " ".join(payment(owing))

    def _edge(self, level: Level | None, edge: Fraction) -> str:
        """An edge of a band; one that is the level goes by that word, since the plans' levels differ."""
        if level is not None and edge == level.value:
            return self.tongue.say("the level")
        if level is not None and level.unit == "duration":
            return self.tongue.length(int(edge))
        return self.tongue.percent(edge, max(decimals_of(edge), 1))

    # -- what is counted and comes with the plan -----------------------------------------------------------

    def _counts(self) -> Iterator[tuple[QuotaRule | ObligationRule, str]]:
        yield from ((quota, self._quota(quota)) for quota in self.terms.quotas)
        yield from ((duty, self._duty(duty)) for duty in self.terms.obligations)

    def _quota(self, quota: QuotaRule) -> str:
        beyond = {
            "ordinary": N_("{count} in {period}; more are treated as any other"),
            "charged": N_("{count} in {period}; more are charged"),
            "refused": N_("{count} in {period}; more are refused"),
        }
        count, period = self.tongue.number(quota.allow), each_period(quota.period, self.terms, self.tongue)
        return self.tongue.say(beyond[quota.overflow], count=count, period=period)

    def _duty(self, duty: ObligationRule) -> str:
        text = self.tongue.say(
            "{count} in {period}",
            count=self.tongue.number(duty.times),
            period=each_period(duty.period, self.terms, self.tongue),
        )
        return weakened(text, duty.modality, self.tongue)

    def _entitlement(self, one: EntitlementRule) -> str:
        values = (one.value,) if isinstance(one.value, str) else one.value
        told = [value for value in values if value]
        if one.channels:
            told.append(self.tongue.listed(one.channels))
        if one.named_contacts is not None:
            told.append(
                self.tongue.plural(one.named_contacts, "{number} named contact", "{number} named contacts")
            )
        return "; ".join(told) or one.doc
