"""Whether a record comes out again: computed from the book as of its own position, and compared."""

from __future__ import annotations

from typing import Final

from upheld.book.statement import Asked, Stating
from upheld.core.book import Book
from upheld.core.stating.restating import differences, section
from upheld.core.stating.rules import FORMAT, AnotherFormatError, check_rules
from upheld.core.stating.statement import NotAStatementError, Statement
from upheld.core.values.frozen import dataclass

_NEEDED: Final = ("rules", "contract", "period", "at", "known", "chain")


@dataclass(frozen=True, slots=True)
class Verification:
    """A record beside what its book gives today; `paths` are where they differ.

    `added` are the facts, by source and id, that it rests on today and did not rest on then.
    """

    given: Statement
    computed: Statement
    paths: tuple[str, ...]
    added: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether they are the same, byte for byte."""
        return self.given.sha256 == self.computed.sha256


def asked_by(given: Statement) -> Asked:
    """What was asked when a statement was made.

    RetiredRuleError if it was made by a rule that is gone; AnotherFormatError if it is of another format;
    NotAStatementError if it is no record.
    """
    record = given.record
    missing = [name for name in _NEEDED if name not in record]
    if missing or record.get("format") != FORMAT:
        if str(record.get("format", "")).startswith(f"{FORMAT.partition('/')[0]}/"):
            raise AnotherFormatError(str(record["format"]))
        raise NotAStatementError(f"it is no record of the format {FORMAT}")
    check_rules(record["rules"])
    return Asked(record["contract"]["id"], record["period"]["label"], record["at"], record["known"])


def verification(book: Book, given: Statement, previous: Statement | None = None) -> Verification:
    """The record of a statement computed again.

    `previous` is the statement that it restates, where no fact of the book says that it was issued. Raises
    as `asked_by`; NotAStatementError if what it restates is not there; KeyError if its contract is not in
    the book.
    """
    record, asked = given.record, asked_by(given)
    stating = Stating(book, [asked.contract])
    before = record["chain"]["previous"]
    issued = stating.issued(asked.contract, asked.period, asked.known or 0)
    told = {str(fact.data.get("sha256")) for fact in issued}
    if before is not None and before not in told and (previous is None or previous.sha256 != before):
        raise NotAStatementError(
            f"it restates {before[:12]}, which no fact says was issued: give that record with --previous FILE"
        )
    found = stating.statement(asked, previous if before is not None and before not in told else None)
    then = {(one["source"], one["id"]) for one in section(record, "facts")}
    added = (one for one in section(found.record, "facts") if (one["source"], one["id"]) not in then)
    names = tuple(f"{one['source']} {one['id']}" for one in added)
    return Verification(given, found, tuple(differences(record, found.record)), names)
