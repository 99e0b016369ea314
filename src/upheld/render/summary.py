"""A report as text: what a support lead sees in ten seconds, then each contract in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from upheld.core.clocks.counting import measured
from upheld.core.clocks.covenant import UNDATED
from upheld.core.terms.agreement import ClockRule, EntitlementRule, QuotaRule, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.condition import is_condition, is_promise
from upheld.core.verdicts.verdict import Pause, State, Verdict, Wake
from upheld.render import credits as money
from upheld.render import measures, words
from upheld.render.blocks import Block, Kind, Row, Rows, TextLine, first_rows
from upheld.render.blocks import rows as plain_rows
from upheld.render.credits import NumberedCredit
from upheld.render.naming import cited, clauses, name_of, zone_of

ORDER: tuple[State, ...] = (
    "met", "breached", "missed", "running", "at risk", "undetermined", "not applicable"
)  # fmt: skip
NO_TARGET = ("no target is promised here",)
NONE = "·"
CONDITION = "A condition of a remedy, and no promise of its own"
FIRST_ROWS, FIRST_DUE = 8, 5
VERDICTS = Rows(
    (), ("number", "name", "name", "subject", "state", "figure", "figure", "text"), 5, frozenset({0})
)
OF_A_CONTRACT = Rows((), ("number", "subject", "state", "figure", "figure", "text"), 3, frozenset({0}))
_CLOCKS = frozenset({"deadline", "cadence"})
_LACKING = Rows((), ("name", "name", "text", "text"), 2)
_SPELLS = Rows((), ("number", "name", "name", "subject", "text"), 4, frozenset({0}))
NEAR_SHARE = 10
"""A deadline is a near miss if less than one tenth of its budget was left when it was met."""


class Numbered(NamedTuple):
    """A verdict with the number by which it is explained, and the terms it is under."""

    number: int
    terms: Terms
    verdict: Verdict


class Coming(NamedTuple):
    """Something that falls due."""

    wake: Wake
    key: CellKey
    terms: Terms
    remaining_us: Duration


def heading(at: str, facts: int, verdicts: int, known: int, recorded: int) -> str:
    """What the report is about."""
    knowing = "" if known == recorded else f", knowing the first {known:,} of {recorded:,} recorded"
    return f"As of {at}{knowing}: {words.count(verdicts, 'verdict')} from {words.count(facts, 'fact')}"


def is_near_miss(verdict: Verdict, terms: Terms, at: Instant) -> bool:
    """Whether a deadline was met with less than a tenth of its budget left (cadences are, by habit)."""
    elapsed_us, _ = measured(verdict, terms.calendars, at)
    if verdict.kind != "deadline" or verdict.state != "met" or not verdict.budget_us or elapsed_us is None:
        return False
    return (verdict.budget_us - elapsed_us) * NEAR_SHARE < verdict.budget_us


def summary(
    verdicts: Sequence[Numbered],
    coming: Sequence[Coming],
    at: Instant,
    owing: Sequence[NumberedCredit] = (),
) -> list[Block]:
    """The first screen: one sentence, a row a contract, what broke and what is owed for it, what comes next.

    What was measured and cannot be decided stands apart from what was not kept, with what would decide it; of
    periods in which nothing was observed those that follow one another are told in one row, of clocks that
    cannot be judged all for which the same is not known. Conditions of remedies are named, and counted
    nowhere; neither are allowances, and what the customer has to do.
    """
    tried = sorted({one.verdict.key.commitment for one in verdicts if is_condition(one.terms, one.verdict)})
    told = verdicts
    verdicts = [one for one in verdicts if is_promise(one.terms, one.verdict)]
    broken = sorted((one for one in verdicts if one.verdict.is_late), key=lambda one: gravity(one, at))
    near = [one for one in verdicts if is_near_miss(one.verdict, one.terms, at)]
    figures = [one for one in verdicts if one.verdict.kind == "measurement"]
    undetermined = [one for one in figures if one.verdict.state == "undetermined"]
    unjudged = [
        one for one in verdicts if one.verdict.kind in _CLOCKS and one.verdict.state == "undetermined"
    ]
    unseen = [one for one in undetermined if _is_unseen(one.verdict)]
    undecided = [one for one in undetermined if not _is_unseen(one.verdict)]
    running = sorted_by_risk(one for one in figures if one.verdict.is_open and not one.verdict.is_late)
    blocks: list[Block] = [TextLine(_headline(verdicts, coming))]
    if told:
        blocks += [TextLine(""), _counts(told)]
    if tried:
        blocks += [TextLine(""), TextLine(f"{CONDITION}: {', '.join(tried)}")]
    if broken:
        blocks += _part(f"Not kept: {len(broken)}, the gravest first", _rows(broken, at))
    if undecided:
        blocks += _part(f"Undetermined: {len(undecided)}, and what would decide", _rows(undecided, at))
    if unseen:
        blocks += _part(
            f"Undetermined: {len(unseen)} of which nothing was observed", _spells(unseen), _SPELLS
        )
    if unjudged:
        blocks += _part(
            f"Undetermined: {len(unjudged):,}, and what is not known", _lacking(unjudged), _LACKING
        )
    blocks += money.money_block(owing, any(one.terms.remedies for one in verdicts))
    if near:
        blocks += _part(f"Kept with less than a tenth of the time left: {len(near)}", _rows(near, at))
    if running:
        blocks += _part(f"Measured, and running: {len(running)}", _rows(running, at))
    if coming:
        blocks += [TextLine(""), TextLine("Due next", "head"), due_rows(coming[:FIRST_DUE])]
    return blocks


def _part(title: str, found: Sequence[Row], like: Rows = VERDICTS) -> list[Block]:
    """A part of the first screen; the other rows stand with their contract."""
    return [TextLine(""), TextLine(title, "head"), *first_rows(found, FIRST_ROWS, like)]


def _headline(verdicts: Sequence[Numbered], coming: Sequence[Coming]) -> str:
    """The whole in one sentence."""
    states = Counter(one.verdict.state for one in verdicts)
    late = states["breached"] + states["missed"]
    told = f"Judged: {words.count(states['met'] + late, 'promise')}, {states['met']} kept"
    told += f", {states['breached']} breached, {states['missed']} missed" if late else ", none broken"
    if states["undetermined"]:
        told += f", {states['undetermined']} undetermined"
    told += f". Running: {states['running'] + states['at risk']}"
    left = next((one.remaining_us for one in coming if _is_owed(one)), None)
    return f"{told}." if left is None else f"{told}, the next is due in {words.ahead(left)}."


def _is_owed(coming: Coming) -> bool:
    """Whether something must be done by then: goals only warn, quotas and measured periods just end."""
    if coming.wake.what == "goal" or coming.remaining_us < 0:
        return False
    return not isinstance(coming.terms.rule(coming.key.commitment), QuotaRule | CommitRule)


def gravity(one: Numbered, at: Instant) -> tuple[bool, bool, Duration, int]:
    """Guarantees before objectives, what was measured before single cases, then what is latest."""
    if one.verdict.kind == "measurement":
        return one.verdict.state != "breached", False, -measures.excess_us(one.terms, one.verdict), one.number
    _, late_us = measured(one.verdict, one.terms.calendars, at)
    return one.verdict.state != "breached", True, -(late_us or 0), one.number


def sorted_by_risk(running: Iterable[Numbered]) -> list[Numbered]:
    """What is at risk first."""
    return sorted(running, key=lambda one: (one.verdict.state != "at risk", one.number))


def _counts(verdicts: Iterable[Numbered]) -> Rows:
    """How many promises are in each state, by contract; states that nobody has are left out."""
    counts: dict[str, tuple[Terms, Counter[State]]] = {}
    for _, terms, verdict in verdicts:
        found = counts.setdefault(verdict.key.contract, (terms, Counter()))[1]
        found[verdict.state] += is_promise(terms, verdict)
    shown = [state for state in ORDER if any(found[state] for _, found in counts.values())]
    rows = []
    for contract, (terms, found) in counts.items():
        numbers = [str(found[state] or NONE) for state in shown]
        rows.append(Row((contract, name_of(terms), *numbers, zone_of(terms).name)))
    numbered = frozenset(range(2, len(shown) + 2))
    figures: list[Kind] = ["figure"] * len(shown)
    kinds: list[Kind] = ["subject", "name", *figures, "name"]
    return Rows(tuple(rows), tuple(kinds), 2, numbered, head=("", "", *shown, ""))


def in_full(
    terms: Terms,
    verdicts: Sequence[Numbered],
    at: Instant,
    owing: Sequence[NumberedCredit] = (),
    notes: Iterable[str] = (),
) -> list[Block]:
    """One contract: every commitment with its verdicts, what is owed, then what the plan entitles to.

    `notes` say what became of the contract, below its name.
    """
    blocks: list[Block] = [
        TextLine(name_of(terms), "title"),
        TextLine(f"times are {zone_of(terms).name}", "note"),
        *(TextLine(note) for note in notes),
    ]
    for rule in terms.rules:
        own = [one for one in verdicts if one.verdict.key.commitment == rule.name]
        blocks += [TextLine(""), TextLine(f"{rule.name} - {rule.modality}{cited(terms, rule.cited)}", "head")]
        blocks += [TextLine(f"  {rule.doc}")] * bool(rule.doc)
        blocks += _commitment(own, at)
    blocks += money.in_full(terms, owing)
    if terms.entitlements:
        blocks += [TextLine(""), TextLine("Entitled to", "head")]
        given = ([e.name, entitled(e), clauses(e.cited)] for e in terms.entitlements)
        blocks += plain_rows(given, ("subject", "text", "name"))
    return blocks


def _commitment(own: Sequence[Numbered], at: Instant) -> list[Block]:
    """The verdicts of one commitment; by which method they were measured is told where it changes."""
    told = [one for one in own if not _is_moot(one.verdict)]
    rows: list[Row] = []
    method = ""
    for row, one in zip(_rows(told, at, contract=False), told, strict=True):
        if (found := one.verdict.measurement) is None:
            rows.append(row)
            continue
        rows.append(replace(row, bar=None, under=tuple(measures.in_full(one.terms, one.verdict, method))))
        method = measures.method(found)
    blocks: list[Block] = [replace(OF_A_CONTRACT, rows=tuple(rows))] if rows else []
    blocks += [TextLine("  nothing yet")] * (not own)
    moot = len(own) - len(told)
    return blocks + [TextLine(f"  {words.count(moot, 'subject')} without a target")] * bool(moot)


def _is_moot(verdict: Verdict) -> bool:
    """Whether there was never anything to judge: a row of it would tell nothing."""
    return verdict.state == "not applicable" and verdict.target is None and verdict.reasons == NO_TARGET


def entitled(rule: EntitlementRule) -> str:
    """What an entitlement gives, on one line: 24/7; named contacts: 3; channels: email, chat."""
    value = rule.value if isinstance(rule.value, str) else ", ".join(rule.value)
    named = "" if rule.named_contacts is None else f"named contacts: {rule.named_contacts}"
    channels = f"channels: {', '.join(rule.channels)}" if rule.channels else ""
    return "; ".join(text for text in (value, named, channels) if text)


def _is_unseen(verdict: Verdict) -> bool:
    return verdict.measurement is not None and measures.is_unseen(verdict.measurement)


def _spells(unseen: Iterable[Numbered]) -> list[Row]:
    """Periods that follow one another, of one commitment and component, in one row."""
    spells: list[list[Numbered]] = []
    last: dict[tuple[str, str, str], list[Numbered]] = {}
    for one in unseen:
        key, period = one.verdict.key, _period(one)
        of = key.contract, key.commitment, key.subject.removeprefix(period.label)
        if of in last and _period(last[of][-1]).end_at == period.start_at:
            last[of].append(one)
        else:
            last[of] = [one]
            spells.append(last[of])
    return [Row(tuple(_spell(spell)), "undetermined") for spell in spells]


def _lacking(unjudged: Iterable[Numbered]) -> list[Row]:
    """On how many subjects a clock cannot be judged for one reason, most first."""
    of: dict[tuple[str, str, str], set[str]] = {}
    for one in unjudged:
        key = one.verdict.key
        of.setdefault((key.contract, key.commitment, "; ".join(one.verdict.reasons)), set()).add(key.subject)
    told = sorted(of.items(), key=lambda item: -len(item[1]))
    return [
        Row((contract, clock, words.count(len(subjects), "subject"), why), "undetermined")
        for (contract, clock, why), subjects in told
    ]


def _spell(spell: Sequence[Numbered]) -> list[str]:
    first, last = spell[0], spell[-1]
    key = first.verdict.key
    subject = key.subject if first is last else f"{key.subject} to {last.verdict.key.subject}"
    numbers = f"#{first.number}" if first is last else f"#{first.number} to #{last.number}"
    return [numbers, key.contract, key.commitment, subject, words.count(len(spell), "period")]


def _period(one: Numbered) -> Period:
    assert one.verdict.measurement is not None, "it was measured"
    return one.verdict.measurement.period


def _rows(verdicts: Iterable[Numbered], at: Instant, contract: bool = True) -> list[Row]:
    return [_row(one, at, contract) for one in verdicts]


def _row(one: Numbered, at: Instant, contract: bool) -> Row:
    number, terms, verdict = one
    assert terms.contract is not None
    where = [terms.contract.id, verdict.key.commitment] if contract else []
    subject = verdict.key.subject + (f" ({verdict.cycle})" if verdict.cycle > 1 else "")
    cells = (f"#{number}", *where, subject, verdict.state, *cells_of(terms, verdict, at))
    return Row(
        cells, verdict.state, None if verdict.measurement is None else measures.bar(verdict.measurement)
    )


def cells_of(terms: Terms, verdict: Verdict, at: Instant) -> list[str]:
    """Due, done, and by how much: the three cells that tell a verdict."""
    zone = zone_of(terms)
    if verdict.measurement is not None:
        return measures.cells(terms, verdict)
    if verdict.kind == "covenant" and verdict.allowed is None:
        assert verdict.started_at is not None, "a report says when it happened, or counts when it was told"
        assert verdict.stopped_at is not None, "and it was told"
        happened, told_at = (words.local(at, zone) for at in (verdict.started_at, verdict.stopped_at))
        happened = f"counts from {happened}" if UNDATED in verdict.reasons else f"happened {happened}"
        return [happened, f"reported {told_at}", _why(verdict)]
    if verdict.allowed is not None:
        used = f"{verdict.count} of {verdict.allowed}"
        return [f"until {words.until(verdict.due_at, zone)}" if verdict.due_at else "", used, _why(verdict)]
    elapsed_us, late_us = measured(verdict, terms.calendars, at)
    due = f"due {words.until(verdict.due_at, zone)}" if verdict.due_at is not None else ""
    done = f"done {words.local(verdict.stopped_at, zone)}" if verdict.stopped_at is not None else ""
    if verdict.stopped_at is None and verdict.pauses and verdict.pauses[-1].end_at is None:
        done = "paused"
    told = ""
    if late_us is not None:
        told = f"{words.short(late_us)} late"
    elif (left_us := _left(verdict, elapsed_us, at)) is not None:
        told = f"{words.short(left_us)} left"
    elif verdict.target is not None and verdict.target.limit is None and elapsed_us is not None:
        told = f"{words.short(elapsed_us)} recorded"
    why = _why(verdict)
    return [due, done, f"{told}; {why}" if told and why else told or why]


def _left(verdict: Verdict, elapsed_us: Duration | None, at: Instant) -> Duration | None:
    """What was left of the budget, in counted time; in real time where the due instant was moved to hours."""
    if verdict.budget_us is None or elapsed_us is None or verdict.state == "not applicable":
        return None
    if not verdict.hours:
        return verdict.budget_us - elapsed_us
    end_at = at if verdict.stopped_at is None else verdict.stopped_at
    return None if verdict.due_at is None or verdict.due_at < end_at else verdict.due_at - end_at


def _why(verdict: Verdict) -> str:
    held = {why for pause in verdict.pauses for why in _held(pause)}
    return "; ".join([*verdict.reasons, *sorted(held)])


def _held(pause: Pause) -> list[str]:
    """Why a clock stood still; a gap between a resolution and its reopening is a pause of its own."""
    parts = pause.why.split(", ")
    return ["was resolved and reopened" if why == "resolved" and pause.end_at else why for why in parts]


def due_rows(coming: Iterable[Coming]) -> Rows:
    """What falls due, the next one first."""
    rows = []
    for wake, key, terms, remaining_us in coming:
        zone = zone_of(terms)
        when = f"{words.until(wake.due_at, zone)} {zone.abbreviation_at(wake.due_at)}"
        what = "" if wake.what == "limit" else wake.what
        left = f"in {words.ahead(remaining_us)}"
        rows.append(Row((when, left, key.contract, key.commitment, key.subject, what)))
    return Rows(tuple(rows), ("figure", "figure", "name", "name", "subject", "text"), 2, frozenset({1}))


def target_of(rule: ClockRule, verdict: Verdict) -> str:
    """What a cycle was held to: 2 h of support (goal 1 h)."""
    target = verdict.target
    if target is None:
        return "no target"
    limit = "no limit" if target.limit is None else f"{target.limit} of {target.calendar or verdict.calendar}"
    return limit if target.goal is None else f"{limit}, goal {target.goal}"
