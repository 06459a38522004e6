"""What the database says → what is loaded and who gets traffic, within a twentieth of a second of each change.

The order is the one that loses no request: load the new version, move traffic and labels to it, unload the old one when its last request is
answered. Traffic that names a version which is still loading waits, and what was in force stays. After a restart the database says it all.
"""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlops.serving.server.core import Core, Table
from jupyter_mlops.serving.server.routing import Router, Shares, read_shares

if TYPE_CHECKING:
    from jupyter_mlops.serving.rollout.records import Version
    from jupyter_mlops.serving.rollout.store import Store
    from jupyter_mlops.serving.server.configuration import Configuration

POLL_SECONDS = 0.05
RETIRED = frozenset({"SUPERSEDED", "ROLLED_BACK"})
IN_ROLLOUT = frozenset({"SHADOW", "CANARY", "BAKING", "HELD"})


class Wanted(NamedTuple):
    """What a model should look like: folders and seals of its versions, shares, labels, and who answers when nobody has shares."""

    sources: dict[int, tuple[str, str]]
    shares: Shares
    labels: dict[str, int]
    eligible: frozenset[int]


class Follower:
    """Keeps a `Core` as the database says."""

    def __init__(self, core: Core, store: Store, configuration: Configuration) -> None:
        self._core = core
        self._store = store
        self._configuration = configuration
        self._watch = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
        self._loaders = ThreadPoolExecutor(2, "load")
        self._apply_lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="follow", daemon=True)

    def start(self) -> None:
        """Load all that is wanted now, then follow."""
        loading = self.apply()
        for each in loading:
            each.result()
        self.apply()
        self._thread.start()

    def close(self) -> None:
        """Stop following; what is loaded stays."""
        self._stop.set()
        self._wake.set()
        self._thread.join()
        self._loaders.shutdown()
        self._watch.close()

    def apply(self) -> list[Future[None]]:
        """Bring everything to what the database says; gives the loads that this started."""
        started = []
        with self._apply_lock:
            models = sorted({*self._store.models(), *self._configuration.models(), *self._core.tables})
            for model in models:
                wanted = self._wanted(model)
                started += self._load(model, wanted)
                self._move(model, wanted)
        return started

    def _wanted(self, model: str) -> Wanted:
        rows = [row for row in self._store.versions(model) if row.version.isdecimal()]
        shares = read_shares(share for share in self._store.traffic(model) if share.version.isdecimal())
        live = {
            int(share.version) for share in self._store.traffic(model) if share.version.isdecimal()
        }  # a share of 0 keeps a version warm
        sources = {
            int(row.version): (row.source, row.digest)
            for row in rows
            if row.source and (row.state not in RETIRED or int(row.version) in live)
        }
        eligible = {int(row.version) for row in rows if row.state == "STABLE"} or {
            int(row.version) for row in rows if row.smoke and not row.frozen
        }
        configured = self._configuration.versions(model)
        labels = _rollout_labels(rows) | self._configuration.labels(model)
        return Wanted(
            {**{version: (path, "") for version, path in configured.items()}, **sources}, shares, labels, frozenset(eligible or configured)
        )

    def _load(self, model: str, wanted: Wanted) -> list[Future[None]]:
        started = []
        for version, (source, digest) in sorted(wanted.sources.items()):
            entry = self._core.versions.add(model, version, source, digest)
            if entry is not None:
                done = self._loaders.submit(self._core.versions.load, entry)
                done.add_done_callback(lambda _: self._wake.set())
                started.append(done)
        return started

    def _move(self, model: str, wanted: Wanted) -> None:
        core, old = self._core, self._core.tables.get(model)
        available = core.versions.available(model)
        if old is not None and any(self._is_loading(model, version) for version, _ in wanted.shares.answering):
            return
        router = old.router if old is not None and old.router.shares == wanted.shares else Router(model, wanted.shares)
        labels = {name: version for name, version in sorted(wanted.labels.items()) if version in available}
        latest = next((version for version in available if version in wanted.eligible), None)
        core.tables[model] = Table(router, labels, latest)
        for version in available:
            if version not in wanted.sources:
                self._loaders.submit(core.versions.unload, model, version)

    def _is_loading(self, model: str, version: int) -> bool:
        entry = self._core.versions.find(model, version)
        return entry is not None and entry.state in {"START", "LOADING"}

    def _work(self) -> None:
        seen = None
        while not self._stop.is_set():
            changed = self._watch.execute("PRAGMA data_version").fetchone()
            if changed != seen or self._wake.is_set():
                self._wake.clear()
                seen = changed
                self._follow()
            self._wake.wait(POLL_SECONDS)

    def _follow(self) -> None:
        try:
            self.apply()
        except sqlite3.OperationalError:  # locked for longer than anyone should: what is in force stays, the next turn looks again
            self._wake.set()


def _rollout_labels(rows: list[Version]) -> dict[str, int]:
    """Name the stable version `stable` and the one being rolled out `canary`."""
    labels = {}
    for row in rows:
        if row.state == "STABLE" or row.state in IN_ROLLOUT:
            labels["stable" if row.state == "STABLE" else "canary"] = int(row.version)
    return labels
