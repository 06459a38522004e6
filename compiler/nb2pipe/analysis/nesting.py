"""A top-level statement in the abstract run, however deep it is nested.

What is nested deeper than Python calls functions (a sum of a thousand terms, `elif` after `elif`) is not run: every name in it is taken to be
read, and every name that it binds is taken to be bound.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import NOTHING
from nb2pipe.analysis.scopes import join

if TYPE_CHECKING:
    from nb2pipe.analysis.statements import Statements


def run_statement(run: Statements, node: ast.stmt) -> None:
    """Run one top-level statement."""
    try:
        run.statement(node)
    except RecursionError:
        _unwind(run)
        _read_and_bind_all(run, node)


def _unwind(run: Statements) -> None:
    """Leave all calls and branches that were open."""
    run.frame, run.site, run.loop_depth = run.top, None, 0
    run.running.clear()
    while len(run.top.layers) > 1:
        join(run.top, [run.top.layers.pop()], or_neither=True)


def _read_and_bind_all(run: Statements, node: ast.stmt) -> None:
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    for name in names:
        if isinstance(name.ctx, ast.Load) and run.top.get(name.id) is not None:
            run.read_global(name.id, name)
    for name in names:
        if isinstance(name.ctx, ast.Store):
            run.bind_global(name.id, NOTHING, name)
