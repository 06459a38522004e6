"""A code cell as Jupyter keeps it → Python to analyse and Python to execute.

What to analyse has the length of the source, so that every position in it is a position in the cell: a magic becomes blanks, and
what it reads and binds stays visible. What to execute has the lines of the source, and calls ``get_ipython()`` as IPython would.
A cell that is Python already is its own translation, and costs one parse.

Two tricks keep positions. A form feed sets Python's indentation back to zero, so ``%time x = 1`` becomes as many blanks, a form feed
and ``x = 1``. ``0`` and ``<`` join what a shell line reads into one expression: ``!ls {a} $b`` becomes ``0   <a   <b``.
"""

from __future__ import annotations

import ast
import re

from nb2pipe.frontend.calls import call_cell_magic, call_help, call_quoted, joined
from nb2pipe.frontend.interpolation import Field, find_fields
from nb2pipe.frontend.knownmagics import BINDING, FOREIGN, HARMLESS, TIMED, UNSUPPORTED, WRAPPERS
from nb2pipe.frontend.parsing import Fault, parse
from nb2pipe.frontend.prompts import strip_prompts_and_indent
from nb2pipe.frontend.scan import Special, find_specials
from nb2pipe.record import record, replace

SPECIAL = r"(?m)^\s*[%!?,;/]|=[^\S\n]*[%!]|\?[^\S\n]*$"


ENVIRONMENT = ("env", "set_env")
"""Magics that set a variable of the environment; the analysis knows the mark that is shown for them."""


@record()
class Blind:
    """A magic that hides what it does: its place in the cell, itself, and the reason."""

    line: int
    column: int
    magic: str
    reason: str


@record(kw_only=True)
class Translation:
    """Both renderings of a cell; `tree` is the parsed `analysed`, None with a `fault`. `asks` are the names that shell lines may read."""

    analysed: str
    executed: str
    magic: tuple[str, str] | None = None
    tree: ast.Module | None = None
    fault: Fault | None = None
    blind: tuple[Blind, ...] = ()
    asks: frozenset[str] = frozenset()


def translate(source: str, bound: frozenset[str] | None = None) -> Translation:
    r"""Translate one cell.

    Parameters
    ----------
    source : str
        The cell's text, with ``\n`` line ends.
    bound : frozenset of str, optional
        Names that some cell of the notebook binds. A shell line reads only these: IPython leaves anything else to the shell.
    """
    tree, fault = parse(source)
    if (tree is not None and not source.startswith("In [")) or not re.search(SPECIAL + r"|\A\s*(?:[^\S\n]|>>>|In \[)", source):
        return Translation(analysed=source, executed=source, tree=tree, fault=fault)
    text = strip_prompts_and_indent(source)
    cell = _Cell(text, bound)
    analysed, executed = cell.translate(0)
    if text is not source:
        executed = re.sub(r"(?m)^[^\S\n]*\f", "", executed)
    tree, fault = parse(analysed)
    if tree is not None:
        _, fault = parse(executed)
        if fault:  # columns of the two differ, lines do not
            fault = Fault(fault.reason, fault.line, 0, len(source.split("\n")[fault.line - 1]))
    return Translation(
        analysed=analysed,
        executed=executed,
        magic=cell.magic,
        tree=None if fault else tree,
        fault=fault,
        blind=tuple(cell.blind),
        asks=frozenset(cell.asks),
    )


def with_names(source: str, first: Translation, bound: frozenset[str]) -> Translation:
    """Translate a cell again when all names that the notebook binds are known; only what is analysed can differ."""
    if first.fault or not first.asks & bound:
        return first
    analysed, _ = _Cell(strip_prompts_and_indent(source), bound).translate(0)
    tree, _ = parse(analysed)
    return replace(first, analysed=analysed, tree=tree) if tree else first


class _Cell:
    """One cell while it is translated: its text, and what was found out on the way."""

    def __init__(self, text: str, bound: frozenset[str] | None) -> None:
        self.text = text
        self.bound = bound
        self.magic: tuple[str, str] | None = None
        self.blind: list[Blind] = []
        self.asks: set[str] = set()

    def translate(self, start: int) -> tuple[str, str]:
        """Translate from `start` to the end; a cell magic may stand there."""
        head = re.compile(r"\s*").match(self.text, start)
        first = head.end() if head else start
        if self.text.startswith("%%", first) and not re.compile(r"%%\w+\?").match(self.text, first):
            return self._cell_magic(start, first)
        return self._lines(start)

    def _cell_magic(self, start: int, first: int) -> tuple[str, str]:
        """Translate a cell magic: around Python it is taken off, anything else becomes one call."""
        end = self.text.find("\n", first)
        end = len(self.text) if end < 0 else end
        name, _, line = self.text[first + 2 : end].rstrip().partition(" ")
        before = self.text[start:first]
        seen = self._seen_cell_magic(name, line, first, end)
        if name in WRAPPERS:
            if self.magic is None or (name == "capture" and self.magic[0] != "timeit"):
                self.magic = (name, line)
            analysed, executed = self.translate(end)
            return before + seen + analysed, before + executed
        if name not in FOREIGN and name not in HARMLESS:
            self._blind(first, f"%%{name}", UNSUPPORTED.get(name, "what it does with the cell is not known"))
        body = self.text[end + 1 :]
        body += "\n" if body and not body.endswith("\n") else ""
        return before + seen + blank(self.text[end:]), before + call_cell_magic(name, line, body, self.text.count("\n", end))

    def _seen_cell_magic(self, name: str, line: str, first: int, end: int) -> str:
        """Show what the line of a cell magic binds, or what it reads."""
        names = re.findall(BINDING[name], line) if name in BINDING else []
        binding = "".join(f"{bound}=0;" for bound in names if bound.isidentifier())[:-1]
        if binding and len(binding) <= end - first:
            return binding.ljust(end - first)
        words = self.text.find(line, first + 2 + len(name), end) if line else end
        return self._setup(words, first, end) if name == "timeit" else self._reads(first, words, end)

    def _setup(self, words: int, first: int, end: int) -> str:
        """Show the set-up statement of ``%%timeit``."""
        return self._python(first, words, end, "timeit", "") or self._reads(first, end, end)

    def _lines(self, start: int) -> tuple[str, str]:
        """Translate everything but cell magics."""
        analysed: list[str] = []
        executed: list[str] = []
        at = start
        offset, text = start, self.text[start:]
        for special in find_specials(text):
            first, end = special.start + offset, special.end + offset
            plain = self.text[at:first]
            seen, call = self._special(special, first, end)
            analysed += plain, seen
            executed += plain, call + "\n" * self.text.count("\n", first, end)
            at = end
        rest = self.text[at:]
        return "".join((*analysed, rest)), "".join((*executed, rest))

    def _special(self, special: Special, first: int, end: int) -> tuple[str, str]:
        if special.kind == "help":
            return self._nothing(first, end), call_help(*special.target)
        line = joined(self.text[first:end])
        escape, content = (line[:2], line[2:]) if line[:2] in {"!!", "??"} else (line[:1], line[1:])
        match escape:
            case "%":
                return self._line_magic(content, first, end, assigned=special.kind == "assign")
            case "!" | "!!":
                call = "getoutput" if escape == "!!" or special.kind == "assign" else "system"
                content = line[1:] if special.kind == "assign" else content
                seen = self._reads(first, first + len(escape), end, value=special.kind == "assign")
                return seen, f"get_ipython().{call}({content!r})"
            case "?" | "??":
                return self._nothing(first, end), call_help(content, escape) if content else "get_ipython().show_usage()"
            case _:
                return self._called(first, end), call_quoted(escape, content)

    def _line_magic(self, content: str, first: int, end: int, *, assigned: bool) -> tuple[str, str]:
        name, _, words = content.partition(" ")
        call = f"get_ipython().run_line_magic({name!r}, {words!r})"
        deleted = re.fullmatch(r"(?:-n\s+)?([^\W\d]\w*)\s*", words) if name == "xdel" and not assigned else None
        if deleted:
            return f"del {deleted[1]}".ljust(end - first), f"del {deleted[1]}"
        if name.startswith("%"):
            self._blind(first, f"%{name}", "a cell magic works only in the first line of its cell")
        elif name in UNSUPPORTED:
            self._blind(first, f"%{name}", UNSUPPORTED[name])
        elif name not in HARMLESS and name not in TIMED:
            self._blind(first, f"%{name}", "what it does is not known")
        start = first + 1 + len(name)
        if name in TIMED:
            seen = self._python(first, start, end, name, "=" if assigned else "")
            if seen:
                return seen, call
        if (
            name in ENVIRONMENT
            and "=" in words.replace(" ", "=", name == "set_env")
            and end - first >= len("__env__")
            and not assigned
            and not re.search(r"[{$]", words)
        ):
            return "__env__".ljust(end - first), call
        stored = re.findall(BINDING[name], words) if name in BINDING else []
        binding = "".join(f"{bound}=0;" for bound in " ".join(stored).split() if bound.isidentifier())[:-1]
        if binding and len(binding) <= end - first and not assigned:
            return binding.ljust(end - first), call
        return self._reads(first, start, end, value=assigned), call

    def _python(self, first: int, start: int, end: int, name: str, before: str) -> str:
        """Show the statement that a magic times, with what stands before it blanked; ``""`` when there is none."""
        options = re.compile(TIMED.get(name, "")).match(self.text, start, end)
        at = options.end() if options else start
        code = self.text[at:end].strip()
        tree, _ = parse(f"({code})" if before and code else code)
        if not tree or not tree.body or (before and not isinstance(tree.body[0], ast.Expr)):
            return ""
        at += len(self.text[at:end]) - len(self.text[at:end].lstrip())
        statement = tree.body[0]
        if name == "timeit" and isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            line = self.text[at:end]
            at += len(line.encode()[: statement.value.col_offset].decode()) if statement.value.lineno == 1 else 0
        if before:
            return " " * (at - first) + self.text[at:end]
        # The form feed makes void what stands before it, so the indentation is written again after it.
        indent = re.split(r"[\f\n]", self.text[:first])[-1]
        room = at - first - len(indent) - 1
        return " " * room + "\f" + indent + self.text[at:end] if room >= 0 else ""

    def _reads(self, first: int, start: int, end: int, *, value: bool = False) -> str:
        """Show the expressions that IPython fills into a line; `value` makes the line an expression in any case."""
        fields = self._fields(start, end)
        if not fields:
            return "0" + blank(self.text[first + 1 : end]) if value else self._nothing(first, end)
        shown = [character if character == "\n" else " " for character in self.text[first:end]]
        for at, character in enumerate(self.text[first : fields[-1][0]]):
            if character == "\\" and self.text.startswith("\n", first + at + 1):
                shown[at] = "\\"
        shown[0] = "0"
        for left, right in fields:
            shown[left - 1 - first] = "<"
            shown[left - first : right - first] = self.text[left:right]
        return "".join(shown)

    def _fields(self, start: int, end: int) -> list[Field]:
        """Find what a line reads: names that the notebook binds, in expressions that all make sense."""
        fields = find_fields(self.text, start, end) or []
        names: set[str] = set()
        for left, right in fields:
            tree, _ = parse(f"0<{self.text[left:right].strip()}")
            if not tree or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr) or "\n" in self.text[left:right]:
                return []
            names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self.asks |= names
        return fields if self.bound is not None and names <= self.bound else []

    def _called(self, first: int, end: int) -> str:
        """Show the function that ``,f a`` ``;f a`` or ``/f a`` calls."""
        name = re.compile(r"[^\W\d][\w.]*").match(self.text, first + 1, end)
        return "+" + name[0] + blank(self.text[name.end() : end]) if name and parse(name[0])[0] else self._nothing(first, end)

    def _nothing(self, first: int, end: int) -> str:
        """Blank a line; inside a block something must stand there."""
        indented = re.split(r"[\f\n]", self.text[:first])[-1]
        return "0" + blank(self.text[first + 1 : end]) if indented else blank(self.text[first:end])

    def _blind(self, first: int, magic: str, reason: str) -> None:
        line = self.text.count("\n", 0, first) + 1
        self.blind.append(Blind(line, first - self.text.rfind("\n", 0, first) - 1, magic, reason))


def blank(text: str) -> str:
    """Replace everything but newlines by blanks."""
    return re.sub(r"[^\n]", " ", text)
