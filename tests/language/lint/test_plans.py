"""Plans in the order of the page: what a dearer one promises less of."""

from __future__ import annotations

import pytest
from scripts.finding_pages.case import DOCUMENT

from tests.language.lint.told import places, told

HEAD = (
    "scale:\n  priority: {of: ticket, values: {P1: down, P2: slow}}\n"
    "calendar:\n"
    "  long: {open: Mon-Sun 07:00-22:00, holidays: none, business day: 15h}\n"
    "  short: {open: Mon-Fri 09:00-17:00, holidays: none, business day: 8h}\n"
    "  other: {open: Sat-Sun 09:00-23:00, holidays: none, business day: end of day}\n"
    "component:\n  api: {}\n"
    "signal:\n  page: {of: api, states: whether it is up, max age: 25h}\n"
    "indicator:\n  uptime: {count: states of api}\n"
    "deadline:\n  r: {from: opened, until: answered, on: short}\n"
)
COUNTED = (
    "quota:\n  q: {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary}\n"
    "obligation:\n  o: {times: 1, per: calendar month}\n"
    "entitlement:\n  e: {value: something}\n"
)
CODE = "plan-promises-less"
BEFORE = "warning: `gold` promises less than `basic`, which stands before it: "
CREDIT = "credit: {of: uptime, base: {fee: month}, bands: "


def plans(basic: str, gold: str, more: str = "") -> str:
    """Two plans, the cheaper one first; each changes the deadline, or other rows beside the same deadline."""
    if not more:
        basic, gold = (f"deadline: {{r: {one}}}" for one in (basic, gold))
    else:
        basic, gold = (f"deadline: {{r: {{within: 1h}}}}, {one}" for one in (basic, gold))
    return HEAD + f"{more}plan:\n  basic: {{{basic}}}\n  gold: {{{gold}}}\n"


@pytest.mark.parametrize(
    ("basic", "gold", "said"),
    [
        ("{within: 2h}", "{within: 2h}", ""),
        ("{within: 2h}", "{within: 1h}", ""),
        ("{within: 2h}", "{within: 3h}", "`r` takes 3h of `short`, and took 2h of `short`"),
        ("{within: 9h}", "{within: 1 business day}", ""),
        (
            "{within: 7h}",
            "{within: 1 business day}",
            "`r` takes 1 business day of `short`, and took 7h of `short`",
        ),
        ("{on: long, within: 2h}", "{within: 2h}", "`r` takes 2h of `short`, and took 2h of `long`"),
        ("{within: 2h}", "{on: long, within: 2h}", ""),
        ("{within: 2h}", "{on: other, within: 2h}", ""),
        ("{within: 1 day}", "{within: 2 days}", "`r` takes 2 days of `short`, and took 1 day of `short`"),
        (
            "{within: {P1: 2h, P2: 4h}}",
            "{within: {P1: 1h, P2: 5h}}",
            "`r` for `P2` takes 5h of `short`, and took 4h of `short`",
        ),
        ("{within: 4h}", "{within: {P1: 1h, P2: none}}", "`r` has no target for `P2`"),
        ("{within: {P1: 2h, other: none}}", "{within: {P1: 2h, P2: 8h}}", ""),
        ("{within: 4h}", "{where: priority = P1, within: {P1: 2h, other: 4h}}", "`r` has no target for `P2`"),
        ("{within: {goal: 2h, limit: 4h}}", "{within: {goal: 3h, limit: 4h}}", ""),
        ("{within: 4h}", "none", "`r` is gone"),
    ],
)
def test_targets(basic: str, gold: str, said: str) -> None:
    """Limits are compared value by value, on one axis; the same limit is worse where less is open."""
    assert told(plans(basic, gold), CODE) == ([BEFORE + said] if said else [])


@pytest.mark.parametrize(
    ("basic", "gold", "said"),
    [
        ("quota: {q: {allow: 3}}", "quota: {q: {allow: 2}}", "`q` allows 2, and allowed 3"),
        ("quota: {q: {allow: 3}}", "quota: {q: {allow: 3}}", ""),
        ("obligation: {o: {times: 2}}", "obligation: {o: {times: 1}}", "`o` is done 1 time, and was 2"),
        ("obligation: {o: {times: 2}}", "obligation: {o: none}", "`o` is gone"),
        ("obligation: {o: {times: 2}}", "obligation: {o: {times: 12, per: calendar year}}", ""),
        (
            "entitlement: {e: {named contacts: 3}}",
            "entitlement: {e: {named contacts: 2}}",
            "`e` names 2 contacts, and named 3",
        ),
        ("entitlement: {e: {named contacts: 3}}", "entitlement: {e: {value: any}}", ""),
        (
            "entitlement: {e: {channels: [mail, chat]}}",
            "entitlement: {e: {channels: [phone]}}",
            "`e` has 1 channel, and had 2",
        ),
        ("entitlement: {f: {value: a manager}}", "entitlement: {}", "`f` is gone"),
    ],
)
def test_what_is_counted(basic: str, gold: str, said: str) -> None:
    """Allowances, duties, contacts and channels are compared by their number."""
    assert told(plans(basic, gold, COUNTED), CODE) == ([BEFORE + said] if said else [])


@pytest.mark.parametrize(
    ("basic", "gold", "said"),
    [
        (">= 99.9 %", ">= 99.95 %", ""),
        (">= 99.9 %", ">= 99.5 %", "`uptime` is >= 99.5 %, and was >= 99.9 %"),
        ("> 99.9 %", ">= 99.9 %", "`uptime` is >= 99.9 %, and was > 99.9 %"),
        (">= 99.9 %", "", "`uptime` has no level"),
        ("", ">= 99.5 %", ""),
    ],
)
def test_levels(basic: str, gold: str, said: str) -> None:
    """A lower level is less, and so is none; an open edge is more than a closed one."""
    more = "commit:\n  uptime: {level: none, per: calendar month, modality: objective}\n"
    changes = [f'commit: {{uptime: {{level: "{one}"}}}}' if one else "commit: {}" for one in (basic, gold)]
    assert told(plans(changes[0], changes[1], more), CODE) == ([BEFORE + said] if said else [])


def test_words_that_promise_less() -> None:
    """An objective is less than a guarantee of the same level."""
    more = 'commit:\n  uptime: {level: ">= 99 %", per: calendar month}\n'
    rows = plans("commit: {uptime: {modality: guarantee}}", "commit: {uptime: {modality: objective}}", more)
    assert told(rows, CODE) == [f"{BEFORE}`uptime` is no longer guaranteed (objective)"]


@pytest.mark.parametrize(
    ("basic", "gold", "said"),
    [
        ("{'< 99 %': 10 %}", "{'< 99 %': 20 %}", ""),
        (
            "{'< 99 %': 10 %}",
            "{'[98 %, 99 %)': 10 %, '< 98 %': 5 %}",
            "`credit` gives 5 % for 49 %, and gave 10 %",
        ),
        ("{'< 99 %': 10 %}", "{'< 98 %': 20 %}", "`credit` gives nothing for 98 %, and gave 10 %"),
        ("{'< 99 %': 10 %}", "{'< 99 %': 9.00 EUR}", ""),
        ("{'< 99 %': 10 %}", "", "`credit` is gone"),
    ],
)
def test_bands(basic: str, gold: str, said: str) -> None:
    """Bands are compared as functions: the first value for which less is given is told."""
    more = 'commit:\n  uptime: {level: ">= 99 %", per: calendar month}\n'
    owed = f"remedy: {{{CREDIT}{gold}}}}}" if gold else "remedy: {}"
    rows = plans(f"remedy: {{{CREDIT}{basic}}}}}", owed, more)
    assert told(rows, CODE) == ([BEFORE + said] if said else [])


def test_both_plans_are_shown() -> None:
    """The dearer plan is shown first, the cheaper one beside it; each plan is held to the one before."""
    rows = plans("{within: 2h}", "{within: 3h}")
    assert places(rows, CODE) == [[(18, 25), (17, 26)]]
    assert len(told(rows + "  best: {deadline: {r: {within: 2h}}}\n", CODE)) == 1


def test_what_a_plan_inherits_is_told_of_the_plan_too() -> None:
    """The name of a dearer plan that has the less from the agreement is a place; if it says it, it is not."""
    inherited = HEAD.replace("on: short}", "on: short, within: 3h}")
    text = inherited + "plan:\n  basic: {deadline: {r: {within: 2h}}}\n  gold: {}\n"
    lines = text.splitlines()
    gold = len(lines), 3
    (found,) = places(DOCUMENT + text, CODE)
    assert found[-1] == (gold[0] + len(DOCUMENT.splitlines()), gold[1])
    (found,) = places(DOCUMENT + text.replace("gold: {}", "gold: {deadline: {r: {within: 3h}}}"), CODE)
    assert len(found) == 2
