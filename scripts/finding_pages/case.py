"""One case: files under which a command tells a finding, and the files under which it no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

DOCUMENT = "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid}\n"
"""Put before a text of an agreement that has no `document` of its own."""
AGREEMENT = "agreement.yaml"
CHECK = f"upheld check {AGREEMENT}"

Files: TypeAlias = Mapping[str, "str | bytes"]


class Case(NamedTuple):
    """The page of one code.

    `why` says what goes wrong if nobody minds. `bad` and `good` are files by name; a text alone is the
    agreement. Of `good` only what differs is given. `command` tells the code for the bad files and does not
    for the good ones; `also` are codes that it tells besides. Without files `instead` says why none is shown.
    """

    code: str
    why: str
    bad: str | Files = ""
    good: str | Files = ""
    command: str = CHECK
    also: tuple[str, ...] = ()
    instead: str = ""

    @property
    def bad_files(self) -> dict[str, str | bytes]:
        """The files that have the fault."""
        return _files(self.bad)

    @property
    def good_files(self) -> dict[str, str | bytes]:
        """The files after the way out was taken."""
        return {**self.bad_files, **_files(self.good)}


def swapped(
    code: str,
    why: str,
    good: str,
    right: str,
    wrong: str,
    *,
    also: tuple[str, ...] = (),
    command: str = CHECK,
    file: str = AGREEMENT,
    beside: Files | None = None,
) -> Case:
    """The case of one text that is good with `right` in it and bad with `wrong` in its place."""
    assert right in good, f"{code}: the good text does not hold {right!r}"
    bad = {**(beside or {}), file: good.replace(right, wrong)}
    return Case(code, why, bad, {file: good}, command, also)


def _files(given: str | Files) -> dict[str, str | bytes]:
    files = dict(given) if not isinstance(given, str) else {AGREEMENT: given} if given else {}
    text = files.get(AGREEMENT)
    if isinstance(text, str) and "document" not in text and text[0].isalpha():
        files[AGREEMENT] = DOCUMENT + text
    return files
