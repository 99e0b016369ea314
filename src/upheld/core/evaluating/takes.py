"""The cells of what exclusions take: what each subject brings, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping

from upheld.core.clocks.subject import CANCELLING, CLASSIFYING, OPENING, Subject, fold_subject
from upheld.core.evaluating.cells import EVERY as EVERY_TYPE
from upheld.core.evaluating.cells import Reader, Types
from upheld.core.evaluating.contracts import contract_of
from upheld.core.evaluating.exclusions import (
    Take,
    attribution_take,
    incident_take,
    is_picked,
    takes_of_facts,
    takes_of_subject,
)
from upheld.core.evaluating.strata import TAKE
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.terms.indicator import Source
from upheld.core.terms.life import RESUMED, SUSPENDED

OF_SUBJECTS: Mapping[Source, SubjectKind] = {
    "maintenance": "maintenance", "incident": "incident", "attribution": "attribution"
}  # fmt: skip
_OF_FACTS: Mapping[Source, str] = {"suspension": "contract", "credential": "credentials"}
_TYPES_OF: Mapping[Source, Types] = {"suspension": frozenset({SUSPENDED, RESUMED}), "credential": EVERY_TYPE}
_ENDING = frozenset({"maintenance.started", "maintenance.ended", "incident.resolved"})


def take(what: str, terms: Terms, name: str, subject_id: str, reader: Reader) -> tuple[Take, ...]:
    """What one subject brings: to an exclusion, to an indicator of incidents, or as a cause recorded."""
    if what == "caused":
        subject, incident = _attribution(terms, subject_id, reader)
        found = attribution_take(terms, subject, incident) if subject else None
        return (found,) if found else ()
    if what == "incident":
        where = terms.indicators[name].where
        subject = _folded(terms, "incident", subject_id, reader)
        if subject is None or not is_picked(where, terms, subject.moments[-1].attributes):
            return ()
        found = incident_take(terms, subject)
        return (found,) if found else ()
    rule = next(one for one in terms.exclusions if one.name == name)
    if rule.of == "attribution":
        subject, incident = _attribution(terms, subject_id, reader)
    else:
        types = EVERY_TYPE if rule.announced_by is not None else frozenset[str]()
        subject, incident = _folded(terms, OF_SUBJECTS[rule.of], subject_id, reader, types), None
    return takes_of_subject(rule, terms, subject, incident) if subject else ()


def _attribution(terms: Terms, subject_id: str, reader: Reader) -> tuple[Subject | None, Subject | None]:
    """An attribution, and the incident that it targets, if it targets one."""
    subject = _folded(terms, "attribution", subject_id, reader)
    if subject is None:
        return None, None
    target = str(subject.moments[-1].attributes.get("target"))
    return subject, _folded(terms, "incident", target, reader)


def takes(what: str, terms: Terms, binding: str, name: str, reader: Reader) -> tuple[Take, ...]:
    """What all subjects bring, or what the contract and its facts say."""
    kind: SubjectKind | None = "incident" if what == "incident" else "attribution"
    if what == "exclusion":
        rule = next(one for one in terms.exclusions if one.name == name)
        kind = OF_SUBJECTS.get(rule.of)
        if kind is None:
            of = _OF_FACTS.get(rule.of)
            told = reader.facts((of, contract_of(binding)), _TYPES_OF[rule.of]) if of else ()
            return takes_of_facts(rule, terms, told)
    found_by_all: list[Take] = []
    for subject in reader.names(("of provider", terms.provider, str(kind))):
        found = reader.cell((TAKE, what, (binding, name, subject)))
        assert isinstance(found, tuple)
        found_by_all += found
    return tuple(found_by_all)


def _folded(
    terms: Terms, kind: SubjectKind, subject_id: str, reader: Reader, types: Types = frozenset()
) -> Subject | None:
    """A subject that no clock need know, by the facts that say what it is and when it ends (and others)."""
    if types is not None:
        types = types | {OPENING[kind], *CLASSIFYING[kind], *CANCELLING[kind], *_ENDING}
    return fold_subject(kind, subject_id, reader.facts(("subject", kind, subject_id), types), terms)
