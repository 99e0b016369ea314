"""Observations told to the server: each counts once, and questions are answered as from files of them."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.lake.test_engines import agree
from tests.lake.worlds import COMPONENTS, PROVIDER, SIGNALS, SLICES, START, WORLDS, Row, questions, write
from tests.live.databases import Postgres, Sqlite
from tests.live.observing import LATER, OBSERVED, Observing
from tests.seeds import TIMES
from upheld.app.decide import states_text
from upheld.app.refusal import RefusedError
from upheld.app.seal import seal
from upheld.app.wake import next_wake, wake
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.measuring.observation import NO_OBSERVATIONS, Run, Stream
from upheld.core.timeline.instant import DAY, MINUTE, parse_instant
from upheld.core.timeline.spans import Spans
from upheld.lake.opening import open_observations
from upheld.store.book import read_ledger
from upheld.store.models import Customer, ObservedBatch, ScopeRow
from upheld.store.observed_rows import counts_of
from upheld.store.texts import bind, texts_in_force
from upheld.store.walls import between

FIVE = 5 * MINUTE
WORLDWIDE = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
"""Every world takes a database of its own: one that fails is shown as it was found."""


def check(minute: int, component: str = "api", status: int = 200, signal: str | None = "http") -> Row:
    """A check at a minute of the first day."""
    return Row("checks", component, signal, START + minute * MINUTE, (("status", status),))


def counting(minute: int, until: int, total: int = 3) -> Row:
    """A count of requests."""
    fields = (("until", START + until * MINUTE), ("good", total), ("total", total))
    return Row("counts", "api", "requests", START + minute * MINUTE, fields)


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    """The codes of the findings."""
    return [one.code for one in refused.value.findings]


def worlds_are_answered(
    databases: Sqlite | Postgres, rows: list[Row], seed: int, slice_us: int, asked: tuple[int, int, Spans],
    sealed_days: int,
) -> int:  # fmt: skip
    """One world, told out of order in batches that overlap, some of it sealed in between.

    Says of how many streams the answers were compared.
    """
    compared = 0
    dice = random.Random(seed)
    with TemporaryDirectory() as folder, databases.fresh(Path(folder)):
        home = Observing(Path(folder))
        told = rows + dice.sample(rows, len(rows) // 3)
        dice.shuffle(told)
        size = dice.choice([1, 7, 50])
        batches = [told[start : start + size] for start in range(0, len(told), size)]
        for i, batch in enumerate(batches):
            home.tell(batch, f"b{i}")
            if i == len(batches) // 2:
                seal(home.provider.pk, START + sealed_days * DAY, home.lake, 0)
        for i, batch in enumerate(batches):
            assert home.tell(batch, f"b{i}").new == 0
        terms = bind(texts_in_force(home.provider.pk)).terms
        file = write(Path(folder) / "x.observations.jsonl", rows)
        expected, _ = open_observations([file], terms)
        found = home.observations
        for signal in terms[0].signals:
            agree(found, rows, signal, slice_us, asked)
            start, end, without = asked
            for component in COMPONENTS:
                stream = Stream(PROVIDER, component, signal.name)
                compared += 1
                assert bool(found.digest(stream)) == bool(expected.digest(stream))
                if signal.kind == "states":
                    assert found.states(stream, signal, start, end) == expected.states(
                        stream, signal, start, end
                    )
                    continue
                sliced = (stream, signal, slice_us, start, end, without)
                assert found.slices(*sliced) == expected.slices(*sliced)
                if signal.kind == "checks":
                    taken = (stream, signal, start, end, without)
                    assert found.latencies(*taken) == expected.latencies(*taken)
    return compared


@pytest.mark.slow
@settings(parent=WORLDWIDE, max_examples=20 * TIMES)
@given(
    rows=WORLDS, seed=st.integers(0, 99), slice_us=SLICES, asked=questions(), sealed_days=st.integers(0, 3)
)
def test_worlds_are_answered_as_from_files(
    databases: Sqlite | Postgres, rows: list[Row], seed: int, slice_us: int, asked: tuple[int, int, Spans],
    sealed_days: int,
) -> None:  # fmt: skip
    """Whatever the order, the batches, the repetitions and what is sealed: the lake's answers."""
    compared = worlds_are_answered(databases, rows, seed, slice_us, asked, sealed_days)
    assert compared == len(SIGNALS) * len(COMPONENTS)


def test_a_batch_told_again_changes_nothing(address: str, tmp_path: Path) -> None:
    """Under its key, nor under another one; under its key with other rows it is refused."""
    home = Observing(tmp_path)
    rows = [check(minute) for minute in range(10)]
    assert home.tell(rows, "one").new == 10
    digest = home.observations.digest(Stream(PROVIDER, "api", "http"))
    assert home.tell(rows, "one").new == 0
    again = home.tell(rows, "two")
    assert (again.new, [one.code for one in again.findings]) == (0, ["duplicate-row"])
    assert home.observations.digest(Stream(PROVIDER, "api", "http")) == digest
    with pytest.raises(RefusedError) as refused:
        home.tell(rows[1:], "one")
    assert codes(refused) == ["conflicting-rows"]
    assert ObservedBatch.objects.count() == 2


def test_what_was_left_out_can_be_told_again(address: str, tmp_path: Path) -> None:
    """Of a component that the agreement does not name yet: once it does, the same batch brings its rows."""
    home = Observing(tmp_path, OBSERVED.replace("web", "site"))
    rows = [check(0), check(0, "web"), check(1), check(1, "web")]
    for new in (2, 0):
        told = home.tell(rows, "one")
        assert (told.new, "unknown-component" in [one.code for one in told.findings]) == (new, True)
    home.apply(OBSERVED)
    told = home.tell(rows, "one")
    assert (told.new, [one.code for one in told.findings]) == (2, ["duplicate-row"])
    whole = home.tell(rows, "one")
    assert (whole.new, whole.findings) == (0, ())
    (signal,) = (one for one in bind(texts_in_force(home.provider.pk)).terms[0].signals if one.name == "http")
    for component in ("api", "web"):
        stream = Stream(PROVIDER, component, "http")
        (run,) = home.observations.slices(stream, signal, FIVE, START, START + FIVE)
        assert run.total == 2
    with pytest.raises(RefusedError) as refused:
        home.tell(rows[1:], "one")
    assert codes(refused) == ["conflicting-rows"]


def test_a_row_that_says_otherwise_is_refused_with_its_batch(address: str, tmp_path: Path) -> None:
    """What is known stays; the finding names the row, and nothing of the batch is kept."""
    home = Observing(tmp_path)
    home.tell([check(1), counting(0, 2)])
    with pytest.raises(RefusedError) as refused:
        home.tell([check(0), check(1, status=500)])
    (finding,) = refused.value.findings
    assert (finding.code, finding.place.line) == ("conflicting-rows", 2)
    assert finding.message == "what is known says otherwise of `api` (http) at 2026-06-05T00:01:00Z"
    assert finding.way_out.startswith("what is known stays, so leave this row out; ")
    with pytest.raises(RefusedError) as refused:
        home.tell([check(1, signal=None)])
    assert codes(refused) == ["conflicting-rows"]
    with pytest.raises(RefusedError) as refused:
        home.tell([counting(1, 3)])
    assert codes(refused) == ["overlapping-counts"]
    assert home.tell([check(0), counting(2, 3)]).new == 2


def test_what_cannot_be_an_observation_is_refused(address: str, tmp_path: Path) -> None:
    """Each with its row: of another signal, of the future, of nothing; an unknown component is a warning."""
    home = Observing(tmp_path)
    late = Row("checks", "api", "http", LATER + 31 * DAY, (("status", 200),))
    with pytest.raises(RefusedError) as refused:
        home.tell([check(0, signal="hpp"), late, Row("checks", "api", "http", START, ())])
    found = {(one.code, one.place.line) for one in refused.value.findings}
    assert found == {("unknown-signal", 1), ("bad-time", 2), ("nothing-observed", 3)}
    warned = home.tell([check(0, "apy"), check(1)])
    assert (warned.new, [one.code for one in warned.findings]) == (1, ["unknown-component"])


def test_nobody_tells_of_another_provider(address: str, tmp_path: Path) -> None:
    """A row that names one is refused."""
    from tests.live.observing import table
    from upheld.app.observe import observe

    home = Observing(tmp_path)
    with pytest.raises(RefusedError) as refused:
        observe(home.provider.pk, "k", table([check(0)], "Contoso"), LATER, home.lake)
    assert codes(refused) == ["unknown-provider"]


def test_what_a_customer_is_promised_rests_on_the_observations_of_the_provider(
    address: str, tmp_path: Path
) -> None:
    """Between the walls of a customer no row of them is seen, and questions are answered all the same."""
    home = Observing(tmp_path)
    home.tell([check(0)])
    acme = Customer.objects.get(name="Acme")
    (signal,) = (one for one in bind(texts_in_force(home.provider.pk)).terms[0].signals if one.name == "http")
    observations = home.observations
    with between(home.provider.pk, acme.pk):
        found = observations.slices(Stream(PROVIDER, "api", "http"), signal, FIVE, START, START + DAY)
        if connection.vendor == "postgresql":
            assert not ObservedBatch.objects.exists()
    assert found == (Run(START // FIVE, 1, 1, 1),)


def test_what_rests_on_a_stream_is_due_at_once(address: str, tmp_path: Path) -> None:
    """The contract measured by it is asked again and says what the whole evaluation does; others are not."""
    home = Observing(tmp_path)
    now = parse_instant("2026-06-06T00:00:00Z")
    while (due := next_wake()) is not None and due <= now:
        wake(now, lambda _: home.observations)
    (row,) = ScopeRow.objects.all()
    before = row.next_at
    assert before is None or before > now
    home.tell([check(0, signal="plain")], at=now)
    row.refresh_from_db()
    assert row.next_at == before
    home.tell([check(minute, status=500) for minute in range(5)], at=now)
    row.refresh_from_db()
    assert row.next_at == now
    wake(now, lambda _: home.observations)
    row.refresh_from_db()
    book = read_ledger(home.provider.pk, observations=home.observations)
    whole = evaluate(book.terms, book.log.effective(now), now, book.observations)
    assert row.states == states_text(whole.outcomes) != "{}"


def test_counters_follow_the_agreement(address: str, tmp_path: Path) -> None:
    """Another condition of what is good counts what is known already, and back again."""
    from tests.live.observing import OBSERVED
    from upheld.store.models import CountedStream

    home = Observing(tmp_path)
    rows = [check(0), check(1, status=301), check(2, status=500)]
    home.tell(rows)
    stricter = OBSERVED.replace("status < 300", "status < 302")
    for agreement, good in ((OBSERVED, 1), (stricter, 2), (OBSERVED, 1)):
        home.apply(agreement)
        home.tell([check(0, "web")])
        (signal,) = (
            one for one in bind(texts_in_force(home.provider.pk)).terms[0].signals if one.name == "http"
        )
        counted = CountedStream.objects.get(component="api", signal="http")
        number = START // FIVE
        (kept,) = counts_of([counted.pk], number, number + 1)
        assert kept[1:] == (number, 3, good)
        stream = Stream(PROVIDER, "api", "http")
        asked = home.observations.slices(stream, signal, FIVE, START, START + DAY)
        assert asked == (Run(number, 1, 3, good),)


def test_nothing_told_is_no_observation(address: str, tmp_path: Path) -> None:
    """A provider without rows answers as a book without observations."""
    home = Observing(tmp_path)
    stream = Stream(PROVIDER, "api", "http")
    assert home.tell([]).new == 0
    assert home.observations.digest(stream) == NO_OBSERVATIONS.digest(stream)
