"""The cells of remedies: what each contract is owed for each period, combined, limited and scheduled."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from upheld.core.accounting.ledger import ISSUED, entity_of, ledger_of
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.netting import booked_of
from upheld.core.claiming.claim import Claim
from upheld.core.evaluating.cells import Input, Key, Reader
from upheld.core.evaluating.claims import (
    Borne,
    by_decision,
    claim_cell,
    grants,
    settled,
    with_answers,
)
from upheld.core.evaluating.commitments import Material
from upheld.core.evaluating.contracts import Contracts, by_name, contract_of
from upheld.core.evaluating.slots import Slot, Window, bill_of, is_about, is_complaint, turn_of, windows_of
from upheld.core.evaluating.strata import ACCOUNT, CLAIM, CLAIMED, MATERIAL, OWED, VERDICT
from upheld.core.measuring.taken import Item
from upheld.core.owing.account import Step, Turn, steps_at, steps_of
from upheld.core.owing.bill import Invoice
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.owing.invoices import OF_INVOICES, invoices_of
from upheld.core.owing.limits import NOTHING_GIVEN, Given
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.life import Life
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import dataclass, field, replace
from upheld.core.values.key import CellKey
from upheld.core.values.once import anew
from upheld.core.verdicts.credit import Credit, Grant, Line
from upheld.core.verdicts.verdict import LATE, Outcome, State, under_plan


class _Due(NamedTuple):
    """A period that one remedy is asked of, under the terms of its plan."""

    period: Period
    binding: str
    terms: Terms
    remedy: RemedyRule
    commit: CommitRule


class _Round(NamedTuple):
    """The remedies of one verdict that have their turn together, and what each gave."""

    slots: tuple[Slot, ...]
    turns: tuple[Turn, ...]
    steps: tuple[Step, ...]

    def given(self) -> Iterator[tuple[Window, Given]]:
        """What was given after it in all, in each month, year and term."""
        for slot, step in zip(self.slots, self.steps, strict=True):
            yield from ((window, step.given[window.per]) for window in slot.windows)


@dataclass(frozen=True, slots=True)
class Account:
    """Every credit of a contract, by binding, remedy and period, and every claim with its binding.

    `rounds` are how the credits came about, kept for contracts like it; they are of no account themselves.
    """

    credits: Mapping[tuple[str, ...], tuple[Credit, ...]]
    claims: tuple[tuple[str, Claim], ...] = ()
    rounds: tuple[_Round, ...] = field(default=(), compare=False, repr=False)


def account_of(key: Key) -> Key:
    """The cell of the account that a cell follows from."""
    return ACCOUNT, "account", (contract_of(key[2][0]),)


class Owing:
    """What the strata CLAIM to OWED compute."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def roots(self, contract: str, life: Life, at: Instant) -> Iterator[Key]:
        """The cells of a contract that have credits, in the order in which they are shown."""
        for remedies in by_name(self._contracts, contract, lambda terms: terms.remedies):
            for turn in self._due(remedies, life, at):
                yield OWED, "owed", (turn.binding, turn.remedy.name, turn.period.label)

    def claimed(self, contract: str, names: Mapping[Input, tuple[str, ...]]) -> Iterator[Key]:
        """The cell of the claims of a contract, if it has any."""
        if names.get(("subjects", contract, "claim")):
            yield CLAIMED, "claimed", (contract,)

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, _, (binding, *rest) = key
        if stratum == CLAIM:
            return claim_cell(self._contracts, binding, rest[0], reader), None
        if stratum == ACCOUNT:
            life = self._contracts.life(binding, reader)
            changes = [one.from_at for one in life.plans] + ([] if life.end_at is None else [life.end_at])
            return self._account(binding, life, reader, at), min((c for c in changes if at < c), default=None)
        account = reader.cell(account_of(key))
        assert isinstance(account, Account)
        if stratum == CLAIMED:
            return tuple(
                with_answers(one, self._contracts, name, reader) for name, one in account.claims
            ), None
        return self.owed(key, account), None

    def owed(self, key: Key, account: Account) -> Outcome:
        """What is owed of one remedy for one period, which follows from the account alone."""
        found = Outcome((), (), account.credits.get(key[2], ()))
        return under_plan(found, self._contracts.plan(key[2][0]))

    def claim(self, binding: str, claim_id: str, reader: Reader) -> Claim | None:
        """A claim with its decisions judged; None if there is none of that id under a binding."""
        account = reader.cell(account_of((OWED, "owed", (binding,))))
        assert isinstance(account, Account)
        return next((one for name, one in account.claims if (name, one.id) == (binding, claim_id)), None)

    # -- the account ---------------------------------------------------------------------------------------

    def _account(self, contract: str, life: Life, reader: Reader, at: Instant) -> Account:
        """Period by period, since what was given before counts; then remedy by remedy, over the invoices."""
        invoices = self._invoices(contract, reader)
        claims: list[tuple[str, Claim]] = []
        for claim_id in reader.names(("subjects", contract, "claim")):
            for binding in self._contracts.siblings(contract):
                claim = reader.cell((CLAIM, "claim", (binding, claim_id)))
                if isinstance(claim, Claim):
                    claims.append((binding, claim))
        slots: dict[tuple[Instant, Instant, str, str, str], list[Slot]] = {}
        for slot in self._slots(contract, life, [claim for _, claim in claims], reader, at):
            group, alone = slot.remedy.group, "" if slot.remedy.group else slot.remedy.name
            key = slot.period.start_at, slot.period.end_at, slot.verdict.key.subject, group, alone
            slots.setdefault(key, []).append(slot)
        rounds: list[_Round] = []
        sums: dict[Window, Given] = {}
        for key in sorted(slots, key=lambda key: key[:2]):
            turns = tuple([turn_of(slot, life, invoices, sums, reader.once) for slot in slots[key]])
            steps = reader.once(
                ("steps", *(turn.seen for turn in turns)),
                lambda turns=turns: steps_of(turns, contract),  # type: ignore[misc]
            )
            rounds.append(_Round(tuple(slots[key]), turns, steps))
            sums.update(rounds[-1].given())
        return self._paid(contract, life, rounds, claims, invoices, reader, at)

    def account_like(self, contract: str, like: Account, reader: Reader, at: Instant) -> Account | None:
        """The account of a contract of which all but fees and invoices is as for that of another account.

        None if it has to be computed.
        """
        if like.claims:
            return None
        life, invoices = self._contracts.life(contract, reader), self._invoices(contract, reader)
        rounds: list[_Round] = []
        sums: dict[Window, Given] = {}
        for its in like.rounds:
            before = (sums.get(window, NOTHING_GIVEN) for slot in its.slots for window in slot.windows)
            if not all(one.is_nothing for one in before):
                return None
            bills = [bill_of(slot, life, invoices, reader.once) for slot in its.slots]
            steps = reader.once(
                ("account at", id(its.steps), *map(id, bills)),
                lambda its=its, bills=bills: steps_at(its.turns, its.steps, bills, contract, reader.once),  # type: ignore[misc]
            )
            if steps is None:
                return None
            rounds.append(its._replace(steps=steps))
            sums.update(rounds[-1].given())
        return self._paid(contract, life, rounds, (), invoices, reader, at)

    def _invoices(self, contract: str, reader: Reader) -> tuple[Invoice, ...]:
        """The invoices of a contract, the same object for whoever asks with the same facts."""
        terms = self._contracts.terms[contract]
        assert terms.contract is not None
        invoiced = reader.facts(("contract", contract), OF_INVOICES)
        currency, zone = terms.contract.currency, terms.calendars[ALWAYS].rule.zone
        seen = "invoices", id(terms.contract), id(terms.calendars[ALWAYS]), *map(id, invoiced)
        return reader.once(seen, lambda: invoices_of(invoiced, currency, zone))

    def _booked(self, contract: str, reader: Reader) -> Mapping[CellKey, tuple[CreditMemo, ...]]:
        """The memos of a contract, by credit: those that the ledger has of it, by the same facts."""
        facts = reader.facts(("credits", contract))
        if not facts:
            return {}
        entities = dict.fromkeys(entity_of(fact) for fact in facts if fact.type == ISSUED)
        closings = (reader.facts(("closings", entity)) for entity in entities)
        facts = (*facts, *(fact for closed in closings for fact in closed))
        return reader.once(
            ("booked", *map(id, facts)), lambda: ledger_of(facts).by_contract.get(contract, {})
        )

    def _due(self, remedies: Iterable[tuple[str, RemedyRule]], life: Life, at: Instant) -> list[_Due]:
        """What the remedies of one name are asked of: the periods under the plan of each, in order."""
        found: list[_Due] = []
        for binding, remedy in remedies:
            terms = self._contracts.terms[binding]
            commit = _commit(terms, remedy)
            periods = self._contracts.periods(binding, commit.name, commit.period, life, at)
            found += [_Due(period, binding, terms, remedy, commit) for period in periods]
        return sorted(found, key=lambda one: (one.period, one.binding))

    def _slots(
        self, contract: str, life: Life, claims: Sequence[Claim], reader: Reader, at: Instant
    ) -> Iterator[Slot]:
        """Every remedy of every verdict, with what came before and the claims about it."""
        for remedies in by_name(self._contracts, contract, lambda terms: terms.remedies):
            states: dict[str, list[State]] = {}
            due = self._due(remedies, life, at)
            items = [self._counted(one, reader) if claims else () for one in due]
            every = frozenset(one.subject for found in items for one in found)
            for (period, binding, terms, remedy, commit), counted in zip(due, items, strict=True):
                ids = id(terms.contract), id(life), id(remedy.limits), id(commit.period)
                windows = reader.once(
                    ("windows", remedy.name, *ids, period),
                    lambda: tuple(windows_of(remedy, commit, period, terms, life)),  # noqa: B023 - called at once
                )
                outcome = reader.cell((VERDICT, "verdict", (binding, commit.name, period.label)))
                assert isinstance(outcome, Outcome)
                late = frozenset(one.subject for one in counted if one.state in LATE)
                for verdict in outcome.verdicts:
                    subject = verdict.key.subject
                    about = [one for one in claims if is_about(one, period, subject, every, late)]
                    part = verdict.key.subject.removeprefix(period.label)
                    before = states.setdefault(part, [])
                    kept_before = tuple(reversed(before))
                    yield Slot(
                        binding, terms, remedy, commit, period, verdict, kept_before, tuple(about), windows
                    )
                    before.append(verdict.state)

    def _counted(self, due: _Due, reader: Reader) -> tuple[Item, ...]:
        """The items of a period, which a claim may be about."""
        material = reader.cell((MATERIAL, "material", (due.binding, due.commit.name, due.period.label)))
        assert isinstance(material, Material)
        return material.items

    def _paid(
        self,
        contract: str,
        life: Life,
        rounds: Sequence[_Round],
        claims: Sequence[tuple[str, Claim]],
        invoices: Sequence[Invoice],
        reader: Reader,
        at: Instant,
    ) -> Account:
        """The credits with their instalments. Where nobody has to claim, the end of the period decides."""
        once = reader.once
        ended_at = life.end_at if life.is_over(at) else None
        names = by_name(self._contracts, contract, lambda terms: terms.remedies)
        given: dict[str, list[tuple[Slot, Step]]] = {remedies[0][1].name: [] for remedies in names}
        for one in rounds:
            for slot, step in zip(one.slots, one.steps, strict=True):
                given[slot.remedy.name].append((slot, step))
        all_given = [pair for pairs in given.values() for pair in pairs]
        given_credits = [step.credit for _, step in all_given]
        judged: tuple[Claim, ...] = ()
        granted: Mapping[int, tuple[Grant, ...]] = {}
        if claims:
            about = [tuple(claim.id for claim in slot.claimed_by) for slot, _ in all_given]
            own = (_of(contract, credit) for credit in given_credits)
            rules = {claim.id: self._contracts.terms[binding].claim for binding, claim in claims}
            filed = [claim for _, claim in claims]
            judged = settled(filed, rules, [Borne(*pair) for pair in zip(own, about, strict=True)])
            borne = [
                Borne(step.credit, names, _is_final(slot))
                for (slot, step), names in zip(all_given, about, strict=True)
            ]
            granted = grants(judged, borne)
            given_credits = by_decision(borne, judged, granted, once)
        memos = self._booked(contract, reader)
        owed = [
            _owed(
                slot,
                step.credit,
                granted.get(number, ()),
                credit,
                memos.get(_of(contract, credit).key, ()) if memos else (),
            )
            for number, ((slot, step), credit) in enumerate(zip(all_given, given_credits, strict=True))
        ]
        paid = scheduled(owed, invoices, ended_at, once)
        found: dict[tuple[str, ...], tuple[Credit, ...]] = {}
        of_plans = (
            len(self._contracts.siblings(contract)) > 1
        )  # else slots may be those of a contract like it
        for (slot, step), credit in zip(all_given, paid, strict=True):
            key = slot.binding if of_plans else contract, slot.remedy.name, slot.period.label
            found[key] = (*found.get(key, ()), _of(contract, credit, step.lines))
        bindings = {claim.id: binding for binding, claim in claims}
        told = tuple((bindings[claim.id], claim) for claim in judged)
        return Account(found, told, () if once is anew else tuple(rounds))


def _is_final(slot: Slot) -> bool:
    return slot.terms.claim is not None and slot.terms.claim.decision == "final"


def _owed(
    slot: Slot,
    computed: Credit,
    granted: tuple[Grant, ...],
    decided: Credit,
    memos: Sequence[CreditMemo],
) -> Owed:
    """A credit as it is to be paid: from its grants on; where nobody has to claim, from its verdict on.

    `decided` is the credit that was `computed`, or what a decision made of it; `memos` are its documents.
    """
    grants: tuple[Grant, ...]
    if not slot.terms.must_be_claimed(slot.remedy.name):
        at = _due_from(slot)
        grants = () if at is None else (Grant(at, None),)
    else:
        whole = computed.amount if computed.state == "owed" else None
        grants = tuple([Grant(at, None if amount == whole else amount) for at, amount in granted])
    of = None if decided is computed else computed
    booked = booked_of(memos, decided, slot.remedy.pay, grants)
    return Owed(slot.remedy, decided, grants, slot.period, booked, of)


def _due_from(slot: Slot) -> Instant | None:
    """From when something is owed that nobody has to claim: its verdict, and where complaints are asked for
    the first of these, too. None: not yet."""
    at = slot.verdict.stopped_at
    filed = [claim.filed_at for claim in slot.claims if is_complaint(claim)]
    if at is None or not filed or not slot.remedy.asks_for_complaints:
        return at
    return max(at, min(filed))


def _commit(terms: Terms, remedy: RemedyRule) -> CommitRule:
    """The commitment that a remedy follows."""
    return next(commit for commit in terms.commits if commit.name == remedy.of)


def _of(contract: str, credit: Credit, lines: Sequence[Line] | None = None) -> Credit:
    """The credit as one of a contract that may be another than the one that it was first computed for.

    `lines` are those that it has then, if it has none yet.
    """
    key = credit.key
    if key.contract != contract:
        key = CellKey(contract, key.commitment, key.subject)
    elif lines is None:
        return credit
    return replace(credit, key=key, lines=credit.lines if lines is None else lines)
