"""Conditions, instants and events in plain words, in both languages."""

from __future__ import annotations

import pytest

from upheld.core.terms.agreement import Attribute, EventMatch, EventType, QuotaRule, Scale, Terms
from upheld.core.timeline.calendar import Always, compile_calendar
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.expression import Expr
from upheld.core.values.finding import Place
from upheld.core.values.frozen import replace
from upheld.core.values.value import DURATION, INSTANT, MONEY, NUMBER, TEXT, TRUTH, Type, choice, list_of
from upheld.language.expression import parse_expression
from upheld.language.zones import zone_named
from upheld.render.prose.conditions import Phrases
from upheld.render.prose.tongue import Tongue

ZONE = zone_named("UTC", 2026, 2026)
ALWAYS = compile_calendar("always", Always(ZONE), 2026, 2026)
TERMS = Terms(
    "a",
    "1",
    "Northwind",
    "UTC",
    {"always": ALWAYS},
    attributes=(
        Attribute("shared", "attribution", "truth", doc="several are hit; the page says no more"),
        Attribute("cause", "attribution", "text", ("carrier", "war")),
        Attribute("big_one", "ticket", "truth"),
    ),
    events={"claim.explained": EventType("claim.explained", "claim", "the customer is told the cause; soon")},
    scales=(Scale("priority", "ticket", {"P1": "down", "P2": "the rest"}),),
)
NAMES: dict[str, Type] = {
    "priority": choice("P1", "P2"),
    "kind": TEXT,
    "cause": TEXT,
    "contracted_by": choice("provider", "customer"),
    "party": choice("provider", "customer", "third party", "none"),
    "shared": TRUTH,
    "big_one": TRUTH,
    "interruption": TRUTH,
    "ok": TRUTH,
    "code": TEXT,
    "status": NUMBER,
    "good": NUMBER,
    "total": NUMBER,
    "latency": DURATION,
    "components": list_of(TEXT),
    "quota.urgent": choice("within", "beyond", "charged", "refused", "none"),
    "starts_at": INSTANT,
    "ends_at": INSTANT,
    "filed": INSTANT,
    "issue_at": INSTANT,
    "received_at": INSTANT,
    "claim.explained": INSTANT,
    "complaints": NUMBER,
    "value": Type("ratio"),
    "level": Type("ratio"),
    "fee.plan": MONEY,
}


def parsed(text: str, expect: Type | None = TRUTH) -> Expr:
    """The expression of a text that is sound."""
    expr, findings = parse_expression(text, Place("t"), NAMES, expect=expect)
    assert expr is not None, findings
    return expr


@pytest.mark.parametrize(
    ("of", "text", "english", "dutch"),
    [
        ("ticket", "priority = P1", "the priority is P1", "de prioriteit P1 is"),
        (
            "ticket",
            "priority not in [P1, P2]",
            "the priority is not P1 or P2",
            "de prioriteit niet P1 of P2 is",
        ),
        ("ticket", "kind = incident", "the kind of ticket is “incident”", "het soort ticket “incident” is"),
        (
            "maintenance",
            "kind in [scheduled, 'high risk'] and interruption",
            "it is scheduled work or high-risk work and the service is interrupted",
            "het om gepland onderhoud of risicovol onderhoud gaat en de dienst wordt onderbroken",
        ),
        (
            "attribution",
            "cause = carrier and contracted_by = customer",
            "the cause is “carrier” and the third party was contracted by you",
            "de oorzaak “carrier” is en de derde door u is ingeschakeld",
        ),
        (
            "attribution",
            "cause = war or cause = carrier and shared",
            "the cause is “war”, or the cause is “carrier” and it is recorded that “several are hit”",
            "de oorzaak “war” is, of de oorzaak “carrier” is en “several are hit” is vastgelegd",
        ),
        (
            "attribution",
            "party != provider",
            "the cause does not lie with Northwind",
            "de oorzaak niet bij Northwind ligt",
        ),
        ("attribution", "not shared", "it is not recorded that “several are hit”", None),
        ("ticket", "big_one", "it is recorded that “big one”", "“big one” is vastgelegd"),
        (
            "ticket",
            "not (priority = P1 and big_one)",
            "it is not the case that the priority is P1 and it is recorded that “big one”",
            None,
        ),
        ("ticket", "not priority = P1", "the priority is not P1", None),
        (
            "ticket",
            "not (priority = P1 and big_one) and interruption",
            (
                "(it is not the case that the priority is P1 and it is recorded that “big one”) and "
                "the service is interrupted"
            ),
            None,
        ),
        (
            "ticket",
            "not (priority = P1 or big_one) or interruption",
            (
                "(it is not the case that the priority is P1 or it is recorded that “big one”), or "
                "the service is interrupted"
            ),
            None,
        ),
        ("checks", "code is known", "the error code has been recorded", "de foutcode is vastgelegd"),
        (
            "checks",
            "status in 200..299",
            "the status answered is from 200 to 299",
            "de status van het antwoord tussen 200 en 299 ligt, grenzen inbegrepen",
        ),
        ("checks", "latency < 2s", "the time taken to answer is less than 2 seconds", None),
        (
            "slice",
            "good / total >= 99 %",
            "the share of good observations is at least 99 %",
            "het aandeel goede waarnemingen ten minste 99 % is",
        ),
        ("slice", "good = total", "all observations are good", "alle waarnemingen goed zijn"),
        ("slice", "good > 0", "at least one observation is good", "ten minste één waarneming goed is"),
        (
            "ticket",
            "quota.urgent in [within, charged]",
            "it falls within the allowance “urgent” or it is charged beyond the allowance “urgent”",
            None,
        ),
        (
            "ticket",
            "quota.urgent not in [within]",
            "it does not fall within the allowance “urgent”",
            "het ticket niet binnen het inbegrepen aantal van “urgent” valt",
        ),
        ("maintenance", "'web' in components", "the list of components includes “web”", None),
        (
            "remedy",
            "value < level and complaints > 0",
            "what was measured is less than the level promised and at least one complaint was filed in time",
            None,
        ),
        (
            "maintenance",
            "starts_at < ends_at",
            "the moment that the work is due to begin is before the moment that the work is due to end",
            None,
        ),
        ("ticket", "true", "every case counts", "elk geval meetelt"),
        ("ticket", "not true", "no case counts", "geen enkel geval meetelt"),
    ],
)
def test_a_condition_is_a_clause(of: str, text: str, english: str | None, dutch: str | None) -> None:
    """It follows a word such as if; values of the language are translated, those of the agreement quoted."""
    for language, expected in (("en", english), ("nl", dutch)):
        said = Phrases(TERMS, Tongue(language), of).condition(parsed(text))
        assert said
        if expected is not None:
            assert said == expected


def test_grouping_can_be_heard() -> None:
    """An `or` inside an `and` stands in parentheses, since words have no precedence."""
    said = Phrases(TERMS, Tongue("en"), "checks").condition(parsed("ok and (code is missing or code != x)"))
    assert (
        said == "the check succeeds and (the error code has not been recorded or the error code is not “x”)"
    )
    other = Phrases(TERMS, Tongue("en"), "checks").condition(parsed("ok and code is missing or code != x"))
    assert (
        other == "the check succeeds and the error code has not been recorded, or the error code is not “x”"
    )


@pytest.mark.parametrize(
    ("of", "text", "english", "dutch"),
    [
        (
            "maintenance",
            "starts_at - 48h",
            "48 hours before the work is due to begin",
            "48 uur voordat het werk volgens planning begint",
        ),
        (
            "claim",
            "issue_at + 5 business days of weekdays",
            "5 business days of the calendar “weekdays” after the matter claimed for occurs",
            (
                "5 werkdagen van de kalender “weekdays” "
                "na het moment waarop het voorval plaatsvindt waarvoor wordt geclaimd"
            ),
        ),
        (
            "claim",
            "min(filed + 2d, received_at)",
            None,
            (
                "het vroegste van 2 dagen na het moment waarop de claim wordt ingediend en "
                "het moment waarop de claim aankomt"
            ),
        ),
        ("claim", "filed + 2d + 4h", "4 hours later than 2 days after the claim is filed", None),
    ],
)
def test_an_instant_is_so_much_before_or_after_something(
    of: str, text: str, english: str | None, dutch: str | None
) -> None:
    """The anchor is said as what happens then."""
    if english is not None:
        assert Phrases(TERMS, Tongue("en"), of).instant(parsed(text, INSTANT)) == english
    if dutch is not None:
        assert Phrases(TERMS, Tongue("nl"), of).instant(parsed(text, INSTANT)) == dutch


def test_values_are_exact_and_calculations_can_be_read() -> None:
    """Percentages, money and lengths in the form of the language; sums in parentheses inside products."""
    say = Phrases(TERMS, Tongue("nl"), "remedy").value
    assert say(parsed("12.5 %", None)) == "12,5 %"
    assert say(parsed("fee.plan * (level - value)", None)) == (
        "de vergoeding “plan” maal (het toegezegde niveau min de gemeten waarde)"
    )
    assert Phrases(TERMS, Tongue("en"), "remedy", {"value": "the uptime"}).value(parsed("value", None)) == (
        "the uptime"
    )


def test_what_a_quota_never_says_is_not_said() -> None:
    """Of an allowance beyond which all is ordinary, nothing is charged."""
    rule = QuotaRule("urgent", parsed("priority = P1"), 1, PeriodRule("calendar month", ZONE), "ordinary")
    condition = parsed("kind = incident and quota.urgent in [within, charged]")
    assert Phrases(replace(TERMS, quotas=(rule,)), Tongue("en")).condition(condition) == (
        "the kind of ticket is “incident” and it falls within the allowance “urgent”"
    )
    charged = Phrases(replace(TERMS, quotas=(replace(rule, overflow="charged"),)), Tongue("en"))
    assert charged.condition(condition) == (
        "the kind of ticket is “incident” and "
        "(it falls within the allowance “urgent” or it is charged beyond the allowance “urgent”)"
    )


def test_an_event_is_what_happens() -> None:
    """A reply that a person writes and the customer can read is said so; another condition stands behind."""
    human = parsed("party = provider and shared")
    told = EventMatch("replied", frozenset({"ticket.replied"}), human)
    phrases = Phrases(TERMS, Tongue("en"))
    assert phrases.event(EventMatch("resolved", frozenset({"ticket.resolved"}))) == "the ticket is resolved"
    assert phrases.event(told).startswith("Northwind replies (if the cause lies with Northwind and ")
    both = (
        EventMatch("workaround", frozenset({"ticket.workaround"}), parsed("priority = P1")),
        EventMatch("closed", frozenset({"ticket.closed"})),
    )
    assert phrases.events(both) == "a workaround is given (if the priority is P1) or the ticket is closed"
    claim = Phrases(TERMS, Tongue("nl"), "claim")
    assert claim.event(EventMatch("explained", frozenset({"claim.explained"}))) == (
        "“the customer is told the cause” is vastgelegd"
    )
