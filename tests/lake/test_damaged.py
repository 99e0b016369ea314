"""A sealed lake of which a file was cut off or swapped: that is told at the file, and the rest is done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lake.test_lake import checks, counted, sealed
from tests.lake.worlds import HTTP, PROVIDER, START
from upheld.core.measuring.observation import Run, Stream
from upheld.core.timeline.instant import DAY, MINUTE
from upheld.core.values.finding import Finding
from upheld.lake.manifest import read_lake
from upheld.lake.opening import open_observations
from upheld.lake.verifying import verify

FIVE = 5 * MINUTE
FIRST = START // FIVE
STREAM = Stream(PROVIDER, "api", "http")


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Two days of checks, good on the first, bad on the second."""
    home = tmp_path / "lake"
    sealed(home, checks(range(1440)) + checks(range(1440, 2880), status=500))
    return home


def asked(home: Path, days: int = 2) -> tuple[tuple[Run, ...], list[Finding]]:
    """The slices of both days, and what showed to be wrong only then."""
    meanwhile: list[Finding] = []
    observations, findings = open_observations([home], [counted()], meanwhile=meanwhile)
    assert findings == ()
    runs = observations.slices(STREAM, HTTP, FIVE, START, START + days * DAY)
    observations.slices(STREAM, HTTP, FIVE, START + MINUTE, START + days * DAY)
    return runs, meanwhile


def slices_of(home: Path, on: str) -> Path:
    """The slice counts of http on a day."""
    (found,) = home.rglob(f"{on}.slices-1.parquet")
    return found


def test_slices_that_were_cut_off_are_told_and_do_not_count(lake: Path) -> None:
    """The other day is there; what cannot be read is unknown."""
    broken = slices_of(lake, "2026-06-05")
    broken.write_bytes(broken.read_bytes()[:300])
    runs, told = asked(lake)
    assert runs == (Run(FIRST + 288, 288, 5, 0),)
    (finding,) = told
    assert (finding.code, finding.place.file) == ("bad-parquet", str(broken))
    assert finding.message.startswith("this file cannot be read, and what it holds does not count: ")


def test_slices_of_another_day_are_not_what_was_sealed(lake: Path) -> None:
    """A good day put in the place of a bad one changes no figure unseen."""
    swapped = slices_of(lake, "2026-06-06")
    shutil.copy(slices_of(lake, "2026-06-05"), swapped)
    runs, told = asked(lake)
    assert runs == (Run(FIRST, 288, 5, 5),)
    (finding,) = told
    assert str(finding) == (
        f"{swapped}:1:1: error[not-as-sealed]: the slice counts of `api` are not what was sealed, and do not "
        "count\n    way out: restore the file"
    )


def test_verify_names_the_file_that_cannot_be_read(lake: Path) -> None:
    """Not that of the rows, which is as it was."""
    broken = slices_of(lake, "2026-06-05")
    broken.write_bytes(broken.read_bytes()[:300])
    found, _ = read_lake(lake)
    assert found is not None
    assert [difference.path for difference in verify(found)] == [broken]
