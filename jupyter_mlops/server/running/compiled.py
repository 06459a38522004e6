"""A saved notebook → what a run of some kind needs: its files, its parameters, its steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.server.running.places import PACKAGE, PLAN, TASK
from jupyter_mlops.submit.package import read_package
from jupyter_mlops.submit.plan import Parameter, digest_of_json, read_plan
from nb2pipe.emit.braces import unescape_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nb2pipe.api import Checked

SCHEMA = "nb2pipe.job/1"
_WHERE = ("endpoint", "namespace", "experiment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A notebook for one kind of run; `files` by name, `digest` of the plan."""

    pipeline: str
    parameters: tuple[Parameter, ...]
    steps: tuple[str, ...]
    files: Mapping[str, str]
    digest: str

    def identity(self, asked: Mapping[str, Any], values: Mapping[str, Any], directory: Path) -> str:
        """Digest what makes two runs the same; of local ones as `nb2pipe run` does."""
        same = {"plan": self.digest, "parameters": values, "directory": str(directory)}
        if asked["kind"] != "local":
            same |= {"kind": asked["kind"]} | {name: asked.get(name, "") for name in _WHERE}
        return digest_of_json(same)

    def job(self, notebook: str, asked: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """Say what the runner is asked for; no login is part of it."""
        return {
            "schema": SCHEMA,
            "kind": asked["kind"],
            "notebook": notebook,
            "pipeline": self.pipeline,
            "steps": list(self.steps),
            "parameters": asked["parameters"],
            "values": unescape_value(dict(values)),
            "fresh": bool(asked.get("fresh")),
            **{name: asked[name] for name in _WHERE if asked.get(name)},
        }


def compile_for(notebook: Path, kind: str) -> Compiled:
    """Compile a notebook file.

    Raises
    ------
    Refused
        When there is none, it has errors, or no step.
    """
    from nb2pipe.api import check_file, compile_pipeline, verification_task

    if not notebook.is_file():
        raise Refused(404, f"there is no notebook `{notebook.name}`", "save it first")
    backend = "kfp" if kind == "kubeflow" else "local"
    checked = check_file(str(notebook), backend="kfp" if kind == "kubeflow" else None)
    if checked.pipeline is None:
        raise without_pipeline(checked, notebook.name)
    text = compile_pipeline(checked.pipeline, backend=backend).entry_text
    if kind == "kubeflow":
        package = read_package(text)
        return Compiled(
            pipeline=package.name,
            parameters=package.parameters,
            steps=tuple(step.name for step in checked.pipeline.steps),
            files={PACKAGE: text},
            digest=digest_of_json(text),
        )
    plan = read_plan(json.loads(text))
    task = {TASK: json.dumps({"mode": "tags", **verification_task(checked)})} if kind == "verify" else {}
    return Compiled(pipeline=plan.name, parameters=plan.parameters, steps=tuple(plan.steps), files={PLAN: text, **task}, digest=plan.digest)


def without_pipeline(checked: Checked, name: str) -> Refused:
    """Say why a notebook makes no pipeline: it has errors, or no step."""
    from nb2pipe.diagnostics.model import Severity

    count = sum(each.severity == Severity.ERROR for each in checked.diagnostics)
    if not count:
        return Refused(400, f"`{name}` has no steps", "tag a cell `step:NAME`")
    return Refused(400, f"`{name}` has {count} error{'s' if count != 1 else ''}, so there is no pipeline", "see the diagnostics panel")
