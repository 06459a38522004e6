"""One call in learning code → its value, and what it adds to the trace: splits, fits, scores and saves."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.record import replace
from nb2pipe.review import learning
from nb2pipe.review.learning import Data, Evaluation, Fit, Fitted, Index, Predicted, Rows
from nb2pipe.review.tracing import Save, Split

if TYPE_CHECKING:
    from nb2pipe.review.tracing import Names, Value


def evaluate(names: Names, node: ast.Call) -> Value:
    """Evaluate a call."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    owner = names.value(node.func.value) if isinstance(node.func, ast.Attribute) else None
    given = [names.value(each) for each in node.args]
    keywords = {each.arg: names.value(each.value) for each in node.keywords if each.arg}
    if name == "train_test_split":
        return _split(names, node, given)
    if name in learning.CROSS:
        return _cross(names, node, given)
    if name in learning.SAVERS:
        return _save(names, node, owner)
    if _is_metric(name) and not isinstance(owner, Fitted):
        return _metric(names, node, [*given, *keywords.values()])
    if isinstance(node.func, ast.Attribute) and name in METHODS:
        done = METHODS[name](names, node, owner, [*given, *(keywords[key] for key in ("X", "x", "y") if key in keywords)])
        if done is not None:
            return done
    return _made(names, node, name, owner, [*given, *keywords.values()])


def _made(names: Names, node: ast.Call, name: str, owner: Value, given: list[Value]) -> Value:
    """Make the value of a call that only computes."""
    if name in learning.LEARNING_FUNCTIONS and given and isinstance(given[0], Data):
        return _learned(given[0], _fit_of(names, node))
    if name in learning.FOLDS or name == "TimeSeriesSplit":
        return Fitted(kind=name, ordered=name == "TimeSeriesSplit")
    if name[:1].isupper() and (
        name in learning.LEARNERS | learning.UNSUPERVISED | learning.PIPELINES | learning.SEARCHES or name.endswith(learning.MODEL_ENDS)
    ):
        ordered = any(isinstance(each, Fitted) and each.ordered for each in given)
        return Fitted(kind=name, supervised=name not in learning.LEARNERS | learning.UNSUPERVISED, ordered=ordered)
    if isinstance(owner, Data):
        return _method_of_data(names, node, name, owner, given)
    if name in learning.FUNCTIONS:
        data = names.joined(given)
        if isinstance(data, Data) and name == "get_dummies":
            return replace(data, made=(*data.made, _fit_of(names, node)))
        return data if data is not None else Data(rows=Rows())
    rows = Rows()
    if name in ("to_datetime", "date_range") or any(each.arg == "parse_dates" and not _is_false(each.value) for each in node.keywords):
        rows.time = names.place(node)
        base = names.joined(given)
        if isinstance(base, Data) and name == "to_datetime":
            base.rows.time = base.rows.time or rows.time
            return base
    times = [each.rows.time for each in given if isinstance(each, Data) and each.rows.time]
    rows.time = rows.time or (times[0] if times and name == "DataFrame" else None)
    return Data(rows=rows)


def _method_of_data(names: Names, node: ast.Call, name: str, owner: Data, given: list[Value]) -> Value:
    if name not in learning.SAME_ROWS:
        return replace(owner, part="some", split=id(node)) if name in ("sample", "head", "tail", "query") else None
    result: Value = names.joined([owner, *given]) if name in ("join", "where") else owner
    filled = isinstance(result, Data) and name == "fillna" and node.args and _has_statistic(node.args[0])
    if filled and isinstance(result, Data):
        result = replace(result, made=(*result.made, _fit_of(names, node)))
        if any(each.arg == "inplace" for each in node.keywords) and isinstance(node.func, ast.Attribute):
            base = node.func.value
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                names.values[base.id] = replace(names.data_of(base.id), made=result.made)
    return result


def _split(names: Names, node: ast.Call, given: list[Value]) -> Value:
    """Split data in two: each argument becomes a training and a test part."""
    keywords = {each.arg: each.value for each in node.keywords}
    parts: list[Value] = []
    tables = [
        names.data_of(arg.id) if isinstance(arg, ast.Name) and not isinstance(value, Data) else value
        for arg, value in zip(node.args, given, strict=True)
    ]
    if any(isinstance(each, ast.Starred) for each in node.args):
        return None
    for table in tables:
        for part in ("train", "test"):
            data = table if isinstance(table, Data) else Data(rows=Rows())
            parts.append(
                replace(data, part=part, split=id(node))
                if not data.part
                else replace(data, part=part, split=id(node), rows=Rows(time=data.rows.time))
            )
    whole = tuple(each for each in tables if isinstance(each, Data))
    names.trace.splits.append(
        Split("train_test_split", names.place(node.func), whole, "shuffle" in keywords and _is_false(keywords["shuffle"]))
    )
    return parts


def _cross(names: Names, node: ast.Call, given: list[Value]) -> Value:
    """Score a model on folds: on rows that it has not seen."""
    for each in given[:1]:
        if isinstance(each, Fitted):
            each.validated = True
    cv = next((names.value(each.value) for each in node.keywords if each.arg == "cv"), None)
    ordered = isinstance(cv, Fitted) and cv.ordered
    tables = tuple(each for each in given[1:] if isinstance(each, Data))
    label = ast.unparse(node.func)
    names.trace.splits.append(Split(label, names.place(node.func), tables, ordered))
    return None


def _save(names: Names, node: ast.Call, owner: Value) -> Value:
    things = [owner] if isinstance(owner, Fitted) else []
    written = [
        part
        for each in [*node.args, *(keyword.value for keyword in node.keywords)]
        for part in ast.walk(each)
        if isinstance(part, ast.Name)
    ]
    model = next((part.id for part in written if isinstance(names.values.get(part.id), Fitted)), "")
    if not model and isinstance(node.func, ast.Attribute):
        model = ast.unparse(node.func.value)
    values = [*things, *(names.values.get(part.id) for part in written)]
    names.trace.saves.append(Save(names.place(node), tuple(values), model))
    return None


def _fit(names: Names, node: ast.Call, owner: Value, given: list[Value]) -> Value:
    """Fit something; what is fitted was not known before may be anything with a `fit`."""
    fitted = owner if isinstance(owner, Fitted) else None
    if fitted is None:
        fitted = Fitted(kind="", supervised=len(given) > 1)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            names.values[node.func.value.id] = fitted
    if any(each.arg in ("validation_data", "validation_split", "eval_set") for each in node.keywords):
        fitted.validated = True
    if not fitted.kind:
        fitted.supervised = len(given) > 1
    fitted.data = given[0] if given and isinstance(given[0], Data) else None
    fitted.span = names.place(node)
    if not any(each is fitted for each in names.trace.models):
        names.trace.models.append(fitted)
    return fitted


def _fit_transform(names: Names, node: ast.Call, owner: Value, given: list[Value]) -> Value:
    fitted = _fit(names, node, owner, given)
    data = fitted.data if isinstance(fitted, Fitted) else None
    if not isinstance(fitted, Fitted) or data is None:
        return Data(rows=Rows())
    return _transformed(names, node, fitted, data)


def _transform(names: Names, node: ast.Call, owner: Value, given: list[Value]) -> Value:
    if not isinstance(owner, Fitted) or not given or not isinstance(given[0], Data):
        return None
    return _transformed(names, node, owner, given[0])


def _resample(names: Names, node: ast.Call, owner: Value, given: list[Value]) -> Value:
    """Make further rows from rows; those of a part stay of that part."""
    _fit(names, node, owner, given)
    fit = _fit_of(names, node)
    return [_learned(each, fit) if isinstance(each, Data) else None for each in given]


def _transformed(names: Names, node: ast.Call, fitted: Fitted, data: Data) -> Data:
    """Return data after a transformer: marked when it had learned from all rows."""
    if not fitted.learns_rows or fitted.data is None:
        return data
    fit = _fit_of(names, node, fitted)
    if fitted.span is not None and not (isinstance(node.func, ast.Attribute) and node.func.attr == "fit_transform"):
        fit = Fit(f"{fit.label.rpartition('.')[0]}.fit", fitted.span, fitted)
    elif data.part == "test":
        names.trace.test_fits.append(fit)
    whole = fitted.data.rows is data.rows and not fitted.data.part
    return replace(data, fits=(*data.fits, fit) if whole else data.fits, made=(*data.made, fit))


def _predict(_names: Names, _node: ast.Call, owner: Value, given: list[Value]) -> Value:
    if isinstance(owner, Fitted) and given and isinstance(given[0], Data):
        return Predicted(owner, given[0])
    return None


def _score(names: Names, node: ast.Call, owner: Value, given: list[Value]) -> Value:
    if isinstance(owner, Fitted) and given and isinstance(given[0], Data):
        _evaluated(names, node, owner, given[0])
    elif isinstance(owner, Fitted):
        owner.validated = True
    return None


def _metric(names: Names, node: ast.Call, given: list[Value]) -> Value:
    predicted = next((each for each in given if isinstance(each, Predicted)), None)
    if predicted is not None:
        _evaluated(names, node, predicted.model, predicted.data)
    return None


def _evaluated(names: Names, node: ast.Call, model: Fitted, data: Data) -> None:
    """Note a score, and whether the model had seen the rows."""
    if model.data is None or model.span is None or not model.supervised:
        model.validated = True
        return
    seen = model.data.holds(data)
    model.validated = model.validated or not seen
    model.evaluations.append(Evaluation(ast.unparse(node.func), names.place(node), seen, model.span, names.target))


def _folds(names: Names, node: ast.Call, owner: Value, given: list[Value]) -> Value:
    """Split into folds, each a pair of row numbers."""
    if not isinstance(owner, Fitted) or (owner.kind not in learning.FOLDS and not owner.ordered):
        return None
    tables = tuple(each for each in given if isinstance(each, Data))
    names.trace.splits.append(Split(ast.unparse(node.func), names.place(node.func), tables, owner.ordered))
    return [Index("train", id(node)), Index("test", id(node))]


def _learned(data: Data, fit: Fit) -> Data:
    return replace(data, fits=(*data.fits, fit) if not data.part else data.fits, made=(*data.made, fit))


def _fit_of(names: Names, node: ast.Call, maker: Fitted | None = None) -> Fit:
    return Fit(ast.unparse(node.func), names.place(node), maker)


def _is_metric(name: str) -> bool:
    return name in learning.METRICS or name.endswith(learning.METRIC_ENDS)


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _has_statistic(node: ast.expr) -> bool:
    """Tell whether an expression calls a statistic of data."""
    return any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in learning.STATISTICS
        for each in ast.walk(node)
    )


METHODS = {
    "fit": _fit,
    "partial_fit": _fit,
    "fit_transform": _fit_transform,
    "fit_resample": _resample,
    "fit_sample": _resample,
    "transform": _transform,
    "predict": _predict,
    "predict_proba": _predict,
    "decision_function": _predict,
    "predict_classes": _predict,
    "score": _score,
    "evaluate": _score,
    "split": _folds,
}
