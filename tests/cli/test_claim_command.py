"""`upheld claim`: the whole way of a claim by command line, and what it says of wrong input."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from upheld.cli.main import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CONTRACT = """contract:
  id: acme
  customer: Acme
  agreement: just
  from: 2026-01-01
  currency: EUR
  fees: {month: 1000.00 EUR}
  contacts: {ann: {role: lead}}
"""
JULY = "2026-07-02T09:00:00Z"


class Folder:
    """A folder of JUST: ten tasks of June, two of them late, with an invoice of the month."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = path, capsys
        (path / "clauses").mkdir()
        for name in ("just.yaml", "just.lock.json", "clauses/just.yaml"):
            shutil.copy(ROOT / "agreements" / name, path / name)
        (path / "contract.yaml").write_text(CONTRACT, encoding="utf-8")
        self.lines: list[dict[str, object]] = []
        start = datetime(2026, 6, 10, 10, tzinfo=UTC)
        for number in range(10):
            at = start + timedelta(minutes=30 * number)
            self.tell("task.submitted", f"K-{number}", at, contract="acme")
            self.tell("task.began", f"K-{number}", at + timedelta(minutes=20 if number < 2 else 5))

    def tell(self, type_: str, subject: str, at: datetime | str, **data: object) -> None:
        """One more fact."""
        time = at if isinstance(at, str) else at.isoformat()
        line = {"specversion": "1.0", "id": f"f{len(self.lines)}", "source": "desk", "type": type_}
        self.lines.append({**line, "subject": subject, "time": time, "data": data})
        text = "".join(json.dumps(one) + "\n" for one in self.lines)
        (self.path / "facts.jsonl").write_text(text, encoding="utf-8")

    def invoice(self, number: int, at: str) -> None:
        """An invoice of 1,000."""
        told = {"invoice": f"R-{number}", "amount": 1000, "currency": "EUR", "month": f"2026-{number:02}"}
        self.tell("contract.invoice_issued", "acme", at, **told)

    def run(self, form: str, *words: str, at: str = JULY) -> tuple[int, str, str]:
        """The exit code, and what was printed."""
        code = main(["claim", form, str(self.path), *words, "--at", at])
        printed = self.capsys.readouterr()
        return code, printed.out, printed.err

    def step(self, form: str, *words: str, at: str = JULY) -> dict[str, Any]:
        """The fact of a step, appended to a file of its own."""
        code, out, err = self.run(form, *words, "--into", str(self.path / "claims.jsonl"), at=at)
        assert (code, err) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found

    def record(self, form: str, *words: str, at: str = JULY) -> Any:
        """What is printed as JSON."""
        code, out, _ = self.run(form, *words, "--format", "json", at=at)
        assert code == 0
        return json.loads(out)


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Folder:
    """The folder of a test."""
    return Folder(tmp_path, capsys)


# -- the whole way -----------------------------------------------------------------------------------------


def test_a_late_task_is_drafted_filed_decided_and_paid(folder: Folder) -> None:
    """JUST from the late task to three invoices: 200 on each."""
    early = "2026-06-11T09:00:00Z"
    (first, second) = folder.record("list", at=early)["claimable"]
    assert (first["about"], first["why"], first["until"]) == ("K-0", "protective", "2026-06-18T00:00:00Z")
    assert second["about"] == "K-1"
    draft = folder.record("draft", "acme", "K-0", at=early)
    assert draft["issue_at"] == "2026-06-10T10:15:00Z"
    filed = folder.step("file", "acme", "K-0", "--filed-by", "ann", at=early)
    assert (filed["id"], filed["subject"]) == ("claim.filed-acme-K-0", "acme-K-0")
    assert filed["data"] == {
        "about": "K-0",
        "contract": "acme",
        "filed_by": "ann",
        "issue_at": "2026-06-10T10:15:00Z",
        "sent_at": early,
    }
    folder.invoice(6, "2026-07-01T08:00:00Z")
    (claim,) = folder.record("list")["claims"]
    assert (claim["state"], claim["admissibility"], claim["computed"]) == ("filed", "admissible", "600.00")
    assert claim["next"]["party"] == "provider"
    folder.step("assess", "acme-K-0", "admissible", "--actor", "dora")
    told = folder.step("determine", "acme-K-0", "accepted", "--actor", "dora", "--evidence", "audit.log")
    assert told["data"] == {"actor": "dora", "evidence": ["audit.log"], "outcome": "accepted"}
    for number, month in ((7, "08"), (8, "09"), (9, "10")):
        folder.invoice(number, f"2026-{month}-01T08:00:00Z")
    later = "2026-10-02T00:00:00Z"
    (claim,) = folder.record("list", at=later)["claims"]
    assert (claim["state"], claim["granted"]) == ("accepted", "600.00")
    assert main(["evaluate", str(folder.path), "--at", later, "--format", "json"]) == 0
    owed = json.loads(folder.capsys.readouterr().out)["contracts"][0]["credits"]
    (june,) = (one for one in owed if one["subject"] == "2026-06")
    assert [(part["invoice"], part["amount"]) for part in june["instalments"]] == [
        (f"R-{number}", "200.00") for number in (7, 8, 9)
    ]


def test_the_same_step_told_twice_is_one_fact(folder: Folder) -> None:
    """It is printed again, and neither appended nor counted again; another instant or text is another."""
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    added = ("supplement", "acme-K-0", "--evidence", "log.txt")
    held = ("assess", "acme-K-0", "admissible", "--actor", "dora")
    for step in (added, held):
        first = folder.step(*step)
        assert folder.step(*step) == first
    later = folder.step(*held, at="2026-07-02T10:00:00Z")
    other = folder.step("assess", "acme-K-0", "inadmissible", "--actor", "dora")
    assert [one["id"] for one in (later, other)] == ["claim.assessed-acme-K-0-2", "claim.assessed-acme-K-0-3"]
    assert len((folder.path / "claims.jsonl").read_text("utf-8").splitlines()) == 5
    code, out, _ = folder.run("show", "acme-K-0")
    assert (code, out.count("log.txt")) == (0, 1)


def test_the_whole_way_is_shown(folder: Folder) -> None:
    """What it says, its conditions with their clauses, its deadlines, what happened, what was computed."""
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("determine", "acme-K-0", "rejected", "--actor", "dora", "--reason", "not ours")
    code, out, _ = folder.run("show", "acme-K-0", at="2026-07-03T00:00:00Z")
    assert code == 0
    for text in (
        "acme-K-0: rejected, admissible",
        "deadline  holds  ",
        "complaint      met",
        "determined  rejected  by dora  not ours",
        "refund of 2026-06: 600.00 EUR",
        "next: customer: dispute it, or leave it",
    ):
        assert text in out


def test_the_same_decision_made_twice_is_one_fact(folder: Folder, tmp_path: Path) -> None:
    """The same id and body, whatever file it goes to."""
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    words = ("acme-K-0", "accepted", "--actor", "dora")
    first, second = (json.loads(folder.run("determine", *words)[1]) for _ in range(2))
    first.pop("recordedtime", None), second.pop("recordedtime", None)
    assert first == second


@pytest.mark.slow
def test_a_month_of_sivo_is_drafted_from_its_outages_and_claimed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what section 6.2 wants, in English and Dutch; two people, a dispute, and a grant in part."""
    shutil.copytree(ROOT / "demo" / "sivo", tmp_path / "sivo")
    into = str(tmp_path / "sivo" / "claims.jsonl")
    files = [str(ROOT / "agreements" / "sivo.yaml"), str(tmp_path / "sivo")]

    def ask(form: str, *words: str, at: str = JULY) -> str:
        assert main(["claim", form, *files, *words, "--at", at]) == 0
        return capsys.readouterr().out

    text = ask("draft", "contoso-sivo", "2026-06")
    for line in (
        "Account: contoso-sivo",
        "Metrics: uptime: promised at least 99.95 %, measured 99.91898 %, between 99.83796 % and 99.91898 %",
        "- Sunday 14 June 2026 at 02:10 to Sunday 14 June 2026 at 02:20: 10 minutes",
        "Impact: down for 35 minutes in 2 stretches",
        "It has to be filed by Thursday 30 July 2026 at 24:00 (UTC).",
    ):
        assert line in text
    assert "Effect: 35 minuten uitgevallen in 2 periodes" in ask(
        "draft", "contoso-sivo", "2026-06", "--language", "nl"
    )
    ask("file", "contoso-sivo", "2026-06", "--into", into)
    (claim,) = (
        one for one in json.loads(ask("list", "--format", "json"))["claims"] if one["about"] == "2026-06"
    )
    assert (claim["admissibility"], claim["channel"], claim["computed"]) == ("admissible", "email", "480.00")
    name = "contoso-sivo-2026-06"
    ask("determine", name, "rejected", "--actor", "dora", "--into", into)
    ask("dispute", name, "--into", into, at="2026-07-03T09:00:00Z")
    ask(
        "determine",
        name,
        "partly",
        "--amount",
        "240.00",
        "--actor",
        "emil",
        "--into",
        into,
        at="2026-07-04T09:00:00Z",
    )
    shown = json.loads(ask("show", name, "--format", "json", at="2026-07-05T09:00:00Z"))
    assert (shown["state"], shown["granted"], shown["computed"]) == ("partly accepted", "240.00", "480.00")
    assert [one["outcome"] for one in shown["decisions"]] == ["rejected", "partly"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "admissibility", "told"),
    [
        ("2026-07-30T23:59:59Z", "admissible", ""),
        ("2026-07-31T00:00:01Z", "inadmissible", "2026-06: filed after the end of claim filing"),
    ],
)
def test_a_claim_on_the_last_and_on_the_first_late_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sent: str, admissibility: str, told: str
) -> None:
    """A late one can be filed; it is told, and the record says that it is inadmissible."""
    shutil.copytree(ROOT / "demo" / "sivo", tmp_path / "sivo")
    files = [str(ROOT / "agreements" / "sivo.yaml"), str(tmp_path / "sivo")]
    into = str(tmp_path / "sivo" / "claims.jsonl")
    assert main(["claim", "file", *files, "contoso-sivo", "2026-06", "--at", sent, "--into", into]) == 0
    assert told in capsys.readouterr().err
    asked = [
        "claim",
        "show",
        *files,
        "contoso-sivo-2026-06",
        "--at",
        "2026-08-01T00:00:00Z",
        "--format",
        "json",
    ]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["admissibility"] == admissibility


@pytest.mark.slow
def test_a_draft_tells_what_is_known_while_the_month_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Not what the month could still come to; and a month whose items are claimed for is told as that."""
    files = [str(ROOT / "agreements" / "just.yaml"), str(ROOT / "demo" / "just"), "acme-just"]
    at = ["--at", "2026-05-14T09:00:00Z"]
    assert main(["claim", "draft", *files, "JT-5013", *at]) == 0
    assert (
        "Metrics: own share of tasks: the level of the condition is at least 90 %, measured 72.22222 %\n"
        in capsys.readouterr().out
    )
    assert main(["claim", "draft", *files, "2026-05", *at]) == 2
    assert "under acme-just an item of 2026-05 is claimed for, not the whole of it" in capsys.readouterr().err


# -- wrong use ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "words", "told"),
    [
        ("draft", ("acne", "2026-06"), "there is no contract acne"),
        ("file", ("acme", "2026-13"), "2026-13 is no period: write a month (2026-06), quarter (2026-Q2)"),
        (
            "draft",
            ("acme", "2026-13"),
            "or year (2026); what can be claimed: K-0, K-1",
        ),
        ("file", ("acme", "K-50"), "nobody told of K-50 under acme"),
        ("file", ("acme", "2026-12"), "2026-12 has not begun as of 2026-06-11T09:00:00Z; what can be"),
        ("draft", ("acme", "2026-Q1"), "no promise of acme is measured over 2026-Q1; what can be"),
        ("draft", ("acme", "K-5"), "nothing of K-5 under acme gives a claim: it was kept; what can be"),
        ("file", ("acme", "K-0", "--interval", "yesterday"), "--interval yesterday: write it as"),
        ("file", ("acme", "K-0", "--id", "a b"), "--id a b: write letters"),
        ("file", ("acme", "K-0", "--received", "2026-06-10T00:00:00Z"), "--received is before --sent"),
        ("show", ("C-1",), "there is no claim C-1"),
        ("determine", ("C-1", "accepted", "--actor", "dora"), "there is no claim C-1"),
    ],
)
def test_wrong_words_are_refused_with_one_message(
    folder: Folder, form: str, words: tuple[str, ...], told: str
) -> None:
    """Exit code 2, and nothing is written."""
    code, out, err = folder.run(form, *words, at="2026-06-11T09:00:00Z")
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("form", "words", "told"),
    [
        ("file", ("acme", "K-0"), "there is a claim acme-K-0 already"),
        ("determine", ("acme-K-0", "partly", "--actor", "dora"), "say how much is granted with --amount"),
        ("determine", ("acme-K-0", "rejected", "--actor", "dora", "--amount", "1"), "leave --amount out"),
        (
            "determine",
            ("acme-K-0", "accepted", "--actor", "dora", "--amount", "-1"),
            "write a number such as",
        ),
        (
            "determine",
            ("acme-K-0", "partly", "--actor", "dora", "--amount", "1.005"),
            "EUR has 2 decimals, and nothing finer can be paid",
        ),
        (
            "file",
            ("acme", "K-0", "--id", "again", "--sent", "2026-12-24T00:00:00Z"),
            "2026-12-24T00:00:00Z is yet to come at",
        ),
        ("determine", ("acme-K-0", "accepted", "--actor", "carl"), "carl recorded or changed the cause A-1"),
        ("approve", ("acme-K-0", "--actor", "dora"), "no decision that waits for a second person"),
        ("dispute", ("acme-K-0",), "is not determined"),
        ("supplement", ("acme-K-0",), "nothing is added"),
    ],
)
def test_a_step_that_cannot_be_taken_is_refused(
    folder: Folder, form: str, words: tuple[str, ...], told: str
) -> None:
    """With what to do instead."""
    folder.tell(
        "attribution.recorded", "A-1", "2026-06-10T12:00:00Z",
        target="K-0", cause="automation", party="provider", actor="carl",
    )  # fmt: skip
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    # An amount below zero looks like an option; as one word it does not.
    joined = [f"{a}={b}" for a, b in [("--amount", words[-1])]] if "--amount" in words else []
    said = (*words[:-2], *joined) if joined else words
    code, out, err = folder.run(form, *said)
    assert (code, out) == (2, "")
    assert told in err


def test_what_is_determined_needs_a_dispute_before_another_decision(folder: Folder) -> None:
    """And cannot be withdrawn."""
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.step("determine", "acme-K-0", "accepted", "--actor", "dora")
    for form, words, told in (
        ("determine", ("rejected", "--actor", "emil"), "is determined already: accepted by dora"),
        ("withdraw", (), "what is decided cannot be taken back"),
    ):
        code, _, err = folder.run(form, "acme-K-0", *words, at="2026-07-03T00:00:00Z")
        assert code == 2
        assert told in err


def test_above_an_amount_a_second_person_approves(folder: Folder) -> None:
    """Not the one who decided."""
    text = CONTRACT + "override: {claim: {two decide above: 100.00 EUR}}\n"
    (folder.path / "contract.yaml").write_text(text, encoding="utf-8")
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("determine", "acme-K-0", "accepted", "--actor", "dora")
    code, _, err = folder.run("approve", "acme-K-0", "--actor", "dora", at="2026-07-03T00:00:00Z")
    assert (code, "another person has to agree" in err) == (2, True)
    assert folder.record("show", "acme-K-0")["state"] == "second decision needed"
    folder.step("approve", "acme-K-0", "--actor", "emil", at="2026-07-03T00:00:00Z")
    assert folder.record("show", "acme-K-0", at="2026-07-04T00:00:00Z")["state"] == "accepted"


def test_a_second_claim_for_the_same_gives_nothing_and_says_so(folder: Folder) -> None:
    """300 of June's 600 are granted for K-0; a claim for K-1 is accepted in full beside it."""
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-12T09:00:00Z")
    second = folder.step("file", "acme", "K-1", "--id", "second", at="2026-06-13T09:00:00Z")
    assert second["data"]["issue_at"] == "2026-06-10T10:45:00Z"
    folder.step("determine", "acme-K-0", "partly", "--amount", "300", "--actor", "dora")
    later = "2026-07-03T09:00:00Z"
    told = "the credit is given once, under acme-K-0, which granted it before: nothing more is given by this"
    into = "--into", str(folder.path / "claims.jsonl")
    code, _, err = folder.run("determine", "second", "accepted", "--actor", "dora", *into, at=later)
    assert (code, err) == (
        0, f"upheld: second: {told} decision; to grant more, decide on a dispute of acme-K-0\n"
    )  # fmt: skip
    at = "2026-07-04T09:00:00Z"
    assert (
        "accepted (beside acme-K-0, which granted it: nothing more is given)" in folder.run("list", at=at)[1]
    )
    shown = folder.run("show", "second", at=at)[1]
    assert "the credit is given once, under acme-K-0: nothing more is given" in shown


def test_the_claim_that_is_decided_first_gives_the_credit(folder: Folder) -> None:
    """The later of two is accepted, then the earlier one: it is that which stands beside the other."""
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-12T09:00:00Z")
    folder.step("file", "acme", "K-1", "--id", "second", at="2026-06-13T09:00:00Z")
    folder.step("determine", "second", "accepted", "--actor", "dora")
    beside = {one["id"]: one["beside"] for one in folder.record("list", at="2026-07-03T09:00:00Z")["claims"]}
    assert beside == {"acme-K-0": "second", "second": None}


def test_a_withdrawn_claim_is_over(folder: Folder) -> None:
    """The month can be claimed again, as long as there is time."""
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.step("withdraw", "acme-K-0", at="2026-06-12T09:00:00Z")
    found = folder.record("list", at="2026-06-15T09:00:00Z")
    assert [one["state"] for one in found["claims"]] == ["withdrawn"]
    assert [one["about"] for one in found["claimable"] if one["standing"] == "open"] == ["K-0", "K-1"]


def test_what_was_missed_is_forfeited(folder: Folder) -> None:
    """One line for the month."""
    (one,) = folder.record("list")["claimable"]
    assert (one["about"], one["standing"]) == ("2026-06", "forfeited")


def test_due_lists_what_can_still_be_claimed(folder: Folder) -> None:
    """The next deadline first, and only within the horizon."""
    early = "2026-06-11T09:00:00Z"
    words = ["due", str(folder.path), "--at", early]
    assert main(words) == 0
    told = folder.capsys.readouterr().out.splitlines()
    assert [line.split() for line in told[told.index("can be claimed:") + 1 :]] == [
        ["until", "Wed", "2026-06-17", "24:00", name, "acme", "refund", "to", "keep", "the", "period"]
        for name in ("K-0", "K-1")
    ]
    assert main([*words, "--horizon", "1d", "--format", "json"]) == 0
    assert json.loads(folder.capsys.readouterr().out)["claimable"] == []


def test_whoever_may_not_claim_is_told_when_filing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All that makes it inadmissible is said at once, while there is time to mend it."""
    shutil.copytree(ROOT / "demo" / "sivo", tmp_path / "sivo")
    contract = tmp_path / "sivo" / "contoso.yaml"
    text = contract.read_text().replace("  roles:\n", "  contacts: {ann: {role: buyer}}\n  roles:\n")
    contract.write_text(text)
    files = [str(ROOT / "agreements" / "sivo.yaml"), str(tmp_path / "sivo")]
    words = ["contoso-sivo", "2026-06", "--filed-by", "otto", "--channel", "fax"]
    assert main(["claim", "file", *files, *words, "--at", "2026-07-20T10:00:00Z"]) == 0
    told = capsys.readouterr().err
    assert "2026-06: otto is nobody whom the contract names" in told
    assert "fax" in told


# -- what is filed all the same ----------------------------------------------------------------------------


def test_a_claim_about_a_task_that_was_in_time_says_that_it_was(folder: Folder) -> None:
    """K-5 was started after five minutes: nothing is computed, since it was not late."""
    folder.run("file", "acme", "K-5", "--into", str(folder.path / "claims.jsonl"), at="2026-06-11T09:00:00Z")
    code, out, _ = folder.run("show", "acme-K-5")
    assert code == 0
    assert "  nothing: K-5 was not late\n" in out


def test_what_is_late_or_was_kept_is_filed_and_says_so(folder: Folder) -> None:
    """A complaint after its deadline, one that was sent in time, and one about a task that was in time."""
    code, out, err = folder.run("file", "acme", "K-0", "--sent", "2026-06-12T09:00:00Z")
    assert (code, err) == (0, "")
    assert json.loads(out)["data"]["issue_at"] == "2026-06-10T10:15:00Z"
    code, out, err = folder.run("file", "acme", "K-0")
    owed = "nothing that has to be claimed is owed for it, as it stands"
    assert (code, err) == (0, f"upheld: K-0: filed after the end of complaint\nupheld: K-0: {owed}\n")
    assert json.loads(out)["subject"] == "acme-K-0"
    code, out, err = folder.run("file", "acme", "K-5", at="2026-06-11T09:00:00Z")
    assert (code, json.loads(out)["data"]["about"]) == (0, "K-5")
    assert err == f"upheld: K-5: {owed}\n"


COURTEOUS = """document: {agreement: m, version: 2026-01, provider: M, zone: UTC}
deadline:
  answer: {from: opened, until: answered, within: 4h, modality: objective}
indicator:
  share: {count: outcomes of answer}
commit:
  month: {indicator: share, level: ">= 50 %", per: calendar month}
remedy:
  credit: {of: month, formula: "10 %", base: {fee: month}}
  second: {of: month, formula: "1 %", base: {fee: month}}
  courtesy: {of: month, when: complaints >= 1 and value >= level, formula: 25.00 EUR}
claim: {about: @}
"""


def courteous(path: Path, about: str, *, is_late: bool) -> list[str]:
    """A folder with two tickets of January, of which T-1 was answered in time or not."""
    (path / "agreement.yaml").write_text(COURTEOUS.replace("@", about), encoding="utf-8")
    (path / "contract.yaml").write_text(
        CONTRACT.replace("id: acme", "id: dora").replace("agreement: just", "agreement: m"), encoding="utf-8"
    )
    told = [("opened", "T-1", 8), ("replied", "T-1", 14 if is_late else 9)]
    told += [("opened", "T-2", 8), ("replied", "T-2", 14)] if is_late else []
    lines = [
        {
            "specversion": "1.0", "id": f"{what}-{name}", "source": "desk", "type": f"ticket.{what}",
            "subject": name, "time": f"2026-01-12T{hour:02}:00:00Z", "data": {"contract": "dora"},
        }
        for what, name, hour in told
    ]  # fmt: skip
    (path / "facts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return [str(path), "dora"]


def test_a_kept_month_is_claimed_for_what_a_complaint_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every ticket was in time: the complaint about how we were spoken to gives 25.00, and nothing warns."""
    where = courteous(tmp_path, "period", is_late=False)
    words = ["claim", "file", *where, "2026-01", "--at", "2026-02-03T09:00:00Z"]
    assert main([*words, "--into", str(tmp_path / "c.jsonl")]) == 0
    assert capsys.readouterr().err == ""
    assert main(["claim", "show", where[0], "dora-2026-01", "--at", "2026-02-04T09:00:00Z"]) == 0
    told = capsys.readouterr().out
    assert (
        "what was computed\n  credit of 2026-01: nothing\n  second of 2026-01: nothing\n"
        "  courtesy of 2026-01: 25.00 EUR\n  in all: 25.00 EUR\n"
    ) in told


@pytest.mark.parametrize(
    ("about", "named", "told"),
    [
        ("either", "T-1", ""),
        ("either", "2026-01", ""),
        ("item", "T-1", ""),
        ("period", "T-1", "upheld: T-1: does not say: period\n"),
    ],
)
def test_a_late_item_is_claimed_where_claims_are_about_items(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], about: str, named: str, told: str
) -> None:
    """Or about either; where they are about periods it is filed too, and its form is wrong."""
    words = ["claim", "file", *courteous(tmp_path, about, is_late=True), named]
    assert main([*words, "--at", "2026-02-03T09:00:00Z"]) == 0
    found = capsys.readouterr()
    assert found.err == told
    issue_at = None if named == "2026-01" else "2026-01-12T12:00:00Z"
    assert json.loads(found.out)["data"].get("issue_at") == issue_at


def test_what_is_lost_is_told_when_it_is_decided_and_in_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The contract has ended, and after its end what no invoice takes is lost: whoever grants it is told."""
    where, who = courteous(tmp_path, "period", is_late=True)
    text = (tmp_path / "agreement.yaml").read_text("utf-8")
    text = text.replace('"10 %", base: {fee: month}}', '"10 %", base: {fee: month}, pay: {after end: lost}}')
    (tmp_path / "agreement.yaml").write_text(text, encoding="utf-8")
    into = ["--into", str(tmp_path / "c.jsonl")]
    assert main(["claim", "file", where, who, "2026-01", "--at", "2026-02-03T09:00:00Z", *into]) == 0
    ended = {
        "specversion": "1.0", "id": "e", "source": "desk", "type": "contract.ended", "subject": who,
        "time": "2026-02-04T09:00:00Z", "data": {"on": "2026-02-05"},
    }  # fmt: skip
    (tmp_path / "ended.jsonl").write_text(json.dumps(ended) + "\n", encoding="utf-8")
    capsys.readouterr()
    at = "2026-02-06T09:00:00Z"
    decide = ["claim", "determine", where, "dora-2026-01", "accepted", "--actor", "eva", "--at", at, *into]
    assert main(decide) == 0
    lost = "the contract has ended and no invoice comes any more, so 100.00 EUR is lost"
    assert capsys.readouterr().err == f"upheld: dora-2026-01: {lost}\n"
    assert main(["claim", "list", where, "--at", at]) == 0
    assert lost in capsys.readouterr().out


def test_what_can_be_claimed_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Though two remedies of the month can."""
    words = ["claim", "draft", *courteous(tmp_path, "period", is_late=True), "T-1"]
    assert main([*words, "--at", "2026-02-03T09:00:00Z"]) == 2
    assert capsys.readouterr().err == (
        "upheld: under dora a period is claimed for, not an item of it: T-1 was late in 2026-01; "
        "what can be claimed: 2026-01\n"
    )


def test_what_no_complaint_would_give_is_not_kept_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The courtesy is of months that were kept; in one that was missed only the two credits are claimed."""
    where = courteous(tmp_path, "period", is_late=True)
    assert main(["claim", "list", where[0], "--format", "json", "--at", "2026-02-03T09:00:00Z"]) == 0
    found = json.loads(capsys.readouterr().out)["claimable"]
    assert [(one["remedy"], one["why"]) for one in found] == [("credit", "owed"), ("second", "owed")]


MID_JUNE = "2026-06-20T09:00:00Z"


@pytest.mark.parametrize(
    ("rule", "when", "about", "told"),
    [
        pytest.param("about: item", "2026-01-12T08:30:00Z", "T-1", "it is not late as of now", id="open"),
        pytest.param("about: item", "2026-02-03T09:00:00Z", "T-1", "it was kept", id="in time"),
        pytest.param(
            "about: item, for: [credit]", "2026-02-03T09:00:00Z", "T-2",
            "it was late, and 2026-01, in which it counts, was kept; "
            "it was late, and in 2026-01 second is given without a claim", id="only the month was kept",
        ),
        pytest.param(
            "about: item, for: [second]", "2026-02-03T09:00:00Z", "T-2",
            "it was late, and in 2026-01 credit is given without a claim; "
            "it was late, and in 2026-01 second gives nothing: not so: complaints >= 1 and value < level",
            id="late in a month that was kept",
        ),
        pytest.param(
            "about: period, protective: false", "2026-01-20T09:00:00Z", "2026-01",
            "credit is not known yet: 2026-01 still runs; second is not known yet: 2026-01 still runs",
            id="the month still runs",
        ),
    ],
)  # fmt: skip
def test_each_thing_that_gives_no_claim_says_its_own_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rule: str, when: str, about: str, told: str
) -> None:
    """T-1 was answered in time and T-2 was not, in a month that half of them may fail."""
    where = courteous(tmp_path, "item", is_late=False)
    text = (tmp_path / "agreement.yaml").read_text("utf-8").replace("about: item", rule)
    text = text[: text.index("  second:")] + (
        '  second: {of: month, when: complaints >= 1 and value < level, formula: "1 %", base: {fee: month}}\n'
        f"claim: {{{rule}}}\n"
    )
    (tmp_path / "agreement.yaml").write_text(text, encoding="utf-8")
    more = {"specversion": "1.0", "source": "desk", "subject": "T-2", "data": {"contract": "dora"}}
    with (tmp_path / "facts.jsonl").open("a", encoding="utf-8") as file:
        for what, hour in (("opened", 8), ("replied", 14)):
            time = f"2026-01-12T{hour:02}:00:00Z"
            file.write(json.dumps({**more, "id": f"{what}-2", "type": f"ticket.{what}", "time": time}) + "\n")
    assert main(["claim", "draft", *where, about, "--at", when]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"upheld: nothing of {about} under dora gives a claim: {told}; ")


def test_an_item_whose_deadline_passed_can_be_drafted_while_others_are_open(folder: Folder) -> None:
    """K-0 was kept for a claim until the 17th; a draft of it is none of something that was kept."""
    late = datetime(2026, 6, 18, 10, tzinfo=UTC)
    folder.tell("task.submitted", "K-20", late, contract="acme")
    folder.tell("task.began", "K-20", late + timedelta(minutes=20))
    found = folder.record("list", at=MID_JUNE)["claimable"]
    assert [(one["about"], one["standing"]) for one in found] == [("K-20", "open")]
    draft = folder.record("draft", "acme", "K-0", at=MID_JUNE)
    assert (draft["about"], draft["until"]) == ("K-0", "2026-06-18T00:00:00Z")


def test_an_item_whose_month_is_claimed_by_another_says_so(folder: Folder) -> None:
    """Not that the item itself is; its own deadline stands there, and a name of its own files it."""
    early = "2026-06-11T09:00:00Z"
    folder.step("file", "acme", "K-0", at=early)
    code, out, err = folder.run("file", "acme", "K-1", at=early)
    assert (code, out) == (2, "")
    assert err == (
        "upheld: refund of 2026-06, in which K-1 is, is claimed already, as acme-K-0 about K-0; "
        "about K-1 itself it is in time until Wed 2026-06-17 24:00; two claims give one credit\n"
    )
    assert folder.step("file", "acme", "K-1", "--id", "second", at=early)["subject"] == "second"


def test_what_happened_at_midnight_happened_on_the_new_day(folder: Folder) -> None:
    """A deadline at midnight is the 24:00 of its last day; what was filed then was filed at 00:00."""
    folder.step("file", "acme", "K-0", at="2026-06-12T00:00:00Z")
    shown = folder.run("show", "acme-K-0", at=MID_JUNE)[1]
    assert "filed Fri 2026-06-12 00:00" in shown
    assert "due Wed 2026-06-17 24:00 done Fri 2026-06-12 00:00" in " ".join(shown.split())
    assert "filed Fri 2026-06-12 00:00" in folder.run("list", at=MID_JUNE)[1]


def test_what_is_nothing_by_the_numbers_is_accepted_with_a_warning(folder: Folder) -> None:
    """Two of 21 were late, so the month was kept: without an amount nothing is granted, and it says so."""
    for number in range(10, 21):
        folder.tell("task.submitted", f"K-{number}", "2026-06-20T10:00:00Z", contract="acme")
        folder.tell("task.began", f"K-{number}", "2026-06-20T10:05:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.invoice(6, "2026-07-01T08:00:00Z")
    code, _, err = folder.run("determine", "acme-K-0", "accepted", "--actor", "dora")
    assert (code, err) == (
        0, "upheld: acme-K-0: by the numbers nothing is owed, so nothing is granted; --amount says how much\n"
    )  # fmt: skip


def test_more_than_the_numbers_give_is_granted_with_a_warning(folder: Folder) -> None:
    """Goodwill is no fault; a slip of ten times is told."""
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    code, _, err = folder.run("determine", "acme-K-0", "partly", "--actor", "dora", "--amount", "5000")
    assert code == 0
    assert "more is granted than the 600.00 EUR that the numbers give\n" in err


def test_what_cannot_be_told_is_accepted_with_a_warning_and_nothing_is_issued_yet(folder: Folder) -> None:
    """No invoice says what 60 % are taken of; once it is there the credit can be issued."""
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    into = str(folder.path / "claims.jsonl")
    code, _, err = folder.run("determine", "acme-K-0", "accepted", "--actor", "dora", "--into", into)
    assert code == 0
    assert err == (
        "upheld: acme-K-0: what is owed cannot be told, so nothing is paid until it can; "
        "--amount says how much\n"
    )
    (claim,) = folder.record("list", at="2026-07-03T09:00:00Z")["claims"]
    assert claim["next"]["what"] == "find out what is owed: nothing can be issued before that is known"
    folder.invoice(6, "2026-07-03T08:00:00Z")
    (claim,) = folder.record("list", at="2026-07-03T09:00:00Z")["claims"]
    assert (claim["computed"], claim["next"]["what"]) == ("600.00", "issue the credit")


def test_whoever_decided_disputes_for_nobody(folder: Folder) -> None:
    """However the name is written."""
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.step("determine", "acme-K-0", "rejected", "--actor", "dora")
    code, out, err = folder.run("dispute", "acme-K-0", "--actor", "DORA", at="2026-07-03T09:00:00Z")
    assert (code, out) == (2, "")
    assert err == "upheld: DORA decides on the claim, so somebody of the customer has to dispute it\n"
    folder.step("dispute", "acme-K-0", "--actor", "ann", at="2026-07-03T09:00:00Z")


def test_a_dispute_of_a_stranger_is_kept_and_told_of(folder: Folder) -> None:
    """Nobody whom the contract names: it is recorded, and says at once that it does not count."""
    folder.invoice(6, "2026-07-01T08:00:00Z")
    folder.step("file", "acme", "K-0", at="2026-06-11T09:00:00Z")
    folder.step("determine", "acme-K-0", "rejected", "--actor", "dora")
    code, out, err = folder.run("dispute", "acme-K-0", "--actor", "eve", at="2026-07-03T09:00:00Z")
    assert (code, "claim.disputed" in out) == (0, True)
    assert err == "upheld: acme-K-0: it does not count: eve is nobody whom the contract names\n"
