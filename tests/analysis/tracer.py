"""Cells → what each of them truly reads from earlier cells, binds and changes, by running them.

Reads are seen by a dict subclass that is the notebook's namespace: CPython asks it for every global name, in called functions too.
Storing a ``global`` and reading in a class body go round a subclass; the opcodes that do so are traced.
A name is changed when it stands for the same object before and after the cell and the object's fingerprint differs.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import contextlib
import dis
import inspect
import io
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from fingerprint import fingerprint

if TYPE_CHECKING:
    import types
    from collections.abc import Callable

HIDDEN = re.compile(r"_+|_exit_code|_i+|_\d+|_i\d+|_oh|_dh|_ih|In|Out|exit|quit|get_ipython|open|__\w+__")
GLOBAL = {"STORE_GLOBAL", "DELETE_GLOBAL"}  # in a cell too, for a name that a function of the cell declares global
AROUND = GLOBAL | {"LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
COPYING = {"update", "items", "values", "copy", "__init__", "dict"}
REPRESENTATIONS = ("_repr_html_", "_repr_markdown_", "_repr_svg_", "_repr_latex_", "_ipython_display_", "__repr__")


class Seen(NamedTuple):
    """What one cell did: read names with the cell that made what was read, bound names, changed names, names left by what it changed."""

    reads: dict[str, int]
    writes: frozenset[str]
    mutates: frozenset[str]
    left: frozenset[str]
    error: str


class Copy(dict[str, Any]):
    """A copy of the namespace that a library looks names up in; copying in bulk is no read."""

    origin: Namespace

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        caller: types.FrameType | None = sys._getframe(1)
        for _ in range(3):
            if caller is None or caller.f_code.co_name in COPYING:
                return value
            caller = caller.f_back
        self.origin.note(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - a read is noted

    def copy(self) -> Copy:
        made = Copy(self)
        made.origin = self.origin
        return made


class Namespace(dict[str, Any]):
    """The names of a notebook; notes what the running cell reads from before it, binds and deletes."""

    def __init__(self) -> None:
        super().__init__(__name__="__main__")
        self.active = False
        self.future = 0  # features that `from __future__` has switched on for the cells below
        self.start()

    def start(self) -> None:
        """Begin a cell."""
        self.reads: dict[str, None] = {}
        self.own: set[str] = set()
        self.bound: set[str] = set()

    def note(self, name: str) -> None:
        """Note a read, unless the cell itself gave the name its value."""
        if self.active and name not in self.own:
            self.reads[name] = None

    def wrote(self, name: str) -> None:
        """Note a binding."""
        if self.active:
            self.own.add(name)
            self.bound.add(name)

    def gone(self, name: str) -> None:
        """Note a deletion, which needs the name."""
        self.note(name)
        self.own.discard(name)

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        self.note(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self.wrote(name)
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self.gone(name)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - a read is noted

    def copy(self) -> Copy:
        made = Copy(self)
        made.origin = self
        return made

    def update(self, *others: Any, **named: Any) -> None:
        for name, value in dict(*others, **named).items():
            if dict.get(self, name, self) is not value:  # IPython updates the namespace with itself
                self[name] = value

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        if name in self:
            self.gone(name)
        return super().pop(name, *default)


class Watch:
    """A trace function for the opcodes that go round a dict subclass."""

    def __init__(self, names: Namespace) -> None:
        self.names = names
        self.tables: dict[types.CodeType, dict[int, tuple[str, str]]] = {}

    def __call__(self, frame: types.FrameType, event: str, _: object) -> Callable[..., Any] | None:
        """Look whether a frame that begins holds such opcodes."""
        if event != "call" or frame.f_globals is not self.names:
            return None
        table = self.tables.get(frame.f_code)
        if table is None:
            found = dis.get_instructions(frame.f_code)
            table = self.tables[frame.f_code] = {each.offset: (each.opname, each.argval) for each in found if each.opname in AROUND}
        if not table or (frame.f_locals is self.names and not GLOBAL & {kind for kind, _ in table.values()}):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._opcode

    def _opcode(self, frame: types.FrameType, event: str, _: object) -> Callable[..., Any]:
        kind, name = self.tables[frame.f_code].get(frame.f_lasti, ("", "")) if event == "opcode" else ("", "")
        if kind == "STORE_GLOBAL":
            self.names.wrote(name)
        elif kind == "DELETE_GLOBAL":
            self.names.gone(name)
        elif kind and name in self.names and frame.f_locals is not self.names and name not in frame.f_locals:
            self.names.note(name)
        return self._opcode


def run_python(source: str, names: Namespace) -> None:
    """Run a cell of plain Python and display its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    names.active = True
    try:
        _execute(tree, "exec", names)
        if isinstance(last, ast.Expr):
            _display(_execute(ast.Expression(last.value), "eval", names))
    finally:
        names.active = False


def _execute(tree: ast.AST, mode: str, names: Namespace) -> object:
    code = compile(tree, "<cell>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | names.future, dont_inherit=True)  # type: ignore[call-overload]
    names.future |= code.co_flags & __future__.annotations.compiler_flag
    result = eval(code, names)
    return asyncio.run(result) if code.co_flags & inspect.CO_COROUTINE else result


def _display(value: object) -> None:
    for each in () if isinstance(value, type) else REPRESENTATIONS:
        if hasattr(type(value), each):
            getattr(value, each)()


def trace(cells: list[str], *, names: Namespace | None = None, run: Callable[[str, Namespace], None] = run_python) -> list[Seen]:
    """Run the cells in order and say what each did; a cell that raises ends the run, and is the last one told."""
    names = Namespace() if names is None else names
    base = set(names)
    makers: dict[str, int] = {}
    before: dict[str, tuple[object, str]] = {}
    seen = []
    for index, source in enumerate(cells):
        names.start()
        error = _watched(source, names, run)
        now = {name: value for name, value in dict.items(names) if name not in base and not HIDDEN.fullmatch(name)}
        after = {name: (value, fingerprint(value, names)) for name, value in now.items()}
        changed = {name for name in now if name in before and before[name][0] is now[name] and before[name][1] != after[name][1]}
        written = {name for name in names.bound if name in now} | {
            name for name in now if name not in before or before[name][0] is not now[name]
        }
        left = {name for name in written & before.keys() if fingerprint(before[name][0], names) != before[name][1]}
        reads = {name: makers[name] for name in names.reads if name in makers}
        seen.append(Seen(reads, frozenset(written), frozenset(changed - written), frozenset(left), error))
        if error:
            break
        makers = {name: index if name in written | changed else makers[name] for name in now}
        before = after
    return seen


def _watched(source: str, names: Namespace, run: Callable[[str, Namespace], None]) -> str:
    outer = sys.gettrace()
    sys.settrace(Watch(names))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            run(source, names)
    except Exception as error:  # whatever the notebook raises
        return f"{type(error).__name__}: {error}"
    finally:
        sys.settrace(outer)
    return ""
