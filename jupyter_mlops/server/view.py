"""A notebook as it is in the editor → all that the editor shows of it: cells, findings with their fixes, the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.chips import of_tags
from jupyter_mlops.server.graphs import graph_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_mlops.server.context import Context
    from nb2pipe.fixes import Fix
    from nb2pipe.outline import CellOutline, Outline
    from nb2pipe.source import CellId

Json = dict[str, Any]


def view(context: Context, body: Mapping[str, Any]) -> Json:
    """Answer `view`."""
    from nb2pipe.collector import Resting

    with Resting():  # it makes many small values that all are kept, so a collection in the middle finds nothing, and takes as long again
        return view_of(context.outline(body), body["cells"])


def view_of(outline: Outline, sent: Sequence[Json]) -> Json:
    """Write an outline as the schema's `View`; `sent` are the cells of the request."""
    graph = graph_of(outline)
    colours = {node["name"]: node["colour"] for node in graph["nodes"]} if graph else {}
    diagnostics = list(_diagnostics(outline, sent))
    return {
        "cells": list(_cells(outline, colours) if outline.cells else _unknown(sent)),
        "diagnostics": diagnostics,
        "graph": graph,
        "kale": "kale" in outline.notebook.settings,
        "runnable": graph is not None and not any(each["severity"] == "error" for each in diagnostics),
    }


def _cells(outline: Outline, colours: Mapping[str, int]) -> Iterator[Json]:
    steps: dict[str, list[str]] = {}
    for each in outline.cells:
        if each.step is not None:
            steps.setdefault(each.step, []).append(str(each.cell.id))
    numbers = {**{step: number for number, step in enumerate(steps)}, **colours}
    for each in outline.cells:
        mine = steps.get(each.step or "", [])
        yield {
            "id": str(each.cell.id),
            "number": each.cell.number,
            "place": each.place,
            "step": each.step,
            "tagged": _is_tagged(each),
            "first": bool(mine) and mine[0] == each.cell.id,
            "last": bool(mine) and mine[-1] == each.cell.id,
            "colour": None if each.step is None else numbers[each.step],
            "role": each.settings.role if each.settings is not None else None,
            "chips": of_tags(each.cell.tags),
            "reads": list(each.reads),
            "writes": list(each.writes),
            "mutates": list(each.mutates),
            "needs": [str(cell) for cell in each.needs],
        }


def _unknown(sent: Sequence[Json]) -> Iterator[Json]:
    """Describe the cells of a notebook that cannot be read: nothing is known of them."""
    for number, cell in enumerate(sent, 1):
        place = "none" if cell["type"] == "code" else "text"
        nothing: Json = {"step": None, "tagged": False, "first": False, "last": False, "colour": None, "role": None}
        lists: Json = {name: [] for name in ("chips", "reads", "writes", "mutates", "needs")}
        yield {"id": cell["id"], "number": number, "place": place, **nothing, **lists}


def _is_tagged(cell: CellOutline) -> bool:
    """Tell whether a cell says itself where its code goes."""
    said = cell.settings
    return said is not None and (said.step is not None or said.parameters or said.setup or said.skip)


def _diagnostics(outline: Outline, sent: Sequence[Json]) -> Iterator[Json]:
    from nb2pipe.diagnostics.as_json import finding_data
    from nb2pipe.diagnostics.place import in_order

    fixes = dict(zip(outline.diagnostics, outline.fixes, strict=True))
    cells = {each.cell.id: given for each, given in zip(outline.cells, sent, strict=False)}  # none of one that cannot be read
    for each in in_order(outline.diagnostics, outline.file):
        written = finding_data(each, outline.file)
        del written["edits"]
        yield {**written, "fixes": [_fix(fix, outline, cells) for fix in fixes[each]]}


def _fix(fix: Fix, outline: Outline, cells: Mapping[CellId, Json]) -> Json:
    from nb2pipe.diagnostics.as_json import place_data

    cell = cells.get(fix.cell) if fix.cell is not None else None
    retagged = (
        []
        if cell is None
        else [{"id": cell["id"], "tags": fix.apply_to(cell["tags"]), "settings": fix.apply_to_settings(cell["settings"])}]
    )
    edits = [{"text": edit.text, "place": place_data(edit.span, outline.file)} for edit in fix.edits]
    return {"title": fix.title, "edits": edits, "tags": retagged, "mutes": fix.mutes}
