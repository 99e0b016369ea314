"""What a statement changes against the one before it: each figure, why, and the difference in money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from upheld.render.prose.tongue import N_
from upheld.render.statement.document import Block, Paragraph, Section, Table
from upheld.render.statement.first import difference
from upheld.render.statement.settling import claim_word, memo_word
from upheld.render.statement.telling import Telling

_HOW: Final = {
    "arrived": N_("arrived since"),
    "corrected": N_("was corrected"),
    "withdrawn": N_("was withdrawn"),
    "conflict": N_("is told in two ways, so neither counts"),
    "terms": N_("the text of the agreement or of the contract is another one"),
    "time": N_("it is asked as of another instant"),
    "format": N_("the statement before is of an older format, which says this otherwise"),
    "observations": N_("observations were added or changed; they have no positions, so none is named"),
    "order": N_("a fact was added among those that were recorded before the statement, so none is named"),
}
_OF_A_CORRECTION: Final = {
    "corrected": N_("a correction of it was corrected"),
    "withdrawn": N_("a correction of it was withdrawn"),
}
_SECTIONS: Final = {
    "verdicts": N_("verdict"),
    "credits": N_("credit"),
    "claims": N_("claim"),
    "memos": N_("credit memo"),
    "obligations": N_("obligation"),
    "covenants": N_("covenant"),
    "reports": N_("report"),
    "notices": N_("notice"),
    "reminders": N_("reminder"),
    "quotas": N_("allowance"),
    "terminations": N_("right to terminate"),
}
_NAMES: Final = (
    "commitment", "remedy", "id", "obligation", "covenant", "duty", "version", "reminder", "quota"
)  # fmt: skip
"""By which of its names an entry is told."""


def changes(told: Telling) -> Iterator[Section]:
    """The section of a restatement; a first statement has none."""
    found, say = told.record["restates"], told.say
    if found is None:
        return
    blocks: list[Block] = [Paragraph(difference(told, one)) for one in found["money"]]
    if not found["changes"]:
        blocks.append(Paragraph(say("No verdict and no amount is another one than before.")))
    else:
        rows = [_row(told, one) for one in found["changes"]]
        moved = tuple(row for row in rows if row[2] != row[3])
        headers = (say("What"), say("Of"), say("Before"), say("Now"), say("Why"))
        if moved:
            blocks.append(Table(say("What changed"), headers, moved))
        same = [" ".join(filter(None, row[:2])) for row in rows if row[2] == row[3]]
        if same:
            names = ", ".join(same)
            blocks.append(
                Paragraph(say("The steps are others, the outcome is the same: {names}.", names=names))
            )
    if found["why"]:
        causes = tuple(_cause(told, n, one) for n, one in enumerate(found["why"], 1))
        headers = (
            say("No."),
            say("What came in"),
            say("When it was recorded"),
            say("By whom"),
            say("Reason"),
        )
        blocks.append(Table(say("Why"), headers, causes))
    blocks.append(Paragraph(say("Statement before: {sha256}", sha256=found["sha256"]), "note"))
    title = say("What changed since number {number}", number=str(found["number"]))
    yield Section("changes", title, tuple(blocks))


def _row(told: Telling, change: Mapping[str, Any]) -> tuple[str, ...]:
    name = next((str(change[one]) for one in _NAMES if change.get(one)), "")
    what = f"{told.say(_SECTIONS[change['section']])} {name}"
    subject = told.subject(change) if change.get("subject") else str(change.get("incident") or "")
    why = ", ".join(str(n + 1) for n in change["why"])
    return what, subject, _state(told, change, "before"), _state(told, change, "after"), why


def _state(told: Telling, change: Mapping[str, Any], side: str) -> str:
    """What an entry was on one side, in a few words."""
    one = change[side]
    if one is None:
        return told.say("not there")
    state = _word(told, str(change["section"]), str(one.get("state", one.get("status", ""))))
    if change["section"] == "credits":
        amount = told.money(one["amount"], one.get("currency", "")) if "amount" in one else ""
        return f"{state} {amount}".strip() if one.get("state") == "owed" else state
    if change["section"] == "claims" and one.get("computed") is not None:
        computed = told.money(one["computed"], one.get("currency", ""))
        return told.say("{state}; {amount} is what the numbers say", state=state, amount=computed)
    if "value" in one:
        level = next(
            (row["level"] for row in told.record["promises"] if row["commitment"] == change["commitment"]),
            None,
        )
        unit = "ratio" if level is None else level["unit"]
        return f"{state} {told.value(one['value'], level, unit)}"
    if "late_us" in one:
        return told.say("{state}, {length} late", state=state, length=told.length(one["late_us"]))
    if "due_at" in one:
        return told.say("{state}, due {at}", state=state, at=told.until(one["due_at"]))
    return state


def _word(told: Telling, section: str, state: str) -> str:
    """The word of a state: that of a claim and of a memo is told as where it stands."""
    if section == "claims":
        return claim_word(told, state)
    return memo_word(told, state) if section == "memos" else told.state(state)


def _cause(told: Telling, number: int, cause: Mapping[str, Any]) -> tuple[str, ...]:
    corrects = cause["corrects"]
    is_of_one = corrects is not None and corrects["type"].startswith("correction.")
    how = told.say((_OF_A_CORRECTION if is_of_one else _HOW)[cause["how"]])
    if cause["id"] is None:
        return str(number), how, "", "", ""
    what = (
        f"{cause['subject']} {told.event(cause['type'])} {how}"
        if corrects is None
        else f"{cause['subject']}: {how}"
        if is_of_one
        else f"{cause['subject']} {how}"
    )
    return (
        str(number),
        f"{what} ({cause['source']} {cause['id']})",
        told.at(cause["recorded_at"]),
        cause["by"],
        cause["reason"],
    )
