"""Statements about several rules: what holds of all of them is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from upheld.core.values.rule import Citation
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Sentence
from upheld.render.prose.tongue import Tongue

_FEW: Final = 3
"""So many rules are named one by one where most are meant."""


class Told(NamedTuple):
    """What is said of one rule."""

    name: str
    sentences: tuple[Sentence, ...]


class Alike(NamedTuple):
    """Rules of which the same is said, and what that is."""

    names: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def cited_together(citations: Iterable[Citation]) -> Citation:
    """One citation of all the clauses and readings of several, each once."""
    found = tuple(citations)
    return Citation(
        tuple(dict.fromkeys(one for each in found for one in each.clauses)),
        tuple(dict.fromkeys(one for each in found for one in each.readings)),
        tuple(dict.fromkeys(one for each in found for one in each.own)),
    )


def alike(rules: Iterable[Told]) -> tuple[Alike, ...]:
    """Rules put together if all that is said of them is the same, in the order of the first of each."""
    found: dict[tuple[str, ...], list[Told]] = {}
    for rule in rules:
        found.setdefault(tuple(one.text for one in rule.sentences), []).append(rule)
    return tuple(
        Alike(
            tuple(one.name for one in same),
            tuple(
                Sentence(text, cited_together(one.sentences[i].cited for one in same))
                for i, text in enumerate(texts)
            ),
        )
        for texts, same in found.items()
    )


def shared(rules: Sequence[Told]) -> tuple[tuple[Sentence, ...], tuple[Told, ...]]:
    """What is said of all rules alike, and the rules with the rest of what is said of each."""
    texts = [{one.text for one in rule.sentences} for rule in rules]
    of_all = set.intersection(*texts) if texts else set()
    common = tuple(
        Sentence(
            text,
            cited_together(one.cited for rule in rules for one in rule.sentences if one.text == text),
        )
        for text in dict.fromkeys(one.text for rule in rules for one in rule.sentences)
        if text in of_all
    )
    rest = (Told(rule.name, tuple(one for one in rule.sentences if one.text not in of_all)) for rule in rules)
    return common, tuple(rule for rule in rest if rule.sentences)


def said_once(rules: Sequence[Told], tongue: Tongue) -> tuple[Sentence, ...]:
    """Every sentence once: those of all rules alone, others together with what is said of the same."""
    found: dict[str, list[tuple[str, Sentence]]] = {}
    for rule in rules:
        for sentence in rule.sentences:
            found.setdefault(sentence.text, []).append((rule.name, sentence))
    groups: dict[tuple[str, ...], list[Sentence]] = {}
    for text, about in found.items():
        cited = cited_together(sentence.cited for _, sentence in about)
        groups.setdefault(tuple(name for name, _ in about), []).append(Sentence(text, cited))
    among = tuple(rule.name for rule in rules)
    return tuple(one for about, said in groups.items() for one in _said(about, said, among, tongue))


def _said(
    about: tuple[str, ...], said: Sequence[Sentence], among: tuple[str, ...], tongue: Tongue
) -> Iterator[Sentence]:
    others = [name for name in among if name not in about]
    if not others:
        yield from said
        return
    text = " ".join(sentence.text for sentence in said)
    if len(others) < len(about) and len(about) > _FEW:
        text = tongue.say("All except {names}: {text}", names=names(tongue, others), text=text)
    else:
        text = tongue.say("{names}: {text}", names=names(tongue, about), text=text)
    yield Sentence(text, cited_together(sentence.cited for sentence in said))


def names(tongue: Tongue, of: Iterable[str]) -> str:
    """Names as the agreement writes them: “api”, “voice” and “dashboard”."""
    return tongue.listed([quoted(one) for one in of])
