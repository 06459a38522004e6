"""Plain data → YAML text that every YAML 1.1 and 1.2 reader loads back as the same data.

A small writer of our own, because loading PyYAML costs three interpreter starts (see docs/adr/0001-own-yaml-writer.md).
It writes block style only: two columns a level, text of several lines as a literal block wherever that is exact, quotes around
everything that some reader would take for another type.  It refuses keys longer than a reader must accept.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

# What may stand without quotes, provided no reader takes it for another type.
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./:+@(), -]*\Z")
# Words that some YAML 1.1 reader takes for a boolean or for nothing, whatever their case.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "none", "nan", "inf"})
# What literal blocks and single quotes cannot hold: control characters, lone surrogates, what YAML 1.1 takes for a line break or byte order mark.
_UNPRINTABLE_ASCII = re.compile("[^\t\n\x20-\x7e]")
_UNPRINTABLE = "[^\t\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"  # compiled only for text beyond ASCII: it takes half an interpreter start
_LONGEST_KEY = 1000  # readers give up looking for the colon of a plain key after 1024 characters


def dump_documents(documents: Iterable[Json]) -> str:
    """Write documents one after the other, separated by ``---``.

    Parameters
    ----------
    documents : iterable of plain data
        `dict` with string keys, `list`, `str`, `int`, `float`, `bool` and None, in the order they are to appear.

    Returns
    -------
    str
        The text, ending in a newline.  The same data gives the same text: nothing is sorted and nothing depends on the process.

    Raises
    ------
    TypeError
        If a value is of another type, or a key is not a string.
    ValueError
        If a key is longer than 1000 characters.

    Source
    ------
    YAML 1.1 (2005), chapters 5 and 9; YAML 1.2.2 (2021), section 8.1.
    """
    texts = []
    for document in documents:
        lines: list[str] = []
        _write(document, lines, "", 0)
        texts.append("\n".join(lines) + "\n")
    return "---\n".join(texts)


def _unprintable(text: str) -> re.Pattern[str]:
    return _UNPRINTABLE_ASCII if text.isascii() else re.compile(_UNPRINTABLE)


def _write(value: Json, lines: list[str], lead: str, column: int) -> None:
    """Append `value`; `lead` is what stands before it on its line, `column` where a collection's own lines begin."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            _write_item(item, lines, f"{lead}{_key(key)}:", column)
            lead = " " * column
    elif isinstance(value, list | tuple) and value:
        for item in value:
            _write(item, lines, f"{lead}- ", column + 2)
            lead = " " * column
    elif isinstance(value, str):
        # The parent collection begins two columns to the left of its children.
        lines.extend(_text(value, lead, max(column, 2)))
    else:
        lines.append(lead + _scalar(value))


def _write_item(value: Json, lines: list[str], lead: str, column: int) -> None:
    """Append the value of a key; `lead` ends in the key's colon, `column` is where the key begins."""
    if isinstance(value, dict) and value:
        lines.append(lead)
        _write(value, lines, " " * (column + 2), column + 2)
    elif isinstance(value, list | tuple) and value:
        lines.append(lead)
        _write(value, lines, " " * column, column)
    elif isinstance(value, str):
        lines.extend(_text(value, f"{lead} ", column + 2))
    else:
        lines.append(f"{lead} {_scalar(value)}")


def _scalar(value: Json) -> str:
    """Write what is neither text nor a collection with members."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    message = f"YAML holds plain data, not {type(value).__name__}"
    raise TypeError(message)


def _number(value: float) -> str:
    """Write a float so that YAML 1.1 reads a float: it wants a point in the mantissa and a sign in the exponent."""
    text = repr(value)
    if text in {"inf", "-inf", "nan"}:
        return text.replace("inf", ".inf").replace("nan", ".nan")
    mantissa, exponent, power = text.partition("e")
    return text if not exponent or "." in mantissa else f"{mantissa}.0e{power}"


def _key(key: str) -> str:
    if not isinstance(key, str):
        message = f"a YAML key is text, not {type(key).__name__}"
        raise TypeError(message)
    if len(key) > _LONGEST_KEY:
        message = f"a YAML key of {len(key)} characters is longer than {_LONGEST_KEY}"
        raise ValueError(message)
    return _line(key)


def _text(text: str, lead: str, indent: int) -> list[str]:
    """Write a string: lines of a literal block whose content begins at column `indent`, or one line."""
    body = text.rstrip("\n")
    if "\n" not in text or not body or _unprintable(text).search(text):
        return [lead + _line(text)]
    first = text.lstrip("\n")[0]
    # A reader finds the indent at the first line that is not empty, unless that line itself begins with white space.
    indicator = "2" if first in " \t" else ""
    newlines = len(text) - len(body)
    chomping = "-" if newlines == 0 else "" if newlines == 1 else "+"
    margin = " " * indent
    lines = [f"{lead}|{indicator}{chomping}"]
    lines.extend(margin + line if line else "" for line in body.split("\n"))
    lines.extend([""] * (newlines - 1))
    return lines


def _line(text: str) -> str:
    """Write a string on one line: bare, in single quotes, or in double quotes with escapes."""
    if _is_plain(text):
        return text
    if ('"' in text or "\\" in text) and "\n" not in text and "\t" not in text and not _unprintable(text).search(text):
        return "'" + text.replace("'", "''") + "'"
    return _unprintable(text).sub(_escape, json.dumps(text, ensure_ascii=False))


def _is_plain(text: str) -> bool:
    return _PLAIN.match(text) is not None and text[-1] not in " :" and ": " not in text and text.lower() not in _WORDS


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
