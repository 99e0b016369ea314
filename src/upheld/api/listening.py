"""How many follow events at the same time: each takes a thread, and nobody takes those of everybody."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final, TypeAlias

from upheld.api.ports import STREAMS
from upheld.api.problems import refuse
from upheld.app.policies import Who

OF_PROVIDER: Final = STREAMS // 4
"""So many of them has a provider, with its customers."""
OF_PARTY: Final = OF_PROVIDER // 2
"""So many of these has a customer, and so many has whoever shows one token, or is one member."""
AGAIN_S: Final = 20
"""After so long somebody's stream may have ended."""
_Key: TypeAlias = tuple[str, int]
_ALL: Final[_Key] = ("all", 0)


class Seat:
    """The place of one listener. `is_given_up`: somebody newer has it, and what this one follows ends."""

    def __init__(self, who: Who) -> None:
        self.who = who
        self.is_given_up = False


class Seats:
    """Who listens to this process."""

    def __init__(self) -> None:
        self._taken: Counter[_Key] = Counter()
        self._sitting: dict[_Key, list[Seat]] = {}
        self._lock = threading.Lock()

    def take(self, who: Who) -> Seat:
        """One more listens. Ends the request if as many listen as can, or as may of whom it is of.

        Whoever listens as often as they may gives up their oldest place: of a connection that they left
        nobody knows here until something is sent, and a browser that is refused does not come again.
        """
        with self._lock:
            caller = _caller(who)
            if self._taken[_ALL] < STREAMS and self._taken[caller] >= OF_PARTY:
                self._give_up_oldest(caller)
            shares = _shares(who)
            for key, most in shares.items():
                if self._taken[key] < most:
                    continue
                if key == _ALL:
                    raise refuse("busy", "as many listen as can", headers={"Retry-After": str(AGAIN_S)})
                detail = f"{most} listen for this {key[0]} already: end one of them, or read by pages"
                raise refuse("too-many-requests", detail, headers={"Retry-After": str(AGAIN_S)})
            self._taken.update(shares.keys())
            seat = Seat(who)
            self._sitting.setdefault(caller, []).append(seat)
            return seat

    def _give_up_oldest(self, caller: _Key) -> None:
        # It has its thread until it looks again; by coming ever again nobody gets those of others.
        sitting = self._sitting[caller]
        if sum(seat.is_given_up for seat in sitting) < OF_PARTY:
            seat = next(seat for seat in sitting if not seat.is_given_up)
            seat.is_given_up = True
            self._taken.subtract(_shares(seat.who).keys() - {_ALL})

    def leave(self, seat: Seat) -> None:
        """Somebody who listened does no more."""
        with self._lock:
            sitting = self._sitting[_caller(seat.who)]
            sitting.remove(seat)
            if not sitting:
                del self._sitting[_caller(seat.who)]
            self._taken.subtract({_ALL} if seat.is_given_up else _shares(seat.who).keys())
            self._taken += Counter()  # only those that somebody has

    @property
    def taken(self) -> int:
        """How many listen."""
        return self._taken[_ALL]


def _caller(who: Who) -> _Key:
    return ("person", who.member_id) if who.member_id else ("token", who.token_id)


def _shares(who: Who) -> dict[_Key, int]:
    """Of what a listener is one, and how many of each there may be."""
    shares = {_caller(who): OF_PARTY, ("provider", who.provider_id): OF_PROVIDER, _ALL: STREAMS}
    return shares if who.customer_id is None else {("customer", who.customer_id): OF_PARTY, **shares}
