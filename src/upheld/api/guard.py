"""Who may call an operation: its policy, and what a request shows: a token, a session or a signature."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from django.http import HttpRequest

from upheld.api.body import SINGLE, body_of
from upheld.api.ports import Ports
from upheld.api.problems import refuse
from upheld.api.signed_in import CHALLENGE, has_session, is_still, signed_in
from upheld.app.policies import SERVER, Policy, Who
from upheld.app.senders import signed_by
from upheld.app.tokens import bearer, is_let_in
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_SIGNED: Final = {"WWW-Authenticate": 'Signature realm="upheld"'}


class Sent(NamedTuple):
    """What somebody signed: its id, however often it is sent, and its bytes."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and when that is: one instant for all that a request asks and does.

    `sent` is what was read to see who signed it, `session` the key of the session by which somebody asks.
    """

    who: Who
    at: Instant
    ports: Ports
    sent: Sent | None = None
    session: str | None = None

    @property
    def is_still_in(self) -> bool:
        """Whether whoever was let in would be let in now."""
        if self.who.member_id:
            return is_still(self.who, self.session)
        return is_let_in(self.who, self.ports.clock.now())

    @property
    def salt(self) -> Callable[[], bytes]:
        """Gives random bytes."""
        return self.ports.salt

    @property
    def random_bytes(self) -> Callable[[int], bytes]:
        """Gives so many random bytes."""
        return self.ports.random_bytes


class Guard:
    """Lets in whoever an operation's policy allows. Ends the request with a problem otherwise."""

    def __init__(self, policy: Policy, ports: Ports) -> None:
        self.policy = policy
        self._ports = ports

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller."""
        said = request.headers.get("Authorization")
        at = self._ports.clock.now()
        session = None
        if said is None and has_session(request):
            who, session = signed_in(request), request.session.session_key
        else:
            scheme, _, text = (said or "").partition(" ")
            who = self._who(text.strip(), at) if scheme.lower() == "bearer" else None
        if who is None:
            raise refuse("unauthenticated", headers=CHALLENGE)
        _let_in(who, self.policy, self._ports)
        return Caller(who, at, self._ports, session=session)

    def _who(self, text: str, at: Instant) -> Who | None:
        setup = self._ports.setup
        if setup and hmac.compare_digest(text.encode(), setup.encode()):
            return SERVER
        return bearer(text, at)


class SignedGuard:
    """Lets in whoever signed a request as a webhook, by the number of the sender in its path."""

    def __init__(self, policy: Policy, ports: Ports) -> None:
        self.policy = policy
        self._ports = ports

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller, with what they sent."""
        at = self._ports.clock.now()
        body = body_of(request, SINGLE)
        match = request.resolver_match
        sender = "" if match is None else str(match.kwargs["sender"])
        signed = signed_by(int(sender), request.headers, body, at) if _NUMBER.fullmatch(sender) else None
        if signed is None:
            raise refuse("unauthenticated", "it is not signed by this sender, or not now", headers=_SIGNED)
        _let_in(signed.who, self.policy, self._ports)
        return Caller(signed.who, at, self._ports, Sent(signed.message_id, body))


def _let_in(who: Who, policy: Policy, ports: Ports) -> None:
    """Ends the request of somebody who may not, or asks too much."""
    if not policy.allows(who):
        raise refuse("forbidden", f"to {policy.name} needs {_needed(policy)}")
    if wait_s := ports.rate(who.provider_id, who.customer_id):
        whose = "your provider asks" if who.customer_id is None else "you, or all of your provider, ask"
        detail = f"{whose} more than is answered: come again in {wait_s} s"
        raise refuse("too-many-requests", detail, headers={"Retry-After": str(wait_s)})


def _needed(policy: Policy) -> str:
    roles = ", ".join(sorted(policy.roles))
    return f"the scope {policy.scope}, in one of the roles {roles}" if policy.scope else f"a role of {roles}"
