"""Values of a step → the `ExecutorInput` that a KFP launcher would make, and the step's `ExecutorOutput` → values.

Both are KFP's protobuf messages as JSON (camelCase, empty fields absent), the same as in a pod: `{{$}}` in the arguments becomes the first,
the file `outputs.outputFile` holds the second. Like the launcher: unknown fields are an error, a missing output parameter fails the
step, an artifact that was not written does not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.atomic import read_json
from jupyter_mlops.submit.digests import digest_of_tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.submit.plan import Output, PlannedStep

DIGEST = "nb2pipe_digest"
ENCODING = "nb2pipe_encoding"


class StepFaultError(Exception):
    """The step ended with status 0 but did not keep the contract; the text is the reason shown to the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A sealed artifact; `digest` None means that nothing was written."""

    path: Path
    type: str
    digest: str | None
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What crosses a step's border: artifacts (a list for a gathered fan-out) and parameters, by port."""

    artifacts: dict[str, list[Artifact]] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)


def executor_input(step: PlannedStep, inputs: Values, attempt: Path) -> dict[str, Any]:
    """Make the message; outputs go below the folder `attempt`, whose `outputs` folder exists."""
    taken: dict[str, Any] = {}
    if inputs.parameters:
        taken["parameterValues"] = inputs.parameters
    if inputs.artifacts:
        taken["artifacts"] = {
            port: {"artifacts": [_message(port, item.type, item.path, item.metadata) for item in items]}
            for port, items in inputs.artifacts.items()
        }
    given: dict[str, Any] = {"outputFile": str(attempt / "executor_output.json")}
    parameters = [port for port, output in step.outputs.items() if output.parameter is not None]
    if parameters:
        given["parameters"] = {port: {"outputFile": str(attempt / "parameters" / port)} for port in parameters}
    artifacts = {port: output.artifact for port, output in step.outputs.items() if output.artifact is not None}
    if artifacts:
        given["artifacts"] = {
            port: {"artifacts": [_message(port, kind, attempt / "outputs" / port, {})]} for port, kind in artifacts.items()
        }
    return {"inputs": taken, "outputs": given} if taken else {"outputs": given}


def as_argument(message: Mapping[str, Any]) -> str:
    """The text that takes the place of `{{$}}`."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=True)


def read_output(step: PlannedStep, attempt: Path) -> Values:
    """Read what the step reported and digest what it wrote.

    Raises
    ------
    StepFaultError
        If the message is not JSON, names ports that do not exist, or a parameter is missing or has the wrong type.
    """
    path = attempt / "executor_output.json"
    message = read_json(path) if path.exists() else {}
    if not isinstance(message, dict):
        raise StepFaultError("the step's executor output is not a JSON object")
    reported = message.get("artifacts", {})
    values = Values()
    for name in sorted({*reported, *message.get("parameterValues", {})} - set(step.outputs)):
        raise StepFaultError(f"the step reported an output `{name}`, which it does not declare")
    for port, output in step.outputs.items():
        if output.parameter is not None:
            values.parameters[port] = _parameter(port, output, message.get("parameterValues", {}), attempt)
        else:
            values.artifacts[port] = [_artifact(port, output, reported.get(port, {}), attempt)]
    return values


def _message(port: str, kind: str, path: Path, metadata: Mapping[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"name": port, "type": {"schemaTitle": f"system.{kind}", "schemaVersion": "0.0.1"}, "uri": str(path)}
    if metadata:
        message["metadata"] = metadata
    return message


def _artifact(port: str, output: Output, reported: Mapping[str, Any], attempt: Path) -> Artifact:
    items = reported.get("artifacts", [])
    metadata = dict(items[0].get("metadata", {})) if items else {}
    path = attempt / "outputs" / port
    if not path.exists():
        return Artifact(path=path, type=output.artifact or "Artifact", digest=None, metadata=metadata)
    digest = metadata.get(DIGEST) or digest_of_tree(path)  # what the step says is checked by whoever reads the artifact
    return Artifact(path=path, type=output.artifact or "Artifact", digest=digest, metadata=metadata)


def _parameter(port: str, output: Output, reported: Mapping[str, Any], attempt: Path) -> Any:
    kind = output.parameter or "str"
    if port in reported:
        value = reported[port]
    else:
        try:
            text = (attempt / "parameters" / port).read_text(encoding="utf-8")
            value = text if kind == "str" else json.loads(text.lower() if kind == "bool" else text)
        except OSError as error:
            raise StepFaultError(f"the step wrote no value for its output parameter `{port}`") from error
        except ValueError as error:
            raise StepFaultError(f"the value of the output parameter `{port}` is not {kind}") from error
    if kind == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    allowed: dict[str, tuple[type, ...]] = {
        "int": (int,),
        "float": (int, float),
        "str": (str,),
        "bool": (bool,),
        "list": (list,),
        "dict": (dict,),
    }
    if not isinstance(value, allowed.get(kind, ())) or (isinstance(value, bool) and kind != "bool"):
        raise StepFaultError(f"the output parameter `{port}` is {json.dumps(value)[:60]}, but the pipeline declares it as {kind}")
    return value
