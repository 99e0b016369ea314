"""The concepts of messages: whom an agreement tells, and when."""

from __future__ import annotations

from upheld.language.table import Concept, Field, clause, doc, one_of

_SUBJECTS = ("ticket", "incident", "maintenance", "task", "claim", "attribution")
_WHERE = Field("where", "expression", "the subjects that it is for, by the attributes that they have then")
_TOLD = (
    Field("tell", "words", "the roles that are told, of the provider's people or of the customer's contacts",
          required=True),
    one_of("audience", "whose roles these are", ("provider", "customer"), "provider"),
    one_of("how", "how urgent it is", ("page", "urgent", "planned"), "urgent"),
    Field("hours", "calendar", "the calendar in which somebody is there: what comes in between waits for the "
          "opening"),
    Field("channels of", "text", "the entitlement that gives the channels; absent: any channel"),
)  # fmt: skip
_ESCALATE = (
    Field("of", "words", "the commitments that it watches, or remedies that have to be claimed", True),
    _WHERE,
    Field("at", "marks", "the points of their clocks at which somebody is told", required=True),
    *_TOLD,
    Field("before closing", "amount", "how long before the closing a warning comes for which the next "
          "opening is too late", default="30m"),
    clause("the stage"),
    doc("the stage"),
)  # fmt: skip
_NOTIFY = (
    Field("of", "choice", "the kind of subject that it is about", False, "ticket", _SUBJECTS),
    _WHERE,
    Field("upon", "event", "the event that is told", required=True),
    one_of("repeat", "whether the first such event is told, or each of them", ("once", "each time"), "once"),
    *_TOLD,
    clause("the message"),
    doc("the message"),
)

TELLING: tuple[Concept, ...] = (
    Concept("escalate", "Whom to tell at which points of a clock: at its start, at a share of its budget, at "
            "its goal, at its limit, so much before or after. The provider's own people are told by the "
            "strictest reading, the customer by the one that holds.", _ESCALATE,
            "escalate:\n  late answers: {of: response, at: [75 %, limit, limit + 2h], tell: team lead}"),
    Concept("notify", "Whom to tell of an event.", _NOTIFY,
            "notify:\n  major incidents: {of: incident, upon: declared, tell: operations, how: page}"),
)  # fmt: skip
"""The concepts, in the order of the reference."""
