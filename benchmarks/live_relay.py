"""A mail server that takes everything, in a process of its own as it is elsewhere.

python -m benchmarks.live_relay: says its port, and ends with its input.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def relay() -> Iterator[int]:
    """Its port, while the block runs."""
    command = [sys.executable, "-m", "benchmarks.live_relay"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.communicate(timeout=60)


def main() -> None:
    """Until nothing more is said to it."""
    from tests.notify.relay import relaying

    with relaying({}) as post:
        print(post.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
