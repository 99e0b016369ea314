"""Every figure and every amount of the demo month can be followed to slices, exclusions and facts."""

from __future__ import annotations

from collections import Counter

import pytest

from upheld.book.explain import CreditExplanation, Explanation, explain

from .test_demo import PROVIDERS, month

pytestmark = pytest.mark.slow  # opens a month of probes


def explained(provider: str) -> list[Explanation]:
    """The explanations of what was measured under the agreement of a provider."""
    book, report = month()
    numbers = [n for n, terms, v in report.numbered() if terms.agreement == provider and v.measurement]
    found = [one for n in numbers for one in explain(book, report, f"#{n}")]
    return [one for one in found if isinstance(one, Explanation)]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_figure_is_made_of_its_stretches_and_items(provider: str) -> None:
    """What was down, degraded, unknown or excluded is told stretch by stretch, or item by item."""
    found = explained(provider)
    assert bool(found) == (provider != "intg"), "integrations support promises no availability"
    for one in found:
        measured = one.verdict.measurement
        assert measured is not None
        told: Counter[tuple[str, str]] = Counter()
        for stretch in one.trace.stretches:
            told[stretch.part, stretch.by] += stretch.length_us
        for item in one.trace.items:
            told[item.part, item.by] += 1
        for part in (part for leaf in measured.ends for part in leaf.parts):
            # Where observations are counted, a part counts them, and its stretches are when they were.
            counts_itself = measured.unit == "time" or part.subjects
            told[part.name, part.by] -= part.amount if counts_itself else part.spans.length
        followed = ("down", "degraded", "unknown", "excluded")
        assert {key: n for key, n in told.items() if n and key[0] in followed} == {}, one.verdict.key


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_down_shows_its_slices_and_what_is_excluded_its_facts(provider: str) -> None:
    """No stretch stands alone: behind it are bad slices, or the facts of the exclusion that took it."""
    for one in explained(provider):
        for stretch in one.trace.stretches:
            if stretch.part == "down":
                assert any(row.good < row.total for row in stretch.slices), (one.verdict.key, stretch)
            if stretch.part == "excluded" and stretch.by != "beta":  # that one stands in the contract
                assert stretch.facts, (one.verdict.key, stretch)


def test_an_amount_is_made_of_its_lines() -> None:
    """From the value over band and base to the amount, for each credit that is owed."""
    book, report = month()
    owed = [(n, credit) for n, _, credit in report.numbered_credits() if credit.state == "owed"]
    assert len(owed) >= 5
    for number, credit in owed:
        (one,) = explain(book, report, f"#{number}")
        assert isinstance(one, CreditExplanation)
        assert one.verdict is not None
        assert one.verdict[1].key.commitment == credit.commitment
        what = [line.what for line in credit.lines]
        assert what[0] == "value"
        assert "level" in what
        last = [line for line in credit.lines if line.what != "between"][-1]
        assert last.low == last.high == credit.amount
        assert sum(part.amount for part in credit.instalments) == credit.amount
    refund = next(credit for _, credit in owed if credit.key.contract == "acme-just")
    assert [line.fact for line in refund.lines if line.what == "base"] == [refund.facts[0]]
