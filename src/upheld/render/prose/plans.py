"""The plans of an agreement side by side: a row for each promise, a column for each plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias, TypeVar

from upheld.core.agreement import (
    ALWAYS,
    Branch,
    ClockRule,
    EntitlementRule,
    ObligationRule,
    QuotaRule,
    Rows,
    Target,
    Terms,
    Tree,
    leaves,
)
from upheld.core.amount import Amount
from upheld.core.frozen import dataclass
from upheld.core.indicator import CommitRule, Level
from upheld.core.remedy import Bands, RemedyRule
from upheld.core.rule import Citation, Modality
from upheld.core.scope import holds
from upheld.render.prose.amounts import Owing
from upheld.render.prose.bands import decimals_of
from upheld.render.prose.clocks import CUSTOMERS_ACTS
from upheld.render.prose.conditions import Phrases, quoted
from upheld.render.prose.document import Grid, Prose, Section, Sentence
from upheld.render.prose.levels import figure_of, level_text, time_left
from upheld.render.prose.periods import each_period
from upheld.render.prose.tongue import N_, Tongue

GROUPS: Final = {
    "levels": N_("What is measured"),
    "times": N_("What happens by when"),
    "remedies": N_("What you receive if a level is not kept"),
    "allowances": N_("Allowances and recurring duties"),
    "entitlements": N_("What comes with the plan"),
}
"""The groups of rows, in the order in which a customer compares them."""

WEAKER: Final[Mapping[Modality, str]] = {
    "objective": N_("{promise} (an aim)"),
    "best effort": N_("{promise} (best effort)"),
}
DIFFERS: Final = "≠"
T = TypeVar("T")
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
            sections.append(Section(group, shown, tuple(_grids(own, plans, shown, tongue))))
    first = plans[0]
    heads = (
        (tongue.say("Provider"), first.provider),
        (tongue.say("Agreement"), first.agreement),
        (tongue.say("Version"), first.version),
    )
    legend = tongue.say("A row marked {mark} differs between the plans.", mark=DIFFERS)
    told = Section("plans", tongue.say("Plans"), (Sentence(legend),))
    return Prose(first.title or first.agreement, tongue.language, heads, (told, *sections))


def _grids(rows: Sequence[PlanRow], plans: Sequence[Terms], title: str, tongue: Tongue) -> Iterator[Grid]:
    """The rows that differ with a column for each plan; then what is the same in all, which needs but one."""
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
        caption = tongue.say("The same in every plan") if len(plans) > 1 else title
        header = tongue.say("In every plan") if len(plans) > 1 else plans[0].agreement
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
            for name, text in self._clock(clock):
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

    def _clock_promised(self, rule: ClockRule, text: str) -> str:
        """What a clock promises; one that the customer has to keep is no promise to the customer."""
        acts = rule.again or rule.stops
        if all(match.types <= CUSTOMERS_ACTS for match in acts):
            return self.tongue.say("{promise} (for you to keep)", promise=text)
        return self._promised(text, rule.modality)

    def _promised(self, text: str, modality: Modality) -> str:
        return self.tongue.say(WEAKER[modality], promise=text) if modality in WEAKER else text

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
        yield name, self._promised(level_text(commit.level, self.tongue), commit.modality)
        left = time_left(commit, indicator, self.tongue)
        if left is not None:
            message = N_("{name}: downtime allowed in {period}")
            row = self.tongue.say(message, name=quoted(commit.name), period=left.period)
            length = self.tongue.length(left.most_us)
            yield row, length if left.is_inside else self.tongue.say("less than {length}", length=length)

    # -- clocks --------------------------------------------------------------------------------------------

    def _clock(self, rule: ClockRule) -> Iterator[tuple[str, str]]:
        if rule.due is not None:
            text = Phrases(self.terms, self.tongue, rule.of).instant(rule.due)
            yield quoted(rule.name), self._clock_promised(rule, text)
            return
        for label, target, calendar in self._targets(rule):
            name = f"{quoted(rule.name)}: {label}" if label else quoted(rule.name)
            yield name, self._target(rule, target, calendar)

    def _targets(self, rule: ClockRule) -> Iterator[tuple[str, Target | None, str]]:
        """The rows of a clock: by the values that decide it in some plan, or by the conditions it has."""
        if isinstance(rule.within, Rows):
            phrases = Phrases(self.terms, self.tongue, rule.of)
            for row in rule.within.rows:
                label = phrases.condition(row.where)
                yield from ((label, leaf, _at(rule.on, {}) or ALWAYS) for leaf in leaves(row.target))
            return
        attribute = self._decides(rule)
        if attribute is None:
            only = rule.within if isinstance(rule.within, Target) else None
            yield "", only, rule.on if isinstance(rule.on, str) else ALWAYS
            return
        for value in self._values(rule, attribute):
            given = {attribute: value}
            target = _at(rule.within, given)
            applies = holds(rule.where, self.terms, given) is not False
            yield value, target if applies else None, _at(rule.on, given) or ALWAYS

    def _decides(self, rule: ClockRule) -> str | None:
        """The attribute that decides this clock, under this plan or another."""
        for terms in self.plans:
            for other in terms.clocks:
                for tree in (other.within, other.on) if other.name == rule.name else ():
                    if isinstance(tree, Branch):
                        return tree.attribute
        return None

    def _values(self, rule: ClockRule, attribute: str) -> tuple[str, ...]:
        for scale in self.terms.scales:
            if (scale.of, scale.name) == (rule.of, attribute):
                return tuple(scale.values)
        for one in self.terms.attributes:
            if (one.of, one.name) == (rule.of, attribute) and one.values:
                return one.values
        named: dict[str, None] = {}
        for terms in self.plans:
            for other in terms.clocks:
                for tree in (other.within, other.on) if other.name == rule.name else ():
                    if isinstance(tree, Branch) and tree.attribute == attribute:
                        named |= dict.fromkeys(tree.rows)
        return tuple(named)

    def _target(self, rule: ClockRule, target: Target | None, calendar: str) -> str:
        say = self.tongue.say
        if target is None or (target.limit is None and target.goal is None):
            return say("no time is promised")
        goal = None
        if target.goal is not None:
            goal = self._amount(target.goal, target.goal_calendar or target.calendar or calendar)
        if target.limit is None:
            assert goal is not None, "one of the two is there"
            return say("goal {goal}; no limit", goal=goal)
        text = self._amount(target.limit, target.calendar or calendar)
        if rule.is_cadence:
            text = say("every {amount}", amount=text)
        if goal is not None:
            text = say("{limit}; goal {goal}", limit=text, goal=goal)
        return self._clock_promised(rule, text)

    def _amount(self, amount: Amount, calendar: str) -> str:
        hours = self.tongue.say("around the clock") if calendar == ALWAYS else quoted(calendar)
        return self.tongue.say("{amount} ({hours})", amount=self.tongue.amount(amount), hours=hours)

    # -- what is owed --------------------------------------------------------------------------------------

    def _remedy(self, remedy: RemedyRule) -> Iterator[tuple[str, str]]:
        owing = Owing(remedy, self.terms, self.tongue)
        if isinstance(remedy.amount, Bands):
            for band in remedy.amount.bands:
                yield self._band(remedy, band.low, band.high), owing.given(band.give)
        else:
            blocks = [block.text for block in owing.amount() if isinstance(block, Sentence)]
            yield quoted(remedy.name), " ".join(blocks) or self.tongue.say("termination")
        limits = " ".join(owing.limits())
        if limits:
            yield self.tongue.say("{name}: limits", name=quoted(remedy.name)), limits

    def _band(self, remedy: RemedyRule, low: Fraction | None, high: Fraction | None) -> str:
        """A band by its edges; one that is the level goes by that word, since the plans' levels differ."""
        say, name = self.tongue.say, quoted(remedy.name)
        commit = next((one for one in self.terms.commits if one.name == remedy.of), None)
        level = commit.level if commit is not None else None
        is_level = level is not None and high == level.value
        upper = say("the level") if is_level else self._edge(level, high)
        if low is None:
            return say("{name}: below {edge}", name=name, edge=upper) if high is not None else name
        lower = self._edge(level, low)
        if high is None:
            return say("{name}: {edge} or more", name=name, edge=lower)
        return say("{name}: {low} up to {high}", name=name, low=lower, high=upper)

    def _edge(self, level: Level | None, edge: Fraction | None) -> str:
        if edge is None:
            return ""
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
        return self._promised(text, duty.modality)

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


def _at(tree: Tree[T] | None, given: Mapping[str, str]) -> T | None:
    """The leaf of a decision tree under some attributes; None where nothing is in force."""
    while isinstance(tree, Branch):
        value = given.get(tree.attribute, "")
        tree = tree.rows.get(value, tree.other)
    return tree
