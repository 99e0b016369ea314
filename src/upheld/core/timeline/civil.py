"""Civil arithmetic on labels: the same local time so many days, weeks, months or years later."""

from calendar import monthrange
from datetime import date

from upheld.core.timeline.instant import DAY, EPOCH_ORDINAL, day_instant
from upheld.core.values.amount import AmountKind


def add_civil(label: int, kind: AmountKind, count: int) -> int:
    """The label so many days, weeks, months or years later (earlier if negative), at the same time of day.

    A day that the month does not have becomes its last. ValueError for kinds that are not civil.
    """
    if kind == "days":
        return label + count * DAY
    if kind == "weeks":
        return label + count * 7 * DAY
    if kind not in ("months", "years"):
        raise ValueError(f"{kind} are not counted by the civil calendar")
    days, rest = divmod(label, DAY)
    on = date.fromordinal(days + EPOCH_ORDINAL)
    return day_instant(add_months(on, count if kind == "months" else 12 * count)) + rest


def add_months(on: date, count: int, day: int | None = None) -> date:
    """The date so many months later (earlier if negative), on that day of the month or the last one it has.

    Without `day`, the day of `on`.
    """
    year, month = divmod(on.year * 12 + on.month - 1 + count, 12)
    return date(year, month + 1, min(day or on.day, monthrange(year, month + 1)[1]))
