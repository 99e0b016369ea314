"""Rows that are written and looked for by thousands come back as they were given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from upheld.store.inserting import insert
from upheld.store.models import Change, Customer, Provider, RestRow, ScopeRow
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
