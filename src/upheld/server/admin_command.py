"""`upheld admin`: what the operator of a server does on the machine where its folder is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ObjectDoesNotExist

from upheld.server.clock import clock
from upheld.server.environment import EnvironmentFaultError, migrate, prepare

if TYPE_CHECKING:
    from upheld.app.people import Way

DONE: Final = 0
DOES_NOT_HOLD: Final = 1
WRONG_USE: Final = 2
MOST_BYTES: Final = 1 << 20


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
    from upheld.app.apply import apply
    from upheld.app.refusal import RefusedError

    try:
        done = apply(_id(options.provider), _texts(Path(options.folder)), clock().now(), options.dry_run)
    except RefusedError as refused:
        for finding in refused.findings:
            print(finding, file=sys.stderr)
        return DOES_NOT_HOLD
    for finding in done.findings:
        print(finding, file=sys.stderr)
    for what, paths in (("added", done.added), ("changed", done.changed), ("removed", done.removed)):
        for path in paths:
            print(f"{what} {path}")
    verb = "would hold" if options.dry_run else "hold"
    print(f"revision {done.revision}: {len(done.contracts)} contracts {verb}")
    return DONE


def _texts(folder: Path) -> dict[str, bytes]:
    """The files of agreements and contracts in a folder, by their paths in it."""
    paths = [*folder.rglob("*.yaml"), *folder.rglob("*.yml"), *folder.rglob("*.lock.json")]
    visible = (
        one for one in paths if not any(part.startswith(".") for part in one.relative_to(folder).parts)
    )
    found = {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(visible)}
    if not found:
        raise WrongUseError(f"{folder}: there are no agreements or contracts in it")
    if large := [name for name, body in found.items() if len(body) > MOST_BYTES]:
        raise WrongUseError(f"{folder / large[0]}: this file is larger than a mebibyte")
    return found


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
