"""What an explanation says of a measured figure and of a credit: followed to slices, exclusions and facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.core.worlds import DESK, at, bound, fact, text_at
from tests.render.figure_worlds import JUNE, credit, measured, terms, verdict
from upheld.book.evaluate import Report
from upheld.book.explain import CreditExplanation, Explanation, UnknownVerdict, explain
from upheld.book.figures import items_of
from upheld.core.evaluating.evaluation import Evaluation
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import NoObservations, Run, State, Stream
from upheld.core.terms.agreement import Assumption, Terms
from upheld.core.terms.indicator import Exclusion, Indicator, Level, Signal
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.core.timeline.spans import Spans
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.rule import Citation
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import Outcome, Verdict
from upheld.files.folder import Folder
from upheld.render.credit_explanation import credit_explanation, credit_explanation_record
from upheld.render.figure_explanation import figure_explanation, figure_explanation_record
from upheld.render.records import dumps

SLICE = 5 * MINUTE


class Checks(NoObservations):
    """A hundred checks in each slice, all good but where it is said how many are."""

    def __init__(self, good: dict[tuple[str, str], int]) -> None:
        self.good = {(name, at(when) // SLICE): n for (name, when), n in good.items()}

    def slices(
        self, stream: Stream, signal: Signal, slice_us: int, start_at: int, end_at: int,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """Run by run."""
        assert (signal.name, slice_us) == ("http", SLICE)
        numbers = range(start_at // SLICE, end_at // SLICE)
        return tuple(Run(n, 1, 100, self.good.get((stream.component, n), 100)) for n in numbers)


def explained(
    under: Terms, verdicts: Sequence[Verdict], *facts: Fact, asked: str = "1",
    owing: Sequence[Credit] = (), observed: object = None,
) -> tuple[Explanation | CreditExplanation, ...]:  # fmt: skip
    """What there is to say of a name, of verdicts and credits made by hand."""
    outcomes: dict[CellKey, Outcome] = {}
    for one in verdicts:
        outcomes[one.key] = Outcome((one,))
    for money in owing:
        outcomes[money.key] = Outcome((), (), (money,))
    report = Report(JUNE.end_at, len(facts), (under,), Evaluation(JUNE.end_at, outcomes))
    book = Folder(terms=(under,), log=FactLog(facts), observations=observed or NoObservations())  # type: ignore[arg-type]
    return explain(book, report, asked)


def text_of(one: Explanation | CreditExplanation, tell_all: bool = False) -> str:
    """As it is printed."""
    assert isinstance(one, Explanation)
    lines = figure_explanation(
        one.number,
        one.terms,
        one.rule,
        one.verdict,
        one.readings,
        one.trace,
        tell_all,  # type: ignore[arg-type]
    )
    return "\n".join(lines)


WINDOW = fact(
    "maintenance.announced", "Mon 06-08 09:00", "M-1", "m1",
    kind="scheduled", starts_at=text_at("Sun 06-14 02:00"), ends_at=text_at("Sun 06-14 06:00"),
    components=["service"],
)  # fmt: skip
OTHER = fact(
    "maintenance.announced", "Mon 06-08 09:00", "M-2", "m2",
    kind="scheduled", starts_at=text_at("Mon 06-15 02:00"), ends_at=text_at("Mon 06-15 06:00"),
    components=["service"],
)  # fmt: skip


def test_a_percentage_is_followed_to_its_slices_exclusions_and_facts() -> None:
    """The formula with its numbers; each stretch in order of time; the window by its fact."""
    gone = [f"Mon 06-08 10:{m:02}" for m in range(0, 25, 5)]
    observed = Checks({("api", when): 20 for when in gone} | {("voice", when): 98 for when in gone[:2]})
    reading = Assumption("gap", "ACME/A1", "a gap", ("unknown", "up"), "unknown", "nobody knows", "")
    under = replace(terms(), assumptions={"gap": reading})
    under = replace(
        under,
        indicators={"uptime": replace(under.indicators["uptime"], cited=Citation(("2",), ("gap",)))},
    )
    refs = (FactRef("desk", "m1"), FactRef("desk", "m2"))
    told = verdict("breached", measured(25, 12, 240), *refs)
    (one,) = explained(under, [told], WINDOW, OTHER, observed=observed)
    assert text_of(one) == (
        "#1  uptime of 2026-06: breached\n"
        "-------------------------------\n"
        "Northwind for Acme (acme 1)\n"
        "promised: uptime >= 99.95 % per calendar month, UTC (guarantee, clause 1)\n"
        "reading ACME/A1: unknown (not: up), because nobody knows\n"
        "measured by basis checks of service; slice 5 min; run 2 in a row\n"
        "times are UTC\n"
        "period: Mon 2026-06-01 00:00 to Tue 2026-06-30 24:00\n"
        "value: (43,200 - 240 - 25) / (43,200 - 240) min = 99.94180 %\n"
        "bounds: 99.91387 % if all that is unknown was bad, 99.94180 % if all of it was good\n"
        "\n"
        "  up                             42,923 min\n"
        "  down                               25 min\n"
        "  excluded by window (clause 4)     240 min\n"
        "  unknown                            12 min\n"
        "  the period                     43,200 min\n"
        "\n"
        "  Mon 2026-06-08 10:00  - 10:25   25 min  down\n"
        "      api: 5 bad slices, 100 of 500 good [http]\n"
        "      voice: 2 bad slices, 196 of 200 good, Mon 2026-06-08 10:00 - 10:10 [http]\n"
        "  Tue 2026-06-09 12:00  - 12:12   12 min  unknown\n"
        "      no observations that tell\n"
        "  Sun 2026-06-14 02:00  - 06:00  240 min  excluded by window (clause 4)\n"
        "      M-1 maintenance announced on Mon 2026-06-08 09:00: ends_at 2026-06-14T06:00:00+00:00, "
        "kind scheduled, starts_at 2026-06-14T02:00:00+00:00 [desk m1]\n"
        "\n"
        "=> breached: 99.94180 %, at least 99.91387; promised >= 99.95 %; 25 min down, "
        "12 min without observations, 240 min excluded in 43,200 min; "
        "3 min 31.2 s more than the 21 min 28.8 s allowed"
    )


def test_long_lists_are_cut_in_text_and_whole_as_data() -> None:
    """Sixty lone slices: forty told, all with --all."""
    lone = Spans.of(
        (at("Mon 06-01 00:00") + n * HOUR, at("Mon 06-01 00:00") + n * HOUR + SLICE) for n in range(60)
    )
    found = measured(25)
    parts = (*found.parts, Part("degraded", lone.length, "", lone))
    (one,) = explained(terms(), [verdict("breached", replace(found, parts=parts))])
    assert isinstance(one, Explanation)
    assert text_of(one).count("degraded\n") == 40
    assert "  and 21 more (--all)\n" in text_of(one)
    assert "(--all)" not in text_of(one, tell_all=True)
    record = figure_explanation_record(
        one.number,
        one.terms,
        one.rule,
        one.verdict,
        one.readings,
        one.trace,
        one.at,  # type: ignore[arg-type]
    )
    stretches = record["stretches"]
    assert isinstance(stretches, list)
    assert len(stretches) == 61
    assert (stretches[0]["counts_as"], stretches[0]["length_s"]) == ("degraded", 300)
    assert record["allowed"] == {"bad": 1_296_000_000, "used": 1_500_000_000}
    assert dumps(record)


def test_states_are_told_with_when_they_were_observed() -> None:
    """The last one before a stretch, and those in it."""

    class States(NoObservations):
        def states(self, stream: Stream, signal: Signal, start_at: int, end_at: int) -> tuple[State, ...]:
            known = (State(at("Sun 06-07 23:00"), False), State(at("Mon 06-08 10:10"), False))
            return tuple(state for state in known if state.at < end_at) if stream.component == "api" else ()

    under = replace(
        terms(),
        signals=(Signal("power", "states", ("api",), max_age_us=DAY),),
        indicators={"uptime": Indicator("uptime", "states", "service")},
    )
    (one,) = explained(under, [verdict("breached", measured(25))], observed=States())
    assert (
        "25 min  down\n"
        "      api: observed down on Sun 2026-06-07 23:00\n"
        "      api: observed down on Mon 2026-06-08 10:10\n"
    ) in text_of(one)


CLOCK = "deadline:\n  begin: {of: task, from: submitted, until: began, within: 15m}\n"


def test_a_share_of_items_is_followed_to_the_verdict_of_each() -> None:
    """Late, excluded and unknown ones by their own numbers; the exclusion by who caused it."""
    cause = fact(
        "attribution.recorded", "Tue 06-09 12:00", "a1", "a1", target="J-2", cause="their network",
        party="customer", evidence="trace",
    )  # fmt: skip
    excluded = Exclusion(
        "their side", "attribution", frozenset({"out of total"}), takes="bad", cited=Citation(("3",))
    )
    under = replace(
        terms(),
        clocks=bound(DESK + CLOCK).clocks,
        indicators={"uptime": Indicator("uptime", "outcomes", "begin")},
        exclusions=(excluded,),
    )
    tasks = [
        Verdict(CellKey("c1", "begin", f"J-{n}"), "deadline", 1, "breached", "guarantee") for n in (1, 2)
    ]
    value = Fraction(8, 9)
    bounds = Bounds(value, value, value)
    parts = (
        Part("up", 8),
        Part("down", 1, subjects=("J-1",)),
        Part("excluded", 1, "their side", subjects=("J-2",)),
    )
    found = Measurement("uptime", "", JUNE, JUNE.end_at, "count", parts, 9, 1, bounds, bounds, value, True)
    told = replace(verdict("breached", found, FactRef("desk", "a1")), level=Level(">=", Fraction(9, 10)))
    (one,) = explained(under, [*tasks, told], cause, asked="2026-06")
    assert isinstance(one, Explanation)
    assert one.number == 3
    text = text_of(one)
    assert "value: (10 - 1 - 1) / (10 - 1) = 88.88888 %\n" in text
    assert (
        "  #1  J-1  late                              breached\n"
        "  #2  J-2  excluded by their side (clause 3)  breached  their network [desk a1]\n"
    ).replace("late                              ", "late                               ") in text


def test_each_cycle_of_an_item_has_its_own_number() -> None:
    """The first was in time, the second late: the late one is meant."""
    under = replace(
        terms(),
        clocks=bound(DESK + CLOCK).clocks,
        indicators={"uptime": Indicator("uptime", "outcomes", "begin")},
    )
    states = ("met", "breached")
    cycles = [
        Verdict(CellKey("c1", "begin", "J-1"), "deadline", n, states[n - 1], "guarantee") for n in (1, 2)
    ]
    value = Fraction(1, 2)
    bounds = Bounds(value, value, value)
    parts = (Part("up", 1, subjects=("J-1",)), Part("down", 1, subjects=("J-1",)))
    found = Measurement("uptime", "", JUNE, JUNE.end_at, "count", parts, 2, 1, bounds, bounds, value, True)
    items = items_of(under, verdict("breached", found), enumerate(cycles, 1), {})
    assert [(one.number, one.part, one.state) for one in items] == [(2, "down", "breached")]


def test_a_credit_is_followed_from_its_value_to_its_invoice() -> None:
    """Line by line before rounding, with the invoice that the base is, and the verdict that it follows."""
    invoice = fact(
        "contract.invoice_issued", "Mon 06-01 09:00", "c1", "i7",
        invoice="INV-7", amount=499, currency="EUR", month="2026-06",
    )  # fmt: skip
    refs = tuple(line._replace(fact=FactRef("desk", "i7")) if line.fact else line for line in credit().lines)
    owing = credit(lines=refs, facts=(FactRef("desk", "i7"),))
    told = verdict("breached", measured(25))
    first, second = explained(terms(), [told], invoice, asked="2026-06", owing=[owing])
    assert isinstance(first, Explanation)
    assert text_of(first).endswith("\nfollowed by #2")
    assert isinstance(second, CreditExplanation)
    lines = credit_explanation(
        second.number, second.terms, second.rule, second.credit, second.readings, second.verdict,
        second.facts, second.numbers,
    )  # fmt: skip
    assert "\n".join(lines) == (
        "#2  credit of 2026-06: owed\n"
        "---------------------------\n"
        "Northwind for Acme (acme 1)\n"
        "remedy of uptime (credit.bands/1, clause 5)\n"
        "times are UTC\n"
        "follows #1: uptime of 2026-06 breached, 99.94212 %; promised >= 99.95 %; "
        "25 min down in 43,200 min; 3 min 24 s more than the 21 min 36 s allowed\n"
        "  value                 99.94212 %\n"
        "  level                    99.95 %\n"
        "  band [99 %, 99.95 %)        20 %\n"
        "  base                  499.00 EUR  INV-7 of 2026-06, Mon 2026-06-01 09:00 [desk i7]\n"
        "  amount                 99.80 EUR\n"
        "  to credit: 99.80 EUR on the next invoice after the decision, planned\n"
        "=> owed: 99.80 EUR"
    )
    record = credit_explanation_record(
        second.number, second.terms, second.credit, second.readings, second.verdict, second.facts
    )
    assert record["follows"] == 1
    assert dumps(record)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("2026-06", [1, 2, 3]),
        ("2026-06/api", [1, 3]),
        ("uptime", [1, 2]),
        ("credit", [3]),
        ("#3", [3]),
        ("2", [2]),
    ],
)
def test_a_figure_is_found_by_number_period_component_and_name(asked: str, numbers: list[int]) -> None:
    """The period alone means every component of it, and its credits."""
    rows = [
        replace(verdict("breached", measured(25)), key=CellKey("c1", "uptime", f"2026-06/{name}"))
        for name in ("api", "voice")
    ]
    owing = replace(credit(), key=CellKey("c1", "credit", "2026-06/api"))
    found = explained(terms(), rows, asked=asked, owing=[owing])
    assert [one.number for one in found] == numbers
    with pytest.raises(UnknownVerdict, match="no verdict 2026-0; "):
        explained(terms(), rows, asked="2026-0")
