"""What `nb2pipe run` and `nb2pipe submit` call, through entry points: a compiled pipeline → progress on standard error, a result on standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.progress import choose_progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.submit.events import RunResult


def run_local(
    plan: str,
    *,
    notebook: str,
    parameters: Mapping[str, object],
    state: str | None = None,
    workers: int | None = None,
    fresh: bool = False,
    verbose: bool = False,
    form: str = "text",
) -> int:
    """Run a local plan, steps in the notebook's folder; return the exit status."""
    from jupyter_mlops.submit.local import run

    result = run(
        json.loads(plan),
        parameters=parameters,
        directory=Path(notebook).resolve().parent,
        state=Path(state) if state else None,
        workers=workers,
        fresh=fresh,
        listener=choose_progress(sys.stderr, verbose=verbose),
    )
    return _print(result, form)


def run_kfp(
    package: str,
    *,
    notebook: str,
    parameters: Mapping[str, object],
    state: str | None = None,
    workers: int | None = None,
    fresh: bool = False,
    verbose: bool = False,
    form: str = "text",
) -> int:
    """Run a KFP package by the SDK's local runner; `workers` and `fresh` mean nothing there: it caches nothing, and decides itself."""
    from jupyter_mlops.submit.kfp_local import run

    del workers, fresh
    result = run(
        package,
        parameters=parameters,
        output=Path(state) / "kfp" if state else None,
        directory=Path(notebook).resolve().parent,
        listener=choose_progress(sys.stderr, verbose=verbose),
    )
    return _print(result, form)


def run_verify(
    plan: str,
    task: dict[str, Any],
    *,
    notebook: str,
    parameters: Mapping[str, object],
    state: str | None = None,
    form: str = "text",
    twice: bool = False,
) -> int:
    """Run a notebook whole and step by step; return 0 when both agree, else 1."""
    from jupyter_mlops.submit.verdict import as_text
    from jupyter_mlops.submit.verify import verify

    verdict = verify(
        json.loads(plan),
        task,
        directory=Path(notebook).resolve().parent,
        parameters=parameters,
        state=Path(state) if state else None,
        listener=choose_progress(sys.stderr),
        twice=twice,
    )
    sys.stdout.write(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=2) + "\n" if form == "json" else as_text(verdict))
    return 0 if verdict.equal else 1


def submit_to_kubeflow(package: str, *, parameters: Mapping[str, object], form: str = "text", verbose: bool = False, **options: Any) -> int:
    """Upload a package, start or schedule it, follow it; return the exit status. Options are those of `kubeflow.submit`."""
    from jupyter_mlops.submit.kubeflow import submit

    made = submit(package, parameters=parameters, listener=choose_progress(sys.stderr, verbose=verbose), **options)
    if form == "json":
        sys.stdout.write(json.dumps(made.as_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        for key, value in made.as_dict().items():
            if isinstance(value, str) and value:
                sys.stdout.write(f"{key:12} {value}\n")
    return made.exit


def _print(result: RunResult, form: str) -> int:
    if form == "json":
        sys.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        from jupyter_mlops.submit.report import report

        sys.stdout.write(report(result, relative_to=Path.cwd()))
    return result.exit
