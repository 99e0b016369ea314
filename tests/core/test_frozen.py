"""Our decorator makes what the standard library makes."""

import copy
import dataclasses
import inspect
import pickle
import pprint
from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from upheld.core.values import frozen

T = TypeVar("T")


def three_classes(library: Any) -> tuple[Any, Any, Any]:
    """The same classes by either library: with all that fields can be, with one field, with none."""
    dataclass, field = library.dataclass, library.field

    @dataclass(frozen=True, slots=True)
    class Full:
        """A value with every kind of field."""

        first: int
        second: str = "two"
        third: list[int] = field(default_factory=list)
        fourth: object = field(default=None, compare=False)
        fifth: int = field(default=5, repr=False)
        made: int = field(default=0, init=False)
        kept: list[int] = field(default_factory=list, init=False, compare=False)
        shared: ClassVar[int] = 7

        def __post_init__(self) -> None:
            if self.first < 0:
                raise ValueError("negative")
            object.__setattr__(self, "made", self.first + 1)

    @dataclass(frozen=True, slots=True)
    class One:
        """A value with one field."""

        only: Any

    @dataclass(frozen=True, slots=True)
    class Nothing:
        """A value without any, whose text is its own."""

        def __repr__(self) -> str:
            return "nothing"

    return Full, One, Nothing


OURS = three_classes(frozen)
THEIRS = three_classes(dataclasses)


@frozen.dataclass(frozen=True, slots=True)
class Stored:
    """A value that pickle can find by its name."""

    text: str
    number: int = 1


@frozen.dataclass(frozen=True, slots=True, order=True)
class Ordered:
    """A value with an order."""

    number: int


def outcome(ask: Callable[[], object]) -> object:
    """What comes out, or the kind and text of what is raised."""
    try:
        return ask()
    except Exception as fault:
        return type(fault), str(fault)


@pytest.mark.parametrize(
    "ask",
    [
        lambda full, one, nothing: repr(full(1, third=[3], fourth=4)),
        lambda full, one, nothing: repr(full(first=1, second="b", fifth=6)),
        lambda full, one, nothing: (repr(one([1])), repr(nothing())),
        lambda full, one, nothing: full(1) == full(1, fourth="not compared"),
        lambda full, one, nothing: full(1) == full(1, fifth=6),
        lambda full, one, nothing: (one(1) == one(1), one(1) == one(2), nothing() == nothing()),
        lambda full, one, nothing: (one(1) == 1, one(()) == nothing(), one(1) != nothing()),
        lambda full, one, nothing: (hash(one(1)), hash(nothing())),
        lambda full, one, nothing: hash(full(1)),
        lambda full, one, nothing: len({one(1), one(1), one(2)}),
        lambda full, one, nothing: full(-1),
        lambda full, one, nothing: full(),
        lambda full, one, nothing: full(1, made=2),
        lambda full, one, nothing: one(1, 2),
        lambda full, one, nothing: nothing(1),
        lambda full, one, nothing: setattr(full(1), "first", 2),
        lambda full, one, nothing: delattr(full(1), "first"),
        lambda full, one, nothing: (full(1).third is full(1).third, full(1).kept, full(1).made, full.shared),
        lambda full, one, nothing: repr(dataclasses.replace(full(1, "b"), first=8)),
        lambda full, one, nothing: [each.name for each in dataclasses.fields(full(1))],
        lambda full, one, nothing: dataclasses.asdict(full(1)),
        lambda full, one, nothing: (full.__slots__, full.__match_args__, nothing.__match_args__),
        lambda full, one, nothing: (full.__doc__, full.__name__, full.__init__.__qualname__),
        lambda full, one, nothing: copy.deepcopy(one([1])) == one([1]),
        lambda full, one, nothing: [
            list(inspect.signature(each).parameters) for each in (full, one, nothing)
        ],
        lambda full, one, nothing: pprint.pformat([one([1]), nothing()]),
    ],
)
def test_as_the_standard_library(ask: Callable[..., object]) -> None:
    """Texts, equality, hashes, defaults, refusals and copies are those of the standard library."""
    assert outcome(lambda: ask(*OURS)) == outcome(lambda: ask(*THEIRS))


def test_stored_and_ordered() -> None:
    """Values go through pickle and copy, and have an order where one is asked for."""
    stored = Stored("a", 2)
    assert pickle.loads(pickle.dumps(stored)) == stored == copy.copy(stored)
    assert sorted([Ordered(2), Ordered(1)]) == [Ordered(1), Ordered(2)]
    with pytest.raises(dataclasses.FrozenInstanceError):
        copy.copy(stored).text = "b"  # type: ignore[misc]


def kinds(library: Any) -> tuple[Any, ...]:
    """The same fields, as values that may be changed, are only themselves, have an order, have no slots."""
    told = (
        {"slots": True},
        {"slots": True, "eq": False},
        {"slots": True, "frozen": True, "eq": False},
        {"slots": True, "frozen": True, "order": True},
        {"frozen": True},
    )

    def made(**words: bool) -> Any:
        @library.dataclass(**words)
        class Kind:
            """A value of some kind."""

            number: int
            seen: list[int] = library.field(default_factory=list)

            @cached_property
            def twice(self) -> int:
                """Kept where there is room for it."""
                return self.number * 2

        return Kind

    return tuple(made(**words) for words in told)


@pytest.mark.parametrize(
    "ask",
    [
        lambda kind: kind(1) == kind(1),
        lambda kind: {kind(1): 2} != {kind(1): 2},
        lambda kind: setattr(kind(1), "number", 2),
        lambda kind: (kind(1).seen is kind(1).seen, repr(kind(3))),
        lambda kind: (kind(1) < kind(2), kind(1) <= kind(1), kind(1) > kind(2), kind(1) >= kind(2)),
        lambda kind: kind(1) < 1,
        lambda kind: [getattr(kind.__dataclass_params__, name) for name in ("frozen", "eq", "order")],
        lambda kind: repr(copy.copy(kind(1, [2]))),
        lambda kind: copy.copy(kind(1, [2])).seen,
        lambda kind: (hasattr(kind(1), "__dict__"), kind(1).twice),
    ],
)
def test_every_kind_is_as_the_standard_library_makes_it(ask: Callable[..., object]) -> None:
    """What may be changed can be, what is only itself equals nothing else, what has an order compares."""
    for ours, theirs in zip(kinds(frozen), kinds(dataclasses), strict=True):
        assert outcome(lambda kind=ours: ask(kind)) == outcome(lambda kind=theirs: ask(kind))  # type: ignore[misc]


def test_fields_are_inherited_as_in_the_standard_library() -> None:
    """Those of the class above come first; what is said again is so in its place."""

    def made(library: Any) -> Any:
        @library.dataclass(frozen=True, slots=True)
        class Above:
            first: int
            second: str = "above"

        @library.dataclass(frozen=True, slots=True)
        class Below(Above):
            second: str = "below"
            third: int = 3

        return Below

    ours, theirs = made(frozen), made(dataclasses)
    for given in ((1,), (1, "x"), (1, "x", 4)):
        one, other = ours(*given), theirs(*given)
        assert repr(one).rpartition(".")[2] == repr(other).rpartition(".")[2]
        assert dataclasses.astuple(one) == dataclasses.astuple(other)
        assert one == ours(*given) != ours(2)
        assert hash(one) == hash(ours(*given))
    assert ours.__match_args__ == theirs.__match_args__ == ("first", "second", "third")
    assert not hasattr(ours(1), "__dict__")


def heirs(library: Any) -> tuple[type, ...]:
    """Classes of many slots: with more of their own, with a type between, and one not made by the library."""
    dataclass = library.dataclass

    @dataclass(frozen=True, slots=True)
    class Many(Generic[T]):
        """A value with many fields."""

        first: T
        second: int = 2
        third: int = 3
        fourth: int = 4
        fifth: int = 5

    @dataclass(frozen=True, slots=True)
    class More(Many[str]):
        """A value with more."""

        sixth: int = 6

    class Plain(Many[str]):
        """With room for anything."""

    return Many, More, Plain


@pytest.mark.parametrize("place", range(3))
def test_a_value_of_many_slots_is_of_its_own_class_and_stays_as_it_is(place: int) -> None:
    """Whatever class is made of it: while it is made it is open, and afterwards closed again."""
    ours, theirs = heirs(frozen)[place], heirs(dataclasses)[place]
    value = ours("a", fifth=0)
    assert type(value) is ours
    assert repr(value) == repr(theirs("a", fifth=0))
    assert (value, hash(value)) == (ours("a", 2, 3, 4, 0), hash(theirs("a", fifth=0)))
    assert outcome(lambda: setattr(value, "first", "b")) == outcome(
        lambda: setattr(theirs("a"), "first", "b")
    )
    assert outcome(lambda: delattr(value, "second")) == outcome(lambda: delattr(theirs("a"), "second"))
    assert outcome(lambda: ours("a", 2, 3, 4, 5, 6, 7)) == outcome(lambda: theirs("a", 2, 3, 4, 5, 6, 7))


def test_a_field_of_the_library_is_refused() -> None:
    """It would be taken for a default; the fault is told where the class is made."""
    with pytest.raises(AssertionError, match=r"number: its `field` is that of the library"):

        @frozen.dataclass(frozen=True, slots=True)
        class Mixed:
            number: int = dataclasses.field(default=1)


def test_an_init_is_made_for_the_first_value() -> None:
    """Until then the class has none compiled; afterwards it is a function like any other."""

    @frozen.dataclass(frozen=True, slots=True)
    class Late:
        number: int

    assert not inspect.isfunction(vars(Late)["__init__"])
    assert Late(1).number == 1
    assert inspect.isfunction(vars(Late)["__init__"])


def test_an_init_that_is_not_made_yet_is_bound_as_one_that_is() -> None:
    """Whoever asks a class that never had a value what it takes is not told that it takes itself."""
    for library in (frozen, dataclasses):
        _, one, _ = three_classes(library)
        bound = vars(one)["__init__"].__get__(one, type(one))  # as `inspect` does from Python 3.13 on
        assert list(inspect.signature(bound).parameters) == ["only"]
        _, one, _ = three_classes(library)
        assert list(inspect.signature(one).parameters) == ["only"]


def test_a_replaced_value_is_what_the_standard_library_makes() -> None:
    """Of our classes and of the library's own: the fields given are changed, the others kept."""

    @frozen.dataclass(frozen=True, slots=True)
    class Ours:
        one: int
        two: str = "two"

    @dataclasses.dataclass(frozen=True, slots=True)
    class Theirs:
        one: int
        two: str = "two"

    for value in (Ours(1), Theirs(1, "other")):
        assert frozen.replace(value, one=2) == dataclasses.replace(value, one=2)
        assert frozen.replace(value) == value
    with pytest.raises(TypeError):
        frozen.replace(Ours(1), three=3)
