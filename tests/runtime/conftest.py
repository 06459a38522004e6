"""Runs steps as a cluster does: real processes, the container's own command line, executor inputs made by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.runtime import artifacts
from nb2pipe.emit import stepfiles
from nb2pipe.emit.braces import escape_value
from nb2pipe.ir.pipeline import (
    ArtifactType,
    Chunk,
    ChunkKind,
    Collect,
    Control,
    Gate,
    Parameter,
    ParameterType,
    Pipeline,
    Port,
    Report,
    Step,
)
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMAS = {"Artifact", "Dataset", "Model", "Metrics", "ClassificationMetrics", "HTML", "Markdown"}


@dataclass
class Outcome:
    """What one step's process left behind."""

    status: int
    stdout: str
    stderr: str
    folder: Path
    result: dict[str, Any] = field(default_factory=dict)

    def artifact(self, port: str) -> dict[str, Any]:
        """Give an output artifact as the next step receives it."""
        return dict(self.result["artifacts"][port]["artifacts"][0])

    def path(self, port: str) -> Path:
        """Say where an output lies."""
        return self.folder / port


@pytest.fixture
def run_step(tmp_path: Path) -> Callable[..., Outcome]:
    """Give a function that runs one step; cells are texts, numbered from 1."""
    count = iter(range(1000))

    def run(
        *cells: str | Chunk,
        inputs: dict[str, Any] | None = None,
        outputs: dict[str, Any] | None = None,
        parameters: dict[str, tuple[str, Any, Any]] | None = None,
        reports: dict[str, str] | None = None,
        foreach: str | None = None,
        item: Any = None,
        collect: str | None = None,
        gate: bool = False,
        displays: bool = False,
        on_exit: Any = None,
        pickle: str = "sealed",
        imports: tuple[str, ...] = ("numpy",),
        names: dict[str, tuple[str, ...]] | None = None,
        environment: dict[str, str] | None = None,
        escape: bool = True,
        before: Callable[[list[str]], list[str]] = list,
        python: tuple[str, ...] = (sys.executable,),
        optional: tuple[str, ...] = (),
        runtime: str = "embed",
    ) -> Outcome:
        """Run a step; `inputs` maps ports to artifacts, `outputs` ports to artifact types, parameters are (type, default, value)."""
        names, parameters = names or {}, parameters or {}
        chunks = tuple(
            cell if isinstance(cell, Chunk) else Chunk(kind=ChunkKind.CELL, cell=CellId(f"c{number}"), number=number, line=1, text=cell)
            for number, cell in enumerate(cells, 1)
        )
        ports_in = tuple(
            Port(name=port, names=names.get(port, (port,)), collect=Collect(collect) if collect else None) for port in inputs or {}
        )
        ports_out = tuple(
            Port(name=port, names=names.get(port, (port,)), artifact=ArtifactType(kind))
            if kind in SCHEMAS
            else Port(name=port, names=names.get(port, (port,)), parameter=ParameterType(kind))
            for port, kind in (outputs or {}).items()
        )
        step = Step(
            name="train",
            cells=(),
            body=chunks,
            inputs=ports_in,
            outputs=ports_out,
            parameters=tuple(parameters),
            reports=tuple(Report(port=name + "-report", name=name, kind=ArtifactType(kind)) for name, kind in (reports or {}).items()),
            displays=displays,
            gate=Gate() if gate else None,
            control=Control(foreach=foreach, on_exit=on_exit is not None),
            imports=imports,
        )
        pipeline = Pipeline(
            name="churn",
            notebook="churn.ipynb",
            steps=(step,),
            pickle=pickle,
            runtime=runtime,
            parameters=tuple(
                Parameter(name=name, type=ParameterType(kind), default=json.dumps(default), optional=name in optional)
                for name, (kind, default, _) in parameters.items()
            ),
        )
        command, arguments = stepfiles.container(pipeline, step)
        folder = tmp_path / f"run{next(count)}"
        values: dict[str, Any] = {name: value for name, (_, _, value) in parameters.items() if value is not None or name not in optional}
        if foreach:
            values = {foreach + "-item": item}
        if on_exit:
            values["run-status"] = on_exit
        artifacts_out = {
            port: {"artifacts": [{"name": port, "uri": str(folder / port), "metadata": {}}]}
            for port in [
                *(port.name for port in ports_out if not port.parameter),
                *(report.port for report in step.reports),
                *(["display"] if displays else []),
            ]
        }
        executor_input = {
            "inputs": {
                "parameterValues": escape_value(values) if escape else values,
                "artifacts": {port: {"artifacts": given if isinstance(given, list) else [given]} for port, given in (inputs or {}).items()},
            },
            "outputs": {"artifacts": artifacts_out, "outputFile": str(folder / "output" / "result.json")},
        }
        executor_input["inputs"] = {key: value for key, value in executor_input["inputs"].items() if value}
        folder.mkdir()
        words = [*python, *command[1:], *arguments[:4], json.dumps(executor_input)]
        done = subprocess.run(before(words), capture_output=True, text=True, cwd=folder, env=environment, check=False)
        file = folder / "output" / "result.json"
        result = json.loads(file.read_text()) if file.exists() else {}
        return Outcome(done.returncode, done.stdout, done.stderr, folder, result)

    return run


@pytest.fixture
def through(tmp_path: Path) -> Callable[..., tuple[str, Any]]:
    """Give a function that saves a value and loads it again; it returns the encoding and the value."""

    def go(value: Any, *, encoding: str | None = None, forbid: bool = False) -> tuple[str, Any]:
        """Send one value through an artifact."""
        port: Any = {"port": "p", "names": ["x"], "artifact": "Model"} | ({"encoding": encoding} if encoding else {})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as the runtime does
            metadata = artifacts.save({"x": value}, str(tmp_path / "p"), port, forbid)
            back = artifacts.load(str(tmp_path / "p"), metadata, "p")["x"]
        return json.loads(metadata["nb2pipe_encoding"])["x"], back

    return go


@pytest.fixture
def both(tmp_path: Path) -> Callable[..., tuple[dict[str, str], dict[str, Any]]]:
    """Give a function that sends several names through one port."""

    def go(**values: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """Send them; give the encodings and the values."""
        metadata = artifacts.save(values, str(tmp_path / "p"), {"port": "p", "names": list(values)}, False)
        return json.loads(metadata["nb2pipe_encoding"]), artifacts.load(str(tmp_path / "p"), metadata, "p")

    return go
