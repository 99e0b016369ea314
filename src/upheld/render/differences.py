"""How two versions compare, as text for a terminal and as records for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from upheld.core.comparing.comparison import Change, Example, Part, TextChange
from upheld.core.values.finding import Place
from upheld.core.values.rule import Citation
from upheld.render.record_values import Record, instant
from upheld.render.words import count, local, table, until


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Each commitment with its parts, the places in both files below."""
    for change in changes:
        clauses = _clauses(change)
        said = change.order if change.how == "changed" else f"{change.how}, {change.order}"
        yield f"  {change.name} ({change.kind}): {said}{clauses}"
        yield from table([_row(part, change.order) for part in change.parts], indent="      ")
        for part in change.parts:
            if part.example is not None:
                yield f"      {_example(part.example)}"
            if part.but:
                yield f"      but {part.but}"
        places = _places(change)
        if places:
            yield f"      {places}"


def _row(part: Part, order: str) -> list[str]:
    return [part.what, part.order if part.order != order else "", f"{part.before} -> {part.after}"]


def _clauses(change: Change) -> str:
    before = change.before.clauses if change.before else ()
    after = change.after.clauses if change.after else ()
    if not before and not after:
        return ""
    told = ", ".join(after or before)
    return f" [{told}]" if before == after or not before or not after else f" [{', '.join(before)} -> {told}]"


def _example(example: Example) -> str:
    zone = example.zone
    was, now = until(example.before_at, zone), until(example.after_at, zone)
    return f"such as from {local(example.start_at, zone)} ({zone.name}): due {was}, now {now}"


def _places(change: Change) -> str:
    before, after = _place(change.before), _place(change.after)
    return " -> ".join(str(place) for place in (before, after) if place is not None)


def _place(cited: Citation | None) -> Place | None:
    return None if cited is None else cited.place


def text_lines(changes: Iterable[TextChange]) -> list[str]:
    """What differs in the texts, by keys, with the lines."""
    rows = []
    for change in changes:
        before = "nothing" if change.before is None else change.before
        after = "nothing" if change.after is None else change.after
        lines = [str(place.line) if place else "–" for place in (change.before_place, change.after_place)]
        rows.append([".".join(change.path), f"{before} -> {after}", f"line {' -> '.join(lines)}"])
    return table(rows) if rows else ["  nothing"]


def summary_line(changes: Iterable[Change]) -> str:
    """How many commitments are better, worse and incomparable."""
    found = [change.order for change in changes]
    return ", ".join(f"{count(found.count(order), 'commitment')} {order}"
                     for order in ("better", "worse", "incomparable") if order in found)  # fmt: skip


# -- records -----------------------------------------------------------------------------------------------


def change_record(change: Change) -> Record:
    """One commitment with its parts, and where it stands in both files."""
    return {
        "commitment": change.name,
        "kind": change.kind,
        "how": change.how,
        "order": change.order,
        "proved": change.is_proved,
        "before": _cited_record(change.before),
        "after": _cited_record(change.after),
        "parts": [_part_record(part) for part in change.parts],
    }


def _part_record(part: Part) -> Record:
    return {
        "part": part.what,
        "order": part.order,
        "before": part.before,
        "after": part.after,
        "but": part.but or None,
        "example": _example_record(part.example),
    }


def _example_record(example: Example | None) -> Record | None:
    if example is None:
        return None
    return {
        "start_at": instant(example.start_at),
        "before_at": instant(example.before_at),
        "after_at": instant(example.after_at),
    }


def _cited_record(cited: Citation | None) -> Record | None:
    if cited is None:
        return None
    return {
        "clause": list(cited.clauses),
        "readings": list(cited.readings),
        "place": place_record(cited.place),
    }


def place_record(place: Place | None) -> Record | None:
    """A place in a file."""
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}


def text_record(change: TextChange) -> Record:
    """One value that differs in the texts."""
    return {
        "path": list(change.path),
        "before": change.before,
        "after": change.after,
        "before_place": place_record(change.before_place),
        "after_place": place_record(change.after_place),
    }
