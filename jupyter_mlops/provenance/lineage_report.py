"""`ml.lineage(…)`: the questions about lineage, each answered by a report."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.place import home
from jupyter_mlops.provenance import index
from jupyter_mlops.provenance.entity import Entity
from jupyter_mlops.provenance.ingest import open_index
from jupyter_mlops.provenance.live import live
from jupyter_mlops.provenance.staleness import stale
from jupyter_mlops.provenance.view import counted, graph_view
from jupyter_mlops.report import Report

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_DEPTH = 10
_NEWEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Lineage(Report):
    """A part of the lineage graph, and what can be asked from there.

    `nodes` are all things of the part, `edges` pairs of their ids, `focus` the ids that the question was about, `headline` its answer.
    `live` and `stale` hold words by node id.
    """

    kind: ClassVar[str] = "lineage"

    subject: Entity | str | None
    depth: int
    headline: str
    nodes: tuple[index.Node, ...]
    edges: tuple[tuple[int, int], ...]
    focus: tuple[int, ...] = ()
    live: dict[int, str] = field(default_factory=dict)
    stale: dict[int, str] = field(default_factory=dict)
    home_folder: Path = field(default_factory=home)

    def upstream(self) -> Lineage:
        """What made this: everything above the newest version of the subject."""
        return self._part(("up",), lambda words, _: f"{self._name()} was made from {words}")

    def downstream(self) -> Lineage:
        """What this made: everything below any version of the subject."""
        return self._part(("down",), lambda words, _: f"from {self._name()} came {words}")

    def impact(self) -> Lineage:
        """What a change of this touches: everything below, with the live deployments named."""
        return self._part(("down",), lambda words, found: f"a change of {self._name()} touches {words}; {_live_words(found)}")

    def difference(self, run_a: str, run_b: str) -> Difference:
        """What differs between two runs; a run is called by its name or the beginning of it.

        Raises
        ------
        ValueError
            If there is no such run.
        """
        from jupyter_mlops.provenance.difference import difference

        with closing(open_index(self.home_folder)) as connection:
            return Difference(changes=difference(connection, run_a, run_b, self.home_folder))

    def answered(self, prediction_id: str) -> Lineage:
        """Which model version made a prediction, from which data and cells.

        Raises
        ------
        EnvironmentProblem
            If there is no log of predictions.
        ValueError
            If the log holds no such prediction, or lineage does not know the model.
        """
        from jupyter_mlops.provenance.answered import answered

        said = answered(prediction_id, self.home_folder)
        model = Entity("model", said["model"], said["version"])
        found = lineage(model, depth=self.depth, home_folder=self.home_folder).upstream()
        at = f" at {said['at']}" if said["at"] else ""
        return replace(
            found, headline=f"prediction `{prediction_id}` was answered{at} by `{model.name}` version {model.version}; {found.headline}"
        )

    def view(self, *, expanded: tuple[str, ...] = (), most: int = 0) -> dict[str, Any]:
        """Give the graph with places, words and marks."""
        limit = {"most": most} if most else {}
        graph = graph_view(
            self.nodes, self.edges, focus=self.focus, stale=self.stale, live=self.live, expanded=expanded, **limit
        )  # fmt: skip
        return {"title": "lineage", "what": "graph", "headline": self.headline, "depth": self.depth, **graph}

    def widget(self) -> Any:
        """Draw as an interactive graph: zoom, search, both directions, groups that open.

        Raises
        ------
        EnvironmentProblem
            If anywidget is not installed.
        """
        from jupyter_mlops.widgets.lineage import widget

        return widget(self.view(), expand=lambda groups: self.view(expanded=tuple(groups)))

    def _name(self) -> str:
        if not self.focus:
            return "everything"
        names = sorted({node.title for node in self.nodes if node.id in self.focus})
        return f"`{names[0]}`" + (f" and {len(names) - 1} more" if len(names) > 1 else "")

    def _part(self, directions: tuple[index.Direction, ...], headline: Any) -> Lineage:
        if not self.focus:
            raise ValueError("say what it is about: `lineage(subject)` takes a name, such as `model:churn` or `churn.ipynb#5`")
        with closing(open_index(self.home_folder)) as connection:
            start = self.focus if directions == ("down",) else self.focus[:1]
            found = _around(connection, start, directions, self.depth)
            part = _made(connection, self, found, start)
            others = [node for node in part.nodes if node.id not in start]
            return replace(part, headline=headline(counted(others), part))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Difference(Report):
    """What differs between two runs; `changes` is the answer of `difference.difference`."""

    kind: ClassVar[str] = "lineage"

    changes: dict[str, Any]

    def view(self) -> dict[str, Any]:
        """Give only what changed."""
        from jupyter_mlops.provenance.difference import PARTS

        a, b = self.changes["runs"]
        counts = [f"{len(self.changes[part])} of {part}" for part in PARTS if self.changes[part]]
        words = f"differ in {', '.join(counts)}" if counts else "do not differ in anything that was recorded"
        return {"title": f"runs {a} and {b}", "what": "difference", "headline": f"runs `{a}` and `{b}` {words}", **self.changes}


def lineage(
    subject: Entity | str | None = None, *, depth: int = _DEPTH, run: str | None = None, home_folder: Path | None = None
) -> Lineage:
    """Show what made what: cells, data, models, deployments.

    Parameters
    ----------
    subject : Entity or str, optional
        What it is about: ``churn``, ``model:churn@3``, ``churn.ipynb#5``, a data set's URI. Default: what was made or used last.
    depth : int
        How many edges away to look, in both directions; at least 1.
    run : str, optional
        Only what this run made, used and executed.
    home_folder : Path, optional
        Whose lineage; default: this project's ``.nb2pipe``.

    Returns
    -------
    Lineage
        Ask it `.upstream()`, `.downstream()`, `.impact()`, `.difference(run_a, run_b)`, `.answered(prediction_id)`.

    Raises
    ------
    ValueError
        If nothing, or no run, is called so, or `depth` is below 1.
    """
    if depth < 1:
        raise ValueError(f"`depth` is at least 1, not {depth}")
    folder = home_folder or home()
    with closing(open_index(folder)) as connection:
        empty = Lineage(subject=subject, depth=depth, headline="", nodes=(), edges=(), home_folder=folder)
        if run is not None:
            return _of_run(connection, empty, run)
        if subject is None:
            part = _made(connection, empty, [node.id for node in index.newest(connection, _NEWEST)], ())
            return replace(part, headline=f"lineage holds {counted(part.nodes)}; {_live_words(part)}")
        focus = tuple(node.id for node in index.find(connection, subject))
        part = _made(connection, empty, _around(connection, focus, ("up", "down"), depth), focus)
        others = [node for node in part.nodes if node.id not in focus]
        return replace(part, headline=f"around {part._name()} are {counted(others)}; {_live_words(part)}")  # noqa: SLF001 - our own class


def _of_run(connection: sqlite3.Connection, empty: Lineage, run: str) -> Lineage:
    from jupyter_mlops.provenance.difference import run_called

    name = run_called(connection, run)
    found = [node.id for node in index.of_run(connection, name)]
    part = _made(connection, empty, found, ())
    return replace(part, headline=f"run `{name}` made, used and executed {counted(part.nodes)}")


def _around(connection: sqlite3.Connection, start: tuple[int, ...], directions: tuple[index.Direction, ...], depth: int) -> list[int]:
    return sorted({node for direction in directions for node in index.closure(connection, start, direction, depth)})


def _made(connection: sqlite3.Connection, like: Lineage, ids: list[int], focus: tuple[int, ...]) -> Lineage:
    nodes = tuple(index.nodes(connection, ids))
    edges = tuple(index.edges_among(connection, ids))
    return replace(like, nodes=nodes, edges=edges, focus=focus, stale=stale(connection, ids), live=live(nodes, like.home_folder))


def _live_words(part: Lineage) -> str:
    found = [f"`{node.label}` ({part.live[node.id]})" for node in part.nodes if node.id in part.live]
    return f"live: {', '.join(found[:5])}" + (f" and {len(found) - 5} more" if len(found) > 5 else "") if found else "nothing of it is live"
