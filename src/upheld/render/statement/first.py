"""The first page of a statement: kept, missed, undetermined, owed, and what to do by when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from upheld.core.owing.payable import payable_bounds
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.render.prose.conditions import quoted
from upheld.render.prose.tongue import N_
from upheld.render.statement.document import Block, Facts, Paragraph, Table, Tiles
from upheld.render.statement.pictures import late_by
from upheld.render.statement.telling import Telling

NOT_KEPT: Final = 12
"""So many of what was not kept stand on the first page; every one has its own below."""
NEXT: Final = 6
_TO_COME: Final = ("proposed", "issued", "outstanding")
"""The states of a memo of which some is still to be issued, set off, paid out or given."""
_WHY: Final = {
    "owed": N_("owed"),
    "undetermined": N_("cannot be told yet"),
    "protective": N_("to keep the period"),
}
"""Why something can be claimed."""
_WAITS: Final = {
    "answer": N_("answering the claim"),
    "issue": N_("issuing the credit memo"),
    "set off": N_("setting off"),
    "pay out": N_("paying out"),
    "give": N_("giving"),
}
"""What the provider should have done."""
_GRAVITY: Final = {"breached": 0, "missed": 1, "undetermined": 2}


def first_page(told: Telling) -> tuple[Block, ...]:
    """What a reader who turns no page knows."""
    return (*_who(told), *_numbers(told), *_owed(told), *_waiting(told), *_to_do(told), *_not_kept(told))


def title_of(told: Telling) -> str:
    """Service levels of June 2026 for Acme."""
    return told.say(
        "Service levels of {period} for {customer}",
        period=told.period(told.record["period"]["label"]),
        customer=told.record["contract"]["customer"],
    )


def _who(told: Telling) -> Iterator[Block]:
    record, say = told.record, told.say
    contract, agreement, chain = record["contract"], record["agreement"], record["chain"]
    version = f" {agreement['version']}" if agreement["version"] else ""
    rows = [
        (say("Provider"), contract["provider"]),
        (say("Contract"), contract["id"]),
        (say("Agreement"), f"{agreement['title'] or agreement['name']} ({agreement['name']}{version})"),
        (say("Plan"), contract["plan"]),
        (say("Statement"), _number(told, chain)),
        (say("As of"), f"{told.at(record['at'])} ({told.zone.name})"),
        (
            say("Known"),
            say("the facts up to position {position}", position=told.tongue.number(record["known"])),
        ),
    ]
    yield Facts(tuple(row for row in rows if row[1]))
    if not record["is_over"]:
        yield Paragraph(say("The period is not over: everything below can still change."), "bad")


def _number(told: Telling, chain: Mapping[str, Any]) -> str:
    if chain["previous"] is None:
        return told.say("number {number}", number=str(chain["number"]))
    return told.say(
        "number {number}, in place of number {before}",
        number=str(chain["number"]),
        before=str(chain["number"] - 1),
    )


def _numbers(told: Telling) -> Iterator[Block]:
    summary, say = told.record["summary"], told.say
    lost = summary["missed"] + summary["breached"]
    judged = summary["met"] + lost + summary["undetermined"]
    rows = [
        (str(summary["met"]), say("kept")),
        (str(summary["breached"]), say("breached")),
        (str(summary["missed"]), say("missed")),
        (str(summary["undetermined"]), say("undetermined")),
        (told.owed(told.record["money"]["owed"]), say("owed")),
    ]
    yield Tiles(tuple(rows))
    running = summary["running"] + summary["at_risk"]
    more = told.tongue.plural(running, "{number} is still running.", "{number} are still running.")
    if judged:
        told_kept = told.tongue.plural(
            judged, "{kept} of {number} promise was kept.", "{kept} of {number} promises were kept.",
            kept=str(summary["met"]),
        )  # fmt: skip
    else:
        nothing = say("Nothing was to be judged in this period.")
        told_kept = say("Nothing is judged yet.") if running else nothing
    yield Paragraph(f"{told_kept} {more}" if running else told_kept, "lead")
    unnamed = list(_not_among_the_next(told))
    for sentence in (_TO_THE_END, _WITHOUT_A_DEADLINE):
        found = [name for name, has_end in unnamed if has_end == (sentence == _TO_THE_END)]
        if found:
            shown = [*found[:NEXT], *(["…"] if len(found) > NEXT else [])]
            yield Paragraph(say(sentence, names=", ".join(shown)), "note")
    conditions = conditions_of(told)
    if conditions:
        names = told.tongue.listed(sorted(conditions))
        yield Paragraph(
            say("A condition of a remedy, and no promise of its own: {names}.", names=names), "note"
        )


def conditions_of(told: Telling) -> frozenset[str]:
    """What the agreement only tries, and measures because a remedy goes by it: no promise of its own."""
    tried = {one["commitment"] for one in told.record["promises"] if one["modality"] == "best effort"}
    about = {one["commitment"] for one in told.record["money"]["credits"]}
    return frozenset(tried & about)


def _not_among_the_next(told: Telling) -> Iterator[tuple[str, bool]]:
    """The promises that still run and are not among what falls due, and whether they end with a period."""
    conditions = conditions_of(told)
    due = {(one["commitment"], one["subject"]) for one in told.record["next"]}
    for one in told.record["verdicts"]:
        is_open = one["state"] in ("running", "at risk") and one["commitment"] not in conditions
        if is_open and (one["commitment"], one["subject"]) not in due:
            yield f"{one['commitment']} ({told.subject(one)})", one["due_at"] is not None


def _owed(told: Telling) -> Iterator[Block]:
    money, say = told.record["money"], told.say
    if not money["has_remedies"]:
        yield Paragraph(no_remedy(told))
        return
    yield from _whereabouts(told)
    yield from _taken_back(told)
    yield from _granted(told)
    restated = told.record["restates"]
    if restated is not None:
        yield Paragraph(say("This statement replaces number {number}.", number=str(restated["number"])))
        for one in restated["money"]:
            yield Paragraph(difference(told, one))
    for one in money["owed"]:
        if one["undecided"]:
            most = say("an amount that cannot be told yet")
            if one["high"] is not None:
                most = say("at most {amount}", amount=told.money(_most(told, one), one["currency"]))
            yield Paragraph(
                told.tongue.plural(
                    one["undecided"],
                    "With {number} credit that is not decided yet, {most} is owed.",
                    "With {number} credits that are not decided yet, {most} is owed.",
                    most=most,
                )
            )


def _whereabouts(told: Telling) -> Iterator[Block]:
    """Where the money is: of what is owed for the period, and what stands on its invoices of any other."""
    for one in told.record["money"]["owed"]:
        owed = told.money(one["amount"], one["currency"])
        names = [name for name in ("set_off", "scheduled", "left") if one.get(f"{name}_minor")]
        if not set(names) <= {"left"}:
            amounts = {name: told.money(in_major(one[f"{name}_minor"], one["currency"]), one["currency"])
                       for name in names}  # fmt: skip
            yield Paragraph(told.say(_WHERE[" ".join(names)], owed=owed, **amounts))
    own = {(one["remedy"], one["subject"]) for one in told.record["money"]["credits"]}
    sums: dict[str, list[int]] = {}
    for one in told.record["money"]["instalments"]:
        if (one["remedy"], one["subject"]) not in own and one["state"] != "lost":
            found = sums.setdefault(one["currency"], [0, 0])
            found[not one.get("is_set_off")] += one["minor"]
    for currency, (set_off, scheduled) in sums.items():
        amounts = {"set_off": told.money(in_major(set_off, currency), currency),
                   "scheduled": told.money(in_major(scheduled, currency), currency)}  # fmt: skip
        yield Paragraph(told.say(_FOR_OTHERS[bool(set_off), bool(scheduled)], **amounts))


_TO_THE_END: Final = N_("Running until the end of the period named: {names}.")
_WITHOUT_A_DEADLINE: Final = N_("Running without a deadline: {names}.")
_WHERE: Final = {
    "set_off": N_("All of the {owed} owed is set off."),
    "scheduled": N_("All of the {owed} owed is scheduled on an invoice that is issued."),
    "set_off scheduled": N_("Of {owed} owed, {set_off} is set off, and {scheduled} is scheduled on an "
                            "invoice that is issued."),
    "set_off left": N_("Of {owed} owed, {set_off} is set off, and {left} is left."),
    "scheduled left": N_("Of {owed} owed, {scheduled} is scheduled on an invoice that is issued, and {left} "
                         "is left."),
    "set_off scheduled left": N_("Of {owed} owed, {set_off} is set off, {scheduled} is scheduled on an "
                                 "invoice that is issued, and {left} is left."),
}  # fmt: skip
"""By where something of it is."""
_FOR_OTHERS: Final = {
    (True, True): N_("On invoices of this period, for other periods, {set_off} is set off and {scheduled} is "
                     "scheduled."),
    (True, False): N_("On invoices of this period, for other periods, {set_off} is set off."),
    (False, True): N_("On invoices of this period, for other periods, {scheduled} is scheduled."),
    (False, False): N_("On invoices of this period nothing is set off or scheduled for other periods."),
}  # fmt: skip
"""By whether something is set off, and whether something is scheduled."""


def _taken_back(told: Telling) -> Iterator[Block]:
    """What of a credit was set off beyond what is owed by now, and by which memo it is taken back."""
    for one in told.record["money"]["credits"]:
        currency, beyond = one["currency"], one.get("beyond_minor")
        if not beyond:
            continue
        set_off = beyond + sum(part["minor"] for part in one["instalments"] if part["is_set_off"])
        amounts = {"set_off": told.money(in_major(set_off, currency), currency),
                   "beyond": told.money(in_major(beyond, currency), currency)}  # fmt: skip
        amounts["credit"] = f"{one['remedy']}, {one['subject']}"
        text = told.say("{set_off} was set off for {credit}, {beyond} more than is owed by now.", **amounts)
        yield Paragraph(f"{text} {_how_taken_back(told, one)}")


def _how_taken_back(told: Telling, credit: Mapping[str, Any]) -> str:
    """By which memo, and where that is to stand."""
    of = credit["remedy"], credit["subject"], credit["currency"]
    taking = [
        memo
        for memo in told.record["memos"]
        if (memo["remedy"], memo["subject"], memo["currency"]) == of and memo["open_minor"] < 0
    ]
    issued = [memo for memo in taking if memo["status"] in ("issued", "outstanding")]
    if not issued:
        return told.say("A credit memo that takes it back is to be issued.")
    numbers = told.tongue.listed([memo["number"] for memo in issued])
    ends_at = told.record["contract"]["ends_at"]
    if ends_at is not None and ends_at <= told.record["at"]:
        return told.say("{number} takes it back: it is to be paid back, as no invoice comes.", number=numbers)
    return told.say("{number} takes it back, on an invoice to come.", number=numbers)


_UNTOLD: Final = N_("On {claim} {granted} is granted, where the numbers do not tell what is owed.")


def _granted(told: Telling) -> Iterator[Block]:
    """What was decided otherwise than the numbers say: what is owed by them is not what was granted."""
    for one in told.record["claims"]:
        granted, computed = one["granted"], one["computed"]
        if granted is None or one["beside"]:
            continue
        if computed is None:
            if Fraction(granted) and one["credits"]:
                amount = told.money(granted, one["currency"])
                yield Paragraph(told.say(_UNTOLD, claim=one["id"], granted=amount))
            continue
        if Fraction(granted) == Fraction(computed):
            continue
        amounts = {"computed": told.money(computed, one["currency"])}
        if Fraction(granted):
            amounts["granted"] = told.money(granted, one["currency"])
            text = told.say("On {claim} {granted} is granted, where {computed} is owed by the numbers.",
                            claim=one["id"], **amounts)  # fmt: skip
        else:
            text = told.say("On {claim} nothing is granted, where {computed} is owed by the numbers.",
                            claim=one["id"], **amounts)  # fmt: skip
        yield Paragraph(text)


def no_remedy(told: Telling) -> str:
    """Nothing is owed because the agreement has no remedy; with the clause and the words of the agreement."""
    rows, say = told.record["money"]["none"], told.say
    if not rows:
        return say("Nothing is owed because the agreement has no remedy, and no clause that speaks of one.")
    (one, *_) = rows
    because = "; ".join(map(quoted, one["says"]))
    if not one["clauses"]:
        return say("Nothing is owed because the agreement has no remedy: {because}.", because=because)
    return say(
        "Nothing is owed because the agreement has no remedy ({clauses}): {because}.",
        clauses=told.clauses(one),
        because=because,
    )


def difference(told: Telling, one: Mapping[str, Any]) -> str:
    """What is owed more or less than in the statement before."""
    amounts = {name: told.money(in_major(one[name], one["currency"]), one["currency"])
               for name in ("before", "after")}  # fmt: skip
    if not one["difference"]:
        return told.say("What is owed stays the same: {after}.", after=amounts["after"])
    by = told.money(in_major(abs(one["difference"]), one["currency"]), one["currency"])
    if one["difference"] > 0:
        return told.say("{by} more is owed: {after} instead of {before}.", by=by, **amounts)
    return told.say("{by} less is owed: {after} instead of {before}.", by=by, **amounts)


def in_payable(credit: Mapping[str, Any]) -> tuple[str, str | None]:
    """The bounds of a credit as the texts of amounts that can be paid."""
    low, high, rule = credit["low"], credit["high"], credit["rounding"]
    if not rule:
        return low, high
    steps = ((line["what"], _fraction(line["high"])) for line in credit["lines"])
    least, most = payable_bounds(Fraction(low), _fraction(high), steps, credit["currency"], rule)
    return f"{least:f}", None if most is None else f"{most:f}"


def _fraction(exact: str | None) -> Fraction | None:
    return None if exact is None else Fraction(exact)


def _most(told: Telling, owed: Mapping[str, Any]) -> str:
    """The most that is owed in a currency with what is not decided yet, as the parts of it are told."""
    currency = owed["currency"]
    undecided = [
        one
        for one in told.record["money"]["credits"]
        if one["currency"] == currency
        and one["state"] in ("undetermined", "open")
        and one["high"] is not None
    ]
    parts = [(Fraction(one["high"]), Fraction(in_payable(one)[1] or 0)) for one in undecided]
    decided = Fraction(owed["high"]) - sum((exact for exact, _ in parts), Fraction(0))
    if len(parts) != owed["undecided"] or decided < 0:
        return f"{rounded(Fraction(owed['high']), minor_digits(currency), 'up'):f}"
    most = decided + sum((paid for _, paid in parts), Fraction(0))
    return f"{rounded(most, minor_digits(currency), 'half up'):f}"


def in_major(minor: int, currency: str) -> str:
    """Minor units as the text of an amount."""
    digits = minor_digits(currency)
    text = f"{abs(minor):0{digits + 1}}"
    shown = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{shown}" if minor < 0 else shown


def _waiting(told: Telling) -> Iterator[Block]:
    """Answers that are overdue, and credits that wait for their document or their money."""
    found, say = told.record.get("waiting", []), told.say
    rows = [
        (told.at(one["since_at"]), say(_WAITS[one["what"]]), _what_waits(told, one),
         "" if one["minor"] is None else told.money(in_major(one["minor"], one["currency"]), one["currency"]))
        for one in found[:NEXT]
    ]  # fmt: skip
    if rows:
        headers = (say("Since"), say("What"), say("Of"), say("How much"))
        yield Table(say("What the provider should have done"), headers, tuple(rows), frozenset({3}))
        yield from _more(told, len(found) - len(rows))


def _what_waits(told: Telling, one: Mapping[str, Any]) -> str:
    """Which claim has no answer, or which credit; on which invoice it is to stand."""
    if one["what"] == "answer":
        named = f"{one['subject']} ({one['of']})" if one["of"] else one["subject"]
        return str(named)
    credit = f"{one['of']}, {one['subject']}"
    named = f"{one['number']} ({credit})" if one["number"] else credit
    return told.say("{memo} on {invoice}", memo=named, invoice=one["invoice"]) if one["invoice"] else named


def _more(told: Telling, more: int) -> Iterator[Block]:
    if more > 0:
        yield Paragraph(told.tongue.plural(more, "and {number} more", "and {number} more"), "note")


def _to_do(told: Telling) -> Iterator[Block]:
    """What can be claimed, and which right be used, until when; the deadlines that are open by then."""
    say = told.say
    claims = [
        (one["until_at"], told.until(one["until_at"]), say("claiming {remedy}", remedy=one["remedy"]),
         one["about"], say(_WHY[one["why"]]))
        for one in told.record["claimable"]
    ]  # fmt: skip
    deadlines = [
        (one["due_at"], told.until(one["due_at"]), one["commitment"], one["subject"],
         say("aim") if one["what"] == "goal" else "")
        for one in told.record["next"]
    ]  # fmt: skip
    rights = [
        (one["until_at"], say("no limit") if one["until_at"] is None else told.until(one["until_at"]),
         one["remedy"], told.period(one["subject"]), say("right to terminate"))
        for one in told.record["terminations"]
        if one["state"] == "open"
    ]  # fmt: skip
    found = sorted([*claims, *rights, *deadlines], key=lambda row: (row[0] is None, row[0] or 0))
    if not found:
        if not told.record.get("waiting") and not _is_money_open(told):
            yield Paragraph(say("Nothing is to be done: no deadline is open."))
        return
    rows = tuple(row[1:] for row in found[:NEXT])
    headers = (say("By"), say("Promise"), say("Subject"), "")
    yield Table(say("What to do, and by when"), headers, rows)
    yield from _more(told, len(found) - len(rows))


def _is_money_open(told: Telling) -> bool:
    """Whether a memo is still to be set off, or takes back what was: to be done, though nobody waits."""
    is_taken_back = any(one.get("beyond_minor") for one in told.record["money"]["credits"])
    memos = (one for one in told.record["memos"] if one["status"] in _TO_COME)
    return is_taken_back or any(one["open_minor"] for one in memos)


def not_kept(told: Telling) -> list[Mapping[str, Any]]:
    """What the provider promised and was breached, missed or is undetermined, the gravest first."""
    found = [
        one for one in told.record["verdicts"] if one["state"] in _GRAVITY and not told.is_of_customer(one)
    ]
    return sorted(found, key=lambda one: (_GRAVITY[one["state"]], one["kind"] != "measurement"))


def in_short(told: Telling, verdict: Mapping[str, Any]) -> str:
    """A verdict in one cell: its value, or by how much it was late."""
    found = verdict["measurement"]
    if found is not None:
        bounds = found["final" if found["is_settled"] else "to_date"]
        return told.bounded(bounds, verdict["level"], found["unit"])
    if verdict["count"] is not None:
        return told.say("{count} of {allowed}", count=str(verdict["count"]), allowed=str(verdict["allowed"]))
    if verdict["late_us"] is not None:
        return late_by(told, verdict)
    return "; ".join(map(told.reason, verdict["reasons"]))


def _not_kept(told: Telling) -> Iterator[Block]:
    conditions, say = conditions_of(told), told.say
    found = [one for one in not_kept(told) if one["commitment"] not in conditions]
    if not found:
        return
    rows = tuple(
        (told.state(one["state"]), one["commitment"], told.subject(one), in_short(told, one))
        for one in found[:NOT_KEPT]
    )
    headers = (say("State"), say("Promise"), say("Subject"), say("By how much"))
    yield Table(say("What was not kept"), headers, rows)
    yield from _more(told, len(found) - len(rows))
