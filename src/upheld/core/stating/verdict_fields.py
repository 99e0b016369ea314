"""The names of a record that tell of verdicts, measurements and what clocks were about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from upheld.core.stating.field_kinds import COMMITMENT, FACTS, SUBJECT, Fields

VERDICT_FIELDS: Final[Mapping[str, Fields]] = {
    "verdict": {
        "commitment": COMMITMENT,
        "subject": SUBJECT,
        "cycle": ("whole", "1, or a later round or cycle of the same clock"),
        "kind": ("text", "as of the promise"),
        "state": ("text", "met, missed, breached, undetermined, running, at risk or not applicable"),
        "modality": ("text", "as it held for this one"),
        "plan": ("text", "the plan that it is under, where that is not the first of the contract"),
        "started_at": ("instant?", "when the clock or the period began"),
        "due_at": ("instant?", "when it was due; the end of a period"),
        "goal_at": ("instant?", "when the goal was"),
        "late_after_at": ("instant?", "the last instant in time, of what was late"),
        "stopped_at": ("instant?", "when it was done"),
        "counted_us": ("length?", "what was counted on the calendar"),
        "budget_us": ("length?", "what was allowed of it"),
        "late_us": ("length?", "by how much it was late"),
        "calendar": ("text", "the calendar that counted; empty where none did"),
        "target": ("target?", "what this cycle was held to"),
        "level": ("level?", "the level that the period was held to"),
        "pauses": ("[pause]", "when the clock stood still"),
        "count": ("whole?", "how often, of a quota or obligation"),
        "allowed": ("whole?", "of how often"),
        "measurement": ("measurement?", "what was measured"),
        "drawn": ("drawn?", "what is drawn of a late clock"),
        "reasons": ("[text]", "why it is so, in fixed words"),
        "facts": FACTS,
    },
    "pause": {
        "start_at": ("instant", "from when"),
        "end_at": ("instant?", "until when; null: it lasts"),
        "why": ("text", "for whom, or because of what"),
    },
    "drawn": {
        "start_at": ("instant", "where the picture begins"),
        "end_at": ("instant", "where it ends"),
        "open": ("[span]", "when the calendar was open"),
        "counted": ("[span]", "what was counted in time"),
        "late": ("[span]", "what was counted late"),
        "waiting": ("[span]", "when the clock stood still"),
    },
    "measurement": {
        "indicator": ("text", "the definition of what is measured"),
        "basis": ("text", "checks, counts, states, incidents, outcomes or latency"),
        "component": ("text", "of what; empty for items"),
        "period": ("span of a period", "its label and its ends"),
        "at": ("instant", "as of when it was measured"),
        "counts": ("text", "what the parts count: time or count"),
        "unit": ("text", "what values are: ratio or duration"),
        "is_settled": ("truth", "whether nothing can change any more without a late fact"),
        "to_date": ("bounds", "the value of what is over"),
        "final": ("bounds", "the value of the whole period if nothing more fails"),
        "worst_final": ("exact", "the worst that can still come"),
        "total": ("whole", "the denominator: microseconds, items or requests"),
        "final_total": ("whole", "the same of the whole period"),
        "bad": ("whole", "what was taken from it"),
        "parts": ("[part]", "the parts of the period, which add up to it"),
        "sum": ("whole", "what they add up to"),
        "method": ("[pair]", "basis, slice, denominator, gap rule, combination, rounding"),
        "decisive": ("text", "the component whose value is that of the whole"),
        "of": ("[measurement]", "the measurements that this one was made of"),
        "notes": ("[text]", "remarks on how it was measured"),
    },
    "span of a period": {
        "label": ("text", "its name"),
        "start_at": ("instant", "its beginning"),
        "end_at": ("instant", "its end"),
    },
    "bounds": {
        "value": ("exact?", "by the gap rule of the agreement; null: nothing was counted or observed"),
        "low": ("exact", "at least"),
        "high": ("exact", "at most"),
    },
    "part": {
        "name": ("text", "up, degraded, down, excluded, unknown, outside hours, not yet or before start"),
        "by": ("text", "the exclusion; empty for all else"),
        "clauses": ("[text]", "the clauses of the exclusion"),
        "amount": ("whole", "microseconds, or items"),
        "spans": ("[span]", "its stretches; none of what was up"),
        "items": ("[text]", "its items; none of what was up"),
    },
    "pair": {"name": ("text", "what"), "value": ("text", "which")},
    "subject": {
        "kind": ("text", "ticket, incident, maintenance, task, claim or attribution"),
        "subject": ("text", "its id"),
        "events": ("[event]", "what happened to it, in order"),
    },
    "event": {
        "at": ("instant", "when"),
        "type": ("text", "the type of the fact"),
        "source": ("text", "who told it"),
        "id": ("text", "under which id"),
        "data": ("[pair]", "what was said, without what is personal"),
    },
}
"""The objects by their names."""
