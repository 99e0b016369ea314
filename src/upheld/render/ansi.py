"""The lines of a finding in the colours of a terminal, without a library for it: `check` starts quickly."""

from __future__ import annotations

import re
from typing import Final

_SEVERITIES: Final = {"error": "1;31", "warning": "33", "note": "36"}
_MARK: Final = "1;35"
_HEAD: Final = re.compile(r"(.*?: )(error|warning|note)(\[[\w-]+\])(: .*)")
_CARETS: Final = re.compile(r"( +\| *)(\^+)")
_WAY_OUT: Final = re.compile(r"( {4}way out:)( .*)")


def coloured(line: str) -> str:
    """A line of a finding as text: its severity, what is marked, and the way out stand out.

    The line must be printable already: what is added are the only escape sequences.
    """
    if found := _HEAD.fullmatch(line):
        place, severity, code, message = found.groups()
        return f"{place}{_in(_SEVERITIES[severity], severity + code)}{message}"
    if found := _CARETS.fullmatch(line):
        return found.group(1) + _in(_MARK, found.group(2))
    if found := _WAY_OUT.fullmatch(line):
        return _in("32", found.group(1)) + found.group(2)
    return line


def _in(style: str, text: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"
