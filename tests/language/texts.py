"""Small agreements and contracts for the tests of the compiler; `⟦` marks the place of a finding."""

from __future__ import annotations

from upheld.core.terms.agreement import ClockRule, Contract, Terms
from upheld.core.values.finding import Finding
from upheld.language.compile import compile_terms
from upheld.language.contracts import compile_contract
from upheld.language.node import Mapping, Node
from upheld.language.reader import read_yaml

HEAD = """\
document: {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid}
assume: {hours: {issue: which hours, options: [support, all day], take: support, because: they are staffed}}
scale: {priority: {of: ticket, values: {P1: down, P2: slow, P3: odd}}}
duty: {data: data that we ask for, access: a login}
"""
"""An agreement without any promise; rows follow."""

CONTRACT = "contract: {id: c-1, customer: Acme, agreement: acme, version: 2026-01, from: 2026-02-01}\n"

MARK = "⟦"


def tree(text: str, file: str = "acme.yaml") -> Node:
    """The tree of a text that is sound YAML."""
    node, findings = read_yaml(text, file)
    assert findings == ()
    assert node is not None
    return node


def mapping(text: str, file: str = "acme.yaml") -> Mapping:
    """The tree of a text that is a map."""
    node = tree(text, file)
    assert isinstance(node, Mapping)
    return node


def marked(text: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and column of the mark."""
    before, mark, after = text.partition(MARK)
    assert mark, "the case names no place"
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def terms_of(rows: str, *, plan: str = "", contract: str = "", head: str = HEAD) -> Terms:
    """The terms of a sound agreement."""
    bound = mapping(contract, "c-1.yaml") if contract else None
    terms, findings = compile_terms(tree(head + rows), plan=plan, contract=bound)
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert terms is not None
    return terms


def clock_of(rows: str, name: str = "r") -> ClockRule:
    """One clock of a sound agreement."""
    return next(clock for clock in terms_of(rows).clocks if clock.name == name)


def findings_of(text: str, *, plan: str = "", contract: str = "") -> tuple[Finding, ...]:
    """Everything that is told of an agreement."""
    bound = mapping(contract, "c-1.yaml") if contract else None
    return compile_terms(tree(text), plan=plan, contract=bound)[1]


def contract_of(text: str) -> tuple[Contract | None, tuple[Finding, ...]]:
    """The contract of a contract file."""
    return compile_contract(tree(text, "c-1.yaml"))
