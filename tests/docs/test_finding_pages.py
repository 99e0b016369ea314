"""Every code has its page: a text that gives exactly that finding, and one that does not."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from scripts.docs import main
from scripts.finding_pages.case import Case
from scripts.finding_pages.page import CASES, codes_in, found, told

from upheld.core.values.ways_out import WAYS_OUT
from upheld.language.codes import CODES, FAMILIES

pytestmark = pytest.mark.slow

SHOWN = [case for case in CASES if case.bad_files]
WITHOUT = {
    "another-customer",
    "agreement-mismatch",
    "bad-lake",
    "bad-parquet",
    "line-too-long",
    "not-as-sealed",
    "overlapping-lakes",
    "too-large",
    "reading-sensitive-verdict",
    "too-many-findings",
    "too-many-nodes",
    "unknown-placeholder",
    "version-mismatch",
}
"""The codes of which a page shows no text: too long, made of bytes, or never told by a command."""


def test_every_code_has_one_case() -> None:
    """No code lacks a page, and no page is of a code that is gone; no code is in two families."""
    assert sorted(case.code for case in CASES) == sorted(CODES)
    assert sum(len(table) for table in FAMILIES.values()) == len(CODES)


def test_few_codes_are_not_shown_and_say_why() -> None:
    """A page without an example gives the reason."""
    assert {case.code for case in CASES if not case.bad_files} == WITHOUT
    assert all(case.instead for case in CASES if not case.bad_files)


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case.code)
def test_the_bad_text_gives_the_finding_and_the_good_one_does_not(case: Case) -> None:
    """Nothing else is told of the bad text but what the case names; the good one has at most that."""
    assert case.good_files != case.bad_files
    assert codes_in(found(case.code)) == {case.code, *case.also}
    after = told(case.good_files, case.command)
    assert case.code not in codes_in(after)
    assert set(re.findall(r": error\[([a-z-]+)\]", after)) <= set(case.also)


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case.code)
def test_every_finding_names_a_way_out(case: Case) -> None:
    """Whoever is told what is wrong is told what to do; an answer in JSON says so in its message."""
    lines = found(case.code).splitlines()
    heads = [n for n, line in enumerate(lines) if re.search(r": (error|warning|note)\[[a-z-]+\]: ", line)]
    for n, after in pairwise([*heads, len(lines)]):
        assert any("way out: " in line for line in lines[n:after]), lines[n]


def test_the_ways_out_of_codes_are_of_codes_that_are_there() -> None:
    """And none is empty, or a sentence with its full stop."""
    assert set(WAYS_OUT) <= set(CODES)
    assert all(text and not text.endswith(".") for text in WAYS_OUT.values())


def test_a_reason_is_a_sentence_of_its_own() -> None:
    """Why a code matters is said for each, and differently from what it means."""
    for case in CASES:
        assert case.why.endswith("."), case.code
        assert case.why != CODES[case.code], case.code


def test_the_generated_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """What `make docs` writes is what is committed."""
    assert (main(["--check"]), capsys.readouterr().out) == (0, "")
