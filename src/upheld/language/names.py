"""The names that expressions know: attributes of each kind of subject, instants, and the data of facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from upheld.core.facts.fact_types import COMMON_FIELDS, FACT_TYPES, FactType, Field
from upheld.core.terms.agreement import SubjectKind
from upheld.core.values.value import (
    DURATION,
    INSTANT,
    MONEY,
    NUMBER,
    RATIO,
    TEXT,
    TRUTH,
    Type,
    choice,
    list_of,
)

SUBJECT_KINDS: tuple[SubjectKind, ...] = ("ticket", "incident", "maintenance", "task", "claim", "attribution")
QUOTA_ANSWERS = ("within", "beyond", "charged", "refused", "none")

_TELLING: Mapping[SubjectKind, tuple[str, ...]] = {
    "ticket": ("ticket.opened", "ticket.classified"),
    "incident": ("incident.declared", "incident.classified"),
    "maintenance": ("maintenance.planned", "maintenance.announced", "maintenance.changed"),
    "task": ("task.submitted",),
    "claim": ("claim.filed",),
    "attribution": ("attribution.recorded",),
}
_NOT_ATTRIBUTES = frozenset({"by", "contract", *(field.name for field in COMMON_FIELDS)})
_DERIVED: Mapping[SubjectKind, tuple[tuple[str, Type, str], ...]] = {
    "ticket": (),
    "incident": (),
    "maintenance": (),
    "task": (),
    "claim": (
        ("about.start", INSTANT, "the beginning of the period that `about` names"),
        ("about.end", INSTANT, "the end of the period that `about` names"),
    ),
    "attribution": (),
}
_OF_A_CONTRACT = (
    ("contract.id", TEXT, "the contract"),
    ("contract.plan", TEXT, "the plan of the contract"),
)


@cache
def attributes_of(kind: SubjectKind) -> Mapping[str, tuple[Type, str]]:
    """The attributes that every subject of a kind has, with their types and meanings."""
    found: dict[str, tuple[Type, str]] = {}
    for name in _TELLING[kind]:
        for field in FACT_TYPES[name].fields:
            if field.name not in _NOT_ATTRIBUTES and field.name not in found:
                type_ = type_of(field)
                if type_ is not None:
                    found[field.name] = (type_, field.doc)
    for name, type_, doc in (*_DERIVED[kind], *_OF_A_CONTRACT):
        found[name] = (type_, doc)
    return found


def type_of(field: Field) -> Type | None:
    """The type in expressions of a field of a fact; None if no expression can use it."""
    if field.kind == "choice":
        return choice(*field.choices)
    return _TYPES.get(field.kind)


_TYPES = {
    "text": TEXT,
    "date": TEXT,
    "month": TEXT,
    "truth": TRUTH,
    "integer": NUMBER,
    "number": NUMBER,
    "instant": INSTANT,
    "list of text": list_of(TEXT),
}


def data_types(fact_type: FactType) -> dict[str, Type]:
    """The fields of a fact type that expressions can use, the common ones included."""
    found: dict[str, Type] = {}
    for field in (*COMMON_FIELDS, *fact_type.fields):
        type_ = type_of(field)
        if type_ is not None:
            found[field.name] = type_
    return found


@cache
def verbs_of(kind: SubjectKind) -> Mapping[str, FactType]:
    """The events of a kind of subject by their verb."""
    return {name.partition(".")[2]: fact for name, fact in FACT_TYPES.items() if fact.subject == kind}


DERIVED_EVENTS: Mapping[SubjectKind, Mapping[str, tuple[str, str]]] = {
    "ticket": {"answered": ("ticket.replied", "by = human and visibility = public")},
    "incident": {
        "informed": ("incident.updated", "by = human and visibility = public"),
        "reported": ("incident.report_sent", "contract is missing or contract = contract.id"),
    },
    "maintenance": {},
    "task": {},
    "claim": {},
    "attribution": {},
}
"""Events that are another event under a condition: a person told the customer something."""


def instants_of(kind: SubjectKind, declared: Iterable[str] = ()) -> dict[str, Type]:
    """The names under which `due:` knows the first event of each verb."""
    return dict.fromkeys((*verbs_of(kind), *declared), INSTANT)


OF_A_CONTRACT: Mapping[str, Type] = {name: type_ for name, type_, _ in _OF_A_CONTRACT}
"""What every expression knows of the contract."""

OBSERVED: Mapping[str, Mapping[str, tuple[Type, str]]] = {
    "checks": {
        "ok": (TRUTH, "whether the check says of itself that it succeeded"),
        "status": (NUMBER, "the status it answered, such as 200"),
        "latency": (DURATION, "how long the answer took"),
        "code": (TEXT, "the code of what went wrong"),
    },
    "counts": {},
    "states": {"state": (TEXT, "the state that was observed")},
}
"""What `good` and `degraded` know of an observation, by the kind of its signal."""

SLICED: Mapping[str, tuple[Type, str]] = {
    "good": (NUMBER, "how many observations of the slice are good"),
    "total": (NUMBER, "how many observations the slice has"),
    "component": (TEXT, "the component that is judged, one that is observed itself"),
}
"""What `good when` knows of a slice."""

EXCLUDED: Mapping[str, Mapping[str, tuple[Type, str]]] = {
    "stage": {
        "product": (TEXT, "the product, or component, that is at a stage"),
        "stage": (TEXT, "the stage, as the contract calls it"),
    },
    "suspension": {"reason": (TEXT, "why the contract was suspended")},
    "credential": {
        "credential": (TEXT, "which credential does not work"),
        "state": (choice("expired", "locked", "valid"), "what is the matter with it"),
    },
    "hours": {},
}
"""What `where` of an exclusion knows, where it is not about a subject."""

OWED: Mapping[str, tuple[Type, str]] = {
    "value": (RATIO, "what was measured; a duration where durations are measured"),
    "level": (RATIO, "the level; as `value`"),
    "shortfall": (RATIO, "by how much the level was missed; as `value`"),
    "downtime": (DURATION, "how long the component was down in the period"),
    "period": (DURATION, "how long the period is"),
    "base": (MONEY, "what shares are taken of"),
    "late": (NUMBER, "how many items were late"),
    "counted": (NUMBER, "how many items were counted"),
    "complaints": (
        NUMBER,
        "how many claims about the period, or about what was late in it, were filed in time",
    ),
    "breaches": (NUMBER, "how many periods in a row were not kept, this one among them"),
}
"""What `when` and `formula` of a remedy know; and `fee.NAME`, the fees of the contract."""
