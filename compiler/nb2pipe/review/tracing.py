"""The code of a notebook, read once from top to bottom → what it splits, fits, scores and saves.

An abstract run of the top level with one value for each name; loops and branches are read once, functions are not entered. What it does
not understand is fresh, unknown data, so that it errs on the side of silence.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.record import field, record, replace
from nb2pipe.review import learning
from nb2pipe.review.learning import Data, Fit, Fitted, Index, Predicted, Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from nb2pipe.source import Span

Value = Data | Fitted | Predicted | Index | list["Value | None"] | None


@record()
class Split:
    """Rows are set aside: by a call, from data; `ordered` when later rows are never before earlier ones."""

    label: str
    span: Span
    data: tuple[Data, ...]
    ordered: bool


@record()
class Save:
    """Things are written to disk by one call."""

    span: Span
    things: tuple[Value, ...]
    name: str


@record(frozen=False)
class Trace:
    """What was seen, in order."""

    splits: list[Split] = field(default_factory=list)
    saves: list[Save] = field(default_factory=list)
    models: list[Fitted] = field(default_factory=list)
    test_fits: list[Fit] = field(default_factory=list)


class Names:
    """The names of the notebook while its code is read, and what statements do to them.

    Parameters
    ----------
    call : callable
        Evaluates a call; see `calls.evaluate`.
    """

    place: Callable[[ast.AST], Span]  # of the cell that is being read

    def __init__(self, call: Callable[[Names, ast.Call], Value]) -> None:
        self.call = call
        self.values: dict[str, Value] = {}
        self.trace = Trace()
        self.target = ""  # the name that the running statement binds

    def block(self, body: list[ast.stmt]) -> None:
        """Read statements."""
        for node in body:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """Read one statement and what it contains."""
        match node:
            case ast.Assign(targets=targets, value=value):
                self.target = targets[0].id if isinstance(targets[0], ast.Name) else ""
                result = self.value(value)
                self.target = ""
                for target in targets:
                    self.bind(target, result)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                result = self.value(value)
                self.bind(target, result if isinstance(node, ast.AnnAssign) else self.joined([self.value(target), result]))
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                self.value(value)
            case ast.For(target=target, iter=items, body=body, orelse=orelse):
                self.bind(target, self.items(items))
                self.block([*body, *orelse])
            case ast.If(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
                self.value(node.test)
                self.block([*body, *orelse])
            case ast.With(items=managers, body=body):
                for manager in managers:
                    self.value(manager.context_expr)
                self.block(body)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                self.block([*body, *orelse, *(each for handler in handlers for each in handler.body), *final])
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        self.values.pop(target.id, None)
            case _:
                pass

    def bind(self, target: ast.expr, value: Value) -> None:
        """Give a target a value; items of a list one by one."""
        match target:
            case ast.Name(id=name):
                self.values[name] = value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                values = value if isinstance(value, list) and len(value) == len(parts) else [Data(rows=Rows()) for _ in parts]
                for part, each in zip(parts, values, strict=True):
                    self.bind(part, each)
            case ast.Subscript(value=ast.Name(id=name)) | ast.Subscript(value=ast.Attribute(value=ast.Name(id=name))):
                old = self.data_of(name)
                if isinstance(value, Data):  # a column of the table is given other values
                    old.rows.time = old.rows.time or value.rows.time
                    self.values[name] = replace(old, fits=(*old.fits, *value.fits), made=(*old.made, *value.made))
            case ast.Starred(value=inner):
                self.bind(inner, None)
            case _:
                pass

    def data_of(self, name: str) -> Data:
        """Return the data of a name; a name that nothing is known of is a table of its own."""
        value = self.values.get(name)
        if not isinstance(value, Data):
            value = self.values[name] = Data(rows=Rows())
        return value

    def value(self, node: ast.expr | None) -> Value:
        """Evaluate an expression."""
        match node:
            case ast.Name(id=name):
                return self.values.get(name)
            case ast.Call():
                return self.call(self, node)
            case ast.Attribute(value=ast.expr() as whole, attr=attribute):
                return self._attribute(self.value(whole), attribute)
            case ast.Subscript(value=whole, slice=key):
                return self._part(self.value(whole), key)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return [self.value(part) for part in parts]
            case ast.BinOp(left=left, right=right):
                return self._arithmetic(node, self.value(left), self.value(right))
            case ast.UnaryOp(operand=operand):
                return self.value(operand)
            case ast.Compare(left=left, comparators=others):
                return self.joined([self.value(each) for each in [left, *others]])
            case ast.Starred(value=inner) | ast.NamedExpr(value=inner) | ast.Await(value=inner):
                return self.value(inner)
            case ast.Dict(values=held):
                return [self.value(each) for each in held]
            case ast.IfExp(body=body, orelse=orelse):
                return self.value(body) or self.value(orelse)
            case ast.JoinedStr(values=held):
                for each in held:
                    self.value(each.value if isinstance(each, ast.FormattedValue) else None)
            case _:
                pass
        return None

    def _attribute(self, whole: Value, attribute: str) -> Value:
        if isinstance(whole, Fitted):
            if attribute in ("best_score_", "oob_score_", "cv_results_"):
                whole.validated = True
            return whole if attribute in ("best_estimator_", "estimator") else None
        return whole if isinstance(whole, Data) else None

    def _part(self, whole: Value, key: ast.expr) -> Value:
        """Take columns, or rows: rows of a fold are known, others are just some."""
        if (
            isinstance(whole, list)
            and isinstance(key, ast.Constant)
            and isinstance(key.value, int)
            and -len(whole) <= key.value < len(whole)
        ):
            return whole[key.value]
        if not isinstance(whole, Data):
            return None
        rows = key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key
        index = self.value(rows) if isinstance(rows, ast.Name) else None
        if isinstance(index, Index):
            return replace(whole, part=index.part, split=index.split)
        if _takes_columns(key) or (isinstance(key, ast.Name) and isinstance(self.values.get(key.id), list)):
            return whole
        return replace(whole, part="some", split=id(key))

    def _arithmetic(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        """Compute with data; with a statistic of the data in it, it is scaled by hand."""
        joined = self.joined([left, right])
        if isinstance(joined, Data) and isinstance(left, Data) and isinstance(node.op, ast.Sub | ast.Div) and _statistic(node.right):
            made = Fit(ast.unparse(node), self.place(node))
            return replace(joined, made=(*joined.made, made))
        return joined

    def joined(self, values: list[Value]) -> Value:
        """Combine what an expression is made of: data about the same rows stays so."""
        found = [each for value in values for each in (value if isinstance(value, list) else [value]) if isinstance(each, Data)]
        if not found:
            return None
        first = found[0]
        fits = tuple({fit.span: fit for each in found for fit in each.fits}.values())
        made = tuple({each.span: each for data in found for each in data.made}.values())
        if all(each.same_rows(first) for each in found):
            return replace(first, fits=fits, made=made)
        if all(each.rows is first.rows for each in found):
            return replace(first, part="some", split=id(found[-1]), fits=fits, made=made)
        return Data(rows=Rows(time=next((each.rows.time for each in found if each.rows.time), None)), fits=(), made=made)

    def items(self, node: ast.expr) -> Value:
        """Evaluate what a loop runs over: the folds of a splitter give row numbers."""
        value = self.value(node)
        return value if isinstance(value, list) and value and isinstance(value[0], Index) else None


def _takes_columns(key: ast.expr) -> bool:
    """Tell whether a key chooses columns and leaves all rows."""
    match key:
        case ast.Constant(value=str()):
            return True
        case ast.List(elts=parts):
            return bool(parts) and all(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts)
        case ast.Tuple(elts=[ast.Slice(lower=None, upper=None, step=None), *_]):
            return True
        case ast.Slice(lower=None, upper=None, step=None):
            return True
        case ast.Tuple(elts=[ast.Constant(value=str()), *_]):
            return True
        case _:
            return False


def _statistic(node: ast.expr) -> bool:
    """Tell whether an expression ends in a statistic of data, such as ``x.mean()`` or ``np.std(x)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name in learning.STATISTICS
        case ast.BinOp(left=left, right=right):
            return _statistic(left) or _statistic(right)
        case _:
            return False
