"""The log of facts: duplicates, conflicts, corrections and what was known at a position."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.facts.fact import Data, Fact, freeze
from upheld.core.facts.fact_check import check_fact, instant_in
from upheld.core.facts.fact_types import FACT_TYPES, REPLACED, RETRACTED, WITHDRAWN, FactType, Field
from upheld.core.facts.fact_versions import VersionError, newest
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import HOUR, format_instant, parse_instant
from upheld.core.values.finding import Place

MONDAY_AT = parse_instant("2026-06-01T09:00:00Z")


def fact(
    id_: str, hours: int = 0, *, recorded: int | None = None, kind: str = "ticket.closed", **data: object
) -> Fact:
    """A fact of the desk so many hours after Monday nine o'clock."""
    at = MONDAY_AT + hours * HOUR
    recorded_at = at if recorded is None else MONDAY_AT + recorded * HOUR
    return Fact(id_, "/desk", kind, at, recorded_at, "T-1", Data(data))


def withdrawn(id_: str, target: str, recorded: int) -> Fact:
    corrects = {"source": "/desk", "id": target}
    return fact(id_, recorded, kind=WITHDRAWN, corrects=corrects, by="Kim", reason="never happened")


def replaced(id_: str, target: str, recorded: int, **parts: object) -> Fact:
    corrects = {"source": "/desk", "id": target}
    return fact(id_, recorded, kind=REPLACED, corrects=corrects, replacement=parts, by="Kim", reason="wrong")


def ids(log: FactLog, known: int | None = None) -> list[str]:
    return [one.id for one in log.effective(known=known)]


def codes(log: FactLog) -> list[str]:
    return [finding.code for finding in log.findings]


# -- values --------------------------------------------------------------------------------------------------


def test_data_is_equal_as_json_is() -> None:
    """True is not 1, but 1.0 is, and the order of names does not matter."""
    assert Data({"a": 1, "b": 2}) == Data({"b": 2, "a": Decimal("1.0")})
    assert hash(Data({"a": 1})) == hash(Data({"a": Decimal("1.00")}))
    assert Data({"a": True}) != Data({"a": 1})
    assert Data({"a": [1, {"b": None}]}) == {"a": (1, {"b": None})}
    assert Data({"a": "1"}) != Data({"a": 1})


def test_data_cannot_change_and_holds_no_float() -> None:
    """A fact's data is frozen through and through."""
    data = Data({"list": ["a", {"b": 1}]})
    assert data["list"] == ("a", Data({"b": 1}))
    with pytest.raises(TypeError):
        data["x"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        freeze(0.1)


# -- the log -------------------------------------------------------------------------------------------------


def test_a_fact_told_twice_is_one_fact_recorded_when_first_told() -> None:
    """The same body under one key counts once, from its earliest recording on."""
    log = FactLog([fact("a", 1, recorded=9), fact("a", 1, recorded=3), fact("b", 2, recorded=5)])
    assert len(log) == 2
    assert [one.recorded_at for one in log] == [MONDAY_AT + 3 * HOUR, MONDAY_AT + 5 * HOUR]
    assert log.findings == ()


def test_positions_rank_by_when_facts_were_recorded() -> None:
    """A late fact has a late position though it sorts early."""
    log = FactLog([fact("late", 0, recorded=8), fact("b", 2), fact("a", 2), fact("c", 5)])
    assert [one.id for one in log] == ["a", "b", "c", "late"]
    assert [log.position_of(("/desk", name)) for name in ("a", "b", "c", "late", "x")] == [1, 2, 3, 4, None]
    assert ids(log) == ["late", "a", "b", "c"]
    assert ids(log, known=3) == ["a", "b", "c"]
    assert ids(log, known=0) == []
    assert [log.position_at(MONDAY_AT + hours * HOUR) for hours in (-1, 2, 5, 8, 99)] == [0, 2, 3, 4, 4]
    with pytest.raises(ValueError, match="position"):
        log.effective(known=-1)


def test_effective_ends_at_the_instant_asked_about() -> None:
    """A fact at the very instant is included, a later one is not."""
    log = FactLog([fact("a", 1), fact("b", 2), fact("c", 3)])
    assert [one.id for one in log.effective(at=MONDAY_AT + 2 * HOUR)] == ["a", "b"]


def test_two_bodies_under_one_key_are_a_conflict_that_names_both_places() -> None:
    """Neither of the two counts."""
    one = replace(fact("a", 1), place=Place("a.jsonl", 4))
    other = replace(fact("a", 2), place=Place("b.jsonl", 7))
    log = FactLog([other, fact("b", 3), one])
    assert ids(log) == ["b"]
    assert codes(log) == ["conflicting-facts"]
    assert log.findings[0].places == (Place("a.jsonl", 4), Place("b.jsonl", 7))
    assert len(log) == 2


def test_a_conflict_is_settled_by_a_whole_replacement_or_a_withdrawal() -> None:
    """Before the correction's position neither body counts, after it what the correction says."""
    told = [fact("a", 1), fact("a", 2)]
    whole = {"type": "ticket.resolved", "time": "2026-06-01T12:00:00Z", "subject": "T-1", "data": {}}
    log = FactLog([*told, replaced("c", "a", 5, **whole)])
    assert [(one.type, format_instant(one.at)) for one in log.effective()] == [
        ("ticket.resolved", "2026-06-01T12:00:00Z")
    ]
    assert ids(log, known=1) == []
    assert log.findings == ()
    gone = FactLog([*told, withdrawn("c", "a", 5)])
    assert (ids(gone), gone.findings) == ([], ())


def test_a_part_does_not_settle_a_conflict() -> None:
    """A replacement of a conflict must give everything."""
    log = FactLog([fact("a", 1), fact("a", 2), replaced("c", "a", 5, subject="T-2")])
    assert ids(log) == []
    assert sorted(codes(log)) == ["conflicting-facts", "partial-settlement"]


def test_a_replacement_keeps_what_it_does_not_name_and_holds_from_its_position_on() -> None:
    """Only the time changes, and only for who knew the correction; who said so is known."""
    log = FactLog([fact("a", 1, actor="Sam"), replaced("c", "a", 5, time="2026-06-01T09:30:00Z")])
    (before,), (after,) = log.effective(known=1), log.effective()
    assert before.at == MONDAY_AT + HOUR
    assert after == replace(before, at=parse_instant("2026-06-01T09:30:00Z"), hands=("Sam", "Kim"))
    assert before.hands == ()


def test_replaced_data_is_replaced_whole_with_its_private_text() -> None:
    """The personal text of the old data goes with it; that of the correction takes its place."""
    old = replace(fact("a", 1, actor="Sam"), private=Data({"name": "Ann"}))
    new = replace(replaced("c", "a", 5, data={"reason": "typo"}), private=Data({"name": "Bea"}))
    (one,) = FactLog([old, new]).effective()
    assert (one.data, one.private) == ({"reason": "typo"}, {"name": "Bea"})


def test_the_latest_correction_wins_and_can_itself_be_withdrawn() -> None:
    """With the later correction withdrawn the earlier one holds again."""
    first = replaced("c1", "a", 5, subject="T-5")
    second = replaced("c2", "a", 6, subject="T-6")
    log = FactLog([fact("a", 1), second, first, withdrawn("c3", "c2", 7)])
    assert [log.effective(known=known)[0].subject for known in (1, 2, 3, 4)] == ["T-1", "T-5", "T-6", "T-5"]


def test_the_correction_that_holds_is_known() -> None:
    """The last until it is withdrawn, then the one before, none where all are; a replaced one reads anew."""
    first, second = replaced("c1", "a", 5, subject="T-5"), replaced("c2", "a", 6, subject="T-6")
    log = FactLog([fact("a", 1), first, second, withdrawn("c3", "c2", 7), withdrawn("c4", "c1", 8)])
    holding = [{key[1]: one.id for key, one in log.corrections(known).items()} for known in range(1, 6)]
    assert holding == [{}, {"a": "c1"}, {"a": "c2"}, {"a": "c1", "c2": "c3"}, {"c1": "c4", "c2": "c3"}]
    why = {"corrects": {"source": "/desk", "id": "a"}, "by": "Kim", "reason": "a slip"}
    told = FactLog([fact("a", 1), withdrawn("c", "a", 5), replaced("d", "c", 6, data=why)]).corrections()
    assert told["/desk", "a"].data["reason"] == "a slip"


def test_a_correction_can_be_replaced() -> None:
    """What the corrected correction says holds at its own rank."""
    corrects = {"source": "/desk", "id": "b"}
    data = {"corrects": corrects, "by": "Kim", "reason": "it was b"}
    log = FactLog([fact("a", 1), fact("b", 2), withdrawn("c", "a", 5), replaced("d", "c", 6, data=data)])
    assert (ids(log, known=3), ids(log)) == (["b"], ["a"])


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        (withdrawn("c", "nowhere", 5), "dangling-correction"),
        (withdrawn("c", "c", 5), "early-correction"),
        (withdrawn("c", "late", 5), "early-correction"),
        (fact("c", 5, kind=WITHDRAWN, corrects={"source": "/desk", "id": "a"}, by="Kim"), "missing-field"),
        (fact("c", 5, kind=WITHDRAWN, corrects={"source": "/desk", "id": "a"}, reason="x"), "missing-field"),
        (fact("c", 5, kind=WITHDRAWN, corrects="a", by="Kim", reason="x"), "bad-field"),
        (replaced("c", "a", 5), "bad-correction"),
        (replaced("c", "a", 5, tme="2026-06-01T09:30:00Z"), "bad-correction"),
        (replaced("c", "a", 5, time="2026-06-01T09:30:00"), "bad-correction"),
        (replaced("c", "a", 5, subject=""), "bad-correction"),
        (replaced("c", "a", 5, data={"private": {"name": "Ann"}}), "bad-correction"),
        (replaced("c", "a", 5, type="correction.withdrawn"), "bad-correction"),
        (replaced("c", "a", 5, type="ticket.closed/2"), "unknown-version"),
        (replaced("c", "a", 5, type="ticket.close"), "unknown-fact-type"),
        (replaced("c", "a", 5, type="ticket.merged"), "missing-field"),
    ],
)
def test_a_correction_that_cannot_hold_is_a_finding_and_changes_nothing(correction: Fact, code: str) -> None:
    """The fact it is about stays as it was."""
    log = FactLog([fact("a", 1), fact("late", 9), correction])
    assert codes(log) == [code]
    assert log.effective() == (fact("a", 1), fact("late", 9))


def test_two_corrections_of_one_instant_never_chase_each_other() -> None:
    """Of two that correct each other, only the one with the later position holds."""
    log = FactLog([fact("a", 1), withdrawn("c", "d", 5), withdrawn("d", "c", 5)])
    assert log.position_of(("/desk", "c")) == 2
    assert log.findings == ()
    assert codes(FactLog([fact("a", 1), withdrawn("c", "d", 5), replaced("d", "a", 5, subject="T-2")])) == [
        "early-correction"
    ]


# -- properties ----------------------------------------------------------------------------------------------

NAMES = "abcdef"


@st.composite
def told_facts(draw: st.DrawFn) -> list[Fact]:
    """Facts, conflicts and corrections of corrections, at most a dozen."""
    facts: list[Fact] = []
    for _ in range(draw(st.integers(0, 12))):
        name, target = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
        recorded = draw(st.integers(0, 6))
        kind = draw(st.integers(0, 4))
        if kind <= 1:
            facts.append(fact(name, draw(st.integers(0, 3)), recorded=recorded))
        elif kind == 2:
            facts.append(withdrawn(name, target, recorded))
        elif kind == 3:
            facts.append(replaced(name, target, recorded, subject=f"T-{draw(st.integers(2, 4))}"))
        else:
            whole = {"type": "ticket.resolved", "time": "2026-06-01T12:00:00Z", "subject": "T-9", "data": {}}
            facts.append(replaced(name, target, recorded, **whole))
    return facts


@given(told_facts(), st.data())
def test_order_repetition_and_division_make_no_difference(facts: list[Fact], draws: st.DataObject) -> None:
    """Shuffled, told twice and added bit by bit, the log is the same."""
    repeated = draws.draw(st.lists(st.sampled_from(facts), max_size=6)) if facts else []
    again = draws.draw(st.permutations([*facts, *repeated]))
    cut = draws.draw(st.integers(0, len(again)))
    log, other = FactLog(facts), FactLog(again[:cut]).with_facts(again[cut:])
    assert log == other
    assert log.findings == other.findings
    assert log.effective() == other.effective()


def slow_effective(facts: list[Fact], known: int) -> list[Fact]:
    """What holds as of a position, by asking for every fact anew who corrects it."""
    bodies: dict[tuple[str, str], list[Fact]] = {}
    for one in facts:
        same = bodies.setdefault(one.key, [])
        if all(one.body != other.body for other in same):
            same.append(one)
    first = {key: min(one.recorded_at for one in facts if one.key == key) for key in bodies}
    rank = sorted(bodies, key=lambda key: (first[key], key))
    shown = rank[:known]

    def claims(correction: Fact, key: tuple[str, str], position: int) -> bool:
        """Whether a correction as it now reads is one that can hold for a key."""
        reference = correction.data["corrects"]
        if (reference["source"], reference["id"]) != key or key not in rank:  # type: ignore[index,call-overload]
            return False
        about_correction = bodies[key][0].type.startswith("correction")
        if first[key] > first[rank[position]] or (about_correction and rank.index(key) >= position):
            return False
        if correction.type == WITHDRAWN:
            return True
        parts = correction.data["replacement"]
        assert isinstance(parts, Data)
        if len(bodies[key]) > 1 and len(parts) < 4:
            return False
        return not (about_correction and len(parts) == 4)

    def holds(key: tuple[str, str]) -> Fact | None:
        for position in reversed(range(len(shown))):
            corrector = shown[position]
            if not is_correction(corrector) or (is_correction(key) and position <= rank.index(key)):
                continue
            correction = holds(corrector)
            if correction is None:
                continue
            if not claims(correction, key, position):
                continue
            if correction.type == WITHDRAWN:
                return None
            parts = correction.data["replacement"]
            old = replace(bodies[key][0], recorded_at=first[key])
            new = replace(old, subject=parts["subject"])  # type: ignore[index,call-overload]
            if len(parts) == 4:  # type: ignore[arg-type]
                new = replace(new, type="ticket.resolved", at=MONDAY_AT + 3 * HOUR, data=Data())
            return new
        return replace(bodies[key][0], recorded_at=first[key]) if len(bodies[key]) == 1 else None

    def is_correction(key: tuple[str, str]) -> bool:
        return bodies[key][0].type.startswith("correction")

    found = [one for key in shown if (one := holds(key)) and not one.type.startswith("correction")]
    return sorted(found, key=lambda one: one.order)


@given(told_facts())
def test_chains_of_corrections_hold_as_a_slow_model_says(facts: list[Fact]) -> None:
    """At every position the log and the model agree."""
    # A key told both as a fact and as a correction has no kind of its own; that case is tested by hand.
    kinds: dict[str, set[bool]] = {}
    for one in facts:
        kinds.setdefault(one.id, set()).add(one.type.startswith("correction"))
    facts = [one for one in facts if len(kinds[one.id]) == 1]
    log = FactLog(facts)
    for known in range(len(log) + 1):
        held = [replace(one, hands=()) for one in log.effective(known=known)]
        assert held == slow_effective(facts, known)


def test_everybody_who_had_a_hand_in_a_fact_is_known_with_it() -> None:
    """In the order of the positions; also who withdrew it, where another withdrew that."""
    first = replaced("c1", "a", 5, data={"actor": "Sam", "reason": "typo"})
    rest = [withdrawn("c2", "c1", 6), withdrawn("c3", "a", 7), withdrawn("c4", "c3", 8)]
    named = zip([first, *rest], ("Kim", "Lou", "Max", "Nia"), strict=True)
    log = FactLog([fact("a", 1, actor="Ida"), *(by(name, one) for one, name in named)])
    hands = [[one.hands for one in log.effective(known=known)] for known in (1, 2, 3, 4, 5)]
    assert hands == [
        [()], [("Ida", "Kim", "Sam")], [("Ida", "Kim", "Sam", "Lou")], [],
        [("Ida", "Kim", "Sam", "Lou", "Max", "Nia")],
    ]  # fmt: skip


def test_what_a_cause_said_leaves_a_trace_where_it_says_something_else_now() -> None:
    """Told of June, corrected to May, that corrected to April, then told as at first: two are left of it."""
    told = fact("a", 1, kind="attribution.recorded", **_cause("June", "Ida"))
    steps = [
        by("Lou", replaced("c1", "a", 5, data=_cause("May", "Lou"))),
        by("Max", replaced("c2", "c1", 6, data=_corrected_to(_cause("April", "Max")))),
        by("Nia", withdrawn("c3", "c2", 7)),
        by("Ola", replaced("c4", "a", 8, data=_cause("June", "Ida"))),
    ]
    log = FactLog([replace(told, private=Data({"note": "n"})), *steps])
    assert log.findings == ()

    def left(known: int) -> list[tuple[object, tuple[str, ...]]]:
        traces = [one for one in log.evaluated(known=known) if one.type == RETRACTED]
        assert not any(one.private for one in traces)
        return [(one.data["target"], one.hands) for one in traces]

    hands = ("Ida", "Lou", "Max", "Nia", "Ola")
    assert left(1) == []
    assert left(2) == [("June", hands[:2])]
    assert left(3) == [("June", hands[:3]), ("May", hands[:3])]
    assert left(4) == [("June", hands[:4]), ("April", hands[:4])]
    assert left(5) == [("May", hands), ("April", hands)]


def _cause(target: str, actor: str) -> dict[str, object]:
    return {"target": target, "cause": "client", "party": "customer", "actor": actor}


def _corrected_to(data: dict[str, object]) -> dict[str, object]:
    """The data of a correction of `a`."""
    corrects = {"source": "/desk", "id": "a"}
    return {"corrects": corrects, "replacement": {"data": data}, "by": "Lou", "reason": "wrong"}


def by(name: str, correction: Fact) -> Fact:
    """The same correction, made by somebody else."""
    return replace(correction, data=Data({**correction.data, "by": name}))


# -- types ---------------------------------------------------------------------------------------------------


def test_every_type_is_complete() -> None:
    """A name of family and verb, words for subject and meaning, choices exactly for choices."""
    for name, fact_type in FACT_TYPES.items():
        assert name == fact_type.name
        assert name.count(".") == 1
        assert fact_type.family
        assert fact_type.doc
        assert fact_type.subject
        names = [field.name for field in fact_type.fields]
        assert len(set(names)) == len(names)
        for field in fact_type.fields:
            assert bool(field.choices) == (field.kind == "choice")
            assert field.default is None or not field.required
            assert field.default is None or field.kind != "choice" or field.default in field.choices


ARRIVED = FactType(
    "onsite.arrived", "ticket", "the engineer arrives", (Field("level", "integer", "the level"),)
)
INVOICED = {"invoice": "1"}
ISO = "its currency (ISO 4217)"
OPENED = {"contract": "acme"}


@pytest.mark.parametrize(
    ("kind", "data", "code", "way_out"),
    [
        ("ticket.opened", {}, "missing-field", "`contract` is the contract under which it happened"),
        ("ticket.opened", {"contrct": "acme"}, "missing-field", "is `contrct` meant to be `contract`?"),
        ("ticket.opened", {"contract": ""}, "bad-field", "the contract under which it happened"),
        ("ticket.opened", {"contract": 1}, "bad-field", "the contract under which it happened"),
        ("ticket.opened", {**OPENED, "contacted_at": "2026-06-01T11:00:00Z"}, "wrong-order", ""),
        ("ticket.opened", {**OPENED, "contacted_at": "yesterday"}, "bad-field", ""),
        ("ticket.replied", {"by": "humann"}, "unknown-choice", "did you mean `human`?"),
        ("ticket.replied", {"by": "nobody at all"}, "unknown-choice", "one of human, automatic"),
        (
            "contract.invoice_issued",
            {"invoice": "1", "currency": "EUT"},
            "bad-field",
            "its currency (ISO 4217)",
        ),
        (
            "contract.invoice_issued",
            {"invoice": "1", "currency": 978},
            "bad-field",
            "its currency (ISO 4217)",
        ),
        ("ticket.replied", {"by": True}, "bad-field", "one of human, automatic"),
        ("ticket.replied", {"verified": "yes"}, "bad-field", ""),
        ("ticket.waiting_started", {}, "missing-field", ""),
        ("ticket.waitingstarted", {}, "unknown-fact-type", "did you mean `ticket.waiting_started`?"),
        ("onsite.arived", {}, "unknown-fact-type", "did you mean `onsite.arrived`?"),
        ("onsite.arrived", {"level": True}, "bad-field", "the level"),
        ("zzz.qqq", {}, "unknown-fact-type", "an agreement can declare event types of its own"),
        ("incident.declared", {"severity": "major", "components": "api"}, "bad-field", ""),
        ("incident.declared", {"severity": "major", "share_of_users": "all"}, "bad-field", ""),
        ("contract.invoice_issued", {"invoice": "7", "month": "2026-13"}, "bad-field", ""),
    ],
)
def test_a_fact_that_says_too_little_or_nonsense_is_a_finding(
    kind: str, data: dict[str, object], code: str, way_out: str
) -> None:
    """The code is exact, and where there is a near word it is named."""
    (finding,) = check_fact(fact("a", kind=kind, **data), {ARRIVED.name: ARRIVED})
    assert finding.code == code
    assert not way_out or finding.way_out == way_out


def test_good_facts_have_no_findings() -> None:
    """Declared types and attributes of one's own are welcome."""
    good = [
        fact("a", kind="ticket.opened", contract="acme", contacted_at="2026-06-01T10:59:00+02:00", floor=3),
        fact("b", kind="onsite.arrived", level=2),
        fact(
            "c",
            kind="incident.declared",
            severity="major",
            components=["api"],
            share_of_users=Decimal("0.25"),
        ),
    ]
    assert [check_fact(one, {ARRIVED.name: ARRIVED}) for one in good] == [(), (), ()]
    assert instant_in(good[0], "contacted_at") == parse_instant("2026-06-01T08:59:00Z")
    assert instant_in(good[0], "time") == MONDAY_AT
    assert instant_in(good[0], "floor") is None


def test_old_versions_are_brought_up_step_by_step() -> None:
    """Each upcast is a pure function from one version to the next; newer ones are refused."""
    third = FactType("ticket.moved", "ticket", "it moves", version=3)
    upcasts = {
        ("ticket.moved", 1): lambda data: {"to": data["dest"]},
        ("ticket.moved", 2): lambda data: {**data, "why": "old"},
    }
    types = {third.name: third}
    assert newest("ticket.moved", Data({"dest": "x"}), types, upcasts) == (
        "ticket.moved",
        {"to": "x", "why": "old"},
    )
    assert newest("ticket.moved/3", Data({"to": "x"}), types, upcasts) == ("ticket.moved", {"to": "x"})
    for text in ("ticket.moved/4", "ticket.moved/0", "ticket.moved/", "ticket.moved/x", "ticket.moved/²"):
        with pytest.raises(VersionError):
            newest(text, Data(), types, upcasts)
