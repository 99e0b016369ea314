"""What follows if a level is not kept, in plain words: small agreements with the sentences beside."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.render.prose.reading import UPTIME, read, terms
from upheld.core.terms.indicator import Level
from upheld.core.terms.remedy import Band, Bands, Share
from upheld.render.prose.bands import gaps
from upheld.render.prose.remedies import remedies_section

PROMISED = UPTIME + 'commit: {uptime: {level: ">= 99.95 %", per: calendar month}}\n'
SHARE = (
    "deadline:\n"
    "  start: {of: task, from: submitted, until: began, within: 15m}\n"
    "  complaint: {of: claim, until: filed, due: about.end + 30 days}\n"
    "claim: {about: item}\n"
    "indicator: {share: {count: outcomes of start}}\n"
    'commit: {share: {level: ">= 90 %", per: calendar month}}\n'
)
CONTRACT = (
    "contract: {id: c-1, customer: Acme, agreement: acme, version: 2026-01, from: 2026-02-01,"
    " fees: {month: 499.00 EUR, licence: 1200.00 EUR}}\n"
)


def test_bands_are_a_table_with_exact_edges() -> None:
    """Each edge says whether it is inside; all have the decimals that one of them needs."""
    found = terms(
        PROMISED + 'remedy: {credit: {of: uptime, bands: {"[99.0 %, top)": 10 %, "(98.0 %, 99.0 %)": 20 %,'
        ' "<= 98.0 %": 30 %}, top: 99.9 %, base: {fee: month}, limits: {month: 100 % of base}}}\n'
    )  # fmt: skip
    assert read(remedies_section, found)[1:10] == (
        "“credit”",
        (
            "You are owed a credit for each calendar month (UTC) in which “uptime” is not kept "
            "(at least 99.95 %)."
        ),
        "“credit”: what you receive, by “uptime” (the share of the time in which “shop” is available)",
        "What was measured | What you receive",
        "from 99.0 % up to but not including 99.9 % | 10 % of your monthly fee",
        "above 98.0 %, up to but not including 99.0 % | 20 % of your monthly fee",
        "up to and including 98.0 % | 30 % of your monthly fee",
        "from 99.9 % up to but not including 99.95 %: the level is not kept, but nothing is given.",
        "What counts is your monthly fee, as your contract says.",
    )
    dutch = read(remedies_section, found, "nl")
    assert dutch[2:8] == (
        (
            "U hebt recht op een vergoeding voor elke kalendermaand (UTC) waarin “uptime” niet wordt gehaald "
            "(ten minste 99,95 %)."
        ),
        "“credit”: wat u ontvangt, naar “uptime” (het deel van de tijd waarin “shop” beschikbaar is)",
        "Gemeten | U ontvangt",
        "vanaf 99,0 % maar minder dan 99,9 % | 10 % van uw maandbedrag",
        "meer dan 98,0 % maar minder dan 99,0 % | 20 % van uw maandbedrag",
        "tot en met 98,0 % | 30 % van uw maandbedrag",
    )
    assert "Per maand ontvangt u ten hoogste 100 % van uw maandbedrag." in dutch


AMOUNTS = [
    (
        "steps: {each: 30m, of: each day, begun: true, give: 1 day, free: 10m}, unit: days of service",
        ("For every 30 minutes of downtime on a day, you receive 1 day of service; each day is counted on "
        "its own. A step that has begun counts in full. Not counted of each: the first 10 minutes."),
        ("Per 30 minuten uitvaltijd op een dag ontvangt u 1 dag dienstverlening; elke dag wordt apart "
        "geteld. Een begonnen stap telt volledig mee. Niet meegeteld van elk: de eerste 10 minuten."),
    ),
    (
        "steps: {each: 0.1 %, of: shortfall, give: 50.00 EUR}",
        ("For every 0.1 percentage points by which the level is missed, you receive €50.00. Only complete "
        "steps count."),
        ("Per 0,1 procentpunt waarmee het niveau wordt gemist, ontvangt u € 50,00. Alleen volle stappen "
        "tellen."),
    ),
    (
        "multiple: 10, base: {fee: [desk, phone]}",
        ("You receive 10 times the part of your monthly fees “desk” and “phone” together that the downtime "
        "is of the month."),
        ("U ontvangt 10 maal het deel van uw maandbedragen “desk” en “phone” samen dat de uitvaltijd van de "
        "maand uitmaakt."),
    ),
    (
        "formula: 'min(shortfall * 10, 50 %)', base: {fee: year}",
        ("You receive this share of a twelfth of your yearly fee: the smallest of the shortfall times 10 and "
        "50 %."),
        ("U ontvangt dit deel van een twaalfde van uw jaarbedrag: het kleinste van het tekort maal 10 en 50 "
        "%."),
    ),
    (
        "formula: 60 %, base: {invoice: month}",
        "You receive 60 % of the invoice of the month.",
        "U ontvangt 60 % van de factuur van de maand.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("form", "english", "dutch"), AMOUNTS)
def test_each_form_of_amount_is_said(form: str, english: str, dutch: str) -> None:
    """Steps, formulas and multiples, with what they are taken of."""
    found = terms(PROMISED + f"remedy: {{credit: {{of: uptime, {form}}}}}\n")
    assert english in read(remedies_section, found)
    assert dutch in read(remedies_section, found, "nl")


def test_a_condition_without_the_figure_says_which_one_decides() -> None:
    """A credit for anything late names the commitment it belongs to: another may count the same items."""
    found = terms(
        SHARE + "remedy: {refund: {of: share, when: late > 0 and complaints > 0, formula: 60 %,"
        " base: {invoice: month}}}\n"
    )  # fmt: skip
    assert read(remedies_section, found)[2] == (
        "You are owed a credit for each calendar month (UTC) in which something was late and at least one "
        "complaint was filed in time. What decides is “share” (the share of the tasks that meet the deadline "
        "“start”)."
    )
    assert read(remedies_section, found, "nl")[2].endswith(
        "Maatgevend is “share” (het deel van de taken dat de termijn “start” haalt)."
    )


def test_a_refund_in_instalments_after_a_complaint() -> None:
    """The whole of a remedy that has to be claimed and is paid over three invoices."""
    found = terms(
        SHARE + "remedy: {refund: {of: share, when: value < level and complaints > 0, formula: 60 %,"
        " base: {invoice: month}, pay: {instalments: 3, floor: 20 %, several: one at a time,"
        " after end: lost, of: each invoice}}}\n"
    )  # fmt: skip
    assert read(remedies_section, found)[2:] == (
        (
            "You are owed a credit for each calendar month (UTC) in which “share” (the share of the tasks "
            "that meet the deadline “start”) is less than 90 % and at least one complaint was filed in time."
        ),
        "You receive 60 % of the invoice of the month.",
        "An invoice counts as it was issued, before earlier credits.",
        "The amount is rounded once, to the smallest unit of its currency; a half goes up.",
        "A period that stays undecided gives you no right to it by itself.",
        "You have to claim it; the deadline “complaint” says until when.",
        "It is paid in 3 equal parts, one on each of the first 3 invoices after the decision on your claim.",
        "Each part is taken of the invoice it stands on, and not of the invoice of the month.",
        "No invoice falls below 20 % of its amount; what does not fit stands first on the next one.",
        "A further credit waits until the one before it is paid.",
        "If no invoice follows any more, what is left is lost.",
    )
    assert read(remedies_section, found, "nl")[2:9] == (
        (
            "U hebt recht op een vergoeding voor elke kalendermaand (UTC) waarin “share” (het deel van de "
            "taken dat de termijn “start” haalt) minder is dan 90 % en er ten minste één klacht op tijd is "
            "ingediend."
        ),
        "U ontvangt 60 % van de factuur van de maand.",
        "Een factuur telt zoals zij is uitgereikt, vóór verrekening van eerdere vergoedingen.",
        (
            "Het bedrag wordt één keer afgerond, op de kleinste eenheid van de munt; een halve eenheid wordt "
            "naar boven afgerond."
        ),
        "Een periode waarover niet wordt geoordeeld, geeft er op zichzelf geen recht op.",
        "U moet er een claim voor indienen; tot wanneer dat kan, staat bij de termijn “complaint”.",
        (
            "De vergoeding wordt in 3 gelijke delen verrekend, één op elk van de eerste 3 facturen na de "
            "beslissing op uw claim."
        ),
    )


def test_each_late_item_costs_something_from_a_later_month_on() -> None:
    """One item is a step of its own; the following month has an invoice of its own."""
    row = (
        "remedy: {refund: {of: share, steps: {each: 1, of: late items, give: 5.00 EUR},"
        " pay: {starts: following month}}}\n"
    )
    english = read(remedies_section, terms(SHARE + row))
    assert english[3] == (
        "For each of the tasks that are late in the month, you receive €5.00. Only complete steps count."
    )
    assert english[7] == (
        "It is set off against the first invoice that is for a later month and comes after the decision on "
        "your claim."
    )


def test_two_of_three_missed_months_end_the_contract() -> None:
    """A right without an amount, after so many of the last so many periods."""
    found = terms(PROMISED + "remedy: {exit: {of: uptime, after: 2 of 3, unit: termination}}\n")
    assert read(remedies_section, found)[2:] == (
        (
            "You may terminate the contract after each calendar month (UTC) in which “uptime” is not kept "
            "(at least 99.95 %). This holds only if “uptime” was not kept in at least 2 of the last 3 "
            "periods, the one in question included."
        ),
        "A period that stays undecided gives you no right to it by itself.",
        "You may use it whenever you like once the month is over.",
        "The contract ends with the day on which you say so.",
    )
    assert read(remedies_section, found, "nl")[2:] == (
        (
            "U mag het contract opzeggen na elke kalendermaand (UTC) waarin “uptime” niet wordt gehaald "
            "(ten minste 99,95 %). Dit geldt alleen als “uptime” in ten minste 2 van de laatste 3 periodes "
            "niet is gehaald, de periode zelf meegerekend."
        ),
        "Een periode waarover niet wordt geoordeeld, geeft er op zichzelf geen recht op.",
        "U mag er gebruik van maken wanneer u wilt, zodra de maand voorbij is.",
        "Het contract eindigt met de dag waarop u dat zegt.",
    )


def test_a_right_to_terminate_says_until_when_and_with_which_notice() -> None:
    """On which calendar each is counted, and whether the month is gone to its end."""
    exercise = "{within: 30d, notice: 2 weeks, ends: month}"
    row = f"remedy: {{exit: {{of: uptime, unit: termination, exercise: {exercise}}}}}"
    assert read(remedies_section, terms(f"{PROMISED}{row}\n"))[-3:] == (
        "You may use it for 30 days after the end of the month.",
        "Your notice has to be 2 weeks long.",
        "The contract ends with the month in which the notice has passed.",
    )


def test_the_fees_of_a_contract_stand_beside_their_names() -> None:
    """Who has signed reads amounts; a plan alone has only names."""
    row = "remedy: {credit: {of: uptime, multiple: 1, base: {fee: month, yearly: [licence]}}}\n"
    assert (
        "What counts is your monthly fee (€499.00) and a twelfth of your yearly fee “licence” (€1,200.00) "
        "together, as your contract says."
    ) in read(remedies_section, terms(PROMISED + row, CONTRACT))


def test_a_value_between_two_bands_is_told_exactly() -> None:
    """Two bands that both leave out their common edge leave a gap of one value."""
    row = 'remedy: {credit: {of: uptime, bands: {"(99 %, 99.95 %)": 5.00 EUR, "< 99 %": 9.00 EUR}}}\n'
    said = "exactly 99.00 %: the level is not kept, but nothing is given."
    assert said in read(remedies_section, terms(PROMISED + row))


def test_remedies_of_a_group_say_which_of_them_is_given() -> None:
    """Both name the group and its members."""
    rows = "".join(
        f"  {name}: {{of: uptime, formula: 5.00 EUR, group: all, combine: first}}\n"
        for name in ("one", "two")
    )
    english = read(remedies_section, terms(PROMISED + f"remedy:\n{rows}"))
    assert (
        english.count(
            "Of what is owed under “all” (“one” and “two”), only the first in this order that gives anything "
            "is given."
        )
        == 2
    )


def _band(low: str, high: str, has_low: bool = True, has_high: bool = False) -> Band:
    return Band(
        Fraction(low) if low else None,
        Fraction(high) if high else None,
        has_low,
        has_high,
        Share(Fraction(0)),
    )


def test_gaps_are_the_missed_values_in_no_band() -> None:
    """At the edges too: a value that two bands leave out is a gap of one point."""
    level = Level(">=", Fraction("0.999"))
    assert gaps(Bands((_band("0.98", "0.99"), _band("", "0.98"))), level) == (_band("0.99", "0.999"),)
    assert gaps(Bands((_band("0.99", "0.999"), _band("", "0.99"))), level) == ()
    split = Bands((_band("0.99", "0.999", has_low=False), _band("", "0.99")))
    assert gaps(split, level) == (_band("0.99", "0.99", has_high=True),)
    assert gaps(Bands((_band("0.99", "0.999"),)), level) == (_band("", "0.99", has_low=False),)
    slow = Level("<=", Fraction(500_000), "duration")
    assert gaps(Bands((_band("500000", "1000000", has_low=False),)), slow) == (
        Band(Fraction(1_000_000), None, True, False, Share(Fraction(0))),
    )


def test_what_is_rounded_for_the_level_is_rounded_for_bands() -> None:
    """It is said; and what no rounded figure can be is no gap."""
    rows = UPTIME + 'commit: {uptime: {level: ">= 99.9 %", per: calendar month, compare: half up}}\n'
    row = 'remedy: {credit: {of: uptime, bands: {"[99.0 %, 99.8 %]": 5.00 EUR, "< 99.0 %": 9.00 EUR}}}\n'
    found = read(remedies_section, terms(rows + row))
    assert "What was measured is rounded before it is looked up here, as it is for the level." in found
    assert not any("nothing is given" in one for one in found)
    exact = read(remedies_section, terms(rows.replace(", compare: half up", "") + row))
    assert not any("is rounded before" in one for one in exact)
    assert (
        "above 99.8 %, up to but not including 99.9 %: the level is not kept, but nothing is given." in exact
    )


def test_a_gap_that_holds_a_rounded_figure_stays_one() -> None:
    """Of the gap from 99.0 % on, a figure of 99.5 % with one decimal falls into it."""
    level = Level(">=", Fraction("0.999"), decimals=1)
    bands = Bands((_band("", "0.99"), _band("0.995", "0.999", has_low=False)))
    assert gaps(bands, level, "half up") == (_band("0.99", "0.995", has_high=True),)
    assert gaps(Bands((_band("", "0.99"), _band("0.991", "0.999"))), level, "half up") == (
        _band("0.99", "0.991"),
    )
    assert gaps(Bands((_band("", "0.99", has_high=True), _band("0.991", "0.999"))), level, "half up") == ()
