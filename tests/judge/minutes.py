"""The second judge of measurement: it looks at every step of a world and writes down what it was.

No intervals and no algebra: each step of each leaf gets a word, ties are counted step by step, runs slice by
slice, and every figure is a count of steps. Written from the specification alone.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .measure_worlds import is_open

GOOD, DEGRADED, BAD, UNKNOWN, EXCLUDED = "good", "degraded", "bad", "unknown", "excluded"
# Unknown not because nothing was seen, but because what was bad was alone in its part.
ALONE = "alone"
UNATTRIBUTED = "unattributed"
"""Seen to be bad, and unknown only because nobody recorded the cause."""
FAR = 10**12
LASTING = ("stage", "hours")
"""Exclusions that may have begun long before the time that a world is about."""
LONGEST_S = 40 * 86_400
"""None of them lasts longer than this."""
WEEK_S = 7 * 86_400
"""So far a run is looked at over the ends of its period."""

World = dict[str, Any]
Row = dict[str, Any]
# What a step was, and the numbers of the exclusions that took it.
Word = tuple[str, frozenset[int]]
Line = dict[int, Word]
NOBODY: frozenset[int] = frozenset()


class Stepper:
    """One indicator of one world, looked at step by step as of the world's instant."""

    def __init__(self, world: World, indicator: str) -> None:
        self.name = indicator
        self.rule = world["indicators"][indicator]
        self.slice: int = world["slice"]
        self.lo, self.hi = first_step(world, self.rule), world["axis"][1]
        self.world = world = world | {"axis": (self.lo, self.hi)}
        self.at: int = world["at"]
        self.is_sliced = world["basis"] == "checks"
        self.cut = self.at // self.slice * self.slice if self.is_sliced else self.at
        self.exclusions: list[Row] = world["exclusions"]
        self._leaves: dict[str, Line] = {}
        self._hidden: dict[str, dict[int, frozenset[int]]] = {leaf: {} for leaf in world["leaves"]}
        self._ties: dict[tuple[str, str, tuple[int, int] | None], Line] = {}
        self.takes = {
            (n, leaf): taken_steps(world, rule, leaf) if self._applies(rule, leaf) else set()
            for n, rule in enumerate(self.exclusions)
            for leaf in world["leaves"]
        }

    def _applies(self, rule: Row, leaf: str) -> bool:
        if rule["indicators"] and self.name not in rule["indicators"]:
            return False
        return not rule["components"] or leaf in rule["components"]

    # -- leaves --------------------------------------------------------------------------------------------

    def leaf(self, leaf: str) -> Line:
        """As `look_at`; a leaf is looked at once."""
        if leaf not in self._leaves:
            self._leaves[leaf] = self.look_at(leaf)
        return dict(self._leaves[leaf])

    def look_at(self, leaf: str) -> Line:
        """As `_seen`; where bad time needs a recorded cause, that without one is unknown."""
        line = self._seen(leaf)
        if self.rule["unattributed"] == "counts":
            return line
        caused: set[int] = set()
        for told in attributions(self.world):
            caused |= _caused(self.world, told, {"where": None}, leaf)
        return {
            step: (UNATTRIBUTED, NOBODY) if word == BAD and step not in caused else (word, by)
            for step, (word, by) in line.items()
        }

    def _seen(self, leaf: str) -> Line:
        """What every step of a leaf was; of what is to come it is supposed that nothing more fails."""
        windows = {n: self.takes[n, leaf] for n in self._numbers(takes="all", before=True)}
        causes = {n: self.takes[n, leaf] for n in self._numbers(takes="bad", before=True)}
        if self.is_sliced:
            return self._by_slices(leaf, windows, causes)
        seen = self._by_states(leaf) if self.world["basis"] == "states" else self._by_incidents(leaf)
        seen |= dict.fromkeys(range(self.cut, self.hi), GOOD)
        line: Line = {}
        for step, word in seen.items():
            by = {n for n, steps in windows.items() if step in steps}
            caused = frozenset(n for n, steps in causes.items() if step in steps)
            if word == BAD and not by:
                by = set(caused)
            elif word == UNKNOWN and not by and caused:
                self._hidden[leaf][step] = caused
            line[step] = (EXCLUDED, frozenset(by)) if by else (word, NOBODY)
        return line

    def _numbers(self, takes: str, before: bool) -> list[int]:
        """The exclusions that give bad time back, of one sort."""
        return [
            n
            for n, rule in enumerate(self.exclusions)
            if "not bad" in rule["effects"] and rule["takes"] == takes and rule["before"] == before
        ]

    def _by_slices(self, leaf: str, windows: dict[int, set[int]], causes: dict[int, set[int]]) -> Line:
        line: Line = {}
        union = set().union(*windows.values()) if windows else set()
        cause = set().union(*causes.values()) if causes else set()
        first = self.lo // self.slice * self.slice
        for begin in range(first, self.hi, self.slice):
            steps = range(begin, begin + self.slice)
            out = self._rounded(steps, union)
            if begin + self.slice > self.cut:
                line |= {
                    s: (EXCLUDED, self._takers(s, steps, windows)) if s in out else (GOOD, NOBODY)
                    for s in steps
                }
                continue
            rest = [step for step in steps if step not in out]
            word = self._judge(leaf, rest)
            touched = self._rounded(steps, cause) - out
            if word == UNKNOWN:
                self._hidden[leaf] |= {step: self._takers(step, steps, causes) for step in touched}
            caused = touched if word == BAD else set()
            if caused:
                rest = [step for step in rest if step not in caused]
                word = self._judge(leaf, rest)
            for step in steps:
                if step in out or step in caused:
                    line[step] = EXCLUDED, self._takers(step, steps, windows if step in out else causes)
                else:
                    line[step] = word, NOBODY
        return line

    def _rounded(self, steps: range, union: set[int]) -> set[int]:
        """The excluded steps of a slice, by what the agreement says of partly excluded ones."""
        out = {step for step in steps if step in union}
        if out and self.rule["partly"] == "excluded whole":
            return set(steps)
        if len(out) < len(steps) and self.rule["partly"] == "not excluded":
            return set()
        return out

    def _takers(self, step: int, steps: range, takers: dict[int, set[int]]) -> frozenset[int]:
        by = frozenset(n for n, taken in takers.items() if step in taken)
        # A slice that is excluded whole because of a part of it: whoever took that part.
        return by or frozenset(n for n, taken in takers.items() if any(one in taken for one in steps))

    def _judge(self, leaf: str, steps: list[int]) -> str:
        seen = [good for step in steps for good in self.world["checks"][leaf].get(step, [])]
        if len(seen) < self.rule["minimum"]:
            return UNKNOWN
        least, of = self.rule["good_when"]
        return GOOD if Fraction(sum(seen), len(seen)) >= Fraction(least, of) else BAD

    def _by_states(self, leaf: str) -> dict[int, str]:
        line = {}
        max_age = self.world["max_age"]
        for step in range(self.lo, min(self.hi, self.cut)):
            line[step] = UNKNOWN
            for at, good, degraded in self.world["states"][leaf]:
                if at <= step and (max_age is None or step < at + max_age):
                    line[step] = (
                        UNKNOWN if good is None else BAD if not good else DEGRADED if degraded else GOOD
                    )
                elif at <= step:
                    line[step] = UNKNOWN
        return line

    def _by_incidents(self, leaf: str) -> dict[int, str]:
        bad: set[int] = set()
        for start, end, _, named in incidents(self.world):
            if not named or leaf in named:
                bad |= set(range(max(start, self.lo), min(end, self.hi)))
        return {step: BAD if step in bad else GOOD for step in range(self.lo, min(self.hi, self.cut))}

    # -- components ----------------------------------------------------------------------------------------

    def component(self, name: str, period: tuple[int, int, str], unknown_as: str = "stated") -> Line:
        """What every step of a component was, its ties counted and what is taken from it afterwards.

        With `unknown_as` up or down, what is unknown of any leaf is taken as that; else the tie of what is
        unknown as the agreement says.
        """
        line = dict(self._tied(name, unknown_as, self._limits(period) if self.rule["same_part"] else None))
        if unknown_as == "stated":
            line = dict(with_gaps(line, self.rule["gaps"]))
        for n in self._numbers("all", False):
            taken = self._taken(n, name)
            for step, (_, by) in line.items():
                if step in taken:
                    line[step] = EXCLUDED, by | {n}
        bad = {step for step, (word, _) in line.items() if word == BAD}
        for n in self._numbers("bad", False):
            # Of several causes of the same bad time each has taken it.
            for step in bad & self._taken(n, name):
                line[step] = EXCLUDED, line[step][1] | {n}
        return line

    def _taken(self, n: int, name: str) -> set[int]:
        return set().union(*(self.takes[n, leaf] for leaf in leaves_of(self.world, name)))

    def _limits(self, period: tuple[int, int, str]) -> tuple[int, int]:
        """Between which steps runs are looked for: in the period, or a week of slices beyond its ends too."""
        if self.rule["cut"]:
            return period[0], period[1]
        week_steps = WEEK_S // self.world["step_s"]
        far = max(-(-week_steps // self.slice), self.rule["run"] - 1) * self.slice
        first, last = period[0] // self.slice * self.slice, -(-period[1] // self.slice) * self.slice
        return max(self.lo, first - far), min(self.hi, last + far)

    def _tied(self, name: str, unknown_as: str, limits: tuple[int, int] | None) -> Line:
        key = name, unknown_as, limits
        if key not in self._ties:
            self._ties[key] = self._tie_all(*key)
        return self._ties[key]

    def _tie_all(self, name: str, unknown_as: str, limits: tuple[int, int] | None) -> Line:
        row = self.world["components"][name]
        if row["tie"] is None:
            line = self.leaf(name)
            if "down" in (unknown_as, self.rule["gaps"] if unknown_as == "stated" else ""):
                # Of what is taken as bad a cause takes its part.
                line = line | {step: (EXCLUDED, by) for step, by in self._hidden[name].items()}
            line = with_gaps(line, unknown_as, (UNKNOWN, UNATTRIBUTED))
            if limits is None:
                return line
            word = {"down": BAD, "up": GOOD}.get(unknown_as, ALONE)
            return self._settled_part(line, word, limits)
        parts = [self._tied(part, unknown_as, limits) for part in row["parts"]]
        least = {"all": len(parts), "any": 1}.get(row["tie"], row.get("at_least", 0))
        return {step: _tie(tuple(part[step] for part in parts), least) for step in parts[0]}

    def _settled_part(self, line: Line, unknown_word: str, limits: tuple[int, int]) -> Line:
        """With runs within the same part, what is in no run is settled before the parts are tied."""
        line = with_gaps(line, self.rule["gaps"])
        _, lone = self.runs(line, *limits)
        words = {"degraded": DEGRADED, "down": BAD, "unknown": unknown_word}
        return {
            step: (words[self.rule["lone"]], NOBODY) if step in lone else word for step, word in line.items()
        }

    def runs(self, line: Line, low: int, high: int) -> tuple[set[int], set[int]]:
        """The bad steps in runs that are long enough, and those in none."""
        down: set[int] = set()
        lone: set[int] = set()
        chain: list[set[int]] = []

        def close() -> None:
            (down if len(chain) >= self.rule["run"] else lone).update(*chain)
            chain.clear()

        for begin in range(low // self.slice * self.slice, high + self.slice, self.slice):
            steps = [step for step in range(begin, begin + self.slice) if low <= step < high and step in line]
            bad = {step for step in steps if line[step][0] == BAD}
            joins = bool(steps) and all(line[step][0] == EXCLUDED for step in steps)
            if joins and any(self._breaks(n) for step in steps for n in line[step][1]):
                joins = False
            # What joins adds nothing to the length: it only stands between.
            if bad:
                chain.append(bad)
            elif not joins:
                close()
        close()
        return down, lone

    def _breaks(self, n: int) -> bool:
        return "breaks run" in self.exclusions[n]["effects"]

    # -- figures -------------------------------------------------------------------------------------------

    def measure(self, name: str, period: tuple[int, int, str]) -> Row:
        """The partition of one period and its figures, of a component that is one thing."""
        chosen = self._view(self.component(name, period), period)
        worst = self._view(self.component(name, period, "down"), period)
        best = self._view(self.component(name, period, "up"), period)
        start, end, _ = period
        parts: Counter[tuple[str, str]] = Counter()
        for step in range(start, end):
            parts[self._part(step, chosen, name)] += 1
        counted = [step for step in range(start, end) if self._counts(step)]
        row: Row = {"component": name, "parts": dict(parts)}
        over = [s for s in counted if s < self.cut]
        row["to_date"] = self._figures(over, chosen, worst, best, name)
        row["final"] = self._figures(counted, chosen, worst, best, name)
        if self._is_unseen(over, chosen, name):
            row["to_date"]["value"] = row["final"]["value"] = None
        return row

    def _is_unseen(self, steps: list[int], chosen: Any, name: str) -> bool:
        """Whether there are steps in the total, and all of them lack data that nothing stands for."""
        line = chosen[0]
        out = self._outside(line, name)
        words = {line[step][0] for step in steps if step not in out}
        return words == {UNKNOWN}

    def _view(self, line: Line, period: tuple[int, int, str]) -> tuple[Line, set[int], set[int], set[int]]:
        """A line with its steps that are down, degraded because alone, or unknown because alone."""
        low, high = self._limits(period)
        if self.rule["same_part"] or not self.is_sliced:
            return line, {step for step, (word, _) in line.items() if word == BAD}, set(), set()
        down, lone = self.runs(line, low, high)
        if self.rule["lone"] == "down":
            return line, down | lone, set(), set()
        return (line, down, lone, set()) if self.rule["lone"] == "degraded" else (line, down, set(), lone)

    def _counts(self, step: int) -> bool:
        """Whether a step is part of what is measured."""
        return self._begun(step) and not self._closed(step)

    def _begun(self, step: int) -> bool:
        return bool(self.rule["whole"] or step >= self.world["term"][0])

    def _closed(self, step: int) -> bool:
        until = self.world["term"][1]
        ended = until is not None and step >= until and not self.rule["whole"]
        return ended or not is_open(self.world, self.rule["on"], step)

    def _part(self, step: int, view: Any, name: str) -> tuple[str, str]:
        line, down, degraded, unknown = view
        if not self._begun(step):
            return "before start", ""
        until = self.world["term"][1]
        is_after = until is not None and step >= until and not self.rule["whole"]
        if is_after and self.cut >= until:  # a contract that is over waits for nothing
            return "outside hours", "after the end"
        if step >= self.cut:
            return "not yet", ""
        if self._closed(step):
            return "outside hours", ""
        word, by = line[step]
        by = by | {
            n
            for n in self._out_only()
            if step in self._only_out(n, name) and (self.exclusions[n]["takes"] == "all" or word == BAD)
        }
        if by:
            return "excluded", self.exclusions[min(by)]["name"]
        if word in (UNKNOWN, UNATTRIBUTED, ALONE) or step in unknown:
            return "unknown", ""
        if step in down:
            return "down", ""
        return ("degraded" if word == DEGRADED or step in degraded else "up"), ""

    def _out_only(self) -> list[int]:
        """Exclusions that leave the total and give nothing back."""
        return [
            n
            for n, rule in enumerate(self.exclusions)
            if "out of total" in rule["effects"] and "not bad" not in rule["effects"]
        ]

    def _outside(self, line: Line, name: str) -> set[int]:
        """The steps that leave the total: those that an exclusion took, of causes only the bad ones."""
        out: set[int] = set()
        for n, rule in enumerate(self.exclusions):
            if "out of total" not in rule["effects"]:
                continue
            if "not bad" in rule["effects"]:
                out |= {step for step, (_, by) in line.items() if n in by}
            else:
                taken = self._only_out(n, name)
                bad = {step for step, (word, _) in line.items() if word == BAD}
                out |= taken if rule["takes"] == "all" else taken & bad
        return out

    def _only_out(self, n: int, name: str) -> set[int]:
        """What an exclusion that gives nothing back takes of a component: where too few parts are left."""
        row = self.world["components"][name]
        if row["tie"] is None:
            return self.takes[n, name]
        parts = [self._only_out(n, part) for part in row["parts"]]
        left = len(parts) - {"all": len(parts), "any": 1}.get(row["tie"], row.get("at_least", 0))
        return {step for step in set().union(*parts) if sum(step in part for part in parts) > left}

    def _figures(self, steps: list[int], chosen: Any, worst: Any, best: Any, name: str) -> Row:
        total, bad = self._sums(steps, chosen, name)
        value = share(total, bad)
        row: Row = {"total": total, "bad": bad, "value": value, "value_of": (total, bad)}
        for which, view in (("low", worst), ("high", best)):
            line, down, degraded, unknown = view
            down = down | unknown if which == "low" else down
            row[f"{which}_of"] = self._sums(steps, (line, down, degraded, set()), name, gaps=False)
            row[which] = share(*row[f"{which}_of"])
        if not row["low_of"][0] and not row["high_of"][0]:
            # Nothing to count, whatever the truth is, is met.
            row["low"] = row["high"] = Fraction(1)
        for which, extreme in (("low", min), ("high", max)):
            # Where that truth leaves nothing to count, it says nothing of the bound.
            says_nothing = row[which] is None or (which == "high" and not row["low_of"][0])
            bound = Fraction(which == "high") if says_nothing else row[which]
            row[which] = bound if value is None else extreme(bound, value)
        return row

    def _sums(self, steps: list[int], view: Any, name: str, gaps: bool = True) -> tuple[int, int]:
        """The total and what was down of it."""
        line, down, _, _ = view
        out = self._outside(line, name)
        if gaps and self.rule["gaps"] == "out of total":
            # Missing data alone: what is unknown because it is alone was seen.
            out |= {step for step, (word, _) in line.items() if word == UNKNOWN}
        return sum(step not in out for step in steps), sum(step in down for step in steps)


def share(total: int, bad: int) -> Fraction | None:
    """The share of the total that was not bad; None of nothing, never less than none."""
    return Fraction(max(0, total - bad), total) if total else None


def with_gaps(line: Line, gaps: str, words: tuple[str, ...] = (UNKNOWN,)) -> Line:
    """The line with what is unknown taken as up or as down, if it is."""
    word = {"up": GOOD, "down": BAD}.get(gaps)
    if word is None:
        return line
    return {step: (word, NOBODY) if one[0] in words else one for step, one in line.items()}


@lru_cache(maxsize=10_000)
def _tie(words: tuple[Word, ...], least: int) -> Word:
    """What at least so many of the parts being good come to in one step."""
    count = Counter(word for word, _ in words)
    good = count[GOOD] + count[DEGRADED]
    if good >= least:
        return (GOOD if count[GOOD] >= least else DEGRADED), NOBODY
    if good + count[EXCLUDED] >= least:
        return EXCLUDED, frozenset(n for word, by in words if word == EXCLUDED for n in by)
    if good + count[EXCLUDED] + count[UNKNOWN] + count[UNATTRIBUTED] + count[ALONE] < least:
        return BAD, NOBODY
    # Missing data is what nobody saw of any part: a part that was seen, and is unknown all the same, decides.
    return next((word for word in (UNATTRIBUTED, ALONE) if count[word]), UNKNOWN), NOBODY


def leaves_of(world: World, name: str) -> list[str]:
    """The leaves under a component."""
    row = world["components"][name]
    return (
        [name] if row["tie"] is None else [leaf for part in row["parts"] for leaf in leaves_of(world, part)]
    )


def incidents(world: World) -> list[tuple[int, int, str, list[str]]]:
    """From when to when each incident lasted, its severity, and the components it named."""
    found = []
    for fact in world["facts"]:
        if fact["type"] == "incident.declared":
            own = [one for one in world["facts"] if one["subject"] == fact["subject"]]
            ends = [one["step"] for one in own if one["type"] == "incident.resolved"]
            data = fact["data"]
            end = min(ends, default=world["at"])
            found.append((fact["step"], end, data["severity"], data.get("components", [])))
    return found


# -- what exclusions take ----------------------------------------------------------------------------------


def first_step(world: World, rule: Row) -> int:
    """From where on an indicator is looked at: a run may reach back over all that is excluded on end."""
    low, high = world["axis"]
    joining = [
        one
        for one in world["exclusions"]
        if one["of"] in LASTING and "not bad" in one["effects"] and "breaks run" not in one["effects"]
    ]
    if rule["run"] == 1 or not joining:
        return int(low)
    wide = world | {"axis": (low - LONGEST_S // world["step_s"], high)}
    taken = {step for one in joining for leaf in world["leaves"] for step in taken_steps(wide, one, leaf)}
    first = low
    while first - 1 in taken:
        first -= 1
    return int(first if first == low else first - rule["run"] * world["slice"])


def taken_steps(world: World, rule: Row, leaf: str) -> set[int]:
    """The steps that an exclusion takes of a leaf, bad or not."""
    low, high = world["axis"]
    steps: set[int] = set()
    if rule["of"] == "hours":
        steps = set(range(low, high))
    elif rule["of"] == "suspension":
        steps = _suspended(world)
    elif rule["of"] == "stage":
        steps = _staged(world, rule, leaf)
    elif rule["of"] == "credential":
        steps = _locked_out(world, rule)
    elif rule["of"] == "incident":
        for start, end, severity, named in incidents(world):
            if rule["where"] is None or severity == rule["where"][1]:
                steps |= set(range(start, end)) if not named or leaf in named else set()
    elif rule["of"] == "attribution":
        for told in attributions(world):
            steps |= _caused(world, told, rule, leaf)
    else:
        for told in _told(world, "maintenance"):
            steps |= _worked(told, rule, leaf)
    if rule["inside"]:
        steps = {step for step in steps if is_open(world, rule["inside"], step)}
    return {step for step in steps if low <= step < high}


def _told(world: World, family: str) -> list[list[Row]]:
    """The facts of each subject of a family."""
    subjects: dict[str, list[Row]] = {}
    for fact in world["facts"]:
        if fact["type"].partition(".")[0] == family:
            subjects.setdefault(fact["subject"], []).append(fact)
    return list(subjects.values())


def attributions(world: World) -> list[list[Row]]:
    """What was told of each attribution."""
    return _told(world, "attribution")


def _staged(world: World, rule: Row, leaf: str) -> set[int]:
    steps: set[int] = set()
    for stage in world["stages"]:
        fits = rule["where"] is None or stage["stage"] == rule["where"][1]
        if fits and leaf in leaves_of(world, stage["product"]):
            start, end = stage["steps"]
            last = world["axis"][1] if end is None else end
            steps |= set(range(start, max(start, last)))
    return steps


def _locked_out(world: World, rule: Row) -> set[int]:
    """The steps in which a login did not work, in the state that it had then."""
    steps: set[int] = set()
    for told in _told(world, "credential"):
        for n, fact in enumerate(told):
            state = fact["type"].partition(".")[2]
            if state == "valid" or (rule["where"] is not None and state != rule["where"][1]):
                continue
            # It lasts until the login works again, whatever else is told of it meanwhile.
            ends = [later["step"] for later in told[n + 1 :] if later["type"] == "credential.valid"]
            steps |= set(range(fact["step"], min(ends, default=world["at"])))
    return steps


def _suspended(world: World) -> set[int]:
    steps: set[int] = set()
    since = None
    for fact in world["facts"]:
        if fact["type"] == "contract.suspended" and since is None:
            since = fact["step"]
        elif fact["type"] == "contract.resumed" and since is not None:
            steps |= set(range(since, fact["step"]))
            since = None
    if since is not None:
        # How long it will still last is not known.
        steps |= set(range(since, world["at"]))
    return steps


def _worked(told: list[Row], rule: Row, leaf: str) -> set[int]:
    """The steps of one maintenance: the last window, as far as it was told in time and worked on."""
    known: Row = {}
    versions = []
    begun = ended = None
    for fact in told:
        verb = fact["type"].partition(".")[2]
        if verb in ("announced", "changed"):
            known = {**known, **fact["data"]}
            in_time = rule["notice"] is None or fact["step"] <= known["starts_at"] - rule["notice"]
            versions.append((in_time, known["starts_at"], known["ends_at"]))
        elif verb == "cancelled":
            return set()
        elif verb == "started":
            begun = fact["step"]
        elif verb == "ended":
            ended = fact["step"]
    if leaf not in known["components"]:
        return set()
    if rule["where"] is not None and known[rule["where"][0]] != rule["where"][1]:
        return set()
    if rule["lasts"] == "actual":
        return set(
            range(
                known["starts_at"] if begun is None else begun, known["ends_at"] if ended is None else ended
            )
        )
    steps: set[int] = set()
    for in_time, start, end in versions:
        if in_time:
            steps |= set(range(start, end))
    steps &= set(range(known["starts_at"], known["ends_at"]))
    if rule["lasts"] == "both":
        steps = {s for s in steps if (begun is None or s >= begun) and (ended is None or s < ended)}
    return steps


def _caused(world: World, told: list[Row], rule: Row, leaf: str) -> set[int]:
    """The steps of the last attribution of one subject."""
    last = told[-1]
    data = last["data"]
    if rule["where"] is not None and data[rule["where"][0]] != rule["where"][1]:
        return set()
    if "starts_at" not in data:
        # It is about an incident: from its declaration to its end, and about its components.
        return {
            step
            for fact, (start, end, _, named) in zip(_declared(world), incidents(world), strict=True)
            if fact["subject"] == data["target"] and (not named or leaf in named)
            for step in range(start, end)
        }
    if data.get("components") and leaf not in data["components"]:
        return set()
    return set(range(data["starts_at"], data.get("ends_at", last["step"])))


def _declared(world: World) -> list[Row]:
    return [fact for fact in world["facts"] if fact["type"] == "incident.declared"]
