"""Faults of YAML texts, before anything is understood."""

from __future__ import annotations

from scripts.finding_pages.case import DOCUMENT, Case, swapped

RESPONSE = DOCUMENT + "deadline:\n  response: {from: opened, until: answered, within: 2h}\n"

CASES: tuple[Case, ...] = (
    swapped(
        "alias",
        "A repeated part has no place of its own, so a finding could not say where to mend it, and a few "
        "lines could unfold to millions.",
        RESPONSE + "  resolution: {from: opened, until: resolved, within: 2h}\n",
        "resolution: {from: opened, until: resolved, within: 2h}",
        "resolution: *one",
        also=("wrong-shape",),
    ),
    swapped(
        "anchor",
        "A named part is there to be repeated, and repetition is not allowed (see `alias`).",
        RESPONSE,
        "response: {",
        "response: &one {",
    ),
    swapped(
        "bad-yaml",
        "Nothing of the file can be understood, so nothing else is told of it.",
        RESPONSE,
        "within: 2h}",
        "within: 2h",
    ),
    swapped(
        "control-character",
        "It could hide text from the reader of a screen, or change what a terminal shows.",
        RESPONSE,
        "Northwind",
        "North\x07wind",
    ),
    swapped(
        "directive",
        "It would change how the rest is read.",
        RESPONSE,
        DOCUMENT,
        "%TAG ! tag:example.com,2026:\n---\n" + DOCUMENT,
    ),
    swapped(
        "duplicate-key",
        "Most readers of YAML keep one of the two and say nothing; which one, differs.",
        RESPONSE,
        "within: 2h",
        "within: 2h, within: 4h",
    ),
    swapped(
        "empty-file",
        "A file that was cut off or never written looks like an agreement without promises.",
        RESPONSE,
        RESPONSE,
        "# nothing yet\n",
    ),
    swapped(
        "key-not-text",
        "A name that is a list or empty cannot be called anything.",
        RESPONSE,
        "response: {from",
        "[response]: {from",
    ),
    swapped(
        "key-too-long",
        "Nearly always a colon is missing, and half a sentence has become a name.",
        RESPONSE,
        "response:",
        "r" * 300 + ":",
    ),
    swapped(
        "merge-key",
        "What is merged in has no place of its own; plans and overrides lay texts over each "
        "other in the open.",
        RESPONSE,
        "within: 2h",
        "within: 2h, <<: {on: always}",
    ),
    Case(
        "not-utf-8",
        "Names and reasons would be read with other letters than those written.",
        {"agreement.yaml": RESPONSE.replace("Northwind", "Nördwind").encode("latin-1")},
        {"agreement.yaml": RESPONSE.replace("Northwind", "Nördwind")},
    ),
    swapped(
        "several-documents",
        "One file is one agreement, and only the first would be read.",
        RESPONSE,
        RESPONSE,
        RESPONSE + "---\n" + DOCUMENT,
    ),
    swapped(
        "tag",
        "A tag gives a value a type, and here every value is a text: `12:30` and `no` are what is written.",
        RESPONSE,
        "within: 2h",
        "within: !str 2h",
    ),
    swapped(
        "too-deep",
        "No concept is nested so deeply; a text that is wears out whoever reads it.",
        RESPONSE,
        "within: 2h",
        "within: " + "[" * 30 + "2h" + "]" * 30,
    ),
    Case(
        "too-large",
        "No agreement is so long; a file that is was not meant to be one.",
        instead="The text would have to be longer than a megabyte.",
    ),
    Case(
        "too-many-findings",
        "Behind so many faults stands one cause; mend what is listed first.",
        instead="It ends a list of a thousand findings, as a file of another kind makes it.",
    ),
    Case(
        "too-many-nodes",
        "No agreement has so many values; a text that has would wear out who reads it.",
        instead="A calendar would have to be combined of more than a hundred others.",
    ),
)
