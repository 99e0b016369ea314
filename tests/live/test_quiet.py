"""What a loop need not ask: nothing is to be done before an instant, unless somebody else commits."""

from __future__ import annotations

from threading import Thread

from django.db import connection

from tests.live.test_messages import OPENED_AT
from upheld.core.timeline.instant import MINUTE
from upheld.server.quiet import Quiet
from upheld.store.models import Provider


def _elsewhere() -> None:
    """Another connection commits."""

    def commit() -> None:
        Provider.objects.create(name="Elsewhere", key="elsewhere")
        connection.close()

    thread = Thread(target=commit)
    thread.start()
    thread.join()


def _quiet(until: int | None) -> Quiet:
    """A loop had nothing to do at ten, and has nothing before an instant."""
    quiet = Quiet()
    assert not quiet.holds(OPENED_AT), "nothing is known before it was looked"
    quiet.lasts(until)
    return quiet


def test_it_is_quiet_until_something_is_due(address: str) -> None:
    """From that instant on it is looked again; where databases do not say who committed, always."""
    tells = connection.vendor == "sqlite"
    quiet = _quiet(OPENED_AT + MINUTE)
    assert quiet.holds(OPENED_AT) is quiet.holds(OPENED_AT + MINUTE - 1) is tells
    assert not quiet.holds(OPENED_AT + MINUTE)
    assert _quiet(None).holds(OPENED_AT + MINUTE) is tells


def test_it_is_over_when_another_connection_commits(address: str) -> None:
    """A fact that came through the API, say: what is due may be earlier now."""
    quiet = _quiet(None)
    _elsewhere()
    assert not quiet.holds(OPENED_AT)


def test_what_is_committed_while_it_is_looked_is_not_missed(address: str) -> None:
    """The loop looked, somebody committed, and then it said that nothing is to be done."""
    quiet = Quiet()
    quiet.holds(OPENED_AT)
    _elsewhere()
    quiet.lasts(None)
    assert not quiet.holds(OPENED_AT)


def test_another_connection_knows_nothing(address: str) -> None:
    """The numbers of two connections say nothing of each other."""
    quiet = _quiet(None)
    connection.close()
    assert not quiet.holds(OPENED_AT)
