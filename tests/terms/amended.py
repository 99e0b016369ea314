"""A shipped agreement and an edited version of it, asked from when the new one holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.book.diff_worlds import tree
from upheld.book.amend import Asked, Succession, amend
from upheld.book.diff import Version
from upheld.core.terms.agreement import ALWAYS
from upheld.files.folder import read_agreement_file

AGREEMENTS = Path(__file__).parents[2] / "agreements"


def amended(
    name: str, *edits: tuple[str, str], contract: str, published: str, taking: tuple[str, str] | None = None
) -> Succession:
    """What a version with these edits of the text is for one contract; `taking` another reading in both."""
    text = (AGREEMENTS / f"{name}.yaml").read_text("utf-8")
    if taking is not None:
        assert f"take: {taking[0]}\n" in text
        text = text.replace(f"take: {taking[0]}\n", f"take: {taking[1]}\n")
    new = text.replace("\n  version: ", "\n  version: new-", 1)
    for old, instead in edits:
        assert old in new, old
        new = new.replace(old, instead)
    lock = read_agreement_file(AGREEMENTS / f"{name}.yaml")[0]
    assert lock is not None
    versions = [Version(tree(each), lock.lock) for each in (new, text)]
    bound = f"contract: {{id: c1, customer: Acme, agreement: {name}, {contract}}}"
    asked = Asked(versions[0], [versions[1]], [tree(bound)], (), date.fromisoformat(published))
    found, findings = amend(asked)
    assert found is not None, findings
    assert [finding for finding in findings if finding.severity == "error"] == []
    return found.successions[0]


def held(one: Succession, commitment: str) -> list[tuple[str, str]]:
    """The versions of a commitment with the days from which they hold; the new one is `new`."""
    zone = one.terms.calendars[ALWAYS].rule.zone
    step = next(step for step in one.steps if step.commitment == commitment)
    names = ("new" if version.startswith("new-") else "old" for version, _ in step.versions)
    return [(name, str(zone.date_at(at))) for name, (_, at) in zip(names, step.versions, strict=True)]


def starts(one: Succession) -> str:
    """The first day of the new version."""
    assert one.starts_at is not None
    return str(one.terms.calendars[ALWAYS].rule.zone.date_at(one.starts_at))
