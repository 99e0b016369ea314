"""What does not count, from its row."""

from __future__ import annotations

from typing import Any

from upheld.core.terms.indicator import Exclusion, Source
from upheld.core.values.rule import Citation
from upheld.core.values.value import Type
from upheld.language.names import EXCLUDED, OF_A_CONTRACT
from upheld.language.node import Scalar
from upheld.language.rows import Row
from upheld.language.vocabulary import Context

_BAD_ONLY = frozenset({"attribution", "incident"})


def names_of_exclusion(row: Row, cx: Context) -> dict[str, Type]:
    """What `where` and `announced by` know, by what is excluded."""
    of = row.node("of")
    known = EXCLUDED.get(of.text) if isinstance(of, Scalar) else None
    if known is None:
        return cx.vocabulary.types(cx.of)
    types = cx.vocabulary.types("ticket")
    return {name: type_ for name, (type_, _) in known.items()} | {
        name: types.get(name, type_) for name, type_ in OF_A_CONTRACT.items()
    }


def exclusion(row: Row, values: dict[str, Any], cited: Citation, cx: Context) -> Exclusion | None:
    """Stretches of time, or items, that do not count; what does not go together is told."""
    of: Source | None = values.get("of")
    for name, what in (("announced by", "announced"), ("lasts", "announced and worked on")):
        if name in row.nodes and of not in (None, "maintenance"):
            message = f"only maintenance is {what}, and `{row.name}` is about {of}"
            cx.report.error("too-many-forms", message, row.place_of(name), "leave it out", row.place_of("of"))
    if of == "hours":
        if "where" in row.nodes:
            message = f"`{row.name}` is about hours, which have no attributes"
            way_out = "say the hours in the calendar of `inside`"
            cx.report.error("too-many-forms", message, row.place_of("where"), way_out)
        if "inside" not in row.nodes and "inside" not in row.broken:
            message = f"which hours `{row.name}` excludes is not said"
            cx.report.error("missing-field", message, row.place_of("of"), "add `inside: CALENDAR`")
    cx.rows("indicator", row, "indicators")
    cx.rows("component", row, "components")
    effects: tuple[Any, ...] = values.get("effect") or ()
    if of is None or not effects:
        return None
    return Exclusion(
        name=row.name,
        of=of,
        effects=frozenset(effects),
        where=values.get("where"),
        inside=values.get("inside") or "",
        announced_by=values.get("announced by"),
        lasts=values.get("lasts") or "both",
        takes=values.get("takes") or ("bad" if of in _BAD_ONLY else "all"),
        before_combining=values.get("taken") != "after combining",
        indicators=values.get("indicators") or (),
        components=values.get("components") or (),
        doc=values.get("doc") or "",
        cited=cited,
    )
