"""When it is due under one calendar and amount, and when under another: compared at every possible start.

An amount on an axis is due at a function of the start that runs with it while the calendar is open, stands
while it is closed, and jumps where the budget is used up at a closing. Any other amount names an instant by
the local clock: it jumps at midnights, and where the hours of that day end. Between two neighbouring places
at which one of the functions can bend, both are straight with slope 0 or 1, so that comparing them there, one
microsecond before and one after, compares them everywhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from upheld.core.comparing.calendars import hours_within, same_calendar, same_hours, shared_years
from upheld.core.comparing.comparison import Example, Order, both, by_size, flipped, order_of
from upheld.core.timeline.calendar import BusinessDayError, Calendar
from upheld.core.timeline.instant import DAY, MINUTE, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Attribute, Expr, Extreme, Shift, calendars_in
from upheld.core.values.expression import Literal as Written
from upheld.core.values.frozen import dataclass

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Budget:
    """An amount on the calendar it counts on.

    `moved_to`: a due instant outside that calendar moves to its next opening. `is_shown`: the deadline as it
    is shown is what matters, not the last instant in time.
    """

    amount: Amount
    calendar: Calendar
    moved_to: Calendar | None = None
    is_shown: bool = False

    def __str__(self) -> str:
        return (
            str(self.amount) if self.calendar.name == "always" else f"{self.amount} on {self.calendar.name}"
        )

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """The calendars on which it is due."""
        return (self.calendar,) if self.moved_to is None else (self.calendar, self.moved_to)

    @property
    def axis_us(self) -> int | None:
        """The amount as a length on the axis; None if it names an instant. BusinessDayError."""
        return self.calendar.axis_us(self.amount)

    def last_at(self, start_at: Instant) -> Instant | None:
        """The last instant that is in time; None beyond the years of the calendar."""
        try:
            if self.moved_to is not None:
                return self.moved_to.next_opening(self.calendar.deadline(start_at, self.amount))
            axis_us = None if self.is_shown else self.axis_us
            if axis_us is not None:
                return self.calendar.spans.latest(start_at, axis_us)
            return self.calendar.deadline(start_at, self.amount)
        except BeyondHorizon:
            return None


@dataclass(frozen=True, slots=True)
class Lateness:
    """Whether what is due under one budget is due later, or earlier, under another; with a case of each."""

    order: Order
    later: Example | None = None
    earlier: Example | None = None

    def with_more(self, other: Lateness) -> Lateness:
        """What two parts of all starts show together; of their cases the one with the greater difference."""
        later = max((self.later, other.later), key=_difference)
        earlier = max((self.earlier, other.earlier), key=_difference)
        return Lateness(order_of(earlier is not None, later is not None), later, earlier)


def _difference(example: Example | None) -> int:
    return 0 if example is None else abs(example.after_at - example.before_at)


def compare_budgets(before: Budget, after: Budget, *, can_stand: bool = False) -> Lateness:
    """How lateness under the second budget compares, for whom it is due to: earlier is better.

    `can_stand`: the clock can stand still at any time. Then what is left of a deadline depends on when each
    calendar is open, and only more hours with no greater a budget are surely no worse.
    """
    if before == after or _is_same(before, after):
        return Lateness("equal")
    try:
        lengths = before.axis_us, after.axis_us
    except BusinessDayError:
        return Lateness("incomparable")
    quick = _by_length(before, after, lengths)
    if quick is not None and quick != "incomparable":
        return _with_examples(before, after, quick)
    if not can_stand or lengths == (None, None):
        return _swept(before, after)
    if None not in lengths:
        return Lateness("incomparable")
    # An instant that is named does not move while a clock stands, and what is counted is due later.
    moves = _swept(before, after)
    sure: Order = "better" if lengths[1] is None else "worse"
    return Lateness(sure if moves.order in ("equal", sure) else "incomparable", moves.later, moves.earlier)


def _is_same(before: Budget, after: Budget) -> bool:
    if before.amount != after.amount or not same_calendar(before.calendar, after.calendar):
        return False
    if before.moved_to is None or after.moved_to is None:
        return before.moved_to is after.moved_to
    return same_calendar(before.moved_to, after.moved_to)


def _by_length(before: Budget, after: Budget, lengths: tuple[int | None, int | None]) -> Order | None:
    """The order by amounts and hours alone; None if they do not tell it."""
    one, other = lengths
    if before.moved_to is not None or after.moved_to is not None:
        return None
    if before.is_shown and before.calendar.closing != after.calendar.closing:
        return None
    if one is not None and other is not None:
        if same_hours(before.calendar, after.calendar):
            return by_size(one, other, lambda a, b: a > b)
        if one >= other and hours_within(before.calendar, after.calendar):
            return "better"
        if one <= other and hours_within(after.calendar, before.calendar):
            return "worse"
        return "incomparable"
    if one is None and other is None and same_calendar(before.calendar, after.calendar):
        kinds = {before.amount.kind, after.amount.kind}
        for factors in ({"days": 1, "weeks": 7}, {"months": 1, "years": 12}):
            if kinds <= set(factors):
                sizes = [int(each.amount.count) * factors[each.amount.kind] for each in (before, after)]
                return by_size(sizes[0], sizes[1], lambda a, b: a > b)
        if kinds == {"business days"}:
            return by_size(before.amount.count, after.amount.count, lambda a, b: a > b)
    return None


def _with_examples(before: Budget, after: Budget, order: Order) -> Lateness:
    """The order that is known, with the greatest difference among the starts of four weeks.

    Those in the middle of the years that both know, if the hours differ there; else those around where they
    next do, for of one holiday more there is a case in few weeks.
    """
    if order in ("equal", "incomparable"):
        return Lateness(order)
    start_at, end_at = shared_years(before.calendar, after.calendar)
    middle_at = (start_at + end_at) // 2
    one, other = (each.spans.clip(start_at, end_at) for each in (before.calendar, after.calendar))
    apart = (one - other) | (other - one)
    at = next(iter((*apart.clip(middle_at, end_at).starts, *apart.starts)), middle_at)
    is_near = middle_at <= at < middle_at + 3 * _WEEK
    from_at = middle_at if is_near else max(start_at, at - _WEEK)
    swept = _compared(before, after, from_at, min(end_at, from_at + 4 * _WEEK))
    shown = swept.later if order == "worse" else swept.earlier
    return Lateness(order, shown if order == "worse" else None, shown if order == "better" else None)


# -- every start -------------------------------------------------------------------------------------------


def _swept(before: Budget, after: Budget) -> Lateness:
    """Every start of the years that all calendars know, until both directions have been seen.

    Weeks are looked at one by one from the middle of these years on, then those before it. Where neither
    amount follows the months, a week that looks in all it reaches like one that was looked at is left out.
    """
    start_at, end_at = shared_years(*before.calendars, *after.calendars)
    middle_at = (start_at + end_at) // 2
    found = Lateness("equal")
    seen: set[object] = set()
    for from_at in (*range(middle_at, end_at, _WEEK), *range(start_at, middle_at, _WEEK)):
        until_at = min(from_at + _WEEK, end_at)
        look = _look(before, after, from_at, until_at)
        if look is None or look not in seen:
            seen.add(look)
            found = found.with_more(_compared(before, after, from_at, until_at))
            if found.order == "incomparable":
                break
    return found


def _look(before: Budget, after: Budget, from_at: Instant, until_at: Instant) -> object:
    """What the due instants of a week depend on, told from its beginning; None if not by hours alone."""
    if not {before.amount.kind, after.amount.kind} <= {"time", "business days", "days", "weeks"}:
        return None
    one, other = before.last_at(until_at), after.last_at(until_at)
    if one is None or other is None:
        return None
    reach_at = max(one, other, until_at) + DAY
    return tuple(_hours(calendar, from_at, reach_at) for calendar in (*before.calendars, *after.calendars))


def _hours(calendar: Calendar, from_at: Instant, reach_at: Instant) -> object:
    """The hours of a calendar in a stretch, the local time there, and its business dates if they count."""
    spans, zone = calendar.spans.clip(from_at, reach_at), calendar.rule.zone
    changes = tuple(
        (at - from_at, zone.offset_at(at)) for at in zone.transitions if from_at - DAY <= at <= reach_at + DAY
    )
    dates: tuple[int, ...] = ()
    if calendar.business_day is not None and calendar.business_day.sense != "hours":
        known = calendar.dates
        low, high = bisect_left(known.closings, from_at), bisect_left(known.openings, reach_at)
        dates = (*known.openings[low:high], *known.closings[low:high])
    starts, ends = (tuple(at - from_at for at in each) for each in (spans.starts, spans.ends))
    return starts, ends, zone.label_at(from_at) % DAY, changes, tuple(at - from_at for at in dates)


def _compared(before: Budget, after: Budget, start_at: Instant, end_at: Instant) -> Lateness:
    """The starts of a stretch of time compared."""
    edges = {start_at}
    for budget in (before, after):
        edges.update(at for at in _bends(budget, start_at, end_at) if start_at < at < end_at)
    first_at, _ = shared_years(*before.calendars, *after.calendars)
    later: Example | None = None
    earlier: Example | None = None
    most = least = 0, False
    zone = after.calendar.rule.zone
    for at in sorted({at for edge in edges for at in (edge - 1, edge, edge + 1) if at >= first_at}):
        one, other = before.last_at(at), after.last_at(at)
        if one is None or other is None or one == other:
            continue
        # Of the cases of one minute more or less, one that begins on a minute is the one to show.
        size = abs(other - one) // MINUTE, at % MINUTE == 0
        if other > one and (later is None or size > most):
            most, later = size, Example(at, one, other, zone)
        elif other < one and (earlier is None or size > least):
            least, earlier = size, Example(at, one, other, zone)
    return Lateness(order_of(earlier is not None, later is not None), later, earlier)


def _bends(budget: Budget, start_at: Instant, end_at: Instant) -> Iterator[Instant]:
    """Every start of a stretch at which the last instant in time can jump, or change its slope."""
    calendar = budget.calendar
    axis_us = budget.axis_us
    near = calendar.spans.clip(start_at, end_at)
    yield from near.starts
    yield from near.ends
    aims = [each.spans for each in budget.calendars]
    if axis_us is not None:
        for spans in aims:
            yield from _axis_preimages(calendar.spans, axis_us, spans, start_at, end_at)
        return
    reach_at = budget.last_at(end_at)
    yield from _clock_times(budget, aims, start_at, end_at, calendar.end_at if reach_at is None else reach_at)


def _axis_preimages(
    axis: Spans, axis_us: int, aim: Spans, start_at: Instant, end_at: Instant
) -> Iterator[Instant]:
    """The starts from which a length on the axis is used up at an edge of the aim."""
    before = axis.axis.before
    start, end = before(start_at), before(end_at)
    for edges in (aim.starts, aim.ends):
        for edge in edges[bisect_left(edges, start_at) :]:
            wanted = before(edge) - axis_us
            if wanted > end:
                break
            found = axis.advance(start_at, wanted - start) if wanted >= start else None
            if found is not None:
                yield found


def _clock_times(
    budget: Budget, aims: list[Spans], start_at: Instant, end_at: Instant, reach_at: Instant
) -> Iterator[Instant]:
    """Each midnight, and each time of day at which hours begin or end, or clocks change, on every day."""
    zone = budget.calendar.rule.zone
    times = {0}
    for spans in aims:
        near = spans.clip(start_at, reach_at + DAY)
        times.update(zone.label_at(at) % DAY for at in (*near.starts, *near.ends))
    for at in zone.transitions:
        if start_at <= at <= reach_at + DAY:
            times.update({zone.label_at(at) % DAY, (zone.label_at(at - 1) + 1) % DAY})
            yield at
    first, last = zone.label_at(start_at) // DAY, zone.label_at(end_at) // DAY
    for day in range(first, last + 1):
        for of_day in times:
            yield zone.at_label(day * DAY + of_day)


# -- instants that a text computes -------------------------------------------------------------------------


def compare_instants(
    before: Expr, after: Expr, calendars: tuple[Callable[[str], Calendar], Callable[[str], Calendar]]
) -> Order:
    """How the instant of the second expression compares with that of the first: earlier is better.

    Both are taken apart together, as far as they are built alike; every step keeps the order of what it is
    given. What is not built alike is incomparable.
    """
    if before == after:
        names = calendars_in(before)
        if all(same_calendar(calendars[0](name), calendars[1](name)) for name in names):
            return "equal"
    match before, after:
        case Extreme(op, ones), Extreme(other, others) if op == other and len(ones) == len(others):
            return both(compare_instants(a, b, calendars) for a, b in zip(ones, others, strict=True))
        case Shift(), Shift() if before.sign == after.sign:
            return both(
                [compare_instants(before.anchor, after.anchor, calendars), _step(before, after, calendars)]
            )
        case Shift(), Attribute():  # a step more, or one less, from the same anchor
            return both([compare_instants(before.anchor, after, calendars), _whole(before, "better")])
        case Attribute(), Shift():
            return both([compare_instants(before, after.anchor, calendars), _whole(after, "worse")])
    return "equal" if before == after and not calendars_in(before) else "incomparable"


def _whole(shift: Shift, without: Order) -> Order:
    """What it does to leave a step out (`without`), or to add it (`flipped`)."""
    return without if shift.sign > 0 else flipped(without)


def _step(
    before: Shift, after: Shift, calendars: tuple[Callable[[str], Calendar], Callable[[str], Calendar]]
) -> Order:
    amounts = [_amount(before.amount), _amount(after.amount)]
    if amounts[0] is None or amounts[1] is None:
        return (
            "equal" if before.amount == after.amount and before.calendar == after.calendar else "incomparable"
        )
    one = Budget(amounts[0], calendars[0](before.calendar or "always"), is_shown=True)
    other = Budget(amounts[1], calendars[1](after.calendar or "always"), is_shown=True)
    if _is_same(one, other):
        return "equal"
    if before.sign > 0:
        return compare_budgets(one, other).order
    if not same_calendar(one.calendar, other.calendar):
        return "incomparable"
    try:
        found = _by_length(one, other, (one.axis_us, other.axis_us))
    except BusinessDayError:
        found = None
    return "incomparable" if found is None else flipped(found)


def _amount(expr: Expr) -> Amount | None:
    return expr.value if isinstance(expr, Written) and isinstance(expr.value, Amount) else None
