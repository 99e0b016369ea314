"""An agreement as a whole, as the lints see it: every plan compiled, the clauses of its page, its lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from upheld.core.terms.agreement import Assumption, Clause, Terms
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar

if TYPE_CHECKING:
    from upheld.language.lock import Lock


@dataclass(frozen=True, slots=True)
class PlanText:
    """One plan of an agreement: its terms, and the text that they were compiled from.

    The text has the plan's rows laid over the agreement's, every node with the place where it was written;
    `own` is what the file says under the plan's name, with that name. An agreement without plans has one,
    named ``""``, and nothing of its own.
    """

    name: str
    terms: Terms
    text: MapNode
    own: tuple[Scalar, Node] | None = None

    def row(self, concept: str, name: str) -> Node | None:
        """The row of that concept and name, as it holds for the plan; None if there is none."""
        section = self.text.get(concept)
        return section.get(name) if isinstance(section, MapNode) else None


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that can be known of an agreement before any fact.

    `agreement` is the tree of its file. `plans` has one entry a plan, in the order of the file. `years` are
    the first and the last year that anything is asked about. `clauses` are those of its page by number, empty
    without a list; `clause_list` is the tree of that file, and `cited` where each clause is cited first.
    """

    agreement: MapNode
    plans: tuple[PlanText, ...]
    years: tuple[int, int]
    lock: Lock | None = None
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    clause_list: Node | None = None
    cited: Mapping[str, Place] = field(default_factory=dict)

    @property
    def assumptions(self) -> Mapping[str, Assumption]:
        """The readings of the agreement; they are the same for every plan."""
        return self.plans[0].terms.assumptions

    def place(self, cited: Citation) -> Place:
        """Where a rule was written; the beginning of the file if it was written nowhere."""
        return cited.place or self.agreement.place
