"""The files that `upheld evaluate --html` writes."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from upheld.book.evaluate import Report
from upheld.book.pages import pages
from upheld.cli.output import Stop, write_whole
from upheld.core.book import Book
from upheld.core.terms.agreement import Contract
from upheld.render.pages.contract import contract_page, entry_of
from upheld.render.pages.index import Entry, index_page, read_entry
from upheld.render.pages.month import ContractPage
from upheld.render.words import count

TOLD: Final = 5
"""Of so many contracts a refusal tells when they hold."""
INDEX: Final = "index.html"
HEAD: Final = 16_384
"""So many characters of a page hold what it says of itself, which stands before everything else."""
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def write_pages(options: argparse.Namespace, book: Book, report: Report) -> Iterator[str]:
    """Writes the pages that are asked for, each whole or not at all, and tells what was written.

    Stop if there is none, or several where one file is named.
    """
    if options.month is not None and not _MONTH.fullmatch(options.month):
        raise Stop(f"upheld: --month {options.month}: a month is written as 2026-06")
    found = [one for one in pages(book, report, options.contract) if options.month in (None, one.month.label)]
    if not found:
        outside = _outside(options.month, report, options.contract) if options.month is not None else ""
        raise Stop(f"upheld: {outside or 'nothing was judged there, so there is no page to write'}")
    target = Path(options.html)
    if target.suffix in (".html", ".htm"):
        if len(found) > 1:
            named = ", ".join(dict.fromkeys(f"{_contract(one)} {one.month.label}" for one in found))
            raise Stop(
                f"upheld: {target} is one file, and there are {len(found)} pages ({named}): "
                "pick one with --contract and --month, or name a folder"
            )
        write_whole(target, contract_page(found[0]))
        yield f"wrote {target}"
        return
    target.mkdir(parents=True, exist_ok=True)
    there = _there(target)
    for name, one in zip(_names(found, there), found, strict=True):
        write_whole(target / name, contract_page(one))
        there[name] = entry_of(one)
    write_whole(target / INDEX, index_page("Service levels", list(there.items())))
    more = len(there) - len(found)
    older = f", which lists {count(more, 'older page')}, too" if more else ""
    yield f"wrote {count(len(found), 'page')} and {INDEX} to {target}{older}"


def _there(target: Path) -> dict[str, Entry]:
    """The pages that a folder has, by the names of their files; what is no page of ours is passed over."""
    found = {}
    for path in sorted(target.glob("*.html")):
        if path.name == INDEX or not path.is_file():
            continue
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                entry = read_entry(file.read(HEAD))
        except OSError:
            continue
        if entry is not None:
            found[path.name] = entry
    return found


def _outside(month: str, report: Report, contract: str | None) -> str:
    """When the contracts asked for hold, if none of them holds at any time of a month; else empty."""
    contracts = [terms.contract for terms in report.terms if terms.contract is not None]
    asked = [one for one in contracts if contract in (None, one.id)]
    if any(_holds(one, month) for one in asked):
        return ""
    held = [f"{one.id} holds {_term(one)}" for one in asked[:TOLD]]
    more = [count(len(asked) - TOLD, "more contract")] if len(asked) > TOLD else []
    return f"--month {month}: no contract holds then: {'; '.join([*held, *more])}" if asked else ""


def _holds(contract: Contract, month: str) -> bool:
    """Whether a contract holds on any day of a month."""
    last_on = None if contract.until_on is None else contract.until_on - timedelta(days=1)
    return f"{contract.from_on:%Y-%m}" <= month and (last_on is None or month <= f"{last_on:%Y-%m}")


def _term(contract: Contract) -> str:
    """From when to when it holds, both days within."""
    if contract.until_on is None:
        return f"from {contract.from_on} on"
    return f"from {contract.from_on} to {contract.until_on - timedelta(days=1)}"


def _contract(one: ContractPage) -> str:
    assert one.terms.contract is not None, "a page is about a contract"
    return one.terms.contract.id


def _names(found: Sequence[ContractPage], there: Mapping[str, Entry]) -> list[str]:
    """A file name for each page: no contract's name reaches outside the folder, none is there twice.

    A page takes the place of one of the same contract and month, never that of another one.
    """
    taken = {name.lower(): (one.contract, one.month) for name, one in there.items()}
    names: list[str] = []
    for one in found:
        own = entry_of(one)
        is_of = own.contract, own.month
        stem = f"{_SAFE.sub('-', _contract(one)).strip('.-')[:100] or 'contract'}-{one.month.label}"
        name, n = f"{stem}.html", 2
        while taken.get(name.lower(), is_of) != is_of or name.lower() in map(str.lower, names):
            name, n = f"{stem}-{n}.html", n + 1
        taken[name.lower()] = is_of
        names.append(name)
    return names
