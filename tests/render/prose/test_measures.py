"""What is measured and promised, in plain words: small agreements with the sentences beside."""

from __future__ import annotations

import pytest

from tests.render.prose.reading import SHOP, UPTIME, plain, read, terms
from upheld.book.worked import worked_examples
from upheld.core.worked import WorkedLevel
from upheld.render.prose.measures import measures_section
from upheld.render.prose.tongue import Tongue
from upheld.render.prose.worked_amounts import level_texts

TASKS = "deadline: {start: {of: task, from: submitted, until: began, within: 15m, modality: objective}}\n"
SHARE = TASKS + "indicator: {share: {count: outcomes of start}}\n"
LATENCY = SHOP + "indicator: {answers: {count: latency of shop, combine: percentile 95}}\n"
OFFICE = "calendar: {office: {open: Mon-Fri 09:00-17:00, holidays: none}}\n"
FLEET = (
    "component: {fleet: {each: [a, b, c]}, a: {}, b: {}, c: {}}\n"
    "signal: {power: {of: [a, b, c], states: what the host says, max age: 26h}}\n"
)


def commit(level: str, name: str = "uptime", more: str = "") -> str:
    """A row that promises a level in each month."""
    return f'commit: {{{name}: {{level: "{level}", per: calendar month{more}}}}}\n'


PROMISES = [
    (
        UPTIME + commit(">= 99.95 %"),
        (
            "“uptime”: In each calendar month (UTC), “shop” is available at least 99.95 % of the time. "
            "That leaves at most 21 minutes and 36 seconds of downtime in a month of 30 days."
        ),
        (
            "“uptime”: In elke kalendermaand (UTC) is “shop” ten minste 99,95 % van de tijd beschikbaar. "
            "Dat laat ten hoogste 21 minuten en 36 seconden uitvaltijd toe in een maand van 30 dagen."
        ),
    ),
    (
        UPTIME + commit(">= 99.9 %", more=", compare: half up"),
        (
            "“uptime”: In each calendar month (UTC), “shop” is available at least 99.9 % of the time. "
            "That leaves at most 1 hour, 4 minutes and 48 seconds of downtime in a month of 30 days."
        ),
        (
            "“uptime”: In elke kalendermaand (UTC) is “shop” ten minste 99,9 % van de tijd beschikbaar. "
            "Dat laat ten hoogste 1 uur, 4 minuten en 48 seconden uitvaltijd toe in een maand van 30 dagen."
        ),
    ),
    (
        UPTIME + commit("> 99.0 %"),
        (
            "“uptime”: In each calendar month (UTC), “shop” is available more than 99.0 % of the time. "
            "That leaves less than 7 hours and 12 minutes of downtime in a month of 30 days."
        ),
        (
            "“uptime”: In elke kalendermaand (UTC) is “shop” meer dan 99,0 % van de tijd beschikbaar. "
            "Dat laat minder dan 7 uur en 12 minuten uitvaltijd toe in een maand van 30 dagen."
        ),
    ),
    (
        UPTIME + 'commit: {uptime: {level: ">= 99.99 %", per: calendar quarter, zone: Europe/Amsterdam}}\n'
        "exclude: {work: {of: maintenance, effect: [not bad, out of total]}}\n",
        (
            "“uptime”: In each calendar quarter (Europe/Amsterdam), “shop” is available at least 99.99 % of "
            "the time. That leaves at most 12 minutes and 57.6 seconds of downtime in a quarter of 90 days "
            "without a change of clocks in which everything counts."
        ),
        (
            "“uptime”: In elk kalenderkwartaal (Europe/Amsterdam) is “shop” ten minste 99,99 % van de tijd "
            "beschikbaar. Dat laat ten hoogste 12 minuten en 57,6 seconden uitvaltijd toe in een kwartaal "
            "van 90 dagen zonder overgang naar zomer- of wintertijd waarin alles meetelt."
        ),
    ),
    (
        OFFICE + SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m}, on: office}}\n"
        'commit: {uptime: {level: ">= 99.5 %", per: billing cycle from day 15}}\n',
        (
            "“uptime”: In each billing cycle (from day 15 of the month; UTC), “shop” is available at least "
            "99.5 % of the time. That leaves at most 30 minutes of downtime in 100 hours of the calendar "
            "“office”."
        ),
        (
            "“uptime”: In elke factuurperiode (vanaf dag 15 van de maand; UTC) is “shop” ten minste 99,5 % "
            "van de tijd beschikbaar. Dat laat ten hoogste 30 minuten uitvaltijd toe in 100 uur van de "
            "kalender “office”."
        ),
    ),
    (
        UPTIME + commit("none"),
        (
            "“uptime”: In each calendar month (UTC), the share of the time in which “shop” is available is "
            "measured; no level is promised."
        ),
        (
            "“uptime”: In elke kalendermaand (UTC) wordt gemeten: het deel van de tijd "
            "waarin “shop” beschikbaar is. Er is geen niveau toegezegd."
        ),
    ),
    (
        SHARE + commit(">= 99.5 %", "share"),
        (
            "“share”: In each calendar month (UTC), at least 99.5 % of the tasks meet the deadline “start”. "
            "Of 1,000 tasks, at most 5 may be late."
        ),
        (
            "“share”: In elke kalendermaand (UTC) haalt ten minste 99,5 % van de taken de termijn “start”. "
            "Van 1.000 taken mogen er ten hoogste 5 te laat zijn."
        ),
    ),
    (
        SHARE + commit("> 90 %", "share"),
        (
            "“share”: In each calendar month (UTC), more than 90 % of the tasks meet the deadline “start”. "
            "Of 100 tasks, at most 9 may be late."
        ),
        (
            "“share”: In elke kalendermaand (UTC) haalt meer dan 90 % van de taken de termijn “start”. "
            "Van 100 taken mogen er ten hoogste 9 te laat zijn."
        ),
    ),
    (
        LATENCY + commit("<= 0.5s", "answers"),
        (
            "“answers”: In each calendar month (UTC), at least 95 % of the checks of “shop” are answered "
            "within 0.5 seconds. As response times are told apart only in classes, the level is surely kept "
            "up to 0.499711 seconds, and surely not kept from 0.507904 seconds on. Between the two, the "
            "period stays undecided."
        ),
        (
            "“answers”: In elke kalendermaand (UTC) wordt ten minste 95 % van de controles van “shop” "
            "binnen 0,5 seconde beantwoord. Omdat reactietijden alleen in klassen worden onderscheiden, is "
            "het niveau zeker gehaald tot en met 0,499711 seconde en zeker niet gehaald vanaf 0,507904 "
            "seconde. Daartussen wordt over de periode niet geoordeeld."
        ),
    ),
    (
        FLEET + "indicator: {uptime: {count: states of fleet}}\n" + commit(">= 99.5 %"),
        (
            "“uptime”: In each calendar month (UTC), each of “a”, “b” and “c” is available at least 99.5 % "
            "of the time. That leaves at most 3 hours and 36 minutes of downtime in a month of 30 days."
        ),
        (
            "“uptime”: In elke kalendermaand (UTC) is elk onderdeel (“a”, “b” en “c”) "
            "ten minste 99,5 % van de tijd "
            "beschikbaar. Dat laat ten hoogste 3 uur en 36 minuten uitvaltijd toe in een maand van 30 dagen."
        ),
    ),
]


@pytest.mark.parametrize(("rows", "english", "dutch"), PROMISES)
def test_a_promise_says_its_level_and_what_that_leaves(rows: str, english: str, dutch: str) -> None:
    """Exactly: the share that may be lost of a month of 30 days, of 100 open hours, of so many items."""
    assert english in read(measures_section, terms(rows))
    assert dutch in read(measures_section, terms(rows), "nl")


def test_two_bad_slices_in_a_row_are_downtime() -> None:
    """The rules by which time is judged, one after the other, in both languages."""
    rows = (
        SHOP + "indicator: {uptime: {count: checks of shop, per: {slice: 5m, good when: good / total >= 99 %,"
        " run: 2, at period end: cut}, total: whole period, gaps: up, empty: undetermined}}\n"
        + commit(">= 99.9 %", more=", compare: half up, unknown: down, modality: objective")
    )  # fmt: skip
    english = read(measures_section, terms(rows))
    assert english[2:17] == (
        "This is an aim: a period in which it is not kept counts as missed, but not as a breach.",
        "Before it is compared with the level, the percentage is rounded half up to 1 decimal.",
        "If something is unknown, it counts as bad when it is decided whether the level is kept.",
        "How it is measured",
        "Time is cut into slices of 5 minutes, on a grid that is fixed in UTC and the same for everyone.",
        "A slice is good if the share of good observations is at least 99 %.",
        (
            "Only 2 or more bad slices in a row are downtime, and then all of them, from the first on: "
            "at least 10 minutes."
        ),
        "Fewer in a row than that count as available; they are shown as degraded.",
        "One part may be bad in one of them and another part in the next.",
        "What is in a row is counted for each period alone, not over its ends.",
        (
            "A slice of which a part does not count is judged on the rest; if that is bad, only the rest is "
            "downtime."
        ),
        "The figure is the share of the counted time that is not downtime.",
        "The whole period counts, even if your contract covers only a part of it.",
        "What was not observed counts as available.",
        "Downtime counts, even if nobody has recorded its cause.",
    )
    dutch = read(measures_section, terms(rows), "nl")
    assert dutch[8] == (
        "Alleen 2 of meer slechte tijdvakken op rij zijn uitvaltijd, en dan allemaal, vanaf het eerste: "
        "ten minste 10 minuten."
    )
    assert dutch[3] == (
        "Voordat het percentage met het niveau wordt vergeleken, wordt het afgerond op 1 decimaal; een half "
        "wordt naar boven afgerond."
    )
    assert "Over een periode waarin niets te meten valt, wordt niet geoordeeld." in dutch


def test_what_holds_of_all_is_said_once() -> None:
    """Rules that two figures share stand first; what only one of them has stands under its name."""
    rows = (
        SHOP + "indicator:\n"
        "  uptime: {count: checks of shop, per: {slice: 5m}}\n"
        "  worst case: {count: checks of shop, per: {slice: 5m}, gaps: down}\n"
        'commit:\n  uptime: {level: ">= 99 %", per: calendar month}\n'
        "  worst case: {level: none, per: calendar month}\n"
    )
    english = read(measures_section, terms(rows))
    assert english.count("Every bad slice is downtime.") == 1
    at = english.index("“uptime”")
    assert english[at : at + 4] == (
        "“uptime”",
        "What was not observed is shown as unknown; the figure does not take it as downtime.",
        "“worst case”",
        "What was not observed counts as downtime.",
    )


def test_parts_and_signals_are_told() -> None:
    """Ties, parts with their days, and what is observed how often."""
    rows = (
        "component:\n"
        "  service: {all: [api, trunks]}\n"
        "  trunks: {at least: 2, of: [t1, t2, t3]}\n"
        "  api: {doc: the interface for programs}\n"
        "  t1: {}\n  t2: {}\n  t3: {from: 2026-06-16}\n"
        "signal:\n"
        '  http: {of: api, checks: one request, good: "status in 200..299", every: 1m}\n'
        '  lines: {of: [t1, t2, t3], states: what the line says, good: "state = up", max age: 26h}\n'
    )
    english, dutch = read(measures_section, terms(rows)), read(measures_section, terms(rows), "nl")
    assert english[2:] == (
        "“service” is available while all of its parts are: “api” and “trunks”.",
        "“trunks” is available while at least 2 of its 3 parts are: “t1”, “t2” and “t3”.",
        "The parts that are observed themselves",
        "Part | What it is",
        "api | “the interface for programs”",
        "t1 | –",
        "t2 | –",
        "t3 | It exists from 16 June 2026 on.",
        (
            "“http” checks “api”: “one request”. A check is good if the status answered is from 200 to 299. "
            "One is expected every minute; what does not come is missing."
        ),
        (
            "“lines” records the state of every part of “trunks”: “what the line says”. A part is good "
            "while the state is “up”. A state holds until the next one is recorded, but for no longer than "
            "26 hours; after that it is unknown."
        ),
    )
    assert dutch[2:4] == (
        "“service” is beschikbaar zolang alle onderdelen ervan dat zijn: “api” en “trunks”.",
        "“trunks” is beschikbaar zolang ten minste 2 van de 3 onderdelen ervan dat zijn: “t1”, “t2” en “t3”.",
    )


ACROSS = [
    ("worst", "The figure is that of the worst of “a”, “b” and “c”."),
    ("mean", "The figure is the mean of those of “a”, “b” and “c”."),
    ("pooled", ("“a”, “b” and “c” have one figure together: everything observed of any of them is put "
    "together.")),
    ("at least 2", "The figure is the best one that at least 2 of “a”, “b” and “c” reach."),
    (
        "weighted, weights: {a: 2, b: 1, c: 0.5}",
        ("The figure is the weighted mean of those of “a”, “b” and “c”, with the weights “a” 2, “b” 1 and "
        "“c” 0.5."),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("across", "sentence"), ACROSS)
def test_one_figure_of_several_parts_says_how(across: str, sentence: str) -> None:
    """Where parts do not each have a figure of their own."""
    rows = (
        FLEET + f"indicator: {{uptime: {{count: states of fleet, across: {across}}}}}\n" + commit(">= 99 %")
    )
    assert sentence in read(measures_section, terms(rows))


def test_many_figures_without_a_level_are_a_table() -> None:
    """A row for each, under one sentence that none of them is promised."""
    rows = "".join(f"  p{n}: {{count: latency of shop, combine: percentile {n}}}\n" for n in (50, 95, 99))
    commits = "".join(f"  p{n}: {{level: none, per: calendar month}}\n" for n in (50, 95, 99))
    english = read(measures_section, terms(f"{SHOP}indicator:\n{rows}commit:\n{commits}"))
    assert english[1:6] == (
        "In each calendar month (UTC), these figures are measured; no level is promised.",
        "Figure | What is measured",
        "p50 | the response time that 50 % of the checks of “shop” do not exceed",
        "p95 | the response time that 95 % of the checks of “shop” do not exceed",
        "p99 | the response time that 99 % of the checks of “shop” do not exceed",
    )


@pytest.mark.parametrize(
    ("relation", "english", "dutch"),
    [
        (">=", "That leaves at most 0.000002 seconds of downtime", "Dat laat ten hoogste 0,000002 seconde"),
        (">", "That leaves at most 0.000002 seconds of downtime", "Dat laat ten hoogste 0,000002 seconde"),
    ],
)
def test_a_budget_between_two_microseconds_is_the_one_below_it(
    relation: str, english: str, dutch: str
) -> None:
    """Of 2.592 microseconds two may be used, strictly or not; three would breach."""
    of = terms(UPTIME + commit(f"{relation} 99.9999999999 %"))
    assert english in read(measures_section, of)[1]
    assert dutch in read(measures_section, of, "nl")[1]


def test_nothing_is_said_where_nothing_is_measured() -> None:
    """An agreement without measuring has no such section."""
    assert read(measures_section, terms(TASKS)) == ()


def test_an_example_of_a_percentile_says_how_many_checks_are_fast_enough() -> None:
    """Ninety-five of a hundred keep the 95th percentile, however slow the others are; ninety-four do not."""
    of = terms(LATENCY + commit("<= 0.25s", "answers"))
    (one,) = worked_examples(of).of("answers")
    assert isinstance(one, WorkedLevel)
    for language, text in (
        (
            "en",
            (
                "In June 2026, if 95 of 100 checks take at most 0.249855 seconds, the level is kept; if "
                "only 94 do and the others take 0.253952 seconds or more, it is not."
            ),
        ),
        (
            "nl",
            (
                "Duren in juni 2026 95 van de 100 controles ten hoogste 0,249855 seconde, dan is het "
                "niveau gehaald; zijn het er maar 94 en duren de andere 0,253952 seconde of langer, dan "
                "niet."
            ),
        ),
    ):
        assert [plain(told) for told in level_texts(of, Tongue(language), one)] == [text]
