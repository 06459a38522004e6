"""The process of one run: reads the job in the run's folder and carries it out, telling the run's story as it goes.

``python -m jupyter_mlops.server.running.runner FOLDER LOCK``: the lock of the folder is inherited, open and held. Nothing secret is in the
folder or on the command line; logins come from the environment.
"""

from __future__ import annotations

import json
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.server.running.access import access_to
from jupyter_mlops.server.running.places import JOB, PACKAGE, PLAN, TASK
from jupyter_mlops.submit.record import RunFolder
from jupyter_mlops.submit.story import Story
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from types import FrameType

STATES = {"SUCCEEDED": "succeeded", "SKIPPED": "succeeded", "FAILED": "failed", "CANCELED": "interrupted"}
"""How a run on a cluster ends → how ours do."""

POLL_SECONDS = 3.0


def main(folder: Path) -> int:
    """Run the job of a folder; whatever goes wrong stands in its story."""
    signal.signal(signal.SIGTERM, _stopped)
    story = Story(folder)
    try:
        return _perform(json.loads(_text(folder / JOB)), folder, story)
    except KeyboardInterrupt:
        story.add("run ended", state="interrupted", exit=143, seconds=0)
        return 143
    except Nb2PipeError as error:
        story.add("problem", message=str(error), hint=error.hint)
    except Exception as error:  # the runner's own end must be told too
        traceback.print_exc()
        story.add("problem", message=f"the runner broke: {type(error).__name__}: {error}", hint=f"see `{folder.name}/runner.log`")
    return 1


def _perform(job: dict[str, Any], folder: Path, story: Story) -> int:
    match job["kind"]:
        case "local":
            return _run(job, folder)
        case "verify":
            return _verify(job, folder, story)
        case "kubeflow":
            return _submit(job, folder, story)
        case kind:
            raise Nb2PipeError(f"`{kind}` is no kind of run that this version knows", hint="start the run again")


def _run(job: dict[str, Any], folder: Path) -> int:
    from jupyter_mlops.submit.local import run

    result = run(
        json.loads(_text(folder / PLAN)),
        parameters=job["parameters"],
        directory=folder.parents[2],
        state=folder.parents[1],
        fresh=bool(job.get("fresh")),
        folder=RunFolder(folder, resumed=(folder / "run.json").exists()),
    )
    return result.exit


def _verify(job: dict[str, Any], folder: Path, story: Story) -> int:
    from jupyter_mlops.submit.verdict import as_text
    from jupyter_mlops.submit.verify import verify

    verdict = verify(
        json.loads(_text(folder / PLAN)),
        json.loads(_text(folder / TASK)),
        directory=folder.parents[2],
        parameters=job["parameters"],
        state=folder.parents[1],
        folder=RunFolder(folder, resumed=False),
    )
    unlike = [step.step for step in verdict.steps if step.state in {"differs", "failed"}]
    story.add("verdict", equal=verdict.equal, text=as_text(verdict), unlike=unlike)
    return 0 if verdict.equal else 1


def _submit(job: dict[str, Any], folder: Path, story: Story) -> int:
    from jupyter_mlops.submit.cluster_run import attach
    from jupyter_mlops.submit.kubeflow import submit

    access, package, run = access_to(job["endpoint"]), _text(folder / PACKAGE), job.get("cluster_run")
    if run is None:
        made = submit(
            package,
            endpoint=access.endpoint,
            parameters=job["parameters"],
            experiment=job.get("experiment") or "Default",
            namespace=job.get("namespace") or None,
            token=access.token,
            cookies=access.cookies,
            wait=False,
        )
        story.add("submitted", run=made.run_id, url=made.url)
        run = made.run_id
    try:
        ended = attach(
            package,
            run,
            access=access,
            namespace=job.get("namespace") or None,
            values=job["parameters"],
            again=bool(job.get("again")),
            listener=story,
            poll_seconds=POLL_SECONDS,
        )
    except Nb2PipeError as error:
        story.add("lost", message=str(error), hint="resume follows it again")
        return 1
    if ended.failed_step:
        if ended.log:
            log = folder / "steps" / ended.failed_step / "log.txt"
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(ended.log, encoding="utf-8")
        story.add("step explained", label=ended.failed_step, reason=ended.reason, headline=ended.headline)
    if ended.state in STATES:  # else only following was interrupted
        story.add("run ended", state=STATES[ended.state], exit=ended.exit, seconds=0)
    return ended.exit


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogatepass")


def _stopped(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
