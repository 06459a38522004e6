"""The statements of the parameters cell → typed pipeline parameters."""

from __future__ import annotations

import ast
import json
import math
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import tree_of
from nb2pipe.ir.pipeline import Parameter, ParameterType

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Cell

TYPES: dict[type, ParameterType] = {
    bool: ParameterType.BOOL,
    int: ParameterType.INT,
    float: ParameterType.FLOAT,
    str: ParameterType.STR,
    list: ParameterType.LIST,
    dict: ParameterType.DICT,
}
ANNOTATIONS = {type_.__name__: parameter for type_, parameter in TYPES.items()} | {"List": ParameterType.LIST, "Dict": ParameterType.DICT}


def read_parameters(cell: Cell) -> tuple[dict[int, Parameter], list[ast.stmt]]:
    """Read top-level literals as parameters.

    Returns
    -------
    parameters, others
        Parameters by the index of their statement in the cell, and the statements that bind something which is not a literal.
    """
    found: dict[int, Parameter] = {}
    others: list[ast.stmt] = []
    lines = cell.analysed.split("\n")
    for index, node in enumerate(tree_of(cell).body):
        parameter = _parameter(node, lines)
        if parameter is not None:
            found[index] = parameter
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            others.append(node)
    return found, others


def _parameter(node: ast.stmt, lines: list[str]) -> Parameter | None:
    annotation: ast.expr | None = None
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        target, value, annotation = node.target, node.value, node.annotation
    else:
        return None
    if not isinstance(target, ast.Name):
        return None
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    said, optional = _annotated(annotation)
    type_ = said or TYPES.get(type(default))
    if default is None:
        type_, optional = said or ParameterType.STR, True
    elif type_ is None or not is_json(default) or not _fits(default, type_):
        return None
    if type_ == ParameterType.FLOAT and isinstance(default, int):
        default = float(default)
    text = json.dumps(default, ensure_ascii=False, sort_keys=False)
    return Parameter(
        name=target.id, type=type_, default=text, optional=optional, description=_comment(lines[(node.end_lineno or node.lineno) - 1], node)
    )


def _annotated(annotation: ast.expr | None) -> tuple[ParameterType | None, bool]:
    """Return the type that an annotation names, and whether it allows None."""
    names: list[str] = []
    optional = False
    stack = [annotation] if annotation is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp):
            stack += [node.right, node.left]
        elif isinstance(node, ast.Subscript):
            head = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
            if head == "Optional":
                optional = True
                stack.append(node.slice)
            else:
                names.append(head)
        elif isinstance(node, ast.Constant):
            optional = optional or node.value is None
        elif isinstance(node, ast.Name):
            names.append(node.id)
    return (ANNOTATIONS.get(names[0]) if len(names) == 1 else None), optional


def is_json(value: object) -> bool:
    """Tell whether JSON carries a value exactly: no tuples, sets, bytes, odd floats or keys that are not text."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list):
        return all(is_json(each) for each in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(each) for key, each in value.items())
    return value is None or isinstance(value, bool | int | str)


def _fits(value: object, type_: ParameterType) -> bool:
    if type_ == ParameterType.FLOAT:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return TYPES.get(type(value)) == type_


def _comment(line: str, node: ast.stmt) -> str:
    """Return the comment behind a parameter: its description, as papermill reads it."""
    rest = line.encode()[node.end_col_offset or 0 :].decode("utf-8", "replace").strip()
    return rest.lstrip("# ").strip() if rest.startswith("#") else ""
