"""What of a contract was done, reported, announced, named and used in a period."""

from __future__ import annotations

import pytest

from tests.core.worlds import CONTRACT, DESK, OTHER_CONTRACT, at, bound, fact, shown, text_at
from upheld.book.duties import duties
from upheld.book.duties_ahead import duties_ahead, owed_without_limit
from upheld.book.evaluate import evaluate
from upheld.core.duties import Act, Duties
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.stating.canonical import canonical
from upheld.core.stating.duty_entries import duty_entries, facts_of_duties
from upheld.core.timeline.period import Period
from upheld.files.folder import Folder

JUNE = Period(at("Mon 06-01 00:00"), at("Wed 07-01 00:00"), "2026-06")
JULY = Period(at("Wed 07-01 00:00"), at("Sat 08-01 00:00"), "2026-07")
AGREEMENT = (
    DESK
    + """
deadline:
  report: {of: incident, where: severity = S1, from: resolved, until: reported, within: {limit: none}}
  post-mortem: {of: incident, where: severity = S1, from: resolved, until: post_mortem_published, within: 5d}
  response: {from: opened, until: answered, within: 2h}
quota:
  urgent:
    {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary, refund: provider reclassifies}
entitlement: {users: {named contacts: 1}}
obligation:
  review: {times: 2, per: contract year}
covenant:
  secrets: {what: keys are never compromised, register: [by, happened_at, credential]}
remind:
  certificate: {what: a certificate of the service, from: 2026-06-15, until: 2026-07-15}
amend: {notice: 60d}
"""
)
NAMED = CONTRACT.replace("}", ", contacts: {ada: {role: owner, until: 2026-06-20}, bob: {from: 2026-06-20}}}")


def of(
    *facts: Fact, asked: str = "Wed 07-01 00:00", period: Period = JUNE, contracts: tuple[str, ...] = (NAMED,)
) -> Duties:
    """The duties of `c1` in a period, as of an instant."""
    book = Folder(terms=tuple(bound(AGREEMENT, text) for text in contracts), log=FactLog(facts))
    report = evaluate(book, at(asked))
    return duties(book, report, "c1", period)


def acts(given: tuple[Act, ...]) -> list[tuple[str | None, str]]:
    """When, and by whom."""
    return [(shown(one.at), one.actor) for one in given]


# -- obligations -------------------------------------------------------------------------------------------


def done(when: str, **data: object) -> Fact:
    """A review."""
    return fact("obligation.done", when, "R", contract="c1", obligation="review", **data)


def test_an_obligation_says_what_was_done_by_whom_and_until_when_the_rest_is_due() -> None:
    """One of two reviews of the year, and the year in which it counts."""
    (one,) = of(done("Tue 06-02 10:00", actor="Kim"), done("Wed 06-03 10:00", verified=False)).obligations
    assert (one.verdict.state, one.verdict.count, one.rule.times) == ("running", 1, 2)
    assert acts(one.done) == [("Tue 06-02 10:00", "Kim")]
    assert one.verdict.due_at == at("Thu 12-31 23:59") + 60_000_000
    assert one.number == 8  # the seven months of the allowance come first


def test_something_that_happened_makes_it_due_once_more() -> None:
    """A change of the service, and the review that follows it; until then it is owed, and never late."""
    owed = fact(
        "obligation.owed", "Tue 06-09 10:00", "R", contract="c1", obligation="review", reason="new plan"
    )
    (one,) = of(done("Tue 06-02 10:00"), owed).obligations
    ((more,)) = one.once_more
    assert (shown(more.owed_at), more.reason, more.done) == ("Tue 06-09 10:00", "new plan", None)
    (one,) = of(done("Tue 06-02 10:00"), owed, done("Fri 06-12 10:00")).obligations
    assert one.once_more[0].done is not None
    assert shown(one.once_more[0].done.at) == "Fri 06-12 10:00"
    (later,) = of(owed, done("Fri 06-12 10:00"), period=JULY, asked="Fri 07-31 00:00").obligations
    assert later.once_more == ()


# -- reports -----------------------------------------------------------------------------------------------


def incident(severity: str = "S1", subject: str = "I-1", **data: object) -> list[Fact]:
    """One that is resolved on the 4th."""
    return [
        fact("incident.declared", "Thu 06-04 10:00", subject, severity=severity, **data),
        fact("incident.resolved", "Thu 06-04 12:00", subject),
    ]


def reports(*facts: Fact, **asked: object) -> dict[str, tuple[str, str | None, str | None]]:
    """Of each report its state, until when it is due and when it was given."""
    return {
        f"{one.rule.name} {one.incident}": (
            one.state, shown(one.due_at), shown(one.given.at) if one.given else None
        )
        for one in of(*facts, **asked).reports  # type: ignore[arg-type]  # as `of` takes them
    }  # fmt: skip


def test_a_report_without_a_number_is_owed_and_never_overdue() -> None:
    """A post-mortem with five days is late after them, the report without any is not."""
    assert reports(*incident(), asked="Fri 06-05 10:00") == {
        "report I-1": ("owed", None, None), "post-mortem I-1": ("owed", "Tue 06-09 12:00", None),
    }  # fmt: skip
    found = reports(*incident())
    assert [state for state, *_ in found.values()] == ["owed", "overdue"]


def test_what_was_given_is_given_in_time_or_late() -> None:
    """By the fact that gave it."""
    given = [
        fact("incident.report_sent", "Mon 06-08 10:00", "I-1"),
        fact("incident.post_mortem_published", "Wed 06-10 10:00", "I-1", actor="Kim"),
    ]
    assert reports(*incident(), *given) == {
        "report I-1": ("given", None, "Mon 06-08 10:00"),
        "post-mortem I-1": ("given late", "Tue 06-09 12:00", "Wed 06-10 10:00"),
    }
    (_, late) = of(*incident(), *given).reports
    assert late.given is not None
    assert (late.given.actor, late.severity) == ("Kim", "S1")
    assert reports(*incident(), *given, period=JULY, asked="Fri 07-31 00:00") == {}


def test_an_incident_that_needs_none_owes_none() -> None:
    """S2 is outside the condition; after a new classification it is not."""
    assert reports(*incident("S2")) == {}
    again = fact("incident.classified", "Thu 06-04 11:00", "I-1", severity="S1")
    assert list(reports(*incident("S2"), again)) == ["report I-1", "post-mortem I-1"]


def test_a_report_for_one_customer_gives_the_others_nothing() -> None:
    """And an incident that concerns another contract owes this one nothing."""
    sent = fact("incident.report_sent", "Mon 06-08 10:00", "I-1", contract="c2")
    both = (NAMED, OTHER_CONTRACT)
    assert reports(*incident(), sent, contracts=both)["report I-1"][0] == "owed"
    mine = fact("incident.report_sent", "Mon 06-08 11:00", "I-1", contract="c1")
    assert reports(*incident(), sent, mine, contracts=both)["report I-1"][2] == "Mon 06-08 11:00"
    assert reports(*incident(contracts=["c2"]), contracts=both) == {}
    assert len(reports(*incident(contracts=["c1", "c2"]), contracts=both)) == 2


# -- notices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noticed", "from_on", "in_time", "holds"),
    [
        ("Mon 06-01 00:00", "2026-07-31", True, "Fri 07-31 00:00"),
        ("Mon 06-01 00:00:01", "2026-07-31", False, "Sat 08-01 00:00"),
        ("Mon 06-01 10:00", "2026-09-01", True, "Tue 09-01 00:00"),
        ("Mon 06-01 10:00", None, None, "Sat 08-01 00:00"),
    ],
)
def test_a_notice_of_change_is_in_time_or_moves_the_day(
    noticed: str, from_on: str | None, in_time: bool | None, holds: str
) -> None:
    """60 days before the day it is to hold; without such a day it holds when the notice has passed."""
    days = {} if from_on is None else {"from_on": from_on}
    (one,) = of(fact("agreement.notice_given", noticed, "acme", version="2", **days)).notices
    assert (one.version, one.is_in_time, shown(one.from_at)) == ("2", in_time, holds)


def test_a_version_nobody_was_told_of_counts_from_its_publication() -> None:
    """`told_at` stays empty; the version of the contract itself is no change."""
    facts = [
        fact("agreement.published", "Mon 06-01 10:00", "acme", version="2"),
        fact("agreement.published", "Mon 06-01 10:00", "acme", "own", version="1"),
        fact("agreement.published", "Mon 06-01 10:00", "another", version="2"),
        fact("agreement.notice_given", "Mon 06-01 10:00", "acme", version="2", contract="c2"),
    ]
    (one,) = of(*facts).notices
    assert (one.told_at, shown(one.published_at), len(one.facts)) == (None, "Mon 06-01 10:00", 1)
    assert shown(one.from_at) == "Sat 08-01 00:00"


# -- covenants and reminders -------------------------------------------------------------------------------


def test_the_register_of_a_covenant_has_each_report_and_what_it_lacks() -> None:
    """In the month in which it was told, and in the one in which it happened; never in a third."""
    told = fact(
        "covenant.compromise_reported", "Wed 07-01 10:00", "R-1", contract="c1", by="customer",
        happened_at=text_at("Tue 06-30 10:00"),
    )  # fmt: skip
    for period in (JUNE, JULY):
        ((one,)) = of(told, asked="Fri 07-31 00:00", period=period).covenants
        (entry,) = one.entries
        assert entry.verdict is not None
        assert (entry.verdict.state, entry.reported.by, entry.reported.missing) == (
            "breached", "customer", ("credential",),
        )  # fmt: skip
        assert shown(entry.reported.happened_at) == "Tue 06-30 10:00"
    may = Period(at("Fri 05-01 00:00"), at("Mon 06-01 00:00"), "2026-05")
    assert of(told, asked="Fri 07-31 00:00", period=may).covenants[0].entries == ()


def test_a_reminder_is_ahead_now_past_or_come() -> None:
    """It is shown from its day on, until what was announced has come."""
    may = Period(at("Fri 05-01 00:00"), at("Mon 06-01 00:00"), "2026-05")
    assert of(period=may).reminders == ()
    assert [one.state for one in of(asked="Sun 06-14 23:59").reminders] == ["ahead"]
    assert [one.state for one in of(asked="Mon 06-15 00:00").reminders] == ["now"]
    assert [one.state for one in of(asked="Wed 07-15 00:00").reminders] == ["past"]
    come = fact("reminder.done", "Sat 06-20 10:00", "x", reminder="certificate")
    assert [one.state for one in of(come).reminders] == ["come"]
    assert of(come, period=JULY, asked="Fri 07-31 00:00").reminders == ()
    others = fact("reminder.done", "Sat 06-20 10:00", "x", reminder="certificate", contract="c2")
    assert [one.state for one in of(others).reminders] == ["now"]


# -- quotas and contacts -----------------------------------------------------------------------------------


def test_what_was_used_of_an_allowance_and_by_which_tickets() -> None:
    """One is within, the next beyond; what is given back is marked."""
    facts = [
        fact("ticket.opened", "Tue 06-02 10:00", "T-1", priority="P1", requester="ada"),
        fact("ticket.opened", "Wed 06-03 10:00", "T-2", priority="P1", requester="ada"),
        fact("ticket.classified", "Thu 06-04 10:00", "T-1", priority="P2", by="provider"),
    ]
    (one,) = of(*facts).quotas
    assert [(c.subject, c.decision, c.is_refunded) for c in one.counted] == [
        ("T-1", "within", True), ("T-2", "beyond", False),
    ]  # fmt: skip
    assert (one.verdict.count, one.rule.allow, one.verdict.key.subject) == (0, 1, "2026-06")


def test_who_was_named_when_and_who_asked_without_being_named() -> None:
    """Ada until the 20th, Bob from then on; Cleo is named by nobody, so her ticket starts no clock."""
    facts = [
        fact("ticket.opened", "Tue 06-02 10:00", "T-1", priority="P2", requester="cleo"),
        fact("ticket.opened", "Tue 06-02 11:00", "T-2", priority="P2", requester="ada"),
        fact("contact.named", "Mon 06-29 10:00", "dora", contract="c1", role="deputy"),
    ]
    found = of(*facts).contacts
    assert found is not None
    assert found.limit == 1
    assert [(n.contact, n.role, shown(n.from_at), shown(n.until_at)) for n in found.named] == [
        ("ada", "owner", "Thu 01-01 00:00", "Sat 06-20 00:00"),
        ("bob", "", "Sat 06-20 00:00", None),
        ("dora", "deputy", "Mon 06-29 10:00", None),
    ]
    assert [(one.ticket, one.requester) for one in found.others] == [("T-1", "cleo")]
    assert of(period=JULY, asked="Fri 07-31 00:00").contacts is not None


# -- as a record -------------------------------------------------------------------------------------------


def test_duties_are_plain_values_of_a_record_and_name_their_facts() -> None:
    """Whole numbers, texts, lists: what canonical JSON can say; every fact is among the statement's."""
    told = [
        done("Tue 06-02 10:00", actor="Kim"),
        fact(
            "obligation.owed", "Tue 06-09 10:00", "R", contract="c1", obligation="review", reason="new plan"
        ),
        *incident(),
        fact("incident.report_sent", "Mon 06-08 10:00", "I-1"),
        fact("agreement.notice_given", "Mon 06-01 10:00", "acme", version="2"),
        fact("covenant.compromise_reported", "Wed 06-03 10:00", "R-1", contract="c1", credential="aws"),
        fact("reminder.done", "Sat 06-20 10:00", "x", reminder="certificate"),
        fact("ticket.opened", "Tue 06-02 10:00", "T-1", priority="P1", requester="ada"),
    ]
    found = of(*told)
    record = duty_entries(found, ())
    assert canonical(record)
    assert {name: len(rows) for name, rows in record.items() if isinstance(rows, list)} == {
        "obligations": 1, "reports": 2, "notices": 1, "covenants": 1, "reminders": 1, "quotas": 1,
        "terminations": 0,
    }  # fmt: skip
    behind = {ref.id for ref in facts_of_duties(found)}
    resolved = {one.id for one in told if one.type.startswith(("incident.declared", "incident.resolved"))}
    assert behind == {one.id for one in told} - resolved


# -- what lies ahead ---------------------------------------------------------------------------------------


def test_a_reminder_lies_ahead_until_its_day() -> None:
    """And no more once what was announced has come, or beyond the horizon."""
    come = fact("reminder.done", "Wed 06-03 10:00", "x", reminder="certificate")

    def coming(asked: str, *facts: Fact, until: str | None = None) -> list[tuple[str, str | None]]:
        book = Folder(terms=(bound(AGREEMENT, NAMED),), log=FactLog(facts))
        found = duties_ahead(book, evaluate(book, at(asked)), at(until) if until else None)
        return [(one.key.commitment, shown(one.wake.due_at)) for one in found]

    assert coming("Mon 06-01 00:00") == [("certificate", "Mon 06-15 00:00")]
    assert coming("Mon 06-15 00:00") == []
    assert coming("Thu 06-04 00:00", come) == []
    assert coming("Mon 06-01 00:00", until="Sun 06-14 23:59") == []


def test_what_is_owed_without_a_limit_is_listed_since_when() -> None:
    """The report, not the post-mortem with its five days; the review that a change made due once more."""
    owed = fact(
        "obligation.owed", "Tue 06-09 10:00", "R", contract="c1", obligation="review", reason="new plan"
    )
    book = Folder(terms=(bound(AGREEMENT, NAMED),), log=FactLog([*incident(), owed]))
    found = owed_without_limit(book, evaluate(book, at("Fri 06-12 10:00")))
    assert [(one.key.commitment, shown(one.since_at), one.why) for one in found] == [
        ("report", "Thu 06-04 12:00", "S1"), ("review", "Tue 06-09 10:00", "new plan"),
    ]  # fmt: skip
