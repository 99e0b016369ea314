"""The plans of an agreement side by side: a row for each promise, a column for each plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from upheld.core.agreement import (
    EntitlementRule,
    ObligationRule,
    QuotaRule,
    Terms,
)
from upheld.core.frozen import dataclass
from upheld.core.indicator import CommitRule, Level
from upheld.core.remedy import Bands, RemedyRule
from upheld.core.rule import Citation
from upheld.render.prose.amounts import Owing
from upheld.render.prose.bands import decimals_of
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Grid, Prose, Section, Sentence
from upheld.render.prose.levels import figure_of, level_text, time_left
from upheld.render.prose.periods import each_period
from upheld.render.prose.plan_times import PlanTimes, weakened
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
Cell: TypeAlias = tuple[str, Citation]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One promise: its group, what it is called, what each plan says (empty: nothing), and its clauses."""

    group: str
    name: str
    cells: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the plans do not all say the same."""
        return len(set(self.cells)) > 1


def plan_rows(plans: Sequence[Terms], tongue: Tongue) -> tuple[PlanRow, ...]:
    """The rows of an agreement's plans, group by group, in the order of the page."""
    told = [dict(_Told(terms, plans, tongue).rows()) for terms in plans]
    found = []
    for group, name in (key for group in GROUPS for key in _in_order(told) if key[0] == group):
        cells = [rows.get((group, name)) for rows in told]
        clauses = dict.fromkeys(number for cell in cells if cell for number in cell[1].clauses)
        found.append(PlanRow(group, name, tuple(cell[0] if cell else "" for cell in cells), tuple(clauses)))
    return tuple(found)


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
        sections.insert(0, Section("plans", tongue.say("Plans"), (Sentence(legend),)))
    return Prose(first.title or first.agreement, tongue.language, heads, tuple(sections))


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
                yield ("levels", name), (text, commit.cited)
        for clock in self.terms.clocks:
            for name, text in PlanTimes(clock, self.terms, self.plans, self.tongue).rows():
                yield ("times", name), (text, clock.cited)
        for remedy in self.terms.remedies:
            for name, text in self._remedy(remedy):
                yield ("remedies", name), (text, remedy.cited)
        for quota in self.terms.quotas:
            yield ("allowances", quoted(quota.name)), (self._quota(quota), quota.cited)
        for duty in self.terms.obligations:
            yield ("allowances", quoted(duty.name)), (self._duty(duty), duty.cited)
        for one in self.terms.entitlements:
            yield ("entitlements", quoted(one.name)), (self._entitlement(one), one.cited)

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

    def _edge(self, level: Level | None, edge: Fraction) -> str:
        """An edge of a band; one that is the level goes by that word, since the plans' levels differ."""
        if level is not None and edge == level.value:
            return self.tongue.say("the level")
        if level is not None and level.unit == "duration":
            return self.tongue.length(int(edge))
        return self.tongue.percent(edge, max(decimals_of(edge), 1))

    # -- what is counted and comes with the plan -----------------------------------------------------------

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
