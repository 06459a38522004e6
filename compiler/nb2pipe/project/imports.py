"""The names that a module of the project reads → the imports at its top, one alias at a time where the notebook imports several."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from nb2pipe.project.pieces import Piece


def import_lines(pieces: Iterable[Piece], names: Collection[str], kept: Collection[str]) -> list[str]:
    """Write the imports of `pieces` that give `names`; those that give `kept`, which nothing reads, stay for what they do.

    What comes from ``__future__`` comes first.
    """
    lines: dict[str, None] = {}
    for piece in pieces:
        node = piece.node
        if isinstance(node, ast.Import | ast.ImportFrom):
            lines |= dict.fromkeys(_one(node, names, kept))
        else:
            lines[piece.code] = None
    return sorted(lines, key=lambda line: not line.startswith("from __future__"))


def _one(node: ast.Import | ast.ImportFrom, names: Collection[str], kept: Collection[str]) -> list[str]:
    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    wanted = [alias for alias in node.names if future or alias.name == "*" or _bound(alias) in names]
    idle = [alias for alias in node.names if alias not in wanted and _bound(alias) in kept]
    found = [ast.unparse(_with(node, wanted))] if wanted else []
    return found + ([ast.unparse(_with(node, idle)) + "  # noqa: F401 - the notebook imports it"] if idle else [])


def _with(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import(names=names)
    return ast.ImportFrom(module=node.module, names=names, level=node.level)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]
