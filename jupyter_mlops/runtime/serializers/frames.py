"""pandas frames, series and indexes ↔ Arrow's IPC file, only where every dtype, label and attribute comes back the same.

What Arrow's own pandas metadata does not keep (the frequency of an index, a range of column labels, strings as objects) stands beside it.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a frame, series or index; None where that would change it."""
    import pandas
    import pyarrow

    extra: dict[str, Any] = {}
    encoding, frame = "arrow-frame", value
    if type(value) is pandas.Series and type(value.name) in (str, int, type(None)):
        encoding, frame = "arrow-series", value.to_frame("value")
        extra["name"] = value.name
    elif isinstance(value, pandas.Index):
        encoding, frame = "arrow-index", pandas.DataFrame(index=value)
    elif type(value) is not pandas.DataFrame:
        return None
    index, columns = frame.index, frame.columns
    extra["objects"] = objects = [place for place, dtype in enumerate(frame.dtypes) if dtype == object]  # noqa: E721
    parts = [frame.iloc[:, place] for place in objects] + [index.get_level_values(level) for level in range(index.nlevels)]
    if any(part.dtype == object and pandas.api.types.infer_dtype(part, skipna=False) != "string" for part in parts):
        return None
    extra["freq"] = getattr(index, "freqstr", None)
    if isinstance(columns, pandas.RangeIndex):
        extra["columns"] = [columns.start, columns.stop, columns.step]

    def table(rows: Any) -> Any:
        made = pyarrow.Table.from_pandas(rows)
        return made.replace_schema_metadata({**made.schema.metadata, b"nb2pipe": json.dumps(extra)})

    first = frame[:1]
    back = restore(table(first))[0]
    pandas.testing.assert_frame_equal(back, first, check_exact=True, check_freq=False, check_index_type="exact", check_column_type="exact")
    if back.attrs != first.attrs:
        return None
    whole = table(frame)
    with pyarrow.ipc.new_file(path + ".arrow", whole.schema) as writer:
        writer.write_table(whole)
    return encoding


def load(encoding: str, path: str) -> Any:
    """Read a frame, series or index."""
    import pyarrow

    frame, extra = restore(pyarrow.ipc.open_file(pyarrow.memory_map(path + ".arrow")).read_all())
    if extra["freq"]:
        frame.index.freq = extra["freq"]
    if encoding == "arrow-index":
        return frame.index
    return frame if encoding == "arrow-frame" else frame["value"].rename(extra["name"])


def restore(table: Any) -> tuple[Any, dict[str, Any]]:
    """Turn a table into the frame it was made from, and what stands beside it."""
    import pandas

    extra = json.loads(table.schema.metadata[b"nb2pipe"])
    frame = table.to_pandas()
    for place in extra["objects"]:  # pandas 3 makes its string dtype of them
        frame.isetitem(place, frame.iloc[:, place].astype(object))
    if "columns" in extra:
        frame.columns = pandas.RangeIndex(*extra["columns"], name=frame.columns.name)
    return frame, extra
