"""The kinds of defects that a page may have; each is a code."""

from __future__ import annotations

DEFECTS = {
    "blank-metadata": "The page leaves out a name, a date or a section that it announces.",
    "dangling-reference": "The page refers to a place where something else stands, or nothing.",
    "duplicate-definition": "The page says one thing twice.",
    "duplicate-definition-differs": "The page defines one thing twice, and differently.",
    "malformed-number": "The page writes a number or a time in two ways, or in a wrong one.",
    "modality-conflict": "The page promises one thing with words of different strength.",
    "number-missing": "The page promises a time, an amount or a share without a number.",
    "number-pair-mismatch": "Two numbers of the page for one thing fit together under one reading only.",
    "provider-sole-judge": "The provider alone decides what is owed, or what a condition means.",
    "ragged-table": "A row of a table of the page has more or fewer cells than the table has columns.",
    "roadmap-not-binding": "The page names plans for later among what it promises.",
    "subject-missing": "The page says nothing of a subject that such pages speak of.",
    "undefined-term": "The page rests on a word that it does not define.",
    "unexplained-footnote": "A mark of the page leads to no note.",
}
"""Defects of the page itself, recorded in its clause list; each is read as an assumption says."""

DEFECT_KINDS = (
    *DEFECTS, "band-edge", "infeasible-timeline", "range-target", "undefined-calendar", "zone-abbreviation"
)  # fmt: skip
"""What a defect of a page may be: also a fault that a text of one's own could have."""
