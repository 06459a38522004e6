"""Calls of the abstract run: notebook functions and classes are run on the objects they get.

Running the body at the call gives late binding, reads through calls, changed arguments and what the result aliases at once.
A call that is already running with the same arguments, or too deep, gives nothing new; the same call on the same state is run once. Once a
top-level statement has been much work, a function that it has run before is not run again: what it changed of its arguments is changed again.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import CODE, ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.instances import NAMED_TUPLE, PARTIAL, Instances
from nb2pipe.analysis.parts import is_class_method, is_static
from nb2pipe.analysis.scopes import Entry, Frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.analysis.heap import Thing

YIELDS = "yield"
SWITCHES = (("inplace", True), ("copy", False), ("deep", False))
"""Keywords that make a call another one; a call that has one of them is marked with it, as ``inplace=True``."""

MAX_DEPTH = 12
MAX_CALLS = 2_000  # in one top-level statement
MAX_WORK = 1_000  # statements that are run for one top-level statement


class Calls(Instances):
    """Everything that runs code: calls, methods, callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = 0
        self.work = 0
        self._ran: dict[int, tuple[frozenset[int], Value]] = {}  # function → arguments it changed (by place), what it returned
        self._locals: dict[int, frozenset[str]] = {}

    def begin(self, node: ast.stmt) -> None:
        """Start the next top-level statement: what calls did in the one before was recorded there."""
        super().begin(node)
        self.done.clear()
        self._ran.clear()
        self._calls = self.work = 0

    # given by the classes above
    def value(self, node: ast.expr) -> Value:
        """Evaluate an expression."""
        raise NotImplementedError

    def block(self, body: Sequence[ast.stmt]) -> int:
        """Run statements."""
        raise NotImplementedError

    def call_opaque(self, node: ast.AST, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method of an object that is not the notebook's."""
        raise NotImplementedError

    def call_library(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a function or class of a library."""
        raise NotImplementedError

    def run_callbacks(self, node: ast.AST, values: Sequence[Value], items: Value = NOTHING) -> None:
        """Run functions handed to code that is not the notebook's."""
        raise NotImplementedError

    def _call(self, node: ast.Call) -> Value:
        if isinstance(node.func, ast.Attribute):
            receiver = self.value(node.func.value)
            arguments, keywords = self._arguments(node)
            return self.call_method(node, receiver, node.func.attr, arguments, keywords)
        called = self.value(node.func)
        arguments, keywords = self._arguments(node)
        if isinstance(node.func, ast.Name) and node.func.id == "super" and self.frame.owner >= 0:
            made = self.heap.at(("super", self.frame.owner, self.frame.first), Kind.SUPER)
            self.heap.things[made].owner, self.heap.things[made].receiver = self.frame.owner, self.frame.first
            return frozenset((made,))
        return self.call(node, called, arguments, keywords)

    def _arguments(self, node: ast.Call) -> tuple[list[Value], dict[str, Value]]:
        positional: list[Value] = []
        for each in node.args:
            value = self.value(each)
            positional.append(self.all_elements(value) if isinstance(each, ast.Starred) else value)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            keywords[keyword.arg or "**"] = value if keyword.arg else self.all_elements(value)
            for name, switch in SWITCHES:  # what is not written out may be either
                if keyword.arg == name and (not isinstance(keyword.value, ast.Constant) or keyword.value.value is switch):
                    keywords[f"{name}={switch}"] = NOTHING
        return positional, keywords

    def call(self, node: ast.AST, called: Value, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call whatever the objects are and return what it may return."""
        result: set[int] = set()
        for location in sorted(called):
            thing = self.heap.things[location]
            if thing.kind == Kind.FUNCTION:
                result |= self.run_function(node, location, arguments, keywords)
            elif thing.kind == Kind.BOUND:
                result |= self.run_function(node, thing.owner, [thing.receiver, *arguments], keywords)
            elif thing.kind == Kind.CLASS:
                result |= self.instantiate(node, location, arguments, keywords)
            elif thing.kind == Kind.INSTANCE:
                result |= self.call_method(node, frozenset((location,)), "__call__", arguments, keywords)
            elif thing.kind == Kind.LIBRARY:
                result |= self.call_library(node, thing.type, arguments, keywords)
            elif thing.kind == Kind.OBJECT and thing.type in (PARTIAL, NAMED_TUPLE):
                result |= self.call_prepared(node, location, arguments, keywords)
            elif thing.kind == Kind.OBJECT:
                result |= self._call_object(node, location, arguments, keywords)
        if not called:
            self.run_callbacks(node, [*arguments, *keywords.values()])
        if not result and not any(self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND) for each in called):
            result.add(self.fresh(node))
        return frozenset(result)

    def _call_object(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call what a library has made: it may call the functions that it was made from; a method that was kept changes its object."""
        thing = self.heap.things[location]
        held = self.heap.elements(location) | frozenset(thing.fields.get(CODE, ()))
        inner = frozenset(each for each in held if self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND))
        if inner:
            return self.call(node, inner, arguments, keywords)
        return self.call_opaque(node, thing.owner, thing.part, arguments, keywords) if thing.part.isidentifier() else NOTHING

    def run_function(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Run the body of a notebook function on the objects it gets and return what it may return."""
        thing = self.heap.things[location]
        definition = thing.node
        if definition is None or isinstance(definition, ast.ClassDef | ast.GeneratorExp):
            return NOTHING
        for other in sorted(thing.fields.get("registered", ())):
            self.run_function(node, other, arguments, keywords)
        key = (location, tuple(arguments), tuple(sorted(keywords.items(), key=lambda item: item[0])))
        done = self.done.get(key)
        if done is not None and done[0] == self.epoch:
            return done[1]
        known = self._ran.get(location)
        if known is not None and self.work >= MAX_WORK:
            self.change(each for place in known[0] if place < len(arguments) for each in arguments[place])
            return known[1]
        if key in self.running or len(self.running) >= MAX_DEPTH or self._calls >= MAX_CALLS:
            return done[1] if done is not None else NOTHING
        self._calls += 1
        self.running.append(key)
        caller, site, depth = self.frame, self.site, self.loop_depth
        self.frame = Frame(outer=thing.frame, owner=thing.owner, first=arguments[0] if arguments else NOTHING)
        self.frame.locals_ = self._locals_of(definition)  # type: ignore[assignment]
        self.site, self.loop_depth = (id(node), site if len(self.running) < 4 else None), 0
        self._bind_arguments(definition.args, arguments, keywords, thing)
        epoch, before = self.epoch, len(self.record.changes)
        if YIELDS in self.frame.locals_:
            self.frame.returned |= self.make_generator(definition, self.frame, NOTHING)  # type: ignore[arg-type]
        elif isinstance(definition, ast.Lambda):
            self.frame.returned |= self.value(definition.body)
        else:
            self.block(definition.body)
        self.keep(self.frame)
        result = frozenset(self.frame.returned)
        self.frame, self.site, self.loop_depth = caller, site, depth
        self.running.pop()
        changed = frozenset(list(self.record.changes)[before:])
        places = frozenset(place for place, value in enumerate(arguments) if value & changed)
        if known is not None:
            places, returned = places | known[0], result | known[1]
        self._ran[location] = (places, result if known is None else returned)
        if self.epoch == epoch:
            self.done[key] = (epoch, result)
        return result

    def _locals_of(self, definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
        found = self._locals.get(id(definition))
        if found is None:
            found = self._locals[id(definition)] = frozenset() if isinstance(definition, ast.Lambda) else local_names(definition)
        return found

    def _bind_arguments(self, spec: ast.arguments, arguments: Sequence[Value], keywords: Mapping[str, Value], thing: Thing) -> None:
        names = [each.arg for each in [*spec.posonlyargs, *spec.args]]
        spread = keywords.get("**", NOTHING)
        for index, name in enumerate(names):
            value = arguments[index] if index < len(arguments) else keywords.get(name, thing.defaults | spread)
            self.frame.set(name, Entry(value, frozenset()))
        for each in spec.kwonlyargs:
            self.frame.set(each.arg, Entry(keywords.get(each.arg, thing.defaults | spread), frozenset()))
        if spec.vararg is not None:
            made = self.fresh(spec.vararg, "tuple")
            for value in arguments[len(names) :]:
                self.heap.hold(made, ELEMENTS, value)
            self.frame.set(spec.vararg.arg, Entry(frozenset((made,)), frozenset()))
        if spec.kwarg is not None:
            made = self.fresh(spec.kwarg, "dict")
            for name, value in keywords.items():
                if name not in names:
                    self.heap.hold(made, ELEMENTS if name == "**" else name, value)
            self.frame.set(spec.kwarg.arg, Entry(frozenset((made,)), frozenset()))

    def call_method(self, node: ast.AST, receiver: Value, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method by name on each object the receiver may be."""
        result: set[int] = set()
        for location in sorted(self.widened(receiver, node)):
            thing = self.heap.things[location]
            if thing.kind == Kind.LIBRARY:
                result |= self.call_library(node, f"{thing.type}.{name}", arguments, keywords)
            elif thing.kind in (Kind.INSTANCE, Kind.SUPER, Kind.CLASS):
                result |= self._call_own(node, location, name, arguments, keywords)
            elif thing.kind in (Kind.OBJECT, Kind.FUNCTION):
                held = frozenset(each for each in thing.fields.get(name, ()) if self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND))
                result |= (
                    self.call(node, held, arguments, keywords) if held else self.call_opaque(node, location, name, arguments, keywords)
                )
            elif thing.kind == Kind.CONSTANT:
                result |= self.heap.constant("str" if thing.type == "str" else thing.type)
                self.run_callbacks(node, [*arguments, *keywords.values()])
        if not receiver:
            self.run_callbacks(node, [*arguments, *keywords.values()])
            result.add(self.fresh(node))
        return frozenset(result)

    def _call_own(self, node: ast.AST, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method of a notebook class; what the class does not have, its library base has."""
        thing = self.heap.things[location]
        if thing.kind == Kind.SUPER:
            found = next((m for base in self.heap.things[thing.owner].bases for m in (self.members(base, name),) if m), NOTHING)
            receiver = thing.receiver
        elif thing.kind == Kind.CLASS:
            found, receiver = self.members(location, name), NOTHING
        else:
            found, receiver = self.members(thing.owner, name) | frozenset(thing.fields.get(name, ())), frozenset((location,))
        if found:
            result: set[int] = set()
            for method in sorted(found):
                own = self.heap.things[method]
                bound = own.owner >= 0 and own.kind == Kind.FUNCTION and not is_static(own)
                unbound = thing.kind == Kind.CLASS and not is_class_method(own)
                first = [frozenset((location,)) if thing.kind == Kind.CLASS else receiver] if bound and not unbound else []
                result |= self.call(node, frozenset((method,)), [*first, *arguments], keywords)
            return frozenset(result)
        if thing.kind == Kind.INSTANCE and self.members(thing.owner, "__getattr__"):
            return self.call(node, self.attribute(frozenset((location,)), name, node), arguments, keywords)
        if thing.kind != Kind.INSTANCE:
            self.run_callbacks(node, [*arguments, *keywords.values()])
            return NOTHING
        if thing.library_base:  # the library may call any method of the class back
            self.run_all_methods(node, location)
        return self.call_opaque(node, location, name, arguments, keywords)


def local_names(definition: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Return the names that a function binds itself; a generator's have the keyword `yield` among them."""
    found: set[str] = set()
    declared: set[str] = set()
    stack: list[ast.AST] = list(definition.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):  # most nodes are names
            if not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Constant):
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            found.update(part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
            continue
        if isinstance(node, ast.Global | ast.Nonlocal):
            declared.update(node.names)
        elif isinstance(node, ast.Yield | ast.YieldFrom):
            found.add(YIELDS)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        stack.extend(ast.iter_child_nodes(node))
    return frozenset(found - declared)
