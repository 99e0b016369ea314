"""What a probe is told: plain values by name, all faults of which are said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from upheld.core.facts.fact_check import suggestion
from upheld.core.timeline.instant import DAY, SECOND, Duration, format_duration, parse_duration

LONGEST_US: Duration = 60 * SECOND
SELDOM_US: Duration = 400 * DAY
"""More seldom nothing is looked at, and no beat expected: what comes next is an instant that can be told."""
_Value = TypeVar("_Value")


class SettingFault(NamedTuple):
    """The name of a setting that cannot be so, and a sentence that says why."""

    name: str
    said: str


class SettingsError(ValueError):
    """Settings that cannot be used, with each fault."""

    def __init__(self, *faults: SettingFault) -> None:
        super().__init__("; ".join(one.said for one in faults))
        self.faults = faults


STRANGERS = 20
"""So many names that nobody asked for are told: the way out of each has its price."""


class Settings:
    """Reads settings by name and keeps what is wrong with them until `done`."""

    def __init__(self, said: Mapping[str, object]) -> None:
        self._said = said
        self._known: list[str] = []
        self._faults: list[SettingFault] = []

    def text(self, name: str, otherwise: str | None = None) -> str:
        """A text; one that has no `otherwise` has to be there."""
        return self._read(name, otherwise, str, "a text") or ""

    def whole(self, name: str, otherwise: int | None = None) -> int:
        """A whole number."""
        return self._read(name, otherwise, int, "a whole number") or 0

    def truth(self, name: str, otherwise: bool) -> bool:
        """True or false."""
        return bool(self._read(name, otherwise, bool, "true or false"))

    def duration(self, name: str, otherwise: Duration, longest_us: Duration = LONGEST_US) -> Duration:
        """A duration as `10s`, up to a minute unless said."""
        text = self._read(name, "", str, "a duration, as 10s")
        if not text:
            return otherwise
        found = self.parsed(name, text, parse_duration)
        if found is not None and not 0 < found <= longest_us:
            self.fault(name, f"`{name}` is more than nothing, and at most {format_duration(longest_us)}")
        return found or otherwise

    def texts(self, name: str) -> Mapping[str, str]:
        """Texts by name."""
        found = self._read(name, {}, dict, "a map of texts") or {}
        if not all(isinstance(one, str) for pair in found.items() for one in pair):
            self.fault(name, f"`{name}` is a map of texts")
            return {}
        return found

    def parsed(self, name: str, text: str, parse: Callable[[str], _Value]) -> _Value | None:
        """What `parse` makes of a text; its ValueError is a fault."""
        try:
            return parse(text)
        except ValueError as fault:
            self.fault(name, f"`{name}`: {fault}")
            return None

    def fault(self, name: str, said: str) -> None:
        """Something more is wrong."""
        self._faults.append(SettingFault(name, said))

    def done(self) -> None:
        """SettingsError if anything was wrong, or nobody asked for something that was said."""
        strangers = [name for name in self._said if name not in self._known]
        for name in strangers[:STRANGERS]:
            way_out = suggestion(str(name), self._known) or f"the names are {', '.join(self._known)}"
            self.fault(str(name), f"there is no `{str(name)[:80]}`: {way_out}")
        if self._faults:
            raise SettingsError(*self._faults)

    def _read(self, name: str, otherwise: _Value | None, kind: type[_Value], what: str) -> _Value | None:
        self._known.append(name)
        found = self._said.get(name, otherwise)
        if found is None:
            self.fault(name, f"`{name}` is missing: it is {what}")
            return None
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.fault(name, f"`{name}` is {what}")
            return otherwise
        return found
