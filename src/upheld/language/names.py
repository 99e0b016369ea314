"""The names that expressions know: attributes of each kind of subject, instants, and the data of facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from upheld.core.agreement import SubjectKind
from upheld.core.fact_types import COMMON_FIELDS, FACT_TYPES, FactType, Field
from upheld.core.value import INSTANT, NUMBER, TEXT, TRUTH, Type, choice, list_of

SUBJECT_KINDS: tuple[SubjectKind, ...] = ("ticket", "incident", "maintenance", "task", "claim")
QUOTA_ANSWERS = ("within", "beyond", "charged", "refused", "none")

_TELLING: Mapping[SubjectKind, tuple[str, ...]] = {
    "ticket": ("ticket.opened", "ticket.classified"),
    "incident": ("incident.declared", "incident.classified"),
    "maintenance": ("maintenance.announced", "maintenance.changed"),
    "task": ("task.submitted",),
    "claim": ("claim.filed",),
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
        ("issue_at", INSTANT, "when that which it claims for happened, if the fact says so"),
    ),
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
    "incident": {"informed": ("incident.updated", "by = human and visibility = public")},
    "maintenance": {},
    "task": {},
    "claim": {},
}
"""Events that are another event under a condition: a person told the customer something."""


def instants_of(kind: SubjectKind, declared: Iterable[str] = ()) -> dict[str, Type]:
    """The names under which `due:` knows the first event of each verb."""
    return dict.fromkeys((*verbs_of(kind), *declared), INSTANT)
