"""The guard on loopback: public addresses that lead to a server here, and everything else watched.

A lab is made of the modules of `upheld.net`, or of a changed copy of them: so its checks judge mutants too.
"""

from __future__ import annotations

import contextlib
import importlib
import socket
import ssl
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import upheld.net
from tests.net.certificate import made_for
from tests.net.hostile import Host, answering, ok, serving

MODULES = ("address", "url", "outcome", "policy", "resolving", "wire", "http1", "guard")
PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1:248:1893:25c8:1946"
NAME = "www.example.com"
UNTRUSTING = ssl.create_default_context(cadata=made_for("nobody.example").pem)
FOLDER = Path(upheld.net.__file__).parent


def ticks() -> int:
    """Real time."""
    return time.monotonic_ns() // 1000


class Net:
    """The modules of the guard by name."""

    def __init__(self, modules: Mapping[str, types.ModuleType]) -> None:
        self.modules = modules

    def __getattr__(self, name: str) -> Any:
        return self.modules[name]


REAL = Net({name: importlib.import_module(f"upheld.net.{name}") for name in MODULES})


@contextlib.contextmanager
def mutated(module: str, before: str, after: str) -> Iterator[Net]:
    """A copy of the guard in which one text of one module is another."""
    package = "mutated_net"
    made: dict[str, types.ModuleType] = {}
    sys.modules[package] = types.ModuleType(package)
    try:
        for name in MODULES:
            source = (FOLDER / f"{name}.py").read_text("utf-8")
            if name == module:
                assert source.count(before) == 1, (
                    f"{module}: {before!r} is there {source.count(before)} times"
                )
                source = source.replace(before, after)
            found = types.ModuleType(f"{package}.{name}")
            sys.modules[f"{package}.{name}"] = made[name] = found
            code = compile(source.replace("upheld.net.", f"{package}."), f"{name}.py", "exec")
            exec(code, found.__dict__)
        yield Net(made)
    finally:
        for name in [package, *(f"{package}.{name}" for name in MODULES)]:
            sys.modules.pop(name, None)


class Lab:
    """A guard whose public addresses lead to `host`, with a canary on every address of this machine.

    `names` says what the resolver answers, each time the next of a list and then its last.
    """

    def __init__(
        self, net: Net, host: Host, canary: Host, names: Mapping[str, Sequence[Sequence[str]]]
    ) -> None:
        self.net = net
        self.host = host
        self.canary = canary
        self.names = {name: [tuple(answer) for answer in answers] for name, answers in names.items()}
        self.asked: list[str] = []
        self.dialled: list[str] = []
        self.strayed: list[str] = []

    def resolve(self, host: str, within_us: int) -> tuple[str, ...]:
        """The next answer for a name."""
        self.asked.append(host)
        answers = self.names.get(host)
        if answers is None:
            raise self.net.resolving.ResolveError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: str, port: int, within_s: float) -> socket.socket:
        """To the host for public addresses, to this machine for its own, nowhere else."""
        self.dialled.append(address)
        if address in (PUBLIC, PUBLIC_6):
            return socket.create_connection(("127.0.0.1", self.host.port), within_s)
        try:
            found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
        except OSError:
            found = []
        local = [entry for entry in found if _is_here(str(entry[4][0]))]
        if not local:
            self.strayed.append(address)
            raise OSError("there is no network beyond this machine")
        sock = socket.socket(local[0][0], socket.SOCK_STREAM)
        sock.settimeout(within_s)
        try:
            sock.connect(local[0][4])
        except BaseException:
            sock.close()
            raise
        return sock

    def guard(self, ticks: Callable[[], int] = ticks, **more: Any) -> Any:
        """The guard of this lab, which trusts no certificate unless it is told to."""
        said = {"tls": UNTRUSTING, **more}
        return self.net.guard.Guard(self.resolve, ticks, dial=self.dial, **said)

    def policy(self, **more: Any) -> Any:
        """A policy that may go to the port of the host and of the canary."""
        said = {"ports": None, "total_us": 5_000_000, **more}
        return self.net.policy.Policy(**said)

    def fetch(self, url: str, method: str = "GET", headers: Mapping[str, str] = {}, **policy: Any) -> Any:
        """What becomes of a request."""
        return self.guard().fetch(self.net.guard.Request(url, method, headers), self.policy(**policy))

    @property
    def forbidden(self) -> int:
        """How often something went where it must not."""
        return self.canary.hits + len(self.strayed)


def _is_here(address: str) -> bool:
    return (
        address in ("::1", "::", "0.0.0.0")
        or address.startswith("127.")
        or address.lower() == "::ffff:7f00:1"
    )


@contextlib.contextmanager
def lab(
    net: Net,
    behave: Callable[[socket.socket], None] = answering(ok()),  # noqa: B008 - it keeps nothing
    names: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> Iterator[Lab]:
    """A lab while the block runs. Without `names`, the one name is public."""
    with serving(behave) as host, serving(answering(ok(b"secret"))) as canary:
        yield Lab(net, host, canary, {NAME: [[PUBLIC]]} if names is None else names)
