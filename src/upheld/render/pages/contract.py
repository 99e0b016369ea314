"""The page of one contract and month, as a support lead would mail it to the customer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from upheld.core.claiming.claimable import Claimable, FiledClaim
from upheld.core.measuring.days import Day
from upheld.core.owing.entitlement import NOT_SO, NOT_TOLD
from upheld.core.terms.agreement import QuotaRule, Rule, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import State, Verdict
from upheld.render import credits as money
from upheld.render import measures, words
from upheld.render.claims import claimable_cells, filed_cells, step_cells
from upheld.render.credits import NumberedCredit
from upheld.render.drawings.axis import day_name, month_name
from upheld.render.drawings.days import day_id, day_partition, days_told, outcome_of
from upheld.render.drawings.drawing import Drawing
from upheld.render.naming import cited, clauses, zone_of
from upheld.render.pages.index import Entry, entry, written
from upheld.render.pages.markup import Content, Html, element, joined, table
from upheld.render.pages.page import figure, figures, page
from upheld.render.summary import ORDER, Coming, Numbered, cells_of, entitled, gravity

MOST_ROWS: Final = 100
"""Of more rows only their number is told, and where they are: nobody reads thousands."""
IN_FULL: Final = 16
"""So many measured commitments are told in full, those with a picture first; of the others a row each."""
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?)")
_ALL: Final = "upheld evaluate prints them all, each with its number"
_LATE: Final[frozenset[State]] = frozenset({"breached", "missed"})


class Month(NamedTuple):
    """The month that a page is about: its name, and from when to when it lasts in the contract's zone."""

    label: str
    start_at: Instant
    end_at: Instant


class DrawnDays(NamedTuple):
    """The last days of a component, and their picture, in which each leads to its parts under that name.

    `of` is what is measured of what. None is drawn of the calmer ones among many components.
    """

    name: str
    of: str
    days: Sequence[Day]
    drawing: Drawing | None


@dataclass(frozen=True, slots=True)
class ContractPage:
    """What a page tells. `drawings` are the pictures of each measured commitment by the number of its
    verdict; `days` the last ninety or less of each component, drawn and as they are; `overview` those of the
    month as a whole. `filed` are the claims about the month or made in it, `claimable` is what can be claimed
    for it, or could. `now` are the terms of the plan at the end of the month, `life` what became of the
    contract, a line each. `facts` is how many are behind it, `is_observed` whether there are observations.
    """

    terms: Terms
    now: Terms
    life: Sequence[str]
    month: Month
    at: Instant
    facts: int
    known: int
    is_observed: bool
    verdicts: Sequence[Numbered]
    owing: Sequence[NumberedCredit]
    filed: Sequence[FiledClaim]
    claimable: Sequence[Claimable]
    coming: Sequence[Coming]
    drawings: Mapping[int, Sequence[Drawing]]
    days: Sequence[DrawnDays]
    overview: Sequence[Drawing]


def contract_page(told: ContractPage) -> str:
    """The page, the same bytes for the same values."""
    contract = told.terms.contract
    assert contract is not None, "a page is about a contract"
    title = f"Service levels of {_name(told)} for {contract.customer}"
    body = [
        *_short(told),
        *_not_kept(told),
        *_measured(told),
        *_days(told),
        *_promises(told),
        *_money(told),
        *_claims(told),
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


def _section(name: str, title: str, *content: Content) -> Html:
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, *content, aria_labelledby=f"{name}-title", id=name)


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
    """How many promises are in each state: allowances are none, those are used and not kept."""
    return Counter(one.verdict.state for one in verdicts if one.verdict.kind != "quota")


def _not_kept(told: ContractPage) -> Iterator[Content]:
    states = _states(told.verdicts)
    broken = [one for one in told.verdicts if one.verdict.state in _LATE]
    if broken:
        broken.sort(key=lambda one: gravity(one, told.at))
        caption = f"{words.count(len(broken), 'promise')} not kept, the gravest first"
        grid = _table(told, caption, broken[:MOST_ROWS], with_commitment=True)
        more = len(broken) - MOST_ROWS
        note = f"{words.count(more, 'more promise')} not kept are not listed here; {_ALL}."
        rest = element("p", note, class_="note") if more > 0 else []
        yield _section("not-kept", "What was not kept", grid, rest)
    elif states["met"]:
        is_all = not any(states[one] for one in ("running", "at risk", "undetermined"))
        kept = "every promise was kept" if is_all else "every promise that is judged was kept"
        yield _section("not-kept", "What was not kept", element("p", f"Nothing: {kept}."))


def _measured(told: ContractPage) -> Iterator[Content]:
    """Each measured commitment with its value, its pictures, and the partition of its period."""
    own = [one for one in told.verdicts if one.verdict.measurement is not None]
    first = sorted(own, key=lambda one: not told.drawings.get(one.number))[:IN_FULL]
    numbers = {one.number for one in first}
    drawn = [
        (f"v{one.number}-{n}", drawing)
        for one in own
        for n, drawing in enumerate(told.drawings.get(one.number, ()))
        if one.number in numbers
    ]
    pictures = dict(zip((prefix for prefix, _ in drawn), figures(drawn), strict=True))
    blocks: list[Content] = [
        _one_measured(
            one, [html for prefix, html in pictures.items() if prefix.startswith(f"v{one.number}-")]
        )
        for one in own
        if one.number in numbers
    ]
    if rest := [one for one in own if one.number not in numbers]:
        caption = f"{words.count(len(rest), 'more measured commitment')}"
        blocks += [_table(told, caption, rest[:MOST_ROWS], with_commitment=True), *_left_out(len(rest))]
    if own:
        yield _section("measured", "What was measured", blocks)


def _listed(caption: str, headers: Sequence[str], rows: Sequence[Sequence[Content]]) -> Content:
    """A table of so many rows as anybody reads, and how many more there are."""
    return [table(caption, headers, rows[:MOST_ROWS]), *_left_out(len(rows))]


def _left_out(count: int) -> list[Html]:
    """How many of so many rows a table leaves out, and where they are."""
    more = count - MOST_ROWS
    return [element("p", f"Not listed here: {more:,} more; {_ALL}.", class_="note")] if more > 0 else []


def _one_measured(one: Numbered, pictures: Sequence[Html]) -> Content:
    number, terms, verdict = one
    found = verdict.measurement
    assert found is not None
    value, promise, why = measures.cells(terms, verdict)
    rule = terms.rule(verdict.key.commitment)
    heading = f"{verdict.key.commitment}, {verdict.key.subject}"
    # What is only measured is judged against nothing.
    state = _state(verdict) if verdict.level is not None else []
    return element(
        "article",
        element("h3", heading),
        element("p", state, " ", element("strong", value), f", {promise}{f'; {why}' if why else ''}"),
        element("p", f"{rule.modality}{cited(terms, rule.cited)}; number {number}", class_="note"),
        pictures,
        element(
            "details",
            element("summary", "The parts of the period"),
            table(
                f"Parts of {heading}",
                ("part", "amount"),
                measures.partition(terms, found),
                frozenset({1}),
            ),
            element("p", f"Measured by {measures.method(found)}", class_="note"),
            [element("p", note, class_="note") for note in found.notes],
        ),
    )


def _days(told: ContractPage) -> Iterator[Content]:
    """The last days of each component; a day leads to its parts."""
    blocks = []
    for one in told.days:
        if one.drawing is None:
            continue
        rows = [
            [
                element("span", day_name(day.on), id=day_id(one.name, day.on)),
                ", ".join(day_partition(told.terms, day)),
            ]
            for day in one.days
        ]
        blocks.append(figure(one.drawing, one.name, most=0))
        grid = table(one.drawing.title, ("day", "parts"), rows)
        blocks.append(element("details", element("summary", f"{one.drawing.title}, in words"), grid))
    calm = [[one.of, days_told(one.days), outcome_of(one.days)] for one in told.days if one.drawing is None]
    if calm:
        caption = "Components with less trouble" if blocks else "No component had any trouble"
        blocks.append(table(caption, ("what", "days", "how they were"), calm[:MOST_ROWS]))
        blocks += _left_out(len(calm))
    if blocks:
        most = max(len(one.days) for one in told.days)
        yield _section("days", f"The last {words.count(most, 'day')}", blocks)


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
        if hasattr(rule, "indicator") or not own:
            continue
        if isinstance(rule, QuotaRule):
            used += [_used(told, rule, one) for one in own]
            continue
        states = _states(own)
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
        grids += _left_out(len(used))
    if grids:
        yield _section("promises", "Deadlines and duties", grids, blocks)


def _used(told: ContractPage, rule: Rule, one: Numbered) -> list[Content]:
    """A period of an allowance: how much of it was used, and what became of the rest."""
    number, terms, verdict = one
    until, used, why = cells_of(terms, verdict, told.at)
    how = "; ".join(text for text in ("running" if verdict.is_open else "", why) if text)
    cells = [f"#{number}", verdict.key.subject, used, _dated(until.removeprefix("until ")), how]
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
    note = f"Not listed here: {', '.join(left)}; {_ALL}" if left else ""
    return element(
        "details",
        element("summary", f"{name}: {words.count(len(own), 'subject')}"),
        _table(told, name, shown[:MOST_ROWS], with_commitment=False) if shown else [],
        element("p", f"{note}.", class_="note") if note else [],
    )


def _table(told: ContractPage, caption: str, own: Iterable[Numbered], with_commitment: bool) -> Html:
    rows = []
    for number, terms, verdict in own:
        subject = verdict.key.subject + (f" ({verdict.cycle})" if verdict.cycle > 1 else "")
        named = [verdict.key.commitment] if with_commitment else []
        facts = map(_dated, cells_of(terms, verdict, told.at))
        rows.append([f"#{number}", *named, subject, _state(verdict), *facts])
    names = ("promise",) if with_commitment else ()
    headers = ("number", *names, "subject", "state", "due or value", "done or promised", "by how much")
    return table(caption, headers, rows)


def _dated(text: str) -> Content:
    """A text whose dates stay on one line: browsers would break them at a hyphen."""
    parts = _DATE.split(text)
    return [element("span", part, class_="on") if n % 2 else part for n, part in enumerate(parts) if part]


def _state(verdict: Verdict) -> Html:
    """A state with its mark: the word tells it, too."""
    return element("span", verdict.state, class_=f"state {verdict.state.replace(' ', '-')}")


def _money(told: ContractPage) -> Iterator[Content]:
    own = [one for one in told.owing if one.credit.state != "not owed" or one.credit.lines]
    if not own:
        return
    rows = [
        [
            f"#{number}",
            credit.key.commitment,
            credit.key.subject,
            credit.state,
            money.owed(credit),
            "; ".join([*_reasons(terms, credit), *filter(None, [money.payment(terms, credit)])]),
        ]
        for number, terms, credit in own[:MOST_ROWS]
    ]
    headers = ("number", "remedy", "for", "state", "amount", "how")
    grid = table("Credits", headers, rows, frozenset({4}))
    steps = [
        element(
            "details",
            element("summary", f"#{number}: how {money.owed(credit)} comes about"),
            table(f"Steps of #{number}", ("step", "value"), money.steps(credit), frozenset({1})),
        )
        for number, _, credit in own[:IN_FULL]
        if credit.lines
    ]
    untold = sum(bool(one.credit.lines) for one in own[IN_FULL:])
    how = (
        f"How {words.count(untold, 'more amount')} came about is not told here: upheld explain #number does."
    )
    more = element("p", how, class_="note") if untold else []
    yield _section("credits", "What is owed", grid, *_left_out(len(own)), steps, more)


def _claims(told: ContractPage) -> Iterator[Content]:
    """What can still be claimed until when, what was claimed and how far it has come, what no more can be."""
    grids: list[Content] = []
    for caption, standing in (
        ("What can still be claimed", "open"),
        ("What can be claimed no more", "forfeited"),
    ):
        cells = [claimable_cells(one) for one in told.claimable if one.standing == standing]
        if cells:
            rows = [[about, remedy, why, much, _dated(by)] for about, _, remedy, why, much, by in cells]
            grids.append(_listed(caption, ("for", "remedy", "why", "amount", "until"), rows))
    if told.filed:
        rows = []
        for one in told.filed:
            name, _, about, filed, admissible, state, after = filed_cells(one)
            why = "; ".join(check.reason for check in one.claim.checks if check.holds is not True)
            admissible += f": {why}" if why else ""
            rows.append([name, about, _dated(filed), admissible, state, _dated(after)])
        columns = ("claim", "for", "filed", "may it be made", "state", "what comes next")
        grids.append(_listed("What was claimed", columns, rows))
        steps = [
            [one.claim.id, *map(_dated, step_cells(step, zone_of(one.terms)))]
            for one in told.filed
            for step in one.claim.steps
        ]
        if steps:
            grid = _listed(
                "Deadlines of claims", ("claim", "deadline", "state", "due", "done", "clause"), steps
            )
            grids.append(element("details", element("summary", "Their deadlines"), grid))
    if grids:
        yield _section("claims", "Claims", *grids)


def _reasons(terms: Terms, credit: Credit) -> Iterator[str]:
    """Why no more is owed; the condition of a remedy in the words of the agreement's prose."""
    rule = next((one for one in terms.remedies if one.name == credit.key.commitment), None)
    for reason in credit.reasons:
        before = next((one for one in (NOT_SO, NOT_TOLD) if rule and reason == f"{one}{rule.when}"), None)
        if rule is None or rule.when is None or before is None:
            yield reason
            continue
        from upheld.render.prose.amounts import Owing  # few pages have such a remedy, and prose loads Babel
        from upheld.render.prose.tongue import Tongue

        condition = Owing(rule, terms, Tongue("en")).phrases.condition(rule.when)
        yield f"owed only if {condition}" if before == NOT_SO else f"{NOT_TOLD}{condition}"


def _month(told: ContractPage) -> Iterator[Content]:
    if told.overview:
        shown = figures((f"month-{n}", drawing) for n, drawing in enumerate(told.overview))
        yield _section("month", "The month at a glance", shown)


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
    yield _section("due", "What is due next", table("Due next", headers, rows))


def _entitled(told: ContractPage) -> Iterator[Content]:
    rules = told.now.entitlements
    if rules:
        rows = [[rule.name, entitled(rule), clauses(rule.cited)] for rule in rules]
        title = "What the plan gives" if told.now.plan else "What else is agreed"
        yield _section("entitled", title, table("Entitlements", ("what", "how much", "clause"), rows))


def _foot(told: ContractPage) -> Content:
    observed = " and the observations" if told.is_observed else ""
    facts = f"{words.count(told.facts, 'fact')} (recorded up to position {told.known:,})"
    how = "Every number here can be followed to its facts: upheld explain #number."
    return joined([element("p", f"Computed by Upheld from {facts}{observed}. {how}")])
