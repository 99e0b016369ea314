"""The campaign: `python -m tests.live.kills [--kills N] [--seed S] [--jobs N]`, 10,000 kills by default.

Worlds are numbered by their seeds, from `--seed` on; in each some dozens of servers are killed. What does not
hold is printed with the seed of its world: `--seed S --kills 1` plays it again, but for how far each server
was. One world in four is on PostgreSQL, where it is there.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.live.databases import PROGRAMS, Postgres, Sqlite
from tests.live.kills.judging import hold
from tests.live.kills.world import Setting, living

KILLS = 50
"""In each world."""
SHOWN = 4_000
"""Characters of the log of a server, where something does not hold."""


class Played(NamedTuple):
    """What became of a world: its counts, and what does not hold; empty if everything does."""

    seed: int
    counts: Counter[str]
    fault: str


@cache
def _databases(kind: str) -> Sqlite | Postgres:
    """Those of this process, which go when it does."""
    if kind == "postgres":
        cluster = Postgres()
        atexit.register(cluster.stop)
        return cluster
    folder = Path(tempfile.mkdtemp(prefix="upheld-kills-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Sqlite(folder)


def play(seed: int) -> Played:
    """A world whose servers are killed, and what is found of it afterwards."""
    kind = "postgres" if seed % 4 == 3 and PROGRAMS else "sqlite"
    counts = Counter({f"worlds on {kind}": 1})
    folder = Path(tempfile.mkdtemp(prefix=f"upheld-kills-{seed}-"))
    fault = ""
    try:
        with living(seed, Setting.drawn(Random(seed)), _databases(kind), folder) as world:
            for _ in range(KILLS):
                world.pass_some_time(KILLS)
                world.kill()
            world.survive()
            counts.update(world.hit)
            counts.update(hold(world)._asdict())
            counts.update({"facts": len(world.facts), "kills": world.kills})
    except Exception:
        fault = f"{traceback.format_exc()}\n-- the end of its log\n{(folder / 'log').read_text()[-SHOWN:]}"
    shutil.rmtree(folder, ignore_errors=True)
    return Played(seed, counts, fault)


def _told(counts: Counter[str]) -> str:
    """How far it is, and how many of those who were killed had something to do."""
    looked, idle = counts["looked at"], counts["nothing"]
    return f"{counts['kills']} kills, {looked - idle} of {looked} looked at in the middle of something"


def main(words: Sequence[str] | None = None) -> int:
    """Runs the campaign; 0 if everything holds everywhere."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(words)
    seeds = range(asked.seed, asked.seed + -(-asked.kills // KILLS))
    counts: Counter[str] = Counter()
    failed: list[int] = []
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        for done in as_completed([pool.submit(play, seed) for seed in seeds]):
            played = done.result()
            counts += played.counts
            if played.fault:
                failed.append(played.seed)
                print(f"\n== seed {played.seed} does not hold: {played.fault}")
            print(f"\r{_told(counts)}; {len(failed)} worlds do not hold", end="", flush=True)
    print("".join(f"\n{name}: {count}" for name, count in sorted(counts.items())))
    for seed in sorted(failed):
        print(f"again: python -m tests.live.kills --seed {seed} --kills 1")
    return 1 if failed else 0
