"""What is looked at: targets as rows, looks taken when they are due, what was seen told as observations.

A look that is not made is no observation: the time is unknown, never down. A target whose looks this server
refuses to make is looked at less and less often, until somebody mends it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from io import BytesIO
from typing import Final

import pyarrow as pa
from django.db import transaction
from django.db.models import Q

from upheld.app.inside import by_provider, earliest
from upheld.app.observe import Observed, observe
from upheld.app.refusal import Fault, FaultyError, RefusedError
from upheld.app.targets import is_marked, look_fault
from upheld.app.terms import holding
from upheld.app.watching import watching
from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import MINUTE, SECOND, Duration, Instant, format_duration
from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import dataclass
from upheld.lake.arrow import empty
from upheld.lake.naming import Named
from upheld.lake.rows import ROWS, Told
from upheld.lake.text_rows import read_lines
from upheld.probe.heartbeat import Beat, HeartbeatRule, checks, heartbeat_rule, late_at
from upheld.probe.kinds import Look, Probe, probes
from upheld.probe.observation import Looked, Observation
from upheld.probe.rota import next_look_at
from upheld.probe.settings import SELDOM_US, SettingFault, SettingsError
from upheld.store.locking import writing
from upheld.store.models import ProbeTarget, Provider
from upheld.store.sealing import SealError, seal, unseal
from upheld.store.walls import between, of_one_provider

HEARTBEAT: Final = "heartbeat"
SHORTEST_US: Final[Duration] = 10 * SECOND
LONGEST_REST: Final = 64
"""A target that is refused is looked at again after so many intervals at most."""
UNREADABLE_US: Final[Duration] = MINUTE
"""So long a target rests of which this server cannot read what is to be done; the others go on."""
_UNREADABLE: Final = (SealError, SettingsError, ImportError)


class ProbeError(FaultyError):
    """Nothing can be looked at so; `faults` say why, and what to give."""


@dataclass(frozen=True, slots=True)
class ToLook:
    """A look that is to be made now, and what it is of; `is_marked`: it may go to private networks."""

    target_id: int
    provider_id: int
    stream: Stream
    kind: str
    look: Look
    is_marked: bool


# -- targets -----------------------------------------------------------------------------------------------


@of_one_provider
def put_target(
    provider_id: int, name: str, component: str, signal: str, kind: str, settings: Mapping[str, object],
    every_us: Duration | None, at: Instant,
) -> ProbeTarget:  # fmt: skip
    """Looks at something from now on, known by its name.

    A heartbeat says itself, in its settings, how often it comes; all else needs an interval. ProbeError;
    RefusedError for a component or a signal of which nobody would ask what is seen.
    """
    faults = list(_faults(provider_id, kind, settings, every_us))
    if faults:
        raise ProbeError(*faults)
    with writing():
        provider = Provider.objects.get(pk=provider_id)
        if (unasked := _unasked(provider, component, signal)) is not None:
            raise RefusedError([unasked])
        row = ProbeTarget.objects.filter(provider=provider, name=name).first()
        row = ProbeTarget(provider=provider, name=name) if row is None else row
        row.component, row.signal, row.kind = component, signal, kind
        row.sealed = seal(json.dumps(settings))
        row.every_us, row.refused, row.said = every_us or 0, 0, ""
        if kind == HEARTBEAT:
            row.last_at = row.told_until = at
            row.next_at = heartbeat_rule(settings).due_at(at)
        else:
            row.next_at = next_look_at(_stream(row), row.every_us, at)
        row.save()
    return row


@of_one_provider
def take_target(provider_id: int, name: str) -> bool:
    """Looks at something no more; whether it did. A look that is under way tells nothing any more."""
    with writing():
        return ProbeTarget.objects.filter(provider_id=provider_id, name=name).delete()[0] > 0


@of_one_provider
def targets_of(provider_id: int) -> list[ProbeTarget]:
    """What is looked at for a provider, by name."""
    return list(ProbeTarget.objects.filter(provider_id=provider_id).order_by("name"))


_SETTINGS: Final = "the page about probes says what each kind is told"


def _faults(
    provider_id: int, kind: str, settings: Mapping[str, object], every_us: Duration | None
) -> Iterator[Fault]:
    kinds: dict[str, Callable[[], Probe]] = probes()
    if kind != HEARTBEAT and kind not in kinds:
        yield Fault(f"there is no probe `{kind[:40]}`", f"there is {', '.join([*kinds, HEARTBEAT])}", "kind")
        return
    try:
        if kind == HEARTBEAT:
            heartbeat_rule(settings)
        else:
            look = kinds[kind]().look(settings)
            if (within_us := getattr(look, "within_us", 0)) > (every_us or within_us):
                message = "a look takes no longer than until the next one"
                yield Fault(message, "say a shorter `within`", "settings.within")
            if (fault := look_fault(look, is_marked(provider_id))) is not None:
                yield fault
    except SettingsError as wrong:
        for one in wrong.faults:
            yield Fault(one.said, _SETTINGS, f"settings.{one.name}")
    if kind == HEARTBEAT:
        if every_us is not None:
            message = "a heartbeat says in its settings how often it comes"
            yield Fault(message, "leave `every` out here", "every")
    elif every_us is None:
        message = "without `every` nobody would ever look"
        yield Fault(message, "write it as 1m; what is to be looked at no more is deleted", "every")
    elif every_us < SHORTEST_US:
        message = f"a look is made every {format_duration(SHORTEST_US)}, or more seldom"
        yield Fault(message, "write it as 1m", "every")
    elif every_us > SELDOM_US:
        yield Fault(f"`every` is at most {format_duration(SELDOM_US)}", "write it as 1m", "every")


def _unasked(provider: Provider, component: str, signal: str) -> Finding | None:
    """Why nobody asks for checks of a component by a signal, by the rule for observations that are told."""
    names = watching(provider, holding(provider)).names
    found = names.name(provider.name, component, signal, "checks")
    if isinstance(found, Named):
        return None
    way_out = found.way_out
    if found.column == "component":
        known = ", ".join(f"`{name}`" for of, name in sorted(names.signals) if of == provider.name)
        there = f"there are {known}" if known else "apply an agreement with a signal that observes it first"
        way_out = f"{way_out} {there}" if known and way_out else there
    return Finding(found.code, found.message, (Place("body"),), way_out, field=found.column)


def _stream(row: ProbeTarget) -> Stream:
    return Stream(row.provider.name, row.component, row.signal)


# -- looks -------------------------------------------------------------------------------------------------


def next_look() -> Instant | None:
    """When a look is made next, or a heartbeat is late."""
    return earliest(ProbeTarget.objects.filter(next_at__isnull=False), "next_at")


def take_looks(at: Instant, most: int) -> list[ToLook]:
    """The looks that are due, at most so many. Their next ones are set: what was missed stays missed."""
    due = ProbeTarget.objects.filter(next_at__lte=at).filter(~Q(kind=HEARTBEAT))
    if most < 1:
        return []
    taken: list[ToLook] = []
    found = by_provider(due.order_by("next_at"), 2 * most)
    kinds = probes() if found else {}  # to find them reads what is installed
    # What somebody else is taking is left to them, and what comes next is taken instead.
    for provider_id, own in found.items():
        with between(provider_id), writing():
            may_be_private = is_marked(provider_id)
            free = due.filter(pk__in=own).select_for_update(skip_locked=True, of=("self",))
            for row in free.select_related("provider").order_by("next_at")[: most - len(taken)]:
                stream = _stream(row)
                try:
                    look = _look_of(row, kinds)
                except _UNREADABLE as fault:
                    _rest(row, fault, at)
                    continue
                row.next_at = next_look_at(stream, row.every_us, at)
                row.save(update_fields=["next_at"])
                taken.append(ToLook(row.pk, row.provider_id, stream, row.kind, look, may_be_private))
    return taken


def _look_of(row: ProbeTarget, kinds: Mapping[str, Callable[[], Probe]]) -> Look:
    """What is to be done for a target. One of `_UNREADABLE` if this server cannot read that."""
    if row.kind not in kinds:
        raise SettingsError(SettingFault("kind", f"this server has no probe `{row.kind}`"))
    return kinds[row.kind]().look(json.loads(unseal(row.sealed)))


def _rest(row: ProbeTarget, fault: Exception, at: Instant) -> None:
    """A target that this server cannot read is looked at again a little later, and says why."""
    row.said, row.next_at = str(fault)[:400], at + UNREADABLE_US
    row.refused = 0 if row.kind == HEARTBEAT else row.refused  # of which it counts what was refused
    row.save(update_fields=["said", "next_at", "refused"])


def seen(of: ToLook, looked: Looked, at: Instant) -> bool:
    """Tells what was seen, at the instant at which that is known. False: there is nothing to tell.

    What this server refused to look at rests: each time twice as long, up to `LONGEST_REST` intervals.
    """
    with between(of.provider_id), writing():
        row = ProbeTarget.objects.filter(pk=of.target_id).first()
        if row is None:
            return False
        if looked.observation is None:
            row.refused, row.said = row.refused + 1, looked.detail[:400]
            rest_us = row.every_us * min(2**row.refused, LONGEST_REST)
            row.next_at = at + rest_us
            row.save(update_fields=["refused", "said", "next_at"])
            return False
        if row.refused or row.said:
            row.refused, row.said = 0, ""
            row.save(update_fields=["refused", "said"])
        _tell(row, [looked.observation], at)
    return True


def _tell(row: ProbeTarget, found: list[Observation], at: Instant) -> Observed:
    """Observations of one target, as a batch of its own: told again they change nothing."""
    told = Told(row.name)
    lines = "".join(f"{one.line()}\n" for one in found).encode()
    rows = [chunk.rows for chunk in read_lines(BytesIO(lines), told)]
    key = f"prober/{row.pk}/{found[0].at}"
    return observe(row.provider_id, key, pa.concat_tables([empty(ROWS), *rows]), at)


# -- heartbeats --------------------------------------------------------------------------------------------


@of_one_provider
def came(provider_id: int, name: str, at: Instant, ok: bool = True) -> bool:
    """A heartbeat came at an instant. False if the provider expects none of that name."""
    with writing():
        rows = ProbeTarget.objects.select_for_update().filter(provider_id=provider_id, name=name)
        row = rows.filter(kind=HEARTBEAT).first()
        if row is None:
            return False
        _advance(row, [Beat(max(at, row.told_until), ok)], max(at, row.told_until) + 1, at)
    return True


def tell_late(at: Instant, most: int = 100) -> int:
    """Tells the heartbeats that have not come by an instant; says how many targets that were."""
    due = ProbeTarget.objects.filter(kind=HEARTBEAT, next_at__lt=at)
    told = 0
    for provider_id, own in by_provider(due.order_by("next_at"), most).items():
        with between(provider_id), writing():
            free = due.filter(pk__in=own).select_for_update(skip_locked=True)
            for row in free.order_by("next_at"):
                try:
                    _advance(row, [], at, at)
                except _UNREADABLE as fault:
                    _rest(row, fault, at)
                else:
                    told += 1
    return told


def expect_anew(at: Instant, from_at: Instant = 0) -> int:
    """Nobody has listened since an instant: what should have come is unknown, and is expected from now on.

    So is what has come to be awaited since then, though its grace is not over: it may have been refused.
    """
    heartbeats = ProbeTarget.objects.filter(kind=HEARTBEAT, next_at__isnull=False)
    expected = 0
    for provider_id, own in by_provider(heartbeats).items():
        with between(provider_id), writing():
            missed = []
            for row in heartbeats.filter(pk__in=own).select_for_update():
                late_from = row.next_at or 0
                try:
                    rule = _rule(row)
                except _UNREADABLE as fault:
                    if late_from < at:
                        row.last_at = row.told_until = at
                        _rest(row, fault, at)
                        missed.append(row)
                    continue
                if late_from < at or from_at <= late_from - rule.grace_us <= at:
                    row.last_at = row.told_until = at
                    row.next_at = rule.due_at(at)
                    missed.append(row)
            ProbeTarget.objects.bulk_update(missed, ["last_at", "told_until", "next_at"])
        expected += len(missed)
    return expected


def _rule(row: ProbeTarget) -> HeartbeatRule:
    return heartbeat_rule(json.loads(unseal(row.sealed)))


def _advance(row: ProbeTarget, beats: list[Beat], until_at: Instant, at: Instant) -> None:
    """Tells the checks until an instant, and when the next one is late. One of `_UNREADABLE`."""
    rule = _rule(row)
    if row.said and not row.refused:  # until now nobody could read what is expected, so that is unknown
        row.last_at, row.told_until, row.said = at, at, ""
    stream = Stream(row.provider.name, row.component, row.signal)
    found = list(checks(rule, stream, row.last_at, beats, row.told_until, until_at))
    row.refused, row.said = _told(row, found, {one.at for one in beats}, at)
    row.told_until = until_at
    row.next_at = late_at(rule, row.last_at, beats, until_at)
    row.last_at = max([row.last_at, *(one.at for one in beats)])
    row.save(update_fields=["told_until", "next_at", "last_at", "refused", "said"])


def _told(
    row: ProbeTarget, found: list[Observation], came_at: Collection[Instant], at: Instant
) -> tuple[int, str]:
    """Tells checks of a heartbeat; how many of them were refused, and why.

    Whoever may tell observations may have told of the same instant before, and otherwise: that stands.
    RefusedError for one that came: who sent it is told.
    """
    if not found:
        return 0, ""
    try:
        with transaction.atomic():  # what is refused takes back no more than itself
            _tell(row, found, at)
    except RefusedError as refused:
        if len(found) == 1:
            if found[0].at in came_at:
                raise
            return 1, str(refused)[:400]
        each = [_told(row, [one], came_at, at) for one in found]
        return sum(count for count, _ in each), next((why for _, why in each if why), "")
    return 0, ""
