"""Seeded worlds to be measured: components, observations, exclusions, levels and remedies on a coarse grid.

All time is a number of steps since the epoch, so slices and periods lie on the grid. A short world has steps
of a minute and periods of some hours; a long one has steps of an hour and true months with their changes of
clocks. Values are plain: the judge reads them as they are, `measure_core` makes core's values of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from .hours import instant, load_zone, wall

World = dict[str, Any]
Row = dict[str, Any]

ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Africa/Johannesburg")
CAUSES = ("carrier", "client", "disaster", "own fault")
PARTIES = ("provider", "customer", "third party")
EFFECTS = (
    ("not bad",),
    ("not bad",),
    ("not bad", "breaks run"),
    ("not bad", "out of total"),
    ("not bad", "out of total"),
    ("not bad", "out of total", "breaks run"),
    ("out of total",),
)
PAD_SLICES = 12
OTHERS = ("incident", "suspension", "hours", "stage", "credential")


def make_measure_world(seed: int) -> World:
    """The world of a seed."""
    return _Maker(seed).world()


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(f"measured {seed}")
        self.seed = seed
        self.is_short = self.chance(0.7)
        self.step_s = 60 if self.is_short else 3600
        self.zone = "UTC" if self.is_short and self.chance(0.5) else self.pick(ZONES)
        self.facts: list[Row] = []
        self.stages: list[Row] = []

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.random.random() < probability

    def pick(self, choices: Any) -> Any:
        """One of them."""
        return self.random.choice(list(choices))

    def some(self, choices: Any) -> list[Any]:
        """A few of them, in their order."""
        choices = list(choices)
        chosen = self.random.sample(choices, self.random.randint(1, len(choices)))
        return [one for one in choices if one in chosen]

    def tell(self, type_: str, step: int, subject: str, **data: Any) -> None:
        """One more fact."""
        self.facts.append({"type": type_, "step": step, "subject": subject, "data": data})

    # Time

    def _time(self) -> None:
        year = self.random.randint(2024, 2027)
        if self.is_short:
            on = date(year, 1, 1) + timedelta(self.random.randrange(365))
            if self.chance(0.4) and self.zone in ("Europe/Amsterdam", "America/New_York"):
                on = {"Europe/Amsterdam": date(2026, 3, 29), "America/New_York": date(2026, 11, 1)}[self.zone]
            self.from_on = on
            begin = self.at_day(on)
            slice_ = self.slice = self.pick((1, 2, 3, 5, 5))
            length = self.random.randint(20, 90) * self.pick((slice_, slice_, 1))
            base = begin - self.random.randrange(length) * self.pick((0, 1))
            self.periods = [(base + n * length, base + (n + 1) * length, f"p{n}") for n in range(3)]
            self.until_on = None
        else:
            month = self.random.randint(1, 12)
            firsts = [date(year + (month + n - 1) // 12, (month + n - 1) % 12 + 1, 1) for n in range(5)]
            days = [self.at_day(on) for on in firsts]
            self.periods = [
                (days[n], days[n + 1], f"{firsts[n]:%Y-%m}") for n in range(self.random.randint(1, 4))
            ]
            self.slice = self.pick((1, 1, 2, 3, 4, 5))
            self.from_on = firsts[0] + timedelta(self.pick((0, 0, 0, 9, 14)))
            self.until_on = None
            if self.chance(0.2):
                last = firsts[len(self.periods)] - timedelta(self.random.randrange(1, 20))
                self.until_on = max(last, self.from_on + timedelta(1))
        self.from_step = self.at_day(self.from_on)
        self.until_step = None if self.until_on is None else self.at_day(self.until_on)
        self.lo = self.periods[0][0] - PAD_SLICES * self.slice
        self.hi = self.periods[-1][1] + PAD_SLICES * self.slice
        # Either everything is over, runs that reach over the last end included, or we are in the middle.
        self.at = self.hi - self.slice if self.chance(0.7) else self._inside()

    def _inside(self) -> int:
        start, end, _ = self.periods[-1]
        at = self.random.randrange(max(start, self.from_step) + 1, end)
        return at if self.until_step is None else min(at, self.until_step)

    def at_day(self, on: date) -> int:
        """The step at which a local date begins."""
        at_s = instant(datetime.combine(on, datetime.min.time()), load_zone(self.zone))
        assert at_s % self.step_s == 0
        return at_s // self.step_s

    def stretch(self, longest: int) -> tuple[int, int]:
        """Some stretch of time inside the axis."""
        start = self.random.randrange(self.lo, self.hi)
        if self.chance(0.4):
            start = start // self.slice * self.slice
        length = self.random.randint(1, longest)
        if self.chance(0.4):
            length = -(-length // self.slice) * self.slice
        return start, start + length

    # The world

    def world(self) -> World:
        """Time, components, what is observed of them, what is excluded, and what is promised."""
        self._time()
        self._components()
        self.calendars = self._calendars()
        self.basis = self.pick(("checks", "checks", "checks", "checks", "states", "incidents"))
        self.indicators = {}
        for n in range(self.random.randint(1, 3)):
            self.indicators[f"uptime {n}"] = self._indicator()
        self.checks: dict[str, dict[int, list[bool]]] = {}
        self.states: dict[str, list[tuple[int, bool | None, bool]]] = {}
        for leaf in self.leaves:
            if self.basis == "checks":
                self.checks[leaf] = self._leaf_checks()
            elif self.basis == "states":
                self.states[leaf] = self._leaf_states()
        if self.basis == "incidents" or self.chance(0.2):
            self._incidents()
        self.max_age = self.pick((None, 3, 8, 20))
        self.exclusions = [self._exclusion(n) for n in range(self.pick((0, 1, 1, 2, 2, 3)))]
        facts = sorted((f for f in self.facts if f["step"] <= self.at), key=lambda fact: fact["step"])
        return {
            "seed": self.seed,
            "step_s": self.step_s,
            "zone": self.zone,
            "is_short": self.is_short,
            "slice": self.slice,
            "axis": (self.lo, self.hi),
            "at": self.at,
            "periods": self.periods,
            "from_on": self.from_on,
            "until_on": self.until_on,
            "term": (self.from_step, self.until_step),
            "components": self.components,
            "leaves": self.leaves,
            "basis": self.basis,
            "max_age": self.max_age,
            "calendars": self.calendars,
            "indicators": self.indicators,
            "exclusions": self.exclusions,
            "stages": self.stages,
            "commits": [self._commit(name) for name in self.indicators],
            "checks": self.checks,
            "states": self.states,
            "facts": [{"id": f"f{n:03}", **fact} for n, fact in enumerate(facts)],
        }

    def _components(self) -> None:
        self.leaves = [f"l{n}" for n in range(self.random.randint(1, 4))]
        self.components: dict[str, Row] = {leaf: {"tie": None, "parts": []} for leaf in self.leaves}
        parts = list(self.leaves)
        if len(parts) > 2 and self.chance(0.5):
            pair, parts = parts[:2], parts[2:]
            self.components["pair"] = self._tie(pair)
            parts.insert(0, "pair")
        self.top = "l0"
        if len(parts) > 1:
            self.top = "service"
            self.components["service"] = self._tie(parts)
            self.components["every one"] = {"tie": "each", "parts": parts}

    def _tie(self, parts: list[str]) -> Row:
        tie = self.pick(("all", "all", "any", "at least"))
        row = {"tie": tie, "parts": parts}
        return row | ({"at_least": self.random.randint(1, len(parts))} if tie == "at least" else {})

    def _calendars(self) -> dict[str, Row]:
        days = self.pick(((0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6), (5, 6)))
        first = self.random.randint(0, 12)
        return {"office": {"days": days, "hours": (first, self.random.randint(first + 3, 24))}}

    def _indicator(self) -> Row:
        of = self.top if self.chance(0.7) else self.pick(("every one", *self.leaves, self.top))
        of = of if of in self.components else self.top
        row: Row = {
            "of": of,
            "run": self.pick((1, 1, 2, 2, 3)),
            "same_part": self.chance(0.2),
            "minimum": self.pick((1, 1, 1, 2)),
            "partly": self.pick(("judged on the rest",) * 3 + ("excluded whole", "not excluded")),
            "cut": self.chance(0.25),
            "good_when": self.pick(((1, 1), (1, 2), (2, 3))),
            "gaps": self.pick(("unknown", "unknown", "up", "down", "out of total")),
            "lone": self.pick(("degraded", "degraded", "down", "unknown")),
            "on": "office" if self.chance(0.15) else "always",
            "whole": self.chance(0.2),
            "unattributed": "unknown" if self.chance(0.1) else "counts",
            "across": "each",
            "weights": {},
        }
        if row["unattributed"] == "unknown":
            row |= {"gaps": "unknown", "same_part": False}
        if self.basis != "checks":
            row |= {"run": 1, "same_part": False, "partly": "judged on the rest"}
        parts = self.components[of]["parts"]
        if self.components[of]["tie"] == "each":
            row["across"] = self.pick(("each", "worst", "mean", "weighted", "pooled", "at least"))
            row["at_least"] = self.random.randint(1, len(parts))
            row["weights"] = {part: self.random.randint(1, 3) for part in parts}
        return row

    # What is observed

    def _leaf_checks(self) -> dict[int, list[bool]]:
        """Good, bad and missing for a while each, with some noise in between."""
        checks: dict[int, list[bool]] = {}
        step = self.lo
        while step < self.hi:
            mood = self.pick(("good",) * 5 + ("bad", "bad", "missing", "noise"))
            until = step + self.random.randint(1, 6 * self.slice if mood != "good" else 14 * self.slice)
            for now in range(step, min(until, self.hi)):
                if mood == "missing" or (mood == "noise" and self.chance(0.4)):
                    continue
                good = mood == "good" or (mood == "noise" and self.chance(0.5))
                checks[now] = [good] * (2 if self.chance(0.1) else 1)
            step = until
        return checks

    def _leaf_states(self) -> list[tuple[int, bool | None, bool]]:
        found: list[tuple[int, bool | None, bool]] = []
        step = self.lo + self.random.randrange(4)
        while step < self.hi:
            good = self.pick((True, True, True, False, False, None))
            found.append((step, good, good is True and self.chance(0.3)))
            step += self.random.randint(1, 15)
        return found

    def _incidents(self) -> None:
        for n in range(self.random.randint(1, 5)):
            start, end = self.stretch(12 * self.slice)
            named = {} if self.chance(0.3) else {"components": self.some(self.leaves)}
            self.tell("incident.declared", start, f"I{n}", severity=self.pick(("S1", "S2")), **named)
            if self.chance(0.8):
                self.tell("incident.resolved", end, f"I{n}")

    # What is excluded

    def _exclusion(self, n: int) -> Row:
        of = self.pick(("maintenance",) * 3 + ("attribution",) * 3 + OTHERS)
        if of == "incident" and self.basis == "incidents":
            of = "attribution"
        row: Row = {
            "name": f"exclusion {n}",
            "of": of,
            "effects": self.pick(EFFECTS),
            "where": None,
            "inside": "",
            "notice": None,
            "lasts": "both",
            "takes": "bad" if of in ("attribution", "incident") else "all",
            "before": self.chance(0.8),
            "indicators": [],
            "components": [],
        }
        if self.chance(0.15):
            row["takes"] = self.pick(("all", "bad"))
        if self.chance(0.15):
            row["indicators"] = ["uptime 0"]
        if self.chance(0.15) and row["before"]:
            row["components"] = self.some(self.leaves)
        getattr(self, f"_{of}")(row)
        return row

    def _maintenance(self, row: Row) -> None:
        row["lasts"] = self.pick(("announced", "both", "both", "actual"))
        row["where"] = self.pick((None, ("kind", "scheduled")))
        if self.chance(0.3):
            row["inside"] = "office"
        if self.chance(0.5) and row["lasts"] != "actual":
            row["notice"] = self.random.randint(0, 40)
        for n in range(self.random.randint(1, 3)):
            name = f"M{row['name'][-1]}{n}"
            start, end = self.stretch(8 * self.slice)
            told = start - self.random.randint(1, 60)
            kind = self.pick(("scheduled", "scheduled", "emergency"))
            named = self.leaves if self.chance(0.3) else self.some(self.leaves)
            self.tell(
                "maintenance.announced", told, name, kind=kind, starts_at=start, ends_at=end, components=named
            )
            if self.chance(0.3):
                start += self.random.randint(-4, 4)
                end = max(start + 1, end + self.random.randint(-4, 4))
                told += self.random.randint(1, 30)
                self.tell("maintenance.changed", told, name, starts_at=start, ends_at=end)
            if self.chance(0.15):
                self.tell("maintenance.cancelled", told + 1, name)
            elif self.chance(0.5):
                began = max(told + 1, start + self.random.randint(-3, 5))
                self.tell("maintenance.started", began, name)
                if self.chance(0.8):
                    self.tell("maintenance.ended", max(began + 1, end + self.random.randint(-5, 5)), name)

    def _attribution(self, row: Row) -> None:
        row["where"] = self.pick((("cause", "carrier"), ("cause", "carrier"), ("party", "customer"), None))
        for n in range(self.random.randint(1, 4)):
            start, end = self.stretch(8 * self.slice)
            name = f"A{row['name'][-1]}{n}"
            for told in range(2 if self.chance(0.2) else 1):
                data = {"cause": self.pick(CAUSES[:2]), "party": self.pick(PARTIES[:2])}
                named = {} if self.chance(0.4) else {"components": self.some(self.leaves)}
                if self.chance(0.25) and any(fact["type"] == "incident.declared" for fact in self.facts):
                    known = [f["subject"] for f in self.facts if f["type"] == "incident.declared"]
                    self.tell("attribution.recorded", end + told, name, target=self.pick(known), **data)
                    continue
                self.tell(
                    "attribution.recorded",
                    end + told,
                    name,
                    target="interval",
                    starts_at=start,
                    ends_at=end,
                    **data,
                    **named,
                )

    def _incident(self, row: Row) -> None:
        row["where"] = ("severity", "S1")
        self._incidents_of(row)

    def _incidents_of(self, row: Row) -> None:
        for n in range(self.random.randint(1, 2)):
            start, end = self.stretch(8 * self.slice)
            name = f"X{row['name'][-1]}{n}"
            self.tell("incident.declared", start, name, severity="S1", components=self.some(self.leaves))
            self.tell("incident.resolved", end, name)

    def _suspension(self, row: Row) -> None:
        if any(fact["type"] == "contract.suspended" for fact in self.facts):
            return
        start, end = self.stretch(8 * self.slice)
        self.tell("contract.suspended", start, "acme")
        # An open one joins what is over to what is to come, so with runs it would leave the past open.
        if self.chance(0.8) or any(one["run"] > 1 for one in self.indicators.values()):
            self.tell("contract.resumed", end, "acme")

    def _stage(self, row: Row) -> None:
        row["where"] = self.pick((None, ("stage", "beta")))
        for _ in range(self.random.randint(1, 2)):
            on = self.from_on + timedelta(self.random.randrange(-2, 3 if self.is_short else 40))
            until = self.pick((None, on + timedelta(self.random.randint(1, 2 if self.is_short else 20))))
            product = self.pick([name for name, one in self.components.items() if one["tie"] != "each"])
            steps = (self.at_day(on), None if until is None else self.at_day(until))
            stage = self.pick(("beta", "early"))
            self.stages.append({"product": product, "stage": stage, "on": (on, until), "steps": steps})

    def _credential(self, row: Row) -> None:
        row["where"] = self.pick((None, ("state", "expired")))
        if any(fact["type"].startswith("credential.") for fact in self.facts):
            return
        for n in range(self.random.randint(1, 2)):
            start, end = self.stretch(8 * self.slice)
            state = self.pick(("expired", "locked"))
            self.tell(f"credential.{state}", start, f"K{n}", contract="acme")
            if self.chance(0.3):
                other = {"expired": "locked", "locked": "expired"}[state]
                self.tell(f"credential.{other}", self.random.randint(start, end), f"K{n}", contract="acme")
            if self.chance(0.8) or any(one["run"] > 1 for one in self.indicators.values()):
                self.tell("credential.valid", end, f"K{n}", contract="acme")

    def _hours(self, row: Row) -> None:
        row["inside"] = "office"

    # What is promised

    def _commit(self, indicator: str) -> Row:
        return {
            "name": indicator,
            "indicator": indicator,
            "relation": self.pick((">=", ">=", ">=", ">")),
            "level": self.pick(("1", "0.99", "0.95", "0.9", "0.8", "0.5")),
            "unknown": self.pick(("bounds", "bounds", "bounds", "up", "down")),
            "compare": self.pick(("exact", "exact", "half up")),
            "modality": self.pick(("guarantee", "objective")),
        }


def is_open(world: World, calendar: str, step: int) -> bool:
    """Whether a calendar is open in a step, as the wall clock says."""
    if calendar in ("", "always"):
        return True
    row = world["calendars"][calendar]
    shown = wall(step * world["step_s"], load_zone(world["zone"]))
    return shown.weekday() in row["days"] and row["hours"][0] <= shown.hour < row["hours"][1]


def text_of_step(world: World, step: int) -> str:
    """A step as people write instants."""
    return datetime.fromtimestamp(step * world["step_s"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
