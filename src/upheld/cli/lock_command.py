"""`upheld lock`: freeze the holidays and zone changes that agreements rest on; see what an update moves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from upheld.book.evaluate import Report, evaluate
from upheld.cli.output import DONE, Stop, add_format, instant, paths, refuse, show, write_whole
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.verdicts.verdict import Verdict
from upheld.files.folder import Folder, read_book
from upheld.language.check import lock_needs
from upheld.language.holidays_of import HolidaysError
from upheld.language.library import lock_path_of
from upheld.language.lock import Lock, LockChange, LockError, diff_locks, dump, make_lock
from upheld.language.world import YEARS
from upheld.render.records import Record, dumps
from upheld.render.records import instant as record_instant
from upheld.render.words import count

SHOWN_CHANGES = 40
UNHELD = frozenset({"unknown-holidays", "unknown-zone", "zone-abbreviation"})
"""Codes of what there is not, so that no lock can hold it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="agreements, the contracts under them (what these ask for is held too), and facts; or folders",
    )
    parser.add_argument("--years", metavar="A-B", help=f"the years to hold (default: {YEARS[0]}-{YEARS[1]})")
    parser.add_argument(
        "--at", metavar="INSTANT", help="the instant for which moved clocks are shown (default: now)"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Writes a lock beside every agreement, and tells what that changes."""
    from upheld.cli.calendar_command import years_of

    book = read_book(paths(options.paths))
    # A lock that is incomplete or broken is what this command mends.
    refuse(
        [
            f
            for f in book.findings
            if f.code not in ("lock-incomplete", "bad-lock") and _of_texts(f.place.file)
        ],
        "locked",
    )
    if not book.agreements:
        raise Stop("upheld: there is no agreement among these files")
    years = years_of(options.years or "")
    locks: dict[Path, Lock] = {}
    for agreement in book.agreements:
        under = [c.node for c in book.contracts if c.agreement == agreement.name]
        try:
            zones, holidays, found = lock_needs(agreement.node, under, years)
            refuse([one for one in found if one.code in UNHELD], "locked")
            locks[agreement.path.resolve()] = make_lock(agreement.name, zones, holidays, years)
        except (HolidaysError, LockError) as fault:
            raise Stop(f"upheld: {agreement.path}: {fault}") from None
    at = instant(options.at)
    moved = _moved(book, read_book(paths(options.paths), locks=locks), at)
    if not options.dry_run:
        for path, lock in locks.items():
            write_whole(lock_path_of(path), dump(lock))
    if options.format == "json":
        rows = [_record(a.path, a.lock, locks[a.path.resolve()]) for a in book.agreements]
        print(
            dumps(
                {"locks": rows, "clocks": None if moved.untold else moved.judged, "moved": moved.records()}
            ),
            end="",
        )
        return DONE
    verb = "would hold" if options.dry_run else "holds"
    for one in book.agreements:
        show(_told(one.path, one.lock, locks[one.path.resolve()], verb))
    show(moved.lines())
    return DONE


def _of_texts(file: str) -> bool:
    return not file.endswith(".jsonl")


def _changes(old: Lock | None, new: Lock) -> tuple[LockChange, ...]:
    return () if old is None else diff_locks(old, new)


def _record(path: Path, old: Lock | None, new: Lock) -> Record:
    return {
        "file": str(lock_path_of(path)),
        "years": [new.start_year, new.end_year],
        "tzdata": new.tzdata,
        "holidays_library": new.holidays_library or None,
        "zones": sorted(new.zones),
        "holidays": {name: len(days) for name, days in sorted(new.holidays.items())},
        "changes": [str(change) for change in _changes(old, new)],
    }


def _told(path: Path, old: Lock | None, new: Lock, verb: str) -> Iterator[str]:
    zones, days = len(new.zones), sum(len(found) for found in new.holidays.values())
    yield (
        f"{lock_path_of(path)} {verb} {count(zones, 'zone')} and {count(days, 'holiday')} "
        f"of {count(len(new.holidays), 'set')}, "
        f"{new.start_year}-{new.end_year} (tzdata {new.tzdata}"
        + (f", holidays {new.holidays_library})" if new.holidays_library else ")")
    )
    changes = _changes(old, new)
    yield from (f"  {change}" for change in changes[:SHOWN_CHANGES])
    if len(changes) > SHOWN_CHANGES:
        yield f"  and {count(len(changes) - SHOWN_CHANGES, 'more change')}"


class Moved(NamedTuple):
    """The verdicts of the facts given that another lock changes, of so many; `untold`: why nobody can say."""

    judged: int
    verdicts: list[tuple[Verdict | None, Verdict]]
    untold: str = ""

    def lines(self) -> list[str]:
        """What moves, as text; nothing if there are no facts."""
        if self.untold:
            return [f"clocks that move: not known, because {self.untold}"]
        rows = [f"  {' '.join(now.key)}: {_words(was)} -> {_words(now)}" for was, now in self.verdicts]
        return [f"clocks that move: {len(rows)} of {self.judged}", *rows] if self.judged else []

    def records(self) -> list[Record]:
        """The same as data."""
        return [
            {
                "contract": now.key.contract,
                "commitment": now.key.commitment,
                "subject": now.key.subject,
                "cycle": now.cycle,
                "before": _state(was),
                "after": _state(now),
            }
            for was, now in self.verdicts
        ]


def _moved(before: Folder, after: Folder, at: Instant) -> Moved:
    if not before.terms or not len(before.log):
        return Moved(0, [])
    try:
        old, new = (dict(_by_key(evaluate(book, at))) for book in (before, after))
    except BeyondHorizon as fault:
        # Years that were asked for are held whatever is asked about: only the comparison lacks some.
        return Moved(0, [], str(fault))
    pairs = ((old.get(key), verdict) for key, verdict in new.items())
    return Moved(len(new), [(was, now) for was, now in pairs if _state(was) != _state(now)])


def _by_key(report: Report) -> Iterator[tuple[tuple[str, str, str, int], Verdict]]:
    for _, _, verdict in report.numbered():
        yield (*verdict.key, verdict.cycle), verdict


def _state(verdict: Verdict | None) -> Record | None:
    if verdict is None:
        return None
    times = {"due_at": verdict.due_at, "late_after_at": verdict.late_after_at}
    return {"state": verdict.state, **{name: record_instant(at) for name, at in times.items()}}


def _words(verdict: Verdict | None) -> str:
    if verdict is None:
        return "nothing"
    due = f", due {format_instant(verdict.due_at)}" if verdict.due_at is not None else ""
    return f"{verdict.state}{due}"
