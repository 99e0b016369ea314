"""Changes of the guard, each of which must be noticed: what somebody might mend, simplify or forget.

The list grows with every hole that is found.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Mutant(NamedTuple):
    """One text of one module is another."""

    name: str
    module: str
    before: str
    after: str


def _row(network: str) -> tuple[str, str]:
    return f'("{network}"', '("192.0.2.0/32"'


_ROWS: Final = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.31.196.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "224.0.0.0/4",
    "::1/128",
    "2620:4f:8000::/48",
    "3fff::/20",
    "fc00::/7",
    "fd00:ec2::254/128",
)
"""Those that `is_global` knows as well, and that are closed to everybody, would not be missed today."""

_JUDGED: Final = "    rows = [row for row in _TABLE if row.network.version"

MUTANTS: Final = (
    # what is forbidden
    Mutant(
        "is_private only",
        "address",
        _JUDGED,
        "    return 'private' if address.is_private else None\n" + _JUDGED,
    ),
    Mutant(
        "is_global only",
        "address",
        _JUDGED,
        "    return None if address.is_global else 'private'\n" + _JUDGED,
    ),
    Mutant("IPv6 beyond what is handed out", "address", "address not in _UNICAST", "address in _ITSELF"),
    Mutant("nothing is unwrapped", "address", "wrapped = wrapped_in(address)", "wrapped = ()"),
    Mutant(
        "no unwrapping of mapped ones",
        "address",
        'IPv6Network("::ffff:0:0/96"), "IPv4-mapped"',
        'IPv6Network("2606:ffff::/96"), "IPv4-mapped"',
    ),
    Mutant(
        "no unwrapping of translated ones",
        "address",
        'IPv6Network("::ffff:0:0:0/96")',
        'IPv6Network("2606:ffff::/96")',
    ),
    Mutant(
        "no unwrapping of NAT64", "address", 'IPv6Network("64:ff9b::/96")', 'IPv6Network("2606:ffff::/96")'
    ),
    Mutant("no unwrapping of 6to4", "address", 'IPv6Network("2002::/16")', 'IPv6Network("2606:ffff::/96")'),
    Mutant("6to4 read at the wrong end", "address", '"6to4", (80,)', '"6to4", (0,)'),
    Mutant("no unwrapping of Teredo's server", "address", '"Teredo", (64,)', '"Teredo", ()'),
    Mutant("no unwrapping of Teredo's client", "address", '"Teredo", (0,), True', '"Teredo", (), True'),
    Mutant("Teredo's client is not flipped", "address", '"Teredo", (0,), True', '"Teredo", (0,), False'),
    Mutant(
        "no unwrapping of compatible ones", "address", 'IPv6Network("::/96")', 'IPv6Network("2606:ffff::/96")'
    ),
    Mutant(
        "no unwrapping of ISATAP",
        "address",
        "    if _is_isatap(address):\n        found",
        "    if False:\n        found",
    ),
    Mutant("one form of ISATAP", "address", "(0x00005EFE, 0x02005EFE)", "(0x00005EFE,)"),
    Mutant("ISATAP hides its prefix", "address", "if wrapped and not _is_isatap(address):", "if wrapped:"),
    Mutant(
        "private for everybody", "address", "if not (row.marked and allow_private):", "if not row.marked:"
    ),
    Mutant("private for nobody", "address", "if not (row.marked and allow_private):", "if True:"),
    Mutant(
        "a mark opens everything",
        "address",
        _JUDGED,
        "    if allow_private:\n        return None\n" + _JUDGED,
    ),
    Mutant("the inner address is not marked", "address", "_own(inner, allow_private)", "_own(inner, False)"),
    *(Mutant(f"{network} is missing", "address", *_row(network)) for network in _ROWS),
    # how URLs are read
    Mutant("one parser", "url", "    _agreed(text, split.scheme, host, port)\n", ""),
    Mutant("one version of IDNA", "url", "if older.lower() != newer:", "if False:"),
    Mutant("any scheme", "url", "if split.scheme not in PORTS:", "if False:"),
    Mutant("user information passes", "url", 'if "@" in split.netloc:', "if False:"),
    Mutant(
        "user information is cut off",
        "url",
        'if "@" in split.netloc:\n        raise UrlError("userinfo"',
        'split = split._replace(netloc=split.netloc.rpartition("@")[2])\n    if False:\n'
        '        raise UrlError("userinfo"',
    ),
    Mutant("backslashes pass", "url", '    if "\\\\" in text:', "    if False:"),
    Mutant("control characters pass", "url", "    if _NO_PLACE.search(text):", "    if False:"),
    Mutant("a dot at the end passes", "url", 'if host.endswith("."):', "if False:"),
    Mutant(
        "a dot at the end is cut off",
        "url",
        "    host = _ascii(text)\n",
        '    host = _ascii(text).rstrip(".")\n',
    ),
    Mutant(
        "IPv4 in other forms passes",
        "url",
        '    if _NUMERIC.fullmatch(host.rpartition(".")[2]):',
        "    if False:",
    ),
    Mutant("hexadecimal forms pass", "url", "[0-9]+|0x[0-9a-f]*", "[0-9]+"),
    Mutant("a zone passes", "address", 'return None if "%" in text else address', "return address"),
    Mutant("any port text", "url", "(_PORT.fullmatch(port_text) and int(port_text[1:]) < 1 << 16)", "True"),
    Mutant("any host text", "url", 'not all(map(_LABEL.fullmatch, host.split(".")))', "False"),
    Mutant("hosts of any length", "url", "len(host) > 253 or ", ""),
    Mutant("URLs of any length", "url", "if len(text) > LONGEST:", "if False:"),
    Mutant(
        "redirects are cleaned before they are judged",
        "url",
        'if "\\\\" in location or _NO_PLACE.search(location):',
        "if False:",
    ),
    # where it connects
    Mutant(
        "connect by name again", "guard", "sock = self._dial(address, port", "sock = self._dial(host, port"
    ),
    Mutant(
        "look up again to connect",
        "guard",
        "        for address in addresses:\n            within",
        "        for address in self._resolver(host, 1) or addresses:\n            within",
    ),
    Mutant(
        "judge the first address only",
        "guard",
        "        for text in found:\n",
        "        for text in found[:1]:\n",
    ),
    Mutant(
        "judge the last address only",
        "guard",
        "        for text in found:\n",
        "        for text in found[-1:]:\n",
    ),
    Mutant(
        "skip forbidden addresses, use the others",
        "guard",
        'raise Ended("refused", "address", f"{host} may not be reached: {why}")',
        "found = tuple(each for each in found if each != text)",
    ),
    Mutant("what a name stands for is told", "guard", "is_named=not is_name)", "is_named=True)"),
    Mutant("what one wrote is told as a kind alone", "guard", "is_named=not is_name)", "is_named=False)"),
    Mutant(
        "what a name stands for is told where it is wrapped",
        "address",
        'is {why}" if is_named else why',
        'is {why}"',
    ),
    Mutant("nobody notes what a name stands for", "guard", "self._noted(host, text)", "pass"),
    Mutant(
        "literal addresses are not judged",
        "guard",
        "        for text in found:\n",
        "        for text in found if is_name else ():\n",
    ),
    Mutant(
        "what is no address passes",
        "guard",
        '"none" if address is None else why',
        "None if address is None else why",
    ),
    Mutant(
        "every caller is marked",
        "guard",
        "why_forbidden(address, private,",
        "why_forbidden(address, True,",
    ),
    Mutant(
        "redirects are not judged",
        "guard",
        "        for text in found:\n",
        "        for text in () if getattr(self, 'been', False) else found:\n            self.been = True\n",
    ),
    Mutant("any port", "guard", "(policy.ports is not None and port not in policy.ports)", "False"),
    Mutant(
        "the first address or none",
        "guard",
        "        for address in addresses:\n            within",
        "        for address in addresses[:1]:\n            within",
    ),
    # redirects
    Mutant("endless redirects", "guard", "            if not left:\n", "            if left < -20:\n"),
    Mutant("one redirect more", "guard", "            if not left:\n", "            if left < 0:\n"),
    Mutant(
        "redirects are always followed", "guard", "return self.policy.redirects > 0 and", "return True and"
    ),
    Mutant(
        "what acts is redirected",
        "guard",
        'self.request.method in ("GET", "HEAD")',
        "bool(self.request.method)",
    ),
    Mutant(
        "secrets follow redirects",
        "guard",
        "request.headers if is_entrusted else _NOTHING",
        "request.headers",
    ),
    Mutant("secrets stay at home", "guard", "request.headers if is_entrusted else _NOTHING", "_NOTHING"),
    Mutant(
        "307 is an answer", "guard", "frozenset({301, 302, 303, 307, 308})", "frozenset({301, 302, 303, 308})"
    ),
    # what is sent
    Mutant(
        "headers are not looked at",
        "guard",
        "if (fault := header_fault(request.headers)) is not None:",
        "if False:",
    ),
    Mutant(
        "line breaks in headers",
        "http1",
        r'_VALUE = re.compile(r"[\x20-\x7e\t]*", re.ASCII)',
        r'_VALUE = re.compile(r"[\x20-\x7e\t\r\n]*", re.ASCII)',
    ),
    Mutant("the caller says the host", "http1", '"host", "connection"', '"connection"'),
    Mutant("any method", "guard", "if request.method not in METHODS:", "if False:"),
    Mutant(
        "the host without its port",
        "url",
        "return host if self.port == PORTS[self.scheme] else",
        "return host if True else",
    ),
    Mutant(
        "nobody vouches",
        "wire",
        "context.wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)",
        "ssl._create_unverified_context().wrap_socket(self._sock, server_hostname=host)",
    ),
    Mutant(
        "the certificate of another host",
        "wire",
        "context.wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)",
        "context.wrap_socket(self._sock, server_hostname='www.example.org')",
    ),
    # how much, how long
    Mutant(
        "size before unpacking", "http1", "        size += len(data)\n", "        size += len(data) // 1000\n"
    ),
    Mutant("bodies of any size", "http1", "        if size > limits.body:\n", "        if False:\n"),
    Mutant("all is kept", "http1", "data[: limits.kept - len(kept)]", "data"),
    Mutant("any number of headers", "http1", "if count > limits.headers:", "if False:"),
    Mutant("headers of any size", "wire", "        if self._left < 0:\n", "        if False:\n"),
    Mutant(
        "each wait has all of the time",
        "wire",
        "left = self.until - self._ticks()",
        "left = 700_000 + 0 * self._ticks()",
    ),
    Mutant(
        "each hop has all of the time",
        "guard",
        "course.policy, course.until)",
        "course.policy, self._ticks() + course.policy.total_us)",
    ),
)
