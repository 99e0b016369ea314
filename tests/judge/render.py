"""A world as the texts that a person would write: an agreement, contracts (YAML) and facts (JSON lines)."""

from __future__ import annotations

import json
from typing import Any

import yaml

from .hours import text_of

INSTANTS = ("contacted_at", "sent_at", "received_at", "starts_at", "ends_at")


def agreement_yaml(agreement: dict[str, Any]) -> str:
    """The agreement as YAML."""
    return _dump({key: _concept(key, value) for key, value in agreement.items()})


def contract_yaml(written: dict[str, Any]) -> str:
    """A contract, with its override if it has one, as YAML."""
    override = {key: _concept(key, value) for key, value in written.get("override", {}).items()}
    return _dump({"contract": written["contract"], **({"override": override} if override else {})})


def facts_jsonl(facts: list[dict[str, Any]]) -> str:
    """The facts as CloudEvents, one a line, in the order of the list."""
    lines = []
    for fact in facts:
        data = {key: text_of(value) if key in INSTANTS else value for key, value in fact["data"].items()}
        event = {"specversion": "1.0", **fact, "time": text_of(fact["time"]), "data": data}
        lines.append(json.dumps(event, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def condition(expr: Any) -> str:
    """A condition in the expression language."""
    op, *rest = expr
    if op in ("and", "or"):
        return f" {op} ".join(
            f"({condition(part)})" if part[0] in ("and", "or") else condition(part) for part in rest
        )
    if op == "not":
        return f"not ({condition(rest[0])})"
    name, value = rest
    return f"{name} in [{', '.join(value)}]" if op == "in" else f"{name} {op} {value}"


def _dump(tree: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=1000, default_flow_style=None)
    return text


def _concept(key: str, rows: Any) -> Any:
    if key == "plan":
        return {
            name: {concept: _concept(concept, value) for concept, value in plan.items()}
            for name, plan in rows.items()
        }
    if key not in ("deadline", "every", "quota"):
        return rows
    return {
        name: row if row == "none" else {part: _part(part, value) for part, value in row.items()}
        for name, row in rows.items()
    }


def _part(part: str, value: Any) -> Any:
    if part == "where":
        return condition(value)
    if part in ("from", "until", "after", "again"):
        return _events(value)
    if part == "pause":
        return [_pause(rule) for rule in value]
    if part == "due":
        base, sign, amount, calendar = value
        return f"{base} {sign} {amount}{' of ' + calendar if calendar else ''}"
    if part == "within" and isinstance(value, list):
        return [{**row, "where": condition(row["where"])} for row in value]
    return value


def _events(events: list[Any]) -> Any:
    texts = [
        event if isinstance(event, str) else f"{event[0]} where {condition(event[1])}" for event in events
    ]
    return texts[0] if len(texts) == 1 else texts


def _pause(rule: dict[str, Any]) -> Any:
    if "waiting" in rule:
        return f"waiting where {condition(rule['waiting'])}" if rule["waiting"] else "waiting"
    return {"from": _events(rule["from"]), "until": _events(rule["until"])}
