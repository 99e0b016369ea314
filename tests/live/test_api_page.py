"""The page about the API: its requests are sent, its answers and its tables are what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.docs.pages import blocks_of
from tests.live.api_desk import BASE, Party, World
from upheld.api.problems import KINDS
from upheld.app.policies import POLICIES

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "api.md"


def shown(body: bytes) -> list[str]:
    """An answer as the page shows it: without the secret that is made for it, another one each time."""
    text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    text = re.sub(r"upheld_[A-Za-z0-9_-]{43}", "upheld_...", text)
    return re.sub(r"whsec_[A-Za-z0-9+/=]+", "whsec_...", text).splitlines()


def sent(world: World, block: list[str]) -> list[str]:
    """The answer to a request of the page."""
    method, _, address = block[0].partition(" ")
    parts = urlsplit(address)
    end = block.index("") if "" in block else len(block)
    headers = dict(line.split(": ", 1) for line in block[1:end])
    party = {"$NORTHWIND": world.owner, "$ACME": world.acme}[headers["Authorization"].removeprefix("Bearer ")]
    body = "\n".join(block[end + 1 :]).encode()
    assert isinstance(party, Party)
    answer = party.ask(
        method,
        parts.path.removeprefix(BASE),
        body,
        headers.get("Content-Type", ""),
        query=dict(parse_qsl(parts.query)),
        key=headers.get("Idempotency-Key"),
    )
    return [f"{answer.status_code} {answer['Content-Type']}", "", *shown(answer.content)]


def tables() -> Iterator[tuple[str, list[str]]]:
    """The tables of the page, by their heads."""
    yield (
        "| to | scope | roles |",
        [
            f"| {one.name} | {f'`{one.scope}`' if one.scope else 'any'} | {', '.join(sorted(one.roles))} |"
            for one in POLICIES
        ],
    )
    yield "| status | code | meaning |", [f"| {one.status} | `{one.code}` | {one.meaning} |" for one in KINDS]


def whole(world: World, text: str) -> str:
    """The page as it should be."""
    lines = text.splitlines()
    told: list[str] = []
    done = 0
    answer: list[str] = []
    for block in (one for one in blocks_of(lines) if one.language == "http"):
        body = lines[block.start : block.end]
        told += lines[done : block.start]
        if body[0][:3].isdecimal():
            told += answer
        else:
            told += body
            answer = sent(world, body)
        done = block.end
    told += lines[done:]
    for head, rows in tables():
        at = told.index(head) + 2
        end = next(n for n in range(at, len(told)) if not told[n].startswith("|"))
        told[at:end] = rows
    return "\n".join(told) + "\n"


@pytest.mark.accepts
def test_the_page_shows_what_is_answered(world: World, accept: bool) -> None:
    """Each request of the page is answered as it shows; its tables are those of the program."""
    text = PAGE.read_text("utf-8")
    found = whole(world, text)
    if accept and found != text:
        PAGE.write_text(found, encoding="utf-8")
    else:
        assert text == found
