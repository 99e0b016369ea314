"""The style sheet of every page: `page.css` with the palette of the drawings, light, dark and for paper."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from upheld.render.drawings.style import DARK, LIGHT, style_sheet


@cache
def page_style() -> str:
    """The style sheet, that of the drawings included."""
    return f"{text_style()}\n{style_sheet()}"


@cache
def text_style() -> str:
    """The style sheet of a page without drawings."""
    light, dark = (";".join(f"--{name}:{colour}" for name, colour in one.items()) for one in (LIGHT, DARK))
    rules = [
        f":root{{{light};color-scheme:light dark}}",
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}",
        f"@media screen{{:root[data-theme=light]{{{light}}}:root[data-theme=dark]{{{dark}}}}}",
        files(__package__).joinpath("page.css").read_text(encoding="utf-8").strip(),
    ]
    return "\n".join(rules)
