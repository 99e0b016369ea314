"""Each promise that was not kept: drawn, and explained step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from upheld.core.terms.agreement import ALWAYS
from upheld.render.statement.document import Block, Facts, Paragraph, Picture, Section, Table
from upheld.render.statement.first import conditions_of, in_short, not_kept
from upheld.render.statement.pictures import allowed_of, clock_picture, ends_of, strip_picture
from upheld.render.statement.said import said
from upheld.render.statement.telling import Telling, is_of_items

STRETCHES: Final = 40
"""So many stretches of a period are listed; the record has all of them."""


def breaches(told: Telling) -> Iterator[Section]:
    """A section for all promises that were not kept, the gravest first, each with its picture."""
    conditions = conditions_of(told)
    found = [one for one in not_kept(told) if one["commitment"] not in conditions]
    if found:
        each = tuple(_breach(told, one, n) for n, one in enumerate(found, 1))
        yield Section("not-kept", told.say("What was not kept, and why"), sections=each, on_new_page=True)


def _breach(told: Telling, verdict: Mapping[str, Any], number: int) -> Section:
    title = told.say(
        "{number}. {commitment} of {subject}: {state}",
        number=str(number),
        commitment=verdict["commitment"],
        subject=told.subject(verdict),
        state=told.state(verdict["state"]),
    )
    return Section(f"not-kept-{number}", title, tuple(_explained(told, verdict)))


def condition(told: Telling, credit: Mapping[str, Any], name: str) -> Iterator[Section]:
    """The condition of a remedy that was not kept, drawn and explained like a promise."""
    for one in not_kept(told):
        key = one["commitment"], one["subject"]
        if key == (credit["commitment"], credit["subject"]) and one["commitment"] in conditions_of(told):
            title = told.say(
                "The condition, {commitment} of {subject}: {state}",
                commitment=one["commitment"],
                subject=told.subject(one),
                state=told.state(one["state"]),
            )
            yield Section(name, title, tuple(_explained(told, one)))


def _explained(told: Telling, verdict: Mapping[str, Any]) -> list[Block]:
    """A verdict with its figures, its picture, and the readings that it hangs on."""
    blocks = [_facts(told, verdict)]
    if verdict["drawn"] is not None:
        blocks += _clock(told, verdict)
    elif verdict["measurement"] is not None:
        blocks += _measured(told, verdict)
    elif rows := tuple(_cited(told, verdict)):
        blocks += [Table(told.say("What happened"), _headers(told), rows)]
    blocks += _readings(told, verdict)
    return blocks


def _facts(told: Telling, verdict: Mapping[str, Any]) -> Block:
    say, promise = told.say, told.promise(verdict)
    level = told.level(verdict["level"]) if verdict["level"] is not None else told.target(verdict["target"])
    if verdict["allowed"] is not None and not level:
        level = str(verdict["allowed"])
    clauses = told.clauses(promise)
    strength = told.modality(verdict["modality"])
    promised = "; ".join(part for part in (level, strength, clauses) if part)
    is_condition = verdict["commitment"] in conditions_of(told)
    rows = [
        (say("Condition") if is_condition else say("Promised"), promised),
        (say("Outcome"), in_short(told, verdict)),
        (say("Due"), told.until(verdict["due_at"]) if verdict["kind"] in ("deadline", "cadence") else ""),
        (say("Done"), told.at(verdict["stopped_at"]) if verdict["kind"] in ("deadline", "cadence") else ""),
        (say("Counted"), _counted(told, verdict)),
        (say("Why"), "; ".join(map(told.reason, verdict["reasons"]))),
    ]
    return Facts(tuple(row for row in rows if row[1]))


def _counted(told: Telling, verdict: Mapping[str, Any]) -> str:
    """How much was counted, of how much, and on which calendar."""
    if verdict["counted_us"] is None or verdict["budget_us"] is None:
        return ""
    counted, budget = told.length(verdict["counted_us"]), told.length(verdict["budget_us"])
    if verdict["calendar"] == ALWAYS:
        return told.say("{counted} of {budget}, around the clock", counted=counted, budget=budget)
    return told.say(
        "{counted} of {budget}, in the hours of {calendar}",
        counted=counted,
        budget=budget,
        calendar=verdict["calendar"],
    )


# -- clocks ------------------------------------------------------------------------------------------------


def events_of(told: Telling, verdict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What happened to the subject of a verdict, in order."""
    kind = told.promise(verdict)["of"]
    for one in told.record["subjects"]:
        if (one["kind"], one["subject"]) == (kind, verdict["subject"]):
            return list(one["events"])
    return []


def _clock(told: Telling, verdict: Mapping[str, Any]) -> Iterator[Block]:
    events = events_of(told, verdict)
    yield Picture(clock_picture(told, verdict, events))
    rows = [(told.at(one["at"]), _event(told, one), f"{one['source']} {one['id']}") for one in events]
    yield Table(told.say("What happened"), _headers(told), tuple(rows))
    for pause in verdict["pauses"]:
        end = told.at(pause["end_at"]) if pause["end_at"] is not None else told.say("now")
        start = told.at(pause["start_at"])
        why = ", ".join(map(told.reason, pause["why"].split(", ")))
        text = told.say(
            "The clock stood still from {start} to {end}: {why}.",
            start=start,
            end=end,
            why=why,
        )
        yield Paragraph(text)


def _headers(told: Telling) -> tuple[str, ...]:
    return told.say("When"), told.say("What"), told.say("Fact")


def _event(told: Telling, event: Mapping[str, Any]) -> str:
    """What happened with what was said of it."""
    more = [
        said(told, one["name"], one["value"])
        for one in sorted(event["data"], key=lambda one: one["name"] != "starts_at")  # from, then until
        if one["name"] not in ("contract", "provider")
    ]
    return f"{told.event(event['type'])} ({', '.join(more)})" if more else told.event(event["type"])


def _cited(told: Telling, verdict: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The facts that a verdict cites, as far as the record has them."""
    known = {(one["source"], one["id"]): one for one in told.record["facts"]}
    for ref in verdict["facts"]:
        fact = known.get((ref["source"], ref["id"]))
        if fact is not None:
            yield (
                told.at(fact["at"]),
                f"{fact['subject']} {told.event(fact['type'])}",
                f"{ref['source']} {ref['id']}",
            )


# -- periods -----------------------------------------------------------------------------------------------


def _measured(told: Telling, verdict: Mapping[str, Any]) -> Iterator[Block]:
    yield Picture(strip_picture(told, verdict))
    found, say = verdict["measurement"], told.say
    allowed = allowed_of(verdict)
    if allowed is not None:
        is_time = found["counts"] == "time"
        sized = told.minutes if is_time else told.tongue.number
        used = {"used": sized(found["bad"]), "allowed": sized(allowed)}
        if is_of_items(found):
            yield Paragraph(say("{used} late, where {allowed} may be late.", **used))
        else:
            yield Paragraph(say("{used} failed where {allowed} may fail.", **used))
    yield partition(told, found)
    rows = list(_stretches(told, found))
    if rows:
        headers = (say("From"), say("To"), say("Length"), say("Counts as"), say("Component"))
        yield Table(say("Every stretch that was not up"), headers, tuple(rows[:STRETCHES]))
        if len(rows) > STRETCHES:
            more = len(rows) - STRETCHES
            text = told.tongue.plural(
                more, "and {number} more, in the record", "and {number} more, in the record"
            )
            yield Paragraph(text, "note")
    items = [
        (told.part(part, one), ", ".join(part["items"]))
        for one in ends_of(found)
        for part in one["parts"]
        if part["items"]
    ]
    if items:
        yield Table(
            say("Items that were not plainly in time"), (say("Counts as"), say("Which")), tuple(items)
        )


def partition(told: Telling, found: Mapping[str, Any]) -> Table:
    """The parts of a period, which add up to it."""
    say = told.say
    sized = told.minutes if found["counts"] == "time" else told.tongue.number
    rows = [(told.part(part, found), sized(part["amount"])) for part in found["parts"] if part["amount"]]
    rows.append((say("in all"), sized(found["sum"])))
    caption = (
        say("The whole period, part by part")
        if found["counts"] == "time"
        else say("Everything that was counted")
    )
    return Table(caption, (say("What of it"), say("How much")), tuple(rows), frozenset({1}))


def _stretches(told: Telling, found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    rows = [
        (start_at, end_at, part, one["component"])
        for one in ends_of(found)
        for part in one["parts"]
        if part["name"] in ("down", "degraded", "excluded", "unknown")
        for start_at, end_at in part["spans"]
    ]
    for start_at, end_at, part, component in sorted(rows, key=lambda row: (row[0], row[3], row[1])):
        yield (
            told.at(start_at),
            told.until(end_at),
            told.minutes(end_at - start_at),
            told.part(part),
            component,
        )


# -- readings ----------------------------------------------------------------------------------------------


def _readings(told: Telling, verdict: Mapping[str, Any]) -> Iterator[Block]:
    """Whether the verdict hangs on a reading, and what it would be."""
    for one in told.record["readings"]["dependences"]:
        key = (one["commitment"], one["subject"], one["cycle"])
        if one["of"] == "verdict" and one["depends"] and key == (
            verdict["commitment"], verdict["subject"], verdict["cycle"]
        ):  # fmt: skip
            for other in one["alternatives"]:
                if other["decides"]:
                    yield Paragraph(otherwise(told, other), "note")


def otherwise(told: Telling, other: Mapping[str, Any]) -> str:
    """What would be if readings were taken otherwise."""
    refs = {one["name"]: one["ref"] for one in told.record["readings"]["taken"]}
    where = told.tongue.listed(
        told.say(
            "{reading} is `{option}`", reading=refs.get(one["reading"], one["reading"]), option=one["option"]
        )
        for one in other["takings"]
    )
    figure = figure_of(told, other)
    state = f"{told.state(other['state'])} ({figure})" if figure else told.state(other["state"])
    return told.say("It would be {state} if {where}.", state=state, where=where)


def figure_of(told: Telling, result: Mapping[str, Any]) -> str:
    """The figure of a result under a reading."""
    if result["amount"] is not None:
        return told.money(result["amount"], result["currency"] or "")
    if result["due_at"] is not None:
        return told.say("due {at}", at=told.until(result["due_at"]))
    return ""
