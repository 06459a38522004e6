"""A notebook as it is in the editor → its pipeline file, with what changes against the one beside it; and its export as a project."""

from __future__ import annotations

import difflib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.server.documents import path_of, text_of
from jupyter_mlops.server.running.compiled import without_pipeline
from jupyter_mlops.submit.atomic import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlops.server.context import Context

OWN = "# Compiled by nb2pipe"
"""How every file begins that may be written over."""

_AROUND = 3


def compile_notebook(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Compile a notebook, and write the file if that is asked for."""
    notebook = body["notebook"]
    beside = str(PurePosixPath(notebook["path"]).with_suffix(".yaml"))
    target = context.file(body.get("output") or beside, ".yaml", ".yml")
    text = _compiled(context, notebook)
    previous = _read(target)
    diff = list(_diff(previous.split("\n"), text.split("\n"))) if previous is not None else []
    if body["write"]:
        _write(target, previous, text)
    return {
        "path": context.relative(target),
        "text": text,
        "previous": previous is not None,
        "added": sum(line["kind"] == "added" for line in diff) if previous is not None else text.count("\n"),
        "removed": sum(line["kind"] == "removed" for line in diff),
        "diff": diff,
        "written": bool(body["write"]),
    }


def _compiled(context: Context, notebook: Mapping[str, Any]) -> str:
    from nb2pipe.api import check_source, compile_pipeline

    checked = check_source(text_of(notebook), path_of(context, notebook))
    if checked.pipeline is None:
        raise without_pipeline(checked, PurePosixPath(notebook["path"]).name)
    return compile_pipeline(checked.pipeline).entry_text


def _read(target: Path) -> str | None:
    try:
        return target.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(409, f"`{target.name}` cannot be read: {error.strerror or error}", "choose another file") from error


def _write(target: Path, previous: str | None, text: str) -> None:
    if previous is not None and not previous.startswith(OWN):
        raise Refused(409, f"`{target.name}` was not written by nb2pipe, so it is not written over", "choose another file, or move it away")
    try:
        write_text(target, text)
    except OSError as error:
        raise Refused(409, f"`{target.name}` cannot be written: {error.strerror or error}", "choose another file") from error


def _diff(old: Sequence[str], new: Sequence[str]) -> Iterator[dict[str, Any]]:
    """List the lines that differ with three lines round each change; a gap stands for the same lines between."""
    reached = 0
    for group in difflib.SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > 10**7).get_grouped_opcodes(_AROUND):
        if group[0][1] > reached:
            yield _GAP
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                yield from (_line("same", old[at], at + 1, at - old_from + new_from + 1) for at in range(old_from, old_to))
            else:
                yield from (_line("removed", old[at], at + 1, None) for at in range(old_from, old_to))
                yield from (_line("added", new[at], None, at + 1) for at in range(new_from, new_to))
        reached = group[-1][2]
    if 0 < reached < len(old):
        yield _GAP


def _line(kind: str, text: str, old: int | None, new: int | None) -> dict[str, Any]:
    return {"kind": kind, "text": text, "old": old, "new": new}


_GAP = _line("gap", "", None, None)
