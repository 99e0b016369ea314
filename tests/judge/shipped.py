"""A shipped agreement as the judge reads one: its YAML with the chosen readings, and conditions taken apart.

Nothing of `upheld` is used: the text is read by another YAML parser and the holidays come from the lock file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]
AGREEMENTS = Path(__file__).parents[2] / "agreements"
_TOKEN = re.compile(r"\s*('[^']*'|[\w.-]+|!=|=|[\[\](),])")
_DUE = re.compile(r"([\w.]+) ([+-]) (.+?)(?: of (.+))?")
_TRUTHS = {"true": True, "false": False}


def shipped(name: str, plan: str) -> Row:
    """One agreement under a plan, in the form that the judge is given."""
    text = yaml.load((AGREEMENTS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    takes = {key: row["take"] for key, row in text["assume"].items()}
    read = _read(text, takes)
    plans = read.pop("plan", {})
    for concept, rows in plans.get(plan, {}).items():
        for key, row in rows.items():
            _lay(read.setdefault(concept, {}), key, row)
    lock = json.loads((AGREEMENTS / f"{name}.lock.json").read_text(encoding="utf-8"))
    return {
        "document": read["document"],
        "scale": read.get("scale", {}),
        "attribute": {key: _attribute(row) for key, row in read.get("attribute", {}).items()},
        "calendar": {key: _calendar(row, lock) for key, row in read.get("calendar", {}).items()},
        "deadline": {key: _clock(row) for key, row in read.get("deadline", {}).items()},
        "every": {key: _clock(row) for key, row in read.get("every", {}).items()},
        "quota": {key: _quota(row) for key, row in read.get("quota", {}).items()},
        "obligation": {key: _obligation(row) for key, row in read.get("obligation", {}).items()},
        "entitlement": _entitlements(read.get("entitlement", {})),
        "commit": read.get("commit", {}),
        "component": read.get("component", {}),
        "indicator": read.get("indicator", {}),
        "remedy": read.get("remedy", {}),
    }


def _read(node: Any, takes: dict[str, str]) -> Any:
    """The text with `by NAME: {option: value}` replaced by the value of the option taken."""
    if isinstance(node, dict):
        keys = list(node)
        if len(keys) == 1 and keys[0].startswith("by "):
            return _read(node[keys[0]][takes[keys[0][3:]]], takes)
        return {key: _read(value, takes) for key, value in node.items()}
    if isinstance(node, list):
        return [_read(item, takes) for item in node]
    return node


def _lay(rows: Row, key: str, row: Any) -> None:
    if row == "none":
        rows.pop(key, None)
    elif isinstance(row, dict) and isinstance(rows.get(key), dict):
        for name, value in row.items():
            _lay(rows[key], name, value)
    else:
        rows[key] = row


# -- rows --------------------------------------------------------------------------------------------------


def _attribute(row: Row) -> Row:
    found = dict(row)
    if row.get("type") == "truth" and "default" in row:
        found["default"] = _TRUTHS[row["default"]]
    return found


def _calendar(row: Row, lock: Row) -> Row:
    holidays = row.get("holidays", "none")
    if isinstance(holidays, dict):
        country, categories = holidays["country"], sorted(holidays.get("categories", []))
        key = f"{country} ({', '.join(categories)})" if categories else country
        row = {**row, "holidays": {"add": lock["holidays"][key]}}
    return row


def _clock(row: Row) -> Row:
    found: Row = {}
    for key, value in row.items():
        if key == "where":
            found[key] = condition(value)
        elif key in ("from", "until", "again", "after"):
            found[key] = _events(value)
        elif key == "pause":
            if value != "none":
                found[key] = [{"waiting": condition(value.removeprefix("waiting where "))}]
        elif key == "due":
            matched = _DUE.fullmatch(value)
            assert matched, value
            found[key] = list(matched.groups())
        else:
            found[key] = value
    return found


def _events(value: Any) -> list[Any]:
    events: list[Any] = []
    for text in [value] if isinstance(value, str) else value:
        event, _, where = text.partition(" where ")
        events.append([event, condition(where)] if where else event)
    return events


def _quota(row: Row) -> Row:
    return {**row, "where": condition(row["where"]), "allow": int(row["allow"])}


def _obligation(row: Row) -> Row:
    return {**row, "times": int(row["times"])}


def _entitlements(rows: Row) -> Row:
    return {
        key: {"named contacts": int(row["named contacts"])}
        for key, row in rows.items()
        if isinstance(row, dict) and row.get("named contacts", "none") != "none"
    }


# -- conditions --------------------------------------------------------------------------------------------


def condition(text: str) -> list[Any]:
    """A condition as a list: its operator and what it is about."""
    tokens = _TOKEN.findall(text)
    found = _any(tokens)
    assert not tokens, f"{text}: {tokens} is left"
    return found


def _any(tokens: list[str]) -> list[Any]:
    parts = [_all(tokens)]
    while tokens[:1] == ["or"]:
        tokens.pop(0)
        parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else ["or", *parts]


def _all(tokens: list[str]) -> list[Any]:
    parts = [_one(tokens)]
    while tokens[:1] == ["and"]:
        tokens.pop(0)
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else ["and", *parts]


def _one(tokens: list[str]) -> list[Any]:
    first = tokens.pop(0)
    if first == "not":
        return ["not", _one(tokens)]
    if first == "(":
        inside = _any(tokens)
        assert tokens.pop(0) == ")"
        return inside
    if tokens[:1] in (["="], ["!="]):
        return [tokens.pop(0), first, _value(tokens.pop(0))]
    if tokens[:1] == ["is"]:
        return [tokens.pop(0), first, tokens.pop(0)]
    if tokens[:1] == ["in"]:
        del tokens[:2]
        values = []
        while tokens[0] != "]":
            if tokens[0] == ",":
                tokens.pop(0)
            values.append(_value(tokens.pop(0)))
        tokens.pop(0)
        return ["in", first, values]
    return ["=", first, True]


def _value(token: str) -> Any:
    return token[1:-1] if token.startswith("'") else token
