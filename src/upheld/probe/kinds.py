"""What every kind of probe is, and how those that are installed are found.

One module each: a new one names itself under the entry point `upheld.probes` and nothing here changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import Instant
from upheld.net.guard import Guard
from upheld.net.policy import Policy
from upheld.probe.observation import Looked

GROUP: Final = "upheld.probes"


class Look(Protocol):
    """One look, ready to be made as often as wanted."""

    def __call__(self, guard: Guard, stream: Stream, at: Instant, policy: Policy | None = None) -> Looked:
        """Looks now, which is `at`. `policy` None: the one of its kind. Never raises for what is seen."""
        ...


class Probe(NamedTuple):
    """A kind of probe: what it does, and what makes a look of its settings. SettingsError for wrong ones."""

    what: str
    look: Callable[[Mapping[str, object]], Look]


def probes() -> dict[str, Callable[[], Probe]]:
    """The installed kinds by name; each is loaded when it is asked for."""
    from importlib.metadata import entry_points

    return {entry.name: entry.load for entry in sorted(entry_points(group=GROUP))}
