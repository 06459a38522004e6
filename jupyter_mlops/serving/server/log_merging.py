"""Many small files of a prediction log → few larger ones of the same rows, so that a server that runs for months leaves no million files.

Files of one version and one schema are merged when `FAN` of them have about the same size (a factor of `FAN`), so that each row is written
again only a few times, and a folder holds at most ``FAN − 1`` files of a version and schema for each step of size below `LARGEST` bytes.
The merged file is there whole, with the names that it stands for in its metadata, before the first of them goes: readers
(`provenance.prediction_files`) see each row once at every moment, also after a kill in between, which the next merge cleans up.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from jupyter_mlops.provenance.prediction_files import COVERS, MERGED, covers

if TYPE_CHECKING:
    from pathlib import Path

FAN = 8
LARGEST = 64 << 20
_VERSION = re.compile(r"-v(\d+)\.parquet$")


def merge_files(folder: Path) -> int:
    """Merge what is due in one model's folder; gives how many files went. Does nothing while another process merges there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".merging").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        gone = _finish(folder)
        while parts := _due(folder):
            _merge(folder, parts)
            gone += _finish(folder)
        return gone


def _finish(folder: Path) -> int:
    """Take away what a merged file stands for."""
    gone = 0
    for partial in folder.glob(f".*{MERGED}*.partial"):  # of a merge that was killed: only who holds the lock writes these
        partial.unlink()
    for merged in list(folder.glob(f"[0-9]*{MERGED}*.parquet")):
        for name in covers(merged) if merged.is_file() else ():  # else another of them stood for it
            if (folder / name).is_file():
                (folder / name).unlink()
                gone += 1
    return gone


def _due(folder: Path) -> list[Path]:
    """Find `FAN` files to merge, the oldest first; empty if there are not as many of one kind."""
    from pyarrow import parquet

    steps: dict[tuple[str, int], list[Path]] = defaultdict(list)
    for path in sorted(folder.glob("[0-9]*.parquet")):
        found, size = _VERSION.search(path.name), path.stat().st_size
        if found and size < LARGEST:
            steps[found[1], math.floor(math.log(max(size, 1), FAN))].append(path)
    for paths in steps.values():
        if len(paths) < FAN:
            continue
        alike: dict[bytes, list[Path]] = defaultdict(list)
        for path in paths:
            kind = alike[parquet.read_schema(path).remove_metadata().serialize().to_pybytes()]
            kind.append(path)
            if len(kind) == FAN:
                return kind
    return []


def _merge(folder: Path, parts: list[Path]) -> None:
    from pyarrow import parquet

    newest, _, rest = parts[-1].name.partition("-")
    name = f"{newest}{MERGED}{rest}"
    schema = parquet.read_schema(parts[0]).remove_metadata()
    schema = schema.with_metadata({COVERS: json.dumps([part.name for part in parts]).encode()})
    partial = folder / f".{name}.partial"
    with parquet.ParquetWriter(partial, schema) as writer:
        for part in parts:
            with parquet.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group).cast(schema))
    with partial.open("rb") as written:
        os.fsync(written.fileno())  # what it stands for goes next: a power cut must not take both
    partial.replace(folder / name)
