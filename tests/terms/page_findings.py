"""What `check` tells of a shipped agreement and of its page, by the row that it is told of."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from upheld.core.values.finding import Finding
from upheld.files.folder import read_agreement_file
from upheld.language.check import check_agreement

ROOT = Path(__file__).parents[2]


@cache
def told(name: str) -> dict[tuple[str, str], Finding]:
    """Every finding about an agreement, by its code and the name of the row where it stands."""
    file, findings = read_agreement_file(ROOT / "agreements" / f"{name}.yaml")
    assert file is not None
    assert findings == ()
    found, _ = check_agreement(file.node, clauses=file.clauses, lock=file.lock)
    return {(finding.code, _row(finding)): finding for finding in found}


def _row(finding: Finding) -> str:
    place = finding.place
    line = Path(place.file).read_text("utf-8").splitlines()[place.line - 1]
    return line.strip().strip('"').partition(":")[0].strip('"')
