"""The keys of a database: what some have sealed or signed, others do not go on with.

A folder is easily another one than that with which the database was begun: on another machine, or by a word
that was forgotten. So the database knows its keys, by what gives nothing of them away, and whoever begins to
work with it has these or does not begin. One of older versions knows none: there, what was sealed and signed
says so.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from django.db import connection

from upheld.app.kept_secrets import readable_secrets
from upheld.app.sequence import first_checkpoint
from upheld.evidence.checkpoint import open_checkpoint
from upheld.evidence.key_file import KeyFileError, read_key
from upheld.evidence.keys import VerifierKey
from upheld.server.environment import KEY_FILE as SECRET_FILE
from upheld.server.environment import (
    EnvironmentFaultError,
    is_drawn,
    keep_what_was_drawn,
    take_up_what_was_kept,
)
from upheld.server.migrating import alone_with_tables
from upheld.server.signing import KEY_FILE, signer_in
from upheld.store.locking import writing
from upheld.store.models import KnownKey, Provider
from upheld.store.sealing import key_print
from upheld.store.walls import over_every_provider

_SEALING: Final = "sealing"
_SIGNING: Final = "signing"
_GIVE: Final = "give the folder of its server, by --data or UPHELD_DATA"


def agree_on_keys(folder: Path) -> None:
    """Keeps the keys that were drawn for a folder, if its database is new, and lets that know them.

    EnvironmentFaultError for a database that was begun with others.
    """
    with alone_with_tables(connection):
        take_up_what_was_kept(folder)
        if fault := secret_fault(folder) or signing_fault(folder):
            raise EnvironmentFaultError(fault)
        keep_what_was_drawn(folder)
        _know(_SEALING, key_print())
        with suppress(OSError, KeyFileError):  # who sets a server up need not be who runs it
            _know(_SIGNING, read_key(folder / KEY_FILE).verifier.text)


def begin_to_sign(folder: Path) -> None:
    """Makes the key of the signer and its memory, where nothing was ever signed.

    EnvironmentFaultError where something was, and the folder has not the key; OSError and StateError as
    `signer_in`.
    """
    with alone_with_tables(connection):
        if fault := signing_fault(folder, is_to_sign=True):
            raise EnvironmentFaultError(fault)
        with signer_in(folder, is_told=False, makes=True):
            pass
        _know(_SIGNING, read_key(folder / KEY_FILE).verifier.text)


def take_secret_key(folder: Path) -> int:
    """From now on secrets of this database are sealed by the key that is set, whatever they were sealed by.

    Gives how many secrets cannot be read any more.
    """
    with alone_with_tables(connection):
        keep_what_was_drawn(folder)
        with writing():
            KnownKey.objects.filter(name=_SEALING).delete()
        _know(_SEALING, key_print())
    return sum(one.lost for one in readable_secrets())


def secret_fault(folder: Path) -> str:
    """Why this process cannot seal for the database; empty if it can."""
    path = folder / SECRET_FILE
    known = _known(_SEALING)
    if is_drawn(SECRET_FILE):
        with over_every_provider():
            is_new = known is None and not Provider.objects.exists()
        if is_new:
            return ""
        return f"{path} is not there, and the database is not a new one: {_GIVE}, or its UPHELD_SECRET_KEY"
    if known is None:
        kept = list(readable_secrets())
        is_other = any(one.lost for one in kept) and not any(one.read for one in kept)
    else:
        is_other = known != key_print()
    if not is_other:
        return ""
    given = path if path.exists() else "UPHELD_SECRET_KEY"
    return (
        f"{given} is another key than that of this database: {_GIVE}, or its UPHELD_SECRET_KEY; "
        "if it is lost, `upheld admin secret-key` goes on with this one"
    )


def signing_fault(folder: Path, is_to_sign: bool = False) -> str:
    """Why what the folder signs would not be believed; empty if it would.

    `is_to_sign`: it has to have the key if anything was signed; else none will do, too.
    """
    path, known, first = folder / KEY_FILE, _known(_SIGNING), first_checkpoint()
    if not path.exists():
        if not is_to_sign or (known is None and first is None):
            return ""
        return f"{path} is not there, and the ledger of this database is signed: {_GIVE}"
    try:
        own = read_key(path).verifier
    except (OSError, KeyFileError) as fault:
        return str(fault) if is_to_sign else ""
    if known == own.text or (known is None and (first is None or _has_signed(own, *first))):
        return ""
    return f"{path} is not the key by which the ledger of this database is signed: {_GIVE}"


def _has_signed(key: VerifierKey, log: str, note: bytes) -> bool:
    try:
        open_checkpoint(note, log, [key])
    except ValueError:
        return False
    return True


def _known(name: str) -> str | None:
    return KnownKey.objects.filter(name=name).values_list("print", flat=True).first()


def _know(name: str, found: str) -> None:
    if _known(name) is None:
        with writing():
            KnownKey.objects.create(name=name, print=found)
