"""Where the compiler collects what it has to tell the author, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.core.finding import Finding, Place, Severity
from upheld.language.node import Scalar


class Report:
    """The findings about one text, in the order in which they were made."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.errors = 0

    def error(self, code: str, message: str, place: Place, way_out: str = "", *also: Place) -> None:
        """Something that must be mended before the text means anything."""
        self._add(code, message, place, way_out, also, "error")
        self.errors += 1

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
            self.errors += finding.severity == "error"

    def _add(
        self, code: str, message: str, place: Place, way_out: str, also: tuple[Place, ...], severity: Severity
    ) -> None:
        self.findings.append(Finding(code, message, (place, *also), way_out, severity))


def inside(scalar: Scalar, offset: int) -> Place:
    """The place of a character of a text; of the text itself where the file holds it in another form."""
    return scalar.text_place.moved(offset) if scalar.exact else scalar.place
