"""Why a statement says something else than the one before it: the facts that arrived since, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from upheld.book.looked_back import LookedBack
from upheld.core.book import Book
from upheld.core.clocks.subject import of_contract, subject_kind
from upheld.core.facts.fact import Data, Fact, Key
from upheld.core.facts.fact_types import REPLACED, WITHDRAWN
from upheld.core.stating.canonical import Record
from upheld.core.stating.fact_entries import corrections_of, said_by
from upheld.core.stating.restating import changes, money_differences, section, told
from upheld.core.stating.rules import FORMAT, FORMER, AnotherFormatError
from upheld.core.stating.statement import NotAStatementError, Statement
from upheld.core.terms.agreement import SubjectKind

_OF_CONTRACT = frozenset({"contract", "claim", "credit", "contact", "credential"})
"""Families of facts that are about a contract as a whole: they move money and clocks without being cited."""
_OWING = frozenset({"credits", "memos", "claims"})
"""Sections whose entries follow from the verdicts on the same subject."""
_PAID = frozenset({"instalments", "beyond_minor"})
"""What of a credit says where its money is."""
_NEEDED = frozenset({"agreement", "at", "chain", "contract", "known", "money", "period"})


def check_previous(previous: Statement, contract: str, period: str) -> None:
    """Whether a record that was given can be restated by the statement of a contract for a period.

    NotAStatementError if it is no record, or of another contract or period; AnotherFormatError if it is of a
    format with which none of today can be compared.
    """
    record = previous.record
    if not (_NEEDED | {"format"}) <= record.keys():
        raise NotAStatementError(f"it is no record of the format {FORMAT}")
    if str(record["format"]) not in FORMER | {FORMAT}:
        raise AnotherFormatError(str(record["format"]))
    own = (record["contract"]["id"], record["period"]["label"])
    if own != (contract, period):
        told = f"it is the statement of {own[0]} for {own[1]}"
        raise NotAStatementError(f"{told}, which one of {contract} for {period} does not restate")


def restated(book: Book, previous: Statement, record: Record, known: int, looked: LookedBack) -> Record:
    """What a record changes against an earlier one, why, and the difference in money, in minor units.

    Each change names its causes by their places in `why`. `looked` are the earlier periods on which its
    credits rest. Observations have no positions: where figures moved and no fact tells why, that is told of
    them (decision 13).
    """
    before = previous.record
    found, roots = changes(before, record), _roots(book)
    since = int(str(before["known"]))
    known_before = {(one["source"], one["id"]) for one in section(before, "facts")}
    last_at = max(before["at"], record["at"])
    news = [
        fact
        for fact in book.log
        if since < (book.log.position_of(fact.key) or 0) <= known
        and fact.key not in known_before
        and (fact.at <= last_at or fact.type in (REPLACED, WITHDRAWN))
    ]
    reach = _Reach(before, record, roots, looked)
    causes = list(_causes(book, reach, news))
    causes += _in_conflict(book, before, known, causes)
    for change in found:
        change["why"] = [n for n, cause in enumerate(causes) if reach.is_behind(cause, change)]
    if not all(change["why"] for change in found):
        more = list(_causes(book, reach, _slipped_in(book, before, record, since)))
        for change in found:
            told = [n for n, one in enumerate(more, len(causes)) if reach.is_behind(one, change)]
            change["why"] = change["why"] or told
        causes += more
    beside = list(_beside(before, record, found, looked.is_observed))
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


def _causes(book: Book, reach: _Reach, news: Iterable[Fact]) -> Iterator[Record]:
    """The facts among the news that concern the contract, by position; corrections of them, too."""
    told = list(book.log)
    by_key = {fact.key: fact for fact in told}
    own = _own(book, reach, told)
    corrections = {one.fact.key: one.corrects for one in corrections_of(told)}
    for fact in dict.fromkeys(news):
        corrects = corrections.get(fact.key)
        root, _ = reach.roots.get(fact.key, (fact.key, ""))
        about = by_key.get(root, fact)
        concerns = root in reach.facts
        concerns = concerns or (bool({fact.subject, about.subject} & reach.subjects) and about.key in own)
        concerns = concerns or _is_of(about, reach.record["contract"]["id"])
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


def _own(book: Book, reach: _Reach, told: Iterable[Fact]) -> frozenset[Key]:
    """The facts that are of the contract, if they are about subjects that it has, and so may others have."""
    contract = reach.record["contract"]["id"]
    declared = {name: event.of for terms in book.terms for name, event in terms.events.items()}
    found: dict[tuple[SubjectKind | None, str], list[Fact]] = {}
    for fact in sorted(told, key=lambda fact: fact.order):
        found.setdefault((subject_kind(fact.type, declared), fact.subject), []).append(fact)
    own = (fact for (kind, _), facts in found.items() for fact in of_contract(contract, kind, facts))
    return frozenset(fact.key for fact in own)


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


class _Reach:
    """What two records of the same period rest on, and which cause is behind which change between them."""

    def __init__(
        self, before: Record, record: Record, roots: Mapping[Key, tuple[Key, str]], looked: LookedBack
    ) -> None:
        self.before, self.record, self.roots, self._looked = before, record, roots, looked
        earlier = list(looked.of_records(before, record))
        records = (before, record)
        self.facts = {(one["source"], one["id"]) for side in records for one in section(side, "facts")}
        self.facts |= {(ref["source"], ref["id"]) for entry in earlier for ref in entry["facts"]}
        self.subjects = {one["subject"] for side in records for one in section(side, "subjects")}
        self.subjects |= {item for entry in earlier for item in _items_of(entry["measurement"])}
        self.subjects |= {entry["subject"] for entry in earlier}

    def is_behind(self, cause: Record, change: Record) -> bool:
        """Whether a fact is a cause of a change: what changed rests on it or is about its subject.

        A document of a credit follows from the credit, so it moves nothing but itself, where the money of the
        credit is, and how far a claim is.
        """
        own = (cause["source"], cause["id"])
        key, type_ = self.roots.get(own, (own, str(cause["type"])))
        for entry in self._entries(change):
            if any((ref["source"], ref["id"]) == key for ref in entry.get("facts", ())):
                return True
            if cause["subject"] in _items_of(entry.get("measurement")):
                return True
        if cause["subject"] == change.get("subject"):
            return True
        family, name = type_.partition(".")[0], str(change["section"])
        if family == "credit":
            return name == "memos" or self._is_paid(cause, type_, change)
        if type_.startswith("contract.invoice"):  # what a base rests on is among the facts of the credit
            return name == "memos" or (name == "credits" and set(change["fields"]) <= _PAID)
        if family == "claim":
            return self._is_claimed(cause, change)
        return family in _OF_CONTRACT

    def _is_paid(self, cause: Record, type_: str, change: Record) -> bool:
        """Whether a credit was paid by what became of a document of it, or a claim came further by that."""
        documents = {
            (one["remedy"], one["subject"])
            for side in (self.before, self.record)
            for one in section(side, "memos")
            if one["id"] == cause["subject"]
        }
        moved = {"state"} if change["section"] == "claims" else set[str]()
        if change["section"] == "credits" and type_ == "credit.applied":
            moved = set(_PAID)
        return not moved.isdisjoint(change["fields"]) and not documents.isdisjoint(self._owed(change))

    def _is_claimed(self, cause: Record, change: Record) -> bool:
        """Whether a change is of a claim, or of what it is about; a claim moves no verdict."""
        if change["section"] not in _OWING:
            return False
        told = [
            one
            for side in (self.before, self.record)
            for one in section(side, "claims")
            if one["id"] == cause["subject"]
        ]
        if not told or change["section"] == "claims":
            return change.get("id") == cause["subject"] or not told
        owed = {(one["remedy"], one["subject"]) for claim in told for one in claim["credits"]}
        about = {claim["about"] for claim in told}
        return any(pair in owed or pair[1] in about for pair in self._owed(change))

    def _owed(self, change: Record) -> set[tuple[str, str]]:
        """The credits that a change is about, by remedy and subject: its own, of a memo or a claim."""
        if change["section"] == "credits":
            return {(str(change["remedy"]), str(change["subject"]))}
        own = self._own(change)
        found = {(one["remedy"], one["subject"]) for one in own if change["section"] == "memos"}
        return found | {(one["remedy"], one["subject"]) for entry in own for one in entry.get("credits", ())}

    def _own(self, change: Record) -> list[Record]:
        """The entry of a change in both records."""
        keys = [key for key in ("commitment", "remedy", "subject", "cycle", "id") if key in change]
        return [
            entry
            for side in (self.before, self.record)
            for entry in section(side, str(change["section"]))
            if all(entry.get(key) == change[key] for key in keys)
        ]

    def _is_of_the_credit(self, change: Record, own: list[Record]) -> bool:
        """Whether a document became another one because its credit did: verdicts may move alone.

        It also comes or goes because a time passed in which to claim.
        """
        if "lines" in change["fields"]:
            return True
        pairs = {(one["remedy"], one["subject"]) for one in own}
        sides = (
            [told(one) for one in section(side, "credits") if (one["remedy"], one["subject"]) in pairs]
            for side in (self.before, self.record)
        )
        return next(sides) != next(sides)

    def _entries(self, change: Record) -> Iterator[Mapping[str, Any]]:
        """The entry of a change in both records; of what follows from verdicts, those too."""
        own = self._own(change)
        yield from own
        if change["section"] == "verdicts":
            yield from (item for entry in own for item in self._looked.counted(entry))
        if change["section"] not in _OWING:
            return
        if change["section"] == "memos" and not self._is_of_the_credit(change, own):
            return
        owed = self._owed(change)
        about = {subject for _, subject in owed} | {entry.get("about") for entry in own}
        for side in (self.before, self.record):
            for verdict in section(side, "verdicts"):
                if verdict["subject"] in about:
                    yield verdict
                    yield from self._looked.counted(verdict)
        for remedy, subject in sorted(owed):
            yield from self._looked.behind(remedy, subject)


def _items_of(found: Record | None) -> Iterator[str]:
    """The items of a count that were not plainly in time."""
    if found is not None:
        yield from (item for part in found["parts"] for item in part["items"])
        yield from (item for one in found["of"] for item in _items_of(one))


def _beside(before: Record, record: Record, found: Iterable[Record], is_observed: bool) -> Iterator[Record]:
    """What moved figures without a fact that can be named: texts, the time, the format, observations.

    Where nothing is observed it can only be a fact that came to stand among those that were recorded before.
    """
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
    if before["format"] != record["format"]:
        is_explained = True
        yield {"how": "format", **beside}
    if not is_explained:
        yield {"how": "observations" if is_observed else "order", **beside}


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
