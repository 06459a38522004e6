"""Chunks of notebook code → executed in one namespace, as a kernel would run the cells.

Each chunk is compiled under the name ``churn.ipynb › cell 5 (step train)`` with the line numbers of its cell, and its text is given to
`linecache`: tracebacks, `inspect` and TensorFlow's autograph find the source.
"""

from __future__ import annotations

import __future__

import ast
import contextlib
import linecache
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .display import Display
    from .spec import Chunk, Step

_COROUTINE = 0x80  # inspect.CO_COROUTINE, without importing inspect
_FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names} - {0x10})


class Kernel:
    """One namespace, the compiler flags and the event loop that its chunks share.

    The namespace is that of a fresh module registered as ``__main__``, as in a notebook: what the notebook defines pickles by
    reference and is found again in the next step, which defines it from the same source.
    """

    def __init__(self, step: Step, body: str, display: Display) -> None:
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.names: dict[str, Any] = module.__dict__
        self.names["display"] = display.show
        self.place = f"{step['notebook']} › cell {{}} (step {step['step']})"
        self.display = display
        self.running = ""
        self.flags = 0
        self.loop: Any = None
        self.chunks: list[tuple[Chunk, str]] = []
        lines, start = body.split("\n"), 0
        for chunk in step["chunks"]:
            end = start + chunk["lines"]
            self.chunks.append((chunk, "\n".join(lines[start:end])))
            start = end
        if any("magic" in chunk for chunk, _ in self.chunks) or "get_ipython" in body:
            from .shell import Shell

            shell = Shell(self)
            self.names["get_ipython"] = lambda: shell
            self.shell = shell

    def run(self, kind: str) -> None:
        """Run all chunks of one kind, in order."""
        self.running = kind
        for index, (chunk, text) in enumerate(self.chunks):
            if chunk["kind"] == kind:
                following = self.chunks[index + 1 : index + 2]
                last = not following or following[0][0]["cell"] != chunk["cell"]
                self.display.begin(chunk["cell"])
                with self.shell.around(*chunk["magic"]) if "magic" in chunk else contextlib.nullcontext():
                    self.execute(chunk, text, shows=kind == "cell" and last)
                self.display.end()

    def execute(self, chunk: Chunk, text: str, shows: bool) -> None:
        """Run one chunk; display its last expression as Jupyter would, unless a semicolon ends it."""
        filename = self.place.format(chunk["cell"])
        remember(filename, chunk["line"], text)
        text = "\n" * (chunk["line"] - 1) + text  # so that line numbers are the cell's
        tree: Any = self.compile(text, filename, "exec", ast.PyCF_ONLY_AST)
        last = tree.body[-1] if tree.body else None
        if not (shows and isinstance(last, ast.Expr)) or hushed(text, last):
            self.evaluate(self.compile(tree, filename, "exec"))
            return
        tree.body.pop()
        self.evaluate(self.compile(tree, filename, "exec"))
        value = self.evaluate(self.compile(ast.Expression(last.value), filename, "eval"))
        if value is not None:
            self.display.show(value)

    def compile(self, source: Any, filename: str, mode: str, flags: int = 0) -> Any:
        """Compile with top-level await, and with the futures that earlier chunks imported, as a kernel does."""
        code = compile(source, filename, mode, flags | self.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if isinstance(code, types.CodeType):
            self.flags |= code.co_flags & _FUTURES
        return code

    def expression(self, text: str) -> Any:
        """Run one line of code that a magic brings; give the value if it is an expression."""
        try:
            return self.evaluate(self.compile(text, "<magic>", "eval"))
        except SyntaxError:
            return self.evaluate(self.compile(text, "<magic>", "exec"))

    def evaluate(self, code: types.CodeType) -> Any:
        """Execute code, in the event loop if it awaits."""
        value = eval(code, self.names)
        if code.co_flags & _COROUTINE:
            if self.loop is None:
                import asyncio

                self.loop = asyncio.new_event_loop()
                asyncio.set_event_loop(self.loop)
            return self.loop.run_until_complete(value)
        return value


def hushed(text: str, last: ast.stmt) -> bool:
    """Say whether a semicolon follows the last statement."""
    lines = text.encode("utf-8", "surrogatepass").split(b"\n")
    return lines[(last.end_lineno or 0) - 1][last.end_col_offset or 0 :].lstrip().startswith(b";")


def remember(filename: str, first_line: int, text: str) -> None:
    """Give the text to `linecache`, beside what is already known of the cell."""
    entry: Any = linecache.cache.get(filename, (0, None, [], filename))
    new = [line + "\n" for line in text.split("\n")]
    start = first_line - 1
    known = entry[2] + ["\n"] * (start - len(entry[2]))
    lines = known[:start] + new + known[start + len(new) :]
    linecache.cache[filename] = (sum(map(len, lines)), None, lines, filename)
