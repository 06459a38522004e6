"""Text → syntax tree, or why and where it is not Python."""

from __future__ import annotations

import ast
import re

from nb2pipe.record import record


@record()
class Fault:
    """Why a text is not Python, where (line from 1, column from 0, in code points), and where the fault ends on that line."""

    reason: str
    line: int
    column: int
    end: int


def parse(text: str) -> tuple[ast.Module | None, Fault | None]:
    """Parse Python, or say why and where it is none."""
    try:
        return ast.parse(text), None
    except SyntaxError as error:
        return None, _unwritable(text, "\0", "it holds a null character") if "\0" in text else fault_of(text, error)
    except UnicodeError:
        return None, _unwritable(text, "[\ud800-\udfff]", "it holds half of a character (a lone surrogate)")
    except ValueError:  # Python below 3.12 says so of null characters
        return None, _unwritable(text, "\0", "it holds a null character")
    except (RecursionError, MemoryError):
        return None, Fault("it is nested too deeply", 1, 0, 0)


def _unwritable(text: str, character: str, reason: str) -> Fault:
    """Place a character that no source may hold."""
    found = re.search(character, text)
    at = found.start() if found else 0
    column = at - text.rfind("\n", 0, at) - 1
    return Fault(reason, text.count("\n", 0, at) + 1, column, column + 1)


def fault_of(text: str, error: SyntaxError) -> Fault:
    """Place a syntax error; CPython counts lines and columns from 1, and may point past the end."""
    lines = text.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    column = min(max((error.offset or 1) - 1, 0), len(lines[line - 1]))
    end = error.end_offset - 1 if error.end_offset and error.end_lineno == error.lineno else column + 1
    reason = error.msg.split(" (<unknown>")[0].replace("<unknown>, ", "")
    return Fault(reason, line, column, min(max(end, column), len(lines[line - 1])))
