"""`upheld admin`: what the operator of a server does on the machine where its folder is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ObjectDoesNotExist

from upheld.files.texts import texts_in
from upheld.server.clock import clock
from upheld.server.environment import EnvironmentFaultError, migrate, prepare

if TYPE_CHECKING:
    from upheld.app.people import Way

DONE: Final = 0
DOES_NOT_HOLD: Final = 1
WRONG_USE: Final = 2


class WrongUseError(Exception):
    """What was asked cannot be done; the message says why."""


def main(words: Sequence[str]) -> int:
    """Does one thing. 0 done; 1 the files to apply are not right; 2 wrong use."""
    options = _parser().parse_args(list(words))
    try:
        prepare(Path(options.data).resolve())
        migrate()
        code: int = _FORMS[options.form](options)
    except (WrongUseError, EnvironmentFaultError, OSError, ValueError) as fault:
        print(f"upheld: {fault}", file=sys.stderr)
        return WRONG_USE
    except ObjectDoesNotExist as fault:
        print(f"upheld: {fault}", file=sys.stderr)
        return WRONG_USE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="upheld admin", description="Sets a server up, and looks after it.")
    parser.add_argument("--data", default=os.environ.get("UPHELD_DATA", "upheld-data"), help="the folder")
    forms = parser.add_subparsers(dest="form", metavar="FORM", required=True)
    one = forms.add_parser(
        "apply", help="the agreements and contracts of a folder, as those that hold from now on"
    )
    one.add_argument("provider", help="its key")
    one.add_argument("folder", help="agreements, locks, clause lists and contracts")
    one.add_argument("--dry-run", action="store_true", help="only say what would change")
    one = forms.add_parser(
        "person", help="somebody who is told, with the ways to them, the first tried first"
    )
    one.add_argument("provider", help="its key")
    one.add_argument("name")
    one.add_argument("--role", action="append", default=[], help="as agreements name it; may be given again")
    one.add_argument("--customer", default="", help="of this customer, not of the provider")
    one.add_argument("--mail", action="append", default=[], metavar="ADDRESS", help="an address of mail")
    one.add_argument(
        "--service", action="append", default=[], metavar="CHANNEL=URL", help="another way, such as sms=..."
    )
    one.add_argument("--language", default="en", help="en or nl")
    one.add_argument("--zone", default="UTC", help="such as Europe/Amsterdam")
    one = forms.add_parser("export", help="everything of a provider as files, for `upheld evaluate`")
    one.add_argument("provider", help="its key")
    one.add_argument("folder", help="a new one, or an empty one")
    one = forms.add_parser("rebuild", help="make anew what is kept beside the facts")
    one.add_argument("provider", help="its key")
    return parser


def _apply(options: argparse.Namespace) -> int:
    """Applies the texts of a folder, or says what that would change."""
    from upheld.app.applied_records import applied_record, tried_record
    from upheld.app.apply import apply, would_apply
    from upheld.app.refusal import RefusedError
    from upheld.render.effects import applied_lines

    provider_id, texts, at = _id(options.provider), texts_in(Path(options.folder)), clock().now()
    try:
        if options.dry_run:
            tried = would_apply(provider_id, texts, at)
            done, told = tried.applied, tried_record(tried)
        else:
            done = apply(provider_id, texts, at)
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


def _person(options: argparse.Namespace) -> int:
    """Adds somebody who is told, or changes how."""
    from upheld.app.people import Way, put_person

    ways = [Way("email", "mail", address) for address in options.mail]
    ways += [_service(text) for text in options.service]
    put_person(
        _id(options.provider),
        options.name,
        options.role,
        ways,
        options.customer,
        options.language,
        options.zone,
    )
    print(f"{options.name} is told as {', '.join(options.role) or 'nobody in particular'}")
    return DONE


def _service(text: str) -> Way:
    from upheld.app.people import Way

    channel, is_pair, url = text.partition("=")
    if not is_pair or "://" not in url:
        raise WrongUseError("--service: write CHANNEL=URL, such as sms=twilio://...")
    return Way(channel, "service", url)


def _export(options: argparse.Namespace) -> int:
    """Writes everything of a provider as files."""
    from upheld.app.export import export

    export(_id(options.provider), Path(options.folder))
    print(f"{options.folder}: everything of {options.provider}")
    return DONE


def _rebuild(options: argparse.Namespace) -> int:
    """Makes anew what is kept beside the facts."""
    from upheld.app.rebuild import rebuild

    rebuild(_id(options.provider), clock().now())
    print(f"{options.provider}: made anew from its facts")
    return DONE


def _id(key: str) -> int:
    from upheld.app.providers import provider_of

    return provider_of(key).pk


_FORMS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "apply": _apply,
    "person": _person,
    "export": _export,
    "rebuild": _rebuild,
}
