"""The imports of a notebook → those that find a file beside the notebook, which no container has."""

from __future__ import annotations

import ast
import os
import re
import sys
from typing import TYPE_CHECKING

from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Cell, Notebook

WRITTEN = r"\s*%%(?:writefile|file)\s+(?:-a\s+)?(?:\./)?([^\W\d]\w*)\.py\s*(?:\n|\Z)"
BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""The fields of a node that hold statements, or what holds statements, in the order of the grammar."""

PATH_ADDED = r"sys\.path\.(?:append|insert)\(\s*(?:-?\d+\s*,\s*)?[\"']([^\"'\n]*)[\"']\s*\)"


def find_local(notebook: Notebook, steps: Mapping[str, str | None]) -> Iterator[Diagnostic]:
    """Report the first import of each module that is a file of this folder, or that another step writes with ``%%writefile``."""
    folder = os.path.dirname(notebook.path)  # noqa: PTH120 - pathlib costs start-up
    code = [cell for cell in notebook.cells if cell.tree is not None and "import" in cell.source]
    added = {path for cell in notebook.cells if "sys.path" in cell.source for path in re.findall(PATH_ADDED, cell.source)}
    folders = [folder, *(os.path.join(folder, path) for path in sorted(added))]  # noqa: PTH118
    written = {found[1]: steps.get(cell.id) for cell in notebook.cells if (found := re.match(WRITTEN, cell.source))}
    told: set[str] = set()
    for cell in code:
        if any(tag.verb == "skip" for tag in cell.tags) or cell.tree is None:
            continue
        for name, node in _imported(cell.tree):
            if name in told or name in sys.stdlib_module_names or name == "jupyter_mlops":  # our own checkout is no file of the notebook
                continue
            told.add(name)
            if name in written and written[name] == steps.get(cell.id):  # it is there when the step imports it
                continue
            if name in written or any(_is_module(each, name) for each in folders):
                from nb2pipe.rules.nb502 import ImportWithoutDistribution

                yield ImportWithoutDistribution(module=name).at(_span(node, cell))


def _imported(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """List the top-level modules that a cell imports, wherever the import stands."""
    level: list[ast.AST] = [tree]
    while level:  # breadth first, and only statements: nothing else can hold an import
        below: list[ast.AST] = []
        for node in level:
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0], node
            for blocks in BLOCKS:
                below += getattr(node, blocks, ())
        level = below


def _is_module(folder: str, name: str) -> bool:
    """Tell whether a folder holds a module or a package of that name."""
    if os.path.isfile(os.path.join(folder, name + ".py")):  # noqa: PTH113, PTH118 - pathlib costs start-up
        return True
    try:
        return any(each.endswith(".py") for each in os.listdir(os.path.join(folder, name)))  # noqa: PTH118, PTH208
    except OSError:
        return False


def _span(node: ast.stmt, cell: Cell) -> Span:
    lines = cell.analysed.split("\n")
    end = node.end_lineno or node.lineno
    return Span(
        cell.id,
        Pos(node.lineno, column_of_utf8(lines[node.lineno - 1], node.col_offset)),
        Pos(end, column_of_utf8(lines[end - 1], node.end_col_offset or 0)),
    )
