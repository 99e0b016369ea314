"""Faults of structure: fields, rows, simple values."""

from __future__ import annotations

from scripts.finding_pages.case import Case, swapped

SCALE = "scale:\n  priority: {of: ticket, values: {P1: nobody can work, P2: somebody cannot}}\n"
RESPONSE = "deadline:\n  response: {from: opened, until: answered, within: 2h}\n"
CONTRACT = "contract: {id: c-7, customer: Acme, agreement: acme, from: 2026-02-01, until: 2027-02-01}\n"
QUOTA = (
    SCALE + "quota:\n  urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}\n"
)

BOUND = "upheld check agreement.yaml contract.yaml"
BESIDE = {
    "agreement.yaml": "document: {agreement: acme, version: 2026-01, provider: Northwind, "
    "zone: Europe/Madrid}\n" + RESPONSE
}

CASES: tuple[Case, ...] = (
    swapped(
        "bad-date",
        "A day that is not one would silently become another, or no limit at all.",
        CONTRACT,
        "from: 2026-02-01",
        "from: 2026-02-30",
        command=BOUND,
        file="contract.yaml",
        beside=BESIDE,
    ),
    swapped(
        "bad-money",
        "An amount without its currency cannot be added to another one.",
        CONTRACT.replace("until: 2027-02-01", "fees: {month: 499.00 EUR}"),
        "499.00 EUR",
        "499 euro",
        command=BOUND,
        file="contract.yaml",
        beside=BESIDE,
    ),
    swapped(
        "bad-number",
        "A number that is written in another way could be read as another number.",
        QUOTA,
        "allow: 2",
        "allow: two",
    ),
    swapped(
        "duplicate-name",
        "A verdict is known by the name of its row; with two of that name nobody could "
        "tell which one was missed.",
        RESPONSE + "obligation:\n  review: {times: 1, per: calendar year}\n",
        "review:",
        "response:",
    ),
    swapped(
        "listed-twice",
        "The second one does nothing, and perhaps another word was meant.",
        "attribute:\n  size: {of: ticket, type: text, values: [small, large]}\n",
        "[small, large]",
        "[small, small]",
    ),
    swapped(
        "missing-field",
        "Without it the row promises nothing: a clock that never stops, an allowance of nothing.",
        RESPONSE,
        "until: answered, ",
        "",
    ),
    swapped(
        "nothing-to-remove",
        "What the plan wants gone is perhaps written differently, and still holds.",
        RESPONSE + "plan:\n  gold: {deadline: {response: none}}\n",
        "{response: none}",
        "{respons: none}",
    ),
    swapped(
        "reserved-name",
        "A word of the language as a name would be read as that word.",
        SCALE + RESPONSE,
        "P2: somebody",
        "other: somebody",
    ),
    swapped(
        "too-many-forms",
        "Two forms contradict each other, and one would win without anybody saying which.",
        RESPONSE,
        "within: 2h",
        "within: 2h, due: opened + 4h",
    ),
    swapped(
        "unknown-choice",
        "Another word would do nothing, or not what its author thinks.",
        RESPONSE.replace("2h", "2h, modality: objective"),
        "objective",
        "objectiv",
    ),
    swapped(
        "unknown-concept",
        "Everything below the name would be passed over.",
        RESPONSE,
        "deadline:",
        "dedline:",
    ),
    swapped(
        "unknown-field",
        "A field that nobody reads promises nothing, and its author thinks it does.",
        RESPONSE,
        "within: 2h}",
        "within: 2h, untill: resolved}",
    ),
    swapped(
        "wrong-order",
        "Between the two there is no time, so the row would never hold.",
        CONTRACT,
        "until: 2027-02-01",
        "until: 2026-02-01",
        command=BOUND,
        file="contract.yaml",
        beside=BESIDE,
    ),
    swapped(
        "wrong-shape",
        "A list in place of a map has no names by which anything could be known.",
        RESPONSE,
        "deadline:\n  response: {",
        "deadline:\n  - {",
    ),
    swapped(
        "wrong-type",
        "A value of another type can never be equal to one that a fact brings.",
        "attribute:\n  size: {of: ticket, type: number, default: 3}\n",
        "default: 3",
        "default: large",
    ),
)
