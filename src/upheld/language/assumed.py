"""What an author is told of the readings: those that nothing consults, and those that are flagged."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from upheld.core.terms.agreement import Assumption
from upheld.core.values.finding import Place
from upheld.language.report import Report

_SETTLE = "settle it with the other party; then leave out `flag: high`, or take the other option"


def tell_readings(assumptions: Iterable[Assumption], consulted: Collection[str], report: Report) -> None:
    """A note for every reading that is flagged, left to a later part, or consulted by nothing.

    Flagged readings are notes, not warnings: the author chose openly and gave the reason, so there is nothing
    to mend in the text; they are told because whoever reads it may want to settle them.
    """
    for assumption in assumptions:
        place = assumption.cited.place
        if place is not None:
            _tell_flag(assumption, place, report)
            _tell_idle(assumption, place, consulted, report)


def _tell_flag(assumption: Assumption, place: Place, report: Report) -> None:
    if assumption.flag == "high":
        others = [f"`{option}`" for option in assumption.options if option != assumption.take]
        ref = f"{assumption.ref}: " if assumption.ref else ""
        message = f"{ref}{assumption.issue}; taken as `{assumption.take}`, could be {' or '.join(others)}"
        report.note("flagged-reading", message, place, _SETTLE)


def _tell_idle(assumption: Assumption, place: Place, consulted: Collection[str], report: Report) -> None:
    executable = set(assumption.options) - set(assumption.named_only)
    if assumption.name in consulted or executable == {assumption.take}:
        return
    if assumption.executed_by:
        message = f"the assumption `{assumption.name}` is not executed yet ({assumption.executed_by})"
        report.note("not-executed-yet", message, place)
        return
    message = f"no row consults the assumption `{assumption.name}`"
    way_out = f"write the value that depends on it as {{by {assumption.name}: …}}, or say `executed by: …`"
    report.note("assumption-not-consulted", message, place, way_out)
