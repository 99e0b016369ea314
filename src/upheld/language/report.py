"""Where the compiler collects what it has to tell the author, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from upheld.core.values.finding import EnoughError, Finding, Place, Severity, stopped
from upheld.language.node import Scalar

BETWEEN_ROWS = frozenset({
    "bad-band", "band-overlap", "broken-business-day", "component-cycle", "combine-mismatch",
    "currency-mismatch", "goal-after-limit", "level-missing", "no-business-day", "pause-without-axis",
    "pro-rata-without-axis", "top-unused", "unit-mismatch", "weights-missing",
})  # fmt: skip
"""Faults of what does not go together, perhaps in two rows.

A row is tried under an option that is not taken while all other rows stand under the one that is. Where both
consult the assumption, such a fault would be one of a mixture that nobody can choose.
"""


class Report:
    """The findings about one text, in the order in which they were made.

    `errors_only`: the rest is not kept, so what is only warned of need not be looked for. With `most`,
    EnoughError ends what is done at so many errors, since the way out of each has its price.
    """

    def __init__(self, errors_only: bool = False, most: int | None = None) -> None:
        self.findings: list[Finding] = []
        self.errors_only = errors_only
        self._most = most
        self.errors = 0

    def error(self, code: str, message: str, place: Place, way_out: str = "", *also: Place) -> None:
        """Something that must be mended before the text means anything."""
        self._add(code, message, place, way_out, also, "error")
        self._count(place)

    def warn(self, code: str, message: str, place: Place, way_out: str = "", *also: Place) -> None:
        """Something that is allowed and seldom meant."""
        self._add(code, message, place, way_out, also, "warning")

    def note(self, code: str, message: str, place: Place, way_out: str = "", *also: Place) -> None:
        """Something worth knowing."""
        self._add(code, message, place, way_out, also, "note")

    def take(self, findings: Iterable[Finding]) -> None:
        """What another reader found."""
        for finding in findings:
            self.findings.append(finding)
            if finding.severity == "error":
                self._count(finding.place)

    def forget(self, since: int, codes: Collection[str]) -> None:
        """Take back the findings of these codes made after the first `since`."""
        kept = [finding for finding in self.findings[since:] if finding.code not in codes]
        taken_back = [finding for finding in self.findings[since:] if finding.code in codes]
        self.findings[since:] = kept
        self.errors -= sum(finding.severity == "error" for finding in taken_back)

    def _count(self, place: Place) -> None:
        self.errors += 1
        if self.errors == self._most:
            self.findings.append(stopped(self.errors, place))
            raise EnoughError

    def _add(
        self, code: str, message: str, place: Place, way_out: str, also: tuple[Place, ...], severity: Severity
    ) -> None:
        if severity == "error" or not self.errors_only:
            self.findings.append(Finding(code, message, (place, *also), way_out, severity))


def inside(scalar: Scalar, offset: int) -> Place:
    """The place of a character of a text; of the text itself where the file holds it in another form."""
    return scalar.text_place.moved(offset) if scalar.exact else scalar.place
