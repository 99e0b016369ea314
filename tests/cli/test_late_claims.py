"""A claim that was filed too late and is not decided: it can be accepted, so it is still to come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from upheld.cli.main import main

AGREEMENT = """\
document: {agreement: m, version: 2026-01, provider: M, zone: UTC}
deadline:
  answer: {from: opened, until: answered, within: 4h, modality: objective}
  claim filing: {of: claim, until: filed, due: about.end + 10d, modality: objective}
  claim decision: {of: claim, until: determined, due: filed + 30d}
indicator:
  share: {count: outcomes of answer}
commit:
  month: {indicator: share, level: ">= 90 %", per: calendar month}
remedy:
  credit: {of: month, formula: "10 %", base: {fee: month}}
claim: {for: [credit], about: period}
"""
CONTRACT = (
    "contract: {id: dora, customer: Dora, agreement: m, from: 2026-01-01, currency: EUR, "
    "fees: {month: 1000.00 EUR}}\n"
)


def line(id_: str, type_: str, subject: str, time: str, **data: object) -> str:
    """A fact as a line."""
    told = {"specversion": "1.0", "id": id_, "source": "desk", "type": type_, "subject": subject}
    return json.dumps({**told, "time": time, "data": data}) + "\n"


LATE = [
    line("o", "ticket.opened", "T-1", "2026-01-12T08:00:00Z", contract="dora"),
    line("r", "ticket.replied", "T-1", "2026-01-12T13:00:00Z"),
]
FILED = line("f", "claim.filed", "K-1", "2026-02-12T00:00:00Z", contract="dora", about="2026-01")
REJECTED = line("d", "claim.determined", "K-1", "2026-02-20T00:00:00Z", actor="eva", outcome="rejected")


@pytest.mark.parametrize(
    ("told", "most"),
    [
        pytest.param([], None, id="nobody claimed it in time"),
        pytest.param([FILED], 10000, id="claimed too late, and not decided"),
        pytest.param([FILED, REJECTED], None, id="claimed too late, and rejected"),
    ],
)
def test_what_was_claimed_too_late_is_to_come_until_it_is_decided(
    told: list[str], most: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """January's 100.00 could be claimed until the 10th of February; the claim came two days later."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    (tmp_path / "facts.jsonl").write_text("".join([*LATE, *told]))
    words = ["credit", "accrual", str(tmp_path), "--month", "2026-01", "--at", "2026-02-25T00:00:00Z"]
    assert main([*words, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["accruals"]
    assert [one["most_minor"] for one in found] == ([] if most is None else [most])
    assert main(words) == 0
    head = capsys.readouterr().out.splitlines()[0]
    assert head.startswith("Nothing is to come" if most is None else "To come at the end of 2026-01")
    assert head.endswith("; with what happened until 2026-02-25T00:00:00Z") is (most is not None)
