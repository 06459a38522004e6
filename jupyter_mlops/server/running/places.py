"""The id of a run in a request ↔ its folder below the server's root: `.nb2pipe/runs/NUMBER-IDENTITY` beside a notebook.

An id is the folder's name, with the notebook's folder in base64 before it, unless that is the root itself: it holds no slash, and is the
same after the server has started anew.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.submit.atomic import read_json
from nb2pipe.emit.braces import unescape_value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.server.context import Context

STATE = ".nb2pipe"
JOB, PLAN, TASK, PACKAGE = "job.json", "plan.json", "task.json", "package.yaml"
"""What a runner is told: what is asked for, and by kind the local plan, what a verification compares, the package for a cluster."""

_ID = re.compile(r"(?:([A-Za-z0-9_-]+)~)?(\d{4,12}-[0-9a-z]{1,64})")
_MOST_FOLDERS = 5_000
_SKIPPED = {"node_modules", "__pycache__", "site-packages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A run on disk: `folder` is its own, `directory` that of its notebook."""

    id: str
    folder: Path
    directory: Path

    @property
    def job(self) -> dict[str, Any]:
        """What was asked for; of a run that the terminal started, what its record says."""
        job = read_json(self.folder / JOB)
        if isinstance(job, dict):
            return job
        record = read_json(self.folder / "run.json")
        known = record if isinstance(record, dict) else {}
        values = unescape_value(known.get("parameters", {}))
        names = {key: known.get(key, "") for key in ("notebook", "pipeline")}
        return {"kind": "local", **names, "parameters": values, "values": values}


def find(context: Context, run: str) -> Place:
    """Return the run that an id means.

    Raises
    ------
    Refused
        When there is no such run below the server's root.
    """
    match = _ID.fullmatch(run)
    try:
        encoded = match[1] or "" if match else ""
        where = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8")
    except ValueError:
        match = None
    if match is not None:
        directory = context.file(where)
        folder = directory / STATE / "runs" / match[2]
        if folder.is_dir() and folder.resolve() == folder:
            return Place(id=run, folder=folder, directory=directory)
    raise Refused(404, f"there is no run `{run[:80]}` here", "it may have been deleted; the list of runs shows those that are there")


def place_of(context: Context, folder: Path) -> Place:
    """Return a run by its folder."""
    directory = folder.parents[2]
    where = context.relative(directory)
    encoded = "" if where == "." else base64.urlsafe_b64encode(where.encode("utf-8")).decode("ascii").rstrip("=") + "~"
    return Place(id=encoded + folder.name, folder=folder, directory=directory)


def runs_in(context: Context, directory: Path) -> list[Place]:
    """List the runs of the notebooks in a folder."""
    runs = directory / STATE / "runs"
    try:
        names = sorted(entry.name for entry in os.scandir(runs) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
    return [place_of(context, runs / name) for name in names if _ID.fullmatch(name)]


def all_runs(context: Context) -> Iterator[Place]:
    """List the runs below the root; hidden folders, links and installed packages are not entered, and a huge tree not to its end."""
    waiting, seen = [context.root], 0
    while waiting and seen < _MOST_FOLDERS:
        directory = waiting.pop(0)
        seen += 1
        try:
            entries = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir(follow_symlinks=False))
        except OSError:
            continue
        if STATE in entries:
            yield from runs_in(context, directory)
        waiting += [directory / name for name in entries if not name.startswith(".") and name not in _SKIPPED]
