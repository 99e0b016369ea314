"""The cells of commitments that are measured: what exclusions take, the items counted, and the verdicts."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from upheld.core.evaluating.alike import first_alike
from upheld.core.evaluating.cells import Key, Reader
from upheld.core.evaluating.clockwork import Clockwork
from upheld.core.evaluating.contracts import Contracts, by_name, contract_of
from upheld.core.evaluating.exclusions import Take
from upheld.core.evaluating.gathering import Asking, Gathered, Gathering
from upheld.core.evaluating.items import Items
from upheld.core.evaluating.strata import ITEM, ITEMS, MATERIAL, TAKE, TAKES, VERDICT
from upheld.core.evaluating.takes import OF_SUBJECTS, take, takes
from upheld.core.measuring.items import is_counted_in
from upheld.core.measuring.level import decided
from upheld.core.measuring.measure import Matter, measure, measure_items, streams_of
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations, Stream
from upheld.core.measuring.parts import gone_over, leaves_of
from upheld.core.measuring.question import over_by, reach, settled_by
from upheld.core.measuring.taken import Item, Taken
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.indicator import CommitRule, Exclusion, Indicator
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans, union
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import Outcome, Verdict, Wake, under_plan


class Material(NamedTuple):
    """What measuring one commitment over one period is given, but for the observations.

    `awaits`: something has begun that is not over, and counts in the period in which it ends.
    """

    taken: tuple[Taken, ...]
    items: tuple[Item, ...]
    incidents: Mapping[str, Spans]
    caused: Mapping[str, Spans]
    refs: tuple[FactRef, ...]
    awaits: bool = False

    @property
    def key(self) -> Hashable:
        """What the figures follow from: the facts behind it are of no account."""
        taken = tuple((one.rule.name, *one.spans.items(), one.subjects) for one in self.taken)
        return taken, tuple(self.incidents.items()), tuple(self.caused.items())


NO_MATERIAL: Final = Material((), (), {}, {}, ())
_Name: TypeAlias = tuple[str, str, str]
"""What a cell of takes is about, whose it is, and of which rule."""
Measured: TypeAlias = dict[Hashable, tuple[Measurement, ...]]
"""Figures by all that they follow from."""


class Commitments:
    """What the strata from ITEM to VERDICT compute.

    What exclusions take by the facts of a provider is computed once for all contracts that measure alike, and
    so is what is measured, as long as `begin` is not told anew.
    """

    def __init__(self, contracts: Contracts, clockwork: Clockwork) -> None:
        self._contracts = contracts
        self._items = Items(contracts, clockwork)
        self._first = first_alike(contracts.terms)
        self._observations: Observations = NO_OBSERVATIONS
        self._measured: Measured = {}
        self._gathering = Gathering()
        self._streams_of: dict[tuple[str, str], tuple[Stream, ...]] = {}
        for binding, terms in contracts.terms.items():
            for name in {rule.indicator for rule in terms.commits}:
                key = self._first[binding], name
                if key not in self._streams_of:
                    self._streams_of[key] = streams_of(terms.indicators[name], _matter(terms))
        self.streams = frozenset(one for streams in self._streams_of.values() for one in streams)

    def begin(self, observations: Observations, measured: Measured | None = None) -> None:
        """Observations of which the next cells are computed, with what was measured of them already.

        It holds for other terms too where what they say alike is one object (see `interning`).
        """
        self._observations = observations
        self._measured = {} if measured is None else measured
        self._gathering = Gathering()

    def roots(self, contract: str, life: Life, at: Instant) -> Iterator[Key]:
        """The cells of a contract that have verdicts, in the order in which they are shown."""
        for rules in by_name(self._contracts, contract, lambda terms: terms.commits):
            found = [
                (period, binding)
                for binding, rule in rules
                for period in self._contracts.periods(binding, rule.name, rule.period, life, at)
            ]
            for period, binding in sorted(found):
                yield VERDICT, "verdict", (binding, rules[0][1].name, period.label)

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, what, (binding, name, *rest) = key
        terms = self._contracts.terms[binding]
        if stratum == TAKE:
            return take(what, terms, name, rest[0], reader), None
        if stratum == TAKES:
            return takes(what, terms, binding, name, reader), None
        if stratum == ITEM:
            return self._items.of_subject(binding, terms.indicators[name], rest[0], reader), None
        if stratum == ITEMS:
            return self._items.of_all(binding, name, reader), None
        rule = next(one for one in terms.commits if one.name == name)
        life = self._contracts.life(binding, reader)
        period = self._contracts.period(binding, name, rule.period, life, at, rest[0])
        if period is None:
            return (NO_MATERIAL if stratum == MATERIAL else Outcome(())), None
        if stratum == MATERIAL:
            return self._material(binding, terms.indicators[rule.indicator], period, reader, at)
        outcome, wake_at = self._verdict(binding, rule, period, reader, at)
        return under_plan(outcome, self._contracts.plan(binding)), wake_at

    # -- what measuring is given ---------------------------------------------------------------------------

    def _material(
        self, binding: str, indicator: Indicator, period: Period, reader: Reader, at: Instant
    ) -> tuple[Material, Instant | None]:
        """What is given, which is the same for whoever is given the same by each cell."""
        terms, first = self._contracts.terms[binding], self._first[binding]
        items = self._items_of(binding, indicator, reader)
        found: dict[_Name, tuple[Take, ...]] = {}
        rules: list[tuple[Exclusion, _Name]] = []

        def ask(name: _Name) -> None:
            takes = reader.cell((TAKES, name[0], name[1:]))
            assert isinstance(takes, tuple)
            found[name] = takes

        for rule in terms.exclusions:
            if not rule.indicators or indicator.name in rule.indicators:
                rules.append((rule, ("exclusion", self._owner(binding, rule), rule.name)))
                ask(rules[-1][1])
        if indicator.basis == "incidents":
            ask(("incident", first, indicator.name))
        if indicator.unattributed == "unknown":
            ask(("caused", first, ""))
        seen = id(indicator), id(terms.components), period, at, id(items)
        taken = ((what, id(takes)) for (what, *_), takes in found.items())
        return reader.once(
            ("material", *seen, *taken, *(id(rule) for rule, _ in rules)),
            lambda: self._given(terms, indicator, period, at, items, rules, found),
        )

    def _given(
        self,
        terms: Terms,
        indicator: Indicator,
        period: Period,
        at: Instant,
        of_all: tuple[Item, ...],
        rules: Sequence[tuple[Exclusion, _Name]],
        takes: Mapping[_Name, tuple[Take, ...]],
    ) -> tuple[Material, Instant | None]:
        items = tuple(item for item in of_all if is_counted_in(item, indicator, period))
        counted = frozenset(item.subject for item in items)
        start_at, end_at = reach(indicator, period)
        start_at = min((item.started_at for item in items), default=start_at)
        asking = Asking(indicator.name, period, start_at, end_at, at, _leaves(terms, indicator), counted)
        gathered = {name: self._gathering.of(name, found, asking) for name, found in takes.items()}
        excluded = [(rule, gathered[name]) for rule, name in rules]
        by_what = {name[0]: one for name, one in gathered.items()}
        incidents, caused = by_what.get("incident", Gathered()), by_what.get("caused", Gathered())
        if caused.spans or caused.subjects:
            everywhere = union(list(caused.spans.values()))
            items = tuple(
                item._replace(is_attributed=item.subject in caused.subjects or item.started_at in everywhere)
                for item in items
            )
        taken = [Taken(rule, one.spans, one.subjects, one.refs) for rule, one in excluded if any(one[:2])]
        found = [*(one for _, one in excluded), incidents, caused]
        refs = tuple(dict.fromkeys(ref for one in found for ref in one.refs))
        awaits = indicator.counted_at == "end" and any(
            item.ended_at is None and item.state != "not applicable" for item in of_all
        )
        material = Material(tuple(taken), items, incidents.spans, caused.spans, refs, awaits)
        return material, at + 1 if any(one.is_open for one in found) else None

    def _items_of(self, binding: str, indicator: Indicator, reader: Reader) -> tuple[Item, ...]:
        """The items of all periods, for an indicator that counts items."""
        if indicator.basis != "outcomes":
            return ()
        items = reader.cell((ITEMS, "items", (binding, indicator.name)))
        assert isinstance(items, tuple)
        return items

    def _owner(self, binding: str, rule: Exclusion) -> str:
        """Whose cells say what an exclusion takes: of a provider's facts, those of the first one alike."""
        return self._first[binding] if rule.of in OF_SUBJECTS or rule.of == "hours" else binding

    # -- verdicts ------------------------------------------------------------------------------------------

    def _verdict(
        self, binding: str, rule: CommitRule, period: Period, reader: Reader, at: Instant
    ) -> tuple[Outcome, Instant | None]:
        """The verdicts, which are the same for whoever is given the same and promised as much."""
        terms = self._contracts.terms[binding]
        indicator = terms.indicators[rule.indicator]
        material = reader.cell((MATERIAL, "material", (binding, rule.name, period.label)))
        assert isinstance(material, Material)
        for stream in self._streams_of[self._first[binding], rule.indicator]:
            reader.names(("observations", *stream))
        promised = rule.name, rule.modality, id(rule.level), rule.compare, rule.unknown
        held = self._contracts.life(binding, reader).held(period)
        ids = _ids_of_rules(terms, indicator, material)
        outcome, until_at = reader.once(
            ("verdict", *promised, self._first[binding], *held, period, at, id(material), *ids),
            lambda: self._judged(binding, rule, period, held, material, at),
        )
        return _of(contract_of(binding), outcome), until_at

    def _judged(
        self,
        binding: str,
        rule: CommitRule,
        period: Period,
        held: tuple[Instant, Instant],
        material: Material,
        at: Instant,
    ) -> tuple[Outcome, Instant | None]:
        terms = self._contracts.terms[binding]
        indicator = terms.indicators[rule.indicator]
        base = Verdict(
            key=CellKey(contract_of(binding), rule.name, period.label),
            kind="measurement",
            cycle=1,
            state="undetermined",
            modality=rule.modality,
            started_at=period.start_at,
            due_at=period.end_at,
            level=rule.level,
        )
        settled_at = period.end_at
        if indicator.basis != "outcomes":
            settled_at = settled_by(indicator, period, material.taken)
        early_at = _early(indicator, period, held, material)
        is_early = early_at is not None and early_at <= at < settled_at
        try:
            # Once the contract is over nothing is to come; the rest of the period is a part of it by itself.
            upto_at = settled_at if is_early else min(at, settled_at)
            found = self._measurements(binding, indicator, period, held, upto_at, material)
        except BeyondHorizon as fault:
            verdicts = [replace(base, reasons=(str(fault),))]
        else:
            several = len(found) > 1 or _is_each(terms, indicator)
            found = tuple([replace(one, at=at) for one in found]) if is_early else found
            over_at = period.end_at if early_at is None else held[1]
            verdicts = [_decided(base, rule, one, several, material.refs, over_at) for one in found]
        is_settled = all(one.measurement is not None and one.measurement.is_settled for one in verdicts)
        if at >= settled_at or (is_early and is_settled):
            return Outcome(tuple(verdicts)), None
        if early_at is not None and at < early_at:
            return Outcome(tuple(verdicts), (Wake(early_at, early_at, "period end"),)), at + 1
        return Outcome(tuple(verdicts), _wakes(indicator, period, verdicts, at, settled_at)), at + 1

    def _measurements(
        self,
        binding: str,
        indicator: Indicator,
        period: Period,
        held: tuple[Instant, Instant],
        at: Instant,
        material: Material,
    ) -> tuple[Measurement, ...]:
        """The figures; those of an alike contract if it was in force as long and the same was excluded."""
        terms = self._contracts.terms[binding]
        if indicator.basis == "outcomes":
            return (measure_items(indicator, period, at, material.items, material.taken),)
        first = self._first[binding]
        rules = _ids_of_rules(self._contracts.terms[first], indicator, material)
        asked = (first, rules, period, at, held, material.key)
        if asked not in self._measured:
            self._measured[asked] = measure(
                indicator,
                _matter(terms, self._observations),
                period,
                at,
                Spans.of([held]),
                material.taken,
                material.incidents,
                material.caused,
            )
        return self._measured[asked]


def _of(contract: str, outcome: Outcome) -> Outcome:
    """The outcome as one of a contract that may be another than the one that it was first asked for."""
    if all(one.key.contract == contract for one in outcome.verdicts):
        return outcome
    return outcome._replace(
        verdicts=tuple(replace(one, key=one.key._replace(contract=contract)) for one in outcome.verdicts)
    )


def _ids_of_rules(terms: Terms, indicator: Indicator, material: Material) -> tuple[int, ...]:
    """What of the terms decides a figure, by identity."""
    exclusions = {rule.name: rule for rule in terms.exclusions}
    rules = [
        terms.indicators[indicator.name], terms.components, terms.signals, terms.calendars[ALWAYS],
        terms.calendars.get(indicator.on), *(exclusions[taken.rule.name] for taken in material.taken),
    ]  # fmt: skip
    return tuple(map(id, rules))


def _leaves(terms: Terms, indicator: Indicator) -> frozenset[str] | None:
    """The leaves that an indicator is about; None for one of items, which is about no components."""
    if indicator.basis == "outcomes":
        return None
    return frozenset(leaves_of(terms.components, indicator.of))


def _matter(terms: Terms, observations: Observations = NO_OBSERVATIONS) -> Matter:
    zone = terms.calendars[ALWAYS].rule.zone
    return Matter(terms.provider, terms.components, terms.signals, terms.calendars, zone, observations)


def _early(
    indicator: Indicator, period: Period, held: tuple[Instant, Instant], material: Material
) -> Instant | None:
    """The instant from which time alone changes nothing, since the contract ends within the period.

    None: it does not, or what is measured goes on without it. Source: SIVO/S31.
    """
    ended_at = held[1]
    if indicator.whole or ended_at >= period.end_at or material.awaits:
        return None
    if indicator.basis == "outcomes":
        return ended_at
    return settled_by(indicator, Period(period.start_at, ended_at, period.label), material.taken)


def _wakes(
    indicator: Indicator, period: Period, verdicts: Sequence[Verdict], at: Instant, settled_at: Instant
) -> tuple[Wake, ...]:
    """The period's end; after it, if slices to come can still change it, the instant from which none can.

    What is settled has no wake, though time goes on to `settled_at`.
    """
    over_at = period.end_at if indicator.basis == "outcomes" else over_by(indicator, period)
    if at < over_at:
        return (Wake(over_at, period.end_at, "period end"),)
    if all(one.measurement is not None and one.measurement.is_settled for one in verdicts):
        return ()
    return (Wake(settled_at, settled_at, "period end"),)


def _is_each(terms: Terms, indicator: Indicator) -> bool:
    """Whether an indicator gives one figure for each of several components."""
    if indicator.basis == "outcomes" or indicator.across != "each":
        return False
    return len(gone_over(terms.components, indicator.of)) > 1


def _decided(
    base: Verdict,
    rule: CommitRule,
    found: Measurement,
    of_each: bool,
    refs: tuple[FactRef, ...],
    over_at: Instant,
) -> Verdict:
    state, reasons = decided(rule, found)
    subject = f"{base.key.subject}/{found.component}" if of_each else base.key.subject
    return replace(
        base,
        key=base.key._replace(subject=subject),
        state=state,
        stopped_at=over_at if found.is_settled else None,
        measurement=found,
        reasons=reasons,
        facts=refs,
    )
