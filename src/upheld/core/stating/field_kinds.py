"""What the names of a record are told with: the shape of a table, and what many objects have.

A kind is `text`, `whole` (a whole number), `truth`, `instant` (microseconds since 1970 in UTC), `length`
(microseconds), `span` (two instants), `exact` (a fraction in lowest terms as text), `amount` (a decimal as
text), `day` (ISO 8601), the name of another object, or a list of one of these (`[text]`). A question mark: it
may be null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, tuple[str, str]]
"""The kind and the meaning of each name of an object."""

FACTS = ("[ref]", "the facts that it rests on")
CLAUSES = ("[text]", "the clauses of the page")
READINGS = ("[text]", "the names of the readings that it rests on")
COMMITMENT = ("text", "the name of the commitment")
SUBJECT = ("text", "what it is about: a ticket, a period, a period and a part (2026-06/api)")
CURRENCY = ("text", "ISO 4217; empty: days of service, in hundredths")
