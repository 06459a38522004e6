"""The stand-ins that a project uses → the text of its module `notebook`: their own source, with what they need."""

from __future__ import annotations

import ast
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def standins_text(used: Iterable[str]) -> str:
    """Copy the stand-ins, in the order of their source."""
    source = files("nb2pipe.project").joinpath("standins.py").read_text(encoding="utf-8")
    lines, tree = source.split("\n"), ast.parse(source)
    definitions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    chosen: set[str] = set()
    waiting = list(used)
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in chosen:
            chosen.add(name)
            waiting += _names(definitions[name])
    bodies = [_lines(definitions[name], lines) for name in definitions if name in chosen]
    read = set().union(*(_names(definitions[name]) for name in chosen))
    return "".join(f"{block}\n" for block in _imports(tree, read)) + "".join(f"\n\n{body}\n" for body in bodies)


def _imports(tree: ast.Module, read: set[str]) -> list[str]:
    found = ["from __future__ import annotations", ""]
    imports = (node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    found += [ast.unparse(node) for node in imports if any(alias.name in read for alias in node.names)]
    if "Iterator" in read:
        found.append("from collections.abc import Iterator")
    return found if found[-1] else found[:-1]


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _lines(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> str:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return "\n".join(line.partition("  # noqa")[0] for line in lines[first - 1 : node.end_lineno])
