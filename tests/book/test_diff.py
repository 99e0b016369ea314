"""What a diff says of two versions: nothing of one beside itself, the opposite the other way, and no lies."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from tests.book.diff_worlds import (
    MEASURED,
    clock_world,
    disagreements,
    edited,
    judged,
    measured_world,
    tree,
)
from tests.compiled_once import compiled_once
from tests.mutations import OPERATORS, every_operator, mutate
from tests.seeds import TIMES
from upheld.book.diff import Diff, Version, diff
from upheld.core.comparing.comparison import flipped
from upheld.files.folder import read_agreement_file
from upheld.language.library import AgreementFile

ROOT = Path(__file__).parents[2]
EDITS = 100 * TIMES
FILES = sorted([*(ROOT / "agreements").glob("*.yaml"), *(ROOT / "examples").glob("*/agreement.yaml")])
NAMES = [f"{path.parent.name}/{path.stem}" for path in FILES]


def read(path: Path) -> AgreementFile:
    """An agreement as it stands."""
    agreement, findings = read_agreement_file(path)
    assert agreement is not None, findings
    return agreement


def compared(before: Version, after: Version, plan: str = "") -> Diff | None:
    """The diff of two versions; None if something is wrong with one of them."""
    return diff(before, after, plan=plan)[0]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_an_agreement_beside_itself_is_equal(path: Path) -> None:
    """No plan of any agreement differs from itself, in meaning or in text."""
    version = Version(read(path).node, read(path).lock)
    found = compared(version, Version(read(path).node, read(path).lock))
    assert found is not None
    assert [plan.changes for plan in found.plans] == [()] * max(1, len(version.plans))
    assert (found.order, found.texts) == ("equal", ())


def _tell_antisymmetric(seeds: range) -> int:
    """How many random edits had a diff; each is the opposite the other way round."""
    random_files = [read(path) for path in FILES if path.parent.name == "agreements"]
    told = 0
    for seed in seeds:
        random = Random(seed)
        agreement = random.choice(random_files)
        plan = random.choice(agreement.plans or ("",))
        mutation = mutate(agreement.node, random)
        one, other = Version(agreement.node, agreement.lock), Version(mutation.tree, agreement.lock)
        forth, back = compared(one, other, plan), compared(other, one, plan)
        assert (forth is None) == (back is None), f"seed {seed}: {mutation}"
        if forth is None or back is None:
            continue
        told += 1
        (there,), (here,) = forth.plans, back.plans
        assert flipped(there.order) == here.order, f"seed {seed}: {mutation}"
        alike = [part for one in there.changes for part in one.parts if part.before == part.after]
        assert alike == [], f"seed {seed}: {mutation}"
        ways = [
            {
                change.name: sorted((part.what, flip(part.order)) for part in change.parts)
                for change in plan.changes
            }
            for plan, flip in ((there, flipped), (here, lambda order: order))
        ]
        assert ways[0] == ways[1], f"seed {seed}: {mutation}"
    return told


@pytest.mark.slow
def test_the_other_way_round_it_is_the_opposite() -> None:
    """A diff is antisymmetric, part by part, on random edits of the five agreements."""
    with compiled_once():
        assert _tell_antisymmetric(range(1000, 1000 + EDITS)) > EDITS / 2


def _tell_agreeing(seeds: range, kinds: str = "clocks and measures") -> int:
    """How many worlds were evaluated under both versions without contradicting the diff."""
    told = 0
    for seed in seeds:
        world = clock_world(seed) if seed % 2 and "clocks" in kinds else measured_world(seed)
        node, mutations = edited(world, seed)
        before, after = judged(world, world.agreement), judged(world, node)
        assert before is not None, f"seed {seed}"
        if after is not None:
            told += 1
            made = "; ".join(map(str, mutations))
            assert disagreements(before, after) == [], f"seed {seed}: {made}"
    return told


@pytest.mark.slow
def test_no_verdict_contradicts_a_diff() -> None:
    """On random worlds a worse version never gives the customer more, and an equal one gives the same."""
    assert _tell_agreeing(range(24)) > 12


@pytest.mark.slow
def test_no_verdict_contradicts_a_diff_on_many_worlds() -> None:
    """As above, on many."""
    assert _tell_agreeing(range(1000, 1000 + EDITS)) > EDITS / 2


EFFECTS = ("not bad, breaks run", "not bad", "not bad, breaks run, out of total", "not bad, out of total")


def test_no_verdict_contradicts_what_is_done_with_excluded_time() -> None:
    """Nor where only the total and the runs of what is excluded change."""
    old = "effect: [not bad, breaks run]"
    agreements = [tree(MEASURED.replace(old, f"effect: [{effects}]")) for effects in EFFECTS]
    for seed in range(3):
        world = measured_world(seed)
        versions = [judged(world, agreement) for agreement in agreements]
        for before, after in permutations(versions, 2):
            assert before is not None
            assert after is not None
            assert disagreements(before, after) == [], f"seed {seed}"


# -- what an edit changes ----------------------------------------------------------------------------------

SMALL = """
document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
scale: {priority: {of: ticket, values: {P1: down, P2: broken, P3: odd}}}
calendar:
  desk: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h}
deadline:
  response: {from: opened, until: answered, on: desk, within: {P1: 1h, P2: 4h, P3: 2 business days}}
  resolution:
    {from: opened, until: resolved, pause: waiting, on: desk, within: {P1: 8h, other: 3 business days}}
quota:
  calls: {where: priority = P1, allow: 3, per: calendar month, overflow: ordinary}
component: {service: {all: [api, web]}, api: {}, web: {}}
signal: {probe: {of: [api, web], checks: a request, every: 1m}}
indicator: {uptime: {count: checks of service, per: {slice: 5m, run: 2}}}
exclude:
  work:
    {of: maintenance, where: kind = scheduled, announced by: starts_at - 48h, effect: [not bad, breaks run]}
commit: {uptime: {level: ">= 99.9 %", per: calendar month}}
remedy:
  credit: {of: uptime, bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}, top: level, base: {fee: month}}
obligation: {review: {times: 2, per: contract year}}
amend: {notice: 60d, never below: commitments at signature}
"""


@pytest.mark.slow
def test_every_edit_of_what_holds_is_caught() -> None:
    """Where nothing stands beside what holds, an edit by any operator is a finding or a difference."""
    one = Version(tree(SMALL))
    missed, tried = set(), set()
    with compiled_once():
        for seed in range(4):
            for mutation in every_operator(tree(SMALL), Random(seed)):
                tried.add(mutation.operator)
                found = compared(one, Version(mutation.tree))
                if found is not None and found.order == "equal":
                    missed.add(mutation.after)
    # Whoever reaches the level is owed nothing, so the band may as well end with it.
    assert missed == {"{[99 %, top]: 10 %, < 99 %: 20 %}"}
    assert tried == set(OPERATORS) - {"take another reading", "drop a row of a plan"}


def test_every_plan_is_compared_and_what_only_one_version_has_is_told() -> None:
    """A plan that is new is better than none, one that is gone is worse, the others are compared."""
    head = "document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}\n"
    head += "deadline: {response: {from: opened, until: answered, within: 4h}}\n"
    before = Version(tree(head + "plan: {basic: {}, gold: {deadline: {response: {within: 2h}}}}"))
    after = Version(tree(head + "plan: {gold: {deadline: {response: {within: 1h}}}, free: {}}"))
    found = compared(before, after)
    assert found is not None
    told = [(plan.plan, plan.how, plan.order) for plan in found.plans]
    assert told == [("gold", "changed", "better"), ("free", "added", "better"), ("basic", "removed", "worse")]
    assert found.order == "incomparable"


def test_a_contract_is_compared_with_what_it_overrides() -> None:
    """What was agreed with the customer alone hides what the versions change beneath it."""
    head = "document: {{agreement: acme, version: '{}', provider: Northwind, zone: UTC}}\n"
    row = "deadline: {{response: {{from: opened, until: answered, within: {}}}}}\n"
    before, after = (Version(tree(head.format(v) + row.format(w))) for v, w in (("1", "4h"), ("2", "8h")))
    contract = "contract: {id: c1, customer: Acme, agreement: acme, version: '1', from: 2026-01-01}\n"
    found, findings = diff(before, after, contract=tree(contract))
    assert (findings, found and found.order) == ((), "worse")
    own = contract + "override: {deadline: {response: {within: 1h}}}\n"
    found, _ = diff(before, after, contract=tree(own))
    assert found is not None
    assert (found.order, found.plans[0].changes) == ("equal", ())
    assert [change.path[-1] for change in found.texts] == ["version", "within"]


def test_what_is_wrong_with_either_is_told_and_nothing_is_compared() -> None:
    """A version that does not compile has no meaning to compare."""
    broken = SMALL.replace("on: desk, within: {P1: 1h", "on: desc, within: {P1: 1h")
    found, findings = diff(Version(tree(SMALL)), Version(tree(broken)))
    assert found is None
    assert [finding.code for finding in findings] == ["unknown-calendar"]
    found, findings = diff(Version(tree(SMALL)), Version(tree(SMALL)), plan="gold")
    assert found is None
    assert {finding.code for finding in findings} == {"unknown-plan"}
