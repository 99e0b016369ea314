"""Small worlds written by hand, for the judge's own tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .hours import Axis, Walls, instant, load_zone
from .judge import judge

Row = dict[str, Any]


class Case:
    """One agreement in one zone; facts are told in its local time, answers come back in it."""

    def __init__(self, zone: str, calendar: Row, first: str, days: int, **concepts: Any) -> None:
        self.zone = zone
        self.start_s = self.at_s(f"{first} 00:00")
        self.days = days
        self.facts: list[Row] = []
        scale = {"priority": {"of": "ticket", "values": {f"P{n}": "" for n in range(1, 5)}}}
        scale["severity"] = {"of": "incident", "values": {f"S{n}": "" for n in range(1, 5)}}
        kind = {"kind": {"of": "ticket", "type": "text", "values": ["incident", "question", "change"]}}
        document = {"agreement": "case", "provider": "Northwind", "zone": zone}
        self.agreement: Row = {
            "document": document,
            "scale": scale,
            "attribute": kind,
            "calendar": calendar,
            **concepts,
        }
        self.contract: Row = {"id": "acme", "from": first}

    def at_s(self, shown: str) -> int:
        """The instant of a local time."""
        return instant(datetime.fromisoformat(shown), load_zone(self.zone))

    def shown(self, at_s: int | None) -> str | None:
        """The local time of an instant, with its weekday."""
        if at_s is None:
            return None
        return datetime.fromtimestamp(at_s, load_zone(self.zone)).strftime("%a %m-%d %H:%M")

    def tell(self, type_: str, shown: str, subject: str = "T1", **data: Any) -> Case:
        """One more fact; ticket facts name the contract."""
        if type_ in ("ticket.opened", "claim.filed"):
            data = {"contract": "acme", **data}
        fact = {"id": f"f{len(self.facts)}", "source": "desk", "type": type_, "subject": subject}
        self.facts.append({**fact, "time": self.at_s(shown), "data": data})
        return self

    def rows(self, at: str) -> list[Row]:
        """The judge's rows as of a local time, with instants in local time."""
        world = {
            "start_s": self.start_s,
            "step_s": 60,
            "steps": self.days * 1440,
            "at_s": self.at_s(at),
            "agreement": self.agreement,
            "contracts": [{"contract": self.contract}],
            "facts": self.facts,
        }
        rows = judge(world)
        for row in rows:
            for name in ("started_at", "due_at", "goal_at", "stopped_at", "breached_at"):
                row[name] = self.shown(row.get(name))
        return rows

    def row(self, at: str) -> Row:
        """The only row."""
        (row,) = self.rows(at)
        return row

    def walls(self) -> Walls:
        """The calendars, looked at."""
        return Walls(Axis(self.start_s, 60, self.days * 1440), self.agreement["calendar"], self.zone)
