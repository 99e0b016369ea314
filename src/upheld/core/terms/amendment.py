"""How the terms of an agreement may change: the notice, what may not get worse, and what runs on as it was.

Source: design 5, amendments; SIVO-9.1, SIVO-9.2, SIVO/S27; ROUS-8, ROUS/R19; CENG-8.
"""

from __future__ import annotations

from typing import Literal

from upheld.core.values.amount import Amount
from upheld.core.values.frozen import dataclass
from upheld.core.values.rule import Citation

Floor = Literal["nothing", "commitments in force", "commitments at signature"]
FLOORS: tuple[Floor, ...] = ("nothing", "commitments in force", "commitments at signature")
"""What a new version may not make worse, from the least protection to the most."""
Until = Literal["contract period ends", "contract ends"]
Incomparable = Literal["signature version", "new version"]
AppliesFrom = Literal["end of the notice", "next month"]
Clocks = Literal["version at opening", "new version"]
Periods = Literal["version at start", "new version"]


@dataclass(frozen=True, slots=True)
class AmendRule:
    """What a version says of the versions after it.

    `notice` must pass between the notice and the first day of the new version, counted on the calendar `on`;
    None: no notice is promised. What `never_below` names is kept commitment by commitment `until` then, where
    the new version is worse; `incomparable` says what becomes of a commitment of which neither is. `clocks`
    and `periods` say which version holds for what has begun before.
    """

    notice: Amount | None = None
    on: str = "always"
    never_below: Floor = "nothing"
    until: Until = "contract period ends"
    incomparable: Incomparable = "signature version"
    applies_from: AppliesFrom = "end of the notice"
    clocks: Clocks = "version at opening"
    periods: Periods = "version at start"
    published: str = ""
    accepted_by: str = ""
    doc: str = ""
    cited: Citation = Citation()
