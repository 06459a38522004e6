"""Parts of objects in the abstract run: attributes, elements, members of classes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.closures import Closures
from nb2pipe.analysis.heap import AXES, CODE, ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.knowledge.functions import ATTRIBUTE_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.analysis.heap import Thing


FIELD = "dataclasses.field"
"""What stands in a class for an attribute that each instance gets from a factory."""

DRAWN_PART = "matplotlib.artist.Artist"
"""The type of what figures and axes are made of."""


MAX_ALIKE = 50
"""How many objects a value may be before one stands for them."""


class Parts(Closures):
    """Reads parts of objects; a property and an iterator of a notebook class run their code."""

    def run_function(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Run a notebook function."""
        raise NotImplementedError

    def members(self, class_: int, name: str) -> Value:
        """Return what a class, or the first base that has it, calls `name`."""
        things = self.heap.things
        found = things[class_].fields.get(name)
        if not found and things[class_].bases:
            found = next((fields[name] for each in self.lineage(class_) if (fields := things[each].fields).get(name)), None)
        return frozenset(found) if found else NOTHING

    def lineage(self, class_: int) -> list[int]:
        """List a class and its bases, each before its own bases and those named first before others, as Python looks them through."""
        order: list[int] = []
        seen = {class_}
        stack = [(class_, list(self.heap.things[class_].bases))]
        while stack:
            each, bases = stack[-1]
            if not bases:
                order.append(each)
                stack.pop()
            elif (base := bases.pop()) not in seen:
                seen.add(base)
                stack.append((base, list(self.heap.things[base].bases)))
        return order[::-1]

    def has_method(self, value: Value, name: str) -> bool:
        """Tell whether a value may be an instance whose notebook class has a method."""
        things = self.heap.things
        return any(things[each].kind == Kind.INSTANCE and self.members(things[each].owner, name) for each in value)

    def is_notebook_instance(self, value: Value) -> bool:
        """Tell whether a value may be an instance of a class of the notebook."""
        return any(self.heap.things[each].kind == Kind.INSTANCE for each in value)

    def widened(self, value: Value, node: ast.AST) -> Value:
        """Let one object stand for very many that a value may be: each holds it, so that changing it changes them, and it holds what they hold."""
        if len(value) <= MAX_ALIKE:
            return value
        many = frozenset(each for each in value if self.heap.things[each].kind == Kind.OBJECT)
        types = {self.heap.things[each].type for each in many}
        one = self.heap.at((id(node), self.current, "many"), Kind.OBJECT, next(iter(types)) if len(types) == 1 else "")
        for location in sorted(many - {one}):
            self.heap.hold(one, ELEMENTS, self.heap.elements(location) - {one})
            self.heap.hold(location, CODE, (one,))
        return (value - many) | {one}

    def attribute(self, receiver: Value, name: str, node: ast.AST) -> Value:
        """Read an attribute of each object the receiver may be."""
        result: set[int] = set()
        for location in sorted(self.widened(receiver, node)):
            thing = self.heap.things[location]
            if thing.kind == Kind.LIBRARY:
                result.add(self.heap.library(f"{thing.type}.{name}"))
            elif thing.kind in (Kind.CLASS, Kind.SUPER):
                result |= self.members(location if thing.kind == Kind.CLASS else thing.owner, name)
            elif thing.kind == Kind.INSTANCE:
                result |= self._instance_attribute(location, name, node)
            elif thing.type == AXES and name in ("flat", "T"):
                result.add(location)
            elif thing.kind == Kind.OBJECT:
                result |= thing.fields.get(name) or self._view(location, name)
                result |= self.held_objects(location)
        return frozenset(result)

    def held_objects(self, location: int) -> set[int]:
        """Return what an object holds at unknown places, constants left out: any part of it may be one of them."""
        held = self.heap.things[location].fields.get(ELEMENTS, ())
        return {each for each in held if self.heap.things[each].kind != Kind.CONSTANT}

    def _view(self, location: int, name: str) -> Value:
        """Return the part of an opaque object that an attribute is, one for each type that it may have."""
        own = self.heap.things[location].type
        types = ATTRIBUTE_TYPES.get((own, name), (DRAWN_PART if own.startswith("matplotlib.") else "",))
        views = [self.heap.view(location, name if index == 0 else f"{name} as {type_}") for index, type_ in enumerate(types)]
        for view, type_ in zip(views, types, strict=True):
            self.heap.things[view].type = self.heap.things[view].type or type_
            self.heap.hold(location, name, (view,))
        return frozenset(views)

    def _instance_attribute(self, location: int, name: str, node: ast.AST) -> Value:
        thing = self.heap.things[location]
        result = set(self.heap.field(location, name))
        for member in sorted(self.members(thing.owner, name)):
            if self.heap.things[member].kind != Kind.FUNCTION:
                result.update([member] if self.heap.things[member].type != FIELD else [])
            elif is_property(self.heap.things[member]):
                result |= self.run_function(node, member, [frozenset((location,))], {})
                if "cached_property" in _decorators(self.heap.things[member]):
                    self.change((location,))
            else:
                bound = self.heap.at(("bound", location, member), Kind.BOUND)
                self.heap.things[bound].owner, self.heap.things[bound].receiver = member, frozenset((location,))
                self.heap.hold(bound, CODE, (location,))
                result.add(bound)
        if not result:
            for hook in self.members(thing.owner, "__getattr__"):
                result |= self.run_function(node, hook, [frozenset((location,)), NOTHING], {})
        return frozenset(result) or frozenset((self.heap.view(location, name),))

    def library_type(self, value: Value) -> str:
        """Return the type of the first object whose library type is known."""
        return next(
            (t for each in sorted(value) if self.heap.things[each].kind == Kind.OBJECT for t in (self.heap.things[each].type,) if t), ""
        )

    def element_type(self, type_: str) -> str:
        """Return the type of what is unpacked from an object of a type."""
        return type_ if type_.startswith(("numpy.", "pandas.")) else ""


def setter_of(name: str) -> str:
    """Return the field of a class for the function that sets a property."""
    return name + ".setter"


def _decorators(thing: Thing) -> list[str]:
    nodes = thing.node.decorator_list if isinstance(thing.node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return [part.id if isinstance(part, ast.Name) else part.attr for part in nodes if isinstance(part, ast.Name | ast.Attribute)]


def is_static(thing: Thing) -> bool:
    """Tell whether a method gets no instance."""
    return "staticmethod" in _decorators(thing)


def is_class_method(thing: Thing) -> bool:
    """Tell whether a method gets its class."""
    return "classmethod" in _decorators(thing)


def is_property(thing: Thing) -> bool:
    """Tell whether reading the attribute runs the function."""
    return bool({"property", "cached_property"} & set(_decorators(thing)))
