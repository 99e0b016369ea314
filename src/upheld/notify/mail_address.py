"""Addresses of mail, as strictly as they are written by people who want to be reached."""

from __future__ import annotations

import re
from typing import NamedTuple

from upheld.net.url import UrlError, parse_host

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"[^\s/?#@:\[\]\\]+")


class MailAddress(NamedTuple):
    """An address: what stands before the @, and the domain in ASCII and lower case."""

    local: str
    domain: str

    @property
    def is_ascii(self) -> bool:
        """Whether every mail server takes it."""
        return self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse_mail_address(text: str) -> MailAddress:
    """Read `name@example.com`. ValueError for quotes, comments, several addresses, and what is none.

    The domain is read as strictly as the host of a URL.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(local.encode()) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError("this is not an address of mail")
    try:
        host = parse_host(domain)
    except UrlError:
        raise ValueError("this is not the domain of an address of mail") from None
    if "." not in host or host.rpartition(".")[2].isdigit():
        raise ValueError("this is not the domain of an address of mail")
    return MailAddress(local, host)
