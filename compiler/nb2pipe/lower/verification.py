"""A compiled notebook → what `nb2pipe verify` compares: the cells of the whole run, the names of each step, the findings that may explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.lower.division import Merged
    from nb2pipe.source import CellId


def task_of(notebook: Notebook, pipeline: Pipeline, diagnostics: Iterable[Diagnostic], merged: Iterable[Merged] = ()) -> dict[str, object]:
    """Say what is to be compared: the cells of the whole run, the names of each step, and the findings that may explain a difference."""
    from nb2pipe.analysis.analyse import analyse
    from nb2pipe.analysis.summary import cell_summaries
    from nb2pipe.ir.notebook import CellKind
    from nb2pipe.lower.placement import METRICS, PARAMETERS, SKIP, place_cells

    found = tuple(diagnostics)
    places = place_cells(notebook)[0].places
    cells = [
        cell
        for cell in notebook.cells
        if cell.kind == CellKind.CODE
        and (not cell.parses or (cell.id in places and places[cell.id].kind not in (SKIP, METRICS)))
        and cell.source.strip()
        and not any(tag.verb == "skip" for tag in cell.tags)
    ]
    code = [cell.id for cell in notebook.cells if cell.kind == CellKind.CODE]
    touched = {code[index]: {*each["writes"], *each["mutates"]} for index, each in enumerate(cell_summaries(analyse(notebook)))}  # type: ignore[misc]
    steps = {step.name: [cell for cell in cells if cell.id in step.cells] for step in pipeline.steps}
    numbers = {cell.id: cell.number for cell in notebook.cells}
    return {
        "cells": [
            {
                "number": cell.number,
                "source": cell.source,
                "parameters": cell.id in places and places[cell.id].kind == PARAMETERS,
                "goes_on": any(tag.verb == "raises-exception" for tag in cell.tags),
                "steps": [step for step, own in steps.items() if cell in own],
                "ends": [step for step, own in steps.items() if own and own[-1] is cell],
            }
            for cell in cells
        ],
        "steps": {
            step.name: {
                "cells": [cell.number for cell in steps[step.name]],
                "names": sorted(set().union(*(touched[cell.id] for cell in steps[step.name]), *(port.names for port in step.outputs))),
                "ports": [list(port.names) for port in step.outputs],
                "once": step.control.foreach is None,
            }
            for step in pipeline.steps
        },
        "findings": [_finding(each, numbers) for each in found],
        "merged": [{"cells": list(each.cells), **_finding(each.finding, numbers)} for each in merged],
    }


def _finding(finding: Diagnostic, numbers: Mapping[CellId, int]) -> dict[str, object]:
    return {
        "code": finding.code,
        "slug": finding.violation.slug,
        "severity": finding.severity.value,
        "message": finding.message,
        "cell": numbers.get(finding.span.cell) if finding.span else None,
        "name": getattr(finding.violation, "name", None),
    }
