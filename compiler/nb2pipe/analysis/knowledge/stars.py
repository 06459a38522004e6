"""What ``from module import *`` brings: of a file beside the notebook by reading it, of well-known modules from `stars.txt`.

`stars.txt` is the union of what two releases of each module bring, without names of builtins that only one of them hides; `tests/analysis/test_stars.py` holds it against what is installed.
"""

from __future__ import annotations

import ast
import os
from functools import cache


def star_names(module: str, folder: str) -> tuple[str, ...] | None:
    """Return the names that a star import brings, sorted; None when nothing is known of the module.

    Parameters
    ----------
    module : str
        Dotted path, with leading dots for a relative import.
    folder : str
        The notebook's folder, where a module may be a file.
    """
    path = os.path.join(folder, *module.lstrip(".").split("."))  # noqa: PTH118 - pathlib costs start-up
    for file in (path + ".py", os.path.join(path, "__init__.py")):  # noqa: PTH118
        if os.path.isfile(file):  # noqa: PTH113
            return _names_of_file(file)
    return _table().get({"matplotlib.pylab": "pylab"}.get(module, module))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    with open(os.path.join(os.path.dirname(__file__), "stars.txt"), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123
        return {module: tuple(names.split()) for module, _, names in (line.partition(":") for line in file)}


def _names_of_file(path: str) -> tuple[str, ...] | None:
    """List what the top level of a Python file binds: ``__all__`` where it is written out, else what has no leading underscore."""
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            body = ast.parse(file.read()).body
    except (OSError, ValueError, SyntaxError, RecursionError):
        return None
    folder = os.path.dirname(path)  # noqa: PTH120
    found: dict[str, None] = {}
    for statement in (part for top in body for part in _statements(top)):
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            module = statement.module or ""
            found.update(dict.fromkeys((star_names(module, folder) or ()) if module and not statement.level else ()))
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            found.update(dict.fromkeys(alias.asname or alias.name.partition(".")[0] for alias in statement.names))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[statement.name] = None
        else:
            stored = [part for part in ast.walk(statement) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
            found.update(dict.fromkeys(part.id for part in stored))
            listed = _listed(statement)
            if listed is not None:
                return tuple(sorted(listed))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def _statements(statement: ast.stmt) -> list[ast.stmt]:
    """List a statement, or what stands in its blocks where it has some and makes no scope."""
    blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    if isinstance(statement, ast.If | ast.Try | ast.With):
        blocks += [handler.body for handler in getattr(statement, "handlers", [])]
        return [part for block in blocks for inner in block for part in _statements(inner)]
    return [statement]


def _listed(statement: ast.stmt) -> list[str] | None:
    """Return the names of ``__all__ = [...]``."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and statement.targets[0].id == "__all__":
        elements = statement.value.elts if isinstance(statement.value, ast.List | ast.Tuple) else []
        return [each.value for each in elements if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return None
