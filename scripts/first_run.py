"""`make run` as a newcomer does it: until it says that it serves, then Ctrl-C. Ends with 1 if that is not so.

Needs nothing but Python: it sets the checkout up itself, as `make run` does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading

WITHIN_S = 600
SERVES = "upheld: serving at "
TOLD = ("Due next:", "/api/v1/docs", SERVES)


def main() -> int:
    """Starts it twice, with the same folder: the second finds everything."""
    with tempfile.TemporaryDirectory() as folder:
        return first_fault(folder) or first_fault(folder)


def first_fault(folder: str) -> int:
    """1, and what it told, if a start does not serve or does not stop as asked; 0 otherwise."""
    process = subprocess.Popen(
        ["make", "run"],  # noqa: S607  the command of the README
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "UPHELD_DATA": folder},
    )
    late = threading.Timer(WITHIN_S, os.killpg, (process.pid, signal.SIGKILL))
    late.start()
    told = ""
    assert process.stdout is not None
    for line in process.stdout:
        told += line
        if line.startswith(SERVES):
            os.killpg(process.pid, signal.SIGINT)
    process.wait()
    late.cancel()
    stopped = process.returncode in (
        0,
        130,
        -signal.SIGINT,
        2,
    )  # what make says of a command that Ctrl-C ended
    if stopped and "Traceback" not in told and all(one in told for one in TOLD):
        print(told, end="")
        return 0
    print(told, file=sys.stderr)
    print(f"make run: it ended with {process.returncode}, or has not told all of {TOLD}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
