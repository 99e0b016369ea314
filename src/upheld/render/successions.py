"""From when a new version holds for whom, as text for a terminal and as records for programs."""

from __future__ import annotations

from collections.abc import Sequence

from upheld.core.comparing.succession import Step
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import Zone
from upheld.render.differences import change_record
from upheld.render.record_values import Record, instant
from upheld.render.words import table

_BEGINS = {
    "deadline": "what is opened from then on",
    "every": "what is opened from then on",
    "commit": "periods from then on",
    "remedy": "periods from then on",
    "quota": "periods from then on",
    "obligation": "periods from then on",
    "covenant": "what happens from then on",
}


def step_lines(steps: Sequence[Step], zone: Zone, at: Instant | None = None) -> list[str]:
    """A row for each commitment: how it compares, and which version holds from when."""
    rows = []
    for step in steps:
        first, *later = step.versions
        said = [first.version]
        said += [f"{one.version} from {zone.date_at(one.from_at)}" for one in later]
        if step.is_open:
            said.append("then as the contract goes on")
        row = [step.commitment, step.order, ", ".join(said), step.why or _BEGINS.get(step.kind, "")]
        if at is not None:
            row.insert(2, step.version_at(at))
        rows.append(row)
    return table(rows, indent="    ")


def step_record(step: Step) -> Record:
    """What becomes of one commitment."""
    return {
        "commitment": step.commitment,
        "kind": step.kind,
        "order": step.order,
        "versions": [{"version": one.version, "from_at": instant(one.from_at)} for one in step.versions],
        "why": step.why or None,
        "open": step.is_open,
        "change": None if step.change is None else change_record(step.change),
    }
