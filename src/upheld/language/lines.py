"""Lines of a text that somebody else wrote: each short enough, in UTF-8, with its place; or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from upheld.core.values.finding import Finding, Place

LINE_BYTES: Final = 64 * 1024


def lines_of(
    file: IO[bytes], name: str, way_out: str, what: str = "file"
) -> Iterator[tuple[Place, str] | Finding]:
    """Every line without its end, or a finding in its place; a broken one never stops the others.

    Of a line that is too long no more is kept than shows that. `way_out` says what to do about one, `what`
    what is to be saved as UTF-8.
    """
    number = 0
    while raw := file.readline(LINE_BYTES + 2):
        number += 1
        place = Place(name, number)
        ended = raw.endswith(b"\n")
        raw = raw.rstrip(b"\r\n")
        if len(raw) > LINE_BYTES:
            while not ended and (more := file.readline(LINE_BYTES)):
                ended = more.endswith(b"\n")
            message = f"the line is longer than {LINE_BYTES // 1024} KiB"
            yield Finding("line-too-long", message, (place,), way_out)
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as fault:
            column = len(raw[: fault.start].decode("utf-8"))
            message = f"byte {raw[fault.start]:#04x} is not UTF-8"
            yield Finding("not-utf-8", message, (place.moved(column),), f"save the {what} as UTF-8")
            continue
        yield place, text.removeprefix("\ufeff") if number == 1 else text
