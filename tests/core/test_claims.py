"""Claims: their conditions, who may decide on them, what a decision gives, and what it leaves as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.claiming.claim import Claim, Determination, Outcome
from upheld.core.claiming.claimable import Next, next_of
from upheld.core.evaluating.claims import Borne, grants, settled
from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import HOUR
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit

from .checked import Checked
from .worlds import DESK, DOCUMENT, at, bound, fact, in_order, shown, text_at

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
component: {api: {}}
signal: {api: {checks: one call, good: ok, every: 10m}}
attribute:
  cause: {of: attribution, type: text, values: [ours, client]}
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
  filing: {of: claim, until: filed, due: about.end + 30d, clause: "6.1"}
  answer: {of: claim, until: determined, due: filed + 15d, modality: guarantee, clause: "6.3"}
indicator:
  uptime: {count: checks of api, per: {slice: 10m, good when: good = total}}
commit:
  uptime: {level: ">= 99.9 %", per: calendar month}
remedy:
  credit: {of: uptime, bands: {"< 99.9 %": 20 %}, base: {fee: month}}
"""
)
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-04-20, fees: {month: 100.00 EUR}, "
    "contacts: {ann: {role: lead}}, roles: {billing: bob}}\n"
)
DOWN = Checked().with_checks(
    [("api", at("Mon 06-01 00:00") + n * HOUR // 6, not 100 <= n < 110) for n in range(30 * 24 * 6)]
)
"""June with 100 minutes down: 20.00 EUR are owed."""
UNTIL = "Thu 10-01 00:00"


def ask(rule: str, facts: Sequence[Fact], when: str = UNTIL, observed: Checked = DOWN) -> Evaluation:
    """What one contract says of facts, under a row of `claim`."""
    terms = bound(AGREEMENT + f"claim: {rule}\n", CONTRACT)
    return evaluate((terms,), in_order(list(facts)), at(when), observed)


def filed(when: str = "Fri 07-10 09:00", claim: str = "C-1", **data: object) -> Fact:
    """A claim about June."""
    return fact("claim.filed", when, claim, **{"contract": "c1", "about": "2026-06", **data})


def decided(
    outcome: str = "accepted", when: str = "Mon 07-20 09:00", claim: str = "C-1", **data: object
) -> Fact:
    """A decision on it."""
    return fact("claim.determined", when, claim, outcome=outcome, **data)


def claim_of(found: Evaluation, name: str = "C-1") -> Claim:
    """A claim by its id."""
    return next(one for one in found.claims_of("c1") if one.id == name)


def june(found: Evaluation) -> Credit:
    """The credit of June."""
    return next(one for one in found.credits_of("c1") if one.key.subject == "2026-06")


# -- conditions --------------------------------------------------------------------------------------------


def reasons(claim: Claim) -> list[tuple[str, bool | None, tuple[str, ...]]]:
    """The conditions that do not hold, with their clauses."""
    return [(check.reason, check.holds, check.clauses) for check in claim.checks if check.holds is not True]


FORM = '{include: [account, period, metrics, impact], about: period, channel: [email], clause: "6.2"}'
SAID = {"account": "A-7", "metrics": "100 min down", "impact": "no calls", "channel": "email"}


def test_a_claim_that_says_all_in_time_by_the_right_channel_is_admissible() -> None:
    """Every condition is kept with its verdict, also those that hold."""
    found = claim_of(ask(FORM, [filed(**SAID)]))
    assert (found.admissibility, reasons(found)) == ("admissible", [])
    assert [check.of for check in found.checks] == ["deadline", "form", "standing", "channel"]


@pytest.mark.parametrize(
    ("when", "data", "reason", "clause"),
    [
        ("Fri 07-31 00:00:01", {}, "filed after the end of filing", "6.1"),
        ("Fri 07-10 09:00", {"metrics": None, "impact": None}, "does not say: metrics, impact", "6.2"),
        ("Fri 07-10 09:00", {"channel": "chat"}, "came by chat, and has to come by email", "6.2"),
        ("Fri 07-10 09:00", {"filed_by": "eve"}, "eve is nobody whom the contract names", "6.2"),
        (
            "Fri 04-10 09:00",
            {"about": "2026-03"},
            "the contract was not in force in that period",
            "6.2",
        ),
    ],
)
def test_each_condition_that_does_not_hold_says_why_and_by_which_clause(
    when: str, data: dict[str, object], reason: str, clause: str
) -> None:
    """And the claim is inadmissible."""
    told = {name: value for name, value in {**SAID, **data}.items() if value is not None}
    found = claim_of(ask(FORM, [filed(when, **told)]))
    assert found.admissibility == "inadmissible"
    assert reasons(found) == [(reason, False, (clause,))]


def test_roles_alone_keep_nobody_from_filing() -> None:
    """Who is called when an answer is late is no contact of the customer, and nobody else was named."""
    contract = CONTRACT.replace("contacts: {ann: {role: lead}}, ", "")
    terms = bound(AGREEMENT + f"claim: {FORM}\n", contract)
    told = [filed(**SAID, filed_by="eve")]
    assert claim_of(evaluate((terms,), in_order(told), at(UNTIL), DOWN)).admissibility == "admissible"


@pytest.mark.parametrize("who", ["ann", "bob", "billing", "Acme"])
def test_whoever_the_contract_names_may_file(who: str) -> None:
    """A contact, somebody with a role, by their name or that of the role, or the customer itself."""
    assert claim_of(ask(FORM, [filed(**SAID, filed_by=who)])).admissibility == "admissible"


@pytest.mark.parametrize(("about", "missing"), [("T-1", False), ("T-9", True)])
def test_an_item_lies_in_a_period(about: str, missing: bool) -> None:
    """Whoever names a ticket has named its month; of one that nobody knows there is none."""
    ticket = fact("ticket.opened", "Wed 06-03 10:00", "T-1", contract="c1")
    found = claim_of(ask("{include: [period, impact]}", [ticket, filed(about=about, impact="no calls")]))
    assert ("does not say: period" in [reason for reason, _, _ in reasons(found)]) is missing


def test_an_untold_channel_cannot_be_told() -> None:
    """It is neither right nor wrong."""
    told = {name: value for name, value in SAID.items() if name != "channel"}
    found = claim_of(ask(FORM, [filed(**told)]))
    assert found.admissibility == "cannot be told"


def test_a_supplement_completes_the_form_and_adds_evidence() -> None:
    """What came first is kept, with the intervals that the customer saw."""
    interval = "2026-06-01T16:40:00Z/2026-06-01T18:20:00Z"
    more = fact("claim.supplemented", "Sat 07-11 09:00", "C-1", impact="no calls", intervals=(interval,))
    told = {name: value for name, value in SAID.items() if name != "impact"}
    found = claim_of(ask(FORM, [filed(**told, evidence=("log.txt",)), more]))
    assert (found.admissibility, found.said.impact) == ("admissible", "no calls")
    assert [one.references for one in found.said.evidence] == [("log.txt",), ()]
    assert found.said.evidence[1].intervals == ((at("Mon 06-01 16:40"), at("Mon 06-01 18:20")),)


@pytest.mark.parametrize(
    ("counts", "when", "state"),
    [
        ("earliest", "Thu 07-30 23:00", "met"),
        ("sent", "Thu 07-30 23:00", "met"),
        ("received", "Fri 07-31 08:00", "breached"),
    ],
)
def test_a_claim_counts_from_when_the_agreement_says(counts: str, when: str, state: str) -> None:
    """Sent in time and received too late."""
    sent = {"sent_at": text_at("Thu 07-30 23:00"), "received_at": text_at("Fri 07-31 08:00")}
    found = claim_of(ask(f"{{counts from: {counts}}}", [filed("Fri 07-31 08:00", **sent)]))
    assert (found.filed_at, found.steps[0].state) == (at(when), state)


@pytest.mark.parametrize(("protective", "expected"), [("true", "admissible"), ("false", "inadmissible")])
def test_a_claim_before_its_figure_is_known_counts_if_it_is_protective(
    protective: str, expected: str
) -> None:
    """Filed on the tenth of its own month."""
    found = claim_of(ask(f"{{protective: {protective}}}", [filed("Wed 06-10 09:00")]))
    assert found.admissibility == expected


# -- how far it has come -----------------------------------------------------------------------------------


WAY = [
    (filed(), "filed"),
    (fact("claim.acknowledged", "Sat 07-11 09:00", "C-1"), "acknowledged"),
    (fact("claim.assessed", "Sun 07-12 09:00", "C-1", admissible=True, actor="dora"), "assessed"),
    (decided("rejected", "Mon 07-13 09:00", actor="dora", reason="no"), "rejected"),
    (fact("claim.disputed", "Tue 07-14 09:00", "C-1"), "disputed"),
    (decided("partly", "Wed 07-15 09:00", actor="emil", amount=Decimal("12.50")), "partly accepted"),
]


@pytest.mark.parametrize("count", range(1, len(WAY) + 1))
def test_a_claim_goes_its_way_step_by_step(count: int) -> None:
    """From its filing to a decision that answers a dispute."""
    found = claim_of(ask("{}", [one for one, _ in WAY[:count]]))
    assert found.state == WAY[count - 1][1]


def test_the_order_in_which_facts_are_learned_changes_nothing() -> None:
    """Only when they happened counts."""
    facts = [one for one, _ in WAY[:5]]
    expected = claim_of(ask("{}", facts))
    for order in list(permutations(facts))[::17]:
        log = FactLog().with_facts(list(order))
        terms = bound(AGREEMENT + "claim: {}\n", CONTRACT)
        found = evaluate((terms,), log.effective(at(UNTIL)), at(UNTIL), DOWN)
        assert claim_of(found) == expected


def test_a_withdrawn_claim_ends_its_clocks_and_grants_nothing() -> None:
    """A decision after it does not count."""
    facts = [filed(), fact("claim.withdrawn", "Sat 07-11 09:00", "C-1"), decided()]
    found = claim_of(ask("{}", facts))
    assert (found.state, found.determination) == ("withdrawn", None)
    assert found.decisions[0].objections == ("the claim had been withdrawn",)
    undecided = claim_of(ask("{}", facts[:2]))
    assert undecided.steps[1].state == "not applicable"


def test_what_is_decided_cannot_be_withdrawn() -> None:
    """The decision stays."""
    facts = [filed(), decided(), fact("claim.withdrawn", "Tue 07-21 09:00", "C-1")]
    assert claim_of(ask("{}", facts)).state == "accepted"


def approved(by: str | None, when: str = "Tue 07-21 09:00") -> Fact:
    """A second person agrees."""
    return fact("claim.approved", when, "C-1", **({"actor": by} if by else {}))


LATER = "Wed 07-22 09:00"
WITHDRAWN = fact("claim.withdrawn", "Tue 07-21 12:00", "C-1")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([decided(actor="dora"), WITHDRAWN], "withdrawn"),
        ([decided(actor="dora"), approved("emil", LATER), WITHDRAWN], "withdrawn"),
        ([decided(actor="dora"), approved("emil", "Tue 07-21 09:00"), WITHDRAWN], "accepted"),
        ([decided("partly", actor="dora"), WITHDRAWN], "withdrawn"),
        ([decided("partly", actor="dora"), WITHDRAWN, decided(when=LATER, actor="emil")], "withdrawn"),
    ],
)
def test_only_what_counts_before_it_stops_a_withdrawal(facts: list[Fact], state: str) -> None:
    """Not a decision that waits for a second person, nor one with an objection."""
    found = ask("{two decide above: 1.00 EUR}", [filed(), *facts])
    claim = claim_of(found)
    assert (claim.state, claim.is_withdrawn) == (state, state == "withdrawn")
    assert (claim.withdrawn_at is None) == (state == "accepted")
    assert (june(found).granted_at is None) == (state == "withdrawn")


@pytest.mark.parametrize("about", ["0000", "0000-12", "9999-12", "9999-Q4", "2199"])
def test_a_year_that_nobody_can_read_is_the_name_of_no_period(about: str) -> None:
    """And takes no other claim down with it."""
    found = ask("{about: period}", [filed(about=about), filed(claim="C-2"), decided(claim="C-2")])
    odd = claim_of(found)
    assert (odd.start_at, odd.credits, odd.admissibility) == (None, (), "inadmissible")
    assert claim_of(found, "C-2").state == "accepted"


def test_a_decision_stands_until_it_is_disputed() -> None:
    """A second one counts only after a dispute."""
    facts = [filed(), decided("rejected"), decided("accepted", "Tue 07-21 09:00")]
    found = claim_of(ask("{}", facts))
    assert found.state == "rejected"
    assert found.decisions[1].objections == ("it was decided before, and nobody has disputed that",)
    disputed = [*facts, fact("claim.disputed", "Mon 07-20 10:00", "C-1")]
    assert claim_of(ask("{}", disputed)).state == "accepted"


# -- who decides -------------------------------------------------------------------------------------------


def attributed(by: str, **data: object) -> Fact:
    """Somebody records a cause."""
    told = {"target": "interval", "cause": "client", "party": "customer", "actor": by, **data}
    return fact("attribution.recorded", "Thu 07-02 09:00", "A-1", **told)


JUNE = {"starts_at": text_at("Tue 06-02 00:00"), "ends_at": text_at("Tue 06-02 01:00")}
MAY = {"starts_at": text_at("Sat 05-02 00:00"), "ends_at": text_at("Sat 05-02 01:00")}


@pytest.mark.parametrize(
    ("cause", "by", "state"), [(JUNE, "dora", "filed"), (JUNE, "emil", "accepted"), (MAY, "dora", "accepted")]
)
def test_whoever_recorded_a_cause_in_the_period_may_not_decide(
    cause: dict[str, object], by: str, state: str
) -> None:
    """Of another month, or recorded by another, it does not matter."""
    found = claim_of(ask("{}", [attributed("dora", **cause), filed(), decided(actor=by)]))
    assert found.state == state


def test_until_somebody_else_decides() -> None:
    """The first decision is kept and says why it does not count."""
    facts = [attributed("dora", **JUNE), filed(), decided(actor="dora")]
    found = claim_of(ask("{}", [*facts, decided("rejected", "Tue 07-21 09:00", actor="emil")]))
    assert found.state == "rejected"
    assert found.decisions[0].objections == (
        "dora recorded or changed the cause A-1, so somebody else has to decide",
    )


@pytest.mark.parametrize(("cause", "state"), [(JUNE, "filed"), (MAY, "accepted")])
def test_a_decision_of_nobody_knows_whom_counts_only_where_everybody_may_decide(
    cause: dict[str, object], state: str
) -> None:
    """It may be by the one who recorded the cause; somebody named decides then."""
    facts = [attributed("dora", **cause), filed(), decided()]
    found = claim_of(ask("{}", facts))
    assert found.state == state
    if state == "filed":
        (objection,) = found.decisions[0].objections
        assert objection.startswith("who decided is not known, and dora recorded or changed the cause A-1")
        named = [*facts, decided("rejected", "Tue 07-21 09:00", actor="emil")]
        assert claim_of(ask("{}", named)).state == "rejected"


@pytest.mark.parametrize(
    ("began", "ended", "state"),
    [
        ("Sun 05-31 23:50", "Mon 06-01 00:40", "filed"),
        ("Sun 05-31 23:50", "Mon 06-01 00:00", "accepted"),
        ("Sun 05-31 23:50", None, "filed"),
        ("Mon 06-01 00:00", "Mon 06-01 00:00", "filed"),
        ("Tue 06-30 23:59", "Wed 07-01 02:00", "filed"),
        ("Wed 07-01 00:00", "Wed 07-01 02:00", "accepted"),
    ],
)
def test_a_cause_of_an_incident_bears_on_every_period_in_which_it_went_on(
    began: str, ended: str | None, state: str
) -> None:
    """Not only on the one in which it began."""
    facts = [fact("incident.declared", began, "I-1", provider="Northwind", severity="S1")]
    facts += [fact("incident.resolved", ended, "I-1", provider="Northwind")] if ended else []
    facts += [attributed("dora", target="I-1"), filed(), decided(actor="dora")]
    assert claim_of(ask("{}", facts)).state == state


def test_a_ticket_that_was_opened_again_goes_on() -> None:
    """Solved in May, not solved after all."""
    ticket = [
        fact("ticket.opened", "Mon 05-04 10:00", "T-1"),
        fact("ticket.resolved", "Mon 05-04 11:00", "T-1"),
        fact("ticket.reopened", "Mon 05-04 12:00", "T-1"),
    ]
    rest = [attributed("dora", target="T-1"), filed(), decided(actor="dora")]
    assert claim_of(ask("{}", [*ticket[:2], *rest])).state == "accepted"
    assert claim_of(ask("{}", [*ticket, *rest])).state == "filed"


@pytest.mark.parametrize(("by", "state"), [("dora", "filed"), ("emil", "filed"), ("fred", "accepted")])
def test_whoever_corrected_a_cause_has_recorded_it_too(by: str, state: str) -> None:
    """Dora recorded it, Emil changed what it says."""
    cause = attributed("dora", **JUNE)
    told = {"corrects": {"source": cause.source, "id": cause.id}, "by": "emil", "reason": "not theirs"}
    data = {**cause.data, "cause": "ours", "party": "provider"}
    correction = fact("correction.replaced", "Fri 07-03 09:00", "K-1", replacement={"data": data}, **told)
    log = FactLog().with_facts([cause, correction, filed(), decided(actor=by)])
    assert not log.findings
    terms = bound(AGREEMENT + "claim: {}\n", CONTRACT)
    found = claim_of(evaluate((terms,), log.effective(at(UNTIL)), at(UNTIL), DOWN))
    assert found.state == state


@pytest.mark.parametrize(
    ("by", "state"),
    [("dora", "filed"), ("emil", "filed"), ("fred", "filed"), ("gina", "filed"), ("hugo", "accepted")],
)
@pytest.mark.parametrize("form", ["a row of corrections", "corrections of corrections"])
def test_everybody_who_ever_changed_a_cause_has_recorded_it(form: str, by: str, state: str) -> None:
    """Dora recorded it, Emil changed it, Fred withdrew that, and Gina told it anew under her own name."""
    cause = attributed("dora", **JUNE)

    def correct(name: str, when: str, by: str, target: str, **data: object) -> Fact:
        told = {"corrects": {"source": cause.source, "id": target}, "by": by, "reason": "so"}
        return fact(f"correction.{name}", when, "K-1", **told, **data)

    changed = {"data": {**cause.data, "actor": "emil", "cause": "ours", "party": "provider"}}
    last = {"data": {**cause.data, "actor": "gina"}}
    is_chain = form == "corrections of corrections"
    first = correct("replaced", "Fri 07-03 09:00", "emil", cause.id, replacement=changed)
    second = correct("withdrawn", "Sat 07-04 09:00", "fred", first.id if is_chain else cause.id)
    third = correct("replaced", "Sun 07-05 09:00", "gina", cause.id, replacement=last)
    log = FactLog().with_facts([cause, first, second, third, filed(), decided(actor=by)])
    assert not log.findings
    terms = bound(AGREEMENT + "claim: {}\n", CONTRACT)
    found = claim_of(evaluate((terms,), log.effective(at(UNTIL)), at(UNTIL), DOWN))
    assert found.state == state


@pytest.mark.parametrize(("by", "state"), [("dora", "filed"), ("emil", "filed"), ("fred", "accepted")])
@pytest.mark.parametrize("cause", [JUNE, MAY])
def test_whoever_withdrew_a_cause_may_not_decide_either(cause: dict[str, str], by: str, state: str) -> None:
    """Dora recorded it, Emil withdrew it, and nothing took its place: both had a hand in it."""
    told = attributed("dora", **cause)
    corrects = {"source": told.source, "id": told.id}
    gone = fact(
        "correction.withdrawn", "Fri 07-03 09:00", "K-1", corrects=corrects, by="emil", reason="not so"
    )
    log = FactLog().with_facts([told, gone, filed(), decided(actor=by)])
    assert told.key not in {one.key for one in log.effective()}
    terms = bound(AGREEMENT + "claim: {}\n", CONTRACT)
    found = claim_of(evaluate((terms,), log.evaluated(at(UNTIL)), at(UNTIL), DOWN))
    assert found.state == (state if cause is JUNE else "accepted")
    assert len(found.conflicts) == (2 if cause is JUNE else 0)


@pytest.mark.parametrize(("by", "state"), [("dora", "filed"), ("emil", "filed"), ("fred", "accepted")])
@pytest.mark.parametrize(
    "changed",
    [MAY, {"target": "elsewhere", "starts_at": None, "ends_at": None}, {"verified": False}],
    ids=["moved to May", "of something else", "not verified any more"],
)
def test_whoever_took_a_cause_out_of_the_period_had_a_hand_in_it(
    changed: dict[str, object], by: str, state: str
) -> None:
    """Dora recorded a cause of June, Emil corrected that: neither decides on June, Fred does."""
    told = attributed("dora", **JUNE)
    data = {name: value for name, value in {**told.data, **changed}.items() if value is not None}
    rest = {"corrects": {"source": told.source, "id": told.id}, "by": "emil", "reason": "not so"}
    correction = fact("correction.replaced", "Fri 07-03 09:00", "K-1", replacement={"data": data}, **rest)
    log = FactLog().with_facts([told, correction, filed(), decided(actor=by)])
    assert not log.findings
    terms = bound(AGREEMENT + "claim: {}\n", CONTRACT)
    found = claim_of(evaluate((terms,), log.evaluated(at(UNTIL)), at(UNTIL), DOWN))
    assert (found.state, [one.by for one in found.conflicts]) == (state, ["dora", "emil"])


@pytest.mark.parametrize(("by", "state"), [("dora", "filed"), ("emil", "filed"), ("fred", "accepted")])
def test_who_told_a_cause_in_two_ways_that_nobody_settled_may_not_decide(by: str, state: str) -> None:
    """Dora and Emil told one cause under one key: none of the two counts, and both had a hand in it."""
    told = attributed("dora", **JUNE)
    other = replace(told, data={**told.data, "actor": "emil", "cause": "ours", "party": "provider"})
    log = FactLog().with_facts([told, other, filed(), decided(actor=by)])
    assert [one.code for one in log.findings] == ["conflicting-facts"]
    terms = bound(AGREEMENT + "claim: {}\n", CONTRACT)
    found = claim_of(evaluate((terms,), log.evaluated(at(UNTIL)), at(UNTIL), DOWN))
    assert (found.state, {one.by for one in found.conflicts}) == (state, {"dora", "emil"})


def test_a_cause_of_an_item_of_the_period_bears_on_the_claim() -> None:
    """A ticket that was opened in June."""
    ticket = fact("ticket.opened", "Wed 06-03 10:00", "T-1", contract="c1")
    facts = [ticket, attributed("dora", target="T-1"), filed(), decided(actor="dora")]
    assert claim_of(ask("{}", facts)).state == "filed"


@pytest.mark.parametrize(
    ("above", "facts", "state"),
    [
        ("20.00 EUR", [decided(actor="dora")], "accepted"),
        ("19.99 EUR", [decided(actor="dora")], "second decision needed"),
        ("19.99 EUR", [decided(actor="dora"), approved("emil")], "accepted"),
        ("19.99 EUR", [decided(actor="dora"), approved("dora")], "second decision needed"),
        ("19.99 EUR", [decided(actor="dora"), approved(None)], "second decision needed"),
        ("19.99 EUR", [decided(), approved("emil")], "second decision needed"),
        ("19.99 EUR", [decided("rejected", actor="dora")], "second decision needed"),
        ("19.99 EUR", [decided(actor="dora"), approved("emil", "Mon 07-20 08:00")], "second decision needed"),
        ("30.00 EUR", [decided(actor="dora", amount=Decimal("30.01"))], "second decision needed"),
        ("30.00 USD", [decided(actor="dora")], "second decision needed"),
    ],
)
def test_above_an_amount_two_people_decide(above: str, facts: list[Fact], state: str) -> None:
    """Another one, who is named, and after the decision; what is at stake is the greater of both amounts."""
    assert claim_of(ask(f"{{two decide above: {above}}}", [filed(), *facts])).state == state


def test_an_approval_is_of_the_later_of_two_decisions_at_one_instant() -> None:
    """Both are of Monday at nine; whoever agrees on Tuesday agrees with the second."""
    first, second = decided("rejected", actor="dora"), decided("accepted", actor="dora")
    told = [replace(first, id="d-1"), replace(second, id="d-2")]
    facts = [filed(), *told, fact("claim.disputed", "Mon 07-20 09:00", "C-1"), approved("emil")]
    found = claim_of(ask("{two decide above: 10 EUR}", facts))
    assert [one.second for one in found.decisions] == ["", "emil"]
    assert found.state == "accepted"


def answered(found: Evaluation) -> tuple[str, str | None]:
    """How the deadline of the answer stands, and when it was met; the claim says the same."""
    (verdict,) = [one for one in found.of("c1") if one.key.commitment == "answer"]
    (step,) = [one for one in claim_of(found).steps if one.deadline == "answer"]
    assert (verdict.state, verdict.stopped_at) == (step.state, step.done_at)
    return verdict.state, shown(verdict.stopped_at)


@pytest.mark.parametrize(
    ("facts", "when", "state", "met"),
    [
        ([decided(actor="dora")], "Wed 07-22 09:00", "running", None),
        ([decided(actor="dora")], "Mon 07-27 09:00", "breached", None),
        ([decided(actor="dora"), approved("emil", "Tue 07-21 09:00")], "Mon 07-27 09:00", "met",
         "Tue 07-21 09:00"),
        ([decided(actor="dora"), approved("emil", "Sun 07-26 09:00")], "Mon 07-27 09:00", "breached",
         "Sun 07-26 09:00"),
    ],
)  # fmt: skip
def test_an_answer_is_given_when_the_decision_counts(
    facts: list[Fact], when: str, state: str, met: str | None
) -> None:
    """Filed on 10 July, to be answered by the 25th: dora decides on the 20th, and emil has to agree."""
    found = ask("{two decide above: 10 EUR}", [filed(), *facts], when)
    assert answered(found) == (state, met)


def test_a_decision_that_does_not_count_answers_nothing() -> None:
    """Whoever recorded the cause decides in time, and somebody else after it: the answer is the second's."""
    cause = attributed("dora", **JUNE)
    facts = [filed(), cause, decided(actor="dora"), decided("rejected", "Mon 07-27 09:00", actor="emil")]
    assert answered(ask("{}", facts, "Mon 07-27 10:00")) == ("breached", "Mon 07-27 09:00")
    assert answered(ask("{}", facts[:3], "Wed 07-22 09:00"))[0] == "running"


def test_what_is_granted_later_leaves_what_was_granted_before() -> None:
    """8 of 20, disputed, then all of it: both grants are kept, of the claim and of its credit."""
    facts = [
        filed(),
        decided("partly", amount=8),
        fact("claim.disputed", "Tue 07-21 09:00", "C-1"),
        decided("accepted", "Wed 07-22 09:00"),
    ]
    found = ask("{}", facts)
    assert [(one.at, one.amount) for one in claim_of(found).grants] == [
        (at("Mon 07-20 09:00"), Decimal(8)),
        (at("Wed 07-22 09:00"), None),
    ]
    assert june(found).grants == claim_of(found).grants
    parts = [(one.number, str(one.amount)) for one in june(found).instalments]
    assert parts == [(1, "8.00"), (2, "12.00")]


@pytest.mark.parametrize(
    ("data", "objection"),
    [
        ({"amount": Decimal("8.005")}, "it grants 8.005 EUR, which is finer than can be paid"),
        ({"amount": 8, "currency": "USD"}, "it grants USD, and what is claimed is in EUR"),
        ({"amount": Decimal("8.010")}, None),
    ],
)
def test_what_cannot_be_paid_is_not_granted(data: dict[str, object], objection: str | None) -> None:
    """A fraction of a cent, another currency: the decision is kept, says why, and does not count."""
    found = claim_of(ask("{}", [filed(), decided("partly", **data)]))
    assert found.decisions[0].objections == ((objection,) if objection else ())
    assert bool(found.grants) is (objection is None)


def test_what_is_rejected_in_the_end_is_granted_no_more() -> None:
    """Nothing stood on an invoice, so nothing is left; a second claim for it is granted then."""
    facts = [
        filed(),
        decided(),
        fact("claim.disputed", "Tue 07-21 09:00", "C-1"),
        decided("rejected", "Wed 07-22 09:00"),
    ]
    credit = june(ask("{}", facts))
    assert (credit.instalments, credit.granted_at) == ((), None)
    assert [one.amount for one in credit.grants] == [None, Decimal(0)]
    again = [filed(claim="C-2"), decided("partly", "Thu 07-23 09:00", "C-2", amount=5)]
    credit = june(ask("{}", [*facts, *again]))
    assert [(one.number, str(one.amount)) for one in credit.instalments] == [(2, "5.00")]


def test_a_credit_is_granted_when_the_second_has_agreed() -> None:
    """And stands on the first invoice after that."""
    invoices = [
        fact("contract.invoice_issued", when, "c1", invoice=f"R-{n}", amount=Decimal(100), currency="EUR")
        for n, when in enumerate(("Mon 07-20 12:00", "Wed 07-22 12:00"))
    ]
    found = ask("{two decide above: 1.00 EUR}", [filed(), decided(actor="dora"), approved("emil"), *invoices])
    assert [(part.amount, part.invoice) for part in june(found).instalments] == [(Decimal("20.00"), "R-1")]


# -- what a decision gives ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "parts"),
    [
        ([], [(Decimal("20.00"), "planned")]),
        ([decided()], [(Decimal("20.00"), "planned")]),
        ([decided("rejected")], [(Decimal("20.00"), "planned")]),
        ([decided("partly", amount=Decimal("12.50"))], [(Decimal("12.50"), "planned")]),
    ],
)
def test_a_decision_never_changes_what_was_computed(
    facts: list[Fact], parts: list[tuple[Decimal, str]]
) -> None:
    """Only what is paid follows it."""
    found = june(ask("{}", [filed(), *facts]))
    assert (found.state, found.amount, found.exact) == ("owed", Decimal("20.00"), 20)
    assert [(part.amount, part.state) for part in found.instalments] == parts


@pytest.mark.parametrize(
    ("facts", "state", "amount"),
    [
        ([], "owed", "20.00"),
        ([decided()], "owed", "20.00"),
        ([decided("rejected")], "not owed", "0"),
        ([decided("partly", amount=Decimal("12.50"))], "owed", "12.50"),
    ],
)
def test_a_final_decision_takes_the_place_of_what_was_computed(
    facts: list[Fact], state: str, amount: str
) -> None:
    """Where the agreement says so."""
    found = june(ask("{decision: final}", [filed(), *facts]))
    assert (found.state, found.amount) == (state, Decimal(amount))


@pytest.mark.parametrize(
    ("decisions", "beside"),
    [
        ([], [("C-1", ""), ("C-2", "C-1")]),
        ([decided(), decided(when="Tue 07-21 09:00", claim="C-2")], [("C-1", ""), ("C-2", "C-1")]),
        ([decided(claim="C-2"), decided(when="Tue 07-21 09:00")], [("C-1", "C-2"), ("C-2", "")]),
        ([decided("rejected"), decided(when="Tue 07-21 09:00", claim="C-2")], [("C-1", "C-2"), ("C-2", "")]),
    ],
)
def test_two_claims_for_one_month_give_one_credit_and_the_other_says_so(
    decisions: list[Fact], beside: list[tuple[str, str]]
) -> None:
    """It is given under the one that grants it first, and before that expected under the first filed."""
    found = ask("{}", [filed(), filed("Sat 07-11 09:00", "C-2"), *decisions])
    assert [(one.id, one.beside) for one in found.claims_of("c1")] == beside
    assert sum(part.amount for part in june(found).instalments) == Decimal("20.00")


def test_a_claim_that_comes_too_late_and_is_granted_first_gives_the_credit() -> None:
    """C-2 is inadmissible and accepted; what is then granted on C-1, which is in time, gives nothing more."""
    late = [filed("Mon 08-10 09:00", "C-2"), decided("partly", "Tue 08-11 09:00", "C-2", amount=5)]
    found = ask("{}", [filed(), *late, decided(when="Wed 08-12 09:00")])
    assert claim_of(found, "C-2").admissibility == "inadmissible"
    assert [(one.id, one.beside, one.granted) for one in found.claims_of("c1")] == [
        ("C-1", "C-2", 0),
        ("C-2", "", 5),
    ]
    assert sum(part.amount for part in june(found).instalments) == 5


def test_without_a_need_to_claim_the_end_of_the_period_decides() -> None:
    """The credit stands on the first invoice after it."""
    invoice = fact(
        "contract.invoice_issued", "Thu 07-02 12:00", "c1", invoice="R-1", amount=Decimal(100), currency="EUR"
    )
    assert [part.invoice for part in june(ask("{needed: false}", [invoice])).instalments] == ["R-1"]
    assert [part.invoice for part in june(ask("{}", [invoice])).instalments] == [""]


ACTORS = st.sampled_from([None, "dora", "emil", "fred"])
DAYS = st.integers(0, 40)


@st.composite
def ways(draw: st.DrawFn) -> list[Fact]:
    """Facts of two claims about June, in any order."""
    found = [filed(claim="C-1"), filed("Sat 07-11 09:00", "C-2")]
    verbs = ["acknowledged", "assessed", "determined", "approved", "disputed", "withdrawn"]
    for n in range(draw(st.integers(0, 9))):
        verb, actor = draw(st.sampled_from(verbs)), draw(ACTORS)
        data: dict[str, object] = {"actor": actor} if actor else {}
        if verb == "determined":
            data["outcome"] = draw(st.sampled_from(["accepted", "rejected", "partly"]))
            if draw(st.booleans()):
                data["amount"] = draw(st.sampled_from([Decimal("5.00"), Decimal("20.00"), Decimal("25.00")]))
        elif verb == "assessed":
            data["admissible"] = draw(st.booleans())
        when = at("Sat 07-11 10:00") + draw(DAYS) * 24 * HOUR
        found.append(fact(f"claim.{verb}", when, draw(st.sampled_from(["C-1", "C-2"])), f"w{n}", **data))
    return found


@settings(max_examples=tried(25), deadline=None)
@given(ways(), st.sampled_from(["{}", "{two decide above: 10.00 EUR}", "{two decide above: 20.00 EUR}"]))
def test_whatever_is_decided_the_verdict_stays_and_nothing_is_given_twice(
    facts: list[Fact], rule: str
) -> None:
    """One credit, of what was computed or of one decision; a second person is another one."""
    plain, found = june(ask(rule, [])), ask(rule, facts)
    credit = june(found)
    assert (credit.state, credit.low, credit.high, credit.exact, credit.amount) == (
        plain.state, plain.low, plain.high, plain.exact, plain.amount,
    )  # fmt: skip
    paid = sum((part.amount for part in credit.instalments), Decimal(0))
    granted = [one.granted for one in found.claims_of("c1") if one.granted_at is not None]
    assert paid in (granted or [plain.amount])
    for one in found.claims_of("c1"):
        for decision in one.decisions:
            if decision.needs_second and decision.counts_at is not None:
                assert decision.second not in ("", decision.by)
        assert len([two for two in one.decisions if two.counts_at is not None]) <= 1 + len(one.disputes)


# -- one amount over several credits -----------------------------------------------------------------------


def hundred(month: str) -> Credit:
    """A month for which 100.00 EUR are owed."""
    key, all_of_it = CellKey("c1", "credit", month), Fraction(100)
    return Credit(
        key, "uptime", "owed", "money", "r", all_of_it, all_of_it, all_of_it, Decimal(100), currency="EUR"
    )


def granting(name: str, when: str, amount: int | None) -> Claim:
    """A claim that was granted, with an amount or as it was computed."""
    outcome: Outcome = "accepted" if amount is None else "partly"
    told = None if amount is None else Decimal(amount)
    one = Determination(at(when), "dora", outcome, told, "EUR", "", (), FactRef("desk", name))
    return Claim(name, "c1", "", at("Fri 07-10 09:00"), at("Fri 07-10 09:00"), decisions=(one,))


MON, TUE, WED = "Mon 07-20 09:00", "Tue 07-21 09:00", "Wed 07-22 09:00"


@pytest.mark.parametrize(
    ("claims", "about", "expected"),
    [
        ([("a", MON, None), ("b", TUE, 100)], ["ab", "b"], {0: None, 1: 100}),
        ([("a", MON, 100)], ["a", "a"], {0: 100}),
        ([("a", MON, 150)], ["a", "a"], {0: 100, 1: 50}),
        ([("a", MON, 250)], ["a", "a"], {0: 100, 1: 150}),
        ([("a", MON, 130)], ["a"], {0: 130}),
        ([("a", MON, 0)], ["a"], {0: 0}),
        ([("a", MON, 100), ("b", TUE, None)], ["a", "ab"], {0: 100, 1: None}),
        ([("a", MON, 100), ("b", TUE, 40), ("c", WED, 60)], ["abc", "abc"], {0: 100, 1: 40}),
        ([("b", MON, 100), ("a", TUE, None)], ["ab", "b"], {0: 100}),
    ],
)
def test_an_amount_goes_to_the_credits_that_nothing_has_granted_yet(
    claims: list[tuple[str, str, int | None]], about: list[str], expected: dict[int, int | None]
) -> None:
    """And one for which nothing of it is left can be granted later."""
    given_credits = [Borne(hundred(f"2026-0{n + 6}"), tuple(names)) for n, names in enumerate(about)]
    found = grants([granting(*one) for one in claims], given_credits)
    assert {number: own[-1].amount for number, own in found.items()} == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [(150, {0: 50, 1: 100}), (80, {1: 80}), (250, {0: 150, 1: 100})]
)
def test_a_credit_that_is_not_known_has_what_is_left_by_those_that_are(
    amount: int, expected: dict[int, int]
) -> None:
    """June cannot be told, July is 100.00: July is granted no more than that while June may have it."""
    june = replace(hundred("2026-06"), state="undetermined", amount=None, exact=None)
    found = grants([granting("a", MON, amount)], [Borne(june, ("a",)), Borne(hundred("2026-07"), ("a",))])
    assert {number: own[-1].amount for number, own in found.items()} == expected


@pytest.mark.parametrize(
    ("high", "expected"), [(60, {0: 60, 1: 90}), (None, {0: 50, 1: 100}), (200, {0: 150})]
)
def test_of_two_that_are_not_known_the_first_has_no_more_than_it_may_be(
    high: int | None, expected: dict[int, int]
) -> None:
    """150 for June, of at most so much, and July, of at most 100: who may be anything comes last."""
    unknown = {"state": "undetermined", "amount": None, "exact": None}
    june = replace(hundred("2026-06"), high=None if high is None else Fraction(high), **unknown)
    july = replace(hundred("2026-07"), high=Fraction(100), **unknown)
    found = grants([granting("a", MON, 150)], [Borne(june, ("a",)), Borne(july, ("a",))])
    assert {number: own[-1].amount for number, own in found.items()} == expected


@pytest.mark.parametrize(
    ("claims", "beside"),
    [
        ([("a", MON, 100), ("b", TUE, None)], {"a": "", "b": ""}),
        ([("a", MON, 150), ("b", TUE, None)], {"a": "", "b": "a"}),
        ([("b", MON, None), ("a", TUE, None)], {"a": "b", "b": ""}),
    ],
)
def test_a_claim_stands_beside_those_that_left_it_nothing(
    claims: list[tuple[str, str, int | None]], beside: dict[str, str]
) -> None:
    """Both are about two months of 100.00 each; what the first does not grant of them the second may."""
    given = [Borne(hundred(month), ("a", "b")) for month in ("2026-06", "2026-07")]
    found = settled([granting(*one) for one in claims], {"a": None, "b": None}, given)
    assert {one.id: one.beside for one in found} == beside
    assert {one.id: one.granted for one in found if one.beside} == dict.fromkeys(
        filter(beside.get, beside), 0
    )


# -- whose name it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ("Dora", "second decision needed"),
        (" dora ", "second decision needed"),
        ("Do ra", "accepted"),
        ("Emil", "accepted"),
    ],
)
def test_one_person_is_no_two_however_the_name_is_written(second: str, state: str) -> None:
    """Capitals and blanks around it are no other person."""
    told = [decided(actor="dora"), fact("claim.approved", "Tue 07-21 09:00", "C-1", actor=second)]
    assert claim_of(ask("{two decide above: 10.00 EUR}", [filed(), *told])).state == state


@pytest.mark.parametrize(
    ("by", "objection"),
    [
        ("ann", None),
        ("bob", None),
        ("", None),
        ("Dora", "Dora decides on the claim, so somebody of the customer has to dispute it"),
        ("eve", "eve is nobody whom the contract names"),
    ],
)
def test_a_dispute_is_the_customers(by: str, objection: str | None) -> None:
    """Whoever decided cannot open the way to a second decision; what they tell is kept, and why it fails."""
    actor = {"actor": by} if by else {}
    told = [
        decided("rejected", actor="dora"),
        fact("claim.disputed", "Wed 07-22 09:00", "C-1", **actor),
        decided("accepted", "Thu 07-23 09:00", actor="emil"),
    ]
    claim = claim_of(ask("{}", [filed(), *told]))
    assert [one.objection for one in claim.void_disputes] == ([] if objection is None else [objection])
    assert claim.state == ("accepted" if objection is None else "rejected")


# -- a month, and its quarter ------------------------------------------------------------------------------

BOTH = (
    DOCUMENT
    + DESK
    + """
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
indicator:
  share: {count: outcomes of response}
commit:
  month: {indicator: share, level: ">= 90 %", per: calendar month}
  quarter: {indicator: share, level: ">= 90 %", per: calendar quarter}
remedy:
  month credit: {of: month, formula: "10 %", base: {fee: month}}
  quarter credit: {of: quarter, formula: "30 %", base: {fee: month}}
claim: {about: either}
"""
)
LATE_IN_JUNE = [
    fact("ticket.opened", "Wed 06-03 08:00", "T-1", contract="c1"),
    fact("ticket.replied", "Wed 06-03 11:00", "T-1"),
]


def of_both(*facts: Fact, when: str = UNTIL) -> Evaluation:
    """One late ticket in June: 10.00 EUR for the month, 30.00 EUR for its quarter."""
    terms = bound(BOTH, CONTRACT)
    return evaluate((terms,), in_order([*LATE_IN_JUNE, *facts]), at(when), Checked())


@pytest.mark.parametrize(
    ("about", "of", "amount"),
    [
        ("2026-06", ["month credit of 2026-06"], "10.00"),
        ("2026-Q2", ["quarter credit of 2026-Q2"], "30.00"),
        ("T-1", ["month credit of 2026-06", "quarter credit of 2026-Q2"], "40.00"),
        ("2026-05", ["month credit of 2026-05"], "0"),
        ("2026", [], None),
    ],
)
def test_a_claim_for_a_period_is_about_that_very_period(
    about: str, of: list[str], amount: str | None
) -> None:
    """Not about the quarter that a month lies in, nor the months of a quarter; a late ticket is of both."""
    claim = claim_of(of_both(filed(about=about)))
    assert [f"{key.commitment} of {key.subject}" for key in claim.credits] == of
    assert claim.computed == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("outcome", ["accepted", "partly", "rejected"])
def test_what_is_decided_on_a_month_decides_nothing_on_its_quarter(outcome: str) -> None:
    """Whatever becomes of June's 10.00, the 30.00 of the quarter wait for a claim of their own."""
    more = {"amount": 6} if outcome == "partly" else {}
    month = [filed("Fri 07-03 09:00"), decided(outcome, "Mon 07-06 09:00", **more)]
    assert granted_of(of_both(*month)) == {"month credit": {"accepted": 10, "partly": 6}.get(outcome, 0)}
    quarter = [
        filed("Fri 07-10 09:00", "C-2", about="2026-Q2"),
        decided("accepted", "Mon 07-20 09:00", "C-2"),
    ]
    found = of_both(*month, *quarter)
    assert claim_of(found, "C-2").beside == ""
    assert granted_of(found)["quarter credit"] == 30


def granted_of(found: Evaluation) -> dict[str, Decimal | None]:
    """What is granted for each remedy, by the claims about it."""
    return {
        key.commitment: claim.granted
        for claim in found.claims_of("c1")
        for key in claim.credits
        if claim.determination is not None
    }


@pytest.mark.parametrize(("rule", "claimed"), [("{}", 1), ("{for: [credit]}", 0)])
def test_a_complaint_counts_for_a_remedy_that_is_not_claimed(rule: str, claimed: int) -> None:
    """`for` says what has to be claimed, not what a complaint is about: 5.00 are owed either way."""
    courtesy = "\n  courtesy: {of: uptime, when: complaints >= 1, formula: 5.00 EUR}\n"
    terms = bound(AGREEMENT.rstrip() + courtesy + f"claim: {rule}\n", CONTRACT)
    for facts, amount in (([], None), ([filed()], Decimal("5.00"))):
        found = evaluate((terms,), in_order(facts), at(UNTIL), DOWN)
        keys = {one.key: one for one in found.credits_of("c1") if one.key.subject == "2026-06"}
        given = next(one for key, one in keys.items() if key.commitment == "courtesy")
        assert (given.amount or None) == amount
    (claim,) = found.claims_of("c1")
    assert [key.commitment for key in claim.credits] == ["credit", *(["courtesy"] * claimed)]


@pytest.mark.parametrize(("when", "invoice"), [("Tue 06-30 09:00", "R-6"), ("Fri 07-03 09:00", "R-7")])
def test_what_a_complaint_gives_stands_on_no_invoice_before_it(when: str, invoice: str) -> None:
    """Nobody has to claim, but somebody has to complain: invoices of 1 July and 1 August."""
    courtesy = "\n  courtesy: {of: uptime, when: complaints >= 1, formula: 5.00 EUR}\n"
    terms = bound(AGREEMENT.rstrip() + courtesy + "claim: {needed: false}\n", CONTRACT)
    bills = [
        fact("contract.invoice_issued", f"{day} 08:00", "c1", name, invoice=name, amount=100, month=month)
        for day, name, month in (("Wed 07-01", "R-6", "2026-06"), ("Sat 08-01", "R-7", "2026-07"))
    ]
    found = evaluate((terms,), in_order([filed(when), *bills]), at("Thu 08-13 00:00"), DOWN)
    (given,) = (one for one in found.credits_of("c1") if one.key[1:] == ("courtesy", "2026-06"))
    assert [(part.amount, part.invoice) for part in given.instalments] == [(Decimal("5.00"), invoice)]


# -- whose turn it is --------------------------------------------------------------------------------------


def test_a_decision_after_a_dispute_waits_for_its_second_person() -> None:
    """Nobody has to decide on the dispute any more: somebody else has to agree."""
    told = [
        decided("rejected", actor="dora"),
        fact("claim.approved", "Tue 07-21 09:00", "C-1", actor="emil"),
        fact("claim.disputed", "Wed 07-22 09:00", "C-1", actor="ann"),
    ]
    new = decided("accepted", "Thu 07-23 09:00", actor="dora")
    rule = "{two decide above: 10.00 EUR}"
    assert next_of(claim_of(ask(rule, [filed(), *told]))).what == "decide on the dispute"
    waiting = claim_of(ask(rule, [filed(), *told, new]))
    assert (waiting.state, next_of(waiting).what) == ("disputed", "a second person has to agree")


PROOF = fact("claim.supplemented", "Sun 07-12 09:00", "C-1", evidence=("a",))


@pytest.mark.parametrize(
    ("when", "facts", "told"),
    [
        pytest.param(
            "Mon 07-13 09:00",
            [],
            [("customer", "add to it: proof", "Wed 07-15 09:00"), ("provider", "decide", "Sat 07-25 09:00")],
            id="its proof is due first",
        ),
        pytest.param(
            "Thu 07-16 09:00", [], [("provider", "decide", "Sat 07-25 09:00")], id="too late for the proof"
        ),
        pytest.param(
            "Mon 07-13 09:00", [PROOF], [("provider", "decide", "Sat 07-25 09:00")], id="the proof is there"
        ),
    ],
)
def test_whoever_has_to_add_proof_is_named_beside_whoever_decides(
    when: str, facts: list[Fact], told: list[tuple[str, str, str]]
) -> None:
    """Filed on the 10th: proof within 5 days, an answer within 15; whose deadline is first comes first."""
    assert turns("within 5 days", when, facts) == [(*one[:2], at(one[2])) for one in told]


def test_a_proof_that_is_due_after_the_answer_comes_second() -> None:
    """Both run, and both are told."""
    (first, second) = turns("within 20 days", "Mon 07-13 09:00", [])
    assert first == ("provider", "decide", at("Sat 07-25 09:00"))
    assert second == ("customer", "add to it: proof", at("Thu 07-30 09:00"))


def turns(proof: str, when: str, facts: list[Fact]) -> list[tuple[str, str, int | None]]:
    """Whose turn it is with what until when, the first and the other."""
    days = proof.split()[1]
    rows = f"  proof: {{of: claim, until: supplemented, due: filed + {days}d}}\n  answer:"
    terms = bound(AGREEMENT.replace("  answer:", rows) + "claim: {}\n", CONTRACT)
    found: Next | None = next_of(claim_of(evaluate((terms,), in_order([filed(), *facts]), at(when), DOWN)))
    told = []
    while found is not None:
        told.append((found.party, found.what, found.due_at))
        found = found.also
    return told


def test_a_deadline_to_acknowledge_is_no_deadline_to_decide() -> None:
    """The provider is asked for what is due first, in its own word."""
    rows = "  receipt: {of: claim, until: acknowledged, due: filed + 2d}\n  answer:"
    terms = bound(AGREEMENT.replace("  answer:", rows) + "claim: {}\n", CONTRACT)
    seen = fact("claim.acknowledged", "Sat 07-11 09:00", "C-1")
    for facts, told in ((filed(),), "acknowledge it"), ((filed(), seen), "decide"):
        found = evaluate((terms,), in_order(list(facts)), at("Sat 07-11 12:00"), DOWN)
        assert next_of(claim_of(found)).what == told
