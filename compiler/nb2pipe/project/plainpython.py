"""Magics and shell lines of a cell → plain Python: what only steers a notebook becomes a comment, the rest a call of a stand-in.

What cannot be said in plain Python stays a call of ``get_ipython()``, which `nb2pipe.project.hazards` refuses.
"""

from __future__ import annotations

import ast
import re
import shlex
from typing import TYPE_CHECKING

from nb2pipe.frontend.installs import installs
from nb2pipe.frontend.interpolation import find_fields
from nb2pipe.frontend.knownmagics import HARMLESS, TIMED
from nb2pipe.project.layout import offset_of

if TYPE_CHECKING:
    from collections.abc import Container

INSTALLERS = frozenset(("pip", "conda", "mamba", "micromamba", "uv"))
SHOWN = frozenset("html HTML markdown latex svg SVG javascript js".split())
PROGRAMS = frozenset("bash sh perl ruby python python2 python3 pypy".split())
REAL = frozenset("cd env set_env sx system ls ll lf lk ldir lx cat cp mv mkdir rmdir rm pushd popd pwd".split())
"""Magics that change or tell something beyond the notebook."""


class PlainPython:
    """Writes the code of a cell without IPython.

    Parameters
    ----------
    module : str
        What the project calls the module of the stand-ins.
    names : container of str
        Names that the notebook binds: others in a shell line are the shell's.
    words : container of str
        All words of the notebook's code.
    """

    def __init__(self, module: str, names: Container[str], words: Container[str]) -> None:
        self.module = module
        self.names = names
        self.words = words

    def write(self, code: str) -> str:
        """Rewrite a piece of code."""
        if "get_ipython" not in code:
            return code
        tree = ast.parse(code)
        statements = {id(node.value): node for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        edits = []
        for node in ast.walk(tree):
            method = _method(node)
            if method and isinstance(node, ast.Call):
                new = self._call(method, node, alone=id(node) in statements)
                if new is not None:
                    edits.append(
                        (
                            offset_of(code, node.lineno, node.col_offset),
                            offset_of(code, node.end_lineno or 0, node.end_col_offset or 0),
                            new,
                        )
                    )
        for start, end, new in sorted(edits, reverse=True):
            code = code[:start] + new + code[end:]
        return code

    def _call(self, method: str, node: ast.Call, *, alone: bool) -> str | None:
        words = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        match method, words:
            case "system", [command]:
                return self._system(command, alone=alone)
            case "getoutput", [command]:
                return f"{self.module}.shell_lines({self.filled(command)})"
            case "run_line_magic", [name, line]:
                return self._line(name, line, alone=alone)
            case "run_cell_magic", [name, line, text]:
                return self._cell(name, line, text)
            case _:
                return None

    def _system(self, command: str, *, alone: bool) -> str:
        if installs(command.strip()):
            return _note(f"!{command}", "pyproject.toml says what to install", alone=alone)
        return f"{self.module}.shell({self.filled(command)})"

    def _line(self, name: str, line: str, *, alone: bool) -> str | None:
        said = f"%{name} {line}".rstrip()
        if name in INSTALLERS:
            return _note(said, "pyproject.toml says what to install", alone=alone)
        if name in ("time", "timeit"):
            return self._timed(name, line, alone=alone)
        if name in ("env", "set_env"):
            key, sign, value = line.strip().partition("=" if "=" in line else " ")
            return f"{self.module}.set_variable({key.strip()!r}, {self.filled(value.strip())})" if sign else None
        if name == "cd":
            return f"{self.module}.change_folder({self.filled(line.strip() or '~')})"
        if name in ("sx", "system"):
            return f"{self.module}.shell_lines({self.filled(line)})"
        if name in HARMLESS - REAL:
            return _note(said, "steers a notebook, nothing to do here", alone=alone)
        return None

    def _timed(self, name: str, line: str, *, alone: bool) -> str | None:
        code = re.sub("^" + TIMED[name], "", line).strip()
        try:
            body = ast.parse(code).body
        except SyntaxError:
            return None
        value = len(body) == 1 and isinstance(body[0], ast.Expr)
        if not alone:
            return f"({code})" if value and name == "time" else None
        if (
            len(body) != 1
            or (name == "timeit" and not value)
            or not isinstance(body[0], ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign)
        ):
            return None
        return f'with {self.module}.timed("{name}"): {code}'

    def _cell(self, name: str, line: str, text: str) -> str | None:
        if name == "writefile":
            *options, path = shlex.split(line)
            append = ", append=True" if "-a" in options else ""
            return f"{self.module}.write_file({self.filled(path)}, {text!r}{append})"
        if name in SHOWN:
            return _note(f"%%{name} {line}".rstrip(), "shows this text in a notebook", alone=True) + "".join(
                f"\n# {each}" for each in text.split("\n")
            )
        words = shlex.split(line)
        if name in PROGRAMS and not line:
            return f"{self.module}.script({[name]!r}, {text!r})"
        if name == "script" and words and not words[0].startswith("-"):
            return f"{self.module}.script({words!r}, {text!r})"
        return f"{self.module}.script(['sh'], {text!r})" if name in ("!", "sx", "system") and not line else None

    def filled(self, text: str) -> str:
        """Write a text into which IPython fills values as an expression."""
        fields = find_fields(text, 0, len(text))
        if not fields or not all(self._known(text[start:end]) for start, end in fields):
            return repr(text)
        parts: list[str] = []
        at = 0
        for start, end in sorted(fields):
            braced = text[start - 1] == "{"
            close = _close(text, start) if braced else end
            parts += [repr(text[at : start - 1])] if text[at : start - 1] else []
            parts.append(_formatted(text[start:end].strip(), text[end:close]))
            at = close + 1 if braced else end
        parts += [repr(text[at:])] if text[at:] else []
        return " + ".join(parts)

    def _known(self, expression: str) -> bool:
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except SyntaxError:
            return False
        return all(node.id in self.names for node in ast.walk(tree) if isinstance(node, ast.Name))


def _method(node: ast.AST) -> str:
    """Return the method of ``get_ipython()`` that a node calls."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython"), args=[]), attr=method)):
            return method
        case _:
            return ""


def _note(said: str, why: str, *, alone: bool) -> str:
    return f"pass  # {said}: {why}".replace("\n", " ") if alone else "None"


def _close(text: str, start: int) -> int:
    depth = 1
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if not depth:
            return at
    return len(text)


def _formatted(expression: str, rest: str) -> str:
    """Write an expression with its conversion and format (``!r:>8``) as the text it becomes."""
    conversion, _, form = rest.partition(":")
    convert = {"!r": "repr", "!a": "ascii"}.get(conversion, "" if form else "str")
    value = f"{convert}({expression})" if convert else expression
    return f"format({value}, {form!r})" if form else value
