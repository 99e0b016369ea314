"""What is said of a made-up subject: the values by which it is told apart."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.values.expression import Attribute, Compare, Literal
from upheld.core.worked import Attributes
from upheld.render.prose.conditions import Phrases
from upheld.render.prose.tongue import Tongue


def values_of(given: Attributes, kind: SubjectKind, terms: Terms, tongue: Tongue) -> Iterator[str]:
    """A value of a scale by itself, any other as a condition: P1, where the kind of ticket is “question”."""
    scales = {scale.name for scale in terms.scales if scale.of == kind}
    phrases = Phrases(terms, tongue, kind)
    for name, value in given:
        if name in scales:
            yield str(value)
        else:
            literal = Literal(value, "truth" if isinstance(value, bool) else "text")
            condition = phrases.condition(Compare("=", Attribute(name), literal))
            yield tongue.say("where {condition}", condition=condition)
