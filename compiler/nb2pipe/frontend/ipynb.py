"""The text of an ``.ipynb`` file → `Notebook`.

Format 4 is read by `json` alone; formats 2 and 3 are upgraded by `nbformat`, which is imported only then. Whatever the file holds,
the answer is findings, never an exception. Missing parts that every Jupyter tolerates (metadata, ids, counts) are tolerated.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nb2pipe.diagnostics.model import FILE, Diagnostic, Result
from nb2pipe.errors import Nb2PipeError
from nb2pipe.frontend.build import RawCell, build_notebook
from nb2pipe.ir.notebook import CellKind, Notebook
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.frontend.translations import Translations

LARGE_BYTES = 20 * 2**20
KINDS = {kind.value: kind for kind in CellKind} | {"heading": CellKind.MARKDOWN, "html": CellKind.MARKDOWN}
JSON_KINDS = {dict: "an object", list: "a list", str: "text", bool: "a boolean", int: "a number", float: "a number", type(None): "null"}


class _Malformed(Exception):
    """The document is not shaped like a notebook; the text says what was found and what was expected."""


def read_notebook(text: str | bytes, path: str, kept: Translations | None = None) -> Result[Notebook]:
    """Read a notebook in Jupyter's format.

    Parameters
    ----------
    text : str or bytes
        The file's content; bytes may be UTF-8, with or without a byte order mark, or UTF-16 with one.
    path : str
        The path as the user gave it, for messages.
    kept : Translations, optional
        What an earlier reading of the notebook made of its cells.

    Returns
    -------
    Result of Notebook
        No value when the file is not a notebook of Python.

    Raises
    ------
    Nb2PipeError
        When a notebook older than format 4 needs `nbformat` and it is not installed.
    """
    decoded = _decode(text)
    if isinstance(decoded, Diagnostic):
        return Result(None, (decoded,))
    document = _parse(decoded)
    if isinstance(document, Diagnostic):
        return Result(None, (document,))
    try:
        return _read(document, decoded, path, kept)
    except _Malformed as malformed:
        return Result(None, (_not_a_notebook(str(malformed)),))


def _read(document: object, text: str, path: str, kept: Translations | None) -> Result[Notebook]:
    root = _an_object(document, "the file")
    major = root.get("nbformat", 4)
    if not isinstance(major, int) or isinstance(major, bool):
        raise _Malformed(f"`nbformat` is {_kind(major)}, not a number")
    if "cells" not in root and "worksheets" not in root:
        raise _Malformed("it is JSON, but has no `cells`")
    if major in {2, 3}:
        root = _upgrade(root, major)
    elif major != 4:
        from nb2pipe.rules.nb002 import UnsupportedFormat

        return Result(None, (UnsupportedFormat(version=f"{major}").at(None),))
    metadata = _an_object(root.get("metadata", {}), "`metadata`")
    language = _language(metadata)
    if language:
        from nb2pipe.rules.nb004 import NonPythonKernel

        return Result(None, (NonPythonKernel(language=language).at(None),))
    items = root.get("cells")
    if not isinstance(items, list):
        raise _Malformed(f"`cells` is {_kind(items)}, not a list")
    cells = [_cell(item, index) for index, item in enumerate(items)]
    large = tuple(_large(items, text)) if len(text) >= LARGE_BYTES else ()
    return build_notebook(cells, metadata, path, python=_python(metadata), found=large, kept=kept)


def _decode(text: str | bytes) -> str | Diagnostic:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    utf16 = text[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        return text.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        place = Pos(before.count(b"\n") + 1, error.start - before.rfind(b"\n") - 1)
        return _not_a_notebook(f"the byte 0x{text[error.start]:02x} is not UTF-8 text", place)


def _parse(text: str) -> object:
    """Read JSON, or say where it stops being JSON."""
    if not text.strip():
        return _not_a_notebook("the file is empty")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return _not_a_notebook(_why(text, error), Pos(error.lineno, error.colno - 1))
    except RecursionError:
        return _not_a_notebook("it is nested too deeply")
    except ValueError as error:  # a number of thousands of digits
        return _not_a_notebook(str(error).partition(";")[0].lower())


def _why(text: str, error: json.JSONDecodeError) -> str:
    if text.startswith("<<<<<<< ") or "\n<<<<<<< " in text:
        return "it holds an unresolved merge conflict"
    if "\0" in text[:1024]:
        return "it holds binary data"
    reason = error.msg[:1].lower() + error.msg[1:]
    if not text.lstrip().startswith("{"):
        return f"it is not JSON ({reason})"
    unterminated = error.msg.startswith("Unterminated string") and '"' not in text[error.pos + 1 :]
    ends = unterminated or error.pos >= len(text.rstrip())
    return f"the file ends in the middle ({reason})" if ends else f"its JSON is broken here ({reason})"


def _upgrade(root: dict[str, Any], major: int) -> dict[str, Any]:
    """Bring an older notebook to format 4 through `nbformat`."""
    try:
        from nbformat import NotebookNode, convert, from_dict
    except ImportError:
        raise Nb2PipeError(f"this notebook has format {major}, which only `nbformat` can read", hint="pip install nbformat") from None
    _check_worksheets(root)
    try:
        upgraded = convert(from_dict(root), 4)
    except Exception as error:  # nbformat trusts older documents, and fails in any way on broken ones
        raise _Malformed(f"format {major} cannot be upgraded ({type(error).__name__})") from error
    if not isinstance(upgraded, NotebookNode):
        raise _Malformed(f"format {major} cannot be upgraded")
    return dict(upgraded)


def _check_worksheets(root: dict[str, Any]) -> None:
    """Refuse what the upgrade would drop in silence."""
    sheets = root.get("worksheets", [])
    if not isinstance(sheets, list):
        raise _Malformed(f"`worksheets` is {_kind(sheets)}, not a list")
    for sheet in sheets:
        if not isinstance(_an_object(sheet, "a worksheet").get("cells", []), list):
            raise _Malformed("a worksheet's `cells` is not a list")


def _cell(item: object, index: int) -> RawCell:
    where = f"cell {index + 1}"
    cell = _an_object(item, where)
    kind = cell.get("cell_type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _Malformed(f"the `cell_type` of {where} is {kind!r}, not code, markdown or raw")
    metadata = _an_object(cell.get("metadata", {}), f"the metadata of {where}")
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _Malformed(f"the tags of {where} are no list of texts")
    settings = metadata.get("nb2pipe", {})
    count = cell.get("execution_count")
    identity = cell.get("id")
    source = _source(cell.get("source", ""), where)
    outputs = cell.get("outputs")
    shown = [each for each in outputs if isinstance(each, dict)] if outputs and isinstance(outputs, list) else []
    return RawCell(
        kind=KINDS[kind],
        source=source,
        tags=tuple(tags),
        settings=_an_object(settings, f"the `nb2pipe` metadata of {where}"),
        id=identity if isinstance(identity, str) else None,
        execution_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        raised=next((str(each.get("ename") or "Exception") for each in shown if each.get("output_type") == "error"), "") if shown else "",
        installed=_installed(shown) if "install" in source else (),
    )


def _installed(outputs: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    from nb2pipe.frontend.installs import installed_versions

    texts = [each.get("text") for each in outputs if each.get("output_type") == "stream"]
    return installed_versions("\n".join("".join(map(str, text)) if isinstance(text, list) else str(text) for text in texts if text))


def _source(source: object, where: str) -> str:
    try:
        text = "".join(source) if isinstance(source, list) else source
    except TypeError:  # one of the lines is no text
        text = source
    if not isinstance(text, str):
        raise _Malformed(f"the source of {where} is {_kind(text)}, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _language(metadata: dict[str, Any]) -> str | None:
    """Name the notebook's language when it is not Python; what the kernel said goes before what was asked for."""
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        info = metadata.get(key)
        language = info.get(name) if isinstance(info, dict) else None
        if isinstance(language, str) and language:
            return None if language.lower().removeprefix("i").startswith("python") else language
    return None


def _python(metadata: dict[str, Any]) -> str | None:
    info = metadata.get("language_info")
    version = info.get("version") if isinstance(info, dict) else None
    return version if isinstance(version, str) and version else None


def _large(items: list[Any], text: str) -> Iterator[Diagnostic]:
    """Say which cell makes a file so large."""
    from nb2pipe.rules.nb007 import LargeNotebook

    sizes = [len(json.dumps(item)) for item in items]
    if sizes:
        largest = max(range(len(sizes)), key=sizes.__getitem__)
        yield LargeNotebook(megabytes=len(text) // 10**6, cell=largest + 1, share=sizes[largest] // 10**6).at(None)


def _an_object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Malformed(f"{where} is {_kind(value)}, not an object")
    return value


def _kind(value: object) -> str:
    return JSON_KINDS.get(type(value), "something else")


def _not_a_notebook(reason: str, place: Pos | None = None) -> Diagnostic:
    from nb2pipe.rules.nb001 import NotANotebook

    return NotANotebook(reason=reason).at(Span(FILE, place, place) if place else None)
