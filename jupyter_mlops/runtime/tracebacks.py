"""An exception of the user's code → a traceback without our frames, and one headline with notebook, cell and line."""

from __future__ import annotations

import sys
import traceback

from .spec import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def report(error: BaseException, notebook: str, gate: bool) -> None:
    """Print the traceback, then the finding: NB804 for a failed assertion of a gate, else NB803."""
    whole = traceback.TracebackException.from_exception(error)
    chain: list[Any] = [whole]
    for link in chain:
        link.stack[:] = [frame for frame in link.stack if "jupyter_mlops" not in frame.filename != "<string>"]
        chain += filter(None, (link.__cause__, link.__context__))
    print("".join(whole.format()) + str(headline(error, notebook, gate)), file=sys.stderr)


def headline(error: BaseException, notebook: str, gate: bool) -> Failure:
    """Name the error and the innermost line of the notebook."""
    message = " ".join(["", *str(error).split()])[:301]
    mark, code, where = f"{notebook} › cell ", getattr(error, "verdict", "NB803"), ""  # `jupyter_mlops.errors.Rejected` says NB804
    text = type(error).__qualname__
    if isinstance(error, SyntaxError) and str(error.filename).startswith(mark):
        where = f" at {error.filename}, line {error.lineno}"
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if name.startswith(mark):
            where, innermost = f" at {name}, line {line}", (frame, name, line)
    if gate and where and code < "NB804" and isinstance(error, AssertionError):
        from .gate import verdict

        code, text = "NB804", verdict(*innermost)
    return Failure(code, text + ":" * bool(message) + message + where)
