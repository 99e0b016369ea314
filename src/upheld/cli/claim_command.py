"""`upheld claim`: what was claimed and what can be; its draft; and every step of it as a fact."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NamedTuple

from upheld.book.answers import claims_answer
from upheld.book.claims import claimable, claimable_items, claims
from upheld.book.evaluate import Report
from upheld.cli.book_arguments import OF_THE_WHOLE, add_book, report_of, tell_findings
from upheld.cli.claim_refusals import period_of, refuse, terms_of
from upheld.cli.claim_steps import LANGUAGES, STEPS, add_steps, run_step
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.claiming.claimable import Claimable, FiledClaim, happened_at
from upheld.core.facts.fact_check import suggestion
from upheld.core.terms.claim import ClaimRule
from upheld.core.timeline.instant import Instant
from upheld.files.folder import Folder
from upheld.render.claims import claim_in_full, claim_list, claim_record
from upheld.render.record_values import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    listed = forms.add_parser("list", help="what was claimed, what can be until when, what no more can be")
    add_book(listed)
    add_format(listed)
    shown = forms.add_parser("show", help="one claim with its whole way")
    add_book(shown)
    shown.add_argument("claim", metavar="CLAIM", help="the id of the claim")
    add_format(shown)
    drafted = forms.add_parser(
        "draft", help="a claim in the form that the agreement wants, from our evidence"
    )
    add_book(drafted)
    add_about(drafted)
    drafted.add_argument("--language", choices=LANGUAGES, default="en", help="en (default) or nl")
    add_format(drafted)
    add_steps(forms)


def add_about(parser: argparse.ArgumentParser) -> None:
    """The contract, and what is claimed for."""
    parser.add_argument("of", metavar="CONTRACT", help="the contract under which it is claimed")
    parser.add_argument(
        "about", metavar="PERIOD|ITEM", help="a period such as 2026-06, or an item that was late"
    )


def run(options: argparse.Namespace) -> int:
    """Prints what is asked, or the fact of a step."""
    if options.form in ("draft", "file"):
        options.contract = options.of
    form = argparse.Namespace(**{**vars(options), "format": getattr(options, "format", "text")})
    book, report = report_of(form, options.paths)
    code = WRONG_USE if tell_findings(book, report, OF_THE_WHOLE) else DONE
    if options.form in STEPS:
        return run_step(options, book, report) or code
    return {"list": _list, "show": _show, "draft": _draft}[options.form](options, book, report) or code


def _list(options: argparse.Namespace, book: Folder, report: Report) -> int:
    filed, found = claims(book, report, options.contract), claimable(book, report, options.contract)
    if options.format == "json":
        print(dumps(claims_answer(report, filed, found)), end="")
    else:
        show(claim_list(filed, found))
    return DONE


def _show(options: argparse.Namespace, book: Folder, report: Report) -> int:
    one = claim_named(claims(book, report, options.contract), options.claim)
    if options.format == "json":
        print(dumps(claim_record(one)), end="")
    else:
        show(claim_in_full(one))
    return DONE


def claim_named(filed: Sequence[FiledClaim], name: str) -> FiledClaim:
    """The claim of that id; stops if there is none."""
    found = next((one for one in filed if one.claim.id == name), None)
    if found is None:
        near = suggestion(name, [one.claim.id for one in filed])
        raise Stop(f"upheld: there is no claim {name}; {near or '`upheld claim list` names all'}")
    return found


def _draft(options: argparse.Namespace, book: Folder, report: Report) -> int:
    from upheld.render.prose.claim_draft import (
        draft_record,
        draft_text,
    )  # who lists claims needs no languages

    one = what_is_claimed(book, report, options.of, options.about)
    if options.format == "json":
        print(dumps(draft_record(one, options.language)), end="")
    else:
        show(draft_text(one, options.language, report.at))
    return DONE


def what_is_claimed(book: Folder, report: Report, contract: str, about: str) -> Claimable:
    """What a draft is about; stops if that is nothing that can be claimed, and says why."""
    found, items = claimable(book, report, contract), claimable_items(report, contract)
    one = _named(found, items, about)
    return one if one is not None else refuse(report, contract, about, found, items)


class Filing(NamedTuple):
    """What is filed: under which rule, when it happened if it is an item, and what can be claimed of it.

    None where nothing can, as it stands: whoever complains is heard all the same.
    """

    rule: ClaimRule
    issue_at: Instant | None
    claimable: Claimable | None = None


def what_is_filed(book: Folder, report: Report, contract: str, about: str) -> Filing:
    """What a claim is about. Stops if it names nothing that there is, or not what the agreement has claims
    name.
    """
    found, items = claimable(book, report, contract), claimable_items(report, contract)
    one = _named(found, items, about)
    if one is not None and one.terms.claim is not None:
        return Filing(one.terms.claim, one.issue_at, one)
    terms = terms_of(report, contract)
    verdicts = [one for one in report.evaluation.of(contract) if about in (one.key.subject, period_of(one))]
    rules = [own.claim for own in (terms, *terms.plans.values()) if own.claim is not None and own.remedies]
    of_items = bool(rules) and all(rule.about == "item" for rule in rules)
    if not rules or not verdicts or (of_items and any(period_of(one) for one in verdicts)):
        refuse(report, contract, about, found, items)
    return Filing(rules[0], happened_at([one for one in verdicts if not period_of(one)]))


def _named(found: Sequence[Claimable], items: Sequence[Claimable], about: str) -> Claimable | None:
    """What can be claimed of a period or an item, what was not claimed first; None if nothing can."""
    periods = [one for one in found if one.terms.claim is not None and one.terms.claim.about != "item"]
    named = [one for one in (*periods, *items) if one.about == about]
    return min(named, key=lambda one: bool(one.claim), default=None)
