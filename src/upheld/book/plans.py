"""The plans of an agreement, each resolved, so that they can be put side by side."""

from __future__ import annotations

from upheld.book.diff import Version
from upheld.core.terms.agreement import Terms
from upheld.core.values.finding import Finding, in_order
from upheld.language.compile import compile_terms


def plans(version: Version) -> tuple[tuple[Terms, ...], tuple[Finding, ...]]:
    """The terms of every plan in the order of the page (of the agreement alone where it has none).

    With everything that is wrong; no terms beside errors. Source: design 5.
    """
    found: list[Terms] = []
    findings: list[Finding] = []
    for name in version.plans or ("",):
        terms, told = compile_terms(version.node, plan=name, lock=version.lock)
        findings += told
        if terms is not None:
            found.append(terms)
    told_once = in_order(dict.fromkeys(findings))
    has_errors = any(one.severity == "error" for one in told_once)
    return (() if has_errors else tuple(found)), told_once
