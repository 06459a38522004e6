"""A failed assertion of a gate → the verdict: the assertion and the values of its names."""

from __future__ import annotations

import ast
import linecache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def verdict(frame: Any, filename: str, line: int) -> str:
    """Quote the assertion on a line: ``assert f1 > floor (f1 = 0.7, floor = 0.9)``."""
    source = "".join(linecache.getlines(filename))
    tree: Any = compile(source, filename, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or 0):
            scope = {**frame.f_globals, **frame.f_locals}
            names = dict.fromkeys(part.id for part in ast.walk(node.test) if isinstance(part, ast.Name))
            values = [f"{name} = {short(scope[name])}" for name in names if name in scope and not callable(scope[name])]
            return f"assert {ast.unparse(node.test)}" + f" ({', '.join(values)})" * bool(values)
    return "AssertionError in `" + linecache.getline(filename, line).strip() + "`"


def short(value: Any) -> str:
    """Give the text of a value on one short line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else text[:80] + "…"
