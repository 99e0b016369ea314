"""Decisions are facts: a command that makes one prints it as a line of JSON, and appends it where asked."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

from upheld.cli.output import named_target, now
from upheld.core.timeline.instant import Instant, format_instant


def add_into(parser: argparse.ArgumentParser) -> None:
    """`--into`: the file of facts that a decision is appended to."""
    parser.add_argument(
        "--into", type=named_target, metavar="FILE.jsonl", help="also append the fact to this file"
    )


def decide(
    type_: str, id_: str, subject: str, at: Instant, data: Mapping[str, object], into: str | None
) -> None:
    """Prints a fact, and appends it to a file, whole or not at all.

    The same decision has the same id and the same body, so that however often it is made it counts once; only
    when it was recorded differs.
    """
    event = {
        "specversion": "1.0",
        "id": id_,
        "source": "upheld",
        "type": type_,
        "subject": subject,
        "time": format_instant(at),
        "recordedtime": format_instant(max(now(), at)),
        "data": dict(data),
    }
    line = json.dumps(event, ensure_ascii=False)
    if into is not None:
        _append(Path(into), line)
    print(line)


def _append(path: Path, line: str) -> None:
    """One more line; after one that was left without an end, too."""
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        start = ""
        if size:
            file.seek(size - 1)
            start = "" if file.read(1) == b"\n" else "\n"
        file.write(f"{start}{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())
