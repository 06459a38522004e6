"""The index → nodes that a name means, and what lies above and below them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

from jupyter_mlops.provenance.entity import KINDS, Entity

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Direction = Literal["up", "down"]
NODE_KINDS = ("cell", *KINDS)
_NODE = "id, kind, namespace, name, version, seen, facets"
_STEP = {
    "up": "SELECT DISTINCT source FROM edge WHERE target IN (SELECT value FROM json_each(?))",
    "down": "SELECT DISTINCT target FROM edge WHERE source IN (SELECT value FROM json_each(?))",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A thing at one version; `facets` are its own facts by name."""

    id: int
    kind: str
    namespace: str
    name: str
    version: str
    seen: int
    facets: dict[str, Any]

    @property
    def title(self) -> str:
        """Its name for people: a URI where it has one."""
        if self.namespace == "file":
            return f"file://{self.name}"
        return f"{self.namespace}/{self.name.lstrip('/')}" if "://" in self.namespace else self.name

    @property
    def label(self) -> str:
        """Name and version, digests shortened to eight digits."""
        return f"{self.title} @{short(self.version)}" if self.version else self.title


def short(version: str) -> str:
    """Shorten a digest; leave any other version as it is."""
    return version.partition(":")[2][:8] if ":" in version else version if len(version) < 20 else version[:8]


def find(connection: sqlite3.Connection, subject: Entity | str) -> list[Node]:
    """Find all versions of what is meant, newest first.

    Parameters
    ----------
    subject : Entity or str
        ``churn``, ``model:churn`` (of one kind), ``model:churn@3``, ``churn.ipynb#5``, ``s3://bucket/data.parquet@sha256:1f…`` (a digest may be
        shortened).

    Raises
    ------
    ValueError
        If nothing is called so.
    """
    if isinstance(subject, Entity):
        namespace, name = subject.address()
        found = _rows(
            connection, "namespace = ? AND name = ? AND (version = ? OR ? = '')", (namespace, name, subject.version, subject.version)
        )
    else:
        found = _named(connection, subject)
    if not found:
        raise ValueError(_nothing(connection, subject.name if isinstance(subject, Entity) else subject))
    return found


def closure(connection: sqlite3.Connection, start: Iterable[int], direction: Direction, depth: int) -> dict[int, int]:
    """Give the ids that are at most `depth` edges away, with their distance; the start is at 0."""
    reached = dict.fromkeys(start, 0)
    front = list(reached)
    for distance in range(1, depth + 1):
        rows = connection.execute(_STEP[direction], (json.dumps(front),))
        front = [node for (node,) in rows if node not in reached]
        if not front:
            break
        reached.update(dict.fromkeys(front, distance))
    return reached


def nodes(connection: sqlite3.Connection, ids: Iterable[int]) -> list[Node]:
    """Read nodes, in the order of their ids."""
    return _rows(connection, "id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),), order="id")


def edges_among(connection: sqlite3.Connection, ids: Iterable[int]) -> list[tuple[int, int]]:
    """Give the edges whose both ends are among `ids`, sorted."""
    listed = json.dumps(list(ids))
    query = (
        "SELECT source, target FROM edge WHERE source IN (SELECT value FROM json_each(?1)) AND +target IN (SELECT value FROM json_each(?1))"
    )
    return sorted((int(source), int(target)) for source, target in connection.execute(query, (listed,)))


def newest(connection: sqlite3.Connection, limit: int) -> list[Node]:
    """Give the nodes that were made or used last."""
    return _rows(connection, "1", (), order=f"seen DESC, id DESC LIMIT {int(limit)}")


def of_run(connection: sqlite3.Connection, run: str) -> list[Node]:
    """Give all that a run made, used and executed."""
    return _rows(
        connection, "id IN (SELECT part.node FROM part JOIN activity ON activity.id = part.activity WHERE activity.run = ?)", (run,)
    )


def _named(connection: sqlite3.Connection, text: str) -> list[Node]:
    kind, colon, rest = text.partition(":")
    wanted = kind if colon and kind in NODE_KINDS else ""
    name = rest if wanted else text
    for title, version in ((name, ""), (name.rpartition("@")[0], name.rpartition("@")[2])):
        namespace, last = Entity("dataset", title).address()
        where = "(name = ? OR (name = ? AND namespace = ?)) AND (? = '' OR kind = ?)"
        found = _rows(connection, where, (title, last, namespace, wanted, wanted)) if title else []
        found = [node for node in found if not version or version in {node.version, short(node.version)} or _begins(node.version, version)]
        if found:
            return found
    return _rows(connection, "kind = 'cell' AND json_extract(facets, '$.also') = ?", (name,))


def _begins(version: str, start: str) -> bool:
    return len(start) >= 4 and (version.startswith(start) or version.partition(":")[2].startswith(start))


def _nothing(connection: sqlite3.Connection, text: str) -> str:
    names = [name for (name,) in connection.execute("SELECT DISTINCT name FROM node ORDER BY seen DESC LIMIT 1000")]
    if not names:
        return f"lineage knows nothing yet, so nothing of `{text}`: run a pipeline or a verb first"
    near = get_close_matches(text.rpartition(":")[2].partition("@")[0], names, n=3, cutoff=0.3) or names[:3]
    return f"lineage knows nothing called `{text}`; near it are {', '.join(f'`{name}`' for name in near)}"


def _rows(connection: sqlite3.Connection, where: str, values: tuple[Any, ...], *, order: str = "seen DESC, id DESC") -> list[Node]:
    rows = connection.execute(f"SELECT {_NODE} FROM node WHERE {where} ORDER BY {order}", values)
    return [
        Node(key, kind, namespace, name, version, seen, json.loads(facets)) for key, kind, namespace, name, version, seen, facets in rows
    ]
