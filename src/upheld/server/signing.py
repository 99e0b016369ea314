"""The signer of this server: its key and its memory, in two files of its folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from upheld.evidence.key_file import read_key, write_key
from upheld.evidence.keys import SigningKey
from upheld.evidence.signer import Signer
from upheld.evidence.signer_state import HeldError, StateError, StateFile

KEY_FILE: Final = "signing-key"
STATE_FILE: Final = "signer-state"
RESTORED_FILE: Final = "signer-state.restored"
"""Marks a memory that came back from a backup: it may have forgotten what was signed since."""
NAME: Final = "UPHELD_NAME"
"""By this name customers know the key: that of the host, if nothing is set."""

OLD_MEMORY: Final = (
    "the memory of the signer came back from a backup: open a new epoch of each provider (upheld admin epoch)"
)

log = structlog.get_logger("upheld.signer")


@contextmanager
def signer_in(
    folder: Path, knows_all: bool = True, is_told: bool = True, makes: bool = False
) -> Iterator[Signer | None]:
    """The signer, while the block runs; None if another process holds its memory, or that is an old one.

    `knows_all`: without it, an old memory will do. `is_told`: the log says why there is none.

    `makes`: where there is neither, the memory is made, then the key. That is for who knows that nothing was
    ever signed; the folder does not. A memory that is gone while the key is there is never made anew: without
    it a second history would be signed. FileNotFoundError then, and for a key that is gone.
    """
    key_path, state_path = folder / KEY_FILE, folder / STATE_FILE
    is_new = makes and not key_path.exists() and not state_path.exists()
    try:
        state = StateFile(state_path, is_new=is_new)
    except StateError as fault:
        if isinstance(fault, HeldError) and is_told:
            log.info("another process signs")
        elif is_told:
            log.warning("this process does not sign", why=str(fault))
        yield None
        return
    with state:
        if knows_all and (folder / RESTORED_FILE).exists():
            if is_told:
                log.error("this server does not sign", why=OLD_MEMORY)
            yield None
            return
        if makes and not key_path.exists() and not state.has_signed:
            name = os.environ.get(NAME) or os.uname().nodename or "upheld"
            write_key(key_path, SigningKey(name, secrets.token_bytes(32)))
        yield Signer([read_key(key_path)], state)
