"""Copies of objects: new ones that hold what the old ones hold, or copies of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.drawing import Drawing
from nb2pipe.analysis.heap import Kind

if TYPE_CHECKING:
    import ast


class Copies(Drawing):
    """Copies objects."""

    def shallow_copy(self, node: ast.AST, location: int) -> int:
        """Make a new object of the same class that holds the same parts."""
        thing = self.heap.things[location]
        if thing.kind not in (Kind.OBJECT, Kind.INSTANCE):
            return location
        made = self.heap.at((id(node), self.current, self.site, "shallow", location), thing.kind, thing.type)
        new = self.heap.things[made]
        new.owner, new.library_base = thing.owner, thing.library_base
        new.classes |= thing.classes
        for key, held in list(thing.fields.items()):
            self.heap.hold(made, key, held)
        return made

    def deep_copy(self, node: ast.AST, location: int, copies: dict[int, int]) -> int:
        """Make a deep copy: new objects that hold each other as the old ones do."""
        thing = self.heap.things[location]
        if thing.kind not in (Kind.OBJECT, Kind.INSTANCE) or thing.copied_by is node:  # a copy of a copy, in a loop: one stands for all
            return location
        if location not in copies:
            made = copies[location] = self.heap.at((id(node), self.current, self.site, "copy", location), thing.kind, thing.type)
            new = self.heap.things[made]
            new.owner, new.library_base = thing.owner, thing.library_base
            new.classes |= thing.classes
            new.copied_by = node
            for key, held in list(thing.fields.items()):
                self.heap.hold(made, key, [self.deep_copy(node, each, copies) for each in sorted(held)])
        return copies[location]
