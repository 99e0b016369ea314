"""The page that documents the API: one document without scripts, made of the OpenAPI schema."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final, NamedTuple, TypeAlias

from upheld.api.openapi import OF_SESSIONS
from upheld.api.problems import CONTENT_TYPE

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
code { font: 14px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
section { margin-top: 3rem; border-top: 1px solid #8886; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid #8883; }
td:first-child { width: 18rem; }
nav ul { columns: 20rem; list-style: none; padding: 0; }
nav li { break-inside: avoid; }
"""
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
DOCS_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'"
)
_CODE: Final = re.compile(r"`([^`]+)`")
_DEEPEST: Final = 4
_Schemas: TypeAlias = Mapping[str, Mapping[str, Any]]


def page_of(schema: Mapping[str, Any]) -> str:
    """The page of an OpenAPI document."""
    info = schema["info"]
    named: _Schemas = schema["components"]["schemas"]
    operations = [
        (method, path, told) for path, methods in schema["paths"].items() for method, told in methods.items()
    ]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(info['title'])} API, version {escape(info['version'])}</h1>",
        f"<p>{_text(info['description'])}</p>",
        "<p>Every request shows a token: <code>Authorization: Bearer upheld_…</code>, or the cookie of ",
        "somebody who signed in. Every error is a ",
        "problem (RFC 9457) with a <code>code</code> and all <code>findings</code>. The document for ",
        'programs is <a href="openapi.json">openapi.json</a>.</p>',
        '<nav aria-label="Operations"><ul>',
        *(
            f'<li><a href="#{escape(told["operationId"], quote=True)}">{escape(told["summary"])}</a></li>'
            for _, _, told in operations
        ),
        "</ul></nav>",
    ]
    for method, path, told in operations:
        parts += _operation(method, path, told, named)
    for name, one in named.items():
        parts += _record(name, one)
    return _linked("".join([*parts, "</main></body></html>\n"]), named)


def _record(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{name}</h2>'
    if schema.get("description"):
        yield f"<p>{_text(schema['description'])}</p>"
    yield from _fields_table("It holds", schema)
    yield "</section>"


def _linked(page: str, named: _Schemas) -> str:
    """Where a record is named is a link to it."""
    names = "|".join(sorted(named))
    return re.sub(rf"<code>({names})</code>", r'<a href="#\1"><code>\1</code></a>', page)


def _operation(method: str, path: str, told: Mapping[str, Any], named: _Schemas) -> Iterator[str]:
    name = escape(told["operationId"], quote=True)
    yield f'<section id="{name}" aria-labelledby="{name}-title">'
    yield f'<h2 id="{name}-title">{escape(told["summary"])}</h2>'
    yield f"<p><code>{method.upper()} {escape(path)}</code></p>"
    yield from (f"<p>{_text(text)}</p>" for text in told.get("description", "").split("\n\n"))
    if let_in := _let_in(told):
        yield f"<p>{_text(let_in)}</p>"
    parameters = [one for one in told.get("parameters", ()) if one["name"] not in OF_SESSIONS]
    if parameters:
        rows = ((one["name"], one["in"], one.get("description", "")) for one in parameters)
        yield from _table("Parameters", ("Parameter", "In", "Meaning"), rows)
    for kind, content in told.get("requestBody", {}).get("content", {}).items():
        yield from _fields_table(f"Body, `{kind}`", _whole(content["schema"], named))
    answers = sorted(told["responses"].items())
    for status, answer in answers:
        for kind, content in answer.get("content", {}).items():
            if kind != CONTENT_TYPE:
                caption = f"Answer {status}" if kind == "application/json" else f"Answer {status}, `{kind}`"
                yield from _fields_table(caption, _whole(content["schema"], named))
    others = [str(status) for status, one in answers if "application/json" not in one.get("content", {})]
    yield f"<p>Or {', '.join(others)}.</p></section>"


def _let_in(told: Mapping[str, Any]) -> str:
    """What has to be shown; empty where the operation says so itself."""
    if told.get("security") == []:
        return "Signed by a sender: no token."
    scope, roles = told.get("x-scope"), told["x-roles"]
    if scope:
        return f"Scope: `{scope}`, in one of the roles {', '.join(roles)}."
    return "Any token." if len(roles) > 1 else ""


# -- tables ------------------------------------------------------------------------------------------------


class _Field(NamedTuple):
    """A field of a body or an answer: where it stands, what it holds, what it means."""

    name: str
    holds: str
    means: str


def _whole(schema: Mapping[str, Any], named: _Schemas) -> Mapping[str, Any]:
    """What is read or answered, itself and not by its name: what it is made of keeps its names."""
    if "$ref" in schema:
        return named[_name(schema)]
    if schema.get("type") == "array":
        return {**schema, "items": _whole(schema["items"], named)}
    return schema


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _fields_table(caption: str, schema: Mapping[str, Any]) -> Iterator[str]:
    rows = list(dict.fromkeys(_fields(schema, "")))
    if any(one.means for one in rows):
        yield from _table(caption, ("Field", "Holds", "Meaning"), rows)
    elif rows:
        yield from _table(caption, ("Field", "Holds"), ((one.name, one.holds) for one in rows))
    else:
        means = schema.get("description", "")
        yield f"<p>{_text(caption)}: {_text(_holds(schema))}{'. ' if means else ''}{_text(means)}</p>"


def _fields(schema: Mapping[str, Any], path: str) -> Iterator[_Field]:
    """The fields of an object, and of what stands inside it, each by its path: `levels[].people[]`."""
    for one in schema.get("anyOf", ()):
        yield from _fields(one, path)
    if schema.get("type") == "array":
        yield from _fields(schema["items"], f"{path}[]" if path else "[]")
    needed = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        holds = _holds(inner) + ("" if name in needed else "; may be left out")
        yield _Field(where, holds, inner.get("description", ""))
        if where.count(".") + where.count("[]") < _DEEPEST:
            yield from _fields(inner, where)


def _holds(schema: Mapping[str, Any]) -> str:
    """The type of a value, in words."""
    if "$ref" in schema:
        return f"`{_name(schema)}`"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_holds, schema["anyOf"])))
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(_holds({**schema, "type": one}) for one in kind)
    if kind == "array":
        inner = _holds(schema["items"]) if "items" in schema else "anything"
        return f"list of {inner}"
    if (
        kind == "object"
        and "properties" not in schema
        and isinstance(schema.get("additionalProperties"), dict)
    ):
        return f"object of {_holds(schema['additionalProperties'])} by name"
    return str(schema.get("format", kind)) if kind == "string" else str(kind)


def _table(caption: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"<table><caption>{_text(caption)}</caption><thead><tr>"
    yield from (f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for name, *told in rows:
        cells = "".join(f"<td>{_text(one)}</td>" for one in told)
        yield f"<tr><td><code>{escape(name)}</code></td>{cells}</tr>"
    yield "</tbody></table>"


def _text(text: str) -> str:
    """A text in which what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
