"""Code of cells → the same code at another place: positions, edits, and indentation that leaves texts alone."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import TYPE_CHECKING

from nb2pipe.source import column_of_utf8

if TYPE_CHECKING:
    from collections.abc import Container


def offset_of(code: str, line: int, column: int) -> int:
    """Turn a position of `ast` into an offset."""
    lines = code.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column_of_utf8(lines[line - 1], column)


def indented(code: str, by: int = 1) -> str:
    r"""Indent code, except lines that begin inside a text: there a blank more would be another text.

    Examples
    --------
    >>> print(indented("x = '''a\nb'''"))
        x = '''a
    b'''
    """
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code + "\n").readline):
        if token.type == tokenize.STRING or tokenize.tok_name[token.type] == "FSTRING_MIDDLE":
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    lines = code.split("\n")
    return "\n".join(line if number in inside or not line.strip() else "    " * by + line for number, line in enumerate(lines, 1))


def with_nonlocal(code: str) -> str:
    """Make ``global`` in functions ``nonlocal``: the notebook's globals are the step's locals. At the top it says nothing."""
    edits: list[tuple[int, str]] = []
    tree = ast.parse(code)

    def visit(node: ast.AST, *, nested: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Global):
                edits.append((offset_of(code, child.lineno, child.col_offset), "nonlocal" if nested else "pass  # global"))
            visit(child, nested=nested or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))

    visit(tree, nested=False)
    for at, new in sorted(edits, reverse=True):
        code = code[:at] + new + code[at + len("global") :]
    return code


def with_display(code: str, call: str) -> str:
    """Hand the last expression to a function."""
    last = ast.parse(code).body[-1]
    start = offset_of(code, last.lineno, last.col_offset)
    end = offset_of(code, last.end_lineno or 0, last.end_col_offset or 0)
    text = code[start:end]
    try:
        made = ast.parse(f"f({text}\n)", mode="eval").body
        single = isinstance(made, ast.Call) and len(made.args) == 1 and not made.keywords and not isinstance(made.args[0], ast.Starred)
    except SyntaxError:
        single = False
    return code[:start] + (f"{call}({text})" if single else f"{call}(({text}))") + code[end:]


def shows_nothing(code: str, bound: Container[str]) -> bool:
    """Tell whether the last expression has no value worth a display: ``print(…)``, or ``model.fit(…)``, whose value is the model."""
    last = ast.parse(code).body[-1]
    match last:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=called))):
            return called in ("fit", "partial_fit")
        case ast.Expr(value=ast.Call(func=ast.Name(id=called))):
            return called in ("print", "display") and called not in bound
        case _:
            return False
