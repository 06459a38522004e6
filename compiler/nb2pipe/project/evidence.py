"""How a step binds a name → the type that its value surely has, for annotations and tests.

The types of ports choose serializers and may be too narrow (a column of a frame counts as a frame), so a type is kept only with evidence:
one plain assignment, of a literal, of a call of a built-in type, or of a call of the class itself.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

CALLS = {
    "len": "int",
    **{name: name for name in ("int", "float", "str", "bool", "list", "dict", "set", "tuple", "frozenset", "bytes", "sorted", "repr")},
}
CALLS |= {"sorted": "list", "repr": "str"}
FRAMES = re.compile(r"(?:read_\w+|DataFrame)")


def type_of(name: str, trees: Iterable[ast.Module], port: str, bound: Collection[str]) -> str:
    """Return the dotted type of what a step binds to a name.

    Parameters
    ----------
    name : str
        The name.
    trees : iterable of ast.Module
        The step's own code.
    port : str
        The type of the port that carries it, dotted; empty when it is not known.
    bound : collection of str
        All names that the notebook binds: a built-in function among them is none.

    Returns
    -------
    str
        Empty without evidence; ``None`` when it is None; ``pandas.DataFrame | pandas.Series`` when it is one of these.
    """
    values = [value for tree in trees for value in _bindings(tree, name)]
    if len(values) == 1 and values[0] is not None:
        found = _type(values[0], port, bound)
        if found:
            return found
        if isinstance(values[0], ast.Call) and not values[0].args and not values[0].keywords:
            return ""  # an empty frame, perhaps
    if port == "pandas.DataFrame":
        return "pandas.DataFrame | pandas.Series"
    plain = re.fullmatch(r"(?!notebook\.|pandas\.|numpy\.|polars\.|torch\.)[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\.[A-Z]\w*", port)
    return port if plain and len(values) <= 1 else ""


def _bindings(tree: ast.Module, name: str) -> list[ast.expr | None]:
    """List what a name is bound to: None for anything but a plain assignment at the top."""
    top: dict[int, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            top[id(target)] = value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
                top |= {id(left): right for left, right in zip(target.elts, value.elts, strict=True)}
    stores = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)]
    return [top.get(id(node)) for node in stores]


def _type(node: ast.expr, port: str, bound: Collection[str]) -> str:
    match node:
        case ast.Constant(value=value):
            return type(value).__name__ if value is not None else "None"
        case ast.JoinedStr():
            return "str"
        case ast.List() | ast.ListComp():
            return "list"
        case ast.Dict() | ast.DictComp():
            return "dict"
        case ast.Set() | ast.SetComp():
            return "set"
        case ast.Tuple():
            return "tuple"
        case ast.Call(func=ast.Name(id=called)) if called in CALLS and called not in bound:
            return CALLS[called]
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr=called), args=[_, *_]) if port == "pandas.DataFrame" and FRAMES.fullmatch(
            called
        ):
            return port
    return ""
