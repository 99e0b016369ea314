"""`upheld admin`: who is told and who is woken, from a terminal, by the rules of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core.worlds import at
from tests.live.api_desk import NOW, World, told
from tests.live.test_access import access
from tests.live.test_rotas import WEEKLY
from upheld.core.timeline.instant import format_instant
from upheld.store.models import Page, Person

TURNS = ("--from", "2026-06-01", "--at", "09:00", "--zone", "Europe/Amsterdam")
FILE = """\
always: lead
layers:
  - {people: [Lea, Dirk], every: week, from: 2026-06-01, at: 09:00, zone: Europe/Amsterdam, until: null}
  - {people: [Dirk], every: day, from: 2026-06-06, hours: "Sat-Sun 09:00-17:00"}
"""


@pytest.fixture
def staffed(world: World, capsys: pytest.CaptureFixture[str]) -> World:
    """Northwind with Lea, who is the lead, and Dirk."""
    for name, role in (("Lea", "lead"), ("Dirk", "director")):
        mail = f"{name.lower()}@northwind.example"
        assert access("person", "northwind", name, "--role", role, "--mail", mail) == 0
    capsys.readouterr()
    return world


def _rotas(world: World) -> Any:
    return told(world.owner.get("/rotas"))["rotas"]


def test_a_rota_by_words_is_the_one_that_the_api_keeps(
    staffed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is answered as it was told, listed with its turns, overridden for a while, and taken away."""
    people = ("--person", "Lea", "--person", "Dirk")
    assert access("rota", "northwind", "desk", *people, *TURNS, "--always", "lead") == 0
    (kept,) = _rotas(staffed)
    assert (kept["layers"], kept["always"], kept["overrides"]) == ([WEEKLY], "lead", [])
    assert capsys.readouterr().out == (
        "desk: Lea is on call; lead is told of gaps\n"
        "  layer 1: Lea, Dirk by the week from 2026-06-01, handing over at 09:00 of Europe/Amsterdam\n"
        "  2026-06-05T16:30:00Z  Lea\n"
        "  2026-06-08T07:00:00Z  Dirk\n"
        "  2026-06-15T07:00:00Z  Lea\n"
    )
    until = format_instant(at("Sat 06-06 12:00"))
    assert access("override", "northwind", "desk", "Dirk", "--until", until) == 0
    (over,) = _rotas(staffed)[0]["overrides"]
    assert (over["person"], over["until"], over["by"]) == ("Dirk", until, "operator")
    said = f"override {over['number']}: Dirk from {format_instant(NOW)} until {until}, by operator"
    assert capsys.readouterr().out == f"desk: {said}\n"
    assert access("rotas", "northwind", "--days", "1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[2]) == ("desk: Dirk is on call; lead is told of gaps", f"  {said}")
    assert access("override", "northwind", "desk", "--end", str(over["number"])) == 0
    assert access("rota", "northwind", "desk", "--remove") == 0
    assert _rotas(staffed) == []


def test_a_rota_of_a_file_has_its_layers(
    staffed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In YAML as in JSON: the second layer stands above the first one in its hours."""
    (tmp_path / "desk.yaml").write_text(FILE)
    assert access("rota", "northwind", "desk", "--file", str(tmp_path / "desk.yaml")) == 0
    (kept,) = _rotas(staffed)
    assert kept["layers"][0] == WEEKLY
    assert (kept["layers"][1]["hours"], kept["always"]) == ("Sat-Sun 09:00-17:00", "lead")
    assert "  2026-06-06T09:00:00Z  Dirk\n" in capsys.readouterr().out


def test_a_chain_wakes_by_levels(staffed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By words or by a file; a test page goes by it, and what it asks stays until the chain is gone."""
    access("rota", "northwind", "desk", "--person", "Lea", *TURNS)
    capsys.readouterr()
    levels = ("--level", "15m", "rota:desk", "--level", "30m", "Lea", "Dirk")
    assert access("chain", "northwind", "lead", *levels, "--times", "2") == 0
    shown = (
        "lead: 2 levels, gone through 2 times\n"
        "  level 1: whoever is on call in desk, then after 15 min\n"
        "  level 2: Lea, Dirk, then after 30 min\n"
    )
    assert capsys.readouterr().out == shown
    (tmp_path / "lead.json").write_text(
        '{"times": 2, "levels": [{"rota": "desk", "within": "15m"},'
        ' {"people": ["Lea", "Dirk"], "within": "30m"}]}'
    )
    assert access("chain", "northwind", "lead", "--file", str(tmp_path / "lead.json")) == 0
    assert access("chains", "northwind") == 0
    assert capsys.readouterr().out == shown * 2
    assert access("page", "northwind", "lead") == 0
    assert Page.objects.get().asking["lead"]["reached"] == 0
    assert access("rota", "northwind", "desk", "--remove") == 2
    assert access("person", "northwind", "Dirk", "--remove") == 2
    told_why = capsys.readouterr().err.splitlines()
    assert [line.partition(" asks ")[0] for line in told_why][:1] == ["upheld: the chain of lead"]
    assert "Dirk is asked by the chain of lead" in told_why[1]
    assert access("chain", "northwind", "lead", "--remove") == 0
    assert access("person", "northwind", "Dirk", "--remove") == 0
    assert [one.name for one in Person.objects.all()] == ["Lea"]


def test_people_are_listed_without_their_addresses(
    staffed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what they are told as, and the kinds of their ways; quiet hours are kept."""
    words = ("--role", "contact", "--customer", "Acme", "--mail", "ada@acme.example", "--language", "nl")
    assert access("person", "northwind", "Ada", *words, "--quiet", "22:00-07:00", "--digest", "09:30") == 0
    ada = Person.objects.get(name="Ada")
    assert (ada.quiet_from_s, ada.quiet_until_s, ada.digest_s) == (79_200, 25_200, 34_200)
    capsys.readouterr()
    assert access("people", "northwind") == 0
    assert capsys.readouterr().out == (
        "Lea: lead, by email (mail); en, UTC\n"
        "Dirk: director, by email (mail); en, UTC\n"
        "Ada of Acme: contact, by email (mail); nl, UTC\n"
    )


def test_a_list_steers_no_terminal(staffed: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody wrote into a role is shown, and not done."""
    way = {"channel": "email", "way": "mail", "address": "zoe@northwind.example"}
    told(staffed.owner.tell("/people", {"name": "Zoe", "roles": ["lead\x1b[2J\nLea"], "ways": [way]}))
    assert access("people", "northwind") == 0
    assert "Zoe: lead\\x1b[2J\\nLea, by email" in capsys.readouterr().out


def test_what_cannot_be_is_refused(staffed: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its reason, and exit code 2."""
    lea, until = ("rota", "northwind", "desk", "--person", "Lea"), ("--until", "2026-06-07T00:00:00Z")
    person = ("person", "northwind", "Lea", "--mail", "lea@northwind.example")
    chain = ("chain", "northwind", "lead")
    for words, why in (
        (lea[:3], "rota: give --person and what goes with it, or --file, or --remove"),
        ((*lea, "--remove"), "or --file, or --remove"),
        ((*lea[:3], "--remove"), "there is no rota desk"),
        ((*lea[:4], "Tom", "--from", "2026-06-01"), "told by the name Tom: add them first"),
        (lea, "layers.0.from: Field required"),
        ((*lea, "--from", "1 June"), "layers.0.from: it is no date: write a date such as 2026-06-01"),
        (("rotas", "northwind", "--days", "0"), "--days: 1 to 400"),
        (("override", *lea[1:3]), "override: name a person, and --until when; or --end NUMBER"),
        (("override", *lea[1:3], "--end", "7"), "desk has no override 7"),
        (("override", *lea[1:3], "Lea", *until), "there is no rota desk"),
        ((*chain, "--remove"), "lead has no chain"),
        ((*chain, "--level", "15m", "rota:desk"), "there is no rota desk: there is none yet"),
        ((*chain, "--level", "15m"), "levels.0.people"),
        ((*chain, "--level", "soon", "Lea"), "`within`: expected a number and a unit"),
        (("page", "northwind", "king"), "nobody is woken for the role `king`"),
        (("person", "northwind", "Tom", "--remove"), "nobody is told by the name Tom"),
        ((*person, "--quiet", "late"), "--quiet: write two times"),
        ((*person, "--digest", "25:00"), "25:00 is no time of the day"),
    ):
        assert access(*words) == 2, words
        assert why in capsys.readouterr().err


def test_a_file_that_is_wrong_is_told_whole(
    staffed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be read has its line; what is no field of the API has its path."""
    wrong = tmp_path / "desk.yaml"
    for text, whys in (
        ("layers: [\n", [f"{wrong}:"]),
        ("- desk\n", ["write `layers:` or `levels:`"]),
        (
            "layers:\n  - {people: [], every: month, from: 2026-06-01, start: 09:00}\n",
            ["desk.yaml: layers.0.people: ", "layers.0.every: ", "layers.0.start: "],
        ),
    ):
        wrong.write_text(text)
        assert access("rota", "northwind", "desk", "--file", str(wrong)) == 2
        told_why = capsys.readouterr().err
        for why in whys:
            assert why in told_why
