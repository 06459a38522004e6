"""NumPy arrays ↔ ``.npy`` without pickle; subclasses and object arrays are left to others."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write an array whose dtype the format can spell."""
    import numpy

    if type(value) is not numpy.ndarray or value.dtype.kind not in "biufcSUmMV" or value.dtype.hasobject or value.dtype.metadata:
        return None
    spelled = numpy.lib.format.dtype_to_descr(value.dtype)
    if numpy.lib.format.descr_to_dtype(spelled) != value.dtype:  # bfloat16 and other dtypes of extensions
        return None
    numpy.save(path + ".npy", value, allow_pickle=False)
    return "npy"


def load(encoding: str, path: str) -> Any:
    """Read an array."""
    import numpy

    return numpy.load(path + ".npy", allow_pickle=False)
