"""A clock that runs from an instant on, and ways out of which one hangs."""

import threading
import time

from tests.net.certificate import made_for

from upheld.core.timeline.instant import Instant
from upheld.net.guard import Guard
from upheld.notify.message import Channel, Delivery, Message
from upheld.notify.repeating import Way
from upheld.notify.smtp import Relay
from upheld.server.channels import Channels, ticks


class Running:
    """A clock that begins at an instant."""

    def __init__(self, at: Instant) -> None:
        self._ahead = at - time.perf_counter_ns() // 1_000

    def now(self) -> Instant:
        """So much later as has passed."""
        return time.perf_counter_ns() // 1_000 + self._ahead


class Hanging(Channels):
    """Mail goes to a relay here; a service does not answer until it is `over`."""

    over: threading.Event = threading.Event()

    @classmethod
    def to_port(cls, port: int) -> "Hanging":
        """With a relay at a port of this machine."""
        guard = Guard(lambda host, within_us: ("127.0.0.1",), ticks, made_for("relay.example.com").client)
        relay = Relay("relay.example.com", port, "upheld.example.com", "none")
        cls.over = threading.Event()
        return cls(guard, relay, "sla@northwind.example")

    def to(self, way: Way, address: str, is_marked: bool = False) -> Channel | None:
        """A channel; that of a service hangs."""
        return Hung(self.over) if way == "service" else super().to(way, address, is_marked)


class Hung:
    """Takes its time."""

    def __init__(self, over: threading.Event) -> None:
        self._over = over

    def send(self, message: Message, at: Instant) -> Delivery:
        """Fails when all is over."""
        self._over.wait()
        return Delivery("failed", at, "nobody answered")
