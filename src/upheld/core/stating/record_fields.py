"""Every name of a record, with its kind and its meaning: the schema and the reference are made of this."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from upheld.core.stating.field_kinds import CLAUSES, COMMITMENT, CURRENCY, READINGS, SUBJECT, Fields
from upheld.core.stating.money_fields import MONEY_FIELDS
from upheld.core.stating.rules import FORMAT
from upheld.core.stating.verdict_fields import VERDICT_FIELDS

OBJECTS: Final[Mapping[str, Fields]] = MappingProxyType(
    {
        "envelope": {
            "record": ("record", "what was frozen"),
            "sha256": (
                "text",
                "SHA-256 of the canonical bytes (RFC 8785) of the record, in hexadecimal digits",
            ),
        },
        "record": {
            "format": ("text", f"`{FORMAT}`: the names and meanings of all of this"),
            "rules": ("[text]", "the versioned rules by which it was made; one that is retired is refused"),
            "contract": ("contract", "whose statement it is"),
            "agreement": ("agreement", "what was promised, by the hashes of its texts"),
            "period": ("period", "the month, quarter or year, in the contract's zone"),
            "at": ("instant", "the instant asked about"),
            "known": ("whole", "the position in the ledger up to which facts were known"),
            "is_over": ("truth", "whether the period was over at the instant"),
            "summary": ("summary", "how many promises of the provider are in each state"),
            "months": ("[month]", "of a quarter or year: what each of its months holds; empty for a month"),
            "promises": ("[promise]", "the commitments of which there is a verdict"),
            "verdicts": ("[verdict]", "every verdict that was decided in the period, or is open in it"),
            "subjects": ("[subject]", "the tickets, tasks, incidents and others that clocks were about"),
            "money": ("money", "what is owed, and how it came about"),
            "claims": ("[claim]", "claims about the period or an item of it, or filed or decided in it"),
            "claimable": ("[claimable]", "what can still be claimed, the first to end first"),
            "memos": ("[memo]", "credit memos of the period"),
            "obligations": ("[obligation]", "recurring duties"),
            "reports": ("[report]", "reports on incidents"),
            "notices": ("[notice]", "versions of the agreement that were announced"),
            "covenants": ("[covenant]", "covenants with their registers"),
            "reminders": ("[reminder]", "what was announced without a promise"),
            "quotas": ("[quota]", "allowances, and what was used of them"),
            "contacts": ("contacts?", "who may ask"),
            "terminations": ("[termination]", "rights to terminate"),
            "waiting": ("[waiting]", "what the provider should have done by the instant, the oldest first"),
            "next": ("[coming]", "what falls due after the instant, the next first"),
            "readings": ("readings", "what hangs on how a clause is read"),
            "facts": ("[fact]", "the facts that something here rests on, by (at, source, id)"),
            "restates": ("restates?", "what is another than in the statement before; null in a first one"),
            "chain": ("chain", "the place among the statements of the period"),
        },
        "contract": {
            "id": ("text", "its id"),
            "customer": ("text", "the customer"),
            "provider": ("text", "the provider"),
            "plan": ("text", "the plan at the end of the period; empty without plans"),
            "plans": ("[plan]", "every plan, from when on"),
            "currency": ("text", "the currency of its fees"),
            "from_on": ("day", "its first day"),
            "until_on": ("day?", "the first day after it, where its file says one"),
            "ends_at": ("instant?", "when it ends, by its file and the facts; null: until further notice"),
            "zone": ("zone", "the civil time in which its instants are told"),
        },
        "plan": {
            "plan": ("text", "its name"),
            "from_at": ("instant", "from when on it holds"),
        },
        "zone": {
            "name": ("text", "its IANA name"),
            "years": ("[whole]", "the first and the last year that it is known for"),
            "transitions": ("[instant]", "when the offset changes"),
            "offsets_s": ("[whole]", "the offsets in seconds, one more than there are transitions"),
            "abbreviations": ("[text]", "the abbreviation of each"),
        },
        "agreement": {
            "name": ("text", "by which contracts bind to it"),
            "version": ("text", "its version"),
            "title": ("text", "its title"),
            "sha256": ("text", "the hash of what its text says; empty where it was in no file"),
            "lock_sha256": ("text", "the hash of its lock; empty without one"),
            "contract_sha256": ("text", "the hash of what the contract's text says"),
        },
        "period": {
            "label": ("text", "2026-06, 2026-Q2 or 2026"),
            "kind": ("text", "calendar month, calendar quarter or calendar year"),
            "start_at": ("instant", "its beginning"),
            "end_at": ("instant", "its end, which is no part of it"),
        },
        "summary": {
            "met": ("whole", "kept"),
            "missed": ("whole", "an aim not kept"),
            "breached": ("whole", "a guarantee not kept"),
            "undetermined": ("whole", "what is not known decides"),
            "running": ("whole", "not decided yet"),
            "at_risk": ("whole", "not decided yet, and the goal was passed"),
            "not_applicable": ("whole", "nothing is promised there"),
        },
        "month": {
            "label": ("text", "the month"),
            "summary": ("summary", "its verdicts by state; only decided ones"),
            "owed": ("[owed]", "what is owed for it"),
        },
        "promise": {
            "plan": ("text", "the plan that it is of, where that is not the first of the contract"),
            "commitment": COMMITMENT,
            "kind": ("text", "deadline, cadence, quota, obligation, measurement or covenant"),
            "party": ("text", "whose it is to keep: provider, or customer (to file a claim)"),
            "modality": ("text", "guarantee, objective or best effort"),
            "doc": ("text", "a remark of the agreement"),
            "of": ("text?", "the kind of subject that a clock or quota is about"),
            "per": ("text?", "the kind of period of all else"),
            "allowed": ("whole?", "how often: of a quota at most, of an obligation at least"),
            "indicator": ("text?", "what is measured"),
            "level": ("level?", "the level promised"),
            "clauses": CLAUSES,
            "readings": READINGS,
        },
        "level": {
            "relation": ("text", ">=, >, <= or <"),
            "value": ("exact", "a ratio, or microseconds"),
            "unit": ("text", "ratio or duration"),
        },
        "target": {
            "goal": ("quantity?", "what is aimed at"),
            "limit": ("quantity?", "what is judged"),
        },
        "quantity": {
            "kind": ("text", "time (in microseconds), business days, days, weeks, months or years"),
            "count": ("exact", "how many"),
        },
        **VERDICT_FIELDS,
        **MONEY_FIELDS,
        "coming": {
            "due_at": ("instant", "when"),
            "what": ("text", "limit or goal"),
            "commitment": COMMITMENT,
            "subject": SUBJECT,
        },
        "readings": {
            "taken": ("[reading]", "the readings that something here rests on, and how they are taken"),
            "dependences": ("[dependence]", "the verdicts and credits that would be others"),
        },
        "reading": {
            "name": ("text", "its name in the agreement"),
            "ref": ("text", "by which people cite it"),
            "issue": ("text", "what is open"),
            "options": ("[text]", "how it can be read"),
            "take": ("text", "how it is read"),
            "because": ("text", "why"),
            "clauses": CLAUSES,
        },
        "dependence": {
            "of": ("text", "verdict or credit"),
            "commitment": ("text", "the commitment, or the remedy"),
            "subject": SUBJECT,
            "cycle": ("whole", "as of the verdict"),
            "depends": ("truth", "whether a state or an amount would be another one"),
            "taken": ("result", "what it is"),
            "alternatives": ("[alternative]", "what it would be"),
            "states": ("[text]", "every state that comes out"),
            "low": ("exact?", "the least that comes out"),
            "high": ("exact?", "the most"),
            "explored": ("text", "every combination, or one at a time and in pairs"),
        },
        "result": {
            "state": ("text", "the state; `not promised`: there is none then"),
            "value": ("exact?", "its figure"),
            "low": ("exact?", "at least"),
            "high": ("exact?", "at most"),
            "due_at": ("instant?", "when it is due"),
            "amount": ("amount?", "of a credit"),
            "currency": ("text?", "of a credit"),
        },
        "alternative": {
            "takings": ("[taking]", "the readings that are taken otherwise"),
            "decides": ("truth", "whether the state or the amount is another one"),
            "state": ("text", "as of a result"),
            "value": ("exact?", "as of a result"),
            "low": ("exact?", "as of a result"),
            "high": ("exact?", "as of a result"),
            "due_at": ("instant?", "as of a result"),
            "amount": ("amount?", "as of a result"),
            "currency": ("text?", "as of a result"),
        },
        "taking": {"reading": ("text", "its name"), "option": ("text", "how it is taken")},
        "fact": {
            "source": ("text", "who told it"),
            "id": ("text", "under which id"),
            "type": ("text", "its type"),
            "at": ("instant", "when it happened"),
            "recorded_at": ("instant", "when it was recorded"),
            "subject": ("text", "what it is about"),
            "sha256": ("text", "the hash of what it says, without what is personal"),
            "corrected_by": ("correction?", "what made it what it is"),
        },
        "correction": {
            "source": ("text", "who told it"),
            "id": ("text", "under which id"),
            "by": ("text", "who corrects"),
            "reason": ("text", "why"),
        },
        "ref": {"source": ("text", "who told it"), "id": ("text", "under which id")},
        "restates": {
            "number": ("whole", "the number of the statement before"),
            "sha256": ("text", "its hash"),
            "at": ("instant", "the instant that it was asked for"),
            "known": ("whole", "its position"),
            "changes": ("[change]", "every entry that is another one"),
            "money": ("[difference]", "what is owed before and after"),
            "why": ("[cause]", "what came in since"),
        },
        "difference": {
            "currency": CURRENCY,
            "before": ("whole", "minor units before"),
            "after": ("whole", "minor units now"),
            "difference": ("whole", "the one less the other"),
        },
        "cause": {
            "how": (
                "text",
                "arrived, corrected, withdrawn, conflict, terms, time, format, observations or order",
            ),
            "source": ("text?", "who told the fact; null where it is none"),
            "id": ("text?", "under which id"),
            "type": ("text?", "its type"),
            "subject": ("text?", "what it is about"),
            "at": ("instant?", "when it happened"),
            "recorded_at": ("instant?", "when it was recorded"),
            "corrects": ("corrected?", "the fact that it corrects"),
            "by": ("text", "who says so"),
            "reason": ("text", "why"),
        },
        "corrected": {
            "source": ("text", "who told it"),
            "id": ("text", "under which id"),
            "type": ("text", "its type"),
        },
        "chain": {
            "number": ("whole", "1, 2, ... of the statements of the period"),
            "previous": ("text?", "the hash of the one before"),
        },
    }
)
"""The objects by their names."""
OPEN: Final = frozenset(
    {
        "obligation", "report", "notice", "covenant", "reminder", "quota", "contacts", "termination",
        "change",
    }
)  # fmt: skip
"""Objects whose names depend on what they are about; each is told in its own words in the reference."""
