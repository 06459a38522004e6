"""What a verb raises: the environment is wrong (`EnvironmentProblem`), its arguments are (`ValueError` and kin), or its verdict is no (`Rejected`)."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class EnvironmentProblem(RuntimeError):
    """Something around the program is missing or broken: one sentence, and `hint`, the command or the act that mends it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message}\n  fix: {hint}" if hint else message)
        self.hint = hint


class Rejected(AssertionError):
    """A verdict stopped a pipeline step. It is an `AssertionError`, as a failed assertion of a gate is.

    `report` is the whole report; `verdict` is the code under which the step runtime reports it.
    """

    verdict = "NB804"

    def __init__(self, message: str, report: object) -> None:
        super().__init__(message)
        self.report = report


def need(module: str, extra: str) -> Any:
    """Import an optional dependency, or say how to install it.

    Raises
    ------
    EnvironmentProblem
        If it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise  # it is there and broken: the reader needs to see how
        name = module.partition(".")[0]
        raise EnvironmentProblem(f"`{name}` is not installed", hint=f"pip install 'jupyter-mlops[{extra}]'") from None
