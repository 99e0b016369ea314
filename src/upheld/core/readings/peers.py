"""Contracts of which the same holds: what a cell of one is, that of the other is too, by its own name.

A provider has one page and many customers. Where their texts say the same, and no fact names one of them, a
cell of theirs is explored once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final

from upheld.core.clocks.subject import OF_A_CONTRACT
from upheld.core.evaluating.cells import Key
from upheld.core.evaluating.inputs import OF_A_PROVIDER, Inputs
from upheld.core.evaluating.strata import ACCOUNT, SHOWN, VERDICT
from upheld.core.owing.invoices import OF_INVOICES
from upheld.core.readings.exploration import Options
from upheld.core.terms.agreement import Contract, Terms
from upheld.core.values.frozen import replace
from upheld.core.verdicts.verdict import Outcome

_APART: Final = ("contract", "calendars", "plans")
_SAID: Final = tuple(name for name in Terms.__match_args__ if name not in _APART)
_NAMES: Final = ("id", "customer", "place")
_OF_A_CONTRACT: Final = tuple(name for name in Contract.__match_args__ if name not in _NAMES)
_OF_MONEY: Final = "fees"
_ITSELF: Final = "contract.id"
"""What a condition that asks which contract it is says."""


class Peers:
    """For each contract the first one of which the same holds, whichever readings are taken.

    Two steps of it: the same but for fees and invoices, which no verdict asks for, and the same in all.
    """

    def __init__(
        self,
        taken: Sequence[Terms],
        others: Sequence[Sequence[Terms]],
        options: Mapping[str, Options],
        inputs: Inputs,
    ) -> None:
        """`taken` are the terms as they are read, interned; `others` those of each reading taken otherwise.

        Contracts whose texts say the same have the same objects in each of the latter, but for the contract.
        """
        self._judged: dict[str, str] = {}
        self._paid: dict[str, str] = {}
        groups: dict[Hashable, list[Terms]] = {}
        for one, *its in zip(taken, *others, strict=True):
            if not one.plans:  # who may change the plan has cells under each
                groups.setdefault(tuple(_ids(other) for other in its), []).append(one)
        candidates = [group for group in groups.values() if len(group) > 1] if others else []
        about = _about([name_of(one) for group in candidates for one in group], inputs) if candidates else {}
        for group in candidates:
            for found, without in ((self._judged, OF_INVOICES), (self._paid, frozenset[str]())):
                # Told apart by what costs little, or each would be compared with every other.
                firsts: dict[Hashable, list[Terms]] = {}
                is_paid = found is self._paid
                for one in group:
                    name = name_of(one)
                    alike = firsts.setdefault((_told(about[name], without), _paid(one, is_paid)), [])
                    first = next(
                        (
                            other
                            for other in alike
                            if _is_same(other, one, is_paid) and options[name_of(other)] == options[name]
                        ),
                        None,
                    )
                    if first is None:
                        alike.append(one)
                    else:
                        found[name] = name_of(first)

    @property
    def followed(self) -> frozenset[str]:
        """The contracts whose cells are those of others too."""
        return frozenset(self._judged.values()) | frozenset(self._paid.values())

    def first(self, key: Key) -> Key | None:
        """The cell of another contract that is the same but for its name; None if there is none before it."""
        stratum, what, names = key
        found = (self._judged if stratum <= VERDICT else self._paid).get(names[0])
        return None if found is None or stratum not in SHOWN else (stratum, what, (found, *names[1:]))

    def account(self, key: Key) -> Key | None:
        """The account of another contract that is the same but for fees and invoices, if there is one."""
        found = self._judged.get(key[2][0])
        return None if found is None or key[0] != ACCOUNT else (*key[:2], (found,))


def asks_for_itself(terms: Terms, seen: dict[int, object]) -> bool:
    """Whether any rule asks which contract it is of. `seen` are parts that were looked at and do not."""
    return any(_says_itself(getattr(terms, name), seen) for name in _SAID)


def named(outcome: Outcome, contract: str) -> Outcome:
    """An outcome as that of another contract."""
    return outcome._replace(
        verdicts=tuple(replace(one, key=one.key._replace(contract=contract)) for one in outcome.verdicts),
        credits=tuple(replace(one, key=one.key._replace(contract=contract)) for one in outcome.credits),
    )


def name_of(terms: Terms) -> str:
    """The id of the contract of some terms."""
    assert terms.contract is not None
    return terms.contract.id


def _ids(terms: Terms) -> tuple[int, ...]:
    return (id(terms.calendars), *(id(getattr(terms, name)) for name in _SAID))


def _is_same(one: Terms, other: Terms, is_paid: bool) -> bool:
    """Whether terms say the same, in which what is equal is mostly one object; calendars are one if equal."""
    fields = (name for name in _OF_A_CONTRACT if is_paid or name != _OF_MONEY)
    return (
        all(getattr(one.contract, name) == getattr(other.contract, name) for name in fields)
        and all(getattr(one, name) == getattr(other, name) for name in _SAID)
        and one.calendars.keys() == other.calendars.keys()
        and all(calendar is other.calendars[name] for name, calendar in one.calendars.items())
    )


def _about(contracts: Sequence[str], inputs: Inputs) -> Mapping[str, Mapping[tuple[str, ...], Any]]:
    """The inputs that name each contract, without its name."""
    found: dict[str, dict[tuple[str, ...], Any]] = {name: {} for name in contracts}
    for given in (inputs.facts, inputs.names):
        for of, value in given.items():
            for name in found.keys() & set(of):
                # Who lists a subject of one contract that another one lists, too, has other facts of it.
                is_own = of[0] == "subjects" and of[-1] in OF_A_CONTRACT and bool(value)
                found[name][of if is_own else tuple("" if part == name else part for part in of)] = value
    for of, told in inputs.facts.items():
        # What names a contract is of no other, though its subject concerns all of them.
        for fact in told if of[0] == "subject" and of[1] in OF_A_PROVIDER else ():
            own = fact.data.get("contract")
            if isinstance(own, str) and own in found:
                found[own][*of, own] = told
    return found


def _told(
    about: Mapping[tuple[str, ...], Any], without: frozenset[str]
) -> frozenset[tuple[tuple[str, ...], Hashable]]:
    """The same without facts of some types."""
    kept = (
        (name, tuple(one for one in value if getattr(one, "type", "") not in without))
        for name, value in about.items()
    )
    return frozenset((name, value) for name, value in kept if value or not without)


def _paid(terms: Terms, is_paid: bool) -> Hashable:
    """What is paid under a contract, where that is asked for."""
    assert terms.contract is not None
    return tuple(sorted(terms.contract.fees.items())) if is_paid else ()


def _says_itself(value: object, seen: dict[int, object]) -> bool:
    if isinstance(value, str):
        return value == _ITSELF
    if id(value) in seen:
        return False
    if any(_says_itself(part, seen) for part in _parts(value)):
        return True
    seen[id(value)] = value
    return False


def _parts(value: Any) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value
        yield from value.values()
    elif isinstance(value, tuple | list | frozenset | set):
        yield from value
    elif hasattr(value, "__match_args__") and not isinstance(value, type):
        yield from (getattr(value, name) for name in value.__match_args__)
