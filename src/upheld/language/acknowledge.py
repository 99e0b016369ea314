"""Findings that the author knows and leaves as they are, with the reason that `acknowledge` gives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import replace
from upheld.language import rows
from upheld.language.codes import CODES
from upheld.language.concepts import concept
from upheld.language.layers import PLAN
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.report import Report, inside
from upheld.language.rows import read_row, read_values
from upheld.language.suggestion import did_you_mean
from upheld.language.table import Field

NAME = "acknowledge"


class Acknowledgement(NamedTuple):
    """One row of `acknowledge`: a code, the names of what it is about (none: of everything), the reason."""

    code: str
    of: tuple[str, ...]
    because: str
    place: Place


def acknowledged(
    findings: Iterable[Finding], agreement: Mapping, others: Iterable[Node], report: Report
) -> tuple[Finding, ...]:
    """The findings, those that the agreement acknowledges with its reason.

    `others` are the trees of further files that findings may be in. What an acknowledgement names and is not
    found is told, unless there is an error: then not everything was asked.
    """
    findings = tuple(findings)
    wanted = tuple(_read(agreement, report))
    if not wanted:
        return findings
    names = _Names((agreement, *others))
    used: set[tuple[Place, str]] = set()
    told = [_with_reason(finding, wanted, names, used) for finding in findings]
    if not report.errors:
        for one in wanted:
            _tell_unused(one, findings, used, report)
    return tuple(told)


def _with_reason(
    finding: Finding, wanted: Iterable[Acknowledgement], names: _Names, used: set[tuple[Place, str]]
) -> Finding:
    about = {name for place in finding.places for name in names.at(place)}
    reason = ""
    for one in wanted:
        if one.code != finding.code or finding.severity == "error":
            continue
        hit = [name for name in one.of if name in about] if one.of else [""]
        used.update((one.place, name) for name in hit)
        if hit:
            reason = reason or one.because
    return replace(finding, acknowledged=reason) if reason else finding


def _tell_unused(
    one: Acknowledgement, findings: Iterable[Finding], used: set[tuple[Place, str]], report: Report
) -> None:
    for name in one.of or ("",):
        if (one.place, name) in used:
            continue
        where = f" in `{name}`" if name else ""
        found = next((finding for finding in findings if finding.code == one.code), None)
        message = f"there is no `{one.code}`{where} to acknowledge"
        way_out = "remove the acknowledgement: what it excused is gone"
        if found is not None:
            way_out = f"mend `of`, or remove it: `{one.code}` is found at {found.place}"
        report.warn("acknowledged-nothing", message, one.place, way_out)


# -- reading -----------------------------------------------------------------------------------------------


def _read(agreement: Mapping, report: Report) -> Iterator[Acknowledgement]:
    section = agreement.get(NAME)
    if section is None:
        return
    known = concept(NAME)
    if not isinstance(section, Mapping):
        way_out = f"as in `{known.example.splitlines()[-1].strip()}`"
        report.error("wrong-shape", f"`{NAME}` must be a map of rows by name", section.place, way_out)
        return
    for key, node in section.entries:
        before = report.errors
        row = read_row(known, key, node, report)
        values = read_values(
            row,
            {
                "text": lambda field, value: rows.text(field, value, report),
                "words": lambda field, value: rows.words(field, value, report),
                "finding": lambda field, value: _code(field, value, report),
            },
            report,
        )
        if report.errors == before:
            yield Acknowledgement(values["finding"], values.get("of") or (), values["because"], row.place)


def _code(known: Field, node: Node, report: Report) -> str:
    found = rows.scalar(known, node, report)
    if isinstance(found, Scalar) and found.text not in CODES:
        way_out = (
            did_you_mean(found.text, CODES) or "it is the word in brackets of what `upheld check` prints"
        )
        report.error("unknown-finding", f"there is no finding `{found.text}`", inside(found, 0), way_out)
    return found.text if found else ""


# -- what stands where -------------------------------------------------------------------------------------


class _Names:
    """The names of what stands at a place: the row, the plan that it is in, the clause."""

    def __init__(self, trees: Iterable[Node]) -> None:
        marks: list[tuple[Place, tuple[str, ...]]] = []
        for tree in trees:
            if isinstance(tree, Mapping):
                marks += _marks(tree, ())
        marks.sort(key=lambda mark: mark[0])
        self._places = [place for place, _ in marks]
        self._names = [names for _, names in marks]

    def at(self, place: Place) -> tuple[str, ...]:
        """The names of the last row that begins at or before a place of the same file."""
        i = bisect_right(self._places, place) - 1
        return self._names[i] if i >= 0 and self._places[i].file == place.file else ()


def _marks(tree: Mapping, plan: tuple[str, ...]) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Where rows begin, and what they are called; where a section begins nothing is called yet."""
    for key, section in tree.entries:
        yield key.place, plan or (key.text,)
        if not isinstance(section, Mapping):
            continue
        for name, node in section.entries:
            if key.text == PLAN and not plan:
                yield name.place, (name.text,)
                if isinstance(node, Mapping):
                    yield from _marks(node, (name.text,))
            else:
                yield name.place, (*plan, name.text)
