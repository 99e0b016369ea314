"""The one style of all drawings: a type scale, a palette for light and dark, patterns, and the style sheet.

Colours are custom properties, so a drawing follows its page: dark where the reader prefers that, or where
`data-theme` of the drawing or of anything around it says so; on paper it is light. What a colour says, a
pattern, a height or a word says too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final, Literal

from upheld.core.verdicts.verdict import State
from upheld.render.drawings.metrics import Face

Role = Literal["title", "figure", "strong", "text", "note", "tick"]
"""What a text is: the heading, a large number, a name, a sentence, what is said beside it, a tick's label."""

FACES: Final[Mapping[Role, Face]] = {
    "title": Face(16, is_bold=True),
    "figure": Face(24, is_bold=True),
    "strong": Face(13, is_bold=True),
    "text": Face(13),
    "note": Face(12),
    "tick": Face(11),
}

FAMILY: Final = "Helvetica,Arial,Liberation Sans,Arimo,sans-serif"

LIGHT: Final[Mapping[str, str]] = {
    "paper": "#ffffff",
    "ink": "#1c2630",
    "soft": "#566270",
    "rule": "#dde3e9",
    "axis": "#8a96a3",
    "band": "#e7edf3",
    "accent": "#2b6cb0",
    "pale": "#b9d3ec",
    "calm": "#b5dcc9",
    "good": "#2f8f68",
    "good-ink": "#20704f",
    "bad": "#c0392f",
    "bad-ink": "#b03028",
    "warn": "#b9770e",
    "warn-ink": "#8a5a08",
    "mute": "#6b7886",
    "tint": "#e3e8ee",
    "heat-a": "#d9734f",
    "heat-b": "#c65138",
    "heat-c": "#a93426",
    "heat-d": "#841f19",
    "heat-e": "#570f0e",
}
DARK: Final[Mapping[str, str]] = {
    "paper": "#14191f",
    "ink": "#e8ecf0",
    "soft": "#a7b1bd",
    "rule": "#2c353f",
    "axis": "#6c7885",
    "band": "#1e262f",
    "accent": "#6aa9e3",
    "pale": "#2a4b6c",
    "calm": "#285743",
    "good": "#45a47d",
    "good-ink": "#63bd98",
    "bad": "#e2675c",
    "bad-ink": "#f08a80",
    "warn": "#d59a3a",
    "warn-ink": "#e0ad5a",
    "mute": "#8a97a5",
    "tint": "#2a333d",
    "heat-a": "#b0563f",
    "heat-b": "#cc6a50",
    "heat-c": "#e58468",
    "heat-d": "#f6a68c",
    "heat-e": "#ffd2c2",
}
"""One palette of each theme. `-ink` are for texts: they keep 4.5 to 1 on `paper`; shapes keep 3 to 1."""

FILLS: Final[Mapping[str, str]] = {
    # parts of a period
    "up": "calm",
    "degraded": "warn",
    "down": "bad",
    "outside": "band",
    # what of an allowance is used, and what is too much
    "track": "band",
    "spent": "mute",
    "over": "bad",
    # clocks
    "band": "band",
    "counted": "accent",
    "late": "bad",
    # counts, from the fewest to the most
    "heat-a": "heat-a",
    "heat-b": "heat-b",
    "heat-c": "heat-c",
    "heat-d": "heat-d",
    "heat-e": "heat-e",
    # marks and areas
    "dot": "ink",
    "dot-soft": "axis",
    "accent": "accent",
    "pale": "pale",
    "good": "good",
    "bad": "bad",
    "warn": "warn",
    "mute": "mute",
    "tint": "tint",
}
"""What shapes of a class are filled with."""

LINES: Final[Mapping[str, str]] = {
    "grid": "stroke:var(--rule);stroke-width:1",
    "axis": "stroke:var(--axis);stroke-width:1",
    "leader": "stroke:var(--axis);stroke-width:1",
    "due": "stroke:var(--ink);stroke-width:1.5",
    "goal": "stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 3",
    "now": "stroke:var(--accent);stroke-width:1.5;stroke-dasharray:5 3",
    "course": "fill:none;stroke:var(--ink);stroke-width:2;stroke-linejoin:round",
    "course-good": "fill:none;stroke:var(--good);stroke-width:2",
    "course-bad": "fill:none;stroke:var(--bad);stroke-width:2",
    "pace": "stroke:var(--accent);stroke-width:1.5;stroke-dasharray:5 3",
    "fan": "fill:var(--accent);fill-opacity:.11",
    "level": "stroke:var(--ink);stroke-width:1.5",
    "later": "fill:var(--paper);stroke:var(--rule);stroke-width:1",
    "frame": "fill:none;stroke:var(--rule);stroke-width:1",
    "ring": "fill:var(--paper);stroke:var(--ink);stroke-width:1.5",
}
"""How lines and outlines of a class are drawn."""

TONES: Final[Mapping[str, str]] = {
    "good-ink": "good-ink",
    "bad-ink": "bad-ink",
    "warn-ink": "warn-ink",
    "accent-ink": "accent",
    "soft-ink": "soft",
}
"""The colours that a text can take beside that of its role."""

PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    # Hatched, dotted, striped across: told apart without colour, and on paper.
    "excluded": ("tint", '<path class="hatch" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/>'),
    "unknown": ("band", '<path class="dots" d="M1.5 1.5h0M4.5 4.5h0"/>'),
    "waiting": ("band", '<path class="hatch" d="M0 1.5H6M0 4.5H6"/>'),
}
"""Fills that are patterns: the fill of a tile of six by six pixels, and what is drawn on it."""


STATES: Final[Mapping[State, str]] = {
    "met": "good-ink",
    "missed": "bad-ink",
    "breached": "bad-ink",
    "running": "accent-ink",
    "at risk": "warn-ink",
    "not applicable": "soft-ink",
    "undetermined": "warn-ink",
}


def tone_of(state: State) -> str:
    """The tone of a text that tells a state."""
    return STATES[state]


def pattern(name: str, identifier: str) -> str:
    """The definition of a pattern under an id."""
    fill, drawn = PATTERNS[name]
    tile = f'<rect class="{fill}" width="6" height="6"/>{drawn}'
    return f'<pattern id="{identifier}" width="6" height="6" patternUnits="userSpaceOnUse">{tile}</pattern>'


@cache
def style_sheet() -> str:
    """The style sheet of every drawing; it touches nothing outside elements of the class `drawing`."""
    light, dark = _properties(LIGHT), _properties(DARK)
    rules = [
        f".drawing{{{light};font-family:{FAMILY};color-scheme:light dark}}",
        f"@media screen and (prefers-color-scheme:dark){{.drawing{{{dark}}}}}",
        f"@media screen{{{_of_theme('light')}{{{light}}}{_of_theme('dark')}{{{dark}}}}}",
        ".drawing .paper{fill:var(--paper)}",
        ".drawing .hatch{fill:none;stroke:var(--mute);stroke-width:1.2}",
        ".drawing .dots{fill:none;stroke:var(--mute);stroke-width:2;stroke-linecap:round}",
    ]
    rules += [f".drawing .{name}{{fill:var(--{colour})}}" for name, colour in FILLS.items()]
    rules += [f".drawing .{name}{{{how}}}" for name, how in LINES.items()]
    rules += [f".drawing .{role}{{{_type(role, face)}}}" for role, face in FACES.items()]
    rules += [f".drawing text.{name}{{fill:var(--{colour})}}" for name, colour in TONES.items()]
    rules.append(".drawing a:focus{outline:2px solid var(--accent)}")
    return "\n".join(rules)


def print_style_sheet(classes: Collection[str]) -> str:
    """The style sheet for paper of a drawing in which these classes are: the light palette's own colours.

    What sets pages reads it anew for each drawing, so it holds nothing that this one does not need.
    """
    rules = (rule for name, rule in _printed_rules().items() if name in classes)
    return "\n".join([f".drawing{{font-family:{FAMILY}}}", *rules])


@cache
def _printed_rules() -> Mapping[str, str]:
    """The rule of each class, with the colours themselves where the style sheet names them."""
    found: dict[str, str] = {}
    for rule in style_sheet().split("\n"):
        named = _OF_CLASS.match(rule)
        if named is not None:
            found[named[1]] = re.sub(r"var\(--([a-z-]+)\)", lambda colour: LIGHT[colour[1]], rule)
    return found


_OF_CLASS: Final = re.compile(r"\.drawing (?:text)?\.([a-z-]+)\{")


def _properties(palette: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())


def _of_theme(theme: str) -> str:
    return f".drawing[data-theme={theme}],[data-theme={theme}] .drawing"


def _type(role: Role, face: Face) -> str:
    colour = "soft" if role in ("note", "tick") else "ink"
    weight = ";font-weight:700" if face.is_bold else ""
    return f"font-size:{face.size}px{weight};fill:var(--{colour})"
