"""Latencies in integer buckets that every engine computes alike: exact below 64 µs, then 32 per power of two.

Merging adds counts, and a percentile is a bucket's bounds, wrong by at most one part in 32.
"""

from __future__ import annotations

from typing import Final

from upheld.core.timeline.instant import Duration

EXACT_US: Final = 64
"""Below this, every microsecond is a bucket of its own."""
PER_DOUBLING: Final = 32
LONGEST_US: Final = (1 << 42) - 1
"""The longest latency that is told apart (some 50 days): longer ones are in its bucket."""
_BITS: Final = PER_DOUBLING.bit_length()


def bucket_of(latency_us: Duration) -> int:
    """The number of the bucket that holds a latency. ValueError for a negative one.

    From 64 µs on it is 32 * e + (latency_us >> e), with the e that brings the last term to 32 to 63.
    """
    if latency_us < 0:
        raise ValueError(f"a latency is not negative, as {latency_us} is")
    if latency_us < EXACT_US:
        return latency_us
    latency_us = min(latency_us, LONGEST_US)
    doublings = latency_us.bit_length() - _BITS
    return PER_DOUBLING * doublings + (latency_us >> doublings)


def bucket_bounds(bucket: int) -> tuple[Duration, Duration]:
    """The latencies of a bucket: the first, and the first that is longer than all. ValueError below zero."""
    if bucket < 0:
        raise ValueError(f"a bucket has no negative number, as {bucket} is")
    if bucket < EXACT_US:
        return bucket, bucket + 1
    doublings = bucket // PER_DOUBLING - 1
    first = bucket - PER_DOUBLING * doublings
    return first << doublings, (first + 1) << doublings
