"""A folder of a prediction log → the files that hold each row once, while a server writes new ones and merges small ones.

A merged file names the files that it stands for in its Parquet metadata (`COVERS`), and is there whole before any of them goes. A file that is
covered by another in the same listing is left out; two listings that are equal show one moment, because a covered file goes only after the
one that covers it came.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COVERS = b"jupyter_mlops.covers"
MERGED = "-merged-"
"""In the name of each merged file, so that no other has to be opened to be listed."""
TRIES = 50
"""A listing is out of date only when files were merged while it was read, which happens every few seconds at most."""

Read = TypeVar("Read")


def live_files(folder: Path) -> list[Path]:
    """List the files that hold each row once, by the time of their newest row.

    Raises
    ------
    FileNotFoundError
        If files were merged meanwhile; `read_live` tries again.
    """
    names = _names(folder)
    while (again := _names(folder)) != names:
        names = again
    covered = {name for merged in names if MERGED in merged for name in covers(folder / merged)}
    return [folder / name for name in names if name not in covered]


def read_live(folder: Path, read: Callable[[list[Path]], Read]) -> Read:
    """Read with `read` what `live_files` lists; again from the start when a file went away because it was merged."""
    for _ in range(TRIES):
        try:
            return read(live_files(folder))
        except FileNotFoundError as error:
            gone = error
    raise gone


def covers(merged: Path) -> list[str]:
    """Name the files that a merged one stands for."""
    from pyarrow import parquet

    names: list[str] = json.loads(parquet.read_schema(merged).metadata[COVERS])
    return names


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("[0-9]*.parquet"))
