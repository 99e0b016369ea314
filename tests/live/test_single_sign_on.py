"""People who are invited sign in by an issuer of OpenID Connect, which is a real one on loopback."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from django.test import override_settings
from django.utils import timezone

from tests.live.api_desk import BASE, World, problem, told
from tests.live.test_signing_in import ACCOUNTS, ANN, Browser, member
from upheld.server.public import proxies, public_url, single_sign_on

SECRET = "s" * 40


class Issuer(ThreadingHTTPServer):
    """It vouches for one person, to whom knows its secret and began what is finished here."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, object] = {"sub": "7", "email": ANN, "email_verified": True}
        self.told = "7"
        self.challenge = ""
        self.codes = {"code-1"}

    def documents(self) -> dict[str, object]:
        """What is answered to a GET."""
        where = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "userinfo")}
        known = {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", **where}
        return {"/.well-known/openid-configuration": known, "/userinfo": self.person | {"sub": self.told}}

    def token(self, said: dict[str, str]) -> dict[str, object] | None:
        """A token for a code, once."""
        verifier = urlsafe_b64encode(sha256(said["code_verifier"].encode()).digest()).decode().rstrip("=")
        if said["client_secret"] != SECRET or said["code"] not in self.codes or verifier != self.challenge:
            return None
        self.codes.clear()
        ends = int(timezone.now().timestamp()) + 60
        claims = {"iss": self.url, "aud": "upheld", "exp": ends, "iat": ends - 60, **self.person}
        return {"access_token": "a", "token_type": "Bearer", "id_token": jwt.encode(claims, SECRET)}


class _Answers(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        self._answer(self.server.documents().get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(self.server.token(dict(parse_qsl(body))))

    def _answer(self, record: object) -> None:
        data = json.dumps(record or {"error": "invalid_grant"}).encode()
        self.send_response(200 if record else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *words: object) -> None:
        """Nothing."""


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """An issuer that this server knows, and may ask."""
    monkeypatch.setenv("UPHELD_PRIVATE_TARGETS", "yes")
    with Issuer() as found:
        threading.Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
        told = {
            "UPHELD_OIDC_URL": f"{found.url}/",
            "UPHELD_OIDC_CLIENT": "upheld",
            "UPHELD_OIDC_SECRET": SECRET,
        }
        with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": single_sign_on(told)}):
            yield found
        found.shutdown()


def way_in(browser: Browser, issuer: Issuer) -> str:
    """Somebody goes to the issuer and comes back; where they are sent in the end."""
    said = {"provider": "sso", "process": "login", "callback_url": "/"}
    sent: Any = browser.client.post(f"{ACCOUNTS}/auth/provider/redirect", said, headers=browser.own())
    assert sent.status_code == 302
    to = urlsplit(sent["Location"])
    asked = {name: values[0] for name, values in parse_qs(to.query).items()}
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{issuer.url}/authorization"
    back = urlsplit(asked["redirect_uri"])
    assert (back.scheme, back.path) == ("https", "/accounts/oidc/sso/login/callback/")
    assert asked["code_challenge_method"] == "S256"
    issuer.challenge = asked["code_challenge"]
    issuer.codes = {"code-1"}
    answer: Any = browser.client.get(back.path, {"code": "code-1", "state": asked["state"]})
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.slow
def test_an_issuer_vouches_for_who_is_invited(world: World, issuer: Issuer) -> None:
    """By a verified address, then by their number there; roles, walls and the second factor stay here."""
    browser = Browser()
    assert "signup_closed" in way_in(browser, issuer)
    problem(browser.ask("GET", "/me"), 401, "unauthenticated")
    member(world, ANN, "contact", "Acme")
    issuer.person["email_verified"] = False
    assert "error" in way_in(browser, issuer)
    problem(browser.ask("GET", "/me"), 401, "unauthenticated")
    issuer.person["email_verified"] = True
    assert way_in(browser, issuer) == "/"
    assert told(browser.ask("GET", "/me"))["customer"] == "Acme"
    issuer.person["email"] = "somebody@else.example"
    later = Browser()
    assert way_in(later, issuer) == "/"
    assert told(later.ask("GET", "/me"))["customer"] == "Acme"


def test_an_issuer_that_tells_of_somebody_else_vouches_for_nobody(world: World, issuer: Issuer) -> None:
    """Its token names person 7, and its userinfo tells the address of Ann, who is person 8."""
    member(world, ANN, "contact", "Acme")
    browser = Browser()
    issuer.told = "8"
    assert "error" in way_in(browser, issuer)
    problem(browser.ask("GET", "/me"), 401, "unauthenticated")
    issuer.told = "7"
    assert way_in(browser, issuer) == "/"


def test_what_nobody_began_is_not_finished(world: World, issuer: Issuer) -> None:
    """A way back without its beginning lets nobody in, and neither does a code that was used."""
    member(world, ANN, "contact", "Acme")
    browser = Browser()
    path = "/accounts/oidc/sso/login/callback/"
    forged: Any = browser.client.get(path, {"code": "code-1", "state": "x"})
    assert forged.status_code == 302
    problem(browser.ask("GET", "/me"), 401, "unauthenticated")
    evil = {"provider": "sso", "process": "login", "callback_url": "https://evil.example/"}
    sent: Any = browser.client.post(f"{ACCOUNTS}/auth/provider/redirect", evil, headers=browser.own())
    assert issuer.url not in sent["Location"]
    assert "evil" not in sent["Location"]
    assert browser.ask("GET", "/me").status_code == 401
    assert BASE not in sent["Location"]


@pytest.mark.parametrize(
    "told",
    [
        "sla.example",
        "http://sla.example",
        "https://a@sla.example",
        "https://sla.example/x",
        "ftp://localhost",
    ],
)
def test_where_people_sign_in_nobody_listens(told: str) -> None:
    """An address without TLS is refused, but on this machine; so is what is no address of a server."""
    with pytest.raises(ValueError, match="UPHELD_URL"):
        public_url(told)


def test_an_issuer_that_nobody_reaches_is_told_as_an_error(
    world: World, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers with an error, or the guard lets nobody ask it: people come back with one."""
    browser = Browser()

    def goes() -> Any:
        said = {"provider": "sso", "process": "login", "callback_url": "/"}
        return browser.client.post(f"{ACCOUNTS}/auth/provider/redirect", said, headers=browser.own())

    state = parse_qs(urlsplit(goes()["Location"]).query)["state"][0]
    monkeypatch.setattr(issuer, "documents", dict)
    path = "/accounts/oidc/sso/login/callback/"
    answers: list[Any] = [goes(), browser.client.get(path, {"code": "code-1", "state": state})]
    monkeypatch.setenv("UPHELD_PRIVATE_TARGETS", "")
    answers.append(goes())
    for back in answers:
        assert back.status_code == 302
        assert "error=unknown" in back["Location"]


def test_without_an_issuer_nothing_is_there(world: World) -> None:
    """Where none is set nobody comes back from one, and nobody is sent to one."""
    browser = Browser()
    nowhere: Any = browser.client.get("/accounts/oidc/sso/login/callback/")
    problem(nowhere, 404, "not-found")
    said = {"provider": "sso", "process": "login", "callback_url": "/"}
    sent: Any = browser.client.post(f"{ACCOUNTS}/auth/provider/redirect", said, headers=browser.own())
    assert sent.status_code == 302
    assert "error=" in sent["Location"]


def test_settings_of_signing_in() -> None:
    """Whole or not at all; an issuer without TLS only on this machine."""
    assert public_url("https://sla.example/") == "https://sla.example"
    assert public_url("http://localhost:8000") == "http://localhost:8000"
    assert (proxies(""), proxies("2")) == (0, 2)
    with pytest.raises(ValueError, match="UPHELD_PROXIES"):
        proxies("all")
    whole = {"UPHELD_OIDC_URL": "https://id.example", "UPHELD_OIDC_CLIENT": "c", "UPHELD_OIDC_SECRET": "s"}
    assert single_sign_on({}) == {}
    assert single_sign_on(whole)["APPS"][0]["name"] == "id.example"
    for name in whole:
        with pytest.raises(ValueError, match="all of"):
            single_sign_on({**whole, name: ""})
    with pytest.raises(ValueError, match="https"):
        single_sign_on({**whole, "UPHELD_OIDC_URL": "http://id.example"})
