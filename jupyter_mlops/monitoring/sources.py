"""A frame, files or an Arrow dataset → its columns, one at a time, in chunks: each byte is read once, and no more than a chunk is held.

pandas is never imported for data that is not a pandas frame: `ChunkedArray.to_numpy()` would (a second of start-up), so Arrow's buffers are
read directly.
"""

from __future__ import annotations

import glob
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Source(Protocol):
    """Columns of a table, to be read more than once."""

    @property
    def types(self) -> dict[str, Any]:
        """Arrow types by column, in the table's order."""

    @property
    def rows(self) -> int:
        """How many rows there are."""

    def chunks(self, column: str) -> Iterator[Any]:
        """Give a column's Arrow arrays, the first of them from all over the table."""

    def parts(self, columns: Sequence[str]) -> Iterator[Any]:
        """Give record batches of several columns, in the table's order."""


@dataclass(frozen=True)
class Table:
    """An Arrow table in memory."""

    table: Any

    @property
    def types(self) -> dict[str, Any]:
        """Arrow types by column."""
        return dict(zip(self.table.schema.names, self.table.schema.types, strict=True))

    @property
    def rows(self) -> int:
        """How many rows."""
        return int(self.table.num_rows)

    def chunks(self, column: str) -> Iterator[Any]:
        """Give a column in pieces."""
        yield from self.table.column(column).chunks

    def parts(self, columns: Sequence[str]) -> Iterator[Any]:
        """Give several columns in pieces."""
        yield from self.table.select(list(columns)).to_batches()


@dataclass(frozen=True)
class PandasFrame:
    """A pandas frame; each column is turned into Arrow when it is read."""

    frame: Any

    @property
    def types(self) -> dict[str, Any]:
        """Arrow types by column."""
        return {str(name): self._array(index, 0).type for index, name in enumerate(self.frame.columns)}

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.frame)

    def chunks(self, column: str) -> Iterator[Any]:
        """Give a column in pieces."""
        yield self._array([str(name) for name in self.frame.columns].index(column), None)

    def parts(self, columns: Sequence[str]) -> Iterator[Any]:
        """Give several columns in pieces."""
        import pyarrow

        yield pyarrow.RecordBatch.from_arrays([next(self.chunks(name)) for name in columns], names=list(columns))

    def _array(self, index: int, stop: int | None) -> Any:
        import pyarrow

        series = self.frame.iloc[:, index]
        if stop is not None and series.dtype != object:
            series = series.iloc[:stop]
        try:
            array = pyarrow.Array.from_pandas(series)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):  # one column of numbers and text: each value is a category
            array = pyarrow.array(
                [None if missing else str(value) for value, missing in zip(series, series.isna(), strict=True)], pyarrow.string()
            )
        return array.combine_chunks() if isinstance(array, pyarrow.ChunkedArray) else array


@dataclass(frozen=True)
class ParquetFiles:
    """Parquet files, larger than memory or not. Text is read as codes and a dictionary where the file has them."""

    files: tuple[str, ...]
    types: dict[str, Any]
    groups: tuple[tuple[int, int], ...]
    rows: int
    filesystem: Any = None

    @classmethod
    def open(cls, files: Sequence[str], filesystem: Any = None) -> ParquetFiles:
        """Read the files' footers."""
        import pyarrow.parquet

        schema, groups, rows = None, [], 0
        for index, name in enumerate(files):
            metadata = pyarrow.parquet.read_metadata(name, filesystem=filesystem)
            found = metadata.schema.to_arrow_schema()
            if schema is None:
                schema = found
            elif found.names != schema.names:
                raise ValueError(
                    f"`{Path(name).name}` has other columns than `{Path(files[0]).name}`: {', '.join(sorted(set(found.names) ^ set(schema.names))[:5])}"
                )
            groups += [(index, group) for group in range(metadata.num_row_groups) if metadata.row_group(group).num_rows]
            rows += metadata.num_rows
        assert schema is not None
        return cls(tuple(files), dict(zip(schema.names, schema.types, strict=True)), tuple(groups), rows, filesystem)

    def chunks(self, column: str) -> Iterator[Any]:
        """Give a column in pieces."""
        for group in _spread(len(self.groups)):
            yield from self._read(*self.groups[group], [column]).column(0).chunks

    def parts(self, columns: Sequence[str]) -> Iterator[Any]:
        """Give several columns in pieces."""
        for file, group in self.groups:
            table = self._read(file, group, list(columns))
            yield from table.combine_chunks().to_batches()

    def _read(self, file: int, group: int, columns: list[str]) -> Any:
        import pyarrow
        import pyarrow.parquet

        text = [name for name in columns if pyarrow.types.is_string(self.types[name]) or pyarrow.types.is_large_string(self.types[name])]
        opened = pyarrow.parquet.ParquetFile(
            self.files[file], read_dictionary=text, memory_map=self.filesystem is None, filesystem=self.filesystem
        )
        with opened:
            return opened.read_row_group(group, columns=columns, use_threads=False)


@dataclass(frozen=True)
class Dataset:
    """Any other Arrow dataset (CSV, ORC, in memory, with a partition): scanned once for each column."""

    dataset: Any

    @property
    def types(self) -> dict[str, Any]:
        """Arrow types by column."""
        return dict(zip(self.dataset.schema.names, self.dataset.schema.types, strict=True))

    @property
    def rows(self) -> int:
        """How many rows."""
        return int(self.dataset.count_rows())

    def chunks(self, column: str) -> Iterator[Any]:
        """Give a column in pieces."""
        for batch in self.parts([column]):
            yield batch.column(0)

    def parts(self, columns: Sequence[str]) -> Iterator[Any]:
        """Give several columns in pieces."""
        yield from self.dataset.to_batches(columns=list(columns), use_threads=False)


def open_source(data: Any) -> Source:
    """Take a frame (pandas, polars, Arrow), Parquet (a path, a folder, a pattern such as ``data/*.parquet``, several paths) or an Arrow dataset.

    Raises
    ------
    TypeError
        If it is none of these.
    ValueError
        If there is no column.
    EnvironmentProblem
        If a path names nothing.
    """
    source = _open(data)
    if not source.types:
        raise ValueError("the frame has no columns; a profile needs at least one")
    return source


def _open(data: Any) -> Source:
    if isinstance(data, (str, Path)) or (isinstance(data, (list, tuple)) and data and all(isinstance(one, (str, Path)) for one in data)):
        return ParquetFiles.open(_files(data))
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return PandasFrame(data)
    import pyarrow

    if isinstance(data, pyarrow.Table):
        return Table(data)
    if isinstance(data, pyarrow.RecordBatch):
        return Table(pyarrow.Table.from_batches([data]))
    if hasattr(data, "to_arrow"):  # polars
        return Table(data.to_arrow())
    dataset = sys.modules.get("pyarrow.dataset")
    if dataset is not None and isinstance(data, dataset.Dataset):
        if isinstance(data, dataset.FileSystemDataset) and data.format.default_extname == "parquet" and data.files:
            return ParquetFiles.open(data.files, data.filesystem)
        return Dataset(data)
    raise TypeError(f"data is a frame (pandas, polars, Arrow), a path to Parquet or an Arrow dataset, found `{type(data).__name__}`")


def _files(data: Any) -> list[str]:
    found: list[str] = []
    for one in [data] if isinstance(data, (str, Path)) else data:
        name = str(one)
        if Path(name).is_dir():
            found += sorted(str(path) for path in Path(name).rglob("*.parquet"))
        elif glob.has_magic(name) and not Path(name).exists():
            found += sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may begin anywhere
        elif Path(name).exists():
            found.append(name)
        else:
            raise EnvironmentProblem(f"there is no file `{name}`", hint="name a Parquet file, a folder of them or a pattern")
    if not found:
        raise EnvironmentProblem(f"no Parquet file matches `{data}`", hint="name a Parquet file, a folder of them or a pattern")
    return found


def _spread(count: int) -> Iterator[int]:
    """Give 0 … count − 1 such that the first few come from all over: file order is often time order, and edges are chosen from the first."""
    seen = set()
    step = 1 << max(count - 1, 0).bit_length()
    while step:
        for index in range(0, count, step):
            if index not in seen:
                seen.add(index)
                yield index
        step //= 2
