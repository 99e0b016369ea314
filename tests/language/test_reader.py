"""The reader takes a strict YAML, says what is wrong and where, and cannot be made to suffer."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.values.finding import Place
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.reader import Limits, read, read_yaml
from upheld.language.writer import write_yaml

from .hostile.corpus import hostile_texts

HOSTILE = hostile_texts()


def found(text: bytes | str) -> list[tuple[str, int, int]]:
    _, findings = read_yaml(text, "a.yaml")
    return [(finding.code, finding.place.line, finding.place.column) for finding in findings]


def shape(node: Node | None) -> object:
    """The tree without its places."""
    if isinstance(node, Mapping):
        return {key.text: shape(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [shape(item) for item in node.items]
    return None if node is None else node.text


MALFORMED: list[tuple[str, bytes | str, list[tuple[str, int, int]]]] = [
    ("nothing", "", [("empty-file", 1, 1)]),
    ("a comment alone", "# nothing\n", [("empty-file", 1, 1)]),
    ("a document without a value", "---\n", [("empty-file", 1, 1)]),
    ("a byte that is not UTF-8", b"a: 1\nb: \xff\n", [("not-utf-8", 2, 4)]),
    ("a broken letter after a BOM", b"\xef\xbb\xbfa: \xc3(", [("not-utf-8", 1, 4)]),
    ("UTF-16", "a: 1".encode("utf-16"), [("not-utf-8", 1, 1)]),
    ("a null byte", "a: x\x00y", [("control-character", 1, 5)]),
    ("two of them", "a: \x07\nbc: \x1b", [("control-character", 1, 4), ("control-character", 2, 5)]),
    ("text that runs backwards", "a: x\u202ey", [("control-character", 1, 5)]),
    ("a line end of YAML 1.1 alone", "a: x\x85y", [("control-character", 1, 5)]),
    ("a second BOM", "\ufeffa: \ufeff1", [("control-character", 1, 4)]),
    ("half a surrogate pair", "a: \ud800", [("control-character", 1, 4)]),
    ("an escaped control character", 'a: "\\x07"', [("control-character", 1, 4)]),
    ("an escaped surrogate", 'a: "\\ud800"', [("bad-yaml", 1, 7)]),
    ("a directive", "%YAML 1.1\n---\na: 1", [("directive", 1, 1)]),
    ("a tag directive", "%TAG ! tag:x,2000:\n---\na: 1", [("directive", 1, 1)]),
    ("an anchor", "a: &x 1", [("anchor", 1, 4)]),
    ("an alias", "a: &x 1\nb: *x", [("anchor", 1, 4), ("alias", 2, 4)]),
    ("an alias as key", "*x : 1", [("alias", 1, 1)]),
    ("an anchor on a key", "&x a: 1", [("anchor", 1, 1)]),
    ("a tag", "a: !!str 1", [("tag", 1, 4)]),
    ("a tag that makes objects", "!!python/object/apply:os.system [ls]", [("tag", 1, 1)]),
    ("a bare bang", "a: ! 1", [("tag", 1, 4)]),
    ("a merge", "a: {b: 1}\n<<: {c: 1}", [("merge-key", 2, 1)]),
    ("a duplicate key", "a: 1\nb: 2\na: 3", [("duplicate-key", 3, 1)]),
    ("a duplicate key in quotes", "a: 1\n'a': 3", [("duplicate-key", 2, 1)]),
    ("three of one key", "a: {b: 1, b: 2, b: 3}", [("duplicate-key", 1, 11), ("duplicate-key", 1, 17)]),
    ("two documents", "a: 1\n---\nb: 2", [("several-documents", 2, 1)]),
    ("a list as key", "[a]: 1", [("key-not-text", 1, 1)]),
    ("a map as key", "? {a: 1}\n: 2", [("key-not-text", 1, 3)]),
    ("an empty key", "'': 1", [("key-not-text", 1, 1)]),
    ("no key", "a: {: 1}", [("bad-yaml", 1, 5)]),
    ("a key without end", "x" * 201 + ": 1", [("key-too-long", 1, 1)]),
    ("a tab", "a:\n\tb: 1", [("bad-yaml", 2, 1)]),
    ("a reserved sign", "a: @x", [("bad-yaml", 1, 4)]),
    ("a backquote", "a: `x`", [("bad-yaml", 1, 4)]),
    ("a percent sign first", "a: %x", [("bad-yaml", 1, 4)]),
    ("a star first", "a: * x", [("bad-yaml", 1, 5)]),
    ("an ampersand first", "a: & x", [("bad-yaml", 1, 5)]),
    ("a tag of no handle", "a: !x!y z", [("bad-yaml", 1, 4)]),
    ("an open list", "a: [1,", [("bad-yaml", 1, 7)]),
    ("a list closed as a map", "a: [1}", [("bad-yaml", 1, 6)]),
    ("a map closed as a list", "a: {b: 1]", [("bad-yaml", 1, 9)]),
    ("a comma too many", "[,]", [("bad-yaml", 1, 2)]),
    ("an open single quote", "a: 'x\nb: 1", [("bad-yaml", 1, 4)]),
    ("an open double quote", 'a: "x\nb: 1', [("bad-yaml", 1, 4)]),
    ("a quote over a document end", '"a\n---\n', [("bad-yaml", 1, 1)]),
    ("an unknown escape", 'a: "\\q"', [("bad-yaml", 1, 5)]),
    ("a text after a quote", "a: 'x' y", [("bad-yaml", 1, 8)]),
    ("two colons", "a: b: c", [("bad-yaml", 1, 5)]),
    ("a key indented too far", "a: 1\n b: 2", [("bad-yaml", 2, 3)]),
    ("a key indented too little", "a:\n  b: 1\n c: 2", [("bad-yaml", 3, 2)]),
    ("a line without a colon", "a: 1\nb\n", [("bad-yaml", 3, 1)]),
    ("a map after a list", "- a\nb: 1", [("bad-yaml", 2, 1)]),
    ("a list after a key on its line", "a: - b", [("bad-yaml", 1, 4)]),
    ("a block badly opened", "a: | 2\n x", [("bad-yaml", 1, 6)]),
    ("a text after the end", "a: 1\n...\nb", [("bad-yaml", 3, 1)]),
    ("what was told before", "a: 1\na: 2\nb: [", [("duplicate-key", 2, 1), ("bad-yaml", 3, 5)]),
    ("33 levels", "[" * 33 + "]" * 33, [("too-deep", 1, 33)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED]
)
def test_malformed_text_is_told_with_its_place(
    text: bytes | str, expected: list[tuple[str, int, int]]
) -> None:
    """Every malformed text gives exactly its findings, each at its line and column."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED]
)
def test_the_parser_in_python_refuses_the_same(
    text: bytes | str, expected: list[tuple[str, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the C parser is not present the same texts are refused for the same reasons."""
    monkeypatch.delattr(yaml, "CSafeLoader")
    codes = {code for code, _, _ in found(text)}
    if text == 'a: "\\ud800"':  # the only text that one parser and the other refuse in different words
        assert codes == {"control-character"}
    else:
        assert codes == {code for code, _, _ in expected}


def test_all_faults_are_told_at_once() -> None:
    """A text with several faults names them all, in their order, each with a way out."""
    text = "a: &x 1\nb: *x\n<<: {a: 1}\na: !!str 3\n[c]: 4\n"
    node, findings = read_yaml(text, "a.yaml")
    codes = [finding.code for finding in findings]
    assert codes == ["anchor", "alias", "merge-key", "duplicate-key", "tag", "key-not-text"]
    assert all(finding.way_out for finding in findings)
    assert shape(node) == {"a": "1", "b": ""}


def test_a_duplicate_names_both_places() -> None:
    """A duplicate key is told at the second place and names the first."""
    _, (finding,) = read_yaml("a: 1\nb: 2\na: 3", "a.yaml")
    assert finding.places == (Place("a.yaml", 3, 1), Place("a.yaml", 1, 1))


def test_faults_without_end_are_cut_off() -> None:
    """After fifty faults reading stops and says so."""
    _, findings = read_yaml("- &a x\n" * 1000, "a.yaml")
    assert len(findings) == 51
    assert {finding.code for finding in findings} == {"anchor", "too-many-findings"}


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_text_is_refused_in_bounded_work(trick: str) -> None:
    """A hostile text is refused after a bounded number of parser events."""
    reading = read(HOSTILE[trick], "a.yaml")
    assert reading.findings
    assert reading.events <= Limits().events


@pytest.mark.parametrize(
    ("trick", "events"),
    [
        ("ten megabytes", 0),
        ("one byte too many", 0),
        ("one character, two bytes too many", 0),
        ("brackets that kill the composing C parser", 35),
        ("braces in each other", 67),
        ("lists in each other", 35),
        ("control characters", 0),
        ("a very long flat list", 1_004),
        ("a very long list of empty lists", 2_005),
    ],
)
def test_refusal_costs_no_more_events_than_it_must(trick: str, events: int) -> None:
    """The parser is asked for the first event over a limit and for none after it; it may give up before."""
    reading = read(HOSTILE[trick], "a.yaml")
    assert reading.events == events or (trick.startswith("brackets") and reading.events < events)


def test_depth_is_one_finding_whoever_gives_up_first() -> None:
    """Forty levels are too many for us, a hundred thousand for the parser: the finding is the same."""
    for levels in (40, 100_000):
        (finding,) = read("[" * levels, "a.yaml").findings
        assert (finding.code, finding.message) == (
            "too-deep",
            "more than 32 levels are nested in each other here",
        )


def test_the_worst_texts_stay_in_little_memory() -> None:
    """The texts with the most nodes are refused with less than 64 MB of Python's memory."""
    tracemalloc.start()
    try:
        for trick in ("a very long list of empty lists", "ten megabytes"):
            read(HOSTILE[trick], "a.yaml")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


def test_limits_are_the_last_that_is_taken() -> None:
    """Exactly 32 levels and exactly as many nodes as allowed are read."""
    assert found("[" * 32 + "]" * 32) == []
    assert read("[a, b]", "a.yaml", Limits(nodes=3)).findings == ()
    assert [f.code for f in read("[a, b]", "a.yaml", Limits(nodes=2)).findings] == ["too-many-nodes"]
    for text in ("[a, b]", "{a: 1, b: 2}"):
        assert read(text, "a.yaml", Limits(entries=2)).findings == ()
        assert [f.code for f in read(text, "a.yaml", Limits(entries=1)).findings] == ["too-many-nodes"]


@pytest.mark.parametrize(
    "text", ["12:30", "no", "yes", "010", "1e3", "~", "null", "2026-01-01", "0x1F", "1_000", ".inf"]
)
def test_every_scalar_is_the_text_that_was_written(text: str) -> None:
    """Nothing is read as a number, a date, a truth or nothing."""
    node, findings = read_yaml(f"a: {text}\n{text}: b", "a.yaml")
    assert findings == ()
    assert shape(node) == {"a": text, text: "b"}


def test_every_node_knows_its_place() -> None:
    """Keys, texts, lists and maps carry line and column from 1, also behind a BOM and CRLF."""
    node, findings = read_yaml("\ufeffé: 'x'\r\nlist:\r\n  - {k: v}\r\n".encode(), "a.yaml")
    assert findings == ()
    assert isinstance(node, Mapping)
    assert [str(key.place) for key, _ in node.entries] == ["a.yaml:1:1", "a.yaml:2:1"]
    assert [str(child.place) for _, child in node.entries] == ["a.yaml:1:4", "a.yaml:3:3"]
    items = node.get("list")
    assert isinstance(items, Sequence)
    assert str(items.items[0].place) == "a.yaml:3:5"
    assert node.get("none") is None


@pytest.mark.parametrize(
    ("text", "quoted", "exact", "column"),
    [
        ("a: plain text", False, True, 4),
        ("a: 'single'", True, True, 5),
        ('a: "double"', True, True, 5),
        ('a: "esc\\t"', True, False, 4),
        ("a: 'it''s'", True, False, 4),
        ("a: two\n  lines", False, False, 4),
        ("a: |\n  block", True, False, 4),
    ],
)
def test_a_text_knows_where_its_first_character_stands(
    text: str, quoted: bool, exact: bool, column: int
) -> None:
    """Behind a quote the text begins a column later; where columns mean nothing its own place is told."""
    node, _ = read_yaml(text, "a.yaml")
    assert isinstance(node, Mapping)
    value = node.get("a")
    assert isinstance(value, Scalar)
    assert (value.quoted, value.exact, value.text_place.column) == (quoted, exact, column)


def test_yaml_is_imported_by_its_first_reader_only() -> None:
    """Importing the reader does not import the parser, so that commands without YAML start at once."""
    code = "import sys, upheld.language.reader; print('yaml' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "False"


# -- writing -----------------------------------------------------------------------------------------------

HERE = Place("a.yaml", 7, 3)
CHARACTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf", "Cn"), include_characters="\n\t")
NASTY = st.sampled_from(
    ["", " ", "-", "- a", "a: b", "a:", ":a", "a #b", "#", "'", '"', "'a'", "---", "...", "<<", "no", "12:30",
     "*a", "&a", "!a", "%a", "@a", "`a`", "[a", "a]", "{", "? a", "?a", "-a", "a\n\nb", "\\n", ">", "a, b"]
)  # fmt: skip
TEXTS = st.text(CHARACTERS, max_size=12) | NASTY
SCALARS = st.builds(Scalar, TEXTS, st.just(HERE), st.booleans())
KEYS = st.builds(Scalar, TEXTS.filter(lambda text: text != ""), st.just(HERE), st.booleans())


def mappings(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Mapping]:
    entries = st.lists(st.tuples(KEYS, children), max_size=4, unique_by=lambda entry: entry[0].text)
    return st.builds(Mapping, entries.map(tuple), st.just(HERE))


def sequences(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Sequence]:
    return st.builds(Sequence, st.lists(children, max_size=4).map(tuple), st.just(HERE))


TREES = mappings(st.recursive(SCALARS, lambda inner: mappings(inner) | sequences(inner), max_leaves=12))


def is_quoted(node: Node) -> list[bool]:
    if isinstance(node, Scalar):
        return [node.quoted]
    inside = node.items if isinstance(node, Sequence) else [part for entry in node.entries for part in entry]
    return [quoted for part in inside for quoted in is_quoted(part)]


@given(TREES, st.booleans())
def test_what_is_written_reads_back(tree: Mapping, origins: bool) -> None:
    """A tree written and read again has the same texts in the same shape, and no quote is lost."""
    text = write_yaml(tree, origins)
    again, findings = read_yaml(text, "a.yaml")
    assert findings == ()
    assert again is not None
    assert shape(again) == shape(tree)
    assert all(now or not before for before, now in zip(is_quoted(tree), is_quoted(again), strict=True))
    assert write_yaml(again) == write_yaml(tree)


@settings(max_examples=tried(300))
@given(st.text(st.sampled_from("ab:-?[]{},'\"#&*!|>% \n\t\\0é\u2028"), max_size=40) | st.binary(max_size=30))
@example("a: 'b\n")
def test_any_text_gives_a_tree_or_findings(text: bytes | str) -> None:
    """No text raises; what is sound can be written and read again."""
    node, findings = read_yaml(text, "a.yaml")
    assert findings or node is not None
    if node is not None and not findings:
        again, none = read_yaml(write_yaml(node), "a.yaml")
        assert (shape(again), none) == (shape(node), ())


def test_every_line_can_name_its_origin() -> None:
    """With origins each line that holds a value says where it was written."""
    node, _ = read_yaml("a: {b: 1, c: []}\nlist:\n  - x: 'no'\n    y: 2", "plan.yaml")
    assert node is not None
    written = write_yaml(node, origins=True)
    assert [" ".join(line.split()) for line in written.splitlines()] == [
        "a:",
        "b: 1 # plan.yaml:1",
        "c: [] # plan.yaml:1",
        "list:",
        "- x: 'no' # plan.yaml:3",
        "y: 2 # plan.yaml:4",
    ]
    assert write_yaml(node) == "a:\n  b: 1\n  c: []\nlist:\n  - x: 'no'\n    y: 2\n"
