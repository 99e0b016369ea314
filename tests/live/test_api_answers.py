"""The shipped month told to the server: the API answers as the command line does, to the byte."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from django.test import override_settings

from tests.live.api_desk import Party, random_bytes
from tests.live.api_urls import CLOCK
from tests.live.desk import salt
from tests.live.documented import name_of, undocumented
from tests.live.test_answers import PROVIDERS, ROOT, texts_of
from upheld.app.apply import apply
from upheld.app.export import export
from upheld.app.policies import scopes_of
from upheld.app.record import record
from upheld.app.tokens import make_token
from upheld.cli.main import main
from upheld.core.timeline.instant import DAY, format_instant
from upheld.files.facts_file import read_facts
from upheld.store.models import BoundContract, Provider, RecordedFact
from upheld.store.texts import bind


@pytest.fixture
def told_month(address: str, name: str) -> Provider:
    """A shipped provider, to whom its month was told; the clock stands three days later."""
    texts = texts_of(name)
    bound = bind(texts)
    provider = Provider.objects.create(name=bound.terms[0].provider, key=name)
    told, _ = read_facts(sorted((ROOT / "demo" / name).rglob("*.jsonl")), bound.declared)
    own = (one for one in told if "observations" not in str(one.place))
    facts = sorted(own, key=lambda one: (one.recorded_at, one.key))
    apply(provider.pk, texts, facts[0].recorded_at)
    for start in range(0, len(facts), 100):
        batch = facts[start : start + 100]
        record(provider.pk, batch, "demo", batch[-1].recorded_at, salt)
    provider.refresh_from_db()
    CLOCK.at = provider.recorded_at + 3 * DAY
    return provider


def party(provider: Provider, role: str, customer: int | None = None) -> Party:
    """Somebody with all the scopes of a role."""
    at = CLOCK.at
    return Party(
        make_token(provider.pk, "t", role, scopes_of(role), at, at + DAY, random_bytes, customer).text
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("databases", "name"),
    [*(("sqlite", name) for name in PROVIDERS), ("postgres", "sivo")],
    indirect=["databases"],
)
def test_every_question_is_answered_as_on_the_command_line(
    told_month: Provider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Verdicts of all and of one contract, what is due, claims, an explanation and a statement."""
    at, owner = format_instant(CLOCK.at), party(told_month, "owner")
    contract = BoundContract.objects.order_by("contract").values_list("contract", flat=True)[0]
    export(told_month.pk, tmp_path / "export")
    questions: list[tuple[str, dict[str, object], list[str]]] = [
        ("/verdicts", {}, ["evaluate", "."]),
        ("/verdicts", {"contract": contract}, ["evaluate", ".", "--contract", contract]),
        ("/verdicts", {"known": 20}, ["evaluate", ".", "--known", "20"]),
        ("/verdicts/1/explanation", {}, ["explain", ".", "#1"]),
        ("/due", {}, ["due", "."]),
        ("/due", {"horizon": "14d"}, ["due", ".", "--horizon", "14d"]),
        ("/claims", {}, ["claim", "list", "."]),
        (f"/statements/{contract}/2026-06", {}, ["statement", ".", contract, "--period", "2026-06"]),
    ]
    with pytest.MonkeyPatch.context() as patch, override_settings(ROOT_URLCONF="tests.live.api_urls"):
        patch.chdir(tmp_path / "export")
        for path, query, words in questions:
            answer = owner.get(path, **query)
            main([*words, "--at", at, "--format", "json"])
            assert answer.status_code == 200, (path, answer.content[:500])
            assert answer.content.decode() == capsys.readouterr().out, (path, query)
            assert undocumented(name_of(path), answer.content) == [], (path, query)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("databases", "name"), [("sqlite", "sivo"), ("postgres", "intg")], indirect=["databases"]
)
def test_a_customer_of_the_shipped_month_sees_nothing_of_another(told_month: Provider) -> None:
    """Acme and Contoso: no answer to one names the other, its contract, or any fact of its log."""
    rows = BoundContract.objects.select_related("customer")
    assert len({row.customer_id for row in rows}) == 2
    with override_settings(ROOT_URLCONF="tests.live.api_urls"):
        for row in rows:
            customer = party(told_month, "contact", row.customer_id)
            others = RecordedFact.objects.filter(log__customer__isnull=False)
            others = others.exclude(log__customer=row.customer)
            marks = {one.contract for one in rows if one.customer_id != row.customer_id}
            marks |= {one.customer.name for one in rows if one.customer_id != row.customer_id}
            marks |= set(others.values_list("fact_id", flat=True))
            for path in ("/verdicts", "/due", "/claims", "/contracts", "/facts?limit=1000",
                         "/verdicts/1/explanation", f"/statements/{row.contract}/2026-06"):  # fmt: skip
                where, _, query = path.partition("?")
                content = customer.get(where, **dict(parse_qsl(query))).content.decode()
                assert undocumented(name_of(where), content.encode()) == [], path
                texts = set(re.findall(r'"((?:[^"\\]|\\.)*)"', content))
                assert not marks & texts, path
                assert not any(mark in content for mark in marks if len(mark) > 6), path
