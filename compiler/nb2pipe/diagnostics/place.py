"""Where findings stand: the texts of a file's cells, and the one order in which findings are printed.

The renderers know a notebook only through `FileText`, so that they stand below everything that makes findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Severity
from nb2pipe.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.source import CellId, Span


@record(kw_only=True)
class CellText:
    """A cell as people see it: its number from 1, its step, its lines, and where each line stands in the file (from 1), if known."""

    number: int
    source: str
    step: str | None = None
    file_lines: tuple[int, ...] = ()

    def line(self, number: int) -> str:
        """Return one line of the cell, from 1; empty when there is none."""
        lines = self.source.split("\n")
        return lines[number - 1] if 0 < number <= len(lines) else ""


@record(kw_only=True)
class FileText:
    """A file as people see it; `cells` is empty when the file could not be read as a notebook."""

    path: str
    cells: Mapping[CellId, CellText] = field(default_factory=dict)

    def cell(self, span: Span | None) -> CellText | None:
        """Return the cell that a span is in."""
        return self.cells.get(span.cell) if span else None


def in_order(diagnostics: Iterable[Diagnostic], file: FileText) -> list[Diagnostic]:
    """Sort findings by cell, line, column and code, and leave out those that say the same twice."""

    def key(diagnostic: Diagnostic) -> tuple[int, int, int, str, str]:
        span = diagnostic.span
        cell = file.cell(span)
        start = span.start if span else None
        line, column = (start.line, start.column) if start else (0, 0)
        return (cell.number if cell else 0, line, column, diagnostic.code, diagnostic.message)

    return sorted(dict.fromkeys(diagnostics), key=key)


def place_of(span: Span | None, file: FileText) -> str:
    """Say where a span is: ``churn.ipynb › cell 5 (step train), line 1, column 13``."""
    if span is None:
        return file.path
    cell = file.cell(span)
    if cell is None:
        return f"{file.path}, line {span.start.line}, column {span.start.column + 1}"
    step = f" (step {cell.step})" if cell.step else ""
    where = f", line {span.start.line}, column {span.start.column + 1}" if points_at_code(span) else ""
    return f"{file.path} › cell {cell.number}{step}{where}"


def points_at_code(span: Span) -> bool:
    """Tell a place in the code from a cell as a whole, which is an empty span at its start."""
    return span.start != span.end or (span.start.line, span.start.column) != (1, 0)


def concealed(diagnostics: Iterable[Diagnostic]) -> list[Span]:
    """List the spans whose text must not be printed."""
    return [diagnostic.span for diagnostic in diagnostics if diagnostic.violation.conceals and diagnostic.span]


def count(diagnostics: Iterable[Diagnostic]) -> dict[Severity, int]:
    """Count findings by severity, the worst first."""
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    return counts
