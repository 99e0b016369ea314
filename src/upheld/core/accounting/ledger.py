"""What was issued, applied and voided, and which months are closed: folded from the `credit.*` facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.accounting.memo import AppliedPart, CreditMemo, memo_id
from upheld.core.accounting.netting import cancelled
from upheld.core.accounting.record import RecordError, memo_of
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey, FactRef

ISSUED, APPLIED, VOIDED = "credit.issued", "credit.applied", "credit.voided"
CLOSED: Final = "period.closed"
TAKEN_BACK: Final = "taken back"
OF_CREDITS: Final = frozenset({ISSUED, APPLIED, VOIDED, CLOSED})


@dataclass(frozen=True, slots=True)
class CreditLedger:
    """The memos that were issued, by id, in the order in which the ledger has them.

    `taken` is the last number of each legal entity's sequence; `closed` the months that are, by entity, and
    when they were. `by_contract` are the memos of each credit of each contract, in the order of their
    revisions, voided ones included. `findings`: what cannot be, such as a number twice.
    """

    memos: Mapping[str, CreditMemo]
    taken: Mapping[str, int]
    closed: Mapping[tuple[str, str], Instant]
    by_contract: Mapping[str, Mapping[CellKey, tuple[CreditMemo, ...]]]
    findings: tuple[Finding, ...] = ()

    def of(self, contract: str, remedy: str, subject: str) -> tuple[CreditMemo, ...]:
        """The memos of one credit, voided ones included, in the order of their revisions."""
        return self.by_contract.get(contract, {}).get(CellKey(contract, remedy, subject), ())

    def open_month(self, entity: str, month: str) -> str:
        """The month (YYYY-MM) itself, or the first one after it that is not closed for a legal entity."""
        return _open_month(self.closed, entity, month)


def ledger_of(facts: Iterable[Fact]) -> CreditLedger:
    """The ledger of credits. Facts may be of any type and in any order; (recorded, source, id) sorts them.

    Each contract is folded by itself, from the facts that name it and the closed months: so those of one
    contract, with the closings of the entities that these name, give the same memos of it as all facts do.
    """
    told = sorted(
        (fact for fact in facts if fact.type in OF_CREDITS),
        key=lambda fact: (fact.recorded_at, fact.source, fact.id),
    )
    findings: list[Finding] = []
    closed: dict[tuple[str, str], Instant] = {}
    naming: dict[str, list[Fact]] = {}
    for fact in told:
        if fact.type == CLOSED:
            closed.setdefault((entity_of(fact), str(fact.data["month"])), fact.recorded_at)
        else:
            naming.setdefault(str(fact.data.get("contract")), []).append(fact)
    memos: dict[str, CreditMemo] = {}
    places: dict[str, Fact] = {}
    strays: list[Fact] = []
    for own in naming.values():
        books = _Books({}, {}, strays, findings)
        _fold(own, closed, books)
        memos |= books.memos
        places |= books.places
    memos = {fact.subject: memos[fact.subject] for fact in told if places.get(fact.subject) is fact}
    findings += [_stray(fact, memos) for fact in strays]
    taken = dict(_taken(memos, places, findings))
    by_contract: dict[str, dict[CellKey, tuple[CreditMemo, ...]]] = {}
    for memo in sorted(memos.values(), key=lambda memo: memo.revision):
        key = CellKey(memo.contract, memo.remedy, memo.subject)
        by_key = by_contract.setdefault(memo.contract, {})
        by_key[key] = (*by_key.get(key, ()), memo)
    return CreditLedger(memos, taken, closed, by_contract, in_order(findings))


def entity_of(fact: Fact) -> str:
    """The legal entity that a fact about credits names: in whose sequence, or whose month."""
    return str(fact.data.get("entity"))


class _Books(NamedTuple):
    """The memos of one contract, the facts that issued them, and those about a memo that it does not have."""

    memos: dict[str, CreditMemo]
    places: dict[str, Fact]
    strays: list[Fact]
    findings: list[Finding]


def _fold(facts: Sequence[Fact], closed: Mapping[tuple[str, str], Instant], books: _Books) -> None:
    """Takes in the facts that name one contract, in their order."""
    memos, places, strays, findings = books
    for fact in facts:
        if fact.type == ISSUED:
            try:
                memo = _issued(fact, closed, findings)
            except RecordError as fault:
                findings.append(_finding("bad-credit", f"credit `{fact.subject[:80]}`: {fault}", fact))
                continue
            if fact.subject in memos:
                message = f"credit `{fact.subject[:80]}` was issued before"
                findings.append(_finding("bad-credit", message, fact, places[fact.subject]))
                continue
            memos[fact.subject], places[fact.subject] = memo, fact
    for fact in facts:
        if fact.type in (APPLIED, VOIDED):
            if fact.subject in memos:
                _follow(fact, memos, closed, findings)
            else:
                strays.append(fact)
    _cancel(memos)


def _stray(fact: Fact, memos: Mapping[str, CreditMemo]) -> Finding:
    """What is wrong with a fact about a memo that the contract which it names does not have."""
    memo = memos.get(fact.subject)
    if memo is None:
        return _finding("unknown-credit", f"there is no issued credit `{fact.subject[:80]}`", fact)
    named = str(fact.data.get("contract"))
    message = f"credit `{memo.id[:80]}` is one of contract `{memo.contract[:80]}`, not of `{named[:80]}`"
    return _finding("bad-credit", message, fact)


def _issued(fact: Fact, closed: Mapping[tuple[str, str], Instant], findings: list[Finding]) -> CreditMemo:
    """The memo that a fact issues; one put into a month after that was closed stands in the next open one."""
    data = fact.data
    memo = memo_of(data.get("document"))
    told = {
        "contract": memo.contract,
        "entity": memo.entity,
        "sequence": memo.sequence,
        "number": memo.number,
    }
    differing = [name for name, value in told.items() if data.get(name) != value]
    own_id = memo_id(memo.contract, memo.remedy, memo.subject, memo.revision)  # no two contracts share one
    if {memo.id, fact.subject} != {own_id} or differing:
        raise RecordError(f"it is not the one of its document: {', '.join(differing) or 'id'}")
    closed_at = closed.get((memo.entity, memo.month))
    if closed_at is not None and fact.recorded_at > closed_at:
        message = f"credit `{memo.id[:80]}` was put into {memo.month} after that was closed for {memo.entity}"
        findings.append(_finding("closed-month", message, fact))
        memo = replace(memo, month=_open_month(closed, memo.entity, memo.month))
    return memo


def _open_month(closed: Mapping[tuple[str, str], Instant], entity: str, month: str) -> str:
    while (entity, month) in closed:
        month = next_month(month)
    return month


def next_month(month: str) -> str:
    """The month (YYYY-MM) after a month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _follow(
    fact: Fact,
    memos: dict[str, CreditMemo],
    closed: Mapping[tuple[str, str], Instant],
    findings: list[Finding],
) -> None:
    """What became of a memo after it was issued."""
    memo = memos[fact.subject]
    if fact.type == VOIDED:
        if fault := void_fault(memo, closed, fact.recorded_at):
            findings.append(_finding(*fault, fact))
        else:
            told = f"{TAKEN_BACK}: {fact.data['reason']}" if fact.data.get("reason") else TAKEN_BACK
            memos[fact.subject] = replace(memo, status="voided", reasons=(*memo.reasons, told))
        return
    amount_minor = minor_of(fact.data.get("amount"), memo.digits)
    if amount_minor is None:
        message = f"`amount` is no whole number of minor units of {memo.currency or 'a day'}"
        findings.append(_finding("bad-credit", message, fact))
        return
    if memo.status == "voided" or not _fits(memo, amount_minor):
        what = "is void" if memo.status == "voided" else "has less left than is applied of it"
        findings.append(_finding("bad-credit", f"credit `{memo.id[:80]}` {what}", fact))
        return
    ref = FactRef(fact.source, fact.id)
    part = AppliedPart(amount_minor, fact.at, ref, str(fact.data.get("invoice") or ""))
    applied = (*memo.applied, part)
    whole = sum(one.amount_minor for one in applied) == memo.net_minor
    memos[fact.subject] = replace(memo, applied=applied, status="applied" if whole else "issued")


def void_fault(
    memo: CreditMemo, closed: Mapping[tuple[str, str], Instant], at: Instant
) -> tuple[str, str] | None:
    """Why a memo cannot be taken back at an instant, as code and message; None if it can."""
    name = f"credit `{memo.id[:80]}`"
    if memo.status == "voided":
        return "bad-credit", f"{name} is void already"
    if memo.applied:
        return "bad-credit", f"{name} cannot be void: it was applied; what is wrong with it is a delta"
    closed_at = closed.get((memo.entity, memo.month))
    if closed_at is not None and at > closed_at:
        return (
            "closed-month",
            f"{name} cannot be void: it stands in {memo.month}, which is closed for {memo.entity}",
        )
    return None


def _cancel(memos: dict[str, CreditMemo]) -> None:
    """Closes what is open of the memos of one credit against each other."""
    for name, off_minor in cancelled(memos.values()).items():
        memo = replace(memos[name], cancelled_minor=off_minor)
        memos[name] = memo if memo.open_minor else replace(memo, status="settled")


def _fits(memo: CreditMemo, amount_minor: int) -> bool:
    """Whether so much is left of a memo, in its direction."""
    left = memo.net_minor - memo.applied_minor
    return 0 < amount_minor <= left or left <= amount_minor < 0


def minor_of(amount: object, digits: int) -> int | None:
    """An exact number in minor units; None if it is none, or finer than they are."""
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return None
    exact = Fraction(amount) * 10**digits
    return exact.numerator if exact.denominator == 1 else None


def _taken(
    memos: Mapping[str, CreditMemo], places: Mapping[str, Fact], findings: list[Finding]
) -> Iterator[tuple[str, int]]:
    """The last number of each entity; each number is there once, from 1 on without a gap."""
    of_entity: dict[str, list[CreditMemo]] = {}
    for memo in memos.values():
        of_entity.setdefault(memo.entity, []).append(memo)
    for entity, own in of_entity.items():
        by_number: dict[int, list[CreditMemo]] = {}
        for memo in own:
            assert memo.sequence is not None, "what was issued has a number"
            by_number.setdefault(memo.sequence, []).append(memo)
        for number, same in by_number.items():
            if len(same) > 1:
                message = f"number {number} of {entity} stands on {len(same)} credits"
                findings.append(_finding("credit-number", message, *(places[one.id] for one in same)))
        last = max(by_number)
        missing = [number for number in range(1, last) if number not in by_number]
        if missing:
            message = f"the numbers of {entity} have a gap: {_short(missing)} is on no credit"
            findings.append(_finding("credit-number", message, places[by_number[last][0].id]))
        yield entity, last


def _short(missing: Sequence[int]) -> str:
    told = ", ".join(map(str, missing[:5]))
    return told if len(missing) <= 5 else f"{told} and {len(missing) - 5} more"


def _finding(code: str, message: str, *facts: Fact) -> Finding:
    return Finding(code, message, tuple(fact.where for fact in facts))
