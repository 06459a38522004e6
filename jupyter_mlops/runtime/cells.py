"""Chunks of notebook code → executed in one namespace, as a kernel would run the cells.

Each chunk is compiled under the name ``churn.ipynb › cell 5 (step train)`` with the line numbers of its cell, and its text is given to
`linecache`: tracebacks, `inspect` and TensorFlow's autograph find the source.
"""

from __future__ import annotations

import ast
import linecache
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .display import Display
    from .spec import Chunk, Step


class Kernel:
    """One namespace, the compiler flags and the event loop that its chunks share.

    The namespace is that of a fresh module registered as ``__main__``, as in a notebook: what the notebook defines pickles by
    reference and is found again in the next step, which defines it from the same source.
    """

    def __init__(self, step: Step, body: str, display: Display) -> None:
        sys.modules["__main__"] = module = types.ModuleType("__main__")
        self.names: dict[str, Any] = module.__dict__
        self.names["display"] = display.show
        self.place = f"{step['notebook']} › cell {{}} (step {step['step']})"
        self.display = display
        self.running = ""
        self.flags = 0
        self.loop: Any = None
        self.chunks: list[tuple[Chunk, str]] = []
        lines = body.split("\n")
        for chunk in step["chunks"]:
            own = [lines.pop(0) for _ in range(chunk["lines"])]
            self.chunks.append((chunk, "\n" * (chunk["line"] - 1) + "\n".join(own)))  # the line numbers are those of the cell
            name = self.place.format(chunk["cell"])
            entry: Any = linecache.cache.setdefault(name, (1, None, [], name))
            known, start = entry[2], chunk["line"] - 1
            known += ["\n"] * (start - len(known))
            known[start : start + len(own)] = [line + "\n" for line in own]
        if any("magic" in chunk for chunk in step["chunks"]) or "get_ipython" in body:
            from .shell import Shell

            self.shell = Shell(self)
            self.names["get_ipython"] = lambda: self.shell

    def run(self, kind: str) -> None:
        """Run all chunks of one kind, in order."""
        self.running = kind
        for chunk, text in self.chunks:
            if chunk["kind"] == kind:
                self.display.begin(chunk["cell"])
                (self.shell if "magic" in chunk else self).execute(chunk, text)
                if self.display.page:
                    self.display.page.end()

    def execute(self, chunk: Chunk, text: str) -> None:
        """Run one chunk; display its last expression where the notebook does."""
        name, last = self.place.format(chunk["cell"]), None
        tree = self.compile(text, name, "exec", ast.PyCF_ONLY_AST)
        if "shows" in chunk:
            last = ast.Expression(tree.body.pop().value)
        self.evaluate(self.compile(tree, name, "exec"))
        value = last and self.evaluate(self.compile(last, name, "eval"))
        if value is not None:
            self.display.show(value)

    def compile(self, source: Any, filename: str, mode: str, flags: int = 0) -> Any:
        """Compile with top-level await, and with the futures that earlier chunks imported, as a kernel does."""
        code = compile(source, filename, mode, flags | self.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if not flags:
            self.flags |= code.co_flags & 0x1000000  # CO_FUTURE_ANNOTATIONS: the one future that changes how later code is read
        return code

    def evaluate(self, code: types.CodeType) -> Any:
        """Execute code, in the event loop if it awaits."""
        value = eval(code, self.names)
        if code.co_flags & 0x80:  # CO_COROUTINE
            from .loop import run

            value = run(self, value)
        return value
