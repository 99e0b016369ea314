"""Agreements and contracts are applied: the texts that hold from now on, checked before anything changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from django.db.models import Max, Q

from upheld.app.crash import point
from upheld.app.decide import Customers, decide, end, hand_on, mark
from upheld.app.former_customers import of_former_customers
from upheld.app.kept import KeptScopes, row_key
from upheld.app.refusal import RefusedError
from upheld.app.terms import Holding, holding
from upheld.app.wake import decide_due
from upheld.app.wake_no_more import no_more
from upheld.book.backtest import Backtest
from upheld.book.effects import Effect, effects, flips
from upheld.book.horizon import begun_beyond
from upheld.core.evaluating.narrow import Scope
from upheld.core.terms.plans_named import plans_named
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.finding import MOST_TOLD, Finding, Place, are_enough, in_order, stopped
from upheld.core.values.frozen import dataclass, replace
from upheld.language.compile import compile_terms
from upheld.store.book import Ledger, read_ledger
from upheld.store.locking import hold_in_order, locked, writing
from upheld.store.models import BoundContract, Change, Customer, Message, Provider, RestRow, Text
from upheld.store.shelf import OfAllTime, Shelf
from upheld.store.standing import sort_anew
from upheld.store.texts import Bound, bind, texts_in_force
from upheld.store.walls import of_one_provider

MOST_TEXTS: Final = 5_000
LONGEST_PATH: Final = 300
HANDED_ON: Final = "the contract is another customer's now"


@dataclass(frozen=True, slots=True)
class Applied:
    """The revision, the files that changed and the contracts that hold. `findings` are warnings."""

    revision: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    contracts: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def is_anything(self) -> bool:
        """Whether any file is another one."""
        return bool(self.added or self.changed or self.removed)


class Tried(NamedTuple):
    """What would come of it: for whom terms change, and what of their verdicts and amounts flips by that."""

    applied: Applied
    effects: tuple[Effect, ...]
    flips: Backtest


@of_one_provider
def apply(provider_id: int, texts: Mapping[str, bytes], at: Instant) -> Applied:
    """Makes these files the ones that hold, by their paths. RefusedError if anything is wrong with them."""
    bound = _bound(Provider.objects.get(pk=provider_id), texts)
    with writing():
        provider = locked(provider_id)
        applied = _checked(provider, texts, bound, at)
        if not applied.is_anything:
            return applied
        decide_due(provider, holding(provider), at)
        provider.revision += 1
        provider.save()
        gone = [*applied.removed, *applied.changed]
        Text.objects.filter(provider=provider, gone=None, path__in=gone).update(gone=provider.revision)
        Text.objects.bulk_create(
            Text(provider=provider, path=path, body=texts[path], revision=provider.revision)
            for path in (*applied.added, *applied.changed)
        )
        _meet(provider, bound)
        hold = holding(provider)
        before = _before(provider, hold)
        _bind(provider, hold, before, at)
        _tell_no_more(provider, before.handed_on(hold), at)
        decide_all(provider, hold, at, before=before)
        point("apply.before_commit")
    point("apply.after_commit")
    return replace(applied, revision=provider.revision)


@of_one_provider
def would_apply(provider_id: int, texts: Mapping[str, bytes], at: Instant) -> Tried:
    """What applying these files would change, of every fact that is known. RefusedError as for `apply`."""
    provider = Provider.objects.get(pk=provider_id)
    bound = _bound(provider, texts)
    applied = _checked(provider, texts, bound, at)
    before = read_ledger(provider_id)
    after = Ledger(bound.under(plans_named(before.log)), before.log, before.observations)
    found = effects(before, after)
    on_both = [one.terms.contract.id for one in found if one.how == "changed" and one.terms.contract]
    try:
        return Tried(applied, found, flips(before, after, on_both, at))
    except BeyondHorizon as fault:
        message = f"what holds now cannot be compared with it: {fault}"
        raise RefusedError([Finding("beyond-horizon", message, (Place("request"),))]) from None


def _bound(provider: Provider, texts: Mapping[str, bytes]) -> Bound:
    if errors := list(islice(_path_findings(texts), MOST_TOLD)):
        raise RefusedError(errors)
    return bind(texts, sent_by=provider.name)


def _checked(provider: Provider, texts: Mapping[str, bytes], bound: Bound, at: Instant) -> Applied:
    """What differs from the files that hold. RefusedError if anything is wrong with these."""
    if are_enough(bound.findings):
        raise RefusedError(bound.findings)
    former = of_former_customers(provider.pk, bound)
    findings = in_order([*bound.findings, *_unbound_findings(bound), *former])
    errors = [one for one in findings if one.severity == "error"]
    if texts and not bound.agreements and not errors:
        message = "none of these files is an agreement: with them nothing would hold any more"
        errors.append(
            Finding("unknown-file", message, (Place("request"),), "an agreement begins with `document:`")
        )
    if errors := errors or list(begun_beyond(bound.terms, at)):
        raise RefusedError(errors)
    before = texts_in_force(provider.pk)
    return Applied(
        provider.revision,
        added=tuple(sorted(texts.keys() - before.keys())),
        changed=tuple(sorted(path for path in texts.keys() & before.keys() if texts[path] != before[path])),
        removed=tuple(sorted(before.keys() - texts.keys())),
        contracts=tuple(one.contract_id for one in bound.resolved),
        findings=findings,
    )


def _unbound_findings(bound: Bound) -> Sequence[Finding]:
    """What is wrong with agreements that no contract binds yet: nobody else compiles them."""
    taken = {id(one.agreement) for one in bound.resolved}
    found: list[Finding] = []
    for agreement in bound.agreements:
        if id(agreement.node) not in taken:
            for plan in agreement.plans or ("",):  # without one, what has plans is no page that anybody has
                if are_enough(found):
                    return [*found, stopped(MOST_TOLD, found[-1].place)]
                found += compile_terms(agreement.node, plan=plan, lock=agreement.lock)[1]
    return found


def _path_findings(texts: Mapping[str, bytes]) -> Iterator[Finding]:
    """Why texts cannot be files below a folder, under these paths."""
    sound: set[str] = set()
    for path in texts:
        parts = path.split("/")
        strange = any(part in ("", ".", "..") for part in parts) or "\\" in path or not path.isprintable()
        if strange or len(path) > LONGEST_PATH:
            message = f"`{path[:80]}` is no path below a folder"
            yield Finding("unknown-file", message, (Place(path[:80]),), "write it as contracts/acme.yaml")
        else:
            sound.add(path)
    if len(texts) > MOST_TEXTS:
        message = f"these are {len(texts):,} files, and {MOST_TEXTS:,} are read at most"
        yield Finding("too-large", message, (Place(""),), "apply fewer files")
    # In a folder of files one name cannot be a folder, too. A long path could be one of a million folders.
    folders = {path[:at] for path in sound for at, sign in enumerate(path) if sign == "/"}
    for path in sound & folders:
        message = f"`{path[:80]}` is a file and a folder"
        yield Finding("unknown-file", message, (Place(path[:80]),), "rename one of the two")


def _meet(provider: Provider, bound: Bound) -> None:
    """Every customer who is named has a row."""
    names = {one.contract.customer for one in bound.terms if one.contract is not None}
    there = Customer.objects.filter(provider=provider).values_list("name", flat=True)
    made = [Customer(provider=provider, name=name) for name in sorted(names.difference(there))]
    Customer.objects.bulk_create(made)


@dataclass(frozen=True, slots=True)
class Before:
    """Whose each contract was while other texts held.

    `heard` is whose those were that are bound now, but were not, when a change of them was told last.
    """

    customers: Customers
    heard: Mapping[str, int | None]

    def handed_on(self, hold: Holding) -> set[str]:
        """The contracts that are another customer's now: for whose they were they end."""
        both = self.customers.keys() & hold.terms.keys()
        return {one for one in both if self.customers[one] != hold.customers[one]}

    def told(self, hold: Holding) -> Customers:
        """Whose contracts are; of what was another's before it was taken out no customer is told again."""
        return {one: own for one, own in hold.customers.items() if self.heard.get(one, own) == own}

    def quiet(self, hold: Holding) -> set[str]:
        """The contracts that are new. Of one that was taken out before whoever follows has heard."""
        return hold.terms.keys() - self.customers.keys() - self.heard.keys()


def _before(provider: Provider, hold: Holding) -> Before:
    bound = BoundContract.objects.filter(provider=provider)
    customers = dict(bound.values_list("contract", "customer_id"))
    changes = Change.objects.filter(provider=provider, contract__among=hold.terms.keys() - customers.keys())
    last = changes.order_by().values("contract").annotate(last=Max("pk")).values_list("last", flat=True)
    heard = Change.objects.filter(pk__among=list(last)).values_list("contract", "customer_id")
    return Before(customers, dict(heard))


def _bind(provider: Provider, hold: Holding, before: Before, at: Instant) -> None:
    """The rows of contracts, each with its customer: live for that one from the first time on."""
    ended = (before.customers.keys() - hold.terms.keys()) | before.handed_on(hold)
    BoundContract.objects.filter(provider=provider, contract__among=ended).delete()
    BoundContract.objects.bulk_create(
        [
            BoundContract(provider=provider, contract=one, customer_id=hold.customers[one], live_at=at)
            for one in sorted(hold.terms.keys() - (before.customers.keys() - ended))
        ]
    )


def _tell_no_more(provider: Provider, handed_on: set[str], at: Instant) -> None:
    """What waits for people of customers whose these contracts were tells of what is another's now."""
    if handed_on:
        own = Message.objects.filter(
            provider=provider, contract__among=handed_on, person__customer__isnull=False
        )
        goes_on = own.filter(Q(state__in=("waiting", "sending")) | Q(fall_back_at__isnull=False))
        rows = Message.objects.filter(pk__among=list(goes_on.values_list("pk", flat=True)))
        hold_in_order(rows)
        no_more(rows, HANDED_ON, at)


def decide_all(
    provider: Provider, hold: Holding, at: Instant, *, before: Before | None = None, whole: bool = False
) -> None:
    """Everything that is kept of a provider's verdicts, from its facts alone; `whole` as for `sort_anew`.

    What is in another state than it was kept in is a change, but for contracts that are new since `before`.
    """
    before = before or Before(hold.customers, {})
    handed_on = before.handed_on(hold)
    sort_anew(provider, hold.narrow, whole=whole)
    # What quotas decided is no ground to go on from: they may allow something else.
    RestRow.objects.filter(provider=provider).exclude(scope__kind="").delete()
    shelf = Shelf(provider.pk, at)
    ever = OfAllTime(shelf)  # what is told ahead has to wake, and no other fact may come that would see to it
    scopes: list[Scope] = [
        scope for contract in hold.terms for scope in hold.narrow.scopes(contract, ever) if scope.kind
    ]
    there, kept = set(map(row_key, scopes)), KeptScopes(provider)
    # What is promised by periods is asked for again soon.
    there |= {row_key(Scope(contract)) for contract in hold.terms}
    rows = kept.everything()
    other = {key: one for key, one in rows.items() if key in there and key[0] in handed_on}
    hand_on(provider, other, at, before.customers)
    end(provider, {key: one for key, one in rows.items() if key not in there}, at, before.customers)
    telling = replace(hold, customers=before.told(hold))
    decide(provider, telling, scopes, shelf, at, quiet=before.quiet(hold), kept=kept)
    mark(provider, hold.terms, at)
