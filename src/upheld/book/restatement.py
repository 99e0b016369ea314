"""Why a statement says something else than the one before it: the facts that arrived since, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from upheld.core.book import Book
from upheld.core.facts.fact import Data, Fact, Key
from upheld.core.facts.fact_types import WITHDRAWN
from upheld.core.stating.canonical import Record
from upheld.core.stating.fact_entries import corrections_of, said_by
from upheld.core.stating.restating import changes, money_differences, section
from upheld.core.stating.statement import Statement

_OF_CONTRACT = frozenset({"contract", "claim", "credit", "contact", "credential"})
"""Families of facts that are about a contract as a whole: they move money and clocks without being cited."""
_OWING = frozenset({"credits", "memos", "claims"})
"""Sections whose entries follow from the verdicts on the same subject."""


def restated(book: Book, previous: Statement, record: Record, known: int) -> Record:
    """What a record changes against an earlier one, why, and the difference in money, in minor units.

    Each change names its causes by their places in `why`. Observations have no positions: where figures
    moved and no fact tells why, that is told of them (decision 13).
    """
    before = previous.record
    found, roots = changes(before, record), _roots(book)
    since = int(str(before["known"]))
    known_before = {(one["source"], one["id"]) for one in section(before, "facts")}
    news = [
        fact
        for fact in book.log
        if since < (book.log.position_of(fact.key) or 0) <= known and fact.key not in known_before
    ]
    causes = list(_causes(book, roots, before, record, news))
    causes += _in_conflict(book, before, known, causes)
    for change in found:
        change["why"] = [
            n for n, cause in enumerate(causes) if _is_behind(cause, roots, change, before, record)
        ]
    if not all(change["why"] for change in found):
        more = list(_causes(book, roots, before, record, _slipped_in(book, before, record, since)))
        for change in found:
            told = [
                n for n, one in enumerate(more, len(causes)) if _is_behind(one, roots, change, before, record)
            ]
            change["why"] = change["why"] or told
        causes += more
    beside = list(_beside(before, record, found))
    for change in found:
        if not change["why"]:
            change["why"] = [len(causes) + n for n in range(len(beside))]
    return {
        "number": before["chain"]["number"],
        "sha256": previous.sha256,
        "at": before["at"],
        "known": before["known"],
        "changes": [*found],
        "money": money_differences(before, record),
        "why": [*causes, *beside],
    }


def _slipped_in(book: Book, before: Record, record: Record, since: int) -> Iterator[Fact]:
    """Facts at an earlier position that the record before did not know, or knew otherwise, and corrections.

    In a folder, a fact that is added with an early `recordedtime` moves the positions after it (decision 6).
    """
    old = {(one["source"], one["id"]): one for one in section(before, "facts")}
    for one in section(record, "facts"):
        key, correction = (one["source"], one["id"]), one["corrected_by"]
        if key in old and old[key]["sha256"] == one["sha256"]:
            continue
        told = {key} if correction is None else {(correction["source"], correction["id"])}
        for fact in book.log:
            if fact.key in told and (book.log.position_of(fact.key) or 0) <= since:
                yield fact


def _causes(
    book: Book,
    roots: Mapping[Key, tuple[Key, str]],
    before: Record,
    record: Record,
    news: Iterable[Fact],
) -> Iterator[Record]:
    """The facts among the news that concern the contract, by position; corrections of them, too."""
    told = list(book.log)
    by_key = {fact.key: fact for fact in told}
    corrections = {one.fact.key: one.corrects for one in corrections_of(told)}
    there = {(one["source"], one["id"]) for one in (*section(before, "facts"), *section(record, "facts"))}
    subjects = {one["subject"] for one in (*section(before, "subjects"), *section(record, "subjects"))}
    for fact in news:
        corrects = corrections.get(fact.key)
        root, _ = roots.get(fact.key, (fact.key, ""))
        concerns = root in there or fact.subject in subjects
        about = by_key.get(root, fact)
        concerns = concerns or _is_of(about, record["contract"]["id"])
        if concerns and fact.type != "statement.issued":
            yield {
                "how": "arrived" if corrects is None else _how(fact),
                "source": fact.source,
                "id": fact.id,
                "type": fact.type,
                "subject": _subject_of(by_key.get(root), fact) if corrects else fact.subject,
                "at": fact.at,
                "recorded_at": fact.recorded_at,
                "corrects": None if corrects is None else _target(by_key.get(corrects), corrects),
                **said_by(fact),
            }


def _is_of(fact: Fact, contract: str) -> bool:
    """Whether a fact is about a contract as a whole."""
    if fact.type.partition(".")[0] not in _OF_CONTRACT:
        return False
    return contract in (fact.subject, fact.data.get("contract"))


def _how(correction: Fact) -> str:
    return "withdrawn" if correction.type == WITHDRAWN else "corrected"


def _target(fact: Fact | None, key: Key) -> Record:
    """What a correction is about, by its identity and type."""
    return {"source": key[0], "id": key[1], "type": "" if fact is None else fact.type}


def _subject_of(fact: Fact | None, correction: Fact) -> str:
    """What a corrected fact is about."""
    replacement = correction.data.get("replacement")
    if isinstance(replacement, Data) and "subject" in replacement:
        return str(replacement["subject"])
    return correction.subject if fact is None else fact.subject


def _roots(book: Book) -> Mapping[Key, tuple[Key, str]]:
    """What each correction is about in the end, where it is one of a correction: the fact's key and its type.

    Empty for the type of a fact that is not there.
    """
    corrects = {one.fact.key: one.corrects for one in corrections_of(book.log)}
    types = {fact.key: fact.type for fact in book.log} if corrects else {}
    found: dict[Key, tuple[Key, str]] = {}
    for correction in corrects:
        about, seen = corrects[correction], {correction}
        while about in corrects and about not in seen:
            seen.add(about)
            about = corrects[about]
        found[correction] = about, types.get(about, "")
    return found


def _is_behind(
    cause: Record,
    roots: Mapping[Key, tuple[Key, str]],
    change: Record,
    before: Record,
    record: Record,
) -> bool:
    """Whether a fact is a cause of a change: what changed rests on it or is about its subject.

    A document of a credit follows from the credit, so it moves nothing but itself.
    """
    own = (cause["source"], cause["id"])
    key, type_ = roots.get(own, (own, str(cause["type"])))
    for entry in _entries(change, before, record):
        if any((ref["source"], ref["id"]) == key for ref in entry.get("facts", ())):
            return True
        if cause["subject"] in _items_of(entry.get("measurement")):
            return True
    if cause["subject"] == change.get("subject"):
        return True
    family = type_.partition(".")[0]
    if family == "credit":
        return str(change["section"]) == "memos"
    if family == "claim" or type_.startswith("contract.invoice"):
        return str(change["section"]) != "verdicts"
    return family in _OF_CONTRACT


def _items_of(found: Record | None) -> Iterator[str]:
    """The items of a count that were not plainly in time."""
    if found is not None:
        yield from (item for part in found["parts"] for item in part["items"])
        yield from (item for one in found["of"] for item in _items_of(one))


def _entries(change: Record, before: Record, record: Record) -> Iterator[Record]:
    """The entry of a change in both records; of what follows from verdicts, those too, before and after."""
    name = str(change["section"])
    keys = [key for key in ("commitment", "remedy", "subject", "cycle", "id") if key in change]
    own = [
        entry
        for one in (before, record)
        for entry in section(one, name)
        if all(entry.get(key) == change[key] for key in keys)
    ]
    yield from own
    about = {entry.get("about") if name == "claims" else entry.get("subject") for entry in own}
    for one in (before, record) if name in _OWING else ():
        yield from (verdict for verdict in section(one, "verdicts") if verdict["subject"] in about)


def _beside(before: Record, record: Record, found: Iterable[Record]) -> Iterator[Record]:
    """What moved figures without any fact: texts of the agreement, the time asked about, observations."""
    left = [one for one in found if not one["why"]]
    if not left:
        return
    nothing: Record = dict.fromkeys(("source", "id", "type", "subject", "at", "recorded_at", "corrects"))
    beside: Record = {**nothing, "by": "", "reason": ""}
    is_explained = False
    if before["agreement"] != record["agreement"]:
        is_explained = True
        yield {"how": "terms", **beside}
    if before["at"] != record["at"]:
        is_explained = True
        yield {"how": "time", **beside}
    if not is_explained:
        yield {"how": "observations", **beside}


def _in_conflict(book: Book, before: Record, known: int, causes: Iterable[Record]) -> Iterator[Record]:
    """Facts that held before and hold no more, though nothing corrects them: they are told in two ways."""
    corrected = {(one["corrects"]["source"], one["corrects"]["id"]) for one in causes if one["corrects"]}
    hold = {fact.key for fact in book.log.effective(None, known)}
    for one in section(before, "facts"):
        key = (one["source"], one["id"])
        if key not in hold and key not in corrected:
            names = ("source", "id", "type", "subject", "at", "recorded_at")
            told = {name: one[name] for name in names}
            yield {"how": "conflict", **told, "corrects": None, "by": "", "reason": ""}
