"""Whether an answer is as the OpenAPI document says, to every field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema

from tests.live.api_desk import BASE
from upheld.api.build import document

DOCUMENT: dict[str, Any] = json.loads(json.dumps(document()))
_OPERATIONS = {one["operationId"]: one for methods in DOCUMENT["paths"].values() for one in methods.values()}
_ASKED = {path.removeprefix(BASE): one["get"] for path, one in DOCUMENT["paths"].items() if "get" in one}


def name_of(path: str) -> str:
    """The operation that answers a GET of a path."""
    told = next(one for form, one in _ASKED.items() if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", form), path))
    return str(told["operationId"])


@cache
def _validator(operation: str, status: int) -> jsonschema.Draft202012Validator:
    schema = _OPERATIONS[operation]["responses"][str(status)]["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def undocumented(operation: str, content: bytes, status: int = 200) -> list[str]:
    """What of an answer is not as the document says, with where it stands: nothing, if it is right."""
    return [
        one
        for fault in _validator(operation, status).iter_errors(json.loads(content))
        for one in _told(fault)
    ]


def _told(fault: Any) -> Iterator[str]:
    if fault.context:
        for one in fault.context:
            yield from _told(one)
    else:
        yield f"{fault.json_path}: {fault.message[:300]}"
