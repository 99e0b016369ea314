"""What is measured: components and their ties, signals, indicators, each from its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, NamedTuple, get_args

from upheld.core.terms.indicator import (
    Across,
    Basis,
    Combine,
    Component,
    Indicator,
    Signal,
    SignalKind,
    SliceRule,
    Tie,
)
from upheld.core.timeline import words
from upheld.core.values.rule import Citation
from upheld.core.values.value import Type, choice
from upheld.language.concepts import Field, part
from upheld.language.concepts_of_measuring import BASES
from upheld.language.names import OBSERVED, SLICED
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.quantities import number
from upheld.language.report import inside
from upheld.language.rows import Row, entries, read_row, read_values, scalar
from upheld.language.suggestion import did_you_mean
from upheld.language.vocabulary import Context

KINDS: tuple[SignalKind, ...] = get_args(SignalKind)
OBSERVING = frozenset({"checks", "counts", "states", "latency"})
"""The bases that are made of observations; the others are made of facts."""
_TIES: tuple[Tie, ...] = ("all", "any", "each")
_COMBINES: tuple[Combine, ...] = ("bad time", "ratio of sums", "mean of ratios")
_FITTING: Mapping[str, tuple[Combine, ...]] = {
    "checks": _COMBINES,
    "counts": _COMBINES,
    "states": ("bad time",),
    "incidents": ("bad time",),
    "outcomes": ("ratio of sums",),
    "latency": ("percentile",),
}
_ACROSS: tuple[Across, ...] = ("each", "worst", "mean", "weighted", "pooled")
_ONLY: Mapping[str, tuple[str, frozenset[str]]] = {
    "signal": ("observations", OBSERVING),
    "where": ("incidents and outcomes", frozenset({"incidents", "outcomes"})),
    "per": ("time", frozenset({"checks", "counts", "states", "incidents"})),
    "lone": ("time", frozenset({"checks", "counts", "states", "incidents"})),
    "counted by": ("outcomes", frozenset({"outcomes"})),
}
"""Fields of an indicator that say something only of some bases."""


class Measure(NamedTuple):
    """What `count` says."""

    basis: Basis
    of: str


class Combining(NamedTuple):
    """What `combine` says."""

    combine: Combine
    percentile: Fraction | None = None


def names_of_signal(row: Row) -> dict[str, Type]:
    """What `good` and `degraded` know."""
    kind = next((kind for kind in KINDS if kind in row.nodes), "checks")
    known = OBSERVED[kind] or OBSERVED["checks"]  # of counts it is told that they know none
    return {name: type_ for name, (type_, _) in known.items()}


# -- components and signals --------------------------------------------------------------------------------


def component(row: Row, values: dict[str, Any], cited: Citation, cx: Context) -> Component:
    """A part, or a tie of parts; what does not go together is told."""
    given = [name for name in (*_TIES, "at least") if name in row.nodes]
    if len(given) > 1:
        message = f"`{given[0]}` and `{given[1]}` do not go together in `{row.name}`"
        way_out = "tie the parts in one way; name a tie of its own for the other"
        cx.report.error("too-many-forms", message, row.place_of(given[1]), way_out, row.place_of(given[0]))
    field: str = given[0] if given else ""
    if field == "at least" or "of" in row.nodes:
        _tell_at_least(row, values, cx)
        field = "of"
    parts: tuple[str, ...] = values.get(field) or ()
    if field:
        cx.rows("component", row, field)
    from_on, until_on = values.get("from"), values.get("until")
    if from_on and until_on and until_on <= from_on:
        message = f"`{row.name}` ends on {until_on}, which is not after its beginning on {from_on}"
        way_out = "`until` is the first day on which it no longer exists"
        cx.report.error("wrong-order", message, row.place_of("until"), way_out, row.place_of("from"))
    tie: Tie | None = "at least" if field == "of" else next((tie for tie in _TIES if tie == field), None)
    return Component(
        name=row.name,
        tie=tie,
        parts=parts,
        at_least=values.get("at least") or 0,
        from_on=from_on,
        until_on=until_on,
        doc=values.get("doc") or "",
        cited=cited,
    )


def _tell_at_least(row: Row, values: dict[str, Any], cx: Context) -> None:
    for name, other in (("at least", "of"), ("of", "at least")):
        if name in row.nodes and other not in row.nodes and other not in row.broken:
            message = f"`{name}` needs `{other}` in `{row.name}`"
            way_out = "write it as {at least: 2, of: [a, b, c]}"
            cx.report.error("missing-field", message, row.place_of(name), way_out)
    count, parts = values.get("at least"), values.get("of") or ()
    if count is not None and parts and not row.broken and not 1 <= count <= len(parts):
        message = f"{count} of {words.count(len(parts), 'part')} cannot be good"
        cx.report.error("bad-number", message, row.place_of("at least"), f"write 1 to {len(parts)}")


_COUNTED = "counts bring `good` and `total`; leave it out"
_WITHOUT: Final = {
    ("good", "counts"): _COUNTED,
    ("degraded", "counts"): _COUNTED,
    ("every", "counts"): "nobody can tell how much a count that is missing would have held; leave it out",
}


def signal(row: Row, values: dict[str, Any], cited: Citation, cx: Context) -> Signal | None:
    """A stream of observations."""
    kind = next((kind for kind in KINDS if kind in row.nodes), None)
    if "of" in row.nodes:
        cx.rows("component", row, "of")
    elif "of" not in row.broken:
        way_out = f"say which component it observes: `of: …`, or declare a component `{row.name}`"
        cx.row("component", row.name, row.place, way_out)
    for name, only in (
        ("good", ("checks", "states")),
        ("degraded", ("checks", "states")),
        ("max age", ("states",)),
        ("every", ("checks", "states")),
    ):
        if kind and name in row.nodes and kind not in only:
            message = f"`{name}` is for {' and '.join(only)}, and `{row.name}` is {kind}"
            way_out = _WITHOUT.get((name, kind), "leave it out")
            cx.report.error("too-many-forms", message, row.place_of(name), way_out, row.place_of(kind))
    if kind is None:
        return None
    return Signal(
        name=row.name,
        kind=kind,
        of=values.get("of") or (row.name,),
        good=values.get("good"),
        degraded=values.get("degraded"),
        every_us=values.get("every"),
        max_age_us=values.get("max age"),
        what=values.get(kind) or "",
        doc=values.get("doc") or "",
        cited=cited,
    )


# -- the texts of an indicator -----------------------------------------------------------------------------


def measure_text(node: Node | None) -> Measure | None:
    """What `count` says, without telling anything."""
    if not isinstance(node, Scalar):
        return None
    basis, of, name = (piece.strip() for piece in node.text.partition(" of "))
    found = next((one for one in get_args(Basis) if one == basis), None)
    return Measure(found, name) if found and of and name else None


def measure(known: Field, node: Node, cx: Context) -> Measure | None:
    """`checks of api`, `outcomes of response`."""
    text = scalar(known, node, cx.report)
    if text is None:
        return None
    match = re.fullmatch(r"(\S+)(?:\s+of\s+(.+))?", text.text.strip(), re.DOTALL)
    if match is None:
        message = f"`{text.text}` does not say what is counted of what"
        cx.report.error("bad-measure", message, inside(text, 0), "write it as `checks of api`")
        return None
    basis, name = match.groups()
    if basis not in BASES:
        way_out = did_you_mean(basis, BASES) or f"what is counted is {', '.join(BASES)}"
        cx.report.error("bad-measure", f"`{basis}` cannot be counted", inside(text, 0), way_out)
        return None
    if name is None:
        way_out = f"write `{basis} of NAME`"
        cx.report.error("bad-measure", f"`{basis}` of what is not said", inside(text, 0), way_out)
        return None
    found = measure_text(text)
    place = inside(text, text.text.index(name, len(basis)))
    if found is None:
        return None
    if found.basis == "outcomes":
        cx.row("clock", name, place, "name a row of `deadline` or `every`")
    else:
        cx.row("component", name, place)
    return found


def combining(known: Field, node: Node, cx: Context) -> Combining | None:
    """`bad time`, `percentile 99.9`."""
    text = scalar(known, node, cx.report)
    if text is None:
        return None
    if match := re.fullmatch(r"percentile\s+(\d+(?:\.\d+)?)", text.text, re.ASCII):
        share = Fraction(match[1]) / 100
        if 0 < share <= 1:
            return Combining("percentile", share)
        message = f"there is no percentile {match[1]}"
        cx.report.error("bad-number", message, inside(text, match.start(1)), "write more than 0, up to 100")
        return None
    combine = next((one for one in _COMBINES if one == text.text), None)
    if combine is None:
        words = (*_COMBINES, "percentile 95")
        way_out = did_you_mean(text.text, words) or f"it is one of {', '.join(words)}"
        cx.report.error("unknown-choice", f"`{known.name}` cannot be `{text.text}`", inside(text, 0), way_out)
        return None
    return Combining(combine)


def across(known: Field, node: Node, cx: Context) -> tuple[Across, int] | None:
    """`each`, `worst`, `at least 2`."""
    text = scalar(known, node, cx.report)
    if text is None:
        return None
    if match := re.fullmatch(r"at least\s+(\d{1,4})", text.text, re.ASCII):
        return "at least", int(match[1])
    found = next((one for one in _ACROSS if one == text.text), None)
    if found is None:
        words = (*_ACROSS, "at least 2")
        way_out = did_you_mean(text.text, words) or f"it is one of {', '.join(words)}"
        cx.report.error("unknown-choice", f"`{known.name}` cannot be `{text.text}`", inside(text, 0), way_out)
        return None
    return found, 0


def weights(known: Field, node: Node, cx: Context) -> dict[str, Fraction]:
    """Numbers by component."""
    found: dict[str, Fraction] = {}
    for key, child in entries(known, node, cx.report):
        cx.row("component", key.text, key.place)
        weight = number(known, child, cx.report)
        if weight is not None:
            found[key.text] = weight
    return found


def slices(known: Field, node: Node, cx: Context) -> SliceRule | None:
    """How time is cut and each slice judged."""
    row = read_row(part("slices"), Scalar(known.name, node.place), node, cx.report)
    names, cx.names = cx.names, names_of_slice(cx)
    values = read_values(row, cx.readers, cx.report)
    cx.names = names
    for name in ("run", "minimum"):
        if values.get(name) == 0 and name not in row.broken:
            cx.report.error("bad-number", f"`{name}` cannot be 0", row.place_of(name), "write 1 or more")
    if not values.get("slice"):
        return None
    return SliceRule(
        slice_us=values["slice"],
        good_when=values.get("good when"),
        run=values.get("run") or 1,
        same_part=values.get("run in") == "same part",
        minimum=values.get("minimum") or 1,
        partly=values.get("partly excluded") or "judged on the rest",
        cut_at_period=values.get("at period end") == "cut",
    )


def names_of_slice(cx: Context) -> dict[str, Type]:
    """What `good when` knows: the counts of the slice, and which component is judged."""
    found = {name: type_ for name, (type_, _) in SLICED.items()}
    return found | {"component": choice(*cx.vocabulary.named.get("component", ()))}


# -- indicators --------------------------------------------------------------------------------------------


def indicator(row: Row, values: dict[str, Any], cited: Citation, cx: Context) -> Indicator | None:
    """The definition of what is measured; stages that do not go together are told."""
    count: Measure | None = values.get("count")
    if count is None:
        return None
    combine = _combine(row, values.get("combine"), count, cx)
    over: tuple[Across, int] = values.get("across") or ("each", 0)
    _tell_stages(row, values, count, combine, cx)
    if over[0] == "weighted" and "weights" not in row.nodes and "weights" not in row.broken:
        way_out = "add `weights: {NAME: 2, OTHER: 1}`"
        message = f"`{row.name}` weighs its components, and no weights are given"
        cx.report.error("weights-missing", message, row.place_of("across"), way_out)
    elif over[0] != "weighted" and "weights" in row.nodes and "across" not in row.broken:
        way_out = "say `across: weighted`, or leave them out"
        cx.report.error("too-many-forms", "nothing is weighted here", row.place_of("weights"), way_out)
    if over == ("at least", 0):
        message = "at least 0 are always good"
        cx.report.error("bad-number", message, row.place_of("across"), "write at least 1 or more")
    if "signal" in row.nodes:
        cx.rows("signal", row, "signal")
    return Indicator(
        name=row.name,
        basis=count.basis,
        of=count.of,
        signal=values.get("signal") or "",
        where=values.get("where"),
        per=values.get("per"),
        combine=combine.combine,
        percentile=combine.percentile,
        across=over[0],
        at_least=over[1],
        weights=values.get("weights") or {},
        on=values.get("on") or "always",
        whole=values.get("total") == "whole period",
        gaps=values.get("gaps") or "unknown",
        lone=values.get("lone") or "degraded",
        unattributed=values.get("unattributed") or "counts",
        counted_at=values.get("counted by") or "start",
        empty_met=values.get("empty") != "undetermined",
        doc=values.get("doc") or "",
        cited=cited,
    )


def _combine(row: Row, said: Combining | None, count: Measure, cx: Context) -> Combining:
    fitting = _FITTING[count.basis]
    if said is None:
        if count.basis == "latency" and "combine" not in row.broken:
            way_out = "add `combine: percentile 95`"
            message = f"latencies become one value by a percentile: `{row.name}`"
            cx.report.error("missing-field", message, row.place_of("count"), way_out)
        return Combining(fitting[0])
    if said.combine not in fitting:
        what = "a percentile" if said.combine == "percentile" else f"`{said.combine}`"
        message = f"{what} cannot be made of {count.basis}"
        words = " or ".join(f"`{one} 95`" if one == "percentile" else f"`{one}`" for one in fitting)
        way_out = f"{count.basis} are combined by {words}"
        if said.combine == "percentile":
            way_out += f"; a percentile is one of `latency of {count.of}`"
        cx.report.error("combine-mismatch", message, row.place_of("combine"), way_out, row.place_of("count"))
    return said


def _tell_stages(row: Row, values: dict[str, Any], count: Measure, combine: Combining, cx: Context) -> None:
    for name, (what, only) in _ONLY.items():
        if name in row.nodes and count.basis not in only:
            message = f"`{name}` is about {what}, and `{row.name}` counts {count.basis}"
            cx.report.error(
                "too-many-forms", message, row.place_of(name), "leave it out", row.place_of("count")
            )
    is_counted = count.basis in ("checks", "counts")
    if is_counted and "per" not in row.nodes and "per" not in row.broken:
        message = f"`{row.name}` does not say how time is cut"
        way_out = "add `per: {slice: 5m}`, with `good when` where not every observation must be good"
        cx.report.error("missing-field", message, row.place_of("count"), way_out)
    rule: SliceRule | None = values.get("per")
    if rule is None or "per" in row.broken:
        return
    per = row.node("per")
    node = per.key("good when") if isinstance(per, MapNode) else None
    if rule.good_when is not None and node is not None:
        if not is_counted:
            message = f"a slice has `good` and `total` of checks and counts, not of {count.basis}"
            cx.report.error("too-many-forms", message, node.place, "leave it out", row.place_of("count"))
        elif combine.combine != "bad time":
            message = f"no slice is judged where `combine` is `{combine.combine}`"
            way_out = "leave it out, or combine by `bad time`"
            cx.report.error("too-many-forms", message, node.place, way_out, row.place_of("combine"))


def reached(of: str, components: Mapping[str, Component]) -> Iterator[Component]:
    """A component and everything it is tied of, each once."""
    seen: set[str] = set()
    waiting = [of]
    for name in waiting:  # which grows
        if name in components and name not in seen:
            seen.add(name)
            yield components[name]
            waiting += components[name].parts
