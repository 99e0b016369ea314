"""What each word means that a field allows, for editors to show beside it."""

from __future__ import annotations

from upheld.language.codes import CODES
from upheld.language.table import Concept, Field

_CHANGE = {
    "keep start": "the new target counts from the start; what was late before stays late",
    "restart": "the clock begins again at the change",
    "pro rata": "the part of the budget that was left is left of the new one",
}
_SUBJECTS = {
    "ticket": "something that a customer asked",
    "incident": "something that happened to a service",
    "maintenance": "planned or emergency work",
    "task": "a piece of work submitted for execution",
    "claim": "the customer's request of what is owed",
    "attribution": "who or what caused something, with evidence",
    "stage": "the time in which a product is not fully promised",
    "suspension": "the time in which a contract rests",
    "credential": "the time in which access is invalid, expired or locked",
    "hours": "the hours of a calendar, without any fact",
}
_LATER = {
    "amendments": "what changes of the terms do",
    "claims": "what becomes of a claim",
    "status": "the public status page",
}
_BY_FIELD: dict[str, dict[str, str]] = {
    "flag": {"low": "listed with the others", "high": "told by every check, so that it may be settled"},
    "executed by": _LATER,
    "later": _LATER,
    "of": _SUBJECTS,
    "type": {
        "text": "a word or a name",
        "truth": "true or false",
        "number": "a number, exact",
        "duration": "a length of time, such as 2h",
        "instant": "a time with its offset",
    },
    "in part": {
        "fee": "the fee of the contract, as for every other period",
        "invoice": "what was invoiced for the period",
    },
    "set by": {"customer": "the customer says", "provider": "the provider says"},
    "closing": {
        "stay": "a deadline at closing time is shown there",
        "next opening": "a deadline at closing time is shown at the next opening",
    },
    "choose": {"first": "the first row that matches", "worst": "the row that is due first"},
    "change": _CHANGE,
    "by customer": _CHANGE,
    "by provider": _CHANGE,
    "reopening": {
        "continue": "the clock goes on where it stood",
        "new cycle": "a clock of its own begins",
        "ignore": "nothing",
    },
    "modality": {
        "guarantee": "what is not kept is breached",
        "objective": "what is not kept is missed",
        "best effort": "what is not kept is missed, and nobody promised more",
    },
    "overflow": {
        "ordinary": "one more is treated as others are",
        "refused": "one more may be refused",
        "charged": "one more is paid for",
    },
    "refund": {
        "provider reclassifies": "given back when the provider classifies it down",
        "never": "never given back",
    },
    "total": {
        "part in force": "the part of the period in which contract and component are there",
        "whole period": "the whole period",
    },
    "gaps": {
        "unknown": "neither up nor down; the bounds say what it could be",
        "up": "counted as up",
        "down": "counted as down",
        "out of total": "not in the share",
    },
    "lone": {
        "degraded": "up, and shown as degraded",
        "down": "down like the slices of a run",
        "unknown": "neither up nor down",
    },
    "unattributed": {"counts": "counted as the provider's", "unknown": "undetermined until somebody says"},
    "counted by": {"start": "the period in which it began", "end": "the period in which it ended"},
    "empty": {"met": "nothing was missed", "undetermined": "nothing can be said"},
    "lasts": {
        "announced": "from the announced start to the announced end",
        "actual": "from the start to the end that were told",
        "both": "what the announced and the actual window share",
    },
    "takes": {"all": "all time that it covers", "bad": "only bad time that it covers"},
    "effect": {
        "not bad": "bad time is given back",
        "out of total": "the time leaves the share",
        "breaks run": "a run of bad slices ends there",
    },
    "taken": {
        "before combining": "from the parts of a component",
        "after combining": "from the component as a whole",
    },
    "compare": {"exact": "the exact value", "half up": "the value rounded to the decimals of the level"},
    "unknown": {
        "bounds": "met if the worst case reaches the level, missed if the best does not, else undetermined",
        "up": "unknown time counts as up",
        "down": "unknown time counts as down",
    },
    "unit": {
        "money": "an amount of money",
        "days of service": "days that are not paid for",
        "termination": "the right to leave",
    },
    "combine": {
        "sum": "all of the group",
        "max": "the largest of the group",
        "first": "the first that is owed",
    },
    "round": {
        "half up": "to the nearest, from the middle up",
        "half even": "to the nearest, from the middle to the even one",
        "down": "towards nothing",
        "up": "away from nothing",
    },
    "run in": {
        "any part": "any part may be the bad one of a slice",
        "same part": "one part is bad all along",
    },
    "partly excluded": {
        "judged on the rest": "judged on what is not excluded",
        "excluded whole": "not bad at all",
        "not excluded": "bad as a whole",
    },
    "at period end": {
        "continuous": "a run goes over the end and is cut afterwards",
        "cut": "each period has runs of its own",
    },
    "invoice": {"month": "the invoice of the month that was missed"},
    "starts": {
        "next invoice": "the first invoice after the decision",
        "following month": "the invoice of the month after the one that was missed",
    },
    "several": {"add up": "an invoice carries all of them", "one at a time": "one after the other"},
    "after end": {"paid out": "what is owed stays owed", "lost": "what is owed ends with the contract"},
    "judged": {
        "each report": "each report that it happened has a verdict of its own, and silence has none",
        "each month": "each month is met, or breached if it happened then",
    },
    "register": {
        "by": "who reports it",
        "happened_at": "when it happened",
        "learned_at": "when that was learned",
        "credential": "which credential it is, by its name",
    },
    "ends": {
        "day": "with the day on which the notice has passed",
        "month": "with the month in which the notice has passed",
    },
    "audience": {
        "provider": "people of the provider, by the strictest reading",
        "customer": "contacts of the customer, by the reading that holds",
    },
    "how": {
        "page": "at once, and again to the next one until somebody has seen it",
        "urgent": "at once, but not in quiet hours",
        "planned": "with the next digest",
    },
    "repeat": {"once": "the first such event of a subject", "each time": "every such event"},
    "kind": CODES,
}
_BY_CONCEPT: dict[tuple[str, str], dict[str, str]] = {
    ("billing", "tax"): {
        "S": "taxed at a rate",
        "Z": "taxed at nothing",
        "E": "exempt",
        "AE": "reverse charge: the buyer accounts for the tax",
        "K": "delivered within the European Union, exempt",
        "G": "exported, exempt",
        "O": "outside the scope of VAT",
        "L": "the tax of the Canary Islands (IGIC)",
        "M": "the tax of Ceuta and Melilla (IPSI)",
    },
    ("claim", "about"): {
        "period": "a period, such as a month",
        "item": "an item that was late, which keeps the whole period",
        "either": "a period, or an item in it",
    },
    ("claim", "counts from"): {
        "sent": "when the customer sent it",
        "received": "when the provider had it",
        "earliest": "whichever of both was earlier",
    },
    ("claim", "include"): {
        "account": "the account that it is for",
        "period": "the period that it is for",
        "metrics": "what was measured",
        "impact": "what that meant for the customer",
        "evidence": "something that proves it",
    },
    ("claim", "decision"): {
        "beside the verdict": "both are kept, and what was computed stays",
        "final": "what is decided is what is owed",
    },
    ("amend", "never below"): {
        "nothing": "a new version may be worse in anything",
        "commitments in force": "a new version may not be worse than what holds when it begins",
        "commitments at signature": "a new version may not be worse than what was signed",
    },
    ("amend", "until"): {
        "contract period ends": "until the period of the contract in which it begins is over",
        "contract ends": "as long as the contract lasts",
    },
    ("amend", "incomparable"): {
        "signature version": "what was signed holds on",
        "new version": "the new version holds",
    },
    ("amend", "applies from"): {
        "end of the notice": "as soon as the notice has passed",
        "next month": "from the first day of the month after that",
    },
    ("amend", "clocks"): {
        "version at opening": "the version that held when it was opened",
        "new version": "the new version, as soon as it begins",
    },
    ("amend", "periods"): {
        "version at start": "the version that held when the period began",
        "new version": "the new version, as soon as it begins",
    },
    ("steps", "of"): {
        "downtime": "the bad time of the period",
        "each outage": "every outage of its own",
        "each day": "the bad time of every day",
        "shortfall": "what is missing to the level",
        "late items": "the items that are late",
    },
    ("pay", "of"): {
        "the base": "a share of the base",
        "each invoice": "a share of the invoice that carries it",
    },
}


def meaning_of(concept: Concept, field: Field, word: str) -> str:
    """What a word means in a field of a concept. KeyError if nobody has said it."""
    return (_BY_CONCEPT.get((concept.name, field.name)) or _BY_FIELD[field.name])[word]
