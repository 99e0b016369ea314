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


EITHER = """document: {agreement: m, version: 2026-01, provider: M, zone: UTC}
deadline:
  answer: {from: opened, until: answered, within: 4h, modality: objective}
  complaint: {of: claim, until: filed, due: issue_at + 5d}
indicator:
  share: {count: outcomes of answer}
commit:
  month: {indicator: share, level: ">= 90 %", per: calendar month}
remedy:
  credit: {of: month, formula: 25.00 EUR}
claim: {needed: true, about: either}
"""


@pytest.mark.parametrize(
    ("at", "standing", "draft", "told"),
    [
        ("2026-01-24T11:00:00Z", "open", "It has to be filed by Sunday 25 January 2026 at 12:00 (UTC).", ""),
        (
            "2026-02-02T09:00:00Z",
            "forfeited",
            "It had to be filed by Sunday 25 January 2026 at 12:00 (UTC), which is over.",
            "upheld: 2026-01: filed after the end of complaint\n",
        ),
    ],
)
def test_a_month_is_claimed_as_long_as_one_of_its_late_items_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str, standing: str, draft: str, told: str
) -> None:
    """T-1 is late on the 12th, T-2 on the 20th, five days each: after the 25th so is the month."""
    contract = "contract: {id: dora, customer: Acme, agreement: m, from: 2026-01-01, currency: EUR}\n"
    (tmp_path / "agreement.yaml").write_text(EITHER, encoding="utf-8")
    (tmp_path / "contract.yaml").write_text(contract, encoding="utf-8")
    lines = [
        {
            "specversion": "1.0", "id": f"{what}-{name}", "source": "desk", "type": f"ticket.{what}",
            "subject": name, "time": f"2026-01-{day}T{hour}:00:00Z", "data": {"contract": "dora"},
        }
        for name, day in (("T-1", 12), ("T-2", 20))
        for what, hour in (("opened", "08"), ("replied", "14"))
    ]  # fmt: skip
    (tmp_path / "facts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")

    def run(form: str, *words: str) -> tuple[str, str]:
        assert main(["claim", form, str(tmp_path), *words, "--at", at]) == 0
        printed = capsys.readouterr()
        return printed.out, printed.err

    (one,) = json.loads(run("list", "--format", "json")[0])["claimable"]
    assert (one["about"], one["standing"], one["until"]) == ("2026-01", standing, "2026-01-25T12:00:00Z")
    assert draft in run("draft", "dora", "2026-01")[0].replace("\u00a0", " ")
    out, err = run("file", "dora", "2026-01")
    assert (json.loads(out)["data"]["issue_at"], err) == ("2026-01-20T12:00:00Z", told)


PLANS = "amend: {clocks: new version}\nplan: {silver: {}, gold: {deadline: {answer: {within: 1h}}}}\n"


def test_an_item_whose_clock_went_over_to_another_plan_tells_when_it_was_late(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gold allows an hour from the opening, so it was late at 09:00: two days end on the 14th."""
    from_item = AGREEMENT.replace("due: about.end + 10d", "due: issue_at + 2d")
    (tmp_path / "agreement.yaml").write_text(from_item.replace("about: period", "about: item") + PLANS)
    paid = "fees by plan: {gold: {month: 2000.00 EUR}}, plan: silver, from"
    (tmp_path / "contract.yaml").write_text(CONTRACT.replace("from", paid))
    gold = line("g", "contract.plan_changed", "dora", "2026-01-12T08:30:00Z", plan="gold")
    claim = line("f", "claim.filed", "K-1", "2026-01-13T00:00:00Z", contract="dora", about="T-1")
    (tmp_path / "facts.jsonl").write_text("".join([*LATE, gold, claim]))
    words = ["claim", "show", str(tmp_path), "K-1", "--at", "2026-02-01T00:00:00Z", "--format", "json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["admissibility"] == "admissible"
    (step,) = (one for one in found["steps"] if one["deadline"] == "claim filing")
    assert step["due"] == "2026-01-14T09:00:00Z"


def test_what_may_be_owed_is_an_amount_that_can_be_paid_wherever_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tenth of 416.67 is 41.667: at most 41.67 in its row, readings and explanation."""
    level = '{by goods: {one: ">= 90 %", other: "<= 1 %"}}'
    assume = "assume: {goods: {ref: G, issue: x, options: [one, other], take: one, because: y}}\n"
    (tmp_path / "agreement.yaml").write_text(AGREEMENT.replace('">= 90 %"', level) + assume)
    (tmp_path / "contract.yaml").write_text(CONTRACT.replace("1000.00", "416.67"))
    (tmp_path / "facts.jsonl").write_text("".join(LATE))
    for command, *rest in (["evaluate", "--readings"], ["explain", "2026-01", "--commitment", "credit"]):
        assert main([command, str(tmp_path), *rest, "--at", "2026-01-20T00:00:00Z"]) == 0
        lines = capsys.readouterr().out.splitlines()
        told = [line for line in lines if "at most" in line and "EUR" in line and "its bounds" not in line]
        assert told
        assert all("41.67 EUR" in line for line in told)


@pytest.mark.parametrize("decision", [["accepted"], ["partly", "--amount", "30"]])
def test_whoever_decides_on_a_claim_about_no_credit_is_told_that_nothing_is_paid(
    decision: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ticket was answered in time, so no month is behind it; the claim says so of what was decided."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT.replace("about: period", "about: item"))
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    in_time = line("r", "ticket.replied", "T-1", "2026-01-12T09:00:00Z")
    claim = line("f", "claim.filed", "K-1", "2026-01-13T00:00:00Z", contract="dora", about="T-1")
    facts = tmp_path / "facts.jsonl"
    facts.write_text("".join([LATE[0], in_time, claim]))
    words = ["determine", str(tmp_path), "K-1", *decision, "--actor", "eva", "--into", str(facts)]
    assert main(["claim", *words, "--at", "2026-02-02T00:00:00Z"]) == 0
    told = "there is no credit that it is about, as it stands, so nothing is paid by this decision"
    assert capsys.readouterr().err == f"upheld: K-1: {told}\n"
    assert main(["claim", "show", str(tmp_path), "K-1", "--at", "2026-02-03T00:00:00Z"]) == 0
    shown = capsys.readouterr().out
    assert "nothing: T-1 was not late\n" in shown
    assert "there is no credit that it is about: nothing is paid by what was decided\n" in shown
