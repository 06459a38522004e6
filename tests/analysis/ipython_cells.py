"""Cells as IPython runs them: magics, shell lines, output history."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import DollarFormatter
from traitlets.config import Config

if TYPE_CHECKING:
    from tracer import Namespace

QUIET = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor", "autocall": 0}})


class Shell(InteractiveShell):
    """A shell whose namespace only watches while a cell's own code runs."""

    names: Namespace

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> Any:
        """Run one compiled statement of a cell."""
        self.names.active = True
        try:
            return await super().run_code(code_obj, result, async_=async_)
        finally:
            self.names.active = False

    def var_expand(self, cmd: str, depth: int = 0, formatter: Any = DollarFormatter()) -> str:  # noqa: B008 - as IPython has it
        """Put values into a line; IPython evaluates the fields in a plain copy, where no read is seen, so they are evaluated again."""
        for _, field, _, _ in formatter.parse(cmd):
            with contextlib.suppress(Exception):  # what is no expression stays as it is
                eval(field or "None", self.names)
        return super().var_expand(cmd, depth + 1, formatter)


def make_shell(names: Namespace) -> Shell:
    """Return a shell that runs cells in a namespace, with what IPython itself puts there."""
    Shell.clear_instance()
    shell = Shell.instance(config=QUIET, user_ns=names)
    shell.names = names
    return shell


def run_ipython(source: str, names: Namespace) -> None:
    """Run a cell in the current shell."""
    result = Shell.instance().run_cell(source, store_history=True)
    result.raise_error()
