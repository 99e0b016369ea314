"""The whole way by command line, an agreement each: facts, a breach, a claim, its decision, the invoices.

A case is a folder: contracts and facts as a person would write them, checks told by stretches
(`probes.csv`), and `way.md`, which holds the commands and what they print.
"""

from __future__ import annotations

import csv
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.docs.pages import ROOT, Page, run_upheld

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/way.md"))


def lay_out(case: str, folder: Path) -> None:
    """The folder of a case as its commands find it: `acme/` with contracts, facts and observations."""
    book = folder / "book"
    book.mkdir()
    for path in (HERE / case).iterdir():
        if path.suffix in (".yaml", ".jsonl"):
            shutil.copy(path, book / path.name)
    probes = HERE / case / "probes.csv"
    if probes.exists():
        write_probes(probes, book / "probes.observations.parquet")


def write_probes(told: Path, to: Path) -> None:
    """A check a minute for each stretch; the last stretch that covers a minute holds."""
    with told.open(encoding="utf-8", newline="") as file:
        rows = [(n, *row.values()) for n, row in enumerate(csv.DictReader(file))]
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        'create table told (n integer, component varchar, "start" timestamptz, minutes bigint, what varchar)'
    )
    connection.executemany("insert into told values (?, ?, ?, ?, ?)", rows)
    target = str(to).replace("'", "''")
    connection.execute(
        f"""
        copy (
            select "at", component, what = 'good' as ok,
                   case when what = 'good' then 200 else 503 end as status, 100 as latency_ms
            from (
                select component, "start" + to_minutes(m) as "at", arg_max(what, n) as what
                from (select n, component, "start", what, unnest(range(minutes)) as m from told)
                group by all
            )
            where what <> 'missing'
            order by component, "at"
        ) to '{target}' (format parquet)
        """
    )


@pytest.mark.accepts
@pytest.mark.slow  # some read a month of probes with every command
@pytest.mark.parametrize("case", CASES)
def test_the_way_prints_what_its_page_shows(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accept: bool
) -> None:
    """Every command of the way prints what stands under it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    lay_out(case, tmp_path)
    page = Page(HERE / case / "way.md", tmp_path)
    found = page.run()
    if accept and found != page.text:
        page.path.write_text(found, encoding="utf-8")
    else:
        assert page.text == found


# -- the same numbers without the pages --------------------------------------------------------------------


def asked(*words: str) -> Any:
    """What a command prints as JSON."""
    code, text = run_upheld([*words, "--format", "json"])
    assert code == 0, text
    return json.loads(text)


def invoices(owing: list[Any]) -> dict[str, Decimal]:
    """What each invoice carries; outstanding amounts under an empty name."""
    found: dict[str, Decimal] = {}
    for one in owing:
        for part in one["instalments"]:
            key = part["invoice"] or ""
            found[key] = found.get(key, Decimal(0)) + Decimal(str(part["amount"]))
    return found


def decided(case: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder of a case after all commands of its page: the facts that they printed stand in it."""
    monkeypatch.chdir(folder)
    lay_out(case, folder)
    Page(HERE / case / "way.md", folder).run()
    return str(folder / "book")


@pytest.mark.slow
def test_just_three_months_in_a_row_put_600_on_one_invoice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 on the invoices of May and September, 400 on June and August, 600 on the one after the third."""
    book = decided("just", tmp_path, monkeypatch)
    report = asked("evaluate", str(ROOT / "agreements" / "just.yaml"), book, "--at", "2026-11-01T00:00:00Z")
    (contract,) = report["contracts"]
    owed = {one["subject"]: one for one in contract["credits"]}
    assert [owed[f"2026-0{month}"]["state"] for month in (4, 5, 6, 7)] == ["owed"] * 3 + ["not owed"]
    assert invoices(contract["credits"]) == {
        "J-05": Decimal(200), "J-06": Decimal(400), "J-07": Decimal(600), "J-08": Decimal(400),
        "J-09": Decimal(200),
    }  # fmt: skip


@pytest.mark.slow
def test_sivo_is_paid_on_the_invoice_after_the_decision_or_outstanding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pro on 1 September, Enterprise on 1 August; the one who left has no invoice after the decision."""
    book = decided("sivo", tmp_path, monkeypatch)
    report = asked("evaluate", str(ROOT / "agreements" / "sivo.yaml"), book, "--at", "2026-09-02T00:00:00Z")
    june = {
        contract["contract"]: [one for one in contract["credits"] if one["subject"] == "2026-06"]
        for contract in report["contracts"]
    }
    assert invoices(june["pro"]) == {"S-8-pro": Decimal("49.90")}
    assert invoices(june["enterprise"]) == {"S-7-enterprise": Decimal("240.00")}
    assert invoices(june["leaver"]) == {"": Decimal("49.90")}
    assert [part["state"] for part in june["leaver"][0]["instalments"]] == ["outstanding"]
    states = {
        contract["contract"]: [v["state"] for v in contract["verdicts"] if v["commitment"] == "claim filing"]
        for contract in report["contracts"]
    }
    assert states == {"enterprise": ["met"], "late": ["missed"], "leaver": ["met"], "pro": ["met"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slices", "pro", "enterprise"),
    [
        (4, "0", "0"),  # 99.95370: both are kept
        (5, "0", "240.00"),  # 99.94213: the gap of Enterprise
        (8, "0", "240.00"),  # 99.90741: Pro is kept
        (9, "49.90", "240.00"),  # 99.89583
        (86, "49.90", "240.00"),  # 99.00463, above 99.0
        (87, "99.80", "480.00"),  # 98.99306, below it
        (172, "99.80", "480.00"),  # 98.00926, above 98.0
        (173, "149.70", "720.00"),  # 97.99769, below it
    ],
)
def test_sivo_the_slices_next_to_every_edge(slices: int, pro: str, enterprise: str, tmp_path: Path) -> None:
    """A month of 8,640 slices, so many of them bad in one run."""
    lay_out("gap", tmp_path)
    table = tmp_path / "probes.csv"
    rows = (HERE / "gap" / "probes.csv").read_text("utf-8").splitlines()[:5]
    bad = f"api,2026-06-09T10:00:00Z,{5 * slices},bad"
    table.write_text("\n".join([*rows, bad]) + "\n", encoding="utf-8")
    write_probes(table, tmp_path / "book" / "probes.observations.parquet")
    book = str(tmp_path / "book")
    report = asked("evaluate", str(ROOT / "agreements" / "sivo.yaml"), book, "--at", "2026-07-01T00:00:00Z")
    found = {
        contract["contract"]: Decimal(str(one["amount"]))
        for contract in report["contracts"]
        for one in contract["credits"]
        if one["subject"] == "2026-06"
    }
    assert found == {"pro": Decimal(pro), "enterprise": Decimal(enterprise)}
