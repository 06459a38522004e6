"""What iterating gives: elements of containers, and what generators and lazy iterators do when they are asked for the next value.

The body of a generator runs where it is iterated, as often as somebody iterates; a body that asks for itself gives nothing new.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import AXES, CODE, ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.parts import Parts
from nb2pipe.analysis.scopes import Entry, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

GENERATOR, ITERATOR = "generator", "iterator"
ITERATORS = frozenset(
    "builtins.map builtins.filter builtins.zip builtins.enumerate builtins.reversed builtins.iter itertools.chain itertools.cycle "
    "itertools.islice itertools.product itertools.starmap itertools.takewhile itertools.dropwhile itertools.accumulate "
    "itertools.permutations itertools.combinations itertools.filterfalse itertools.groupby itertools.tee".split()
)
"""Functions whose result takes its values, and calls its functions, when it is iterated."""


class Iteration(Parts):
    """Reads what stands in objects, one value after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.done: dict[tuple[object, ...], tuple[int, Value]] = {}  # calls, and generators, that have run, with the state they ran in

    def block(self, body: Sequence[ast.stmt]) -> int:
        """Run statements."""
        raise NotImplementedError

    def run_callbacks(self, node: ast.AST, values: Sequence[Value], items: Value = NOTHING) -> None:
        """Run functions handed to code that is not the notebook's."""
        raise NotImplementedError

    def comprehend(self, node: ast.GeneratorExp, first: Value, made: int) -> None:
        """Run a generator expression on the elements of its first iterable."""
        raise NotImplementedError

    def all_elements(self, value: Value, *, iterate: bool = False) -> Value:
        """Return what containers hold, or a part of an opaque object that is iterated."""
        result: set[int] = set()
        for location in sorted(value):
            thing = self.heap.things[location]
            if thing.type in (GENERATOR, ITERATOR):
                self._advance(location)
            elif thing.type == AXES:
                result.add(location)
                continue
            elif iterate and thing.type.startswith("io."):  # an open file reads on
                self.change((location,))
            elif iterate and thing.kind == Kind.INSTANCE:
                result |= self._iterate_instance(location)
            if thing.fields or not iterate:
                result |= self.heap.elements(location)
            elif thing.kind == Kind.OBJECT and thing.type not in ("list", "dict", "set", "tuple", "range", GENERATOR, ITERATOR):
                result.add(self.heap.view(location, ELEMENTS))
        return frozenset(result)

    def _iterate_instance(self, location: int) -> Value:
        thing = self.heap.things[location]
        result: set[int] = set()
        for name in ("__iter__", "__next__"):
            for method in self.members(thing.owner, name):
                given = self.run_function(self.record.node, method, [frozenset((location,))], {})
                result |= self.all_elements(frozenset(each for each in given if self.heap.things[each].kind == Kind.OBJECT))
                result |= given if name == "__next__" else NOTHING
        return frozenset(result)

    def make_generator(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.GeneratorExp, frame: Frame | None, first: Value) -> Value:
        """Return a generator whose body has not begun; it keeps the names of its call, or its first iterable."""
        made = self.heap.at((id(node), self.current, self.site, GENERATOR), Kind.OBJECT, GENERATOR)
        thing = self.heap.things[made]
        thing.node, thing.frame = node, frame
        held = first.union(*(entry.value for entry in frame.layers[0].values())) if frame is not None and not first else first
        self.heap.hold(made, CODE, held)
        return frozenset((made,))

    def _advance(self, location: int) -> None:
        """Run what an iterator does when it is asked for values: it moves on, so it changes."""
        thing = self.heap.things[location]
        key = (GENERATOR, location)
        done = self.done.get(key)
        if key in self.running or (done is not None and done[0] == self.epoch):
            return
        epoch = self.epoch
        self.running.append(key)
        if isinstance(thing.node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._run_body(location, thing.node, thing.frame)
        elif isinstance(thing.node, ast.GeneratorExp):
            caller, self.frame = self.frame, thing.frame or self.top
            first = frozenset(thing.fields.get(CODE, ()))
            self.comprehend(thing.node, first, location)
            self.frame = caller
        else:
            functions = frozenset(each for each in thing.fields.get(CODE, ()) if self.heap.things[each].kind != Kind.OBJECT)
            self.run_callbacks(self.record.node, [functions], self.heap.elements(location))
        self.running.pop()
        if self.epoch == epoch:
            self.done[key] = (epoch, NOTHING)
        self.change((location,))

    def _run_body(self, location: int, node: ast.FunctionDef | ast.AsyncFunctionDef, kept: Frame | None) -> None:
        caller, depth = self.frame, self.loop_depth
        assert kept is not None
        self.frame = Frame(outer=kept.outer, owner=kept.owner, first=kept.first, locals_=kept.locals_)
        spec = node.args
        for each in [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]:
            entry = kept.get(each.arg) if each is not None else None
            if each is not None and entry is not None:
                self.frame.set(each.arg, Entry(entry.value, frozenset()))
        self.loop_depth = 0
        self.block(node.body)
        self.keep(self.frame)
        self.heap.hold(location, ELEMENTS, self.frame.returned)
        self.frame, self.loop_depth = caller, depth

    loop_depth = 0
