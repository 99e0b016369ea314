"""Old versions of fact types, brought up to the newest when they are read; the bytes are never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from upheld.core.facts.fact import Value
from upheld.core.facts.fact_types import FACT_TYPES, FactType

Upcast: TypeAlias = Callable[[Mapping[str, Value]], Mapping[str, Value]]
"""From the data of one version to that of the next; pure."""

UPCASTS: Final[Mapping[tuple[str, int], Upcast]] = MappingProxyType({})
"""By type and the version that it reads. Every type is at version 1, so there is none yet."""


class VersionError(ValueError):
    """A type names a version that there is not; the message says which there are."""


def newest(
    type_text: str,
    data: Mapping[str, Value],
    types: Mapping[str, FactType] = FACT_TYPES,
    upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS,
) -> tuple[str, Mapping[str, Value]]:
    """The name without version and the data as the newest version has it; no version means 1.

    A type that is not in `types` keeps its data. VersionError for a version that is unknown or not a number.
    """
    name, slash, version_text = type_text.partition("/")
    version = 1
    if slash:
        if not (version_text.isascii() and version_text.isdecimal()) or version_text[0] == "0":
            raise VersionError(f"`{version_text}` is not a version; write `{name}` or `{name}/1`")
        version = int(version_text[:6])
    fact_type = types.get(name)
    last = fact_type.version if fact_type else version
    if version > last:
        raise VersionError(f"`{name}` is known up to version {last}, not {version}")
    for known in range(version, last):
        data = upcasts[name, known](data)
    return name, data
