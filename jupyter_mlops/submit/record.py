"""The state directory: which runs there are, which one to go on with, and what each step of it left.

```
.nb2pipe/
  cache/<key>/                  see `cache.py`
  runs/<number>-<identity>/     one run; identity: the plan and the parameters
    run.json                    how every step stands, for people and tools
    story.jsonl                 what happened, in order, see `story.py`
    lock                        held by the runner while it lives; its process id is in it
    steps/<step>[/<item>]/      log.txt, executor_input.json, executor_output.json, outputs/<port>
      record.json               written last: with it the step is complete, without it nothing there counts
      attempts/<n>/             where attempt n writes; a process that outlives its runner knows no other place
```
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.atomic import read_json, remove_tree, write_json
from jupyter_mlops.submit.cache import described, restored, sealed
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.submit.contract import Values

RUN_SCHEMA = "nb2pipe.run/1"
_STEP_SCHEMA = "nb2pipe.step-record/1"
_UNFINISHED = {"running", "interrupted"}


class StillRunningError(Nb2PipeError):
    """A run that is wanted has a runner; `folder` is that of the run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"this pipeline is already running here, with the same parameters (run `{folder.name}`)", hint="wait for it, or --state FOLDER"
        )
        self.folder = folder


class RunFolder:
    """The folder of one run, locked by this process."""

    def __init__(self, path: Path, *, resumed: bool) -> None:
        self.path = path
        self.resumed = resumed

    @property
    def id(self) -> str:
        """The run's name."""
        return self.path.name

    def step(self, name: str, item: int | None) -> StepFolder:
        """The folder of a step, or of one item of its fan-out."""
        path = self.path / "steps" / name
        return StepFolder(path if item is None else path / str(item))

    def write(self, record: dict[str, Any]) -> None:
        """Replace `run.json`."""
        write_json(self.path / "run.json", {"schema": RUN_SCHEMA, **record})


class StepFolder:
    """What one step (one item) leaves on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.path / "log.txt"

    def new_attempt(self) -> Path:
        """Make the folder of the next attempt; no process ever knew its name before."""
        attempts = self.path / "attempts"
        attempts.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(path.name) for path in attempts.iterdir() if path.name.isdigit()), default=0)
        attempt = attempts / str(number)
        attempt.mkdir()
        (attempt / "outputs").mkdir()
        (attempt / "parameters").mkdir()
        return attempt

    def complete(self, *, keys: list[str], values: Values, **facts: Any) -> None:
        """Write the record that makes the step complete."""
        write_json(self.path / "record.json", {"schema": _STEP_SCHEMA, "keys": keys, **facts, **described(values)})

    def completed(self, key: str) -> Values | None:
        """The outputs that this run already made under this key, if their bytes are still what they were."""
        record = read_json(self.path / "record.json")
        if not isinstance(record, dict) or record.get("schema") != _STEP_SCHEMA or key not in record.get("keys", ()):
            return None
        return restored(record, self.path) if sealed(record, self.path / "outputs") else None

    def facts(self) -> dict[str, Any]:
        """The record as it stands, or an empty one."""
        record = read_json(self.path / "record.json")
        return record if isinstance(record, dict) else {}

    def clear(self) -> None:
        """Forget what an interrupted runner left that was not complete."""
        (self.path / "record.json").unlink(missing_ok=True)
        remove_tree(self.path / "outputs")


@contextmanager
def open_run(state: Path, identity: str, *, fresh: bool = False) -> Iterator[RunFolder]:
    """Lock a run of the given identity: the last one if it was interrupted, else a new one.

    Raises
    ------
    Nb2PipeError
        If another process is running it now, or the folder cannot be written.
    """
    try:
        _prepare(state)
        with _locked(state / "lock", wait=True):
            folder, lock = _choose(state / "runs", identity.removeprefix("sha256:")[:12], fresh=fresh)
    except OSError as error:
        raise Nb2PipeError(f"cannot write to `{state}`: {error.strerror or error}", hint="--state FOLDER chooses another place") from error
    try:
        yield folder
    finally:
        os.close(lock)


def reserve_run(state: Path, identity: str) -> tuple[RunFolder, int]:
    """Make a new run for a process that is still to start; its lock, returned as a descriptor, is to be handed on to that process.

    Raises
    ------
    Nb2PipeError
        If a run of the same identity is going on, or the folder cannot be written.
    """
    try:
        _prepare(state)
        with _locked(state / "lock", wait=True):
            numbered = _numbered(state / "runs")
            identity = identity.removeprefix("sha256:")[:12]
            for _, path in numbered:
                if path.name.endswith(f"-{identity}") and runner_of(path) is not None:
                    raise StillRunningError(path)
            return _make(state / "runs", numbered[-1][0] if numbered else 0, identity)
    except OSError as error:
        raise Nb2PipeError(f"cannot write to `{state}`: {error.strerror or error}", hint="--state FOLDER chooses another place") from error


def reopen_run(path: Path) -> tuple[RunFolder, int]:
    """Lock a run that is over, however it ended, to go on with it.

    Raises
    ------
    Nb2PipeError
        If it is still going on.
    """
    lock = _try_lock(path / "lock")
    if lock is None:
        raise StillRunningError(path)
    sign_lock(lock, os.getpid())
    return RunFolder(path, resumed=True), lock


def runner_of(path: Path) -> int | None:
    """Return the process that runs the run in this folder, None when nobody does; 0 when it has not said yet which one it is."""
    import fcntl

    try:
        with (path / "lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: who only looks does not mistake another who looks for a runner
            except BlockingIOError:
                text = lock.read()
                return int(text) if text.isdigit() else 0
    except FileNotFoundError:
        pass
    return None


def sign_lock(lock: int, process: int) -> None:
    """Write into a lock that is held who holds it."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(process).encode("ascii"), 0)


def _prepare(state: Path) -> None:
    (state / "runs").mkdir(parents=True, exist_ok=True)
    if not (state / ".gitignore").exists():
        (state / ".gitignore").write_text("*\n", encoding="ascii")
        (state / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", encoding="ascii")  # bford.info/cachedir


def _numbered(runs: Path) -> list[tuple[int, Path]]:
    return sorted((int(path.name.partition("-")[0]), path) for path in runs.iterdir() if path.name.partition("-")[0].isdigit())


def _choose(runs: Path, identity: str, *, fresh: bool) -> tuple[RunFolder, int]:
    numbered = _numbered(runs)
    same = [path for _, path in numbered if path.name.endswith(f"-{identity}")]
    for path in reversed(same[-1:]):
        lock = _try_lock(path / "lock")
        if lock is None:
            raise StillRunningError(path)
        record = read_json(path / "run.json")
        if not fresh and (record is None or record.get("state") in _UNFINISHED):
            sign_lock(lock, os.getpid())
            return RunFolder(path, resumed=True), lock
        os.close(lock)
    return _make(runs, numbered[-1][0] if numbered else 0, identity)


def _make(runs: Path, last: int, identity: str) -> tuple[RunFolder, int]:
    path = runs / f"{last + 1:04}-{identity}"
    path.mkdir()
    lock = _try_lock(path / "lock")
    assert lock is not None, "nobody else can know a folder made under the state lock"
    sign_lock(lock, os.getpid())
    return RunFolder(path, resumed=False), lock


def _try_lock(path: Path, *, wait: bool = False, patience: int = 3) -> int | None:
    """Take an advisory lock that ends with this process, however it ends; `patience`: who only looks whether it is free holds it for an instant."""
    try:
        import fcntl
    except ImportError as error:
        raise Nb2PipeError(
            "`nb2pipe run` needs Linux or macOS: it locks and groups processes as POSIX does", hint="run it in WSL"
        ) from error
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        if not patience:
            return None
        time.sleep(0.01)
        return _try_lock(path, patience=patience - 1)
    except BaseException:
        os.close(handle)
        raise
    return handle


@contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    handle = _try_lock(path, wait=wait)
    assert handle is not None
    try:
        yield
    finally:
        os.close(handle)
