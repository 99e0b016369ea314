"""An overlay merges by key, replaces texts and lists whole, removes by `none`, and keeps every origin."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.values.finding import Place
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.overlay import overlay
from upheld.language.reader import read_yaml
from upheld.language.writer import write_yaml


def parsed(text: str, file: str) -> Mapping:
    node, findings = read_yaml(text, file)
    assert findings == ()
    assert isinstance(node, Mapping)
    return node


def test_a_contract_over_a_plan_over_an_agreement() -> None:
    """Maps merge, texts and lists replace, `none` removes, new keys follow, each line knows its origin."""
    base = parsed(
        "deadline:\n  response: {within: 2h, on: support}\n  update: {every: 1h}\nchannels: [mail, phone]\n",
        "a.yaml",
    )
    over = parsed(
        "channels: [portal]\ndeadline:\n  response:\n    within: 1h\n  update: none\n  close: {within: 5d}\n",
        "p.yaml",
    )
    merged, findings = overlay(base, over)
    assert findings == ()
    assert [" ".join(line.split()) for line in write_yaml(merged, origins=True).splitlines()] == [
        "deadline:",
        "response:",
        "within: 1h # p.yaml:4",
        "on: support # a.yaml:2",
        "close:",
        "within: 5d # p.yaml:6",
        "channels:",
        "- portal # p.yaml:1",
    ]


def test_a_removal_of_nothing_is_a_warning() -> None:
    """Removing what is not there is told at its place, and changes nothing."""
    base = parsed("a: 1", "a.yaml")
    merged, (finding,) = overlay(base, parsed("b:\n  none\n", "p.yaml"))
    assert merged == base
    assert (finding.code, finding.severity, str(finding.place)) == (
        "nothing-to-remove",
        "warning",
        "p.yaml:1:1",
    )


def test_a_removal_inside_a_new_map_never_reaches_the_reader() -> None:
    """A `none` inside a map that is new, or that replaces a text, is told and dropped."""
    base = parsed("a: 1", "a.yaml")
    merged, findings = overlay(base, parsed("a: {x: none, y: 2}\nb: {z: none}", "p.yaml"))
    assert write_yaml(merged) == "a:\n  y: 2\nb: {}\n"
    assert [finding.code for finding in findings] == ["nothing-to-remove"] * 2


def test_a_quoted_none_is_a_text() -> None:
    """Only the plain word removes."""
    merged, findings = overlay(parsed("a: 1", "a.yaml"), parsed("a: 'none'", "p.yaml"))
    assert (write_yaml(merged), findings) == ("a: 'none'\n", ())


def test_a_text_and_a_map_do_not_mix() -> None:
    """Where one has a map and the other a text, the later stands."""
    one, other = parsed("a: {b: 1}", "a.yaml"), parsed("a: 2", "p.yaml")
    assert write_yaml(overlay(one, other)[0]) == "a: 2\n"
    assert write_yaml(overlay(other, one)[0]) == "a:\n  b: 1\n"


# -- laws --------------------------------------------------------------------------------------------------

ALL_PLACES = [Place(file, line) for file in ("a.yaml", "p.yaml") for line in (1, 2, 3)]
PLACES = st.sampled_from(ALL_PLACES)
TEXTS = st.sampled_from([Scalar(text, place) for text in ("1", "2", "x") for place in ALL_PLACES])
NONES = st.sampled_from([Scalar("none", place) for place in ALL_PLACES])
LISTS = st.builds(Sequence, st.lists(TEXTS, max_size=2).map(tuple), PLACES)
EMPTY = Mapping((), Place("e.yaml"))


def mappings(names: str, children: st.SearchStrategy[Node]) -> st.SearchStrategy[Mapping]:
    keys = st.sampled_from([Scalar(name, place) for name in names for place in ALL_PLACES])
    entries = st.lists(st.tuples(keys, children), max_size=3, unique_by=lambda entry: entry[0].text)
    return st.builds(Mapping, entries.map(tuple), PLACES)


def join(left: Mapping, right: Mapping) -> Mapping:
    return Mapping((*left.entries, *right.entries), left.place)


def typed(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Mapping]:
    """Maps in which a key always holds the same sort of value: capitals hold maps, the others leaves."""
    inner = mappings("abc", leaves)
    for _ in range(2):
        inner = st.builds(join, mappings("abc", leaves), mappings("XYZ", inner))
    return inner


SOUND = typed(TEXTS | LISTS)
ANY = typed(TEXTS | LISTS | NONES)
MIXED = st.recursive(TEXTS | LISTS | NONES, lambda inner: mappings("abcd", inner), max_leaves=8).filter(
    lambda node: isinstance(node, Mapping)
)


def has_none(node: Node) -> bool:
    if isinstance(node, Mapping):
        return any(has_none(child) for _, child in node.entries)
    return isinstance(node, Scalar) and node.text == "none"


@given(MIXED)
def test_laying_nothing_changes_nothing(x: Mapping) -> None:
    """overlay(x, {}) == x, places and all."""
    assert overlay(x, EMPTY) == (x, ())


@given(MIXED, MIXED)
def test_laying_twice_is_laying_once(x: Mapping, y: Mapping) -> None:
    """overlay(overlay(x, y), y) == overlay(x, y), places and all."""
    once, _ = overlay(x, y)
    assert overlay(once, y)[0] == once


@settings(max_examples=tried(60))
@given(SOUND, SOUND, SOUND)
def test_sound_texts_join_from_either_side(x: Mapping, y: Mapping, z: Mapping) -> None:
    """Without `none` and without a map over a text the overlay is associative, places and all."""
    left = overlay(overlay(x, y)[0], z)[0]
    right = overlay(x, overlay(y, z)[0])[0]
    assert left == right


@settings(max_examples=tried(60))
@given(SOUND, ANY)
def test_no_none_is_left(x: Mapping, y: Mapping) -> None:
    """What was removed is gone, and the word that removed it with it."""
    assert not has_none(overlay(x, y)[0])


@settings(max_examples=tried(60))
@given(SOUND, SOUND)
def test_what_was_laid_is_there(x: Mapping, y: Mapping) -> None:
    """Every key of the overlay is in the result; those of the base come first, in order."""
    merged, findings = overlay(x, y)
    keys = [key.text for key, _ in merged.entries]
    old, new = [key.text for key, _ in x.entries], [key.text for key, _ in y.entries]
    assert keys == old + [key for key in new if key not in old]
    assert findings == ()


def test_a_value_takes_the_place_of_a_reading() -> None:
    """What is said outright stands instead of what an assumption decides, and the other way round."""
    read = parsed("hosted: {by level: {each: {each: [a]}, all: {all: [a]}}}", "a.yaml")
    outright = parsed("hosted: {each: [b]}", "c.yaml")
    assert write_yaml(overlay(read, outright)[0]) == write_yaml(outright)
    assert write_yaml(overlay(outright, read)[0]) == write_yaml(read)
    other = parsed("hosted: {by level: {all: {all: [b]}}}", "c.yaml")
    merged, _ = overlay(read, other)
    assert write_yaml(merged) == write_yaml(
        parsed("hosted: {by level: {each: {each: [a]}, all: {all: [b]}}}", "m.yaml")
    )
