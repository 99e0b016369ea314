"""The client of the API, written from its OpenAPI document."""

from __future__ import annotations

import json
import keyword
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
_PLAIN: Final = {"string": "str", "integer": "int", "boolean": "bool", "number": "float", "null": "None"}
_RECORDS: Final = '''"""What goes in and comes out of the API. Written by `make docs` from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict
'''
_OPERATIONS: Final = '''"""Each operation of the API as a method. Written by `make docs` from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol
from urllib.parse import quote

from upheld.client.asked import Asked
from upheld.client.records import {names}


def _quoted(part: object) -> str:
    return quote(str(part), safe="")


class Operations(Protocol):
    """What can be asked of a server; whoever can `_ask` has all of it."""

    def _ask(self, asked: Asked) -> Any: ...

'''


def client_modules() -> dict[str, str]:
    """The texts of the generated modules of `upheld.client`, by their file names."""
    written = Written(_document())
    operations = written.operations()  # declares the records that it needs
    return {"operations.py": _formatted(operations), "records.py": _formatted(written.records())}


def _formatted(text: str) -> str:
    for words in (["check", "--select", "I,F401", "--fix"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *words, "--quiet", "--stdin-filename", "written.py", "-"]
        done = subprocess.run(ruff, input=text, capture_output=True, text=True, check=True)  # noqa: S603  our own
        text = done.stdout
    return text


def _document() -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.server.settings")
    import django

    django.setup()
    from upheld.api.build import document

    return document()


class Written:
    """A module while it is written. Schemas that have names in the document are types of these names."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._schemas: Mapping[str, Schema] = document["components"]["schemas"]
        self._names: dict[str, str] = {}
        self._types: dict[str, str] = {}

    def operations(self) -> str:
        """The module with a method for each operation."""
        from upheld.api.build import BASE

        base = f"/{BASE}".rstrip("/")
        methods = [
            self._method(path.removeprefix(base), verb.upper(), told)
            for path, verbs in self._document["paths"].items()
            for verb, told in verbs.items()
            if told.get("security") != []  # what is signed is sent by others than who has a token
        ]
        body = "\n\n".join(textwrap.indent(one, "    ") for one in methods)
        used = sorted(set(re.findall(r"\w+", body)) & self._types.keys())
        return _OPERATIONS.format(names=", ".join(used)) + body + "\n"

    def records(self) -> str:
        """The module with the types that the operations take and give."""
        return f"{_RECORDS}\n\n" + "\n\n".join(self._types.values())

    def _method(self, path: str, verb: str, told: Schema) -> str:
        name = _snake(told["operationId"])
        given: list[str] = []
        named: list[str] = []
        query: list[str] = []
        asked = []
        for one in told.get("parameters", ()):
            if one["in"] == "path":
                given.append(f"{one['name']}: {self._type(one['schema'], name)}")
            elif one["in"] == "query":
                kind = self._type(one["schema"], name)
                if one.get("required"):
                    named.append(f"{one['name']}: {kind}")
                else:
                    kind = kind if kind.endswith("None") else f"{kind} | None"
                    named.append(f"{one['name']}: {kind} = None")
                query.append(f'"{one["name"]}": {one["name"]}')
        if query:
            asked.append(f"query={{{', '.join(query)}}}")
        if content := told.get("requestBody", {}).get("content"):
            kinds = {kind: self._type(one["schema"], f"{name}_body") for kind, one in content.items()}
            given.append(f"body: {' | '.join(dict.fromkeys(kinds.values()))}")
            first = next(iter(kinds))
            if len(kinds) > 1:
                options = ", ".join(f'"{kind}"' for kind in kinds)
                named.append(f'kind: Literal[{options}] = "{first}"')
            asked += ["body=body", "kind=kind" if len(kinds) > 1 else f'kind="{first}"']
            if any(one["name"] == "Idempotency-Key" for one in told.get("parameters", ())):
                named.append("key: str | None = None")
                asked.append("key=key")
        answers = (
            self._type(media["schema"], f"{name}_answer")
            for status, answer in told["responses"].items()
            if str(status).startswith("2")
            for kind, media in answer["content"].items()
            if kind == "application/json"
        )
        answer = " | ".join(dict.fromkeys(answers))
        signature = ", ".join(["self", *given, *(["*", *named] if named else [])])
        target = f'f"{path}"' if "{" in path else f'"{path}"'
        target = re.sub(r"\{(\w+)\}", r"{_quoted(\1)}", target)
        asking = ", ".join([f'"{verb}"', target, *asked])
        lines = [
            f"def {name}({signature}) -> {answer}:",
            textwrap.indent(_docstring(told), "    "),
            f"    found: {answer} = self._ask(Asked({asking}))",
            "    return found",
        ]
        return "\n".join(lines) + "\n"

    def _type(self, schema: Schema, where: str) -> str:
        """The type of a schema in annotations; records are declared on the way."""
        if "$ref" in schema:
            return self._named(str(schema["$ref"]).rpartition("/")[2])
        if "anyOf" in schema:
            return " | ".join(dict.fromkeys(self._type(one, where) for one in schema["anyOf"]))
        if "enum" in schema or "const" in schema:
            options = schema.get("enum", [schema.get("const")])
            return f"Literal[{', '.join(json.dumps(one).replace('null', 'None') for one in options)}]"
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(self._type({**schema, "type": one}, where) for one in kind)
        if kind == "array":
            return f"Sequence[{self._type(schema['items'], where)}]"
        if kind == "object" and schema.get("properties"):
            return self._record(schema, where)
        if kind == "object":
            more = schema.get("additionalProperties", True)
            return f"Mapping[str, {self._type(more, where) if isinstance(more, Mapping) else 'Any'}]"
        return _PLAIN.get(str(kind), "Any")

    def _named(self, name: str) -> str:
        schema = self._schemas[name]
        if schema.get("properties"):
            return self._record(schema, name, name)
        if "enum" not in schema:
            return self._type(schema, name)
        self._types[name] = f"{name}: TypeAlias = {self._type(schema, name)}\n"
        return name

    def _record(self, schema: Schema, where: str, name: str = "") -> str:
        name = name or self._names.setdefault(_text(schema), _camel(where))
        if name not in self._types:
            self._types[name] = ""  # so that it is not begun twice; it goes behind what it holds
            required = schema.get("required", ())
            rows = {}
            for field, held in schema["properties"].items():
                assert field.isidentifier(), field
                kind = self._type(held, f"{where}_{field}")
                rows[field] = kind if field in required else f"NotRequired[{kind}]"
            del self._types[name]
            self._types[name] = _typed_dict(name, rows, schema.get("description", ""))
        return name


def _typed_dict(name: str, rows: Mapping[str, str], told: str) -> str:
    """The type of a record; one with a field that is a word of Python has no class."""
    if any(map(keyword.iskeyword, rows)):
        fields = "".join(f'"{field}": {kind}, ' for field, kind in rows.items())
        return f'{name} = TypedDict("{name}", {{{fields}}})\n' + (f'"""{told}"""\n' if told else "")
    doc = f'    """{told}"""\n\n' if told else ""
    return f"class {name}(TypedDict):\n{doc}" + "".join(
        f"    {field}: {kind}\n" for field, kind in rows.items()
    )


def _docstring(told: Schema) -> str:
    parts = (told.get("description") or f"{told['summary']}.").strip().split("\n\n")
    text = "\n\n".join(textwrap.fill(" ".join(one.split()), 96) for one in parts)
    return f'"""{text}\n"""' if "\n" in text else f'"""{text}"""'


def _text(schema: object) -> str:
    return json.dumps(schema, sort_keys=True, default=str)


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
