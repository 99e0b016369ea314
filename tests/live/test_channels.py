"""The ways out of a server, as its environment sets them."""

from __future__ import annotations

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
