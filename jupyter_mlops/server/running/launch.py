"""A saved notebook and what is asked for → a run in a process of its own, which outlives the browser and the server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.server.running.access import endpoint_of
from jupyter_mlops.server.running.compiled import compile_for
from jupyter_mlops.server.running.places import JOB, STATE, Place, place_of
from jupyter_mlops.server.running.standing import read_standing
from jupyter_mlops.submit.atomic import write_json
from jupyter_mlops.submit.parameters import bind_parameters
from jupyter_mlops.submit.record import StillRunningError, reopen_run, reserve_run, runner_of, sign_lock
from jupyter_mlops.submit.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_mlops.server.context import Context
    from jupyter_mlops.submit.record import RunFolder

_LAST_MOMENTS_SECONDS = 2.0
_PAUSE_SECONDS = 0.02
RUNNER_LOG = "runner.log"
RUNNER = "jupyter_mlops.server.running.runner"


def start(context: Context, notebook: Path, asked: Mapping[str, Any]) -> Place:
    """Compile a notebook as it is saved and start a run of it.

    Raises
    ------
    Refused
        When the notebook has errors, or the same run is going on.
    Nb2PipeError
        For a parameter that does not fit, or a folder that cannot be written.
    """
    if asked["kind"] == "kubeflow":
        asked = {**asked, "endpoint": endpoint_of(asked.get("endpoint", ""))}
    compiled = compile_for(notebook, asked["kind"])
    values = bind_parameters(asked["parameters"], compiled.parameters)
    identity = compiled.identity(asked, values, notebook.parent)
    try:
        folder, lock = _once_gone(lambda: reserve_run(notebook.parent / STATE, identity))
    except StillRunningError as error:
        raise Refused(409, str(error), "stop it, or wait for its end") from error
    return _begin(context, folder.path, lock, compiled.job(notebook.name, asked, values), compiled.files)


def go_on(context: Context, place: Place, asked: Mapping[str, Any]) -> Place:
    """Go on with a local run that is over: its notebook is compiled as it is saved now, steps that are the same are not run again.

    Raises
    ------
    Refused
        When the notebook has errors, or the run is still going on.
    """
    compiled = compile_for(place.directory / asked["notebook"], "local")
    values = bind_parameters(asked["parameters"], compiled.parameters)
    job = {**compiled.job(asked["notebook"], asked, values), "fresh": False}
    return _begin(context, place.folder, _locked(place), job, compiled.files)


def go_on_elsewhere(context: Context, place: Place, run: str) -> Place:
    """Follow a run on a cluster again; one that failed or was stopped there is tried again, as it was submitted.

    Raises
    ------
    Refused
        When it is followed already.
    """
    return _begin(context, place.folder, _locked(place), {**place.job, "cluster_run": run, "again": True}, {})


def _locked(place: Place) -> int:
    try:
        return _once_gone(lambda: reopen_run(place.folder))[1]
    except StillRunningError as error:
        raise Refused(409, f"run `{place.folder.name}` is still going on", "stop it first") from error


def _once_gone(take: Callable[[], tuple[RunFolder, int]]) -> tuple[RunFolder, int]:
    """Take a run; one that has told its end may need a moment more to go."""
    until = time.monotonic() + _LAST_MOMENTS_SECONDS
    while True:
        try:
            return take()
        except StillRunningError as error:
            if time.monotonic() > until or _is_going_on(error.folder):
                raise
        time.sleep(_PAUSE_SECONDS)


def _is_going_on(folder: Path) -> bool:
    return runner_of(folder) is not None and read_standing(folder, steps=(), alive=True).ended is None


def _begin(context: Context, folder: Path, lock: int, job: Mapping[str, Any], files: Mapping[str, str]) -> Place:
    try:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", errors="surrogatepass")
        write_json(folder / JOB, job)
        Story(folder).add("asked", kind=job["kind"])
        _spawn(folder, lock)
    finally:
        os.close(lock)
    return place_of(context, folder)


def _spawn(folder: Path, lock: int) -> None:
    """Start the runner. The lock goes with it, so there is no moment in which nobody holds the run."""
    with (folder / RUNNER_LOG).open("wb") as log:
        # Its folder is no place for modules: a `json.py` beside the notebook stands in nobody's way but the steps'.
        process = subprocess.Popen(
            [sys.executable, "-m", RUNNER, str(folder), str(lock)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock,),
        )
    sign_lock(lock, process.pid)
    threading.Thread(target=process.wait, name=f"end of {folder.name}", daemon=True).start()  # or it would stay as a zombie
