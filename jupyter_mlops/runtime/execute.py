"""A step's command line → the step's outputs: the whole life of one container."""

from __future__ import annotations

import json
import os
import sys
import warnings

from .cells import Kernel
from .display import Display
from .output import Log
from .spec import Exchange, Failure, local_path, read_step, unescape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .spec import Port, Step


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
    log = Log()
    try:
        step, exchange = read_step(argv[3]), Exchange(argv[5])
        display, body = Display(log), unescape(argv[4])
        sys.argv = [step["notebook"]]
        if "display" in step:
            from . import hooks, page

            hooks.Hooks(display, body)
            display.render = page.Page().render
        return attempt(Kernel(step, body, display), step, exchange)
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
            for port in step.get("inputs", []):
                kernel.names.update(receive(port, exchange))
        kernel.run("derived")
        kernel.run("cell")
        log.begin("")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            save_outputs(kernel, step, exchange)
    except Failure:
        raise
    except BaseException as error:  # SystemExit too: a kernel does not end at `sys.exit()`, and later cells would not run
        from . import tracebacks

        log.begin("")
        tracebacks.report(error, step["notebook"], "gate" in step and kernel.running == "cell")
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def bind_parameters(names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Bind pipeline parameters, the item of a fan-out, and what an exit handler is told."""
    given = exchange.parameters
    for parameter in step.get("parameters", []):
        from .values import coerce

        name = parameter["name"]
        names[name] = coerce(exchange.take("parameter", given, name), parameter["type"], parameter.get("floats"))
    if "foreach" in step:
        from .values import coerce

        name = step["foreach"]
        names[name] = coerce([exchange.take("parameter", given, name + "-item")], "list", step.get("foreach_floats"))
    if "on_exit" in step:
        status = given.get("run-status", {})
        os.environ["NB2PIPE_RUN_STATE"] = str(status.get("state", ""))
        os.environ["NB2PIPE_RUN_ERROR"] = str(status.get("error", {}).get("message", ""))


def receive(port: Port, exchange: Exchange) -> dict[str, Any]:
    """Give the values of an input, verified and decoded; the pieces of a fan-out become one value."""
    name, collect = port["port"], port.get("collect")
    if "parameter" in port:
        from .values import coerce

        given = exchange.take("parameter", exchange.parameters, name)
        pieces = [{port["names"][0]: coerce(piece, port["parameter"])} for piece in (given if collect else [given])]
    else:
        from .artifacts import load

        given = exchange.take("input", exchange.artifacts, name).get("artifacts", [])
        pieces = [load(local_path(artifact), artifact.get("metadata", {}), name) for artifact in given]
    values: dict[str, Any] = {}
    for each in port["names"] if collect in ("merge", "concatenate") else ():
        values[each] = {} if collect == "merge" else []
        for piece in pieces:
            if collect == "merge":
                values[each].update(piece[each])
            else:
                values[each] += piece[each]
    return values or {key: value for piece in pieces for key, value in piece.items()}


def save_outputs(kernel: Kernel, step: Step, exchange: Exchange) -> None:
    """Write outputs, reports and the display page, then the executor output that announces them."""
    names = kernel.names
    for port in step.get("outputs", []):
        name = port["port"]
        if "parameter" in port:
            from .values import sent

            only = port["names"][0]
            if only not in names:
                raise Failure("NB803", f"NameError: `{only}` leaves the step but is not bound at its end")
            exchange.result["parameterValues"][name] = sent(names[only], only, port["parameter"])
        else:
            from .artifacts import save

            values = {each: names[each] for each in port["names"] if each in names}
            exchange.send(name, save(values, exchange.output(name), port, step["pickle"] == "forbid"))
    for report in step.get("reports", []):
        from .reports import render

        if report["name"] in names:
            metadata, text = render(report["kind"], names[report["name"]], report["name"])
            write_text(exchange.output(report["port"]), text)
            exchange.send(report["port"], metadata)
    if "display" in step:
        from .page import page_html

        write_text(exchange.output(step["display"]), page_html(kernel.display, f"{step['notebook']} › {step['step']}"))
        exchange.send(step["display"], {})
    write_text(exchange.outputs["outputFile"], json.dumps(exchange.result))


def write_text(path: str, text: str) -> None:
    """Write a file at once: nobody sees half of it."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path + ".partial", "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    os.replace(path + ".partial", path)
