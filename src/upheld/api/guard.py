"""Who may call an operation: its policy, and what the token of a request says."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest

from upheld.api.ports import Ports
from upheld.api.problems import refuse
from upheld.app.policies import SERVER, Policy, Who
from upheld.app.tokens import bearer
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="upheld"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and when that is: one instant for all that a request asks and does."""

    who: Who
    at: Instant
    ports: Ports

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

    openapi_security_schema: Final = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token, as `upheld_…`; it says between which walls the request is answered.",
    }

    def __init__(self, policy: Policy, ports: Ports) -> None:
        self.policy = policy
        self._ports = ports

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        at = self._ports.clock.now()
        who = self._who(text.strip(), at) if scheme.lower() == "bearer" else None
        if who is None:
            raise refuse("unauthenticated", headers=_CHALLENGE)
        if not self.policy.allows(who):
            raise refuse("forbidden", f"to {self.policy.name} needs {_needed(self.policy)}")
        if wait_s := self._ports.rate(who.provider_id):
            detail = f"your provider asks more than is answered: come again in {wait_s} s"
            raise refuse("too-many-requests", detail, headers={"Retry-After": str(wait_s)})
        return Caller(who, at, self._ports)

    def _who(self, text: str, at: Instant) -> Who | None:
        setup = self._ports.setup
        if setup and hmac.compare_digest(text.encode(), setup.encode()):
            return SERVER
        return bearer(text, at)


def _needed(policy: Policy) -> str:
    roles = ", ".join(sorted(policy.roles))
    return f"the scope {policy.scope}, in one of the roles {roles}" if policy.scope else f"a role of {roles}"
