"""Reports, reviews, notices, covenants and what is only announced, by the numbers of their terms."""

from __future__ import annotations

import pytest

from upheld.core.duties import Duties
from upheld.files.folder import read_agreement_file

from .conftest import AGREEMENTS
from .small import Small, Under

AMSTERDAM, UTC = "Europe/Amsterdam", "UTC"
COVENANT = "covenant.compromise_reported"
BY_THE_MONTH = "{assume: {credentials-covenant: {take: guarantee of every month}}}"
JUNE = ("Mon 2026-06-01 00:00", "Wed 2026-07-01 00:00")


def states(found: Duties) -> list[tuple[str, str, str]]:
    """Each report with its incident and what has become of it."""
    return [(one.rule.name, one.incident, one.state) for one in found.reports]


def resolved(small: Small, severity: str, subject: str = "I-1") -> Small:
    """An incident that is over on 3 June."""
    small.tell("incident.declared", subject, "Wed 2026-06-03 10:00", severity=severity)
    return small.tell("incident.resolved", subject, "Wed 2026-06-03 12:00")


# -- INTG --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "reading", "owed"),
    [
        ("standard", "right-aligned", False),
        ("premium", "right-aligned", False),
        ("enterprise", "right-aligned", True),
        ("standard", "left-aligned", False),
        ("premium", "left-aligned", True),
        ("enterprise", "left-aligned", False),
    ],
)
def test_intg_e3_i6_reports_on_incidents_are_owed_to_whom_they_are_included(
    under: Under, plan: str, reading: str, owed: bool
) -> None:
    """On request is no commitment (I7); what is included has no number, so it is never late."""
    other = f"{{assume: {{ragged-rows: {{take: {reading}}}}}}}"
    small = resolved(under("intg", AMSTERDAM, plan, override=other), "P1")
    assert states(small.duties(*JUNE, at="Wed 2026-07-01 00:00")) == (
        [("incident report", "I-1", "owed")] if owed else []
    )
    small.tell("incident.report_sent", "I-1", "Mon 2026-06-29 10:00", contract="small")
    (found,) = small.duties(*JUNE).reports or (None,)
    if found is not None:
        assert (found.state, found.given and small.text(found.given.at)) == (
            "given", "Mon 2026-06-29 10:00",
        )  # fmt: skip
    assert (found is not None) == owed


def test_intg_g1_i12_a_health_review_says_what_is_done_and_until_when(under: Under) -> None:
    """Enterprise: one of two in the first contract year, which is due until it ends."""
    small = under("intg", AMSTERDAM, "enterprise", start="2026-03-01")
    small.tell("obligation.done", "r", "Tue 2026-06-09 10:00", obligation="health review", actor="Kim")
    ((one,)) = small.duties(*JUNE).obligations
    assert (one.verdict.state, len(one.done), one.rule.times) == ("running", 1, 2)
    assert one.done[0].actor == "Kim"
    assert small.text(one.verdict.due_at) == "Sun 2027-02-28 24:00"


def test_intg_r4_s1_what_was_used_and_who_was_named(under: Under) -> None:
    """Premium: two urgent tickets and three people; the third is handled as any other (I8)."""
    contacts = "contacts: {lead: {role: owner}, deputy: {}, third: {}}"
    small = under("intg", AMSTERDAM, "premium", contacts)
    for n in range(1, 4):
        day = f"{('Tue', 'Wed', 'Thu')[n - 1]} 2026-06-0{n + 1} 10:00"
        small.tell("ticket.opened", f"T-{n}", day, priority="P1", requester="lead")
    small.tell("ticket.opened", "T-4", "Thu 2026-06-04 11:00", priority="P2", requester="somebody")
    found = small.duties(*JUNE)
    ((quota,)) = found.quotas
    assert [(one.subject, one.decision) for one in quota.counted] == [
        ("T-1", "within"), ("T-2", "within"), ("T-3", "beyond"),
    ]  # fmt: skip
    assert (quota.verdict.count, quota.rule.allow) == (2, 2)
    assert found.contacts is not None
    assert (found.contacts.limit, [one.contact for one in found.contacts.named]) == (
        3, ["deputy", "lead", "third"],
    )  # fmt: skip
    assert [one.ticket for one in found.contacts.others] == ["T-4"]


@pytest.mark.parametrize(
    ("clause", "row"),
    [("G2", "optimisation"), ("G3", "change management"), ("X1", "account management"),
     ("X2", "solution architect"), ("X3", "error notifications")],
)  # fmt: skip
def test_intg_g2_g3_x1_x2_x3_are_what_the_plan_includes(under: Under, clause: str, row: str) -> None:
    """An entitlement has no instant, so nothing of it is owed, missed or reminded of."""
    small = under("intg", AMSTERDAM, "enterprise")
    (rule,) = (one for one in small.terms.entitlements if one.name == row)
    assert clause in rule.cited.clauses
    found = small.duties(*JUNE, at="Wed 2026-07-01 00:00")
    assert row not in [one.rule.name for one in found.obligations]


# -- SIVO --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("severity", "owed"), [("critical", True), ("S1", True), ("major", False)])
def test_sivo_3_s28_a_post_mortem_is_owed_for_critical_incidents(
    under: Under, severity: str, owed: bool
) -> None:
    """Without a number: it is owed until it is published, in the next year too, and never late."""
    small = resolved(under("sivo", UTC, "pro"), severity)
    expected = [("post-mortem", "I-1", "owed")] if owed else []
    assert states(small.duties(*JUNE, at="Wed 2026-07-01 00:00")) == expected
    later = ("Fri 2027-01-01 00:00", "Mon 2027-02-01 00:00")
    assert states(small.duties(*later, at="Sun 2027-01-31 00:00")) == expected
    small.tell("incident.post_mortem_published", "I-1", "Tue 2026-06-30 10:00")
    assert states(small.duties(*JUNE)) == ([("post-mortem", "I-1", "given")] if owed else [])
    assert states(small.duties(*later, at="Sun 2027-01-31 00:00")) == []


def test_sivo_8_s28_what_is_on_the_road_map_is_a_reminder_and_no_promise(under: Under) -> None:
    """In its quarter somebody is reminded; past it nothing was missed, and there is no verdict."""
    small = under("sivo", UTC, "enterprise")
    small.tell("contract.signed", "small", "Fri 2026-01-02 10:00")
    quarter = ("Thu 2026-10-01 00:00", "Fri 2027-01-01 00:00")
    (ahead,) = small.duties(*quarter, at="Wed 2026-09-30 23:59").reminders
    (now,) = small.duties(*quarter, at="Thu 2026-10-01 00:00").reminders
    assert (ahead.rule.name, ahead.state, now.state) == ("extended availability", "ahead", "now")
    assert small.duties(*quarter, at="Fri 2027-01-01 00:00").reminders[0].state == "past"
    names = {one.name for one in small.terms.reminders}
    assert names.isdisjoint(rule.name for rule in small.terms.rules)
    small.tell("reminder.done", "x", "Mon 2026-11-30 10:00", reminder="extended availability")
    assert small.duties(*quarter).reminders[0].state == "come"


@pytest.mark.parametrize(
    ("told", "in_time"), [("Mon 2026-06-01 00:00", True), ("Mon 2026-06-01 00:01", False)]
)
def test_sivo_9_1_a_notice_of_change_is_given_60_days_before(under: Under, told: str, in_time: bool) -> None:
    """For 31 July, which is the sixtieth day after 1 June at midnight."""
    small = under("sivo", UTC, "pro")
    small.tell("agreement.notice_given", "sivo", told, version="2026-08", from_on="2026-07-31")
    (notice,) = small.duties(*JUNE).notices
    assert (notice.version, notice.is_in_time) == ("2026-08", in_time)
    assert small.text(notice.from_at) == ("Thu 2026-07-30 24:00" if in_time else "Fri 2026-07-31 24:00")


# -- ROUS and CENG -----------------------------------------------------------------------------------------


def test_rous_8_1_a_review_every_year_and_once_more_when_services_change(under: Under) -> None:
    """The change makes it due once more, without a day by which: it is owed until it is done."""
    rous = under("rous", "Africa/Johannesburg")
    rous.tell("obligation.done", "r", "Tue 2026-02-03 10:00", obligation="annual review")
    rous.tell(
        "obligation.owed", "r", "Wed 2026-06-03 10:00", obligation="annual review", reason="new hosting"
    )
    ((year,)) = rous.duties(*JUNE, at="Tue 2026-06-30 24:00").obligations
    assert (year.verdict.state, [(one.reason, one.done) for one in year.once_more]) == (
        "met", [("new hosting", None)],
    )  # fmt: skip
    rous.tell("obligation.done", "r", "Mon 2026-06-29 10:00", obligation="annual review")
    ((year,)) = rous.duties(*JUNE).obligations
    assert year.once_more[0].done is not None


@pytest.mark.parametrize("agreement", ["rous", "ceng"])
def test_rous_8_2_ceng_8_a_new_version_is_seen_by_its_publication(under: Under, agreement: str) -> None:
    """No notice is promised: nothing can be late, and it begins the day after at the earliest."""
    small = under(agreement, UTC)
    small.tell("agreement.published", agreement, "Wed 2026-06-10 10:00", version="next")
    (notice,) = small.duties(*JUNE).notices
    assert (notice.is_in_time, notice.told_at) == (None, None)
    assert notice.from_at is not None


# -- JUST --------------------------------------------------------------------------------------------------


def test_just_1_j14_a_reported_compromise_is_a_breach_of_its_own_kind(under: Under) -> None:
    """It has its record, and no credit follows."""
    just = under("just", UTC)
    just.tell(
        COVENANT, "C-1", "Wed 2026-06-10 10:00", by="customer", credential="aws/acme",
        happened_at="2026-06-08T09:00:00Z", learned_at="2026-06-10T08:00:00Z",
    )  # fmt: skip
    ((covenant,)) = just.duties(*JUNE).covenants
    ((entry,)) = covenant.entries
    assert entry.verdict is not None
    assert (entry.verdict.kind, entry.verdict.state) == ("covenant", "breached")
    assert (entry.reported.by, entry.reported.credential, entry.reported.missing) == (
        "customer", "aws/acme", (),
    )  # fmt: skip
    assert just.text(entry.reported.happened_at) == "Mon 2026-06-08 09:00"
    names = {remedy.of for remedy in just.terms.remedies}
    assert "credentials" not in names


def test_just_1_j14_without_a_report_there_is_no_verdict(under: Under) -> None:
    """Under the reading that is taken, silence is an empty register."""
    just = under("just", UTC)
    just.tell("contract.signed", "small", "Fri 2026-01-02 10:00")
    assert [one for one in just.report().evaluation.of("small") if one.kind == "covenant"] == []
    assert just.duties(*JUNE, at="Wed 2026-07-01 00:00").covenants[0].entries == ()


def test_just_1_j14_by_the_month_every_month_is_guaranteed(under: Under) -> None:
    """The other reading: June is breached and May is met, and the verdict depends on the reading."""
    just = under("just", UTC, override=BY_THE_MONTH)
    just.tell(COVENANT, "C-1", "Wed 2026-07-01 10:00", by="customer", happened_at="2026-06-30T23:59:59Z")
    months = just.duties(*JUNE).covenants[0].months
    assert [(one.key.subject, one.state, one.count) for _, one in months] == [("2026-06", "breached", 1)]
    assert just.state("credentials", "2026-05") == "met"
    assert just.state("credentials", "2026-07") == "running"


@pytest.mark.parametrize(("party", "state"), [("provider", "breached"), ("customer", "not applicable")])
def test_just_1_a_compromise_by_somebody_else_is_none_by_the_provider(
    under: Under, party: str, state: str
) -> None:
    """Never compromised by us, says the page; the entry stays in the register."""
    just = under("just", UTC)
    just.tell(COVENANT, "C-1", "Wed 2026-06-10 10:00", party=party, happened_at="2026-06-08T09:00:00Z")
    assert just.state("credentials", "C-1") == state
    assert len(just.duties(*JUNE).covenants[0].entries) == 1


@pytest.mark.parametrize("agreement", ["rous", "intg", "ceng", "sivo", "just"])
def test_no_clause_about_a_duty_waits_for_a_later_part(agreement: str) -> None:
    """What is promised of reviews, reports, notices and covenants is executed."""
    file, findings = read_agreement_file(AGREEMENTS / f"{agreement}.yaml")
    assert file is not None, findings
    text = (AGREEMENTS / "clauses" / f"{agreement}.yaml").read_text("utf-8")
    waiting = {"rous": {"8.1", "8.2"}, "intg": {"E3", "G1"}, "ceng": {"7.1", "8"}, "just": {"1"}}
    for number in waiting.get(agreement, {"8", "9.1"}):
        row = text.partition(f'  "{number}":' if f'"{number}":' in text else f"  {number}:")[2]
        assert "later:" not in row.partition("paragraph:")[2].partition("says:")[0], number
