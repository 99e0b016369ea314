"""Rows that are written and looked for by thousands come back as they were given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from select import select

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from tests.live.databases import Postgres
from upheld.store.inserting import insert
from upheld.store.locking import writing
from upheld.store.models import Change, Customer, Provider, RestRow, ScopeRow
from upheld.store.under_way import AT_ONCE
from upheld.store.walls import between

ODD = ("", "a b", 'a "quoted" one', "back\\slash", "{curly, brace}", "NULL", "two\nlines", "Zoë's \x1f%")
UNIQUE = ("provider_id", "contract", "kind", "subject")


@pytest.fixture
def provider(address: str) -> Iterator[Provider]:
    """A provider between whose walls all of it is done."""
    made = Provider.objects.create(name="Northwind", key="northwind")
    with between(made.pk):
        yield made


def _scopes(provider: Provider, *contracts: str) -> None:
    names = (*UNIQUE, "next_at", "asked_at", "states")
    told = enumerate(contracts)
    insert(ScopeRow, names, [(provider.pk, one, "", "", None if n % 2 else n, 7, "{}") for n, one in told])


def test_what_is_written_by_thousands_comes_back_as_it_was_given(provider: Provider) -> None:
    """Texts with whatever characters, numbers, and nothing at all; where all rows have the same, too."""
    _scopes(provider, *ODD)
    rows = ScopeRow.objects.order_by("pk").values_list("contract", "next_at", "asked_at")
    assert list(rows) == [(one, None if n % 2 else n, 7) for n, one in enumerate(ODD)]


def test_rows_that_are_all_the_same_are_as_many_as_were_given(provider: Provider) -> None:
    """Where nothing tells them apart, each is written."""
    _scopes(provider, "c1")
    (scope,) = ScopeRow.objects.values_list("pk", flat=True)
    changed = ("provider_id", "contract", "what", "before", "after", "at")
    insert(Change, changed, 3 * [(provider.pk, "c1", "response/T-1/1", "", "running", 7)])
    assert Change.objects.filter(what="response/T-1/1").count() == 3
    rests = 2 * [(scope, provider.pk, "every ticket", "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(RestRow, ("scope_id", "provider_id", "dependency", "types"), rests)


def test_what_is_there_already_is_changed_or_left(provider: Provider) -> None:
    """By its keys a row is found again: it takes what is said to change, and nothing else."""
    insert(Customer, ("provider_id", "name"), [(provider.pk, "Acme")])
    insert(Customer, ("provider_id", "name"), [(provider.pk, "Acme"), (provider.pk, "Contoso")],
           keys=("provider_id", "name"))  # fmt: skip
    assert [one.name for one in Customer.objects.order_by("pk")] == ["Acme", "Contoso"]
    for asked_at, states in ((1, "{}"), (2, "{...}")):
        rows = [(provider.pk, "c1", "", "", asked_at, states)]
        insert(ScopeRow, (*UNIQUE, "asked_at", "states"), rows, keys=UNIQUE, changes=("states",))
    assert [(one.asked_at, one.states) for one in ScopeRow.objects.all()] == [(1, "{...}")]


def test_many_texts_are_looked_for_at_once(provider: Provider) -> None:
    """Each is found whatever it holds; of none there is none."""
    _scopes(provider, "c1", *ODD)
    found = ScopeRow.objects.filter(contract__among=ODD)
    assert {one.contract for one in found} == {*ODD}
    assert not ScopeRow.objects.filter(contract__among=[]).exists()
    numbers = [one.pk for one in found]
    assert ScopeRow.objects.filter(pk__among=numbers).count() == len(ODD)
    assert ScopeRow.objects.filter(provider__among=[provider.pk]).count() == 1 + len(ODD)


# -- on their way ------------------------------------------------------------------------------------------

CHANGED = ("provider_id", "contract", "what", "before", "after", "at")


def _change(provider: Provider, at: int | None) -> tuple[object, ...]:
    return provider.pk, "c1", "response/T-1/1", "", "running", at


def _put(provider: Provider, *instants: int | None) -> None:
    """Changes, each with a statement of its own; one at no instant cannot be."""
    for at in instants:
        insert(Change, CHANGED, [_change(provider, at)])


def _written() -> list[int]:
    return list(Change.objects.order_by("pk").values_list("at", flat=True))


def test_more_rows_than_go_with_one_statement_are_all_written(provider: Provider) -> None:
    """In their order, with what is computed and asked between them."""
    many = 2 * AT_ONCE + 1
    seen = []

    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(many):
            if number % AT_ONCE == 0:
                seen.append(len(_written()))
            yield _change(provider, number)

    with writing():
        insert(Change, CHANGED, rows())
        _put(provider, many)
        assert _written() == [*range(many + 1)], "what is asked is answered when all of them are there"
    assert seen == [0, AT_ONCE, 2 * AT_ONCE]


@pytest.mark.parametrize("asks", [True, False])
def test_a_row_that_cannot_be_is_told_of_before_anything_is_committed(provider: Provider, asks: bool) -> None:
    """Where something is asked, or at the end of the transaction; and the connection can be used."""
    asked = []

    def write() -> None:
        with transaction.atomic(), writing():
            _put(provider, 1, None, 2)
            if asks:
                asked.append(_written())

    with pytest.raises(IntegrityError):
        write()
    assert (asked, _written()) == ([], [])
    _put(provider, 3)
    assert _written() == [3]


def test_a_row_that_cannot_be_is_told_of_where_it_can_be_taken_back(provider: Provider) -> None:
    """What is written in a transaction inside another is refused there, and the outer one goes on."""

    def write() -> None:
        with transaction.atomic():
            _put(provider, 2, None)

    with writing():
        _put(provider, 1)
        with pytest.raises(IntegrityError):
            write()
        _put(provider, 3)
    assert _written() == [1, 3]


@pytest.mark.parametrize("last", [2, None])
def test_who_gives_up_while_rows_are_under_way_takes_them_back(provider: Provider, last: int | None) -> None:
    """Whatever is wrong with the rows; and the connection can be used."""

    def write() -> None:
        with transaction.atomic(), writing():
            _put(provider, 1, last)
            raise LookupError

    # A database that writes at once refuses the row before anybody can give up.
    with pytest.raises((LookupError, IntegrityError)):
        write()
    assert _written() == []
    _put(provider, 3)
    assert _written() == [3]


@pytest.mark.slow
def test_an_error_that_is_there_when_more_is_sent_is_told_then(postgres: Postgres, tmp_path: Path) -> None:
    """And what was written before the savepoint stays, as if it had been waited for."""
    with postgres.fresh(tmp_path):
        provider = Provider.objects.create(name="Northwind", key="northwind")

        def refused() -> None:
            with transaction.atomic():
                _put(provider, None)
                assert select([connection.connection], [], [], 60)[0], "the error is there"
                _put(provider, 2, 4)

        with between(provider.pk), writing():
            _put(provider, 1)
            with pytest.raises(IntegrityError):
                refused()
            _put(provider, 3)
        assert _written() == [1, 3]


@pytest.mark.slow
def test_who_stands_still_while_rows_are_under_way_is_given_up(postgres: Postgres, tmp_path: Path) -> None:
    """PostgreSQL knows that nothing more comes, and lets others have what they wait for."""
    with postgres.fresh(tmp_path) as address, psycopg.connect(address) as other:
        provider = Provider.objects.create(name="Northwind", key="northwind")

        def stand_still() -> None:
            with between(provider.pk), writing():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(7)")
                    cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 50")
                _put(provider, 1)
                other.execute("SET lock_timeout = 20000")
                other.execute("SELECT pg_advisory_lock(7)")

        with pytest.raises(OperationalError):
            stand_still()
        connection.close()
        assert _written() == []
