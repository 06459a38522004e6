"""Anything else ↔ a pickle, under the seal of the artifact's digest.

Functions and classes of the notebook are refused: they travel as source, so that `isinstance` holds.
"""

from __future__ import annotations

import pickle
import os
import re
import types

from ..spec import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def save(value: Any, path: str) -> str:
    """Write a pickle, or fail with NB401 and the reason."""
    name = os.path.basename(path)
    if isinstance(value, (type, types.FunctionType)) and value.__module__ == "__main__":
        what = "class" if isinstance(value, type) else "function"
        raise Failure("NB401", f"`{name}` is a {what} of the notebook, made while the step ran: only what stands as source crosses a border")
    try:
        with open(path + ".pickle", "wb") as file:
            pickle.dump(value, file, 5)
    except OSError:
        raise
    except Exception as error:
        reason = re.sub(r" at 0x\w+", "", str(error))
        kind = type(value)
        raise Failure("NB401", f"`{name}` ({kind.__module__}.{kind.__qualname__}) cannot be pickled: {reason}") from None
    return "pickle"


def load(encoding: str, path: str) -> Any:
    """Read a pickle whose digest has been verified."""
    with open(path + ".pickle", "rb") as file:
        try:
            return pickle.load(file)
        except AttributeError as error:
            raise Failure("NB802", f"`{os.path.basename(path)}` needs what this step does not have: {error}") from None
