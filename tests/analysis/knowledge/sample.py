"""What is probed: objects of a type, or the functions of a module, with calls written as a notebook would write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Objects of one type.

    Parameters
    ----------
    owner : str
        Dotted path of the type, or of the module whose functions are called.
    setup : str
        Statements that make what the calls name.
    make : str
        Expression of the receiver; for a module its import path, which `setup` imports under the name `x`.
    calls : mapping
        Name → argument lists, as written between the parentheses. What is not named here is tried with `by_name`.
    by_name : mapping
        Parameter name → argument, for methods whose required parameters are all known.
    tries : tuple of str
        Arguments tried, in order, with what has no signature.
    variants : mapping
        A first argument → what each call of a function is repeated with in its place.
    elements : bool
        Whether the object is a container, whose elements may be of any type.
    skip : str
        Names that are not called, as they block, end the process, or draw on a screen.
    only : bool
        Whether nothing but `calls` is called.
    module : bool
        Whether the owner is a module.
    """

    owner: str
    setup: str = ""
    make: str = ""
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)
    tries: tuple[str, ...] = ("", "0", "1", "'a'", "other")
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elements: bool = False
    skip: str = ""
    only: bool = False
    module: bool = False


@dataclass(frozen=True, kw_only=True)
class Family:
    """The samples of one library, which become one file of facts."""

    name: str
    library: str
    samples: tuple[Sample, ...]
    generic: str = ""  # the start of paths whose types behave alike, unless their own lines say otherwise
    slow: bool = False


def table(text: str) -> dict[str, tuple[str, ...]]:
    """Read calls written one a line, ``name: arguments | other arguments``; several names before the colon share them."""
    found: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        names, _, arguments = line.partition(":")
        for name in names.split():
            found[name] = (*found.get(name, ()), *(each.strip() for each in arguments.split(" | ")))
    return found
