"""Contracts under the shipped agreements."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from upheld.files.folder import Folder, read_book

from .small import Small, Under

AGREEMENTS = Path(__file__).parents[2] / "agreements"


@pytest.fixture(scope="session")
def book_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str, tuple[str, ...]], Folder]:
    """The book of an agreement and the text of a contract that may change to some plans, read once."""
    books: dict[tuple[str, str, tuple[str, ...]], Folder] = {}

    def read(agreement: str, contract: str, plans: tuple[str, ...]) -> Folder:
        key = agreement, contract, plans
        if key not in books:
            path = tmp_path_factory.mktemp("contract") / "contract.yaml"
            path.write_text(contract, encoding="utf-8")
            facts = path.with_name("plans.jsonl")
            facts.write_text("".join(map(_naming, plans)), encoding="utf-8")
            folder = read_book([AGREEMENTS / f"{agreement}.yaml", path, facts])
            assert not [finding for finding in folder.findings if finding.severity == "error"]
            books[key] = folder
        return books[key]

    return read


def _naming(plan: str) -> str:
    """A fact that names a plan, so that the terms under it are there; a test tells its own."""
    fact = {"specversion": "1.0", "id": plan, "source": "x", "type": "contract.plan_changed"}
    return (
        json.dumps({**fact, "subject": "small", "time": "2026-01-01T00:00:00Z", "data": {"plan": plan}})
        + "\n"
    )


@pytest.fixture
def under(tmp_path: Path, book_of: Callable[[str, str, tuple[str, ...]], Folder]) -> Under:
    """`under("sivo", "Europe/Madrid", plan="pro")`: a contract from 2026-01-01, at 499.00 EUR a month."""

    def make(
        agreement: str,
        zone: str,
        plan: str = "",
        more: str = "",
        override: str = "",
        start: str = "2026-01-01",
        fees: str = "{month: 499.00 EUR}",
        plans: tuple[str, ...] = (),
    ) -> Small:
        lines = ["contract:", "  id: small", "  customer: Acme", f"  agreement: {agreement}"]
        lines += [f"  from: {start}", f"  plan: {plan}" if plan else "", f"  {more}" if more else ""]
        lines += ["  currency: EUR", f"  fees: {fees}"]
        lines += [f"override: {override}" if override else ""]
        text = "".join(f"{line}\n" for line in lines if line)
        return Small(book_of(agreement, text, plans), tmp_path, ZoneInfo(zone))

    return make
