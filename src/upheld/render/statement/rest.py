"""The rest of a statement: money, tickets, availability, readings, obligations, and how it was computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from upheld.render.prose.tongue import N_
from upheld.render.statement.breaches import condition, figure_of, otherwise, partition
from upheld.render.statement.document import Block, Facts, Paragraph, Picture, Section, Table
from upheld.render.statement.first import in_major, in_payable, in_short, no_remedy
from upheld.render.statement.pictures import day_picture, days_in, ends_of
from upheld.render.statement.said import method as method_told
from upheld.render.statement.telling import Telling

DAYS: Final = 16
"""So many components are drawn day by day, those that were down before the others."""
_LINES: Final = 60
_WHERE: Final = {
    "Set off": N_("Set off"),
    "Scheduled": N_("Scheduled on an invoice"),
    "Left": N_("Left"),
    "Lost": N_("Lost"),
}
_COUNTED: Final = ("met", "breached", "missed", "undetermined")


def money(told: Telling) -> Iterator[Section]:
    """What is owed, with every step to it."""
    found, say = told.record["money"], told.say
    if not found["has_remedies"]:
        yield Section("owed", say("What is owed"), (Paragraph(no_remedy(told)),))
        return
    # A right that lapsed is owed no more; it stands among the rights to terminate.
    lapsed = {
        (one["remedy"], one["subject"]) for one in told.record["terminations"] if one["state"] == "lapsed"
    }
    owed = [one for one in found["credits"] if (one["remedy"], one["subject"]) not in lapsed]
    if not owed and not found["instalments"]:
        why = say("Nothing: no remedy is about this period.")
        if lapsed:
            why = say("Nothing: the right to terminate lapsed.")
        yield Section("owed", say("What is owed"), (Paragraph(why),))
        return
    each = tuple(_credit(told, one, n) for n, one in enumerate(owed, 1))
    blocks: list[Block] = []
    if found["instalments"]:
        rows = tuple(
            (one["remedy"], one["subject"], str(one["number"]), one["invoice"], told.at(one["at"]),
             told.instalment(one), told.money(one["amount"], one["currency"]))
            for one in found["instalments"]
        )  # fmt: skip
        headers = (
            say("Remedy"),
            say("For"),
            say("Instalment"),
            say("Invoice"),
            say("Issued"),
            say("State"),
            say("Amount"),
        )
        blocks.append(Table(say("On invoices of this period"), headers, rows, frozenset({6})))
    yield Section("owed", say("What is owed"), tuple(blocks), each)


def _credit(told: Telling, credit: Mapping[str, Any], number: int) -> Section:
    say, currency = told.say, credit["currency"]
    title = say("{remedy} for {subject}: {state}", remedy=credit["remedy"], subject=credit["subject"],
                state=told.state(credit["state"]))  # fmt: skip
    amount = told.money(credit["amount"], currency) if credit["amount"] is not None else ""
    rows = [
        (say("Amount"), amount if credit["state"] == "owed" else ""),
        (say("Clauses") if len(credit["clauses"]) > 1 else say("Clause"), ", ".join(credit["clauses"])),
        (say("Rule"), credit["rule"]),
        (say("Why"), "; ".join(map(told.reason, credit["reasons"]))),
    ]
    if credit["state"] in ("undetermined", "running", "open") and credit["unit"] != "termination":
        # Days of service have no currency; nor has money of which no base is told.
        is_untold = credit["unit"] == "money" and not currency
        bounds = told.money(None, "") if is_untold else told.between(*in_payable(credit), currency)
        rows.insert(1, (say("Bounds"), bounds))
    rows[1:1] = [*_granted(told, credit), *_whereabouts(told, credit), *_beyond(told, credit)]
    blocks: list[Block] = [Facts(tuple(row for row in rows if row[1]))]
    if credit["lines"]:
        steps = tuple((told.step(line["what"]), _figure(told, line, currency)) for line in credit["lines"])
        blocks.append(Table(say("Step by step"), (say("Step"), say("Value")), steps, frozenset({1})))
    if credit["instalments"] and _is_owed(credit):
        parts = tuple(
            (str(one["number"]), one["invoice"] or say(_NO_INVOICE[one["state"] in _GONE]),
             told.at(one["at"]), told.instalment(one), told.money(one["amount"], currency))
            for one in credit["instalments"]
        )  # fmt: skip
        headers = (say("Instalment"), say("Invoice"), say("Issued"), say("State"), say("Amount"))
        blocks.append(Table(say("How it is paid"), headers, parts, frozenset({4})))
        blocks += _set_off(told, credit)
    inner = tuple(condition(told, credit, f"credit-{number}-condition"))
    return Section(f"credit-{number}", title, tuple(blocks), inner)


_GONE: Final = frozenset({"outstanding", "lost", "paid out"})
"""States of what no invoice takes any more."""
_NO_INVOICE: Final = N_("one that is not issued yet"), N_("none any more")


def _whereabouts(told: Telling, credit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How much of a credit was set off, is to be on an invoice that is there, and is left; what is lost."""
    parts, currency = credit["instalments"], credit["currency"]
    if not _is_owed(credit) or not parts:
        return
    lost = [one for one in parts if one["state"] == "lost"]
    stands = [one for one in parts if one["state"] != "lost"]
    set_off = [one for one in stands if one.get("is_set_off")]
    scheduled = [one for one in stands if one["invoice"] and not one.get("is_set_off")]
    left = [one for one in stands if not one["invoice"] and not one.get("is_set_off")]
    for name, rows in (("Set off", set_off), ("Scheduled", scheduled), ("Left", left), ("Lost", lost)):
        if rows or (name != "Lost" and (set_off or scheduled)):
            amount = in_major(sum(one["minor"] for one in rows), currency)
            yield told.say(_WHERE[name]), told.money(amount, currency)


def _is_owed(credit: Mapping[str, Any]) -> bool:
    """Whether something is owed of it: by the numbers or, whatever these say, by an amount decided on."""
    return credit["state"] == "owed" or any(line["what"] == "granted" for line in credit["lines"])


def _granted(told: Telling, credit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was granted, where that is not the amount that stands above it."""
    granted = next((line["low"] for line in credit["lines"] if line["what"] == "granted"), None)
    is_told = credit["state"] == "owed" and Fraction(credit["amount"] or 0) == Fraction(granted or 0)
    if granted is not None and not is_told:
        yield told.say("Granted"), told.money(granted, credit["currency"])


def _beyond(told: Telling, credit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was set off beyond what is owed by now, and is not taken back yet."""
    if credit.get("beyond_minor"):
        amount = told.money(in_major(credit["beyond_minor"], credit["currency"]), credit["currency"])
        yield told.say("Set off beyond what is owed"), amount


def _set_off(told: Telling, credit: Mapping[str, Any]) -> Iterator[Block]:
    """What was set off of a credit by its memos: when, and on which invoice."""
    say, currency = told.say, credit["currency"]
    of = credit["remedy"], credit["subject"], currency
    rows = tuple(
        (told.at(part["at"]), memo["number"], part["invoice"] or say("paid out"),
         told.money(in_major(part["amount_minor"], currency), currency))
        for memo in told.record["memos"]
        if (memo["remedy"], memo["subject"], memo["currency"]) == of
        for part in memo["applied"]
    )  # fmt: skip
    if rows:
        headers = (say("When"), say("Credit memo"), say("Invoice"), say("Amount"))
        yield Table(say("What was set off"), headers, rows, frozenset({3}))


def _figure(told: Telling, line: Mapping[str, Any], currency: str) -> str:
    """The value of a step: a share, an amount, or a length of time; both ends where they differ."""
    if line["unit"] in ("money", currency) and line["low"] is not None:
        return told.between(line["low"], line["high"], currency)
    ends = dict.fromkeys((line["low"], line["high"]))
    told_ends = [_one_figure(told, end, line["unit"], currency) for end in ends if end is not None]
    return told.bounds(*told_ends) if len(told_ends) > 1 else "".join(told_ends)


def _one_figure(told: Telling, exact: str, unit: str, currency: str) -> str:
    if unit == "ratio":
        return told.value(exact, None, "ratio")
    if unit in ("time", "duration", "us") and "/" not in exact:
        return told.length(int(exact))
    if unit in ("money", currency):
        return told.money(exact, currency)
    if "days" in unit:
        return told.money(exact, "")
    return exact


# -- tickets -----------------------------------------------------------------------------------------------


def tickets(told: Telling) -> Iterator[Section]:
    """Every clock that was judged, by what it was about."""
    say = told.say
    rows = [
        (told.subject(one), told.kind(told.promise(one)["of"]), one["commitment"],
         told.state(one["state"]), told.until(one["due_at"]), told.at(one["stopped_at"]))
        for one in told.record["verdicts"]
        if one["kind"] in ("deadline", "cadence") and one["state"] != "not applicable"
        and not told.is_of_customer(one)
    ]  # fmt: skip
    if not rows:
        yield Section("tickets", say("Tickets and other clocks"), (Paragraph(say("There were none.")),))
        return
    headers = (say("Subject"), say("Kind"), say("Promise"), say("State"), say("Due"), say("Done"))
    skipped = [one for one in told.record["verdicts"]
               if one["kind"] in ("deadline", "cadence") and one["state"] == "not applicable"
               and not told.is_of_customer(one)]  # fmt: skip
    blocks: list[Block] = [Table(say("Every clock of the period"), headers, tuple(rows))]
    if skipped:
        why = tuple(
            (told.subject(one), one["commitment"], "; ".join(map(told.reason, one["reasons"])))
            for one in skipped
        )
        blocks.append(
            Table(say("What was not promised anything"), (say("Subject"), say("Promise"), say("Why")), why)
        )
    yield Section("tickets", say("Tickets and other clocks"), tuple(blocks))


# -- availability ------------------------------------------------------------------------------------------


def availability(told: Telling) -> Iterator[Section]:
    """What was measured, by component, with a bar a day."""
    found, say = [one for one in told.record["verdicts"] if one["measurement"] is not None], told.say
    if not found:
        return
    rows = tuple(
        (one["commitment"], told.subject(one),
         told.level(one["level"]) if one["level"] else say("only measured"),
         in_short(told, one), told.state(one["state"]))
        for one in found
    )  # fmt: skip
    headers = (say("Promise"), say("Period and part"), say("Promised"), say("Measured"), say("State"))
    blocks: list[Block] = [Table(say("Everything that was measured"), headers, rows)]
    drawn = [
        (one, end) for one in found for end in ends_of(one["measurement"])
        if end["counts"] == "time" and one["level"] is not None
    ]  # fmt: skip
    drawn.sort(key=lambda pair: -sum(part["amount"] for part in pair[1]["parts"] if part["name"] == "down"))
    for one, end in drawn[:DAYS]:
        name = f"{one['commitment']}, {end['component']}"
        blocks.append(Picture(day_picture(told, name, days_in(told, end)), is_told=False))
    if len(drawn) > DAYS:
        more = len(drawn) - DAYS
        text = told.tongue.plural(more, "{number} more was down less and is not drawn.",
                                  "{number} more were down less and are not drawn.")  # fmt: skip
        blocks.append(Paragraph(text, "note"))
    yield Section("measured", say("Availability, by component"), tuple(blocks), on_new_page=True)


# -- duties, readings, method ------------------------------------------------------------------------------


def obligations(told: Telling) -> Iterator[Section]:
    """Recurring duties and allowances, done and missed."""
    say = told.say
    rows = tuple(
        (one["commitment"], one["subject"], in_short(told, one), told.state(one["state"]))
        for one in told.record["verdicts"]
        if one["kind"] in ("obligation", "quota")
    )
    if rows:
        headers = (say("Duty or allowance"), say("Period"), say("How often"), say("State"))
        blocks = (Table(say("What recurs, done and missed"), headers, rows),)
        yield Section("obligations", say("Obligations and allowances"), blocks)


def readings(told: Telling) -> Iterator[Section]:
    """What hangs on how a clause is read, and how those clauses are read."""
    found, say = told.record["readings"], told.say
    decided = [one for one in found["dependences"] if one["depends"]]
    blocks: list[Block] = []
    if not decided:
        blocks.append(Paragraph(say("No verdict and no amount depends on how a clause is read.")))
    for one in decided[:_LINES]:
        state = told.state(one["taken"]["state"])
        figure = figure_of(told, one["taken"])
        state = f"{state} ({figure})" if figure else state
        text = say("{commitment} of {subject} is {state}.", commitment=one["commitment"],
                   subject=told.subject(one), state=state)  # fmt: skip
        others = [otherwise(told, other) for other in one["alternatives"] if other["decides"]]
        blocks.append(Paragraph(" ".join([text, *others])))
    used = {
        taking["reading"] for one in decided for other in one["alternatives"] for taking in other["takings"]
    }
    rows = tuple(
        (one["ref"], one["issue"], one["take"], one["because"])
        for one in found["taken"]
        if one["name"] in used
    )
    if rows:
        headers = (say("Reading"), say("What is open"), say("Read as"), say("Because"))
        blocks.append(Table(say("The readings that decide something"), headers, rows))
        blocks.append(Paragraph(say("What these readings say is in the words of the agreement."), "note"))
    others_taken = [f"{one['ref']}: {one['take']}" for one in found["taken"] if one["name"] not in used]
    if others_taken:
        blocks.append(
            Paragraph(
                say("Read so, without deciding anything: {readings}.", readings="; ".join(others_taken)),
                "note",
            )
        )
    yield Section("readings", say("What depends on how a clause is read"), tuple(blocks))


def months(told: Telling) -> Iterator[Section]:
    """Of a quarter or a year: what each of its months holds."""
    rows, say = told.record["months"], told.say
    if not rows:
        return
    told_rows = tuple(
        (told.period(one["label"]), *(str(one["summary"][name]) for name in _COUNTED), told.owed(one["owed"]))
        for one in rows
    )  # fmt: skip
    summary = told.record["summary"]
    owed = told.owed(told.record["money"]["owed"])
    whole = (say("in all"), *(str(summary[name]) for name in _COUNTED), owed)
    headers = (say("Month"), say("kept"), say("breached"), say("missed"), say("undetermined"), say("owed"))
    table = Table(say("Every month"), headers, (*told_rows, whole), frozenset({1, 2, 3, 4, 5}))
    yield Section("months", say("Month by month"), (table,))


def method(told: Telling) -> Iterator[Section]:
    """How it was computed: the method of each figure, the rules, the versions, the position."""
    record, say = told.record, told.say
    agreement = record["agreement"]
    number = told.tongue.number
    counts = {"position": number(record["known"]), "number": number(len(record["facts"]))}
    rows = (
        (say("Format"), record["format"]),
        (say("Rules"), ", ".join(one for one in record["rules"] if one != record["format"])),
        (say("Facts"), say("known up to position {position}; {number} are referred to", **counts)),
        (say("Text of the agreement"), agreement["sha256"]),
        (say("Lock"), agreement["lock_sha256"]),
        (say("Text of the contract"), agreement["contract_sha256"]),
        (say("Statement before"), record["chain"]["previous"] or ""),
        (say("This statement"), told.statement.sha256),
    )  # fmt: skip
    blocks: list[Block] = [Facts(tuple(row for row in rows if row[1]))]
    methods: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for one in record["verdicts"]:
        if one["measurement"] is not None:
            end = ends_of(one["measurement"])[0]
            text = method_told(told, end["method"] or one["measurement"]["method"])
            methods.setdefault(one["commitment"], (text, one["measurement"]))
    if methods:
        table = tuple((name, text) for name, (text, _) in methods.items())
        blocks.append(Table(say("How each figure is measured"), (say("Promise"), say("Method")), table))
    kept = [
        one for one in record["verdicts"] if one["measurement"] and one["level"] and one["state"] == "met"
    ]
    blocks += [
        _titled(partition(told, one["measurement"]), one["commitment"], told.subject(one)) for one in kept
    ]
    text = say("Every figure here can be computed again from the facts: upheld statement --verify FILE.")
    blocks.append(Paragraph(text, "note"))
    yield Section("method", say("How it was computed"), tuple(blocks))


def _titled(table: Table, commitment: str, subject: str) -> Table:
    return Table(f"{commitment}, {subject}", table.headers, table.rows, table.numeric)
