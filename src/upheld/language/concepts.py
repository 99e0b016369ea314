"""The language as one table: every concept, its fields, and what each field may hold.

Structure checking, the compiler, the JSON Schema and the reference all read this table and no other.
"""

from __future__ import annotations

from upheld.core.terms.billing import TAX_CATEGORIES
from upheld.core.terms.claim import INCLUDED
from upheld.core.terms.duty import ENTRIES
from upheld.language.concepts_of_measuring import MEASURING, MEASURING_PARTS
from upheld.language.concepts_of_telling import TELLING
from upheld.language.defect_kinds import DEFECT_KINDS
from upheld.language.table import KINDS as KINDS
from upheld.language.table import Concept as Concept
from upheld.language.table import Field as Field
from upheld.language.table import Kind as Kind
from upheld.language.table import clause, doc, modality, one_of

SUBJECTS = ("ticket", "incident", "maintenance", "task", "claim")
TYPES = ("text", "truth", "number", "duration", "instant")
CHANGES = ("keep start", "restart", "pro rata")
LATER = ("claims", "status")


def _of(what: str, default: str = "", choices: tuple[str, ...] = SUBJECTS) -> Field:
    return Field("of", "choice", f"the kind of subject that {what}", not default, default, choices)


_DOCUMENT = (
    Field("agreement", "word", "the name by which contracts know the agreement", required=True),
    Field("version", "word", "the version of the terms", required=True),
    Field("provider", "text", "who promises", required=True),
    Field(
        "zone", "zone", "where periods and days are counted unless a row or the contract says otherwise", True
    ),
    Field("title", "text", "what the page calls itself"),
    Field("source", "text", "where the page was found"),
    Field("clauses", "path", "the file that lists every operative clause of the page"),
)
_ASSUME = (
    Field("ref", "text", "the number under which the reading is known"),
    Field("issue", "text", "what the page leaves open", required=True),
    Field("options", "texts", "the readings that are possible, two or more", required=True),
    Field("take", "text", "the reading that holds; one of the options", required=True),
    Field("because", "text", "why that one", required=True),
    Field("flag", "choice", "how much a reader should be told of it", False, "", ("low", "high")),
    Field("named only", "texts", "options that nothing can execute: written down, and never taken"),
    Field("executed by", "choice", "the later part for a reading that nothing consults yet", choices=LATER),
    Field("clause", "words", "the clauses of the page that it interprets (that encodes none of them)"),
)
_ATTRIBUTE = (
    _of("has it", "", (*SUBJECTS, "attribution")),
    Field("type", "choice", "the type of its values", True, "", TYPES),
    Field("values", "texts", "all values that it may have; others are findings"),
    Field("default", "text", "the value where no fact has told one"),
    doc("the attribute"),
)
_EVENT = (
    _of("such a fact is about"),
    Field("fields", "types", "the fields that such a fact carries, with their types"),
    doc("the event"),
)
_SCALE = (
    _of("it ranks", "", ("ticket", "incident")),
    Field("values", "definitions", "its values with their definitions, the most urgent first", required=True),
    Field("set by", "choice", "who says which value holds", choices=("customer", "provider")),
    clause("the scale"),
)
_DUTY = (
    Field("text", "text", "what the customer owes", required=True),
    clause("the duty"),
)
_CALENDAR = (
    Field(
        "zone",
        "zone",
        "where its hours are local; if left out, the contract's, else the document's; or its first part's",
    ),
    Field("open", "hours", "when it is open"),
    Field("breaks", "hours", "when it closes in between"),
    Field("holidays", "holidays", "days with other hours", default="none"),
    Field("dates", "dates", "days with hours of their own, whatever else they are"),
    Field("union", "calendars", "open when any of them is"),
    Field("intersection", "calendars", "open when all of them are"),
    Field("difference", "calendars", "open when the first is and none of the others"),
    Field("business day", "day", "what one business day is"),
    Field(
        "closing",
        "choice",
        "where a deadline at closing time is shown",
        False,
        "stay",
        ("stay", "next opening"),
    ),
    clause("the calendar"),
    doc("the calendar"),
)
_WHERE = Field("where", "expression", "the subjects it is for, by their attributes as they change")
_WITHIN = "what is allowed, by the attributes in force"
_CHOOSE = Field(
    "choose", "choice", "which row of a list holds if several match", False, "first", ("first", "worst")
)
_DEADLINE = (
    _of("has the clock", "ticket"),
    _WHERE,
    Field("from", "event", "what starts the clock"),
    Field("until", "event", "what stops it", required=True),
    Field("after", "event", "what must have happened before a start counts"),
    Field("pause", "pause", "when the clock stands still"),
    Field("on", "calendar tree", "the calendar on which amounts count", default="always"),
    Field("within", "target", _WITHIN),
    Field("due", "instant", "the instant by which it must have happened, instead of from, on and within"),
    _CHOOSE,
    Field(
        "change",
        "change",
        "what a change of attributes does to a running clock",
        False,
        "keep start",
        CHANGES,
    ),
    Field(
        "reopening", "choice", "what reopening does", False, "continue", ("continue", "new cycle", "ignore")
    ),
    modality("a late guarantee is breached, anything else missed"),
    clause("the deadline"),
    doc("the deadline"),
)
_EVERY = (
    _of("has the clock", "ticket"),
    _WHERE,
    Field("from", "event", "what begins the first round", required=True),
    Field("again", "event", "what satisfies a round and begins the next", required=True),
    Field("until", "event", "what ends the rounds", required=True),
    Field("each", "target", "how long a round may last, by the attributes in force", required=True),
    Field("on", "calendar tree", "the calendar on which a round counts", default="always"),
    Field("hours", "calendar", "the calendar to whose next opening a due instant outside it moves"),
    _CHOOSE,
    modality("a late round is breached if guaranteed, else missed"),
    clause("the cadence"),
    doc("the cadence"),
)
_QUOTA = (
    _of("is counted", "ticket", ("ticket",)),
    Field("where", "expression", "what counts", required=True),
    Field("allow", "count", "how many are allowed in a period", required=True),
    Field("per", "period", "the period in which they are counted", required=True),
    Field("zone", "zone", "where the period is local, if not in the document's zone"),
    Field("overflow", "choice", "what one more is", True, "", ("ordinary", "refused", "charged")),
    Field("refund", "choice", "when one is given back", False, "never", ("provider reclassifies", "never")),
    modality("it is carried into the verdict"),
    clause("the quota"),
    doc("the quota"),
)
_ENTITLEMENT = (
    Field("value", "words", "what the plan gives"),
    Field("named contacts", "count", "how many people may start a clock"),
    Field("channels", "texts", "the channels that may be used"),
    clause("the entitlement"),
    doc("the entitlement"),
)
_OBLIGATION = (
    Field("times", "count", "how many times in a period", required=True),
    Field("per", "period", "the period in which it must be done so often", required=True),
    Field("zone", "zone", "where the period is local, if not in the document's zone"),
    modality("left undone it is breached or missed"),
    clause("the obligation"),
    doc("the obligation"),
)
_COVENANT = (
    Field("what", "text", "what never happens", required=True),
    one_of("judged", "whether each report that it happened is judged, or each month by whether it did",
           ("each report", "each month"), "each report"),
    Field("zone", "zone", "where a month is local, if not in the document's zone"),
    Field("since", "date", "the day from which it holds; absent: the first day of the contract"),
    Field("register", "choices", "what a report has to say, so that the register is complete; absent: all",
          choices=ENTRIES),
    modality("what happens is breached or missed"),
    clause("the covenant"),
    doc("the covenant"),
)  # fmt: skip
_REMIND = (
    Field("what", "text", "what was announced, and not promised", required=True),
    Field("from", "date", "the day on which to be reminded of it", required=True),
    Field("until", "date", "the first day after the time for which it was announced"),
    clause("the reminder"),
    doc("the reminder"),
)
_ACKNOWLEDGE = (
    Field("finding", "finding", "which finding stays; an error cannot", required=True),
    Field("of", "words", "the rows, plans or clauses that it is about; absent: wherever it is found"),
    Field("because", "text", "why it stays", required=True),
)
_CLAIM = (
    Field("needed", "truth", "whether a credit is paid only if it is claimed", default="true"),
    Field("for", "texts", "the remedies that are claimed; absent: all"),
    one_of("about", "what a claim is about: a period, an item that was late, or either of them",
           ("period", "item", "either"), "either"),
    one_of("counts from", "from when a claim counts as filed: sent, received, or the earlier of both",
           ("sent", "received", "earliest"), "earliest"),
    Field("channel", "words", "the channels by which a claim has to come; absent: any"),
    Field("to", "text", "where a claim is sent to"),
    Field("include", "choices", "what a claim has to say", choices=INCLUDED),
    Field("protective", "truth", "whether a claim may be filed before the figure of its period is known",
          default="true"),
    one_of("decision", "whether what the provider decides stands beside what was computed or replaces it",
           ("beside the verdict", "final"), "beside the verdict"),
    Field("two decide above", "sum", "above this amount a second person has to agree with a decision"),
    Field("decided on", "text", "what a decision has to rest on"),
    clause("the rule"),
    doc("the rule"),
)  # fmt: skip
_AMEND = (
    Field("notice", "amount", "how long before its first day a new version is announced", default="none"),
    one_of("never below", "what a new version may not make worse, commitment by commitment",
           ("nothing", "commitments in force", "commitments at signature"), "nothing"),
    one_of("until", "how long that is kept", ("contract period ends", "contract ends"),
           "contract period ends"),
    one_of("incomparable", "which version holds meanwhile for a commitment of which neither is the better",
           ("signature version", "new version"), "signature version"),
    one_of("applies from", "when a new version begins", ("end of the notice", "next month"),
           "end of the notice"),
    one_of("clocks", "which version holds for what was opened before it",
           ("version at opening", "new version"), "version at opening"),
    one_of("periods", "which version holds for a period that it falls into",
           ("version at start", "new version"), "version at start"),
    Field("published", "text", "where a new version is published"),
    Field("accepted by", "text", "how the customer accepts it"),
    clause("the rule"),
    doc("the rule"),
)  # fmt: skip

AGREEMENT: tuple[Concept, ...] = (
    Concept("document", "What this file is: whose terms, in which version.", _DOCUMENT,
            "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid}",
            named=False),
    Concept("assume", "A reading of something that the page leaves open, chosen by name; a value written "
            "`{by NAME: {option: value, …}}` consults it.", _ASSUME,
            "assume:\n  holidays: {ref: A1, issue: public holidays, options: [off, working], take: working, "
            "because: none are named}"),
    Concept("attribute", "An attribute of subjects, told by the facts that open or classify them.",
            _ATTRIBUTE,
            "attribute:\n  kind: {of: ticket, type: text, values: [incident, question], default: incident}"),
    Concept("event", "A type of fact that the agreement adds to the known ones, named family.verb.", _EVENT,
            "event:\n  visit.arrived: {of: ticket, fields: {engineer: text}}"),
    Concept("scale", "An ordered set of values; its name is an attribute of the subjects it ranks.", _SCALE,
            "scale:\n  priority: {of: ticket, values: {P1: system down, P2: feature broken}}"),
    Concept("duty", "Something that the customer owes and that a wait may name.", _DUTY,
            "duty:\n  access: access to the systems concerned", short="text"),
    Concept("calendar", "When time counts. `always`, around the clock, is there without being declared.",
            _CALENDAR,
            "calendar:\n  support: {zone: Europe/Madrid, open: Mon-Fri 09:00-18:00, business day: 8h}",
            one_of=("open", "union", "intersection", "difference")),
    Concept("deadline", "A clock from one event until another, or an act that is due at an instant.",
            _DEADLINE, "deadline:\n  response: {from: opened, until: answered, within: 2h}",
            one_of=("within", "due")),
    Concept("every", "A cadence: a clock that begins again each time it is satisfied.", _EVERY,
            "every:\n  updates: {of: incident, from: declared, again: informed, until: resolved, each: 30m}"),
    Concept("quota", "A counted allowance per period, with what one more is.", _QUOTA,
            "quota:\n  urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}"),
    Concept("entitlement", "What a plan lets a customer have or do.", _ENTITLEMENT,
            "entitlement:\n  users: {named contacts: 3}", short="value"),
    Concept("obligation", "A recurring duty of the provider that no ticket asks for.", _OBLIGATION,
            "obligation:\n  health review: {times: 2, per: contract year}"),
    Concept("covenant", "Something that the provider never lets happen: without a measure, and no credit "
            "follows. A report that it happened is a breach with its record.", _COVENANT,
            "covenant:\n  secrets: {what: the keys that a customer entrusts are never compromised}"),
    *MEASURING,
    Concept("claim", "How what is owed is claimed. The deadlines of a claim are rows of `deadline` that are "
            "`of: claim`.", _CLAIM,
            "claim: {about: period, counts from: earliest, include: [account, period, metrics, impact]}",
            named=False),
    Concept("plan", "A named overlay: rows laid over those of the agreement.",
            (Field("", "plan", "any of the concepts above, but `document` and `assume`"),),
            "plan:\n  premium: {deadline: {response: {within: 1h}}}"),
    Concept("amend", "How the terms may change.", _AMEND,
            "amend: {notice: 60d, never below: commitments at signature, until: contract period ends}",
            named=False),
    Concept("remind", "Something that the page announces for a time and does not promise: a reader is "
            "reminded of it, and nothing follows.", _REMIND,
            "remind:\n  certificate: {what: a certificate for it, from: 2027-01-01, until: 2027-04-01}"),
    *TELLING,
    Concept("acknowledge", "A warning or a note that is known and stays, with the reason. It is told only by "
            "`upheld check --all`, and counted no more.", _ACKNOWLEDGE,
            "acknowledge:\n  idle: {finding: assumption-not-consulted, of: holidays, because: it waits}"),
)  # fmt: skip
"""The concepts of an agreement file, in the order of the reference."""

_CONTRACT = (
    Field("id", "word", "the name by which facts know the contract", required=True),
    Field("customer", "text", "who is promised to", required=True),
    Field("agreement", "word", "the agreement that it binds to", required=True),
    Field("version", "word", "the version of the agreement at signature"),
    Field("plan", "text", "the plan that was chosen; needed if the agreement has plans"),
    Field("zone", "zone", "the zone that takes the place of the document's"),
    Field("signed", "date", "the day of signature"),
    Field("from", "date", "the first day", required=True),
    Field("until", "date", "the first day after it; absent: it goes on"),
    Field("term", "amount", "how long a contract period lasts, from the first day on, each after the other"),
    Field("currency", "word", "the currency of its invoices (ISO 4217)"),
    Field("fees", "money", "what is paid, by a name of its own"),
    Field("fees by plan", "fees of plans", "what is paid under the other plans that it may change to"),
    Field(
        "billing day",
        "count",
        "the day of the month on which a billing cycle begins, 1 to 31",
        default="that of the first day",
    ),
    Field("stage", "stages", "products that are not fully promised for a while"),
    Field("contacts", "contacts", "the people the customer names at signature"),
    Field("roles", "definitions", "who has which role, such as billing or escalation"),
    Field("billing", "billing", "who bills whom, and how that is taxed: what a credit note needs"),
)
CONTRACT: tuple[Concept, ...] = (
    Concept("contract", "One customer's binding to a version and a plan of an agreement.", _CONTRACT,
            "contract: {id: c-7, customer: Acme, agreement: acme, plan: premium, from: 2026-02-01}",
            named=False),
    Concept("override", "What was agreed with this customer alone: rows laid over those of the plan.",
            (Field("", "plan", "any of an agreement's, but `document`, `plan` and `acknowledge`"),),
            "override: {deadline: {response: {within: 30m}}}", named=False),
)  # fmt: skip
"""The concepts of a contract file."""

PARTS: tuple[Concept, ...] = (
    Concept("target", "A goal that warns and a limit that is judged; with `limit: none` nothing is judged.",
            (Field("goal", "amount", "the amount after which it is at risk", default="none"),
             Field("limit", "amount", "the amount after which it is late", default="none")),
            "within: {P1: {goal: 4h, limit: 8h}}", named=False),
    Concept("row of targets", "A target for the subjects that an expression picks out.",
            (Field("where", "expression", "the subjects that the row is for", required=True),
             Field("goal", "amount", "the amount after which they are at risk"),
             Field("limit", "amount", "the amount after which they are late"),
             Field("within", "target", "a target or a decision tree, instead of goal and limit")),
            "within: [{where: channel = phone, limit: 30m}, {where: priority in [P1, P2], limit: 2h}]",
            named=False),
    Concept("pause", "From one event to another the clock stands still.",
            (Field("from", "event", "what begins the pause", required=True),
             Field("until", "event", "what ends it", required=True)),
            "pause: [waiting, {from: vendor_case, until: replied}]", named=False),
    Concept("change", "A change rule by who made the change.",
            (Field("by customer", "choice", "when the customer made it", False, "keep start", CHANGES),
             Field("by provider", "choice", "when the provider made it", False, "keep start", CHANGES)),
            "change: {by customer: restart, by provider: keep start}", named=False),
    Concept("holidays", "Public holidays of a country, and days of one's own.",
            (Field("country", "text", "the country (ISO 3166-1, two letters)"),
             Field("subdivision", "text", "the part of it, as the `holidays` library names it"),
             Field("categories", "texts", "the categories of holidays that count", default="[public]"),
             Field("add", "holidays to add", "further holidays"),
             Field("remove", "holidays to leave out", "days that are none here"),
             Field("open", "windows", "the hours on a holiday; absent: closed")),
            "holidays: {country: NL, categories: [public, optional], remove: [2026-05-05]}", named=False),
    Concept("contact", "Somebody whom the customer names.",
            (Field("role", "text", "what the contact is there for"),
             Field("from", "date", "the first day; absent: from the beginning"),
             Field("until", "date", "the first day on which it no longer holds")),
            "contacts: {ada: {role: owner}}"),
    Concept("stage", "How far a product is, and when that holds.",
            (Field("from", "date", "the first day of the stage"),
             Field("until", "date", "the first day after the stage")),
            "stage: {flows: {beta: {until: 2026-09-01}}}"),
    Concept("billing", "The parties of invoices and credit notes, and their tax. Fees are net of it.",
            (Field("entity", "word", "the legal entity in whose sequence credit notes are numbered", True),
             Field("numbers", "text", "what their numbers begin with"),
             Field("seller", "party", "who sells", required=True),
             Field("buyer", "party", "who buys", required=True),
             Field("tax", "choice", "the category of the tax, by EN 16931", True, "", TAX_CATEGORIES),
             Field("rate", "ratio", "its rate", default="0 %"),
             Field("reason", "text", "why there is no tax"),
             Field("reference", "text", "what the buyer wants to read on every document"),
             Field("payment", "text", "how a payment names itself")),
            "billing: {entity: northwind-nl, numbers: NW-CN-, tax: S, rate: 21 %, "
            "seller: {name: Northwind B.V., country: NL, vat id: NL001234567B01}, "
            "buyer: {name: Acme S.L., country: ES}}", named=False),
    Concept("party", "Somebody who sells or buys.",
            (Field("name", "text", "the name in the register", required=True),
             Field("country", "word", "the country (ISO 3166-1, two letters)", required=True),
             Field("street", "text", "the street and the number"),
             Field("city", "text", "the city"),
             Field("postcode", "text", "the postcode"),
             Field("vat id", "text", "the VAT identifier, with its country"),
             Field("registration", "text", "the number in the register of companies")),
            "buyer: {name: Acme S.L., country: ES, city: Madrid, vat id: ESB12345674}", named=False),
    *MEASURING_PARTS,
)  # fmt: skip
"""The rows that stand inside other rows."""

CLAUSES: tuple[Concept, ...] = (
    Concept("clauses", "The list of every operative clause of the page, in a file of its own.",
            (Field("says", "text", "what the clause is about, in other words than its own", required=True),
             Field("paragraph", "word", "SHA-256 of the paragraph it stands in, white space folded"),
             Field("informative", "text", "why nothing is to be executed"),
             Field("later", "choice", "the later part that executes what is not executed yet", choices=LATER),
             Field("part", "text", "what of the clause is left to the later part")),
            'clauses:\n  "2.3": {says: response and resolution targets by priority}'),
    Concept("defects", "What is wrong with the page itself, by a name of one's own, and how it is read.",
            (Field("kind", "choice", "what is wrong: the code of the finding", True, "", DEFECT_KINDS),
             Field("says", "text", "what is wrong, in other words than the page's", required=True),
             Field("clause", "words", "the clauses in which it stands"),
             Field("resolved by", "text", "the assumption of the agreement that says how it is read")),
            'defects:\n  wrong section: {kind: dangling-reference, clause: "2.2", '
            "says: section 6 is meant to be section 5, resolved by: section-reference}"),
)  # fmt: skip
"""The concepts of a clause list."""

_TABLE = {concept.name: concept for concept in (*AGREEMENT, *CONTRACT, *CLAUSES)}
_PARTS = {concept.name: concept for concept in PARTS}

IN_A_PLAN = tuple(c.name for c in AGREEMENT if c.name not in ("document", "assume", "plan", "acknowledge"))
IN_AN_OVERRIDE = tuple(c.name for c in AGREEMENT if c.name not in ("document", "plan", "acknowledge"))
COMMITMENTS = ("deadline", "every", "quota", "entitlement", "obligation", "covenant", "commit", "remedy")
"""The concepts whose rows share one set of names, because a verdict is known by it."""


def concept(name: str) -> Concept:
    """The concept of that name (a top-level key)."""
    return _TABLE[name]


def is_concept(name: str) -> bool:
    """Whether there is a concept of that name."""
    return name in _TABLE


def part(name: str) -> Concept:
    """The part of that name."""
    return _PARTS[name]
