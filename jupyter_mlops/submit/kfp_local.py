"""Run a compiled KFP package on this machine by the KFP SDK's own local runner: the very same YAML, a second opinion on it.

`subprocess` starts each step as a process (`kfp.local.SubprocessRunner`, without a virtual environment and without a network);
`docker` starts each as a container (`kfp.local.DockerRunner`, through Docker's or podman's socket, by default without a network).
What the SDK orders, wires and evaluates stays the SDK's; only the start of a process or container is ours (`kfp_handlers.py` says why).
"""

from __future__ import annotations

import builtins
import contextlib
import logging
import re
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.events import RunEnded, RunResult, RunStarted, State, StepEnded
from jupyter_mlops.submit.kfp_handlers import our_processes
from jupyter_mlops.submit.kfp_tasks import KfpLineage
from jupyter_mlops.submit.lineage_events import lineage_folder
from jupyter_mlops.submit.package import INSTALL_KFP, Package, read_package
from jupyter_mlops.submit.parameters import bind_parameters
from jupyter_mlops.submit.process import Guardian
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.submit.events import Event, Listener

_COLOUR = re.compile(r"\x1b\[\d*m")


def run(
    package: str | Path,
    *,
    parameters: Mapping[str, Any] | None = None,
    output: Path | None = None,
    directory: Path | None = None,
    runner: str = "subprocess",
    container_options: Mapping[str, Any] | None = None,
    listener: Listener | None = None,
) -> RunResult:
    """Run a package to its end.

    Parameters
    ----------
    package : str or Path
        The compiled YAML, as text or as a file.
    parameters : mapping, optional
        Values of pipeline parameters, by name.
    output : Path, optional
        Where the SDK writes; each run gets a folder there. Default: `.nb2pipe/kfp` in `directory`.
    directory : Path, optional
        Where steps run (`subprocess` only); default: here.
    runner : str
        ``subprocess`` or ``docker``.
    container_options : mapping, optional
        Further arguments of docker's `containers.run`; default: no network.
    listener : callable, optional
        Gets every event, in the thread that causes it.

    Raises
    ------
    Nb2PipeError
        If kfp is missing, the package or a parameter is wrong, or the SDK's local runner does not support what the pipeline needs.
    """
    compiled = read_package(package.read_text(encoding="utf-8") if isinstance(package, Path) else package)
    given = parameters or {}
    values = {name: value for name, value in bind_parameters(given, compiled.parameters).items() if name in given}
    _refuse_unsupported(compiled)
    directory = (directory or Path.cwd()).resolve()
    output = (output or directory / ".nb2pipe" / "kfp").absolute()
    output.mkdir(parents=True, exist_ok=True)
    before = set(output.iterdir())
    tell = _one_at_a_time(listener)
    tell(RunStarted(run=compiled.name, pipeline=compiled.name, steps=tuple(compiled.steps.values()), resumed=False))
    began = time.monotonic()
    lineage = KfpLineage(compiled, values, output=output, home=lineage_folder(output.parent), directory=directory, here=runner != "docker")
    options = dict(container_options or {"network_mode": "none"})
    error = _run(compiled, values, output, directory, runner, options, tell, lineage)
    made = sorted(path for path in output.iterdir() if path not in before and path.is_dir() and path.name.startswith(compiled.name))
    folder = made[-1] if made else output
    steps = tuple(lineage.results(folder))
    failed = any(step.state is State.FAILED for step in steps)
    lineage.close("failed" if failed or error is not None else "succeeded")
    if error is not None and not failed:
        raise Nb2PipeError(
            f"KFP's local runner stopped: {_plain(error)}", hint="nb2pipe run NOTEBOOK (without --engine kfp) runs every construct"
        )
    for step in steps:
        tell(StepEnded(result=step))
    result = RunResult(
        pipeline=compiled.name,
        run=folder.name,
        state="failed" if failed else "succeeded",
        exit=int(failed),
        seconds=time.monotonic() - began,
        directory=folder,
        steps=steps,
    )
    tell(RunEnded(result=result))
    return result


def _run(
    package: Package,
    values: Mapping[str, Any],
    output: Path,
    directory: Path,
    runner: str,
    options: dict[str, Any],
    tell: Listener,
    lineage: KfpLineage,
) -> Exception | None:
    """Let the SDK run the package; what it prints goes to `kfp.log` in the output folder."""
    try:
        from kfp import components, local
    except ImportError as error:
        raise Nb2PipeError("running with `--engine kfp` needs the package kfp, which is not installed", hint=INSTALL_KFP) from error
    guardian = Guardian()
    with (output / "kfp.log").open("w", encoding="utf-8") as log, _quiet(log), our_processes(package, directory, guardian, tell, lineage):
        if runner == "docker":
            try:
                chosen = local.DockerRunner(**options)
            except ImportError as error:
                raise Nb2PipeError(
                    "running steps as containers needs the package docker, which is not installed", hint="pip install docker"
                ) from error
        else:
            chosen = local.SubprocessRunner(use_venv=False)
        local.init(runner=chosen, pipeline_root=str(output), raise_on_error=True)
        try:
            components.load_component_from_text(package.text)(**values)
        except Exception as error:  # the SDK raises every kind, RuntimeError for a failed task among them
            return error
        finally:
            guardian.close()
            local.config.LocalExecutionConfig.instance = None
    return None


def _one_at_a_time(listener: Listener | None) -> Listener:
    """Guard a listener: the SDK runs the items of a fan-out in threads."""
    lock = threading.Lock()

    def tell(event: Event) -> None:
        with lock:
            if listener is not None:
                listener(event)

    return tell


@contextlib.contextmanager
def _quiet(log: Any) -> Iterator[None]:
    """Keep what the SDK does to printing, logging and warnings inside; from its threads it does not always undo it."""
    root, printer = logging.getLogger(), builtins.print
    handlers, level = root.handlers[:], root.level
    try:
        with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        builtins.print = printer
        root.handlers[:] = handlers
        root.setLevel(level)


def _refuse_unsupported(package: Package) -> None:
    """Say in one sentence what the SDK's local runner cannot do, instead of letting it go wrong later."""
    for component in [package.spec["root"], *package.spec["components"].values()]:
        for task in component.get("dag", {}).get("tasks", {}).values():
            items = task.get("parameterIterator", {}).get("items", {}).get("inputParameter", "")
            source = task.get("inputs", {}).get("parameters", {}).get(items, {})
            if "taskOutputParameter" in source:
                maker = source["taskOutputParameter"]
                raise Nb2PipeError(
                    f"KFP's local runner cannot fan out over a list made by a step "
                    f"(`{maker['outputParameterKey']}` of `{maker['producerTask']}`); on a cluster it works",
                    hint="nb2pipe run NOTEBOOK (without --engine kfp)",
                )


def _plain(error: Exception) -> str:
    return _COLOUR.sub("", str(error)).split("\n")[0]
