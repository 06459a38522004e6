"""A model and its versions → TF Serving's model configuration with labels, its batching parameters, and the command that starts it.

TF Serving does not split traffic: clients pick a label. A label moves only to a version that is loaded, so a rollout applies three
configurations: both versions, then the label moved, then the old version gone (`steps`).

Source
------
TF Serving, config/model_server_config.proto; servables/tensorflow/session_bundle_config.proto; "Serving Configuration"
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.serving.server.batching import Batching
from jupyter_mlops.serving.targets.plan import Plan

if TYPE_CHECKING:
    from jupyter_mlops.serving.targets.plan import Served

BINARY = "tensorflow_model_server"
_started: list[subprocess.Popen[bytes]] = []
"""Handles of servers that outlive this process: Python warns of one that is dropped while its process runs."""


def plan(
    model: str, versions: tuple[Served, ...], *, batching: Batching | None = None, rest_port: int = 8501, grpc_port: int = 8500
) -> Plan:
    """Make the files and the command line.

    Raises
    ------
    ValueError
        If the versions do not lie under one base path, in folders named by their numbers.
    """
    files = {"models.config": write_config(model, versions)}
    command = [BINARY, f"--port={grpc_port}", f"--rest_api_port={rest_port}", "--model_config_file=models.config"]
    command += ["--model_config_file_poll_wait_seconds=10", "--allow_version_labels_for_unavailable_models=true"]
    if batching is not None:
        files["batching.config"] = write_batching(batching.check())
        command += ["--enable_batching=true", "--batching_parameters_file=batching.config"]
    notes = ("TF Serving does not split traffic: clients choose a version by its label",) if len(versions) > 1 else ()
    return Plan("tf-serving", files, tuple(command), notes)


def write_config(model: str, versions: tuple[Served, ...]) -> str:
    """Write a `ModelServerConfig` in protobuf's text format."""
    bases = {base_path(each) for each in versions}
    if len(bases) > 1:
        raise ValueError(f"TF Serving serves versions of one base path; found {', '.join(sorted(bases))}")
    numbers = "".join(f"        versions: {number}\n" for number in sorted(each.version for each in versions))
    labels = "".join(
        f"    version_labels {{\n      key: {json.dumps(each.label)}\n      value: {each.version}\n    }}\n"
        for each in sorted(versions, key=lambda each: each.label)
        if each.label
    )
    return (
        f"model_config_list {{\n  config {{\n    name: {json.dumps(model)}\n    base_path: {json.dumps(bases.pop())}\n"
        f'    model_platform: "tensorflow"\n    model_version_policy {{\n      specific {{\n{numbers}      }}\n    }}\n{labels}  }}\n}}\n'
    )


def base_path(served: Served) -> str:
    """Give the folder above a version's, which must be named by its number."""
    folder, _, number = served.uri.rstrip("/").rpartition("/")
    if number != str(served.version) or not folder:
        raise ValueError(f"version {served.version} must lie in a folder named `{served.version}`; found `{served.uri}`")
    return folder


def write_batching(batching: Batching) -> str:
    """Write `BatchingParameters` in protobuf's text format."""
    names = ("max_batch_size", "batch_timeout_micros", "max_enqueued_batches", "num_batch_threads")
    lines = [f"{name} {{ value: {getattr(batching, name)} }}" for name in names]
    lines += [f"allowed_batch_sizes: {size}" for size in batching.allowed_batch_sizes]
    return "\n".join(lines) + "\n"


def steps(model: str, old: Served, new: Served, label: str = "stable") -> tuple[str, str, str]:
    """Give the three configurations that move a label from one version to another without losing a request.

    Source
    ------
    TF Serving, "Assigning string labels to model versions"
    """
    from dataclasses import replace

    bare, labelled = replace(new, label=""), replace(new, label=label)
    return (
        write_config(model, (replace(old, label=label), bare)),
        write_config(model, (replace(old, label=""), labelled)),
        write_config(model, (labelled,)),
    )


def bring(planned: Plan, folder: Path) -> str:
    """Write a plan's files and start TF Serving on them; one that runs on this folder reads its new model configuration by itself.

    Raises
    ------
    EnvironmentProblem
        If the binary is not installed.
    """
    program = find_binary()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sorted(planned.files.items()):
        partial = folder / f"{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder / name)
    known = folder / "pid"
    if known.is_file() and _is_serving(int(known.read_text(encoding="utf-8"))):
        return f"process {known.read_text(encoding='utf-8')} reads its new configuration"
    with (folder / "server.log").open("ab") as log:
        command = [program, *planned.command[1:]]
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    _started.append(process)
    known.write_text(str(process.pid), encoding="utf-8")
    return f"process {process.pid} serves"


def _is_serving(pid: int) -> bool:
    """Say whether a process with this number runs TF Serving: numbers are used again."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return BINARY in command


def find_binary() -> str:
    """Find TF Serving's binary.

    Raises
    ------
    EnvironmentProblem
        If it is not installed.
    """
    found = shutil.which(BINARY)
    if found is None:
        raise EnvironmentProblem(
            f"`{BINARY}` is not installed here", hint="use the local server, or the `kubernetes` target, whose image has it"
        )
    return found
