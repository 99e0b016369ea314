"""Every word of the language has its words: no attribute, event or value is left to its name in the code."""

from __future__ import annotations

from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.values.value import TRUTH, Type
from upheld.language.names import (
    EXCLUDED,
    OBSERVED,
    OWED,
    QUOTA_ANSWERS,
    SLICED,
    SUBJECT_KINDS,
    attributes_of,
    data_types,
    verbs_of,
)
from upheld.render.prose.names import EVENTS, INSTANTS, NOUNS, QUOTA, TRUTHS


def _is_said(of: str, name: str, type_: Type) -> bool:
    if type_ == TRUTH:
        return name in TRUTHS
    keys = (f"{of}.{name}", name)
    if type_.kind == "instant":
        return any(key in INSTANTS for key in keys)
    noun = next((NOUNS[key] for key in keys if key in NOUNS), None)
    return noun is not None and set(type_.choices) <= set(noun.words)


def test_every_attribute_and_every_choice_has_a_word() -> None:
    """Of subjects, of the data of facts, of observations, slices, exclusions and remedies."""
    told = [(kind, name, type_) for kind in SUBJECT_KINDS for name, (type_, _) in attributes_of(kind).items()]
    told += [
        (kind, name, type_)
        for kind in SUBJECT_KINDS
        for fact_type in verbs_of(kind).values()
        for name, type_ in data_types(fact_type).items()
    ]
    told += [(of, name, type_) for of, names in OBSERVED.items() for name, (type_, _) in names.items()]
    told += [(of, name, type_) for of, names in EXCLUDED.items() for name, (type_, _) in names.items()]
    told += [("slice", name, type_) for name, (type_, _) in SLICED.items()]
    told += [("remedy", name, type_) for name, (type_, _) in OWED.items()]
    missing = [(of, name) for of, name, type_ in told if not _is_said(of, name, type_)]
    assert not missing


def test_every_event_of_a_subject_has_a_clause() -> None:
    """Of every kind of subject."""
    types = {fact.name for kind in SUBJECT_KINDS for fact in verbs_of(kind).values()}
    assert types == set(EVENTS)
    assert types <= set(FACT_TYPES)


def test_every_answer_of_a_quota_has_a_clause() -> None:
    """With its opposite."""
    assert set(QUOTA) == set(QUOTA_ANSWERS)
