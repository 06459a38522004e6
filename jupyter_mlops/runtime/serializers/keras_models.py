"""Keras models ↔ ``.keras``; layers and models of the notebook bind to the classes of the step."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a built model."""
    import keras

    from ..archives import normalize

    if not isinstance(value, keras.Model) or not value.built:
        return None
    value.save(path + ".keras")
    normalize(path + ".keras")
    return "keras"


def load(encoding: str, path: str) -> Any:
    """Read a model; its bytes are sealed, so that Lambda layers may run."""
    import keras

    own = {name: found for name, found in vars(sys.modules["__main__"]).items() if getattr(found, "__module__", "") == "__main__"}
    return keras.models.load_model(path + ".keras", custom_objects=own, safe_mode=False)
