"""Files of a data set → pandas frames and Arrow tables."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_mlops.data.content import root_of
from jupyter_mlops.errors import need

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlops.data.content import Item

FORMATS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".feather": "feather",
    ".arrow": "feather",
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
_PACKED = {".gz", ".bz2", ".xz", ".zst", ".zip"}


def format_of(items: Sequence[Item]) -> str:
    """Tell the format by the names of the files.

    Raises
    ------
    ValueError
        If it is unknown, or there are several.
    """
    found = set()
    for item in items:
        ends = [each.lower() for each in PurePosixPath(item.name).suffixes]
        found.add(FORMATS.get(next((end for end in reversed(ends) if end not in _PACKED), ""), ""))
    if len(found) != 1 or "" in found:
        known = ", ".join(f"`{each}`" for each in sorted(FORMATS))
        raise ValueError(f"`{items[0].name}` is of no one known format; name it with `format=`, or expect one of {known}")
    return found.pop()


def frames(items: Sequence[Item], form: str, columns: list[str] | None, rows: int | None) -> Iterator[Any]:
    """Read pandas frames: one, or many of at most `rows` rows."""
    pandas = need("pandas", "data")
    if form in ("parquet", "feather"):
        source = _arrow_dataset(items, form, columns)
        if rows is None:
            yield source.to_table(columns=columns).to_pandas()
            return
        for batch in source.to_batches(columns=columns, batch_size=rows):
            if batch.num_rows:
                yield batch.to_pandas()
        return
    parts = (part for item in items for part in _text_frames(pandas, item, form, columns, rows))
    if rows is not None:
        yield from parts
        return
    read = list(parts)
    yield read[0] if len(read) == 1 else pandas.concat(read, ignore_index=True)


def _text_frames(pandas: Any, item: Item, form: str, columns: list[str] | None, rows: int | None) -> Iterator[Any]:
    if form == "jsonl":
        read = pandas.read_json(item.local, lines=True, chunksize=rows)
    else:
        read = pandas.read_csv(item.local, sep="\t" if form == "tsv" else ",", chunksize=rows)
    for part in [read] if rows is None else read:
        yield part if columns is None else part[_present(columns, list(part.columns), item.name)]


def table(items: Sequence[Item], form: str, columns: list[str] | None) -> Any:
    """Read one Arrow table."""
    if form in ("parquet", "feather"):
        return _arrow_dataset(items, form, columns).to_table(columns=columns)
    pyarrow = need("pyarrow", "data")
    return pyarrow.Table.from_pandas(next(frames(items, form, columns, None)), preserve_index=False)


def schema(items: Sequence[Item], form: str) -> tuple[dict[str, str], int | None]:
    """Give names and types of the columns, and the count of rows where the file says it; for text the types are not known and stay ""."""
    if form in ("parquet", "feather"):
        source = _arrow_dataset(items, form, None)
        rows = source.count_rows() if form == "parquet" else None
        return {field.name: str(field.type) for field in source.schema}, rows
    first = next(_text_frames(need("pandas", "data"), items[0], form, None, 100), None)
    return ({}, 0) if first is None else (dict.fromkeys(map(str, first.columns), ""), None)


def _arrow_dataset(items: Sequence[Item], form: str, columns: list[str] | None) -> Any:
    dataset = need("pyarrow.dataset", "data")
    if len(items) == 1:
        source = dataset.dataset(str(items[0].local), format=form)
    elif any("=" in part for item in items for part in item.name.split("/")[:-1]):  # folders that say column values: year=2026/
        root = root_of(items)
        files = [str(root / item.name) for item in items]
        source = dataset.dataset(files, format=form, partitioning="hive", partition_base_dir=str(root))
    else:
        source = dataset.dataset([dataset.dataset(str(item.local), format=form) for item in items])
    if columns is not None:
        _present(columns, source.schema.names, items[0].name)
    return source


def _present(columns: list[str], there: list[Any], name: str) -> list[str]:
    absent = [each for each in columns if each not in there]
    if absent:
        raise ValueError(f"`{name}` has no column `{absent[0]}`; it has {', '.join(f'`{each}`' for each in there[:30])}")
    return columns
