"""What an author gets wrong is told with its code, its line and column, and a way out; nothing raises."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.language.texts import CONTRACT, HEAD, contract_of, findings_of, mapping, marked, tree
from upheld.core.values.finding import Finding
from upheld.language.check import check_agreement
from upheld.language.compile import compile_terms
from upheld.language.lock import make_lock

pytestmark = pytest.mark.slow


class Bad(NamedTuple):
    """A text with its mark, the code of the one finding expected there, and what the way out says."""

    code: str
    text: str
    says: str = ""
    severity: str = "error"


R = "deadline: {r: {from: opened, until: answered, "

# Rows that follow HEAD.
ROWS = [
    Bad("unknown-concept", "⟦dedline: {r: {from: opened, until: answered, within: 2h}}", "`deadline`"),
    Bad("wrong-shape", "deadline: ⟦[response]"),
    Bad("wrong-shape", "deadline: {r: ⟦2h}"),
    Bad("unknown-field",
        "deadline: {r: {from: opened, ⟦untill: answered, until: answered, within: 2h}}", "`until`"),
    Bad("missing-field", "deadline: {⟦r: {from: opened, within: 2h}}", "`until`"),
    Bad("missing-field", "deadline: {⟦r: {until: answered, within: 2h}}", "from: opened"),
    Bad("missing-field", "deadline: {⟦r: {from: opened, until: answered}}"),
    Bad("too-many-forms", R + "within: 2h, ⟦due: opened + 2h}}"),
    Bad("too-many-forms", "deadline: {r: {until: answered, due: opened + 2h, ⟦on: always}}"),
    Bad("wrong-shape", R + "within: 2h, doc: ⟦[a]}}"),
    Bad("wrong-shape", R + "within: 2h, doc: ⟦''}}"),
    Bad("unknown-choice", R + "within: 2h, modality: ⟦objectiv}}", "objective"),
    Bad("unknown-choice",
        "deadline: {r: {of: ⟦tickets, from: opened, until: answered, within: 2h}}", "`ticket`"),
    Bad("unknown-choice", R + "within: 2h, change: ⟦reset}}", "restart"),
    Bad("unknown-event", "deadline: {r: {from: opened, until: ⟦anwered, within: 2h}}", "`answered`"),
    Bad("unknown-event",
        "deadline: {r: {from: opened, until: ⟦incident.resolved, within: 2h}}", "of: incident"),
    Bad("bad-event", "deadline: {r: {from: opened ⟦or reopened, until: answered, within: 2h}}", "list"),
    Bad("bad-event", "deadline: {r: {from: opened ⟦where, until: answered, within: 2h}}"),
    Bad("unknown-name",
        "deadline: {r: {from: opened, until: answered where ⟦visiblity = public, within: 2h}}", "visibility"),
    Bad("unknown-value",
        "deadline: {r: {from: opened, until: answered where visibility = ⟦publc, within: 2h}}", "public"),
    Bad("unknown-value", "deadline: {r: {where: priority = ⟦P4, from: opened, until: answered, within: 2h}}"),
    Bad("unknown-name",
        "deadline: {r: {where: ⟦prioritty = P1, from: opened, until: answered, within: 2h}}", "priority"),
    Bad("unit-mismatch",
        "deadline: {r: {where: priority = P1 and ⟦2h, from: opened, until: answered, within: 2h}}"),
    Bad("unit-mismatch", "deadline: {r: {of: maintenance, until: announced, due: ⟦starts_at - starts_at}}"),
    Bad("unknown-name", "deadline: {r: {of: claim, until: determined, due: filed + 2 bd of ⟦weekdays}}"),
    Bad("bad-expression",
        "deadline: {r: {where: priority = P1 and⟦, from: opened, until: answered, within: 2h}}"),
    Bad("wrong-shape", "deadline: {r: {where: ⟦[priority = P1], from: opened, until: answered, within: 2h}}"),
    Bad("unknown-calendar", R + "on: ⟦allways, within: 2h}}", "`always`"),
    Bad("unknown-calendar", R + "within: 2h of ⟦support}}"),
    Bad("bad-amount", R + "within: 2 ⟦hours}}"),
    Bad("bad-amount", R + "within: {P1: 2h, other: 2⟦}}}"),
    Bad("goal-after-limit", R + "within: {goal: ⟦4h, limit: 2h}}}"),
    Bad("wrong-shape", R + "within: {goal: ⟦[1h], limit: 2h}}}"),
    Bad("unknown-value", R + "within: {P1: 2h, P2: 3h, ⟦P33: 4h, other: none}}}", "`P3`"),
    Bad("unknown-decision", R + "within: {⟦S1: 2h, other: 4h}}}", "priority"),
    Bad("unknown-decision", R + "within: ⟦{other: 4h}}}"),
    Bad("ambiguous-decision", "attribute: {rank: {of: ticket, type: text, values: [P1, P2, P3]}}\n"
        + R + "within: {⟦P1: 2h, P2: 2h, P3: 3h}}}"),
    Bad("missing-field", R + "within: [⟦{where: priority = P1}]}}", "limit"),
    Bad("missing-field", R + "within: [⟦{limit: 2h}]}}", "where"),
    Bad("too-many-forms", R + "within: "
        "[{where: priority = P1, limit: 2h, ⟦within: 3h}]}}"),
    Bad("no-business-day", "calendar: {c: {zone: UTC, open: Mon-Fri 09:00-17:00}}\n"
        + R + "on: c, ⟦within: 1 business day}}", "business day: 8h"),
    Bad("broken-business-day",
        "calendar: {c: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: same time}}\n"
        + R + "on: c, ⟦within: 1/2 business day}}"),
    Bad("no-business-day", "calendar: {c: {zone: UTC, open: Mon-Fri 09:00-17:00}}\n"
        "deadline: {r: {of: claim, until: determined, due: ⟦filed + 2 business days of c}}"),
    Bad("unknown-name",
        "quota: {q: {where: ⟦quota.q = none, allow: 2, per: calendar year, overflow: charged}}"),
    Bad("pause-without-axis", R + "⟦pause: waiting, within: 2 days}}"),
    Bad("pause-without-axis",
        "calendar: {c: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: end of day}}\n"
        + R + "on: {P1: always, other: c}, ⟦pause: waiting, within: 1 bd}}"),
    Bad("pause-without-axis", "deadline: {r: {of: claim, until: determined, due: filed + 2 days, ⟦pause: "
        "{from: filed, until: disputed}}}"),
    Bad("pro-rata-without-axis", R + "⟦change: pro rata, within: 2 weeks}}"),
    Bad("unknown-event", R + "pause: ⟦wating, within: 2h}}", "`waiting`"),
    Bad("unknown-event",
        "deadline: {r: {of: task, from: submitted, until: began, pause: ⟦waiting, within: 2h}}"),
    Bad("unknown-value", R + "pause: waiting where duty = ⟦dat, within: 2h}}", "`data`"),
    Bad("missing-field", R + "pause: ⟦{from: vendor_case}, within: 2h}}"),
    Bad("duplicate-name", R + "within: 2h}}\n"
        "obligation: {⟦r: {times: 1, per: calendar year}}"),
    Bad("duplicate-name", "attribute: {⟦priority: {of: ticket, type: text}}"),
    Bad("reserved-name", "deadline: {⟦by hours: {from: opened, until: answered, within: 2h}}"),
    Bad("reserved-name", "attribute: {⟦of: {of: ticket, type: text}}"),
    Bad("reserved-name", "event: {⟦ticket.opened: {of: ticket}}"),
    Bad("bad-event", "event: {⟦arrived: {of: ticket}}", "family.verb"),
    Bad("bad-event", "event: {⟦incident.seen: {of: ticket}}"),
    Bad("unknown-choice", "event: {visit.arrived: {of: ticket, fields: {who: ⟦string}}}", "text"),
    Bad("wrong-type", "attribute: {size: {of: ticket, type: number, ⟦values: ['1', '2']}}"),
    Bad("wrong-type", "attribute: {size: {of: ticket, type: number, default: ⟦large}}"),
    Bad("unknown-value",
        "attribute: {size: {of: ticket, type: text, values: [small, large], default: ⟦larg}}", "`large`"),
    Bad("listed-twice", "attribute: {size: {of: ticket, type: text, values: [small, ⟦small]}}"),
    Bad("missing-field", "quota: {⟦q: {where: priority = P1, allow: 2, per: calendar month}}", "overflow"),
    Bad("bad-number",
        "quota: {q: {where: priority = P1, allow: ⟦two, per: calendar month, overflow: refused}}"),
    Bad("bad-period", "quota: {q: {where: priority = P1, allow: 2, per: ⟦month, overflow: refused}}"),
    Bad("bad-period",
        "quota: {q: {where: priority = P1, allow: 2, per: billing cycle from day ⟦32, overflow: refused}}"),
    Bad("bad-period",
        "quota: {q: {where: priority = P1, allow: 2, per: ⟦rolling 30 days, overflow: refused}}"),
    Bad("bad-period", "obligation: {o: {times: 1, per: ⟦rolling 30 days}}"),
    Bad("bad-number", "obligation: {o: {⟦times: 0, per: calendar year}}"),
    Bad("missing-field", "entitlement: {⟦e: {clause: '1'}}"),
    Bad("missing-field", "covenant: {⟦c: {judged: each month}}", "`what`"),
    Bad("unknown-choice", "covenant: {c: {what: keys are safe, judged: ⟦each week}}", "each month"),
    Bad("unknown-choice", "covenant: {c: {what: keys are safe, register: [by, ⟦secret]}}", "credential"),
    Bad("too-many-forms", "covenant: {c: {what: keys are safe, ⟦zone: UTC}}", "each month"),
    Bad("missing-field", R + "within: 2h}}\nescalate: {⟦e: {of: r, at: limit}}", "`tell`"),
    Bad("missing-field", R + "within: 2h}}\nescalate: {⟦e: {of: r, tell: lead}}", "`at`"),
    Bad("unknown-commitment", R + "within: 2h}}\nescalate: {e: {of: ⟦s, at: limit, tell: lead}}"),
    Bad("bad-mark", R + "within: 2h}}\nescalate: {e: {of: r, at: ⟦lmit, tell: lead}}", "limit"),
    Bad("bad-mark", R + "within: 2h}}\nescalate: {e: {of: r, at: [limit, ⟦0 %], tell: lead}}", "above 0 %"),
    Bad("bad-mark", R + "within: 2h}}\nescalate: {e: {of: r, at: ⟦100.5 %, tell: lead}}", "100 %"),
    Bad("bad-mark", R + "within: 2h}}\nescalate: {e: {of: r, at: ⟦75, tell: lead}}"),
    Bad("bad-mark", R + "within: 2h}}\nescalate: {e: {of: r, at: limit + ⟦1 business day, tell: lead}}",
        "of CALENDAR"),
    Bad("bad-amount", R + "within: 2h}}\nescalate: {e: {of: r, at: limit + 4 ⟦hours, tell: lead}}"),
    Bad("unknown-calendar", R + "within: 2h}}\nescalate: {e: {of: r, at: limit + 4h of ⟦desk, tell: lead}}"),
    Bad("listed-twice", R + "within: 2h}}\nescalate: {e: {of: r, at: [limit, ⟦limit], tell: lead}}"),
    Bad("unknown-choice", R + "within: 2h}}\nescalate: {e: {of: r, at: limit, tell: lead, how: ⟦loudly}}",
        "page"),
    Bad("unknown-name", R + "within: 2h}}\nescalate: {e: {of: r, at: limit, tell: lead, where: ⟦size = 3}}"),
    Bad("missing-field",
        R + "within: 2h}}\nescalate: {e: {of: r, at: limit, tell: lead, ⟦before closing: 1h}}", "hours"),
    Bad("bad-amount",
        R + "within: 2h}}\nescalate: {e: {of: r, at: limit, tell: lead, hours: always, "
        "⟦before closing: 1 days}}", "30m"),
    Bad("unknown-entitlement",
        R + "within: 2h}}\nescalate: {e: {of: r, at: limit, tell: lead, channels of: ⟦news}}"),
    Bad("mixed-subjects",
        R + "within: 2h}}\nobligation: {o: {times: 1, per: calendar year}}\n"
        "escalate: {e: {of: [r, o], at: limit, tell: lead, ⟦where: priority = P1}}", "a row for each kind"),
    Bad("pause-without-axis",  # and nothing of the row that watches it
        "deadline: {r: {from: opened, until: answered, within: 2h}, s: {from: opened, until: resolved, "
        "⟦pause: waiting, within: 5 days, reopening: ignore}}\n"
        "escalate: {e: {of: [r, s], at: limit, tell: lead, where: priority = P1}}"),
    Bad("duplicate-name",
        R + "within: 2h}}\nescalate: {e: {of: r, at: limit, tell: lead}}\n"
        "notify: {⟦e: {upon: opened, tell: lead}}"),
    Bad("missing-field", "notify: {⟦n: {tell: lead}}", "`upon`"),
    Bad("unknown-event", "notify: {n: {of: incident, upon: ⟦opened, tell: lead}}"),
    Bad("unknown-choice", "notify: {n: {upon: opened, tell: lead, repeat: ⟦twice}}", "each time"),
    Bad("missing-field", "remind: {⟦r: {what: a certificate}}", "`from`"),
    Bad("bad-date", "remind: {r: {what: a certificate, from: ⟦2027-02-30}}"),
    Bad("wrong-order", "remind: {r: {what: a certificate, from: 2027-04-01, ⟦until: 2027-04-01}}"),
    Bad("duplicate-name", R + "within: 2h}}\ncovenant: {⟦r: {what: keys are safe}}"),
    Bad("unknown-zone", "calendar: {c: {zone: ⟦Europe/Madird, open: Mon-Fri 09:00-17:00}}", "Europe/Madrid"),
    Bad("unknown-zone", "calendar: {c: {zone: ⟦Madrid, open: Mon-Fri 09:00-17:00}}", "Europe/Madrid"),
    Bad("zone-abbreviation", "calendar: {c: {zone: ⟦CET, open: Mon-Fri 09:00-17:00}}", "Europe/Amsterdam"),
    Bad("missing-field", "calendar: {⟦c: {zone: UTC}}"),
    Bad("bad-hours", "calendar: {c: {zone: UTC, open: Mon-Fri ⟦9-17}}"),
    Bad("bad-hours", "calendar: {c: {zone: UTC, open: 'Mon-Fri 09:00-17:00, Mon ⟦12:00-13:00'}}"),
    Bad("bad-hours", "calendar: {c: {zone: UTC, open: [Mon-Fri 09:00-17:00, ⟦Fri 16:00-18:00]}}"),
    Bad("never-open",
        "calendar: {⟦c: {zone: UTC, open: Mon 09:00-17:00, breaks: Mon 08:00-18:00}}", severity="warning"),
    Bad("never-open",
        "calendar: {a: {zone: UTC, open: Mon 09:00-17:00}, b: {zone: UTC, open: Tue 09:00-17:00}, "
        "⟦c: {intersection: [a, b]}}", severity="warning"),
    Bad("calendar-cycle", "calendar: {⟦a: {union: [b, always]}, b: {union: [a]}}"),
    Bad("unknown-calendar", "calendar: {a: {union: [always, ⟦alway]}}", "always"),
    Bad("too-many-forms", "calendar: {a: {union: [always], ⟦holidays: {add: [2026-01-01]}}}"),
    Bad("bad-amount", "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, business day: ⟦25h}}"),
    Bad("bad-date", "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, dates: {⟦2026-02-30: closed}}}"),
    Bad("bad-hours",
        "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, dates: {2026-02-03: ⟦Mon 09:00-12:00}}}"),
    Bad("unknown-holidays", "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, holidays: {country: ⟦XX}}}"),
    Bad("missing-field",
        "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, holidays: ⟦{remove: [2026-01-01]}}}"),
    Bad("unknown-assumption",
        "calendar: {c: {zone: UTC, open: {⟦by hour: {a: Mon 09:00-17:00}}}}", "`hours`"),
    Bad("unknown-option", R + "within: "
        "{by hours: {support: 2h, all day: 3h, ⟦all days: 4h}}}}", "all day"),
    Bad("option-missing", R + "within: {⟦by hours: {support: 2h}}}}"),
    Bad("wrong-shape", R + "within: {by hours: ⟦2h}}}"),
    Bad("bad-amount", R + "within: {by hours: {support: 2h, all day: ⟦x}}}}"),
    Bad("severity-without-target", R + "⟦within: {P1: 2h, P2: 4h}}}", "P3",
        "warning"),
    Bad("severity-without-target", R + "⟦on: {P1: always}, within: 2h}}",
        severity="warning"),
    Bad("reopening-without-axis", "deadline: {r: {from: opened, until: resolved, ⟦within: 2 days}}",
        "new cycle", "warning"),
    Bad("reopening-without-axis",
        "calendar: {c: {open: Mon-Fri 09:00-17:00, business day: end of day}}\n"
        "deadline: {r: {from: opened, until: [replied, closed], reopening: continue, on: c, "
        "⟦within: {P1: 4h, other: 2 business days}}}", "2 business days on `c`", "warning"),
    Bad("no-lock",
        "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, holidays: {country: ⟦NL}}}", "upheld lock",
        "warning"),
]  # fmt: skip


@pytest.mark.parametrize("bad", ROWS, ids=lambda bad: f"{bad.code}: {bad.text[:60]}")
def test_a_bad_row_is_told_at_its_place(bad: Bad) -> None:
    """A bad row gives exactly one finding: this code, at this line and column, with a way out."""
    text, line, column = marked(HEAD + bad.text)
    _assert_told(bad, findings_of(text), line, column)


def _assert_told(bad: Bad, findings: tuple[Finding, ...], line: int, column: int) -> None:
    told = [(f.code, f.place.line, f.place.column, f.severity) for f in findings]
    assert told == [(bad.code, line, column, bad.severity)]
    said = f"{findings[0].message} {findings[0].way_out}"
    assert bad.says in said


@pytest.mark.parametrize(
    "rows",
    [
        "deadline: {r: {from: opened, until: answered, within: {by hours: {support: 2h, all day: 3h}}}}",
        "deadline: {r: {by hours: {support: {from: opened, until: answered, within: 2h}, all day: none}}}",
        "duty: {data: {by hours: {support: data, all day: none}}}",
    ],
)
def test_what_consults_a_broken_assumption_is_told_nothing_more(rows: str) -> None:
    """A value, a row and a row that is a text are not known while the assumption is not: one finding."""
    head = "\n".join(line for line in HEAD.splitlines() if not line.startswith("duty"))
    text = f"{head.replace('take: support', 'take: suport')}\n{rows}\n"
    assert [finding.code for finding in findings_of(text)] == ["unknown-option"]


# Whole agreements, their plan and their contract.
WHOLE = [
    Bad("missing-field", "⟦deadline: {}"),
    Bad("wrong-shape", "⟦[document]"),
    Bad("missing-field", "⟦document: {agreement: acme, version: '1', zone: UTC}", "provider"),
    Bad("unknown-zone", "document: {agreement: acme, version: '1', provider: N, zone: ⟦Etc/UTCC}", "Etc/UTC"),
    Bad("wrong-shape", "document: {agreement: the⟦ acme, version: '1', provider: N, zone: UTC}"),
    Bad("unknown-option", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "assume: {h: {issue: i, options: [one, two], take: ⟦tow, because: b}}", "one, two"),
    Bad("one-option", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "assume: {h: {issue: i, ⟦options: [one], take: one, because: b}}"),
    Bad("reserved-name", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "assume: {⟦customer: {issue: i, options: [one, two], take: one, because: b}}"),
    Bad("reserved-name", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "scale: {priority: {of: ticket, ⟦values: {P1: down, other: slow}}}"),
    Bad("plan-missing",
        "⟦document: {agreement: a, version: '1', provider: N, zone: UTC}\nplan: {pro: {}}", "pro by --plan"),
    Bad("unknown-concept", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "plan: {gold: {⟦assumption: {}}}"),
    Bad("wrong-shape", "document: {agreement: a, version: '1', provider: N, zone: UTC}\nplan: {gold: ⟦[x]}"),
    Bad("nothing-to-remove", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "plan: {gold: {quota: {⟦urgent: none}}}", severity="warning"),
]  # fmt: skip


@pytest.mark.parametrize("bad", WHOLE, ids=lambda bad: f"{bad.code}: {bad.text[:60]}")
def test_a_bad_agreement_is_told_at_its_place(bad: Bad) -> None:
    """A bad file, document, assumption or plan gives exactly one finding at its place."""
    text, line, column = marked(bad.text)
    _assert_told(bad, findings_of(text, plan="gold" if "gold" in text else ""), line, column)


CONTRACTS = [
    Bad("wrong-shape", "⟦[contract]"),
    Bad("missing-field", "⟦override: {}"),
    Bad("unknown-concept", f"{CONTRACT}⟦overide: {{}}", "override"),
    Bad("missing-field", "⟦contract: {id: c, customer: Acme, agreement: acme}", "from"),
    Bad("bad-date",
        "contract: {id: c, customer: Acme, agreement: acme, from: ⟦2026-02-01T00:00:00}", "day alone"),
    Bad("bad-date", "contract: {id: c, customer: Acme, agreement: acme, from: ⟦2026-02}"),
    Bad("wrong-order",
        "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, ⟦until: 2026-02-01}"),
    Bad("bad-money",
        "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, fees: {month: ⟦499 euro}}"),
    Bad("bad-money", "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, currency: ⟦euro}"),
    Bad("bad-money", "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, currency: ⟦EUT}"),
    Bad("bad-money",
        "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, fees: {month: 499 ⟦EUT}}"),
    Bad("bad-money", "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, "
        "fees by plan: {gold: {month: ⟦499 euro}}}"),
    Bad("bad-number",
        "contract: {id: c, customer: Acme, agreement: acme, from: 2026-02-01, billing day: ⟦32}", "1 to 31"),
    Bad("zone-abbreviation",
        "contract: {id: c, customer: A, agreement: acme, from: 2026-02-01, zone: ⟦CEST}"),
    Bad("wrong-order", "contract: {id: c, customer: A, agreement: acme, from: 2026-02-01, contacts: "
        "{ada: {from: 2026-03-01, ⟦until: 2026-02-01}}}"),
    Bad("unknown-field", "contract: {id: c, customer: A, agreement: acme, from: 2026-02-01, contacts: "
        "{ada: {⟦rol: owner}}}", "role"),
    Bad("wrong-shape",
        "contract: {id: c, customer: A, agreement: acme, from: 2026-02-01, stage: {bot: ⟦beta}}"),
]  # fmt: skip


@pytest.mark.parametrize("bad", CONTRACTS, ids=lambda bad: f"{bad.code}: {bad.text[:60]}")
def test_a_bad_contract_is_told_at_its_place(bad: Bad) -> None:
    """A bad contract file gives exactly one finding at its place, and no contract."""
    text, line, column = marked(bad.text)
    contract, findings = contract_of(text)
    _assert_told(bad, findings, line, column)
    assert contract is None


BINDINGS = [
    Bad("agreement-mismatch", "contract: {id: c, customer: A, agreement: ⟦other, from: 2026-02-01}", "acme"),
    Bad(
        "version-mismatch",
        "contract: {id: c, customer: A, agreement: acme, version: ⟦'2025', from: 2026-02-01}",
    ),
    Bad("unknown-plan", "contract: {id: c, customer: A, agreement: acme, plan: ⟦gold, from: 2026-02-01}"),
    Bad(
        "unknown-plan",
        "contract: {id: c, customer: A, agreement: acme, from: 2026-02-01, "
        "fees by plan: {⟦gold: {month: 1.00 EUR}}}",
    ),
    Bad("unknown-concept", f"{CONTRACT}override: {{⟦plan: {{}}}}"),
    Bad(
        "unknown-event",
        f"{CONTRACT}override: {{deadline: {{r: {{until: ⟦resolvd, from: opened, within: 2h}}}}}}",
    ),
]


@pytest.mark.parametrize("bad", BINDINGS, ids=lambda bad: f"{bad.code}: {bad.text[:60]}")
def test_a_contract_that_does_not_fit_its_agreement_is_told(bad: Bad) -> None:
    """A contract that names another agreement, version or plan, or overrides wrongly, is told in its file."""
    text, line, column = marked(bad.text)
    findings = findings_of(HEAD, contract=text)
    _assert_told(bad, findings, line, column)
    assert findings[0].place.file == "c-1.yaml"


def test_everything_is_told_at_once() -> None:
    """Faults of different rows, concepts and layers come in one answer, by place."""
    text = HEAD + (
        "calendar: {c: {zone: CET, open: Mon 9-17}}\n"
        "deadline: {r: {from: opend, until: answered, within: 2x}, s: {}}\n"
        "quota: {q: {where: prio = P1}}\n"
    )
    codes = [finding.code for finding in findings_of(text)]
    assert codes[:4] == ["zone-abbreviation", "bad-hours", "unknown-event", "bad-amount"]
    assert codes.count("missing-field") == 6
    assert codes[-1] == "unknown-name"


def test_a_lock_without_a_zone_or_holidays_is_told() -> None:
    """With a lock, what it does not hold is an error that says how to lock anew."""
    lock = make_lock("acme", ["Europe/Madrid"], {}, (2025, 2027))
    rows = "calendar: {c: {zone: UTC, open: Mon 09:00-17:00, holidays: {country: NL}}}"
    terms, findings = compile_terms(tree(HEAD + rows), lock=lock)
    assert terms is None
    assert [(f.code, f.place.line, f.place.column) for f in findings] == [
        ("lock-incomplete", 5, 1 + rows.index("UTC")),
        ("lock-incomplete", 5, 1 + rows.index("NL")),
    ]
    assert all("upheld lock AGREEMENT CONTRACTS" in f.way_out for f in findings)


def test_a_contract_s_own_zone_is_asked_of_the_lock() -> None:
    """Where the lock of its agreement lacks it, it is that of the installed library, which is told."""
    contract = mapping(CONTRACT.replace("}", ", zone: Australia/Sydney}"))
    held = ["Europe/Madrid"]
    terms, findings = compile_terms(
        tree(HEAD), contract=contract, lock=make_lock("acme", held, {}, (2025, 2027))
    )
    assert terms is not None
    assert terms.contract is not None
    assert terms.contract.zone == "Australia/Sydney"
    message = "the lock does not hold the zone Australia/Sydney: it is that of the installed library"
    assert [(f.code, f.severity, f.message) for f in findings] == [("lock-incomplete", "warning", message)]
    lock = make_lock("acme", [*held, "Australia/Sydney"], {}, (2025, 2027))
    terms, findings = compile_terms(tree(HEAD), contract=contract, lock=lock)
    assert terms is not None
    assert not findings


CLAUSES = [
    Bad("clause-missing", "clauses: {⟦'1': {says: something}}"),
    Bad("missing-field", "clauses: {⟦'1': {informative: nothing to do}}"),
    Bad("unknown-choice", "clauses: {'1': {says: something, later: ⟦measurements}}"),
    Bad("wrong-shape", "⟦clause: {}"),
    Bad("informative-cited", "clauses: {⟦'2': {says: something, informative: nothing}}", severity="warning"),
]


@pytest.mark.parametrize("bad", CLAUSES, ids=lambda bad: f"{bad.code}: {bad.text[:60]}")
def test_a_bad_clause_list_is_told(bad: Bad) -> None:
    """Faults of a clause list, and gaps of its coverage, are told in its own file."""
    text, line, column = marked(bad.text)
    cites = "duty: {data: {text: data, clause: '2'}}\n"
    rows = cites if bad.code == "informative-cited" else ""
    document = "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
    findings, _ = check_agreement(mapping(document + rows), clauses=tree(text, "clauses.yaml"))
    told = [
        (f.code, f.place.file, f.place.line, f.place.column) for f in findings if f.severity == bad.severity
    ]
    assert (bad.code, "clauses.yaml", line, column) in told


def test_a_citation_of_no_clause_is_told() -> None:
    """A row that cites what the list does not name is an error at the citation."""
    document = "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
    document += "duty: {data: {text: d, clause: '23'}}\n"
    clauses = tree("clauses: {'2.3': {says: something, informative: nothing}}", "clauses.yaml")
    findings, _ = check_agreement(mapping(document), clauses=clauses)
    assert [(f.code, f.place.line, f.place.column) for f in findings] == [("unknown-clause", 2, 24)]
    assert "2.3" in findings[0].way_out


def test_no_shape_of_a_text_raises() -> None:
    """Every concept and field answers a text, a list and a map with findings, never with an exception."""
    from upheld.language.concepts import AGREEMENT

    for concept in AGREEMENT:
        alone = "\n".join(line for line in HEAD.splitlines() if not line.startswith(f"{concept.name}:"))
        for value in ("x", "[x]", "{x: y}", "''", "[[x]]", "{x: [y]}", "none", "{by hours: x}", "[{x: y}]"):
            compile_terms(tree(f"{alone}\n{concept.name}: {value}\n"))
            for field in concept.fields:
                rows = f"{concept.name}: {{r: {{{field.name or 'r'}: {value}}}}}\n"
                compile_terms(tree(f"{alone}\n{rows}"))
    assert findings_of(HEAD) == ()


def test_a_wrong_word_in_a_target_is_told_with_the_right_one() -> None:
    """A target is known by its words, so one of two that is wrong is no value of a scale."""
    rows = "deadline: {r: {from: opened, until: answered, on: always, within: {goal: 4h, limits: 8h}}}\n"
    _, findings = compile_terms(tree(HEAD + rows))
    assert [(f.code, f.way_out) for f in findings] == [("unknown-field", "did you mean `limit`?")]
