"""`upheld admin`: a provider and its tokens from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.api_desk import NOW, Party, World, random_bytes, told
from upheld.core.timeline.instant import DAY
from upheld.server.admin_command import parser, run
from upheld.store.models import Provider


def access(*words: str, at: int = NOW) -> int:
    """Runs the command on the database of the test."""
    return run(parser().parse_args(words), at, random_bytes)


def test_a_token_from_the_terminal_lets_a_program_in(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is printed once, has the scopes of its role, and is listed without its text; revoked, it is none."""
    assert access("token", "northwind", "desk import", "--scope", "facts:write", "--days", "30") == 0
    text = capsys.readouterr().out.strip()
    me = told(Party(text).get("/me"))
    assert (me["role"], me["scopes"], me["token"]) == ("integration", ["facts:write"], "desk import")
    assert access("tokens", "northwind") == 0
    (line,) = (one for one in capsys.readouterr().out.splitlines() if "desk import" in one)
    number, _, rest = line.partition("  ")
    assert rest == "desk import: integration, until 2026-07-05T16:30:00Z, facts:write"
    assert text not in line
    assert access("revoke", "northwind", number) == 0
    assert Party(text).get("/me").status_code == 401
    capsys.readouterr()
    access("tokens", "northwind", at=NOW + DAY)
    assert "desk import: integration, ended 2026-06-05T16:30:00Z" in capsys.readouterr().out


def test_a_customer_gets_a_token_of_their_own(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """It stands inside the inner wall."""
    assert access("token", "northwind", "portal", "--role", "contact", "--customer", "Acme") == 0
    assert told(Party(capsys.readouterr().out.strip()).get("/me"))["customer"] == "Acme"


def test_a_provider_is_made_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """With the name that its agreements have."""
    assert access("provider", "southwind", "Southwind") == 0
    assert Provider.objects.get(key="southwind").name == "Southwind"
    assert access("provider", "southwind", "Other") == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("token", "nobody", "x"), "there is no provider nobody; there is: northwind, otherwind"),
        (
            ("token", "northwind", "x", "--customer", "Globex"),
            "no customer Globex: there is Acme, Contoso",
        ),
        (("token", "northwind", "x", "--customer", "Acme"), "a token of a customer is never integration"),
        (
            ("token", "northwind", "x", "--role", "king", "--scope", "all"),
            "of a provider is never king",
        ),
        (("token", "northwind", "x", "--scope", "all"), "integration has not the scope all"),
        (("token", "northwind", "x", "--days", "0"), "a token expires later than now"),
        (("revoke", "otherwind", "1"), "otherwind has no token 1"),
        (("provider", "South Wind", "x"), "South Wind: the key of a provider is lower-case"),
        (("provider", "south", " "), "the name of a provider has 1 to 200 characters"),
        (("rebuild", "acme"), "there is no provider acme; there is: northwind, otherwind"),
        (("apply", "northwind", "empty"), "empty: there are no agreements or contracts in it"),
        (
            ("person", "northwind", "Lea", "--mail", "lea@x.example", "--zone", "Mars/Base"),
            "there is no zone Mars/Base: give one such as Europe/Amsterdam",
        ),
        (
            ("person", "northwind", "Lea", "--service", "sms"),
            "--service: write CHANNEL=URL, such as sms=twilio://...",
        ),
        (("person", "northwind", "Lea"), "there is no way to Lea: give an address of mail"),
        (
            ("person", "northwind", "Lea", "--service", "sms=foo://secret"),
            "--service sms=: this service is not among those",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    why: str,
) -> None:
    """Each with its reason on one line that holds no secret, and exit code 2."""
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    assert access(*words) == 2
    said = capsys.readouterr().err
    assert why in said
    assert said.startswith("upheld: ")
    assert said.count("\n") == 1
    assert "secret" not in said
