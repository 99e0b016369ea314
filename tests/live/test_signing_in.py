"""People sign in: password and second factor, sessions that ask the API, and what is refused."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from tests.live.api_desk import BASE, NOW, World, event, problem, random_bytes, told
from upheld.app.members import (
    MemberError,
    add_member,
    forget_factors,
    invited,
    password_key,
    person_of,
    remove_member,
)  # fmt: skip
from upheld.server.admin_command import parser, run
from upheld.store.models import Customer, KeptAnswer, RecordedFact

pytestmark = pytest.mark.slow

ACCOUNTS = "/accounts/browser/v1"
PASSWORD = "correct horse battery staple"
LEA = "lea@northwind.example"
ANN = "ann@acme.example"


class Browser:
    """Somebody before a page, who sends what cookies say."""

    def __init__(self) -> None:
        self.client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        self.csrf = True
        self.sign("GET", "config")

    def sign(self, method: str, path: str, **body: object) -> HttpResponse:
        """What is answered where people sign in."""
        return self._send(method, f"{ACCOUNTS}/{path}", json.dumps(body).encode() if body else b"")

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """What the API answers."""
        return self._send(method, f"{BASE}{path}", json.dumps(body).encode() if body else b"", **headers)

    def _send(self, method: str, path: str, data: bytes, **headers: str) -> HttpResponse:
        answer: Any = self.client.generic(
            method, path, data, "application/json", headers=self.own() | headers
        )
        return answer  # type: ignore[no-any-return]

    def own(self) -> dict[str, str]:
        """The header that a page of this server can say."""
        cookie = self.client.cookies.get(settings.CSRF_COOKIE_NAME)
        return {"X-CSRFToken": cookie.value} if self.csrf and cookie is not None else {}

    def login(self, mail: str, password: str = PASSWORD) -> HttpResponse:
        """The first factor."""
        return self.sign("POST", "auth/login", email=mail, password=password)


def code_of(secret: str, ahead: int = 0) -> str:
    """The code that an authenticator shows, so many periods from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def member(world: World, mail: str, role: str, customer: str | None = None) -> User:
    """Somebody who was invited, and has a password."""
    user = invited(mail)
    of = None if customer is None else Customer.objects.get(provider=world.provider, name=customer).pk
    add_member(user.pk, world.provider.pk, role, NOW, of)
    user.set_password(PASSWORD)
    user.save()
    return user


def enrolled(mail: str) -> tuple[Browser, str, str, list[str]]:
    """A session with a second factor that was just set up; its secret, the code shown, the recovery codes."""
    browser = Browser()
    told(browser.login(mail))
    told_secret = told(browser.sign("GET", "account/authenticators/totp"), 404)["meta"]["secret"]
    told(browser.sign("POST", "account/authenticators/totp", code=code_of(told_secret)))
    shown = code_of(told_secret)
    told(browser.sign("POST", "auth/2fa/reauthenticate", code=shown))
    codes = told(browser.sign("GET", "account/authenticators/recovery-codes"))["data"]["unused_codes"]
    return browser, told_secret, shown, codes


@pytest.fixture
def lea(world: World) -> User:
    """An operator of Northwind."""
    return member(world, LEA, "operator")


@pytest.fixture
def ann(world: World) -> User:
    """A contact of Acme."""
    return member(world, ANN, "contact", "Acme")


@pytest.mark.slow
def test_a_provider_s_person_asks_with_a_second_factor_alone(world: World, lea: User) -> None:
    """A password lets them set one up and no more; shown, it opens the API; each code opens once."""
    browser = Browser()
    told(browser.login(LEA))
    assert "second factor" in problem(browser.ask("GET", "/me"), 401, "unauthenticated")["detail"]
    browser, secret, shown, codes = enrolled(LEA)
    me = told(browser.ask("GET", "/me"))
    assert (me["token"], me["provider"], me["customer"], me["role"]) == (None, "Northwind", None, "operator")
    assert "facts:write" in me["scopes"]
    later = Browser()
    pending = told(later.login(LEA), 401)["data"]["flows"]
    assert [one["types"] for one in pending if one.get("is_pending")] == [["recovery_codes", "totp"]]
    problem(later.ask("GET", "/me"), 401, "unauthenticated")
    told(later.sign("POST", "auth/2fa/authenticate", code="000000"), 400)
    told(later.sign("POST", "auth/2fa/authenticate", code=shown), 400)
    ahead = code_of(secret, 1)
    told(later.sign("POST", "auth/2fa/authenticate", code=ahead))
    told(later.ask("GET", "/me"))
    for code, status in ((ahead, 400), (codes[0], 200)):
        again = Browser()
        told(again.login(LEA), 401)
        told(again.sign("POST", "auth/2fa/authenticate", code=code), status)
    used = Browser()
    told(used.login(LEA), 401)
    told(used.sign("POST", "auth/2fa/authenticate", code=codes[0]), 400)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)
    assert forget_factors(lea)
    problem(later.ask("GET", "/me"), 401, "unauthenticated")


def test_a_customer_s_person_sees_what_is_theirs(world: World, ann: User) -> None:
    """Between the walls of the membership, in its role; a dismissed one is let in no more."""
    for contract in ("c1", "c2"):
        told(world.owner.tell("/facts", event(f"f-{contract}", f"T-{contract}", contract=contract)), 201)
    browser = Browser()
    told(browser.login(ANN))
    facts = browser.ask("GET", "/facts").content.decode()
    assert "T-c1" in facts
    assert "T-c2" not in facts
    foreign, none = (browser.ask("GET", f"/verdicts?contract={name}") for name in ("c2", "nobody-s"))
    problem(foreign, 404, "not-found")
    assert foreign.content == none.content
    problem(browser.ask("POST", "/facts", event("f9", "T-9")), 403, "forbidden")
    assert remove_member(ann.pk, world.provider.pk, Customer.objects.get(name="Acme").pk)
    problem(browser.ask("GET", "/facts"), 403, "forbidden")
    told(browser.sign("DELETE", "auth/session"), 401)
    problem(browser.ask("GET", "/facts"), 401, "unauthenticated")


@pytest.mark.slow
def test_what_a_person_tells_is_theirs_and_done_once(world: World, lea: User) -> None:
    """Under their name; the same key is answered the same; without the value of the cookie: nothing."""
    browser, *_ = enrolled(LEA)
    first, second = (
        browser.ask("POST", "/facts", event("f1"), **{"Idempotency-Key": "k1"}) for _ in range(2)
    )
    assert told(first, 201) == told(second, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert RecordedFact.objects.get().actor == f"user/{lea.pk}"
    assert KeptAnswer.objects.get().member is not None
    browser.csrf = False
    answer = browser.ask("POST", "/facts", event("f2", "T-2"))
    assert "X-CSRFToken" in problem(answer, 403, "forbidden")["detail"]
    evil = browser.ask("POST", "/facts", event("f2", "T-2"), Origin="https://evil.example")
    assert evil.content == answer.content
    problem(browser.sign("DELETE", "auth/session"), 403, "forbidden")
    told(browser.ask("GET", "/facts"))
    assert RecordedFact.objects.count() == 1


def test_whoever_belongs_to_several_says_for_whom_they_ask(world: World, ann: User) -> None:
    """By a header; one that names nobody and one that names somebody else's party are answered alike."""
    contoso = Customer.objects.get(name="Contoso")
    add_member(ann.pk, world.provider.pk, "customer admin", NOW, contoso.pk)
    browser = Browser()
    told(browser.login(ANN))
    unsaid = browser.ask("GET", "/me")
    assert "northwind/Acme, northwind/Contoso" in problem(unsaid, 403, "forbidden")["detail"]
    for name in ("otherwind/Globex", "nobody", "northwind", "northwind/"):
        assert browser.ask("GET", "/me", **{"Upheld-Party": name}).content == unsaid.content
    for name in ("Acme", "%43ontoso"):
        me = told(browser.ask("GET", "/me", **{"Upheld-Party": f"northwind/{name}"}))
        assert me["customer"] == name.replace("%43", "C")


@pytest.mark.slow
def test_an_invited_person_sets_a_password_once(world: World) -> None:
    """By the key, within its time; a weak one is refused, and so is the key once it was used."""
    user = invited(" Lea@Northwind.example".strip())
    assert invited(LEA).pk == user.pk == person_of("LEA@northwind.example").pk
    add_member(user.pk, world.provider.pk, "operator", NOW)
    key, browser = password_key(user), Browser()
    told(browser.login(LEA), 400)
    for weak in ("password1234", "passwordpassword", "Qx7Qx7Qx7Qx7Q"):
        told(browser.sign("POST", "auth/password/reset", key=key, password=weak), 400)
    told(browser.sign("POST", "auth/password/reset", key=f"{key}x", password=PASSWORD), 400)
    told(browser.sign("POST", "auth/password/reset", key=key, password=PASSWORD), 401)
    told(browser.sign("POST", "auth/password/reset", key=key, password=f"{PASSWORD} 2"), 400)
    told(browser.login(LEA))
    with pytest.raises(MemberError, match="not an address"):
        invited("lea")
    with pytest.raises(MemberError, match="nobody was invited"):
        person_of("bob@northwind.example")


def test_a_new_password_ends_every_session(world: World, ann: User) -> None:
    """Also those that others have; and what is in the database opens no session."""
    browser = Browser()
    told(browser.login(ANN))
    cookie = browser.client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    row = Session.objects.get()
    assert row.session_key != cookie.value
    thief = Browser()
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    problem(thief.ask("GET", "/me"), 401, "unauthenticated")
    told(browser.ask("GET", "/me"))
    key = password_key(person_of(ANN))
    told(Browser().sign("POST", "auth/password/reset", key=key, password=f"{PASSWORD} 2"), 401)
    problem(browser.ask("GET", "/me"), 401, "unauthenticated")


@pytest.mark.slow
def test_nobody_learns_who_is_known_and_who_tries_too_often_waits(world: World, ann: User) -> None:
    """A wrong password and an unknown address are answered alike; the sixth try is refused, if right, too."""
    wrong = Browser().login(ANN, "wrong")
    unknown = Browser().login("bob@acme.example", "wrong")
    assert told(wrong, 400) == told(unknown, 400)
    for _ in range(4):
        told(Browser().login(ANN, "wrong"), 400)
    locked = told(Browser().login(ANN), 400)["errors"]
    assert [one["code"] for one in locked] == ["too_many_login_attempts"]


def test_nobody_signs_up_and_nothing_else_is_served(world: World) -> None:
    """What the library could serve beside it is not there; what is broken is told without an error."""
    browser = Browser()
    for path in ("auth/signup", "auth/password/request", "account/email", "auth/provider/token"):
        problem(browser.sign("POST", path, email=ANN, password=PASSWORD), 404, "not-found")
    odd = (b"[" * 9000, b"\xff", b"[]", b'{"email": 5, "password": {}}', b"\x00", b"9" * 5_000)
    for data in odd:
        answer = browser._send("POST", f"{ACCOUNTS}/auth/login", data)
        assert answer.status_code == 400, answer.content
        assert answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
    problem(browser._send("POST", f"{ACCOUNTS}/auth/login", b"0" * 70_000), 413, "too-large")
    form: Any = browser.client.post(f"{ACCOUNTS}/auth/login", {"a": "b"}, headers=browser.own())
    problem(form, 415, "unsupported-media-type")
    broken: Any = browser.client.generic(
        "POST", f"{BASE}/facts", b"x", "multipart/form-data", headers=browser.own()
    )
    problem(broken, 401, "unauthenticated")


@pytest.mark.parametrize("strange", ["\ud800", "\udc00a", "\x00"])
def test_what_is_no_character_is_no_password(world: World, strange: str) -> None:
    """Nothing hashes it: it was an error of ours, also in a key."""
    browser = Browser()
    for path, body in (
        ("auth/login", {"email": ANN, "password": strange}),
        ("auth/login", {"email": ANN, strange: PASSWORD, "password": PASSWORD}),
        ("auth/password/reset", {"key": f"1-c0ffee-{strange}", "password": PASSWORD}),
    ):
        assert "no character" in problem(browser.sign("POST", path, **body), 400, "bad-request")["detail"]


def test_the_operator_invites_and_dismisses(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """By command: the key is printed to who has no password; another role takes the place of the first."""

    def admin(*words: str) -> list[str]:
        status = run(parser().parse_args(list(words)), NOW, random_bytes)
        told = capsys.readouterr()
        return [*told.out.splitlines(), *([told.err.strip()] if status else [])]

    first, second = admin("member", "northwind", LEA, "--role", "operator")
    assert first == f"{LEA} signs in as operator"
    key = second.rpartition(" ")[2]
    told(Browser().sign("POST", "auth/password/reset", key=key, password=PASSWORD), 401)
    assert admin("member", "northwind", LEA, "--role", "owner") == [f"{LEA} signs in as owner"]
    assert admin("member", "northwind", ANN, "--role", "owner", "--customer", "Acme") == [
        "upheld: owner is no role at a customer: one of customer admin, contact"
    ]
    admin("member", "northwind", ANN, "--role", "contact", "--customer", "Acme")
    assert admin("members", "northwind") == [
        f"{LEA}: owner of northwind",
        f"{ANN}: contact of northwind/Acme",
    ]
    assert len(admin("key", LEA, "--factor")) == 1
    assert admin("dismiss", "northwind", LEA) == [f"{LEA} is let in no more"]
    assert admin("dismiss", "northwind", LEA) == [f"upheld: {LEA} is no member there"]
    assert admin("key", "bob@northwind.example") == ["upheld: nobody was invited as bob@northwind.example"]
