"""Facts that name another contract than their subject has: two customers' tickets may have one id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upheld.book.strangers import of_another_contract
from upheld.core.clocks.subject import OF_A_CONTRACT
from upheld.core.evaluating.cells import Input
from upheld.core.evaluating.narrow import Narrow
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import SubjectKind
from upheld.core.values.finding import Finding
from upheld.store.shelf import Shelf, input_text


def of_other_contracts(told: Sequence[Fact], narrow: Narrow, shelf: Shelf) -> Iterator[Finding]:
    """A warning for each of some facts, by what was told of their subjects before it: earlier, or among them.

    Their subjects have been looked up. A warning names a contract that may be of another customer: who sees
    the whole provider may read it.
    """
    several = shelf.several()
    if not several:  # as where all that was told begins something
        return
    naming = [(fact, name) for fact in told if (name := _of_subject(fact, narrow)) is not None]
    naming = [(fact, name) for fact, name in naming if input_text(name) in several]
    among = {fact.key for fact, _ in naming}
    begun: dict[Input, dict[str, None]] = {}
    for fact, name in naming:
        if name not in begun:
            before = (one for one in shelf.of_all_time(name) if one.key not in among)
            begun[name] = dict.fromkeys(named_contract(one) for one in before if narrow.begun_by(one))
        contract, kind = named_contract(fact), narrow.begun_by(fact)
        others = [one for one in begun[name] if one != contract]
        if others and (kind is not None or contract not in begun[name]):
            of: SubjectKind = name[1]  # type: ignore[assignment]  # inputs name kinds as texts
            yield of_another_contract(of, fact, others[0])
        if kind is not None:
            begun[name][contract] = None


def _of_subject(fact: Fact, narrow: Narrow) -> Input | None:
    """The input of a subject that names its contract, of a fact that names one; None of any other."""
    name = narrow.input_of(fact) if isinstance(fact.data.get("contract"), str) else None
    return name if name is not None and name[0] == "subject" and name[1] in OF_A_CONTRACT else None


def named_contract(fact: Fact) -> str:
    """The contract that a fact names; empty if it names none."""
    return str(fact.data.get("contract") or "")
