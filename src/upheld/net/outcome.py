"""What becomes of a request: one value for every end it can take."""

from __future__ import annotations

from typing import Literal

from upheld.core.timeline.instant import Duration
from upheld.core.values.frozen import dataclass, field

End = Literal["response", "refused", "dns", "connect", "tls", "timeout", "too large", "protocol"]
"""An answer came; the guard refused; no address; no connection; no TLS; too slow; too much; no sound HTTP."""


@dataclass(frozen=True, slots=True)
class Phases:
    """How long the parts of the last request took, in microseconds; None: it did not come so far.

    `answer_us` is from the request sent until the first byte of the answer. A request that was redirected
    has `total_us` over all of its hops.
    """

    dns_us: Duration | None = None
    connect_us: Duration | None = None
    tls_us: Duration | None = None
    answer_us: Duration | None = None
    body_us: Duration | None = None
    total_us: Duration = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request ended. Nothing here raises.

    `reason` is one word, `detail` a sentence for people; neither holds a path, a query or a header of the
    request, where secrets may stand. `sent`: some of the request may have arrived, so that somebody may have
    acted on it. `status`, `headers` and what was kept of the `body` are there whenever they were read, also
    if the end was another one; `size` counts the body unpacked. `hops` are the hosts asked, with the address.
    """

    end: End
    reason: str = ""
    detail: str = ""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    size: int = 0
    sent: bool = False
    hops: tuple[tuple[str, str], ...] = ()
    phases: Phases = field(default_factory=Phases)

    def header(self, name: str) -> str | None:
        """The first header of this name, in any case."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)


class Ended(Exception):  # noqa: N818 - it names the case
    """A request is over before an answer was whole."""

    def __init__(self, end: End, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.end: End = end
        self.reason = reason
        self.detail = detail
