"""An event → one line at the end of ``lineage/events.jsonl``, whole or not at all, without the secrets of its URIs."""

from __future__ import annotations

import json
import os
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import home
from jupyter_mlops.provenance.secrecy import redacted

if TYPE_CHECKING:
    from pathlib import Path

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=str).encode


def journal(home_folder: Path | None = None) -> Path:
    """Say where events are kept."""
    return (home_folder or home()) / "lineage" / "events.jsonl"


def append(event: dict[str, Any], *, home_folder: Path | None = None) -> None:
    """Write one event; a problem is a warning, because no work may fail for want of a note about it.

    A line is one `write` to a file opened for appending: lines of several processes never mix.
    """
    try:
        _write(os.fspath(journal(home_folder)), encoded(event))
    except Exception as error:  # a full disk, a folder without permission, a facet that is no JSON
        with suppress(RuntimeWarning):  # where warnings are errors, a note still must not fail the work
            warnings.warn(f"lineage is not recorded: {error}", RuntimeWarning, stacklevel=3)


def encoded(event: dict[str, Any]) -> bytes:
    """Encode as one line of JSON without secrets; NaN and infinity, which JSON has not, become null."""
    try:
        text = _encode(event)
    except ValueError:
        text = _encode(_finite(event))
    return redacted(text).encode("ascii") + b"\n"


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
