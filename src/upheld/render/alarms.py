"""Who is told of what, and when, as text and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from upheld.core.alerting.stage import Stage
from upheld.core.timeline.instant import SECOND
from upheld.core.timeline.words import local
from upheld.core.timeline.zone import Zone
from upheld.render import words
from upheld.render.record_values import instant


def stage_rows(found: Sequence[Stage], zones: Mapping[str, Zone]) -> list[str]:
    """A line a stage: when, to whom and how, of what, and by which reading it is so soon.

    `zones` are those of the contracts. What is late is told from a microsecond after its instant on, which
    nobody wants to read.
    """
    return words.table([_cells(stage, zones[stage.about.contract]) for stage in found])


def _cells(stage: Stage, zone: Zone) -> list[str]:
    about = stage.about
    what = about.event if about.what == "event" else f"{about.commitment} {stage.name}"
    channels = "" if stage.channels is None else f" by {', '.join(stage.channels) or 'no channel'}"
    return [
        f"{local(stage.at // SECOND * SECOND, zone)} {zone.abbreviation_at(stage.at)}",
        about.contract,
        stage.rule,
        about.subject,
        what,
        f"{stage.urgency} to {', '.join(stage.to)} ({stage.audience}){channels}",
        about.reading,
    ]


def stage_record(stage: Stage) -> dict[str, object]:
    """A stage as data."""
    about = stage.about
    return {
        "at": instant(stage.at),
        "cause": stage.cause,
        "rule": stage.rule,
        "stage": stage.name,
        "audience": stage.audience,
        "to": list(stage.to),
        "how": stage.urgency,
        "channels": None if stage.channels is None else list(stage.channels),
        "what": about.what,
        "contract": about.contract,
        "commitment": about.commitment,
        "subject": about.subject,
        "event": about.event,
        "due_at": instant(about.due_at),
        "reading": about.reading,
    }
