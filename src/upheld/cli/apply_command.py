"""`upheld apply`: the agreements and contracts of a folder, applied on a server."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upheld.cli.diff_command import FAIL_ON
from upheld.cli.output import DOES_NOT_HOLD, DONE, OUR_FAULT, Stop, add_format, show, tell
from upheld.core.values.finding import Finding, Place
from upheld.files.texts import TextsError, texts_in
from upheld.render.effects import applied_lines
from upheld.render.record_values import dumps

if TYPE_CHECKING:
    from upheld.client.client import Client, ProblemError
    from upheld.client.records import Applied
    from upheld.client.records import Finding as Told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("folder", metavar="FOLDER", help="agreements, locks, clause lists and contracts")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would change, and for whom")
    parser.add_argument(
        "--server", metavar="URL", help="the address of the server (default: the variable UPHELD_SERVER)"
    )
    parser.add_argument(
        "--token-file",
        metavar="FILE",
        help="the file with the token that lets in (default: the token is in the variable UPHELD_TOKEN)",
    )
    parser.add_argument(
        "--fail-on", choices=tuple(FAIL_ON), help="exit with 1 if a contract would become so; with --dry-run"
    )
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Applies it, or tells what that would change. 1 if the texts are not right, or for `--fail-on`."""
    if options.fail_on and not options.dry_run:
        raise Stop("upheld: --fail-on: what is applied cannot be failed any more; add --dry-run")
    try:
        texts = {path: text.decode() for path, text in texts_in(Path(options.folder)).items()}
    except TextsError as fault:
        raise Stop(f"upheld: {fault}") from None
    except UnicodeDecodeError as fault:
        raise Stop(f"upheld: {options.folder}: a file in it is not UTF-8: {fault.reason}") from None
    told = _applied(_client(options), texts, options.dry_run)
    tell(_findings(told["findings"]))
    if options.format == "json":
        print(dumps(told), end="")
    else:
        show(applied_lines(told))
    orders = FAIL_ON.get(options.fail_on, frozenset())
    failed = any(order in orders for effect in told.get("effects", ()) for order in _orders(effect))
    return DOES_NOT_HOLD if failed else DONE


def _orders(effect: Mapping[str, Any]) -> Iterator[str]:
    """How a contract compares, and each of its commitments; one that is gone is worse for its customer."""
    yield "worse" if effect["how"] == "removed" else effect["order"] or "equal"
    yield from (change["order"] for change in effect["changes"])


def _client(options: argparse.Namespace) -> Client:
    """The server that is named, with the token that lets in."""
    try:
        from upheld.client.client import AddressError, Client
    except ModuleNotFoundError as fault:
        raise Stop(f"upheld: {fault.name} is not installed: pip install 'upheld[client]'") from None
    address = options.server or os.environ.get("UPHELD_SERVER", "")
    if not address:
        raise Stop("upheld: which server? give --server https://upheld.example.com, or set UPHELD_SERVER")
    try:
        return Client(address, _token(options), lambda: time.monotonic_ns() // 1_000)
    except AddressError as fault:
        raise Stop(f"upheld: {fault}") from None


def _token(options: argparse.Namespace) -> str:
    # Not a word of the command: those are shown to everybody on the machine.
    given = Path(options.token_file).read_text("utf-8") if options.token_file else None
    token = (os.environ.get("UPHELD_TOKEN", "") if given is None else given).strip()
    if not token.isascii() or not token.isprintable() or not token:
        where = options.token_file or "UPHELD_TOKEN"
        raise Stop(f"upheld: there is no token in {where}: `upheld admin token` makes one on the server")
    return token


def _applied(client: Client, texts: Mapping[str, str], dry_run: bool) -> Applied:
    from upheld.client.client import ProblemError, UnreachableError

    try:
        return client.apply_agreements({"files": texts}, dry_run=dry_run)
    except ProblemError as problem:
        raise _refused(problem) from None
    except UnreachableError as fault:
        again = "\n  way out: apply it again; the same files change nothing more" if fault.may_be_done else ""
        raise Stop(f"upheld: the server cannot be reached: {fault}{again}") from None


def _refused(problem: ProblemError) -> Stop:
    """What the server says against it."""
    findings = list(_findings(problem.findings))
    tell(findings)
    if findings:
        return Stop("upheld: nothing was applied", DOES_NOT_HOLD)
    detail = f": {problem.detail}" if problem.detail else ""
    said = f"{problem} ({problem.status}){detail}"
    return Stop(f"upheld: the server refused: {said}", OUR_FAULT if problem.status >= 500 else 2)


def _findings(told: Iterable[Told]) -> Iterator[Finding]:
    """Findings as the server told them."""
    for one in told:
        places = tuple(Place(at["file"], at["line"], at["column"]) for at in one["places"])
        yield Finding(one["code"], one["message"], places, one["way_out"], one["severity"])
