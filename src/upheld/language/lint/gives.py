"""What is given, as it would be written."""

from __future__ import annotations

from upheld.core.terms.remedy import Days, Give, Share
from upheld.core.timeline.words import plural
from upheld.core.values.value import Money
from upheld.language.quantities import shown


def given(give: Give) -> str:
    """What is given, as it would be written."""
    match give:
        case Share(ratio):
            return shown(ratio, "ratio")
        case Days(count):
            return f"{shown(count, 'number')} {plural(count, 'day')}"
        case Money(amount, currency):
            return f"{shown(amount, 'number')} {currency}"
