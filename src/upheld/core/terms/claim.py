"""How what is owed is claimed: by whom for what, in which form, from when it counts, and who decides.

The deadlines of a claim are clocks of the agreement (`deadline:` rows `of: claim`); this is all the rest.
Source: design 8; SIVO-6.1 to 6.3, SIVO/S17, SIVO/S25; JUST-5, JUST-6.1, JUST-6.3, JUST/J6, JUST/J12.
"""

from __future__ import annotations

from typing import Final, Literal

from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.rule import Citation
from upheld.core.values.value import Money

Included = Literal["account", "period", "metrics", "impact", "evidence"]
INCLUDED: Final[tuple[Included, ...]] = ("account", "period", "metrics", "impact", "evidence")
"""What an agreement may want a claim to say."""
About = Literal["period", "item", "either"]
CountsFrom = Literal["sent", "received", "earliest"]
Decision = Literal["beside the verdict", "final"]


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """How credits are claimed.

    `needed`: they are only paid on a claim, those of `remedies` (none named: all). A claim is `about` a
    period, or about an item that was late in it. It `counts_from` when it was sent, received, or the earlier
    of both. `protective`: it may be filed before the figure of its period is known, and keeps the period.
    `decision`: whether what the provider decides stands beside what was computed or takes its place. More
    than `two_above` needs a second person who agrees.
    """

    needed: bool = True
    remedies: tuple[str, ...] = ()
    about: About = "either"
    counts_from: CountsFrom = "earliest"
    channels: tuple[str, ...] = ()
    to: str = ""
    include: tuple[Included, ...] = ()
    protective: bool = True
    decision: Decision = "beside the verdict"
    two_above: Money | None = None
    decided_on: str = ""
    doc: str = ""
    cited: Citation = Citation()

    def is_for(self, remedy: str) -> bool:
        """Whether a remedy is one that is claimed."""
        return not self.remedies or remedy in self.remedies


def moment_of(
    counts_from: CountsFrom, told_at: Instant, sent_at: Instant | None, received_at: Instant | None
) -> Instant:
    """From when a claim counts; where nobody has said when it was sent or received, from when it was told.

    Source: SIVO/S17.
    """
    match counts_from:
        case "sent":
            return told_at if sent_at is None else sent_at
        case "received":
            return told_at if received_at is None else received_at
    return min((one for one in (sent_at, received_at) if one is not None), default=told_at)
