"""Logs as JSON lines on standard error, with instants in UTC and nothing that steers a terminal."""

from __future__ import annotations

import sys
from typing import Final

import structlog

SECRETS: Final = ("password", "secret", "token", "authorization", "address", "url")
"""Names under which nothing is written out."""


def configure() -> None:
    """From now on, for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def _hide(_: object, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """What is a secret by its name is not written."""
    return {name: "****" if name.lower() in SECRETS else value for name, value in entry.items()}
