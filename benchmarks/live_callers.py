"""Facts told by several callers at once, each of a provider of its own, in processes as web servers are.

python -m benchmarks.live_callers KEY TICKETS: is ready, begins at a line, is done.
"""

import os
import subprocess
import sys
import time

from benchmarks.live_world import Desk, address, set_up
from upheld.core.timeline.instant import parse_instant


def together_s(callers: int, tickets: int) -> float:
    """The seconds in which so many callers told of so many tickets each, in the database that is open."""
    command = [sys.executable, "-m", "benchmarks.live_callers"]
    environment = {**os.environ, "DATABASE_URL": address()}
    running = [
        subprocess.Popen(
            [*command, f"caller{number}", str(tickets)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for number in range(callers)
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        print(file=one.stdin, flush=True)
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "done\n"
    took_s = time.perf_counter() - began
    for one in running:
        one.communicate(timeout=60)
    return took_s


def main() -> None:
    """One caller: its provider is there, with its first ticket, before it is ready."""
    key, tickets = sys.argv[1:]
    set_up()
    # What this asks itself, it asks beyond the walls, as a test does.
    import tests.live.databases  # noqa: F401

    desk, opened_at = Desk(key), parse_instant("2026-06-08T10:00:00Z")
    desk.open(0, 1, opened_at)
    print("ready", flush=True)
    sys.stdin.readline()
    desk.open(1, int(tickets), opened_at)
    print("done", flush=True)


if __name__ == "__main__":
    main()
