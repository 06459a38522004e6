"""A step's command line → the step's outputs: the whole life of one container."""

from __future__ import annotations

import json
import sys
import warnings

from .cells import Kernel
from .display import Display
from .output import Log
from .spec import Exchange, Failure, read_step, unescape, write_text

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
    log, kernel = Log(), None
    try:
        step, exchange, body, display = read_step(argv[3]), Exchange(argv[5]), unescape(argv[4]), Display(log)
        sys.argv = [step["notebook"]]
        if "display" in step:
            from .page import Page

            display.page = Page(display)
            if ".show" in body or "import show" in body:
                from .hooks import Hooks

                Hooks(display, display.page)
        if "IPython" in body:
            from . import ipython

            ipython.Finder(display)
        kernel = Kernel(step, body, display)
        run(kernel, step, exchange)
        return 0
    except BaseException as error:  # SystemExit too: a kernel does not end at `sys.exit()`, and later cells would not run
        log.begin("")
        if isinstance(error, Failure):
            print(error, file=sys.stderr)
        elif kernel:
            from . import tracebacks

            tracebacks.report(error, step["notebook"], "gate" in step and kernel.running == "cell")
        else:
            raise
        return 130 if isinstance(error, KeyboardInterrupt) else 1


def run(kernel: Kernel, step: Step, exchange: Exchange) -> None:
    """Run the body between its inputs and its outputs; what only some steps need is in modules that are packed only for them."""
    names = kernel.names
    if {"parameters", "foreach", "on_exit"} & step.keys():
        from . import values

        values.bind(names, step, exchange)
    kernel.run("shared")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not the code of the user calls a library here
        for port in step.get("inputs", []):
            names.update(receive(port, exchange))
    kernel.run("derived")
    kernel.run("cell")
    kernel.run("state")
    kernel.display.log.begin("")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for port in step.get("outputs", []):
            of_port(port).send(port, names, step, exchange)
        if "reports" in step:
            from . import reports

            reports.send(names, step, exchange)
    if kernel.display.page:
        text = kernel.display.page.html(f"{step['notebook']} › {step['step']}")
        exchange.send(step["display"], write_text, text, {})
    write_text(exchange.outputs["outputFile"], json.dumps(exchange.result))


def receive(port: Port, exchange: Exchange) -> dict[str, Any]:
    """Give the values of an input, verified and decoded; the pieces of a fan-out become one value."""
    pieces: list[dict[str, Any]] = of_port(port).receive(port, exchange)
    if "collect" in port:
        from . import fan_in

        return fan_in.gather(pieces, port["names"], port["collect"])
    return pieces[0] if pieces else exchange.take("input", {}, port["port"])  # fails: the list of artifacts is empty


def of_port(port: Port) -> Any:
    """Give the module that receives and sends what a port carries."""
    if "parameter" in port:
        from . import ports

        return ports
    from . import artifacts

    return artifacts
