"""What contracts have a name for: a fact that names anything else does not count as it was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from upheld.book.horizon import CODE, years_way_out
from upheld.book.unknown_values import KnownValues
from upheld.core.clocks.subject import OPENING
from upheld.core.facts.fact import Fact, Value
from upheld.core.facts.fact_check import instant_in
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.agreement import ALWAYS, SubjectKind, Terms
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import format_instant
from upheld.core.values.expression import names_in
from upheld.core.values.finding import Finding
from upheld.language.suggestion import did_you_mean

STARTED: Final = "maintenance.started"
PLANNED: Final = "maintenance.planned"
_CONTRACT_WAY_OUT: Final = "name one of them, or add the contract's file"
_MOST_LISTED: Final = 12
"""So many names are listed where one of them is meant; of more it is said how many there are."""
_INSTANTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        name: fields
        for name, type_ in FACT_TYPES.items()
        if (fields := tuple(field.name for field in type_.fields if field.kind == "instant"))
    }
)
"""The fields of each type of fact that are instants, where it has any."""


class KnownNames:
    """The names that some contracts have; what many facts ask for is put together when it is first asked."""

    def __init__(self, terms: Iterable[Terms]) -> None:
        self.contracts: Mapping[str, Terms] = {
            one.contract.id: one for one in terms if one.contract is not None
        }
        self.declared: Mapping[str, SubjectKind] = {
            name: event.of for one in self.contracts.values() for name, event in one.events.items()
        }
        self.providers = {one.provider for one in self.contracts.values()}
        self.values = KnownValues(self.contracts)
        self._components: dict[tuple[bool, str | None, str | None], Collection[str]] = {}
        self._asks_who: dict[str, bool] = {}
        self._years: dict[tuple[str | None, str | None], Calendar | None] = {}

    @cached_property
    def early(self) -> frozenset[str]:
        """The types of facts that can move a clock before its subject is opened."""
        return frozenset(type_ for one in self.contracts.values() for type_ in _early_types(one))

    def concerned(self, contract: str | None, provider: str | None) -> Iterable[Terms]:
        """The terms of a contract; of every one of the provider (None: of all) if it is none of these."""
        if contract is not None and contract in self.contracts:
            return [self.contracts[contract]]
        return [one for one in self.contracts.values() if provider in (None, one.provider)]

    def asks_who(self, contract: str | None) -> bool:
        """Whether no clock runs on a ticket under a contract as long as nobody knows who asked."""
        if contract is None or contract not in self.contracts:
            return False
        if contract not in self._asks_who:
            terms = self.contracts[contract]
            ticket_clocks = (clock for clock in terms.clocks if clock.of == "ticket")
            self._asks_who[contract] = terms.named_contacts is not None and any(ticket_clocks)
        return self._asks_who[contract]

    # -- what a fact names -----------------------------------------------------------------------------------

    def unknown_contracts(self, fact: Fact) -> Iterator[Finding]:
        """Contracts that a fact names, or that it is about, and that are not there."""
        for name in contracts_named(fact):
            if name not in self.contracts:
                message = (
                    f"there is no contract `{name[:80]}`; the book has {_listed(sorted(self.contracts))}"
                )
                yield warning("unknown-contract", message, fact, _CONTRACT_WAY_OUT)

    def unknown_provider(self, fact: Fact, must_name: bool) -> Iterator[Finding]:
        """A provider that is not there, or that has to be named and is not."""
        provider = fact.data.get("provider")
        if isinstance(provider, str) and provider not in self.providers:
            message = f"there is no provider `{provider}`; the book has {_listed(sorted(self.providers))}"
            yield warning("unknown-provider", message, fact, "write the provider as its agreement does")
        elif provider is None and must_name and len(self.providers) > 1:
            message = (
                f"the book has {len(self.providers)} providers and this fact names none, so it counts nowhere"
            )
            yield warning("provider-missing", message, fact, "add `provider` to its data")

    def unknown_obligation(self, fact: Fact) -> Iterator[Finding]:
        """An obligation that the contract's terms do not have."""
        terms = self.contracts.get(str(fact.data.get("contract")))
        name = str(fact.data.get("obligation"))
        if terms and name not in (known := [one.name for one in terms.obligations]):
            message = f"contract `{fact.data['contract']}` has no obligation `{name}`"
            yield warning("unknown-obligation", message, fact, one_of(name, known))

    def unknown_covenant(self, fact: Fact) -> Iterator[Finding]:
        """A report that is about none of the covenants of its contract, or about one of several."""
        terms = self.contracts.get(str(fact.data.get("contract")))
        if terms is None:
            return
        known, name = [one.name for one in terms.covenants], fact.data.get("covenant")
        if name is None and len(known) > 1:
            message = f"contract `{fact.data['contract']}` has {len(known)} covenants, and this names none"
            yield warning("unknown-covenant", message, fact, f"add `covenant`: {', '.join(known)}")
        elif not known or (name is not None and name not in known):
            what = "" if name is None else f" `{str(name)[:80]}`"
            message = f"contract `{fact.data['contract']}` has no covenant{what}"
            yield warning("unknown-covenant", message, fact, one_of(str(name or ""), known))

    def unknown_reminder(self, fact: Fact) -> Iterator[Finding]:
        """A reminder that no agreement concerned has."""
        name, contract = str(fact.data.get("reminder")), fact.data.get("contract")
        concerned = [one for key, one in self.contracts.items() if contract in (None, key)]
        known = sorted({one.name for terms in concerned for one in terms.reminders})
        if concerned and name not in known:
            yield warning("unknown-reminder", f"there is no reminder `{name}`", fact, one_of(name, known))

    # -- what a fact about a subject names, by the contract that this is under -------------------------------

    def unknown_duty(self, fact: Fact, contract: str | None) -> Iterator[Finding]:
        """A duty that the agreement, which declares some, does not declare."""
        terms, name = self.contracts.get(contract or ""), fact.data.get("duty")
        if isinstance(name, str) and terms and terms.duties and name not in terms.duties:
            message = f"there is no duty `{name}`"
            yield warning("unknown-duty", message, fact, one_of(name, terms.duties))

    def carries_nothing(self, fact: Fact, contract: str | None) -> Iterator[Finding]:
        """A clock that comes from elsewhere, and is none of the agreement."""
        terms, name = self.contracts.get(contract or ""), str(fact.data.get("commitment"))
        if terms is not None:
            known = [one.name for one in terms.clocks if one.of == "ticket" and one.due is None]
            if name not in known:
                message = f"there is no clock `{name[:80]}` on tickets, so nothing is carried over"
                yield warning("unknown-commitment", message, fact, one_of(name, known))

    def unknown_components(self, kind: SubjectKind, fact: Fact, contract: str | None) -> Iterator[Finding]:
        """Components that none of the agreements concerned has, where they have any."""
        named = fact.data.get("components")
        if not isinstance(named, tuple):
            return
        key = kind == "incident", *self._key(fact, contract)
        if key not in self._components:
            self._components[key] = {
                name
                for terms in self.concerned(*key[1:])
                if kind != "incident" or _reads_incidents(terms)
                for name in terms.components
            }
        known = self._components[key]
        for name in dict.fromkeys(map(str, named)) if known else ():
            if name not in known:
                message = f"there is no component `{name}`, so this does not concern it"
                yield warning("unknown-component", message, fact, one_of(name, sorted(known)))

    def beyond_years(self, fact: Fact, contract: str | None) -> Iterator[Finding]:
        """An instant in a fact after all years that the calendars of a contract which it concerns know."""
        names = _INSTANTS.get(fact.type, ())
        given = {name: at for name in names if (at := instant_in(fact, name)) is not None}
        if not given:
            return
        key = self._key(fact, contract)
        if key not in self._years:
            calendars = (one.calendars[ALWAYS] for one in self.concerned(*key))
            self._years[key] = min(calendars, key=lambda one: one.end_at, default=None)
        nearest = self._years[key]
        for name, at in given.items():
            if nearest is not None and at >= nearest.end_at:
                message = (
                    f"`{name}` is {format_instant(at)}, after the years {nearest.start_year} to "
                    f"{nearest.end_year} that are known: what rests on it cannot be told"
                )
                yield warning(CODE, message, fact, years_way_out(nearest.start_year, nearest.end_year))

    def _key(self, fact: Fact, contract: str | None) -> tuple[str | None, str | None]:
        """By what it is told which contracts a fact concerns: by one, or by the provider."""
        if contract in self.contracts:
            return contract, None
        provider = fact.data.get("provider")
        return None, provider if provider is None else str(provider)


def _reads_incidents(terms: Terms) -> bool:
    """Whether what an incident concerns is measured or excluded: else it may name whatever people call it."""
    return any(one.of == "incident" for one in terms.exclusions) or any(
        one.basis == "incidents" for one in terms.indicators.values()
    )


def contracts_named(fact: Fact) -> Collection[str]:
    """The contracts that a fact names, be they there or not, each once: the one that it is about first."""
    named: list[Value] = [fact.data.get("contract")]
    if fact.type.startswith("contract."):
        named.insert(0, fact.subject)
    elif fact.type == "incident.declared" and isinstance(several := fact.data.get("contracts"), tuple):
        named += several
    return dict.fromkeys(name for name in named if isinstance(name, str))


def one_of(name: str, known: Collection[str]) -> str:
    """The known name that was probably meant, or else those that there are."""
    return did_you_mean(name, known) or f"there are {_listed(known)}"


def warning(code: str, message: str, fact: Fact, way_out: str) -> Finding:
    """A warning at the place of a fact."""
    return Finding(code, message, (fact.where,), way_out, "warning")


def _listed(known: Collection[str]) -> str:
    if len(known) > _MOST_LISTED:
        return f"{len(known)} others"
    return ", ".join(known) or "none"


def _early_types(terms: Terms) -> Iterator[str]:
    for rule in terms.clocks:
        for match in (*rule.starts, *(rule.stops if rule.due is not None else ())):
            yield from match.types - {OPENING[rule.of], STARTED, PLANNED}
        for name in names_in(rule.due) if rule.due is not None else ():
            yield from (name, f"{rule.of}.{name}")
