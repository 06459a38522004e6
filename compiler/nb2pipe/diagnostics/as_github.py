"""Findings → GitHub Actions workflow commands, which become annotations of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Severity
from nb2pipe.diagnostics.place import FileText, in_order, place_of, points_at_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.diagnostics.model import Diagnostic

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_github(diagnostics: Iterable[Diagnostic], file: FileText) -> str:
    """Render one command a line; lines of the file are given where they are known."""
    return "".join(_one(diagnostic, file) + "\n" for diagnostic in in_order(diagnostics, file))


def _one(diagnostic: Diagnostic, file: FileText) -> str:
    rule, span, cell = diagnostic.violation, diagnostic.span, file.cell(diagnostic.span)
    properties = [f"file={_property(file.path)}"]
    if span and cell and cell.file_lines:
        properties.append(f"line={cell.file_lines[min(span.start.line, len(cell.file_lines)) - 1]}")
    elif span and not cell:
        properties += [f"line={span.start.line}", f"col={span.start.column + 1}"]
    properties.append(f"title={_property(f'{rule.code} {rule.slug}')}")
    where = place_of(span, file).removeprefix(file.path).lstrip(" ›,")
    text = f"{where}: {diagnostic.message}" if where and span and (cell or points_at_code(span)) else diagnostic.message
    return f"::{LEVELS[diagnostic.severity]} {','.join(properties)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
