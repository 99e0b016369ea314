"""What a server costs that has nothing to do, and how soon what was decided is accepted by a mail server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figure import Figure, Sizes, time_text
from benchmarks.live_relay import relay
from benchmarks.live_store import OPENED_AT, share_of
from benchmarks.live_world import Desk, database
from upheld.core.timeline.instant import HOUR, SECOND

WITHIN_S: Final = 300
MOST_MB: Final = 250
PER_S: Final = 500
_TICK: Final = os.sysconf("SC_CLK_TCK")


def live_server_figures(sizes: Sizes) -> Iterable[Figure]:
    """A server as `upheld serve` starts it; deadlines as they come; mails, alone and while a way hangs."""
    yield from _idle(sizes.idle_s)
    yield _lag(sizes.due_s)
    yield from _mails(sizes.mails)


# -- a server with nothing to do ---------------------------------------------------------------------------


def _idle(for_s: float) -> Iterable[Figure]:
    with _server() as process:
        pids = [process.pid, *_children(process.pid)]
        before, began = sum(map(_processor_s, pids)), time.perf_counter()
        time.sleep(for_s)
        share = (sum(map(_processor_s, pids)) - before) / (time.perf_counter() - began)
        memory_mb = sum(map(_memory_mb, pids))
    work = "an embedded server with nothing to do: memory of its processes"
    yield Figure(work, "at most", MOST_MB, memory_mb, "absolute", f"{len(pids)} processes", "MB")
    yield Figure("its share of one core", "at most", 1, max(100 * share, 0.01), "absolute",
                 f"over {for_s:g} s", "%")  # fmt: skip


@contextmanager
def _server() -> Iterator[subprocess.Popen[str]]:
    """A server that has answered, with a folder of its own."""
    with TemporaryDirectory() as folder:
        upheld = Path(sys.executable).with_name("upheld")
        command = [str(upheld), "serve", "--data", f"{folder}/data", "--port", str(_free_port())]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("upheld: serving at "):
                    break
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=60)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    """The processes below one, all the way down."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
    found = [int(word) for word in told.split()]
    return [*found, *(below for one in found for below in _children(one))]


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _memory_mb(pid: int) -> float:
    """The memory that is its own, and its part of what it shares."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


# -- deadlines as they come ---------------------------------------------------------------------------------


def _lag(for_s: int) -> Figure:
    """So many deadlines a second, one after the other, each watched until its message is committed."""
    with database("PostgreSQL"):
        from benchmarks.live_ways import Hanging, Running
        from upheld.server.worker import Worker
        from upheld.store.models import Message

        desk, many = Desk("due", "service"), PER_S * for_s
        desk.open_apart(many, OPENED_AT, SECOND // PER_S)
        due_at = [OPENED_AT + HOUR + n * SECOND // PER_S for n in range(many)]
        clock, ways = Running(OPENED_AT + HOUR - SECOND), Hanging.to_port(1)
        worker = Worker(clock, ways)
        worker.start()
        seen: list[int] = []
        until = time.perf_counter() + WITHIN_S
        while len(seen) < many and time.perf_counter() < until:
            time.sleep(0.02)
            written = Message.objects.filter(rule="half").count()
            seen += [clock.now()] * (written - len(seen))
        ways.over.set()
        worker.stop()
    assert len(seen) == many, f"{len(seen)} of {many} came"
    lags = sorted((at - due) / SECOND for at, due in zip(seen, due_at, strict=True))
    work = f"deadlines that fire on PostgreSQL, {PER_S} due a second: from the instant to the commit"
    detail = f"{many:,}; half of them within {time_text(share_of(lags, 0.5))}"
    return Figure(work, "at most", 1, share_of(lags, 0.99), "p99", detail, "s")


# -- from the decision to the mail server ------------------------------------------------------------------


def _mails(mails: int) -> Iterable[Figure]:
    alone = _accepted(mails, hanging=0)
    beside = _accepted(mails, hanging=max(1, mails // 10))
    half_s, beside_s = share_of(alone, 0.5), share_of(beside, 0.5)
    work = "from the decision until a local mail server has accepted the message"
    detail = f"{mails:,} at once; half of them within {time_text(half_s)}"
    yield Figure(work, "at most", 5, share_of(alone, 0.99), "p99", detail, "s")
    detail = f"half within {time_text(beside_s)} beside {time_text(half_s)}"
    yield Figure("the same while another way hangs", "at most", 1.1, beside_s / half_s, "alone", detail)


def _accepted(mails: int, hanging: int) -> list[float]:
    """The seconds that each mail took, the fastest first, while so many messages hang by another way."""
    with database("PostgreSQL"):
        from benchmarks.live_ways import Hanging, Running
        from upheld.server.worker import Worker
        from upheld.store.models import Message

        mailed, hung = Desk(), Desk("hung", "service") if hanging else None
        # They come when the other way hangs already: to decide what hangs is no part of what they wait for.
        mailed.open(0, mails, OPENED_AT + SECOND)
        if hung is not None:
            hung.open(0, hanging, OPENED_AT)
        with relay() as port:
            ways = Hanging.to_port(port)
            worker = Worker(Running(OPENED_AT + HOUR), ways)
            worker.start()
            ended = Message.objects.filter(reach__way="mail", state="accepted")
            until = time.perf_counter() + WITHIN_S
            while ended.count() < mails and time.perf_counter() < until:
                time.sleep(0.1)
            ways.over.set()
            worker.stop()
        rows = ended.values_list("owed_at", "ended_at")
        took = sorted((ended_at - owed_at) / SECOND for owed_at, ended_at in rows if ended_at is not None)
    assert len(took) == mails, f"{len(took)} of {mails} were accepted"
    return took
