"""Each of the five agreements lives a fortnight over the API alone: who is to be told is told, then and once.

Some of the shipped month, and what it lacks: subjects are taken whole, so that each rule of an agreement that
can tell somebody within the fortnight does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq
import pytest
from django.test import override_settings

from tests.live.api_desk import Party, told
from tests.live.api_urls import CLOCK
from tests.live.databases import Postgres, Sqlite
from tests.live.desk import random_bytes
from tests.live.fortnight import (
    END,
    START,
    Exported,
    Fortnight,
    Heard,
    Receiver,
    Told,
    to_be_heard,
)
from tests.live.receiver import Answer, echo
from tests.live.receiver import Heard as Request
from tests.live.receiver import Receiver as Hooks
from tests.notify.relay import relaying
from upheld.app.export import export
from upheld.app.policies import scopes_of
from upheld.app.tokens import make_token
from upheld.cli.main import main
from upheld.core.facts.fact import Data, Fact
from upheld.core.timeline.instant import (
    DAY,
    HOUR,
    Instant,
    datetime_of,
    format_instant,
    instant_of,
    parse_instant,
)
from upheld.files.folder import read_book
from upheld.net.marks import EVERYBODY
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
            (
                "2026-06-02T09:00:00Z",
                "maintenance.planned",
                "CM-900",
                {
                    "kind": "scheduled",
                    "starts_at": "2026-06-22T20:00:00Z",
                    "ends_at": "2026-06-22T22:00:00Z",
                    "components": ["Voice"],
                    "interruption": True,
                },
            ),
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
            (
                "2026-06-02T09:00:00Z",
                "maintenance.planned",
                "RM-900",
                {
                    "kind": "scheduled",
                    "starts_at": "2026-06-12T20:00:00Z",
                    "ends_at": "2026-06-12T22:00:00Z",
                    "components": ["crm"],
                    "interruption": True,
                },
            ),
        ),
        frozenset({"missed target", "notice ahead", "second step", "target ahead", "third step"}),
    ),
    "sivo": Script(
        ("SV-9004", "SV-9009", "SV-9022", "SM-71"),
        (
            ("2026-05-20T09:00:00Z", "claim.filed", "SC-900", {"contract": "acme-sivo", "about": "2026-04"}),
            ("2026-06-09T08:00:00Z", "maintenance.decided", "SM-900", {"kind": "emergency"}),
            ("2026-06-10T08:00:00Z", "maintenance.decided", "SM-901", {}),
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
    within = [("at", ">=", datetime_of(START)), ("at", "<", datetime_of(END))]
    for row in pq.read_table(path, filters=within).to_pylist() if path.exists() else ():
        at = instant_of(row["at"])
        if last.get(row["component"], 0) + 6 * HOUR <= at:
            last[row["component"]] = at
            named = ((name, row[name]) for name in ("component", "signal", "ok", "status"))
            yield {"at": at} | {name: value for name, value in named if value is not None}


@cache
def _months() -> list[Told]:
    return [Told(one, facts_of(one), list(rows_of(one))) for one in shipped(home(), START + 14 * DAY)]


def months(*names: str) -> list[Told]:
    """What is told of these providers; read once, for there are a hundred thousand checks of each."""
    return [one for one in _months() if one.shipped.key in names]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_fortnight_is_told_as_the_library_says(
    sqlite: Sqlite, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Every message at its instant, once, by its way; the answers are those of the exported files."""
    urls = override_settings(ROOT_URLCONF="tests.live.api_urls", PRIVATE_TARGETS=EVERYBODY)
    with sqlite.fresh(tmp_path), urls, relaying({}) as post, Receiver().listening() as receiver:
        lived = Fortnight(months(name), post, receiver)
        lived.live()
        assert came(lived) == len(lived.names) > 0
        asked = (START + 7 * DAY, END)
        assert answers_of_files(lived, name, tmp_path / name, capsys, *asked) == 2 * len(asked)
        owner = lived.homes[name].owner
        assert statements_of_files(owner, tmp_path / name, capsys) == BoundContract.objects.count() > 0


@pytest.mark.parametrize(("names", "workers"), [(("intg", "just", "rous"), 1), (tuple(SCRIPTS), 4)])
def test_providers_live_it_on_one_server(
    postgres: Postgres,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    names: tuple[str, ...],
    workers: int,
) -> None:
    """On PostgreSQL, three by one worker and all by four at once: to each of them as if it were alone."""
    urls = override_settings(ROOT_URLCONF="tests.live.api_urls", PRIVATE_TARGETS=EVERYBODY)
    with postgres.fresh(tmp_path), urls, relaying({}) as post, Receiver().listening() as receiver:
        lived = Fortnight(months(*names), post, receiver, workers)
        lived.live()
        assert came(lived) == len(lived.names) > 0
        for name in names:
            assert answers_of_files(lived, name, tmp_path / name, capsys, END) == 2


def test_what_changes_is_sent_as_it_is_read(sqlite: Sqlite, tmp_path: Path) -> None:
    """To the endpoint of the provider and of each customer: every change of theirs, then and once."""
    urls = override_settings(ROOT_URLCONF="tests.live.api_urls", PRIVATE_TARGETS=EVERYBODY)
    with sqlite.fresh(tmp_path), urls, relaying({}) as post, ExitStack() as stack:
        receiver, hooks = (stack.enter_context(one().listening()) for one in (Receiver, Hooks))
        lived = Fortnight(months("rous"), post, receiver)
        provider = Provider.objects.get(key="rous")
        parties = {"/provider": lived.homes["rous"].owner}
        for number, customer in enumerate(provider.customers.order_by("pk")):
            scopes, until_at = scopes_of("customer admin"), START + 30 * DAY
            made = make_token(
                provider.pk, "hooks", "customer admin", scopes, START, until_at, random_bytes, customer.pk
            )
            parties[f"/customer-{number}"] = Party(made.text)
        heard: dict[str, list[tuple[str, dict[str, Any]]]] = {path: [] for path in parties}

        def answers(one: Request) -> Answer:
            if one.told["type"].startswith("verdict."):
                heard[one.path].append((format_instant(CLOCK.at), one.told["data"]))
            return echo(one)

        hooks.answers = answers
        for path, party in parties.items():
            told(party.tell("/endpoints", {"url": hooks.url(path)}), 201)
        lived.begin()
        before = {path: len(changes_of(party)) for path, party in parties.items()}
        for said in heard.values():
            said.clear()
        lived.live()
        for path, party in parties.items():
            read = changes_of(party)[before[path] :]
            assert heard[path] == [(one["at"], one) for one in read]
            assert read
        assert len(parties) > 1
        events = Message.objects.filter(rule__startswith="verdict.", owed_at__gt=START)
        assert events.count() == sum(map(len, heard.values())) == Attempt.objects.filter(
            message__in=events, state="accepted"
        ).count()  # fmt: skip


def changes_of(party: Party) -> list[dict[str, Any]]:
    """Every change that a party reads, a page after another."""
    found: list[dict[str, Any]] = []
    after = 0
    while after is not None:
        page = told(party.get("/changes", after=after, limit=100))
        found, after = found + page["changes"], page["next"]
    return found


def came(lived: Fortnight) -> int:
    """How many messages went out: all were accepted at the first attempt, and arrived once.

    What of a burst is told of in a digest is suppressed, and leads to it.
    """
    apart = Message.objects.exclude(state="suppressed")
    assert len(lived.names) == len(set(lived.names)) == apart.count()
    assert set(apart.values_list("state", flat=True)) == {"accepted"}
    assert not Message.objects.filter(state="suppressed", digest=None).exists()
    return Attempt.objects.count()


def answers_of_files(
    lived: Fortnight, name: str, folder: Path, capsys: pytest.CaptureFixture[str], *asked: Instant
) -> int:
    """How many answers were asked for: verdicts, what is due, and who was told are as the library says."""
    provider = Provider.objects.get(key=name)
    export(provider.pk, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    content = [f"{path.relative_to(folder)} {sha256(path.read_bytes()).hexdigest()}" for path in files]
    assert _FILES.setdefault(name, content) == content, "whoever lives it has the same files in the end"
    if name not in _HEARD:
        recorded = [fact.recorded_at for fact in lived.homes[name].told.facts]
        listeners = lived.homes[name].listeners
        _HEARD[name] = to_be_heard(Exported(read_book([folder])), recorded, listeners)
    assert lived.heard_by(name) == _HEARD[name]
    assert set(provider.messages.values_list("rule", flat=True)) == SCRIPTS[name].rules
    for at in asked:
        for path, words in (("/verdicts", ["evaluate", "."]), ("/due", ["due", "."])):
            if (name, path, at) not in _ANSWERS:
                _ANSWERS[name, path, at] = library_says(folder, words, at, capsys)
            answer = lived.homes[name].owner.get(path, at=format_instant(at))
            assert answer.content.decode() == _ANSWERS[name, path, at], (path, at)
            assert answer.status_code == 200
    return 2 * len(asked)


def statements_of_files(owner: Party, folder: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """How many contracts there are: the statement of each for the month is as the library says in the end."""
    contracts = list(BoundContract.objects.values_list("contract", flat=True))
    for contract in contracts:
        answer = owner.get(f"/statements/{contract}/2026-06", at=format_instant(END))
        words = ["statement", ".", contract, "--period", "2026-06"]
        assert answer.content.decode() == library_says(folder, words, END, capsys), contract
        assert answer.status_code == 200
    return len(contracts)


_FILES: dict[str, list[str]] = {}
"""The hashes of the files of each provider; the library is asked of them once, whoever has lived them."""
_HEARD: dict[str, list[Heard]] = {}
_ANSWERS: dict[tuple[str, str, Instant], str] = {}


def library_says(folder: Path, words: list[str], at: Instant, capsys: pytest.CaptureFixture[str]) -> str:
    """What `upheld` says of files."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main([*words, "--at", format_instant(at), "--format", "json"])
    return capsys.readouterr().out
