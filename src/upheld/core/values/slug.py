"""What can stand in an address as it is: lower-case letters and digits, with hyphens between them."""

from __future__ import annotations

import re
from typing import Final

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
SLUG_PATTERN: Final = f"^{SLUG.pattern}$"
"""The same, as a schema has it."""
