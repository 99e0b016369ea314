"""Credits by command line: proposed, issued once, applied, corrected, exported, and the month closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.export.test_ubl import broken
from upheld.cli.main import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
JULY_1 = "2026-07-01T00:00:00Z"
JULY_10 = "2026-07-10T00:00:00Z"
AUGUST_5 = "2026-08-05T00:00:00Z"
ID = "acme-just/refund/2026-05/1"
CORRECTED = {
    "specversion": "1.0",
    "id": "ji-1-corrected",
    "source": "billing.justopex",
    "type": "correction.replaced",
    "subject": "JO-2026-0517",
    "time": "2026-07-08T09:00:00Z",
    "data": {
        "corrects": {"source": "billing.justopex", "id": "ji-1"},
        "replacement": {
            "data": {"invoice": "JO-2026-0517", "amount": 900, "currency": "USD", "month": "2026-05"}
        },
        "by": "billing",
        "reason": "two seats too many",
    },
}


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        """What it printed as JSON."""
        return json.loads(self.out)

    @property
    def facts(self) -> list[dict[str, Any]]:
        """The facts that it printed."""
        return [json.loads(line) for line in self.out.splitlines()]


class Desk:
    """A folder of one contract, and the commands that are asked about it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.into = folder / "credits.jsonl"
        self._capsys = capsys
        for name in ("contract.yaml", "facts.jsonl"):
            text = (ROOT / "demo" / "just" / name).read_text("utf-8")
            (folder / name).write_text(text, encoding="utf-8")

    def ask(self, form: str, *words: str, at: str = JULY_1) -> Ran:
        """Runs `upheld credit FORM`."""
        given = ["credit", form, str(ROOT / "agreements" / "just.yaml"), str(self.folder), *words]
        code = main([*given, "--at", at])
        told = self._capsys.readouterr()
        return Ran(code, told.out, told.err)

    def decide(self, form: str, *words: str, at: str = JULY_1) -> Ran:
        """Asks, and keeps the fact."""
        return self.ask(form, *words, "--into", str(self.into), at=at)

    def memos(self, at: str = JULY_1) -> list[dict[str, Any]]:
        """The memos as JSON."""
        found: list[dict[str, Any]] = self.ask("list", "--format", "json", at=at).record
        return found

    def claim(self, at: str) -> tuple[str, str]:
        """How far the claim has come, and what comes next."""
        files = [str(ROOT / "agreements" / "just.yaml"), str(self.folder)]
        assert main(["claim", "show", *files, "JC-1", "--format", "json", "--at", at]) == 0
        found = json.loads(self._capsys.readouterr().out)
        return found["state"], found["next"]["what"]

    def tell(self, fact: dict[str, Any]) -> None:
        """One more fact."""
        with (self.folder / "later.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(fact) + "\n")


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """JustOpex and Acme in June: 60 % of an invoice of 1,000, granted on 2 June."""
    return Desk(tmp_path, capsys)


def test_a_proposal_is_listed_and_shown(desk: Desk) -> None:
    """With the number that it would get, its instalments and its decision."""
    assert "JO-CN-000001  acme-just/refund/2026-05/1  proposed  600.00 USD" in desk.ask("list").out
    assert desk.ask("list", "--status", "issued").out == "No credit is issued, proposed or expected.\n"
    shown = desk.ask("show", "JO-CN-000001").out
    assert "instalment 1: scheduled on invoice JO-2026-0612 " in shown
    assert "decision  jc-1-3" in shown
    assert desk.ask("show", ID, "--format", "json").record["net_minor"] == 60000


def test_an_issued_memo_is_issued_once(desk: Desk) -> None:
    """The fact is printed and appended; asked again nothing is proposed, and by name it is the same fact."""
    first = desk.decide("issue")
    assert first.code == 0
    (fact,) = first.facts
    assert (fact["type"], fact["subject"], fact["data"]["number"]) == ("credit.issued", ID, "JO-CN-000001")
    assert desk.into.read_text("utf-8") == first.out
    again = desk.decide("issue", at=JULY_10)
    assert (again.code, again.out) == (0, "")
    assert "nothing is proposed" in again.err
    named = desk.decide("issue", "--memo", ID, at=JULY_10)
    assert named.out == first.out
    told = f"credit.issued of {ID} is told since 2026-07-01T00:00:00Z: nothing is added"
    assert named.err == f"upheld: {told}\n"
    assert desk.into.read_text("utf-8") == first.out
    assert [memo["status"] for memo in desk.memos(JULY_10)] == ["issued"]


def test_a_document_without_parties_is_issued_with_a_warning(desk: Desk) -> None:
    """The contract has no `billing`: no parties, no tax, and whoever issues is told so."""
    contract = desk.folder / "contract.yaml"
    text = contract.read_text("utf-8")
    at, rest = text.index("  billing:"), text[text.index("  billing:") + 1 :]
    lines = rest.splitlines(keepends=True)[1:]
    end = next((n for n, line in enumerate(lines) if not line.startswith("    ")), len(lines))
    contract.write_text(text[:at] + "".join(lines[end:]), encoding="utf-8")
    issued = desk.decide("issue")
    assert (issued.code, issued.facts[0]["data"]["tax"]) == (0, 0)
    assert issued.err == (
        f"upheld: {ID}: the contract has no `billing`, so the document names no parties and no tax\n"
    )


def test_a_memo_named_twice_is_issued_once(desk: Desk) -> None:
    """By its id, by the number that it would get, and by both: one fact, with the first number."""
    for names in ((ID, ID), (ID, "JO-CN-000001"), ("JO-CN-000001", ID)):
        (fact,) = desk.ask("issue", *(word for name in names for word in ("--memo", name))).facts
        assert (fact["subject"], fact["data"]["number"]) == (ID, "JO-CN-000001"), names


def test_the_same_decision_printed_twice_counts_once(desk: Desk) -> None:
    """Without `--into` the two facts have one id and one body."""
    one, two = desk.ask("issue"), desk.ask("issue")
    desk.into.write_text(one.out + two.out, encoding="utf-8")
    (memo,) = desk.memos()
    assert (memo["status"], memo["net_minor"]) == ("issued", 60000)


def test_instalments_are_applied_as_they_are_due(desk: Desk) -> None:
    """200 of 600 are due on the invoice of June; a second time the same fact is printed."""
    desk.decide("issue")
    first = desk.decide("apply", ID, "--invoice", "JO-2026-0612", "--by", "books")
    (fact,) = first.facts
    assert fact["data"] == {
        "contract": "acme-just",
        "amount": 200,
        "invoice": "JO-2026-0612",
        "actor": "books",
    }
    assert desk.decide("apply", ID, "--invoice", "JO-2026-0612", "--by", "books").out == first.out
    (memo,) = desk.memos()
    assert (memo["applied_minor"], memo["open_minor"]) == (20000, 40000)
    for words, why in (
        (["--invoice", "JO-9"], "no invoice JO-9"),
        (["--invoice", "JO-2026-0517", "--amount", "400.01"], "400.00 USD are left, not 400.01 USD"),
        (["--invoice", "JO-2026-0517", "--amount", "1.005"], "2 decimals"),
        (["--invoice", "JO-2026-0517"], "give --amount"),
        (["--invoice", "JO-2026-0612", "--amount", "1"], "before"),
    ):
        refused = desk.decide("apply", ID, *words)
        assert (refused.code, why in refused.err) == (2, True), (words, refused)
    assert len(desk.into.read_text("utf-8").splitlines()) == 2


def test_what_is_paid_out_is_said_so(desk: Desk) -> None:
    """Without an invoice it tells what it would pay, and asks for a word; both at once is none."""
    desk.decide("issue")
    refused = desk.decide("apply", ID)
    assert (refused.code, refused.out) == (2, "")
    assert f"without an invoice 600.00 USD of {ID} would be paid out, without tax" in refused.err
    assert "--pay-out" in refused.err
    both = desk.decide("apply", ID, "--invoice", "JO-2026-0612", "--pay-out")
    assert (both.code, "not both" in both.err) == (2, True)
    (fact,) = desk.decide("apply", ID, "--pay-out").facts
    assert fact["data"] == {"contract": "acme-just", "amount": 600}
    assert [memo["status"] for memo in desk.memos()] == ["applied"]


def withdrawn(fact: dict[str, Any]) -> dict[str, Any]:
    """The correction that a fact never happened."""
    name = f"never-{fact['id']}"
    reason = {"by": "books", "reason": "a slip"}
    corrects = {"source": fact["source"], "id": fact["id"]}
    return {
        **{name: fact[name] for name in ("specversion", "source", "subject")},
        "id": name,
        "type": "correction.withdrawn",
        "time": "2026-07-02T09:00:00Z",
        "recordedtime": "2026-12-01T09:00:00Z",
        "data": {"corrects": corrects, **reason},
    }


def test_what_was_withdrawn_can_be_decided_again(desk: Desk) -> None:
    """Issued, applied and taken back each under another id; the number is free again and taken once."""
    for form, words in (
        ("issue", ()),
        ("apply", (ID, "--invoice", "JO-2026-0612")),
        ("void", (ID, "--reason", "x")),
    ):
        (first,) = desk.decide(form, *words, at=JULY_10 if form != "issue" else JULY_1).facts
        desk.tell(withdrawn(first))
        (again,) = desk.decide(form, *words, at=JULY_10).facts
        assert (again["id"], again["type"]) == (f"{first['id']}/2", first["type"])
        same = desk.decide(form, *words, at=JULY_10)
        assert form == "issue" or same.facts == [again]
        if form == "apply":
            desk.tell(withdrawn(again))
    assert [(memo["status"], memo["number"]) for memo in desk.memos(JULY_10)][:1] == [
        ("voided", "JO-CN-000001")
    ]


def test_an_invoice_takes_no_more_than_there_is_room_for(desk: Desk) -> None:
    """J8: it goes to zero and not below; what does not fit waits for the next."""
    desk.decide("issue")
    small = {"invoice": "SMALL", "amount": 150, "currency": "USD", "month": "2026-07"}
    desk.tell(
        {
            "specversion": "1.0",
            "id": "small",
            "source": "billing",
            "subject": "acme-just",
            "type": "contract.invoice_issued",
            "time": "2026-07-05T09:00:00Z",
            "data": small,
        }
    )
    refused = desk.decide("apply", ID, "--invoice", "SMALL", "--amount", "200", at=JULY_10)
    assert (refused.code, refused.out) == (2, "")
    assert "on invoice SMALL there is room for 150.00 USD more" in refused.err
    partly = desk.ask("apply", ID, "--invoice", "SMALL", "--amount", "100", at=JULY_10)
    told = "50.00 USD of what is due on SMALL are not set off there: they carry over to the next invoice"
    assert (partly.code, partly.facts[0]["data"]["amount"]) == (0, 100)
    assert told in partly.err
    (fact,) = desk.decide("apply", ID, "--invoice", "SMALL", at=JULY_10).facts
    assert fact["data"]["amount"] == 150


def invoice(name: str, time: str, amount: int) -> dict[str, Any]:
    """An invoice of the month before."""
    data = {"invoice": name, "amount": amount, "currency": "USD", "month": time[:7]}
    kind = "contract.invoice_issued"
    told = {"specversion": "1.0", "source": "billing", "subject": "acme-just", "time": time}
    return {**told, "id": f"in-{name}", "type": kind, "data": data}


def claim_fact(kind: str, time: str, **data: object) -> dict[str, Any]:
    """What becomes of the claim that was accepted on 2 June."""
    told = {"specversion": "1.0", "source": "desk.justopex", "subject": "JC-1", "time": time}
    return {**told, "id": f"{kind}-{time}", "type": f"claim.{kind}", "data": data}


def test_what_a_later_decision_adds_comes_on_later_invoices(desk: Desk) -> None:
    """600 are issued and 200 applied; disputed, 900 are granted: 300 more, in instalments of their own."""
    desk.decide("issue")
    desk.decide("apply", ID, "--invoice", "JO-2026-0612")
    desk.tell(claim_fact("disputed", "2026-07-02T09:00:00Z"))
    more = {"outcome": "partly", "amount": 900, "currency": "USD", "actor": "ops lead", "reason": "more"}
    desk.tell(claim_fact("determined", "2026-07-03T09:00:00Z", **more))
    for number, month in enumerate(("07", "08", "09")):
        desk.tell(invoice(f"N-{number}", f"2026-{month}-12T09:00:00Z", 1000))
    at = "2026-09-30T00:00:00Z"
    old, new = desk.memos(at)
    assert (old["net_minor"], new["net_minor"], new["status"]) == (60000, 30000, "proposed")
    parts = [(one["number"], one["amount_minor"], one["invoice"]) for one in new["plan"]]
    assert parts == [(4, 10000, "N-0"), (5, 10000, "N-1"), (6, 10000, "N-2")]
    early = desk.ask("show", new["id"], at="2026-07-11T00:00:00Z").out
    assert "  instalment 4: on the next invoice after decision 2  100.00 USD\n" in early
    assert "  instalment 5: on invoice 2 after decision 2         100.00 USD\n" in early
    assert desk.claim(at) == ("credited", "issue what differs from what was issued")
    desk.decide("issue", at=at)
    for name, due in (("N-0", [200, 100]), ("N-1", [200, 100]), ("N-2", [None, 100])):
        told = [desk.decide("apply", memo["id"], "--invoice", name, at=at) for memo in (old, new)]
        assert [one.facts[0]["data"]["amount"] if one.out else None for one in told] == due
    assert [memo["status"] for memo in desk.memos(at)] == ["applied", "applied"]
    assert desk.claim(at) == ("applied", "nothing")


def test_what_a_later_decision_takes_comes_off_what_is_left(desk: Desk) -> None:
    """Lowered to 300 when 200 were on an invoice: 300 are taken off the last instalments."""
    desk.decide("issue")
    desk.decide("apply", ID, "--invoice", "JO-2026-0612")
    desk.tell(claim_fact("disputed", "2026-07-02T09:00:00Z"))
    less = {"outcome": "partly", "amount": 300, "currency": "USD", "actor": "ops lead", "reason": "less"}
    desk.tell(claim_fact("determined", "2026-07-03T09:00:00Z", **less))
    for number, month in enumerate(("07", "08")):
        desk.tell(invoice(f"N-{number}", f"2026-{month}-12T09:00:00Z", 1000))
    at = "2026-08-30T00:00:00Z"
    new = desk.memos(at)[1]
    parts = [(one["number"], one["amount_minor"]) for one in new["plan"]]
    assert (new["net_minor"], parts) == (-30000, [(2, -10000), (3, -20000)])
    assert "lowered to 300.00 USD, of which 200.00 USD was given before" in new["reasons"]
    desk.decide("issue", at=at)
    assert desk.decide("apply", ID, "--invoice", "N-0", at=at).facts[0]["data"]["amount"] == 100
    for memo, name in ((ID, "N-1"), (new["id"], "N-1")):
        refused = desk.decide("apply", memo, "--invoice", name, at=at).err
        assert "cancels out" in refused
        assert "600.00 USD, of which 300.00 USD is applied" in refused
        assert "-300.00 USD, of which 0.00 USD is applied" in refused
    assert sum(memo["open_minor"] for memo in desk.memos(at)) == 0


def test_a_claim_whose_memos_cancel_out_is_settled(desk: Desk) -> None:
    """Issued, then the invoice that it is a share of is corrected to nothing: the claim goes on, and ends."""
    desk.decide("issue")
    assert desk.claim(JULY_1) == ("credited", "set the credit off")
    data = {"invoice": "JO-2026-0517", "amount": 0, "currency": "USD", "month": "2026-05"}
    desk.tell({**CORRECTED, "data": {**CORRECTED["data"], "replacement": {"data": data}}})
    assert desk.claim(JULY_10) == ("credited", "issue what differs from what was issued")
    desk.decide("issue", at=JULY_10)
    assert [memo["status"] for memo in desk.memos(JULY_10)] == ["settled", "settled"]
    assert desk.claim(JULY_10) == ("settled", "nothing")


def test_what_is_rejected_after_it_was_issued_leaves_a_difference_to_issue(desk: Desk) -> None:
    """The claim is rejected on the dispute, and 600 stand on a memo of which nothing was set off."""
    desk.decide("issue")
    desk.tell(claim_fact("disputed", "2026-07-02T09:00:00Z"))
    no = {"outcome": "rejected", "actor": "ops lead", "reason": "not ours"}
    desk.tell(claim_fact("determined", "2026-07-03T09:00:00Z", **no))
    assert desk.claim(JULY_10) == ("rejected", "issue what differs from what was issued")
    desk.decide("issue", at=JULY_10)
    assert desk.claim(JULY_10) == ("rejected", "dispute it, or leave it")


def test_what_no_invoice_comes_for_is_paid_out(desk: Desk) -> None:
    """The contract ends before the second instalment: next the rest is paid, not set off."""
    desk.decide("issue")
    ended = {**claim_fact("ended", "2026-06-20T09:00:00Z"), "type": "contract.ended", "subject": "acme-just"}
    desk.tell(ended)
    assert desk.claim(JULY_10) == ("credited", "pay the credit out: no invoice comes")


def test_an_invoice_that_carries_too_much_is_told(desk: Desk) -> None:
    """The invoice is made smaller after the credit was set against it: a warning says how much there is."""
    desk.decide("issue")
    desk.tell(invoice("N-0", "2026-07-05T09:00:00Z", 500))
    desk.decide("apply", ID, "--invoice", "N-0", "--amount", "400", at=JULY_10)
    assert "overfull-invoice" not in desk.ask("list", at=JULY_10).err
    told = invoice("N-0", "2026-07-05T09:00:00Z", 350)
    fact = {**CORRECTED, "id": "smaller", "data": {**CORRECTED["data"]}}
    fact["data"] |= {"corrects": {"source": "billing", "id": "in-N-0"}, "replacement": {"data": told["data"]}}
    desk.tell(fact)
    ran = desk.ask("list", at=JULY_10)
    assert "warning[overfull-invoice]: invoice `N-0` carries 400.00 USD of credit with" in ran.err
    assert "there is room for 350.00 USD" in ran.err
    assert ran.code == 0


def test_a_corrected_invoice_gives_a_delta_in_the_open_month(desk: Desk) -> None:
    """900 instead of 1,000: 60 are taken back; June's memo stays, and what is void is only what may be."""
    desk.decide("issue")
    desk.tell(CORRECTED)
    july = "--entity", "justopex-us", "--month", "2026-07"
    closed = desk.decide("close", *july, at=AUGUST_5)
    assert (closed.code, closed.facts[0]["type"]) == (0, "period.closed")
    assert desk.decide("close", *july, at=AUGUST_5).out == closed.out
    old, new = desk.memos(AUGUST_5)
    assert (old["status"], old["net_minor"], old["month"]) == ("issued", 60000, "2026-07")
    assert (new["status"], new["net_minor"], new["month"]) == ("proposed", -6000, "2026-08")
    assert [line["amount_minor"] for line in new["lines"]] == [54000, -60000]
    refused = desk.decide("void", ID, "--reason", "why", at=AUGUST_5)
    assert (refused.code, "closed" in refused.err) == (2, True)
    assert desk.decide("issue", at=AUGUST_5).facts[0]["data"]["number"] == "JO-CN-000002"
    assert sum(memo["net_minor"] for memo in desk.memos(AUGUST_5)) == 54000
    xml = desk.ask("export", "--memo", "JO-CN-000002", "--format", "ubl", at=AUGUST_5).out
    assert broken(xml) == []
    assert "<cbc:InvoiceTypeCode>383<" in xml


def test_a_voided_memo_leaves_its_number(desk: Desk) -> None:
    """What is owed is proposed again under the next one."""
    desk.decide("issue")
    voided = desk.decide("void", ID, "--reason", "wrong address")
    assert desk.decide("void", ID, "--reason", "wrong address").out == voided.out
    told = [(memo["number"], memo["status"]) for memo in desk.memos()]
    assert told == [("JO-CN-000001", "voided"), ("JO-CN-000002", "proposed")]


def test_nothing_is_decided_out_of_order(desk: Desk) -> None:
    """Not before what is in the ledger, not into another folder, not in a month that is not over."""
    desk.decide("issue", at=JULY_10)
    earlier = desk.decide("issue", at=JULY_1)
    assert (earlier.code, "goes on after" in earlier.err) == (2, True)
    elsewhere = desk.ask("issue", "--into", str(desk.folder.parent / "elsewhere.jsonl"), at=JULY_10)
    assert (elsewhere.code, "not among" in elsewhere.err) == (2, True)
    other = desk.ask("issue", "--into", str(desk.folder / "credits.json"), at=JULY_10)
    assert (other.code, ".jsonl" in other.err) == (2, True)
    for words, why in (
        (["--entity", "justopex-us", "--month", "2026-07"], "not over"),
        (["--entity", "northwind", "--month", "2026-06"], "no legal entity"),
        (["--entity", "justopex-us", "--month", "June"], "2026-06"),
    ):
        refused = desk.decide("close", *words, at=JULY_10)
        assert (refused.code, why in refused.err) == (2, True), refused
    missing = desk.ask("show", "JO-CN-9", at=JULY_10)
    assert (missing.code, "no credit memo" in missing.err) == (2, True)


def test_a_broken_ledger_decides_nothing(desk: Desk) -> None:
    """A number that stands on two documents is told, and nothing is issued before that is mended."""
    desk.decide("issue")
    fact = json.loads(desk.into.read_text("utf-8"))
    fact |= {"id": "other", "subject": "acme-just/refund/2026-04/1"}
    fact["data"]["document"] |= {"id": fact["subject"], "subject": "2026-04"}
    desk.tell(fact)
    listed = desk.ask("list")
    assert (listed.code, "error[credit-number]" in listed.err) == (2, True)
    refused = desk.decide("issue")
    assert (refused.code, "nothing is decided" in refused.err) == (2, True)


def test_exports_are_written(desk: Desk, tmp_path: Path) -> None:
    """One file for each memo, or one of all; what a form cannot say is told, and the exit code says so."""
    assert desk.ask("export").out.startswith("number,memo,status")
    desk.decide("issue")
    folder = tmp_path / "out"
    assert desk.ask("export", "--format", "ubl", "--out", str(folder)).code == 0
    assert broken((folder / "JO-CN-000001.xml").read_text("utf-8")) == []
    assert desk.ask("export", "--format", "stripe").record["invoice"] == "JO-2026-0517"
    assert desk.ask("export", "--out", str(tmp_path / "all.csv")).code == 0
    assert (tmp_path / "all.csv").read_text("utf-8").count("JO-CN-000001") == 1
    unknown = desk.ask("export", "--format", "edifact")
    assert (unknown.code, "csv, stripe, ubl" in unknown.err) == (2, True)


def test_a_proposal_is_not_exported(desk: Desk) -> None:
    """A document that was never issued has a number that another one may get."""
    refused = desk.ask("export", "--memo", ID, "--format", "ubl")
    assert (refused.code, "issue it first" in refused.err, refused.out) == (2, True, "")


def test_the_month_end_tells_what_is_to_come(desk: Desk) -> None:
    """A granted credit is certain; once it is issued, nothing is to come."""
    told = desk.ask("accrual", "--month", "2026-06", "--format", "json").record
    (one,) = told["accruals"]
    assert (one["least_minor"], one["most_minor"], one["expected_minor"]) == (60000, 60000, 60000)
    assert told["sums"][0]["expected_minor"] == 60000
    desk.decide("issue")
    assert desk.ask("accrual", "--month", "2026-06").out == "Nothing is to come at the end of 2026-06.\n"
    assert desk.ask("accrual", "--month", "2026-13").code == 2


def test_open_credits_age(desk: Desk) -> None:
    """Granted on 2 June, on 5 August it is 63 days old; applied, it is gone."""
    desk.decide("issue")
    (row,) = desk.ask("ageing", "--format", "json", at=AUGUST_5).record
    assert [band["amount_minor"] for band in row["bands"]] == [0, 0, 60000, 0]
    assert "61-90 days" in desk.ask("ageing", at=AUGUST_5).out
    for invoice, amount in (("JO-2026-0612", "200"), ("JO-2026-0517", "400")):
        desk.decide("apply", ID, "--invoice", invoice, "--amount", amount)
    assert desk.ask("ageing", at=AUGUST_5).out == "Nothing is granted that is not applied.\n"


@pytest.mark.slow
def test_the_shipped_month_runs_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was granted in June is issued, each legal entity from 1 on, and every document validates."""
    into = tmp_path / "credits.jsonl"
    book = [str(ROOT / "agreements"), str(ROOT / "demo"), str(tmp_path)]
    assert main(["credit", "issue", *book, "--at", JULY_1, "--into", str(into)]) == 0
    numbers = {json.loads(line)["data"]["number"] for line in capsys.readouterr().out.splitlines()}
    assert numbers == {"JO-CN-000001", "CT-CN-000001"}
    for form, count in (("ubl", 2), ("stripe", 2)):
        out = tmp_path / form
        assert main(["credit", "export", *book, "--at", JULY_1, "--format", form, "--out", str(out)]) == 0
        assert len(list(out.iterdir())) == count
    capsys.readouterr()
    for path in (tmp_path / "ubl").iterdir():
        assert broken(path.read_text("utf-8")) == []
    assert main(["credit", "list", *book, "--at", JULY_1, "--format", "json"]) == 0
    expected = [one["id"] for one in json.loads(capsys.readouterr().out) if one["status"] == "expected"]
    assert "contoso-sivo/credit/2026-06/1" in expected
    # Nobody claimed April in time, and Acme's claim for it was rejected: neither is to come.
    assert not [name for name in expected if "2026-04" in name]
