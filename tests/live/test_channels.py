"""The ways out of a server, as its environment sets them."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from upheld.net.policy import FOR_WEBHOOKS
from upheld.notify.mail import Mail
from upheld.server.channels import channels_of

RELAY = {"UPHELD_MAIL": "smtp://relay.example.com", "UPHELD_MAIL_FROM": "sla@northwind.example"}


def _origin(key: str) -> str:
    mail = channels_of({**RELAY, "UPHELD_SECRET_KEY": key}).to("mail", "lea@northwind.example")
    assert isinstance(mail, Mail)
    return mail.origin


def test_mails_of_two_servers_have_another_origin() -> None:
    """It goes by the key that a server has for good, and is the same whenever that starts again."""
    assert _origin("of production") == _origin("of production") != _origin("of trials")
    assert _origin("of production").isalnum()


def test_the_operator_reads_in_the_log_what_a_name_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gave the name is told of what kind it is."""
    monkeypatch.setattr(
        "upheld.server.channels.SystemResolver", lambda: lambda host, within_us: ("10.0.0.7",)
    )
    guard = channels_of({}).guard
    with capture_logs() as lines:
        ended = guard.judge("ten.northwind.example", 80, FOR_WEBHOOKS)
    assert ended is not None
    assert "private network" in ended.detail
    assert "10.0.0.7" not in ended.detail
    assert [(one["host"], one["address"]) for one in lines] == [("ten.northwind.example", "10.0.0.7")]
