"""A node of a cell's syntax tree → where it, or a name in it, stands in the cell."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    from nb2pipe.source import CellId


def statement_span(node: ast.stmt, cell: CellId, lines: list[str]) -> Span:
    """Return where a statement stands, with its decorators."""
    first: ast.stmt | ast.expr = node
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        return Span(cell, Pos(decorators[0].lineno, 0), _pos(lines, node.end_lineno or node.lineno, node.end_col_offset or 0))
    return Span(cell, _pos(lines, first.lineno, first.col_offset), _pos(lines, node.end_lineno or node.lineno, node.end_col_offset or 0))


def name_span(node: ast.AST, name: str, statement: ast.stmt, cell: CellId, lines: list[str]) -> Span:
    """Return where `name` is written in the node that reads or binds it.

    A function of another cell may be what reads the name: then the place is the statement that runs it.
    """
    line, offset = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
    inside = statement.lineno <= line <= (statement.end_lineno or statement.lineno) or isinstance(node, ast.alias)
    if not inside or line > len(lines):
        return statement_span(statement, cell, lines)
    start = column_of_utf8(lines[line - 1], offset)
    last = getattr(node, "end_lineno", line) or line
    for number in range(line, min(last, len(lines)) + 1):
        begin = start if number == line else 0
        found = _word(lines[number - 1], name, begin, last_one=isinstance(node, ast.alias))
        if found >= 0:
            return Span(cell, Pos(number, found), Pos(number, found + len(name)))
    return statement_span(statement, cell, lines)


def _pos(lines: list[str], line: int, offset: int) -> Pos:
    return Pos(line, column_of_utf8(lines[line - 1], offset))


def _word(line: str, word: str, begin: int, *, last_one: bool) -> int:
    """Find a whole word in a line from `begin`; for ``import a as b`` the one after ``as``."""
    at = begin
    if last_one:
        marker = line.find(" as ", begin)
        comma = line.find(",", begin)
        if marker >= 0 and (comma < 0 or marker < comma):
            at = marker + 4
    while True:
        at = line.find(word, at)
        if at < 0:
            return -1
        before, after = line[at - 1 : at], line[at + len(word) : at + len(word) + 1]
        if not (before.isidentifier() or before.isdigit()) and not (after.isidentifier() or after.isdigit()):
            return at
        at += 1
