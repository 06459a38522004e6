"""A deployment → whether requests reach it now, and which share of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_mlops.provenance.index import Node

_OVER = {"rolled back", "rolled_back", "retired", "failed", "stopped", "deleted", "paused"}


def live(found: Iterable[Node], home_folder: Path) -> dict[int, str]:
    """Say how live each live deployment is (``100 % of requests``, ``shadow``), by node id.

    The serving state knows best; of deployments elsewhere the last event tells (facet `deployment`: `state`, `traffic`).
    """
    traffic = _traffic(home_folder / "serving" / "serving.db")
    said: dict[int, str] = {}
    for node in found:
        if node.kind != "deployment":
            continue
        known = {version: words for (model, version), words in traffic.items() if model == node.name}
        if known:
            words = (
                known.get(node.version, "") if node.version else ", ".join(f"version {version}: {text}" for version, text in known.items())
            )
        else:
            words = _from_facet(node)
        if words:
            said[node.id] = words
    return said


def _traffic(path: Path) -> dict[tuple[str, str], str]:
    """Model and version → its share. Read only: a project without a server is asked too."""
    if not path.exists():
        return {}
    query = "SELECT model, version, share, shadow FROM traffic WHERE share > 0 ORDER BY model, version, shadow DESC"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(query).fetchall()
    except sqlite3.Error:  # another version's file: then events tell
        return {}
    return {
        (str(model), str(version)): "shadow" if shadow else f"{share:.0%} of requests".replace("%", " %")
        for model, version, share, shadow in rows
    }


def _from_facet(node: Node) -> str:
    facet = node.facets.get("deployment") or {}
    state = str(facet.get("state", "")).lower()
    share = facet.get("traffic")
    if state in _OVER or share == 0 or not facet:
        return ""
    return f"{share:.0%} of requests".replace("%", " %") if isinstance(share, float | int) else state or "deployed"
