"""Two customers whose subjects have the same ids: each is told what they are told where no id is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from tests.book.stated import AGREEMENT, replaced
from tests.core.worlds import at, fact
from upheld.book.answers import claims_answer, report_answer
from upheld.book.claims import claimable, claims
from upheld.book.due_answer import due_answer, lying_ahead
from upheld.book.evaluate import evaluate
from upheld.book.explain import explain
from upheld.book.explained import explained_record
from upheld.book.statement import statement
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.files.folder import Folder, read_book
from upheld.render.record_values import dumps

TERMS: Final = AGREEMENT.replace(
    "deadline:\n",
    """
quota:
  urgent:
    {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary, refund: provider reclassifies}
claim: {needed: true, about: period, decision: beside the verdict}
deadline:
  report: {of: incident, from: declared, until: report_sent, within: 5d}
  done: {of: task, from: submitted, until: finished, within: 1d}
  decided: {of: claim, from: filed, until: determined, within: 5d}
""",
)
PAID: Final = "from: 2026-01-01, currency: EUR, fees: {month: 1000.00 EUR}"
WHEN: Final = at("Mon 07-20 00:00")


@cache
def texts() -> Folder:
    """The agreement with both customers' contracts."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "agreement.yaml").write_text(TERMS)
        for name in ("lynx", "zebra"):
            text = f"contract: {{id: {name}, customer: of {name}, agreement: acme, {PAID}}}\n"
            (Path(folder) / f"{name}.yaml").write_text(text)
        found = read_book([Path(folder)])
    assert not [one for one in found.findings if one.severity == "error"], found.findings
    return found


SHARED: Final = (
    fact("incident.declared", "Tue 06-09 10:00", "I-1", "i1", components=["api", "voice"], severity="S1"),
    fact("incident.resolved", "Tue 06-09 12:00", "I-1", "i2"),
    fact(
        "maintenance.announced", "Mon 06-01 08:00", "M-1", "m1", kind="scheduled",
        starts_at="2026-06-09T10:00:00Z", ends_at="2026-06-09T10:30:00Z", components=["api", "voice"],
    ),
)  # fmt: skip
"""What happened to both."""


def of(contract: str, minute: int, ids: str = "") -> list[Fact]:
    """A month of a customer, whose name is in all that is said; what it is about is called so, and so on."""
    facts: list[Fact] = []

    def tell(type_: str, when: str, subject: str, **data: object) -> None:
        said = {"contract": contract, "note": f"secret of {contract}", "actor": f"Kim of {contract}", **data}
        facts.append(fact(type_, f"{when}:{minute:02}", subject + ids, f"{contract}-{len(facts)}", **said))

    tell("ticket.opened", "Mon 06-08 10", "T-1", priority="P1")
    tell("ticket.waiting_started", "Mon 06-08 11", "T-1", **{"for": "customer"})
    tell("ticket.waiting_ended", "Mon 06-08 12", "T-1")
    tell("ticket.replied", "Mon 06-08 15", "T-1")
    tell("ticket.opened", "Tue 06-09 10", "T-2", priority="P1")
    tell("ticket.classified", "Tue 06-09 11", "T-2", priority="P2", by="provider")
    tell("task.submitted", "Wed 06-10 10", "K-1")
    tell("task.finished", "Thu 06-11 10", "K-1")
    # What is about a thing of all, and said to one of them; and a ticket that is called as that thing.
    tell("incident.updated", "Tue 06-09 11", "I-1")
    tell("incident.report_sent", "Wed 06-10 09", "I-1")
    tell("maintenance.changed", "Mon 06-08 07", "M-1", kind="scheduled")
    tell("attribution.recorded", "Thu 06-11 11", "A-1", target=f"I-1{ids}", cause="carrier", party="provider")
    tell("ticket.opened", "Fri 06-12 10", "I-1", priority="P3")
    tell("contract.invoice_issued", "Wed 07-01 09", contract, invoice="F", amount=1000, month="2026-06")
    facts[-1] = replace(facts[-1], subject=contract)
    tell("claim.filed", "Thu 07-02 10", "C-1", about="2026-06")
    tell("claim.determined", "Mon 07-06 10", "C-1", outcome="accepted", reason=f"asked by {contract}")
    return facts


def since(contract: str, ids: str = "") -> list[Fact]:
    """What was told after the statement of June: an earlier reply, and a priority that was wrong."""
    data = {"contract": contract, "note": f"later secret of {contract}"}
    reply = fact("ticket.replied", "Mon 06-08 13:00", f"T-1{ids}", f"{contract}-r", **data)
    data |= {"priority": "P3"}
    wrong = replaced(f"{contract}-0", "Tue 07-21 11:00", f"said {contract}", data=data)
    return [replace(reply, recorded_at=at("Tue 07-21 10:00")), wrong]


def answers(contract: str, told: Sequence[Fact], since: Sequence[Fact]) -> dict[str, str]:
    """Everything that the customer of a contract is told, and the statement after more was told."""
    book = replace(texts(), log=FactLog(told))
    report = evaluate(book, WHEN, contracts=[contract])
    later = replace(book, log=FactLog([*told, *since]))
    first = statement(book, contract, "2026-06", WHEN)
    found = {
        "verdicts": report_answer(book, report, ()),
        "due": due_answer(lying_ahead(book, report, None, contract)),
        "claims": claims_answer(report, claims(book, report), claimable(book, report)),
        "statement": first.text,
        "restated": statement(later, contract, "2026-06", WHEN, None, first).text,
    }
    for number, _, verdict in report.numbered():
        explained = [explained_record(one) for one in explain(book, report, f"#{number}")]
        found[f"why {verdict.key.commitment} {verdict.key.subject}"] = dumps(explained)
    return {name: text if isinstance(text, str) else dumps(text) for name, text in found.items()}


@pytest.mark.parametrize("minutes", [(0, 30), (30, 0)])
def test_each_is_told_what_is_told_where_no_id_is_shared(minutes: tuple[int, int]) -> None:
    """Every answer, to the byte, whoever began first; and no word, name or id of the other is in any."""
    mine, theirs, elsewhere = (
        of("lynx", minutes[0]),
        of("zebra", minutes[1]),
        of("zebra", minutes[1], "-of-zebra"),
    )
    shared = answers("lynx", (*SHARED, *mine, *theirs), (*since("lynx"), *since("zebra")))
    apart = answers("lynx", (*SHARED, *mine, *elsewhere), (*since("lynx"), *since("zebra", "-of-zebra")))
    for name, text in shared.items():
        assert text == apart[name], name
    assert len(shared) > 10
    for name, text in shared.items():
        assert "zebra" not in text, name
    assert "secret of lynx" in shared["statement"]
    assert "secret of lynx" in shared["why response T-1"]
