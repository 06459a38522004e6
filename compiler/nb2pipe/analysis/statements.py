"""Statements of the abstract run: assignments and control flow.

Control flow is approximated as people mean it: a `for` loop is taken to run at least once, a `try` body to succeed, a `while` and an
`if` may not run; a branch on a constant or on ``__name__ == "__main__"`` is decided.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.definitions import Definitions
from nb2pipe.analysis.heap import ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.iteration import GENERATOR
from nb2pipe.analysis.nodes import bound_names, by_node, constant_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nb2pipe.analysis.scopes import Layer

GOES_ON, JUMPS, RAISES = 0, 1, 2
IN_PLACE = {
    ast.Add: "__iadd__",
    ast.Sub: "__isub__",
    ast.Mult: "__imul__",
    ast.BitOr: "__ior__",
    ast.BitAnd: "__iand__",
    ast.Div: "__itruediv__",
}
IMMUTABLE = frozenset(("tuple", "frozenset", "range"))
MAX_LOOP_DEPTH = 3


class Statements(Definitions):
    """Runs statements; expressions and calls come from the base classes."""

    loop_depth = 0
    shown: ast.stmt | None = None  # the last expression of the running cell, which is displayed

    def block(self, body: Sequence[ast.stmt]) -> int:
        """Run statements in order; tell whether control leaves the block early."""
        self.work += len(body)
        for statement in body:
            leaves = self.statement(statement)
            if leaves:
                return leaves
        return GOES_ON

    def statement(self, node: ast.stmt) -> int:
        """Run one statement."""
        method = RUNS.get(type(node))
        return (method(self, node) or GOES_ON) if method is not None else GOES_ON

    def _expr(self, node: ast.Expr) -> None:
        value = self.value(node.value)
        if node is self.shown:
            self.look_at(value, node, every=True)

    def _assign(self, node: ast.Assign) -> None:
        if len(node.targets) == 1 and self._pairwise(node.targets[0], node.value):
            return
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value)

    def _pairwise(self, target: ast.expr, value: ast.expr) -> bool:
        """Run ``a, b = x, y`` as what it is: two assignments from values read first."""
        if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
            return False
        if len(target.elts) != len(value.elts) or any(isinstance(each, ast.Starred) for each in [*target.elts, *value.elts]):
            return False
        values = [self.value(each) for each in value.elts]
        for each, held in zip(target.elts, values, strict=True):
            self.assign(each, held)
        return True

    def _annassign(self, node: ast.AnnAssign) -> None:
        declared = NOTHING
        if (self.frame is self.top or self.frame.is_class) and not self.lazy_annotations:
            declared = self.value(node.annotation)
        if node.value is not None:
            self.assign(node.target, self.declared(self.value(node.value), declared))

    def _augassign(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            before = self.read(target.id, target)
            value = self.value(node.value)
            self._change_in_place(before, value)
            hook = IN_PLACE.get(type(node.op), "")
            before = before | self.call_method(node, before, hook, [value], {}) if self.has_method(before, hook) else before
            kinds = {self.heap.things[location].kind for location in before}
            mutable = Kind.OBJECT in kinds or Kind.INSTANCE in kinds
            after = before if mutable and self._changeable(before) else self.arithmetic(node, before, value)
            self.bind(target.id, after, target)
        else:
            before = self.value(target)
            value = self.value(node.value)
            self._change_in_place(before, value)
            self.assign(target, before | value)

    def _changeable(self, value: Value) -> frozenset[int]:
        return frozenset(each for each in value if self.heap.things[each].type not in IMMUTABLE)

    def _change_in_place(self, before: Value, value: Value) -> None:
        """Record what an operator like ``+=`` does to the objects on its left."""
        changed = self._changeable(before)
        self.change(changed)
        for location in sorted(changed):
            self.heap.hold(location, ELEMENTS, self.all_elements(value))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.delete(target.id, target)
            elif isinstance(target, ast.Subscript | ast.Attribute):
                self.change(self.value(target.value))
                if isinstance(target, ast.Subscript):
                    self.value(target.slice)
            elif isinstance(target, ast.Tuple | ast.List):
                self._delete(ast.Delete(targets=target.elts))

    def _return(self, node: ast.Return) -> int:
        if node.value is not None:
            self.frame.returned |= self.value(node.value)
        return JUMPS

    def _raise(self, node: ast.Raise) -> int:
        for part in (node.exc, node.cause):
            if part is not None:
                self.value(part)
        return RAISES

    def _assert(self, node: ast.Assert) -> None:
        self.truth(node.test)
        if node.msg is not None:
            self.value(node.msg)

    def _break(self, _: ast.Break) -> int:
        return JUMPS

    def _continue(self, _: ast.Continue) -> int:
        return JUMPS

    def _global(self, node: ast.Global) -> None:
        self.frame.globals_.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        self.frame.nonlocals.update(node.names)

    def _branch(self, body: Sequence[ast.stmt]) -> tuple[int, object]:
        self.open()
        leaves = self.block(body)
        return leaves, self.close()

    def _if(self, node: ast.If) -> int | None:
        self.truth(node.test)
        known = constant_truth(node.test)
        if known is not None:
            return self.block(node.body if known else node.orelse)
        results = [self._branch(node.body), self._branch(node.orelse)]
        self.merge([layers for leaves, layers in results if leaves != RAISES], or_neither=False)  # type: ignore[misc]
        return min(leaves for leaves, _ in results)

    def _loop(self, body: Sequence[ast.stmt], head: Callable[[], None], *, runs: bool, orelse: Sequence[ast.stmt]) -> None:
        self.loop_depth += 1
        for _ in range(2 if self.loop_depth <= MAX_LOOP_DEPTH else 1):  # twice: what one turn leaves, the next one sees
            self.open()
            head()
            self.block(body)
            self.merge([self.close()], or_neither=not runs)
        self.loop_depth -= 1
        self.block(orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        items = self.all_elements(self.value(node.iter), iterate=True)
        self._loop(node.body, lambda: self.assign(node.target, items), runs=True, orelse=node.orelse)

    _asyncfor = _for

    def _while(self, node: ast.While) -> None:
        self.truth(node.test)
        self._loop(node.body, lambda: None, runs=constant_truth(node.test) is True, orelse=node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> int:
        managers: list[tuple[ast.expr, Value]] = []
        for item in node.items:
            value = self.value(item.context_expr)
            entered = self._run_special(item.context_expr, value, "__aenter__" if isinstance(node, ast.AsyncWith) else "__enter__")
            managers.append((item.context_expr, value))
            value = self._entered(value)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered | value)
        leaves = self.block(node.body)
        for place, value in reversed(managers):
            self._run_special(place, value, "__aexit__" if isinstance(node, ast.AsyncWith) else "__exit__")
        return leaves

    def _entered(self, value: Value) -> Value:
        """Return what a context manager gives; one that was written as a generator runs, and gives what it yields."""
        generators = frozenset(each for each in value if self.heap.things[each].type == GENERATOR)
        return (value - generators) | self.all_elements(generators)

    def _run_special(self, node: ast.AST, value: Value, name: str) -> Value:
        """Run a special method where the notebook's class has it."""
        return self.call_method(node, value, name, [], {}) if self.is_notebook_instance(value) else NOTHING

    _asyncwith = _with

    def _try(self, node: ast.Try) -> int | None:
        fresh = [name for statement in node.body for name in bound_names(statement) if self.frame.get(name) is None]
        self.open()
        leaves = self.block(node.body)
        raises = leaves == RAISES
        if leaves == GOES_ON:
            leaves = self.block(node.orelse)
        body = self.close()
        self.merge([body], or_neither=bool(node.handlers))  # a handler may find any part of the body done
        branches = []
        for handler in node.handlers:
            result, layers = self._handler(handler)
            if result != RAISES:
                branches.append(layers)
                leaves = min(leaves, result)
        self.merge([*([body] if not (raises and branches) else []), *branches], or_neither=False)
        self._body_wins(fresh)
        return max(leaves, self.block(node.finalbody))

    def _handler(self, handler: ast.ExceptHandler) -> tuple[int, tuple[Layer, Layer]]:
        if handler.type is not None:
            self.value(handler.type)
        self.open()
        if handler.name:
            self.bind(handler.name, NOTHING, handler)
        result = self.block(handler.body)
        layers = self.close()
        if handler.name:  # it does not outlive the handler
            for layer in layers:
                layer.pop(handler.name, None)
            self.record.binds.pop(handler.name if self.frame is self.top else "", None)
        return result, layers

    _trystar = _try

    def _body_wins(self, names: Sequence[str]) -> None:
        """Names that only the body binds are bound after it: a `try` is taken to succeed where nothing else could have given the value."""
        for name in names:
            entry = self.frame.get(name)
            if entry is not None and self.frame is self.top and self.current in entry.producers:
                self.frame.set(name, entry._replace(producers=frozenset((self.current,)), sure=True))

    def _match(self, node: ast.Match) -> int:
        subject = self.value(node.subject)
        results = []
        exhaustive = False
        for case in node.cases:
            self.open()
            self._pattern(case.pattern, subject)
            if case.guard is not None:
                self.value(case.guard)
            leaves = self.block(case.body)
            layers = self.close()
            exhaustive = exhaustive or (case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None)
            results.append((leaves, layers))
        self.merge([layers for leaves, layers in results if leaves != RAISES], or_neither=not exhaustive)
        return min((leaves for leaves, _ in results), default=GOES_ON) if exhaustive else GOES_ON

    def _pattern(self, pattern: ast.pattern, subject: Value) -> None:
        for part in ast.walk(pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(part, ast.MatchAs | ast.MatchStar | ast.MatchMapping) and name:
                self.bind(name, subject | self.all_elements(subject), part)
            elif isinstance(part, ast.MatchValue):
                self.value(part.value)
            elif isinstance(part, ast.MatchClass):
                self.value(part.cls)


RUNS = by_node(Statements)
