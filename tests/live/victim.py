"""A process that is killed: it records the facts it is told, a line each, and works on what they change.

    DATABASE_URL=... UPHELD_CLOCK=... python -m tests.live.victim PORT-OF-THE-RELAY FOLDER [POINT]

It says `ready`, then `ok ID` for each fact after its commit. With a point it dies there, the first time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(port: str, folder: str, point: str = "") -> None:
    """Until there are no more lines."""
    from upheld.server.environment import prepare

    prepare(Path(folder))
    from tests.live.test_worker import channels_to
    from upheld.app.crash import arm
    from upheld.app.record import record
    from upheld.files.facts_file import read_fact_lines
    from upheld.server.clock import clock, salt
    from upheld.server.signing import signer_in
    from upheld.server.worker import Worker
    from upheld.store.models import Provider

    if point:
        arm(point, lambda: os._exit(137))
    provider = Provider.objects.get()
    now = clock()
    with signer_in(Path(folder)) as signer:
        worker = Worker(now, channels_to(int(port)), alone=True, signer=signer)
        print("ready", flush=True)  # it may die as soon as it works
        worker.start()
        for line in sys.stdin.buffer:
            facts, findings = read_fact_lines(line, "told")
            assert facts, findings
            record(provider.pk, facts, "desk", now.now(), salt)
            print(f"ok {facts[0].id}", flush=True)
        worker.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
