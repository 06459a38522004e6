"""Which objects can be reached from others, and which are still changed in place from some point on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.ir.dataflow import DataflowGraph, Location


class Reach:
    """Answers about the objects of one graph, each computed once."""

    def __init__(self, graph: DataflowGraph) -> None:
        self.graph = graph
        self._reach: dict[Location, frozenset[Location]] = {}
        self._changed_from: list[frozenset[Location]] = []

    def reach(self, values: Iterable[Location]) -> frozenset[Location]:
        """Return all objects that can be reached from some."""
        result: set[Location] = set()
        for value in values:
            known = self._reach.get(value)
            if known is None:
                seen: set[Location] = set()
                stack = [value]
                while stack:
                    each = stack.pop()
                    if each not in seen:
                        seen.add(each)
                        stack.extend(self.graph.objects.holds.get(each, ()))
                known = self._reach[value] = frozenset(seen)
            result |= known
        return frozenset(result)

    def changed_from(self, statement: int) -> frozenset[Location]:
        """Return the objects that a statement or a later one changes in place."""
        if not self._changed_from:
            later: frozenset[Location] = frozenset()
            table = []
            for each in reversed(self.graph.statements):
                later = later.union(each.changes) if each.changes else later
                table.append(later)
            self._changed_from = table[::-1]
        return self._changed_from[statement] if statement < len(self._changed_from) else frozenset()
