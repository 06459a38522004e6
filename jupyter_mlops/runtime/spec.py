"""The two documents a step is given, `step.json` and the KFP executor input → checked Python values.

The schema of the first is `compiler/docs/step-json.md`; the second is KFP's `ExecutorInput` message as JSON, where empty fields are
absent and every number is a double.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypedDict

    class Chunk(TypedDict, total=False):
        """A slice of the body: `lines` lines that stand in cell number `cell` from line `line`."""

        kind: str
        cell: int
        line: int
        lines: int
        magic: list[str]

    class Parameter(TypedDict, total=False):
        """A pipeline parameter; `floats` says which of its numbers are floats even when they look whole."""

        name: str
        type: str
        floats: Any

    class Port(TypedDict, total=False):
        """An input or output."""

        port: str
        names: list[str]
        artifact: str
        parameter: str
        encoding: str
        collect: str

    class Report(TypedDict):
        """A value shown to people."""

        port: str
        name: str
        kind: str

    class Step(TypedDict, total=False):
        """The whole of step.json."""

        schema: str
        pipeline: str
        notebook: str
        step: str
        chunks: list[Chunk]
        parameters: list[Parameter]
        foreach: str
        foreach_floats: Any
        inputs: list[Port]
        outputs: list[Port]
        reports: list[Report]
        display: str
        gate: bool
        on_exit: bool
        pickle: str

    Artifact = dict[str, Any]  # KFP RuntimeArtifact: name, uri, metadata, customPath


SLUGS = {
    "NB401": "unserializable-value",
    "NB801": "input-missing",
    "NB802": "encoding-mismatch",
    "NB803": "step-raised",
    "NB804": "gate-rejected",
}


class Failure(Exception):
    """The step ends here: a diagnostic code and one sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"error[{code}] {SLUGS[code]}: {message}")


def unescape(text: str) -> str:
    """Undo `nb2pipe.emit.braces.escape`: take one tilde out of ``{~{``, ``$~$`` and ``$~(``."""
    return re.sub(r"(\{)~(?=~*\{)|(\$)~(?=~*[$(])", r"\1\2", text)


def escape(text: str) -> str:
    """Keep template engines off a value on its way to the next step, as `nb2pipe.emit.braces.escape` does."""
    return re.sub(r"\{(?=~*\{)|\$(?=~*[$(])", r"\g<0>~", text)


def map_strings(change: Any, value: Any) -> Any:
    """Change every string of a JSON value, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_strings(change, item) for item in value]
    if isinstance(value, dict):
        return {change(key): map_strings(change, item) for key, item in value.items()}
    return value


def read_step(text: str) -> Step:
    """Parse argument 3; a schema of another major version is refused."""
    step: Step = json.loads(unescape(text))
    schema = step.get("schema", "")
    if not re.fullmatch(r"nb2pipe\.step/1(\.\d+)?", schema):
        raise Failure("NB802", f"this runtime reads schema `nb2pipe.step/1`, the step is written in `{schema}`")
    return step


class Exchange:
    """What the executor hands over and what it wants back: parameters and artifacts, in and out."""

    def __init__(self, text: str) -> None:
        document = json.loads(text)
        inputs = document.get("inputs") or {}
        outputs = document.get("outputs") or {}
        self.parameters: dict[str, Any] = map_strings(unescape, inputs.get("parameterValues") or {})
        self.inputs: dict[str, Any] = inputs.get("artifacts") or {}
        self.outputs: dict[str, Any] = outputs.get("artifacts") or {}
        self.output_file: str = outputs.get("outputFile") or ""
        self.result: dict[str, Any] = {}

    def parameter(self, name: str) -> Any:
        """Give the value of a parameter, or fail with NB801."""
        if name not in self.parameters:
            raise Failure("NB801", f"parameter `{name}` was not given to this step")
        return self.parameters[name]

    def artifacts(self, port: str) -> list[Artifact]:
        """Give the artifacts of an input port, or fail with NB801."""
        if port not in self.inputs:
            raise Failure("NB801", f"input `{port}` was not given to this step")
        found: list[Artifact] = self.inputs[port].get("artifacts") or []
        return found

    def output(self, port: str) -> Artifact:
        """Give the artifact to be written for an output port."""
        found = (self.outputs.get(port) or {}).get("artifacts")
        if not found:
            raise Failure("NB802", f"the executor offers no place for output `{port}`")
        artifact: Artifact = found[0]
        return artifact

    def send_artifact(self, port: str, metadata: dict[str, Any]) -> None:
        """Report an artifact that was written."""
        artifact = self.output(port)
        sent = {"name": artifact.get("name", port), "uri": artifact.get("uri", ""), "metadata": metadata}
        self.result.setdefault("artifacts", {})[port] = {"artifacts": [sent]}

    def send_parameter(self, port: str, value: Any) -> None:
        """Report an output parameter."""
        self.result.setdefault("parameterValues", {})[port] = map_strings(escape, value)


def local_path(artifact: Artifact) -> str:
    """Say where an artifact's bytes lie in this container (KFP's launcher mounts or copies them there).

    A local runner passes a plain path as the URI.
    """
    uri: str = artifact.get("customPath") or artifact.get("uri", "")
    scheme, mark, rest = uri.partition("://")
    if not mark:
        return uri
    if scheme == "file":
        return "/" + rest.lstrip("/")
    if (artifact.get("metadata") or {}).get("_kfp_workspace") is True:
        return "/kfp-workspace/.artifacts/" + rest
    if scheme == "oci":
        return "/oci/" + rest.replace("/", "_") + "/models"
    return f"/{scheme.replace('gs', 'gcs')}/{rest}"


def coerce(value: Any, kind: str, floats: Any = None) -> Any:
    """Give a parameter its Python type again, whichever runner sent it.

    JSON text may stand for a list or object, any JSON value for a string, ``3.0`` for an int.

    Examples
    --------
    >>> coerce(3.0, "int"), coerce("[1, 2.0]", "list"), coerce([1, 0.5], "list", ["float"])
    (3, [1, 2], [1.0, 0.5])
    """
    if value is None:
        return None
    if kind == "str":
        return value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, str):
        value = json.loads(value.lower() if kind == "bool" else value)
    if kind == "float":
        return float(value)
    if kind == "bool":
        return bool(value)
    return whole(value, floats)


def whole(value: Any, floats: Any = None) -> Any:
    """Turn the doubles of a JSON value into ints where they are whole, except where `floats` says that they are floats.

    `floats` has the shape of the value: ``"float"``, a list of one shape for all items, or an object of shapes.
    """
    if isinstance(value, list):
        each = floats[0] if isinstance(floats, list) else None
        return [whole(item, each) for item in value]
    if isinstance(value, dict):
        shapes = floats if isinstance(floats, dict) else {}
        return {key: whole(item, shapes.get(key)) for key, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if floats == "float":
        return float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
