"""The second judge: what an agreement says of some facts, found by stepping through time and counting.

It shares no code with `upheld`. Every step of the axis is looked at in turn: is the calendar open, is the
clock paused, which target is in force, how much is used. It is slow, and meant to be checked by reading.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from operator import and_
from typing import Any

from .amounts import axis_seconds, counted_step, named_step, seconds_of
from .hours import Axis, Hours, Walls, instant, load_zone, wall
from .subjects import Fact, Moment, Subject, effective_s, gather, holds, is_event, is_excuse, verb

Row = dict[str, Any]
UNKNOWN = "unknown"


def judge(world: dict[str, Any]) -> list[Row]:
    """Every verdict of a world: one row per contract, commitment, subject and cycle.

    A row has state, started_at, due_at, goal_at, stopped_at, elapsed_s, breached_at (the last instant that
    was in time, cut to its step) and paused_s (between start and end, reopenings included), in seconds
    UTC. `None` is not determined within the axis.
    """
    axis = Axis(world["start_s"], world["step_s"], world["steps"])
    rows: list[Row] = []
    for written in world["contracts"]:
        agreement = resolve(world["agreement"], written)
        rows += _Judge(axis, agreement, written["contract"], world["facts"], world["at_s"]).rows()
    return rows


def resolve(agreement: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """The agreement with the contract's plan laid over it, and the contract's own terms over both."""
    base = {key: value for key, value in agreement.items() if key != "plan"}
    plan = agreement.get("plan", {}).get(written["contract"].get("plan"), {})
    return _over(_over(base, plan), written.get("override", {}))


def _over(base: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in above.items():
        if value == "none":
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = _over(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged


@dataclass(frozen=True)
class Target:
    """What is in force: texts of the amounts, and the calendar they count on."""

    limit: str | None
    goal: str | None
    calendar: str


@dataclass
class Change:
    """From `step` on this target is in force (None: there is none), by this change rule."""

    step: int
    target: Target | str | None
    rule: str


@dataclass
class Cycle:
    """One run of a clock: `pieces` are the stretches in which it is open, `how` is the way it ended."""

    start: int
    pieces: list[list[int]] = field(default_factory=list)
    end: int = 0
    how: str = "open"  # open | stopped | excused | over


@dataclass
class Stand:
    """How a target is counted: from `anchor`, against a budget of steps or a fixed step."""

    target: Target
    anchor: int
    budget: Fraction | int | None
    fixed: int | None


@dataclass
class Carry:
    """At `step` a clock came from another system, which had counted `seconds`."""

    step: int
    seconds: int


class _Judge:
    def __init__(
        self, axis: Axis, agreement: dict[str, Any], contract: dict[str, Any], facts: list[Fact], at_s: int
    ) -> None:
        self.axis, self.agreement, self.contract, self.facts = axis, agreement, contract, facts
        self.at_s, self.at = at_s, axis.step(at_s)
        self.zone = agreement["document"]["zone"]
        self.walls = Walls(axis, agreement.get("calendar", {}), self.zone)
        defaults: dict[str, dict[str, Any]] = {"ticket": {"kind": "incident"}}
        for name, row in agreement.get("attribute", {}).items():
            if "default" in row:
                defaults.setdefault(row["of"], {})[name] = row["default"]
        for kind in ("ticket", "incident", "maintenance", "claim"):
            defaults.setdefault(kind, {})["contract.plan"] = contract.get("plan")
        self.subjects = [
            subject for subject in gather(facts, at_s, defaults) if subject.contract in ("", contract["id"])
        ]

    def rows(self) -> list[Row]:
        """Every verdict of the contract."""
        subjects = self._with_quotas()
        rows: list[Row] = []
        for name, row in self.agreement.get("deadline", {}).items():
            for subject in subjects:
                if subject.kind == row.get("of", "ticket"):
                    by_instant = "due" in row
                    found = (
                        self._by_instant(row, subject) if by_instant else self._deadline(name, row, subject)
                    )
                    rows += self._named(name, row, subject, found)
        for name, row in self.agreement.get("every", {}).items():
            for subject in subjects:
                if subject.kind == row["of"]:
                    rows += self._named(name, row, subject, self._cadence(name, row, subject))
        for name, row in self.agreement.get("obligation", {}).items():
            rows += self._obligation(name, row)
        return rows

    def _named(self, name: str, row: dict[str, Any], subject: Subject, found: list[Row]) -> list[Row]:
        """The rows of one commitment on one subject under their names, with the words for being late."""
        stranger = subject.kind == "ticket" and self._is_stranger(subject)
        named = []
        for cycle, verdict in enumerate(found, 1):
            if verdict["state"] == "late":
                verdict["state"] = _late(row)
            key = {"contract": self.contract["id"], "commitment": name, "subject": subject.id, "cycle": cycle}
            named.append({**key, **({"state": "not applicable", "unnamed": True} if stranger else verdict)})
        return named

    # Who may start a clock

    def _is_stranger(self, subject: Subject) -> bool:
        limits = [
            row["named contacts"]
            for row in self.agreement.get("entitlement", {}).values()
            if "named contacts" in row
        ]
        if not limits:
            return False
        at_s, zone = subject.start_s, load_zone(self.zone)
        named: dict[str, int] = {}
        for person, row in self.contract.get("contacts", {}).items():
            begins = instant(datetime.fromisoformat(row["from"]), zone) if "from" in row else -(10**12)
            ends = instant(datetime.fromisoformat(row["until"]), zone) if "until" in row else 10**12
            if begins <= at_s < ends:
                named[person] = begins
        for fact in sorted(self.facts, key=lambda one: (one["time"], one["source"], one["id"])):
            if fact["time"] > min(at_s, self.at_s) or fact["data"].get("contract") != self.contract["id"]:
                continue
            if fact["type"] == "contact.named":
                named.setdefault(fact["subject"], fact["time"])
            elif fact["type"] == "contact.removed" and named.get(fact["subject"], at_s) <= fact["time"]:
                named.pop(
                    fact["subject"], None
                )  # whom the contract names from a later day on is not there yet
        first = sorted(named, key=lambda person: named[person])[: min(limits)]
        return subject.moments[0].attributes.get("requester") not in first

    # Quotas

    def _with_quotas(self) -> list[Subject]:
        """The subjects with what each quota decided about them laid over their attributes."""
        moments = {subject.id: list(subject.moments) for subject in self.subjects}
        for name, row in self.agreement.get("quota", {}).items():
            decided = self._quota(row)
            for subject in self.subjects:
                if subject.kind == "ticket":
                    said = decided[subject.id]
                    moments[subject.id] = [
                        moment._replace(attributes={**moment.attributes, f"quota.{name}": answer})
                        for moment, answer in zip(moments[subject.id], said, strict=True)
                    ]
        return [subject._replace(moments=moments[subject.id]) for subject in self.subjects]

    def _quota(self, row: dict[str, Any]) -> dict[str, list[str]]:
        """Per ticket what the quota says from each of its moments on, deciding in the order of time."""
        tickets = [subject for subject in self.subjects if subject.kind == "ticket"]
        turns = sorted(
            (moment.at_s, order, n, ticket)
            for order, ticket in enumerate(tickets)
            for n, moment in enumerate(ticket.moments)
        )
        counted: dict[str, tuple[tuple[int, ...], str]] = {}
        answers: dict[str, list[str]] = {ticket.id: [] for ticket in tickets}
        for at_s, _, n, ticket in turns:
            moment = ticket.moments[n]
            matches = holds(row["where"], moment.attributes)
            before = answers[ticket.id][-1] if answers[ticket.id] else "none"
            if matches is True and ticket.id not in counted:
                month = _period(wall(at_s, load_zone(row.get("zone", self.zone))), row["per"])
                # What was turned away or handled as ordinary used nothing up.
                used = [said for period, said in counted.values() if period == month]
                over = {"ordinary": "beyond", "charged": "charged", "refused": "refused"}[row["overflow"]]
                is_within = sum(said in ("within", "charged") for said in used) < row["allow"]
                before = "within" if is_within else over
                counted[ticket.id] = month, before
            elif (
                matches is False
                and ticket.id in counted
                and moment.by == "provider"
                and row.get("refund", "never") == "provider reclassifies"
                and holds(row["where"], ticket.moments[n - 1].attributes) is True
            ):
                del counted[ticket.id]
                before = "none"
            answers[ticket.id].append(before)
        return answers

    # Which target is in force

    def _changes(self, row: dict[str, Any], subject: Subject) -> list[Change]:
        """The targets over time; a change is where the target differs from the one before."""
        changes: list[Change] = []
        for moment in subject.moments:
            target = self._target(row, moment)
            if changes and changes[-1].target == target:
                continue
            rule = row.get("change", "keep start")
            if isinstance(rule, dict):
                rule = rule.get(f"by {moment.by}", "keep start")
            if changes and changes[-1].target == UNKNOWN:
                rule = "keep start"  # told for the first time, not changed
            changes.append(Change(self.axis.step(moment.at_s), target, rule))
        return changes

    def _target(self, row: dict[str, Any], moment: Moment) -> Target | str | None:
        known = moment.attributes
        if any(answer == "refused" for name, answer in known.items() if name.startswith("quota.")):
            return None
        matches = holds(row.get("where"), known)
        if matches is not True:
            return None if matches is False else UNKNOWN
        calendar = self._leaf(row.get("on", "always"), known)
        if calendar == UNKNOWN:
            return UNKNOWN
        within = row["each"] if "each" in row else row["within"]
        if isinstance(within, list):
            return self._of_rows(row, within, known, calendar)
        leaf = self._leaf(within, known)
        return UNKNOWN if leaf == UNKNOWN else _target(leaf, calendar)

    def _of_rows(
        self, row: dict[str, Any], within: list[dict[str, Any]], known: dict[str, Any], calendar: Any
    ) -> Target | str | None:
        matching = []
        for one in within:
            matches = holds(one["where"], known)
            if matches is None:
                return UNKNOWN
            if matches:
                matching.append({key: value for key, value in one.items() if key != "where"})
                if row.get("choose", "first") == "first":
                    break
        if not matching:
            return None
        # The worst is the earliest due: all rows count hours on one calendar here, so it is the smallest.
        return _target(min(matching, key=lambda leaf: seconds_of(leaf["limit"])), calendar)

    def _leaf(self, tree: Any, known: dict[str, Any]) -> Any:
        """Walk a decision tree down to its leaf; None where no row is for the value."""
        while isinstance(tree, dict) and not {"goal", "limit"} & set(tree):
            attribute = self._decides(tree)
            value = known.get(attribute)
            if value is None:
                return UNKNOWN
            tree = tree.get(value, tree.get("other"))
        return tree

    def _decides(self, tree: dict[str, Any]) -> str:
        keys = set(tree) - {"other"}
        choices = {
            name: set(row["values"])
            for name, row in self.agreement.get("attribute", {}).items()
            if "values" in row
        }
        choices |= {name: set(row["values"]) for name, row in self.agreement.get("scale", {}).items()}
        (name,) = (name for name, values in choices.items() if keys <= values)
        return str(name)

    # Deadlines

    def _deadline(self, name: str, row: dict[str, Any], subject: Subject) -> list[Row]:
        paused, waits = self._pauses(row, subject)
        changes = self._changes(row, subject)
        cycles = self._cycles(row, subject)
        return [
            self._verdict(cycle, changes, paused, waits, None, self._carry(name, subject, cycle))
            for cycle in cycles
        ]

    def _carry(self, name: str, subject: Subject, cycle: Cycle) -> Carry | None:
        """The first time that the clock of this name came from elsewhere while the cycle was open."""
        for fact in subject.facts:
            if fact["type"] == "ticket.carried" and fact["data"]["commitment"] == name:
                step = self.axis.step(fact["time"])
                if cycle.start <= step and (cycle.how == "open" or step < cycle.end):
                    return Carry(step, seconds_of(fact["data"]["elapsed"]))
        return None

    def _cycles(self, row: dict[str, Any], subject: Subject) -> list[Cycle]:
        """Walk the facts: a start opens a cycle, a stop ends it, a reopening goes on or begins anew."""
        cycles: list[Cycle] = []
        current: Cycle | None = None
        ready = "after" not in row
        resolving = any(name in ("resolved", "closed") for name in _names(row["until"]))
        reopening = row.get("reopening", "continue")
        for fact in subject.facts:
            known = _known_at(subject, fact)
            step = self.axis.step(effective_s(fact))
            if is_excuse(fact) and current is not None:
                self._end(current, step, "excused")
                current = None
            elif current is not None:
                if is_event(fact, row["until"], subject.kind, known) and step >= current.start:
                    self._end(current, step, "stopped")
                    current = None
            elif resolving and reopening != "ignore" and verb(fact) == "reopened" and cycles:
                if reopening == "continue" and cycles[-1].how == "stopped":
                    current = cycles[-1]
                    current.pieces.append([step, self.at])
                elif reopening == "new cycle":
                    current = Cycle(step, [[step, self.at]])
                    cycles.append(current)
            elif ready and is_event(fact, row["from"], subject.kind, known):
                current = Cycle(step, [[step, self.at]])
                cycles.append(current)
            ready = ready or is_event(fact, row.get("after", []), subject.kind, known)
        if current is not None:
            self._end(current, self.at, "open")
        return cycles

    def _end(self, cycle: Cycle, step: int, how: str) -> None:
        cycle.pieces[-1][1] = step
        cycle.end, cycle.how = step, how

    def _pauses(
        self, row: dict[str, Any], subject: Subject
    ) -> tuple[bytearray, list[tuple[int, int | None]]]:
        """The steps at which the clock stands still, and the waits themselves (None: still open)."""
        waits: list[tuple[int, int | None]] = []
        for rule in row.get("pause", []):
            waits += self._waits(rule, subject) if "waiting" in rule else self._stretches(rule, subject)
        paused = bytearray(self.axis.steps)
        for low, high in waits:
            end = self.at if high is None else high
            paused[low:end] = b"\x01" * (end - low)
        return paused, waits

    def _waits(self, rule: dict[str, Any], subject: Subject) -> list[tuple[int, int | None]]:
        waits: list[tuple[int, int | None]] = []
        going: list[tuple[int, str | None]] = []
        for fact in subject.facts:
            step, data = self.axis.step(fact["time"]), fact["data"]
            if fact["type"] == "ticket.waiting_started":
                if holds(rule["waiting"], {**_known_at(subject, fact), **data}) is True:
                    going.append((step, data.get("duty")))
                continue
            ends = fact["type"] == "ticket.waiting_ended"
            if ends or fact["type"] in ("ticket.resolved", "ticket.closed", "ticket.cancelled"):
                duty = data.get("duty") if ends else None
                waits += [(since, step) for since, named in going if duty in (None, named)]
                going = [(since, named) for since, named in going if duty not in (None, named)]
        return waits + [(since, None) for since, _ in going]

    def _stretches(self, rule: dict[str, Any], subject: Subject) -> list[tuple[int, int | None]]:
        stretches: list[tuple[int, int | None]] = []
        since: int | None = None
        for fact in subject.facts:
            known, step = _known_at(subject, fact), self.axis.step(effective_s(fact))
            if since is None and is_event(fact, rule["from"], subject.kind, known):
                since = step
            elif since is not None and is_event(fact, rule["until"], subject.kind, known):
                stretches.append((since, step))
                since = None
        return stretches if since is None else [*stretches, (since, None)]

    # One cycle, step by step

    def _verdict(
        self,
        cycle: Cycle,
        changes: list[Change],
        paused: bytearray,
        waits: list[tuple[int, int | None]],
        clip: Hours | None,
        carry: Carry | None,
    ) -> Row:
        running, opened = bytearray(self.axis.steps), bytearray(self.axis.steps)
        for low, high in cycle.pieces:
            opened[low:high] = b"\x01" * (high - low)
            running[low:high] = bytes(1 - still for still in paused[low:high])
        counted_from = looked_from = cycle.start
        if carry is not None:
            counted_from, looked_from = self._from(carry, cycle, changes), carry.step
            opened[:looked_from] = bytes(looked_from)
            ran = bytes(counted_from) + b"\x01" * (looked_from - counted_from)
            running[:looked_from] = ran
        stands = self._stands(cycle, changes, running, counted_from, looked_from)
        late_at, stand = self._first_late(cycle, stands, opened, running, clip)
        now = stands[-1][1]
        # A wait that outlasts a cycle holds nothing in it any more.
        is_paused = cycle.how == "open" and any(
            low <= cycle.end and (high is None or cycle.end < high) for low, high in waits
        )
        row: Row = {"started_at": self.axis.at_s(cycle.start)}
        row["stopped_at"] = None if cycle.how == "open" else self.axis.at_s(cycle.end)
        row["breached_at"] = None if late_at is None else self.axis.at_s(late_at)
        row["state"] = self._state(cycle, stands, late_at, running)
        shown = stand if late_at is not None else now if isinstance(now, Stand) else None
        row["elapsed_s"] = row["paused_s"] = row["due_at"] = row["goal_at"] = None
        if shown is not None:
            hours = self.walls[shown.target.calendar]
            used = _count(hours, running, shown.anchor, cycle.end)
            row["elapsed_s"] = used * self.axis.step_s
            row["paused_s"] = (cycle.end - looked_from - sum(running[looked_from:])) * self.axis.step_s
            row["due_at"] = self._due(shown, cycle, running, is_paused, clip)
            if shown.target.goal is not None:
                goal = self._stand(Target(shown.target.goal, None, shown.target.calendar), shown.anchor)
                row["goal_at"] = self._due(goal, cycle, running, is_paused, clip)
        row["exact"] = not any(change.rule == "pro rata" for change in changes[1:])
        return row

    def _stand(self, target: Target, anchor: int) -> Stand:
        if target.limit is None:
            return Stand(target, anchor, None, None)
        hours = self.walls[target.calendar]
        seconds = axis_seconds(target.limit, hours)
        if seconds is not None:
            return Stand(target, anchor, seconds // self.axis.step_s, None)
        step = named_step(target.limit, hours, anchor)
        return Stand(target, anchor, None, self.axis.steps if step is None else step)

    def _from(self, carry: Carry, cycle: Cycle, changes: list[Change]) -> int:
        """The last step from which a clock that came from elsewhere would have counted as much."""
        looked_at = [one for one in changes if one.step <= carry.step][-1:]
        looked_at += [one for one in changes if carry.step < one.step <= cycle.end]
        calendars = [one.target.calendar for one in looked_at if isinstance(one.target, Target)]
        hours, step, left = self.walls[[*calendars, "always"][0]], carry.step, carry.seconds
        while left > 0:
            step -= 1
            assert step >= 0, "it counts from before the axis"
            left -= self.axis.step_s if hours.open[step] else 0
        return step

    def _stands(
        self,
        cycle: Cycle,
        changes: list[Change],
        running: bytearray,
        counted_from: int,
        looked_from: int,
    ) -> list[tuple[int, Stand | str | None]]:
        """What is in force from which step on: the first entry is what the cycle starts with."""
        before = [change for change in changes if change.step <= looked_from]
        inside = [change for change in changes if looked_from < change.step <= cycle.end]
        first = before[-1].target if before else None
        share: Any = Fraction(0)
        anchor = since = counted_from
        stands: list[tuple[int, Stand | str | None]] = [(looked_from, self._as_stand(first, anchor))]
        for change in inside:
            last = stands[-1][1]
            if change.rule == "restart":
                anchor = change.step
            if change.rule == "pro rata":
                anchor = change.step
                if isinstance(last, Stand) and last.budget:
                    used = _count(self.walls[last.target.calendar], running, since, change.step)
                    share += Fraction(used, int(self._stand(last.target, since).budget or 1))
            stand = self._as_stand(change.target, anchor)
            if isinstance(stand, Stand) and stand.budget is not None:
                stand = Stand(stand.target, anchor, stand.budget * (1 - share), None)
            if last != UNKNOWN:
                since = change.step  # what is told for the first time held and was used from before
            stands.append((change.step, stand))
        return stands

    def _as_stand(self, target: Target | str | None, anchor: int) -> Stand | str | None:
        return self._stand(target, anchor) if isinstance(target, Target) else target

    def _first_late(
        self,
        cycle: Cycle,
        stands: list[tuple[int, Stand | str | None]],
        opened: bytearray,
        running: bytearray,
        clip: Hours | None,
    ) -> tuple[int | None, Stand | None]:
        """The first step during which the clock becomes late (its beginning was in time), and under what."""
        for n, (since, stand) in enumerate(stands):
            until = stands[n + 1][0] if n + 1 < len(stands) else cycle.end
            if not isinstance(stand, Stand):
                continue
            fixed = stand.fixed
            if clip is not None and stand.budget is not None:
                fixed = self._used_up(stand, cycle, running, clip)
            elif clip is not None and fixed is not None:
                fixed = _moved(fixed, clip)
            if fixed is not None:
                for step in range(since, until):
                    if opened[step] and step >= fixed:
                        return step, stand
            elif stand.budget is not None:
                open_at = self.walls[stand.target.calendar].open
                used = _count(self.walls[stand.target.calendar], running, stand.anchor, since)
                for step in range(since, until):
                    if opened[step]:
                        counts = open_at[step] and running[step]
                        if used > stand.budget or (counts and used + 1 > stand.budget):
                            return step, stand
                        if counts:
                            used += 1
        return None, None

    def _used_up(
        self, stand: Stand, cycle: Cycle, running: bytearray, clip: Hours | None = None
    ) -> int | None:
        """The first instant with the whole budget used, if nothing more pauses; cut to its step."""
        assert stand.budget is not None
        hours, used = self.walls[stand.target.calendar], 0
        for step in range(stand.anchor, self.axis.steps):
            if used >= stand.budget:
                return step if clip is None else _moved(self._shown(step, hours), clip)
            if hours.open[step] and (step >= cycle.end or running[step]):
                if used + 1 > stand.budget:
                    return step
                used += 1
        return self.axis.steps if clip is not None else None

    def _shown(self, due: int, hours: Hours) -> int:
        """A due instant of counted time as the calendar shows it; the end of the axis if it is later."""
        return _moved(due, hours) if hours.closing == "next opening" else due

    def _due(
        self, stand: Stand, cycle: Cycle, running: bytearray, is_paused: bool, clip: Hours | None
    ) -> int | None:
        """The due instant in seconds; None if there is none, while paused, or beyond the axis."""
        if stand.fixed is not None:
            due: int | None = stand.fixed if clip is None else _moved(stand.fixed, clip)
        elif stand.budget is not None:
            due = self._used_up(stand, cycle, running, clip)
            if due is not None and is_paused and due > cycle.end:
                return None
            if due is not None and clip is None:
                due = self._shown(due, self.walls[stand.target.calendar])
        else:
            return None
        return None if due is None or due >= self.axis.steps else self.axis.at_s(due)

    def _state(
        self,
        cycle: Cycle,
        stands: list[tuple[int, Stand | str | None]],
        late_at: int | None,
        running: bytearray,
    ) -> str:
        if late_at is not None:
            return "late"
        if cycle.how == "excused":
            return "not applicable"
        now = stands[-1][1]
        if now == UNKNOWN:
            return "undetermined"
        if not isinstance(now, Stand) or now.target.limit is None:
            return "not applicable"
        if cycle.how != "open":
            return "met" if cycle.how == "stopped" else "not applicable"
        if isinstance(now, Stand) and now.target.goal is not None:
            goal = self._stand(Target(now.target.goal, None, now.target.calendar), now.anchor)
            used = _count(self.walls[now.target.calendar], running, now.anchor, cycle.end)
            if (goal.budget is not None and used > goal.budget) or (
                goal.fixed is not None and cycle.end > goal.fixed
            ):
                return "at risk"
        return "running"

    # Cadences

    def _cadence(self, name: str, row: dict[str, Any], subject: Subject) -> list[Row]:
        """Each update ends a round and starts the next; the last ends unjudged, a reopening starts anew."""
        rounds: list[Cycle] = []
        current: Cycle | None = None
        over = False
        for fact in subject.facts:
            known, step = _known_at(subject, fact), self.axis.step(effective_s(fact))
            if current is not None and is_event(fact, row["until"], subject.kind, known):
                self._end(current, step, "over")
                current, over = None, True
            elif is_excuse(fact) and rounds:
                if current is not None:
                    self._end(current, step, "excused")
                current, over = None, True
            elif current is not None and is_event(fact, row["again"], subject.kind, known):
                self._end(current, step, "stopped")
                current = Cycle(step, [[step, self.at]])
                rounds.append(current)
            elif (over and fact["type"] == "ticket.reopened") or (
                not rounds and is_event(fact, row["from"], subject.kind, known)
            ):
                current, over = Cycle(step, [[step, self.at]]), False
                rounds.append(current)
        if current is not None:
            self._end(current, self.at, "open")
        clip = self.walls[row["hours"]] if "hours" in row else None
        changes = self._changes(row, subject)
        still = bytearray(self.axis.steps)
        return [
            self._verdict(one, changes, still, [], clip, self._carry(name, subject, one)) for one in rounds
        ]

    # Deadlines by an instant

    def _by_instant(self, row: dict[str, Any], subject: Subject) -> list[Row]:
        """An act that must have happened no later than an instant that the subject itself names.

        Maintenance moved beyond the window that was announced is announced anew by the change; what is told
        after it began, or was to begin, comes too late.
        """
        facts, moment = subject.facts, subject.moments[-1]
        if subject.kind == "maintenance":
            facts, moment = _in_time(subject)
        stopped: int | None = None
        excused: int | None = None
        for n, fact in enumerate(facts):
            step = self.axis.step(effective_s(fact))
            if is_excuse(fact):
                excused = step
            elif subject.kind == "maintenance":
                if is_event(fact, row["until"], subject.kind, _known_at(subject, fact)) or (
                    stopped is not None and _is_moved(facts[: n + 1])
                ):
                    stopped = step
            elif stopped is None and is_event(fact, row["until"], subject.kind, _known_at(subject, fact)):
                stopped = step
        due = self._instant(row, subject, moment)
        end = stopped if stopped is not None else excused if excused is not None else self.at
        verdict: Row = {"stopped_at": None if stopped is excused is None else self.axis.at_s(end)}
        verdict |= {"due_at": None, "breached_at": None, "exact": True, "optional": due is None}
        if not isinstance(due, int):
            return [{**verdict, "state": "not applicable" if due is None else "undetermined"}]
        verdict["due_at"] = self.axis.at_s(due) if due < self.axis.steps else None
        if end > due:
            return [{**verdict, "state": "late", "breached_at": verdict["due_at"]}]
        if stopped is not None:
            return [{**verdict, "state": "met"}]
        return [{**verdict, "state": "running" if excused is None else "not applicable"}]

    def _instant(self, row: dict[str, Any], subject: Subject, moment: Moment) -> int | str | None:
        """The step at which it is due by what was known at a moment; the end of the axis if it is later."""
        matches = holds(row.get("where"), moment.attributes)
        if matches is not True:
            return None if matches is False else UNKNOWN
        base, sign, amount, calendar = row["due"]
        at_s = subject.start_s if base == "filed" else moment.attributes.get(base)
        if at_s is None:
            return UNKNOWN
        hours, step = self.walls[calendar or "always"], self.axis.step(at_s)
        if sign == "+":
            seconds = axis_seconds(amount, hours)
            if seconds is None:
                found = named_step(amount, hours, step)
            else:
                found = counted_step(seconds // self.axis.step_s, hours, step)
                found = None if found is None else self._shown(found, hours)
            return self.axis.steps if found is None else found
        assert calendar is None
        if amount.endswith("h"):
            return step - seconds_of(amount) // self.axis.step_s
        shown = wall(at_s, hours.zone) - timedelta(days=int(amount[:-1]))
        # The last moment from which the days fit: in a fold the second one, in a gap the last before it.
        step = self.axis.step(max(instant(shown, hours.zone), instant(shown, hours.zone, fold=1)))
        while wall(self.axis.at_s(step), hours.zone) > shown:
            step -= 1
        return step

    # Obligations

    def _obligation(self, name: str, row: dict[str, Any]) -> list[Row]:
        """One verdict per period that the contract has seen: done often enough, or not yet, or not."""
        zone = load_zone(row.get("zone", self.zone))
        signed_from = date.fromisoformat(self.contract["from"])
        begins_s = instant(datetime.combine(signed_from, datetime.min.time()), zone)
        until = self.contract.get("until")
        ends_s = self.at_s if until is None else min(self.at_s, instant(datetime.fromisoformat(until), zone))
        # The whole months that lie before a period of this kind, counted from the year 0.
        months = {"calendar month": 1, "calendar quarter": 3, "calendar year": 12, "contract year": 12}[
            row["per"]
        ]
        first = signed_from.year * 12 + signed_from.month - 1
        day = signed_from.day if row["per"] == "contract year" else 1
        if row["per"] != "contract year":
            first -= first % months
        done = [
            fact["time"]
            for fact in self.facts
            if fact["type"] == "obligation.done"
            and fact["data"]["contract"] == self.contract["id"]
            and fact["data"]["obligation"] == name
            and fact["time"] <= self.at_s
        ]
        rows: list[Row] = []
        for n in range(1000):
            low, high = (instant(_first(first + k * months, day), zone) for k in (n, n + 1))
            if low > ends_s:
                return rows
            if high <= begins_s:
                continue
            # What falls due after the contract's end is not owed.
            over = high if until is None else min(high, instant(datetime.fromisoformat(until), zone))
            count = sum(1 for at_s in done if low <= at_s < over)
            state = "met" if count >= row["times"] else "running" if self.at_s < over else _late(row)
            if state == _late(row) and over < high:
                state = "not applicable"
            key = {
                "contract": self.contract["id"],
                "commitment": name,
                "subject": None,
                "cycle": len(rows) + 1,
            }
            rows.append({**key, "state": state, "started_at": low, "due_at": high, "exact": True})
        raise AssertionError("an obligation without end")


def _first(months: int, day: int) -> datetime:
    year, month = months // 12, months % 12 + 1
    return datetime.combine(date(year, month, min(day, monthrange(year, month)[1])), datetime.min.time())


def _late(row: dict[str, Any]) -> str:
    return "breached" if row.get("modality", "guarantee") == "guarantee" else "missed"


def _in_time(subject: Subject) -> tuple[list[Fact], Moment]:
    """The facts of maintenance without what was told too late of its window, and how it stood then."""
    begun = [fact["time"] for fact in subject.facts if fact["type"][12:] in ("started", "ended")]
    kept: list[Fact] = []
    last_s, starts_s = subject.moments[0].at_s, None
    for fact in subject.facts:
        if fact["type"][12:] in ("announced", "changed"):
            limit_s = begun[0] if begun else starts_s
            if limit_s is not None and fact["time"] > limit_s:
                continue
            last_s, starts_s = fact["time"], fact["data"].get("starts_at", starts_s)
        kept.append(fact)
    return kept, [moment for moment in subject.moments if moment.at_s <= last_s][-1]


def _is_moved(facts: list[Fact]) -> bool:
    """Whether the last fact moves maintenance beyond the window told before it."""
    *before, last = facts
    if last["type"] != "maintenance.changed":
        return False
    told: dict[str, Any] = {}
    for fact in before:
        told |= {name: fact["data"][name] for name in ("starts_at", "ends_at") if name in fact["data"]}
    now = {**told, **last["data"]}
    return bool(now["starts_at"] < told["starts_at"] or now["ends_at"] > told["ends_at"])


def _names(events: list[Any]) -> list[str]:
    return [event if isinstance(event, str) else event[0] for event in events]


def _known_at(subject: Subject, fact: Fact) -> dict[str, Any]:
    """What was known of a subject at the time of one of its facts."""
    known = subject.moments[0].attributes
    for moment in subject.moments:
        if moment.at_s <= fact["time"]:
            known = moment.attributes
    return known


def _period(shown: datetime, per: str) -> tuple[int, ...]:
    if per == "calendar month":
        return (shown.year, shown.month)
    if per == "calendar quarter":
        return (shown.year, (shown.month - 1) // 3)
    assert per == "calendar year"
    return (shown.year,)


def _target(leaf: Any, calendar: Any) -> Target | None:
    if leaf in (None, "none") or calendar in (None, "none"):
        return None
    if isinstance(leaf, dict):
        limit, goal = leaf.get("limit", "none"), leaf.get("goal", "none")
    else:
        limit, goal = leaf, "none"
    named = {text.partition(" of ")[2] for text in (limit, goal) if " of " in text}
    (own,) = named or {calendar}
    amounts = [None if text == "none" else _one_way(text.partition(" of ")[0]) for text in (limit, goal)]
    return Target(amounts[0], amounts[1], own)


def _one_way(amount: str) -> str:
    """An amount written one way: 9h and 540m are the same target, so that one for the other is no change."""
    return amount if amount.endswith(("d", "y", "s")) else f"{seconds_of(amount) // 60}m"


def _count(hours: Hours, running: bytearray, low: int, high: int) -> int:
    """How many steps from `low` to `high` count: the calendar is open and the clock is running."""
    return sum(map(and_, hours.open[low:high], running[low:high]))


def _moved(step: int, hours: Hours) -> int:
    """The step itself if the calendar is open then, else its next opening."""
    found = hours.next_open(step) if step < hours.axis.steps else None
    return hours.axis.steps if found is None else found
