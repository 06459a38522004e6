"""New tags for cells → the notebook's file with nothing else changed.

The JSON text is edited in place: outputs, metadata, unknown fields, the order of keys, indentation and line ends stay byte for byte.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from typing import TYPE_CHECKING

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

BLANK = r"[ \t\r\n]*"
STRING = r'"(?:[^"\\]|\\.)*"'
Place = tuple[int, int]


def write_tags(path: str, tags: Mapping[int, Sequence[str]]) -> None:
    """Replace the tags of some cells, counted from 0 over all cells, in a notebook file.

    The new file takes the place of the old one in one move, with the old one's permissions; a reader never sees half of it.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or written, or is no notebook of format 4.
    """
    _replace(path, set_tags(_read(path), tags).encode("utf-8"))


def rewrite(path: str, change: Callable[[str], str]) -> None:
    """Give a file the text that a function makes of its text, in one move.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or written.
    """
    _replace(path, change(_read(path)).encode("utf-8"))


def add_tags(path: str, tags: Mapping[int, Sequence[str]]) -> None:
    """Give some cells of a notebook file, ``.ipynb`` or percent script, more tags; the ones they have stay, of other tools too.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or written, or is no notebook of format 4.
    """
    text = _read(path)
    if path.endswith(".py"):
        from nb2pipe.frontend.writepercent import add_percent_tags

        changed = add_percent_tags(text, tags)
    else:
        place_of_cells(text)  # the text is a notebook whose cells are objects
        cells = json.loads(text.removeprefix("\ufeff"))["cells"]
        known = {index: _known(cells[index]) for index in tags if index < len(cells)}
        changed = set_tags(text, {index: list(dict.fromkeys((*known.get(index, ()), *new))) for index, new in tags.items()})
    if changed != text:
        _replace(path, changed.encode("utf-8"))


def _known(cell: dict[str, object]) -> list[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs start-up, and the path stays a text
            return file.read().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Nb2PipeError(f"cannot read `{path}`: {error}", hint="check the path") from error


def set_tags(text: str, tags: Mapping[int, Sequence[str]]) -> str:
    """Replace the tags of some cells in the text of a notebook of format 4; no tags at all removes the key.

    Raises
    ------
    Nb2PipeError
        When the text is no notebook of format 4, or has no such cell.
    """
    cells = place_of_cells(text)
    edits: list[tuple[int, int, str]] = []
    for index, wanted in tags.items():
        if not 0 <= index < len(cells):
            raise Nb2PipeError(f"the notebook has no cell {index + 1}", hint="count all cells, from 1")
        edits.append(_edit(text, cells[index], list(wanted)))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def place_of_cells(text: str) -> list[Place]:
    """Find the places of all cells; also the proof that the text is a notebook whose cells are objects."""
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Nb2PipeError("this is not a notebook", hint="nb2pipe check says where it is broken") from error
    is_format_4 = isinstance(document, dict) and document.get("nbformat", 4) == 4 and isinstance(document.get("cells"), list)
    if not is_format_4 or not all(isinstance(cell, dict) for cell in document["cells"]):
        raise Nb2PipeError("tags can only be written to notebooks of format 4", hint="save the notebook with a current Jupyter")
    start = re.compile("\ufeff?" + BLANK).match(text)
    root = dict(members_at(text, start.end() if start else 0))
    return list(items_at(text, root["cells"][0]))


def _edit(text: str, cell: Place, tags: list[str]) -> tuple[int, int, str]:
    """Make the one edit that gives a cell its tags."""
    members = dict(members_at(text, cell[0]))
    if "metadata" not in members:
        return _insert(text, cell[0], members, "metadata", {"tags": tags}) if tags else (cell[0], cell[0], "")
    start = members["metadata"][0]
    metadata = dict(members_at(text, start))
    if "tags" in metadata:
        return (*metadata["tags"], _render(text, metadata["tags"][0], tags)) if tags else _remove(text, start, metadata, "tags")
    return _insert(text, start, metadata, "tags", tags) if tags else (start, start, "")


def _insert(text: str, start: int, members: Mapping[str, Place], key: str, value: object) -> tuple[int, int, str]:
    """Add a member to the object at `start`: where it belongs when the keys are sorted, else at the end."""
    written = f'"{key}":{_gap(text)}' + _dump(text, start, value, 1)
    line = _newline(text) + _indent(text, start) + _unit(text)
    if not members:
        end = _end(text, start)
        return start, end, "{" + (written if _is_compact(text) else line + written + _newline(text) + _indent(text, start)) + "}"
    if list(members) == sorted(members):
        after = next((name for name in members if name > key), None)
        if after is not None:
            at = _key_start(text, members[after][0])
            return at, at, written + "," + text[_previous(text, at) : at]
    last = max(end for _, end in members.values())
    first = min(_key_start(text, place[0]) for place in members.values())
    return last, last, "," + text[_previous(text, first) : first] + written


def _remove(text: str, start: int, members: Mapping[str, Place], key: str) -> tuple[int, int, str]:
    """Take a member out of the object at `start`, with its comma."""
    if len(members) == 1:
        return start, _end(text, start), "{}"
    first, last = _key_start(text, members[key][0]), members[key][1]
    names = list(members)
    if names.index(key) + 1 < len(names):
        return first, _key_start(text, members[names[names.index(key) + 1]][0]), ""
    return members[names[-2]][1], last, ""


def _render(text: str, start: int, tags: list[str]) -> str:
    """Write a list of tags as the list at `start` is written: on one line, or one line each."""
    old = text[start : _end(text, start)]
    if "\n" not in old and re.sub(BLANK, "", old) != "[]":
        return _on_one_line(tags, " " if not _is_compact(text) else _gap(text))
    return _dump(text, start, tags, 0)


def _dump(text: str, start: int, value: object, deeper: int) -> str:
    """Write JSON as the whole file is written."""
    if _is_compact(text):
        return _on_one_line(value, _gap(text))
    lines = json.dumps(value, ensure_ascii=False, indent=_unit(text)).split("\n")
    return (_newline(text) + _indent(text, start) + _unit(text) * deeper).join(lines)


def _on_one_line(value: object, gap: str) -> str:
    return json.dumps(value, ensure_ascii=False, separators=("," + gap, ":" + gap))


def _gap(text: str) -> str:
    """Return what stands between a key's colon and its value."""
    found = re.match(r'\ufeff?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:( ?)', text)
    return found[1] if found else " "


def _is_compact(text: str) -> bool:
    return "\n" not in text.strip()


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _unit(text: str) -> str:
    """Return what one level is indented by; Jupyter writes one blank."""
    found = re.match(r"\ufeff?\s*\{\r?\n([ \t]+)\"", text)
    return found[1] if found else " "


def _indent(text: str, at: int) -> str:
    """Return the blanks that begin the line of an offset."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _previous(text: str, at: int) -> int:
    """Find where the blanks before an offset begin."""
    return len(text[:at].rstrip(" \t\r\n"))


def _key_start(text: str, value: int) -> int:
    """Find the opening quote of the key whose value begins at an offset."""
    colon = text.rfind(":", 0, value)
    end = _previous(text, colon)
    at = end - 2
    while text[at] != '"' or (len(text[:at]) - len(text[:at].rstrip("\\"))) % 2:
        at -= 1
    return at


def members_at(text: str, start: int) -> Iterator[tuple[str, Place]]:
    """List the members of the object at `start`: key, and the place of the value."""
    at = _skip(text, start + 1)
    while text[at] != "}":
        key = re.compile(STRING).match(text, at)
        assert key, "the text is JSON"
        value = _skip(text, _skip(text, key.end()) + 1)
        end = _end(text, value)
        yield json.loads(key[0]), (value, end)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def items_at(text: str, start: int) -> Iterator[Place]:
    """List the places of the items of the list at `start`."""
    at = _skip(text, start + 1)
    while text[at] != "]":
        end = _end(text, at)
        yield at, end
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = re.compile(BLANK).match(text, at)
    return found.end() if found else at


def _end(text: str, start: int) -> int:
    """Find the end of the value at `start`."""
    if text[start] not in '{["':
        found = re.compile(r"[^,\]}\s]+").match(text, start)
        return found.end() if found else start
    depth = 0
    for match in re.compile(STRING + r"|[\[\]{}]").finditer(text, start):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if not depth:
            return match.end()
    return len(text)


def _replace(path: str, content: bytes) -> None:
    """Write a file beside the old one, then move it over it; links are followed, permissions kept."""
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(prefix=".nb2pipe-", dir=os.path.dirname(target))  # noqa: PTH120
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, os.stat(target).st_mode & 0o7777)  # noqa: PTH101, PTH116
        os.replace(temporary, target)  # noqa: PTH105
    except OSError as error:
        os.unlink(temporary)  # noqa: PTH108
        raise Nb2PipeError(
            f"cannot write `{path}`: {(error.strerror or str(error)).lower()}", hint="check the folder's permissions"
        ) from error
