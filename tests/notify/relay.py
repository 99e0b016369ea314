"""A real mail server on loopback (aiosmtpd) that at each verb does what a script says."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Action = Callable[["Scripted"], Awaitable[None]]
VERBS = ("greeting", "ehlo", "mail", "rcpt", "data", "dot")


def replying(text: str) -> Action:
    """Says this instead."""

    async def act(server: Scripted) -> None:
        await SMTP.push(server, text)

    return act


async def hangs(server: Scripted) -> None:
    """Says nothing until the other side goes."""
    await server.gone.wait()


async def resets(server: Scripted) -> None:
    """Breaks the connection off."""
    server.transport.abort()


async def garbage(server: Scripted) -> None:
    """Says what is no reply."""
    server._writer.write(b"\xff\xfenonsense\r\n")
    await server._writer.drain()


async def injects(server: Scripted) -> None:
    """Says one thing too much before TLS begins, as somebody in between would."""
    server.too_much = "\r\n250 injected"
    await SMTP.smtp_STARTTLS(server, None)


class Scripted(SMTP):
    """A server whose script stands in place of its own replies."""

    def __init__(self, script: Mapping[str, Action], handler: Any, **more: Any) -> None:
        super().__init__(handler, **more)
        self.script = script
        self.gone = asyncio.Event()
        self.greeted = False
        self.too_much = ""

    def connection_lost(self, error: Exception | None) -> None:
        """Whoever hangs may stop."""
        self.gone.set()
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        """The first thing said is the greeting."""
        if not self.greeted:
            self.greeted = True
            if await self.scripted("greeting"):
                return
        too_much, self.too_much = self.too_much, ""
        await super().push(f"{status}{too_much}" if too_much else status)

    async def scripted(self, verb: str) -> bool:
        """Whether the script has said it all."""
        action = self.script.get(verb)
        if action is None:
            return False
        await action(self)
        return True

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - the library's names
        """EHLO"""
        await self.scripted("ehlo") or await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        """HELO"""
        await self.scripted("helo") or await super().smtp_HELO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """MAIL"""
        await self.scripted("mail") or await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """RCPT"""
        await self.scripted("rcpt") or await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """DATA"""
        await self.scripted("data") or await super().smtp_DATA(arg)

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802
        """STARTTLS"""
        await self.scripted("starttls") or await super().smtp_STARTTLS(arg)


class Post:
    """What arrived, and who logged in. There is a server for each connection."""

    def __init__(self, script: Mapping[str, Action]) -> None:
        self.script = script
        self.envelopes: list[Envelope] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0
        self.sessions: list[Session] = []
        self.servers: list[Scripted] = []

    async def handle_DATA(self, server: Scripted, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Takes the mail, and then says what the script says: so an unknown one may well be here."""
        self.sessions.append(session)
        self.envelopes.append(envelope)
        if await server.scripted("dot"):
            await server.gone.wait()
        return "250 2.0.0 Ok: queued as 4ABC"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        """Only one password is right."""
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret-p\xc3\xa4ss", handled=False)


@contextlib.contextmanager
def relaying(
    script: Mapping[str, Action] | None = None,
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    **more: Any,
) -> Iterator[Post]:
    """A mail server while the block runs."""
    post = Post(script or {})
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    ends = asyncio.Event()

    def made() -> Scripted:
        said = {"tls_context": tls} if tls and not implicit else {}
        if tls:
            more.setdefault("authenticator", post.authenticate)
            more.setdefault("auth_require_tls", not implicit)
        post.servers.append(
            Scripted(post.script, post, enable_SMTPUTF8=True, loop=loop, hostname="relay", **said, **more)
        )
        return post.servers[-1]

    async def run() -> None:
        server = await loop.create_server(made, "127.0.0.1", 0, ssl=tls if implicit else None)
        post.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ends.wait()
        server.close()
        for each in post.servers:
            if each.transport is not None:
                each.transport.abort()
            each.gone.set()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield post
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join(10)
        assert not thread.is_alive()
        loop.close()
