"""Edits of the code of cells → the notebook's file with nothing else changed, not even how a character is escaped."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from nb2pipe.frontend.write import Place, items_at, members_at, place_of_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nb2pipe.source import Pos

Change = tuple["Pos", "Pos", str]
CHARACTER = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]"
"""One character of a JSON string, however it is written."""


def edit_sources(text: str, changes: Mapping[int, Sequence[Change]]) -> str:
    """Replace spans of one line each in the code of some cells, counted from 0 over all cells.

    Raises
    ------
    Nb2PipeError
        When the text is no notebook of format 4.
    """
    cells = place_of_cells(text)
    edits: list[tuple[int, int, str]] = []
    for index, wanted in changes.items():
        source = dict(members_at(text, cells[index][0])).get("source")
        if source is None:
            continue
        places = list(items_at(text, source[0])) if text[source[0]] == "[" else [source]
        lines = _lines(text, places)
        for start, end, new in wanted:  # on one line, and never empty
            line = lines[start.line - 1]
            edits.append((line[start.column][0], line[end.column - 1][1], json.dumps(new, ensure_ascii=False)[1:-1]))
    for first, last, new in sorted(edits, reverse=True):
        text = text[:first] + new + text[last:]
    return text


def _lines(text: str, places: Iterable[Place]) -> list[list[Place]]:
    """Find where in the file each character of each line of a cell stands."""
    lines: list[list[Place]] = [[]]
    for start, end in places:
        for found in re.compile(CHARACTER, re.DOTALL).finditer(text, start + 1, end - 1):
            lines[-1].append(found.span())
            if found[0] == r"\n":
                lines.append([])
    return lines
