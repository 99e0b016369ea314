"""A provider's own texts of messages: fixed placeholders that are filled in once, by kind and language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from upheld.app.refusal import RefusedError
from upheld.core.alerting.template import findings
from upheld.core.alerting.texts import DEFAULTS, Kind, Language, Template
from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import replace
from upheld.store.locking import writing
from upheld.store.models import TemplateRow
from upheld.store.walls import of_one_provider

Own: TypeAlias = Mapping[tuple[Language, Kind], Template]
"""The texts that a provider has of its own."""
LONGEST_SUBJECT: Final = 200
LONGEST_BODY: Final = 10_000


class Wording(NamedTuple):
    """The text of a kind of message in a language, and whether it is the provider's own."""

    language: Language
    kind: Kind
    text: Template
    is_own: bool


@of_one_provider
def put_template(provider_id: int, language: Language, kind: Kind, text: Template, place: Place) -> None:
    """Messages of a kind are written so from now on. RefusedError, as of what was told at a place."""
    if found := list(_findings(text, place)):
        raise RefusedError(found)
    with writing():
        TemplateRow.objects.update_or_create(
            provider_id=provider_id, language=language, kind=kind, defaults=text._asdict()
        )


@of_one_provider
def take_template(provider_id: int, language: Language, kind: Kind) -> bool:
    """The default text holds again; whether there was another one."""
    rows = TemplateRow.objects.filter(provider_id=provider_id, language=language, kind=kind)
    return rows.delete()[0] > 0


@of_one_provider
def own_templates(provider_id: int) -> Own:
    """The texts that a provider has of its own."""
    return {
        (row.language, row.kind): Template(row.subject, row.body)  # type: ignore[misc]  # as they were told
        for row in TemplateRow.objects.filter(provider_id=provider_id)
    }


@of_one_provider
def wordings(provider_id: int) -> list[Wording]:
    """The text of every kind of message in every language."""
    own = own_templates(provider_id)
    return [
        Wording(language, kind, own.get((language, kind), text), (language, kind) in own)
        for language, texts in DEFAULTS.items()
        for kind, text in texts.items()
    ]


def _findings(text: Template, place: Place) -> Iterator[Finding]:
    for field, part in text._asdict().items():
        for one in findings(Template(part, ""), place):
            yield replace(one, field=field)
        if any(not each.isprintable() and not (each in "\n\t" and field == "body") for each in part):
            message = f"`{field}` holds a character that nobody can see"
            yield Finding("control-character", message, (place,), "leave it out", field=field)
        if not part.strip():
            yield Finding("bad-value", f"`{field}` says nothing", (place,), "write a text", field=field)
