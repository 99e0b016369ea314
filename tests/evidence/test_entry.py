"""Entries: what a fact is in a log, that nothing of it is lost, and that bytes have one reading."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.logs import ACME, KEY, SALT, fact
from upheld.core.book import Origin
from upheld.core.facts.fact import Data, Fact
from upheld.core.stating.canonical import canonical
from upheld.core.timeline.instant import SECOND
from upheld.core.values.frozen import replace
from upheld.evidence.canonical import DEPTH, read_canonical
from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.entry import (
    ENTRY_BYTES,
    NO_TERMS,
    Entry,
    EntryError,
    Gap,
    NewKey,
    Said,
    Sealed,
    entry_bytes,
    read_entry,
)
from upheld.evidence.strict import MOST
from upheld.evidence.told import PrivateTextError, composed, fault_of, private_hash, told
from upheld.evidence.tree import leaf_hash

NAME = LogName(ACME)
TERMS = Origin(*(sha256(text).hexdigest() for text in (b"agreement", b"lock", b"contract")))
OPENED = fact(0, private={"text": "Mrs Jansen cannot log in"})
GAP = Gap(Head(NAME, 9, leaf_hash(b"a")), Head(NAME, 7, leaf_hash(b"b")), 5, "restored Monday's backup")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
some = texts.filter(bool)
numbers = st.integers(-(10**40), 10**40) | st.decimals(
    -(10**12), 10**12, allow_nan=False, allow_infinity=False, places=9
)
values = st.recursive(
    st.none() | st.booleans() | texts | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=4).map(Data)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
instants = st.integers(-(10**15), 7 * 10**15)
names = st.builds(LogName, st.just(ACME), st.integers(1, 5))
heads = st.builds(Head, names, st.integers(0, MOST), st.binary(min_size=32, max_size=32))


@st.composite
def facts(draw: st.DrawFn, recorded_at: int) -> Fact:
    """A fact of a known type, of a declared one, with any data."""
    kind = draw(st.sampled_from(["ticket.opened", "desk.phoned"]))
    given_texts = draw(some), draw(some)
    return Fact(*given_texts, kind, draw(instants), recorded_at, draw(some), draw(objects), draw(objects))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that can be."""
    at = draw(instants)
    kind = draw(st.sampled_from(["fact", "gap", "key", "sealed"]))
    said: Said
    if kind == "fact":
        said = told(draw(facts(at)), draw(st.binary(min_size=32, max_size=32)))
    elif kind == "gap":
        signed, kept = draw(heads), draw(heads)
        said = Gap(signed, kept, draw(st.integers(0, min(signed.size, kept.size))), draw(some))
    elif kind == "key":
        said = NewKey(KEY.verifier)
    else:
        said = Sealed(draw(st.dates()), draw(st.integers(1, 9)), draw(hashes))
    terms = draw(st.sampled_from([NO_TERMS, TERMS, Origin(agreement=TERMS.agreement)]))
    return Entry(draw(names), draw(st.integers(0, MOST)), at, draw(some), said, terms)


@given(entries())
def test_an_entry_is_read_back(entry: Entry) -> None:
    """Nothing that it says is lost, and its bytes are those of another implementation of the scheme."""
    data = entry_bytes(entry)
    assert read_entry(data) == entry
    assert entry_bytes(read_entry(data)) == data
    assert rfc8785.dumps(json.loads(data)) == data


def test_an_entry_says_what_it_is() -> None:
    """In words that can be read without this program; of the personal text a hash."""
    entry = Entry(NAME, 0, 4 * SECOND, "user 12", told(OPENED, SALT), TERMS)
    hidden = sha256(SALT + b'{"private":{"text":"Mrs Jansen cannot log in"}}').hexdigest()
    assert json.loads(entry_bytes(entry)) == {
        "schema": "upheld.entry/1",
        "origin": "northwind.example/log/acme/1",
        "index": 0,
        "recorded_at": "1970-01-01T00:00:04.000000Z",
        "actor": "user 12",
        "terms": {"agreement": TERMS.agreement, "lock": TERMS.lock, "contract": TERMS.contract},
        "fact": {
            "id": "0",
            "source": "desk",
            "type": "ticket.opened/1",
            "time": "1970-01-01T00:00:00.000000Z",
            "subject": "T-0",
            "data": {"contract": "acme"},
            "private": hidden,
        },
    }
    assert b"Jansen" not in entry_bytes(entry)


def test_numbers_that_are_not_whole_are_texts_and_are_numbers_again() -> None:
    """A text that looks like a number stays a text; where a number stands is said beside the data."""
    data = {
        "a/b": {"~": [Decimal("12.50"), "12.50"]},
        "big": 2**53,
        "one": Decimal("1.0"),
        "z": Decimal("-0.0"),
    }
    entry = Entry(NAME, 0, 0, "desk", told(replace(fact(0), data=Data(data)), SALT))
    record = json.loads(entry_bytes(entry))["fact"]
    assert record["data"] == {"a/b": {"~": ["12.5", "12.50"]}, "big": "9007199254740992", "one": 1, "z": 0}
    assert record["numbers"] == ["/a~1b/~0/0", "/big"]
    read = read_entry(entry_bytes(entry)).said
    assert read == entry.said
    assert not isinstance(read, Gap | NewKey | Sealed)
    assert read.fact.data["a/b"] == Data({"~": [Decimal("12.5"), "12.50"]})


@pytest.mark.parametrize("number", [10**119, -(10**118), Decimal(1).scaleb(-118), -Decimal(1).scaleb(-117)])
def test_a_number_has_120_characters_at_most(number: int | Decimal) -> None:
    """One more digit, and it is refused: written and read."""

    def entry(number: int | Decimal) -> Entry:
        return Entry(NAME, 0, 0, "desk", told(replace(fact(0), data=Data({"n": number})), SALT))

    data = entry_bytes(entry(number))
    assert read_entry(data) == entry(number)
    digits = json.loads(data)["fact"]["data"]["n"]
    assert len(digits) == 120
    with pytest.raises(EntryError, match="too large or too fine"):
        entry_bytes(entry(number * 10 if isinstance(number, int) else number / 10))
    with pytest.raises(EntryError, match="not the decimal text"):
        read_entry(data.replace(digits.encode(), digits.encode() + b"0"))


def test_equal_facts_are_equal_bytes() -> None:
    """5, 5.0 and 5.00 are one number."""
    data = {
        entry_bytes(Entry(NAME, 0, 0, "desk", told(replace(fact(0), data=Data({"n": number})), SALT)))
        for number in (5, Decimal("5.0"), Decimal("5.00"), Decimal("0.5E1"))
    }
    assert len(data) == 1


# -- personal text -----------------------------------------------------------------------------------------


def test_personal_text_is_proved_with_its_salt() -> None:
    """With both, the fact is whole again; erased, the entry is the same and the proofs hold."""
    said = told(OPENED, SALT)
    assert not said.fact.private
    assert said.with_private(OPENED.private, SALT) == OPENED


@pytest.mark.parametrize(
    ("private", "salt"),
    [
        ({"text": "Mrs Jansen can log in"}, SALT),
        ({"text": "Mrs Jansen cannot log in", "more": ""}, SALT),
        ({}, SALT),
        (OPENED.private, bytes(32)),
    ],
)
def test_another_text_or_salt_is_not_the_one_that_was_told(private: dict[str, str], salt: bytes) -> None:
    """Nobody can say later that something else was submitted."""
    with pytest.raises(PrivateTextError, match="not the personal text of desk#0"):
        told(OPENED, SALT).with_private(private, salt)


def test_what_had_no_personal_text_gets_none() -> None:
    """Nothing was told, and nothing can be added."""
    with pytest.raises(PrivateTextError):
        told(fact(0), SALT).with_private({"text": "a"}, SALT)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_has_32_bytes(salt: bytes) -> None:
    """A shorter one could be tried through; and a boundary between salt and text must not move."""
    with pytest.raises(ValueError, match="a salt has 32 bytes"):
        told(OPENED, salt)


@given(objects.filter(bool), objects.filter(bool), st.binary(min_size=32, max_size=32))
def test_two_texts_have_two_hashes(one: Data, other: Data, salt: bytes) -> None:
    """Also where they differ in nothing but that a number is a text in one of them."""
    assert (private_hash(one, salt) == private_hash(other, salt)) == (one == other)
    assert private_hash(Data({"n": "1.5"}), salt) != private_hash(Data({"n": Decimal("1.5")}), salt)


# -- what cannot be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"index": -1}, "-1 is no index"),
        ({"index": 2**53}, "is no index"),
        ({"actor": ""}, "`actor` is a text that is not empty"),
        ({"actor": "e\u0301"}, "composed form"),
        ({"terms": Origin(agreement="ABC")}, "is not a hash"),
        ({"said": told(replace(fact(0), subject=""), SALT)}, "`subject` is a text"),
        ({"said": told(replace(fact(0), id="\ud800"), SALT)}, "half of a character"),
        ({"said": told(replace(fact(0), data=Data({"a": ["e\u0301"]})), SALT)}, "/a/0 is not in composed"),
        ({"said": told(replace(fact(0), data=Data({"e\u0301": 1})), SALT)}, "a name of the data is not in"),
        ({"said": told(replace(fact(0), data=Data({"n": Decimal("NaN")})), SALT)}, "/n is NaN"),
        ({"said": told(replace(fact(0), data=Data({"n": Decimal("1e999999999")})), SALT)}, "/n is too large"),
        ({"said": told(replace(fact(0), data=Data({"n": Decimal("1e-999999")})), SALT)}, "/n is too large"),
        ({"said": told(replace(fact(0), data=Data({"n": 10**5_000})), SALT)}, "/n is too large"),
        ({"said": told(replace(fact(0), data=Data({"t": "x" * ENTRY_BYTES})), SALT)}, "at most 65,535 bytes"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_entry_is_not_written(change: dict[str, object], said: str) -> None:
    """With the reason, and where."""
    entry = Entry(NAME, 0, 0, "desk", told(fact(0), SALT))
    with pytest.raises(EntryError, match=said):
        entry_bytes(replace(entry, **change))  # type: ignore[arg-type]  # one of its fields


def test_the_longest_entry_fits() -> None:
    """65,535 bytes are taken and read."""
    short = len(entry_bytes(Entry(NAME, 0, 0, "desk", told(fact(0), SALT))))
    entry = Entry(NAME, 0, 0, "desk" + "x" * (ENTRY_BYTES - short), told(fact(0), SALT))
    assert len(entry_bytes(entry)) == ENTRY_BYTES
    assert read_entry(entry_bytes(entry)) == entry
    with pytest.raises(EntryError, match="at most 65,535"):
        entry_bytes(replace(entry, index=10))


def test_texts_that_look_alike_are_made_the_same_at_the_door() -> None:
    """Composed and decomposed letters are one text before facts are compared."""
    apart = Fact(
        "e\u0301", "e\u0301", "e\u0301", 0, 0, "e\u0301",
        {"e\u0301": ["e\u0301", 1], "n": {"a": "e\u0301"}}, {"e\u0301": "e\u0301"},
    )  # fmt: skip
    whole = Fact(
        "é", "é", "é", 0, 0, "é", {"é": ["é", 1], "n": {"a": "é"}}, {"é": "é"},
    )  # fmt: skip
    assert composed(apart) == whole == composed(whole)
    with pytest.raises(ValueError, match="composed form"):
        told(apart, SALT)
    assert told(whole, SALT).fact.data == whole.data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"private": Data({"text": "x" * 100_000})}, ""),
        ({"data": Data({"t": "x" * 100_000})}, "it takes 100,120 bytes and may take 60,000"),
        ({"data": Data({"t": "e\u0301"})}, "/t is not in composed form (NFC)"),
        ({"private": Data({"n": Decimal("NaN")})}, "/n is NaN, which is no number"),
        ({"id": ""}, "`id` is a text that is not empty"),
        ({"subject": "\ud800"}, "$.subject has half of a character that takes two"),
    ],
)
def test_a_door_is_told_why_a_fact_cannot_enter(change: dict[str, object], said: str) -> None:
    """In words; of one that can, nothing."""
    assert fault_of(replace(fact(0), **change)) == said  # type: ignore[arg-type]  # one of its fields


@given(facts(0))
def test_a_fact_without_a_fault_enters(found: Fact) -> None:
    """Whatever it says."""
    assert not fault_of(found)
    assert entry_bytes(Entry(NAME, 0, 0, "desk", told(found, SALT)))


RECORD = json.loads(entry_bytes(Entry(NAME, 3, SECOND, "desk", told(OPENED, SALT), TERMS)))
PRICED = replace(fact(0), data=Data({"a": Decimal("1.5"), "b": "2.5"}))
NUMBERED = json.loads(entry_bytes(Entry(NAME, 3, SECOND, "desk", told(PRICED, SALT))))
GAPPED = json.loads(entry_bytes(Entry(NAME, 3, SECOND, "desk", GAP)))
SEALED = json.loads(entry_bytes(Entry(NAME, 3, SECOND, "desk", Sealed(date(2026, 6, 2), 1, TERMS.lock))))
KEYED = json.loads(entry_bytes(Entry(NAME, 3, SECOND, "desk", NewKey(KEY.verifier))))


def _set(*path: object) -> Callable[[dict], None]:  # type: ignore[type-arg]  # JSON
    *above, name, value = path

    def change(record: dict) -> None:  # type: ignore[type-arg]  # JSON
        for step in above:
            record = record[step]
        record[name] = value

    return change


@pytest.mark.parametrize(
    ("record", "change", "said"),
    [
        (RECORD, _set("schema", "upheld.entry/2"), "no entry of the schema"),
        (RECORD, _set("more", 1), "says one thing"),
        (RECORD, _set("gap", GAPPED["gap"]), "says one thing"),
        (RECORD, lambda record: record.pop("fact"), "says one thing"),
        (RECORD, lambda record: record.pop("actor"), "'actor' is missing"),
        (RECORD, lambda record: record.pop("recorded_at"), "'recorded_at' is missing"),
        (RECORD, _set("index", "3"), "an index is a whole number"),
        (RECORD, _set("index", True), "an index is a whole number"),
        (RECORD, _set("index", -1), "an index is a whole number"),
        (RECORD, _set("actor", 5), "an actor a text"),
        (RECORD, _set("actor", ""), "`actor` is a text"),
        (RECORD, _set("origin", 5), "`origin` is a text"),
        (RECORD, _set("origin", "x"), "cannot be the name|is not a decimal"),
        (RECORD, _set("origin", f"{ACME}/01"), "is not a decimal number"),
        (RECORD, _set("recorded_at", 5), "is not a time such as"),
        (RECORD, _set("recorded_at", "1970-01-01T00:00:01Z"), "is not a time such as"),
        (RECORD, _set("recorded_at", "1970-01-01T02:00:01.000000+02:00"), "is not a time such as"),
        (RECORD, _set("recorded_at", "1970-01-01"), "is not an instant"),
        (RECORD, _set("terms", {}), "`terms` are hashes"),
        (RECORD, _set("terms", {"lake": TERMS.lock}), "`terms` are hashes"),
        (RECORD, _set("terms", []), "an object"),
        (RECORD, _set("terms", "lock", ""), "is not a hash"),
        (RECORD, _set("fact", []), "an object"),
        (RECORD, _set("fact", "more", 1), "a fact has no 'more'"),
        (RECORD, _set("fact", "id", ""), "`id` is a text"),
        (RECORD, _set("fact", "type", "ticket.opened/99"), "known up to version"),
        (RECORD, _set("fact", "type", "ticket.opened/x"), "is not a version"),
        (RECORD, _set("fact", "time", None), "is not a time such as"),
        (RECORD, _set("fact", "data", {}), "not empty"),
        (RECORD, _set("fact", "data", []), "not empty"),
        (RECORD, _set("fact", "private", ""), "is not a hash"),
        (RECORD, _set("fact", "numbers", []), "`numbers` lists"),
        (RECORD, _set("fact", "numbers", [[]]), "this is no entry"),
        (RECORD, _set("fact", "numbers", 5), "this is no entry"),
        (NUMBERED, _set("fact", "numbers", ["/b", "/a"]), "`numbers` lists"),
        (NUMBERED, _set("fact", "numbers", ["/a", "/a"]), "`numbers` lists"),
        (NUMBERED, _set("fact", "numbers", ["/a", "/c"]), "`numbers` lists"),
        (NUMBERED, _set("fact", "data", "a", "1.50"), "`numbers` lists"),
        (NUMBERED, _set("fact", "data", "a", "+1.5"), "not the decimal text"),
        (NUMBERED, _set("fact", "data", "a", "1_0.5"), "not the decimal text"),
        (NUMBERED, _set("fact", "data", "a", "٥.5"), "not the decimal text"),
        (NUMBERED, _set("fact", "data", "a", "1.5e9"), "not the decimal text"),
        (NUMBERED, _set("fact", "data", "a", "NaN"), "not the decimal text"),
        (NUMBERED, _set("fact", "data", "a", "1." + "1" * 200), "not the decimal text"),
        (NUMBERED, _set("fact", "data", "a", "15"), "`numbers` lists"),
        (NUMBERED, _set("fact", "data", "a", 15), "`numbers` lists"),
        (NUMBERED, _set("fact", "data", "a", "e\u0301"), "not the decimal text"),
        (RECORD, _set("fact", "data", "contract", "e\u0301"), "composed form"),
        (GAPPED, _set("gap", "agreed", 8), "both signed and kept"),
        (GAPPED, _set("gap", "agreed", -1), "both signed and kept"),
        (GAPPED, _set("gap", "agreed", True), "both signed and kept"),
        (GAPPED, _set("gap", "because", ""), "`because` is a text"),
        (GAPPED, _set("gap", "more", 1), "an object with the names"),
        (GAPPED, _set("gap", "kept", "size", True), "a size is a whole number"),
        (GAPPED, _set("gap", "kept", "size", -1), "0 to"),
        (GAPPED, _set("gap", "kept", "root", "ab"), "is not a hash"),
        (GAPPED, _set("gap", "kept", "origin", None), "`origin` is a text"),
        (GAPPED, _set("gap", "signed", "more", 1), "an object with the names"),
        (SEALED, _set("sealed", "day", "20260602"), "such as 2026-06-02"),
        (SEALED, _set("sealed", "day", 5), "this is no entry"),
        (SEALED, _set("sealed", "number", 0), "counted from 1"),
        (SEALED, _set("sealed", "number", True), "counted from 1"),
        (SEALED, _set("sealed", "sha256", "ab"), "is not a hash"),
        (SEALED, _set("sealed", "more", 1), "an object with the names"),
        (KEYED, _set("key", "verifier", KEY.secret_text), "this is no entry"),
        (KEYED, _set("key", "verifier", 5), "`verifier` is a text"),
        (KEYED, _set("key", "more", 5), "an object with the names"),
    ],
)
def test_what_is_no_entry_is_refused(record: dict, change: Callable[[dict], None], said: str) -> None:  # type: ignore[type-arg]  # JSON
    """Every field has its form, and there are no others."""
    changed = json.loads(json.dumps(record))
    change(changed)
    with pytest.raises(EntryError, match=said):
        read_entry(canonical(changed))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[]", "no entry of the schema"),
        (b"null", "no entry of the schema"),
        (canonical(RECORD) + b"\n", "not in its canonical form"),
        (b" " + canonical(RECORD), "not in its canonical form"),
        (canonical(RECORD).replace(b'"index":3', b'"index":3.0'), "no whole number"),
        (canonical(RECORD).replace(b'"index":3', b'"index":3e0'), "no whole number"),
        (canonical(RECORD).replace(b'"index":3', b'"index":NaN'), "no whole number"),
        (canonical(RECORD).replace(b'"index":3', b'"index":-0'), "not in its canonical form"),
        (canonical(RECORD).replace(b'"index":3', b'"index":' + b"9" * 5_000), "too long"),
        (canonical(RECORD).replace(b'"index":3', b'"index":9007199254740992'), "9007199254740992"),
        (canonical(RECORD).replace(b'"index":3', b'"index":3,"index":3'), "there twice"),
        (canonical(RECORD).replace(b"desk", b"\\u0064esk"), "not in its canonical form"),
        (canonical(RECORD).replace(b"desk", b"\\ud800"), "half of a character"),
        (json.dumps(RECORD).encode(), "not in its canonical form"),
        (b"[" * 100_000 + b"]" * 100_000, "at most 65,535"),
        (b"[" * 30_000 + b"]" * 30_000, "more than 32 levels"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "more than 32 levels"),
    ],
)
def test_bytes_in_another_form_are_no_entry(data: bytes, said: str) -> None:
    """Two forms of one entry would be two leaves."""
    with pytest.raises(EntryError, match=said):
        read_entry(data)


def test_brackets_in_a_text_are_not_levels() -> None:
    """A text may have as many as it likes, also behind an escaped quote."""
    text = '\\"' + "[{" * 100
    assert read_canonical(canonical({"a": text})) == {"a": text}
    deepest = b"[" * DEPTH + b"]" * DEPTH
    assert canonical(read_canonical(deepest)) == deepest


@pytest.mark.parametrize("record", [RECORD, NUMBERED, GAPPED, SEALED, KEYED])
def test_an_entry_with_a_changed_byte_is_another_or_none(record: dict) -> None:  # type: ignore[type-arg]  # JSON
    """No two byte strings are read as one entry."""
    data = canonical(record)
    entry = read_entry(data)
    for place in range(len(data)):
        for change in (1, 32, 128):
            changed = data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]
            try:
                found = read_entry(changed)
            except EntryError:
                continue
            assert found != entry
