"""URLs as two parsers read them alike: where they differ, or would have to guess, nothing is sent.

Source: safety.md, threat 8: user information, backslashes, IDNA, a dot at the end, IPv4 in disguise.
"""

from __future__ import annotations

import contextlib
import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import idna
from yarl import URL

from upheld.core.values.frozen import dataclass
from upheld.net.address import address_of

LONGEST: Final = 4096
PORTS: Final = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(:.*)?", re.DOTALL)
_PORT = re.compile(r":[1-9][0-9]{0,4}")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_NO_PLACE = re.compile("[\x00-\x20\x7f-\x9f\ud800-\udfff]")
_KEPT: Final = "".join(map(chr, range(0x21, 0x7F)))


class UrlError(ValueError):
    """A URL that is not followed. `reason` is one word for it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class Url:
    """Where a request goes. `host` is a name in ASCII and lower case, or an address in its one form.

    `target` is what stands in the request line: the path with its query, in ASCII.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_secure(self) -> bool:
        """Whether TLS is spoken."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The host as the request names it, with its port where it is not that of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """To whom a secret in the request was entrusted."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_url(text: str) -> Url:
    """Read an http or https URL. UrlError says why it is not followed."""
    if len(text) > LONGEST:
        raise UrlError("too long", f"a URL has at most {LONGEST} characters")
    if _NO_PLACE.search(text):
        raise UrlError("character", "there is a space or a control character in the URL; encode it with %")
    if "\\" in text:
        raise UrlError("backslash", "there is a backslash in the URL, which some read as a slash")
    try:
        split = urlsplit(text)
    except ValueError:  # what it says may hold a password
        raise UrlError("url", "this is not a URL") from None
    if split.scheme not in PORTS:
        raise UrlError("scheme", "a URL begins with https:// or http://")
    if "@" in split.netloc:
        raise UrlError("userinfo", "there is a name or a password before the host; it is said elsewhere")
    authority = _AUTHORITY.fullmatch(split.netloc)
    if authority is None:
        raise UrlError("host", "brackets stand around an IPv6 address only")
    host_text, port_text = authority.groups()
    host = parse_host(host_text)
    if port_text is not None and not (_PORT.fullmatch(port_text) and int(port_text[1:]) < 1 << 16):
        raise UrlError("port", "a port is a number from 1 to 65535, without zeros before")
    port = int(port_text[1:]) if port_text is not None else PORTS[split.scheme]
    _agreed(text, split.scheme, host, port)
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return Url(split.scheme, host, port, quote(target, safe=_KEPT))


def parse_host(text: str) -> str:
    """A host as it is looked up and compared: an address in its one form, or a name in ASCII. UrlError."""
    if text.startswith("["):
        address = address_of(text[1:-1])
        if address is None or address.version != 6:
            raise UrlError("host", "brackets stand around an IPv6 address only, without a zone")
        return str(address)
    if (address := address_of(text)) is not None:
        return str(address)
    host = _ascii(text)
    if host.endswith("."):
        raise UrlError("trailing dot", "there is a dot at the end of the host; write it without")
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):
        raise UrlError("address form", "an IPv4 address is four numbers from 0 to 255, without zeros before")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, host.split("."))):
        raise UrlError("host", "a host is made of letters, digits and hyphens between dots")
    return host


def joined(base: Url, location: str) -> Url:
    """Where a redirect leads, from its header as it was read. UrlError says why it is not followed."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    if "\\" in location or _NO_PLACE.search(location):  # joining would take some of them away
        raise UrlError("character", "there is a character in the redirect that has no place in a URL")
    try:
        found = urljoin(str(base), location)
    except ValueError:
        raise UrlError("url", "the redirect leads to no URL") from None
    return parse_url(found)


def _ascii(text: str) -> str:
    """A host in ASCII. UrlError where the two versions of IDNA make different hosts of it, or either none."""
    if text.isascii():
        return text.lower()
    try:
        older, newer = text.encode("idna"), idna.encode(text, uts46=True)
    except UnicodeError:
        raise UrlError("host", "the host is no name of the domain system; write it in ASCII (xn--)") from None
    if older.lower() != newer:
        raise UrlError("parsers", "the host can be read in two ways; write it in ASCII (xn--)")
    return newer.decode("ascii")


def _agreed(text: str, scheme: str, host: str, port: int) -> None:
    """UrlError unless another parser reads the same."""
    try:
        other = URL(text)
        found = other.scheme, other.raw_host, other.port
    except ValueError:
        found = None
    if found is not None and found[1] is not None:
        address = address_of(found[1])
        found = found[0], str(address) if address is not None else found[1], found[2]
    if found != (scheme, host, port):
        raise UrlError("parsers", "this URL can be read in two ways")
