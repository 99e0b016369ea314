"""What `upheld` itself says of a world, asked as a person asks: files, one evaluation, its records."""

from __future__ import annotations

import tempfile
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CLOCKS = ("deadline", "cadence", "obligation")
INSTANTS = ("started_at", "due_at", "goal_at", "stopped_at", "breached_at")
LENGTHS = ("elapsed_s", "paused_s")


class RefusedError(Exception):
    """`upheld` found errors in a world: what it said."""


def ask_core(world: dict[str, Any]) -> list[Row]:
    """The verdicts of `upheld` on a world, as rows like those of the judge (seconds UTC)."""
    from upheld.book.evaluate import evaluate
    from upheld.core.timeline.instant import parse_instant
    from upheld.files.folder import read_book
    from upheld.render.records import verdict_record

    at = parse_instant(world["at_text"])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "northwind.yaml").write_text(world["agreement_yaml"], encoding="utf-8")
        for n, text in enumerate(world["contract_yamls"]):
            (home / f"contract-{n}.yaml").write_text(text, encoding="utf-8")
        (home / "facts.jsonl").write_text(world["facts_jsonl"], encoding="utf-8")
        book = read_book([home])
    report = evaluate(book, at)
    errors = [finding for finding in book.findings if finding.severity == "error"]
    if errors:
        raise RefusedError("\n".join(map(str, errors)))
    records = [
        (terms.contract.id, verdict_record(number, terms, verdict, at))
        for number, terms, verdict in report.numbered()
        if terms.contract is not None and verdict.kind in CLOCKS
    ]
    rows = [_row(contract, record, world["at_s"]) for contract, record in records]
    for row in rows:
        if row["subject"] is None:
            # The judge numbers the periods of an obligation; upheld names them.
            same = (row["contract"], row["commitment"], None)
            before = [one for one in rows if (one["contract"], one["commitment"], one["subject"]) == same]
            row["cycle"] = 1 + sum(1 for one in before if one["started_at"] < row["started_at"])
    return rows


def _row(contract: str, record: dict[str, Any], at_s: int) -> Row:
    subject = None if record["kind"] == "obligation" else record["subject"]
    row: Row = {"contract": contract, "commitment": record["commitment"], "subject": subject}
    row |= {"cycle": record["cycle"], "state": record["state"]}
    row |= {name: _seconds(record.get(name)) for name in INSTANTS if name != "breached_at"}
    row["breached_at"] = _seconds(record["late_after_at"])
    row["elapsed_s"] = None if record["elapsed_s"] is None else Fraction(record["elapsed_s"])
    row["paused_s"] = None if row["started_at"] is None else _paused(row, record["paused"], at_s)
    return row


def _paused(row: Row, paused: list[dict[str, Any]], at_s: int) -> Fraction:
    """The paused time between the start of a cycle and its end."""
    end = at_s if row["stopped_at"] is None else row["stopped_at"]
    total = Fraction(0)
    for pause in paused:
        until = end if pause["end_at"] is None else min(end, _seconds(pause["end_at"]))
        total += max(Fraction(0), until - max(row["started_at"], _seconds(pause["start_at"])))
    return total


def _seconds(text: str | None) -> Any:
    if text is None:
        return None
    told = datetime.fromisoformat(text)
    return Fraction(int(told.replace(microsecond=0).timestamp())) + Fraction(told.microsecond, 1_000_000)
