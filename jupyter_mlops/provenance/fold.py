"""One OpenLineage event → nodes, edges, an activity. Ours and other producers' alike; adding an event twice changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.provenance.entity import KINDS, OWN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

_Address = tuple[str, str]

_NODE = """
INSERT INTO node (kind, namespace, name, version, seen, facets) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET seen = excluded.seen, facets = CASE excluded.facets WHEN '{}' THEN facets ELSE merged(facets, excluded.facets) END
RETURNING id"""
_ACTIVITY = """
INSERT INTO activity (run_id, run, job, cell, verb, state, began, ended, facets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET run = excluded.run, job = excluded.job, cell = excluded.cell, verb = excluded.verb, state = excluded.state,
ended = excluded.ended, facets = merged(facets, excluded.facets)
RETURNING id"""
_ALSO = "SELECT name FROM node WHERE kind = 'cell' AND json_extract(facets, '$.also') = ? ORDER BY seen DESC LIMIT 1"
_EDGE = "INSERT INTO edge VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET activity = excluded.activity"


class Fold:
    """Adds events to an index; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._position = 0

    def add(self, event: Mapping[str, Any], position: int) -> bool:
        """Add the event that stands at a position of the journal; False when it is none (a dataset or job event, or something broken)."""
        self._position = position
        try:
            run_id, job = str(event["run"]["runId"]), event["job"]
            inputs, outputs = event.get("inputs") or [], event.get("outputs") or []
            heads = [(str(item["namespace"]), str(item["name"])) for item in (*inputs, *outputs)]
            activity = self._activity(event, run_id, job)
        except (KeyError, TypeError, AttributeError):
            return False
        used: dict[_Address, list[int]] = {}
        for address, item in zip(heads, inputs, strict=False):
            used.setdefault(address, []).append(self._dataset(address, item, made=False))
        made: dict[_Address, list[int]] = {}
        for address, item in zip(heads[len(inputs) :], outputs, strict=False):
            made.setdefault(address, []).append(self._dataset(address, item, made=True))
        cells = [self._cell(cell) for cell in _cells(job)]
        self._parts(activity, used, made, cells)
        if event.get("eventType") not in {"FAIL", "ABORT"}:
            self._edges(activity, job, used, made, cells)
        return True

    def _activity(self, event: Mapping[str, Any], run_id: str, job: Mapping[str, Any]) -> int:
        facets = event["run"].get("facets") or {}
        cell = (job.get("facets") or {}).get(f"{OWN}_cell") or {}
        at = str(event.get("eventTime", ""))
        row = (run_id, _run(facets, cell, run_id), str(job["name"]), _cell_name(cell), str(cell.get("verb", "")))
        state = str(event.get("eventType", "OTHER"))
        return self._one(_ACTIVITY, (*row, state, at, at, _own(facets)))

    def _dataset(self, address: _Address, item: Mapping[str, Any], *, made: bool) -> int:
        facets = item.get("facets") or {}
        version = str((facets.get("version") or {}).get("datasetVersion", ""))
        if not version and not made:
            newest = self._newest(address)
            if newest is not None:
                return newest
        kind = address[0].removeprefix(f"{OWN}:")
        return self._one(_NODE, (kind if kind in KINDS else "dataset", *address, version, self._position, _own(facets)))

    def _cell(self, cell: Mapping[str, Any]) -> int:
        said, version = _cell_name(cell), str(cell.get("sourceDigest", ""))
        name = self._twin(cell, said, version) if version and not cell.get("shared") and cell.get("cell") else said
        facts = {key: cell[key] for key in ("notebook", "cell", "step") if cell.get(key)}
        if name != said:
            facts = {"also": said}
        return self._one(_NODE, ("cell", f"{OWN}:cell", name, version, self._position, json.dumps(facts)))

    def _twin(self, cell: Mapping[str, Any], said: str, version: str) -> str:
        """Name the node that a cell is known by: a notebook calls it by its id, a step by its number.

        The same source in the same notebook makes them one, when only one cell can be meant; later versions follow that.
        """
        if self._connection.execute("SELECT 1 FROM node WHERE name = ? AND version = ? AND kind = 'cell'", (said, version)).fetchone():
            return said
        notebook, number = str(cell.get("notebook", "")), str(cell["cell"]).isdigit()
        others = [
            (name, json.loads(facets))
            for name, facets in self._connection.execute("SELECT name, facets FROM node WHERE version = ? AND kind = 'cell'", (version,))
        ]
        same = [(name, facts.get("also", said)) for name, facts in others if facts.get("notebook") == notebook and " › " not in name]
        twins = [name for name, also in same if also == said and name.rpartition("#")[2].isdigit() != number]
        if len(twins) == 1:
            return str(twins[0])
        row = self._connection.execute(_ALSO, (said,)).fetchone()
        return said if row is None else str(row[0])

    def _newest(self, address: _Address) -> int | None:
        row = self._connection.execute(
            "SELECT id FROM node WHERE name = ? AND namespace = ? ORDER BY seen DESC LIMIT 1", (address[1], address[0])
        ).fetchone()
        return None if row is None else int(row[0])

    def _parts(self, activity: int, used: Mapping[_Address, list[int]], made: Mapping[_Address, list[int]], cells: list[int]) -> None:
        rows = [(activity, "input", node) for nodes in used.values() for node in nodes]
        rows += [(activity, "output", node) for nodes in made.values() for node in nodes]
        rows += [(activity, "cell", node) for node in cells]
        self._connection.executemany("INSERT OR IGNORE INTO part VALUES (?, ?, ?)", rows)

    def _edges(
        self,
        activity: int,
        job: Mapping[str, Any],
        used: Mapping[_Address, list[int]],
        made: Mapping[_Address, list[int]],
        cells: list[int],
    ) -> None:
        rows = []
        for target, sources in _said(job, used, made):
            origins = [node for source in sources for node in used.get(source, ())]
            rows += [(origin, node, activity) for node in made.get(target, ()) for origin in origins if origin != node]
        rows += [(cell, node, activity) for cell in cells for nodes in made.values() for node in nodes]
        self._connection.executemany(_EDGE, rows)

    def _one(self, statement: str, values: tuple[Any, ...]) -> int:
        return int(self._connection.execute(statement, values).fetchone()[0])


def _said(job: Mapping[str, Any], used: Iterable[_Address], made: Iterable[_Address]) -> Iterable[tuple[_Address, Iterable[_Address]]]:
    """Which output was made from which inputs: what the lineage facet says, else (other producers) all from all, as OpenLineage has it."""
    facet = (job.get("facets") or {}).get("lineage")
    if not facet:
        everything = tuple(used)
        return [(target, everything) for target in made]
    return [
        ((entry["namespace"], entry["name"]), [(source["namespace"], source["name"]) for source in entry.get("inputs") or ()])
        for entry in facet.get("entries") or ()
        if entry.get("type") == "DATASET"
    ]


def _run(facets: Mapping[str, Any], cell: Mapping[str, Any], run_id: str) -> str:
    """What an activity is part of."""
    parent = facets.get("parent") or {}
    named = cell.get("pipelineRun") or (facets.get(f"{OWN}_run") or {}).get("run")
    return str(named or ((parent.get("root") or parent).get("run") or {}).get("runId") or run_id)


def _cells(job: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The cells that ran: one for a verb, several for a step."""
    facets = job.get("facets") or {}
    found = [facets.get(f"{OWN}_cell") or {}, *((facets.get(f"{OWN}_cells") or {}).get("cells") or ())]
    return [cell for cell in found if _cell_name(cell)]


def _cell_name(cell: Mapping[str, Any]) -> str:
    notebook, number = str(cell.get("notebook", "")), str(cell.get("cell", ""))
    part = f" › {cell['step']}" if cell.get("shared") else ""
    return f"{notebook}#{number}{part}" if number else notebook


def _own(facets: Mapping[str, Any]) -> str:
    """Our facets, and the standard error message and schema, without what only says where their schema is."""
    kept = {
        key.removeprefix(f"{OWN}_"): {name: item for name, item in value.items() if not name.startswith("_")}
        for key, value in facets.items()
        if isinstance(value, dict) and (key.startswith(f"{OWN}_") or key in {"errorMessage", "schema", "processing_engine"})
    }
    return json.dumps(kept, separators=(",", ":")) if kept else "{}"
