"""Changes of verdicts: a page at a time, or as server-sent events, which go on where one left off.

A stream ends by itself after a while and whoever follows comes again, with the number of the last event: so
a server that stops is not held up, and nobody listens on by a token that was revoked or a session that ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse

from upheld.api import schemas
from upheld.api.guard import Caller
from upheld.api.listening import Seat, Seats
from upheld.api.operations import Operation, Request, sent_page
from upheld.api.parameters import LARGEST, After, Limit
from upheld.api.problems import invalid, wrong_parameter
from upheld.app.changes import changed_record, changes_of
from upheld.app.inside import inside
from upheld.app.policies import policy

EVENTS: Final = "text/event-stream"
LAST: Final = "Last-Event-ID"
_LAST_EVENT: Final = {
    "in": "header",
    "name": LAST,
    "required": False,
    # As text: who checks this document would think that other headers are refused beside a number.
    "schema": {"type": "string"},
    "description": "The number of the last event that came: it goes on behind that, whatever `after` says.",
}
AT_ONCE: Final = 100
POLL_S: Final = 1.0
LOOKS: Final = 20
"""So often a stream looks when nothing comes, before it ends; half way it says that it is still there."""
_SEATS: Final = Seats()


def read_changes(request: Request, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """Verdicts that came into another state, those behind `after`; `next` is the `after` of the next page.

    With `Accept: text/event-stream` they come as server-sent events as they happen, each with its number as
    its id; `Last-Event-ID` goes on behind it. The stream ends after a while: come again.
    """
    after = _last(request, after)
    if EVENTS in request.headers.get("Accept", ""):
        return _stream(request, after)
    seen = changes_of(request.auth.who, after, limit + 1)
    return sent_page("changes", seen, limit, changed_record, lambda one: one.number)


def _last(request: Request, after: int) -> int:
    told = request.headers.get(LAST, "")
    if not told:
        return after
    if not (told.isascii() and told.isdigit() and len(told) <= 16 and int(told) <= LARGEST):
        message = f"`{LAST}` is the number of an event"
        raise invalid([wrong_parameter("wrong-type", LAST, message, "leave it out to get all of them")])
    return int(told)


def _stream(request: Request, after: int) -> HttpResponse:
    caller = request.auth
    # Who asks for the headers alone does not listen, and takes nobody's place.
    events = () if request.method == "HEAD" else Stream(caller, after, _SEATS.take(caller.who))
    response = StreamingHttpResponse(events, content_type=EVENTS)
    response["X-Accel-Buffering"] = "no"
    return response  # type: ignore[return-value]  # it is sent as any other


class Stream:
    """The events of one listener. Whoever ends it, it is over once."""

    def __init__(self, caller: Caller, after: int, seat: Seat) -> None:
        self._seat = seat
        self._events = _events(caller, after, seat)
        self._is_open = True

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        """The next part of the stream."""
        try:
            return next(self._events)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Nobody listens any more."""
        if self._is_open:
            self._is_open = False
            _SEATS.leave(self._seat)


def _events(caller: Caller, after: int, seat: Seat) -> Iterator[bytes]:
    yield b"retry: 2000\n\n"
    looks = 0
    while looks < LOOKS:
        if seat.is_given_up or not caller.is_still_in:
            return
        with inside(caller.who):
            found = changes_of(caller.who, after, AT_ONCE)
        for one in found:
            after = one.number
            data = json.dumps(changed_record(one), ensure_ascii=False)
            yield f"id: {after}\nevent: change\ndata: {data}\n\n".encode()
        if found:
            looks = 0
            continue
        looks += 1
        if looks == LOOKS // 2:
            yield b": still here\n\n"
        if caller.ports.wait(POLL_S):
            return


OPERATIONS: Final = (
    Operation(
        "GET", "/changes", policy("read changes"), "readChanges", "Read changes",
        {200: schemas.CHANGES, 503: schemas.PROBLEM}, read_changes,
        kinds={EVENTS: schemas.EVENTS}, parameters=(_LAST_EVENT,),
    ),
)  # fmt: skip
