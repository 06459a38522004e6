"""Arrow tables, Polars frames and series ↔ Arrow's IPC file, uncompressed: written and read at the speed of the disk."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a table of Arrow's or Polars' own type."""
    library, kind = type(value).__module__.partition(".")[0], type(value).__name__
    if library == "pyarrow" and kind == "Table":
        import pyarrow

        with pyarrow.ipc.new_file(path + ".arrow", value.schema) as writer:
            writer.write_table(value)
        return "arrow"
    if library != "polars" or kind not in ("DataFrame", "Series"):
        return None
    import polars

    frame = value if kind == "DataFrame" else value.to_frame()
    if any(dtype == polars.Object for dtype in frame.dtypes):
        return None
    frame.write_ipc(path + ".arrow", compression="uncompressed")
    return "polars-frame" if kind == "DataFrame" else "polars-series"


def load(encoding: str, path: str) -> Any:
    """Read a table."""
    if encoding == "arrow":
        import pyarrow

        return pyarrow.ipc.open_file(pyarrow.memory_map(path + ".arrow")).read_all()
    import polars

    frame = polars.read_ipc(path + ".arrow")
    return frame if encoding == "polars-frame" else frame.to_series()
