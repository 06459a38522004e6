"""A script in percent format (``# %%``) → `Notebook`.

A marker line begins a cell: ``# %% title [markdown] tags=["step:train"]`` as jupytext writes it, or in short ``# %% step:train gpu:1``,
where words of the tag grammar are tags. Magics stand in comments (``# %time f()``) or as they are.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Result
from nb2pipe.frontend.build import RawCell, build_notebook
from nb2pipe.frontend.tags import FLAGS, KALE_FLAGS, is_tag
from nb2pipe.ir.notebook import CellKind, Notebook

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKER = r"# ?%%(?:[^\S\n](.*)|)$"
KIND = r"\[(markdown|md|raw)\]"
OPTION = r"(?<!\S)([A-Za-z_][\w.-]*)=(?=[\"'\[{\d-]|true\b|false\b|null\b)"
HEADER = r"\A# ---\n(?:#.*\n)*?# ---(?:\n|\Z)"
MAGIC_COMMENT = r"(?m)^# ?(?=%{1,2}[A-Za-z]|![\w./])"


def read_percent(text: str | bytes, path: str) -> Result[Notebook]:
    """Read a percent script; text before the first marker is a cell of its own. `path` is as the user gave it."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return Result(None, (_not_utf8(error.object[error.start]),))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    header = re.match(HEADER, text)
    if header:
        text = text[header.end() :]
    cells: list[RawCell] = []
    marker: str | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        found = re.match(MARKER, line)
        if not found:
            lines.append(line)
            continue
        cells += _cells(marker, lines)
        marker, lines = found[1] or "", []
    cells += _cells(marker, lines)
    return build_notebook(cells, {}, path)


def _cells(marker: str | None, lines: Sequence[str]) -> list[RawCell]:
    source = "\n".join(lines).rstrip("\n")
    if marker is None:
        return [RawCell(kind=CellKind.CODE, source=_uncomment_magics(source))] if source.strip() else []
    kind, options, words = _split(marker)
    tags = options.get("tags", [])
    settings = options.get("nb2pipe", {})
    return [
        RawCell(
            kind=kind,
            source=_uncomment_magics(source) if kind is CellKind.CODE else _text(source),
            tags=(*(tag for tag in tags if isinstance(tag, str)), *words) if isinstance(tags, list) else words,
            settings=settings if isinstance(settings, dict) else {},
        )
    ]


def _split(marker: str) -> tuple[CellKind, dict[str, object], tuple[str, ...]]:
    """Take a marker line apart: the kind of the cell, its ``key=value`` options, and its tags in short form."""
    options: dict[str, object] = {}
    free = marker
    while found := re.search(OPTION, free):
        try:
            value, length = json.JSONDecoder().raw_decode(free[found.end() :])
        except (ValueError, RecursionError):
            break
        options[found[1]] = value
        free = free[: found.start()] + free[found.end() + length :]
    kind = CellKind.CODE
    if found := re.search(KIND, free):
        kind = CellKind.RAW if found[1] == "raw" else CellKind.MARKDOWN
        free = free[: found.start()] + free[found.end() :]
    return kind, options, _tags(free.split())


def _tags(words: Sequence[str]) -> tuple[str, ...]:
    """Tell tags from a title: all words are tags or look like some, or the first ones are tags with an argument."""
    if all(word in FLAGS or word in KALE_FLAGS or re.fullmatch(r"[^\W\d][\w-]*[:=](?!//)\S+", word) for word in words):
        return tuple(words)
    count = next((at for at, word in enumerate(words) if ":" not in word or not is_tag(word)), len(words))
    return tuple(words[:count])


def _text(source: str) -> str:
    """Take the comment signs off a text cell, or the quotes around it."""
    for quotes in ('"""', "'''"):
        if source.startswith(quotes) and source.endswith(quotes) and len(source) >= 6:
            return source[3:-3].strip("\n")
    return re.sub(r"(?m)^# ?", "", source)


def _uncomment_magics(source: str) -> str:
    return re.sub(MAGIC_COMMENT, "", source)


def _not_utf8(byte: int) -> Diagnostic:
    from nb2pipe.rules.nb001 import NotANotebook

    return NotANotebook(reason=f"the byte 0x{byte:02x} is not UTF-8 text").at(None)
