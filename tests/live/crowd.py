"""Two providers with their customers, and of each party one of everything that has an id."""

from __future__ import annotations

from datetime import date
from typing import Final, TypeAlias

from tests.live.api_desk import AGREEMENT as OF_ALL
from tests.live.api_desk import NOW, Party, World, contract, event, random_bytes, told
from upheld.app.chains import Level, put_chain
from upheld.app.endpoints import Wanted, make_endpoint, try_endpoint
from upheld.app.paging import begun
from upheld.app.people import Way, put_person
from upheld.app.probing import HEARTBEAT, put_target
from upheld.app.rotas import Said, put_override, put_rota
from upheld.app.senders import make_sender
from upheld.app.tokens import bearer
from upheld.core.alerting.stage import About, Stage
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.store.models import Endpoint, Page, Provider, Token
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES
from upheld.store.walls import between

Id: TypeAlias = str | int
NORTHWIND: Final = "Northwind"
OTHERWIND: Final = "Otherwind"
SIDES: Final = {
    NORTHWIND: NORTHWIND,
    "Acme": NORTHWIND,
    "Contoso": NORTHWIND,
    OTHERWIND: OTHERWIND,
    "Globex": OTHERWIND,
}
"""Each party, and the provider that it is, or whose customer."""
CONTRACTS: Final = {"Acme": "c1", "Contoso": "c2", "Globex": "c9"}


class Crowd(World):
    """`ids`: of each kind of thing, by the party whose it is. `roles`: somebody in each, and whose."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, dict[str, Id]] = {
            "contract": dict(CONTRACTS),
            "customer": {one: one for one in CONTRACTS},
        }
        for name, provider, tag in ((NORTHWIND, self.provider, "n"), (OTHERWIND, self.other, "s")):
            self._furnish(name, provider, tag)
        self.roles = [(Party(self.token(self.provider, role)), NORTHWIND, role) for role in PROVIDER_ROLES]
        self.roles += [
            (Party(self.token(self.provider, role, "Acme")), "Acme", role) for role in CUSTOMER_ROLES
        ]

    @staticmethod
    def files(provider: str, contracts: dict[str, str]) -> dict[str, bytes]:
        """The files of a provider, whose component and signal are called as nobody else's."""
        tag = "n" if provider == NORTHWIND else "s"
        text = (
            OF_ALL.replace("Northwind", provider).replace("api", f"api-{tag}").replace("http", f"http-{tag}")
        )
        texts = {"acme.yaml": text}
        texts |= {f"{name}.yaml": contract(name, customer) for name, customer in contracts.items()}
        return {path: text.encode() for path, text in texts.items()}

    def _has(self, kind: str, party: str, id_: Id) -> None:
        self.ids.setdefault(kind, {})[party] = id_

    def _furnish(self, name: str, provider: Provider, tag: str) -> None:
        """Everything of a provider, and of its customers."""
        lead, desk = f"Lea-{tag}", f"desk-{tag}"
        put_person(provider.pk, lead, ["lead"], [Way("email", "mail", f"lea@{tag}.example")])
        put_rota(provider.pk, desk, [Said((lead,), "weekly", "UTC", date(2026, 6, 1))], NOW)
        put_chain(provider.pk, f"chief-{tag}", [Level((lead,), 15 * MINUTE)])
        component, signal, probe = f"api-{tag}", f"http-{tag}", f"job-{tag}"
        put_target(provider.pk, probe, component, signal, HEARTBEAT, {"every": "1h"}, None, NOW)
        override = put_override(provider.pk, desk, lead, NOW, NOW + DAY, "Zoe", NOW)
        assert override is not None
        with between(provider.pk):
            begun(provider, [_paged(name)], NOW)
        page = Page.objects.get(provider=provider).pk
        sender = make_sender(
            provider.pk, "desk", "integration", ["facts:write"], NOW, NOW + DAY, random_bytes
        )
        for kind, id_ in {
            "person": lead, "rota": desk, "role": f"chief-{tag}", "probe": probe, "component": component,
            "signal": signal, "override": override, "page": page, "sender": sender.id, "provider": name,
        }.items():  # fmt: skip
            self._has(kind, name, id_)
        owner = Party(self.token(provider, "owner"))
        self._endpoint(name, owner)
        if name == NORTHWIND:
            self.secret = sender.secret
        for customer, bound in CONTRACTS.items():
            if SIDES[customer] == name:
                self._furnish_customer(customer, bound, provider, owner)

    def _furnish_customer(self, customer: str, bound: str, provider: Provider, owner: Party) -> None:
        fact = event(f"f-{bound}", f"T-{bound}", contract=bound)
        fact["data"]["private"] = {"by": f"secret of {customer}"}
        told(owner.tell("/facts", fact), 201)
        name = str(self.ids["person"][SIDES[customer]])  # one of each party may be called so
        put_person(provider.pk, name, ["lead"], [Way("email", "mail", f"lea@{bound}.example")], customer)
        for kind, id_ in {"fact": f"f-{bound}", "subject": f"T-{bound}", "person": name}.items():
            self._has(kind, customer, id_)
        self._endpoint(customer, Party(self.token(provider, "customer admin", customer)))

    def _endpoint(self, party: str, asks: Party) -> None:
        """An endpoint of a party, as if it had been proven; what is owed to it, the token that made it."""
        who = bearer(asks.token or "", NOW)
        assert who is not None
        wanted = Wanted("https://hooks.example/hook", description=f"secret of {party}")
        made = make_endpoint(who, wanted, NOW, random_bytes).endpoint
        Endpoint.objects.filter(pk=made.pk).update(state="live", proven=True)
        owed = try_endpoint(who, made.pk, NOW + HOUR, random_bytes)
        for kind, id_ in {"endpoint": made.pk, "delivery": f"msg_{owed.key}", "token": who.token_id}.items():
            self._has(kind, party, id_)
        assert Token.objects.filter(pk=who.token_id).exists()


def _paged(provider: str) -> Stage:
    about = About("c", "somebody", provider, "acme", commitment="response", subject="T")
    cause = f"c/response/{provider}/1"
    return Stage(cause, "told", "limit", NOW, "provider", ("lead",), "page", None, about)
