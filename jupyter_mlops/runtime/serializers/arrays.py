"""NumPy arrays ↔ ``.npy`` without pickle; subclasses and object arrays are left to others."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write an array whose dtype the format can spell: not bfloat16 and other dtypes of extensions. NumPy itself refuses objects."""
    import numpy

    form = numpy.lib.format
    if type(value) is not numpy.ndarray or value.dtype.metadata or form.descr_to_dtype(form.dtype_to_descr(value.dtype)) != value.dtype:
        return None
    numpy.save(path + ".npy", value, allow_pickle=False)
    return "npy"


def load(encoding: str, path: str) -> Any:
    """Read an array."""
    import numpy

    return numpy.load(path + ".npy", allow_pickle=False)
