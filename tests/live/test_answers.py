"""The book of the database answers as the exported folder does, to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from tests.live.desk import salt
from upheld.app.apply import apply
from upheld.app.export import export
from upheld.app.observe import MOST_ROWS, observe
from upheld.app.record import record
from upheld.app.seal import seal
from upheld.book.answers import report_answer
from upheld.book.evaluate import evaluate
from upheld.cli.main import main
from upheld.core.timeline.instant import DAY, format_instant
from upheld.files.facts_file import read_facts
from upheld.lake.parquet_rows import read_parquet
from upheld.lake.rows import Told
from upheld.render.records import dumps
from upheld.store.book import read_ledger
from upheld.store.models import Log, Provider, RecordedFact
from upheld.store.observations import ObservedByProvider
from upheld.store.texts import bind

ROOT = Path(__file__).parents[2]
ENOUGH = 150_000
"""So many observations are told: their lines have to be read again."""
OBSERVED = ("ceng", "rous", "sivo")
PROVIDERS = ("ceng", "intg", "just", "rous", "sivo")


def texts_of(name: str) -> dict[str, bytes]:
    """A shipped agreement with its lock and clauses, and the contracts of the demo under it."""
    paths = [ROOT / f"agreements/{name}.yaml", ROOT / f"agreements/{name}.lock.json"]
    found = {path.name: path.read_bytes() for path in paths}
    found[f"clauses/{name}.yaml"] = (ROOT / f"agreements/clauses/{name}.yaml").read_bytes()
    contracts = sorted((ROOT / "demo" / name).rglob("*.yaml"))
    return found | {f"contracts/{path.name}": path.read_bytes() for path in contracts}


def batches_of(path: Path) -> Iterator[pa.Table]:
    """The first rows of a file, ten thousand at a time."""
    told, left = Told(str(path)), ENOUGH
    for chunk in read_parquet(path, told):
        for start in range(0, min(left, len(chunk.rows)), MOST_ROWS):
            yield chunk.rows.slice(start, MOST_ROWS)
        left -= len(chunk.rows)
    assert told.all == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("databases", "name"),
    [*(("sqlite", name) for name in PROVIDERS), ("postgres", "sivo")],
    indirect=["databases"],
)
def test_a_month_told_to_the_server_is_answered_as_from_the_files(
    name: str, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo month, told in batches as it happened: the report of the server is that of the export."""
    texts = texts_of(name)
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
    lake = tmp_path / "lake"
    told_rows = 0
    for path in sorted((ROOT / "demo" / name).rglob("*.observations.parquet")):
        for number, batch in enumerate(batches_of(path)):
            told_rows += observe(provider.pk, f"{path.name} {number}", batch, at, lake).new
    assert bool(told_rows) == (name in OBSERVED)
    seal(provider.pk, at - 20 * DAY, lake)
    book = read_ledger(provider.pk, observations=ObservedByProvider(provider.pk, lake))
    report = evaluate(book, at)
    findings = (*book.findings, *report.findings)
    told = dumps(report_answer(book, report, findings))
    export(provider.pk, tmp_path / "export", lake)
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.chdir(tmp_path / "export")
        main(["evaluate", ".", "--at", format_instant(at), "--format", "json"])
    assert told == capsys.readouterr().out
    assert json.loads(told)["known"] == len(ordered) == RecordedFact.objects.count()
    assert sum(Log.objects.values_list("size", flat=True)) == len(ordered)
