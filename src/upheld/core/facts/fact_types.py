"""What kinds of facts there are, and what each must and may say; the reference is generated from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from upheld.core.facts.fact import Value
from upheld.core.values.frozen import dataclass, replace

FieldKind = Literal[
    "text",
    "truth",
    "integer",
    "number",
    "instant",
    "date",
    "month",
    "choice",
    "currency",
    "list of text",
    "list of intervals",
    "reference",
    "object",
    "fees",
    "amount",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One name in `data`: what kind of value it has, whether it must be there, and what its absence means.

    `choices` are the only words of a `choice`; a `reference` is an object of `source` and `id`; a number is
    at least `least` and at most `most`, where these are given.
    """

    name: str
    kind: FieldKind
    doc: str
    required: bool = False
    default: Value = None
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class FactType:
    """A type of fact: `family.verb`, what its subject is, and its fields.

    `not_after` holds pairs of instants that must come in this order; `time` is that of the fact itself.
    `version` is the newest one; older facts are brought up to it when they are read.
    """

    name: str
    subject: str
    doc: str
    fields: tuple[Field, ...] = ()
    not_after: tuple[tuple[str, str], ...] = ()
    version: int = 1

    @property
    def family(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    def field(self, name: str) -> Field | None:
        """The field of that name, a common one included, or None."""
        return next((field for field in (*self.fields, *COMMON_FIELDS) if field.name == name), None)


def _text(name: str, doc: str, required: bool = False) -> Field:
    return Field(name, "text", doc, required)


def _choice(name: str, words: str, doc: str, default: str | None = None, required: bool = False) -> Field:
    return Field(name, "choice", doc, required, default, tuple(words.split(", ")))


COMMON_FIELDS: Final = (
    _text("provider", "which provider it is about, where a folder holds several"),
    Field(
        "verified", "truth", "whether the teller is known; a fact that is not moves no clock", default=True
    ),
    _text("actor", "who did it"),
    _text("reason", "why"),
)
"""Fields that every type has."""

_CONTRACT = _text("contract", "the contract under which it happened", required=True)
_PRIORITY = _text("priority", "a priority of the agreement")
_KIND = _text("kind", "a kind of ticket of the agreement")
_COMPONENT = _text("component", "the component it is about")
_CHANNEL = _text("channel", "the channel through which it came")
_SEVERITY = _text("severity", "a severity of the agreement", required=True)
_BY_WHOM = _choice("by", "human, automatic", "an automatic one satisfies nobody", "human")
_WHO_SEES = _choice(
    "visibility", "public, internal", "who can read it: an internal one is no answer", "public"
)
_PARTY = _choice("by", "customer, provider", "who asked for it")
_FEES = Field("fees", "fees", "what is paid from then on, by name, as `499.00 EUR`; `none`: no more")
_MAINTENANCE_KINDS = "scheduled, emergency, non-disruptive, high risk"


def _ticket_types() -> Iterable[FactType]:
    subject = "ticket"
    opened = (
        _CONTRACT,
        _PRIORITY,
        Field("kind", "text", "a kind of ticket of the agreement", default="incident"),
        _CHANNEL,
        _text("requester", "the contact who asked"),
        Field("contacted_at", "instant", "when the customer truly made contact, if earlier"),
        _COMPONENT,
    )
    yield FactType("ticket.opened", subject, "a customer asks something", opened, (("contacted_at", "time"),))
    by = _choice("by", "customer, provider", "who classified it", required=True)
    yield FactType(
        "ticket.classified", subject, "it gets another priority or kind", (_PRIORITY, _KIND, _COMPONENT, by)
    )
    yield FactType("ticket.assigned", subject, "somebody takes it", (_text("to", "the person or group"),))
    yield FactType("ticket.replied", subject, "the provider's side answers", (_BY_WHOM, _WHO_SEES))
    yield FactType("ticket.customer_replied", subject, "the customer's side answers")
    waiting = (
        _choice("for", "customer, vendor, third party", "whom it waits for", required=True),
        _text("duty", "what that party owes"),
        _text("by", "who began the wait"),
    )
    yield FactType("ticket.waiting_started", subject, "it waits for somebody", waiting)
    yield FactType("ticket.waiting_ended", subject, "the wait is over")
    objected = (_text("to", "the id of the fact objected to"),)
    yield FactType("ticket.objected", subject, "the customer objects to a wait or a classification", objected)
    yield FactType("ticket.workaround", subject, "a workaround is given")
    yield FactType("ticket.resolved", subject, "the provider calls it solved")
    yield FactType("ticket.reopened", subject, "it was not solved")
    yield FactType("ticket.closed", subject, "nothing more is expected of anybody")
    into = (_text("into", "the ticket that goes on", required=True),)
    yield FactType("ticket.merged", subject, "it goes on as part of another", into)
    escalated = (_text("to", "the person or level"), _text("by", "who escalated"))
    yield FactType("ticket.escalated", subject, "somebody asks for more attention", escalated)
    vendor = (_text("vendor", "the vendor", required=True),)
    yield FactType("ticket.vendor_case", subject, "a case is opened at a vendor", vendor)
    yield FactType("ticket.cancelled", subject, "it is withdrawn", (_PARTY,))
    carried = (
        _text("commitment", "the deadline, or the cadence, whose clock it is", required=True),
        Field("elapsed", "amount", "what it had counted by then, such as `1h 30m`", required=True),
    )
    doc = "a clock on it comes here from another system, with what that had counted"
    yield FactType("ticket.carried", subject, doc, carried)


def _operation_types() -> Iterable[FactType]:
    subject = "incident"
    declared = (
        _SEVERITY,
        Field("components", "list of text", "the components that fail"),
        Field("tickets", "list of text", "the tickets it explains"),
        Field("share_of_users", "number", "the share of users affected, from 0 to 1", least=0, most=1),
        Field("products", "list of text", "the products affected"),
        Field("contracts", "list of text", "the contracts that it concerns; absent: all of the provider"),
    )
    yield FactType("incident.declared", subject, "something happens to a service", declared)
    yield FactType("incident.classified", subject, "it gets another severity", (_SEVERITY,))
    yield FactType("incident.updated", subject, "those affected are told more", (_BY_WHOM, _WHO_SEES))
    yield FactType("incident.mitigated", subject, "the effect is gone, the cause is not")
    yield FactType("incident.resolved", subject, "it is over")
    yield FactType("incident.post_mortem_published", subject, "what happened is explained")
    reported = (_text("contract", "the contract whose customer gets it; absent: all that it concerns"),)
    yield FactType("incident.report_sent", subject, "customers get a report on it", reported)

    subject = "maintenance"
    announced = (
        _choice("kind", _MAINTENANCE_KINDS, "the kind of work", required=True),
        Field("starts_at", "instant", "the planned beginning", required=True),
        Field("ends_at", "instant", "the planned end", required=True),
        Field("components", "list of text", "the components worked on", required=True),
        Field("interruption", "truth", "whether the service will be interrupted"),
    )
    changed = (
        Field("starts_at", "instant", "the new beginning"),
        Field("ends_at", "instant", "the new end"),
        _choice("kind", _MAINTENANCE_KINDS, "the new kind"),
    )
    in_order = (("starts_at", "ends_at"),)
    doc = "work is planned, and nobody has been told of it yet"
    yield FactType("maintenance.planned", subject, doc, announced, in_order)
    yield FactType("maintenance.announced", subject, "work is announced", announced, in_order)
    yield FactType("maintenance.changed", subject, "the announcement changes", changed, in_order)
    yield FactType("maintenance.started", subject, "work begins")
    yield FactType("maintenance.ended", subject, "work ends")
    yield FactType("maintenance.cancelled", subject, "there will be no work")

    subject = "task"
    yield FactType("task.submitted", subject, "a piece of work is submitted", (_CONTRACT, _CHANNEL))
    yield FactType("task.began", subject, "the provider begins it")
    yield FactType("task.finished", subject, "it is done")
    yield FactType("task.failed", subject, "it ended without success")
    yield FactType("task.cancelled", subject, "it is withdrawn", (_PARTY,))

    attributed = (
        _text("target", "the id of the ticket, task or incident, or the word `interval`", required=True),
        _text("cause", "a cause of the agreement", required=True),
        _choice("party", "provider, customer, third party, none", "whose cause it is", required=True),
        _choice("contracted_by", "provider, customer", "whose third party it is"),
        _text("evidence", "where the proof is"),
        Field("starts_at", "instant", "from when it had that cause, if it is about an interval"),
        Field("ends_at", "instant", "until when; absent: it still has"),
        Field("components", "list of text", "the components; absent: those of the target, or all"),
    )
    doc = "it is said what caused something; told again of one subject, the last one holds"
    yield FactType(CAUSE, "attribution", doc, attributed, in_order)


def _claim_types() -> Iterable[FactType]:
    subject = "claim"
    said = (
        _text("account", "the account it is for, as the customer names it"),
        _text("metrics", "what was measured, as the customer says it"),
        _text("impact", "what that meant for the customer"),
        Field("evidence", "list of text", "what is attached to prove it: references"),
        Field("intervals", "list of intervals", "when it was down, as the customer saw it"),
    )
    filed = (
        _CONTRACT,
        _text("about", "what it claims for: a period such as 2026-06, or the id of an item"),
        Field("issue_at", "instant", "when that which it claims for happened"),
        Field("sent_at", "instant", "when it was sent"),
        Field("received_at", "instant", "when it arrived"),
        _CHANNEL,
        _text("filed_by", "who of the customer files it"),
        *said,
    )
    yield FactType("claim.filed", subject, "the customer claims", filed, (("sent_at", "received_at"),))
    yield FactType("claim.supplemented", subject, "the customer adds to what the claim says", said)
    yield FactType("claim.acknowledged", subject, "the provider confirms that it has the claim")
    assessed = (
        Field("admissible", "truth", "whether whoever looked at it holds it to be admissible", required=True),
    )
    yield FactType("claim.assessed", subject, "somebody of the provider has looked at it", assessed)
    determined = (
        _choice("outcome", "accepted, rejected, partly", "the decision", required=True),
        Field("amount", "number", "how much is granted; absent: what was computed", least=0),
        Field("currency", "currency", "its currency (ISO 4217); absent: that of the contract"),
        Field("evidence", "list of text", "what the decision rests on: references"),
    )
    yield FactType("claim.determined", subject, "the provider decides", determined)
    yield FactType("claim.approved", subject, "a second person agrees with the decision")
    yield FactType("claim.disputed", subject, "the customer does not accept the decision")
    yield FactType("claim.withdrawn", subject, "the customer takes it back")


def _contract_types() -> Iterable[FactType]:
    subject = "contract"
    invoice = _text("invoice", "the invoice", required=True)
    amount = Field("amount", "number", "its amount", least=0)
    issued = (
        invoice,
        amount,
        Field("currency", "currency", "its currency (ISO 4217)"),
        Field("month", "month", "the month it is for; absent: that of `from`, or of its issue"),
        Field("from", "date", "the first day of the billing cycle that it is for"),
        Field("months", "integer", "for how many months it is, from that one on", default=1, least=1),
    )
    corrected = (invoice, replace(amount, required=True, doc="its amount as it should be"))
    paid = (invoice, replace(amount, doc="how much was paid; absent: all"))
    yield FactType("contract.signed", subject, "both parties have signed")
    day = Field("on", "date", "the first day on which that holds; absent: from now on")
    plan = (_text("plan", "the new plan", required=True), _FEES, day)
    yield FactType("contract.plan_changed", subject, "another plan holds", plan)
    fees = replace(_FEES, required=True)
    yield FactType("contract.fees_changed", subject, "fees change, or an add-on comes or goes", (fees, day))
    yield FactType("contract.suspended", subject, "it rests")
    yield FactType("contract.resumed", subject, "it no longer rests")
    until = Field("until", "date", "the first day after the new period; absent: by the contract's term")
    yield FactType("contract.renewed", subject, "another contract period begins", (day, until, _FEES))
    yield FactType("contract.ended", subject, "it is over", (day,))
    leaving = (
        _text("remedy", "the remedy whose right to terminate is used"),
        _choice("by", "customer, provider", "who terminates", "customer"),
    )
    yield FactType("contract.termination_given", subject, "somebody says that it ends", leaving)
    yield FactType("contract.invoice_issued", subject, "an invoice is sent", issued)
    yield FactType("contract.invoice_corrected", subject, "an invoice has another amount", corrected)
    yield FactType("contract.invoice_paid", subject, "an invoice is paid", paid)


def _contact_types() -> Iterable[FactType]:
    yield FactType(
        "contact.named",
        "contact",
        "the customer names a contact",
        (_CONTRACT, _text("role", "the contact's role")),
    )
    yield FactType("contact.removed", "contact", "somebody is no longer a contact", (_CONTRACT,))
    for verb, doc in (("valid", "works"), ("expired", "has expired"), ("locked", "is locked")):
        yield FactType(
            f"credential.{verb}", "credential", f"a login that the provider needs {doc}", (_CONTRACT,)
        )


def _duty_types() -> Iterable[FactType]:
    version = _text("version", "the version", required=True)
    from_on = Field("from_on", "date", "the first day on which it is to hold; absent: as early as it can")
    yield FactType("agreement.published", "agreement", "a version is published", (version, from_on))
    noticed = (version, _text("contract", "the contract whose customer is told; absent: all"), from_on)
    yield FactType("agreement.notice_given", "agreement", "customers are told of a version", noticed)
    done = (_CONTRACT, _text("obligation", "the obligation", required=True))
    yield FactType("obligation.done", "obligation", "a recurring duty is done", done)
    doc = "something happened after which a recurring duty is owed once more"
    yield FactType("obligation.owed", "obligation", doc, done)
    item = (
        _text("reminder", "the reminder", required=True),
        _text("contract", "the contract for which it is; absent: all"),
    )
    yield FactType("reminder.done", "reminder", "what was announced without a promise has come", item)
    compromise = (
        _CONTRACT,
        _text("covenant", "the covenant that it is about; absent: the only one"),
        _text("credential", "which credential: its name, never the secret"),
        _choice("by", "customer, provider, third party", "who reports it"),
        Field("happened_at", "instant", "when it happened"),
        Field("learned_at", "instant", "when the one who reports it learned of it"),
        _choice("party", "provider, customer, third party", "whose doing it was; absent: the provider's"),
    )
    in_order = (("happened_at", "learned_at"), ("learned_at", "time"))
    yield FactType(
        "covenant.compromise_reported",
        "covenant",
        "a compromise of secrets is reported",
        compromise,
        in_order,
    )


def _statement_types() -> Iterable[FactType]:
    issued = (
        _CONTRACT,
        _text("period", "the month, quarter or year that it is about", required=True),
        _text("sha256", "the hash of its record", required=True),
        Field("number", "integer", "which it is of the statements of that period", required=True, least=1),
        Field("as_of", "instant", "the instant that it was computed for", required=True),
        Field(
            "position",
            "integer",
            "the position in the ledger up to which facts were known",
            required=True,
            least=0,
        ),
        _text("previous", "the hash of the statement that it restates"),
    )
    doc = "the customer is given the figures of a period; later ones of the same period restate it"
    yield FactType("statement.issued", "statement", doc, issued)


def _credit_types() -> Iterable[FactType]:
    entity = _text("entity", "the legal entity in whose sequence it is numbered", required=True)
    net = "its amount without tax; of days of service, their number"
    issued = (
        _CONTRACT,
        entity,
        Field("sequence", "integer", "its place in that sequence, from 1 on", True, least=1),
        _text("number", "the number on the document", required=True),
        Field("amount", "number", net, required=True),
        Field("tax", "number", "the tax on it"),
        Field("currency", "currency", "the currency of both (ISO 4217); absent: days of service"),
        Field("document", "object", "the memo as issued; `upheld credit issue` writes it", True),
    )
    yield FactType("credit.issued", "credit", "a credit is granted in a document with a number", issued)
    applied = (
        _CONTRACT,
        Field("amount", "number", "how much of it, without tax", required=True),
        _text("invoice", "the invoice that it stands on; absent: it was paid out, or given as service"),
    )
    yield FactType("credit.applied", "credit", "a credit is set against an invoice, or paid out", applied)
    yield FactType(
        "credit.voided", "credit", "a credit is taken back before any of it was applied", (_CONTRACT,)
    )
    closed = (entity, Field("month", "month", "the month", required=True))
    doc = "the books of a legal entity are closed for a month: nothing is issued into it any more"
    yield FactType("period.closed", "closing", doc, closed)


ACKNOWLEDGED: Final = "page.acknowledged"


def _page_types() -> Iterable[FactType]:
    said = (
        _text("by", "who acknowledges", required=True),
        _choice("how", "api, link", "by which way", required=True),
    )
    yield FactType(ACKNOWLEDGED, "page", "somebody who was woken takes care of it", said)


CAUSE: Final = "attribution.recorded"
RETRACTED: Final = "attribution.retracted"
"""What is left of what a cause once said: of what, and who had a hand in it. Nobody can tell such a fact."""
REPLACED: Final = "correction.replaced"
WITHDRAWN: Final = "correction.withdrawn"


def _correction_types() -> Iterable[FactType]:
    corrects = Field("corrects", "reference", "the fact that is corrected, by source and id", required=True)
    why = (_text("by", "who corrects", required=True), _text("reason", "why", required=True))
    replacement = Field(
        "replacement", "object", "what now holds: type, time, subject, data; absent parts stay", required=True
    )
    yield FactType(REPLACED, "correction", "another fact is replaced", (corrects, replacement, *why))
    yield FactType(WITHDRAWN, "correction", "another fact never happened", (corrects, *why))


FACT_TYPES: Final = MappingProxyType(
    {
        fact_type.name: fact_type
        for types in (
            _ticket_types,
            _operation_types,
            _claim_types,
            _credit_types,
            _contract_types,
            _contact_types,
            _duty_types,
            _statement_types,
            _page_types,
            _correction_types,
        )
        for fact_type in types()
    }
)
"""Every type that Upheld itself knows, by name; an agreement may declare others."""

OPENING: Final[Mapping[str, str]] = {
    "ticket": "ticket.opened",
    "incident": "incident.declared",
    "maintenance": "maintenance.announced",
    "task": "task.submitted",
    "claim": "claim.filed",
    "attribution": CAUSE,
}
"""The fact that brings a subject into being; see `subject.begins`."""
