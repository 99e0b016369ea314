"""`upheld serve`: everything in one tree of processes, or one part of many."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, set_start_method
from pathlib import Path
from typing import Any, Final, TypeVar

from upheld.api.ports import STREAMS
from upheld.core.timeline.instant import SECOND, Instant, format_instant
from upheld.server.clock import clock
from upheld.server.environment import EnvironmentFaultError, in_words, migrate, prepare
from upheld.server.exclusive import hold_ledger
from upheld.server.hosts import own_address
from upheld.server.listening import address_of, check_free
from upheld.server.rates import rate
from upheld.server.signing import OLD_MEMORY, RESTORED_FILE, STATE_FILE, signer_in
from upheld.server.watchdog import alarms_of
from upheld.server.watchdog import main as watchdog

T = TypeVar("T")
DONE: Final = 0
WRONG_USE: Final = 2
THREADS: Final = 8 + STREAMS
"""Those that listen each take one, and eight are left for others."""
GRACE_S: Final = 40
"""So long may be taken to come to an end; nothing is lost by a process that is cut off then."""


def main(words: Sequence[str]) -> int:
    """Runs the server until it is told to stop. 0 stopped as asked; 2 it cannot start, and why."""
    options = _parser().parse_args(list(words))
    os.environ["UPHELD_ADDRESS"] = address_of(options.host, options.port)
    try:
        alarms = alarms_of()
        rate()
        if options.part == "watchdog":
            return _watch(options)
        folder = Path(options.data).resolve()
        prepare(folder)
        is_alone = hold_ledger(_database(), alone=options.part == "all")
        os.environ["UPHELD_WORKS"] = "" if options.part == "web" else "alone" if is_alone else "too"
        _prepare_tables()
        # Beside the web server of another machine there is no memory of the signer, and none is made.
        if options.part != "web" or (folder / STATE_FILE).exists():
            _check_ledger(folder)
        if options.part != "worker":
            check_free(options.host, options.port)
        if options.demo:
            from upheld.server.demo import seed

            os.environ["UPHELD_DEMO"] = "yes"
            print("upheld: telling what happened by now, and what probes saw …", flush=True)
            _apart(seed, clock().now())
    except (EnvironmentFaultError, OSError, ValueError) as fault:
        print(f"upheld: {in_words(fault, Path(options.data))}", file=sys.stderr)
        return WRONG_USE
    if options.part == "worker":
        return _work()
    if options.part == "web" or not alarms:
        return _serve(options)
    with _watched(os.environ["UPHELD_ADDRESS"]):
        return _serve(options)


def _prepare_tables() -> None:
    """As `migrate`; EnvironmentFaultError, too, where somebody took away what refuses in the database."""
    migrate()
    from upheld.server.guards import check_guards

    check_guards()


def _database() -> dict[str, Any]:
    from django.conf import settings

    return dict(settings.DATABASES["default"])


def _check_ledger(folder: Path) -> None:
    """An older backup that came back is refused until a new epoch states the gap. EnvironmentFaultError."""
    from upheld.app.sequence import behind
    from upheld.server.known_keys import begin_to_sign

    if (folder / RESTORED_FILE).exists():
        raise EnvironmentFaultError(OLD_MEMORY)
    begin_to_sign(folder)
    with signer_in(folder) as signer:  # none: another worker holds its memory, and looked when it began
        lacking = {} if signer is None else behind(signer)
    if lacking:
        logs = "; ".join(f"{name}: {why}" for name, why in lacking.items())
        raise EnvironmentFaultError(
            f"an older backup came back ({logs}): bring back the newest one, or state the gap by "
            "`upheld admin epoch`, which begins a new epoch of each log that needs one"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="upheld serve", description="Keeps agreements day and night.")
    parser.add_argument(
        "part",
        nargs="?",
        choices=("all", "web", "worker", "watchdog"),
        default="all",
        help="everything (the default), or one part; several web and worker need PostgreSQL (DATABASE_URL)",
    )
    parser.add_argument("--url", help="whom the watchdog watches (default: http://HOST:PORT)")
    parser.add_argument("--data", default=os.environ.get("UPHELD_DATA", "upheld-data"), help="the folder")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen")
    parser.add_argument("--port", type=int, default=8000, help="at which port")
    parser.add_argument(
        "--demo", action="store_true", help="the shipped providers with a month that runs now"
    )
    return parser


@contextmanager
def _watched(address: str) -> Iterator[None]:
    """A watchdog beside this process while the block runs. It outlives whoever dies, and says so."""
    command = [sys.executable, "-m", "upheld.server.watchdog", own_address(address), str(os.getpid())]
    process = subprocess.Popen(command)  # noqa: S603  our own program
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _watch(options: argparse.Namespace) -> int:
    """The watchdog alone."""
    if not alarms_of():
        raise ValueError("a watchdog that can tell nobody: set UPHELD_ALARM or UPHELD_PING")
    watchdog(options.url or own_address(os.environ["UPHELD_ADDRESS"]))
    return DONE


def _introduce(address: str) -> None:
    """What is due next, and where to ask."""
    from upheld.server.demo import due_lines, next_lines

    now = clock().now()
    print(f"upheld: five providers and their month, as of {format_instant(now - now % SECOND)}. Due next:")
    for line in _apart(due_lines, now):
        print(f"  {line}")
    for line in _apart(next_lines, now):
        print(f"upheld: {line}")
    print(f"upheld: the API is at {address}/api/v1, its pages at {address}/api/v1/docs. Ctrl-C stops it.")
    sys.stdout.flush()


def _apart(work: Callable[[Instant], T], at: Instant) -> T:
    """What comes of some work, done in a process of its own: what that remembered is not kept for years."""
    from django.db import connections

    connections.close_all()  # a connection is of one process
    with ProcessPoolExecutor(1, get_context("fork")) as process:
        return process.submit(work, at).result()


def _work() -> int:
    """One worker, until it is told to stop."""
    from upheld.server.running import rest, work

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work()
    stop.wait()
    rest()
    return DONE


def _serve(options: argparse.Namespace) -> int:
    """The web server, and in its process the worker where it is to work, too."""
    from granian import Granian
    from granian.constants import Interfaces

    if options.demo:
        _introduce(os.environ["UPHELD_ADDRESS"])
    # One process writes to SQLite; what many processes would share is on PostgreSQL alone.
    server = Granian(
        "upheld.server.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=1,
        workers_kill_timeout=GRACE_S,
        blocking_threads=THREADS,
        log_enabled=False,
        websockets=False,
    )
    # A fork holds the ledger, too. From Python 3.14 on another way is the usual one.
    set_start_method("fork", force=True)
    gc.collect()
    gc.freeze()  # what is there by now is shared with the process that serves, as long as nobody touches it
    server.serve()
    return DONE
