"""The watchdog: a process of its own that asks the server whether it works, and alarms if it does not.

It knows no database and no framework: what it needs to alarm is an address and a way there. Who watches the
watchdog is whoever is outside: it tells them every minute that all is well, and they alarm when it does not.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import structlog

from upheld.core.timeline.instant import MINUTE, SECOND, Instant, format_duration, format_instant
from upheld.core.values.frozen import dataclass, replace
from upheld.net.guard import Request
from upheld.net.outcome import Outcome
from upheld.net.policy import Policy
from upheld.notify.message import Message
from upheld.notify.repeating import Way
from upheld.notify.signing import secret_key
from upheld.server.channels import Channels, SettingError, channels_of, ticks
from upheld.server.clock import Clock, SystemClock, random_bytes
from upheld.server.logs import configure
from upheld.server.stepping import Steps
from upheld.server.watch import AGAIN_US, Listening, Watch, Word

EVERY: Final = "UPHELD_WATCH_S"
EVERY_S: Final = 10.0
WITHIN: Final = 0.8
"""So much of the time between two looks the server may take to answer."""
READY: Final = 200
NOT_READY: Final = 503
GONE: Final = "the process of the server has gone without being asked to"
MOST_FAULTS: Final = 20
_SUBJECTS: Final[Mapping[str, str]] = {
    "alarm": "Upheld: the server does not work",
    "well": "Upheld: the server works again",
    "step": "Upheld: the clock was set",
    "unheard": "Upheld: somebody was not told",
}
_MACHINE: Final = SystemClock()
_POLICY: Final = Policy(ports=None, allow_private=True)

log = structlog.get_logger("upheld.watchdog")


@dataclass(frozen=True, slots=True)
class Alarms:
    """Who is told, by which channels; the URL that is asked while all is well (empty: none); how often."""

    channels: Channels
    to: tuple[tuple[Way, str], ...]
    ping: str = ""
    every_s: float = EVERY_S

    def __bool__(self) -> bool:
        """Whether anybody would learn anything."""
        return bool(self.to or self.ping)


def alarms_of(environment: Mapping[str, str] = os.environ) -> Alarms:
    """As the environment sets it: addresses with a space between two. SettingError for what is none."""
    secret = environment.get("UPHELD_ALARM_SECRET", "")
    told = environment.get("UPHELD_ALARM", "").split()
    channels = channels_of(environment)
    to = tuple(_way(address, secret) for address in told)
    if channels.relay is None and any(way == "mail" for way, _ in to):
        raise SettingError("UPHELD_ALARM: to send mail, set UPHELD_MAIL")
    return Alarms(channels, to, environment.get("UPHELD_PING", ""), _every(environment.get(EVERY, "")))


def _every(told: str) -> float:
    try:
        every_s = float(told or EVERY_S)
    except ValueError:
        every_s = 0
    if not 0 < every_s <= MINUTE / SECOND:
        raise SettingError(f"{EVERY}: write how many seconds lie between two looks, at most 60")
    return every_s


def _way(address: str, secret: str) -> tuple[Way, str]:
    if address.startswith(("https://", "http://")):
        try:
            secret_key(secret)
        except ValueError as fault:
            raise SettingError(f"UPHELD_ALARM_SECRET: {fault}") from None
        return "webhook", json.dumps({"url": address, "secrets": [secret]})
    if "://" in address:
        return "service", address
    if "@" not in address:
        raise SettingError("UPHELD_ALARM: write addresses of mail, https:// or services such as ntfy://...")
    return "mail", address


def look(alarms: Alarms, base: str) -> Outcome:
    """What the server at a URL answers of itself, or that it does not."""
    within = replace(_POLICY, total_us=int(alarms.every_s * WITHIN * SECOND))
    return alarms.channels.guard.fetch(Request(f"{base.rstrip('/')}/readyz"), within)


def faults_of(answer: Outcome) -> tuple[str, ...]:
    """What an answer of `/readyz` says is wrong. Whatever is no clear yes is wrong."""
    if answer.end != "response":
        return (f"the server does not answer: {answer.detail or answer.end}",)
    if answer.status == READY:
        return ()
    try:
        told = [str(one) for one in json.loads(answer.body)["faults"]]
    except (ValueError, KeyError, TypeError):
        told = []
    if answer.status == NOT_READY and told:
        return tuple(told[:MOST_FAULTS])
    return (f"the server answers {answer.status}",)


def unheard_of(answer: Outcome) -> Instant | None:
    """Since when the last message that lately reached nobody has not, by an answer of `/readyz`."""
    try:
        return int(json.loads(answer.body)["unheard_at"])
    except (ValueError, KeyError, TypeError):  # all did, no answer, or one of an older server
        return None


def tell(alarms: Alarms, word: Word | Literal["step", "unheard"], faults: Sequence[str], at: Instant) -> bool:
    """Tells everybody; whether anybody took it."""
    subject = _SUBJECTS[word]
    where = os.uname().nodename
    text = "\n".join([f"{where}, {format_instant(at)}", *faults])
    message = Message(random_bytes(32).hex(), subject, text)
    taken = False
    for way, address in alarms.to:
        channel = alarms.channels.to(way, address, alarms.channels.allow_private)
        assert channel is not None, "there is a relay for what goes by mail"
        delivery = channel.send(message, at)
        log.info("told", way=way, word=word, state=delivery.state, said=delivery.evidence)
        taken = taken or delivery.state in ("accepted", "unknown")
    alarms.channels.tidy(everything=True)  # the next alarm may be years away
    return taken or not alarms.to


def watch(alarms: Alarms, base: str, stop: threading.Event, parent: int = 0, clock: Clock = _MACHINE) -> None:
    """Looks until it is told to stop, or a server answers again after `parent`, which began it, has died.

    As long as none does, that is said as any other fault: until somebody takes it, and each hour.
    """
    is_gone = False
    steps, state, listening = Steps(clock, ticks), Watch(ticks()), Listening(clock.now() - AGAIN_US)
    ping = replace(_POLICY, allow_private=alarms.channels.allow_private)
    while not stop.wait(alarms.every_s):
        if step_us := steps.looked():
            log.error("clock.step", step_us=step_us)
            way = "forward" if step_us > 0 else "back"
            told = f"the clock of this machine was set {way} by {format_duration(round(abs(step_us), -6))}"
            tell(alarms, "step", [told, "deadlines go by what it says now"], clock.now())
        answer = look(alarms, base)
        _listen(alarms, listening, answer, clock.now())
        faults = faults_of(answer)
        if parent and os.getppid() != parent and (faults or not is_gone):
            if not is_gone:  # what it has begun may answer for a moment yet
                log.error(GONE)
                state.gone()
            is_gone, faults = True, (GONE, *faults)
        word = state.looked(faults, ticks())
        if word is not None and not stop.is_set():
            log.error("the server does not work" if word == "alarm" else "it works again", faults=faults)
            if tell(alarms, word, faults, clock.now()):
                state.told(word, ticks())
            else:
                state.not_taken(ticks())
        if is_gone and not faults and not state.is_alarmed:
            return  # whoever started that server watches it
        if alarms.ping and state.pings(ticks()):
            pong = alarms.channels.guard.fetch(Request(alarms.ping), ping)
            if pong.status is None or pong.status >= 400:
                log.warning("nobody was told that all is well", said=pong.detail, status=pong.status)


def _listen(alarms: Alarms, listening: Listening, answer: Outcome, at: Instant) -> None:
    """Tells that messages reached nobody: whoever was to be woken sleeps on, and nobody else knows."""
    last_at = unheard_of(answer)
    if last_at is None or not listening.heard(last_at, ticks()):
        return
    told = (
        "a message of the last hour, or more, reached nobody, or is a page that no way has taken in time: "
        f"the last one since {format_instant(last_at)}"
    )
    where = "GET /api/v1/messages of each provider says to whom they were owed, and why they did not arrive"
    log.error("messages reached nobody", last_at=format_instant(last_at))
    if tell(alarms, "unheard", [told, where], at):
        listening.told(last_at, ticks())


def main(base: str, parent: int = 0) -> None:
    """The watchdog of the server at a URL, until it is told to stop. SettingError."""
    configure()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    watch(alarms_of(), base, stop, parent)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
