"""One task of the SDK's local runner → a process or container, started as this product starts them: a log file, lines to a listener.

The SDK's own handlers cannot be used as they are: the one for processes replaces the word `python3` everywhere in the command, the user's
code included, and the one for containers lets them be removed before it asks how they ended, and then takes failure for success.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.submit.events import StepOutput, StepStarted
from jupyter_mlops.submit.process import Guardian, StepProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_mlops.submit.events import Listener
    from jupyter_mlops.submit.package import Package


class Watch(Protocol):
    """Hears of each task."""

    def begin(self, root: Path, label: str) -> dict[str, str]:
        """A task is about to start; give environment variables for its process."""

    def end(self, root: Path) -> None:
        """A task has ended, well or not."""


@contextlib.contextmanager
def our_processes(package: Package, directory: Path, guardian: Guardian, tell: Listener, watch: Watch) -> Iterator[None]:
    """Let the SDK start its tasks through us while the block runs; `watch` is told of each task's folder, before and after."""
    from kfp.local import status, subprocess_task_handler, task_dispatcher

    def begin(command: Sequence[str]) -> tuple[Path, Callable[[tuple[str, ...]], None], dict[str, str]]:
        root = Path(json.loads(command[-1])["outputs"]["outputFile"]).parent
        root.mkdir(parents=True, exist_ok=True)
        label = _label(package, root)
        variables = watch.begin(root, label)
        tell(StepStarted(label=label, attempt=1))
        return root, lambda lines: tell(StepOutput(label=label, lines=lines)), variables

    def run_process(handler: Any) -> Any:
        root, on_lines, variables = begin(handler.full_command)
        first, *others = handler.full_command
        command = [sys.executable if first in {"python", "python3"} else first, *others]
        log = root / "log.txt"
        secrets = [os.environ[name] for name in package.secrets.get(package.steps.get(root.name, ""), ()) if name in os.environ]
        process = StepProcess(
            command, directory=directory, log=log, guardian=guardian, on_lines=on_lines, environment=variables, secrets=secrets
        )
        code = process.run()
        watch.end(root)
        return status.Status.SUCCESS if code == 0 else status.Status.FAILURE

    def run_container(handler: Any) -> Any:
        root, on_lines, _ = begin(handler.full_command)  # a container sees nothing of this project's folder
        code = _run_container(handler, root / "log.txt", on_lines)
        watch.end(root)
        return status.Status.SUCCESS if code == 0 else status.Status.FAILURE

    handlers = [(subprocess_task_handler.SubprocessTaskHandler, run_process)]
    if task_dispatcher.docker_task_handler is not None:
        handlers.append((task_dispatcher.docker_task_handler.DockerTaskHandler, run_container))
    before = [(handler, handler.run) for handler, _ in handlers]
    try:
        for handler, run in handlers:
            handler.run = run
        yield
    finally:
        for handler, run in before:
            handler.run = run


def item_of(root: Path) -> int | None:
    """The item of a fan-out that a task's folder belongs to."""
    _, iteration, number = root.parent.name.rpartition("-iteration-")
    return int(number) if iteration and number.isdigit() else None


def _label(package: Package, root: Path) -> str:
    name, item = package.steps.get(root.name, root.name), item_of(root)
    return name if item is None else f"{name}[{item}]"


def _run_container(handler: Any, log: Path, on_lines: Callable[[tuple[str, ...]], None]) -> int:
    """Run a container to its end and return its exit status; its image must be on this machine."""
    import docker

    client = docker.from_env()
    try:
        options = dict(handler.runner.container_run_args)
        if handler.env_vars:
            options["environment"] = handler.env_vars
        container = client.containers.run(
            image=handler.image, command=handler.full_command, detach=True, volumes=handler.get_volumes_to_mount(client), **options
        )
        try:
            rest = b""
            with log.open("ab", buffering=0) as file:
                for block in container.logs(stream=True, follow=True):
                    file.write(block)
                    *lines, rest = (rest + block).replace(b"\r", b"\n").split(b"\n")
                    if lines:
                        on_lines(tuple(line.decode("utf-8", "replace") for line in lines))
            if rest:
                on_lines((rest.decode("utf-8", "replace"),))
            return int(container.wait()["StatusCode"])
        finally:
            container.remove(force=True)
    finally:
        client.close()
