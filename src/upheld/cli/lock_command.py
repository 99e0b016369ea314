"""`upheld lock`: freeze the holidays and zone changes that agreements rest on; see what an update moves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from upheld.book.evaluate import Report, evaluate
from upheld.cli.output import DONE, Stop, instant, paths, refuse, show
from upheld.core.instant import Instant, format_instant
from upheld.core.verdict import Verdict
from upheld.files.folder import Folder, lock_path_of, read_book
from upheld.language.check import lock_needs
from upheld.language.holidays_of import HolidaysError
from upheld.language.lock import Lock, LockError, diff_locks, dump, make_lock
from upheld.language.world import YEARS
from upheld.render.words import count

SHOWN_CHANGES = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="agreements, the contracts under them (their calendars are held too), and facts; or folders",
    )
    parser.add_argument("--years", metavar="A-B", help=f"the years to hold (default: {YEARS[0]}-{YEARS[1]})")
    parser.add_argument(
        "--at", metavar="INSTANT", help="the instant for which moved clocks are shown (default: now)"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")


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
        ]
    )
    if not book.agreements:
        raise Stop("upheld: there is no agreement among these files")
    years = years_of(options.years or "")
    locks: dict[Path, Lock] = {}
    for agreement in book.agreements:
        under = [c.node for c in book.contracts if c.agreement == agreement.name]
        try:
            zones, holidays = lock_needs(agreement.node, under, years)
            locks[agreement.path.resolve()] = make_lock(agreement.name, zones, holidays, years)
        except (HolidaysError, LockError) as fault:
            raise Stop(f"upheld: {agreement.path}: {fault}") from None
    lines = [
        line
        for agreement in book.agreements
        for line in _told(agreement.path, agreement.lock, locks, options)
    ]
    at = instant(options.at)
    after = read_book(paths(options.paths), locks=locks)
    lines += _moved(book, after, at)
    if not options.dry_run:
        for path, lock in locks.items():
            lock_path_of(path).write_text(dump(lock), encoding="utf-8")
    show(lines)
    return DONE


def _of_texts(file: str) -> bool:
    return not file.endswith(".jsonl")


def _told(
    path: Path, old: Lock | None, locks: dict[Path, Lock], options: argparse.Namespace
) -> Iterator[str]:
    new = locks[path.resolve()]
    verb = "would hold" if options.dry_run else "holds"
    zones, days = len(new.zones), sum(len(found) for found in new.holidays.values())
    yield (
        f"{lock_path_of(path)} {verb} {count(zones, 'zone')} and {count(days, 'holiday')} "
        f"of {count(len(new.holidays), 'set')}, "
        f"{new.start_year}-{new.end_year} (tzdata {new.tzdata}"
        + (f", holidays {new.holidays_library})" if new.holidays_library else ")")
    )
    if old is None:
        return
    changes = diff_locks(old, new)
    yield from (f"  {change}" for change in changes[:SHOWN_CHANGES])
    if len(changes) > SHOWN_CHANGES:
        yield f"  and {len(changes) - SHOWN_CHANGES} more changes"


def _moved(before: Folder, after: Folder, at: Instant) -> list[str]:
    """The verdicts of the facts given that another lock changes."""
    if not before.terms or not len(before.log):
        return []
    old, new = (dict(_by_key(evaluate(book, at))) for book in (before, after))
    moved = [(key, old.get(key), verdict) for key, verdict in new.items() if _differ(old.get(key), verdict)]
    lines = [f"  {' '.join(key[:3])}: {_words(was)} -> {_words(now)}" for key, was, now in moved]
    return [f"clocks that move: {len(moved)} of {len(new)}", *lines]


def _by_key(report: Report) -> Iterator[tuple[tuple[str, str, str, int], Verdict]]:
    for _, _, verdict in report.numbered():
        yield (*verdict.key, verdict.cycle), verdict


def _differ(old: Verdict | None, new: Verdict) -> bool:
    return old is None or (old.state, old.due_at, old.late_after_at) != (
        new.state,
        new.due_at,
        new.late_after_at,
    )


def _words(verdict: Verdict | None) -> str:
    if verdict is None:
        return "nothing"
    due = f", due {format_instant(verdict.due_at)}" if verdict.due_at is not None else ""
    return f"{verdict.state}{due}"
