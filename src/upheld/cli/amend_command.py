"""`upheld amend`: from when a new version holds for whom."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date

from upheld.book.amend import Amendment, Asked, Succession, amend
from upheld.cli.diff_command import agreement_at, version_of
from upheld.cli.output import (
    DOES_NOT_HOLD,
    DONE,
    WRONG_USE,
    Stop,
    add_format,
    instant,
    paths,
    show,
    tell,
)
from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.amendment import AmendRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import BeyondHorizon, Zone
from upheld.core.values.finding import Finding, has_errors
from upheld.files.folder import Folder, read_book
from upheld.language.library import AgreementFile
from upheld.render.successions import step_lines, step_record
from upheld.render.words import count

TOO_SHORT = "notice-too-short"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("new", metavar="NEW", help="the file of the new version")
    parser.add_argument(
        "--against",
        nargs="+",
        required=True,
        metavar="OLD",
        help="the files of the versions before, the one in force last",
    )
    parser.add_argument(
        "--contracts",
        nargs="+",
        default=[],
        metavar="PATH",
        help="contracts, and facts of notices and renewals; or folders of them",
    )
    parser.add_argument(
        "--published", metavar="DATE", help="the day on which it is published (default: as the facts say)"
    )
    parser.add_argument(
        "--from", dest="start", metavar="DATE", help="the day on which it is to begin (default: the first)"
    )
    parser.add_argument("--at", metavar="INSTANT", help="also say which version holds at this instant")
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints from when which version holds. 1 if a notice is too short."""
    new = agreement_at(options.new)
    old = [agreement_at(word) for word in options.against]
    book = read_book(paths(options.contracts)) if options.contracts else Folder()
    contracts = [one.node for one in book.contracts if one.agreement == new.name]
    # That a contract lacks its agreement is no fault here: the versions are given by name.
    _refuse(
        finding for finding in book.findings if finding.code not in ("unknown-agreement", "unknown-version")
    )
    asked = Asked(
        version_of(new),
        [version_of(one) for one in old],
        contracts,
        book.log.effective(),
        _day(options.published, "--published"),
        _day(options.start, "--from"),
    )
    try:
        found, findings = amend(asked)
    except BeyondHorizon as fault:
        raise Stop(f"upheld: {fault}") from None
    tell(finding for finding in findings if finding.severity != "note")
    if found is None:
        return WRONG_USE
    at = None if options.at is None else instant(options.at)
    if options.format == "json":
        from upheld.render.record_values import dumps

        print(dumps(_record(new, old, found, at)), end="")
    else:
        show(_lines(new, old[-1], found, at))
    return DOES_NOT_HOLD if any(finding.code == TOO_SHORT for finding in findings) else DONE


def _refuse(findings: Iterator[Finding]) -> None:
    told = list(findings)
    if has_errors(told):
        tell(told)
        raise Stop(
            f"upheld: {count(sum(f.severity == 'error' for f in told), 'error')}; nothing was compared"
        )


def _day(word: str | None, name: str) -> date | None:
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Stop(f"upheld: {name} {word}: write a day as 2026-07-01") from None


def _lines(new: AgreementFile, old: AgreementFile, found: Amendment, at: Instant | None) -> Iterator[str]:
    yield f"{new.name} {new.version} after {old.version}"
    yield f"  {_rule_text(found.rule)}"
    if found.published_at is not None and found.zone is not None:
        day = found.zone.date_at(found.published_at)
        yield f"  published {day}: whoever signs from then on gets {new.version}"
    for one in found.successions:
        yield ""
        yield from _succession_lines(one, new.version, at)


def _rule_text(rule: AmendRule | None) -> str:
    if rule is None:
        return "the agreement has no rule of changes: a new version holds from its publication on"
    said = "no notice is promised" if rule.notice is None else f"{rule.notice} of notice"
    if rule.never_below != "nothing":
        said += f", never below the {rule.never_below} until the {rule.until}"
    return said


def _succession_lines(one: Succession, version: str, at: Instant | None) -> Iterator[str]:
    contract = one.terms.contract
    assert contract is not None, "it is of a contract"
    zone = one.terms.calendars[ALWAYS].rule.zone
    plan = f", plan {one.terms.plan}" if one.terms.plan else ""
    yield f"{contract.id} ({contract.customer}{plan}), signed under {one.signed}"
    if one.is_new:
        yield f"  {version} from its first day, {contract.from_on}"
        return
    if one.is_over:
        yield f"  over on {contract.until_on}, before the new version can begin: {one.signed} to its end"
        return
    yield f"  {_dates(one, zone)}"
    assert one.starts_at is not None, "it is told of"
    if not one.steps:
        yield f"  nothing changes for it: {version} from {zone.date_at(one.starts_at)}"
        return
    yield from step_lines(one.steps, zone, at)
    yield f"    everything else: {version} from {zone.date_at(one.starts_at)}"


def _dates(one: Succession, zone: Zone) -> str:
    assert one.told_at is not None, "it is told of"
    assert one.starts_at is not None, "it is told of"
    said = f"told {zone.date_at(one.told_at)}, new version from {zone.date_at(one.starts_at)}"
    if one.period_end_at is not None:
        said += f", contract period until {zone.date_at(one.period_end_at)}"
    return said


def _record(
    new: AgreementFile, old: list[AgreementFile], found: Amendment, at: Instant | None
) -> dict[str, object]:
    from upheld.render.record_values import instant as shown

    rule = found.rule
    return {
        "agreement": new.name,
        "version": new.version,
        "against": [one.version for one in old],
        "published_at": shown(found.published_at),
        "notice": None if rule is None or rule.notice is None else str(rule.notice),
        "never_below": None if rule is None or rule.never_below == "nothing" else rule.never_below,
        "contracts": [_succession_record(one, at) for one in found.successions],
    }


def _succession_record(one: Succession, at: Instant | None) -> dict[str, object]:
    from upheld.render.record_values import instant as shown

    assert one.terms.contract is not None, "it is of a contract"
    steps = [step_record(step) for step in one.steps]
    if at is not None:
        for record, step in zip(steps, one.steps, strict=True):
            record["version_at"] = step.version_at(at)
    return {
        "contract": one.terms.contract.id,
        "customer": one.terms.contract.customer,
        "plan": one.terms.plan or None,
        "signed_under": one.signed,
        "state": "new" if one.is_new else "over" if one.is_over else "in force",
        "told_at": shown(one.told_at),
        "earliest_at": shown(one.earliest_at),
        "starts_at": shown(one.starts_at),
        "period_end_at": shown(one.period_end_at),
        "commitments": steps,
    }
