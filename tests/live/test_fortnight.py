"""Each of the five agreements lives a fortnight over the API alone: who is to be told is told, then and once.

Some of the shipped month, and what it lacks: subjects are taken whole, so that each rule of an agreement that
can tell somebody within the fortnight does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq
import pytest
from django.test import override_settings

from tests.live.api_desk import Party
from tests.live.api_urls import CLOCK
from tests.live.databases import Sqlite
from tests.live.fortnight import END, START, Exported, Fortnight, Receiver, to_be_heard
from tests.notify.relay import relaying
from upheld.app import decide
from upheld.app.export import export
from upheld.cli.main import main
from upheld.core.facts.fact import Data, Fact
from upheld.core.timeline.instant import DAY, HOUR, Instant, format_instant, instant_of, parse_instant
from upheld.files.folder import read_book
from upheld.server.demo import home
from upheld.server.running_month import Shipped, shipped
from upheld.store.models import Attempt, BoundContract, Message, Provider

pytestmark = pytest.mark.slow


class Script(NamedTuple):
    """Which subjects of the shipped month there are, what is told besides, and which rules tell somebody."""

    subjects: tuple[str, ...]
    more: tuple[tuple[str, str, str, Mapping[str, Any]], ...]
    rules: frozenset[str]


SCRIPTS: Final = {
    "ceng": Script(
        ("CM-40", "CM-42", "CI-117", "CI-118", "CE-7308", "CE-7315"),
        (
            (
                "2026-06-11T18:00:00Z",
                "incident.declared",
                "CI-900",
                {"severity": "P3", "components": ["Voice"]},
            ),
            ("2026-06-12T20:00:00Z", "incident.resolved", "CI-900", {}),
        ),
        frozenset(
            {
                "answers ahead",
                "emergency notice ahead",
                "escalation as planned",
                "escalation at once",
                "escalation in business hours",
                "notice ahead",
                "updates ahead",
                "updates of P3 ahead",
            }
        ),
    ),
    "intg": Script(
        ("INT-2207", "INT-2208", "INT-2215"),
        (
            (
                "2026-06-09T10:00:00Z",
                "incident.declared",
                "II-900",
                {"severity": "urgent", "components": ["connector"]},
            ),
            ("2026-06-09T10:40:00Z", "incident.resolved", "II-900", {}),
        ),
        frozenset({"answers ahead", "errors", "updates ahead", "urgent answers ahead"}),
    ),
    "just": Script(
        ("JT-6005", "JT-6010"),
        (
            (
                "2026-06-03T09:00:00Z",
                "claim.filed",
                "JC-900",
                {"contract": "acme-just", "about": "2026-05", "issue_at": "2026-05-28T09:00:00Z"},
            ),
            ("2026-06-10T08:00:00Z", "covenant.compromise_reported", "JV-1", {"contract": "acme-just"}),
        ),
        frozenset(
            {"complaints to file", "credentials compromised", "details ahead", "late task", "starts ahead"}
        ),
    ),
    "rous": Script(
        ("RS-4105", "RS-4109", "RM-31"),
        (
            (
                "2026-06-09T08:00:00Z",
                "ticket.escalated",
                "RS-4105",
                {"to": "director of operations", "by": "customer"},
            ),
            ("2026-06-11T08:00:00Z", "ticket.escalated", "RS-4105", {"to": "dispute", "by": "customer"}),
        ),
        frozenset({"missed target", "notice ahead", "second step", "target ahead", "third step"}),
    ),
    "sivo": Script(
        ("SV-9004", "SV-9009", "SV-9022", "SM-71"),
        (
            ("2026-05-20T09:00:00Z", "claim.filed", "SC-900", {"contract": "acme-sivo", "about": "2026-04"}),
            ("2026-06-09T08:00:00Z", "maintenance.decided", "SM-900", {"kind": "emergency"}),
            (
                "2026-06-09T08:30:00Z",
                "maintenance.announced",
                "SM-900",
                {
                    "kind": "emergency",
                    "starts_at": "2026-06-09T09:00:00Z",
                    "ends_at": "2026-06-09T10:00:00Z",
                    "components": ["api"],
                    "interruption": True,
                },
            ),
        ),
        frozenset(
            {
                "answers ahead",
                "answers to claims ahead",
                "claims to file",
                "emergency unannounced",
                "notice ahead",
            }
        ),
    ),
}


def facts_of(one: Shipped) -> list[Fact]:
    """The facts of the fortnight, in the order in which they are told."""
    script = SCRIPTS[one.key]
    chosen = [
        fact for fact in one.facts if START <= fact.recorded_at < END and fact.subject in script.subjects
    ]
    for number, (when, kind, subject, data) in enumerate(script.more):
        at = parse_instant(when)
        said = {"provider": one.name, **data} if kind.startswith(("incident", "maintenance")) else dict(data)
        chosen.append(Fact("fortnight", f"f{number}", kind, at, max(at, START + HOUR), subject, Data(said)))
    return sorted(chosen, key=lambda fact: (fact.recorded_at, fact.key))


def rows_of(one: Shipped) -> Iterator[dict[str, Any]]:
    """The first check of every sixth hour of each component, as the API takes it."""
    path = home() / "demo" / one.key / "probes.observations.parquet"
    last: dict[str, Instant] = {}
    for row in pq.read_table(path).to_pylist() if path.exists() else ():
        at = instant_of(row["at"])
        if START <= at < END and last.get(row["component"], 0) + 6 * HOUR <= at:
            last[row["component"]] = at
            named = ((name, row[name]) for name in ("component", "signal", "ok", "status"))
            yield {"at": at} | {name: value for name, value in named if value is not None}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_fortnight_is_told_as_the_library_says(
    sqlite: Sqlite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """Every message at its instant, once, by its way; the answers are those of the exported files."""
    # What changes with every instant is asked once a day here: what is to be told has wakes of its own.
    monkeypatch.setattr(decide, "REST_US", DAY)
    one = next(each for each in shipped(home(), START + 14 * DAY) if each.key == name)
    facts = facts_of(one)
    urls = override_settings(ROOT_URLCONF="tests.live.api_urls")
    with sqlite.fresh(tmp_path), urls, relaying({}) as post, Receiver().listening() as receiver:
        lived = Fortnight(one, post, receiver)
        lived.live(facts, list(rows_of(one)))
        export(Provider.objects.get().pk, tmp_path / "export")
        book = Exported(read_book([tmp_path / "export"]))
        expected = to_be_heard(book, [fact.recorded_at for fact in facts], lived.listeners)
        assert sorted(lived.heard) == expected
        assert len(lived.names) == len(set(lived.names))
        assert set(Message.objects.values_list("rule", flat=True)) == SCRIPTS[name].rules
        assert set(Message.objects.values_list("state", flat=True)) == {"accepted"}
        assert Attempt.objects.count() == Message.objects.count()
        capsys.readouterr()
        answers_are_those_of_the_files(lived.owner, tmp_path / "export", capsys)


def answers_are_those_of_the_files(owner: Party, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Verdicts, what is due, and a statement of each contract, to the byte, at the end and half way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for at in (START + 7 * DAY, CLOCK.at):
            questions = [("/verdicts", ["evaluate", "."]), ("/due", ["due", "."])]
            for contract in BoundContract.objects.values_list("contract", flat=True):
                words = ["statement", ".", contract, "--period", "2026-06"]
                questions.append((f"/statements/{contract}/2026-06", words))
            for path, words in questions:
                answer = owner.get(path, at=format_instant(at))
                main([*words, "--at", format_instant(at), "--format", "json"])
                assert answer.content.decode() == capsys.readouterr().out, (path, at)
                assert answer.status_code == 200
