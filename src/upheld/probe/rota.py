"""When each look is: at a moment of its own in every interval, so that not all look at once.

The moment follows from what is looked at. A prober that is started again goes on where it was, and two of
them look at the same instants.
"""

from __future__ import annotations

import hashlib

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import Duration, Instant


def next_look_at(stream: Stream, every_us: Duration, after: Instant) -> Instant:
    """The first instant later than `after` at which to look. ValueError unless `every_us` is positive."""
    if every_us <= 0:
        raise ValueError("a look is made every so often")
    named = "\0".join(stream).encode("utf-8", "surrogatepass")
    moment = int.from_bytes(hashlib.sha256(named).digest(), "big") % every_us
    return after + 1 + (moment - after - 1) % every_us
