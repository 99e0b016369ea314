"""The book of the database answers as the exported folder does, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.live.desk import salt
from upheld.app.apply import apply
from upheld.app.export import export
from upheld.app.record import record
from upheld.book.answers import report_answer
from upheld.book.evaluate import evaluate
from upheld.cli.main import main
from upheld.core.timeline.instant import DAY, format_instant
from upheld.files.facts_file import read_facts
from upheld.render.records import dumps
from upheld.store.book import read_ledger
from upheld.store.models import Log, Provider, RecordedFact

ROOT = Path(__file__).parents[2]
PROVIDERS = ("ceng", "intg", "just", "rous", "sivo")


def texts_of(name: str) -> dict[str, bytes]:
    """A shipped agreement with its lock and clauses, and the contracts of the demo under it."""
    paths = [ROOT / f"agreements/{name}.yaml", ROOT / f"agreements/{name}.lock.json"]
    found = {path.name: path.read_bytes() for path in paths}
    found[f"clauses/{name}.yaml"] = (ROOT / f"agreements/clauses/{name}.yaml").read_bytes()
    contracts = sorted((ROOT / "demo" / name).rglob("*.yaml"))
    return found | {f"contracts/{path.name}": path.read_bytes() for path in contracts}


@pytest.mark.slow
@pytest.mark.parametrize("name", PROVIDERS)
def test_a_month_told_to_the_server_is_answered_as_from_the_files(
    name: str, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo month, told in batches as it happened: the report of the server is that of the export."""
    declared = {}
    texts = texts_of(name)
    from upheld.store.texts import bind

    bound = bind(texts)
    declared = bound.declared
    provider = Provider.objects.create(name=bound.terms[0].provider, key=name)
    facts, _ = read_facts(sorted((ROOT / "demo" / name).rglob("*.jsonl")), declared)
    facts = tuple(one for one in facts if "observations" not in str(one.place))
    ordered = sorted(facts, key=lambda one: (one.recorded_at, one.key))
    apply(provider.pk, texts, ordered[0].recorded_at)
    for start in range(0, len(ordered), 50):
        batch = ordered[start : start + 50]
        record(provider.pk, batch, "demo", batch[-1].recorded_at, salt)
    provider.refresh_from_db()
    at = provider.recorded_at + 3 * DAY
    book = read_ledger(provider.pk)
    report = evaluate(book, at)
    findings = (*book.findings, *report.findings)
    told = dumps(report_answer(book, report, findings))
    export(provider.pk, tmp_path / "export")
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.chdir(tmp_path / "export")
        main(["evaluate", ".", "--at", format_instant(at), "--format", "json"])
    assert told == capsys.readouterr().out
    assert json.loads(told)["known"] == len(ordered) == RecordedFact.objects.count()
    assert sum(Log.objects.values_list("size", flat=True)) == len(ordered)
