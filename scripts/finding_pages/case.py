"""One case: files under which a command tells a finding, and the files under which it no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

DOCUMENT = "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid}\n"
"""Put before a text of an agreement that has no `document` of its own."""

Files = Mapping[str, "str | bytes"]


class Case(NamedTuple):
    """The page of one code.

    `why` says what goes wrong if nobody minds. `bad` and `good` are files by name; a text alone is
    `agreement.yaml`. Of a good text only what differs need be given. `command` must tell the code for the bad
    files and not for the good ones; `also` are codes that it tells besides.
    """

    code: str
    why: str
    bad: str | Files
    good: str | Files
    command: str = "upheld check agreement.yaml"
    also: tuple[str, ...] = ()

    @property
    def bad_files(self) -> dict[str, str | bytes]:
        """The files that have the fault."""
        return _files(self.bad)

    @property
    def good_files(self) -> dict[str, str | bytes]:
        """The files after the way out was taken."""
        return {**self.bad_files, **_files(self.good)}


def _files(given: str | Files) -> dict[str, str | bytes]:
    files = {"agreement.yaml": given} if isinstance(given, str) else dict(given)
    text = files.get("agreement.yaml")
    if isinstance(text, str) and "document" not in text:
        files["agreement.yaml"] = DOCUMENT + text
    return files
