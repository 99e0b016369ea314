"""Logs as JSON lines on standard error, with instants in UTC and nothing that steers a terminal."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import Final, TextIO

import structlog

SECRETS: Final = ("password", "secret", "token", "authorization", "address", "url")
"""Names under which nothing is written out."""


def configure() -> None:
    """From now on, for this process. Beside the lines of the demo only what is wrong is logged."""
    least = logging.WARNING if os.environ.get("UPHELD_DEMO") else logging.NOTSET
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=_Told(sys.stderr)),  # type: ignore[arg-type]  # enough
    )


class _Told:
    """A log for which there is no room, or nobody who reads it, stops nothing: what is told goes on."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Writes it, if that can be."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Sends it, if that can be."""
        with suppress(OSError):
            self._file.flush()


def _hide(_: object, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """What is a secret by its name is not written."""
    return {name: "****" if name.lower() in SECRETS else value for name, value in entry.items()}
