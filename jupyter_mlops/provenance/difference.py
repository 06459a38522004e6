"""Two runs → what differs: cells (as a diff of their sources), data versions, parameters, environment, metrics, results. Only what changed."""

from __future__ import annotations

import json
from difflib import get_close_matches, unified_diff
from typing import TYPE_CHECKING, Any

from jupyter_mlops.provenance.index import Node, closure, nodes, short
from jupyter_mlops.provenance.sources import kept

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

PARTS = ("code", "data", "parameters", "environment", "metrics", "results")
_FACETS = {"parameters": "parameters", "metrics": "metrics", "environment": "environment"}
_MOST_LINES = 200


def difference(connection: sqlite3.Connection, run_a: str, run_b: str, home_folder: Path) -> dict[str, Any]:
    """Compare two runs.

    Returns
    -------
    dict
        ``{"runs": [a, b], "code": […], "data": […], …}``; an entry is ``{"name", "before", "after"}``, None for what one run lacks; entries
        of code have ``"lines"``, a unified diff.

    Raises
    ------
    ValueError
        If there is no such run.
    """
    a, b = _facts(connection, run_a), _facts(connection, run_b)
    view: dict[str, Any] = {"runs": [a["run"], b["run"]]}
    for part in PARTS:
        names = sorted({*a[part], *b[part]})
        changed = [(name, a[part].get(name), b[part].get(name)) for name in names if a[part].get(name) != b[part].get(name)]
        if part == "code":
            view[part] = [{"name": name, **_code(before, after, home_folder)} for name, before, after in changed]
        else:
            view[part] = [{"name": name, "before": before, "after": after} for name, before, after in changed]
    return view


def runs(connection: sqlite3.Connection) -> list[str]:
    """Name all runs, newest first: those of pipelines and processes, and those that verbs tracked."""
    order = "SELECT run FROM activity GROUP BY run ORDER BY max(id) DESC"
    tracked = [name for (name,) in connection.execute("SELECT name FROM node WHERE kind = 'run' ORDER BY seen DESC")]
    return list(dict.fromkeys([*(run for (run,) in connection.execute(order)), *tracked]))


def run_called(connection: sqlite3.Connection, wanted: str) -> str:
    """Find a run by its name or the beginning of it.

    Raises
    ------
    ValueError
        If there is none, or there are several.
    """
    names = runs(connection)
    begins = [name for name in names if name.startswith(wanted)]
    if wanted in names or len(begins) == 1:
        return wanted if wanted in names else begins[0]
    if begins:
        raise ValueError(f"{len(begins)} runs begin with `{wanted}`: {', '.join(f'`{name}`' for name in begins[:3])}")
    near = get_close_matches(wanted, names, n=3, cutoff=0.0)
    raise ValueError(
        f"lineage knows no run `{wanted}`; there are {len(names)}"
        + (f", such as {', '.join(f'`{name}`' for name in near)}" if near else "")
    )


def _facts(connection: sqlite3.Connection, wanted: str) -> dict[str, Any]:
    run, activities = _activities(connection, wanted)
    facts: dict[str, Any] = {"run": run, **{part: {} for part in PARTS}}
    listed = json.dumps(activities)
    for (text,) in connection.execute("SELECT facets FROM activity WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (listed,)):
        facets = json.loads(text)
        for part, key in _FACETS.items():
            facts[part].update(_flat(facets.get(key) or {}))
    roles: dict[int, set[str]] = {}
    query = "SELECT node, role FROM part WHERE activity IN (SELECT value FROM json_each(?))"
    for node, role in connection.execute(query, (listed,)):
        roles.setdefault(node, set()).add(role)
    for node in nodes(connection, roles):
        part = "code" if node.kind == "cell" else "results" if "output" in roles[node.id] else "data"
        if node.kind != "run":
            facts[part][node.title] = node.version or None
    return facts


def _activities(connection: sqlite3.Connection, wanted: str) -> tuple[str, list[int]]:
    """The activities of a run; of a run that a verb tracked, also what was made before it."""
    run = run_called(connection, wanted)
    found = [row[0] for row in connection.execute("SELECT id FROM activity WHERE run = ?", (run,))]
    if not found:
        start = [row[0] for row in connection.execute("SELECT id FROM node WHERE kind = 'run' AND name = ?", (run,))]
        above: list[Node] = nodes(connection, closure(connection, start, "up", 50))
        made = json.dumps([node.id for node in above if node.kind != "cell"])
        query = "SELECT DISTINCT activity FROM part WHERE role = 'output' AND node IN (SELECT value FROM json_each(?))"
        found = [row[0] for row in connection.execute(query, (made,))]
    return run, found


def _flat(facet: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as dotted names."""
    flat: dict[str, Any] = {}
    for key, value in facet.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _code(before: str | None, after: str | None, home_folder: Path) -> dict[str, Any]:
    texts = [kept(version, home_folder=home_folder) if version else "" for version in (before, after)]
    lines: list[str] = []
    if texts[0] is not None and texts[1] is not None:
        lines = list(unified_diff(texts[0].splitlines(), texts[1].splitlines(), "before", "after", lineterm="", n=2))[2:]
    more = len(lines) - _MOST_LINES
    lines = lines[:_MOST_LINES] + ([f"… {more} more lines"] if more > 0 else [])
    return {"before": short(before) if before else None, "after": short(after) if after else None, "lines": lines}
