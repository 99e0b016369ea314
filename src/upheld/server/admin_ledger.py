"""Forms of `upheld admin` about what is kept: agreements applied, the ledger as files, its fold made anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from upheld.core.timeline.instant import Instant
from upheld.server.admin import DOES_NOT_HOLD, DONE, form, provider_id

if TYPE_CHECKING:
    from upheld.app.tokens import RandomBytes
    from upheld.server.admin import Forms


def add_forms(forms: Forms) -> None:
    """Their words."""
    one = form(
        forms, "apply", _apply, "the agreements and contracts of a folder, as those that hold from now on"
    )
    one.add_argument("folder", metavar="FOLDER", help="agreements, locks, clause lists and contracts")
    one.add_argument("--dry-run", action="store_true", help="only say what would change")
    one = form(forms, "export", _export, "everything of a provider as files, for `upheld evaluate`")
    one.add_argument("folder", metavar="FOLDER", help="a new one, or an empty one")
    one = form(forms, "erase", _erase, "the personal text of all facts about a ticket or other subject")
    one.add_argument("subject", metavar="SUBJECT", nargs="+", help="what the facts are about, such as T-4711")
    form(forms, "rebuild", _rebuild, "make anew what is kept beside the facts")


def _apply(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Applies the texts of a folder, or says what that would change."""
    from upheld.app.applied_records import applied_record, tried_record
    from upheld.app.apply import apply, would_apply
    from upheld.app.refusal import RefusedError
    from upheld.files.texts import texts_in
    from upheld.render.effects import applied_lines

    provider, texts = provider_id(options), texts_in(Path(options.folder))
    try:
        if options.dry_run:
            tried = would_apply(provider, texts, at)
            done, told = tried.applied, tried_record(tried)
        else:
            done = apply(provider, texts, at)
            told = applied_record(done)
    except RefusedError as refused:
        for finding in refused.findings:
            print(finding, file=sys.stderr)
        return DOES_NOT_HOLD
    for finding in done.findings:
        print(finding, file=sys.stderr)
    for line in applied_lines(told):
        print(line)
    return DONE


def _export(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Writes everything of a provider as files."""
    from upheld.app.export import export

    export(provider_id(options), Path(options.folder))
    print(f"{options.folder}: everything of {options.provider}")
    return DONE


def _erase(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Takes personal text away."""
    from upheld.app.retain import erase
    from upheld.render.words import count

    erased = erase(provider_id(options), options.subject)
    print(f"the personal text of {count(erased, 'fact')} is gone; older backups still have it")
    return DONE


def _rebuild(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Makes anew what is kept beside the facts."""
    from upheld.app.rebuild import rebuild

    rebuild(provider_id(options), at)
    print(f"{options.provider}: made anew from its facts")
    return DONE
