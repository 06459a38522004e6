"""Frozen values with named fields, declared like dataclasses, at a tenth of their cost at import.

`dataclasses` writes and compiles source for every class (0.4 ms each) and loads `inspect` to do so: with the sixty classes of a compile that
is four interpreter starts (see docs/adr/0005-records.md). Here all classes share one set of methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound=type)
R = TypeVar("R")

MISSING: Any = object()


class Field:
    """How a field is filled and compared; see `field`."""

    __slots__ = ("compare", "default", "factory", "repr")

    def __init__(self, default: object, factory: Callable[[], object] | None, *, compare: bool, repr: bool) -> None:  # noqa: A002
        self.default = default
        self.factory = factory
        self.compare = compare
        self.repr = repr


def field(
    *,
    default: Any = MISSING,
    default_factory: Callable[[], Any] | None = None,
    compare: bool = True,
    repr: bool = True,  # noqa: A002 - the word of dataclasses
) -> Any:
    """Declare a default, a maker of defaults, or a field that equality and printing leave out."""
    return Field(default, default_factory, compare=compare, repr=repr)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, kw_only: bool = False, frozen: bool = True, order: bool = False, eq: bool = True) -> Callable[[C], C]:
    """Make a class whose annotated names are its fields.

    Parameters
    ----------
    kw_only : bool
        The fields are given by name.
    frozen : bool
        Instances do not change after they were made, and can be hashed.
    order : bool
        Instances are compared field by field.
    eq : bool
        Two instances with equal fields are equal.
    """

    def make(cls: C) -> C:
        fields: dict[str, Field] = dict(getattr(cls, "__fields__", {}))
        for name, annotation in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063 - inspect is what this file avoids
            if str(annotation).startswith("ClassVar"):
                continue
            given = cls.__dict__.get(name, MISSING)
            fields[name] = given if isinstance(given, Field) else Field(given, None, compare=True, repr=True)
            if isinstance(given, Field):
                delattr(cls, name)
        members: dict[str, object] = {"__fields__": fields, "__kw_only__": kw_only, "__init__": _init, "__repr__": _repr}
        members["__constants__"] = {name: each.default for name, each in fields.items() if each.default is not MISSING}
        members["__factories__"] = tuple((name, each.factory) for name, each in fields.items() if each.factory is not None)
        if frozen:
            members |= {"__setattr__": _refuse, "__delattr__": _refuse}
        if eq:
            members |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
        if order:
            members |= {"__lt__": _lt, "__le__": _le, "__gt__": _gt, "__ge__": _ge}
        for name, value in members.items():
            setattr(cls, name, value)
        return cls

    return make


def replace(value: R, **changes: object) -> R:
    """Return a copy of a record with some fields changed."""
    return type(value)(**{**{name: getattr(value, name) for name in type(value).__fields__}, **changes})  # type: ignore[attr-defined]


def _init(self: Any, *arguments: object, **named: object) -> None:
    cls = type(self)
    fields: dict[str, Field] = cls.__fields__
    values = self.__dict__
    if not arguments and named.keys() == fields.keys():  # the two usual ways, at a third of the cost
        values.update(named)
        return
    if not named and len(arguments) == len(fields) and not cls.__kw_only__:
        values.update(zip(fields, arguments, strict=True))
        return
    if arguments and (cls.__kw_only__ or len(arguments) > len(fields)):
        raise TypeError(f"{cls.__name__} takes {0 if cls.__kw_only__ else len(fields)} positional arguments, not {len(arguments)}")
    given = dict(zip(fields, arguments, strict=False))
    if not named.keys() <= fields.keys() or not given.keys().isdisjoint(named):
        raise TypeError(f"{cls.__name__} has no field for, or two values of, {sorted(named.keys() - fields.keys()) or sorted(named)}")
    values.update(cls.__constants__)
    values.update(given)
    values.update(named)
    for name, factory in cls.__factories__:
        if name not in values:
            values[name] = factory()
    if len(values) < len(fields):
        missing = next(name for name in fields if name not in values)
        values.clear()
        raise TypeError(f"{cls.__name__} needs `{missing}`")


def _values(self: Any) -> tuple[object, ...]:
    values = self.__dict__
    return tuple(values[name] for name, each in type(self).__fields__.items() if each.compare)


def _eq(self: object, other: object) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _lt(self: object, other: object) -> bool:
    return _values(self) < _values(other) if type(self) is type(other) else NotImplemented


def _le(self: object, other: object) -> bool:
    return _values(self) <= _values(other) if type(self) is type(other) else NotImplemented


def _gt(self: object, other: object) -> bool:
    return _values(self) > _values(other) if type(self) is type(other) else NotImplemented


def _ge(self: object, other: object) -> bool:
    return _values(self) >= _values(other) if type(self) is type(other) else NotImplemented


def _repr(self: Any) -> str:
    shown = (f"{name}={self.__dict__[name]!r}" for name, each in type(self).__fields__.items() if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, value: object = None) -> None:  # noqa: ARG001 - both of setattr and delattr
    raise AttributeError(f"`{type(self).__name__}.{name}` cannot be changed: it is a frozen value")
