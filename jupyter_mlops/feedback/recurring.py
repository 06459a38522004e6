"""A notebook with a gate and a deployment, and a policy → an ordinary tagged notebook: detect, and only if the policy says so, the same steps again.

The retraining is the pipeline of the notebook itself, its own gate against the champion and its own rollout included, so nothing that was never
run in the notebook runs at night. What is written compiles, runs, schedules and reads like any other notebook; the same input gives the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.ir.pipeline import Pipeline, Step

NOW = "retraining_now"
WANTED = "retraining_wanted"
OURS = (NOW, WANTED, "retraining_policy", "retraining_decision", "retraining_outcome")
NEEDED = {"gate": "nothing would judge the retrained model", "deploy": "nothing would put the retrained model into service"}
SUFFIX = "_retraining"

_TITLE = """# {name}: retrain when the policy says so

Written by `ml.retrain_when` from `{notebook}`; change that, and write this one again.

`detect` judges the windows of the prediction log that have ended and asks the policy.
If it says *retrain*, all other steps run: they are the steps of `{notebook}` as they are, with the gate against the champion and the rollout that
promotes or rolls back. `settle` writes the outcome into the audit trail, whatever happened.

> {policy}"""


def recurring_path(notebook: str | Path) -> Path:
    """Name the notebook that is written beside `notebook`."""
    path = Path(notebook)
    return path.with_name(f"{path.stem}{SUFFIX}.ipynb")


def write_recurring(notebook: str | Path, definition: str, policy: str, target: Path | None = None) -> Path:
    """Write the recurring notebook.

    Parameters
    ----------
    notebook : path
        Its pipeline has a step with a gate and a step that deploys.
    definition : str
        An expression that makes the `RetrainingPolicy`, of literals only, `ml` being this package.
    policy : str
        The policy's text, for people.
    target : path, optional
        Default: `recurring_path` of the notebook.

    Returns
    -------
    Path
        Where it is.

    Raises
    ------
    EnvironmentProblem
        If the notebook cannot be read or has errors.
    ValueError
        If it has no gate or no deployment, or a name or condition that gets in the way.
    """
    path = Path(notebook)
    pipeline = _checked(path)
    _refuse(path, pipeline)
    document = json.loads(path.read_text(encoding="utf-8"))
    written = _document(document, pipeline, path.name, definition, policy)
    where = target or recurring_path(path)
    text = json.dumps(written, indent=1, ensure_ascii=False) + "\n"
    partial = where.with_name(where.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(where)


def _checked(path: Path) -> Pipeline:
    from nb2pipe.api import check_file
    from nb2pipe.errors import Nb2PipeError

    try:
        checked = check_file(str(path), backend=None)
    except Nb2PipeError as error:
        raise EnvironmentProblem(
            f"`{path.name}` cannot be read: {error}", hint="give the path of the notebook that trains the model"
        ) from error
    if checked.pipeline is None:
        first = next((each.message for each in checked.diagnostics), "it has no steps")
        raise EnvironmentProblem(f"`{path.name}` is no pipeline yet: {first}", hint=f"nb2pipe check {path.name}")
    return checked.pipeline


def _refuse(path: Path, pipeline: Pipeline) -> None:
    roles = {step.role for step in pipeline.steps}
    for role, reason in NEEDED.items():
        if role not in roles:
            raise ValueError(
                f"`{path.name}` has no step with the role `{role}`: {reason}; expected a cell that calls `ml.{role}` or is tagged `{role}`"
            )
    if path.suffix != ".ipynb":
        raise ValueError(f"`{path.name}` is no `.ipynb` file; expected a notebook")
    for step in pipeline.steps:
        if step.control.when and step.role != "monitor":
            raise ValueError(
                f"step `{step.name}` of `{path.name}` runs when `{step.control.when}`; expected no condition of its own, a step has only one"
            )
    for step in pipeline.steps:
        if step.role == "deploy" and not any(each.role == "gate" for each in pipeline.steps if each.name in _before(step.name, pipeline)):
            raise ValueError(
                f"step `{step.name}` of `{path.name}` does not wait for a gate; expected the tag `after:` with the step that judges"
            )
    text = path.read_text(encoding="utf-8")
    if taken := next((name for name in OURS if name in text), None):
        raise ValueError(f"`{path.name}` uses the name `{taken}`, which the retraining needs; expected another name there")


def _before(name: str, pipeline: Pipeline) -> set[str]:
    """Name the steps that a step waits for, near and far."""
    direct = {step.name: set(step.control.after) for step in pipeline.steps}
    for edge in pipeline.edges:
        direct[edge.consumer.step].add(edge.producer.step)
    found: set[str] = set()
    left = [name]
    while left:
        new = direct[left.pop()] - found
        found |= new
        left += sorted(new)
    return found


def _document(document: Mapping[str, Any], pipeline: Pipeline, name: str, definition: str, policy: str) -> dict[str, Any]:
    steps = [step for step in pipeline.steps if step.role != "monitor" and not step.control.on_exit]
    first = {step.cells[0] for step in steps}
    kept = _kept(document["cells"], pipeline, steps)
    at = next(place for place, cell in enumerate(kept) if cell.get("id") in first)
    # The text above the first step belongs to it, below the detection.
    while at and kept[at - 1]["cell_type"] == "markdown":
        at -= 1
    cells = [*_head(kept[:at], name, policy), *_detect(definition), *kept[at:], *_settle()]
    for cell in cells:
        if cell.get("id") in first:
            cell["metadata"] = {**cell["metadata"], "tags": [*cell["metadata"].get("tags", []), f"when:{WANTED}"]}
    return {**document, "cells": cells, "metadata": _metadata(document["metadata"])}


def _kept(cells: Sequence[Mapping[str, Any]], pipeline: Pipeline, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Leave out what retrains nothing: cells that watch, cells that are skipped, and the text above them."""
    ours = {cell for step in steps for cell in step.cells}
    others = {cell for step in pipeline.steps for cell in step.cells} - ours
    kept: list[dict[str, Any]] = []
    text: list[dict[str, Any]] = []
    stepped = False
    for cell in cells:
        copy = {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else dict(cell)
        if cell["cell_type"] != "code":
            text.append(copy)
            continue
        stepped = stepped or cell.get("id") in ours
        shared = cell.get("id") not in ours | others and not _skipped(cell)
        if cell.get("id") in ours or shared:
            kept += [*text, copy]
        text = []
    return kept


def _skipped(cell: Mapping[str, Any]) -> bool:
    return "skip" in cell["metadata"].get("tags", [])


def _head(cells: Sequence[dict[str, Any]], name: str, policy: str) -> list[dict[str, Any]]:
    """Put the title above, and the time into the parameters."""
    titled = [cell for cell in cells if not (cell is cells[0] and cell["cell_type"] == "markdown")]
    line = f"{NOW} = 0.0  # the time to decide for, in seconds since 1970; 0 is now"
    for cell in titled:
        if "parameters" in cell["metadata"].get("tags", []):
            cell["source"] = "".join(cell["source"]).rstrip() + f"\n{line}"
            break
    else:
        titled = [_code("retraining-parameters", line, "parameters"), *titled]
    quoted = policy.replace("\n", " ")
    return [_markdown("retraining-title", _TITLE.format(name=name.removesuffix(".ipynb"), notebook=name, policy=quoted)), *titled]


def _detect(definition: str) -> list[dict[str, Any]]:
    body = "\n".join(f"    {line}" if line else "" for line in definition.splitlines())
    defined = f"def retraining_policy():\n    import jupyter_mlops as ml\n\n{body}"
    decide = f"retraining_decision = retraining_policy().begin(now={NOW})\n{WANTED} = retraining_decision.fires\nprint(retraining_decision)"
    return [
        _markdown("retraining-detect-text", "## Detect\n\nThe policy and what it watches, as `ml.retrain_when` was given them."),
        _code("retraining-definition", defined, "setup"),
        _code("retraining-detect", decide, "step:detect", "monitor", "cache:off"),
    ]


def _settle() -> list[dict[str, Any]]:
    code = f"retraining_outcome = retraining_policy().settle(now={NOW})\nprint(retraining_outcome)"
    return [
        _markdown("retraining-settle-text", "## Settle\n\nWhatever happened: promoted, rolled back, rejected by the gate, or not needed."),
        _code("retraining-settle", code, "step:settle", "on-exit", "cache:off"),
    ]


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """No step may answer from the cache: the data that it reads is new although its code is not."""
    settings = dict(metadata.get("nb2pipe", {}))
    settings["defaults"] = {**settings.get("defaults", {}), "cache": "off"}
    if "name" in settings:
        settings["name"] += SUFFIX.replace("_", "-")
    return {**metadata, "nb2pipe": settings}


def _code(name: str, source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {"tags": list(tags)}, "outputs": [], "source": source}


def _markdown(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}
