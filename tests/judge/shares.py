"""Shares of counts, means of shares, percentiles of latencies, and items that were in time: worlds and judge.

Everything is on slices of one step, so that nothing is covered in part.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from upheld.core.measuring.latency import LONGEST_US, bucket_bounds, bucket_of

Row = dict[str, Any]

STATES = ("met", "met", "met", "breached", "breached", "running", "undetermined", "not applicable")


def make_share_world(seed: int) -> Row:
    """A stream of checks or counts, or a list of items, over a period of some hours, and what is excluded."""
    random = Random(f"shares {seed}")
    length = random.randint(20, 120)
    start = 29_000_000 + random.randrange(500_000)
    over = random.random() < 0.7
    at = start + length + 20 if over else start + random.randint(1, length - 1)
    exclusions = []
    for n in range(random.choice((0, 0, 1, 1, 2))):
        begin = start + random.randint(-10, length)
        taken = set(range(begin, begin + random.randint(1, length // 2)))
        effects = random.choice((("not bad",), ("not bad", "out of total"), ("out of total",)))
        takes = random.choice(("all", "all", "bad"))
        exclusions.append(
            {"name": f"e{n}", "steps": taken, "effects": effects, "takes": takes, "items": set()}
        )
    combine = random.choice(("ratio of sums", "mean of ratios", "percentile", "items", "items"))
    world: Row = {
        "seed": seed,
        "combine": combine,
        "period": (start, start + length, "p0"),
        "at": at,
        "is_over": over,
        "exclusions": exclusions,
        "every": random.choice((None, 1, 2)),
        "percentile": random.choice((Fraction(1, 2), Fraction(9, 10), Fraction(95, 100), Fraction(1))),
        "unattributed": random.choice(("counts", "counts", "unknown")),
        "rows": {},
        "items": [],
    }
    if combine == "items":
        world["items"] = _items(random, world)
        return world
    for one in exclusions:
        # What leaves the total of a stream is not looked at; what only leaves it is no question for shares.
        one["takes"], one["effects"] = "all", random.choice((("not bad",), ("not bad", "out of total")))
    step = start
    while step < start + length:
        until = min(step + random.randint(1, 15), start + length)
        missing = random.random() < 0.2
        for now in range(step, until):
            if not missing:
                total = world["every"] or random.randint(1, 6)
                good = random.randint(0, total) if random.random() < 0.4 else total
                world["rows"][now] = (good, total, [random.randint(1, 400_000) for _ in range(total)])
        step = until
    return world


def _items(random: Random, world: Row) -> list[Row]:
    start, end, _ = world["period"]
    items = []
    for n in range(random.choice((0, 1, 5, 30))):
        begun = random.randint(start - 10, min(end + 10, world["at"]) - 1)
        state = random.choice(STATES)
        if world["is_over"] and state == "running":
            state = "met"
        ended = None if state == "running" else min(world["at"], begun + random.randint(0, 20))
        name = f"t{n}"
        items.append(
            {"name": name, "start": begun, "end": ended, "state": state, "attributed": random.random() < 0.5}
        )
        for one in world["exclusions"]:
            if random.random() < 0.1:
                one["items"].add(name)
    return items


def judge_share(world: Row) -> Row:
    """The figures to date, and the parts of items. Nothing to count is met: both bounds are one."""
    if world["combine"] == "items":
        return _judge_items(world)
    start, end, _ = world["period"]
    out = set().union(*(one["steps"] for one in world["exclusions"]))
    steps = [step for step in range(start, min(end, world["at"])) if step not in out]
    seen = [world["rows"][step] for step in steps if step in world["rows"]]
    gaps = len(steps) - len(seen)
    if world["combine"] == "percentile":
        return _percentile(world, seen, gaps)
    if world["combine"] == "mean of ratios":
        shares = sum((Fraction(good, total) for good, total, _ in seen), Fraction(0))
        return _bounded(shares, shares, shares + gaps, Fraction(len(seen)), Fraction(len(steps)))
    good, total = sum(row[0] for row in seen), sum(row[1] for row in seen)
    if gaps and not world["every"]:
        return {"value": Fraction(good, total) if total else None, "low": Fraction(0), "high": Fraction(1)}
    more = gaps * (world["every"] or 0)
    return _bounded(
        Fraction(good), Fraction(good), Fraction(good + more), Fraction(total), Fraction(total + more)
    )


def _bounded(good: Fraction, least: Fraction, most: Fraction, seen: Fraction, expected: Fraction) -> Row:
    if not expected:
        return {"value": None, "low": Fraction(1), "high": Fraction(1)}
    return {"value": good / seen if seen else None, "low": least / expected, "high": most / expected}


def _percentile(world: Row, seen: list[Any], gaps: int) -> Row:
    """The latency of that rank, put into its bucket: the value is the longest one of the bucket.

    What was not seen may have been as short or as long as can be; without `every` it is open how much that
    is, so the bounds are not judged where something is missing.
    """
    latencies = sorted(one for _, _, all_ in seen for one in all_)
    row: Row = {"value": None}
    if latencies:
        row["value"] = Fraction(_bucket(world, latencies)[1])
    if not world["every"]:
        return row if gaps else row | _ends(world, latencies)
    more = gaps * world["every"]
    row |= _ends(world, [0] * more + latencies) if latencies or more else {}
    if more:
        row["high"] = Fraction(_bucket(world, latencies + [LONGEST_US] * more)[1])
    return row


def _ends(world: Row, latencies: list[int]) -> Row:
    if not latencies:
        return {}
    first, last = _bucket(world, latencies)
    return {"low": Fraction(first), "high": Fraction(last)}


def _bucket(world: Row, latencies: list[int]) -> tuple[int, int]:
    rank = -(-world["percentile"] * len(latencies) // 1)
    first, after = bucket_bounds(bucket_of(latencies[max(1, int(rank)) - 1]))
    return first, after - 1


def _judge_items(world: Row) -> Row:
    start, end, _ = world["period"]
    parts: dict[tuple[str, str], int] = {}
    total = bad = unknown = 0
    for item in world["items"]:
        if not start <= item["start"] < end or item["state"] == "not applicable":
            continue
        late = item["state"] == "breached"
        takers = [
            one
            for one in world["exclusions"]
            if (item["start"] in one["steps"] and (late or one["takes"] == "all"))
            or (item["name"] in one["items"] and (late or one["takes"] == "all"))
        ]
        part = {"met": "up", "breached": "down", "running": "not yet", "undetermined": "unknown"}[
            item["state"]
        ]
        if part == "down" and world["unattributed"] == "unknown" and not item["attributed"]:
            part = "unknown"
        if part == "not yet":
            takers = []
        counts = part != "not yet" and not any("out of total" in one["effects"] for one in takers)
        forgiven = any("not bad" in one["effects"] for one in takers)
        total += counts
        bad += part == "down" and not forgiven and counts
        unknown += part == "unknown" and not forgiven and counts
        by = takers[0]["name"] if takers else ""
        key = ("excluded" if takers else part, by)
        parts[key] = parts.get(key, 0) + 1
    figures = {"value": None, "low": Fraction(1), "high": Fraction(1)}
    if total:
        # What is unknown is not known to be late.
        most = Fraction(total - bad, total)
        figures = {"value": most, "low": Fraction(total - bad - unknown, total), "high": most}
    return {"parts": parts, "total": total, "bad": bad, **figures}
