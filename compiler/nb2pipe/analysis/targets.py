"""Assignments of the abstract run: what a value is bound to, or put into."""

from __future__ import annotations

import ast

from nb2pipe.analysis.heap import AXES, ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.iteration import GENERATOR, ITERATOR
from nb2pipe.analysis.library import Library
from nb2pipe.analysis.parts import setter_of


class Targets(Library):
    """Assigns values to targets."""

    def declared(self, value: Value, annotation: Value) -> Value:
        """Believe an annotation about objects of unknown type, if it is one name of a library."""
        things = [self.heap.things[each] for each in annotation]
        if len(things) == 1 and things[0].kind == Kind.LIBRARY:
            for location in value:
                thing = self.heap.things[location]
                if thing.kind == Kind.OBJECT and not thing.type:
                    thing.type = things[0].type.removeprefix("builtins.")
        return value

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target: a name, a place in an object, or several of them."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value, target)
        elif isinstance(target, ast.Tuple | ast.List):
            starred = any(isinstance(each, ast.Starred) for each in target.elts)
            for index, each in enumerate(target.elts):
                self.assign(each, self.unpacked(value, None if starred else index, target))
        elif isinstance(target, ast.Starred):
            made = self.fresh(target, "list")
            self.heap.hold(made, ELEMENTS, value)
            self.assign(target.value, frozenset((made,)))
        elif isinstance(target, ast.Attribute):
            receiver = self.value(target.value)
            self._run_setters(target, receiver, target.attr, value)
            self.store(receiver, target.attr, value)
        elif isinstance(target, ast.Subscript) and (name := self.global_name(target)) is not None:
            self.bind_global(name, value, target)
        elif isinstance(target, ast.Subscript) and is_globals(target.value):
            self.value(target.slice)
            self.stars |= {self.current}  # some name is bound here
        elif isinstance(target, ast.Subscript):
            receiver = self.value(target.value)
            self.value(target.slice)
            if self.is_notebook_instance(receiver):
                self.call_method(target, receiver, "__setitem__", [NOTHING, value], {})
            self.store(receiver, key_of(target.slice), value)

    def unpacked(self, value: Value, index: int | None, node: ast.AST) -> Value:
        """Return the element of a sequence that goes to one target of several."""
        result: set[int] = set()
        for location in self.widened(value, node):
            thing = self.heap.things[location]
            if thing.type == AXES:
                result.add(location)
            elif thing.type in (GENERATOR, ITERATOR):
                result |= self.all_elements(frozenset((location,)))
            elif thing.kind == Kind.OBJECT and thing.fields:
                result |= self.heap.elements(location) if index is None else self.heap.field(location, str(index))
            elif thing.kind in (Kind.OBJECT, Kind.INSTANCE):
                result.add(self.heap.at((id(node), self.current, self.site, location, index), Kind.OBJECT, self.element_type(thing.type)))
        return frozenset(result)

    def store(self, receiver: Value, key: str, value: Value) -> None:
        """Put a value into a field of an object, which changes the object."""
        settings = {self.heap.things[each].type for each in receiver if self.heap.things[each].kind == Kind.LIBRARY}
        for path in sorted(settings):
            self.change_library(path)
        for location in receiver:
            if self.heap.things[location].kind in (Kind.OBJECT, Kind.INSTANCE, Kind.CLASS):
                self.heap.hold(location, key, self.stored(location, value))
        self.change(receiver)

    def _run_setters(self, node: ast.AST, receiver: Value, name: str, value: Value) -> None:
        """Run what a notebook class does when an attribute of its instance is set."""
        for location in sorted(each for each in receiver if self.heap.things[each].kind == Kind.INSTANCE):
            instance, class_ = frozenset((location,)), self.heap.things[location].owner
            for method in sorted(self.members(class_, setter_of(name))):
                self.run_function(node, method, [instance, value], {})
            for method in sorted(self.members(class_, "__setattr__")):
                self.run_function(node, method, [instance, self.heap.text(name), value], {})
            descriptors = frozenset(each for each in self.members(class_, name) if self.heap.things[each].kind == Kind.INSTANCE)
            if self.has_method(descriptors, "__set__"):
                self.call_method(node, descriptors, "__set__", [instance, value], {})

    def stored(self, location: int, value: Value) -> Value:
        """Return what an object keeps of a value put into it: frames and arrays copy data in."""
        return NOTHING if self.heap.things[location].type.startswith(("pandas.", "numpy.", "polars.")) else value

    def global_name(self, node: ast.Subscript) -> str | None:
        """Return the name in ``globals()["name"]``, and at the top of a cell in ``locals()`` and ``vars()`` too."""
        call = node.value
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.args and isinstance(node.slice, ast.Constant)):
            return None
        spelled = call.func.id == "globals" or (call.func.id in ("locals", "vars") and self.frame is self.top)
        return node.slice.value if spelled and isinstance(node.slice.value, str) else None


def key_of(node: ast.expr) -> str:
    """Return the field name for a constant index, or the unknown place."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
        return str(node.value)
    return ELEMENTS


def is_globals(node: ast.expr) -> bool:
    """Tell whether an expression is ``globals()``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals" and not node.args


MASKS = frozenset("isin isna isnull notna notnull between duplicated contains startswith endswith match".split())
"""Methods whose result says of each element yes or no."""


def chooses_by_content(node: ast.expr) -> bool:
    """Tell whether an index is a condition on the elements, or a list of keys: frames and arrays then give copies, not views."""
    if isinstance(node, ast.Tuple):
        return any(map(chooses_by_content, node.elts))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr | ast.BitXor):
        return chooses_by_content(node.left) or chooses_by_content(node.right)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in MASKS
    return isinstance(node, ast.Compare | ast.List | ast.ListComp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert))
