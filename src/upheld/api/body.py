"""Bodies of requests: bounded before they are read, JSON without surprises, every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn, TypeVar

from django.http import HttpRequest
from pydantic import BaseModel, ValidationError

from upheld.api.problems import SEE_DOCS, invalid, refuse, way_out_of
from upheld.app.refusal import FaultyError, RefusedError
from upheld.core.values.finding import MOST_TOLD, Finding, Place
from upheld.core.values.frozen import replace
from upheld.files.facts_file import place_in, places_in
from upheld.files.json_place import depth_of, offsets, second_name

SINGLE: Final = 256 * 1024
BATCH: Final = 5 * 1024 * 1024
NAME: Final = "body"
"""The file that findings in a body name."""

DEPTH: Final = 8
MOST_NAMES: Final = 1_000
"""Names in a body, of all its objects together: none needs a tenth of them, but for one that holds files."""
_CHUNK: Final = 64 * 1024
_MEANINGS: Final = {
    "missing": ("missing-field", "is missing"),
    "extra_forbidden": ("unknown-field", "is no field here"),
    "string_pattern_mismatch": ("wrong-type", "is not written as it has to be"),
}
_Schema = TypeVar("_Schema", bound=BaseModel)


def kind_of(request: HttpRequest, kinds: Collection[str]) -> str:
    """The media type of the body, one of some. Ends the request if it is another one, or packed."""
    kind, _, rest = request.headers.get("Content-Type", "").partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    packed = request.headers.get("Content-Encoding", "identity").lower() != "identity"
    if kind.strip().lower() not in kinds or charset not in ("", "utf-8", "utf8") or packed:
        detail = f"a body is read as {' or '.join(kinds)}, in UTF-8 and not packed"
        raise refuse("unsupported-media-type", detail, headers={"Accept": ", ".join(kinds)})
    return kind.strip().lower()


def body_of(request: HttpRequest, most: int) -> bytes:
    """The bytes of the body. Ends the request if there are too many, without reading them all.

    Also if there are fewer than was said: a list of lines that broke off would be taken for a shorter one.
    """
    told = request.headers.get("Content-Length", "")
    if told.isdecimal() and int(told[:20]) > most:
        raise _too_large(most)
    if "Transfer-Encoding" in request.headers:
        raise refuse("length-required")
    parts: list[bytes] = []
    size = 0
    while part := request.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > most:
            raise _too_large(most)
    if told.isdecimal() and size < int(told):
        raise refuse("bad-request", f"the body breaks off: {size:,} bytes of {int(told):,} came")
    return b"".join(parts)


def _too_large(most: int) -> Exception:
    return refuse("too-large", f"the body of this request has {most // 1024:,} KiB at most")


def read_as(schema: type[_Schema], body: bytes, most_names: int = MOST_NAMES) -> _Schema:
    """A JSON body as a schema has it. Ends the request with everything that is wrong with it."""
    text, value = _json(body, most_names)
    place = _placing(text)
    if "\\u0000" in text and (path := nothing_in(value)) is not None:
        message = "there is the character U+0000, which cannot be kept"
        field = ".".join(path)[:200].replace("\0", "")
        raise invalid([Finding("control-character", message, (place(path),), "leave it out", field=field)])
    try:
        return schema.model_validate(value, strict=True)
    except ValidationError as fault:
        found = fault.errors(include_url=False, include_input=False)
        raise invalid([_finding(place, one) for one in found[:MOST_TOLD]]) from None


@contextmanager
def placed(body: bytes) -> Iterator[None]:
    """RefusedError of what the block does says where in a body each field stands that it names."""
    try:
        yield
    except RefusedError as refused:
        place = _placing(body.decode())
        raise RefusedError(
            replace(one, places=(place(one.field.split(".")),)) if one.field else one
            for one in refused.findings
        ) from None


def faulty(error: FaultyError, body: bytes) -> Exception:
    """The error that ends a request whose body, as it was read, cannot be so."""
    place = _placing(body.decode())
    return invalid(
        [
            Finding(
                "bad-value",
                one.message,
                (place(one.field.split(".") if one.field else ()),),
                one.way_out or SEE_DOCS,
                field=one.field[:200],
            )
            for one in error.faults[:MOST_TOLD]
        ]
    )


def _placing(text: str) -> Callable[[Sequence[str]], Place]:
    """Where in a body that is JSON the value of a path stands, or the nearest one around it."""
    where, places = offsets(text), places_in(Place(NAME), text)
    return lambda path: places(where(path))


def _json(body: bytes, most_names: int) -> tuple[str, Any]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = body[: fault.start].decode("utf-8")
        raise _broken("not-utf-8", "this is not UTF-8", before, len(before)) from None
    if text.count("[") + text.count("{") > DEPTH and (deep := depth_of(text, DEPTH)) is not None:
        raise _broken("too-deep", f"more than {DEPTH} levels are nested here", text, deep)
    try:
        value = json.loads(
            text, object_pairs_hook=_Names(most_names), parse_constant=_constant, parse_int=_integer
        )
    except _RepeatedError:
        name, at = second_name(text) or ("a name", 0)
        raise _broken("duplicate-key", f"`{name[:80]}` is there twice", text, at) from None
    except _TooManyError:
        message = f"there are more than {most_names:,} names, and no more are read in this body"
        raise _broken("too-large", message, text, 0, SEE_DOCS) from None
    except _NumberError as fault:
        raise _broken("bad-number", "this is no number", text, text.find(str(fault))) from None
    except json.JSONDecodeError as fault:
        message = f"this is not JSON: {fault.msg[:1].lower()}{fault.msg[1:]}"
        raise _broken("bad-json", message, text, fault.pos, "a body is one JSON object") from None
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            at = text.lower().index("\\ud")
            raise _broken("bad-text", "half of a surrogate pair is no character", text, at) from None
    return text, value


def nothing_in(value: object) -> tuple[str, ...] | None:
    """Where the first text stands that holds U+0000, as a name or as a value; None if there is none."""
    if isinstance(value, str):
        return () if "\0" in value else None
    entries: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        # Of a list of numbers nobody asks each.
        entries = [(at, one) for at, one in enumerate(value) if isinstance(one, str | list | dict)]
    for name, inner in entries:
        if "\0" in str(name):
            return (str(name),)
        if (path := nothing_in(inner)) is not None:
            return (str(name), *path)
    return None


def _broken(code: str, message: str, text: str, offset: int, way_out: str = "") -> Exception:
    return invalid([Finding(code, message, (place_in(Place(NAME), text, offset),), way_out)])


class _RepeatedError(ValueError):
    pass


class _NumberError(ValueError):
    pass


class _TooManyError(ValueError):
    pass


class _Names:
    """Makes the objects of a body that has at most so many names: telling of each has its price."""

    def __init__(self, most: int) -> None:
        self._left = most

    def __call__(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        self._left -= len(pairs)
        if self._left < 0:
            raise _TooManyError
        entries = dict(pairs)
        if len(entries) != len(pairs):
            raise _RepeatedError
        return entries


def _constant(text: str) -> NoReturn:
    raise _NumberError(text)


def _integer(text: str) -> int:
    if len(text) > 40:
        raise _NumberError(text)
    return int(text)


def _finding(place: Callable[[Sequence[str]], Place], fault: Any) -> Finding:
    path = tuple(str(part) for part in fault["loc"] if part != "[key]")
    code, said = _MEANINGS.get(fault["type"], ("wrong-type", ""))
    name = f"`{path[-1][:80]}`" if path else "the body"
    said = said or f"cannot be so: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
    return Finding(code, f"{name} {said}", (place(path),), way_out_of(fault), field=".".join(path)[:200])
