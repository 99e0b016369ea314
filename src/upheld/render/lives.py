"""What became of a contract, as facts tell it: under which plan it was when, when it rested and ended."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.key import FactRef
from upheld.render import words
from upheld.render.record_values import Record, instant


def life_lines(life: Life, zone: Zone, at: Instant) -> Iterator[str]:
    """One line for each thing that a fact changed, with the fact; none if the contract file says it all."""
    if len(life.plans) > 1 or life.plans[0].told_by is not None:
        yield f"plan: {'; '.join(_plans(life, zone))}"
    for rest in life.rests:
        why = f" ({rest.reason})" if rest.reason else ""
        until = "on" if rest.end_at is None else f"until {words.until(rest.end_at, zone)}"
        yield f"suspended from {words.local(rest.start_at, zone)} {until}{why}{_told(rest.told_by)}"
    for renewal in life.renewals:
        yield f"renewed from {words.local(renewal.from_at, zone)} on{_told((renewal.told_by,))}"
    for one in life.fees:
        if one.told_by is not None and all(plan.told_by != one.told_by for plan in life.plans):
            yield f"fees changed from {words.local(one.from_at, zone)} on{_told((one.told_by,))}"
    if life.ended_by is not None and life.end_at is not None:
        verb = "ended" if life.end_at <= at else "ends"
        yield f"{verb} {words.until(life.end_at, zone)}, as was told{_told((life.ended_by,))}"


def _plans(life: Life, zone: Zone) -> Iterator[str]:
    for number, one in enumerate(life.plans):
        after = life.plans[number + 1 : number + 2]
        since = "" if number == 0 else f" from {words.local(one.from_at, zone)}"
        until = f" until {words.until(after[0].from_at, zone)}" if after else (" on" if since else "")
        yield f"{one.plan}{since}{until}{_told((one.told_by,) if one.told_by else ())}"


def _told(refs: tuple[FactRef, ...]) -> str:
    return "".join(f" [{ref.source} {ref.id}]" for ref in refs)


def life_record(life: Life) -> Record:
    """The same as data: what the contract file says and what facts change."""
    return {
        "from": instant(life.start_at),
        "until": instant(life.end_at),
        "ended_by": _ref(life.ended_by),
        "plans": [
            {"plan": one.plan or None, "from": instant(one.from_at), "told_by": _ref(one.told_by)}
            for one in life.plans
        ],
        "fees": [
            {
                "from": instant(one.from_at),
                "fees": {
                    name: {"amount": str(fee.amount), "currency": fee.currency} for name, fee in one.fees
                },
                "told_by": _ref(one.told_by),
            }
            for one in life.fees
        ],
        "suspended": [
            {"from": instant(one.start_at), "until": instant(one.end_at), "reason": one.reason}
            for one in life.rests
        ],
        "renewed": [instant(one.from_at) for one in life.renewals],
        "signed_at": instant(life.signed_at),
    }


def _ref(ref: FactRef | None) -> Record | None:
    return None if ref is None else {"source": ref.source, "id": ref.id}
