"""The worker of this process, if it has one: on the embedded default the web server's process works, too."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from django.conf import settings

from upheld.evidence.key_file import read_key
from upheld.server.channels import channels_of
from upheld.server.clock import clock
from upheld.server.inheriting import Heir
from upheld.server.prober import Prober
from upheld.server.retention import retention_of
from upheld.server.scrubbing import Scrubber
from upheld.server.signing import KEY_FILE, signer_in
from upheld.server.worker import Worker

if TYPE_CHECKING:
    from upheld.evidence.signer import Signer
    from upheld.server.demo import Simulator

VARIABLE: Final = "UPHELD_WORKS"
"""`alone`: this process works, and no other does; `too`: it is one of several; anything else: it does not."""
DEMO: Final = "UPHELD_DEMO"
"""Whether the shipped month goes on in this process."""
_RUNNING: Final[list[Worker]] = []
_OPEN: Final = ExitStack()
_DEMOS: Final[list[Simulator]] = []
_SCRUBBERS: Final[list[Scrubber]] = []
_HEIRS: Final[list[Heir]] = []


def running() -> Worker | None:
    """The worker of this process."""
    return _RUNNING[0] if _RUNNING else None


def work() -> Worker | None:
    """Starts the worker of this process, if it is to have one. Called again, it gives the same."""
    said = os.environ.get(VARIABLE, "")
    if said in ("alone", "too") and not _RUNNING:
        channels = channels_of()
        prober = Prober(clock(), channels.guard)
        signer = _OPEN.enter_context(signer_in(settings.DATA))
        worker = Worker(clock(), channels, said == "alone", signer, retention_of(), prober)
        _RUNNING.append(worker)
        worker.start()
        if signer is not None:  # one process of all holds its memory
            _scrub()
        else:
            _HEIRS.append(Heir(settings.DATA, _OPEN, _inherit))
            _HEIRS[0].start()
        if os.environ.get(DEMO):
            from upheld.server.demo import Simulator

            _DEMOS.append(Simulator(clock(), worker.quiet))
            _DEMOS[0].start()
    return running()


def _inherit(signer: Signer) -> None:
    """Who signed is gone: this process signs, and checks what is signed."""
    _RUNNING[0].sign_by(signer)
    _scrub()


def _scrub() -> None:
    _SCRUBBERS.append(Scrubber(clock(), settings.DATA, [read_key(settings.DATA / KEY_FILE).verifier]))
    _SCRUBBERS[0].start()


def rest() -> None:
    """Stops it: what is being sent may come to its end, and nothing else takes of its time."""
    while _HEIRS:
        _HEIRS.pop().stop()
    while _RUNNING:
        _RUNNING.pop().stop()
    while _DEMOS:
        _DEMOS.pop().stop()
    while _SCRUBBERS:
        _SCRUBBERS.pop().stop()
    _OPEN.close()
