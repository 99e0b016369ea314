"""Dataclasses as the standard library makes them, sooner: a command made of them starts quickly.

The library compiles six functions for every class (before Python 3.13, each on its own), and to import it
takes a parser, a tokenizer and a disassembler of Python. With a hundred classes that was a quarter of the
time of a short command. Here what can be shared is shared; an `__init__` is compiled for the first value of
its class, and what the library keeps of a class is made when somebody asks for it.
"""

import operator
from collections.abc import Callable, Iterable
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # what follows is the same to whoever checks types
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, order: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """The decorator `dataclasses.dataclass`.

        As there in everything that can be seen of values, but for `InitVar` and `kw_only`. What a field has
        beside a default is said with the `field` of this module.
        """
        return lambda cls: _made(cls, frozen=frozen, slots=slots, order=order, eq=eq)

    def field(**said: Any) -> Any:
        """As `dataclasses.field`: `default` or `default_factory`, `init`, `repr`, `compare`."""
        return _Field(**said)

    def replace(value: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`, also for the library's own classes, in a third of the time."""
        kind = value.__class__
        known = _READERS.get(kind)
        if known is None:
            places = {name: place for place, name in enumerate(kind.__match_args__)}
            known = _READERS[kind] = _values_of(places), places
        read, places = known
        values = [*read(value)]
        for name, given in changes.items():
            if name not in places:
                raise TypeError(f"{kind.__qualname__} is made of no {name!r}")
            values[places[name]] = given
        return kind(*values)


_Read = Callable[[Any], tuple[Any, ...]]
_READERS: Final[dict[type, tuple[_Read, dict[str, int]]]] = {}
_MISSING: Final = object()
_SEVERAL: Final = 5
"""From so many slots on it takes less time to open a value for all of them than to set each."""


class _Field:
    """What is said of a field in its class."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr", "type")
    name: str
    type: object

    def __init__(
        self,
        *,
        default: Any = _MISSING,
        default_factory: Any = _MISSING,
        init: bool = True,
        repr: bool = True,  # noqa: A002 - the library's word
        compare: bool = True,
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare

    def for_the_library(self) -> tuple[str, Any, Any]:
        """As `dataclasses.make_dataclass` takes it."""
        from dataclasses import field

        said = {
            name: getattr(self, name) for name in ("default", "default_factory", "init", "repr", "compare")
        }
        given = {name: value for name, value in said.items() if value is not _MISSING}
        return self.name, self.type, field(**given)


class _WhenAsked:
    """An attribute of a class that is made when it is first asked for, and then stands in place of this."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, value: object, kind: type | None = None) -> Any:
        made = self.make(self.owner)
        setattr(self.owner, self.name, made)
        # A function is bound as it binds itself, also to a class: so `inspect` does, from Python 3.13 on.
        return made if value is None or not hasattr(made, "__get__") else made.__get__(value, kind)


def _made(cls: type, *, frozen: bool, slots: bool, order: bool, eq: bool) -> type:
    fields = _fields_of(cls)
    names = tuple(each.name for each in fields)
    own_names = tuple(name for name in names if name in cls.__annotations__)
    values = _values_of([each.name for each in fields if each.compare])
    members: dict[str, Any] = {
        "__init__": _WhenAsked(lambda made: _init(made, fields, frozen)),
        "__repr__": _repr([each.name for each in fields if each.repr]),
        "_fields": tuple(fields),
        "__match_args__": tuple(each.name for each in fields if each.init),
        "__replace__": replace,
        "__dataclass_fields__": _WhenAsked(
            lambda made: _by_the_library(made, fields, frozen, order, eq).__dataclass_fields__
        ),
        "__dataclass_params__": _WhenAsked(
            lambda made: _by_the_library(made, fields, frozen, order, eq).__dataclass_params__
        ),
    }
    if eq:
        members["__eq__"] = _comparing(operator.eq, values)
        members["__hash__"] = _hash(values) if frozen else None
    if order:
        for each in (operator.lt, operator.le, operator.gt, operator.ge):
            members[f"__{each.__name__}__"] = _comparing(each, values)
    if frozen:
        members |= _FROZEN
    if slots:
        members["__slots__"] = own_names
    if slots and frozen:
        members |= _state(names)
    left = {*own_names, "__dict__", "__weakref__"}
    own = {name: value for name, value in cls.__dict__.items() if name not in left}
    if own.get("__hash__", _MISSING) is None:  # Python takes the hash from a class that says what equal means
        del own["__hash__"]
    made = type(cls)(cls.__name__, cls.__bases__, members | own)
    made.__qualname__ = cls.__qualname__
    return made


def _fields_of(cls: type) -> list[_Field]:
    """Its fields, those of the classes above it first."""
    fields = {each.name: each for above in reversed(cls.__mro__) for each in vars(above).get("_fields", ())}
    for name, kind in cls.__annotations__.items():
        told = kind.partition("[")[0].rpartition(".")[2] if isinstance(kind, str) else ""
        if told == "ClassVar" or getattr(kind, "__origin__", None) is ClassVar:
            continue
        given = cls.__dict__.get(name, _MISSING)
        assert type(given).__module__ != "dataclasses", f"{name}: its `field` is that of the library"
        each = given if isinstance(given, _Field) else _Field(default=given)
        each.name, each.type = name, kind
        fields[name] = each
    return [*fields.values()]


def _values_of(names: Iterable[str]) -> _Read:
    names = tuple(names)
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _by_the_library(made: type, fields: list[_Field], frozen: bool, order: bool, eq: bool) -> Any:
    """A class with the same fields, for those who ask as `dataclasses.fields` does."""
    from dataclasses import make_dataclass

    said = [each.for_the_library() for each in fields]
    return make_dataclass(made.__name__, said, frozen=frozen, order=order, eq=eq)


def _init(made: type, fields: list[_Field], frozen: bool) -> Callable[..., None]:
    """The one function that is worth compiling: every value made goes through it."""
    scope: dict[str, Any] = {"_missing": _MISSING, "_set": object.__setattr__}
    parameters: list[str] = []
    body: list[str] = []
    names: list[str] = []
    for each in fields:
        name, given = each.name, f"_of_{each.name}"
        if each.default is not _MISSING:
            scope[given] = each.default
        elif each.default_factory is not _MISSING:
            scope[given] = each.default_factory
        made_anew = f"{given}()" if each.default is _MISSING else given
        if each.init:
            parameters.append(name if given not in scope else f"{name}={given}")
            if each.default is _MISSING and given in scope:
                parameters[-1] = f"{name}=_missing"
                body.append(f"if {name} is _missing: {name} = {made_anew}")
        elif given in scope:
            body.append(f"{name} = {made_anew}")
        if each.init or given in scope:
            names.append(name)
    body += _setting(made, names, scope) if frozen else [f"self.{name} = {name}" for name in names]
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    made_of = "\n    ".join(body or ["pass"])
    exec(f"def __init__({', '.join(['self', *parameters])}):\n    {made_of}", scope)  # noqa: S102
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _setting(made: type, names: list[str], scope: dict[str, Any]) -> list[str]:
    """The lines of an `__init__` that set the fields of a frozen value, whose class refuses to have them set.

    To call what sets a slot takes half as long as `object.__setattr__`, and five times as long as to set an
    attribute. So a value of several slots is, while it is set, one of a class that refuses nothing.
    """
    body = []
    slots = {name: getattr(made, name, None) for name in names}
    are_slots = all(isinstance(slot, MemberDescriptorType) for slot in slots.values())
    for name, slot in slots.items():
        if isinstance(slot, MemberDescriptorType):
            scope[f"_set_{name}"] = slot.__set__
            body.append(f"_set_{name}(self, {name})")
        else:
            body.append(f"_set(self, {name!r}, {name})")
    if not are_slots or len(names) < _SEVERAL:
        return body
    scope |= {"_made": made, "_open": _opened(made), "_become": object.__dict__["__class__"].__set__}
    quickly = ["_become(self, _open)", *(f"self.{name} = {name}" for name in names), "self.__class__ = _made"]
    # A class made of this one otherwise may have more than these slots.
    return [
        "if self.__class__ is _made:", *(f"    {line}" for line in quickly),
        "else:", *(f"    {line}" for line in body),
    ]  # fmt: skip


def _opened(made: type) -> type:
    """A class of values with the same slots, which can be set."""
    kept = {name: made.__dict__[name] for name in ("__slots__", "__orig_bases__") if name in made.__dict__}
    return type(made)(made.__name__, made.__bases__, {**kept, "__setattr__": object.__setattr__})


def _comparing(compare: Callable[[Any, Any], bool], values: _Read) -> Callable[[Any, object], Any]:
    def by_values(self: Any, other: object) -> Any:
        return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

    return by_values


def _hash(values: _Read) -> Callable[[Any], int]:
    return lambda self: hash(values(self))


def _repr(names: list[str]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _state(names: tuple[str, ...]) -> dict[str, Callable[..., Any]]:
    """How pickle and copy take a frozen value apart and put it together."""

    def take(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def put(self: Any, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": take, "__setstate__": put}


def _refuse_set(self: object, name: str, value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: object, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


_FROZEN: Final = {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
