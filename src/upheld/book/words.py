"""An agreement in plain words: its terms of every plan, of one, or of one contract, written out."""

from __future__ import annotations

from upheld.book.diff import Version
from upheld.book.worked import worked_examples
from upheld.core.values.finding import Finding, in_order
from upheld.language.compile import compile_terms
from upheld.language.coverage import read_clauses
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node
from upheld.language.report import Report
from upheld.render.prose.agreement import prose_of
from upheld.render.prose.document import Prose
from upheld.render.prose.tongue import Tongue


def words(
    version: Version,
    tongue: Tongue,
    *,
    plan: str = "",
    contract: MapNode | None = None,
    clauses: Node | None = None,
) -> tuple[tuple[Prose, ...], tuple[Finding, ...]]:
    """One text for each plan, or one for a plan, a contract, or an agreement without plans; with examples.

    `clauses` is the tree of the agreement's clause list. No text beside errors. Source: design 5.
    """
    report = Report()
    listed = read_clauses(clauses, report) if clauses is not None else {}
    findings = list(report.findings)
    texts: list[Prose] = []
    wanted = (plan,) if plan or contract is not None else version.plans or ("",)
    for name in wanted:
        terms, told = compile_terms(version.node, contract=contract, plan=name, lock=version.lock)
        findings += told
        if terms is not None:
            texts.append(prose_of(terms, tongue, listed, worked_examples(terms)))
    found = in_order(dict.fromkeys(findings))
    # What a contract says of another agreement's rows is no news once that is told.
    strange = tuple(one for one in found if one.code == "agreement-mismatch")
    if strange:
        return (), strange
    return (() if any(one.severity == "error" for one in found) else tuple(texts)), found
