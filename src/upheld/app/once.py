"""A request that is told twice is done once: its answer is kept with what it did, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from upheld.app.inside import for_who
from upheld.app.policies import Who
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.store.locking import locked, writing
from upheld.store.models import KeptAnswer

KEPT: Final[Duration] = 7 * DAY
LONGEST_KEY: Final = 200


class Answered(NamedTuple):
    """What a request was answered, and whether it was before."""

    status: int
    body: bytes
    before: bool = False


class KeyReusedError(Exception):
    """The key stands for another request."""


@for_who
def once(who: Who, key: str, digest: str, at: Instant, act: Callable[[], Answered]) -> Answered:
    """Does what a request asks unless it was done; `digest` is that of the whole request.

    KeyReusedError. What `act` refuses by an error is not kept: nothing was done, so it may be tried again.
    """
    of = {"member_id": who.member_id} if who.member_id else {"token_id": who.token_id}
    with writing():
        locked(who.provider_id)
        KeptAnswer.objects.filter(until_at__lte=at).delete()
        kept = KeptAnswer.objects.filter(**of, key=key).first()
        if kept is not None:
            if kept.digest != digest:
                raise KeyReusedError
            return Answered(kept.status, bytes(kept.body), before=True)
        done = act()
        KeptAnswer.objects.create(
            **of,
            key=key,
            digest=digest,
            status=done.status,
            body=done.body,
            until_at=at + KEPT,
        )
        return done
