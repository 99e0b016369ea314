"""Tables and their mappings."""

from __future__ import annotations

from scripts.finding_pages.case import Case, swapped

IMPORT = "upheld import csv export.csv --mapping mapping.yaml --out facts.jsonl"
MAPPING = """\
source: /desk
zone: Europe/Amsterdam
times: "%Y-%m-%d %H:%M"
missing: "-"
subject: ticket
at: changed
order: [{column: changed, as: time}]
not before: {column: opened, then: leave out}
values:
  priority: {high: P1, normal: P2}
facts:
  opened:
    type: ticket.opened
    when: first row
    at: opened
    data:
      contract: {always: c-7}
      priority: {column: priority, map: priority}
  solved:
    type: ticket.resolved
    when: {state: {enters: [done]}}
compare:
  done-at: {fact: solved, which: last, with: done, decides: rows}
oddities:
  went-back: {when: {state: {leaves: [done]}}, says: back from done}
"""
EVENTS = """\
source: /desk
zone: Europe/Amsterdam
times: "%Y-%m-%d %H:%M"
missing: "-"
subject: ticket
at: changed
facts:
  event:
    type: {column: what, map: {opened: ticket.opened, answered: ticket.replied}}
    when: every row
    data:
      contract: {always: c-7}
      effort: {column: effort, as: number}
"""
HEADER = "ticket,opened,changed,state,priority,done\n"
FIRST = "T-1,2026-06-01 09:00,2026-06-01 09:00,new,high,2026-06-01 11:00\n"
LAST = "T-1,2026-06-01 09:00,2026-06-01 11:00,done,high,2026-06-01 11:00\n"
TABLE = HEADER + FIRST + LAST
HAPPENED = "ticket,changed,what,effort\nT-1,2026-06-01 09:00,opened,2\nT-1,2026-06-01 10:00,answered,3\n"


def _row(
    code: str,
    why: str,
    right: str,
    wrong: str,
    table: str = TABLE,
    mapping: str = MAPPING,
    also: tuple[str, ...] = (),
) -> Case:
    """The case of a table."""
    return swapped(
        code,
        why,
        table,
        right,
        wrong,
        command=IMPORT,
        file="export.csv",
        beside={"mapping.yaml": mapping},
        also=also,
    )


def _mapped(code: str, why: str, right: str, wrong: str, mapping: str = MAPPING, table: str = TABLE) -> Case:
    """The case of a mapping."""
    return swapped(
        code, why, mapping, right, wrong, command=IMPORT, file="mapping.yaml", beside={"export.csv": table}
    )


_TABLE: tuple[Case, ...] = (
    _row("bad-csv", "Where a cell ends would be a guess.", "new,high", '"new" or so,high'),
    _row(
        "bad-value",
        "Half a number added to others is no number.",
        "answered,3",
        "answered,three",
        HAPPENED,
        EVENTS,
    ),
    _row(
        "duplicate-column",
        "Which of the two a mapping means is left open.",
        "state,priority,done",
        "state,priority,state",
    ),
    _row("empty-column-name", "Nothing could be read from it.", "state,priority", "state,"),
    _row("empty-table", "A file that was cut off looks like a quiet month.", TABLE, ""),
    _row(
        "missing-subject",
        "Nobody knows what happened to whom.",
        "T-1,2026-06-01 09:00,2026-06-01 11:00",
        ",2026-06-01 09:00,2026-06-01 11:00",
        also=("no-such-row",),
    ),
    _row(
        "missing-time",
        "What happened at no time starts and stops no clock.",
        "2026-06-01 11:00,done",
        "-,done",
        also=("no-such-row",),
    ),
    _row(
        "missing-type",
        "A row that does not say what happened is no event.",
        "answered,3",
        "-,3",
        HAPPENED,
        EVENTS,
    ),
    _row("missing-value", "The two times cannot be compared.", "done,high,2026-06-01 11:00", "done,high,-"),
    _row(
        "no-such-row",
        "The column tells of an end that no row shows, so one of them is wrong.",
        "11:00,done",
        "11:00,open",
    ),
    _row(
        "odd-row",
        "The author of the mapping wanted to be told.",
        LAST,
        LAST + "T-1,2026-06-01 09:00,2026-06-01 12:00,open,high,2026-06-01 11:00\n",
    ),
    _row(
        "open-quote",
        "All that follows would be one cell.",
        "done,high,2026-06-01 11:00",
        'done,high,"2026-06-01 11:00',
        also=("no-such-row",),
    ),
    _row(
        "repeated-time",
        "The hour came twice, and nobody can say which one was meant.",
        "2026-06-01 10:00",
        "2026-10-25 02:30",
        HAPPENED,
        EVENTS,
    ),
    _row(
        "row-too-early",
        "A state from before the ticket was opened cannot be the ticket's.",
        FIRST,
        "T-1,2026-06-01 09:00,2026-06-01 08:00,new,high,2026-06-01 11:00\n",
    ),
    _row(
        "skipped-time",
        "At that time no clock of the zone stood.",
        "2026-06-01 10:00",
        "2026-03-29 02:30",
        HAPPENED,
        EVENTS,
    ),
    _row(
        "unmapped-value",
        "A value without a word would be left out, and with it what it says.",
        "answered,3",
        "phoned,3",
        HAPPENED,
        EVENTS,
    ),
    _row(
        "values-disagree",
        "The column was perhaps filled in afterwards; one of the two decides, and that is told.",
        LAST,
        LAST.replace("high,2026-06-01 11:00", "high,2026-06-01 10:30"),
    ),
    _row(
        "wrong-cell-count",
        "From the missing cell on, every value stands under another column.",
        "new,high,",
        "new,",
    ),
)

_MAPPING: tuple[Case, ...] = (
    _mapped("bad-time-format", "No time of the table could be read.", '"%Y-%m-%d %H:%M"', '"%Y-%m-%d %Q"'),
    _mapped("missing-key", "What the mapping leaves open nobody decides.", "zone: Europe/Amsterdam\n", ""),
    _mapped(
        "unknown-column", "What the mapping reads is not in the table.", "subject: ticket", "subject: tickets"
    ),
    _mapped("unknown-key", "A key that nobody reads does nothing.", "missing:", "mising:"),
    _mapped("unknown-map", "The values would go through as they are.", "map: priority", "map: prio"),
    _mapped("unknown-word", "Another word would do nothing.", "then: leave out", "then: leave"),
)

CASES: tuple[Case, ...] = (*_TABLE, *_MAPPING)
