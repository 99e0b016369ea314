"""By which method a figure came about, in words: a percentage alone is not evidence. Source: design 7."""

from __future__ import annotations

from decimal import Decimal

from upheld.core.measuring.question import Question, stream_of
from upheld.core.terms.indicator import Indicator
from upheld.core.timeline.instant import format_duration


def method_of(question: Question, component: str) -> tuple[tuple[str, str], ...]:
    """The method of the figure of a component."""
    indicator = question.indicator
    names = [one.rule.name for one in question.taken if "out of total" in one.rule.effects]
    found = stream_of(indicator, question.matter, component) if component in question.components else None
    steps = [
        ("basis", f"{indicator.basis} of {component or indicator.of}"),
        ("signal", found[1].name if found else indicator.signal),
        *_slice_of(indicator),
        ("combination", combination_of(indicator)),
        ("across", "" if indicator.across == "each" else indicator.across),
        ("total", "whole period" if indicator.whole else "part in force"),
        ("hours", "" if indicator.on == "always" else indicator.on),
        ("out of total", ", ".join(names)),
        ("gaps", indicator.gaps),
        ("unattributed", "" if indicator.unattributed == "counts" else "unknown"),
    ]
    return tuple((name, text) for name, text in steps if text)


def combination_of(indicator: Indicator) -> str:
    """How slices come to one figure."""
    if indicator.percentile is None:
        return indicator.combine
    number = indicator.percentile * 100
    return (
        f"percentile {number if number.denominator == 1 else Decimal(number.numerator) / number.denominator}"
    )


def _slice_of(indicator: Indicator) -> list[tuple[str, str]]:
    rule = indicator.per
    if rule is None:
        return []
    runs = f"{rule.run} in a row{' of the same part' if rule.same_part else ''}" if rule.run > 1 else ""
    return [
        ("slice", format_duration(rule.slice_us)),
        ("good when", str(rule.good_when) if rule.good_when is not None else "all are good"),
        ("least observations", str(rule.minimum) if rule.minimum > 1 else ""),
        ("run", runs),
        ("alone", indicator.lone if rule.run > 1 else ""),
        ("partly excluded", rule.partly if rule.partly != "judged on the rest" else ""),
        ("at period end", "cut" if rule.cut_at_period else ""),
    ]
