"""Forms of `upheld admin` about who is woken: rotas, whom they put on call, chains of roles, a test page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from upheld.core.timeline.instant import DAY, Instant, format_instant, parse_instant
from upheld.server.admin import DONE, WrongUseError, form, provider_id

if TYPE_CHECKING:
    from pydantic import BaseModel

    from upheld.app.rotas import Said
    from upheld.app.tokens import RandomBytes
    from upheld.language.node import Node
    from upheld.server.admin import Forms
    from upheld.store.models import Chain, RotaRow

    Schema = TypeVar("Schema", bound=BaseModel)

BY: Final = "operator"
"""Who puts somebody on call by the command line."""
ROTA: Final = "rota:"
"""Stands before a rota where people could be named, too."""
_LAYER: Final = ("every", "from", "at", "zone", "until", "hours")


def add_forms(forms: Forms) -> None:
    """Their words."""
    one = form(forms, "rota", _rota, "say who is on call, or otherwise than before; overrides stay")
    one.add_argument("name", metavar="NAME", help="lower-case letters, digits and hyphens")
    one.add_argument("--person", action="append", metavar="NAME", help="in the order of their turns")
    one.add_argument("--every", choices=("day", "week"), help="how long a turn is (default: week)")
    one.add_argument("--from", metavar="DATE", help="the first day; weekly turns hand over on its weekday")
    one.add_argument("--at", metavar="HH:MM", help="when turns hand over, by the local clock")
    one.add_argument("--zone", help="such as Europe/Amsterdam (default: UTC)")
    one.add_argument("--until", metavar="DATE", help="the first day without")
    one.add_argument("--hours", help='only then, such as "Mon-Fri 09:00-17:00"')
    one.add_argument("--always", metavar="ROLE", help="somebody is always on call; this role is told of gaps")
    one.add_argument(
        "--file", metavar="FILE", help="layers and `always` as the API has them, in YAML or JSON"
    )
    one.add_argument("--remove", action="store_true", help="there is no such rota any more")
    one = form(forms, "rotas", _rotas, "list who is on call now and next, and when nobody is")
    one.add_argument("--days", type=int, default=14, metavar="N", help="so far ahead (default: 14)")
    one = form(forms, "override", _override, "put somebody on call for a while, above the layers of a rota")
    one.add_argument("name", metavar="ROTA")
    one.add_argument("person", metavar="PERSON", nargs="?", help="who is on call then")
    one.add_argument("--from", metavar="TIME", help="such as 2026-06-06T08:00:00+02:00 (default: now)")
    one.add_argument("--until", metavar="TIME")
    one.add_argument("--end", type=int, metavar="NUMBER", help="end the one of this number instead")
    one = form(forms, "chain", _chain, "say whom to wake for a role, one level after the other")
    one.add_argument("role", metavar="ROLE", help="as agreements name it")
    told = "how long they have, such as 15m, and who is woken: people by name, or rota:NAME"
    one.add_argument("--level", action="append", nargs="+", metavar=("WITHIN", "WHOM"), help=told)
    one.add_argument("--times", type=int, help="how often all levels are gone through (default: once)")
    one.add_argument("--file", metavar="FILE", help="levels and `times` as the API has them, in YAML or JSON")
    one.add_argument("--remove", action="store_true", help="nobody is woken by it any more")
    form(forms, "chains", _chains, "list whom to wake for which role")
    one = form(forms, "page", _page, "wake whoever is woken for a role, now, with a test page")
    one.add_argument("role", metavar="ROLE")


# -- said --------------------------------------------------------------------------------------------------


def _rota(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.api.rotas import RotaSaid, layers_said
    from upheld.app.rotas import put_rota, take_rota

    provider, name = provider_id(options), options.name
    layer = {one: said for one in _LAYER if (said := getattr(options, one)) is not None}
    _one_way(options, bool(options.person or layer), "--person and what goes with it")
    if options.remove:
        if not take_rota(provider, name):
            raise WrongUseError(f"there is no rota {name}")
        print(f"{name}: there is no such rota any more")
        return DONE
    if options.file is not None:
        body = _written(options.file)
    else:
        body = {"layers": [{"people": options.person or [], "every": "week"} | layer]}
    if options.always is not None:
        body["always"] = options.always
    said = _as(RotaSaid, body | {"name": name}, options.file or "")
    layers = layers_said(said)
    put_rota(provider, name, layers, at, said.always or "")
    _print_rotas(provider, at, at + 14 * DAY, name)
    return DONE


def _override(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.rotas import put_override, take_override

    provider, name = provider_id(options), options.name
    if options.end is not None:
        if not take_override(provider, name, options.end, at):
            raise WrongUseError(f"{name} has no override {options.end}")
        print(f"{name}: override {options.end} has ended")
        return DONE
    if options.person is None or options.until is None:
        raise WrongUseError("override: name a person, and --until when; or --end NUMBER")
    began = getattr(options, "from")
    start_at = at if began is None else parse_instant(began)
    end_at = parse_instant(options.until)
    made = put_override(provider, name, options.person, start_at, end_at, BY, at)
    if made is None:
        raise WrongUseError(f"there is no rota {name}")
    print(f"{name}: {_override_line(made, options.person, start_at, end_at, BY)}")
    return DONE


def _chain(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.api.pages import ChainSaid, levels_said
    from upheld.app.chains import put_chain, take_chain

    provider, role = provider_id(options), options.role
    _one_way(options, bool(options.level), "--level")
    if options.remove:
        if not take_chain(provider, role):
            raise WrongUseError(f"{role} has no chain")
        print(f"{role}: nobody is woken by a chain any more")
        return DONE
    body = {"levels": list(map(_level, options.level or []))} if not options.file else _written(options.file)
    if options.times is not None:
        body["times"] = options.times
    said = _as(ChainSaid, body | {"role": role}, options.file or "")
    put_chain(provider, role, levels_said(said), said.times)
    _print_chains(provider, role)
    return DONE


def _level(words: list[str]) -> dict[str, Any]:
    within, *whom = words
    if len(whom) == 1 and whom[0].startswith(ROTA):
        return {"within": within, "rota": whom[0].removeprefix(ROTA)}
    return {"within": within, "people": whom}


def _page(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.rehearse import rehearse

    made = rehearse(provider_id(options), options.role, at)
    print(f"page {made.pk}: whoever is woken for {options.role} is, and reads that it is a test")
    return DONE


def _one_way(options: argparse.Namespace, has_words: bool, words: str) -> None:
    """It is said in one way: by words, by a file, or that there is nothing any more."""
    if has_words + (options.file is not None) + options.remove != 1:
        raise WrongUseError(f"{options.form}: give {words}, or --file, or --remove")


# -- read --------------------------------------------------------------------------------------------------


def _rotas(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    if not 1 <= options.days <= 400:
        raise WrongUseError("--days: 1 to 400")
    _print_rotas(provider_id(options), at, at + options.days * DAY)
    return DONE


def _print_rotas(provider: int, at: Instant, until_at: Instant, only: str | None = None) -> None:
    from upheld.app.rotas import on_call_now, rotas_of

    for row in rotas_of(provider):
        if only is None or row.name == only:
            told = f"; {row.tells} is told of gaps" if row.tells else ""
            print(f"{row.name}: {on_call_now(row, at) or 'nobody'} is on call{told}")
            for line in _rota_lines(row, at, until_at):
                print(f"  {line}")


def _rota_lines(row: RotaRow, at: Instant, until_at: Instant) -> Iterator[str]:
    """What was said of a rota, then whose turn it is, or that it is nobody's, from when on."""
    from upheld.app.rotas import layers_of, turns_of

    for number, one in enumerate(layers_of(row), 1):
        yield f"layer {number}: {_layer_line(one)}"
    for over in sorted(row.overrides.all(), key=lambda one: one.pk):
        if over.end_at > at:
            yield _override_line(over.pk, over.person, over.start_at, over.end_at, over.made_by)
    found = turns_of(row, at, until_at)
    coming = [(one.start_at, one.person) for one in found.turns]
    coming += [(start_at, "nobody") for start_at, _ in found.gaps]
    for start_at, who in sorted(coming):
        yield f"{format_instant(start_at)}  {who}"


def _layer_line(one: Said) -> str:
    from upheld.api.rotas import layer_record

    told = layer_record(one)
    until = f" until {told['until']}" if told["until"] else ""
    hours = f", only {told['hours']}" if told["hours"] else ""
    return (
        f"{', '.join(told['people'])} by the {told['every']} from {told['from']}{until}, "
        f"handing over at {told['at']} of {told['zone']}{hours}"
    )


def _override_line(number: int, person: str, start_at: Instant, end_at: Instant, by: str) -> str:
    return (
        f"override {number}: {person} from {format_instant(start_at)} until {format_instant(end_at)}, by {by}"
    )


def _chains(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    _print_chains(provider_id(options))
    return DONE


def _print_chains(provider: int, only: str | None = None) -> None:
    from upheld.app.chains import chains_of

    for one in chains_of(provider):
        if only is None or one.role == only:
            for line in _chain_lines(one):
                print(line)


def _chain_lines(chain: Chain) -> Iterator[str]:
    from upheld.api.pages import level_record
    from upheld.render.words import count

    yield f"{chain.role}: {count(len(chain.levels), 'level')}, gone through {count(chain.times, 'time')}"
    for number, one in enumerate(chain.levels, 1):
        told = level_record(one)
        whom = f"whoever is on call in {told['rota']}" if "rota" in told else ", ".join(told["people"])
        yield f"  level {number}: {whom}, then after {told['within']}"


# -- files -------------------------------------------------------------------------------------------------


def _written(path: str) -> dict[str, Any]:
    """What a file says, as JSON would have it. WrongUseError with everything that is wrong with it."""
    from upheld.language.node import Mapping as Map
    from upheld.language.reader import read_yaml

    node, findings = read_yaml(Path(path).read_bytes(), path)
    if findings or not isinstance(node, Map):
        raise WrongUseError("\n".join(map(str, findings)) or f"{path}: write `layers:` or `levels:`")
    return {name.text: _value(name.text, inner) for name, inner in node.entries}


def _value(name: str, node: Node) -> Any:
    from upheld.language.node import Mapping as Map
    from upheld.language.node import Scalar

    if isinstance(node, Map):
        return {key.text: _value(key.text, inner) for key, inner in node.entries}
    if not isinstance(node, Scalar):
        return [_value("", one) for one in node.items]
    if node.text == "null" and not node.quoted:
        return None
    return int(node.text) if name == "times" and node.text.isdecimal() else node.text


def _as(schema: type[Schema], said: Mapping[str, Any], file: str) -> Schema:
    """What was said, by the rules of the API. WrongUseError with everything that is wrong with it."""
    from pydantic import ValidationError

    try:
        return schema.model_validate(said, strict=True)
    except ValidationError as fault:
        found = fault.errors(include_url=False, include_input=False)
        before = f"{file}: " if file else ""
        lines = []
        for one in found:
            way_out = one.get("ctx", {}).get("way_out")
            parts = [".".join(map(str, one["loc"])), one["msg"], *([way_out] if way_out else [])]
            lines.append(before + ": ".join(parts))
        raise WrongUseError("; ".join(lines)) from None
