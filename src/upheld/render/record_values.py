"""The values that records are made of, as JSON says them: instants in UTC, exact seconds, safe text."""

from __future__ import annotations

import json
import re

from upheld.core.timeline.instant import SECOND, Duration, Instant, format_instant

Record = dict[str, object]
_UNPRINTABLE = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


def dumps(record: object) -> str:
    """JSON text with names in the order given and nothing that differs from run to run."""
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    # JSON lets control and bidirectional characters stand bare; whoever prints it should not suffer them.
    return _UNPRINTABLE.sub(lambda found: json.dumps(found.group())[1:-1], text)


def instant(at: Instant | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if at is None else format_instant(at)


def seconds(duration_us: Duration | None) -> int | str | None:
    """Whole seconds as a number; anything finer as an exact decimal text."""
    if duration_us is None:
        return None
    whole, rest = divmod(duration_us, SECOND)
    if not rest:
        return whole
    digits = f"{abs(duration_us):07}"
    return ("-" if duration_us < 0 else "") + f"{digits[:-6]}.{digits[-6:]}".rstrip("0")
