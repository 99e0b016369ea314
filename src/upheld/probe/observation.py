"""One check, in the form in which the lake reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from upheld.core.measuring.good import good_of, truth_of
from upheld.core.measuring.observation import Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant, format_instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.value import Value
from upheld.net.outcome import Phases

NO_STATUS = 0
"""The status of a check that asks for one and got none: a condition on it finds it not good, instead of not
being able to tell, which would leave the check out."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A check made at an instant. `latency_us` None: there was no answer whose latency could be told."""

    stream: Stream
    at: Instant
    ok: bool
    status: int | None = None
    latency_us: Duration | None = None
    code: str = ""

    def line(self) -> str:
        """A line of a file `*.observations.jsonl`, without its end."""
        said = {
            "at": format_instant(self.at),
            "component": self.stream.component,
            "signal": self.stream.signal or None,
            "provider": self.stream.provider or None,
            "ok": self.ok,
            "status": self.status,
            "latency_us": self.latency_us,
            "code": self.code or None,
        }
        present = {name: value for name, value in said.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, separators=(",", ":"))

    def fields(self) -> Mapping[str, Value]:
        """What a condition may name, as `upheld.core.measuring.good` knows it."""
        return {"ok": self.ok, "status": self.status, "latency": self.latency_us, "code": self.code or None}

    def is_good(self, signal: Signal) -> bool | None:
        """Whether it is good by the condition of its signal; None: that cannot be told."""
        return truth_of(good_of(signal), self.fields())


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look: an observation, and how long its parts took.

    `observation` None: the look was refused by ourselves, which says nothing of the component; its time is
    unknown. `detail` is a sentence about what went wrong, if anything.
    """

    observation: Observation | None
    detail: str = ""
    phases: Phases = Phases()
