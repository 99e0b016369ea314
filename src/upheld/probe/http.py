"""Asks for a URL. Good, unless the signal says otherwise: a whole answer of 200 to 299, with a text in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.core.values.frozen import dataclass, field, replace
from upheld.net.guard import Guard, Request
from upheld.net.http1 import header_fault
from upheld.net.outcome import Outcome
from upheld.net.policy import FOR_PROBES, Policy
from upheld.net.url import parse_url
from upheld.probe.kinds import Probe
from upheld.probe.observation import NO_STATUS, Looked, Observation
from upheld.probe.settings import Settings

MISSING: Final = "text missing"


@dataclass(frozen=True, slots=True)
class HttpLook:
    """Which URL, how, within what time, and which text the first 64 KiB of the answer must hold."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    contains: str = ""
    within_us: Duration = 10 * SECOND

    def __repr__(self) -> str:
        return "HttpLook(****)"

    def __call__(self, guard: Guard, stream: Stream, at: Instant, policy: Policy | None = None) -> Looked:
        """One request. A redirect that the guard refuses to follow leaves the time unknown, too."""
        allowed = replace(policy or FOR_PROBES, total_us=self.within_us)
        outcome = guard.fetch(Request(self.url, self.method, self.headers), allowed)
        if outcome.end == "refused":
            return Looked(None, outcome.detail, outcome.phases)
        return Looked(self._observed(outcome, stream, at), outcome.detail, outcome.phases)

    def _observed(self, outcome: Outcome, stream: Stream, at: Instant) -> Observation:
        # An answer that is longer than what is read is one all the same; one that breaks off is not.
        is_whole = outcome.end == "response" or (outcome.end == "too large" and outcome.reason == "body")
        if not is_whole or outcome.status is None:
            code = f"{outcome.end}: {outcome.reason}" if outcome.reason else outcome.end
            return Observation(stream, at, False, NO_STATUS, None, code)
        has_text = self.contains.encode() in outcome.body
        ok = 200 <= outcome.status < 300 and has_text
        latency_us = outcome.phases.total_us
        return Observation(stream, at, ok, outcome.status, latency_us, "" if has_text else MISSING)


def _look(said: Mapping[str, object]) -> HttpLook:
    settings = Settings(said)
    url = settings.text("url")
    method = settings.text("method", "GET")
    headers = settings.texts("headers")
    contains = settings.text("contains", "")
    within_us = settings.duration("within", 10 * SECOND)
    if url:
        settings.parsed("url", url, parse_url)
    if method not in ("GET", "HEAD"):
        settings.fault("method", "`method` is GET or HEAD: a probe changes nothing")
    if method == "HEAD" and contains:
        settings.fault("contains", "an answer to HEAD has no text that `contains` could look for")
    if (fault := header_fault(headers)) is not None:
        settings.fault("headers", f"`headers`: {fault}")
    settings.done()
    return HttpLook(url, method, headers, contains, within_us)


PROBE: Final = Probe("asks for a URL", _look)
