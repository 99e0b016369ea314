"""Tables told as facts by a mapping: events, states, what disagrees and what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import format_instant
from upheld.files.facts_file import read_facts, write_facts
from upheld.files.mapping import TableMapping, read_mapping
from upheld.files.observed_table import ObservationImport, import_observations, write_observations
from upheld.files.table import TableImport, import_table
from upheld.language.lines import LINE_BYTES

HELPDESK = Path(__file__).parents[2] / "examples" / "helpdesk" / "mapping.yaml"

EVENTS = """\
source: /crm
zone: Europe/Amsterdam
times: ["%Y-%m-%d %H:%M", RFC 3339]
missing: ["-"]
subject: ticket
at: when
id: number
recorded: entered
facts:
  event:
    type: {column: what, map: {Opened: ticket.opened, Answered: ticket.replied, Closed: ticket.closed}}
    when: {what: {is not: [Viewed]}}
    data:
      contract: {always: acme}
      channel: {column: channel, map: {E: e-mail, T: telephone}}
      effort: {column: effort, as: number}
    private: {caller: caller}
"""
EVENTS_HEADER = "number,ticket,when,entered,what,channel,effort,caller\n"

STATES = """\
source: /desk
zone: Europe/Amsterdam
times: "%d-%m-%Y %H:%M"
missing: "?"
subject: id
at: updated
order: [{column: updated, as: time}, {column: change, as: number}]
not before: {column: opened, then: leave out}
facts:
  opened:
    type: ticket.opened
    when: first row
    at: opened
    data: {contract: {always: acme}, priority: {column: priority, map: {"1": high, "2": low}}}
  reclassified:
    type: ticket.classified
    when: {priority: changes}
    data: {priority: priority, by: {always: provider}}
  handled:
    type: ticket.assigned
    when: {state: {is not: [New]}}
    once: yes
  wait-ended:
    type: ticket.waiting_ended
    when: {state: {leaves: [Waiting]}}
  wait-began:
    type: ticket.waiting_started
    when: {state: {enters: [Waiting]}}
    data: {for: {always: customer}}
  reopened:
    type: ticket.reopened
    when: {reopened: increases}
  resolved:
    type: ticket.resolved
    when: {state: {enters: [Done]}}
compare:
  done-at: {fact: resolved, which: last, with: done, decides: rows}
oddities:
  went-back: {when: {state: {leaves: [Done]}, reopened: stays}, says: back from done without a count}
"""
STATES_HEADER = "id,change,state,priority,reopened,opened,updated,done\n"


def mapping_of(text: str) -> TableMapping:
    mapping, findings = read_mapping(text, "mapping.yaml")
    assert findings == ()
    assert mapping is not None
    return mapping


def imported(tmp_path: Path, mapping: str, table: str | bytes) -> TableImport:
    path = tmp_path / "table.csv"
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    return import_table(path, mapping_of(mapping))


def told(facts: tuple[Fact, ...]) -> list[str]:
    return [f"{format_instant(fact.at)[:16]} {fact.type} {fact.id}" for fact in facts]


def places(result: TableImport) -> list[tuple[str, int, int]]:
    return [(finding.code, finding.place.line, finding.place.column) for finding in result.findings]


# -- events --------------------------------------------------------------------------------------------------


def test_a_row_for_each_event(tmp_path: Path) -> None:
    """Type and id come from columns; local times are read in the zone, own offsets kept."""
    rows = (
        "7,T-1,2026-06-01 09:00,2026-06-01T07:05:00Z,Opened,E,-,Ann\n"
        "8,T-1,2026-06-01T09:30:00+02:00,-,Viewed,T,1,Ann\n"
        '9,T-1,2026-06-01 10:00,-,Answered,T,1.50,"Ann, ""the\nboss"""\n'
    )
    result = imported(tmp_path, EVENTS, EVENTS_HEADER + rows)
    assert result.findings == ()
    assert told(result.facts) == [
        "2026-06-01T07:00 ticket.opened T-1/00001/7/01",
        "2026-06-01T08:00 ticket.replied T-1/00003/9/01",
    ]
    opened, replied = result.facts
    assert opened.data == {"contract": "acme", "channel": "e-mail"}
    assert format_instant(opened.recorded_at) == "2026-06-01T07:05:00Z"
    assert replied.private == {"caller": 'Ann, "the\nboss"'}
    assert replied.recorded_at == replied.at
    assert write_facts(result.facts).count('"effort":1.5') == 1
    assert (result.summary.rows, result.summary.rows_left_out, result.summary.subjects) == (3, 0, 1)
    assert result.summary.facts == (("ticket.opened", 1), ("ticket.replied", 1))


GOOD_ROW = "7,T-1,2026-06-01 09:00,-,Opened,E,-,Ann\n"


@pytest.mark.parametrize(
    ("row", "code", "column", "facts"),
    [
        ("8,T-1,2026-06-01 10:00,-,Closed,E,-\n", "wrong-cell-count", 35, 2),
        ("8,T-1,2026-06-01 10:00,-,Closed,E,-,Ann,x\n", "wrong-cell-count", 41, 2),
        ("8\n", "wrong-cell-count", 1, 2),
        ("8,T-1,01-06-2026 10:00,-,Closed,E,-,Ann\n", "bad-time", 7, 2),
        ("8,T-1,2026-06-31 10:00,-,Closed,E,-,Ann\n", "bad-time", 7, 2),
        ("8,T-1,2350-06-01 10:00,-,Closed,E,-,Ann\n", "bad-time", 7, 2),
        ("8,T-1,-,-,Closed,E,-,Ann\n", "missing-time", 7, 2),
        ("8,,2026-06-01 10:00,-,Closed,E,-,Ann\n", "missing-subject", 3, 2),
        ("8,T-1,2026-06-01 10:00,soon,Closed,E,-,Ann\n", "bad-time", 24, 3),
        ("8,T-1,2026-06-01 10:00,-,Clsed,E,-,Ann\n", "unmapped-value", 26, 2),
        ("8,T-1,2026-06-01 10:00,-,Closed,X,-,Ann\n", "unmapped-value", 33, 2),
        ("8,T-1,2026-06-01 10:00,-,Closed,E,much,Ann\n", "bad-value", 35, 2),
        ("8,T-1,2026-06-01 10:00,-,Closed,E,NaN,Ann\n", "bad-value", 35, 2),
        ('8,T-1,2026-06-01 10:00,-,Closed,E,-,"Ann\n', "open-quote", 37, 2),
        ('8,T-1,2026-06-01 10:00,-,Closed,E,-,"Ann" x\n', "bad-csv", 1, 2),
        ('8,"T,1",2026-06-01 10:00,-,Closed,E,-,"Ann",x\n', "wrong-cell-count", 45, 2),
        ('8,"T\n1",2026-06-01 10:00,-,Closed,X,-,Ann\n', "unmapped-value", 30, 2),
        ("8,T-1,2026-03-29 02:30,-,Closed,E,-,Ann\n", "skipped-time", 7, 3),
        ("8,T-1,2026-10-25 02:30,-,Closed,E,-,Ann\n", "repeated-time", 7, 3),
        ("x" * LINE_BYTES + "x\n", "line-too-long", 1, 2),
    ],
)
def test_a_broken_row_is_a_finding_at_its_cell_and_stops_no_other(
    tmp_path: Path, row: str, code: str, column: int, facts: int
) -> None:
    """The rows before and after are told."""
    after = "9,T-2,2026-06-02 09:00,-,Opened,E,-,Bea\n"
    result = imported(tmp_path, EVENTS, EVENTS_HEADER + GOOD_ROW + row + after)
    assert places(result) == [(code, 4 if "\n1" in row else 3, column)]
    assert len(result.facts) == facts
    assert {"7/01", "9/01"} <= {fact.id.split("/", 2)[2] for fact in result.facts}
    assert result.summary.rows == 3


def test_bytes_that_are_not_utf_8_cost_one_row(tmp_path: Path) -> None:
    """The finding is at the character."""
    table = (
        (EVENTS_HEADER + GOOD_ROW).encode()
        + "8,é".encode()
        + b"\xff\n"
        + GOOD_ROW.replace("7", "9", 1).encode()
    )
    result = imported(tmp_path, EVENTS, table)
    assert places(result) == [("not-utf-8", 3, 4)]
    assert len(result.facts) == 2


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ("", "empty-table", 1),
        ("number,ticket,when,entered,what,channel,effort,effort\n", "duplicate-column", 48),
        ("number,ticket,,when,entered,what,channel,effort,caller\n", "empty-column-name", 15),
    ],
)
def test_a_table_without_a_good_header_has_no_rows(
    tmp_path: Path, header: str, code: str, column: int
) -> None:
    """One finding says what is wrong with it."""
    result = imported(tmp_path, EVENTS, header + (GOOD_ROW if header else ""))
    assert (code, 1, column) in places(result)
    assert result.facts == ()


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    """The finding is where the mapping names it, with the nearest column or all of them."""
    header = EVENTS_HEADER.replace("caller", "person").replace("channel", "chanel")
    result = imported(tmp_path, EVENTS, header + GOOD_ROW)
    assert [(str(finding.place), finding.way_out) for finding in result.findings] == [
        ("mapping.yaml:15:25", "did you mean `chanel`?"),
        (
            "mapping.yaml:17:23",
            "the columns are number, ticket, when, entered, what, chanel, effort, person",
        ),
    ]
    assert (result.facts, result.summary.rows_left_out) == ((), 1)


def test_a_fact_that_its_type_does_not_allow_is_left_out(tmp_path: Path) -> None:
    """The finding is at the cell that the field came from, and shows the line of the mapping."""
    mapping = EVENTS.replace("contract: {always: acme}", "by: caller\n      contract: {always: acme}")
    result = imported(tmp_path, mapping, EVENTS_HEADER + GOOD_ROW.replace("Opened", "Answered"))
    assert places(result) == [("unknown-choice", 2, 39)]
    assert str(result.findings[0].places[1]) == "mapping.yaml:14:11"
    assert result.facts == ()


# -- states --------------------------------------------------------------------------------------------------


def test_facts_arise_from_changes_of_state(tmp_path: Path) -> None:
    """Entering, leaving, changing, increasing, first row and once, in the order of rows and rules."""
    rows = (
        "A,0,New,2,0,01-06-2026 09:00,01-06-2026 09:00,02-06-2026 12:00\n"
        "A,1,Active,2,0,01-06-2026 09:00,01-06-2026 10:00,02-06-2026 12:00\n"
        "A,2,Waiting,?,0,01-06-2026 09:00,01-06-2026 11:00,02-06-2026 12:00\n"
        "A,3,Waiting,1,0,01-06-2026 09:00,01-06-2026 12:00,02-06-2026 12:00\n"
        "A,4,Done,1,0,01-06-2026 09:00,01-06-2026 13:00,02-06-2026 12:00\n"
        "A,5,Active,1,1,01-06-2026 09:00,02-06-2026 09:00,02-06-2026 12:00\n"
        "A,6,Done,1,1,01-06-2026 09:00,02-06-2026 12:00,02-06-2026 12:00\n"
    )
    result = imported(tmp_path, STATES, STATES_HEADER + rows)
    assert result.findings == ()
    assert told(result.facts) == [
        "2026-06-01T07:00 ticket.opened A/00001/01",
        "2026-06-01T08:00 ticket.assigned A/00002/03",
        "2026-06-01T09:00 ticket.waiting_started A/00003/05",
        "2026-06-01T10:00 ticket.classified A/00004/02",
        "2026-06-01T11:00 ticket.waiting_ended A/00005/04",
        "2026-06-01T11:00 ticket.resolved A/00005/07",
        "2026-06-02T07:00 ticket.reopened A/00006/06",
        "2026-06-02T10:00 ticket.resolved A/00007/07",
    ]


def test_a_first_row_can_be_all_at_once(tmp_path: Path) -> None:
    """Opened, handled and resolved by the only row there is."""
    rows = "A,0,Done,2,0,01-06-2026 09:00,01-06-2026 09:30,01-06-2026 09:30\n"
    result = imported(tmp_path, STATES, STATES_HEADER + rows)
    assert [fact.type for fact in result.facts] == ["ticket.opened", "ticket.assigned", "ticket.resolved"]


def test_rows_of_one_minute_go_by_the_next_column_of_the_order(tmp_path: Path) -> None:
    """Change 10 follows change 9, as numbers do."""
    rows = (
        "A,10,Done,2,0,01-06-2026 09:00,01-06-2026 10:00,?\n"
        "A,9,Waiting,2,0,01-06-2026 09:00,01-06-2026 10:00,?\n"
        "A,0,New,2,0,01-06-2026 09:00,01-06-2026 09:00,?\n"
    )
    result = imported(tmp_path, STATES, STATES_HEADER + rows)
    assert [fact.type for fact in result.facts[1:]] == [
        "ticket.assigned",
        "ticket.waiting_started",
        "ticket.waiting_ended",
        "ticket.resolved",
    ]


def test_a_column_that_disagrees_with_the_rows_is_a_finding(tmp_path: Path) -> None:
    """Both values are told, both lines named, and the rows decide or the column does."""
    rows = (
        "A,0,New,2,0,01-06-2026 09:00,01-06-2026 09:00,01-06-2026 12:00\n"
        "A,1,Done,2,0,01-06-2026 09:00,01-06-2026 10:00,01-06-2026 12:00\n"
        "B,0,Done,2,0,01-06-2026 09:00,01-06-2026 10:00,?\n"
        "C,0,New,2,0,01-06-2026 09:00,01-06-2026 10:00,01-06-2026 12:00\n"
    )
    result = imported(tmp_path, STATES, STATES_HEADER + rows)
    assert places(result) == [("values-disagree", 3, 48), ("missing-value", 4, 48), ("no-such-row", 5, 47)]
    assert [finding.severity for finding in result.findings] == ["warning", "note", "warning"]
    assert "says 2026-06-01T10:00:00Z, the rows say 2026-06-01T08:00:00Z; the rows decide" in str(
        result.findings[0]
    )
    assert dict(result.summary.remarks) == {"done-at": 1, "done-at: missing": 1, "done-at: no row says so": 1}
    assert [fact.at for fact in result.facts if fact.type == "ticket.resolved"] == [result.facts[-1].at] * 2

    other = imported(tmp_path, STATES.replace("decides: rows", "decides: column"), STATES_HEADER + rows)
    assert "the column decides" in str(other.findings[0])
    assert told(other.facts)[-1] == "2026-06-01T10:00 ticket.resolved A/00002/07"


@pytest.mark.parametrize(("then", "first_at"), [("leave out", "08:00"), ("move", "07:00"), ("keep", "06:00")])
def test_a_row_before_the_beginning_is_left_out_moved_or_kept(
    tmp_path: Path, then: str, first_at: str
) -> None:
    """The mapping says which; it is a finding in any case."""
    rows = (
        "A,0,Active,2,0,01-06-2026 09:00,01-06-2026 08:00,?\n"
        "A,1,Active,2,0,01-06-2026 09:00,01-06-2026 10:00,?\n"
    )
    result = imported(tmp_path, STATES.replace("then: leave out", f"then: {then}"), STATES_HEADER + rows)
    (handled,) = (fact for fact in result.facts if fact.type == "ticket.assigned")
    assert format_instant(handled.at)[11:16] == first_at
    assert places(result) == [("row-too-early", 2, 33)]
    assert result.summary.rows_left_out == (1 if then == "leave out" else 0)


def test_odd_rows_are_counted_by_the_name_that_the_mapping_gives(tmp_path: Path) -> None:
    """A remark names the row and says what the mapping says."""
    rows = (
        "A,0,Done,2,0,01-06-2026 09:00,01-06-2026 09:00,01-06-2026 09:00\n"
        "A,1,New,2,0,01-06-2026 09:00,01-06-2026 10:00,01-06-2026 09:00\n"
    )
    result = imported(tmp_path, STATES, STATES_HEADER + rows)
    assert places(result) == [("odd-row", 3, 1)]
    assert result.findings[0].message == "went-back: back from done without a count"
    assert result.summary.remarks == (("went-back", 1),)


def test_a_column_to_sort_by_must_hold_numbers(tmp_path: Path) -> None:
    """A row that cannot be placed is left out."""
    result = imported(tmp_path, STATES, STATES_HEADER + "A,x,New,2,0,01-06-2026 09:00,01-06-2026 09:00,?\n")
    assert places(result) == [("bad-number", 2, 3)]
    assert (result.facts, result.summary.rows_left_out) == ((), 1)


def test_clocks_that_go_back_show_a_time_twice_and_the_first_is_meant(tmp_path: Path) -> None:
    """02:30 on that night is read as 00:30 UTC, and a finding; the hours around it are not."""
    rows = (
        "A,0,New,2,0,25-10-2026 01:59,25-10-2026 02:30,?\nA,1,New,2,0,25-10-2026 01:59,25-10-2026 03:00,?\n"
    )
    result = imported(tmp_path, STATES.replace("at: opened", "at: updated"), STATES_HEADER + rows)
    assert (places(result), told(result.facts)) == (
        [("repeated-time", 2, 30)],
        ["2026-10-25T00:30 ticket.opened A/00001/01"],
    )
    assert result.findings[0].severity == "warning"


@pytest.mark.parametrize(
    ("label", "code"), [("29-03 02:30", "skipped-time"), ("25-10 02:30", "repeated-time")]
)
def test_a_time_in_the_data_of_a_fact_is_told_of_as_well(tmp_path: Path, label: str, code: str) -> None:
    """It may move a clock as much as the time of the row."""
    mapping = EVENTS.replace('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %H:%M", "%Y-%d-%m %H:%M"').replace(
        "channel: {column: channel, map: {E: e-mail, T: telephone}}",
        "visit_at: {column: channel, as: instant}",
    )
    row = f"7,T-1,2026-12-01 09:00,-,Answered,2026-{label},-,Ann\n"
    assert places(imported(tmp_path, mapping, EVENTS_HEADER + row)) == [(code, 2, 35)]


def test_rows_with_ids_of_their_own_keep_their_order_within_an_instant(tmp_path: Path) -> None:
    """Ids sort as texts, 10 before 9: the rank before them keeps what the mapping declares."""
    mapping = EVENTS.replace(
        "id: number", "id: number\norder: [{column: when, as: time}, {column: number, as: number}]"
    )
    rows = [
        "9,T-1,2026-06-01 10:00,-,Opened,E,-,Ann\n",
        "10,T-1,2026-06-01 10:00,-,Answered,E,-,Ann\n",
        "11,T-1,2026-06-01 10:00,-,Closed,E,-,Ann\n",
    ]
    result = imported(tmp_path, mapping, EVENTS_HEADER + "".join(rows))
    assert [(fact.type, fact.id) for fact in result.facts] == [
        ("ticket.opened", "T-1/00001/9/01"),
        ("ticket.replied", "T-1/00002/10/01"),
        ("ticket.closed", "T-1/00003/11/01"),
    ]
    assert imported(tmp_path, mapping, EVENTS_HEADER + "".join(rows[::-1])).facts == result.facts


def test_a_time_that_clocks_skipped_is_read_by_the_offset_before(tmp_path: Path) -> None:
    """02:30 on that night is 01:30 UTC, and a finding."""
    rows = (
        "A,0,New,2,0,29-03-2026 01:30,29-03-2026 02:30,?\nA,1,Done,2,0,29-03-2026 01:30,29-03-2026 03:40,?\n"
    )
    result = imported(tmp_path, STATES.replace("with: done", "with: updated"), STATES_HEADER + rows)
    assert places(result) == [("skipped-time", 2, 30)]
    assert told(result.facts)[1:] == [
        "2026-03-29T01:40 ticket.assigned A/00002/03",
        "2026-03-29T01:40 ticket.resolved A/00002/07",
    ]


states = st.sampled_from(["New", "Active", "Waiting", "Done", "?"])


@given(st.lists(st.tuples(st.sampled_from("ABC"), states, st.integers(0, 50)), max_size=20), st.data())
def test_rows_in_any_order_are_told_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]], draws: st.DataObject
) -> None:
    """Shuffled, the same facts; twice imported, the same log; written and read again, nothing lost."""
    folder = tmp_path_factory.getbasetemp()
    lines = [
        f"{name},{number},{state},2,0,01-06-2026 09:00,01-06-2026 10:{minute:02},?\n"
        for number, (name, state, minute) in enumerate(rows)
    ]
    first = imported(folder, STATES, STATES_HEADER + "".join(lines))
    again = imported(folder, STATES, STATES_HEADER + "".join(draws.draw(st.permutations(lines))))
    assert write_facts(first.facts) == write_facts(again.facts)
    log = FactLog((*first.facts, *again.facts))
    assert (len(log), log.findings) == (len(first.facts), ())
    path = folder / "facts.jsonl"
    path.write_text(write_facts(first.facts))
    assert read_facts([path]) == (first.facts, ())


# -- mappings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "way_out"),
    [
        ("subject: id", "subjct: id", "unknown-key", "5:1", "did you mean `subject`?"),
        ("source: /desk\n", "", "missing-key", "1:1", ""),
        ("Europe/Amsterdam", "Europe/Amsterdm", "unknown-zone", "2:7", ""),
        ("Europe/Amsterdam", "../../etc/passwd", "unknown-zone", "2:7", ""),
        ('"%d-%m-%Y %H:%M"', '"%d-%m-%Y"', "bad-time-format", "3:8", ""),
        ('"%d-%m-%Y %H:%M"', '"%d-%Q"', "bad-time-format", "3:8", ""),
        ("as: number", "as: nmber", "unknown-word", "7:59", "did you mean `number`?"),
        ("then: leave out", "then: drop", "unknown-word", "8:36", "one of leave out, move, keep"),
        (
            "type: ticket.opened",
            "type: ticket.opend",
            "unknown-fact-type",
            "11:11",
            "did you mean `ticket.opened`?",
        ),
        ("type: ticket.opened\n", "kind: ticket.opened\n", "unknown-key", "11:5", ""),
        ("contract: {always: acme}, ", "", "missing-field", "14:11", ""),
        ("contract: {always: acme}", "contract: {column: id, always: acme}", "wrong-shape", "14:22", ""),
        ("when: first row", "when: last row", "unknown-word", "12:11", "did you mean `first row`?"),
        ("{priority: changes}", "{priority: chnages}", "unknown-word", "17:22", "did you mean `changes`?"),
        ("{leaves: [Waiting]}", "{leave: [Waiting]}", "unknown-key", "25:20", "did you mean `leaves`?"),
        ("{leaves: [Waiting]}", "{leaves: []}", "wrong-shape", "25:28", ""),
        ("{leaves: [Waiting]}", "[Waiting]", "wrong-shape", "25:19", ""),
        ("fact: resolved", "fact: resolve", "unknown-word", "37:19", "did you mean `resolved`?"),
        ('map: {"1": high, "2": low}', "map: levels", "unknown-map", "14:72", "write it under `values`"),
        ("subject: id", "subject: [id]", "wrong-shape", "5:10", ""),
        ("facts:", "facts: none\nvalues:", "wrong-shape", "9:8", ""),
        ("oddities:", "source: /again\noddities:", "duplicate-key", "38:1", ""),
        ("oddities:", "oddities: &a", "anchor", "38:11", ""),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_a_finding(
    old: str, new: str, code: str, place: str, way_out: str
) -> None:
    """With line and column, and the nearest word where there is one; there is no mapping then."""
    assert old in STATES
    mapping, findings = read_mapping(STATES.replace(old, new, 1), "m.yaml")
    assert mapping is None
    found = {(finding.code, str(finding.place)): finding for finding in findings}
    assert (code, f"m.yaml:{place}") in found, [str(finding) for finding in findings]
    assert not way_out or found[code, f"m.yaml:{place}"].way_out == way_out


def test_a_type_that_only_an_agreement_can_know_is_a_warning(tmp_path: Path) -> None:
    """The facts are made; whoever reads them needs the agreement."""
    text = STATES.replace("type: ticket.resolved", "type: onsite.done")
    mapping, (finding,) = read_mapping(text, "m.yaml")
    assert (finding.code, finding.severity) == ("unknown-fact-type", "warning")
    assert mapping is not None
    path = tmp_path / "table.csv"
    path.write_text(STATES_HEADER + "A,0,Done,2,0,01-06-2026 09:00,01-06-2026 09:30,01-06-2026 09:30\n")
    result = import_table(path, mapping)
    assert (result.findings, result.facts[-1].type) == ((), "onsite.done")


def test_the_shipped_help_desk_mapping_tells_an_incident(tmp_path: Path) -> None:
    """A wait, a change of group, a resolution that the column dates later, and the desk's own verdict."""
    mapping, findings = read_mapping(HELPDESK.read_bytes(), "mapping.yaml")
    assert findings == ()
    assert mapping is not None
    header = (
        "number,incident_state,reassignment_count,reopen_count,sys_mod_count,made_sla,opened_at,sys_updated_at,"
        "contact_type,priority,impact,urgency,assignment_group,resolved_at,closed_at\n"
    )
    end = "Phone,3 - Moderate,2 - Medium,2 - Medium,{},03-03-2016 11:00,08-03-2016 12:00\n"
    rows = (
        "INC1,New,0,0,0,TRUE,01-03-2016 09:00,01-03-2016 09:05," + end.format("?"),
        "INC1,Awaiting Evidence,0,0,1,TRUE,01-03-2016 09:00,01-03-2016 10:00," + end.format("Group 7"),
        "INC1,Awaiting Vendor,1,0,2,TRUE,01-03-2016 09:00,01-03-2016 11:00," + end.format("Group 8"),
        "INC1,Resolved,1,0,3,TRUE,01-03-2016 09:00,03-03-2016 10:00," + end.format("Group 8"),
        "INC1,Closed,1,0,4,FALSE,01-03-2016 09:00,08-03-2016 12:00," + end.format("Group 8"),
    )
    path = tmp_path / "table.csv"
    path.write_text(header + "".join(rows))
    result = import_table(path, mapping)
    assert [(fact.type, fact.data.get("for") or fact.data.get("to")) for fact in result.facts] == [
        ("ticket.opened", None),
        ("ticket.assigned", "Group 7"),
        ("ticket.waiting_started", "customer"),
        ("ticket.assigned", "Group 8"),
        ("ticket.waiting_ended", None),
        ("ticket.waiting_started", "vendor"),
        ("ticket.waiting_ended", None),
        ("ticket.resolved", None),
        ("ticket.closed", None),
    ]
    assert result.facts[-1].data == {"desk_made_sla": False}
    assert [finding.code for finding in result.findings] == ["values-disagree"]


STATUS_PAGE = """\
source: /status-page
zone: Europe/Amsterdam
times: "%Y-%m-%d %H:%M"
missing: "-"
subject: site
at: seen
observations:
  states: {state: {column: state, map: {OK: up, SLOW: degraded, DEAD: down}}}
"""


def observed(rows: str, tmp_path: Path, text: str = STATUS_PAGE) -> ObservationImport:
    mapping, findings = read_mapping(text, "mapping.yaml")
    assert mapping is not None, findings
    (tmp_path / "table.csv").write_text("seen,site,state\n" + rows, encoding="utf-8")
    return import_observations(tmp_path / "table.csv", mapping)


def test_rows_become_observations_of_their_component(tmp_path: Path) -> None:
    """Every row is an observation at its instant, in the words of the mapping, by component and time."""
    told = observed(
        "2026-06-02 10:00,shop,DEAD\n2026-06-01 09:00,shop,OK\n2026-06-01 09:05,blog,SLOW\n", tmp_path
    )
    assert not told.findings
    mapping, _ = read_mapping(STATUS_PAGE, "mapping.yaml")
    assert mapping is not None
    assert write_observations(told.observations, mapping) == (
        "at,component,state\n"
        "2026-06-01T07:05:00Z,blog,degraded\n"
        "2026-06-01T07:00:00Z,shop,up\n"
        "2026-06-02T08:00:00Z,shop,down\n"
    )


def test_an_observation_that_cannot_be_told_is_left_out(tmp_path: Path) -> None:
    """A word that the mapping does not know and a time that is none cost their rows, and are findings."""
    told = observed("2026-06-01 09:00,shop,OK\n2026-06-01 10:00,shop,WHAT\nyesterday,shop,OK\n", tmp_path)
    assert [(f.code, f.place.line) for f in told.findings] == [("unmapped-value", 3), ("bad-time", 4)]
    assert len(told.observations) == 1
    assert told.summary.rows_left_out == 2


@pytest.mark.parametrize(
    ("observations", "code"),
    [
        ("observations: {states: {}}", "missing-key"),
        ("observations: {weather: {state: state}}", "wrong-shape"),
        ("observations: {states: {state: state}, checks: {ok: state}}", "wrong-shape"),
        ("observations: {counts: {good: state}}", "missing-key"),
        ("observations: {states: {state: state, colour: state}}", "unknown-key"),
        ("", "wrong-shape"),
    ],
)
def test_a_mapping_of_observations_that_is_wrong_is_told(observations: str, code: str) -> None:
    """One kind, its own columns, and either facts or observations."""
    text = STATUS_PAGE[: STATUS_PAGE.index("observations:")] + observations + "\n"
    mapping, findings = read_mapping(text, "mapping.yaml")
    assert mapping is None
    assert code in {finding.code for finding in findings}
