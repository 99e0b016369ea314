"""Whatever an agreement can say of times, counts, duties, hours and changes changes its plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest

from tests.language.texts import terms_of
from upheld.core.terms import agreement as agreed
from upheld.core.terms import amendment, telling
from upheld.core.terms import claim as claiming
from upheld.core.terms.agreement import (
    Assumption,
    Attribute,
    Branch,
    ClockRule,
    Contact,
    Contract,
    Duty,
    EntitlementRule,
    EventMatch,
    EventType,
    ObligationRule,
    PauseRule,
    QuotaRule,
    Row,
    Rows,
    Scale,
    Stage,
    Target,
    Terms,
)
from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.billing import Billing, Party, TaxTreatment
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.duty import CovenantRule, ReminderRule
from upheld.core.terms.telling import EscalateRule, Mark, NotifyRule
from upheld.core.timeline.calendar import BusinessDay, Calendar, Combined, Window, compile_calendar
from upheld.core.timeline.instant import HOUR
from upheld.core.timeline.opening import CLOSED_WEEK, WeeklyRule
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.amount import parse_amount
from upheld.core.values.expression import Attribute as Named
from upheld.core.values.expression import Compare, Expr, Literal, Shift
from upheld.core.values.rule import Citation, Modality
from upheld.core.values.value import Money
from upheld.render.prose.agreement import prose_of
from upheld.render.prose.markdown import markdown
from upheld.render.prose.tongue import Tongue

pytestmark = pytest.mark.slow

PARTY = Party("Northwind B.V.", "NL")
BILLED = Billing("northwind-nl", PARTY, Party("Acme S.L.", "ES"), TaxTreatment("S", Fraction(21, 100)))
PARTIES = (
    replace(PARTY, name="Fabrikam"),
    replace(PARTY, country="BE"),
    replace(PARTY, street="Kade 1"),
    replace(PARTY, city="Breda"),
    replace(PARTY, postcode="3011 AA"),
    replace(PARTY, vat_id="NL001234567B01"),
    replace(PARTY, registration="24123456"),
)
HEAD = "document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}\n"
ROWS = """\
assume:
  hours: {ref: NW/1, issue: which hours, options: [support, all day, none], take: support,
    because: they are staffed, flag: high, executed by: status, named only: [none], clause: "9"}
attribute:
  spread: {of: ticket, type: text, values: [one, many], default: one, doc: how many it hits}
event:
  ticket.looked_at: {of: ticket, doc: somebody has looked, fields: {who: text}}
scale: {priority: {of: ticket, values: {P1: down, P2: slow, P3: odd}, set by: customer, clause: "1"}}
duty: {data: {text: data that we ask for, clause: "2"}, access: a login}
calendar:
  support: {zone: UTC, open: Mon-Fri 09:00-17:00, breaks: Mon-Fri 12:00-13:00, business day: 8h,
    holidays: {add: {2026-04-27: a feast, 2027-04-27: a feast}}, dates: {2026-06-05: 09:00-12:00}}
  other: {zone: Europe/Madrid, open: Sat 09:00-12:00}
  both: {union: [support, other]}
deadline:
  response:
    from: opened
    until: answered
    on: support
    within: {P1: {goal: 1h, limit: 2h}, P2: 1 business day, other: none}
    clause: "3"
  repair:
    from: opened
    until: resolved
    on: {P1: always, other: support}
    pause: waiting where for = customer
    within: 8h
  rows:
    from: opened
    until: closed
    within: [{where: priority = P1, limit: 1h}, {where: priority = P2, limit: 2h}]
  claim: {of: claim, until: determined, due: filed + 15 days}
every:
  updates: {of: incident, from: declared, until: resolved, again: updated, each: 30m}
quota:
  urgent: {of: ticket, where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}
entitlement:
  contacts: {value: some people, named contacts: 2, channels: [mail, chat], doc: named by you}
obligation:
  review: {times: 2, per: contract year}
covenant:
  secrets: {what: keys are safe, clause: "4"}
remind:
  certificate: {what: a certificate, from: 2027-01-01, until: 2027-04-01, clause: "8"}
escalate:
  late: {of: response, at: [50 %, limit], tell: lead, hours: support, where: priority = P1}
notify:
  asked: {of: ticket, upon: opened, tell: lead, clause: "9"}
claim: {channel: [mail], to: billing desk, include: [period], decided on: logs, doc: in writing}
amend: {notice: 30d, never below: commitments in force}
"""
CONTRACT = (
    "contract: {id: c-1, customer: Contoso, agreement: acme, version: 2026-01, from: 2026-02-01,"
    " fees: {month: 100 EUR}}\n"
)
CITED = Citation(("7.3",), (), ("hours",))
IN_P1: Expr = Compare("=", Named("priority"), Literal("P1", "text"))
IN_P2: Expr = Compare("=", Named("priority"), Literal("P2", "text"))
TODAY = date(2026, 6, 5)
UTC = terms_of("", head=HEAD).calendars["always"].rule.zone


def _event(verb: str, where: Expr | None = None, of: str = "ticket") -> EventMatch:
    return EventMatch(verb, frozenset({f"{of}.{verb}"}), where)


def _amount(text: str) -> Any:
    return parse_amount(text)


@pytest.fixture(scope="module")
def terms() -> Terms:
    """An agreement with something of every kind, for one contract."""
    return terms_of(ROWS, head=HEAD, contract=CONTRACT)


@dataclass(frozen=True)
class Known:
    """Where the values of a class stand, and by field what they may be; a text says why a field has none."""

    get: Callable[[Terms], Any]
    put: Callable[[Terms, Any], Terms]
    values: Mapping[str, tuple[Any, ...] | str] = field(default_factory=dict)


def _in(name: str, row: str) -> tuple[Callable[[Terms], Any], Callable[[Terms, Any], Terms]]:
    """A row of a tuple or a mapping of the terms, by its name."""

    def get(terms: Terms) -> Any:
        held = getattr(terms, name)
        return held[row] if isinstance(held, Mapping) else next(one for one in held if one.name == row)

    def put(terms: Terms, new: Any) -> Terms:
        held = getattr(terms, name)
        if isinstance(held, Mapping):
            return replace(terms, **{name: {key: new if key == row else held[key] for key in held}})
        return replace(terms, **{name: tuple(new if one.name == row else one for one in held)})

    return get, put


def _beneath(
    outer: tuple[Callable[[Terms], Any], Callable[[Terms, Any], Terms]],
    get: Callable[[Any], Any],
    put: Callable[[Any, Any], Any],
) -> tuple[Callable[[Terms], Any], Callable[[Terms, Any], Terms]]:
    """A value inside another."""
    return lambda terms: get(outer[0](terms)), lambda terms, new: outer[1](terms, put(outer[0](terms), new))


def _attribute(name: str) -> tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]:
    return lambda value: getattr(value, name), lambda value, new: replace(value, **{name: new})


def _calendar(terms: Terms, name: str, **changes: Any) -> Terms:
    old = terms.calendars[name]
    values = {"rule": old.rule, "business_day": old.business_day, "closing": old.closing, **changes}
    rule = values.pop("rule")
    new = compile_calendar(name, rule, old.start_year, old.end_year, **values)
    return replace(terms, calendars={**terms.calendars, name: new})


RESPONSE, REPAIR = _in("clocks", "response"), _in("clocks", "repair")
WITHIN = _beneath(RESPONSE, *_attribute("within"))
TARGET = _beneath(WITHIN, lambda b: b.rows["P1"], lambda b, new: replace(b, rows={**b.rows, "P1": new}))
ALL_ROWS = _beneath(_in("clocks", "rows"), *_attribute("within"))
PAUSE = _beneath(REPAIR, lambda rule: rule.pauses[0], lambda rule, new: replace(rule, pauses=(new,)))
STOP = _beneath(RESPONSE, lambda rule: rule.stops[0], lambda rule, new: replace(rule, stops=(new,)))
CLAIM = (lambda terms: terms.claim, lambda terms, new: replace(terms, claim=new))
AMEND = (lambda terms: terms.amend, lambda terms, new: replace(terms, amend=new))
BOUND = (lambda terms: terms.contract, lambda terms, new: replace(terms, contract=new))
SUPPORT = (
    lambda terms: terms.calendars["support"].rule,
    lambda terms, new: _calendar(terms, "support", rule=new),
)
BOTH = (lambda terms: terms.calendars["both"].rule, lambda terms, new: _calendar(terms, "both", rule=new))

CASES: Mapping[type, Known] = {
    ClockRule: Known(
        *RESPONSE,
        {
            "name": ("renamed",),
            "of": ("incident", "task"),
            "stops": ((_event("closed"),), (_event("closed"), _event("resolved"))),
            "starts": ((_event("assigned"),), (_event("opened", IN_P1),)),
            "where": (IN_P1, IN_P2),
            "after": ((_event("assigned"),),),
            "again": ((_event("assigned"),), (_event("replied"),)),
            "pauses": (
                (PauseRule((_event("waiting_started"),), (_event("waiting_ended"),), True),),
                (PauseRule((_event("escalated"),), (_event("assigned"),)),),
            ),
            "on": ("always", "other", Branch("priority", {"P1": "always", "P2": "support"}, "other")),
            "within": (
                Target(limit=_amount("2h")),
                Target(limit=_amount("3h")),
                Branch("spread", {"one": Target(limit=_amount("2h"))}),
            ),
            "due": (Shift(Named("opened"), Literal(_amount("2h"), "duration")), Named("assigned")),
            "hours": ("support", "other"),
            "change_by_customer": get_args(agreed.ChangeRule),
            "change_by_provider": get_args(agreed.ChangeRule),
            "reopening": get_args(agreed.Reopening),
            "modality": get_args(Modality),
            "doc": ("as soon as can be",),
            "cited": (CITED,),
        },
    ),
    EventMatch: Known(
        *STOP,
        {
            "word": "what is judged is the type; the word is how the file writes it",
            "types": (frozenset({"ticket.closed"}), frozenset({"ticket.looked_at"})),
            "where": (None, IN_P1),
        },
    ),
    PauseRule: Known(
        *PAUSE,
        {
            "starts": ((_event("waiting_started"),), (_event("waiting_started", IN_P1),)),
            "ends": "a wait ends by itself; of other pauses the ends are below",
            "waiting": (False,),
        },
    ),
    Branch: Known(
        *WITHIN,
        {
            "attribute": ("spread",),
            "rows": ({"P1": Target(limit=_amount("2h"))}, {"P1": None, "P2": Target(limit=_amount("2h"))}),
            "other": (Target(limit=_amount("5h")), Target(limit=_amount("6h"))),
            "has_other": "it tells the checker whether the rest was written, and decides nothing",
        },
    ),
    Target: Known(
        *TARGET,
        {
            "goal": (None, _amount("30m")),
            "limit": (None, _amount("3h")),
            "calendar": ("always", "other"),
            "goal_calendar": ("always", "other"),
        },
    ),
    Rows: Known(
        *ALL_ROWS,
        {
            "rows": ((Row(IN_P1, Target(limit=_amount("1h"))),), (Row(IN_P2, Target(limit=_amount("1h"))),)),
            "choose": get_args(agreed.Choose),
        },
    ),
    Row: Known(
        *_beneath(ALL_ROWS, lambda rows: rows.rows[0], lambda rows, new: replace(rows, rows=(new,))),
        {
            "where": (IN_P2,),
            "target": (
                None,
                Target(limit=_amount("3h")),
                Branch("spread", {"one": Target(limit=_amount("3h"))}),
            ),
        },
    ),
    QuotaRule: Known(
        *_in("quotas", "urgent"),
        {
            "name": ("renamed",),
            "where": (IN_P2,),
            "allow": (0, 1, 3),
            "period": "by its own fields, in the words of measures",
            "overflow": get_args(agreed.Overflow),
            "refund": get_args(agreed.Refund),
            "of": get_args(agreed.SubjectKind),
            "modality": get_args(Modality),
            "doc": ("for what cannot wait",),
            "cited": (CITED,),
        },
    ),
    EntitlementRule: Known(
        *_in("entitlements", "contacts"),
        {
            "name": ("renamed",),
            "value": ("", "other people", ("one", "two")),
            "named_contacts": (None, 1, 3),
            "channels": ((), ("mail",)),
            "doc": ("", "named by us"),
            "cited": (CITED,),
        },
    ),
    ObligationRule: Known(
        *_in("obligations", "review"),
        {
            "name": ("renamed",),
            "times": (1, 3),
            "period": "by its own fields, in the words of measures",
            "modality": get_args(Modality),
            "doc": ("with a report",),
            "cited": (CITED,),
        },
    ),
    CovenantRule: Known(
        *_in("covenants", "secrets"),
        {
            "name": ("renamed",),
            "what": ("logins are safe",),
            "period": (PeriodRule("calendar month", UTC),),
            "since": (date(2026, 6, 1), date(2026, 7, 1)),
            "register": ((), ("by",), ("by", "happened_at"), ("by", "learned_at"), ("by", "credential")),
            "modality": get_args(Modality),
            "doc": ("also of those who have left",),
            "cited": (CITED,),
        },
    ),
    ReminderRule: Known(
        *_in("reminders", "certificate"),
        {
            "name": ("renamed",),
            "what": ("another certificate",),
            "from_on": (date(2027, 2, 1),),
            "until_on": (None, date(2027, 7, 1)),
            "doc": ("for the larger plan",),
            "cited": (CITED,),
        },
    ),
    EscalateRule: Known(
        *_in("escalations", "late"),
        {
            "name": ("renamed",),
            "of": (("repair",), ("response", "repair")),
            "marks": ((Mark("limit"),), (Mark("share", Fraction(1, 2)),)),
            "to": (("director",), ("lead", "director")),
            "where": (None, IN_P2),
            "audience": get_args(telling.Audience),
            "how": get_args(telling.Urgency),
            "hours": (None, "other"),
            "before_closing": (_amount("1h"),),
            "channels_of": ("contacts",),
            "doc": ("as soon as can be",),
            "cited": (CITED,),
        },
    ),
    Mark: Known(
        *_beneath(
            _in("escalations", "late"), lambda one: one.marks[0], lambda one, new: replace(one, marks=(new,))
        ),
        {
            "kind": "beside a share there is none; the others are below",
            "share": (Fraction(3, 4), Fraction(1)),
            "sign": "of an amount, below",
            "amount": "beside a goal or a limit, below",
            "calendar": "of an amount, below",
        },
    ),
    NotifyRule: Known(
        *_in("notifications", "asked"),
        {
            "name": ("renamed",),
            "of": ("incident", "task"),
            "upon": ((_event("closed"),), (_event("opened"), _event("closed"))),
            "to": (("director",), ("lead", "director")),
            "where": (IN_P1, IN_P2),
            "repeat": get_args(telling.Repeat),
            "audience": get_args(telling.Audience),
            "how": get_args(telling.Urgency),
            "hours": ("support", "other"),
            "channels_of": ("contacts",),
            "doc": ("as soon as can be",),
            "cited": (CITED,),
        },
    ),
    Scale: Known(
        *_in("scales", "priority"),
        {
            "name": ("urgency",),
            "of": get_args(agreed.SubjectKind),
            "values": ({"P1": "down", "P2": "slow"}, {"P1": "up", "P2": "slow", "P3": "odd"}),
            "set_by": (None, "provider"),
            "cited": (CITED,),
        },
    ),
    Attribute: Known(
        *_in("attributes", "spread"),
        {
            "name": ("reach",),
            "of": get_args(agreed.SubjectKind),
            "type": ("truth", "number"),
            "values": ((), ("one",)),
            "default": (None, "many"),
            "doc": ("", "how far it goes"),
        },
    ),
    EventType: Known(
        *_in("events", "ticket.looked_at"),
        {
            "name": ("ticket.seen",),
            "of": get_args(agreed.SubjectKind),
            "doc": ("", "somebody has seen it"),
            "fields": ({}, {"who": "number"}),
        },
    ),
    Duty: Known(*_in("duties", "data"), {"name": ("facts",), "text": ("all data",), "cited": (CITED,)}),
    Assumption: Known(
        *_in("assumptions", "hours"),
        {
            "name": ("times",),
            "ref": ("", "NW/2"),
            "issue": ("", "which times"),
            "options": (("support", "none"), ("support", "all day", "nights", "none")),
            "take": ("all day",),
            "because": ("", "nobody is there at night"),
            "flag": ("", "low"),
            "executed_by": ("", "claims"),
            "named_only": ((), ("all day",)),
            "cited": (CITED,),
        },
    ),
    ClaimRule: Known(
        *CLAIM,
        {
            "needed": (False,),
            "remedies": (("credit",), ("credit", "refund")),
            "about": get_args(claiming.About),
            "counts_from": get_args(claiming.CountsFrom),
            "channels": ((), ("mail", "portal")),
            "to": ("", "legal desk"),
            "include": ((), ("account",), claiming.INCLUDED),
            "protective": (False,),
            "decision": get_args(claiming.Decision),
            "two_above": (Money(Fraction(100), "EUR"), Money(Fraction(200), "EUR")),
            "decided_on": ("", "a report"),
            "doc": ("", "by letter"),
            "cited": (CITED,),
        },
    ),
    AmendRule: Known(
        *AMEND,
        {
            "notice": (None, _amount("60d"), _amount("30 business days")),
            "on": ("support",),
            "never_below": get_args(amendment.Floor),
            "until": get_args(amendment.Until),
            "incomparable": get_args(amendment.Incomparable),
            "applies_from": get_args(amendment.AppliesFrom),
            "clocks": get_args(amendment.Clocks),
            "periods": get_args(amendment.Periods),
            "published": ("on a page",),
            "accepted_by": ("going on to use it",),
            "doc": ("in writing",),
            "cited": (CITED,),
        },
    ),
    WeeklyRule: Known(
        *SUPPORT,
        {
            "zone": "a field of its own below: another zone needs other transitions",
            "week": ((*CLOSED_WEEK[:5], (Window(0, 3_600),), ()), CLOSED_WEEK),
            "breaks": (CLOSED_WEEK,),
            "holidays": ({}, {date(2026, 4, 27): "another feast"}, {date(2026, 4, 28): "a feast"}),
            "holiday_windows": ((Window(3_600, 7_200),), (Window(79_200, 100_000),)),
            "dates": ({}, {TODAY: ()}, {date(2026, 6, 6): (Window(32_400, 43_200),)}),
        },
    ),
    Combined: Known(
        *BOTH,
        {
            "op": ("intersection", "difference"),
            "parts": "by the calendars that are named, below",
            "zone": "a field of its own below: another zone needs other transitions",
        },
    ),
    Contract: Known(
        *BOUND,
        {
            "id": ("c-2",),
            "customer": ("Fabrikam",),
            "agreement": "that of the terms is told; another is refused before there are terms",
            "version": "that of the terms is told; another is refused before there are terms",
            "plan": "that of the terms is told",
            "place": "where the file says it",
            "from_on": (date(2026, 3, 1),),
            "zone": ("Europe/Madrid",),
            "signed_on": (TODAY,),
            "until_on": (date(2027, 1, 1),),
            "term": (_amount("1 year"), _amount("1 month")),
            "currency": ("EUR",),
            "fees": ({}, {"month": Money(Fraction(200), "EUR")}, {"phone": Money(Fraction(100), "EUR")}),
            "plan_fees": (
                {"gold": {"month": Money(Fraction(200), "EUR")}},
                {"silver": {"month": Money(Fraction(200), "EUR")}},
                {"gold": {"month": Money(Fraction(300), "EUR")}},
            ),
            "billing_day": (1, 15),
            "contacts": (
                (Contact("ann"),),
                (Contact("bob"),),
                (Contact("ann", "lead"),),
                (Contact("ann", from_on=TODAY),),
                (Contact("ann", until_on=TODAY),),
            ),
            "stages": (
                (Stage("voice", "beta"),),
                (Stage("chat", "beta"),),
                (Stage("voice", "early"),),
                (Stage("voice", "beta", TODAY),),
                (Stage("voice", "beta", None, TODAY),),
            ),
            "roles": ({"payer": "Contoso"},),
            "billing": (
                BILLED,
                replace(BILLED, entity="northwind-es"),
                replace(BILLED, numbers="CN-"),
                replace(BILLED, reference="PO-7"),
                replace(BILLED, payment="2026"),
                *(replace(BILLED, tax=tax) for tax in (
                    TaxTreatment("S", Fraction(1, 10)),
                    TaxTreatment("Z"),
                    TaxTreatment("AE", reason="reverse charge"),
                )),
                *(replace(BILLED, seller=party) for party in PARTIES),
                *(replace(BILLED, buyer=party) for party in PARTIES),
            ),
        },
    ),
}  # fmt: skip


def _text(terms: Terms, language: str) -> str:
    return markdown([prose_of(terms, Tongue(language), {})])


def _said_alike(found: list[Terms]) -> list[str]:
    """The languages in which two of them are."""
    return [
        language for language in ("en", "nl") if len({_text(one, language) for one in found}) < len(found)
    ]


def test_every_field_has_its_values_or_a_reason() -> None:
    """What a class may come to hold has to be said: a new field is no longer silent.

    What follows from the other fields and is only kept is none.
    """
    for of, known in CASES.items():
        assert set(known.values) == {one.name for one in fields(of) if one.init}, of.__name__


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (of, name)
        for of, known in CASES.items()
        for name, values in known.values.items()
        if not isinstance(values, str)
    ],
)
def test_a_field_changes_the_words(terms: Terms, of: type, name: str) -> None:
    """No two of its values are said alike, in any language."""
    known = CASES[of]
    before = known.get(terms)
    values = [getattr(before, name)]
    values += [value for value in known.values[name] if value not in values]
    found = [known.put(terms, replace(before, **{name: value})) for value in values]
    assert not _said_alike(found), f"{of.__name__}.{name}"


def test_a_calendar_says_its_business_day_its_closing_and_its_zone(terms: Terms) -> None:
    """A zone by its name, which is all that a reader needs of it."""
    days = (None, BusinessDay("hours", HOUR), BusinessDay("end of day"), BusinessDay("same time"))
    assert not _said_alike([_calendar(terms, "support", business_day=day) for day in days])
    assert not _said_alike([_calendar(terms, "support", closing=one) for one in ("stay", "next opening")]), (
        "closing"
    )
    zone = terms.calendars["other"].rule.zone
    for name in ("support", "both"):
        rule = terms.calendars[name].rule
        assert not _said_alike([terms, _calendar(terms, name, rule=replace(rule, zone=zone))]), (
            f"zone of {name}"
        )
    parts = terms.calendars["support"].rule, terms.calendars["other"].rule
    both = terms.calendars["both"].rule
    assert isinstance(both, Combined)
    tied = [parts, parts[:1], parts[1:]]
    assert not _said_alike([_calendar(terms, "both", rule=replace(both, parts=each)) for each in tied])
    # The rest of a calendar is made of these.
    told = {"name", "rule", "business_day", "closing", "start_year", "end_year"}
    made = {"start_at", "end_at", "spans", "_edges", "_table", "_dates"}
    assert {one.name for one in fields(Calendar)} == told | made


def test_a_cadence_and_a_computed_instant_say_their_own_fields(terms: Terms) -> None:
    """How often, up to when, and so much before or after what."""
    get, put = _in("clocks", "updates")
    rule = get(terms)
    often = [Target(limit=_amount(text)) for text in ("30m", "1h")]
    assert not _said_alike([put(terms, replace(rule, within=one)) for one in often]), "every"
    ends = [(_event("resolved", of="incident"),), (_event("mitigated", of="incident"),)]
    assert not _said_alike([put(terms, replace(rule, stops=one)) for one in ends]), "until"
    get, put = _in("clocks", "claim")
    due = get(terms).due
    assert isinstance(due, Shift)
    shifts = [
        due,
        replace(due, sign=-1),
        replace(due, calendar="support"),
        replace(due, anchor=Named("sent_at")),
    ]
    assert not _said_alike([put(terms, replace(get(terms), due=one)) for one in shifts]), "due"


def test_a_stage_says_where_it_lies(terms: Terms) -> None:
    """At, before or after which point, by how much, on which calendar."""
    get, put = _in("escalations", "late")
    amount, hour = _amount("2h"), _amount("1h")
    marks = [
        *(Mark(kind) for kind in ("start", "goal", "limit")),
        *(Mark(kind, None, sign, amount) for kind in ("start", "goal", "limit") for sign in (1, -1)),
        *(Mark("limit", None, 1, amount, calendar) for calendar in ("support", "other")),
        Mark("limit", None, 1, hour),
    ]
    assert not _said_alike([put(terms, replace(get(terms), marks=(mark,))) for mark in marks])


def test_reopening_says_what_it_does_to_each_kind_of_clock(terms: Terms) -> None:
    """A deadline goes on, a cadence begins a round, what is due at an instant has to be done again."""
    get, put = REPAIR
    rule = get(terms)
    due = Shift(Named("opened"), Literal(_amount("2h"), "duration"))
    kinds = (rule, replace(rule, again=(_event("replied"),)), replace(rule, due=due))
    said = [_text(put(terms, one), "en").partition("### Repair")[2].partition("###")[0] for one in kinds]
    for text, words in zip(said, ("same time goes on", "time starts anew", "done before"), strict=True):
        assert words in text
    for one in kinds:
        assert not _said_alike([put(terms, replace(one, reopening=way)) for way in ("continue", "ignore")]), (
            "reopening"
        )


def test_a_pause_between_two_events_says_both(terms: Terms) -> None:
    """What begins it and what ends it."""
    _, put = PAUSE
    between = PauseRule((_event("escalated"),), (_event("assigned"),))
    ends = replace(between, ends=(_event("classified"),))
    assert not _said_alike([put(terms, one) for one in (between, ends)]), "ends"


def test_the_terms_themselves_say_who_promises_what(terms: Terms) -> None:
    """Agreement, version, provider, zone, plan, title; rows are told by removing them elsewhere."""
    changes: tuple[Mapping[str, Any], ...] = (
        {},
        {"agreement": "other"},
        {"version": "2026-02"},
        {"provider": "Southwind"},
        {"zone": "Europe/Madrid"},
        {"plan": "gold"},
        {"title": "Levels of support"},
        {"beneath": {"document": ("hours",)}},
        {"calendars_cited": {"support": CITED}},
        {"contract": None},
    )
    assert not _said_alike([replace(terms, **one) for one in changes]), "terms"
