"""Seeded random worlds: an agreement, contracts and facts, all on a grid of seconds or minutes.

A world holds the same thing twice: as plain values for the judge, and as the texts that people write.
What the language leaves open is left out (the reasons stand where the choice is made).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from .amounts import seconds_of
from .hours import Axis, Walls, load_zone, text_of
from .render import agreement_yaml, contract_yaml, facts_jsonl

World = dict[str, Any]
Row = dict[str, Any]

ZONES = (
    "Europe/Amsterdam",
    "America/New_York",
    "Africa/Johannesburg",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "America/St_Johns",
)
HOUR_S, DAY_S = 3600, 86_400
PRIORITIES = ("P1", "P2", "P3", "P4")
SEVERITIES = ("S1", "S2", "S3")
KINDS = ("incident", "question", "change")
DUTIES = ("data", "access", "approval")


def make_world(seed: int) -> World:
    """The world of a seed: short (up to three days in seconds) or long (up to five weeks in minutes)."""
    return _Maker(seed).world()


class _Maker:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.is_short = self.chance(0.4)
        self.step_s = 1 if self.is_short else 60
        self.zone = self.pick(ZONES)
        self.calendars: dict[str, Row] = {}
        self.facts: list[Row] = []
        hours = self.random.choice((8, 16, 30, 48, 72)) if self.is_short else 24 * self.random.randint(5, 35)
        self.length_s = hours * HOUR_S
        self.start_s = self._start()

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.random.random() < probability

    def pick(self, choices: Any) -> Any:
        """One of them."""
        return self.random.choice(list(choices))

    def some(self, choices: Any, least: int = 1) -> list[Any]:
        """A few of them, in their order."""
        choices = list(choices)
        chosen = self.random.sample(choices, self.random.randint(least, len(choices)))
        return [one for one in choices if one in chosen]

    def moment(self, low_s: int, high_s: int) -> int:
        """An instant on the grid, often on a round one, where budgets and opening hours end together."""
        at_s = self.start_s + self.random.randrange(low_s // self.step_s, high_s // self.step_s) * self.step_s
        return self._round(at_s) if self.chance(0.4) else at_s

    def _round(self, at_s: int) -> int:
        return at_s // 900 * 900

    def _start(self) -> int:
        # Without a lock the zones are known from 2015 to 2035, and contracts begin before their facts.
        year = self.random.randint(2017, 2033)
        day = int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) + self.random.randrange(365) * DAY_S
        changes = transitions_in(self.zone, year)
        if changes and self.chance(0.5):
            day = self.pick(changes) - self.random.randrange(self.length_s)
        return day // 60 * 60

    def world(self) -> World:
        """Calendars, then promises, then what happened."""
        axis_s = self.length_s + (3 * DAY_S if self.is_short else 20 * DAY_S)
        at_s = self.moment(self.length_s // 2, self.length_s)
        self._calendars()
        self._open_somewhere(Axis(self.start_s, 60, axis_s // 60))
        self._open_somewhere(Axis(self.start_s + 60 * DAY_S, 60, 14 * 1440))
        agreement = self._agreement()
        contracts = self._contracts(agreement)
        self._happenings(agreement, contracts)
        facts = [{"id": f"f{n}", "source": "desk", **fact} for n, fact in enumerate(self.facts, 1)]
        shuffled = self.random.sample(facts, len(facts)) + self.random.sample(facts, min(2, len(facts)))
        carried = self._carried(agreement, facts, Axis(self.start_s, self.step_s, axis_s // self.step_s))
        facts, shuffled = facts + carried, carried + shuffled
        return {
            "seed": self.seed,
            "start_s": self.start_s,
            "step_s": self.step_s,
            "steps": axis_s // self.step_s,
            "at_s": at_s,
            "agreement": agreement,
            "contracts": contracts,
            "facts": facts,
            "at_text": text_of(at_s),
            "agreement_yaml": agreement_yaml(agreement),
            "contract_yamls": [contract_yaml(written) for written in contracts],
            "facts_jsonl": facts_jsonl(shuffled),
        }

    # Calendars

    def _calendars(self) -> None:
        self.calendars["support"] = self._week()
        if self.chance(0.4):
            self.calendars["office"] = self._week()
        if self.chance(0.3):
            # Only hours: with a window over midnight the end of the day is a matter of opinion.
            self.calendars["night"] = {
                "zone": self.pick((self.zone, self.pick(ZONES))),
                "open": f"{self.pick(('Mon-Fri', 'Mon-Sun', 'Fri'))} {self._time(20, 23)}-{self._time(4, 7)}",
                "business day": "8h",
            }
            if self.chance(0.3):
                self.calendars["night"]["dates"] = {self._some_date(): "closed"}
        if self.chance(0.4):
            first, second = self.random.sample([*self.calendars, "always"], 2)
            op = self.pick(("union", "intersection", "difference"))
            self.calendars["desk"] = {
                op: ["always", "support"] if op == "difference" else [first, second],
                "zone": self.pick((self.zone, "UTC")),
                "business day": "8h",
            }

    def _open_somewhere(self, axis: Axis) -> None:
        """Offices that never meet make terms that nobody can ask about: then the first alone will do.

        Not now, nor later, when no date is written for itself.
        """
        desk = self.calendars.get("desk", {})
        for op in ("intersection", "difference"):
            if op not in desk:
                continue
            dates = len(Walls(axis, self.calendars, self.zone)["desk"].last)
            if 3 * 1440 * dates < axis.steps:
                desk["union"] = desk.pop(op)[:1]

    def _week(self) -> Row:
        days = self.pick(("Mon-Fri", "Mon-Fri", "Mon-Sat", "Mon-Sun", "Tue-Sat"))
        style = self.random.random()
        opened: Any
        if style < 0.6:
            opened = f"{days} {self._time(6, 10)}-{self._time(15, 20)}"
        elif style < 0.75:
            opened = [
                f"{days} {self._time(6, 8)}-{self._time(10, 12)}",
                f"{days} {self._time(13, 14)}-{self._time(17, 20)}",
            ]
        elif style < 0.9:
            opened = f"{days} 00:00-24:00"
        else:
            opened = [f"{days} {self._time(0, 1)}-{self._time(2, 3)}", f"{days} {self._time(22, 22)}-24:00"]
        if days in ("Mon-Fri",) and isinstance(opened, str) and self.chance(0.3):
            opened = [opened, f"Sat {self._time(9, 10)}-{self._time(12, 14)}"]
        row: Row = {"zone": self.pick((self.zone, self.zone, self.pick(ZONES))), "open": opened}
        if style < 0.6 and self.chance(0.5):
            row["breaks"] = f"{days} {self._time(12, 12)}-{self._time(13, 14)}"
        if self.chance(0.4):
            holidays: Row = {"add": {self._some_date(): "a day off" for _ in range(2)}}
            if self.chance(0.4):
                holidays["open"] = f"{self._time(9, 10)}-{self._time(11, 14)}"
            row["holidays"] = holidays
        if self.chance(0.4):
            row["dates"] = {
                self._some_date(): self.pick(("closed", f"{self._time(8, 9)}-{self._time(11, 12)}"))
                for _ in range(2)
            }
        row["business day"] = self.pick(("8h", "6h", "end of day", "same time"))
        # What a moved deadline means for an amount that names an instant is not said, so only with hours.
        if row["business day"].endswith("h") and self.chance(0.3):
            row["closing"] = "next opening"
        return row

    def _time(self, low: int, high: int) -> str:
        return f"{self.random.randint(low, high):02}:{self.pick((0, 0, 0, 15, 30, 45, 59)):02}"

    def _some_date(self) -> str:
        at_s = self.start_s + self.random.randrange(-DAY_S, self.length_s + 3 * DAY_S)
        return datetime.fromtimestamp(at_s, load_zone(self.zone)).date().isoformat()

    # Promises

    def _agreement(self) -> Row:
        agreement: Row = {
            "document": {
                "agreement": "northwind",
                "version": "1",
                "provider": "Northwind",
                "zone": self.zone,
            },
            "scale": {
                "priority": {"of": "ticket", "values": {name: f"urgency {name}" for name in PRIORITIES}},
                "severity": {"of": "incident", "values": {name: f"gravity {name}" for name in SEVERITIES}},
            },
            "attribute": {
                "kind": {"of": "ticket", "type": "text", "values": list(KINDS)},
            },
            "duty": {name: f"the customer gives {name}" for name in DUTIES},
            "event": {"visit.arrived": {"of": "ticket"}},
            "calendar": self.calendars,
        }
        if self.chance(0.5):
            agreement["attribute"]["site"] = {
                "of": "ticket",
                "type": "text",
                "values": ["near", "far"],
                "default": "near",
            }
        self.has_quota = self.chance(0.35)
        if self.has_quota:
            agreement["quota"] = {"urgent": self._quota()}
        # Whether a stranger's ticket uses up a quota is not said, so never both.
        self.has_names = not self.has_quota and self.chance(0.2)
        if self.has_names:
            agreement["entitlement"] = {"contacts": {"named contacts": self.random.randint(1, 3)}}
        self.sites = "site" in agreement["attribute"]
        agreement["deadline"] = self._deadlines()
        agreement["every"] = self._cadences()
        if not self.is_short and self.chance(0.4):
            agreement["obligation"] = {"reviews": self._obligation()}
        if self.chance(0.5):
            agreement["plan"] = {
                "basic": self._overlay(agreement, "first word"),
                "premium": self._overlay(agreement, "first word"),
            }
        return {key: value for key, value in agreement.items() if value}

    def _quota(self) -> Row:
        row: Row = {
            "of": "ticket",
            "where": self.pick((["=", "priority", "P1"], ["in", "priority", ["P1", "P2"]])),
            "allow": self.random.randint(1, 2),
            "per": self.pick(("calendar month", "calendar month", "calendar quarter", "calendar year")),
            "overflow": self.pick(("ordinary", "refused", "charged")),
        }
        if self.chance(0.6):
            row["refund"] = self.pick(("provider reclassifies", "never"))
        if self.chance(0.3):
            row["zone"] = self.pick(ZONES)
        return row

    def _obligation(self) -> Row:
        row: Row = {
            "times": self.random.randint(1, 2),
            "per": self.pick(("contract year", "calendar month", "calendar quarter", "calendar year")),
        }
        if self.chance(0.4):
            row["modality"] = "objective"
        return row

    def _amount(self, axis: bool) -> str:
        """An amount of a size that fits the world; `axis` leaves out those that name an instant."""
        if self.is_short:
            choices = [f"{self.random.randint(5, 240)}m", f"{self.random.randint(1, 10)}h"]
        else:
            choices = [f"{self.random.randint(1, 40)}h", f"{30 * self.random.randint(1, 40)}m"]
        if not axis and self.chance(0.4):
            n = self.random.randint(1, 2 if self.is_short else 5)
            choices = [f"{n}d", f"{n} business day{'s' if n > 1 else ''}"]
        return str(self.pick(choices))

    def _calendar(self, axis: bool) -> str:
        names = ["always"]
        for name, row in self.calendars.items():
            if not axis or row["business day"].endswith("h"):
                names += [name] * 2
        return str(self.pick(names))

    def _leaf(self, axis: bool, goals: bool) -> Any:
        if goals and self.chance(0.35):
            first, second = self._amount(True), self._amount(True)
            low, high = sorted((first, second), key=_seconds)
            if _seconds(low) < _seconds(high):
                return {"goal": low, "limit": "none" if self.chance(0.15) else high}
        amount = self._amount(axis)
        calendar = self._calendar(axis)
        return f"{amount} of {calendar}" if self.chance(0.15) and self._fits(amount, calendar) else amount

    def _fits(self, amount: str, calendar: str) -> bool:
        row = self.calendars.get(calendar, {})
        # Civil days that end where a calendar moves its deadlines are not said to be moved.
        return not (amount.endswith("d") and row.get("closing") == "next opening")

    def _tree(self, values: tuple[str, ...], axis: bool, goals: bool) -> Row:
        chosen = self.some(values, 2)
        tree = {value: self._leaf(axis, goals) for value in chosen}
        if len(chosen) < len(values):
            if self.chance(0.6):
                tree["other"] = self._leaf(axis, goals)
            else:
                tree |= {value: "none" for value in values if value not in chosen}
        return tree

    def _within(self, axis: bool, goals: bool) -> Any:
        style = self.random.random()
        if style < 0.25:
            return self._leaf(axis, goals)
        if style < 0.65:
            return self._tree(PRIORITIES, axis, goals)
        if style < 0.8:
            tree: Row = {"incident": self._tree(PRIORITIES, axis, goals), "question": self._leaf(axis, goals)}
            tree["change"] = self.pick(("none", self._leaf(axis, goals)))
            return tree
        return [{"where": self._where(), "limit": self._hours()} for _ in range(self.random.randint(1, 3))]

    def _hours(self) -> str:
        return self._amount(True)

    def _where(self) -> Any:
        simple = [
            ["=", "kind", self.pick(KINDS)],
            ["!=", "kind", self.pick(KINDS)],
            ["in", "priority", self.some(PRIORITIES)],
            ["=", "priority", self.pick(PRIORITIES)],
        ]
        if self.sites:
            simple.append(["=", "site", "far"])
        if self.has_quota:
            simple += [["=", "quota.urgent", self.pick(("within", "beyond", "none"))]] * 2
            simple.append(["not", ["in", "quota.urgent", ["within", "beyond"]]])
        first, second = self.pick(simple), self.pick(simple)
        return self.pick((first, first, ["and", first, second], ["or", first, second], ["not", second]))

    def _deadlines(self) -> Row:
        shapes = {
            "response": self._response,
            "next response": self._next_response,
            "resolution": self._resolution,
            "workaround": self._workaround,
            "visit": self._visit,
            "restoration": self._restoration,
            "notice": self._notice,
            "answer": self._answer,
        }
        names = self.some(shapes, 2)[:4]
        return {name: shapes[name]() for name in names}

    def _clock(self, started: list[Any], ended: list[Any], pauses: bool) -> Row:
        """The parts that all ticket clocks share; what does not go together is told apart first."""
        row: Row = {"from": started, "until": ended}
        rule = self.random.random()
        paused = pauses and self.chance(0.6)
        pro_rata = rule < 0.15
        axis = paused or pro_rata or "resolved" in ended
        if self.chance(0.4):
            row["where"] = self._where()
        if paused:
            row["pause"] = self._pause_rules()
        row["within"] = self._within(axis, not pro_rata)
        if isinstance(row["within"], list) and self.chance(0.5):
            row["choose"] = self.pick(("first", "worst"))
        if pro_rata:
            row["change"] = "pro rata"
        elif rule < 0.3:
            row["change"] = "restart"
        elif rule < 0.45:
            row["change"] = {"by customer": "restart", "by provider": "keep start"}
        elif rule < 0.6:
            row["change"] = self.pick(("keep start", {"by customer": "keep start", "by provider": "restart"}))
        on = self._calendar(axis)
        calendars = {on}
        if self.chance(0.2):
            tree = {value: self._calendar(axis) for value in ("P1", "P2")} | {"other": on}
            row["on"], calendars = tree, set(tree.values())
        elif on != "always" or self.chance(0.5):
            row["on"] = on
        if any(not self._fits("1d", calendar) for calendar in calendars):
            row["within"] = _without_days(row["within"])
        if self.chance(0.4):
            row["modality"] = self.pick(("objective", "best effort", "guarantee"))
        return row

    def _pause_rules(self) -> list[Row]:
        where = self.pick(
            (
                None,
                ["=", "for", "customer"],
                ["and", ["=", "for", "customer"], ["in", "duty", self.some(DUTIES)]],
                ["in", "for", ["customer", "vendor"]],
            )
        )
        rules: list[Row] = [{"waiting": where}]
        if self.chance(0.25):
            rules.append({"from": ["assigned"], "until": ["visit.arrived"]})
        return rules

    def _response(self) -> Row:
        started = ["opened", "reopened"] if self.chance(0.2) else ["opened"]
        return self._clock(started, ["answered"], self.chance(0.3))

    def _next_response(self) -> Row:
        return {**self._clock(["customer_replied"], ["answered"], False), "after": ["answered"]}

    def _resolution(self) -> Row:
        row = self._clock(["opened"], ["resolved"], True)
        row["reopening"] = self.pick(("continue", "new cycle", "ignore", "continue"))
        return row

    def _workaround(self) -> Row:
        row = self._clock(["opened"], ["workaround", "resolved"], True)
        if self.chance(0.5):
            row["reopening"] = self.pick(("new cycle", "ignore"))
        return row

    def _visit(self) -> Row:
        started: list[Any] = [["visit.arrived", ["in", "priority", self.some(PRIORITIES, 2)]]]
        return self._clock(started, ["closed"], True) | {"reopening": "ignore"}

    def _restoration(self) -> Row:
        axis = self.chance(0.5)
        row: Row = {"of": "incident", "from": ["declared"], "until": [self.pick(("mitigated", "resolved"))]}
        row["within"] = self._tree(SEVERITIES, axis, True) if self.chance(0.8) else self._leaf(axis, True)
        row["on"] = self._calendar(axis)
        if not self._fits("1d", row["on"]):
            row["within"] = _without_days(row["within"])
        if axis and self.chance(0.4):
            row["change"] = self.pick(("restart", "keep start"))
        return row

    def _notice(self) -> Row:
        row: Row = {"of": "maintenance", "until": [self.pick(("announced", "started"))]}
        amount = self.pick(("2h", "24h", "1d") if self.is_short else ("48h", "24h", "3d", "14d"))
        if row["until"] == ["announced"]:
            row["due"] = ["starts_at", "-", amount, None]
        else:
            row["due"] = ["starts_at", "+", self.pick(("1h", "30m")), None]
        if self.chance(0.5):
            row["where"] = ["in", "kind", self.some(("scheduled", "emergency"))]
        row["modality"] = self.pick(("guarantee", "objective"))
        return row

    def _answer(self) -> Row:
        calendar = self._calendar(False)
        n = self.random.randint(1, 2 if self.is_short else 9)
        amount = f"{n} business day{'s' if n > 1 else ''}"
        return {"of": "claim", "until": ["determined"], "due": ["filed", "+", amount, calendar]}

    def _cadences(self) -> Row:
        rows: Row = {}
        if self.chance(0.4):
            row: Row = {"of": "incident", "from": ["declared"], "again": ["informed"], "until": ["resolved"]}
            row["each"] = self._tree(SEVERITIES, True, False)
            row["on"] = self._calendar(True)
            if self.chance(0.3):
                row["on"] = {"S1": "always", "other": row["on"]}
            rows["incident updates"] = row
        if self.chance(0.3):
            row = {"of": "ticket", "from": ["answered"], "again": ["answered"], "until": ["resolved"]}
            row["each"] = self.pick((self._tree(PRIORITIES, True, False), self._leaf(True, False)))
            row["on"] = self._calendar(True)
            if self.chance(0.5):
                row["where"] = self._where()
            row["modality"] = "objective"
            rows["progress"] = row
        for row in rows.values():
            if self.chance(0.5):
                row["hours"] = self.pick([name for name in self.calendars if name != "desk"])
        return rows

    def _overlay(self, base: Row, added: str) -> Row:
        """What can be laid over: a row's text, a tree's row, a removal, an addition."""
        over: Row = {}
        for name, row in base.get("deadline", {}).items():
            if "within" not in row or not self.chance(0.5):
                continue
            if isinstance(row["within"], dict) and "P1" in row["within"]:
                over[name] = {"within": {"P1": self._hours()}}
            elif self.chance(0.3):
                over[name] = "none"
            else:
                over[name] = {"within": self._hours(), "modality": "guarantee"}
        laid: Row = {"deadline": over} if over else {}
        # Other hours could close a combination of calendars for good.
        if "desk" not in self.calendars and self.chance(0.4):
            closes = f"Mon-Fri {self._time(7, 9)}-{self._time(16, 19)}"
            laid["calendar"] = {
                "support": {"open": closes, "breaks": [f"Mon-Fri {self._time(12, 12)}-13:30"]}
            }
        if self.has_quota and self.chance(0.4):
            laid["quota"] = {"urgent": {"allow": 3}}
        return laid or {"deadline": {added: self._clock(["opened"], ["answered"], False)}}

    def _contracts(self, agreement: Row) -> list[Row]:
        started = datetime.fromtimestamp(self.start_s, UTC).date() - timedelta(
            days=self.random.randint(40, 500)
        )
        contracts: list[Row] = []
        for customer in ("Acme", "Contoso")[: self.pick((1, 1, 2))]:
            contract: Row = {"id": customer.lower(), "customer": customer, "agreement": "northwind"}
            if "plan" in agreement:
                contract["plan"] = self.pick(("basic", "premium"))
            contract |= {"signed": started.isoformat(), "from": started.isoformat()}
            if self.has_names:
                contract["contacts"] = self._contacts()
            written: Row = {"contract": contract}
            if self.chance(0.25):
                untouched = {
                    name: row
                    for name, row in agreement["deadline"].items()
                    if not _touched(agreement, contract, name)
                }
                written["override"] = self._overlay({"deadline": untouched}, "second word")
            contracts.append(written)
        return contracts

    def _contacts(self) -> Row:
        contacts: Row = {}
        for n, person in enumerate(self.some(("ada", "bob", "cleo", "dan"), 2)):
            day = datetime.fromtimestamp(self.start_s, UTC).date() + timedelta(
                days=self.random.randint(-8, 1) - 10 * n
            )
            contacts[person] = {"role": "user", "from": day.isoformat()}
            if self.chance(0.3):
                last = max(day, self._today()) + timedelta(days=self.random.randint(1, 3))
                contacts[person]["until"] = last.isoformat()
        return contacts

    def _today(self) -> date:
        return datetime.fromtimestamp(self.start_s, UTC).date()

    # What happened

    def tell(self, type_: str, at_s: int, subject: str, **data: Any) -> None:
        """One more fact."""
        self.facts.append({"type": type_, "time": at_s, "subject": subject, "data": data})

    def _happenings(self, agreement: Row, contracts: list[Row]) -> None:
        names = [written["contract"]["id"] for written in contracts]
        kinds = {row.get("of", "ticket") for row in agreement["deadline"].values()}
        kinds |= {row["of"] for row in agreement.get("every", {}).values()}
        most = 6 if self.has_quota else 3 if self.is_short else 5
        for n in range(self.random.randint(1, most)):
            self._ticket(f"T{n + 1}", self.pick(names))
        if "incident" in kinds:
            for n in range(self.random.randint(1, 2)):
                self._incident(f"I{n + 1}")
        if "maintenance" in kinds:
            for n in range(self.random.randint(1, 3)):
                self._maintenance(f"M{n + 1}")
        if "claim" in kinds:
            for n in range(self.random.randint(1, 2)):
                self._claim(f"C{n + 1}", self.pick(names))
        if "obligation" in agreement:
            for _ in range(self.random.randint(0, 4)):
                at_s = self.moment(-40 * DAY_S, self.length_s)
                self.tell(
                    "obligation.done", at_s, self.pick(names), contract=self.pick(names), obligation="reviews"
                )
        if self.has_names:
            for _ in range(self.random.randint(0, 3)):
                told = self.pick(("contact.named", "contact.removed"))
                # Whether naming somebody again outlasts the contract's own date is not said.
                who = self.pick(("eve", *("ada", "bob", "cleo")[: 3 * (told == "contact.removed")]))
                self.tell(told, self.moment(-DAY_S, self.length_s), who, contract=self.pick(names))

    def _later(self, now: int) -> int:
        """A later instant, near or far; never the same, because order within an instant is told by ids."""
        scale = self.pick((600, 3600, 4 * HOUR_S) if self.is_short else (HOUR_S, 8 * HOUR_S, 2 * DAY_S))
        if self.chance(0.15):
            scale = 60
        later = now + (1 + int(self.random.expovariate(1.0) * scale) // self.step_s) * self.step_s
        return self._round(later) if self.chance(0.4) and self._round(later) > now else later

    def _carried(self, agreement: Row, facts: list[Row], axis: Axis) -> list[Row]:
        """Clocks that come from another system, on tickets of a world that is as it was without them."""
        random, walls = Random(f"{self.seed} carried"), Walls(axis, agreement.get("calendar", {}), self.zone)
        names = [
            name
            for concept in ("deadline", "every")
            for name, row in agreement.get(concept, {}).items()
            if row.get("of", "ticket") == "ticket" and "due" not in row
        ]
        found: list[Row] = []
        for fact in facts:
            if fact["type"] != "ticket.opened" or not names or random.random() > 0.3:
                continue
            spread = max(2, (self.length_s - fact["time"] + self.start_s) // self.step_s // 2)
            at_s = fact["time"] + random.randrange(spread) * self.step_s
            elapsed = random.choice(("0m", "15m", "1h", "210m", "12h"))
            hours = [walls[one] for one in ("always", *agreement.get("calendar", {}))]
            open_steps = min(one.open[: axis.step(at_s)].count(1) for one in hours)
            if open_steps * self.step_s < seconds_of(elapsed):
                elapsed = "0m"  # else it would count from before the axis
            data = {"commitment": random.choice(names), "elapsed": elapsed}
            of = {"type": "ticket.carried", "time": at_s, "subject": fact["subject"], "data": data}
            found.append({"id": f"c{len(found)}", "source": "old desk", **of})
        return found

    def _ticket(self, name: str, contract: str) -> None:
        now = self.moment(HOUR_S, self.length_s * 3 // 4)
        data: Row = {"contract": contract}
        if self.chance(0.85):
            data["priority"] = self.pick(PRIORITIES)
        if self.chance(0.6):
            data["kind"] = self.pick(("incident", "incident", "question", "change"))
        if self.has_names:
            data["requester"] = self.pick(("ada", "bob", "cleo", "eve"))
        if self.sites and self.chance(0.5):
            data["site"] = "far"
        if self.chance(0.25):
            data["contacted_at"] = now - self.random.randrange(1, HOUR_S // self.step_s) * self.step_s
        self.tell("ticket.opened", now, name, **data)
        gone = False
        while not gone and now < self.start_s + self.length_s:
            now = self._later(now)
            gone = self._ticket_event(name, now)

    def _ticket_event(self, name: str, now: int) -> bool:
        """One thing that happens to a ticket; true if nothing follows it."""
        event = self.pick(TICKET_EVENTS)
        data: Row = {}
        if event == "classified":
            data = {"by": self.pick(("customer", "provider"))}
            data |= self.pick(
                (
                    {"priority": self.pick(PRIORITIES)},
                    {"kind": self.pick(KINDS)},
                    {"priority": self.pick(PRIORITIES)},
                )
            )
        elif event == "replied":
            if self.chance(0.3):
                data = self.pick(
                    ({"by": "automatic"}, {"visibility": "internal"}, {"by": "human"}, {"verified": False})
                )
        elif event == "waiting_started":
            data = {"for": self.pick(("customer", "customer", "vendor", "third party"))}
            if self.chance(0.6):
                data["duty"] = self.pick(DUTIES)
            if self.chance(0.05):
                data["verified"] = False
        elif event == "waiting_ended" and self.chance(0.4):
            data = {"duty": self.pick(DUTIES)}
        elif event == "merged":
            data = {"into": "T0"}
        elif event == "cancelled" and self.chance(0.5):
            data = {"by": self.pick(("customer", "provider", "provider"))}
        self.tell("visit.arrived" if event == "arrived" else f"ticket.{event}", now, name, **data)
        return event == "merged" or (event == "cancelled" and data.get("by") != "provider")

    def _incident(self, name: str) -> None:
        now = self.moment(HOUR_S, self.length_s * 3 // 4)
        self.tell("incident.declared", now, name, severity=self.pick(SEVERITIES))
        while now < self.start_s + self.length_s:
            now = self._later(now)
            event = self.pick(
                ("updated", "updated", "updated", "updated", "classified", "mitigated", "resolved")
            )
            if event == "classified":
                self.tell("incident.classified", now, name, severity=self.pick(SEVERITIES))
            elif event == "updated" and self.chance(0.3):
                self.tell(
                    "incident.updated",
                    now,
                    name,
                    **self.pick(({"by": "automatic"}, {"visibility": "internal"})),
                )
            else:
                self.tell(f"incident.{event}", now, name)
            if event == "resolved" and self.chance(0.8):
                return

    def _maintenance(self, name: str) -> None:
        now = self.moment(HOUR_S, self.length_s)
        spread = DAY_S if self.is_short else 10 * DAY_S

        def planned(since: int) -> tuple[int, int]:
            starts = since + self.random.randrange(HOUR_S, 2 * spread) // self.step_s * self.step_s
            return starts, starts + 2 * HOUR_S

        starts, ends = planned(now)
        data = {
            "kind": self.pick(("scheduled", "emergency", "non-disruptive", "high risk")),
            "components": ["api"],
        }
        self.tell("maintenance.announced", now, name, starts_at=starts, ends_at=ends, **data)
        if self.chance(0.4):
            now = self._later(now)
            starts, ends = planned(now)
            self.tell("maintenance.changed", now, name, starts_at=starts, ends_at=ends)
        if self.chance(0.2):
            self.tell("maintenance.cancelled", self._later(now), name)
        elif self.chance(0.7):
            begins = max(
                now + self.step_s,
                starts + self.random.randrange(-HOUR_S, 2 * HOUR_S) // self.step_s * self.step_s,
            )
            self.tell("maintenance.started", begins, name)
            self.tell("maintenance.ended", self._later(begins), name)

    def _claim(self, name: str, contract: str) -> None:
        now = self.moment(HOUR_S, self.length_s)
        data: Row = {"contract": contract}
        if self.chance(0.5):
            data["received_at"] = now - self.random.randrange(30) * self.step_s
            data["sent_at"] = data["received_at"] - self.random.randrange(30) * self.step_s
        self.tell("claim.filed", now, name, **data)
        if self.chance(0.7):
            self.tell("claim.determined", self._later(self._later(now)), name, outcome="accepted")


TICKET_EVENTS = (
    *("replied",) * 6,
    *("customer_replied",) * 4,
    *("classified",) * 4,
    *("waiting_started",) * 4,
    *("waiting_ended",) * 4,
    *("resolved",) * 3,
    *("reopened",) * 3,
    *("arrived",) * 2,
    "assigned",
    "workaround",
    "closed",
    "cancelled",
    "merged",
)


def transitions_in(zone: str, year: int) -> list[int]:
    """The instants of a year at which the zone's clocks change, found by looking."""
    rules = load_zone(zone)

    def offset(at_s: int) -> timedelta | None:
        return datetime.fromtimestamp(at_s, rules).utcoffset()

    first = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    found = []
    for day in range(first, first + 366 * DAY_S, DAY_S):
        low, high = day, day + DAY_S
        if offset(low) != offset(high):
            while high - low > 1:
                middle = (low + high) // 2
                if offset(middle) == offset(low):
                    low = middle
                else:
                    high = middle
            found.append(high)
    return found


def _seconds(amount: str) -> int:
    return int(amount[:-1]) * (HOUR_S if amount.endswith("h") else 60)


def _without_days(within: Any) -> Any:
    """The same with hours where there were civil days."""
    if isinstance(within, dict):
        return {key: _without_days(value) for key, value in within.items()}
    if isinstance(within, list):
        return within
    amount, of, calendar = within.partition(" of ")
    return f"{amount[:-1]}h{of}{calendar}" if amount.endswith("d") else within


def _touched(agreement: Row, contract: Row, name: str) -> bool:
    plan = agreement.get("plan", {}).get(contract.get("plan"), {})
    return name in plan.get("deadline", {})
