"""Edits of the five agreements by every operator: a finding or the diff catches what changes what holds."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.compiled_once import compiled_once
from tests.mutations import Mutation, every_operator
from upheld.book.diff import Version, diff
from upheld.core.values.finding import has_errors
from upheld.files.folder import read_agreement_file
from upheld.language.check import check_agreement
from upheld.language.library import AgreementFile
from upheld.language.node import Mapping, Scalar

AGREEMENTS = Path(__file__).parents[1] / "agreements"
SEEDS = 3
BESIDE = {
    "doc", "clause", "ref", "issue", "because", "flag", "executed by", "named only", "title", "source",
    "text",
}  # fmt: skip
"""Fields that say something to the reader, and nothing of what is promised."""


def holds(mutation: Mutation, agreement: AgreementFile) -> bool:
    """Whether an edit is of something that holds: no remark, and no option of a reading that is not taken."""
    if BESIDE & set(map(str, mutation.path)):
        return False
    assumed = agreement.node.get("assume")
    steps = list(mutation.path)
    for i, step in enumerate(steps[:-1]):
        if isinstance(step, str) and step.startswith("by ") and isinstance(assumed, Mapping):
            row = assumed.get(step.removeprefix("by "))
            take = row.get("take") if isinstance(row, Mapping) else None
            if isinstance(take, Scalar) and steps[i + 1] != take.text:
                return False
    if mutation.operator == "take another reading":
        row = assumed.get(str(mutation.path[1])) if isinstance(assumed, Mapping) else None
        return isinstance(row, Mapping) and row.get("executed by") is None
    return True


def told_of(node: Mapping, agreement: AgreementFile) -> tuple[set[tuple[str, str]], bool]:
    """What the checker tells of a tree, and whether that is an error."""
    found, _ = check_agreement(node, clauses=agreement.clauses, lock=agreement.lock)
    return {(finding.code, finding.message) for finding in found}, has_errors(found)


def is_caught(mutation: Mutation, agreement: AgreementFile, known: set[tuple[str, str]]) -> bool:
    """Whether the checker tells something that is not known of it, or the diff of any plan."""
    told, is_wrong = told_of(mutation.tree, agreement)
    if told - known or is_wrong:
        return True
    one, other = Version(agreement.node, agreement.lock), Version(mutation.tree, agreement.lock)
    compared, _ = diff(one, other)
    return compared is None or any(plan.changes for plan in compared.plans)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rous", "intg", "ceng", "sivo", "just"])
def test_nine_in_ten_edits_that_change_what_holds_are_caught(name: str) -> None:
    """Those that are missed change nothing that is promised: a zone that is the document's, a value that no
    rule asks for, bands of a reading whose option is the one beside.
    """
    agreement, _ = read_agreement_file(AGREEMENTS / f"{name}.yaml")
    assert agreement is not None
    known, _ = told_of(agreement.node, agreement)
    caught, missed = 0, []
    with compiled_once():
        for seed in range(SEEDS):
            for mutation in every_operator(agreement.node, Random(f"{name} {seed}")):
                if holds(mutation, agreement):
                    if is_caught(mutation, agreement, known):
                        caught += 1
                    else:
                        missed.append(str(mutation))
    assert caught >= 9 * len(missed), "\n".join(missed)
