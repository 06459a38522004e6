"""Anything else ↔ a pickle, under the seal of the artifact's digest.

Functions and classes of the notebook are refused: they travel as source, so that `isinstance` holds.
"""

from __future__ import annotations

import pickle
import re
import types

from ..spec import Failure
from . import title

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def save(value: Any, path: str) -> str:
    """Write a pickle, or fail with NB401 and the reason."""
    try:
        if isinstance(value, (type, types.FunctionType)) and value.__module__ == "__main__":
            raise TypeError("what the notebook defines crosses a border as source, but this was made as the step ran")  # noqa: TRY301
        with open(path + ".pickle", "wb") as file:
            pickle.dump(value, file, 5)
    except OSError:
        raise
    except Exception as error:
        raise Failure("NB401", f"{title(value, path)} cannot be pickled: " + re.sub(r" at 0x\w+", "", str(error))) from None
    return "pickle"


def load(encoding: str, path: str) -> Any:
    """Read a pickle whose digest has been verified."""
    with open(path + ".pickle", "rb") as file:
        try:
            return pickle.load(file)
        except (AttributeError, ImportError) as error:
            raise Failure("NB802", f"an input needs what this step does not have: {error}") from None
