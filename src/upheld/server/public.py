"""What the environment says of who reaches this server, and of whom it reaches, how much at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from upheld.core.alerting.delivery import BUDGET, BURST, Budget
from upheld.core.values.slug import SLUG
from upheld.net.marks import EVERYBODY, NOBODY, Marks

ISSUER: Final = "sso"
"""What the issuer of single sign-on is called in addresses."""
_ISSUER_VARIABLES: Final = ("UPHELD_OIDC_URL", "UPHELD_OIDC_CLIENT", "UPHELD_OIDC_SECRET")
_BUDGET: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})", re.ASCII)
_SERVER: Final = "@server"
"""Marks the server itself, as no provider has such a key."""
_HERE: Final = ("localhost", "127.0.0.1", "::1")


def public_url(told: str) -> str:
    """The address without a slash at its end, empty if none is told. ValueError for what cannot be one."""
    if not told:
        return ""
    parts = urlsplit(told)
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if parts.hostname and bare and private:
        return f"{parts.scheme}://{parts.netloc}"
    raise ValueError(
        "UPHELD_URL: write where people reach the server, such as https://sla.northwind.example; "
        "http:// only for this machine, as nobody signs in where others can listen"
    )


def proxies(told: str) -> int:
    """How many proxies stand before the server. ValueError for what is no such number."""
    if told and not (told.isascii() and told.isdigit() and len(told) == 1):
        raise ValueError("UPHELD_PROXIES: write how many proxies stand before the server, such as 1")
    return int(told or 0)


def burst(told: str) -> int:
    """How many messages one recipient gets before digests begin. ValueError for what is no such number."""
    if told and not (told.isascii() and told.isdigit() and 0 < int(told[:9]) == int(told)):
        raise ValueError("UPHELD_BURST: write how many messages one recipient gets at once, such as 5")
    return int(told) if told else BURST.most


def budget(told: str) -> Budget:
    """How many messages a provider, and the whole server, send in ten minutes. ValueError."""
    if not told:
        return BUDGET
    found = _BUDGET.fullmatch(told)
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError(
            "UPHELD_BUDGET: write how many messages a provider, and the whole server, send within ten "
            "minutes, such as 1000/10000"
        )
    return Budget(int(found[1]), int(found[2]))


def private_targets(environment: Mapping[str, str]) -> Marks:
    """Who may go to private addresses, and to any port. ValueError for what is no key of a provider."""
    told = environment.get("UPHELD_PRIVATE_TARGETS", "")
    if told in ("", "no"):
        return NOBODY
    if told == "yes":
        return EVERYBODY
    words = {one.strip() for one in told.split(",")}
    keys = frozenset(words - {_SERVER})
    if wrong := sorted(one for one in keys if SLUG.fullmatch(one) is None):
        raise ValueError(
            f"UPHELD_PRIVATE_TARGETS: {wrong[0][:60]!r} is no key of a provider: write the keys of "
            "those whose probes and webhooks may go to private addresses, such as northwind,contoso; "
            f"{_SERVER} for what the server itself asks; yes for everybody"
        )
    return Marks(keys, _SERVER in words)


def single_sign_on(environment: Mapping[str, str]) -> dict[str, Any]:
    """The issuer that vouches for people, as the library has it; empty if there is none. ValueError."""
    url, client, secret = (environment.get(name, "") for name in _ISSUER_VARIABLES)
    if not (url or client or secret):
        return {}
    if not (url and client and secret):
        raise ValueError(f"single sign-on needs all of {', '.join(_ISSUER_VARIABLES)}")
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in _HERE:
        raise ValueError("UPHELD_OIDC_URL: write the https:// address of the issuer")
    app = {
        "provider_id": ISSUER,
        "name": urlsplit(url).hostname or ISSUER,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": url.rstrip("/")},
    }
    return {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
