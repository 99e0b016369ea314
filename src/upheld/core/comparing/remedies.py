"""How what is owed compares: bands as functions of the value, all else rule by rule; more is better."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby, pairwise
from typing import NamedTuple

from upheld.core.comparing.cases import extent, order_by_extent
from upheld.core.comparing.comparison import (
    Order,
    Part,
    both,
    by_size,
    changed,
    different,
    flipped,
    order_of,
    ranked,
    sized,
)
from upheld.core.comparing.time import Budget
from upheld.core.comparing.versions import Versions
from upheld.core.measuring.level import reaches
from upheld.core.owing.amounts import band_text, percent_text
from upheld.core.owing.reach import is_out_of_reach, size
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import (
    Band,
    Bands,
    Base,
    Days,
    Exercise,
    Formula,
    Give,
    Multiple,
    RemedyRule,
    Share,
    Steps,
)
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline import words
from upheld.core.timeline.instant import DAY, format_duration
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Attribute, Compare, Expr, Logic, names_in
from upheld.core.values.value import Money

_OF_THE_LEVEL = frozenset({"level", "shortfall"})
_OF_THE_VALUE = frozenset({"value", "shortfall"})


class Owed(NamedTuple):
    """Two remedies with the measured commitments they follow (None: another kind), and how those compare."""

    before: RemedyRule
    after: RemedyRule
    commits: tuple[CommitRule | None, CommitRule | None]
    of: tuple[Part, ...]
    filing: tuple[Part, ...] = ()
    """How filing a claim compares, for remedies that ask for complaints."""

    @property
    def is_measured_alike(self) -> bool:
        """Whether both look at one value, whatever is promised of it."""
        return all(part.what in ("level", "modality") for part in self.of)


def compare_remedies(owed: Owed, versions: Versions) -> tuple[Part, ...]:
    """The parts in which two remedies differ, those of what they follow included."""
    before, after = owed.before, owed.after
    return (
        *different("of", before.of, after.of),
        *_followed(owed),
        *_value_looked_at(owed),
        *_conditions(owed),
        *_complaints(owed),
        *different("unit", before.unit, after.unit),
        *_amounts(owed),
        *_bases(before, after),
        *_limits(owed, versions),
        *changed("least", give_order(after.least, before.least), _said(before.least), _said(after.least)),
        *_groups(before, after, versions),
        *_payment(before, after),
        *_exercise(before.exercise, after.exercise, versions),
        *ranked("rounded", before.rounding, after.rounding, "down", "half even", "half up", "up"),
    )


def _followed(owed: Owed) -> Iterator[Part]:
    """What the commitment behind it does to it: the more often it is not kept, the more is owed."""
    order = both(part.order for part in owed.of)
    if order != "equal" and not owed.is_measured_alike and not (_falls(owed.before) and _falls(owed.after)):
        order = "incomparable"
    buts = "; ".join(dict.fromkeys(part.but for part in owed.of if part.but))
    more = f" and {len(owed.of) - 1} more" if len(owed.of) > 1 else ""
    said = [f"{part.what} {part.before}{more}" for part in owed.of[:1]]
    said += [f"{part.what} {part.after}{more}" for part in owed.of[:1]]
    yield from changed(f"of {owed.before.of}", order, said[0] if said else "", said[-1] if said else "", buts)


def _value_looked_at(owed: Owed) -> Iterator[Part]:
    """A value that is rounded can be more or less than the exact one; bands tell by themselves which."""
    if _looks_at_value(owed.before) or _looks_at_value(owed.after):
        one, other = owed.commits
        yield from different("value looked at", _as_rounded(one), _as_rounded(other))


def _looks_at_value(remedy: RemedyRule) -> bool:
    form = remedy.amount
    exprs = (remedy.when, form.expr if isinstance(form, Formula) else None)
    named = {name for expr in exprs if expr is not None for name in names_in(expr)}
    return not named.isdisjoint(_OF_THE_VALUE) or (isinstance(form, Steps) and form.of == "shortfall")


def _as_rounded(commit: CommitRule | None) -> str:
    if commit is None or commit.level is None or commit.compare == "exact":
        return "exact"
    return f"rounded to {words.count(commit.level.decimals, 'decimal')}"


def _falls(remedy: RemedyRule) -> bool:
    """Whether less is owed the better the value, however the outages lie."""
    form = remedy.amount
    if any(limit.per == "incident" for limit in remedy.limits) or remedy.when is not None:
        return False
    if isinstance(form, Steps):
        return form.of != "each outage"
    if isinstance(form, Bands):
        bands = sorted(form.bands, key=lambda band: (band.low is not None, band.low or Fraction(0)))
        return all(give_order(a.give, b.give) in ("worse", "equal") for a, b in pairwise(bands))
    return isinstance(form, Multiple) or form is None


def _conditions(owed: Owed) -> Iterator[Part]:
    before, after = owed.before, owed.after
    order: Order = "incomparable"
    if before.when is None and after.when is None:
        order = "equal"
    elif before.when is not None and after.when is not None:
        order = order_by_extent(extent(before.when, after.when), "better")
        if _names_level(before.when, after.when) and any(part.what == "level" for part in owed.of):
            order = "incomparable"
    said = (_in_level(remedy.when, owed, side) for side, remedy in enumerate((before, after)))
    yield from changed("when", order, *said)
    is_more, is_less = _follows(before, after), _follows(after, before)
    often = (
        order_of(is_more and not is_less, is_less and not is_more) if is_more or is_less else "incomparable"
    )
    yield from changed("after", often, _often(before), _often(after))


def _complaints(owed: Owed) -> Iterator[Part]:
    """Which complaints count: the more do, the more is owed if the condition asks for some and no more."""
    order = both(part.order for part in owed.filing)
    if order != "equal" and not (_asks_for_some(owed.before) and _asks_for_some(owed.after)):
        order = "incomparable"
    was = ", ".join(f"{part.what} {part.before}" for part in owed.filing)
    now = ", ".join(f"{part.what} {part.after}" for part in owed.filing)
    yield from changed("complaints that count", order, was, now)


def _asks_for_some(remedy: RemedyRule) -> bool:
    """Whether the condition holds for any number of complaints above one for which it does."""
    parts = remedy.when.operands if isinstance(remedy.when, Logic) else (remedy.when,)
    asking = [part for part in parts if part is not None and "complaints" in names_in(part)]
    in_amount = isinstance(remedy.amount, Formula) and "complaints" in names_in(remedy.amount.expr)
    return not in_amount and all(
        isinstance(part, Compare) and part.op in (">", ">=") and part.left == Attribute("complaints")
        for part in asking
    )


def _follows(one: RemedyRule, other: RemedyRule) -> bool:
    """Whether it was missed often enough for the other whenever it was for the one: this time among them."""
    (k, n), (least, among) = ((r.breaches, r.of_last) if r.of_last else (1, 1) for r in (one, other))
    return least <= (k if among >= n else max(1, k - (n - among)))


def _often(remedy: RemedyRule) -> str:
    return (
        f"{remedy.breaches} of {words.count(remedy.of_last, 'period')}" if remedy.of_last else "each period"
    )


def _in_level(expr: Expr | None, owed: Owed, side: int) -> str:
    """An expression, with the level if it looks at that."""
    if expr is None:
        return "not kept"
    level = next((part for part in owed.of if part.what == "level"), None)
    if level is None or not _names_level(expr):
        return str(expr)
    return f"{expr} (level {(level.before, level.after)[side]})"


def _names_level(*exprs: Expr) -> bool:
    return any(names_in(expr) & _OF_THE_LEVEL for expr in exprs)


# -- amounts -----------------------------------------------------------------------------------------------


def give_order(before: Give | None, after: Give | None) -> Order:
    """More is better; nothing is less than anything; shares, money and days do not compare."""
    if before is None or after is None:
        return order_of(before is None and _size(after) > 0, after is None and _size(before) > 0)
    if type(before) is not type(after) or _currency(before) != _currency(after):
        return "equal" if not _size(before) and not _size(after) else "incomparable"
    return by_size(_size(before), _size(after), lambda a, b: a < b)


def _size(give: Give | None) -> Fraction:
    return Fraction(0) if give is None else size(give)


def _currency(give: Give) -> str:
    return give.currency if isinstance(give, Money) else ""


def _said(give: Give | None) -> str:
    match give:
        case Share(ratio):
            return f"{percent_text(ratio)} %"
        case Days(count):
            return words.count(count, "day")
        case Money(amount, currency):
            return f"{rounded(amount, max(2, minor_digits(currency)), 'half up'):f} {currency}"
    return "nothing"


def _amounts(owed: Owed) -> Iterator[Part]:
    one, other = owed.before.amount, owed.after.amount
    if one is None or other is None:
        if one is not other:
            yield Part("amount", "incomparable", _form(one), _form(other))
    elif isinstance(one, Bands) and isinstance(other, Bands):
        yield from _bands(one, other, owed)
    elif isinstance(one, Steps) and isinstance(other, Steps):
        yield from _steps(one, other)
    elif isinstance(one, Multiple) and isinstance(other, Multiple):
        yield from sized("amount", one.times, other.times)
    elif isinstance(one, Formula) and isinstance(other, Formula):
        is_same = one == other and not (
            _names_level(one.expr) and any(part.what == "level" for part in owed.of)
        )
        said = (_in_level(form.expr, owed, side) for side, form in enumerate((one, other)))
        yield from changed("amount", "equal" if is_same else "incomparable", *said)
    else:
        yield Part("amount", "incomparable", _form(one), _form(other))


def _form(form: object) -> str:
    return "termination" if form is None else type(form).__name__.lower()


def _steps(one: Steps, other: Steps) -> Iterator[Part]:
    yield from different("steps of", one.of, other.of)
    if one.of != other.of:
        return
    of_time = one.of in ("downtime", "each outage", "each day")

    def say(extent: Fraction) -> str:
        return format_duration(int(extent)) if of_time else str(extent)

    yield from sized("each step", one.every, other.every, more="worse", say=say)
    yield from changed("for each step", give_order(one.give, other.give), _said(one.give), _said(other.give))
    yield from ranked("a step begun", one.begun, other.begun, False, True, say=_counts)
    yield from sized("free", one.free, other.free, more="worse", say=say)


def _counts(value: bool) -> str:
    return "counts" if value else "does not count"


def _bands(one: Bands, other: Bands, owed: Owed) -> Iterator[Part]:
    """What is given at every value: at each edge and between each two, one pair holds."""
    of_time = any(c is not None and c.level is not None and c.level.unit == "duration" for c in owed.commits)
    rules = ((one, owed.before, owed.commits[0]), (other, owed.after, owed.commits[1]))
    edges = sorted({edge for form, _, commit in rules for edge in _edges(form, commit)})
    if not edges:
        return
    probes = [(edge, True) for edge in edges] + [((a + b) / 2, False) for a, b in pairwise(edges)]
    probes += [(edges[0] - 1, False), (edges[-1] + (DAY if of_time else 1), False)]
    if not of_time:
        probes = [probe for probe in probes if 0 <= probe[0] <= 1]
    told = []
    for value, is_edge in sorted(probes):
        a, b = (_given(form, remedy, commit, value) for form, remedy, commit in rules)
        told.append((value, is_edge, a, b))
    for (a, b), run in groupby(told, lambda row: (row[2], row[3])):
        found = list(run)
        order = give_order(a, b)
        if order != "equal":
            where = _range([(value, is_edge) for value, is_edge, *_ in found], edges, of_time)
            yield Part(f"amount {where}", order, _said(a), _said(b))


def _edges(form: Bands, commit: CommitRule | None) -> Iterator[Fraction]:
    """Where what is given can change, in values before they are rounded."""
    level = None if commit is None else commit.level
    found = [edge for band in form.bands for edge in (band.low, band.high) if edge is not None]
    found += [] if level is None else [level.value]
    yield from found
    if commit is not None and level is not None and commit.compare == "half up" and level.unit == "ratio":
        unit = Fraction(1, 10 ** (level.decimals + 2))
        for edge in found:
            for number in ((edge / unit).__ceil__(), (edge / unit).__floor__() + 1):
                yield (number - Fraction(1, 2)) * unit
    if level is None or level.unit == "ratio":
        yield from (Fraction(0), Fraction(1))


def _given(form: Bands, remedy: RemedyRule, commit: CommitRule | None, value: Fraction) -> Give | None:
    """What is given at a value; nothing where the commitment is kept and no other condition is named."""
    level = None if commit is None else commit.level
    if commit is not None and level is not None:
        if remedy.when is None and reaches(level, value, commit.compare):
            return None
        if commit.compare == "half up" and level.unit == "ratio":
            value = Fraction(rounded(value, level.decimals + 2, "half up"))
    elif commit is not None and remedy.when is None:
        return None
    return next((band.give for band in form.bands if band.holds(value)), None)


def _range(probes: list[tuple[Fraction, bool]], edges: list[Fraction], of_time: bool) -> str:
    """The values for which a pair holds, as a band is written."""
    (first, is_low_in), (last, is_high_in) = probes[0], probes[-1]
    low = first if is_low_in else max((edge for edge in edges if edge < first), default=None)
    high = last if is_high_in else min((edge for edge in edges if edge > last), default=None)
    if low is not None and low == high:
        return f"at {format_duration(int(low)) if of_time else f'{percent_text(low)} %'}"
    return f"for {band_text(Band(low, high, is_low_in, is_high_in, Share(Fraction(0))), of_time=of_time)}"


# -- base, limits, payment ---------------------------------------------------------------------------------


def _bases(before: RemedyRule, after: RemedyRule) -> Iterator[Part]:
    one, other = before.base, after.base
    order: Order = "equal" if one == other else "incomparable"
    alike = [(base.kind, base.yearly, base.invoiced_in_part) for base in (one, other)]
    if one.kind == "fee" and alike[0] == alike[1]:
        a, b = set(one.fees), set(other.fees)
        if a <= b or b <= a:
            order = order_of(a < b, b < a)
    yield from changed("base", order, _base(one), _base(other))


def _base(base: Base) -> str:
    fees = ", ".join(f"{name} (a year)" if name in base.yearly else name for name in base.fees)
    in_part = ", the invoice for a part of a period" if base.invoiced_in_part else ""
    return f"{base.kind} {fees}{in_part}".rstrip()


def _limits(owed: Owed, versions: Versions) -> Iterator[Part]:
    """A limit that no credit can come to is as none."""
    sides = (owed.before, owed.commits[0], versions.before), (owed.after, owed.commits[1], versions.after)
    for per in dict.fromkeys(limit.per for remedy, *_ in sides for limit in remedy.limits):
        limits = [next((one for one in remedy.limits if one.per == per), None) for remedy, *_ in sides]
        a, b = (
            None
            if limit is None or (commit is not None and is_out_of_reach(limit, remedy, commit, terms))
            else limit.most
            for limit, (remedy, commit, terms) in zip(limits, sides, strict=True)
        )
        if (a is None and b is None) or (limits[0] == limits[1]):
            continue
        order = order_of(b is None, a is None) if a is None or b is None else give_order(a, b)
        said = ("none" if limit is None else _said(limit.most) for limit in limits)
        yield from changed(f"limit per {per}", order, *said)


def _groups(before: RemedyRule, after: RemedyRule, versions: Versions) -> Iterator[Part]:
    members = [
        tuple(r.name for r in terms.remedies if r.group and r.group == remedy.group)
        for remedy, terms in ((before, versions.before), (after, versions.after))
    ]
    yield from different("combined with", members[0], members[1], lambda names: ", ".join(names) or "nothing")
    yield from ranked("combined by", before.combine, after.combine, "first", "max", "sum")


def _payment(before: RemedyRule, after: RemedyRule) -> Iterator[Part]:
    one, other = before.pay, after.pay
    yield from sized("instalments", one.instalments, other.instalments, more="worse")
    yield from different("paid from", one.starts, other.starts)
    yield from different(
        "instalments of", one.of_each, other.of_each, lambda each: "each invoice" if each else "the base"
    )
    yield from sized(
        "invoice floor", one.floor, other.floor, more="worse", say=lambda v: f"{percent_text(v)} %"
    )
    yield from ranked(
        "several credits", one.one_at_a_time, other.one_at_a_time, True, False,
        say=lambda value: "one at a time" if value else "add up",
    )  # fmt: skip
    yield from ranked("after the end", one.after_end, other.after_end, "lost", "paid out")


def _exercise(one: Exercise, other: Exercise, versions: Versions) -> Iterator[Part]:
    """A right that lasts longer, or that ends the contract sooner, is better."""
    within = one.within, other.within
    on = one.within_on, other.within_on
    yield from changed("exercised within", _longer(within, on, versions), *_amounts_on(within, on, "without"))
    notice = one.notice, other.notice
    on = one.notice_on, other.notice_on
    order: Order = order_of(other.notice is None, one.notice is None)
    if one.notice is not None and other.notice is not None:
        order = flipped(_longer(notice, on, versions))
    elif one.notice is other.notice:
        order = "equal"
    yield from changed("notice", order, *_amounts_on(notice, on, "none"))
    yield from ranked("ends with the", one.ends, other.ends, "month", "day")


def _longer(amounts: tuple[Amount | None, Amount | None], on: tuple[str, str], versions: Versions) -> Order:
    """The order of two amounts of which the longer one is better; None is without end."""
    before, after = amounts
    if before is None or after is None:
        return "equal" if before is after else order_of(after is None, before is None)
    sides = Budget(before, versions.calendar(on[0], 0)), Budget(after, versions.calendar(on[1], 1))
    return flipped(versions.lateness(*sides, False).order)


def _amounts_on(
    amounts: tuple[Amount | None, Amount | None], on: tuple[str, str], nothing: str
) -> Iterator[str]:
    for amount, calendar in zip(amounts, on, strict=True):
        counted = "" if calendar == "always" else f" on {calendar}"
        yield nothing if amount is None else f"{amount}{counted}"
