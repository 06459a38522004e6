"""A notebook and the text of its file → on which line of the file each line of a cell stands, for annotations of a diff."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from nb2pipe.frontend.percent import HEADER, MARKER
from nb2pipe.frontend.write import items_at, members_at, place_of_cells

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.source import CellId


def file_lines(notebook: Notebook, text: str) -> dict[CellId, tuple[int, ...]]:
    """Find the lines, from 1; a cell that cannot be found is left out."""
    found = _of_script(text) if notebook.path.endswith(".py") else _of_notebook(text)
    cells = notebook.cells
    if len(found) != len(cells):
        return {}
    pairs = zip(cells, found, strict=True)
    return {cell.id: lines[: cell.source.count("\n") + 1] for cell, lines in pairs if len(lines) > cell.source.count("\n")}


def _of_notebook(text: str) -> list[tuple[int, ...]]:
    """Follow the source of each cell of a notebook of format 4: a list of lines, or one text on one line."""
    from nb2pipe.errors import Nb2PipeError

    try:
        cells = place_of_cells(text)
    except Nb2PipeError:
        return []
    found: list[tuple[int, ...]] = []
    line, counted = 1, 0
    for start, _ in cells:
        source = dict(members_at(text, start)).get("source")
        if source is None:
            found.append(())
            continue
        places = list(items_at(text, source[0])) if text[source[0]] == "[" else [source]
        lines: list[int] = []
        open_at = True  # the line of the cell that is being read has no text yet, so it begins with the next item
        for first, last in places:
            line, counted = line + text.count("\n", counted, first), first
            parts = re.split(r"\r\n|\r|\n", json.loads(text[first:last]))
            lines[len(lines) - open_at :] = [line] * (len(parts) - (not open_at))
            open_at = not parts[-1]
        found.append(tuple(lines) or (line + text.count("\n", counted, source[0]),))
    return found


def _of_script(text: str) -> list[tuple[int, ...]]:
    """Follow the markers of a percent script."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    header = re.match(HEADER, text)
    first = text.count("\n", 0, header.end()) if header else 0
    lines = text.split("\n")
    markers = [number for number, line in enumerate(lines) if number >= first and re.match(MARKER, line)]
    starts = [*([first - 1] if any(line.strip() for line in lines[first : (markers or [len(lines)])[0]]) else []), *markers]
    ends = [*starts[1:], len(lines)]
    return [tuple(range(start + 2, max(end, start + 1) + 1)) or (start + 1,) for start, end in zip(starts, ends, strict=True)]
