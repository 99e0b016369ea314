"""`upheld admin`: what the operator of a server does on the machine where its folder is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from upheld.core.timeline.instant import Instant
from upheld.server import admin_backup, admin_duty, admin_ledger, admin_members, admin_parties, admin_people
from upheld.server.admin import WrongUseError
from upheld.server.clock import clock, random_bytes
from upheld.server.environment import EnvironmentFaultError, in_words, migrate, prepare

if TYPE_CHECKING:
    from upheld.app.tokens import RandomBytes

WRONG_USE: Final = 2


def main(words: Sequence[str]) -> int:
    """Does one thing. 0 done; 1 what was asked about is not right; 2 it cannot be done, and why."""
    options = parser().parse_args(list(words))
    folder = Path(options.data).resolve()
    try:
        if options.needs == "folder" and not folder.is_dir():
            raise EnvironmentFaultError(f"{folder} is not there: name the folder of the server by --data")
        if options.needs != "nothing":
            prepare(folder)
        if options.needs == "tables":
            migrate()
    except (EnvironmentFaultError, OSError, ValueError) as fault:
        print(f"upheld: {in_words(fault, Path(options.data))}", file=sys.stderr)
        return WRONG_USE
    return run(options, clock().now(), random_bytes)


def doctor(words: Sequence[str]) -> int:
    """`upheld doctor`: the form of the same name, under the name by which it is looked for on a bad day."""
    found = argparse.ArgumentParser(prog="upheld doctor", description="Says what is wrong with a server.")
    _add_folder(found)
    return main(["--data", found.parse_args(list(words)).data, "doctor"])


def _add_folder(words: argparse.ArgumentParser) -> None:
    words.add_argument("--data", default=os.environ.get("UPHELD_DATA", "upheld-data"), help="the folder")


def parser() -> argparse.ArgumentParser:
    """The words of the command."""
    found = argparse.ArgumentParser(prog="upheld admin", description="Sets a server up, and looks after it.")
    _add_folder(found)
    forms = found.add_subparsers(dest="form", metavar="FORM", required=True)
    admin_parties.add_forms(forms)
    admin_people.add_forms(forms)
    admin_duty.add_forms(forms)
    admin_members.add_forms(forms)
    admin_ledger.add_forms(forms)
    admin_backup.add_forms(forms)
    return found


def run(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Does it, on the database that is set up."""
    from django.core.exceptions import ObjectDoesNotExist
    from django.db import DatabaseError

    try:
        code: int = options.does(options, at, randomly)
    except BrokenPipeError:
        raise  # whoever reads has had enough: nothing is wrong
    except (
        WrongUseError,
        EnvironmentFaultError,
        OSError,
        ValueError,
        ObjectDoesNotExist,
        DatabaseError,
    ) as fault:
        print(f"upheld: {in_words(fault, Path(options.data))}", file=sys.stderr)
        return WRONG_USE
    return code
