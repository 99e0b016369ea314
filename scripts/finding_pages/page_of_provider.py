"""x"""

from __future__ import annotations

from scripts.finding_pages.case import Case

CASES: tuple[Case, ...] = ()
