"""`upheld diff`: what a version of an agreement changes against another, in meaning and in its text."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from upheld.book.diff import Diff, PlanDiff, Version, diff
from upheld.cli.output import DOES_NOT_HOLD, DONE, add_format, file_at, refuse, show, tell
from upheld.core.comparing.comparison import Order
from upheld.files.folder import read_agreement_file, read_map
from upheld.language.library import AgreementFile
from upheld.language.node import Mapping
from upheld.render.differences import (
    change_lines,
    change_record,
    summary_line,
    text_lines,
    text_record,
)

FAIL_ON: dict[str, frozenset[Order]] = {
    "worse": frozenset({"worse"}),
    "incomparable": frozenset({"worse", "incomparable"}),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("before", metavar="BEFORE", help="an agreement's file")
    parser.add_argument("after", metavar="AFTER", help="the file of another version")
    parser.add_argument("--plan", default="", help="only for this plan (default: every plan)")
    parser.add_argument("--contract", metavar="FILE", help="for a contract's file, with what it overrides")
    parser.add_argument("--no-text", action="store_true", help="only the meaning, not what the texts change")
    parser.add_argument("--fail-on", choices=tuple(FAIL_ON), help="exit with 1 if a commitment is so")
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints how every commitment compares."""
    files = [agreement_at(options.before), agreement_at(options.after)]
    contract = contract_at(options.contract)
    found, findings = diff(version_of(files[0]), version_of(files[1]), plan=options.plan, contract=contract)
    refuse(findings)
    assert found is not None, "without errors there is a comparison"
    tell(finding for finding in findings if finding.severity == "warning")
    if options.format == "json":
        from upheld.render.record_values import dumps

        print(dumps(_record(files, found, with_text=not options.no_text)), end="")
    else:
        show(_lines(files, found, with_text=not options.no_text))
    orders = FAIL_ON.get(options.fail_on, frozenset())
    failed = any(plan.order in orders or any(c.order in orders for c in plan.changes) for plan in found.plans)
    return DOES_NOT_HOLD if failed else DONE


def agreement_at(word: str) -> AgreementFile:
    """The agreement in a file; stops with its findings if it cannot be read."""
    agreement, findings = read_agreement_file(file_at(word, "agreement"))
    refuse(findings)
    assert agreement is not None, "without errors there is an agreement"
    return agreement


def contract_at(word: str | None) -> Mapping | None:
    """The tree of a contract's file, if one is named; stops with its findings if it cannot be read."""
    if word is None:
        return None
    node, findings = read_map(file_at(word, "contract"))
    refuse(findings)
    return node


def version_of(agreement: AgreementFile) -> Version:
    """An agreement file as a version that is compared."""
    return Version(agreement.node, agreement.lock)


def _lines(files: list[AgreementFile], found: Diff, *, with_text: bool) -> Iterator[str]:
    names = [f"{file.name} {file.version} ({file.path})" for file in files]
    yield f"{names[0]} -> {names[1]}: {found.order}"
    for plan in found.plans:
        yield ""
        yield _heading(plan)
        yield from change_lines(plan.changes)
    if with_text and found.texts:
        yield ""
        yield "what the texts change"
        yield from text_lines(found.texts)


def _heading(plan: PlanDiff) -> str:
    what = f"plan {plan.plan}" if plan.plan else "the agreement"
    if plan.how != "changed":
        return f"{what}: {plan.how}, {plan.order}"
    summary = summary_line(plan.changes)
    return f"{what}: {plan.order}" + (f" ({summary})" if summary else "")


def _record(files: list[AgreementFile], found: Diff, *, with_text: bool) -> dict[str, object]:
    sides = [{"agreement": f.name, "version": f.version, "file": str(f.path)} for f in files]
    record: dict[str, object] = {
        "before": sides[0],
        "after": sides[1],
        "order": found.order,
        "plans": [
            {
                "plan": plan.plan or None,
                "how": plan.how,
                "order": plan.order,
                "changes": [change_record(change) for change in plan.changes],
            }
            for plan in found.plans
        ],
    }
    if with_text:
        record["text"] = [text_record(change) for change in found.texts]
    return record
