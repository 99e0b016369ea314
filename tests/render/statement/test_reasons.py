"""What the core says in English is told in every language: reasons, steps, events. The core is walked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import pytest

from upheld.core.claiming.claim import ClaimState
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.remedy import LimitPer
from upheld.render.figures import money
from upheld.render.prose.tongue import Tongue
from upheld.render.statement import settling, vocabulary
from upheld.render.statement.reasons import LIMITS, reason_told

CORE: Final = Path(__file__).parents[3] / "src" / "upheld" / "core"
SAYING: Final = (
    "owing/bill.py", "owing/amounts.py", "owing/credits.py", "owing/entitlement.py", "owing/instalments.py",
    "owing/limits.py", "owing/parts.py", "owing/prospects.py", "owing/standing.py",
    "claiming/deciding.py", "claiming/folding.py",
    "clocks/act.py", "clocks/clock.py", "clocks/covenant.py", "clocks/cycle.py", "evaluating/claims.py",
    "evaluating/clockwork.py", "measuring/level.py", "accounting/proposing.py",
)  # fmt: skip
"""The modules whose sentences stand in a record: of verdicts, credits, claims and memos."""
NOT_SHOWN: Final = {
    "its deadline cannot be told",  # behind the name of a deadline
    "name them as a contact, or let somebody file it whom the contract names",  # a way out, in no record
    "the customer may add it (`claim.supplemented`)",
    "find out when that happened, and correct the claim: `issue_at`",
    "find out what it is about, and correct the claim: `about`",
    # parts of sentences, which are tried whole
    "what it is about",
    "days of service",
    "down, within the limit",
    "left of the limit",
    "left of the limit X",
    "no target is promised X",
    "X by the X",
    "X gives X",
    "the decision of the provider is final",
    "of any value",
    ": the limit per X is used up",
}
"""Sentences that no statement shows as a reason."""


def said(text: str) -> Iterator[str]:
    """Every sentence of a module: a text of three words or more, with X for what is put in."""
    tree = ast.parse(text)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Assert)
        for part in ast.walk(node) if part is not node
    }  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in docs or id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            found = "".join(one.value if isinstance(one, ast.Constant) else "X" for one in node.values)  # type: ignore[misc]  # texts
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = node.value
        else:
            continue
        if found.strip().count(" ") > 1:
            yield found


@pytest.mark.parametrize("module", SAYING)
def test_every_sentence_of_the_core_is_told_in_dutch(module: str) -> None:
    """Its form is known, so that no English stands in a Dutch statement."""
    dutch = Tongue("nl")
    for text in said((CORE / module).read_text("utf-8")):
        filled = re.sub(r"\{\w+\}", "X", text)
        whole = f"{filled}X" if filled.endswith(" ") else filled
        told = reason_told(whole, dutch, lambda amount, currency: f"{amount} {currency}")
        step = any(whole.startswith(start) for start in vocabulary.STEPS_OF) or whole in vocabulary.STEPS
        is_known = told is not None or step or whole.startswith(("at most: ", "band "))
        assert is_known or whole in NOT_SHOWN, f"{module}: {whole!r}"


def test_every_kind_of_fact_claim_and_limit_has_words() -> None:
    """What happened, how far a claim has come, and what a limit is per."""
    assert {name.partition(".")[2] for name in FACT_TYPES} <= set(vocabulary.EVENTS)
    assert set(cast("tuple[str, ...]", ClaimState.__args__)) <= set(settling._CLAIM)
    assert set(LimitPer.__args__) == set(LIMITS)


@pytest.mark.parametrize(
    ("text", "english", "dutch"),
    [
        ("not so: value < 98 %", "not so: “value < 98 %”", "niet zo: “value < 98 %”"),
        (
            "lowered to 300.00 USD when 200.00 USD of it stood on invoices, which stays", None,
            "verlaagd tot 300.00 USD toen er 200.00 USD van op facturen stond, wat blijft staan",
        ),
        (
            "lowered to 300.00 USD, of which 200.00 USD was given before", None,
            "verlaagd tot 300.00 USD, waarvan 200.00 USD al was gegeven",
        ),
        (
            "nothing more of it is owed, and the 9.00 USD given before is not reclaimed", None,
            "er is niets meer van verschuldigd, en de 9.00 USD die al was gegeven, wordt niet teruggevorderd",
        ),
        (
            "the contract has ended and no invoice comes any more, so 200.00 USD is lost", None,
            "het contract is geëindigd en er komt geen factuur meer, dus 200.00 USD vervalt",
        ),
        (
            "the decision of the provider is final: partly",
            "the decision of the provider is final: partly accepted",
            "het besluit van de leverancier is bindend: gedeeltelijk toegekend",
        ),
        (
            "what is owed is not what was issued; it is not granted", None,
            "wat verschuldigd is, is niet wat is verstuurd; het is niet toegekend",
        ),
        (
            "uptime was not missed in 2 of the last 3 periods", None,
            "uptime is niet in 2 van de laatste 3 tijdvakken gemist",
        ),
        ("cancelled by the provider", None, "geannuleerd door de leverancier"),
        ("no target is promised any more", None, "er is geen termijn meer toegezegd"),
        ("refund gives more; credit gives first", None, "refund geeft meer; credit geeft eerder"),
        ("waiting for the customer", None, "wachten op de klant"),
        ("nobody has ever said this", "", ""),
    ],
)  # fmt: skip
def test_a_reason_is_told_by_its_form(text: str, english: str | None, dutch: str) -> None:
    """The names in it stay; what has words of its own is told in them; a form that nobody knows is none."""
    for language, expected in (("en", text if english is None else english), ("nl", dutch)):
        told = reason_told(text, Tongue(language), lambda amount, currency: f"{amount} {currency}")
        assert (told or "") == expected


def test_an_amount_in_a_reason_is_written_as_money() -> None:
    """As everywhere on the page of a language."""
    text = "lowered to 350 EUR when 400.00 EUR of it stood on invoices, which stays"
    told = reason_told(text, Tongue("en"), lambda amount, currency: f"<{amount} {currency}>")
    assert told == "lowered to <350 EUR> when <400.00 EUR> of it stood on invoices, which stays"
    assert money(None, "EUR") == "not known"
