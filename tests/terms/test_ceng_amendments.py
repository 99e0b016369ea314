"""CENG: the provider may change the terms; nothing is said of a notice."""

from __future__ import annotations

from .amended import amended, held, starts


def test_ceng_8_a_change_holds_from_its_publication() -> None:
    """And a quarter that is being measured ends under the level under which it began."""
    one = amended("ceng", ("99.99 %", "99.98 %"), contract="from: 2025-10-01", published="2026-07-15")
    assert starts(one) == "2026-07-15"
    commits = [step for step in one.steps if step.kind == "commit"]
    assert {step.order for step in commits} == {"worse"}
    assert held(one, commits[0].commitment)[-1] == ("new", "2026-10-01")
