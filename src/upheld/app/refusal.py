"""What was asked cannot be done, with every reason; nothing of it was done."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.core.values.finding import Finding, in_order


class RefusedError(Exception):
    """A request is refused as a whole. `findings` say why, at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(list(findings))
        super().__init__("; ".join(one.message for one in self.findings))
