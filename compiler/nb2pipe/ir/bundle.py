"""What a backend writes: files as text, nothing on disk yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFile:
    """One file of a bundle; `path` is relative."""

    path: PurePosixPath
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The output of one backend; `entry` is the file to hand to the orchestrator."""

    backend: str
    files: tuple[GeneratedFile, ...]
    entry: PurePosixPath
