"""What was applied, or would be, as records for programs."""

from __future__ import annotations

from upheld.app.apply import Applied, Tried
from upheld.book.backtest_page import compared
from upheld.render.backtest_records import backtest_record
from upheld.render.effects import effect_record
from upheld.render.records import Record, findings_record


def applied_record(done: Applied, dry_run: bool = False) -> Record:
    """The files that changed, and the contracts that hold."""
    return {
        "revision": done.revision,
        "dry_run": dry_run,
        "added": list(done.added),
        "changed": list(done.changed),
        "removed": list(done.removed),
        "contracts": list(done.contracts),
        "findings": findings_record(done.findings),
    }


def tried_record(tried: Tried) -> Record:
    """The same of what would be, with the contracts whose terms change and what flips by that."""
    return {
        **applied_record(tried.applied, dry_run=True),
        "effects": [
            effect_record(one.how, one.before, one.after, one.order, one.changes) for one in tried.effects
        ],
        "flips": backtest_record(compared(tried.flips)),
    }
