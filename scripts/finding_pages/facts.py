"""Files, facts and questions."""

from __future__ import annotations

import json
from typing import Any

from scripts.finding_pages.case import AGREEMENT, DOCUMENT, Case, Files
from scripts.finding_pages.structure import RESPONSE

EVALUATE = "upheld evaluate . --at 2026-06-02T12:00:00Z --summary"
BATCH = "upheld calendar batch questions.jsonl"
CONTRACT = "contract: {id: c-7, customer: Acme, agreement: acme, from: 2026-02-01}\n"
BOOK = {AGREEMENT: DOCUMENT + RESPONSE, "contract.yaml": CONTRACT}
OPENED = {
    "specversion": "1.0",
    "id": "f1",
    "source": "/desk",
    "type": "ticket.opened",
    "time": "2026-06-01T09:00:00Z",
    "subject": "T-1",
    "data": {"contract": "c-7"},
}
REPLIED = {**OPENED, "id": "f2", "type": "ticket.replied", "time": "2026-06-01T10:00:00Z", "data": {}}


def _line(fact: dict[str, Any], **changes: Any) -> str:
    """One fact as a line, some attributes changed; `...` leaves one out."""
    return json.dumps({name: value for name, value in {**fact, **changes}.items() if value is not ...}) + "\n"


def _corrected(**data: Any) -> str:
    """A correction of the second fact."""
    type_ = "correction.replaced" if "replacement" in data else "correction.withdrawn"
    whole = {"corrects": {"source": "/desk", "id": "f2"}, "by": "ada", "reason": "a slip", **data}
    return _line(OPENED, id="f3", type=type_, time="2026-06-01T11:00:00Z", subject="f2", data=whole)


GOOD = _line(OPENED) + _line(REPLIED)


def _told(
    code: str, why: str, bad: str, good: str = GOOD, beside: Files = BOOK, also: tuple[str, ...] = ()
) -> Case:
    """The case of a file of facts."""
    return Case(code, why, {**beside, "facts.jsonl": bad}, {"facts.jsonl": good}, EVALUATE, also)


def _asked(code: str, why: str, bad: dict[str, Any], good: dict[str, Any]) -> Case:
    """The case of a question about a calendar."""
    desk = {"zone": "UTC", "open": "Mon-Fri 09:00-17:00", "business day": "8h"}
    lines = [json.dumps({"id": 1, "calendar": desk, **one}) + "\n" for one in (bad, good)]
    return Case(code, why, {"questions.jsonl": lines[0]}, {"questions.jsonl": lines[1]}, BATCH)


_DEADLINE = {"ask": "deadline", "from": "2026-06-01T09:00:00Z", "amount": "2h"}

_LINES: tuple[Case, ...] = (
    _told(
        "bad-attribute", "A subject that is no text could not be found again.", _line(OPENED, subject=7), GOOD
    ),
    _told(
        "bad-attribute-name",
        "Another reader of CloudEvents would refuse the whole event.",
        _line(OPENED) + _line(REPLIED, Trace_Parent="x"),
    ),
    _told(
        "bad-field",
        "A truth that is written as a number is read differently by everybody.",
        _line(OPENED) + _line(REPLIED, data={"verified": 1}),
    ),
    _told(
        "bad-json",
        "Of a line that breaks off nobody knows what is missing.",
        _line(OPENED) + _line(REPLIED).rstrip()[:-1] + "\n",
    ),
    _told(
        "bad-text",
        "Half a character cannot be written again, so no hash of it would hold.",
        _line(OPENED) + _line(REPLIED, data={"by": "provider", "note": "\ud800"}),
    ),
    _told(
        "bad-time",
        "Without an offset the instant depends on where it is read.",
        _line(OPENED) + _line(REPLIED, time="2026-06-01T10:00:00"),
    ),
    _told(
        "line-too-long",
        "No fact is so long; a line that is was not meant to be one.",
        _line(OPENED) + _line(REPLIED, data={"note": "x" * 66_000}),
    )._replace(bad="", good="", instead="The line would have to be longer than 64 KiB."),
    _told(
        "missing-attribute",
        "Without a subject nobody can say what was answered.",
        _line(OPENED) + _line(REPLIED, subject=...),
    ),
    _told(
        "not-an-object",
        "A list is no event.",
        '["ticket.opened", "T-1"]\n' + _line(REPLIED),
        GOOD,
        also=("unknown-subject",),
    ),
    _told(
        "unknown-attribute",
        "It may be a slip of the name of one that counts.",
        _line(OPENED) + _line(REPLIED, recordetime="2026-06-01T10:05:00Z"),
    ),
    _told(
        "unknown-fact-type",
        "A fact of no type changes nothing, and a clock runs on.",
        _line(OPENED) + _line(REPLIED, type="ticket.replid"),
    ),
    _told(
        "unknown-version",
        "What a later version of the fact says could be read as something else.",
        _line(OPENED) + _line(REPLIED, type="ticket.replied/2"),
    ),
)

_BETWEEN: tuple[Case, ...] = (
    _told(
        "bad-correction",
        "A correction that corrects nothing leaves the wrong fact in force.",
        GOOD + _corrected(replacement={}),
        GOOD + _corrected(),
    ),
    _told(
        "before-opening",
        "An answer before the question stops no clock.",
        _line(OPENED) + _line(REPLIED, time="2026-06-01T08:00:00Z"),
    ),
    _told(
        "conflicting-facts",
        "Of two facts under one identity nobody knows which is true, so neither counts.",
        GOOD + _line(REPLIED, time="2026-06-01T10:30:00Z"),
        also=(),
    ),
    _told(
        "dangling-correction",
        "The fact that was meant is still in force.",
        _line(OPENED) + _corrected(),
        GOOD + _corrected(),
    ),
    _told(
        "early-correction",
        "A fact that comes later replaces the correction, not the other way round.",
        _line(OPENED) + _line(REPLIED, recordedtime="2026-06-01T12:00:00Z") + _corrected(),
        GOOD + _corrected(),
    ),
    _told(
        "partial-settlement",
        "Which of the two versions the rest comes from would be left open.",
        GOOD
        + _line(REPLIED, time="2026-06-01T10:30:00Z")
        + _corrected(replacement={"time": "2026-06-01T10:30:00Z"}),
        GOOD
        + _line(REPLIED, time="2026-06-01T10:30:00Z")
        + _corrected(
            replacement={
                "type": "ticket.replied",
                "time": "2026-06-01T10:30:00Z",
                "subject": "T-1",
                "data": {},
            }
        ),
        also=("conflicting-facts",),
    ),
    _told(
        "subject-twice",
        "Of two tickets under one name, what names no contract counts for the first: the other may lack it.",
        GOOD + _line(OPENED, id="f9", time="2026-06-01T09:30:00Z"),
    ),
    _told(
        "unknown-contract",
        "The fact counts for nobody.",
        _line(OPENED, data={"contract": "c-8"}) + _line(REPLIED),
        also=("unknown-subject",),
    )._replace(also=()),
    _told(
        "unknown-covenant",
        "A compromise that was reported stands in no register, and breaches nothing.",
        GOOD
        + _line(
            OPENED,
            id="f4",
            type="covenant.compromise_reported",
            subject="c1",
            data={"contract": "c-7", "covenant": "secret", "by": "customer"},
        ),
        GOOD
        + _line(
            OPENED,
            id="f4",
            type="covenant.compromise_reported",
            subject="c1",
            data={"contract": "c-7", "covenant": "secrets", "by": "customer"},
        ),
        {**BOOK, AGREEMENT: DOCUMENT + RESPONSE + "covenant:\n  secrets: {what: keys are safe}\n"},
    ),
    _told(
        "unknown-duty",
        "A wait for what the customer does not owe pauses nothing that can be explained.",
        _line(OPENED)
        + _line(REPLIED, type="ticket.waiting_started", data={"for": "customer", "duty": "acess"}),
        _line(OPENED)
        + _line(REPLIED, type="ticket.waiting_started", data={"for": "customer", "duty": "access"}),
        {**BOOK, AGREEMENT: DOCUMENT + RESPONSE + "duty:\n  access: a login\n"},
    ),
    _told(
        "unknown-obligation",
        "The review that was done counts for no promise.",
        GOOD
        + _line(
            OPENED,
            id="f4",
            type="obligation.done",
            subject="r1",
            data={"contract": "c-7", "obligation": "reviews"},
        ),
        GOOD
        + _line(
            OPENED,
            id="f4",
            type="obligation.done",
            subject="r1",
            data={"contract": "c-7", "obligation": "review"},
        ),
        {**BOOK, AGREEMENT: DOCUMENT + RESPONSE + "obligation:\n  review: {times: 1, per: calendar year}\n"},
    ),
    _told(
        "unknown-reminder",
        "What was announced and has come is reminded of on and on.",
        GOOD + _line(OPENED, id="f4", type="reminder.done", subject="r1", data={"reminder": "audits"}),
        GOOD + _line(OPENED, id="f4", type="reminder.done", subject="r1", data={"reminder": "audit"}),
        {
            **BOOK,
            AGREEMENT: DOCUMENT + RESPONSE + "remind:\n  audit: {what: a report, from: 2026-07-01}\n",
        },
    ),
    _told(
        "unknown-provider",
        "The work counts under no agreement.",
        _line(
            OPENED,
            type="maintenance.announced",
            subject="M-1",
            data={
                "provider": "Northwnd",
                "kind": "scheduled",
                "starts_at": "2026-06-02T09:00:00Z",
                "ends_at": "2026-06-02T10:00:00Z",
                "components": ["api"],
            },
        ),
        _line(
            OPENED,
            type="maintenance.announced",
            subject="M-1",
            data={
                "provider": "Northwind",
                "kind": "scheduled",
                "starts_at": "2026-06-02T09:00:00Z",
                "ends_at": "2026-06-02T10:00:00Z",
                "components": ["api"],
            },
        ),
    ),
    _told(
        "provider-missing",
        "With several providers nobody knows whose work it is, so it counts nowhere.",
        _line(
            OPENED,
            type="maintenance.announced",
            subject="M-1",
            data={
                "kind": "scheduled",
                "starts_at": "2026-06-02T09:00:00Z",
                "ends_at": "2026-06-02T10:00:00Z",
                "components": ["api"],
            },
        ),
        _line(
            OPENED,
            type="maintenance.announced",
            subject="M-1",
            data={
                "provider": "Northwind",
                "kind": "scheduled",
                "starts_at": "2026-06-02T09:00:00Z",
                "ends_at": "2026-06-02T10:00:00Z",
                "components": ["api"],
            },
        ),
        {
            **BOOK,
            "other.yaml": "document: {agreement: other, version: 2026-01, provider: Southwind, "
            "zone: UTC}\n" + RESPONSE,
            "other-contract.yaml": CONTRACT.replace("c-7", "c-9").replace("acme", "other"),
        },
    ),
    _told("unknown-subject", "A reply to what nobody opened stops no clock.", _line(REPLIED)),
    _told(
        "unknown-target",
        "A cause of nothing excuses nothing.",
        GOOD
        + _line(
            OPENED,
            id="f5",
            type="attribution.recorded",
            subject="A-1",
            data={"contract": "c-7", "target": "I-9", "cause": "carrier", "party": "customer"},
        ),
        GOOD
        + _line(
            OPENED,
            id="f5",
            type="attribution.recorded",
            subject="A-1",
            data={"contract": "c-7", "target": "T-1", "cause": "carrier", "party": "customer"},
        ),
    ),
    _told(
        "early-renewal",
        "The year that was agreed ends on the day on which somebody wrote that there will be another.",
        GOOD + _line(OPENED, id="f6", type="contract.renewed", subject="c-7", data={}),
        GOOD + _line(OPENED, id="f6", type="contract.renewed", subject="c-7", data={"on": "2027-02-01"}),
        {**BOOK, "contract.yaml": CONTRACT.replace("}", ", term: 1 year}")},
    ),
    _told(
        "without-effect",
        "Whoever recorded it thinks that it counts.",
        GOOD + _line(OPENED, id="f6", type="contract.suspended", subject="c-7", data={"reason": "unpaid"}),
    ),
)

_FILES: tuple[Case, ...] = (
    Case(
        "ambiguous-agreement",
        "The contract could be judged by either of two texts.",
        {**BOOK, "copy.yaml": BOOK[AGREEMENT]},
        {"copy.yaml": "note: a copy for comparison\n"},
        EVALUATE,
    ),
    Case(
        "duplicate-contract",
        "Facts under one id would count for two customers.",
        {**BOOK, "second.yaml": CONTRACT.replace("Acme", "Contoso")},
        {"second.yaml": CONTRACT.replace("Acme", "Contoso").replace("c-7", "c-8")},
        EVALUATE,
    ),
    Case(
        "missing-file",
        "Coverage of the page would be unknown without anybody noticing.",
        {
            AGREEMENT: DOCUMENT.replace("zone:", "clauses: clauses.yaml, zone:")
            + RESPONSE.replace("2h}", '2h, modality: objective, clause: "1"}')
            + "amend: {notice: 60d}\n"
        },
        {"clauses.yaml": 'clauses:\n  "1": {says: response times}\n'},
    ),
    Case(
        "not-a-map",
        "A list of rows has no names.",
        {AGREEMENT: "- document\n- deadline\n"},
        {AGREEMENT: DOCUMENT + RESPONSE},
    ),
    Case(
        "unknown-agreement",
        "A contract that binds to nothing promises nothing.",
        {**BOOK, "contract.yaml": CONTRACT.replace("agreement: acme", "agreement: acne")},
        {"contract.yaml": CONTRACT},
        "upheld check agreement.yaml contract.yaml",
    ),
    Case(
        "unknown-file",
        "Perhaps another file was meant.",
        {"mapping.yaml": "source: /desk\nzone: UTC\n"},
        {"mapping.yaml": DOCUMENT + RESPONSE},
        "upheld check mapping.yaml",
    ),
)

_QUESTIONS: tuple[Case, ...] = (
    _asked(
        "bad-instant",
        "Without an offset the instant depends on where it is asked.",
        {**_DEADLINE, "from": "2026-06-01T09:00:00"},
        _DEADLINE,
    ),
    _asked(
        "beyond-horizon",
        "Nobody knows the clocks of that year yet.",
        {**_DEADLINE, "from": "2199-12-31T16:30:00Z", "amount": "500 business days"},
        _DEADLINE,
    ),
    _asked("no-calendar", "There is nothing to ask.", {**_DEADLINE, "calendar": ["desk"]}, _DEADLINE),
    _asked(
        "unknown-question",
        "Another answer than the one expected would be given.",
        {**_DEADLINE, "ask": "dedline"},
        _DEADLINE,
    ),
)

_OF_VERDICTS: tuple[Case, ...] = (
    Case(
        "unknown-placeholder",
        "The customer would read the name of a placeholder where a date was meant.",
        instead="It is told of texts of messages, to programs that store them. [How alerting "
        "works](../concepts/alerting.md) lists the placeholders.",
    ),
    Case(
        "another-customer",
        "Tickets, claims and statements are of a contract, by its id: one reads what was another's.",
        instead="It is a warning of `upheld apply`, of a contract for which a server has recorded facts.",
    ),
    Case(
        "reading-sensitive-verdict",
        "Whoever reads the clause the other way will not accept the figure, and is right by their reading.",
        instead="It is told of verdicts, by `upheld evaluate --readings --format json`; as text, the section "
        "on readings says the same. [See what hangs on a reading](../how-to/readings.md) shows both.",
    ),
)

CASES: tuple[Case, ...] = (*_LINES, *_BETWEEN, *_FILES, *_QUESTIONS, *_OF_VERDICTS)
