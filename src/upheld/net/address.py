"""Which addresses may be reached: a table of our own, and what stands inside of addresses that wrap others.

`ipaddress.is_private` is no guard: it lets carrier-grade NAT, NAT64, 6to4, site-local and multicast pass, and
what it says changes with the version of Python. It is asked last, for what the table does not know.
Source: safety.md, finding 8.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address


class _Row(NamedTuple):
    """Addresses that are not public. `marked`: a caller that is marked for private targets may reach them."""

    network: IPv4Network | IPv6Network
    what: str
    marked: bool


def _rows(*rows: tuple[str, str, bool]) -> tuple[_Row, ...]:
    return tuple(_Row(ip_network(network), what, marked) for network, what, marked in rows)


_TABLE: Final = _rows(
    ("0.0.0.0/8", "this host", False),
    ("10.0.0.0/8", "a private network", True),
    ("100.64.0.0/10", "carrier-grade NAT", True),
    ("100.100.100.200/32", "a cloud's metadata", False),
    ("127.0.0.0/8", "loopback", True),
    ("168.63.129.16/32", "a cloud's metadata", False),
    ("169.254.0.0/16", "link-local, where clouds keep metadata", False),
    ("172.16.0.0/12", "a private network", True),
    ("192.0.0.0/24", "protocol assignments", False),
    ("192.0.2.0/24", "documentation", False),
    ("192.31.196.0/24", "a sink of reverse look-ups", False),
    ("192.52.193.0/24", "multicast relays", False),
    ("192.88.99.0/24", "6to4 relays", False),
    ("192.168.0.0/16", "a private network", True),
    ("192.175.48.0/24", "a sink of reverse look-ups", False),
    ("198.18.0.0/15", "benchmarking", False),
    ("198.51.100.0/24", "documentation", False),
    ("203.0.113.0/24", "documentation", False),
    ("224.0.0.0/4", "multicast", False),
    ("240.0.0.0/4", "reserved or broadcast", False),
    ("::/128", "this host", False),
    ("::1/128", "loopback", True),
    ("64:ff9b:1::/48", "local NAT64", False),
    ("100::/64", "discarded", False),
    ("2001::/23", "protocol assignments", False),
    ("2001:db8::/32", "documentation", False),
    ("2620:4f:8000::/48", "a sink of reverse look-ups", False),
    ("3fff::/20", "documentation", False),
    ("5f00::/16", "segment routing", False),
    ("fc00::/7", "a private network", True),
    ("fd00:ec2::254/128", "a cloud's metadata", False),
    ("fe80::/10", "link-local", False),
    ("fec0::/10", "site-local", False),
    ("ff00::/8", "multicast", False),
)
_UNICAST: Final = IPv6Network("2000::/3")
"""All that is handed out of IPv6 so far; the rest is nobody's."""

_LOW: Final = (1 << 32) - 1
_ISATAP: Final = (0x00005EFE, 0x02005EFE)


class _Wrapping(NamedTuple):
    """Addresses that stand for IPv4 ones: at which bits from the right, and whether those are `flipped`."""

    network: IPv6Network
    name: str
    shifts: tuple[int, ...]
    flipped: bool = False


_WRAPPINGS: Final = (
    _Wrapping(IPv6Network("::ffff:0:0/96"), "IPv4-mapped", (0,)),
    _Wrapping(IPv6Network("::ffff:0:0:0/96"), "IPv4-translated", (0,)),
    _Wrapping(IPv6Network("64:ff9b::/96"), "NAT64", (0,)),
    _Wrapping(IPv6Network("2002::/16"), "6to4", (80,)),
    _Wrapping(IPv6Network("2001::/32"), "Teredo", (64,)),
    _Wrapping(IPv6Network("2001::/32"), "Teredo", (0,), True),
    _Wrapping(IPv6Network("::/96"), "IPv4-compatible", (0,)),
)
_ITSELF: Final = (IPv6Address("::"), IPv6Address("::1"))


def why_forbidden(address: Address, allow_private: bool = False, *, is_named: bool = True) -> str | None:
    """What speaks against connecting to an address, in words; None if nothing does.

    Not `is_named`: what it is alone, for whom the address itself is not to be told. `allow_private` opens
    loopback and private networks to a caller that is marked for them; link-local addresses, the metadata of
    clouds, multicast and what is reserved stay closed to everybody.
    """
    wrapped = wrapped_in(address)
    for name, inner in wrapped:
        if (why := _own(inner, allow_private)) is not None:
            return f"{inner} inside of {name} {address} is {why}" if is_named else why
    if wrapped and not _is_isatap(address):
        return None
    why = _own(address, allow_private)
    return f"{address} is {why}" if is_named and why is not None else why


def wrapped_in(address: Address) -> tuple[tuple[str, IPv4Address], ...]:
    """The IPv4 addresses that an address stands for or holds, each with the name of the form."""
    if isinstance(address, IPv4Address) or address in _ITSELF:
        return ()
    number = int(address)
    found = [
        (each.name, IPv4Address((number >> shift ^ (_LOW if each.flipped else 0)) & _LOW))
        for each in _WRAPPINGS
        if address in each.network
        for shift in each.shifts
    ]
    if _is_isatap(address):
        found.append(("ISATAP", IPv4Address(number & _LOW)))
    return tuple(found)


def _is_isatap(address: Address) -> bool:
    return isinstance(address, IPv6Address) and (int(address) >> 32) & _LOW in _ISATAP


def _own(address: Address, allow_private: bool) -> str | None:
    """What the address itself is, if it may not be reached."""
    rows = [row for row in _TABLE if row.network.version == address.version and address in row.network]
    for row in rows:
        if not (row.marked and allow_private):
            return row.what
    if rows:
        return None
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return "handed out to nobody"
    return None if address.is_global else "not a public address"


def address_of(text: str) -> Address | None:
    """The address that a text is, in its one form; None if it is another text. A zone is no part of it."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if "%" in text else address
