"""The style sheet: legible in both themes, and nothing that it does not say."""

from __future__ import annotations

import re

import pytest

from upheld.render.drawings.style import DARK, FILLS, LIGHT, TONES, style_sheet

pytestmark = pytest.mark.slow


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2: 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_are_legible(palette: dict[str, str]) -> None:
    """4.5 to 1 on the paper and on the band of open hours, in both themes (WCAG AA)."""
    for name in {"ink", "soft", *TONES.values()}:
        for ground in ("paper", "band"):
            assert contrast(palette[name], palette[ground]) >= 4.5, (name, ground)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_that_mean_something_are_seen(palette: dict[str, str]) -> None:
    """3 to 1 on the paper (WCAG 1.4.11); bands, tints and what is calm are only ground."""
    for name in sorted({*FILLS.values(), "axis"} - {"band", "tint", "pale", "calm"}):
        assert contrast(palette[name], palette["paper"]) >= 3, name


def test_both_palettes_have_the_same_names() -> None:
    """And the sheet uses no property that it does not set."""
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"var\(--([a-z-]+)\)", style_sheet())) <= set(LIGHT)


def test_the_sheet_touches_only_drawings() -> None:
    """Every rule is of the class `drawing`, so that a page can hold it."""
    bare = re.sub(r"@media[^{]*\{", "", style_sheet())
    for selectors in re.findall(r"(?:^|\})\s*([^{}]+)\{", bare):
        assert all(".drawing" in one for one in selectors.split(",")), selectors
