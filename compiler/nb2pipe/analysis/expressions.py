"""Expressions of the abstract run: each gives the set of objects that its value may be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from nb2pipe.analysis.heap import AXES, ELEMENTS, NOTHING, Kind, Thing, Value
from nb2pipe.analysis.nodes import by_node
from nb2pipe.analysis.scopes import Frame
from nb2pipe.analysis.targets import Targets, chooses_by_content, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENVIRONMENT = "__env__"
"""What the front end writes for ``%env NAME=value``, which is too short for the assignment that it is."""

TRUTH = frozenset(("__bool__", "__len__"))
MAKERS = frozenset(f"numpy.{each}" for each in ("c_", "r_", "mgrid", "ogrid"))
"""Objects of NumPy that make an array when an item is taken."""
HASHED = frozenset(("__hash__", "__eq__"))
NUMBERS = frozenset(("int", "float", "bool", "complex"))


class Expressions(Targets):
    """Evaluates expressions."""

    def value(self, node: ast.expr) -> Value:
        """Evaluate an expression."""
        method = EVALUATES.get(type(node))
        if method is not None:
            return method(self, node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return NOTHING

    def _name(self, node: ast.Name) -> Value:
        if node.id == ENVIRONMENT:
            self.change_library("os.environ")
            return NOTHING
        return self.read(node.id, node)

    def _constant(self, node: ast.Constant) -> Value:
        return self.heap.text(node.value) if isinstance(node.value, str) else self.heap.constant(type(node.value).__name__)

    def _joinedstr(self, node: ast.JoinedStr) -> Value:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.look_at(self.value(part.value), part.value)
                if part.format_spec is not None:
                    self.value(part.format_spec)
        return self.heap.constant("str")

    def _namedexpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        inner, frame = self.frame, self.frame
        while frame.is_comprehension and frame.outer is not None:
            frame = frame.outer
        self.frame = frame
        self.assign(node.target, value)
        self.frame = inner
        return value

    def arithmetic(self, node: ast.AST, left: Value, right: Value) -> Value:
        """Return the result of an operator: a number from numbers, else a new object typed as the left operand."""
        types = {self.heap.things[each].type for each in left | right}
        kinds = {self.heap.things[each].kind for each in left | right}
        if kinds == {Kind.CONSTANT}:
            if types <= NUMBERS:
                return self.heap.constant("float" if "float" in types else "int")
            if len(types) == 1:
                return self.heap.constant(next(iter(types)))
        type_ = next((t for each in (left, right) for t in (self.library_type(each),) if t), "")
        result = self.fresh(node, type_)
        if type_ in ("list", "tuple"):
            self.heap.hold(result, ELEMENTS, self.all_elements(left) | self.all_elements(right))
        return frozenset((result,))

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        for operand in (left, right):
            self.look_at(operand, node)
        if isinstance(node.op, ast.Add) and left | right <= self.heap.texts.keys():
            return self.heap.joined((left, right))
        result = self.arithmetic(node, left, right)
        if isinstance(node.op, ast.Div) and self.library_type(left) == "pathlib.Path":
            for location in result:
                self.heap.hold(location, ELEMENTS, self.heap.joined([*(self.heap.elements(each) for each in left), right], "/"))
        return result

    def truth(self, node: ast.expr) -> Value:
        """Evaluate an expression that is asked whether it is true."""
        value = self.value(node)
        self.look_at(value, node, names=TRUTH)
        return value

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        value = self.truth(node.operand) if isinstance(node.op, ast.Not) else self.value(node.operand)
        return self.heap.constant("bool") if isinstance(node.op, ast.Not) else self.arithmetic(node, value, NOTHING)

    def _boolop(self, node: ast.BoolOp) -> Value:
        return frozenset().union(*[self.truth(each) for each in node.values])

    def _compare(self, node: ast.Compare) -> Value:
        operands = [self.value(each) for each in [node.left, *node.comparators]]
        plain = True
        if any(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops):
            self.all_elements(frozenset().union(*operands[1:]), iterate=True)
        for operand in operands:
            self.look_at(operand, node)
            plain = plain and all(self.heap.things[each].kind == Kind.CONSTANT for each in operand)
        if any(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
            nodes = [node.left, *node.comparators]
            if not any(isinstance(each, ast.Constant) for each in nodes):
                self.record.changes.update(dict.fromkeys(sorted(frozenset().union(*operands))))  # identity must survive
            return self.heap.constant("bool")
        array = next((t for operand in operands for t in (self.library_type(operand),) if "." in t), "")
        return frozenset((self.fresh(node, array),)) if array and not plain else self.heap.constant("bool")

    def _ifexp(self, node: ast.IfExp) -> Value:
        self.truth(node.test)
        return self.value(node.body) | self.value(node.orelse)

    def _await(self, node: ast.Await) -> Value:
        return self.value(node.value)

    def _yield(self, node: ast.Yield) -> Value:
        if node.value is not None:
            self.frame.returned |= self.value(node.value)
        return NOTHING

    def _yieldfrom(self, node: ast.YieldFrom) -> Value:
        self.frame.returned |= self.all_elements(self.value(node.value))
        return NOTHING

    def _sequence(self, node: ast.List | ast.Set, type_: str) -> Value:
        made = self.fresh(node, type_)
        for each in node.elts:
            value = self.value(each)
            if type_ == "set":
                self.look_at(value, each, names=HASHED)
            self.heap.hold(made, ELEMENTS, self.all_elements(value) if isinstance(each, ast.Starred) else value)
        return frozenset((made,))

    def _list(self, node: ast.List) -> Value:
        return self._sequence(node, "list")

    def _set(self, node: ast.Set) -> Value:
        return self._sequence(node, "set")

    def _tuple(self, node: ast.Tuple) -> Value:
        made = self.fresh(node, "tuple")
        for index, each in enumerate(node.elts):
            self.heap.hold(made, ELEMENTS if isinstance(each, ast.Starred) else str(index), self.value(each))
        return frozenset((made,))

    def _dict(self, node: ast.Dict) -> Value:
        made = self.fresh(node, "dict")
        for key, each in zip(node.keys, node.values, strict=True):
            value = self.value(each)
            if key is None:
                self.heap.hold(made, ELEMENTS, self.all_elements(value))
            else:
                self.look_at(self.value(key), key, names=HASHED)
                self.heap.hold(made, key_of(key), value)
        return frozenset((made,))

    def _starred(self, node: ast.Starred) -> Value:
        return self.value(node.value)

    def _slice(self, node: ast.Slice) -> Value:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.value(part)
        return NOTHING

    def _comprehension(self, node: ast.expr, parts: Sequence[ast.expr], generators: Sequence[ast.comprehension], type_: str) -> Value:
        made = self.fresh(node, type_)
        self._comprehend(made, parts, generators, self.value(generators[0].iter))
        return frozenset((made,))

    def _comprehend(self, made: int, parts: Sequence[ast.expr], generators: Sequence[ast.comprehension], first: Value) -> None:
        outer = self.frame
        for index, generator in enumerate(generators):
            items = self.all_elements(self.value(generator.iter) if index else first, iterate=True)
            if index == 0:
                self.frame = Frame(outer=outer, is_comprehension=True, owner=outer.owner, first=outer.first)
            self.assign(generator.target, items)
            for condition in generator.ifs:
                self.truth(condition)
        for part in parts:
            self.heap.hold(made, ELEMENTS, self.value(part))
        self.keep(self.frame)
        self.frame = outer

    def comprehend(self, node: ast.GeneratorExp, first: Value, made: int) -> None:
        """Run a generator expression on the elements of its first iterable."""
        self._comprehend(made, [node.elt], node.generators, first)

    def _listcomp(self, node: ast.ListComp) -> Value:
        return self._comprehension(node, [node.elt], node.generators, "list")

    def _setcomp(self, node: ast.SetComp) -> Value:
        return self._comprehension(node, [node.elt], node.generators, "set")

    def _generatorexp(self, node: ast.GeneratorExp) -> Value:
        return self.make_generator(node, None if self.frame is self.top else self.frame, self.value(node.generators[0].iter))

    def _dictcomp(self, node: ast.DictComp) -> Value:
        return self._comprehension(node, [node.key, node.value], node.generators, "dict")

    def _attribute(self, node: ast.Attribute) -> Value:
        return self.attribute(self.value(node.value), node.attr, node)

    def _subscript(self, node: ast.Subscript) -> Value:
        name = self.global_name(node)
        if name is not None:
            return self.read_global(name, node)
        receiver = self.value(node.value)
        self.value(node.slice)
        if self.is_notebook_instance(receiver):
            found = self.call_method(node, receiver, "__getitem__", [NOTHING], {})
            if found:
                return found
        if chooses_by_content(node.slice):
            return frozenset().union(*(self._chosen(node, location) for location in receiver))
        found = self.item(node, receiver, key_of(node.slice), whole=isinstance(node.slice, ast.Slice))
        if any(isinstance(part, ast.Slice) for part in ast.iter_child_nodes(node.slice)) or isinstance(node.slice, ast.Slice):
            self.heap.hold_slices(receiver, found)
        return found

    def _chosen(self, node: ast.Subscript, location: int) -> Value:
        """Return what a mask or a list of keys chooses from a frame or an array: a copy."""
        thing = self.heap.things[location]
        if thing.kind != Kind.OBJECT or thing.type in ("list", "tuple", "dict"):
            return self.item(node, frozenset((location,)), ELEMENTS)
        made = self.fresh(node, thing.type, role=f"chosen {location}")
        self.heap.hold(made, ELEMENTS, self.held_objects(location))
        return frozenset((made,))

    def item(self, node: ast.AST, receiver: Value, key: str, *, whole: bool = False) -> Value:
        """Return what stands at a place of a container, or a part of an opaque object."""
        result: set[int] = set()
        for location in self.widened(receiver, node):
            thing = self.heap.things[location]
            if thing.kind == Kind.LIBRARY:
                makes = thing.type in MAKERS
                result.add(self.fresh(node, "numpy.ndarray") if makes else self.heap.library(thing.type + "[]"))
            elif thing.kind == Kind.CLASS or thing.type == AXES:  # a generic class with its parameters; one object for a grid of axes
                result.add(location)
            elif thing.kind in (Kind.OBJECT, Kind.INSTANCE):
                if thing.type in ("list", "tuple", "dict"):
                    if whole:
                        made = self.fresh(node, thing.type, role=f"slice {location}")
                        self.heap.hold(made, ELEMENTS, self.heap.elements(location))
                        result.add(made)
                    else:
                        result |= self.heap.elements(location) if key == ELEMENTS else self.heap.field(location, key)
                else:
                    exact = thing.fields.get(key) if key != ELEMENTS else None
                    result |= (exact or {self.part(location, key, thing)}) | self.held_objects(location)
        return frozenset(result)

    def part(self, location: int, key: str, thing: Thing) -> int:
        """Return the view of an opaque object at a key, typed where its library is known."""
        view = self.heap.view(location, key)
        if not self.heap.things[view].type and thing.type.startswith(("pandas.", "numpy.")):
            self.heap.things[view].type = thing.type
        return view

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Value:
        """Make a function object: defaults and annotations are evaluated here, the body when it is called."""
        made = self.heap.at((id(node), self.current, self.site, "function"), Kind.FUNCTION, getattr(node, "name", "<lambda>"))
        thing = self.heap.things[made]
        thing.node, thing.statement = node, self.current
        thing.frame = None if self.frame is self.top else self.frame
        self.capture(made, node)
        arguments = node.args
        for default in [*arguments.defaults, *(each for each in arguments.kw_defaults if each is not None)]:
            value = self.value(default)
            thing.defaults |= value
            self.heap.hold(made, "defaults", value)
        if not isinstance(node, ast.Lambda) and not self.lazy_annotations:
            for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
                if each is not None and each.annotation is not None:
                    self.value(each.annotation)
            if node.returns is not None:
                self.value(node.returns)
        return frozenset((made,))

    def _lambda(self, node: ast.Lambda) -> Value:
        return self.function(node)


EVALUATES: dict[type, Callable[[Expressions, Any], Value]] = by_node(Expressions)
