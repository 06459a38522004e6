"""Plans whose steps are small Python programs that speak the executor contract, so that the runner is tested without the step runtime."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# What the step runtime does, in thirty lines: artifacts are one JSON file each, verified by digest before they are read.
PROGRAM = """
import hashlib, json, os, pathlib, sys, time
name, code, message = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
given, taken = message["outputs"], message.get("inputs", {})
P = taken.get("parameterValues", {})

def digest(root):
    sha = hashlib.sha256()
    for name in sorted(p.relative_to(root).as_posix() for p in pathlib.Path(root).rglob("*") if p.is_file()):
        content = (pathlib.Path(root) / name).read_bytes()
        sha.update(f"{name}\\0{len(content)}\\0".encode() + content)
    return "sha256:" + sha.hexdigest()

def read(artifact):
    if digest(artifact["uri"]) != artifact["metadata"]["nb2pipe_digest"]:
        print("error[NB802] encoding-mismatch: the bytes are not those that were made")
        sys.exit(1)
    return json.loads((pathlib.Path(artifact["uri"]) / "value.json").read_text())

I = {port: [read(a) for a in value["artifacts"]] for port, value in taken.get("artifacts", {}).items()}
result = {"parameterValues": {}, "artifacts": {}}

def out(port, value):
    if port in given.get("artifacts", {}):
        artifact = given["artifacts"][port]["artifacts"][0]
        folder = pathlib.Path(artifact["uri"])
        folder.mkdir(parents=True)
        (folder / "value.json").write_text(json.dumps(value))
        metadata = {"nb2pipe_digest": digest(folder), "nb2pipe_encoding": "{}"}
        result["artifacts"][port] = {"artifacts": [{"name": port, "uri": artifact["uri"], "metadata": metadata}]}
    else:
        result["parameterValues"][port] = value

exec(compile(code, name, "exec"))
pathlib.Path(given["outputFile"]).write_text(json.dumps(result))
"""


class Pipelines:
    """Makes plans."""

    def step(self, name, code="", *, inputs=None, outputs=(), **more):
        """`inputs`: port to "step.port" or (step.port, collect); `outputs`: a port, or "port: type" for a parameter."""
        sources, after = {}, list(more.pop("after", []))
        for port, source in (inputs or {}).items():
            text, collect = source if isinstance(source, tuple) else (source, None)
            step, _, output = text.partition(".")
            sources[port] = {"step": step, "port": output} | ({"collect": collect} if collect else {})
            after.append(step)
        made = {}
        for output in outputs:
            port, _, kind = output.partition(": ")
            made[port] = {"parameter": kind} if kind else {"artifact": "Artifact"}
        arguments = [name, code, "{{$}}"]
        command = ["python3", "-S", "-E", "-u", "-c", PROGRAM]
        return (
            {"name": name, "command": command, "arguments": arguments, "parameters": [], "inputs": sources, "outputs": made}
            | {
                "after": list(dict.fromkeys(after)),
                "foreach": None,
                "when": None,
                "on_exit": False,
                "retries": 0,
                "timeout_seconds": None,
                "cache": True,
            }
            | more
        )

    def plan(self, *steps, parameters=()):
        """A plan of these steps; a parameter is (name, type) or (name, type, default)."""
        declared = [{"name": p[0], "type": p[1], "optional": False} | ({"default": p[2]} if len(p) > 2 else {}) for p in parameters]
        return {"schema": "nb2pipe.pipeline/1", "name": "demo", "notebook": "demo.ipynb", "parameters": declared, "steps": list(steps)}


@pytest.fixture
def pipelines():
    return Pipelines()


@pytest.fixture
def value_of():
    """The value that a step of a result left at a port."""

    def read(result, step, port, item=None):
        (found,) = [s for s in result.steps if s.step == step and s.item == item]
        if port in found.parameters:
            return found.parameters[port]
        return json.loads((found.artifacts[port].path / "value.json").read_text())

    return read


@pytest.fixture
def states():
    """Label to state, as words."""
    return lambda result: {step.label: step.state.value for step in result.steps}


@pytest.fixture
def run(tmp_path: Path):
    """Run a plan in a folder of its own."""
    from jupyter_mlops.submit.local import run as run_plan

    def run_here(document, **options):
        options.setdefault("directory", tmp_path)
        options.setdefault("backoff_seconds", 0.01)
        return run_plan(document, **options)

    return run_here
