"""Who asks by a session: somebody who signed in, for one of the parties that they belong to."""

from __future__ import annotations

from importlib import import_module
from typing import Final
from urllib.parse import unquote

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware

from upheld.api.problems import refuse
from upheld.app.members import memberships_of, name_of, who_asks
from upheld.app.policies import Who
from upheld.store.models.identity import PROVIDER_ROLES, Membership

PARTY: Final = "Upheld-Party"
"""For which party somebody asks who belongs to several: `northwind`, or `northwind/Acme`, %-encoded."""
CSRF: Final = "X-CSRFToken"
FORGED: Final = f"say the value of the cookie for it in {CSRF}, from a page of this server"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="upheld"'}


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def has_session(request: HttpRequest) -> bool:
    """Whether a request shows one, be it of somebody or not."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def signed_in(request: HttpRequest) -> Who | None:
    """Who signed in and asks; None if nobody did. Ends the request of whoever may not ask so."""
    user = get_user(request)
    if not user.is_authenticated:
        return None
    if request.method not in SAFE:
        _refuse_forged(request)
    members = memberships_of(user.pk)
    wanted = request.headers.get(PARTY)
    found = [one for one in members if wanted is None or name_of(one) == unquote(wanted)]
    if len(found) != 1:
        # What is not there and what is not theirs are answered by the same bytes.
        known = ", ".join(sorted(name_of(one) for one in members)) or "none"
        raise refuse("forbidden", f"`{PARTY}` names one of the parties that you belong to: {known}")
    (member,) = found
    if not _has_shown_enough(request, member):
        detail = f"{member.role} needs a second factor: set one up, and sign in with it"
        raise refuse("unauthenticated", detail, headers=CHALLENGE)
    return who_asks(member)


def is_still(who: Who, key: str | None) -> bool:
    """Whether whoever was let in by the session of a key still would be: it, and their membership, go on."""
    again = HttpRequest()
    again.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(again)
    members = memberships_of(user.pk) if user.is_authenticated else []
    return any(who_asks(one) == who and _has_shown_enough(again, one) for one in members)


def _has_shown_enough(request: HttpRequest, member: Membership) -> bool:
    """Whether a session is enough for a role: for a provider's, a factor was shown that is still theirs."""
    if member.role not in PROVIDER_ROLES:
        return True
    records = get_authentication_records(request, member.user)
    shown = [one.get("id") for one in records if one.get("method") == "mfa"]
    return bool(Authenticator.objects.filter(user_id=member.user_id, pk__in=shown).exists())


def _refuse_forged(request: HttpRequest) -> None:
    """Ends a request that another page may have sent with the cookies of this one."""
    # The token comes in a header alone: a body is read by the operation, which bounds it.
    request.POST = QueryDict()
    request.csrf_processing_done = False  # type: ignore[attr-defined]  # as the framework has it
    check = _Csrf(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
        raise refuse("forbidden", FORGED)
