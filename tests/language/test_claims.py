"""The row of claims: what it means where nothing is said, and what does not fit into it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.language.texts import HEAD, findings_of, terms_of
from upheld.core.terms.claim import ClaimRule
from upheld.core.values.frozen import replace
from upheld.core.values.rule import Citation
from upheld.core.values.value import Money

MEASURED = (
    "component: {api: {}}\n"
    "signal: {api: {checks: calls, every: 1m}}\n"
    "indicator: {uptime: {count: checks of api, per: {slice: 5m, good when: good = total}}}\n"
    'commit: {uptime: {level: ">= 99.9 %", per: calendar month}}\n'
    "remedy:\n"
    '  credit: {of: uptime, bands: {"< 99.9 %": 5.00 EUR}}\n'
    "  leave: {of: uptime, unit: termination}\n"
)


def rule(text: str) -> ClaimRule:
    """The rule, without where it stands."""
    found = terms_of(f"{MEASURED}claim: {text}\n").claim
    assert found is not None
    return replace(found, cited=Citation())


def test_without_a_row_nothing_has_to_be_claimed() -> None:
    """Whatever deadlines there are."""
    terms = terms_of(MEASURED + "deadline: {filing: {of: claim, until: filed, due: about.end + 30d}}\n")
    assert terms.claim is None
    assert not terms.must_be_claimed("credit")


def test_an_empty_row_means_that_every_credit_is_claimed() -> None:
    """About a period or an item, from the earlier of sent and received, decided beside the verdict."""
    assert rule("{}") == ClaimRule(
        True, (), "either", "earliest", (), "", (), True, "beside the verdict", None, "", ""
    )


def test_every_field_is_read() -> None:
    """And says which remedies are claimed."""
    found = rule(
        "{needed: true, for: [credit], about: period, counts from: received, channel: [email], to: desk, "
        "include: [account, impact], protective: false, decision: final, two decide above: 500.00 EUR, "
        "decided on: logs, doc: in writing}"
    )
    assert found == ClaimRule(
        True, ("credit",), "period", "received", ("email",), "desk", ("account", "impact"), False, "final",
        Money(Fraction(500), "EUR"), "logs", "in writing",
    )  # fmt: skip
    assert (found.is_for("credit"), found.is_for("leave")) == (True, False)


@pytest.mark.parametrize(
    ("code", "text", "line"),
    [
        ("unknown-remedy", "{for: [creditt]}", "there is no remedy `creditt`"),
        ("unit-mismatch", "{for: [leave]}", "`leave` gives the right to terminate, which nobody claims"),
        ("unit-mismatch", "{two decide above: 20 %}", "what two people decide on is an amount of money"),
        ("unit-mismatch", "{two decide above: 3 days}", "what two people decide on is an amount of money"),
        ("unknown-choice", "{about: month}", "`about` cannot be `month`"),
        ("unknown-choice", "{include: [account, name]}", "`include` cannot be `name`"),
        ("unknown-choice", "{needed: no}", "`needed` cannot be `no`"),
        ("unknown-field", "{needs: true}", "needs"),
    ],
)
def test_what_does_not_fit_is_told(code: str, text: str, line: str) -> None:
    """With the place, and a way out."""
    (finding,) = findings_of(f"{HEAD}{MEASURED}claim: {text}\n")
    assert finding.code == code
    assert line in finding.message
    assert finding.way_out
    assert finding.places[0].line
