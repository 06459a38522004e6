"""What a notebook's learning code did → scores on seen rows, leaks, transformations that a saved model lacks, splits against time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Label
from nb2pipe.ir.notebook import CellKind
from nb2pipe.review.calls import evaluate
from nb2pipe.review.learning import Fitted
from nb2pipe.review.tracing import Names
from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.review.tracing import Trace

FINAL = r"(?:^|_)(?:test|val|valid|validation|final|holdout)(?:_|$)"


def find_doubtful(notebook: Notebook) -> Iterator[Diagnostic]:
    """Report all of it."""
    trace = _read(notebook)
    yield from _scores(trace)
    yield from _leaks(trace)
    yield from _left_out(trace)
    yield from _times(trace)


def _read(notebook: Notebook) -> Trace:
    cells = [cell for cell in notebook.cells if cell.kind is CellKind.CODE and not any(tag.verb == "skip" for tag in cell.tags)]
    names = Names(evaluate)
    for cell in cells:
        if cell.tree is not None:
            names.place = _placer(cell)
            names.block(cell.tree.body)
    return names.trace


def _placer(cell: Cell) -> Callable[[ast.AST], Span]:
    """Return a function that gives nodes of a cell their spans."""
    lines = cell.analysed.split("\n")

    def place(node: ast.AST) -> Span:
        line, end = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        start = column_of_utf8(lines[line - 1], getattr(node, "col_offset", 0))
        return Span(cell.id, Pos(line, start), Pos(end, column_of_utf8(lines[end - 1], getattr(node, "end_col_offset", 0))))

    return place


def _scores(trace: Trace) -> Iterator[Diagnostic]:
    """Report the first score of a model on rows that it saw, unless others say how it does on new ones."""
    for model in trace.models:
        seen = [each for each in model.evaluations if each.seen]
        called_test = [each for each in seen if re.search(FINAL, each.named)]
        chosen = called_test or ([] if model.validated else seen[:1])
        for each in chosen[:1]:
            from nb2pipe.rules.nb308 import EvaluationOnTrainingData

            only = f", and calls the result `{each.named}`" if called_test else ", and nothing scores it on others"
            yield EvaluationOnTrainingData(call=each.label, only=only).at(each.span, Label(each.fitted, "fitted here"))


def _leaks(trace: Trace) -> Iterator[Diagnostic]:
    """Report what learned from rows that a split sets aside afterwards, or from the test rows themselves."""
    from nb2pipe.rules.nb309 import FitBeforeSplit

    told: set[Span] = set()
    for split in trace.splits:
        for data in split.data:
            for fit in data.fits if not data.part else ():
                if fit.span not in told:
                    told.add(fit.span)
                    rows = f"all rows, before `{split.label}` sets some aside"
                    yield FitBeforeSplit(call=fit.label, rows=rows).at(fit.span, Label(split.span, "split here"))
    for fit in trace.test_fits:
        if fit.span not in told:
            told.add(fit.span)
            yield FitBeforeSplit(call=fit.label, rows="the test rows").at(fit.span)


def _left_out(trace: Trace) -> Iterator[Diagnostic]:
    """Report the transformations of a saved model's training data that are saved nowhere."""
    saved = {id(each) for save in trace.saves for each in save.things if isinstance(each, Fitted)}
    told: set[Span] = set()
    for save in trace.saves:
        for model in save.things:
            if not isinstance(model, Fitted) or model.data is None or model.learns_rows:
                continue
            for fit in model.data.made:
                if fit.span in told or (fit.maker is not None and id(fit.maker) in saved):
                    continue
                told.add(fit.span)
                from nb2pipe.rules.nb310 import TransformationOutsideModel

                yield TransformationOutsideModel(call=fit.label, model=save.name).at(fit.span, Label(save.span, "saved here"))


def _times(trace: Trace) -> Iterator[Diagnostic]:
    """Report the first split of each table with a time column that takes no account of it."""
    told: list[object] = []
    for split in trace.splits:
        for data in split.data:
            if data.rows.time is None or split.ordered or any(each is data.rows for each in told):
                continue
            told += [each.rows for each in split.data]
            from nb2pipe.rules.nb311 import SplitIgnoresTime

            yield SplitIgnoresTime(call=split.label).at(split.span, Label(data.rows.time, "the time column"))
