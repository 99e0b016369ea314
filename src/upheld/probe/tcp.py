"""Connects to a port, with TLS if it is asked for. Good if that works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.net.guard import Guard
from upheld.net.outcome import Ended, Phases
from upheld.net.policy import WEB_PORTS, Policy
from upheld.net.url import parse_host
from upheld.probe.kinds import Probe
from upheld.probe.observation import Looked, Observation
from upheld.probe.settings import Settings

PORTS: Final = WEB_PORTS | {22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1883, 5060, 5061, 5222, 8883}
"""What is commonly offered to others: a probe is no scanner."""
FOR_TCP: Final = Policy(ports=PORTS, total_us=10 * SECOND, connect_us=5 * SECOND)


@dataclass(frozen=True, slots=True)
class TcpLook:
    """Which port of which host, whether with TLS, within what time."""

    host: str
    port: int
    tls: bool = False
    within_us: Duration = 10 * SECOND

    def __call__(self, guard: Guard, stream: Stream, at: Instant, policy: Policy | None = None) -> Looked:
        """One connection, ended at once. The latency is that of the connection and of TLS."""
        allowed = replace(policy or FOR_TCP, total_us=self.within_us)
        try:
            opened = guard.connect(self.host, self.port, allowed)
        except Ended as ended:
            if ended.end == "refused":
                return Looked(None, ended.detail)
            return Looked(Observation(stream, at, False, code=f"{ended.end}: {ended.reason}"), ended.detail)
        tls_us = None
        try:
            if self.tls:
                opened.wire.phase = "tls"
                tls_us = guard.secure(opened.wire, self.host)
        except Ended as ended:
            phases = Phases(opened.dns_us, opened.connect_us)
            code = f"{ended.end}: {ended.reason}"
            return Looked(Observation(stream, at, False, code=code), ended.detail, phases)
        finally:
            opened.wire.close()
        took_us = opened.connect_us + (tls_us or 0)
        phases = Phases(opened.dns_us, opened.connect_us, tls_us, total_us=opened.dns_us + took_us)
        return Looked(Observation(stream, at, True, latency_us=took_us), "", phases)


def _look(said: Mapping[str, object]) -> TcpLook:
    settings = Settings(said)
    host = settings.text("host")
    port = settings.whole("port")
    tls = settings.truth("tls", False)
    within_us = settings.duration("within", 10 * SECOND)
    if host:
        settings.parsed("host", host, parse_host)
    if "port" in said and not 0 < port < 1 << 16:
        settings.fault("port", "`port` is a number from 1 to 65535")
    settings.done()
    return TcpLook(host, port, tls, within_us)


PROBE: Final = Probe("connects to a port", _look)
