"""Key → the sealed outputs of the step that ran under it.

An entry is a folder `cache/<key>/` with `entry.json`, `log.txt` and `outputs/<port>`; it appears by one rename and never changes.
Nothing in it is trusted: before use every output is digested again, and an entry that does not agree is thrown away.
Runs share the bytes with the cache by hard links, so deleting the cache never hurts a run.
"""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.atomic import link_tree, read_json, remove_tree, seal_tree, unique, write_json
from jupyter_mlops.submit.contract import Artifact, Values
from jupyter_mlops.submit.digests import digest_of_tree

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "nb2pipe.cache-entry/1"


class Cache:
    """The content-addressed store of one state directory; safe for many runs at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self, key: str, *, into: Path, validity_seconds: int | None = None) -> Values | None:
        """Put the outputs of an entry at `into/outputs`; None when there is no entry, it is too old, or its bytes are not what was sealed."""
        entry = self.root / key
        record = read_json(entry / "entry.json")
        if record is None:
            return None
        if not isinstance(record, dict) or record.get("schema") != SCHEMA or record.get("key") != key:
            remove_tree(entry)
            return None
        if validity_seconds is not None and time.time() - record.get("created", 0) > validity_seconds:
            return None
        if not sealed(record, entry / "outputs"):
            remove_tree(entry)
            return None
        return self._link(entry, record, into)

    def store(self, key: str, values: Values, *, source: Path) -> None:
        """Keep `source/outputs` and `source/log.txt` under `key`; an older entry gives way. A full disk costs the entry, not the step."""
        draft = self.root / f".{key[:16]}.{unique()}"
        try:
            self._store(key, values, source, draft)
        except OSError:
            remove_tree(draft)

    def sweep(self) -> None:
        """Delete what runners that were killed left half-made; nobody would ever have trusted it."""
        for path in self.root.glob(".*"):
            owner = path.name.removesuffix(".old").rpartition(".")[2].partition("-")[0]
            if owner.isdigit() and not _alive(int(owner)):
                remove_tree(path)

    def _store(self, key: str, values: Values, source: Path, draft: Path) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        if (source / "outputs").is_dir():
            link_tree(source / "outputs", draft / "outputs")
        if (source / "log.txt").is_file():
            shutil.copyfile(source / "log.txt", draft / "log.txt")
        write_json(draft / "entry.json", {"schema": SCHEMA, "key": key, "created": time.time(), **described(values)})
        remove_tree(self.root / key)
        draft.rename(self.root / key)  # fails when another run stored the same step in this instant: as good as ours

    def _link(self, entry: Path, record: dict[str, Any], into: Path) -> Values | None:
        draft = into / f".outputs.{unique()}"
        remove_tree(draft)
        remove_tree(into / "outputs")
        into.mkdir(parents=True, exist_ok=True)
        try:
            if (entry / "outputs").is_dir():
                link_tree(entry / "outputs", draft)
                draft.rename(into / "outputs")
            if (entry / "log.txt").is_file():
                shutil.copyfile(entry / "log.txt", into / "log.txt")
        except FileNotFoundError:  # another run replaced the entry while we read it
            remove_tree(draft)
            return None
        return restored(record, into)


def described(values: Values) -> dict[str, Any]:
    """What a record says about outputs, without paths."""
    return {
        "artifacts": {
            port: {"type": items[0].type, "digest": items[0].digest, "metadata": items[0].metadata}
            for port, items in values.artifacts.items()
        },
        "parameters": values.parameters,
    }


def restored(record: dict[str, Any], folder: Path) -> Values:
    """The outputs that a record describes, at `folder/outputs`."""
    artifacts = {
        port: [Artifact(path=folder / "outputs" / port, type=item["type"], digest=item["digest"], metadata=item["metadata"])]
        for port, item in record["artifacts"].items()
    }
    return Values(artifacts=artifacts, parameters=record["parameters"])


def sealed(record: dict[str, Any], outputs: Path) -> bool:
    """Whether the bytes below `outputs` are exactly those that the record was written for."""
    try:
        return all(digest_of_tree(outputs / port) == item["digest"] for port, item in record["artifacts"].items())
    except (OSError, KeyError, TypeError):
        return False


def seal(attempt: Path, folder: Path) -> None:
    """Move the outputs of an attempt to the step's folder, read-only, by one rename."""
    remove_tree(folder / "outputs")
    seal_tree(attempt / "outputs")
    (attempt / "outputs").rename(folder / "outputs")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
