"""`upheld explain --svg`: a picture of one verdict beside the text, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.test_commands import ANSWERED, OPENED, World, fact
from tests.cli.test_forecast_commands import AT, DOWN, MEASURED


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    """A measured service that was down for six hours of June, and a ticket."""
    return World(tmp_path, capsys).write("acme.yaml", MEASURED).facts(OPENED, ANSWERED, *DOWN)


def picture(path: Path) -> ElementTree.Element:
    """The root of a picture."""
    return ElementTree.fromstring(path.read_text("utf-8"))


def test_a_clock_is_drawn_as_a_timeline(world: World, tmp_path: Path) -> None:
    """And the text is printed as without it."""
    path = tmp_path / "clock.svg"
    plain = world.run("explain", "HOME", "T-1", *AT)
    ran = world.run("explain", "HOME", "T-1", *AT, "--svg", str(path))
    assert (ran.code, ran.out, ran.err) == (plain.code, plain.out, plain.err)
    root = picture(path)
    assert root.get("width") == "960"
    assert "response of T-1" in (root[0].text or "")


def test_a_figure_is_drawn_as_a_strip(world: World, tmp_path: Path) -> None:
    """As wide as was asked for."""
    path = tmp_path / "strip.svg"
    asked = ("explain", "HOME", "7", *AT, "--svg", str(path))
    ran = world.run(*asked, "--width=360", "--format=json")
    assert ran.code == 0
    root = picture(path)
    assert root.get("width") == "360"
    assert "uptime of 2026-06" in (root[0].text or "")


def test_a_file_holds_one_picture(world: World, tmp_path: Path) -> None:
    """Of several verdicts the numbers are told, so that one can be given; nothing is written."""
    world.facts(*DOWN, OPENED, fact(7, "ticket.opened", "02T08:00", "T-2", contract="c1"))
    path = tmp_path / "one.svg"
    ran = world.run("explain", "HOME", "response", *AT, "--svg", str(path))
    assert ran.code == 2
    assert ran.err == "upheld: --svg: response names #1, #2, and a file holds one picture: give a number\n"
    assert not path.exists()


@pytest.mark.parametrize("width", ["319", "1441", "wide", "-5", "٣٦٠", "9" * 30])
def test_widths_out_of_range_are_refused(world: World, tmp_path: Path, width: str) -> None:
    """In one line, and nothing is written."""
    path = tmp_path / "one.svg"
    ran = world.run("explain", "HOME", "T-1", *AT, "--svg", str(path), f"--width={width}")
    assert ran.code == 2
    assert ran.err.startswith(f"upheld: --width {width}: give a number of pixels from 320 to 1440")
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_told(world: World, tmp_path: Path) -> None:
    """Without a traceback."""
    ran = world.run("explain", "HOME", "T-1", *AT, "--svg", str(tmp_path / "none" / "one.svg"))
    assert ran.code == 2
    assert "No such file or directory" in ran.err


def test_a_width_without_a_picture_is_refused(world: World) -> None:
    """Whoever gives one expects a picture, and would look for it in vain."""
    ran = world.run("explain", "HOME", "T-1", *AT, "--width", "480")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "upheld: --width is that of a picture: give --svg, too\n"


@pytest.mark.parametrize("command", [("explain", "HOME", "T-1", "--svg"), ("evaluate", "HOME", "--html")])
def test_of_two_files_neither_is_written(world: World, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Nobody can tell which of them was meant."""
    files = [tmp_path / "one.html", tmp_path / "two.html"]
    *asked, option = command
    ran = world.run(*asked, *AT, *(f"{option}={file}" for file in files))
    assert ran.code == 2
    assert f"argument {option}" in ran.err
    assert "give it once" in ran.err
    assert not any(file.exists() for file in files)
