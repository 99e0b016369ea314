"""The campaign of the second judge: `python -m tests.judge.campaign [--worlds N] [--seed S] [--kind K]`.

There are worlds of clocks, of measures (partitions, bounds, levels), of shares (counts, latencies, items) and
of amounts (remedies, invoices). Worlds are numbered by their seeds, from `--seed` on, and shared out among
the kinds. One on which judge and core disagree is printed whole: the seed, what it holds, both answers.
`--kind K --seed S --worlds 1` plays it again. Every zone's transitions follow, unless `--zones` asks for
fewer zones (and with `--seed`, only if it asks for some).
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from multiprocessing import Pool
from random import Random
from typing import Any

from .compare import differences
from .core_side import RefusedError, ask_core
from .judge import judge
from .measure_campaign import judge_measured, judge_owed, judge_shares
from .worlds import make_world, transitions_in
from .zones import judge_zone, zone_names

SHOWN = 5


def judge_world(seed: int) -> str:
    """What judge and core disagree about in the world of a seed, as a text to be read; empty if nothing."""
    world = make_world(seed)
    judged: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    try:
        judged = judge(world)
        asked = ask_core(world)
        faults = differences(world, judged, asked)
    except RefusedError as refused:
        faults = [f"upheld refuses the world: {refused}"]
    except Exception:
        faults = [traceback.format_exc()]
    return _told(world, faults, judged, asked) if faults else ""


def judge_zones(name: str) -> list[str]:
    """What judge and core disagree about in one zone."""
    return list(judge_zone(name))


def sample_of_zones(count: int | None, seed: int) -> list[str]:
    """So many of the zones that changed their clocks in the year 2000; None is every zone."""
    names = zone_names()
    if count is None or count >= len(names):
        return names
    changing = [name for name in names if transitions_in(name, 2000)]
    return sorted(Random(seed).sample(changing, min(count, len(changing))))


def _told(world: dict[str, Any], faults: list[str], judged: list[Any], asked: list[Any]) -> str:
    parts = [
        f"== seed {world['seed']}: {len(faults)} disagreements (at {world['at_text']}, zone data pinned)"
    ]
    parts += [f"   {fault}" for fault in faults]
    parts += ["-- northwind.yaml", world["agreement_yaml"]]
    for text in world["contract_yamls"]:
        parts += ["-- contract.yaml", text]
    parts += ["-- facts.jsonl", world["facts_jsonl"]]
    parts += ["-- the judge", *map(_line, judged), "-- upheld", *map(_line, asked)]
    parts += [f"-- again: python -m tests.judge.campaign --kind clocks --seed {world['seed']} --worlds 1", ""]
    return "\n".join(parts)


def _line(row: dict[str, Any]) -> str:
    return "  " + ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)


def _kinds() -> dict[str, tuple[Callable[[int], str], int]]:
    """Who judges each kind of world, and how many parts in ten of all worlds it gets."""
    return {
        "clocks": (judge_world, 3),
        "measures": (judge_measured, 4),
        "shares": (judge_shares, 1),
        "amounts": (judge_owed, 2),
    }


def main(words: Sequence[str] | None = None) -> int:
    """Run the campaign; 0 if judge and core agree everywhere."""
    kinds = _kinds()
    parser = argparse.ArgumentParser(prog="tests.judge.campaign", description=__doc__.partition("\n")[0])
    parser.add_argument("--worlds", type=int, default=10_000, help="how many worlds (10,000)")
    parser.add_argument("--kind", choices=kinds, default=None, help="only worlds of this kind (all kinds)")
    parser.add_argument(
        "--seed", type=int, default=None, help="the first seed (0); given alone, no zones run"
    )
    parser.add_argument("--zones", type=int, default=None, help="how many zones (all)")
    parser.add_argument(
        "--show", type=int, default=SHOWN, help=f"how many failing worlds to print whole ({SHOWN})"
    )
    asked = parser.parse_args(words)
    first = asked.seed or 0
    zones = asked.zones if (asked.seed is None and asked.kind is None) or asked.zones is not None else 0
    shown = 0
    failed: list[int] = []
    with Pool(os.cpu_count()) as pool:
        for kind, (call, tenths) in kinds.items():
            if asked.kind not in (None, kind):
                continue
            count = asked.worlds if asked.kind else -(-asked.worlds * tenths // 10)
            bad = _run(pool, call, range(first, first + count), asked.show - shown)
            shown += len(bad)
            failed += bad
            print(f"{count} worlds of {kind} from seed {first}: {len(bad)} disagree{_seeds(bad)}", flush=True)
        names = sample_of_zones(zones, first)
        faults = [fault for found in pool.imap_unordered(judge_zones, names) for fault in found]
    for fault in faults[:50]:
        print(fault)
    print(f"{len(names)} zones, every transition 1990-2037: {len(faults)} disagreements")
    return 1 if failed or faults else 0


def _run(pool: Any, call: Callable[[int], str], seeds: range, show: int) -> list[int]:
    """The seeds of the worlds on which judge and core disagree; the first few are printed."""
    failed: list[int] = []
    for seed, told in zip(seeds, pool.imap(call, seeds, 4), strict=True):
        if told:
            failed.append(seed)
            if len(failed) <= show:
                print(told, flush=True)
        if sys.stderr.isatty():
            print(f"\r{seed + 1 - seeds.start} worlds, {len(failed)} disagree", end="", file=sys.stderr)
    return failed


def _seeds(failed: list[int]) -> str:
    return (
        f" (seeds {', '.join(map(str, failed[:20]))}{', ...' if len(failed) > 20 else ''})" if failed else ""
    )


if __name__ == "__main__":
    sys.exit(main())
