"""Folders of versions → versions in memory, each in one of TF Serving's states; a version is unloaded only when its last request is answered.

START → LOADING → AVAILABLE → UNLOADING → END, and LOADING → END with an error for what cannot be loaded, which is never served.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.serving.digest import digest_folder
from jupyter_mlops.serving.server.batching import Batched, Batching
from jupyter_mlops.serving.server.status import Code, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.serving.server.signature import Servable

STATES = {"START": 10, "LOADING": 20, "AVAILABLE": 30, "UNLOADING": 40, "END": 50}
"""TF Serving's `ModelVersionStatus.State`."""


@dataclass
class Loaded:
    """One version of a model, loaded or not. `users` counts the requests that are being answered."""

    model: str
    version: int
    source: str
    digest: str = ""
    state: str = "START"
    code: Code = Code.OK
    message: str = ""
    servable: Servable | None = None
    users: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition, repr=False)


class VersionTable:
    """All versions that this server knows. Methods may be called from any thread."""

    def __init__(self, batching: Batching | None = None) -> None:
        self._batching = batching
        self._lock = threading.Lock()
        self._table: dict[tuple[str, int], Loaded] = {}

    def status(self, model: str) -> list[Loaded]:
        """List the versions of a model, newest first, as TF Serving does."""
        with self._lock:
            return sorted((entry for entry in self._table.values() if entry.model == model), key=lambda entry: -entry.version)

    def find(self, model: str, version: int) -> Loaded | None:
        """Find a version in any state."""
        return self._table.get((model, version))

    def available(self, model: str) -> list[int]:
        """Name the versions that answer now, newest first."""
        return [entry.version for entry in self.status(model) if entry.state == "AVAILABLE"]

    def add(self, model: str, version: int, source: str, digest: str = "") -> Loaded | None:
        """Enter a version that is not there, or whose folder or digest changed since it could not be loaded; None if there is nothing to do."""
        with self._lock:
            old = self._table.get((model, version))
            if old is not None and (old.state != "END" or (old.code is not Code.OK and (old.source, old.digest) == (source, digest))):
                return None
            entry = self._table[model, version] = Loaded(model, version, source, digest)
            return entry

    def load(self, entry: Loaded) -> None:
        """Load a version, seal and warm-up requests checked; what goes wrong is kept as its status."""
        entry.state = "LOADING"
        try:
            servable = load_servable(Path(entry.source), entry.digest)
            entry.servable = servable if self._batching is None else Batched(servable, self._batching)
        except Exception as error:  # a broken model must not take the server with it
            entry.code = error.code if isinstance(error, Refused) else Code.INVALID_ARGUMENT
            entry.message = str(error) or type(error).__name__
            entry.state = "END"
        else:
            entry.state = "AVAILABLE"

    @contextmanager
    def use(self, model: str, version: int) -> Iterator[Servable]:
        """Hold a version while it answers.

        Raises
        ------
        Refused
            NOT_FOUND, if it is not available.
        """
        entry = self._table.get((model, version))
        if entry is None:
            raise Refused(Code.NOT_FOUND, f"Servable not found for request: Specific({model}, {version})")
        with entry.changed:
            servable = entry.servable
            if entry.state != "AVAILABLE" or servable is None:
                raise Refused(Code.NOT_FOUND, f"Servable not found for request: Specific({model}, {version})")
            entry.users += 1
        try:
            yield servable
        finally:
            with entry.changed:
                entry.users -= 1
                entry.changed.notify_all()

    def unload(self, model: str, version: int) -> None:
        """Take a version out: no new request gets it; it goes when the last one that has it is answered."""
        entry = self._table.get((model, version))
        if entry is None:
            return
        with entry.changed:
            if entry.state != "AVAILABLE":
                return
            entry.state = "UNLOADING"
            entry.changed.wait_for(lambda: entry.users == 0)
            servable, entry.servable = entry.servable, None
            entry.state = "END"
        if isinstance(servable, Batched):
            servable.close()


def load_servable(folder: Path, digest: str = "") -> Servable:
    """Load what a folder holds: a SavedModel, or a scikit-learn model.

    Raises
    ------
    Refused
        If there is neither, or the content is not what was sealed when it was registered.
    """
    if digest and folder.is_dir() and (found := digest_folder(folder)) != digest:
        raise Refused(Code.DATA_LOSS, f"the model's files are not those that were registered: digest {found[:12]}, expected {digest[:12]}")
    if (folder / "saved_model.pb").is_file():
        from jupyter_mlops.serving.server.saved_model import SavedModel

        return SavedModel(folder)
    if (folder / "model.skops").is_file():
        from jupyter_mlops.serving.server.sklearn_model import SklearnModel

        return SklearnModel(folder)
    raise Refused(Code.NOT_FOUND, "the version's folder has no `saved_model.pb` and no `model.skops`")
