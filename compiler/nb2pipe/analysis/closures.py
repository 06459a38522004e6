"""What functions that are made in a call keep of it: an object stands for the names of the call, and its functions hold that object."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import NOTHING, Kind, Value
from nb2pipe.analysis.machine import Machine

if TYPE_CHECKING:
    from nb2pipe.analysis.scopes import Frame

CAPTURED = "captured"
"""The field of a function for the environment that it was made in, and of an environment for the one around it."""


class Closures(Machine):
    """Lets functions hold what they capture, and changes them all when one of them changes a captured name."""

    def __init__(self) -> None:
        super().__init__()
        self._read_in: dict[int, frozenset[str]] = {}

    def capture(self, made: int, node: ast.AST) -> None:
        """Let a function that is being made hold the names around it."""
        frame = self.frame
        while frame.is_class and frame.outer is not None:
            frame = frame.outer
        if frame is self.top:
            return
        if frame.environment < 0:
            frame.environment = self.heap.at((id(node), self.current, self.site, "environment"))
            if self.running and isinstance(self.running[-1][0], int):
                self.heap.hold(frame.environment, CAPTURED, self.heap.things[self.running[-1][0]].fields.get(CAPTURED, ()))
        frame.captured |= self._names_read(node)
        self.heap.hold(made, CAPTURED, (frame.environment,))

    def keep(self, frame: Frame) -> None:
        """End a call: its environment holds what the captured names have come to stand for."""
        if frame.environment >= 0:
            for name in sorted(frame.captured & frame.layers[0].keys()):
                self.heap.hold(frame.environment, name, frame.layers[0][name].value)

    def bind_outer(self, frame: Frame, name: str, value: Value) -> None:
        """Record that a function binds a name of the call around it, which all functions that were made there share."""
        running = self.running[-1][0] if self.running else None
        if not isinstance(running, int):
            return
        shared = {frame.environment} if frame.environment >= 0 else set(self._environments(running))
        for location in sorted(shared):
            self.heap.hold(location, name, value)
        self.change((running, *shared))

    def _environments(self, function: int) -> Value:
        found: set[int] = set()
        stack = sorted(self.heap.things[function].fields.get(CAPTURED, NOTHING))
        while stack:
            location = stack.pop()
            if location not in found and self.heap.things[location].kind == Kind.OBJECT:
                found.add(location)
                stack.extend(self.heap.things[location].fields.get(CAPTURED, ()))
        return frozenset(found)

    def _names_read(self, node: ast.AST) -> frozenset[str]:
        found = self._read_in.get(id(node))
        if found is None:
            found = self._read_in[id(node)] = frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
        return found
