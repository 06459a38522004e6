"""The lifecycle verbs that cells call (`import jupyter_mlops as ml`) → the role of their step, its reports, and what the calls lack.

Only calls that a reader sees count: a verb under its imported name. What a function of the notebook calls is not looked for.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import tree_of
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.ir.pipeline import ArtifactType, Report
from nb2pipe.record import record, replace
from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.lower.placement import Placement

PACKAGE = "jupyter_mlops"

ROLES = {"gate": "gate", "deploy": "deploy", "validate": "validate", "drift": "monitor", "monitor": "monitor", "retrain_when": "monitor"}
"""The role that a verb gives its step; where a step calls several, the first one here."""

MEASURED = ("validate", "tune", "gate", "drift")
"""Their results have numbers, which become the step's metrics."""

DRAWN = (*MEASURED, "register", "deploy", "monitor", "retrain_when", "lineage")
"""Their results are reports, which become pages."""


@record(kw_only=True)
class VerbCall:
    """One call of a verb; `name` is what its result is bound to."""

    verb: str
    cell: Cell
    node: ast.Call
    name: str = ""

    def gives(self, *words: str) -> bool:
        """Tell whether the call passes one of these arguments by name, or any by ``**``."""
        return any(each.arg is None or each.arg in words for each in self.node.keywords)


def verb_calls(cells: Sequence[Cell]) -> tuple[VerbCall, ...]:
    """Find the calls of verbs in all cells of a pipeline, in order."""
    if not any(PACKAGE in cell.source for cell in cells):
        return ()
    modules, verbs = _imported(cells)
    return tuple(call for cell in cells for call in _calls(cell, modules, verbs))


def _imported(cells: Sequence[Cell]) -> tuple[set[str], dict[str, str]]:
    """Return the names of the package, and of single verbs."""
    modules: set[str] = set()
    verbs: dict[str, str] = {}
    for cell in cells:
        if PACKAGE not in cell.source:
            continue
        for node in ast.walk(tree_of(cell)):
            if isinstance(node, ast.Import):
                modules.update(alias.asname or alias.name for alias in node.names if alias.name == PACKAGE)
            elif isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
                verbs.update((alias.asname or alias.name, alias.name) for alias in node.names)
    return modules, verbs


def _calls(cell: Cell, modules: set[str], verbs: Mapping[str, str]) -> Iterator[VerbCall]:
    for statement in tree_of(cell).body:
        bound = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        for node in ast.walk(statement):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Name):
                verb = verbs.get(called.id)
            elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in modules:
                verb = called.attr
            else:
                continue
            if verb:
                whole = isinstance(statement, ast.Assign) and node is statement.value and isinstance(bound, ast.Name)
                yield VerbCall(verb=verb, cell=cell, node=node, name=bound.id if whole and isinstance(bound, ast.Name) else "")


def with_lifecycle(settings: CellSettings, calls: Sequence[VerbCall], cells: Sequence[Cell]) -> CellSettings:
    """Fill in the role and the reports that the verbs in the cells of one step stand for; what its tags say comes first."""
    calls = [call for call in calls if call.cell in cells]
    if not calls:
        return settings
    called = {call.verb for call in calls}
    role = settings.role or next((role for verb, role in ROLES.items() if verb in called), None)
    reports = {(each.name, each.kind): each for each in settings.reports}
    for call in calls:
        if call.name and call.verb in MEASURED:
            reports.setdefault((call.name, ArtifactType.METRICS), Report(port="", name=call.name, kind=ArtifactType.METRICS))
        if call.name and call.verb in DRAWN:
            reports.setdefault((call.name, ArtifactType.HTML), Report(port="", name=call.name, kind=ArtifactType.HTML))
    return replace(settings, role=role, reports=tuple(reports.values()))


def of_verbs(calls: Sequence[VerbCall], placement: Placement) -> Iterator[Diagnostic]:
    """Report what a call of a verb in a step lacks."""
    steps = {cell.id: step for step, cells in placement.steps.items() for cell in cells}
    framed = any(call.verb == "problem" for call in calls)
    for call in calls:
        if call.cell.id not in steps:
            continue
        span = _place(call)
        step = steps[call.cell.id]
        if call.verb == "gate" and not framed and not call.gives("problem"):
            yield make("NB605", step=step).at(span)
        if call.verb == "register" and len(call.node.args) < 3 and not call.gives("example", "signature"):
            name = ast.unparse(call.node.args[0]) if call.node.args else "model"
            yield make("NB603", name=name, step=step).at(span)
        if call.verb in ("drift", "monitor") and len(call.node.args) < 2 and not call.gives("reference"):
            yield make("NB604", step=step).at(span)


def _place(call: VerbCall) -> Span:
    """The span of the words that call the verb."""
    node, lines = call.node.func, call.cell.analysed.split("\n")
    ends = node.end_lineno or node.lineno
    start = Pos(node.lineno, column_of_utf8(lines[node.lineno - 1], node.col_offset))
    return Span(call.cell.id, start, Pos(ends, column_of_utf8(lines[ends - 1], node.end_col_offset or 0)))
