"""An event → one line at the end of ``lineage/events.jsonl``, whole or not at all, without the secrets of its URIs."""

from __future__ import annotations

import json
import os
import warnings
from contextlib import suppress
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import home
from jupyter_mlops.provenance.secrecy import redacted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=str).encode
__all__ = ["append", "encoded", "journal", "quoted"]


def journal(home_folder: Path | None = None) -> Path:
    """Say where events are kept."""
    return (home_folder or home()) / "lineage" / "events.jsonl"


def append(event: Callable[[], str], *, home_folder: Path | None = None) -> None:
    """Make an event and write it; a problem is a warning, because no work may fail for want of a note about it.

    A line is one `write` to a file opened for appending: lines of several processes never mix.
    """
    try:
        _write(f"{home_folder or home()}/lineage/events.jsonl", f"{redacted(event())}\n".encode("ascii"))
    except Exception as error:  # a full disk, a folder without permission, a facet that is no JSON
        with suppress(RuntimeWarning):  # where warnings are errors, a note still must not fail the work
            warnings.warn(f"lineage is not recorded: {error}", RuntimeWarning, stacklevel=3)


def encoded(value: Any) -> str:
    """Encode as JSON; NaN and infinity, which JSON has not, become null."""
    try:
        return _encode(value)
    except ValueError:
        return _encode(_finite(value))


def _write(path: str, line: bytes) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        handle = os.open(path, flags, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - pathlib's cost would be most of an event's
        handle = os.open(path, flags, 0o644)
    try:
        if os.write(handle, line) != len(line):
            os.write(handle, b"\n")  # what is torn stays one line
            raise OSError("the disk is full")
    finally:
        os.close(handle)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not (float("-inf") < value < float("inf")):
        return None
    return value
