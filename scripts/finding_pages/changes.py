"""The rule of changes, and a new version under it."""

from __future__ import annotations

from scripts.finding_pages.case import AGREEMENT, Case, swapped

RESPONSE = "deadline:\n  response: {from: opened, until: answered, within: 4h}\n"
OLD = (
    "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid}\n"
    + RESPONSE
    + "amend: {notice: 14d, never below: commitments at signature}\n"
)
NEW = OLD.replace("version: 2026-01", "version: 2026-07").replace("within: 4h", "within: 8h")
CONTRACT = (
    "contract: {id: c-7, customer: Acme, agreement: acme, version: 2026-01, from: 2026-01-01, term: 1 year}\n"
)
AMEND = f"upheld amend new.yaml --against {AGREEMENT} --contracts contract.yaml"
TOLD = (
    '{"specversion": "1.0", "id": "1", "source": "legal", "type": "agreement.notice_given", '
    '"time": "2026-07-01T09:00:00+02:00", "subject": "acme", '
    '"data": {"version": "2026-07", "contract": "c-7"}}\n'
)

CASES: tuple[Case, ...] = (
    swapped(
        "floor-missing",
        "Until when something is kept says nothing as long as nobody says what is kept.",
        RESPONSE + "amend: {notice: 60d, never below: commitments at signature, until: contract ends}\n",
        "never below: commitments at signature, ",
        "",
    ),
    swapped(
        "contract-period-unknown",
        "What was promised at signature is kept until the contract period ends, and nobody can say when "
        "that is.",
        CONTRACT,
        ", term: 1 year",
        "",
        command=f"{AMEND} --published 2026-07-01",
        file="contract.yaml",
        beside={AGREEMENT: OLD, "new.yaml": NEW},
    ),
    swapped(
        "notice-too-short",
        "The customer was promised to know of a change so long before: begun earlier, it does not hold.",
        OLD,
        "notice: 14d",
        "notice: 30d",
        command=f"{AMEND} --published 2026-07-01 --from 2026-07-20",
        beside={"contract.yaml": CONTRACT, "new.yaml": NEW},
    ),
    swapped(
        "notice-unknown",
        "Notice is counted from the day on which the customer is told.",
        TOLD,
        '"version": "2026-07"',
        '"version": "2026-06"',
        command=f"{AMEND} facts.jsonl",
        file="facts.jsonl",
        beside={AGREEMENT: OLD, "contract.yaml": CONTRACT, "new.yaml": NEW},
    ),
)
