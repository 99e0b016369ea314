"""The whole way by command line, an agreement each: facts, a breach, a claim, its decision, the invoices.

A case is a folder: contracts and facts as a person would write them, checks told by stretches
(`probes.csv`), and `way.md`, which holds the commands and what they print.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

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


class Gone(NamedTuple):
    """A way that was gone: the folder with all that its commands wrote, and its page as it should be."""

    folder: Path
    page: str


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Gone]:
    """Goes a way once: some read a month of probes with every command."""

    @cache
    def gone(case: str) -> Gone:
        folder = tmp_path_factory.mktemp(case)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("COLUMNS", "100")
            lay_out(case, folder)
            return Gone(folder, Page(HERE / case / "way.md", folder).run())

    return gone


@pytest.mark.accepts
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_way_prints_what_its_page_shows(go: Callable[[str], Gone], case: str, accept: bool) -> None:
    """Every command of the way prints what stands under it."""
    page = HERE / case / "way.md"
    found = go(case).page
    if accept and found != page.read_text("utf-8"):
        page.write_text(found, encoding="utf-8")
    else:
        assert page.read_text("utf-8") == found


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


@pytest.mark.slow
def test_just_three_months_in_a_row_put_600_on_one_invoice(go: Callable[[str], Gone]) -> None:
    """200 on the invoices of May and September, 400 on June and August, 600 on the one after the third."""
    book = str(go("just").folder / "book")  # the facts that the commands printed stand in it
    report = asked("evaluate", str(ROOT / "agreements" / "just.yaml"), book, "--at", "2026-11-01T00:00:00Z")
    (contract,) = report["contracts"]
    owed = {one["subject"]: one for one in contract["credits"]}
    assert [owed[f"2026-0{month}"]["state"] for month in (4, 5, 6, 7)] == ["owed"] * 3 + ["not owed"]
    assert invoices(contract["credits"]) == {
        "J-05": Decimal(200), "J-06": Decimal(400), "J-07": Decimal(600), "J-08": Decimal(400),
        "J-09": Decimal(200),
    }  # fmt: skip


@pytest.mark.slow
def test_sivo_is_paid_on_the_invoice_after_the_decision_or_outstanding(go: Callable[[str], Gone]) -> None:
    """Pro on 1 September, Enterprise on 1 August; the one who left has no invoice after the decision."""
    book = str(go("sivo").folder / "book")  # the facts that the commands printed stand in it
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slices", "window", "down_s", "pro", "enterprise"),
    [
        # The page of the case has 98.0 itself: 172.8 slices.
        (174, "02:04:00", 52_140, "149.70", "720.00"),  # one more than that
        (87, "02:02:00", 25_920, "49.90", "240.00"),  # 99.0: 86.4 slices
        (88, "02:02:00", 26_220, "99.80", "480.00"),
        (9, "02:03:12", 2_592, "0", "240.00"),  # 99.9: 8.64 slices
        (10, "02:03:12", 2_892, "49.90", "240.00"),
        (5, "02:01:36", 1_296, "0", "0"),  # 99.95: 4.32 slices
        (6, "02:01:36", 1_596, "0", "240.00"),
    ],
)
def test_sivo_every_edge_exactly_and_one_slice_more(
    slices: int,
    window: str,
    down_s: int,
    pro: str,
    enterprise: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 2,592,000 seconds so many are down, as a window begins within the last bad slice; and the memos."""
    monkeypatch.chdir(tmp_path)
    lay_out("edges", tmp_path)
    rows = (HERE / "edges" / "probes.csv").read_text("utf-8").splitlines()[:5]
    start = datetime.fromisoformat("2026-06-14T02:05:00+00:00") - timedelta(minutes=5 * slices)
    (tmp_path / "probes.csv").write_text(
        "\n".join([*rows, f"api,{start.isoformat()},{5 * slices},bad"]) + "\n"
    )
    write_probes(tmp_path / "probes.csv", tmp_path / "book" / "probes.observations.parquet")
    facts = tmp_path / "book" / "facts.jsonl"
    facts.write_text(facts.read_text("utf-8").replace("T02:04:00Z", f"T{window}Z"), encoding="utf-8")
    book = [str(ROOT / "agreements" / "sivo.yaml"), str(tmp_path / "book")]
    owed = {"pro": Decimal(pro), "enterprise": Decimal(enterprise)}

    for contract in asked("evaluate", *book, "--at", "2026-07-01T00:00:00Z")["contracts"]:
        name = contract["contract"]
        (uptime,) = (
            v for v in contract["verdicts"] if (v["commitment"], v["subject"]) == ("uptime", "2026-06")
        )
        value = uptime["measurement"]["to_date"]["value"]
        assert Fraction(value["numerator"], value["denominator"]) == 1 - Fraction(down_s, 2_592_000)
        (credit,) = (one for one in contract["credits"] if one["subject"] == "2026-06")
        assert Decimal(str(credit["amount"])) == owed[name]
        if owed[name]:
            told = ["--into", str(tmp_path / "book" / "claims.jsonl")]
            file = ["claim", "file", *book, name, "2026-06", "--impact", "calls lost", *told]
            decide = ["claim", "determine", *book, f"{name}-2026-06", "accepted", "--actor", "dora", *told]
            assert run_upheld([*file, "--at", "2026-07-06T09:00:00Z"])[0] == 0
            assert run_upheld([*decide, "--at", "2026-07-08T15:00:00Z"])[0] == 0
    into = ["--into", str(tmp_path / "book" / "credits.jsonl"), "--at", "2026-07-09T09:00:00Z"]
    assert run_upheld(["credit", "issue", *book, *into])[0] == 0
    memos = asked("credit", "list", *book, "--at", "2026-07-10T00:00:00Z", "--status", "issued")
    assert {one["contract"]: one["net_minor"] for one in memos} == {
        name: int(amount * 100) for name, amount in owed.items() if amount
    }
