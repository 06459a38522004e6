"""`nb2pipe reproduce RUN`: a tracked run → the same code on the same data once more, and what differs.

A run of a pipeline's step is made again by running the pipeline; any other by its stored code. Both in fresh processes.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.training.runs import client_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Facts:
    """What a run keeps about itself."""

    id: str
    name: str
    place: str
    step: str
    code: list[list[str]]
    data: list[dict[str, str]]
    environment: list[str]
    metrics: dict[str, float]


@dataclass(frozen=True)
class Comparison:
    """What two runs agree in; each list names what differs, `metrics` as name, before, now."""

    run: str
    again: str
    code: list[str]
    data: list[str]
    environment: list[str]
    metrics: list[tuple[str, float | None, float | None]]
    compared: int

    @property
    def reproduced(self) -> bool:
        """Whether there were metrics, and all agree."""
        return not self.metrics and self.compared > 0


def reproduce(
    run: str,
    plan: str | None = None,
    *,
    notebook: str | None = None,
    parameters: Mapping[str, object] | None = None,
    uri: str | None = None,
    tolerance: float = 1e-9,
    form: str = "text",
) -> int:
    """Make a run again, compare, print; return 0 when all metrics agree within a relative `tolerance`, else 1.

    Raises
    ------
    EnvironmentProblem
        If there is no such run, it kept no code, a step's run comes without its notebook, or its code fails.
    """
    client, address = client_of(uri)
    before = facts_of(client, run, address)
    made = _by_pipeline(client, before, plan, notebook, parameters or {}) if before.place == "step" else _by_code(before)
    now = facts_of(client, made, address)
    client.set_tag(now.id, "nb2pipe.reproduces", before.id)
    found = compare(before, now, tolerance)
    if form == "json":
        sys.stdout.write(json.dumps({**asdict(found), "reproduced": found.reproduced}, indent=2) + "\n")
    else:
        sys.stdout.write(as_text(found, before.name))
    return 0 if found.reproduced else 1


def facts_of(client: Any, run: str, address: str) -> Facts:
    """Read what a run kept.

    Raises
    ------
    EnvironmentProblem
        If there is no such run, or it was not made by `ml.track`.
    """
    from mlflow.artifacts import load_text
    from mlflow.exceptions import MlflowException

    from jupyter_mlops.provenance.secrecy import redacted

    try:
        found = _find(client, run)
        kept = {key: json.loads(load_text(f"{found.info.artifact_uri}/nb2pipe/{key}.json")) for key in ("code", "data", "environment")}
    except (MlflowException, OSError) as error:
        said = redacted(str(error)).splitlines()[0]
        raise EnvironmentProblem(
            f"the run `{run}` cannot be read: {said}", hint=f"`ml.track` makes such runs; looked at {redacted(address)}"
        ) from None
    tags = found.data.tags
    return Facts(
        found.info.run_id,
        found.info.run_name,
        tags.get("nb2pipe.place", ""),
        tags.get("nb2pipe.step", ""),
        metrics=dict(found.data.metrics),
        **kept,
    )


def _find(client: Any, run: str) -> Any:
    """Find a run by its id, or the latest of a name."""
    if not re.fullmatch("[0-9a-f]{32}", run):
        experiments = [each.experiment_id for each in client.search_experiments()]
        name = run.replace("'", "")
        for found in client.search_runs(
            experiments, f"attributes.run_name = '{name}'", order_by=["attributes.start_time DESC"], max_results=1
        ):
            return found
    return client.get_run(run)


def compare(before: Facts, now: Facts, tolerance: float) -> Comparison:
    """Compare two runs: the metrics, and what might explain that they differ."""
    names = sorted({*before.metrics, *now.metrics})
    metrics = [(name, before.metrics.get(name), now.metrics.get(name)) for name in names]
    old_data, new_data = ({f"{at} {each['name']}": each["content"] for at, each in enumerate(facts.data)} for facts in (before, now))
    old_code, new_code = [text for _, text in before.code], [text for _, text in now.code]
    longest = max(len(old_code), len(new_code))
    labels = [(before.code + now.code[len(before.code) :])[at][0] for at in range(longest)]
    pairs = zip(old_code + [""] * (longest - len(old_code)), new_code + [""] * (longest - len(new_code)), strict=True)
    return Comparison(
        run=before.id,
        again=now.id,
        code=[label for label, (old, new) in zip(labels, pairs, strict=True) if old != new],
        data=[name.partition(" ")[2] for name in sorted({*old_data, *new_data}) if old_data.get(name) != new_data.get(name)],
        environment=_changed(before.environment, now.environment),
        metrics=[each for each in metrics if not _agree(each[1], each[2], tolerance)],
        compared=len(names),
    )


def as_text(found: Comparison, name: str) -> str:
    """Say the outcome: the verdict first, then what differs."""
    lines = [
        f"{name}: {'reproduced' if found.reproduced else 'not reproduced'}; {found.compared - len(found.metrics)} of {found.compared} metrics agree"
    ]
    lines += [f"  {metric}: {_number(old)} before, {_number(new)} now" for metric, old, new in found.metrics]
    for what, changed in (("code", found.code), ("data", found.data), ("environment", found.environment)):
        some = ", ".join(changed[:8]) + (f" and {len(changed) - 8} more" if len(changed) > 8 else "")
        lines.append(f"{what:12} {'differs: ' + some if changed else 'the same'}")
    if not found.compared:
        lines.append("the run kept no metrics: there is nothing to compare")
    return "\n".join([*lines, f"{'new run':12} {found.again}", ""])


def _by_code(before: Facts) -> str:
    """Run the stored code in a fresh process; give the id of the run that it tracked in the same place of its order."""
    if not before.code:
        raise EnvironmentProblem(f"the run `{before.id}` kept no code", hint="track from a notebook, a step or a program in a file")
    with tempfile.TemporaryDirectory() as folder:
        code, out = Path(folder) / "code.json", Path(folder) / "out.json"
        code.write_text(json.dumps(before.code), encoding="utf-8")
        command = [sys.executable, "-m", "jupyter_mlops.training.replay", str(code), str(out)]
        done = subprocess.run(command, stdout=sys.stderr, check=False)
        if done.returncode or not out.is_file():
            raise EnvironmentProblem(
                f"the code of `{before.name}` fails today, see above", hint="nb2pipe reproduce runs in the folder of the notebook"
            )
        made = json.loads(out.read_text(encoding="utf-8"))
    from mlflow.tracking import MlflowClient

    same = [run for uri, run in made if MlflowClient(uri).get_run(run).info.run_name == before.name]
    if not same:
        raise EnvironmentProblem(f"the code of `{before.name}` tracked no run of this name", hint="is the run begun under a condition?")
    return str(same[-1])


def _by_pipeline(client: Any, before: Facts, plan: str | None, notebook: str | None, parameters: Mapping[str, object]) -> str:
    """Run the pipeline, every step anew; give the id of the run that the same step tracked."""
    if plan is None or notebook is None:
        raise EnvironmentProblem(
            f"the run `{before.id}` is of the step `{before.step}`", hint=f"nb2pipe reproduce {before.id} NOTEBOOK.ipynb"
        )
    from jupyter_mlops.submit.local import run
    from jupyter_mlops.submit.progress import choose_progress

    directory = Path(notebook).resolve().parent
    result = run(json.loads(plan), parameters=parameters, directory=directory, fresh=True, listener=choose_progress(sys.stderr))
    if result.exit:
        raise EnvironmentProblem(
            f"the pipeline fails today: {', '.join(step.label for step in result.failed)}", hint=f"nb2pipe run {notebook}"
        )
    number = client.get_run(before.id).info.experiment_id
    made = client.search_runs([number], f"tags.`nb2pipe.run` = '{result.run}' and tags.`nb2pipe.step` = '{before.step}'")
    same = [each for each in made if each.info.run_name == before.name]
    if not same:
        raise EnvironmentProblem(
            f"the step `{before.step}` tracked no run `{before.name}`", hint="is this the notebook that the run came from?"
        )
    return str(same[0].info.run_id)


def _changed(before: list[str], now: list[str]) -> list[str]:
    old, new = (dict(each.partition("==")[::2] for each in lines) for lines in (before, now))
    return [
        f"{name} {old.get(name, 'absent')} → {new.get(name, 'absent')}" for name in sorted({*old, *new}) if old.get(name) != new.get(name)
    ]


def _agree(old: float | None, new: float | None, tolerance: float) -> bool:
    if old is None or new is None:
        return False
    return math.isclose(old, new, rel_tol=tolerance, abs_tol=tolerance) or (math.isnan(old) and math.isnan(new))


def _number(value: float | None) -> str:
    return "absent" if value is None else repr(value)


def run_reproduce(run: str, plan: str | None = None, **options: Any) -> int:
    """What `nb2pipe reproduce` calls: a problem of the environment is told as the command line tells it."""
    from nb2pipe.errors import Nb2PipeError

    try:
        return reproduce(run, plan, **options)
    except EnvironmentProblem as problem:
        raise Nb2PipeError(str(problem).partition("\n")[0], hint=problem.hint) from None
