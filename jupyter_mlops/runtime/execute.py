"""A step's command line → the step's outputs: the whole life of one container."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings

from .cells import Kernel
from .display import Display
from .output import Log
from .spec import Exchange, Failure, local_path, read_step, unescape, write_text

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

            display.page = page.Page(display)
            hooks.Hooks(display, display.page)
        if "IPython" in body:
            from . import ipython

            ipython.Finder(display)
        return attempt(Kernel(step, body, display), step, exchange)
    except Failure as failure:
        log.begin("")
        print(failure, file=sys.stderr)
        return 1


def attempt(kernel: Kernel, step: Step, exchange: Exchange) -> int:
    """Run the body between its inputs and its outputs; what the user's code raises becomes a finding.

    What only some steps need is in modules that are packed only for them.
    """
    names, log = kernel.names, kernel.display.log
    try:
        if "parameters" in step or "foreach" in step or "on_exit" in step:
            from . import values

            values.bind(names, step, exchange)
        kernel.run("shared")
        with quiet():
            for port in step.get("inputs", []):
                names.update(receive(port, exchange))
        kernel.run("derived")
        kernel.run("cell")
        log.begin("")
        with quiet():
            for port in step.get("outputs", []):
                send(port, names, step, exchange)
            if "reports" in step:
                from . import reports

                reports.send(names, step, exchange)
        if kernel.display.page:
            exchange.send_text(step["display"], kernel.display.page.html(f"{step['notebook']} › {step['step']}"), {})
        write_text(exchange.outputs["outputFile"], json.dumps(exchange.result))
    except Failure:
        raise
    except BaseException as error:  # SystemExit too: a kernel does not end at `sys.exit()`, and later cells would not run
        from . import tracebacks

        log.begin("")
        tracebacks.report(error, step["notebook"], "gate" in step and kernel.running == "cell")
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


@contextlib.contextmanager
def quiet() -> Any:
    """Hold back warnings: it is not the user's code that calls a library here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def receive(port: Port, exchange: Exchange) -> dict[str, Any]:
    """Give the values of an input, verified and decoded; the pieces of a fan-out become one value."""
    name = port["port"]
    if "parameter" in port:
        from . import values

        pieces = values.receive(port, exchange)
    else:
        from . import artifacts

        given = exchange.take("input", exchange.artifacts, name).get("artifacts", [])
        pieces = [artifacts.load(local_path(artifact), artifact.get("metadata", {}), name) for artifact in given]
    if "collect" in port:
        from . import fan_in

        return fan_in.gather(pieces, port["names"], port["collect"])
    return pieces[0] if pieces else exchange.take("input", {}, name)  # fails: the list of artifacts is empty


def send(port: Port, names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Write an output."""
    if "parameter" in port:
        from . import values

        values.send(port, names, exchange)
    else:
        from . import artifacts

        found = {name: names[name] for name in port["names"] if name in names}
        path = local_path(exchange.output(port["port"]))
        exchange.send(port["port"], artifacts.save(found, path, port, step["pickle"] == "forbid"))
