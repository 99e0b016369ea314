"""What the page of one contract and month tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from upheld.core.claiming.claimable import Claimable, FiledClaim
from upheld.core.measuring.days import Day
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.render.credits import NumberedCredit
from upheld.render.drawings.drawing import Drawing
from upheld.render.summary import Coming, Numbered


class Month(NamedTuple):
    """The month that a page is about: its name, and from when to when it lasts in the contract's zone."""

    label: str
    start_at: Instant
    end_at: Instant


class DrawnDays(NamedTuple):
    """The last days of a component, and their picture, in which each leads to its parts under that name.

    `of` is what is measured of what. None is drawn of the calmer ones among many components.
    """

    name: str
    of: str
    days: Sequence[Day]
    drawing: Drawing | None


@dataclass(frozen=True, slots=True)
class ContractPage:
    """What a page tells. `drawings` are the pictures of each measured commitment by the number of its
    verdict; `days` the last ninety or less of each component, drawn and as they are; `overview` those of the
    month as a whole. `filed` are the claims about the month or made in it, `claimable` is what can be claimed
    for it, or could. `now` are the terms of the plan at the end of the month, `life` what became of the
    contract, a line each. `facts` is how many are behind it, `is_observed` whether there are observations.
    """

    terms: Terms
    now: Terms
    life: Sequence[str]
    month: Month
    at: Instant
    facts: int
    known: int
    is_observed: bool
    verdicts: Sequence[Numbered]
    owing: Sequence[NumberedCredit]
    filed: Sequence[FiledClaim]
    claimable: Sequence[Claimable]
    coming: Sequence[Coming]
    drawings: Mapping[int, Sequence[Drawing]]
    days: Sequence[DrawnDays]
    overview: Sequence[Drawing]
