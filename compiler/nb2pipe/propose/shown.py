"""A proposal → what people read, and the data that the JupyterLab extension shows and accepts cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.notebook import CellKind
from nb2pipe.ir.text import pipeline_data, pipeline_text
from nb2pipe.lower.placement import STEP, place_cells

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.lower.placement import Place
    from nb2pipe.propose.proposal import Proposal

LINE = 46
"""How much of a cell's first line is shown."""


def proposal_text(proposal: Proposal, pipeline: Pipeline | None, path: str, *, written: bool = False) -> str:
    """Print a proposal: each code cell with its tags, the resulting pipeline, and the command that writes, unless it is `written`."""
    added = proposal.draft.tags
    places = place_cells(proposal.notebook)[0].places
    rows = [
        (str(cell.number), first_line(cell), *_tags_and_reason(proposal, cell, places.get(cell.id))) for cell in _code(proposal.notebook)
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = [f"{number:>{widths[0]}}  {line:{widths[1]}}  {tags:{widths[2]}}  {why}".rstrip() for number, line, tags, why in rows]
    graph = pipeline_text(pipeline) if pipeline is not None else ""
    end = f"write these tags: nb2pipe tag {quoted(path)} --write\n" if added else "nothing to propose: the tags can stay as they are\n"
    return "\n".join([*lines, "", *([graph] if graph else []), "" if written else end])


def _tags_and_reason(proposal: Proposal, cell: Cell, place: Place | None) -> tuple[str, str]:
    """Return what stands beside a cell; the step that a cell without tags goes on with stands in parentheses."""
    added = proposal.draft.tags.get(cell.index, ())
    known = [tag.text for tag in cell.tags[: len(cell.tags) - len(added)]]
    shown = [*known, *(f"+{tag}" for tag in added)]
    if not shown and place is not None and place.kind == STEP:
        shown = [f"({place.step})"]
    why = proposal.draft.reasons.get(cell.index, "") if cell.parses else "cannot be read as Python, so it is in no step"
    return " ".join(shown), "" if known and not added else why


def first_line(cell: Cell) -> str:
    """Return the first line of a cell that says something, shortened."""
    lines = [line.strip() for line in cell.source.split("\n") if line.strip()]
    line = next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")
    return line if len(line) <= LINE else line[: LINE - 1] + "…"


def quoted(path: str) -> str:
    """Write a path as a shell takes it."""
    if path and all(each.isalnum() or each in "/._-+=:@%" for each in path):
        return path
    return "'" + path.replace("'", "'\"'\"'") + "'"


def _code(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook.cells if cell.kind is CellKind.CODE and cell.source.strip()]


def proposal_data(proposal: Proposal, pipeline: Pipeline | None, path: str) -> dict[str, object]:
    """Return a proposal as plain data, schema ``nb2pipe.tags/1`` (see docs/tags.md)."""
    places = place_cells(proposal.notebook)[0].places
    cells: list[dict[str, object]] = []
    for cell in _code(proposal.notebook):
        added = proposal.draft.tags.get(cell.index, ())
        place = places.get(cell.id)
        cells.append(
            {
                "cell": str(cell.id),
                "number": cell.number,
                "line": first_line(cell),
                "tags": [tag.text for tag in cell.tags[: len(cell.tags) - len(added)]],
                "add": list(added),
                "step": place.step if place is not None and place.kind == STEP else None,
                "reason": proposal.draft.reasons.get(cell.index, ""),
            }
        )
    return {
        "schema": "nb2pipe.tags/1",
        "path": path,
        "changes": len(proposal.draft.tags),
        "cells": cells,
        "pipeline": pipeline_data(pipeline) if pipeline is not None else None,
    }
