"""Where people sign in: of what the library serves, only what is used here."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import structlog
from allauth.headless.account import views as account
from allauth.headless.base import views as base
from allauth.headless.constants import Client
from allauth.headless.mfa import views as mfa
from allauth.headless.socialaccount import views as socialaccount
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect.views import callback
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from requests import RequestException

from upheld.api.body import nothing_in
from upheld.api.problems import Problem, answer
from upheld.server.public import ISSUER

BASE: Final = "accounts/browser/v1"
log = structlog.get_logger("upheld.accounts")
DEEPEST: Final = 8
"""Bodies here are flat: more brackets than this are no request."""
JSON: Final = "application/json"
_VIEWS: Final = (
    ("config", base.ConfigView),
    ("auth/session", account.SessionView),
    ("auth/login", account.LoginView),
    ("auth/reauthenticate", account.ReauthenticateView),
    ("auth/password/reset", account.ResetPasswordView),
    ("auth/2fa/authenticate", mfa.AuthenticateView),
    ("auth/2fa/reauthenticate", mfa.ReauthenticateView),
    ("account/password/change", account.ChangePasswordView),
    ("account/authenticators", mfa.AuthenticatorsView),
    ("account/authenticators/totp", mfa.ManageTOTPView),
    ("account/authenticators/recovery-codes", mfa.ManageRecoveryCodesView),
)


def _json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, which sees no body but flat, short JSON: to read another would end by an error of Python."""

    @wraps(view)
    def run(request: HttpRequest, *words: Any, **named: Any) -> HttpResponseBase:
        if request.method != "GET" and request.content_type not in ("", JSON):
            return answer(Problem("unsupported-media-type", headers={"Accept": JSON}))
        try:
            body = request.body
        except RequestDataTooBig:
            return answer(Problem("too-large"))
        if body.count(b"[") + body.count(b"{") > DEEPEST:
            return answer(Problem("bad-request", f"more than {DEEPEST} brackets open in this body"))
        if body and not _is_sound(body):
            return answer(Problem("bad-request", "this body is no JSON, or holds what is no character"))
        return view(request, *words, **named)

    return run


def _asking_the_issuer(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, which sends people back as the library does for an error, where nobody reaches the issuer."""

    @wraps(view)
    def run(request: HttpRequest, *words: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *words, **named)
        except RequestException as fault:
            log.warning("the issuer of single sign-on does not answer", why=str(fault))
            back: HttpResponseBase = render_authentication_error(request, ISSUER, exception=fault)
            return back

    return run


def _is_sound(body: bytes) -> bool:
    """Whether a body is JSON of texts that can be kept and hashed: no half of a surrogate pair, no U+0000."""
    try:
        value = json.loads(body.decode())
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:  # of the encoding and of the digits, too
        return False
    return nothing_in(value) is None


urlpatterns: list[URLPattern] = [
    *(path(f"{BASE}/{where}", _json(view.as_api_view(client=Client.BROWSER))) for where, view in _VIEWS),
    # A form of a page leads there, as the answer leads on to another server.
    path(
        f"{BASE}/auth/provider/redirect",
        _asking_the_issuer(socialaccount.RedirectToProviderView.as_api_view(client=Client.BROWSER)),
    ),
    path(
        f"accounts/oidc/{ISSUER}/login/callback/",
        _asking_the_issuer(callback),
        {"provider_id": ISSUER},
        name="openid_connect_callback",
    ),
]
