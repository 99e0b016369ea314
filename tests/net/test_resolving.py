"""Names are looked up by the system, in time or not at all."""

from __future__ import annotations

import socket
import threading

import pytest

from upheld.net.resolving import ResolveError, SystemResolver

SECOND = 1_000_000


def _found(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]


def test_each_address_is_there_once_in_the_order_of_the_system() -> None:
    """The answers of the system, without repetitions."""
    resolver = SystemResolver(look_up=lambda *_, **__: _found("1.1.1.1", "8.8.8.8", "1.1.1.1"))
    assert resolver("www.example.com", SECOND) == ("1.1.1.1", "8.8.8.8")


def test_the_system_knows_this_machine() -> None:
    """The real look-up is asked in the right way."""
    assert set(SystemResolver()("localhost", 5 * SECOND)) <= {"127.0.0.1", "::1"}


def test_a_name_without_an_address_is_an_error_of_its_own() -> None:
    """What the system says is passed on; a name that no name server can be asked is one as well."""

    def unknown(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(ResolveError, match="not known"):
        SystemResolver(look_up=unknown)("no.example.com", SECOND)
    with pytest.raises(ResolveError, match="cannot be looked up"):
        SystemResolver()("a" * 70 + ".example.com", SECOND)


def test_a_name_server_that_hangs_stops_nobody_else() -> None:
    """A look-up ends in time; so many may hang at once, and those after them end in time as well."""
    goes_on = threading.Event()

    def slow(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host.startswith("slow"):
            goes_on.wait(10)
        return _found("1.1.1.1")

    resolver = SystemResolver(at_once=2, look_up=slow)
    with pytest.raises(TimeoutError):
        resolver("slow.example.com", 20_000)
    assert resolver("www.example.com", SECOND) == ("1.1.1.1",)
    with pytest.raises(TimeoutError):
        resolver("slow2.example.com", 20_000)
    with pytest.raises(TimeoutError):
        resolver("www.example.com", 20_000)
    goes_on.set()
    assert resolver("www.example.com", 10 * SECOND) == ("1.1.1.1",)
