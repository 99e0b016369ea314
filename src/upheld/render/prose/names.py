"""What the words of the language are called in plain words: attributes, instants, events and their values.

The reader is the customer, so that party is "you"; the provider goes by its own name. Clauses ("the ticket is
resolved") always follow a word such as if, when or that: in Dutch their verb stands at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from upheld.core.terms.agreement import Overflow
from upheld.render.prose.tongue import N_


class Noun(NamedTuple):
    """An attribute as a noun, as a clause that it has a value or has not, and the values the language gives.

    What is not among `words` are values that the agreement gives: these are quoted.
    """

    noun: str
    has: str = N_("{noun} is {values}")
    has_not: str = N_("{noun} is not {values}")
    words: Mapping[str, str] = {}


DECLARED: Final = Noun("", N_("{noun} has the value {values}"), N_("{noun} does not have the value {values}"))
"""An attribute that the agreement declares: it goes by its own name."""

_PARTIES: Final = {
    "provider": N_("{provider}"),
    "customer": N_("you"),
    "vendor": N_("a vendor"),
    "third party": N_("a third party"),
    "none": N_("nobody"),
    "human": N_("a person"),
    "automatic": N_("a machine"),
}
_WORK: Final = {
    "scheduled": N_("scheduled work"),
    "emergency": N_("emergency work"),
    "non-disruptive": N_("work without disruption"),
    "high risk": N_("high-risk work"),
}

NOUNS: Final[Mapping[str, Noun]] = {
    "priority": Noun(N_("the priority")),
    "severity": Noun(N_("the severity")),
    "kind": Noun(N_("the kind of ticket")),
    "maintenance.kind": Noun(N_("the kind of work"), N_("it is {values}"), N_("it is not {values}"), _WORK),
    "channel": Noun(N_("the channel")),
    "requester": Noun(N_("the person who asks")),
    "component": Noun(N_("the component")),
    "components": Noun(N_("the list of components")),
    "tickets": Noun(N_("the list of tickets")),
    "products": Noun(N_("the list of products")),
    "contracts": Noun(N_("the list of contracts")),
    "share_of_users": Noun(N_("the share of users affected")),
    "about": Noun(N_("the period claimed for")),
    "target": Noun(N_("what the cause is recorded for")),
    "cause": Noun(N_("the cause")),
    "party": Noun(
        N_("the party that the cause lies with"),
        N_("the cause lies with {values}"),
        N_("the cause does not lie with {values}"),
        _PARTIES,
    ),
    "contracted_by": Noun(
        N_("the party that contracted the third party"),
        N_("the third party was contracted by {values}"),
        N_("the third party was not contracted by {values}"),
        _PARTIES,
    ),
    "evidence": Noun(N_("the evidence")),
    "account": Noun(N_("the account")),
    "metrics": Noun(N_("what the claim says was measured")),
    "impact": Noun(N_("what the claim says of its consequences")),
    "filed_by": Noun(N_("the person who files it")),
    "amount": Noun(N_("the amount granted")),
    "currency": Noun(N_("the currency")),
    "by": Noun(N_("who acted"), N_("it comes from {values}"), N_("it does not come from {values}"), _PARTIES),
    "visibility": Noun(
        N_("who can read it"),
        N_("it is {values}"),
        N_("it is not {values}"),
        {"public": N_("visible to you"), "internal": N_("internal")},
    ),
    "for": Noun(
        N_("who is waited for"),
        N_("the ticket waits for {values}"),
        N_("the ticket does not wait for {values}"),
        _PARTIES,
    ),
    "duty": Noun(
        N_("the duty that is waited for"),
        N_("it waits for the duty {values}"),
        N_("it does not wait for the duty {values}"),
    ),
    "to": Noun(N_("the person or group it goes to")),
    "vendor": Noun(N_("the vendor")),
    "commitment": Noun(N_("the promise whose time is taken over")),
    "into": Noun(N_("the ticket that goes on")),
    "actor": Noun(N_("the person who acted")),
    "reason": Noun(N_("the reason")),
    "outcome": Noun(
        N_("the decision"),
        words={"accepted": N_("accepted"), "rejected": N_("rejected"), "partly": N_("partly accepted")},
    ),
    "status": Noun(N_("the status answered")),
    "latency": Noun(N_("the time taken to answer")),
    "code": Noun(N_("the error code")),
    "state": Noun(N_("the state")),
    "credential.state": Noun(
        N_("the state of the login"),
        N_("the login is {values}"),
        N_("the login is not {values}"),
        {"expired": N_("expired"), "locked": N_("locked"), "valid": N_("valid")},
    ),
    "credential": Noun(N_("the login")),
    "good": Noun(N_("the number of good observations")),
    "total": Noun(N_("the number of observations")),
    "product": Noun(N_("the product")),
    "stage": Noun(N_("the stage of the product")),
    "provider": Noun(N_("the provider")),
    "contract": Noun(N_("your contract")),
    "contract.plan": Noun(N_("your plan")),
    "contract.id": Noun(N_("your contract")),
    "value": Noun(N_("what was measured")),
    "level": Noun(N_("the level promised")),
    "shortfall": Noun(N_("the shortfall")),
    "downtime": Noun(N_("the downtime")),
    "period": Noun(N_("the length of the period")),
    "base": Noun(N_("the amount that the credit is taken of")),
    "late": Noun(N_("the number that was late")),
    "counted": Noun(N_("the number that was counted")),
    "complaints": Noun(N_("the number of complaints filed in time")),
    "breaches": Noun(N_("the number of periods in a row that were not kept")),
}
"""By `KIND.NAME` where the name means something of its own there, else by name."""

TRUTHS: Final[Mapping[str, tuple[str, str]]] = {
    "interruption": (N_("the service is interrupted"), N_("the service is not interrupted")),
    "admissible": (N_("the claim is held to be admissible"), N_("the claim is held to be inadmissible")),
    "ok": (N_("the check succeeds"), N_("the check fails")),
    "verified": (N_("the sender is known"), N_("the sender is not known")),
}
"""Attributes that hold or not, as clauses."""

QUOTA: Final[Mapping[str, tuple[str, str]]] = {
    "within": (
        N_("it falls within the allowance {name}"),
        N_("it does not fall within the allowance {name}"),
    ),
    "beyond": (N_("it goes beyond the allowance {name}"), N_("it does not go beyond the allowance {name}")),
    "charged": (
        N_("it is charged beyond the allowance {name}"),
        N_("it is not charged beyond the allowance {name}"),
    ),
    "refused": (
        N_("it is refused beyond the allowance {name}"),
        N_("it is not refused beyond the allowance {name}"),
    ),
    "none": (
        N_("it does not count towards the allowance {name}"),
        N_("it counts towards the allowance {name}"),
    ),
}
"""What a quota says of a ticket, as clauses."""

BEYOND: Final[Mapping[Overflow, str]] = {
    "ordinary": "beyond",
    "charged": "charged",
    "refused": "refused",
}
"""What a quota says beyond its allowance, by its overflow rule."""

INSTANTS: Final[Mapping[str, str]] = {
    "maintenance.starts_at": N_("the work is due to begin"),
    "maintenance.ends_at": N_("the work is due to end"),
    "starts_at": N_("the cause begins to apply"),
    "ends_at": N_("the cause ceases to apply"),
    "contacted_at": N_("you first make contact"),
    "sent_at": N_("the claim is sent"),
    "received_at": N_("the claim arrives"),
    "about.start": N_("the period claimed for begins"),
    "about.end": N_("the period claimed for ends"),
    "issue_at": N_("the matter claimed for occurs"),
}
"""Attributes that are instants, as what happens then."""

EVENTS: Final[Mapping[str, str]] = {
    "ticket.opened": N_("the ticket is opened"),
    "ticket.classified": N_("the ticket is classified anew"),
    "ticket.assigned": N_("the ticket is taken on"),
    "ticket.replied": N_("{provider} replies"),
    "ticket.customer_replied": N_("you reply"),
    "ticket.waiting_started": N_("a wait begins"),
    "ticket.waiting_ended": N_("the wait is over"),
    "ticket.objected": N_("you object"),
    "ticket.workaround": N_("a workaround is given"),
    "ticket.resolved": N_("the ticket is resolved"),
    "ticket.reopened": N_("the ticket is reopened"),
    "ticket.closed": N_("the ticket is closed"),
    "ticket.merged": N_("the ticket is merged into another"),
    "ticket.escalated": N_("the ticket is escalated"),
    "ticket.vendor_case": N_("a case is opened with a vendor"),
    "ticket.cancelled": N_("the ticket is withdrawn"),
    "ticket.carried": N_("the ticket is taken over"),
    "incident.declared": N_("the incident is declared"),
    "incident.classified": N_("the incident is classified anew"),
    "incident.updated": N_("an update is given"),
    "incident.mitigated": N_("the effects of the incident are gone"),
    "incident.resolved": N_("the incident is over"),
    "incident.post_mortem_published": N_("the account of what happened is published"),
    "incident.report_sent": N_("a report on the incident is sent"),
    "maintenance.planned": N_("the work is planned"),
    "maintenance.announced": N_("the work is announced"),
    "maintenance.changed": N_("the announcement is changed"),
    "maintenance.started": N_("the work begins"),
    "maintenance.ended": N_("the work ends"),
    "maintenance.cancelled": N_("the work is called off"),
    "task.submitted": N_("the task is submitted"),
    "task.began": N_("the task begins"),
    "task.finished": N_("the task is done"),
    "task.failed": N_("the task fails"),
    "task.cancelled": N_("the task is withdrawn"),
    "attribution.recorded": N_("a cause is recorded"),
    "claim.filed": N_("the claim is filed"),
    "claim.acknowledged": N_("the claim is acknowledged"),
    "claim.supplemented": N_("the claim is supplemented"),
    "claim.assessed": N_("the claim is looked at"),
    "claim.determined": N_("the claim is decided"),
    "claim.approved": N_("a second person agrees with the decision"),
    "claim.disputed": N_("the decision is disputed"),
    "claim.withdrawn": N_("the claim is withdrawn"),
}
"""What happens, by the type of its fact."""

BY_A_PERSON: Final[Mapping[str, str]] = {
    "ticket.replied": N_("a person at {provider} replies to you"),
    "incident.updated": N_("a person at {provider} informs you"),
}
"""The same where a person does it and the customer can read it."""

FOR_THE_CUSTOMER: Final[Mapping[str, str]] = {
    "incident.report_sent": N_("you are sent a report on the incident"),
}
"""The same where it is done for this customer, or for all."""

RELATIONS: Final[Mapping[str, str]] = {
    "=": N_("{left} is {right}"),
    "!=": N_("{left} is not {right}"),
    "<": N_("{left} is less than {right}"),
    "<=": N_("{left} is at most {right}"),
    ">": N_("{left} is more than {right}"),
    ">=": N_("{left} is at least {right}"),
}
IN_TIME: Final[Mapping[str, str]] = {
    "=": N_("{left} is {right}"),
    "!=": N_("{left} is not {right}"),
    "<": N_("{left} is before {right}"),
    "<=": N_("{left} is no later than {right}"),
    ">": N_("{left} is after {right}"),
    ">=": N_("{left} is no earlier than {right}"),
}
ARITHMETIC: Final[Mapping[str, str]] = {
    "+": N_("{left} plus {right}"),
    "-": N_("{left} minus {right}"),
    "*": N_("{left} times {right}"),
    "/": N_("{left} divided by {right}"),
}
OPPOSITE: Final[Mapping[str, str]] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
