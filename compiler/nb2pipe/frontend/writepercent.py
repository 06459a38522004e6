"""More tags for cells of a percent script → its text with only the marker lines of those cells changed.

A cell with ``tags=[…]`` gets them there, a cell without a title in short (``# %% step:train``), any other in jupytext's form. Text before the first
marker gets a marker of its own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from nb2pipe.errors import Nb2PipeError
from nb2pipe.frontend.percent import HEADER, MARKER, read_percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TAGS = r"(?<!\S)tags=(\[[^\]\n]*\])"


def add_percent_tags(text: str, tags: Mapping[int, Sequence[str]]) -> str:
    """Add tags to some cells, counted from 0 over all cells, in the text of a percent script.

    Raises
    ------
    Nb2PipeError
        When the text has no such cell.
    """
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    newline = "\r\n" if "\r\n" in text else "\n"
    markers = _markers(lines)
    for index, wanted in tags.items():
        if not 0 <= index < len(markers):
            raise Nb2PipeError(f"the notebook has no cell {index + 1}", hint="count all cells, from 1")
        at, own = markers[index]
        if own:
            line = lines[at].rstrip("\r\n")
            lines[at] = _tagged(line, wanted) + lines[at][len(line) :]
        else:
            mark = "\ufeff" if lines[at].startswith("\ufeff") else ""
            lines[at] = f"{mark}# %% {' '.join(wanted)}{newline}" + lines[at].removeprefix(mark)
    return "".join(lines)


def _markers(lines: Sequence[str]) -> list[tuple[int, bool]]:
    """Return the line of each cell's marker; False for the first cell when it has none, with the line above which one belongs."""
    start = _after_header(lines)
    found = [(at, True) for at, line in enumerate(lines) if at >= start and re.match(MARKER, line.removeprefix("\ufeff").rstrip("\r\n"))]
    first = found[0][0] if found else len(lines)
    return [(start, False), *found] if any(line.strip("\ufeff \t\r\n\f") for line in lines[start:first]) else found


def _after_header(lines: Sequence[str]) -> int:
    header = re.match(HEADER, "".join(re.sub(r"\r\n?", "\n", line) for line in lines).removeprefix("\ufeff"))
    return header[0].count("\n") if header else 0


def _tagged(marker: str, tags: Sequence[str]) -> str:
    """Add tags to a marker line so that it is read with them, in the form that it has."""
    given = re.search(TAGS, marker)
    if given:
        try:
            known = json.loads(given[1])
        except ValueError:
            known = None
        if isinstance(known, list):
            return marker[: given.start(1)] + json.dumps([*known, *tags], ensure_ascii=False) + marker[given.end(1) :]
    short = f"{marker.rstrip()} {' '.join(tags)}"
    if not given and _reads_as(short, marker, tags):
        return short
    return f"{marker.rstrip()} tags={json.dumps(list(tags), ensure_ascii=False)}"


def _reads_as(short: str, marker: str, tags: Sequence[str]) -> bool:
    """Tell whether a marker in short form has all the tags of the old one and the new ones."""
    old, new = (read_percent(f"{each}\n1\n", "").value for each in (marker, short))
    assert old is not None
    assert new is not None
    return [tag.text for tag in new.cells[0].tags] == [*(tag.text for tag in old.cells[0].tags), *tags]
