"""Worked examples as a customer reads them: small agreements, with the sentences in English and Dutch."""

from __future__ import annotations

from datetime import date

import pytest

from tests.language.texts import terms_of
from tests.render.prose.reading import HEAD, SHOP, plain
from upheld.book.worked import worked_examples
from upheld.core.facts.fact_types import FACT_TYPES, OPENING
from upheld.core.terms.agreement import Terms
from upheld.core.worked import WorkedClock
from upheld.render.prose.agreement import prose_of
from upheld.render.prose.examples import IN_TIME, STARTED, examples_of
from upheld.render.prose.names import EVENTS
from upheld.render.prose.tongue import Tongue

pytestmark = pytest.mark.slow

PRIORITY = "scale: {priority: {of: ticket, values: {P1: down, P2: slow}}}\n"
OFFICE = (
    "calendar: {office: {zone: Europe/Madrid, open: Mon-Fri 09:00-18:00, holidays: none, business day: 9h}}\n"
)
UPTIME = SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m}}}\n"
ANSWERS = SHOP + "indicator: {answers: {count: latency of shop, combine: percentile 95}}\n"
PROMISED = UPTIME + 'commit: {uptime: {level: ">= 99.9 %", per: calendar month}}\n'
FAST = ANSWERS + 'commit: {answers: {level: "<= 0.25s", per: calendar month}}\n'
BOTH = (
    SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m}},"
    " answers: {count: latency of shop, combine: percentile 95}}\n"
    'commit: {uptime: {level: ">= 99.9 %", per: calendar month},'
    ' answers: {level: "<= 0.25s", per: calendar month}}\n'
)
CONTRACT = (
    "contract: {id: c-1, customer: Acme, agreement: acme, version: 2026-01, from: 2026-02-01,"
    " fees: {month: 499.00 EUR, desk: 1200.00 EUR}}\n"
)


def small(rows: str, contract: str = "") -> Terms:
    """The terms of an agreement of a small provider, in UTC."""
    return terms_of(rows, contract=contract, head=HEAD)


def told(terms: Terms, rule: str, language: str = "en") -> list[str]:
    """The examples of one rule, with ordinary spaces."""
    found = examples_of(rule, terms, Tongue(language), worked_examples(terms))
    return [plain(one.text) for one in found]


def last(terms: Terms, rule: str) -> tuple[str, str]:
    """The last example of a rule in English and in Dutch."""
    return told(terms, rule)[-1], told(terms, rule, "nl")[-1]


# -- clocks ------------------------------------------------------------------------------------------------


def test_a_change_says_who_makes_it_where_that_makes_a_difference() -> None:
    """Yours goes on from the opening, the provider's begins anew: one example of each."""
    terms = small(
        PRIORITY
        + "deadline: {fix: {from: opened, until: resolved, within: {P1: 1h, P2: 4h},"
        + " change: {by customer: keep start, by provider: restart}}}\n"
    )
    *_, yours, theirs = told(terms, "fix")
    assert yours == (
        "A ticket (P2), opened on Tuesday 9 June 2026 at 10:00, becomes P1 on Tuesday 9 June 2026 at 10:30 "
        "because of you: the time then ends on Tuesday 9 June 2026 at 11:00; without the change it would end "
        "on Tuesday 9 June 2026 at 14:00."
    )
    assert "at 10:30 because of Northwind: the time then ends on Tuesday 9 June 2026 at 11:30;" in theirs
    *_, yours, theirs = told(terms, "fix", "nl")
    assert yours == (
        "Een ticket (P2), geopend op dinsdag 9 juni 2026 om 10:00, wordt op dinsdag 9 juni 2026 om 10:30 "
        "door u P1: de termijn eindigt dan op dinsdag 9 juni 2026 om 11:00; zonder de wijziging was dat "
        "dinsdag 9 juni 2026 om 14:00."
    )
    assert "om 10:30 door Northwind P1: de termijn eindigt dan op dinsdag 9 juni 2026 om 11:30;" in theirs


def test_a_change_names_nobody_where_everybody_may_make_it() -> None:
    """One example, and no word of who it was."""
    terms = small(PRIORITY + "deadline: {fix: {from: opened, until: resolved, within: {P1: 1h, P2: 4h}}}\n")
    changes = [one for one in told(terms, "fix") if "becomes" in one]
    assert [one.partition(" the time then")[0] for one in changes] == [
        "A ticket (P2), opened on Tuesday 9 June 2026 at 10:00, becomes P1 on Tuesday 9 June 2026 at 10:30:"
    ]


def test_an_example_has_what_its_rule_asks_for_and_says_so() -> None:
    """What holds unless told otherwise is not said; what does not is, in brackets behind the urgency."""
    terms = small(
        PRIORITY
        + "attribute: {region: {of: ticket, type: text, values: [EU, US], default: EU},"
        + " outage: {of: ticket, type: truth, default: false, doc: nobody can work}}\n"
        + "deadline:\n"
        + "  home: {where: region = EU, from: opened, until: answered, within: 1h}\n"
        + "  away: {where: region = US and outage, from: opened, until: answered, within: {P1: 1h}}\n"
    )
    assert last(terms, "home")[0].startswith("A ticket, opened on")
    english, dutch = last(terms, "away")
    assert english.startswith(
        "A ticket (P1, where it is recorded that “nobody can work”, where “region” has the value “US”), "
    )
    assert dutch.startswith(
        "Een ticket (P1, waarbij “nobody can work” is vastgelegd, waarbij “region” de waarde “US” heeft), "
    )


def test_an_act_names_what_its_rule_asks_for_besides_the_kind_of_work() -> None:
    """Work without interruption has a notice of its own here."""
    terms = small(
        "attribute: {interruption: {of: maintenance, type: truth, default: true}}\n"
        "deadline: {notice: {of: maintenance, where: kind = scheduled and not interruption,"
        " until: announced, due: starts_at - 24h}}\n"
    )
    english, dutch = last(terms, "notice")
    assert english.startswith(
        "Scheduled work (where the service is not interrupted) that begins on Saturday 13 June 2026 at 22:00"
    )
    assert dutch.startswith(
        "Gepland onderhoud (waarbij de dienst niet wordt onderbroken) dat op zaterdag 13 juni 2026 om 22:00"
    )


def test_an_allowance_names_what_counts_towards_it() -> None:
    """Two urgent tickets and one more; of an allowance of nothing only the first beyond it."""
    quota = "quota: {urgent: {where: priority = P1, allow: %s, per: calendar month, overflow: refused}}\n"
    english, dutch = last(small(PRIORITY + quota % 2), "urgent")
    assert english == (
        "The allowance of June 2026 is 2. A ticket (P1), opened on Tuesday 2 June 2026 at 10:00, is the last "
        "one within it. One more, opened on Wednesday 3 June 2026 at 10:00, goes beyond it and is refused."
    )
    assert dutch == (
        "Inbegrepen in juni 2026: 2. Een ticket (P1), geopend op dinsdag 2 juni 2026 om 10:00, valt "
        "er als laatste binnen. Nog een, geopend op woensdag 3 juni 2026 om 10:00, gaat erbovenuit en "
        "wordt geweigerd."
    )
    english, _ = last(small(PRIORITY + quota % 0), "urgent")
    assert english == (
        "The allowance of June 2026 is 0. A ticket (P1), opened on Monday 1 June 2026 at 10:00, goes "
        "beyond it and is refused."
    )


def test_an_event_of_the_agreements_own_is_recorded() -> None:
    """Its words are those of the agreement, and have a verb of ours."""
    terms = small(
        "event: {ticket.arrived: {of: ticket, doc: an engineer is there}}\n"
        "deadline:\n"
        "  arrival: {from: opened, until: ticket.arrived, within: 4h}\n"
        "  repair: {from: ticket.arrived, until: resolved, within: 2h}\n"
    )
    assert last(terms, "arrival") == (
        (
            "A ticket, opened on Friday 5 June 2026 at 16:30: “an engineer is there” is recorded by "
            "Friday 5 June 2026 at 20:30 at the latest."
        ),
        (
            "Een ticket, geopend op vrijdag 5 juni 2026 om 16:30: uiterlijk vrijdag 5 juni 2026 om 20:30 "
            "is “an engineer is there” vastgelegd."
        ),
    )
    assert last(terms, "repair") == (
        (
            "A ticket, for which “an engineer is there” is recorded on Friday 5 June 2026 at 16:30, is "
            "resolved by Friday 5 June 2026 at 18:30 at the latest."
        ),
        (
            "Een ticket, waarvoor op vrijdag 5 juni 2026 om 16:30 “an engineer is there” is vastgelegd, "
            "wordt uiterlijk vrijdag 5 juni 2026 om 18:30 opgelost."
        ),
    )


def test_a_clock_between_events_of_the_language_has_its_verbs() -> None:
    """From a solution to a closing, and from a waiting customer on: no word of the language is quoted."""
    terms = small(
        "deadline:\n"
        "  closing: {from: resolved, until: closed, within: 4h}\n"
        "  merging: {from: opened, until: merged, within: 4h}\n"
    )
    assert last(terms, "closing") == (
        (
            "A ticket, resolved on Friday 5 June 2026 at 16:30, is closed by Friday 5 June 2026 at 20:30 "
            "at the latest."
        ),
        (
            "Een ticket, opgelost op vrijdag 5 juni 2026 om 16:30, wordt uiterlijk vrijdag 5 juni 2026 om "
            "20:30 gesloten."
        ),
    )
    assert last(terms, "merging") == (
        (
            "A ticket, opened on Friday 5 June 2026 at 16:30: the time within which the ticket is merged "
            "into another ends on Friday 5 June 2026 at 20:30."
        ),
        (
            "Een ticket, geopend op vrijdag 5 juni 2026 om 16:30: de termijn waarbinnen het ticket met een "
            "ander wordt samengevoegd, eindigt op vrijdag 5 juni 2026 om 20:30."
        ),
    )


def test_every_event_that_can_begin_a_clock_has_its_words() -> None:
    """Whatever happens to a subject is in the table, so that no name of a type is ever shown."""
    of_subjects = {name for name, type_ in FACT_TYPES.items() if type_.subject in OPENING}
    assert of_subjects == set(STARTED) == set(EVENTS)
    assert set(IN_TIME) <= of_subjects


def test_the_zone_is_told_in_every_kind_of_example_of_an_agreement_with_two() -> None:
    """Hours in Madrid, days in UTC: a reader cannot guess which is meant."""
    terms = small(
        OFFICE
        + PRIORITY
        + "deadline:\n"
        + "  answer: {from: opened, until: answered, within: 1h, on: office}\n"
        + "  fix: {from: opened, until: resolved, within: 4h}\n"
        + "  notice: {of: maintenance, until: announced, due: starts_at - 48h}\n"
        + "  reply: {of: claim, until: determined, due: filed + 2 business days of office}\n"
        + "  filing: {of: claim, until: filed, due: about.end + 10 days}\n"
        + "quota: {urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: refused}}\n"
        + "obligation: {review: {times: 1, per: calendar year}}\n"
    )
    zones = {
        rule: [one.rpartition("Times are those of ")[2] for one in told(terms, rule)]
        for rule in ("answer", "fix", "notice", "reply", "filing", "urgent", "review")
    }
    madrid, utc = "Europe/Madrid.", "UTC."
    assert zones == {
        "answer": [madrid], "fix": [utc], "notice": [utc], "reply": [madrid], "filing": [utc],
        "urgent": [utc], "review": [utc],
    }  # fmt: skip
    assert last(terms, "fix")[1].endswith(" De tijden zijn die van UTC.")


def test_the_zone_is_not_told_where_there_is_only_one() -> None:
    """Everything is in UTC."""
    terms = small("deadline: {fix: {from: opened, until: resolved, within: 4h}}\n")
    assert last(terms, "fix")[0] == (
        "A ticket, opened on Friday 5 June 2026 at 16:30, is resolved by Friday 5 June 2026 at 20:30 at the "
        "latest."
    )


def test_a_holiday_on_which_a_ticket_is_opened_is_told() -> None:
    """Thursday's night shift is at work on Friday morning; Friday's does not come."""
    terms = small(
        "calendar: {nights: {open: Mon-Fri 22:00-06:00, holidays: {add: {2026-06-05: Night off}}}}\n"
        "deadline: {answer: {from: opened, until: answered, within: 2h, on: nights}}\n"
    )
    english, dutch = told(terms, "answer")[0], told(terms, "answer", "nl")[0]
    assert english == (
        "A ticket, opened on Friday 5 June 2026 at 05:30, is answered by Monday 8 June 2026 at 23:30 at the "
        "latest. Holidays in between: Friday 5 June 2026 (Night off)."
    )
    assert dutch.endswith("Feestdagen daartussen: vrijdag 5 juni 2026 (Night off).")


def test_an_instant_that_waits_for_opening_hours_waits_over_their_holidays() -> None:
    """The update is due at once, but nobody is there until the holiday is over."""
    terms = small(
        "calendar: {office: {open: Mon-Fri 09:00-17:00, holidays: {add: {2026-06-08: Feast}}}}\n"
        "every: {updates: {of: incident, from: declared, again: updated, until: resolved,"
        " each: 1h, hours: office}}\n"
    )
    assert "Holidays in between: Monday 8 June 2026 (Feast)." in told(terms, "updates")[0]


def test_the_text_says_when_its_examples_play() -> None:
    """And that nothing in them is true but what follows."""
    terms = small("deadline: {fix: {from: opened, until: resolved, within: 4h}}\n")
    worked = worked_examples(terms)
    for language, name, text in (
        (
            "en",
            "Examples",
            (
                "What happens in them is made up; what follows from it is computed by the rules of this "
                "agreement. They are set in June 2026, unless a holiday or a longer period calls for "
                "other days."
            ),
        ),
        (
            "nl",
            "Voorbeelden",
            (
                "Wat erin gebeurt, is verzonnen; wat daaruit volgt, is berekend met de regels van deze "
                "overeenkomst. Ze spelen in juni 2026, tenzij een feestdag of een langere periode om "
                "andere dagen vraagt."
            ),
        ),
    ):
        prose = prose_of(terms, Tongue(language), {}, worked)
        assert prose.heads[-1] == (name, text)
    assert "Examples" not in dict(prose_of(terms, Tongue("en"), {}).heads)


# -- levels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "budget"),
    [(">= 99.9 %", "43 minutes and 12 seconds"), ("> 99.9 %", "less than 43 minutes and 12 seconds")],
)
def test_a_budget_is_exact(level: str, budget: str) -> None:
    """Strictly above a level, what would reach it is too much already: less than that is left."""
    terms = small(UPTIME + f'commit: {{uptime: {{level: "{level}", per: calendar month}}}}\n')
    assert told(terms, "uptime")[0].endswith(f"; {budget} in April, June, September and November.")


def test_downtime_is_what_counts_as_such() -> None:
    """Two bad slices in a row are none here, so what keeps the level is told without any."""
    terms = small(
        SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m, run: 3}}}\n"
        'commit: {uptime: {level: ">= 99.99 %", per: calendar month}}\n'
    )
    assert last(terms, "uptime") == (
        (
            "Without downtime, June 2026 comes to 100 %: the level is kept. "
            "With 15 minutes of downtime, June 2026 comes to 99.96527 %: the level is not kept."
        ),
        (
            "Zonder uitvaltijd komt juni 2026 uit op 100 %: het niveau is gehaald. "
            "Met 15 minuten uitvaltijd komt juni 2026 uit op 99,96527 %: het niveau is niet gehaald."
        ),
    )


def test_an_outage_beyond_the_hours_that_are_measured_is_no_downtime() -> None:
    """Twice 99 office hours are more than June has left: what is left of it counts."""
    terms = small(
        OFFICE + SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m}, on: office}}\n"
        'commit: {uptime: {level: ">= 50 %", per: calendar month}}\n'
        "remedy: {credit: {of: uptime, base: {fee: month}, formula: (100 % - value) * base}}\n"
    )
    _, twice = told(terms, "credit")
    assert twice.startswith("With 123 hours of downtime, June 2026 comes to 37.87878 %:")  # of 198 hours


def test_a_mean_of_shares_allows_no_downtime() -> None:
    """Its budget is one of slices, which no length of time is."""
    terms = small(
        SHOP + "indicator: {good: {count: checks of shop, per: {slice: 5m}, combine: mean of ratios}}\n"
        'commit: {good: {level: ">= 99.9 %", per: calendar month}}\n'
    )
    (english,) = told(terms, "good")
    assert english == (
        "With 40 minutes of downtime, June 2026 comes to 99.9074 %: the level is kept. "
        "With 45 minutes of downtime, June 2026 comes to 99.89583 %: the level is not kept."
    )


def test_periods_of_a_contract_go_by_the_day_on_which_they_begin() -> None:
    """A billing cycle and a contract year have no name in the calendar."""
    terms = small(
        UPTIME
        + PRIORITY
        + 'commit: {uptime: {level: ">= 99.9 %", per: billing cycle from day 15}}\n'
        + "quota: {urgent: {where: priority = P1, allow: 1, per: contract year, overflow: refused}}\n",
        CONTRACT,
    )
    allowed, measured = told(terms, "uptime")
    assert allowed.startswith(
        "The downtime allowed in 2026: 44 minutes and 38.4 seconds in the billing cycle"
    )
    assert "40 minutes and 19.2 seconds in the billing cycle from 15 February;" in allowed
    assert measured.startswith("With 40 minutes of downtime, the billing cycle from 15 May 2026 comes to")
    assert told(terms, "urgent")[0].startswith(
        "The allowance of the contract year from 1 February 2026 is 1."
    )
    allowed, measured = told(terms, "uptime", "nl")
    assert "40 minuten en 19,2 seconden in de factuurperiode vanaf 15 februari;" in allowed
    assert measured.startswith("Met 40 minuten uitvaltijd komt de factuurperiode vanaf 15 mei 2026 uit op")
    assert told(terms, "urgent", "nl")[0].startswith(
        "Inbegrepen in het contractjaar vanaf 1 februari 2026: 1."
    )


def test_one_failure_is_singular() -> None:
    """One of a thousand keeps the level, two do not."""
    requests = (
        "component: {shop: {}}\nsignal: {page: {of: shop, counts: requests}}\n"
        "indicator: {success: {count: counts of shop, per: {slice: 1h}, combine: ratio of sums}}\n"
        'commit: {success: {level: ">= 99.9 %", per: calendar month}}\n'
    )
    assert last(small(requests), "success") == (
        (
            "With 1 bad observation out of 1,000, June 2026 comes to 99.9 %: the level is kept. With 2 bad "
            "observations out of 1,000, June 2026 comes to 99.8 %: the level is not kept."
        ),
        (
            "Met 1 slechte waarneming van de 1.000 komt juni 2026 uit op 99,9 %: het niveau is gehaald. "
            "Met 2 slechte waarnemingen van de 1.000 komt juni 2026 uit op 99,8 %: het niveau is niet "
            "gehaald."
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "begin", "end", "one", "many"),
    [
        ("ticket", "opened", "answered", "1 late ticket", "2 late tickets"),
        ("task", "submitted", "began", "1 late task", "2 late tasks"),
        ("claim", "filed", "determined", "1 late claim", "2 late claims"),
        ("maintenance", "started", "ended", "1 late maintenance work", "2 late maintenance works"),
    ],
)
def test_items_are_called_by_what_they_are(kind: str, begin: str, end: str, one: str, many: str) -> None:
    """Late items of a deadline, one or two of a thousand."""
    terms = small(
        f"deadline: {{start: {{of: {kind}, from: {begin}, until: {end}, within: 1h}}}}\n"
        "indicator: {share: {count: outcomes of start}}\n"
        'commit: {share: {level: ">= 99.9 %", per: calendar month}}\n'
    )
    english = told(terms, "share")[-1]
    assert english.startswith(f"With {one} out of 1,000, June 2026 comes to 99.9 %")
    assert f"With {many} out of 1,000" in english


def test_items_that_are_counted_say_what_makes_them_count() -> None:
    """Only those of one region are in the figure."""
    terms = small(
        "attribute: {region: {of: task, type: text, values: [EU, US]}}\n"
        "deadline: {start: {of: task, from: submitted, until: began, within: 15m}}\n"
        "indicator: {share: {count: outcomes of start, where: region = EU}}\n"
        'commit: {share: {level: ">= 99 %", per: calendar month}}\n'
    )
    english, dutch = last(terms, "share")
    assert english.startswith(
        "With 1 late task out of 100 (where “region” has the value “EU”), June 2026 comes to 99 %"
    )
    assert dutch.startswith("Met 1 te late taak van de 100 (waarbij “region” de waarde “EU” heeft) komt juni")


def test_the_part_that_fails_is_named_where_each_has_its_own_figure() -> None:
    """And nothing fails where the level allows for nothing."""
    terms = small(
        "component: {all: {each: [a, b]}, a: {}, b: {}}\nsignal: {page: {of: [a, b], checks: it opens}}\n"
        "indicator: {uptime: {count: checks of all, per: {slice: 5m}}}\n"
        'commit: {uptime: {level: ">= 100 %", per: calendar month}}\n'
    )
    assert last(terms, "uptime") == (
        (
            "Without downtime, June 2026 comes to 100 %: the level is kept. With 5 minutes of downtime of "
            "“a”, June 2026 comes to 99.98842 %: the level is not kept."
        ),
        (
            "Zonder uitvaltijd komt juni 2026 uit op 100 %: het niveau is gehaald. Met 5 minuten "
            "uitvaltijd van “a” komt juni 2026 uit op 99,98842 %: het niveau is niet gehaald."
        ),
    )


# -- what is owed ------------------------------------------------------------------------------------------


def test_a_credit_of_a_percentile_speaks_of_the_percentile() -> None:
    """The shortest response time in each band, cut to milliseconds."""
    terms = small(
        FAST + 'remedy: {credit: {of: answers, bands: {"(0.25s, 0.5s]": 10 %, "> 0.5s": 25 %},'
        " base: {fee: month}}}\n"
    )
    assert told(terms, "credit") == [
        (
            "In June 2026, the response time that 95 % of the checks do not exceed is 0.258 seconds: at "
            "an example fee of €1,000.00 a month, you receive €100.00. It is set off against the invoice "
            "of July 2026."
        ),
        (
            "In June 2026, the response time that 95 % of the checks do not exceed is 0.507 seconds: at "
            "an example fee of €1,000.00 a month, you receive €250.00. It is set off against the invoice "
            "of July 2026."
        ),
    ]
    assert told(terms, "credit", "nl")[0] == (
        "In juni 2026 is de responstijd die 95 % van de controles niet overschrijdt 0,258 seconde: bij "
        "een voorbeeldbedrag van € 1.000,00 per maand ontvangt u € 100,00. Het wordt verrekend met de "
        "factuur van juli 2026."
    )


FEES = [
    ("fee: month", CONTRACT, "at your fee of €499.00 a month, you receive €49.90."),
    (
        "fee: [month, desk], yearly: [desk]",
        CONTRACT,
        "at your fee of €499.00 a month and your fee “desk” of €1,200.00 a year, you receive €59.90.",
    ),
    (
        "fee: [desk, year]",
        "",
        (
            "at an example fee “desk” of €1,000.00 a month and an example fee of €12,000.00 a year, "
            "you receive €200.00."
        ),
    ),
    ("invoice: month", CONTRACT, "at an example invoice of €1,000.00 a month, you receive €100.00."),
]


@pytest.mark.parametrize(("base", "contract", "text"), FEES)
def test_an_example_says_every_fee_that_it_assumes(base: str, contract: str, text: str) -> None:
    """Those of the contract, or made-up ones where there is none; by the year if they are yearly."""
    rows = PROMISED + f'remedy: {{credit: {{of: uptime, bands: {{"< 99.9 %": 10 %}}, base: {{{base}}}}}}}\n'
    (found,) = told(small(rows, contract), "credit")
    assert found == (
        f"With 45 minutes of downtime, June 2026 comes to 99.89583 %: {text} "
        "It is set off against the invoice of July 2026."
    )


def test_an_invoice_is_whole_in_the_units_of_its_currency() -> None:
    """A twelfth of ten thousand yen is on an invoice of 834: there is no smaller coin than one."""
    contract = CONTRACT.replace("499.00 EUR, desk: 1200.00 EUR", "1000 JPY, desk: 10000 JPY")
    rows = PROMISED + (
        'remedy: {credit: {of: uptime, bands: {"< 99.9 %": 100 %},'
        " base: {fee: desk, yearly: [desk]}, pay: {floor: 50 %}}}\n"
    )
    assert told(small(rows, contract), "credit") == [
        (
            "With 45 minutes of downtime, June 2026 comes to 99.89583 %: at your fee “desk” of JP¥10,000 a "
            "year and an example invoice of JP¥834 a month, you receive JP¥833. It comes as JP¥417 on the "
            "invoice of July 2026 and JP¥416 on the invoice of August 2026."
        )
    ]


def test_fees_are_told_in_dutch() -> None:
    """Two of a contract, one of them yearly, and two that are made up."""
    rows = (
        PROMISED + 'remedy: {credit: {of: uptime, bands: {"< 99.9 %": 10 %},'
        " base: {fee: [month, desk], yearly: [desk]}}}\n"
    )
    found = [told(small(rows, contract), "credit", "nl")[0] for contract in (CONTRACT, "")]
    begin = "Met 45 minuten uitvaltijd komt juni 2026 uit op 99,89583 %: bij"
    end = "Het wordt verrekend met de factuur van juli 2026."
    own = "uw bedrag van € 499,00 per maand en uw bedrag “desk” van € 1.200,00 per jaar ontvangt u € 59,90."
    made_up = (
        "een voorbeeldbedrag van € 1.000,00 per maand en een voorbeeldbedrag “desk” van € 12.000,00 per jaar "
        "ontvangt u € 200,00."
    )
    assert found == [f"{begin} {own} {end}", f"{begin} {made_up} {end}"]


def test_a_fee_that_only_a_formula_names_is_assumed_too() -> None:
    """No base is asked for; the fee of the phone is."""
    rows = PROMISED + "remedy: {credit: {of: uptime, formula: fee.phone * 2 %}}\n"
    assert told(small(rows), "credit")[0] == (
        "With 45 minutes of downtime, June 2026 comes to 99.89583 %: at an example fee “phone” of "
        "€1,000.00 a month, you receive €20.00. It is set off against the invoice of July 2026."
    )


def test_where_the_first_miss_gives_nothing_a_longer_one_is_shown() -> None:
    """45 minutes miss the level, but the first complete step is four hours: 6 of them pay."""
    terms = small(
        PROMISED + "remedy: {credit: {of: uptime, base: {fee: month},"
        " steps: {each: 4h, of: downtime, give: 5 % of base}}}\n"
    )
    (once,) = told(terms, "credit")
    assert once.startswith("With 6 hours of downtime, June 2026 comes to 99.16666 %:")
    assert "you receive €50.00" in once


def test_nothing_is_assumed_where_nothing_depends_on_it() -> None:
    """A fixed sum that fits on any invoice, and days of service."""
    sums = PROMISED + 'remedy: {credit: {of: uptime, bands: {"< 99.9 %": 30.00 EUR}}}\n'
    assert told(small(sums), "credit") == [
        (
            "With 45 minutes of downtime, June 2026 comes to 99.89583 %: you receive €30.00. It is set "
            "off against the invoice of July 2026."
        )
    ]
    days = PROMISED + 'remedy: {credit: {of: uptime, unit: days of service, bands: {"< 99.9 %": 3 days}}}\n'
    assert last(small(days), "credit") == (
        "With 45 minutes of downtime, June 2026 comes to 99.89583 %: you receive 3 days of service.",
        "Met 45 minuten uitvaltijd komt juni 2026 uit op 99,89583 %: u ontvangt 3 dagen dienstverlening.",
    )


def test_an_invoice_is_assumed_where_more_is_owed_than_stands_on_one() -> None:
    """Two and a half invoices of a thousand are used up one after the other."""
    rows = PROMISED + 'remedy: {credit: {of: uptime, bands: {"< 99.9 %": 2500.00 EUR}}}\n'
    assert told(small(rows), "credit") == [
        (
            "With 45 minutes of downtime, June 2026 comes to 99.89583 %: at an example invoice of "
            "€1,000.00 a month, you receive €2,500.00. It comes as €1,000.00 on the invoice of July 2026, "
            "€1,000.00 on the invoice of August 2026 and €500.00 on the invoice of September 2026."
        )
    ]


GROUPS = [
    (
        "sum",
        "All of these are given: you receive €250.00. It is set off against the invoice of July 2026.",
        "Dit wordt allemaal gegeven: u ontvangt € 250,00. Het wordt verrekend met de factuur van juli 2026.",
    ),
    (
        "max",
        (
            "Only the greatest of these is given: you receive €150.00. It is set off against the invoice "
            "of July 2026."
        ),
        (
            "Alleen het hoogste hiervan wordt gegeven: u ontvangt € 150,00. Het wordt verrekend met de "
            "factuur van juli 2026."
        ),
    ),
    (
        "first",
        (
            "Only the first of these is given: you receive €100.00. It is set off against the invoice of "
            "July 2026."
        ),
        (
            "Alleen het eerste hiervan wordt gegeven: u ontvangt € 100,00. Het wordt verrekend met de "
            "factuur van juli 2026."
        ),
    ),
]


@pytest.mark.parametrize(("combine", "english", "dutch"), GROUPS)
def test_what_a_group_gives_is_shown_together(combine: str, english: str, dutch: str) -> None:
    """Each remedy by itself; behind the last of them, both in one month, and what is given of the two."""
    more = f"base: {{fee: month}}, group: all, combine: {combine}"
    terms = small(
        BOTH + f'remedy: {{down: {{of: uptime, bands: {{"< 99.9 %": 10 %}}, {more}}},'
        f' slow: {{of: answers, bands: {{"> 0.25s": 15 %}}, {more}}}}}\n'
    )
    assert told(terms, "down") == [
        (
            "With 45 minutes of downtime, June 2026 comes to 99.89583 %: at an example fee of €1,000.00 a "
            "month, “down” by itself gives €100.00."
        )
    ]
    alone, together = told(terms, "slow")
    slow = "In June 2026, the response time that 95 % of the checks do not exceed is 0.258 seconds:"
    assert alone == f"{slow} at an example fee of €1,000.00 a month, “slow” by itself gives €150.00."
    assert together == f"{told(terms, 'down')[0]} {slow} “slow” by itself gives €150.00. {english}"
    assert told(terms, "slow", "nl")[-1] == (
        "Met 45 minuten uitvaltijd komt juni 2026 uit op 99,89583 %: bij een voorbeeldbedrag van € "
        "1.000,00 per maand geeft “down” op zichzelf € 100,00. In juni 2026 is de responstijd die 95 % "
        f"van de controles niet overschrijdt 0,258 seconde: “slow” geeft op zichzelf € 150,00. {dutch}"
    )


def test_a_claim_is_about_the_period_of_what_is_promised() -> None:
    """Where a level holds for quarters, so does the claim."""
    terms = small(
        UPTIME + 'commit: {uptime: {level: ">= 99.9 %", per: calendar quarter}}\n'
        "deadline: {filing: {of: claim, until: filed, due: about.end + 10 days}}\n"
        'remedy: {credit: {of: uptime, bands: {"< 99.9 %": 10 %}, base: {fee: month}}}\n'
    )
    assert last(terms, "filing")[0] == (
        "A claim about Q2 2026 is filed by Friday 10 July 2026 at 24:00 at the latest. A minute later is too "
        "late."
    )


def test_examples_of_a_contract_that_ends_are_set_in_its_term() -> None:
    """Three months in spring: no June is among them."""
    contract = CONTRACT.replace("from: 2026-02-01", "from: 2026-02-01, until: 2026-05-01")
    terms = small("deadline: {fix: {from: opened, until: resolved, within: 4h}}\n", contract)
    assert last(terms, "fix")[0].startswith(
        "A ticket, opened on Friday 6 February 2026 at 16:30, is resolved"
    )
    (one,) = worked_examples(terms).of("fix")
    assert isinstance(one, WorkedClock)
    assert terms.calendars["always"].rule.zone.date_at(one.ends_at) == date(2026, 2, 6)


def test_an_amount_for_each_outage_is_shown_with_one_outage() -> None:
    """The same downtime in several outages would give less, as each is counted on its own."""
    found = small(
        PROMISED + "remedy: {credit: {of: uptime, steps: {each: 30m, of: each outage, give: 50.00 EUR}}}\n"
    )
    english, dutch = last(found, "credit")
    assert english.startswith("With 1 hour and 30 minutes of downtime in one outage, June 2026 comes to ")
    assert dutch.startswith("Met 1 uur en 30 minuten uitvaltijd in één uitval ")
    whole = small(
        PROMISED + "remedy: {credit: {of: uptime, steps: {each: 30m, of: downtime, give: 50.00 EUR}}}\n"
    )
    assert " in one outage" not in last(whole, "credit")[0]


def test_an_example_of_a_wait_says_what_must_be_recorded_of_it() -> None:
    """A wait that names nothing would not count."""
    found = small(
        "duty: {logs: you send the logs}\n"
        "deadline: {fix: {from: opened, until: resolved, on: always, within: 4h,"
        " pause: waiting where duty = logs}}\n"
    )
    english, dutch = last(found, "fix")
    assert english.endswith(
        "it would end on Tuesday 9 June 2026 at 14:00. The wait counts, as it is recorded that it waits for "
        "the duty “logs”."
    )
    assert dutch.endswith("Het wachten telt, omdat is vastgelegd dat wordt gewacht op de plicht “logs”.")


def test_an_example_of_a_year_of_a_contract_says_when_it_is_taken_to_begin() -> None:
    """Without a contract nobody knows: what is assumed is said; with one its own day holds."""
    rows = "obligation: {review: {times: 2, per: contract year}}\n"
    english, dutch = last(small(rows), "review")
    assert english == (
        "From Thursday 1 January 2026 to Thursday 31 December 2026, it is done at least 2 times. It is "
        "assumed that your contract began on 1 January."
    )
    assert dutch.endswith("Aangenomen is dat uw contract op 1 januari is begonnen.")
    assert "assumed" not in last(small(rows, CONTRACT), "review")[0]
