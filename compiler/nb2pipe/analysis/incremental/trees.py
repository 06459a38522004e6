"""A syntax tree and its edited successor → one tree in which what is the same kind of node at the same place is the same object.

Objects of the abstract run are known by the nodes that make them; so an edit that changes a number makes no new objects.
"""

from __future__ import annotations

import ast
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)


def adopt(old: ast.AST, new: N) -> N:
    """Return `old` made equal to `new`, or `new` itself where it is of another kind."""
    if old is new or not isinstance(old, type(new)):
        return new
    for name in new._fields:
        mine, its = getattr(old, name, None), getattr(new, name, None)
        if isinstance(mine, ast.AST) and isinstance(its, ast.AST):
            its = adopt(mine, its)
        elif isinstance(mine, list) and isinstance(its, list):
            its = [*_adopt_all(mine, its), *its[len(mine) :]]
        setattr(old, name, its)
    return ast.copy_location(old, new)


def _adopt_all(old: list[object], new: list[object]) -> list[object]:
    return [
        adopt(mine, its) if isinstance(mine, ast.AST) and isinstance(its, ast.AST) else its for mine, its in zip(old, new, strict=False)
    ]
