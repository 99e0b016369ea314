"""The buckets of latencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.latency import EXACT_US, LONGEST_US, bucket_bounds, bucket_of


@given(st.integers(0, LONGEST_US))
def test_a_bucket_holds_its_latencies(latency_us: int) -> None:
    """A latency lies in the bounds of its bucket, which differ by at most one part in 32."""
    low, beyond = bucket_bounds(bucket_of(latency_us))
    assert low <= latency_us < beyond
    assert beyond - low == 1 or (beyond - low) * 32 <= low


@given(st.integers(0, 1500))
def test_buckets_follow_one_another(bucket: int) -> None:
    """Each begins where the one before ends, and is the bucket of what it holds."""
    low, beyond = bucket_bounds(bucket)
    assert bucket_bounds(bucket + 1)[0] == beyond
    if beyond <= LONGEST_US:
        assert bucket_of(low) == bucket_of(beyond - 1) == bucket
    if low < EXACT_US:
        assert (low, beyond) == (bucket, bucket + 1)


@given(st.integers(0, LONGEST_US * 4), st.integers(0, LONGEST_US * 4))
def test_longer_latencies_have_no_lower_bucket(one_us: int, other_us: int) -> None:
    """The number of the bucket rises with the latency, up to the longest that is told apart."""
    assert (bucket_of(one_us) <= bucket_of(other_us)) or one_us > other_us
    assert bucket_of(max(one_us, LONGEST_US)) == bucket_of(LONGEST_US)


def test_there_is_nothing_below_zero() -> None:
    """Neither a latency nor a bucket."""
    for ask in (bucket_of, bucket_bounds):
        with pytest.raises(ValueError, match="negative"):
            ask(-1)
