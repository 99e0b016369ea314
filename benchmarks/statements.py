"""What statements cost: the records of many contracts for one month, with all of their readings."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from benchmarks.contracts import AT, BEGIN, PLANS, ROOT, TICKETS
from benchmarks.figure import Figure, Sizes, time_text
from upheld.book.statement import statements
from upheld.cli.book_arguments import book_of
from upheld.core.timeline.instant import HOUR, MINUTE, format_instant
from upheld.files.folder import Folder

MOST_S: Final = 90
FEE: Final = "499.00 EUR"


def statements_figures(sizes: Sizes) -> Iterable[Figure]:
    """The shipped agreement of SIVO with the probes of the demo month, a record for each customer."""
    few, many = sizes.contracts, 10 * sizes.contracts
    few_s, few_bytes = _made(few)
    many_s, many_bytes = _made(many)
    work = f"{many:,} contracts × one month: the records of their statements, with every reading"
    detail = f"{time_text(many_s)} beside {time_text(few_s)}, {many_bytes // many // 1000} KB each"
    assert few_bytes
    yield Figure(work, "at most", 12, many_s / few_s, f"{few:,} contracts", detail)
    yield Figure(work, "at most", MOST_S, many_s, "absolute", "on this machine", "s")


def _made(count: int) -> tuple[float, int]:
    """How long the records of so many contracts take from their book, and how many bytes they are."""
    with TemporaryDirectory() as folder:
        book = _book(Path(folder), count)
        start = process_time()
        written = 0
        for one in statements(book, [f"c{n}" for n in range(count)], "2026-06", AT):
            written += len(one.text)
        return process_time() - start, written


def _book(path: Path, count: int) -> Folder:
    """The book of so many contracts under one plan after the other, with a few tickets each."""
    for n in range(count):
        said = f"id: c{n}, customer: customer {n}, agreement: sivo, plan: {PLANS[n % len(PLANS)]}"
        said += f", from: 2026-06-01, currency: EUR, fees: {{month: {FEE}}}"
        (path / f"c{n}.yaml").write_text(f"contract: {{{said}}}\n")
    (path / "facts.jsonl").write_text("".join(_facts(count)))
    probes = ROOT / "demo" / "sivo" / "probes.observations.parquet"
    return book_of([ROOT / "agreements" / "sivo.yaml", path, probes])


def _facts(count: int) -> Iterator[str]:
    """The tickets of each contract: opened, and answered some minutes later."""
    for n in range(count):
        for ticket in range(TICKETS):
            at = BEGIN + (ticket * 139 + n % 97) * HOUR + n % 53 * MINUTE
            subject = f"T-{n}-{ticket}"
            told = {"contract": f"c{n}", "priority": f"S{ticket % 3 + 1}"}
            for type_, when, data in (
                ("ticket.opened", at, told),
                ("ticket.replied", at + (7 + n % 90) * MINUTE, {}),
            ):
                event = {"specversion": "1.0", "id": f"{subject}/{type_}", "source": "bench", "type": type_}
                yield (
                    json.dumps({**event, "subject": subject, "time": format_instant(when), "data": data})
                    + "\n"
                )
