"""The page that documents the API: one document without scripts, made of the OpenAPI schema."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; }
"""
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
DOCS_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'"
)


def page_of(schema: Mapping[str, Any]) -> str:
    """The page of an OpenAPI document."""
    info = schema["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(info['title'])} API, version {escape(info['version'])}</h1>",
        f"<p>{escape(info['description'])}</p>",
        "<p>Every request shows a token: <code>Authorization: Bearer upheld_…</code>. Every error is a ",
        "problem (RFC 9457) with a <code>code</code> and all <code>findings</code>. The document for ",
        'programs is <a href="openapi.json">openapi.json</a>.</p>',
    ]
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            parts += _operation(method, path, told)
    return "".join([*parts, "</main></body></html>\n"])


def _operation(method: str, path: str, told: Mapping[str, Any]) -> Iterator[str]:
    name = escape(told["operationId"], quote=True)
    yield f'<section id="{name}" aria-labelledby="{name}-title">'
    yield f'<h2 id="{name}-title">{escape(told["summary"])}</h2>'
    yield f"<p><code>{method.upper()} {escape(path)}</code></p>"
    yield from (f"<p>{escape(text)}</p>" for text in told.get("description", "").split("\n\n"))
    scope = told.get("x-scope")
    yield f"<p>Scope: <code>{escape(scope)}</code></p>" if scope else "<p>Any token.</p>"
    if told.get("parameters"):
        yield "<table><thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead><tbody>"
        for one in told["parameters"]:
            yield f"<tr><td><code>{escape(one['name'])}</code></td><td>{escape(one['in'])}</td>"
            yield f"<td>{escape(one.get('description', ''))}</td></tr>"
        yield "</tbody></table>"
    if "requestBody" in told:
        kinds = ", ".join(f"<code>{escape(kind)}</code>" for kind in told["requestBody"]["content"])
        yield f"<p>Body: {kinds}</p>"
    yield f"<p>Answers: {', '.join(str(status) for status in sorted(told['responses']))}</p></section>"
