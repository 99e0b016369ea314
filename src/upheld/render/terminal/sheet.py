"""What is drawn on: so many columns, with or without colour, in an encoding; and text that is safe on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import BytesIO, TextIOWrapper
from typing import Final, TypeAlias

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from upheld.render.terminal.signs import Sign
from upheld.render.words import visible

_PLAINLY: Final = str.maketrans({"·": ".", "×": "x", "…": "...", "│": "|"})
"""Our own signs in what a terminal without them can show."""
_AMOUNT: Final = re.compile(r"(?<=\d) (?=(?:%|d|h|min|s|ms|[A-Z]{3})\b|%)")
"""The space between a number and its unit, at which no line is broken."""
_BINDING: Final = "\ue000"
"""A character for private use, which no text of a sheet has: it would have been made visible."""

Lines: TypeAlias = list[Text]


class Sheet:
    """A page of a terminal. All that is drawn on it is made of its `text`, so that nothing is markup.

    ValueError for fewer columns than one.
    """

    def __init__(self, columns: int, colour: bool = False, encoding: str = "utf-8") -> None:
        if columns < 1:
            raise ValueError(f"nothing can be drawn in {columns} columns")
        self.columns = columns
        self.encoding = encoding
        self._bytes = BytesIO()
        self._file = TextIOWrapper(self._bytes, encoding, "backslashreplace", newline="\n")
        # Nothing is left to be found out: what is drawn follows from the arguments alone.
        self._console = Console(
            file=self._file,
            width=columns,
            height=100,
            color_system="standard" if colour else None,
            force_terminal=colour,
            force_jupyter=False,
            force_interactive=False,
            no_color=not colour,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )

    @property
    def has_blocks(self) -> bool:
        """Whether block characters and signs can be shown, by the encoding."""
        return self.encoding.lower().startswith("utf")

    def text(self, told: str, style: str = "") -> Text:
        """A text as it is: no markup, control characters and what the encoding has not made visible."""
        shown = visible(told)
        if not self.has_blocks and not shown.isascii():
            shown = shown.translate(_PLAINLY).encode(self.encoding, "backslashreplace").decode(self.encoding)
        return Text().append(shown, style=style or None)

    def signed(self, sign: Sign, told: str = "") -> Text:
        """A sign in its style, with a text of ours behind it."""
        return self.text(
            f"{sign.on(self.has_blocks)} {told}" if told else sign.on(self.has_blocks), sign.style
        )

    def joined(self, parts: Iterable[Text], gap: str = "  ") -> Text:
        """Texts beside each other; those that are empty leave no gap."""
        return Text(gap).join([part for part in parts if part.plain])

    def wrapped(self, text: Text, width: int) -> Lines:
        """A text in lines of so many columns, broken between words, or within one that is longer."""
        if text.cell_len <= width:
            return [text]
        bound = text.copy()
        bound.plain = _AMOUNT.sub(_BINDING, text.plain)
        lines = bound.wrap(self._console, max(width, 2), tab_size=1)
        for line in lines:
            line.rstrip()
            line.plain = line.plain.replace(_BINDING, " ")
        return list(lines)

    def printed(self, things: Iterable[RenderableType]) -> str:
        """The things one below the other, each line without spaces at its end."""
        for thing in things:
            self._console.print(thing, no_wrap=isinstance(thing, Text), crop=False, overflow="ignore")
        self._file.flush()
        told = self._bytes.getvalue().decode(self.encoding)
        self._bytes.seek(0)
        self._bytes.truncate()
        return "".join(f"{line.rstrip(' ')}\n" for line in told.split("\n")[:-1])


class Fitted:
    """Something that lays itself out in the columns that there are: lines as a function of the width."""

    def __init__(self, lines: Callable[[int], Lines]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.lines(options.max_width)
