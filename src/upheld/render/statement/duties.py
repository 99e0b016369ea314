"""The duties of a statement: reports, notices, the register of covenants, allowances, contacts, reminders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from upheld.render.prose.tongue import N_
from upheld.render.statement.document import Block, Paragraph, Section, Table
from upheld.render.statement.telling import Telling

_GIVEN: Final = {
    "given": N_("given"),
    "given late": N_("given late"),
    "owed": N_("owed"),
    "overdue": N_("overdue"),
    "undetermined": N_("undetermined"),
}
_RIGHTS: Final = {
    "open": N_("may be used"),
    "used": N_("used"),
    "lapsed": N_("lapsed"),
    "running": N_("not decided yet"),
    "undetermined": N_("undetermined"),
}
_COME: Final = {
    "ahead": N_("ahead"),
    "now": N_("now"),
    "past": N_("its time is over"),
    "come": N_("has come"),
}
_DECIDED: Final = {
    "within": N_("within the allowance"),
    "beyond": N_("beyond the allowance: handled as any other"),
    "charged": N_("beyond the allowance: charged"),
    "refused": N_("beyond the allowance: refused"),
}
_WHO: Final = {
    "customer": N_("the customer"),
    "provider": N_("the provider"),
    "third party": N_("a third party"),
}


def duties(told: Telling) -> Iterator[Section]:
    """What was done, reported, announced, named and used; nothing where the agreement has none of it."""
    blocks = [
        *_done(told), *_reports(told), *_notices(told), *_rights(told), *_quotas(told), *_contacts(told),
        *_reminders(told),
    ]  # fmt: skip
    if blocks:
        yield Section("duties", told.say("Reports, notices, allowances and contacts"), tuple(blocks))
    registers = tuple(block for one in told.record["covenants"] for block in _register(told, one))
    if registers:
        yield Section("covenants", told.say("What is never to happen"), registers)


def _done(told: Telling) -> Iterator[Block]:
    """Who did what of the recurring duties, and what is owed once more."""
    say = told.say
    for one in told.record["obligations"]:
        for act in one["done"]:
            yield Paragraph(
                say("{duty} of {period}: done on {at}{by}.", duty=one["obligation"],
                    period=told.period(one["subject"]), at=told.at(act["at"]), by=_by(told, act))
            )  # fmt: skip
        for more in one["once_more"]:
            message = N_("{duty} is owed once more since {at}: {reason}.")
            if more["done"] is not None:
                message = N_("{duty} was owed once more from {at} on ({reason}), and done on {done}.")
            done = "" if more["done"] is None else told.at(more["done"]["at"])
            reason = more["reason"] or say("no reason was given")
            at = told.at(more["owed_at"])
            yield Paragraph(say(message, duty=one["obligation"], at=at, reason=reason, done=done))


def _by(told: Telling, act: Mapping[str, Any]) -> str:
    return told.say(" by {name}", name=act["by"]) if act["by"] else ""


def _reports(told: Telling) -> Iterator[Block]:
    say = told.say
    rows = tuple(
        (
            one["duty"], one["incident"], one["severity"], told.at(one["owed_at"]),
            told.until(one["due_at"]) if one["due_at"] is not None else say("no limit is promised"),
            "" if one["given"] is None else f"{told.at(one['given']['at'])}{_by(told, one['given'])}",
            say(_GIVEN[one["state"]]),
        )
        for one in told.record["reports"]
    )  # fmt: skip
    if rows:
        headers = (say("Report"), say("Incident"), say("Severity"), say("Owed since"), say("Due"),
                   say("Given"), say("State"))  # fmt: skip
        yield Table(say("Reports on incidents"), headers, rows)


def _notices(told: Telling) -> Iterator[Block]:
    say = told.say
    in_time = {
        True: say("in time"),
        False: say("too short"),
        None: say("no notice is promised, or no day is named"),
    }
    rows = tuple(
        (one["version"], told.at(one["told_at"]), told.at(one["published_at"]), told.at(one["from_at"]),
         in_time[one["is_in_time"]])
        for one in told.record["notices"]
    )  # fmt: skip
    if rows:
        headers = (say("Version"), say("Told on"), say("Published on"), say("Holds from"), say("Notice"))
        yield Table(say("Notices of changes"), headers, rows)


def _rights(told: Telling) -> Iterator[Block]:
    say = told.say
    rows = tuple(
        (one["remedy"], told.period(one["subject"]), told.at(one["from_at"]),
         say("no limit") if one["until_at"] is None else told.until(one["until_at"]),
         told.at(one["given_at"]), "" if one["ends_at"] is None else told.until(one["ends_at"]),
         say(_RIGHTS[one["state"]]))
        for one in told.record["terminations"]
    )  # fmt: skip
    if rows:
        headers = (say("Right"), say("For"), say("From"), say("Until"), say("Notice given"),
                   say("Contract ends"), say("State"))  # fmt: skip
        yield Table(say("Rights to terminate"), headers, rows)


def _quotas(told: Telling) -> Iterator[Block]:
    say = told.say
    for one in told.record["quotas"]:
        what = say("{quota} of {period}: {used} of {allowed} used", quota=one["quota"],
                   period=told.period(one["subject"]), used=str(one["used"]),
                   allowed=str(one["allowed"]))  # fmt: skip
        rows = tuple(
            (each["subject"], told.at(each["at"]),
             say(_DECIDED[each["decision"]]) + (say(", given back") if each["is_refunded"] else ""))
            for each in one["counted"]
        )  # fmt: skip
        if rows:
            yield Table(what, (say("Ticket"), say("Counted on"), say("Decision")), rows)
        else:
            yield Paragraph(f"{what}.")


def _contacts(told: Telling) -> Iterator[Block]:
    """Only where the agreement limits who may start a clock."""
    say, found = told.say, told.record["contacts"]
    if found is None or found["limit"] is None:
        return
    rows = tuple(
        (one["contact"], one["role"], told.at(one["from_at"]),
         say("until further notice") if one["until_at"] is None else told.until(one["until_at"]))
        for one in found["named"]
    )  # fmt: skip
    caption = say("Named contacts, of {limit} that may be", limit=str(found["limit"]))
    if rows:
        yield Table(caption, (say("Contact"), say("Role"), say("From"), say("Until")), rows)
    else:
        yield Paragraph(say("No contact was named; {limit} may be.", limit=str(found["limit"])))
    limit, until_at = found["limit"], min(told.record["period"]["end_at"], told.record["at"])
    for who in _named_at(told, until_at - 1)[limit:]:
        yield Paragraph(
            say(
                "{who} is beyond the {limit} who may be named, and starts no time.", who=who, limit=str(limit)
            )
        )
    for one in found["others"]:
        who = one["requester"] or say("somebody unknown")
        text = N_("{ticket} started no time: {who} is not a named contact.")
        if who in _named_at(told, one["at"]):
            text = N_("{ticket} started no time: {who} was beyond the {limit} who may be named.")
        yield Paragraph(say(text, ticket=one["ticket"], who=who, limit=str(limit)))


def _named_at(told: Telling, at: int) -> list[str]:
    """Who is named at an instant, in the order in which they count."""
    named = (
        one["contact"]
        for one in told.record["contacts"]["named"]
        if one["from_at"] <= at and (one["until_at"] is None or at < one["until_at"])
    )
    return list(dict.fromkeys(named))


def _reminders(told: Telling) -> Iterator[Block]:
    say = told.say
    rows = tuple(
        (one["reminder"], one["what"], told.on(date.fromisoformat(one["from_on"])), say(_COME[one["state"]]))
        for one in told.record["reminders"]
    )
    if rows:
        headers = (say("Announced"), say("In the words of the agreement"), say("For"), say("State"))
        yield Table(say("Announced without a promise"), headers, rows)


def _register(told: Telling, one: Mapping[str, Any]) -> Iterator[Block]:
    """A covenant with its register; a credential stands in it by its name."""
    say = told.say
    if not one["register"]:
        yield Paragraph(say("{covenant}: nothing was reported.", covenant=one["covenant"]))
        return
    rows = tuple(
        (entry["report"], told.at(entry["happened_at"]) or say("not known"), told.at(entry["learned_at"]),
         say(_WHO[entry["by"]]) if entry["by"] else "", entry["credential"],
         "" if entry["state"] is None else told.state(entry["state"]))
        for entry in one["register"]
    )  # fmt: skip
    headers = (say("Report"), say("Happened"), say("Learned of"), say("Reported by"), say("Credential"),
               say("State"))  # fmt: skip
    yield Table(say("{covenant}: {what}", covenant=one["covenant"], what=one["what"]), headers, rows)
