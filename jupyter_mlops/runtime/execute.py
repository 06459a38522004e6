"""A step's command line → the step's outputs: the whole life of one container."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import warnings

from . import cells, display, output, spec
from .spec import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .cells import Kernel
    from .spec import Exchange, Step


def main(argv: list[str]) -> int:
    """Run a step.

    Parameters
    ----------
    argv : list of str
        ``-c``, the step's name, the runtime, `step.json`, the body, the executor input (see `compiler/docs/step-json.md`).

    Returns
    -------
    int
        The exit status: 0, 1 for a finding, 130 for an interrupt.
    """
    log = output.Log()
    try:
        step = spec.read_step(argv[3])
        exchange = spec.Exchange(argv[5])
        body = spec.unescape(argv[4])
        sys.argv = [step["notebook"]]
        shown = display.Display(log)
        for part in ("hooks", "page"):  # packed only where the notebook can need them
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module("." + part, __package__).install(shown, body)
        return attempt(cells.Kernel(step, body, shown), step, exchange)
    except Failure as failure:
        log.begin("")
        print(failure, file=sys.stderr)
        return 1


def attempt(kernel: Kernel, step: Step, exchange: Exchange) -> int:
    """Run the body between its inputs and its outputs; what the user's code raises becomes a finding."""
    log = kernel.display.log
    try:
        bind_parameters(kernel.names, step, exchange)
        kernel.run("shared")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is not the user's code that calls a library here
            load_inputs(kernel.names, step, exchange)
        kernel.run("derived")
        kernel.run("cell")
        kernel.running = ""
        log.begin("")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            save_outputs(kernel, step, exchange)
    except Failure:
        raise
    except BaseException as error:  # SystemExit too: a kernel does not end at `sys.exit()`, and later cells would not run
        from . import tracebacks

        log.begin("")
        tracebacks.report(error, step["notebook"], bool(step.get("gate")) and kernel.running == "cell")
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def bind_parameters(names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Bind pipeline parameters, the item of a fan-out, and what an exit handler is told."""
    for parameter in step.get("parameters", []):
        name = parameter["name"]
        names[name] = spec.coerce(exchange.parameter(name), parameter["type"], parameter.get("floats"))
    if "foreach" in step:
        item = exchange.parameter(step["foreach"] + "-item")
        names[step["foreach"]] = spec.whole([item], step.get("foreach_floats"))
    if step.get("on_exit"):
        status = exchange.parameters.get("run-status") or {}
        os.environ["NB2PIPE_RUN_STATE"] = str(status.get("state", ""))
        os.environ["NB2PIPE_RUN_ERROR"] = str((status.get("error") or {}).get("message", ""))


def load_inputs(names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Bind every input, verified and decoded; the pieces of a fan-out become one value."""
    for port in step.get("inputs", []):
        collect = port.get("collect")
        if "parameter" in port:
            given = exchange.parameter(port["port"])
            kind = port["parameter"]
            loaded = [{port["names"][0]: spec.coerce(each, kind)} for each in (given if collect else [given])]
        else:
            from . import artifacts

            loaded = [artifacts.load(artifact, port["port"]) for artifact in exchange.artifacts(port["port"])]
            if not loaded and not collect:
                raise Failure("NB801", f"input `{port['port']}` came without an artifact")
        for name in port["names"]:
            values = [each[name] for each in loaded if name in each]
            if collect in ("concatenate", "merge"):
                names[name] = gather(values, collect)
            elif values:
                names[name] = values[-1]


def gather(values: list[Any], collect: str) -> Any:
    """Join the lists or dicts of a fan-out's iterations, in order."""
    whole: Any = [] if collect == "concatenate" else {}
    for value in values:
        if collect == "merge":
            whole.update(value)
        else:
            whole += value
    return whole


def save_outputs(kernel: Kernel, step: Step, exchange: Exchange) -> None:
    """Write outputs, reports and the display page, then the executor output that announces them."""
    for port in step.get("outputs", []):
        if "parameter" in port:
            exchange.send_parameter(port["port"], as_parameter(kernel.names, port["names"][0], port["parameter"]))
        else:
            from . import artifacts

            values = {name: kernel.names[name] for name in port["names"] if name in kernel.names}
            path = spec.local_path(exchange.output(port["port"]))
            exchange.send_artifact(port["port"], artifacts.save(values, path, port, step.get("pickle") == "forbid"))
    for report in step.get("reports", []):
        from . import reports

        if report["name"] in kernel.names:
            path = spec.local_path(exchange.output(report["port"]))
            exchange.send_artifact(report["port"], reports.write(report["kind"], kernel.names[report["name"]], report["name"], path))
    if "display" in step:
        from .page import page_html

        write_text(spec.local_path(exchange.output(step["display"])), page_html(kernel.display, f"{step['notebook']} › {step['step']}"))
        exchange.send_artifact(step["display"], {})
    if exchange.output_file:
        write_text(exchange.output_file, json.dumps(exchange.result))


def as_parameter(names: dict[str, Any], name: str, kind: str) -> Any:
    """Give the JSON value of a name that leaves as a parameter."""
    if name not in names:
        raise Failure("NB803", f"NameError: `{name}` leaves the step but is not bound at its end")
    value = names[name]
    value = value.tolist() if hasattr(value, "tolist") else value  # NumPy scalars and arrays
    try:
        value = {"int": int, "float": float, "str": str, "bool": bool, "list": list, "dict": dict}[kind](value)
        if isinstance(value, int) and value != float(value):
            raise ValueError(f"{value} is not a double, and KFP has no other numbers")
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise Failure("NB401", f"`{name}` cannot leave the step as a parameter of type {kind}: {error}") from None
    return value


def write_text(path: str, text: str) -> None:
    """Write a file at once: nobody sees half of it."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    partial = path + ".partial"
    with open(partial, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    os.replace(partial, path)
