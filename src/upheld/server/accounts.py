"""How people sign in: nobody by themselves, secrets sealed, no first factor without a second for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import PermissionDenied

from upheld.api.problems import Problem, answer
from upheld.api.signed_in import FORGED
from upheld.core.timeline.instant import SECOND
from upheld.server.clock import SystemClock
from upheld.server.sessions import SessionStore
from upheld.store.sealing import seal, unseal

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest, HttpResponse
    from requests import Session

JUST_S = 300
"""So long after signing in, somebody without a second factor may set one up."""


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """People are invited; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Not for the first second factor of somebody who has just signed in: they have shown all they have.

        Whoever comes by single sign-on has no password to show again.
        """
        required: bool = super().is_reauthentication_required(app=app, **rest)
        if app != "allauth.mfa" or Authenticator.objects.filter(user_id=self.request.user.pk).exists():
            return required
        records = get_authentication_records(self.request, self.request.user)
        return not records or SystemClock().now() / SECOND - records[-1]["at"] > JUST_S

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signs somebody in; what ended by itself is cleared away here, where a row comes."""
        SessionStore.clear_expired()
        super().login(request, user)

    def add_message(self, *words: Any, **named: Any) -> None:
        """Nothing: what happened is in the answer."""


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """Secrets of second factors are at rest as those of webhooks are."""

    def encrypt(self, text: str) -> str:
        """Sealed, by the key of the server."""
        return seal(text).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Unsealed. SealError if the key is another one."""
        return unseal(encrypted_text.encode("ascii"))


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """An issuer vouches for people who are invited, by their address; for nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """What is told of a person has to be of whom the token names. Source: OpenID Connect Core 5.3.2."""
        told: dict[str, Any] = sociallogin.account.extra_data
        named = {told[one].get("sub") for one in ("id_token", "userinfo") if one in told}
        if len(named) != 1:
            raise PermissionDenied("the issuer tells of somebody else than its token names")

    def get_requests_session(self) -> Session:
        """Through the guard, as everything that this server asks."""
        from upheld.server.guarded import session

        return session()


def shown(user: AbstractBaseUser) -> str:
    """What somebody is called: their address."""
    return str(getattr(user, user.get_email_field_name()))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A request that another page may have sent."""
    return answer(Problem("forbidden", FORGED))
