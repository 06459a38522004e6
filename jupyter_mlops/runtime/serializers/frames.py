"""pandas frames, series and indexes ↔ Arrow's IPC file, only where every dtype, label and attribute comes back the same.

What Arrow's own pandas metadata does not keep (the frequency of an index, a range of column labels, strings as objects) stands beside it.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_KEY = b"nb2pipe"


def save(value: Any, path: str) -> Optional[str]:
    """Write a frame, series or index; None where that would change it or pyarrow is missing."""
    try:
        import pyarrow
    except ImportError:
        return None
    import pandas

    extra: dict[str, Any] = {}
    if type(value) is pandas.DataFrame:
        encoding, frame = "arrow-frame", value
    elif type(value) is pandas.Series and type(value.name) in (str, int, type(None)):
        encoding, frame = "arrow-series", value.to_frame("value")
        extra["name"] = value.name
    elif isinstance(value, pandas.Index):
        encoding, frame = "arrow-index", pandas.DataFrame(index=value)
    else:
        return None
    index, columns = frame.index, frame.columns
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    objects = [place for place, dtype in enumerate(frame.dtypes) if dtype.name == "object"]
    if not all(pandas.api.types.infer_dtype(part, skipna=False) == "string" for part in texts(frame, objects, levels)):
        return None
    extra["objects"] = objects
    if isinstance(index, (pandas.DatetimeIndex, pandas.TimedeltaIndex)):
        extra["freq"] = index.freqstr
    if isinstance(index, pandas.RangeIndex):
        extra["index"] = [index.start, index.step, index.name]
    if isinstance(columns, pandas.RangeIndex):
        extra["columns"] = [columns.start, columns.stop, columns.step]
    table = pyarrow.Table.from_pandas(frame)
    table = table.replace_schema_metadata({**table.schema.metadata, _KEY: json.dumps(extra)})
    back, first = restore(table.slice(0, 1)), frame.iloc[:1]
    pandas.testing.assert_frame_equal(back, first, check_exact=True, check_freq=False, check_index_type="exact", check_column_type="exact")
    if back.attrs != first.attrs:
        return None
    with pyarrow.OSFile(path + ".arrow", "wb") as file, pyarrow.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return encoding


def load(encoding: str, path: str) -> Any:
    """Read a frame, series or index."""
    import pyarrow

    table = pyarrow.ipc.open_file(pyarrow.memory_map(path + ".arrow")).read_all()
    frame = restore(table)
    extra = json.loads(table.schema.metadata[_KEY])
    if extra.get("freq"):
        frame.index.freq = extra["freq"]
    if encoding == "arrow-index":
        return frame.index
    return frame if encoding == "arrow-frame" else frame["value"].rename(extra["name"])


def texts(frame: Any, objects: list[int], levels: list[Any]) -> Any:
    """Yield the columns and index levels that hold Python objects."""
    yield from (frame.iloc[:, place] for place in objects)
    yield from (level for level in levels if level.dtype.name == "object")


def restore(table: Any) -> Any:
    """Turn the table into the frame it was made from."""
    import pandas

    extra = json.loads(table.schema.metadata[_KEY])
    frame = table.to_pandas()
    for place in extra["objects"]:
        if frame.dtypes.iloc[place].name != "object":  # pandas 3 makes its string dtype of them
            frame.isetitem(place, frame.iloc[:, place].astype(object))
    if "index" in extra:
        start, step, name = extra["index"]
        frame.index = pandas.RangeIndex(start, start + step * table.num_rows, step, name=name)
    if "columns" in extra:
        frame.columns = pandas.RangeIndex(*extra["columns"], name=frame.columns.name)
    return frame
