"""The assertion of a gate cell → the comparison that people see."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.ir.pipeline import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable

COMPARISONS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def read_gate(trees: Iterable[ast.Module]) -> Gate:
    """Return the first assertion of the form ``NAME >= THRESHOLD``; a gate without one still stops on a failed assertion."""
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and len(node.test.ops) == 1:
                comparison = COMPARISONS.get(type(node.test.ops[0]))
                left, right = node.test.left, node.test.comparators[0]
                if comparison and isinstance(left, ast.Name | ast.Subscript | ast.Attribute) and isinstance(right, ast.Name | ast.Constant):
                    return Gate(metric=ast.unparse(left), comparison=comparison, threshold=ast.unparse(right))
    return Gate()
