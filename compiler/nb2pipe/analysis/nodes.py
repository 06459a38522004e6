"""What can be told from a syntax node alone: the method that runs it, the names it binds, a condition that is decided."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def by_node(cls: type) -> dict[type, Callable[..., Any]]:
    """Find the method of a class for each kind of syntax node: the one of its name in small letters."""
    kinds = (kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST))
    return {kind: method for kind in kinds if (method := getattr(cls, "_" + kind.__name__.lower(), None)) is not None}


def constant_truth(test: ast.expr) -> bool | None:
    """Decide a condition that is the same in every run of the notebook; None when it is open."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = constant_truth(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
        return False
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__" and isinstance(test.ops[0], ast.Eq):
        return isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value == "__main__"
    return None


def bound_names(node: ast.AST) -> list[str]:
    """Return the names that a plain statement binds, without looking into blocks."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
