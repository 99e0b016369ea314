"""Which readings matter, found by asking for few of their combinations."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from upheld.core.readings.exploration import (
    FEW_BRANCHES,
    MOST_BRANCHES,
    TAKEN,
    Branches,
    Leaf,
    Options,
    Selection,
    every,
    explore,
)
from upheld.core.values.key import CellKey
from upheld.core.verdicts.shown import shown
from upheld.core.verdicts.verdict import Outcome, Verdict

KEY = CellKey("acme", "uptime", "2026-06")
TWO: Options = dict.fromkeys("abcdefgh", ("other",))


def outcome(number: int) -> Outcome:
    """An outcome that shows a number."""
    return Outcome((Verdict(KEY, "quota", 1, "met", "guarantee", count=number),))


class Agreement:
    """A function from readings to a number that says what it consulted, and counts how often it was asked."""

    def __init__(self, compute: Callable[[Callable[[str], str]], int | None]) -> None:
        self.compute = compute
        self.asked: list[Selection] = []

    def __call__(self, selection: Selection) -> Leaf | None:
        self.asked.append(selection)
        consulted: set[str] = set()

        def read(name: str) -> str:
            consulted.add(name)
            return dict(selection).get(name, "taken")

        number = self.compute(read)
        return None if number is None else Leaf(outcome(number), frozenset(consulted))


def numbers(branches: Branches) -> set[int | None]:
    """The numbers of all branches."""
    return {found.verdicts[0].count for found in branches.outcomes.values()}


def test_what_consults_nothing_is_asked_once() -> None:
    """There is one branch: as the agreement takes its readings."""
    agreement = Agreement(lambda read: 1)
    branches = explore(agreement, {})
    assert list(branches.outcomes) == [TAKEN]
    assert (branches.live, branches.is_whole, agreement.asked) == ((), True, [TAKEN])


def test_a_reading_that_is_not_consulted_is_no_branch() -> None:
    """Only `a` decides; the seven others are never asked for one by one."""
    agreement = Agreement(lambda read: 1 if read("a") == "taken" else 2)
    branches = explore(agreement, TWO)
    assert (branches.consulted, branches.live, numbers(branches)) == (("a",), ("a",), {1, 2})
    assert len(agreement.asked) == 2


def test_a_reading_consulted_only_under_another_is_followed() -> None:
    """`b` matters only where `a` is read otherwise."""
    agreement = Agreement(lambda read: 1 if read("a") == "taken" else 2 if read("b") == "taken" else 3)
    branches = explore(agreement, TWO)
    assert set(branches.live) == {"a", "b"}
    assert numbers(branches) == {1, 2, 3}


def masked(read: Callable[[str], str]) -> int:
    """Two rows promise the same: only without both is there another promise."""
    others = [read(name) for name in "cdefgh"]
    return 2 if (read("a"), read("b")) == ("other", "other") else 1 + 0 * len(others)


def test_readings_that_hide_each_other_are_found_together() -> None:
    """Neither `a` nor `b` changes anything alone, and there are too many readings for every combination."""
    agreement = Agreement(masked)
    branches = explore(agreement, TWO)
    assert (set(branches.live), numbers(branches), branches.is_whole) == ({"a", "b"}, {1, 2}, True)
    assert len(agreement.asked) < 2 ** len(TWO) / 4


def test_beyond_64_branches_readings_are_taken_in_pairs_and_it_is_said() -> None:
    """Eight readings that all matter have 256 combinations."""
    agreement = Agreement(lambda read: sum(2**n * (read(x) == "other") for n, x in enumerate("abcdefgh")))
    branches = explore(agreement, TWO)
    assert not branches.is_whole
    assert len(branches.live) == 8
    assert len(branches.outcomes) == 1 + 8 + 28
    assert MOST_BRANCHES < 2**8


def test_a_selection_that_cannot_be_executed_is_left_out_and_it_is_said() -> None:
    """Under `a` and `b` together the agreement says nothing."""
    agreement = Agreement(
        lambda read: None if (read("a"), read("b")) == ("other", "other") else 1 + (read("a") == "other")
    )
    branches = explore(agreement, TWO)
    assert numbers(branches) == {1, 2}
    assert not branches.is_whole or frozenset({("a", "other"), ("b", "other")}) not in branches.outcomes


TABLES = st.dictionaries(
    st.tuples(*[st.sampled_from(["taken", "x", "y"])] * 2, *[st.sampled_from(["taken", "x"])] * 1),
    st.integers(0, 3),
)


@given(TABLES)
def test_few_readings_are_looked_at_in_every_combination(table: dict[tuple[str, ...], int]) -> None:
    """Whatever hides what: the branches have every result there is, each reading that matters among them."""
    options = {"a": ("x", "y"), "b": ("x", "y"), "c": ("x",)}
    few = {name: found for name, found in options.items() if name != "b"}

    def compute(read: Callable[[str], str]) -> int:
        return table.get((read("a"), "taken", read("c")), 0)

    branches = explore(Agreement(compute), options)
    results = {dict_result(table, selection) for selection in every(few)}
    assert len(list(every(few))) <= FEW_BRANCHES
    assert numbers(branches) == results


def dict_result(table: dict[tuple[str, ...], int], selection: Selection) -> int:
    """What the table says under a selection."""
    told = dict(selection)
    return table.get((told.get("a", "taken"), "taken", told.get("c", "taken")), 0)


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1, max_size=3), max_size=4))
def test_rows_of_which_one_is_enough_are_found_whatever_hides_them(rows: list[set[str]]) -> None:
    """A promise holds until every row that makes it is read away: any set of rows over eight readings."""

    def compute(read: Callable[[str], str]) -> int:
        told = {name: read(name) for name in "abcdefgh"}
        return sum(all(told[name] == "other" for name in row) for row in rows)

    branches = explore(Agreement(compute), TWO)
    assert set(branches.live) == set().union(*rows)
    if branches.is_whole:
        assert numbers(branches) == {
            sum(row <= {name for name, _ in selection} for row in rows) for selection in every(TWO)
        }


def test_what_is_shown_is_told_apart_by_its_figures_alone() -> None:
    """A reason is no other outcome; a count is."""
    one = outcome(1)
    reasoned = Outcome((Verdict(KEY, "quota", 1, "met", "guarantee", count=1, reasons=("why",)),))
    assert shown(one) == shown(reasoned) != shown(outcome(2))
