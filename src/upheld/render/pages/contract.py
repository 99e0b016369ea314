"""The page of one contract and month, as a support lead would mail it to the customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from upheld.core.terms.agreement import ClockRule, QuotaRule, Rule
from upheld.core.verdicts.condition import is_promise
from upheld.core.verdicts.verdict import State
from upheld.render import credits as money
from upheld.render import words
from upheld.render.drawings.axis import month_name
from upheld.render.naming import clauses, zone_of
from upheld.render.pages.index import Entry, entry, written
from upheld.render.pages.markup import Content, element, joined, table
from upheld.render.pages.measured import days, measured
from upheld.render.pages.month import ContractPage
from upheld.render.pages.page import figures, page
from upheld.render.pages.settled import claims, owed
from upheld.render.pages.tables import ALL_ROWS, MOST_ROWS, dated, left_out, section, verdict_table
from upheld.render.summary import ORDER, Numbered, cells_of, entitled, gravity

_LATE: Final[frozenset[State]] = frozenset({"breached", "missed"})


def contract_page(told: ContractPage) -> str:
    """The page, the same bytes for the same values."""
    contract = told.terms.contract
    assert contract is not None, "a page is about a contract"
    title = f"Service levels of {_name(told)} for {contract.customer}"
    body = [
        *_short(told),
        *_not_kept(told),
        *measured(told),
        *days(told),
        *_promises(told),
        *owed(told),
        *claims(told),
        *_month(told),
        *_coming(told),
        *_entitled(told),
    ]
    return page(title, _head(told, title), body, _foot(told), about=written(entry_of(told)))


def entry_of(told: ContractPage) -> Entry:
    """The row of a page in an index."""
    terms, states = told.terms, _states(told.verdicts)
    assert terms.contract is not None
    zone = zone_of(terms)
    return entry(
        month=told.month.label,
        contract=terms.contract.id,
        name=f"{terms.contract.customer}, {_name(told)}",
        provider=terms.provider,
        plan=told.now.plan,
        kept=f"{states['met']:,}",
        not_kept=f"{states['breached'] + states['missed']:,}",
        undetermined=f"{states['undetermined']:,}",
        as_of=f"{words.local(told.at, zone)} {zone.abbreviation_at(told.at)}",
    )


def _name(told: ContractPage) -> str:
    """The month of a page: June 2026."""
    on = zone_of(told.terms).date_at(told.month.start_at)
    return f"{month_name(on)} {on.year}"


def _head(told: ContractPage, title: str) -> Content:
    terms = told.terms
    assert terms.contract is not None
    zone = zone_of(terms)
    version = f"{terms.agreement} {terms.version}".strip()
    facts = [
        ("Provider", terms.provider),
        ("Agreement", f"{terms.title} ({version})" if terms.title else version),
        *([("Plan", told.now.plan)] if told.now.plan else []),
        ("Contract", terms.contract.id),
        ("As of", f"{words.local(told.at, zone)} {zone.abbreviation_at(told.at)}"),
        ("Times", zone.name),
    ]
    return [
        element("h1", title),
        element("dl", [[element("dt", name), element("dd", text)] for name, text in facts], class_="facts"),
        *([element("ul", [element("li", line) for line in told.life], class_="life")] if told.life else []),
    ]


# -- sections ----------------------------------------------------------------------------------------------


def _short(told: ContractPage) -> Iterator[Content]:
    """The month in one sentence, and its numbers."""
    states = _states(told.verdicts)
    judged = states["met"] + states["breached"] + states["missed"]
    kept = f"{states['met']:,} of {words.count(judged, 'promise')} kept" if judged else "nothing judged yet"
    rest = [f"{states[one]:,} {one}" for one in ("breached", "missed", "undetermined") if states[one]]
    sentence = f"{kept}{', ' if rest else ''}{', '.join(rest)}."
    tiles = [
        element("li", element("strong", f"{states[one]:,}"), one)
        for one in ORDER
        if states[one] and one != "not applicable"
    ]
    yield element("p", sentence[0].upper() + sentence[1:], class_="lead")
    if tiles:
        yield element("ul", tiles, class_="tiles")
    if sentence := money.in_short(told.owing, bool(told.terms.remedies)):
        yield element("p", sentence)


def _states(verdicts: Iterable[Numbered]) -> Counter[State]:
    """How many promises are in each state."""
    return Counter(one.verdict.state for one in _promised(verdicts))


def _promised(verdicts: Iterable[Numbered]) -> Iterator[Numbered]:
    """Those that are of a promise of the provider."""
    return (one for one in verdicts if is_promise(one.terms, one.verdict))


def _not_kept(told: ContractPage) -> Iterator[Content]:
    states = _states(told.verdicts)
    broken = [one for one in _promised(told.verdicts) if one.verdict.state in _LATE]
    if broken:
        broken.sort(key=lambda one: gravity(one, told.at))
        caption = f"{words.count(len(broken), 'promise')} not kept, the gravest first"
        grid = verdict_table(told, caption, broken[:MOST_ROWS], with_commitment=True)
        more = len(broken) - MOST_ROWS
        note = f"{words.count(more, 'more promise')} not kept are not listed here; {ALL_ROWS}."
        rest = element("p", note, class_="note") if more > 0 else []
        yield section("not-kept", "What was not kept", grid, rest)
    elif states["met"]:
        is_all = not any(states[one] for one in ("running", "at risk", "undetermined"))
        kept = "every promise was kept" if is_all else "every promise that is judged was kept"
        yield section("not-kept", "What was not kept", element("p", f"Nothing: {kept}."))


def _by_rule(told: ContractPage) -> Iterator[tuple[Rule, list[Numbered]]]:
    """The rules under every plan, each with its verdicts in the month, but for those that are not judged."""
    for terms in (told.terms, *told.terms.plans.values()):
        judged = [
            one for one in told.verdicts if one.terms is terms and one.verdict.state != "not applicable"
        ]
        for rule in terms.rules:
            yield rule, [one for one in judged if one.verdict.key.commitment == rule.name]


def _promises(told: ContractPage) -> Iterator[Content]:
    """Deadlines, cadences and duties with a row of numbers each, allowances; below them every subject."""
    blocks, rows, used = [], [], []
    several = len({one.terms.plan for one in told.verdicts}) > 1
    for rule, own in _by_rule(told):
        name = f"{rule.name} ({own[0].terms.plan})" if several and own else rule.name
        if isinstance(rule, ClockRule) and rule.is_of_customer:
            name = f"{name} (by the customer)"
        if hasattr(rule, "indicator") or not own:
            continue
        if isinstance(rule, QuotaRule):
            used += [_used(told, rule, one) for one in own]
            continue
        states = Counter(one.verdict.state for one in own)
        late = states["breached"] + states["missed"]
        running = states["running"] + states["at risk"]
        numbers = [len(own), states["met"], late, states["undetermined"], running]
        rows.append([name, *(f"{number:,}" for number in numbers), rule.modality, clauses(rule.cited)])
        blocks.append(_subjects(told, name, own))
    grids = []
    if rows:
        headers = ("promise", "in all", "kept", "not kept", "undetermined", "running", "how", "clause")
        caption = "How often each promise was made and kept"
        grids.append(table(caption, headers, rows, frozenset(range(1, 6))))
    if used:
        columns = ("allowance", "number", "period", "used", "until", "how", "clause")
        grids.append(table("How much of each allowance was used", columns, used[:MOST_ROWS]))
        grids += left_out(len(used))
    if grids:
        yield section("promises", "Deadlines and duties", grids, blocks)


def _used(told: ContractPage, rule: Rule, one: Numbered) -> list[Content]:
    """A period of an allowance: how much of it was used, and what became of the rest."""
    number, terms, verdict = one
    until, used, why = cells_of(terms, verdict, told.at)
    how = "; ".join(text for text in ("running" if verdict.is_open else "", why) if text)
    cells = [f"#{number}", verdict.key.subject, used, dated(until.removeprefix("until ")), how]
    return [rule.name, *cells, clauses(rule.cited)]


def _subjects(told: ContractPage, name: str, own: Sequence[Numbered]) -> Content:
    """Every subject of a commitment; where there are too many, those that are still open or undetermined.

    What was not kept stands above, the gravest first.
    """
    is_long = len(own) > MOST_ROWS
    shown = [one for one in own if not is_long or one.verdict.state not in ("met", *_LATE)]
    kept = sum(one.verdict.state == "met" for one in own) if is_long else 0
    late = len(own) - len(shown) - kept
    more = len(shown[MOST_ROWS:])
    counts = {"kept": kept, "not kept": late, "more": more}
    left = [f"{number:,} {name}" for name, number in counts.items() if number]
    note = f"Not listed here: {', '.join(left)}; {ALL_ROWS}" if left else ""
    return element(
        "details",
        element("summary", f"{name}: {words.count(len(own), 'subject')}"),
        verdict_table(told, name, shown[:MOST_ROWS], with_commitment=False) if shown else [],
        element("p", f"{note}.", class_="note") if note else [],
    )


def _month(told: ContractPage) -> Iterator[Content]:
    if told.overview:
        shown = figures((f"month-{n}", drawing) for n, drawing in enumerate(told.overview))
        yield section("month", "The month at a glance", shown)


def _coming(told: ContractPage) -> Iterator[Content]:
    if not told.coming:
        return
    zone = zone_of(told.terms)
    rows = [
        [
            f"{words.until(wake.due_at, zone)} {zone.abbreviation_at(wake.due_at)}",
            f"in {words.ahead(remaining_us)}",
            key.commitment,
            key.subject,
            "" if wake.what == "limit" else wake.what,
        ]
        for wake, key, _, remaining_us in told.coming[:20]
    ]
    headers = ("when", "remaining", "promise", "subject", "what")
    yield section("due", "What is due next", table("Due next", headers, rows))


def _entitled(told: ContractPage) -> Iterator[Content]:
    rules = told.now.entitlements
    if rules:
        rows = [[rule.name, entitled(rule), clauses(rule.cited)] for rule in rules]
        title = "What the plan gives" if told.now.plan else "What else is agreed"
        yield section("entitled", title, table("Entitlements", ("what", "how much", "clause"), rows))


def _foot(told: ContractPage) -> Content:
    observed = " and the observations" if told.is_observed else ""
    facts = f"{words.count(told.facts, 'fact')} (recorded up to position {told.known:,})"
    how = "Every number here can be followed to its facts: upheld explain #number."
    return joined([element("p", f"Computed by Upheld from {facts}{observed}. {how}")])
