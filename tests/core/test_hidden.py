"""Begun steps of outages that unknown time may hide, held against every truth there may have been."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from upheld.core.owing.amounts import steps_of
from upheld.core.owing.hidden import Outages, fewest_steps, most_steps
from upheld.core.terms.remedy import Share, Steps
from upheld.core.timeline.spans import Spans

N = 300

SLICES = st.lists(st.sampled_from("+-??"), min_size=1, max_size=11).map("".join)
FORMS = st.builds(
    Steps,
    every=st.integers(1, 30).map(lambda n: Fraction(n * N, 5)),
    give=st.just(Share(Fraction(1))),
    of=st.just("each outage"),
    begun=st.just(True),
    free=st.integers(0, 15).map(lambda n: Fraction(n * N, 5)),
)


def spans_of(slices: str, mark: str) -> Spans:
    """The slices with a mark."""
    return Spans.of((k * N, (k + 1) * N) for k, each in enumerate(slices) if each == mark)


def steps(outages: Outages | Spans, form: Steps) -> int:
    """The steps of all outages."""
    return sum(steps_of(form, Fraction(end_at - start_at)) for start_at, end_at in outages)


def truths(slices: str) -> Iterator[str]:
    """Everything that the unknown slices can have been."""
    for each in product(*("+-" if one == "?" else one for one in slices)):
        yield "".join(each)


@given(SLICES, FORMS)
def test_no_truth_has_fewer_or_more_steps(slices: str, form: Steps) -> None:
    """The fewest are those of one truth; the most are at least those of any."""
    sure, unknown = spans_of(slices, "-"), spans_of(slices, "?")
    possible = [steps(spans_of(truth, "-"), form) for truth in truths(slices)]
    assert steps(fewest_steps(sure, unknown, form), form) == min(possible)
    assert steps(most_steps(sure, unknown, form, N), form) >= max(possible)


def test_a_gap_hides_an_outage_in_every_other_slice() -> None:
    """For each hour begun, seven slices of five minutes hide four outages, each of which begins an hour."""
    form = Steps(Fraction(12 * N), Share(Fraction(1)), "each outage", begun=True)
    assert steps(most_steps(Spans.empty, spans_of("???????", "?"), form, N), form) == 4
    assert steps(most_steps(spans_of("-??????", "-"), spans_of("-??????", "?"), form, N), form) == 4
    assert steps(most_steps(spans_of("-?-", "-"), spans_of("-?-", "?"), form, N), form) == 2


def test_without_slices_a_gap_hides_one_outage() -> None:
    """Where nothing says how short an outage can be, a gap is one."""
    form = Steps(Fraction(12 * N), Share(Fraction(1)), "each outage", begun=True)
    assert most_steps(Spans.empty, spans_of("???????", "?"), form, 0) == ((0, 7 * N),)


def test_joining_two_short_outages_makes_fewer_steps() -> None:
    """Two outages with an unknown slice between them are one hour begun, if that was bad too."""
    form = Steps(Fraction(12 * N), Share(Fraction(1)), "each outage", begun=True)
    slices = "-?-+-????????????????-"
    assert fewest_steps(spans_of(slices, "-"), spans_of(slices, "?"), form) == (
        (0, 3 * N), (4 * N, 5 * N), (21 * N, 22 * N)
    )  # fmt: skip
