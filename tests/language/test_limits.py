"""Agreements that ask for much: refused early if it is too much, else read in work that grows with them."""

from __future__ import annotations

from tests.language.texts import HEAD, tree
from upheld.core.values.finding import MOST_TOLD, Finding, Place
from upheld.language.combined import MOST_COMBINED
from upheld.language.compile import compile_terms
from upheld.language.hours import LONGEST
from upheld.language.layers import MOST_PLANS
from upheld.language.library import map_of
from upheld.language.suggestion import MOST_COMPARED, did_you_mean


def told(rows: str) -> tuple[Finding, ...]:
    """What is wrong with an agreement of these rows."""
    return compile_terms(tree(HEAD + rows))[1]


def chained(count: int) -> str:
    """So many calendars, each of which is combined of the next one and of another."""
    rows = "".join(f"  c{n}: {{union: [c{n + 1}, b]}}\n" for n in range(count))
    hours = f"  c{count}: {{open: Mon 09:00-10:00}}\n  b: {{open: Tue 09:00-10:00}}\n"
    return f"calendar:\n{rows}{hours}"


def test_a_calendar_is_combined_of_a_hundred_at_most() -> None:
    """Two more for each of a chain: fifty hold, and of the next one it is told where it stands."""
    assert MOST_COMBINED == 100
    assert told(chained(50)) == ()
    (found,) = told(chained(51))
    assert (found.code, found.place.line) == ("too-many-nodes", HEAD.count("\n") + 2)
    assert found.message.startswith("`c0` is combined of more than 100 calendars")


def test_calendars_that_are_shared_count_once_for_each_way_to_them() -> None:
    """Each of a few is combined of two below it: laid out they are a thousand, and one alone is told of."""
    rows = "".join(f"  c{n}: {{union: [c{n + 1}, c{n + 2}]}}\n" for n in range(900))
    (found,) = told(
        f"calendar:\n{rows}  c900: {{open: Mon 09:00-10:00}}\n  c901: {{open: Tue 09:00-10:00}}\n"
    )
    assert found.code == "too-many-nodes"


def test_a_cycle_of_many_calendars_names_its_beginning() -> None:
    """However many go round, ten are named, and nothing is read deeper than Python reads."""
    rows = "".join(f"  c{n}: {{union: [c{(n + 1) % 990}]}}\n" for n in range(990))
    (found,) = told(f"calendar:\n{rows}")
    assert (found.code, len(found.places)) == ("calendar-cycle", 10)
    assert found.message.endswith("`c8` of `c9` of … of `c0`")


def test_each_text_that_overlaps_another_is_told_once() -> None:
    """The one below is told, also where the end of the week meets its beginning."""
    rows = (
        "calendar:\n  c:\n    open:\n      - Mon-Fri 09:00-12:00\n      - Tue 08:00-13:00\n"
        "      - Mon 12:00-13:00\n      - Wed 10:00-11:00, Thu 11:00-13:00\n"
        "      - Sun 23:00-01:00\n      - Mon 00:00-02:00\n"
    )
    found = told(rows)
    first = HEAD.count("\n") + 4
    assert [(one.code, one.place.line - first) for one in found] == [
        ("bad-hours", 1),
        ("bad-hours", 3),
        ("bad-hours", 5),
    ]


def test_the_hours_of_a_week_are_as_long_in_a_list_as_in_a_text() -> None:
    """What is split into many texts is not read at greater length."""
    one = ", ".join(
        f"'Mon 0{n // 60}:{n % 60:02d}-0{n // 60}:{n % 60:02d}'" for n in range(LONGEST // 15 + 1)
    )
    (found,) = told(f"calendar: {{c: {{open: [{one}]}}}}")
    assert (found.code, found.message) == (
        "bad-hours",
        "the hours of a week need no more than 2,000 characters",
    )
    (found,) = told(
        f"calendar: {{c: {{open: Mon 09:00-10:00, dates: {{2026-02-03: '{'09:00-10:00 ' * 200}'}}}}}}"
    )
    assert found.message == "the hours of a week need no more than 2,000 characters"


def test_an_agreement_has_twenty_plans_at_most() -> None:
    """One more is told with its place before anything is compiled, whoever reads the file."""
    plans = "".join(f"  p{n}: {{}}\n" for n in range(MOST_PLANS))
    assert map_of(f"plan:\n{plans}".encode(), "a.yaml")[1] == ()
    node, (found,) = map_of(f"plan:\n{plans}  one more: {{}}\n".encode(), "a.yaml")
    assert node is None
    assert (found.code, found.place) == ("too-many-nodes", Place("a.yaml", MOST_PLANS + 2, 3))
    assert found.message == "these are 21 plans, and 20 are read at most"


def test_conditions_that_are_wrong_are_told_of_a_hundred_rows() -> None:
    """What is found in an expression counts as all else does: behind a hundred errors nothing is read."""
    rows = "".join(
        f"  d{n}: {{from: opened, until: answered, within: 1h, where: nope = {n}}}\n" for n in range(300)
    )
    found = told(f"deadline:\n{rows}")
    assert [one.code for one in found].count("too-many-findings") == 1
    assert len(found) == MOST_TOLD + 1


def test_components_that_nobody_observes_are_told_a_hundred_times() -> None:
    """Each for each indicator would be as many as the one times the other."""
    names = ", ".join(f"c{n}" for n in range(30))
    parts = "".join(f"  c{n}: {{}}\n" for n in range(30))
    rows = "".join(f"  i{n}: {{count: checks of w, per: {{slice: 5m}}}}\n" for n in range(30))
    found = told(f"component:\n  w: {{all: [{names}]}}\n{parts}indicator:\n{rows}")
    assert [one.code for one in found] == ["component-unobserved"] * MOST_TOLD


def test_a_word_is_compared_with_few_of_many_names() -> None:
    """Among a thousand names those are compared that begin as it does, and of these the first sixty."""
    names = [f"{letter}name{n}" for letter in "ab" for n in range(500)]
    assert did_you_mean("bnames3", names) == "did you mean `bname3`?"
    assert did_you_mean("cname3", names) == ""
    assert did_you_mean("cname3", names[:MOST_COMPARED]) == "did you mean `aname3`?"
    assert did_you_mean("cname3", names, len(names)) == "did you mean `bname3`?"
    assert did_you_mean("a" * 101, ["a" * 100]) == ""
    assert did_you_mean("", names) == ""
