"""Where a server listens, nobody else does; whoever tries is told why."""

from __future__ import annotations

import socket

import pytest

from upheld.server import listening
from upheld.server.environment import EnvironmentFaultError
from upheld.server.listening import address_of, check_free


def test_an_address_is_written_as_urls_have_it() -> None:
    """One of IPv6 stands between brackets."""
    assert [address_of(host, 80) for host in ("127.0.0.1", "::1")] == [
        "http://127.0.0.1:80",
        "http://[::1]:80",
    ]


def test_a_port_that_is_shared_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server of ours would share it, and get every other request; once that is gone it is free."""
    monkeypatch.setattr(listening, "WITHIN_S", 0)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(EnvironmentFaultError, match=f"somebody else listens at 127.0.0.1, port {port}"):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("sla.example", 80, "write an address"),
        ("127.0.0.1", 0, "from 1 to"),
        ("127.0.0.1", 70_000, "from 1 to"),
        ("192.0.2.1", 8_123, "nobody can listen at 192.0.2.1"),
    ],
)
def test_where_nobody_can_listen_is_told(host: str, port: int, said: str) -> None:
    """A name, a port that is none, an address of another machine: each with its reason."""
    with pytest.raises(EnvironmentFaultError, match=said):
        check_free(host, port)
