"""A notebook → the same notebook with other steps: one for each cell, or a few of about equal length; for `nb2pipe verify`.

Whatever the tags say, only `skip` and `parameters` stay.
Two steps that cannot be apart become one, with the cells between them, until nothing stands in the way.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Severity
from nb2pipe.frontend.settings import settings_of
from nb2pipe.ir.notebook import CellKind, Tag
from nb2pipe.lower.pipeline import lower
from nb2pipe.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.source import CellId

KEPT = ("parameters", "skip", "ignore", "raises-exception")
"""Tags that go on meaning what they say."""

APART = frozenset(("NB202", "NB206", "NB401"))
"""Errors that end when the steps between which they arise are one."""

Parts = list[list["Cell"]]


@record(kw_only=True)
class Merged:
    """Cells that had to be one step, by number, and the finding that says why."""

    cells: tuple[int, ...]
    finding: Diagnostic


@record(kw_only=True)
class Divided:
    """A notebook in other steps; `pipeline` is None when there is nothing to run."""

    notebook: Notebook
    pipeline: Pipeline | None
    diagnostics: tuple[Diagnostic, ...]
    merged: tuple[Merged, ...]


def surviving(notebook: Notebook) -> Notebook:
    """Tag every cell so that a step goes on behind it when it raises."""
    tag = Tag(verb="raises-exception", argument="", text="raises-exception")
    return replace(
        notebook, cells=tuple(replace(cell, tags=(*cell.tags, tag)) if cell.kind == CellKind.CODE else cell for cell in notebook.cells)
    )


def divide(notebook: Notebook, steps: int | None = None) -> Divided:
    """Lower a notebook in `steps` steps of about equal length (None: one for each cell), merged where they cannot be apart."""
    cells = _cells(notebook)
    size = len(cells) if steps is None else min(steps, len(cells))
    ends = [round(len(cells) * place / size) for place in range(size + 1)] if size else []
    parts: Parts = [cells[start:end] for start, end in pairwise(ends)]
    reasons: dict[CellId, Diagnostic] = {}
    while True:
        divided = _in_parts(notebook, parts)
        lowered = lower(divided)
        together = next((found for each in lowered.diagnostics if (found := _together(each, parts, lowered.value))), None)
        if together is None:
            break
        start, end, finding = together
        reasons.setdefault(parts[end][0].id, finding)
        parts[start : end + 1] = [[cell for part in parts[start : end + 1] for cell in part]]
    merged = [
        Merged(cells=tuple(cell.number for cell in part), finding=next(reasons[cell.id] for cell in part if cell.id in reasons))
        for part in parts
        if any(cell.id in reasons for cell in part)
    ]
    return Divided(notebook=divided, pipeline=lowered.value, diagnostics=lowered.diagnostics, merged=tuple(merged))


def _cells(notebook: Notebook) -> list[Cell]:
    """List the cells that become steps: code that parses and is not set aside."""
    found = []
    for cell in notebook.cells:
        if cell.kind == CellKind.CODE and cell.parses and _has_code(cell):
            settings = settings_of(cell, notebook).value
            if settings is None or not (settings.skip or settings.parameters or settings.metrics is not None):
                found.append(cell)
    return found


def _has_code(cell: Cell) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in cell.executed.split("\n"))


def _in_parts(notebook: Notebook, parts: Parts) -> Notebook:
    """Tag each cell with its part, and set aside what belongs to none."""
    names = {cell.id: name_of(part) for part in parts for cell in part}

    def tagged(cell: Cell) -> Cell:
        kept = tuple(tag for tag in cell.tags if tag.verb in KEPT)
        own = f"step:{names[cell.id]}" if cell.id in names else "skip"
        verb, _, argument = own.partition(":")
        if cell.kind != CellKind.CODE or not cell.parses or any(tag.verb in ("parameters", "skip") for tag in kept):
            return replace(cell, tags=kept, settings={})
        return replace(cell, tags=(*kept, Tag(verb=verb, argument=argument, text=own)), settings={})

    settings = {key: value for key, value in notebook.settings.items() if key in ("name", "pickle", "runtime")}
    return replace(notebook, cells=tuple(tagged(cell) for cell in notebook.cells), settings=settings)


def name_of(part: Sequence[Cell]) -> str:
    """Name a step after its cells: ``cell-5``, ``cells-5-8``."""
    first, last = part[0].number, part[-1].number
    return f"cell-{first}" if first == last else f"cells-{first}-{last}"


def _together(finding: Diagnostic, parts: Parts, pipeline: Pipeline | None) -> tuple[int, int, Diagnostic] | None:
    """Find the first and the last of the parts that a finding asks to be one."""
    if finding.severity != Severity.ERROR or finding.code not in APART or finding.span is None:
        return None
    place = {cell.id: index for index, part in enumerate(parts) for cell in part}
    involved = {place[span.cell] for span in (finding.span, *(label.span for label in finding.labels)) if span.cell in place}
    if not involved:
        return None
    name = getattr(finding.violation, "name", None)
    last = max(involved)
    if len(involved) == 1 and pipeline is not None:
        by_name = {name_of(part): index for index, part in enumerate(parts)}
        involved |= {by_name[step] for step in _producers(pipeline, name_of(parts[last]), name)}
    first = min(involved) if len(involved) > 1 else last - 1
    return (first, last, finding) if 0 <= first < last else None


def _producers(pipeline: Pipeline, step: str, name: str | None) -> list[str]:
    """List the steps that a step gets a name from."""
    ports = {port.name for each in pipeline.steps if each.name == step for port in each.inputs if name in port.names}
    return [edge.producer.step for edge in pipeline.edges if edge.consumer.step == step and edge.consumer.port in ports]
