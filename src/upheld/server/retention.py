"""How long things are kept, by the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

from upheld.app.retain import KEPT, Retention
from upheld.core.timeline.instant import DAY, Duration

FOR_EVER: Final = "ever"
_DAYS: Final = re.compile("([1-9][0-9]{0,3})d")


def retention_of(environment: Mapping[str, str] = os.environ) -> Retention:
    """What `UPHELD_KEEP_...` say. ValueError for what is no number of days."""
    return Retention(
        texts_us=_kept(environment, "UPHELD_KEEP_TEXTS", KEPT.texts_us),
        changes_us=_kept(environment, "UPHELD_KEEP_CHANGES", KEPT.changes_us),
        personal_us=_kept(environment, "UPHELD_KEEP_PERSONAL", KEPT.personal_us),
    )


def _kept(environment: Mapping[str, str], name: str, otherwise: Duration | None) -> Duration | None:
    said = environment.get(name, "")
    if not said:
        return otherwise
    if said == FOR_EVER:
        return None
    if (found := _DAYS.fullmatch(said)) is None:
        raise ValueError(f"{name}: write a number of days, such as 400d, or `{FOR_EVER}`")
    return int(found[1]) * DAY
