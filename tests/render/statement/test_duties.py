"""What of the duties a statement tells: reports, a register, a right to leave, allowances, contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import run_upheld

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


def told(language: str, *paths: str, contract: str, period: str, at: str) -> str:
    """A statement as text."""
    words = [*(str(ROOT / path) for path in paths), contract, "--period", period, "--at", at]
    code, text = run_upheld(["statement", *words, "--language", language])
    assert code == 0, text
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("I-1 major Tue 9 Jun 2026 20:00 no limit is promised owed",
                "K-1 Wed 17 Jun 2026 22:00 Thu 18 Jun 2026 07:30 the customer deploy key of acme breached",
                "Thu 30 Jul 2026 24:00 Mon 20 Jul 2026 12:00 Mon 31 Aug 2026 24:00 used")),
        ("nl", ("er is geen grens beloofd verschuldigd", "de klant deploy key of acme", "gebruikt")),
    ],
)  # fmt: skip
def test_reports_the_register_and_a_right_to_leave_are_told(language: str, texts: tuple[str, ...]) -> None:
    """In both languages, from the record alone."""
    text = told(language, "examples/leaving", contract="acme", period="2026-06", at="2026-08-01T00:00:00Z")
    for one in texts:
        assert one in text, one


def test_what_an_agreement_has_none_of_is_not_told() -> None:
    """An agreement without duties has no such section."""
    text = told("en", "examples/requests", contract="acme", period="2026-06", at="2026-08-01T00:00:00Z")
    assert "Reports on incidents" not in text
    assert "never to happen" not in text


def test_allowances_and_contacts_are_told() -> None:
    """Of the shipped month under INTG."""
    text = told("en", "agreements/intg.yaml", "demo/intg", contract="acme-integrations", period="2026-06",
                at="2026-07-01T00:00:00Z")  # fmt: skip
    assert "Named contacts, of" in text
    assert "urgent of June 2026" in text


def test_when_something_happened_is_not_known_in_the_register_either(tmp_path: Path) -> None:
    """As the first page says: the register does not give when it was learned of for when it happened."""
    for path in (ROOT / "examples" / "leaving").iterdir():
        text = path.read_text("utf-8").replace('"happened_at": "2026-06-17T22:00:00Z", ', "")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    asked = ["acme", "--period", "2026-06", "--at", "2026-08-01T00:00:00Z"]
    code, text = run_upheld(["statement", str(tmp_path), *asked])
    shown = " ".join(text.split())
    assert code == 0
    assert "when it happened is not known, so it counts when it was learned of" in shown
    assert "K-1 not known Thu 18 Jun 2026 07:30 the customer deploy key of acme breached" in shown
    code, text = run_upheld(["evaluate", str(tmp_path), "--at", asked[-1]])
    assert "counts from Thu 2026-06-18 07:30" in " ".join(text.split())


def test_a_duty_that_was_never_done_has_no_empty_table() -> None:
    """Nothing happened of a review that was owed until the end of the contract year: no table says so."""
    text = told("en", "agreements/intg.yaml", "demo/intg/acme.yaml", contract="acme-integrations",
                period="2027-04", at="2027-05-02T00:00:00Z")  # fmt: skip
    assert "health review of contract year 2026-05-01: breached" in text
    assert "When What Fact" not in text
