"""What a page costs: a month of thousands of tickets, from its report to the bytes."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from benchmarks.figure import Figure, Sizes
from benchmarks.readings import AGREEMENT, AT, CONTRACT, facts_of
from upheld.book.evaluate import evaluate
from upheld.book.pages import pages
from upheld.files.folder import read_book
from upheld.render.pages.contract import contract_page

MOST_MS: Final = 2_000
MOST_KB: Final = 500


def pages_figures(sizes: Sizes) -> Iterable[Figure]:
    """The page of one contract in a month with three times as many tickets as readings are tried on."""
    tickets = 3 * sizes.read_tickets
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "agreement.yaml").write_text(AGREEMENT)
        (path / "contract.yaml").write_text(CONTRACT)
        (path / "facts.jsonl").write_text("".join(facts_of(tickets)))
        book = read_book([path])
        report = evaluate(book, AT)
        start = perf_counter()
        texts = [contract_page(one) for one in pages(book, report)]
        taken_ms = (perf_counter() - start) * 1000
    largest_kb = max(len(text.encode()) for text in texts) / 1000
    work = f"the page of a month of {tickets:,} tickets, from its report"
    yield Figure(work, "at most", MOST_MS, taken_ms, "alone", f"{len(texts)} pages", "ms")
    yield Figure("its size", "at most", MOST_KB, largest_kb, "alone", "pictures in two widths", "KB")
