"""What the operator is told of a server: each thing that can be wrong with it, and the way out."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from upheld.core.timeline.instant import DAY, SECOND, Duration, Instant, format_instant
from upheld.core.timeline.words import count, plural
from upheld.evidence.key_file import read_key
from upheld.evidence.signer import Signer
from upheld.evidence.signer_state import HeldError, StateError, StateFile
from upheld.server.channels import SettingError, channels_of
from upheld.server.environment import (
    KEY_FILE,
    METRICS_FILE,
    UNFINISHED,
    EnvironmentFaultError,
    check_database,
    missing_migrations,
    unknown_migrations,
)
from upheld.server.health import LAG_US
from upheld.server.public import private_targets
from upheld.server.signing import KEY_FILE as SIGNING_FILE
from upheld.server.signing import OLD_MEMORY, RESTORED_FILE, STATE_FILE
from upheld.server.watchdog import alarms_of

FREE: Final = 1 << 30
"""So many bytes should be free where the database grows."""
SKEW_US: Final[Duration] = 2 * SECOND
SCRUBBED_US: Final[Duration] = 2 * DAY
"""The whole ledger is checked once a day by a server that works."""
ASIDE: Final = 11
"""One less is told of scopes that cannot be decided."""
UNSIGNED_US: Final[Duration] = 60 * SECOND
"""What was recorded is signed within seconds by a server that works."""


class Check(NamedTuple):
    """One thing that was looked at. `look`: it works, and you should know."""

    name: str
    state: Literal["well", "look", "bad"]
    told: str
    way_out: str = ""


def examined(folder: Path, now: Callable[[], Instant]) -> Iterator[Check]:
    """Everything, one after the other; what needs the database only if it can be used.

    `now` is asked for each: what was looked at before takes its time.
    """
    yield from _settings()
    files = [*_files(folder), *_memory(folder)]
    yield from files
    yield _room(folder)
    tables = list(_tables())
    yield from tables
    if all(one.state != "bad" for one in tables):
        yield from _keys(folder)
        for look in (_clock, _walls, _secrets, _work, _aside, _told, _endpoints, _tokens, _targets):
            yield from look(now())
        if all(one.state != "bad" for one in files):
            yield from _signed(folder, now())
    yield from _scrubbed(folder, now())


# -- without the database ----------------------------------------------------------------------------------


def _settings() -> Iterator[Check]:
    try:
        channels = channels_of()
        alarms = alarms_of()
    except SettingError as fault:
        yield Check("settings", "bad", str(fault), "correct it in the environment of the server")
        return
    yield Check("settings", "well", "they can be used")
    if channels.relay is None:
        yield Check(
            "mail", "look", "there is no relay, so mail waits", "set UPHELD_MAIL and UPHELD_MAIL_FROM"
        )
    if not alarms:
        yield Check(
            "watchdog",
            "look",
            "nobody would learn that the server has stopped",
            "set UPHELD_ALARM or UPHELD_PING",
        )
    if private_targets(os.environ).everybody:
        told = "probes and webhooks of every provider, and of its customers, may go to private addresses"
        way_out = "name the keys of the providers whose may in UPHELD_PRIVATE_TARGETS, unless that is all"
        yield Check("targets", "look", told, way_out)


def _files(folder: Path) -> Iterator[Check]:
    names = [name for name in (KEY_FILE, METRICS_FILE, SIGNING_FILE, STATE_FILE) if (folder / name).exists()]
    for name in names:
        found = (folder / name).stat()
        if found.st_mode & 0o077:
            yield Check("files", "bad", f"others can read {folder / name}", f"chmod 600 {folder / name}")
        elif found.st_uid != os.geteuid():
            yield Check(
                "files", "bad", f"{folder / name} belongs to another user", "chown it to who runs the server"
            )
    if folder.stat().st_mode & stat.S_IWOTH:
        yield Check("files", "bad", f"everybody can write into {folder}", f"chmod 700 {folder}")
    yield Check(
        "files", "well", f"{count(len(names), 'file')} of keys {plural(len(names), 'is', 'are')} in {folder}"
    )


def _memory(folder: Path) -> Iterator[Check]:
    if (folder / UNFINISHED).exists():
        told = "a backup was being brought back, and that did not come to its end"
        way_out = "do it again: upheld admin restore FOLDER, on PostgreSQL into a new database"
        yield Check("restore", "bad", told, way_out)
    has_key, has_memory = ((folder / name).exists() for name in (SIGNING_FILE, STATE_FILE))
    if (folder / RESTORED_FILE).exists():
        yield Check("signer", "bad", OLD_MEMORY, 'upheld admin epoch --because "..."')
    elif has_key != has_memory:
        gone = STATE_FILE if has_key else SIGNING_FILE
        yield Check(
            "signer", "bad", f"{gone} is gone", "bring it back from where you keep it: see the how-to"
        )
    else:
        yield Check(
            "signer", "well", "key and memory are there" if has_key else "it begins with the first start"
        )


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    told = f"{free // (1 << 20):,} MiB are free"
    return Check("disk", "well", told) if free >= FREE else Check("disk", "bad", told, "make room")


# -- with it -----------------------------------------------------------------------------------------------


def _tables() -> Iterator[Check]:
    from django.db import DatabaseError, connection

    try:
        check_database()
        if unknown := unknown_migrations():
            told = f"a newer Upheld has used it ({unknown[-1]})"
            yield Check("database", "bad", told, "install that version")
        elif missing := missing_migrations():
            told = (
                f"{count(len(missing), 'step')} {plural(len(missing), 'is', 'are')} to be done to its tables"
            )
            yield Check("database", "bad", told, "make a backup, then start the server: it does them")
        else:
            yield Check("database", "well", f"{connection.vendor}, as it has to be kept")
    except EnvironmentFaultError as fault:
        yield Check("database", "bad", str(fault), "see the message")
    except DatabaseError as fault:
        yield Check(
            "database", "bad", f"it does not answer: {str(fault).strip()}", "start it, or see DATABASE_URL"
        )


def _keys(folder: Path) -> Iterator[Check]:
    """Those of the folder against those with which the database was begun."""
    from upheld.server.known_keys import secret_fault, signing_fault

    faults = [one for one in (secret_fault(folder), signing_fault(folder)) if one]
    for one in faults:
        yield Check("keys", "bad", one, "no server starts with it: see the message")
    if not faults:
        yield Check("keys", "well", "they are those of the database")


def _clock(at: Instant) -> Iterator[Check]:
    """Ours against that of the database, and against what was recorded."""
    from django.db import connection

    from upheld.app.vitals import newest_at

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
            apart = abs(cursor.fetchone()[0] - at)
        if apart > SKEW_US:
            told = f"it is {apart // SECOND} s apart from that of the database"
            yield Check("clock", "bad", told, "let both be set by NTP")
            return
    if (newest := newest_at()) > at + SKEW_US:
        told = f"it is {format_instant(at)}, and something was recorded at {format_instant(newest)}"
        yield Check("clock", "bad", told, "set the clock of this machine; deadlines wait until then")
    else:
        yield Check("clock", "well", f"it is {format_instant(at)}")


def _walls(at: Instant) -> Iterator[Check]:
    """What refuses in the database: changes of what was recorded, and who asks for what is another's."""
    from django.db import connection

    from upheld.server.guards import WAY_OUT, guard_fault, guards

    if fault := guard_fault():
        yield Check("walls", "bad", fault, WAY_OUT)
    elif connection.vendor != "postgresql":
        yield Check("walls", "well", "SQLite has none: the program alone keeps customers apart")
    else:
        tables = sum(one.startswith("policy walls of") for one in guards())
        yield Check("walls", "well", f"{tables} tables have row-level security")


def _secrets(at: Instant) -> Iterator[Check]:
    from upheld.app.kept_secrets import readable_secrets

    kept = list(readable_secrets())
    for what, read, lost in kept:
        if lost:
            way_out = "bring back the UPHELD_SECRET_KEY with which they were sealed, or give them again"
            yield Check("secrets", "bad", f"{lost} of {count(read + lost, *what)} cannot be read", way_out)
    if not any(lost for _, _, lost in kept):
        told = ", ".join(count(read, *what) for what, read, _ in kept) or "none is kept"
        yield Check("secrets", "well", f"all can be read: {told}")


def _work(at: Instant) -> Iterator[Check]:
    from upheld.app.vitals import lag_us, working

    workers, lag = working(at), lag_us(at)
    if not workers:
        yield Check("work", "look", "no process works", "start the server")
    elif lag > LAG_US:
        yield Check(
            "work", "bad", f"something has been due for {lag // SECOND} s", "see the log of the server"
        )
    else:
        work = f"{count(workers, 'process', 'processes')} {plural(workers, 'works', 'work')}"
        yield Check("work", "well", f"{work}, and nothing lies due")


def _aside(at: Instant) -> Iterator[Check]:
    """What cannot be decided: nobody is told of it, and nothing else waits for it."""
    from upheld.app.wake import set_aside

    found = set_aside(ASIDE)
    for one in found[: ASIDE - 1]:
        named = f"{one.kind} {one.subject}" if one.kind else "what is promised by periods"
        told = f"{named} of contract {one.contract} of {one.provider} cannot be decided"
        way_out = (
            f"the log of the server says why, last at {format_instant(one.at)}: correct the fact or the "
            "agreement that it names; it is tried again every few minutes"
        )
        yield Check("verdicts", "bad", told, way_out)
    if len(found) == ASIDE:
        yield Check("verdicts", "bad", "there are more that cannot be decided", "begin with those above")


def _told(at: Instant) -> Iterator[Check]:
    from upheld.app.vitals import vitals

    found = vitals(at)
    if found.held_back:
        wait = f"{found.held_back} {plural(found.held_back, 'waits', 'wait')}"
        told = f"{wait}: more was sent within ten minutes than the budget allows"
        way_out = "see by /api/v1/messages who sends so much and why, or raise UPHELD_BUDGET"
        yield Check("messages", "look", told, way_out)
    if failed := found.failed:
        yield Check(
            "messages", "look", f"{failed} reached nobody", "see who has the roles, and by which ways"
        )


def _endpoints(at: Instant) -> Iterator[Check]:
    """Where events are sent and not taken; the parties whose they are see the same by the API."""
    from upheld.app.endpoints import unwell_endpoints

    for one in unwell_endpoints():
        customer = "" if one.customer is None else f"/{one.customer.name}"
        told = f"endpoint {one.pk} of {one.provider.key}{customer} "
        if one.state == "disabled":
            told += f"is disabled: {one.said}"
        else:
            told += f"takes nothing since {format_instant(one.failing_since or at)}"
        yield Check("endpoints", "look", told, "let its people mend it, and switch it on again if it is off")


def _tokens(at: Instant) -> Iterator[Check]:
    """What will let nobody in soon: a program that tells facts would fall silent, and clocks go on."""
    from upheld.app.handing_out import ending

    for one in ending(at):
        told = f"token {one.pk} of {one.provider.key} ({one.name}) ends at {format_instant(one.expires_at)}"
        way_out = "make another one and give it to the program, by upheld admin token or POST /api/v1/tokens"
        yield Check("tokens", "look", told, way_out)


def _targets(at: Instant) -> Iterator[Check]:
    """Keys that no provider has: whoever gets one later, perhaps somebody else, would be marked."""
    from upheld.app.providers import all_providers

    keys = private_targets(os.environ).keys
    for key in sorted(keys - {one.key for one in all_providers()} if keys else ()):
        told = f"{key} may go to private addresses, and no provider has this key"
        yield Check("targets", "look", told, "correct it in UPHELD_PRIVATE_TARGETS, or remove it")


def _signed(folder: Path, at: Instant) -> Iterator[Check]:
    """What the signer remembers against what is there, unless a server holds its memory; what it left out."""
    from upheld.app.sequence import behind, unsigned

    if not (folder / STATE_FILE).exists() or not (folder / SIGNING_FILE).exists():
        return
    is_compared = True
    lacking: dict[str, str] = {}
    try:
        with StateFile(folder / STATE_FILE) as memory:
            lacking = dict(behind(Signer([read_key(folder / SIGNING_FILE)], memory)))
    except HeldError:
        is_compared = False
        told = "a running server holds the memory of the signer: nothing was compared with what it signed"
        way_out = "none is needed: each start compares them, and upheld admin check reads all, also beside it"
        yield Check("ledger", "look", told, way_out)
    except StateError as fault:
        yield Check("signer", "bad", str(fault), "see how to bring back a backup in the how-to")
        return
    for name, why in lacking.items():
        told = f"{name}: {why}"
        yield Check(
            "ledger", "bad", told, 'bring back what is lacking, or upheld admin epoch --because "..."'
        )
    late = {name: since for name, since in unsigned().items() if at - since > UNSIGNED_US}
    for name in sorted(late.keys() - lacking.keys()):
        told = f"{name}: what was recorded since {format_instant(late[name])} is not signed"
        way_out = (
            "start the server; if that does not sign it, its log says why: "
            'an older backup that went on needs upheld admin epoch --because "..."'
        )
        yield Check("ledger", "bad", told, way_out)
    if is_compared and not lacking and not late:
        yield Check("ledger", "well", "nothing that was signed is lacking; upheld admin check reads it all")


def _scrubbed(folder: Path, at: Instant) -> Iterator[Check]:
    """What the last check of the whole ledger found, entry by entry."""
    from upheld.server.scrubbing import last_scrub

    last = last_scrub(folder)
    if last is None:
        return
    entries = f"{count(last.entries, 'entry', 'entries')} {plural(last.entries, 'was', 'were')}"
    told = f"{entries} checked at {format_instant(last.at)}"
    if last.faults:
        way_out = "upheld admin check lists all: bring back a backup from before, and keep what is there"
        yield Check("entries", "bad", f"{told}: {last.faults[0]}", way_out)
    elif at - last.at > SCRUBBED_US:
        yield Check("entries", "look", f"{told}, and none since", "start the server, or upheld admin check")
    else:
        yield Check("entries", "well", f"{told}, and all of them hold")
