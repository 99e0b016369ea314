"""What an author would regret: calendars, clocks and plans."""

from __future__ import annotations

from scripts.finding_pages.case import Case

_SUPPORT = "calendar:\n  support: {open: Mon-Fri 09:00-17:00, holidays: none, business day: 8h}\n"
_PRIORITY = "scale:\n  priority: {of: ticket, values: {P1: nobody can work, P2: everything else}}\n"

CASES: tuple[Case, ...] = (
    Case(
        "business-day-not-support-day",
        "Whoever reads two business days thinks of the same hour two days later. Where a business day is "
        "shorter than a day of support, the deadline moves forward through the day instead.",
        "calendar:\n  support: {open: Mon-Fri 08:30-17:00, holidays: none, business day: 8h}\n"
        "deadline:\n  response: {from: opened, until: answered, on: support, within: 1 business day}\n",
        "calendar:\n  support: {open: Mon-Fri 08:30-17:00, holidays: none, business day: 8h 30m}\n"
        "deadline:\n  response: {from: opened, until: answered, on: support, within: 1 business day}\n",
    ),
    Case(
        "cadence-longer-than-day",
        "Updates are promised so that nobody has to ask. Where a round lasts longer than a day, nothing "
        "comes on most days.",
        _SUPPORT + "every:\n"
        "  updates: {of: ticket, from: answered, again: answered, until: resolved, each: 12h, on: support}\n",
        _SUPPORT + "every:\n"
        "  updates: {of: ticket, from: answered, again: answered, until: resolved, each: 8h, on: support}\n",
    ),
    Case(
        "cadence-unwatched",
        "An update that is due at night needs somebody who is there at night. Where all other promises "
        "about the same tickets wait for office hours, nobody is, and the cadence is missed every night.",
        _SUPPORT + "deadline:\n  response: {from: opened, until: answered, on: support, within: 2h}\n"
        "every:\n"
        "  updates: {of: ticket, from: answered, again: answered, until: resolved, each: 4h, on: always}\n",
        _SUPPORT + "deadline:\n  response: {from: opened, until: answered, on: support, within: 2h}\n"
        "every:\n"
        "  updates:\n"
        "    {of: ticket, from: answered, again: answered, until: resolved, each: 4h, on: always, hours: "
        "support}\n",
    ),
    Case(
        "clock-without-start",
        "The promise reads well and never counts: no fact can bring its clock to run.",
        "attribute:\n  kind: {of: ticket, type: text, values: [incident, question]}\n"
        "deadline:\n"
        "  response: {where: kind = incident and kind = question, from: opened, until: answered, within: "
        "2h}\n",
        "attribute:\n  kind: {of: ticket, type: text, values: [incident, question]}\n"
        "deadline:\n"
        '  response: {where: "kind in [incident, question]", from: opened, until: answered, within: 2h}\n',
    ),
    Case(
        "clock-without-stop",
        "Every ticket is late, whatever anybody does: nothing that can still happen keeps the promise.",
        "deadline:\n  response: {from: assigned, until: opened, within: 2h}\n",
        "deadline:\n  response: {from: opened, until: assigned, within: 2h}\n",
    ),
    Case(
        "holiday-set-missing",
        "On the first holiday the desk is empty and the clocks run. Whether that is meant can be said in "
        "one word.",
        "calendar:\n  support: {open: Mon-Fri 09:00-17:00}\n"
        "deadline:\n  response: {from: opened, until: answered, on: support, within: 2h}\n",
        "calendar:\n  support: {open: Mon-Fri 09:00-17:00, holidays: none}\n"
        "deadline:\n  response: {from: opened, until: answered, on: support, within: 2h}\n",
    ),
    Case(
        "hours-for-days",
        "48 hours is what people say for two days. On a calendar that opens for eight hours a day it is six.",
        _SUPPORT + "deadline:\n  response: {from: opened, until: answered, on: support, within: 48h}\n",
        _SUPPORT
        + "deadline:\n  response: {from: opened, until: answered, on: support, within: 2 business days}\n",
    ),
    Case(
        "plan-promises-less",
        "Whoever pays more gets less. Plans are taken to stand in the order of their price, the cheapest "
        "first.",
        "deadline:\n  response: {from: opened, until: answered}\n"
        "plan:\n  basic: {deadline: {response: {within: 4h}}}\n  gold: {deadline: {response: {within: "
        "6h}}}\n",
        "deadline:\n  response: {from: opened, until: answered}\n"
        "plan:\n  basic: {deadline: {response: {within: 4h}}}\n  gold: {deadline: {response: {within: "
        "2h}}}\n",
    ),
    Case(
        "quota-overflow-undefined",
        "The ticket after the last one allowed is taken, and no clock counts for it: it may wait for ever.",
        _PRIORITY
        + "quota:\n  urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}\n"
        "deadline:\n"
        "  urgent response: {where: quota.urgent = within, from: opened, until: answered, within: 1h}\n"
        "  response: {where: priority = P2, from: opened, until: answered, within: 8h}\n",
        _PRIORITY
        + "quota:\n  urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}\n"
        "deadline:\n"
        "  urgent response: {where: quota.urgent = within, from: opened, until: answered, within: 1h}\n"
        '  response: {where: "quota.urgent in [none, beyond]", from: opened, until: answered, within: 8h}\n',
    ),
    Case(
        "range-target",
        "Of 4 to 8 hours the customer reads the four and the provider the eight. One of them is what is "
        "judged.",
        "deadline:\n  resolution: {from: opened, until: resolved, within: 4-8h}\n",
        "deadline:\n  resolution: {from: opened, until: resolved, within: {goal: 4h, limit: 8h}}\n",
    ),
    Case(
        "severity-without-clock",
        "A customer may choose this value, and nothing is promised for it. If that is meant, `none` says so.",
        _PRIORITY
        + "deadline:\n  response: {where: priority = P1, from: opened, until: answered, within: 2h}\n",
        _PRIORITY + "deadline:\n  response: {from: opened, until: answered, within: {P1: 2h, P2: none}}\n",
    ),
    Case(
        "undefined-calendar",
        "A business day is a day of some calendar. Where none is named it is any day, of 24 hours.",
        "deadline:\n  response: {from: opened, until: answered, within: 2 business days}\n",
        _SUPPORT
        + "deadline:\n  response: {from: opened, until: answered, on: support, within: 2 business days}\n",
    ),
    Case(
        "update-before-response",
        "The first update would be due before anybody need have looked at the ticket.",
        _SUPPORT + "deadline:\n  response: {from: opened, until: answered, on: support, within: 4h}\n"
        "every:\n"
        "  updates: {of: ticket, from: opened, again: answered, until: resolved, each: 1h, on: support}\n",
        _SUPPORT + "deadline:\n  response: {from: opened, until: answered, on: support, within: 4h}\n"
        "every:\n"
        "  updates: {of: ticket, from: answered, again: answered, until: resolved, each: 1h, on: support}\n",
    ),
)
