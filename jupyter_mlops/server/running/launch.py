"""A saved notebook and what is asked for → a run in a process of its own, which outlives the browser and the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.server.running.places import JOB, STATE, Place, place_of
from jupyter_mlops.submit.atomic import write_json
from jupyter_mlops.submit.local import run_identity
from jupyter_mlops.submit.parameters import bind_parameters
from jupyter_mlops.submit.plan import Plan, read_plan
from jupyter_mlops.submit.record import reopen_run, reserve_run, sign_lock
from jupyter_mlops.submit.story import Story
from nb2pipe.emit.braces import unescape_value
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context
    from nb2pipe.api import Checked

PLAN = "plan.json"
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
    plan, files = _compiled(notebook)
    values = bind_parameters(asked["parameters"], plan.parameters)
    identity = run_identity(plan, values, notebook.parent)
    try:
        folder, lock = reserve_run(notebook.parent / STATE, identity)
    except Nb2PipeError as error:
        raise Refused(409, str(error), "stop it, or wait for its end") from error
    job = {
        "schema": "nb2pipe.job/1",
        "notebook": notebook.name,
        "pipeline": plan.name,
        "steps": list(plan.steps),
        **asked,
        "values": unescape_value(values),
    }
    return _begin(context, folder.path, lock, job, files)


def go_on(context: Context, place: Place, asked: Mapping[str, Any]) -> Place:
    """Go on with a local run that is over: its notebook is compiled as it is saved now, steps that are the same are not run again.

    Raises
    ------
    Refused
        When the notebook has errors, or the run is still going on.
    """
    plan, files = _compiled(place.directory / asked["notebook"])
    values = bind_parameters(asked["parameters"], plan.parameters)
    try:
        folder, lock = reopen_run(place.folder)
    except Nb2PipeError as error:
        raise Refused(409, f"run `{place.folder.name}` is still going on", "stop it first") from error
    job = {
        "schema": "nb2pipe.job/1",
        **asked,
        "pipeline": plan.name,
        "steps": list(plan.steps),
        "values": unescape_value(values),
        "fresh": False,
    }
    return _begin(context, folder.path, lock, job, files)


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


def _compiled(notebook: Path) -> tuple[Plan, dict[str, str]]:
    from nb2pipe.api import check_file, compile_pipeline

    if not notebook.is_file():
        raise Refused(404, f"there is no notebook `{notebook.name}`", "save it first")
    checked = check_file(str(notebook), backend=None)
    if checked.pipeline is None:
        raise _with_errors(checked)
    text = compile_pipeline(checked.pipeline, backend="local").entry_text
    plan = read_plan(json.loads(text))
    if not plan.steps:
        raise Refused(400, f"`{notebook.name}` has no steps", "tag a cell `step:NAME`")
    return plan, {PLAN: text}


def _with_errors(checked: Checked) -> Refused:
    from nb2pipe.diagnostics.model import Severity

    count = sum(each.severity == Severity.ERROR for each in checked.diagnostics)
    return Refused(
        400,
        f"`{Path(checked.path).name}` has {count} error{'s' if count != 1 else ''}, so there is no pipeline to run",
        "see the diagnostics panel",
    )
