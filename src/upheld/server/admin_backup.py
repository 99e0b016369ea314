"""Forms of `upheld admin` for bad days: a backup, a server from one, a new epoch, and what is wrong."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.timeline.words import count, plural
from upheld.server.admin import DOES_NOT_HOLD, DONE, WrongUseError, form

if TYPE_CHECKING:
    from upheld.app.tokens import RandomBytes
    from upheld.server.admin import Forms


def add_forms(forms: Forms) -> None:
    """Their words."""
    one = form(forms, "backup", _backup, "a backup in a new folder, while the server runs", provider=False)
    one.add_argument("folder", metavar="FOLDER", help="a new one")
    one.set_defaults(needs="folder")
    one = form(forms, "restore", _restore, "the server of the folder from a backup", provider=False)
    one.add_argument("folder", metavar="FOLDER", help="the backup")
    one.add_argument("--replace", action="store_true", help="put aside what is there")
    one.set_defaults(needs="nothing")
    told = "begin a new epoch of the logs that cannot go on from what was signed"
    one = form(forms, "epoch", _epoch, told, provider=False)
    one.add_argument("--because", required=True, metavar="TEXT", help="what happened: everybody can read it")
    form(forms, "check", _check, "check the ledger entry by entry against what was signed", provider=False)
    told = "go on with the secret key of the folder, where that of before is lost"
    one = form(forms, "secret-key", _secret_key, told, provider=False)
    one.set_defaults(needs="folder")
    one = form(forms, "doctor", _doctor, "say what is not as it should be, and the way out", provider=False)
    one.set_defaults(needs="folder")


def _backup(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from django.conf import settings
    from django.db import connection

    from upheld.server.backup import BackupError, make_backup
    from upheld.server.dumping import DumpError

    try:
        made = make_backup(settings.DATA, connection.settings_dict, Path(options.folder), at)
    except (BackupError, DumpError) as fault:
        raise WrongUseError(str(fault)) from None
    print(f"{options.folder}: {len(made.files)} files, as of {made.made_at}")
    print("The keys are not in it: keep secret-key and signing-key elsewhere.")
    return DONE


def _restore(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.evidence.key_file import KeyFileError
    from upheld.evidence.signer_state import StateError
    from upheld.server.backup import BackupError
    from upheld.server.dumping import DumpError
    from upheld.server.restore import restore

    try:
        done = restore(Path(options.folder), Path(options.data).resolve(), at, options.replace)
    except (BackupError, DumpError) as fault:
        print(f"upheld: {fault}")
        return DOES_NOT_HOLD
    except (KeyFileError, StateError) as fault:
        raise WrongUseError(str(fault)) from None
    entries = f"{count(done.entries, 'entry', 'entries')} {plural(done.entries, 'is', 'are')}"
    print(f"{options.data}: as of {done.backup.made_at}, {entries} what was signed of them")
    if done.doubted:
        print(f"{count(done.doubted, 'message')} may have been sent since: who gets them reads that")
    print("Nobody is signed in any more. Who was revoked or dismissed since is let in again: take them back,")
    print("see upheld admin tokens and members")
    if done.memory_is_old:
        print("The memory of the signer is as old: nothing is signed before")
        print('  upheld admin epoch --because "..."')
    elif done.lacking:
        logs = f"{count(done.lacking, 'log')} {plural(done.lacking, 'has', 'have')}"
        print(f"{logs} less than was signed: bring back a newer backup if there is one; without it no server")
        print('starts before upheld admin epoch --because "..."')
    return DONE


def _epoch(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from django.conf import settings
    from django.db import connection

    from upheld.app.changes import skip_numbers
    from upheld.app.epochs import open_epochs
    from upheld.app.providers import all_providers
    from upheld.evidence.signer import RefusedError
    from upheld.server.exclusive import standing_still
    from upheld.server.known_keys import begin_to_sign
    from upheld.server.signing import RESTORED_FILE, signer_in

    mark = settings.DATA / RESTORED_FILE
    begin_to_sign(settings.DATA)
    with signer_in(settings.DATA, knows_all=False) as signer, ExitStack() as held:
        if signer is None:
            raise WrongUseError("a server runs here: stop it first")
        held.enter_context(standing_still(connection.settings_dict))
        skip_numbers()  # of an image of the disk, too: what `restore` did not bring back
        opened = 0
        try:
            for provider in all_providers():
                for one in open_epochs(provider.pk, signer, options.because, "operator", at, mark.exists()):
                    opened += 1
                    entries = count(one.gap.kept.size, "entry", "entries")
                    print(f"{one.log}: epoch {one.epoch} begins after {entries}", end="")
                    print(f", {one.gap.lost} that were signed are lost" if one.gap.lost else "")
        except RefusedError as refused:
            print(f"upheld: {refused}")
            return DOES_NOT_HOLD
        mark.unlink(missing_ok=True)
    if not opened:
        print("no log needs a new epoch: each goes on from what was signed")
    return DONE


def _check(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from django.conf import settings

    from upheld.app.audit import audit
    from upheld.app.sequence import unsigned
    from upheld.evidence.key_file import read_key
    from upheld.server.doctor import UNSIGNED_US
    from upheld.server.scrubbing import Scrubbed, keep_scrub
    from upheld.server.signing import KEY_FILE

    found = audit([read_key(settings.DATA / KEY_FILE).verifier])
    keep_scrub(settings.DATA, Scrubbed(at, found.entries, found.faults))
    for fault in found.faults:
        print(fault)
    late = {name: since for name, since in unsigned().items() if at - since > UNSIGNED_US}
    for name, since in sorted(late.items()):
        print(f"{name}: no checkpoint says anything of what was recorded since {format_instant(since)}")
    entries, points = count(found.entries, "entry", "entries"), count(found.checkpoints, "checkpoint")
    holds = "not all of it is signed" if late else "all of it holds"
    told = "not all of it holds" if found.faults else holds
    print(f"{count(found.logs, 'log')}, {entries}, {points}: {told}")
    return DOES_NOT_HOLD if found.faults or late else DONE


def _secret_key(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from django.conf import settings
    from django.db import connection

    from upheld.server.exclusive import standing_still
    from upheld.server.known_keys import take_secret_key

    with standing_still(connection.settings_dict):
        lost = take_secret_key(settings.DATA)
    print(f"{count(lost, 'secret')} cannot be read any more", end="")
    print(": give them again, the doctor says which" if lost else "")
    return DONE


def _doctor(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.server.clock import clock
    from upheld.server.doctor import examined

    bad = 0
    for one in examined(Path(options.data).resolve(), clock().now):
        bad += one.state == "bad"
        print(f"{one.state:4}  {one.name}: {one.told}")
        if one.way_out:
            print(f"      way out: {one.way_out}")
    return DOES_NOT_HOLD if bad else DONE
