"""The two documents a step is given, `step.json` and the KFP executor input → checked Python values.

The schema of the first is `compiler/docs/step-json.md`; the second is KFP's `ExecutorInput` message as JSON, where empty fields are
absent and every number is a double.
"""

from __future__ import annotations

import json
import os
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
        shows: bool
        magic: list[str]

    class Parameter(TypedDict, total=False):
        """A pipeline parameter; `floats` says which of its numbers are floats even when they look whole."""

        name: str
        type: str
        floats: Any
        optional: bool

    class Port(TypedDict, total=False):
        """An input or output."""

        port: str
        names: list[str]
        artifact: str
        parameter: str
        encoding: str
        collect: str
        items: bool

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
        foreach_items: bool
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


def read_step(text: str) -> Step:
    """Parse argument 3; a schema of another major version is refused."""
    step: Step = json.loads(unescape(text))
    if step["schema"].split(".")[:2] != ["nb2pipe", "step/1"]:
        raise Failure("NB802", f"this runtime reads `nb2pipe.step/1`, not `{step['schema']}`")
    return step


class Exchange:
    """What the executor hands over and what it wants back: parameters and artifacts, in and out."""

    def __init__(self, text: str) -> None:
        document = json.loads(text)
        inputs = document.get("inputs", {})
        self.outputs: Any = document["outputs"]
        self.parameters: dict[str, Any] = inputs.get("parameterValues", {})  # strings are still escaped
        self.artifacts: dict[str, Any] = inputs.get("artifacts", {})
        self.result: dict[str, Any] = {"parameterValues": {}, "artifacts": {}}

    def take(self, kind: str, given: dict[str, Any], name: str) -> Any:
        """Look up what must have been given, or fail with NB801."""
        if name not in given:
            raise Failure("NB801", f"{kind} `{name}` was not given to this step")
        return given[name]

    def send(self, port: str, write: Any, *arguments: Any) -> None:
        """Have an artifact written at its path, and report it; the executor refuses fields that it does not know."""
        artifact = self.outputs["artifacts"][port]["artifacts"][0]
        metadata = write(local_path(artifact), *arguments)
        self.result["artifacts"][port] = {"artifacts": [{"name": artifact["name"], "uri": artifact["uri"], "metadata": metadata}]}


def write_text(path: str, text: str, metadata: Any = ()) -> Any:
    """Write a file at once: nobody sees half of it. Give `metadata` back."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".partial", "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    os.replace(path + ".partial", path)
    return metadata


def local_path(artifact: Artifact) -> str:
    """Say where an artifact's bytes lie in this container (KFP's launcher mounts or copies them there).

    A local runner passes a plain path as the URI.
    """
    uri: str = artifact.get("customPath") or artifact["uri"]
    scheme, _, rest = uri.partition("://")
    if scheme in (uri, "file"):
        return rest or uri
    return f"/{'gcs' if scheme == 'gs' else scheme}/{rest}"
