"""TF Serving's model configuration (base path, version policy, labels) → the versions to load; kept in the database, so that it outlives a kill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.serving.rollout.store import Store

_SCHEMA = "CREATE TABLE IF NOT EXISTS configuration (model TEXT PRIMARY KEY, config TEXT NOT NULL) WITHOUT ROWID"


class ModelConfig(NamedTuple):
    """One model: versions are the numbered folders under `base_path`; `policy` is "latest", "all" or "specific"."""

    base_path: str
    policy: str = "latest"
    latest: int = 1
    specific: tuple[int, ...] = ()
    labels: Mapping[str, int] = {}


class Configuration:
    """Models configured by path, besides those that rollouts bring."""

    def __init__(self, store: Store) -> None:
        import sqlite3
        import threading

        self._lock = threading.Lock()
        self._connection = sqlite3.connect(store.path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute(_SCHEMA)
        self._configs = self._read()

    def models(self) -> list[str]:
        """Name the configured models."""
        return sorted(self._configs)

    def labels(self, model: str) -> dict[str, int]:
        """Give a model's labels."""
        return dict(self._configs[model].labels) if model in self._configs else {}

    def versions(self, model: str) -> dict[int, str]:
        """Find a model's versions, by its policy: number → folder."""
        config = self._configs.get(model)
        if config is None or not Path(config.base_path).is_dir():
            return {}
        found = {int(path.name): str(path) for path in Path(config.base_path).iterdir() if path.name.isdecimal() and path.is_dir()}
        if config.policy == "specific":
            return {version: path for version, path in found.items() if version in config.specific}
        if config.policy == "all":
            return found
        return {version: found[version] for version in sorted(found)[-config.latest :]}

    def replace(self, configs: Mapping[str, ModelConfig]) -> None:
        """Replace all of it, at once; models that are no longer named are unloaded."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM configuration")
            rows = [(model, json.dumps(config._asdict())) for model, config in sorted(configs.items())]
            self._connection.executemany("INSERT INTO configuration VALUES (?, ?)", rows)
            self._connection.execute("COMMIT")
            self._configs = dict(configs)

    def add(self, configs: Iterable[tuple[str, ModelConfig]]) -> None:
        """Add models, or replace those of the same name."""
        self.replace({**self._configs, **dict(configs)})

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _read(self) -> dict[str, ModelConfig]:
        rows = self._connection.execute("SELECT model, config FROM configuration ORDER BY model").fetchall()
        return {model: _parse(json.loads(config)) for model, config in rows}


def _parse(config: dict[str, Any]) -> ModelConfig:
    return ModelConfig(config["base_path"], config["policy"], config["latest"], tuple(config["specific"]), config["labels"])
