"""What a step shows to people: reported values and displayed output."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import tree_of
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.ir.dataflow import StatementId
from nb2pipe.ir.pipeline import ArtifactType, Report
from nb2pipe.lower.placement import whole
from nb2pipe.lower.ports import port_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.ir.pipeline import Step
    from nb2pipe.lower.demand import Demands
    from nb2pipe.lower.placement import Placement

DRAWING = frozenset(("matplotlib", "seaborn", "plotly", "altair", "bokeh"))
SILENT_CALLS = frozenset(("print", "append", "extend", "update", "fit", "exec", "exit", "quit"))


def demand_reports(demands: Demands, settings: Mapping[str, CellSettings], placement: Placement) -> list[Diagnostic]:
    """Demand the values that a step reports but does not make itself."""
    found: list[Diagnostic] = []
    for step, needs in demands.needs.items():
        for report in settings[step].reports:
            if demands.last_in(report.name, step) is not None:
                continue
            version = demands.version_before(report.name, StatementId(needs.last + 1), outside=step)
            if version is None:
                found.append(make("NB201", name=report.name, step=step).at(whole(placement.steps[step][0])))
            else:
                demands.need(needs, report.name, version, None, at=needs.last)
    return found


def reports_of(step: Step, settings: CellSettings, placement: Placement, demands: Demands) -> tuple[Report, ...]:
    """Return the reports of a step, Kale's metrics cell included: its names are metrics of the steps that bind them last."""
    found = {(report.name, report.kind): report for report in settings.reports}
    for _, names in placement.metrics:
        for name in names:
            versions = demands.graph.versions.get(name, ())
            if versions and demands.owners[versions[-1].statement] == step.name:
                found[name, ArtifactType.METRICS] = Report(port="", name=name, kind=ArtifactType.METRICS)
    taken = {port.name for port in step.outputs} | {"display"}
    reports = []
    for name, kind in sorted(found, key=lambda each: (each[0], each[1].value)):
        port = f"{port_name(name)}_{kind.value.lower()}"
        while port in taken:
            port += "_report"
        taken.add(port)
        reports.append(Report(port=port, name=name, kind=kind))
    return tuple(reports)


def shows_something(cells: Iterable[Cell], graph: DataflowGraph, used: Iterable[int]) -> bool:
    """Tell whether a step may display anything: a cell ends in an expression, calls `display`, or a drawing library is used."""
    if any(not DRAWING.isdisjoint(graph.statements[each].imports) for each in used):
        return True
    for cell in cells:
        if "display(" in cell.source or cell.analysed != cell.executed:
            return True
        body = tree_of(cell).body
        if body and isinstance(body[-1], ast.Expr) and not cell.analysed.rstrip().endswith(";"):
            value = body[-1].value
            called = value.func if isinstance(value, ast.Call) else None
            name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            if name not in SILENT_CALLS and not (isinstance(value, ast.Constant) and value.value is None):
                return True
    return False
