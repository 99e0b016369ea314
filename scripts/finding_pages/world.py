"""Zones, holidays and the lock."""

from __future__ import annotations

from scripts.finding_pages.case import AGREEMENT, DOCUMENT, Case, swapped

DESK = "calendar:\n  desk: {zone: Europe/Amsterdam, open: Mon-Fri 09:00-17:00, holidays: {country: NL}}\n"
LOCK = """\
{
  "lock": 1,
  "agreement": "acme",
  "years": "2026..2026",
  "tzdata": "2026f",
  "holidays library": "0.109",
  "zones": {
    "Europe/Madrid": [
      "at first +01:00 CET",
      "2026-03-29T01:00:00Z +02:00 CEST",
      "2026-10-25T01:00:00Z +01:00 CET"
    ]
  },
  "holidays": {}
}
"""
CLOSED = "calendar:\n  desk: {open: Mon-Fri 09:00-17:00}\n"

CASES: tuple[Case, ...] = (
    swapped(
        "bad-lock",
        "A lock that was cut off or edited would freeze something else than what was reviewed.",
        LOCK,
        '"lock": 1,',
        '"lock": 1',
        file="agreement.lock.json",
        beside={AGREEMENT: DOCUMENT + CLOSED},
    ),
    swapped(
        "lock-incomplete",
        "What the lock does not hold would come from the installed library, and could change with it. The "
        "zone that a contract names for itself does come from there, and is warned of.",
        CLOSED,
        "open:",
        "zone: Asia/Tokyo, open:",
        beside={"agreement.lock.json": LOCK},
    ),
    swapped(
        "no-lock",
        "The next update of the library can add a holiday or take one away, and with it move a "
        "deadline that a customer was told.",
        DESK.replace("{country: NL}", "{add: {2026-04-27: King's Day}}"),
        "{add: {2026-04-27: King's Day}}",
        "{country: NL}",
    ),
    swapped(
        "unknown-holidays",
        "Without any holidays every promise would be shorter than it was meant.",
        CLOSED.replace("17:00", "17:00, holidays: {add: [2026-12-25]}"),
        "{add: [2026-12-25]}",
        "{country: XX}",
    ),
    swapped(
        "unknown-zone",
        "Nobody could say when nine o'clock is.",
        CLOSED.replace("{open", "{zone: Europe/Lisbon, open"),
        "Europe/Lisbon",
        "Lisbon",
    ),
    swapped(
        "zone-abbreviation",
        "CET is an hour behind the clocks of its countries all summer, and IST is three places.",
        CLOSED.replace("{open", "{zone: Europe/Madrid, open"),
        "{zone: Europe/Madrid",
        "{zone: CET",
    ),
)
