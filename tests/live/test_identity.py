"""People and programs: in which role, between which walls, until when."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from upheld.app.members import MemberError, add_member, remove_member
from upheld.app.policies import OF_SERVER, POLICIES, SCOPES, policy, scopes_of
from upheld.app.tokens import PREFIX, TokenError, bearer, make_token, revoke_token
from upheld.core.timeline.instant import DAY
from upheld.store.models import Customer, Membership, Provider, Token
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES


def bytes_like(fill: int, n: int) -> bytes:
    """Bytes that are the same each time."""
    return bytes([fill]) * n


def northwind() -> tuple[Provider, Customer]:
    """A provider with a customer."""
    provider = Provider.objects.create(name="Northwind", key="northwind")
    return provider, Customer.objects.create(provider=provider, name="Acme")


def test_a_token_lets_in_until_it_expires(address: str) -> None:
    """From its making to the instant before its end it says who shows it; then it says nothing."""
    provider, _ = northwind()
    made = make_token(provider.pk, "desk", "integration", ["facts:write"], 5, 9, lambda n: bytes_like(1, n))
    who = bearer(made.text, 8)
    assert who is not None
    assert (who.provider_id, who.customer_id, who.role) == (provider.pk, None, "integration")
    assert (who.scopes, who.actor) == (frozenset({"facts:write"}), f"token/{made.id}")
    assert bearer(made.text, 9) is None


def test_a_revoked_token_lets_nobody_in(address: str) -> None:
    """From the instant of the revocation on; a second revocation changes nothing of that."""
    provider, customer = northwind()
    made = make_token(
        provider.pk, "portal", "contact", [], 5, 99, lambda n: bytes_like(2, n), customer_id=customer.pk
    )
    revoke_token(provider.pk, made.id, 7)
    revoke_token(provider.pk, made.id, 8)
    assert bearer(made.text, 7) is None
    assert Token.objects.get().revoked_at == 7
    other = Provider.objects.create(name="Other", key="other")
    with pytest.raises(Token.DoesNotExist):
        revoke_token(other.pk, made.id, 9)


def test_the_text_of_a_token_is_nowhere_in_the_database(address: str) -> None:
    """What is kept is its hash; the text has 256 random bits behind a prefix that scanners know."""
    provider, _ = northwind()
    made = make_token(provider.pk, "desk", "owner", SCOPES, 5, 9, lambda n: bytes_like(3, n))
    assert re.fullmatch(PREFIX + "[A-Za-z0-9_-]{43}", made.text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM store_token")
        assert made.text.removeprefix(PREFIX) not in repr(cursor.fetchall())


@pytest.mark.parametrize(
    ("role", "scopes", "expires_at", "name", "of_customer", "why"),
    [
        ("contact", [], 9, "x", False, "a token of a provider is never contact"),
        ("owner", [], 9, "x", True, "a token of a customer is never owner"),
        ("prober", ["facts:write"], 9, "x", False, "prober has not the scope facts:write"),
        ("contact", ["agreements:read"], 9, "x", True, "contact has not the scope agreements:read"),
        ("owner", ["everything"], 9, "x", False, "owner has not the scope everything"),
        ("owner", [], 5, "x", False, "expires later than now"),
        ("owner", [], 5 + 401 * DAY, "x", False, "within 400 days"),
        ("owner", [], 9, " ", False, "a name of 1 to 100"),
        ("owner", [], 9, "a\nb", False, "a name of 1 to 100"),
    ],
)
def test_a_token_is_never_more_than_its_role(
    address: str, role: str, scopes: list[str], expires_at: int, name: str, of_customer: bool, why: str
) -> None:
    """A role on the wrong side, a scope that the role has not, no end: each is refused with its reason."""
    provider, customer = northwind()
    with pytest.raises(TokenError, match=re.escape(why)):
        make_token(
            provider.pk,
            name,
            role,
            scopes,
            5,
            expires_at,
            lambda n: bytes_like(4, n),
            customer_id=customer.pk if of_customer else None,
        )
    assert not Token.objects.exists()


def test_a_customer_of_another_provider_is_none(address: str) -> None:
    """Neither tokens nor members are made across the outer wall."""
    _, customer = northwind()
    other = Provider.objects.create(name="Other", key="other")
    with pytest.raises(Customer.DoesNotExist):
        make_token(other.pk, "x", "contact", [], 5, 9, lambda n: bytes_like(5, n), customer_id=customer.pk)
    user = get_user_model().objects.create_user("ann")
    with pytest.raises(Customer.DoesNotExist):
        add_member(user.pk, other.pk, "contact", 5, customer.pk)


def test_a_person_has_one_role_at_each_party(address: str) -> None:
    """Another role takes the place of the one before; the same person may belong elsewhere too."""
    provider, customer = northwind()
    user = get_user_model().objects.create_user("ann", password="correct horse battery")
    assert user.password.startswith("scrypt$")
    add_member(user.pk, provider.pk, "operator", 5)
    add_member(user.pk, provider.pk, "owner", 6)
    add_member(user.pk, provider.pk, "contact", 7, customer.pk)
    assert set(Membership.objects.values_list("role", "made_at")) == {("owner", 5), ("contact", 7)}
    with pytest.raises(MemberError, match="contact is no role at a provider"):
        add_member(user.pk, provider.pk, "contact", 8)
    assert remove_member(user.pk, provider.pk)
    assert not remove_member(user.pk, provider.pk)
    assert Membership.objects.get().role == "contact"


def test_the_database_itself_keeps_roles_on_their_side(address: str) -> None:
    """A row with a customer's role and no customer, or the other way round, is refused by a constraint."""
    provider, customer = northwind()
    user = get_user_model().objects.create_user("ann")
    for role, of in (("contact", None), ("owner", customer)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=user, provider=provider, customer=of, role=role, made_at=1)


@given(st.text(max_size=60) | st.from_regex(PREFIX + "[A-Za-z0-9_-]{43}", fullmatch=True))
def test_what_is_no_token_is_not_asked_for(text: str) -> None:
    """A text of another form never reaches the database."""
    if not re.fullmatch(PREFIX + "[A-Za-z0-9_-]{43}", text, re.ASCII):
        assert bearer(text, 0) is None


def test_the_table_names_every_scope_and_role_once() -> None:
    """Each kind of request has a scope of its own, and no role outside the two sides may anything."""
    assert len(set(SCOPES)) == len(SCOPES) == len(POLICIES) - 2
    roles = {role for one in POLICIES for role in one.roles}
    assert roles - {OF_SERVER} == {*PROVIDER_ROLES, *CUSTOMER_ROLES}
    assert policy("make providers").roles == {OF_SERVER}
    assert policy("tell facts").scope == "facts:write"
    assert not {"facts:write", "agreements:write", "agreements:read"} & {
        scope for role in CUSTOMER_ROLES for scope in scopes_of(role)
    }
    assert scopes_of("prober") == ("observations:write",)
