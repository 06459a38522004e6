"""Runs: started, listed, followed, stopped, gone on with."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused, Text
from jupyter_mlops.server.running import launch
from jupyter_mlops.server.running.access import access_to
from jupyter_mlops.server.running.places import Place, all_runs, find, runs_in
from jupyter_mlops.server.running.standing import Standing, read_output, read_standing, story_size
from jupyter_mlops.submit.cluster_run import terminate
from jupyter_mlops.submit.record import runner_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context

NOTEBOOKS = (".ipynb", ".py")
LONGEST_WAIT_SECONDS = 25.0
MOST_LOG_BYTES = 2**20
MOST_RUNS = 100
_OWN = "nb2pipe_"


def list_runs(context: Context, path: str = "") -> dict[str, Any]:
    """Return the runs of a notebook, or (without `path`) of all below the root, newest first."""
    if path:
        notebook = context.file(path, *NOTEBOOKS)
        places = [place for place in runs_in(context, notebook.parent) if place.job["notebook"] == notebook.name]
    else:
        places = list(all_runs(context))
    recent = sorted(places, key=lambda place: (-_changed(place), place.id))[:MOST_RUNS]
    summaries = [_summary(context, place, *_standing(place)) for place in recent]
    return {"runs": sorted(summaries, key=lambda summary: summary["started"] or "", reverse=True)}


def start_run(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Start a run of a saved notebook."""
    return _run(context, launch.start(context, context.file(body["path"], *NOTEBOOKS), {k: v for k, v in body.items() if k != "path"}), 0)


async def get_run(context: Context, run: str, after: str = "", wait: str = "0") -> dict[str, Any]:
    """Return a run and what it printed behind `after`; `wait`: for so many seconds, unless something happens before."""
    place = find(context, run)
    position = _number(after, "after") if after else None
    until = time.monotonic() + min(float(_number(wait, "wait")), LONGEST_WAIT_SECONDS)
    patience = 0.05
    while position is not None and time.monotonic() < until and runner_of(place.folder) is not None:
        await asyncio.sleep(min(patience, max(0.0, until - time.monotonic())))  # first of all, or a step that prints a lot keeps us busy
        if story_size(place.folder) > position:
            break
        patience = min(patience * 1.5, 0.25)
    return await asyncio.to_thread(_run, context, place, position)


def stop_run(context: Context, run: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a run to end; asked again, it is not asked but made to."""
    del body
    place = find(context, run)
    job, standing = place.job, _standing(place)[0]
    if job["kind"] == "kubeflow" and standing.cluster_run:
        terminate(standing.cluster_run, access=access_to(job["endpoint"]), namespace=job.get("namespace"))
        return _run(context, place, None)  # who follows the run hears of its end from the cluster
    process = runner_of(place.folder)
    if process:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
    return _run(context, place, None)


def resume_run(context: Context, run: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Go on with a run that failed or was stopped."""
    del body
    place = find(context, run)
    job, (standing, alive) = place.job, _standing(place)
    if alive and standing.ended is None:
        raise Refused(409, f"run `{place.folder.name}` is still going on", "stop it first")
    if standing.state == "succeeded":
        raise Refused(409, f"run `{place.folder.name}` has succeeded, so there is nothing to go on with", "start a new run")
    match job["kind"]:
        case "verify":
            raise Refused(409, "a verification has no half to go on from", "verify again")
        case "kubeflow":
            if not standing.cluster_run:
                raise Refused(409, "this run never reached the cluster", "submit it again")
            launch.go_on_elsewhere(context, place, standing.cluster_run)
        case _:
            launch.go_on(context, place, job)
    return _run(context, place, None)


def step_log(context: Context, run: str, label: str, offset: str = "", limit: str = "") -> Text:
    """Return what a step printed: `limit` bytes from `offset`, or the last ones."""
    path = _step_folder(find(context, run), label) / "log.txt"
    most = min(_number(limit, "limit"), MOST_LOG_BYTES) if limit else MOST_LOG_BYTES
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(min(_number(offset, "offset"), size) if offset else max(0, size - most))
            return Text(file.read(most).decode("utf-8", "replace"))
    except FileNotFoundError:
        return Text("")


def step_page(context: Context, run: str, label: str) -> Text:
    """Return what a step displayed, as a page."""
    place = find(context, run)
    row = dict(_standing(place)[0].steps).get(label)
    port = _page(row) if row else None
    if port is None or row is None:
        raise Refused(404, f"`{label}` has displayed nothing")
    path = _step_folder(place, label) / "outputs" / port
    if not path.is_file():
        raise Refused(404, f"the page of `{label}` is no longer there", "run the step again")
    return Text(path.read_text(encoding="utf-8", errors="replace"), "text/html")


def whole_run(context: Context, place: Place) -> dict[str, Any]:
    """Return a run as `get_run` does."""
    return _run(context, place, None)


def _run(context: Context, place: Place, after: int | None) -> dict[str, Any]:
    standing, alive = _standing(place)
    output, position = read_output(place.folder, after)
    return {
        "summary": _summary(context, place, standing, alive),
        "steps": [_step(label, row) for label, row in standing.rows()],
        "metrics": [metric for _, row in standing.rows() for metric in _metrics(row)],
        "problem": standing.problem,
        "verdict": standing.verdict,
        "next": position,
        "output": output,
    }


def _standing(place: Place) -> tuple[Standing, bool]:
    alive = runner_of(place.folder) is not None  # before the story is read: whoever ends meanwhile has told so
    return read_standing(place.folder, steps=place.job.get("steps", ()), alive=alive), alive


def _summary(context: Context, place: Place, standing: Standing, alive: bool) -> dict[str, Any]:
    job = place.job
    began = standing.began or standing.asked
    notebook = PurePosixPath(context.relative(place.directory)) / job["notebook"]
    return {
        "id": place.id,
        "kind": job["kind"],
        "notebook": str(notebook),
        "pipeline": standing.pipeline or job.get("pipeline", ""),
        "state": standing.state,
        "started": datetime.fromtimestamp(standing.asked, UTC).isoformat(timespec="milliseconds") if standing.asked else None,
        "seconds": round(max(0.0, (standing.ended or time.time()) - began), 3) if began else 0.0,
        "parameters": job.get("values", {}),
        "done": standing.done,
        "total": len(standing.steps),
        "url": standing.url,
        "alive": alive and standing.ended is None,
    }


def _step(label: str, row: Mapping[str, Any]) -> dict[str, Any]:
    running = row["state"] == "running"
    artifacts = [
        {
            "port": port,
            "type": artifact["type"],
            "bytes": artifact.get("bytes"),
            "digest": artifact["digest"],
            "encoding": _encoding(artifact["metadata"]),
        }
        for port, artifact in row["artifacts"].items()
    ]
    kept = {key: row[key] for key in ("step", "item", "state", "attempts", "reason", "headline", "cell", "line")}
    seconds = time.time() - row["began"] if running else row["seconds"]
    return {"label": label, **kept, "seconds": round(max(0.0, seconds), 3), "artifacts": artifacts, "page": _page(row) is not None}


def _encoding(metadata: Mapping[str, Any]) -> str:
    return str(metadata.get("nb2pipe_encoding", ""))


def _metrics(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"step": row["step"] if row["item"] is None else f"{row['step']}[{row['item']}]", "name": name, "value": value}
        for artifact in row["artifacts"].values()
        if artifact["type"] == "Metrics"
        for name, value in artifact["metadata"].items()
        if not name.startswith(_OWN) and isinstance(value, (int, float)) and not isinstance(value, bool)
    ]


def _page(row: Mapping[str, Any]) -> str | None:
    """Return the port of the page that a step displays, else that of its first report."""
    ports = [port for port, artifact in row["artifacts"].items() if artifact["type"] == "HTML" and artifact["digest"] is not None]
    return "display" if "display" in ports else ports[0] if ports else None


def _step_folder(place: Place, label: str) -> Any:
    row = _standing(place)[0].steps.get(label)
    if row is None:
        raise Refused(404, f"run `{place.folder.name}` has no step `{label[:80]}`")
    folder = place.folder / "steps" / row["step"]
    return folder if row["item"] is None else folder / str(row["item"])


def _number(text: str, name: str) -> int:
    if not text.isdigit() or len(text) > 15:
        raise Refused(400, f"`{name}` is `{text[:20]}`, but it takes a whole number")
    return int(text)


def _changed(place: Place) -> float:
    try:
        return place.folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0
