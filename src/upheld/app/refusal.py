"""What was asked cannot be done, with every reason; nothing of it was done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from upheld.core.values.finding import Finding, in_order


class RefusedError(Exception):
    """A request is refused as a whole. `findings` say why, at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(list(findings))
        super().__init__("; ".join(one.message for one in self.findings))


class Fault(NamedTuple):
    """What is wrong with what was told, the way out, and which field of it that is: names between points."""

    message: str
    way_out: str = ""
    field: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, self[:2]))


class FaultyError(ValueError):
    """Something cannot be so. `faults` say why, all at once, and what to give."""

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(Fault(one) if isinstance(one, str) else one for one in faults)
        super().__init__("; ".join(map(str, self.faults)))
