"""The safe fixes of `nb2pipe check --fix`: tags and spans of code are rewritten in place, every other byte of the notebook stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nb2pipe.source import Pos


def fix_tags(path: str) -> int:
    """Write Kale's tags as ours; return how many cells changed. What is no notebook of format 4 is left alone.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or written.
    """
    from nb2pipe.errors import Nb2PipeError
    from nb2pipe.frontend.tags import translate
    from nb2pipe.frontend.write import write_tags

    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs start-up
            document = json.load(file)
    except OSError as error:
        raise Nb2PipeError(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}", hint="check the path") from error
    except (ValueError, RecursionError):
        return 0
    cells = document.get("cells") if isinstance(document, dict) else None
    changes: dict[int, list[str]] = {}
    for index, cell in enumerate(cells if isinstance(cells, list) else []):
        tags = _tags(cell)
        fixed = [ours if (ours := translate(tag)) is not None else tag for tag in tags]
        if fixed != tags:
            changes[index] = list(dict.fromkeys(fixed))
    if changes:
        write_tags(path, changes)
    return len(changes)


def _tags(cell: object) -> list[str]:
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def fix_findings(path: str, backend: str) -> int:
    """Carry out the edits that findings offer, and take out ``ignore:`` tags that silence nothing (NB109); return how many were fixed.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or written.
    """
    from nb2pipe.api import check_file
    from nb2pipe.frontend.edits import edit_sources
    from nb2pipe.frontend.write import rewrite, write_tags

    checked = check_file(path, backend=backend)
    if checked.notebook is None or not path.endswith(".ipynb"):
        return 0
    cells = {cell.id: cell for cell in checked.notebook.cells}
    edits = [edit for finding in checked.diagnostics for edit in finding.edits if edit.span.start.line == edit.span.end.line]
    changes: dict[int, list[tuple[Pos, Pos, str]]] = {}
    for edit in edits:
        changes.setdefault(cells[edit.span.cell].index, []).append((edit.span.start, edit.span.end, edit.text))
    if changes:
        rewrite(path, lambda text: edit_sources(text, changes))
    idle = [
        (cells[each.span.cell].index, each.violation.text("{suppressed}"))
        for each in checked.diagnostics
        if each.code == "NB109" and each.span
    ]
    tags: dict[int, list[str]] = {}
    for index, code in idle:
        old = tags.get(index) or _tags(_cells_of(path)[index])
        tags[index] = [tag for tag in old if tag.strip().lower() != f"ignore:{code}".lower()]
    if tags:
        write_tags(path, tags)
    return len(edits) + len(idle)


def _cells_of(path: str) -> list[object]:
    with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123 - pathlib costs start-up
        cells: list[object] = json.load(file)["cells"]
    return cells
