"""Running the recurring pipeline here, and what its rollout came to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.place import home

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.submit.events import RunResult

ENDS = {"STABLE": "promoted", "ROLLED_BACK": "rolled back"}
POLL_SECONDS = 0.2


def run_pipeline(notebook: Path, now: float, *, directory: Path) -> RunResult:
    """Compile the recurring notebook and run it to its end, steps in `directory`, for the time `now`; an interrupted run goes on.

    Raises
    ------
    EnvironmentProblem
        If it does not compile.
    """
    import json

    from jupyter_mlops.feedback.recurring import NOW
    from jupyter_mlops.submit.local import run
    from nb2pipe.api import check_file, compile_pipeline

    checked = check_file(str(notebook), backend=None)
    if checked.pipeline is None:
        first = next((each.message for each in checked.diagnostics), "it has no steps")
        raise EnvironmentProblem(f"`{notebook.name}` does not compile: {first}", hint=f"nb2pipe check {notebook.name}")
    plan = json.loads(compile_pipeline(checked.pipeline, backend="local").entry_text)
    return run(plan, parameters={NOW: now}, directory=directory, state=home() / "retraining")


def outcome_of(model: str, since: float, *, failed: str, most_seconds: float) -> tuple[str, dict[str, Any]]:
    """Say what the deployment that began after `since` came to; wait for a rollout that is going on.

    Returns
    -------
    str, dict
        "promoted", "rolled back", "rejected" (nothing was deployed, a gate or an error stopped it) or "running" (it still goes on after
        `most_seconds`), and the version and reason.
    """
    path = home() / "serving" / "serving.db"
    deadline = time.monotonic() + most_seconds
    while path.is_file():
        from jupyter_mlops.serving.rollout.store import Store

        store = Store(path)
        try:
            changes = [each for each in store.transitions(model) if each.at >= since]
        finally:
            store.close()
        if not changes:
            break
        last = changes[-1]
        if last.to_state in ENDS:
            if last.to_state == "STABLE":
                _crown(model, last.version)
            return ENDS[last.to_state], {"version": last.version, "reason": last.reason}
        if failed or time.monotonic() > deadline:
            return "running", {"version": last.version, "reason": last.reason}
        time.sleep(POLL_SECONDS)
    return "rejected", {"reason": failed or "no version was deployed"}


def _crown(model: str, version: str) -> None:
    """Let the registry's alias say who is champion now: the next gate compares with it."""
    from jupyter_mlops.serving.registry import set_alias

    if (home() / "serving" / "models" / model).is_dir():  # what was not registered has no alias
        set_alias(model, "champion", version)
