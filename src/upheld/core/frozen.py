"""Frozen dataclasses as the standard library makes them, sooner: starting a command made of them is quick.

The library compiles six functions for every class (before Python 3.13, each on its own). With some eighty
classes that was a third of the time of a short command. Here only `__init__` is compiled; the rest is shared.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # what follows is the same to whoever checks types
    from dataclasses import replace as replace
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`, for values whose fields are all given to `__init__`, in half the time."""
        kind = value.__class__
        found = _READERS.get(kind)
        if found is None:
            names = tuple(each.name for each in fields(value))
            found = _READERS[kind] = names, _values_of([*names])
        names, values = found
        return kind(**{**dict(zip(names, values(value), strict=True)), **changes})

    def dataclass(
        *, frozen: Literal[True], slots: Literal[True], order: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """The decorator `dataclasses.dataclass` for frozen classes with slots.

        As there in everything that can be seen of their values, but for `InitVar` and `kw_only`.
        """
        if order or not eq:
            return dataclasses.dataclass(frozen=frozen, slots=slots, order=order, eq=eq)
        return _made


T = TypeVar("T")
_READERS: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {}


def _made(cls: type[T]) -> type[T]:
    made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    values = _values_of([each.name for each in fields(made) if each.compare])  # type: ignore[arg-type]

    def __eq__(self: T, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: T) -> int:  # noqa: N807
        return hash(values(self))

    methods = {"__init__": _init(made), "__repr__": _repr, "__eq__": __eq__, "__hash__": __hash__}
    for name, method in (methods | _SHARED).items():
        # Python itself takes the hash from a class that says what equal means.
        if name not in cls.__dict__ or (name == "__hash__" and cls.__dict__[name] is None):
            setattr(made, name, method)
    return made


def _values_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _init(made: Any) -> Callable[..., None]:
    """The one function that is worth compiling: every value made goes through it."""
    scope: dict[str, Any] = {"_missing": MISSING, "_set": object.__setattr__}
    parameters: list[str] = []
    body: list[str] = []
    for each in fields(made):
        assert not each.kw_only, "fields by keyword alone are left to the standard library"
        name, given = each.name, f"_of_{each.name}"
        if each.default is not MISSING:
            scope[given] = each.default
        elif each.default_factory is not MISSING:
            scope[given] = each.default_factory
        if not each.init:
            if given in scope:
                body.append(f"_set(self, {name!r}, {given}{'()' if each.default is MISSING else ''})")
            continue
        if each.default is not MISSING:
            parameters.append(f"{name}={given}")
        elif given in scope:
            parameters.append(f"{name}=_missing")
            body.append(f"if {name} is _missing: {name} = {given}()")
        else:
            parameters.append(name)
        body.append(f"_set(self, {name!r}, {name})")
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    made_of = "\n    ".join(body or ["pass"])
    exec(f"def __init__({', '.join(['self', *parameters])}):\n    {made_of}", scope)  # noqa: S102
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _repr(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_SHARED = {
    "__setattr__": _refuse_set,
    "__delattr__": _refuse_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
