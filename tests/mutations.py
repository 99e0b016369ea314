"""Seeded edits of agreements, one at a time: what an author, or a typing error, might change.

Each operator changes one thing in the tree of an agreement file as the table of the language knows it. An
edit may leave the agreement broken (then a finding must say so), change its meaning, or change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from upheld.language.choice_point import consulted_by
from upheld.language.concepts import AGREEMENT, concept
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.table import Concept, Field

Path = tuple[str | int, ...]
_CONCEPTS = {one.name for one in AGREEMENT}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(\s*)(business days?|bd|days?|months?|min|h|m|d|s)\b")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNITS = {
    "h": "m", "m": "h", "min": "h", "d": "h", "s": "m", "bd": "d", "day": "business days",
    "days": "business days", "business day": "days", "business days": "days", "month": "days",
    "months": "days",
}  # fmt: skip
_ZONES = ("UTC", "Europe/Amsterdam", "Asia/Tokyo", "America/New_York")
_EVENTS = (
    "opened",
    "answered",
    "replied",
    "resolved",
    "declared",
    "informed",
    "began",
    "announced",
    "determined",
)
_PERIODS = ("calendar month", "calendar quarter", "calendar year", "contract year")
_OPERATORS = (
    (" and ", " or "),
    (" or ", " and "),
    (">=", ">"),
    ("<=", "<"),
    (" = ", " != "),
    (" in ", " not in "),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A value of the tree: its path, and the concept and field it belongs to (None for a whole row)."""

    path: Path
    node: Node
    concept: Concept | None = None
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Mutation:
    """One edit: which operator made it, where, what stood there and what does now, and the edited tree."""

    operator: str
    path: Path
    before: str
    after: str
    tree: Mapping

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{self.operator} at {where}: {self.before} -> {self.after}"


Change = Callable[[Site, "Random", "list[Site]"], Node | None]


def mutate(tree: Mapping, random: Random) -> Mutation:
    """One edit of a tree: an operator drawn among those that apply, at a site drawn among its own."""
    sites = list(_sites(tree, ()))
    for name in random.sample(list(OPERATORS), len(OPERATORS)):
        found = _try(name, tree, sites, random)
        if found is not None:
            return found
    raise AssertionError("something can be changed in every agreement")


def every_operator(tree: Mapping, random: Random) -> Iterator[Mutation]:
    """One edit by each operator that applies."""
    sites = list(_sites(tree, ()))
    for name in OPERATORS:
        found = _try(name, tree, sites, random)
        if found is not None:
            yield found


def _try(name: str, tree: Mapping, sites: list[Site], random: Random) -> Mutation | None:
    applies, change = OPERATORS[name]
    fitting = [site for site in sites if applies(site)]
    for site in random.sample(fitting, len(fitting)):
        if change is None:
            edited, after = _without(tree, site.path), "nothing"
        else:
            node = change(site, random, sites)
            if node is None or node == site.node:
                continue
            edited, after = _with(tree, site.path, node), shown(node)
        assert isinstance(edited, Mapping)
        return Mutation(name, site.path, shown(site.node), after, edited)
    return None


# -- the tree ----------------------------------------------------------------------------------------------


def _sites(layer: Mapping, path: Path) -> Iterator[Site]:
    for key, section in layer.entries:
        if key.text == "plan" and not path and isinstance(section, Mapping):
            for plan, over in section.entries:
                if isinstance(over, Mapping):
                    yield from _sites(over, ("plan", plan.text))
        elif key.text in _CONCEPTS and isinstance(section, Mapping):
            known = concept(key.text)
            here = (*path, key.text)
            for name, row in section.entries if known.named else [(key, section)]:
                at = (*here, name.text) if known.named else here
                yield Site(at, row, known)
                yield from _fields(row, known, at)


def _fields(row: Node, known: Concept, path: Path) -> Iterator[Site]:
    if isinstance(row, Scalar) and known.short:
        yield Site(path, row, known, known.field(known.short))
    if not isinstance(row, Mapping):
        return
    if consulted_by(row):
        return
    for key, value in row.entries:
        field = known.field(key.text)
        if field is not None:
            yield from _values(value, known, field, (*path, key.text))


def _values(node: Node, known: Concept, field: Field, path: Path) -> Iterator[Site]:
    yield Site(path, node, known, field)
    if isinstance(node, Mapping):
        for key, child in node.entries:
            yield from _values(child, known, field, (*path, key.text))
    elif isinstance(node, Sequence):
        for i, child in enumerate(node.items):
            yield from _values(child, known, field, (*path, i))


def _with(node: Node, path: Path, new: Node) -> Node:
    if not path:
        return new
    step, *rest = path
    if isinstance(node, Sequence):
        items = [_with(item, tuple(rest), new) if i == step else item for i, item in enumerate(node.items)]
        return Sequence(tuple(items), node.place)
    assert isinstance(node, Mapping)
    entries = [(k, _with(c, tuple(rest), new) if k.text == step else c) for k, c in node.entries]
    return Mapping(tuple(entries), node.place)


def _without(node: Node, path: Path) -> Node:
    step, *rest = path
    if isinstance(node, Sequence):
        if not rest:
            return Sequence(tuple(item for i, item in enumerate(node.items) if i != step), node.place)
        items = [_without(item, tuple(rest)) if i == step else item for i, item in enumerate(node.items)]
        return Sequence(tuple(items), node.place)
    assert isinstance(node, Mapping)
    if not rest:
        return Mapping(tuple((k, c) for k, c in node.entries if k.text != step), node.place)
    entries = [(k, _without(c, tuple(rest)) if k.text == step else c) for k, c in node.entries]
    return Mapping(tuple(entries), node.place)


def shown(node: Node) -> str:
    """A node in one line."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return f"[{', '.join(map(shown, node.items))}]"
    return f"{{{', '.join(f'{key.text}: {shown(child)}' for key, child in node.entries)}}}"


def _text(site: Site, text: str) -> Scalar:
    return Scalar(text, site.node.place, isinstance(site.node, Scalar) and site.node.quoted)


# -- which sites -------------------------------------------------------------------------------------------


def _row_of(*names: str) -> Callable[[Site], bool]:
    return lambda site: site.field is None and site.concept is not None and site.concept.name in names


def _kinds(*kinds: str) -> Callable[[Site], bool]:
    return lambda site: site.field is not None and site.field.kind in kinds and isinstance(site.node, Scalar)


def _named(*names: str) -> Callable[[Site], bool]:
    return lambda site: site.field is not None and site.field.name in names and isinstance(site.node, Scalar)


def _whole_field(site: Site) -> bool:
    return site.field is not None and site.path[-1] == site.field.name and not site.field.required


def _in_a_plan(site: Site) -> bool:
    return site.field is None and site.path[0] == "plan"


def _item(site: Site) -> bool:
    return isinstance(site.path[-1], int)


def _band(site: Site) -> bool:
    return _map_of("bands")(site)


# -- what becomes of them ----------------------------------------------------------------------------------


def _scaled(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Scalar)
    return _replaced(site, _NUMBER, random, lambda n: str(max(1, int(float(n) * random.choice((2, 3)))))
                     if random.random() < 0.5 else str(max(1, int(float(n)) - 1)))  # fmt: skip


def _replaced(site: Site, what: re.Pattern[str], random: Random, new: Callable[[str], str]) -> Node | None:
    assert isinstance(site.node, Scalar)
    found = list(what.finditer(site.node.text))
    if not found:
        return None
    one = random.choice(found)
    return _text(site, site.node.text[: one.start()] + new(one[0]) + site.node.text[one.end() :])


def _other_unit(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Scalar)
    match = _AMOUNT.search(site.node.text)
    if match is None or match[3] not in _UNITS:
        return None
    unit = _UNITS[match[3]]
    gap = " " if len(unit) > 1 else ""
    return _text(
        site, f"{site.node.text[: match.start()]}{match[1]}{gap}{unit}{site.node.text[match.end() :]}"
    )


def _other_number(site: Site, random: Random, sites: list[Site]) -> Node | None:
    def moved(number: str) -> str:
        places = len(number.partition(".")[2])
        step = random.choice((1, -1)) / 10**places
        return f"{max(0.0, float(number) + step):.{places}f}"

    return _replaced(site, _NUMBER, random, moved)


def _relation(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Scalar)
    for one, other in ((">=", ">"), ("<=", "<"), (">", ">="), ("<", "<=")):
        if site.node.text.startswith(one):
            return _text(site, other + site.node.text[len(one) :])
    return None


def _operator(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Scalar)
    for one, other in random.sample(_OPERATORS, len(_OPERATORS)):
        if one in site.node.text:
            return _text(site, site.node.text.replace(one, other, 1))
    return None


def _bound(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Mapping)
    swaps = {"[": "(", "(": "[", ")": "]", "]": ")"}
    entries = list(site.node.entries)
    i = random.randrange(len(entries))
    text = entries[i][0].text
    if text[0] in swaps:
        text = random.choice((swaps[text[0]] + text[1:], text[:-1] + swaps[text[-1]]))
    else:
        text = text.replace("<=", "<", 1) if "<=" in text else text.replace("<", "<=", 1)
    entries[i] = (Scalar(text, entries[i][0].place, True), entries[i][1])
    return Mapping(tuple(entries), site.node.place)


def _edge(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Mapping)
    entries = list(site.node.entries)
    i = random.randrange(len(entries))
    key = entries[i][0]
    moved = _other_number(Site(site.path, key), random, sites)
    if moved is None:
        return None
    assert isinstance(moved, Scalar)
    entries[i] = (moved, entries[i][1])
    return Mapping(tuple(entries), site.node.place)


def _window(site: Site, random: Random, sites: list[Site]) -> Node | None:
    """An hour more at the end, or at the beginning."""

    def wider(window: str) -> str:
        start, end = (int(part.partition(":")[0]) for part in window.split("-"))
        if random.random() < 0.5 and start > 0:
            return f"{start - 1:02}{window[2:]}"
        return f"{window[:6]}{min(24, end + 1):02}:00"

    return _replaced(site, re.compile(r"\d\d:\d\d-\d\d:\d\d"), random, wider)


def _later(site: Site, random: Random, sites: list[Site]) -> Node | None:
    """The same hours, an hour later."""

    def later(window: str) -> str:
        start, end = (int(part.partition(":")[0]) for part in window.split("-"))
        return window if end >= 24 else f"{start + 1:02}{window[2:6]}{end + 1:02}{window[8:]}"

    return _replaced(site, re.compile(r"\d\d:\d\d-\d\d:\d\d"), random, later)


def _weekday(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert isinstance(site.node, Scalar)
    for one, other in (("Mon-Fri", "Mon-Thu"), ("Mon-Sun", "Mon-Fri"), ("Sun", "Sat"), ("Sat", "Sun")):
        if one in site.node.text:
            return _text(site, site.node.text.replace(one, other, 1))
    return None


def _another(words: tuple[str, ...]) -> Change:
    return lambda site, random, sites: _text(site, random.choice([w for w in words if w != _of(site)]))


def _of(site: Site) -> str:
    return site.node.text if isinstance(site.node, Scalar) else ""


def _choice(site: Site, random: Random, sites: list[Site]) -> Node | None:
    assert site.field is not None
    others = [word for word in site.field.choices if word != _of(site)]
    return _text(site, random.choice(others)) if others else None


def _reading(site: Site, random: Random, sites: list[Site]) -> Node | None:
    row = site.path[:-1]
    options = next((other.node for other in sites if other.path == (*row, "options")), None)
    if not isinstance(options, Sequence):
        return None
    named_only = next((shown(other.node) for other in sites if other.path == (*row, "named only")), "")
    others = [item for item in options.items if shown(item) != _of(site) and shown(item) not in named_only]
    return random.choice(others) if others else None


def _reference(site: Site, random: Random, sites: list[Site]) -> Node | None:
    """Another row of the same concept, or none that there is."""
    assert site.field is not None
    of = {"indicator": "indicator", "signal": "signal"}.get(site.field.name, "calendar")
    if site.field.kind == "measure":
        return _text(site, f"{_of(site).partition(' of ')[0]} of another")
    names = [str(other.path[-1]) for other in sites if _row_of(of)(other)]
    if of == "calendar":
        names.append("always")
    others = [name for name in names if name != _of(site)]
    return _text(site, random.choice([*others, f"{_of(site)}x"]))


def _swapped(site: Site, random: Random, sites: list[Site]) -> Node | None:
    """Two values of a decision exchanged."""
    if not isinstance(site.node, Mapping) or len(site.node.entries) < 2:
        return None
    entries = list(site.node.entries)
    i, j = random.sample(range(len(entries)), 2)
    (a, one), (b, other) = entries[i], entries[j]
    entries[i], entries[j] = (a, other), (b, one)
    return Mapping(tuple(entries), site.node.place)


def _map_of(*kinds: str) -> Callable[[Site], bool]:
    return lambda site: (
        site.field is not None and site.field.kind in kinds and isinstance(site.node, Mapping)
        and not consulted_by(site.node)
    )  # fmt: skip


_SPANS = ("target", "amount", "length")
OPERATORS: dict[str, tuple[Callable[[Site], bool], Change | None]] = {
    "drop a calendar": (_row_of("calendar"), None),
    "drop an exclusion": (_row_of("exclude"), None),
    "drop a commitment": (
        _row_of("deadline", "every", "quota", "obligation", "entitlement", "commit", "remedy"),
        None,
    ),
    "drop a row of a plan": (_in_a_plan, None),
    "drop a component or signal": (_row_of("component", "signal", "indicator"), None),
    "drop a field": (_whole_field, None),
    "drop an item": (_item, None),
    "change a target": (_kinds(*_SPANS), _scaled),
    "change a unit": (_kinds(*_SPANS, "instant"), _other_unit),
    "change a level": (_kinds("level"), _other_number),
    "swap the relation of a level": (_kinds("level"), _relation),
    "swap a bound of a band": (_band, _bound),
    "shift a band": (_band, _edge),
    "change what a band gives": (_kinds("bands", "give", "limits", "ratio"), _scaled),
    "swap two decisions": (_map_of("target", "bands", "calendar tree"), _swapped),
    "widen a window": (_kinds("hours"), _window),
    "open later": (_kinds("hours"), _later),
    "change the days": (_kinds("hours"), _weekday),
    "change a zone": (_kinds("zone"), _another(_ZONES)),
    "change a count": (_kinds("count", "number"), _scaled),
    "change a period": (_kinds("period"), _another(_PERIODS)),
    "change a choice": (_kinds("choice", "choices"), _choice),
    "change an operator": (_kinds("expression", "instant", "quantity", "slices"), _operator),
    "change a number of a condition": (_kinds("expression", "instant", "quantity", "slices"), _other_number),
    "change an event": (_kinds("event"), _another(_EVENTS)),
    "take another reading": (_named("take"), _reading),
    "rename a reference": (_kinds("calendar", "calendar tree", "measure"), _reference),
    "change the notice": (_named("notice"), _scaled),
}
"""Every operator: to which sites it applies, and what it makes of one (None: it is dropped)."""
