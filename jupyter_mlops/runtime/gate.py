"""A failed assertion of a gate → the verdict: the assertion and the values of its names."""

from __future__ import annotations

import ast
import linecache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def verdict(frame: Any, filename: str, line: int) -> str:
    """Quote the assertion on a line: ``assert f1 > floor (f1 = 0.7, floor = 0.9)``."""
    tree: Any = compile("".join(linecache.getlines(filename)), filename, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or 0):
            scope = {**frame.f_globals, **frame.f_locals}
            values = []
            for name in dict.fromkeys(part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)):
                if name in scope and not callable(scope[name]):
                    text = " ".join(repr(scope[name]).split())
                    values.append(f"{name} = {text[:80]}" + "…" * (len(text) > 80))
            return f"assert {ast.unparse(node.test)}" + f" ({', '.join(values)})" * bool(values)
    return "AssertionError in `" + linecache.getline(filename, line).strip() + "`"
