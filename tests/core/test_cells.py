"""Cells: computed when what they read has changed, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.evaluating.cells import Cells, Key, Reader
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant

from .worlds import fact

WORD = ("word", "a")
OTHER = ("word", "b")
MEMBERS = ("members",)


def root(name: str, stratum: int = 2) -> Key:
    """The key of a cell."""
    return stratum, "count", (name,)


def facts(count: int, type_: str = "ticket.replied") -> tuple[Fact, ...]:
    """So many facts."""
    return tuple(fact(type_, n, id_=f"{type_}-{n}") for n in range(count))


def count(key: Key, reader: Reader, at: Instant) -> tuple[int, Instant | None]:
    """Stratum 1 counts replies in twos, stratum 2 reads a cell and the assignments; `timer` wakes at 10."""
    stratum, _, (name, *_) = key
    if name == "timer":
        return int(at >= 10), 10 if at < 10 else None
    if name == "all":
        members = reader.names(MEMBERS)
        return sum(int(str(reader.cell(root(member, 1)))) for member in members), None
    if stratum == 1:
        return len(reader.facts(("word", name), frozenset({"ticket.replied"}))) // 2, None
    lower = reader.cell(root(name, 1))
    return int(str(lower)) + len(reader.facts(("word", name), frozenset({"ticket.assigned"}))), None


def settled(*names: str) -> Cells:
    """Roots settled at 0 over two replies each."""
    cells = Cells(count)
    cells.put_facts({("word", name): facts(2) for name in "ab"})
    cells.settle([root(name) for name in names], 0, None)
    return cells


def test_a_cell_is_computed_with_what_it_reads_and_not_twice() -> None:
    """Nothing new, nothing computed."""
    cells = settled("a")
    assert cells.computed == [root("a", 1), root("a")]
    assert cells.value(root("a")) == 1
    cells.settle([root("a")], 1, 0)
    assert cells.computed == []


@pytest.mark.parametrize(
    ("new", "computed", "value"),
    [
        (facts(3), [root("a", 1)], 1),  # its value stays, so nobody above is asked
        (facts(4), [root("a", 1), root("a")], 2),
        ((*facts(2), *facts(1, "ticket.assigned")), [root("a")], 2),
        ((*facts(2), *facts(1, "ticket.closed")), [], 1),
        ((), [root("a", 1), root("a")], 0),
    ],
)
def test_only_readers_of_what_changed_are_computed(
    new: tuple[Fact, ...], computed: list[Key], value: int
) -> None:
    """By input, by type, and by the value of what lies below."""
    cells = settled("a", "b")
    cells.put_facts({WORD: new, OTHER: facts(2)})
    cells.settle([root("a"), root("b")], 0, 0)
    assert (cells.computed, cells.value(root("a"))) == (computed, value)


def test_an_input_that_is_gone_is_empty() -> None:
    """Facts withdrawn altogether."""
    cells = settled("a", "b")
    cells.put_facts({OTHER: facts(2)})
    cells.settle([root("a"), root("b")], 0, 0)
    assert (cells.value(root("a")), cells.value(root("b"))) == (0, 1)


def test_a_cell_wakes_when_its_instant_has_come() -> None:
    """Not before, and once."""
    cells = Cells(count)
    timer = root("timer")
    computed = []
    for at, since in ((0, None), (9, 0), (10, 9), (11, 10)):
        cells.settle([timer], at, since)
        computed.append((at, len(cells.computed), cells.value(timer)))
    assert computed == [(0, 1, 0), (9, 0, 0), (10, 1, 1), (11, 0, 1)]


def test_what_nobody_wants_is_forgotten_with_what_it_alone_read() -> None:
    """A root that is no longer asked for, and comes back."""
    cells = settled("a", "b")
    cells.settle([root("b")], 0, 0)
    with pytest.raises(KeyError):
        cells.value(root("a"))
    cells.put_facts({WORD: facts(4), OTHER: facts(2)})
    cells.settle([root("b")], 0, 0)
    assert cells.computed == []
    cells.settle([root("a"), root("b")], 0, 0)
    assert cells.computed == [root("a", 1), root("a")]
    assert cells.value(root("a")) == 2


def test_names_bring_and_take_what_is_read() -> None:
    """A member more computes its cell and the reader of the list."""
    cells = settled("b")
    cells.put_names({MEMBERS: ("b",)})
    cells.settle([root("all")], 0, 0)
    cells.put_names({MEMBERS: ("a", "b")})
    cells.settle([root("all")], 0, 0)
    assert cells.computed == [root("a", 1), root("all")]
    cells.put_names({})
    cells.settle([root("all")], 0, 0)
    assert (cells.computed, cells.value(root("all"))) == ([root("all")], 0)


def test_a_cell_may_not_read_its_own_stratum() -> None:
    """Strata have no cycles."""
    cells = Cells(lambda key, reader, at: (str(reader.cell(key)), None))
    with pytest.raises(AssertionError, match="no cycles"):
        cells.settle([root("a")], 0, None)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5), st.integers(0, 3)), max_size=8))
def test_cells_that_go_on_hold_what_new_ones_would(changes: list[tuple[str, int, int]]) -> None:
    """Whatever comes and goes."""
    going = settled("a", "b", "all")
    inputs = {("word", name): facts(2) for name in "ab"}
    for at, (name, replies, assignments) in enumerate(changes, start=1):
        inputs = {**inputs, ("word", name): (*facts(replies), *facts(assignments, "ticket.assigned"))}
        members = {MEMBERS: tuple("ab"[: replies % 3])}
        roots = [root("a"), root("b"), root("all")]
        fresh = Cells(count)
        for cells, since in ((going, at - 1), (fresh, None)):
            cells.put_facts(inputs)
            cells.put_names(members)
            cells.settle(roots, at, since)
        assert [going.value(key) for key in roots] == [fresh.value(key) for key in roots]
