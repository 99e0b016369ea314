"""Who may do what: one table. What is not in it nobody may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from upheld.core.values.frozen import dataclass
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES, Membership, Token


@dataclass(frozen=True, slots=True)
class Policy:
    """What one kind of request asks for: a role that may, and a token with the scope, if there is one."""

    name: str
    scope: str
    roles: frozenset[str]

    def allows(self, who: Who) -> bool:
        """Whether somebody may."""
        return who.role in self.roles and (not self.scope or self.scope in who.scopes)


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and between which walls: a provider, and inside it a customer unless that is None.

    `actor` is the name under which what they tell is recorded. Programs show a token; people are members.
    """

    provider_id: int
    provider: str
    customer_id: int | None
    customer: str | None
    role: str
    scopes: frozenset[str]
    actor: str
    token_id: int
    token: str
    member_id: int = 0


def who_is(of: Token | Membership, scopes: Iterable[str], actor: str) -> Who:
    """Who asks by a token or as a member, read together with its provider and customer."""
    token_id, token, member_id = (of.pk, of.name, 0) if isinstance(of, Token) else (0, "", of.pk)
    return Who(
        of.provider_id,
        of.provider.name,
        of.customer_id,
        None if of.customer is None else of.customer.name,
        of.role,
        frozenset(scopes),
        actor,
        token_id,
        token,
        member_id,
    )


OF_SERVER: Final = "server"
"""The role of whoever shows the setup token of the server: they make providers, and may nothing else."""
SERVER: Final = Who(0, "", None, None, OF_SERVER, frozenset(), OF_SERVER, 0, "setup")
_EVERYBODY: Final = (*PROVIDER_ROLES, *CUSTOMER_ROLES)
_READERS: Final = ("owner", "operator", "finance", "auditor", "integration")

POLICIES: Final = tuple(
    Policy(name, scope, frozenset(roles))
    for name, scope, roles in (
        ("tell facts", "facts:write", ("owner", "operator", "integration")),
        ("tell observations", "observations:write", ("owner", "operator", "integration", "prober")),
        ("read facts", "facts:read", (*_READERS, *CUSTOMER_ROLES)),
        ("apply agreements", "agreements:write", ("owner", "integration")),
        ("read agreements", "agreements:read", _READERS),
        ("read contracts", "contracts:read", (*_READERS, *CUSTOMER_ROLES)),
        ("read verdicts", "verdicts:read", (*_READERS, *CUSTOMER_ROLES)),
        ("read changes", "changes:read", (*_READERS, *CUSTOMER_ROLES)),
        ("read statements", "statements:read", (*_READERS, *CUSTOMER_ROLES)),
        ("read claims", "claims:read", (*_READERS, *CUSTOMER_ROLES)),
        ("keep probes", "probes:write", ("owner", "operator", "integration")),
        ("read probes", "probes:read", ("owner", "operator", "auditor", "integration")),
        ("keep people", "people:write", ("owner", "operator")),
        ("read people", "people:read", ("owner", "operator", "auditor")),
        ("keep rotas", "rotas:write", ("owner", "operator")),
        ("read rotas", "rotas:read", ("owner", "operator", "auditor")),
        ("acknowledge pages", "pages:write", ("owner", "operator", "integration")),
        ("read pages", "pages:read", ("owner", "operator", "auditor", "integration")),
        ("keep endpoints", "endpoints:write", ("owner", "integration", "customer admin")),
        (
            "read endpoints",
            "endpoints:read",
            ("owner", "operator", "auditor", "integration", "customer admin"),
        ),
        ("keep templates", "templates:write", ("owner", "operator")),
        ("read templates", "templates:read", ("owner", "operator", "auditor")),
        ("read messages", "messages:read", ("owner", "operator", "auditor")),
        ("keep tokens", "tokens:write", ("owner",)),
        ("read tokens", "tokens:read", ("owner", "operator", "auditor")),
        ("read oneself", "", _EVERYBODY),
        ("make providers", "", (OF_SERVER,)),
    )
)
"""Each kind of request, the scope that a token needs for it, and the roles that may."""

_BY_NAME: Final = {one.name: one for one in POLICIES}
SCOPES: Final = tuple(one.scope for one in POLICIES if one.scope)


def policy(name: str) -> Policy:
    """The policy of that name. KeyError if there is none."""
    return _BY_NAME[name]


def scopes_of(role: str) -> tuple[str, ...]:
    """The scopes that a token in a role can have."""
    return tuple(one.scope for one in POLICIES if one.scope and role in one.roles)
