"""Findings → JSON, schema ``nb2pipe.diagnostics/1`` (`compiler/docs/diagnostics.md`): what editors and scripts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.place import count, in_order, points_at_code
from nb2pipe.source import utf16_of_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.diagnostics.place import FileText
    from nb2pipe.source import Pos, Span

Json = dict[str, object]


def as_json(files: Sequence[tuple[FileText, Iterable[Diagnostic]]]) -> Json:
    """Turn findings, file by file, into a document that `json.dumps` takes as it is."""
    ordered = [(file, in_order(diagnostics, file)) for file, diagnostics in files]
    every = [diagnostic for _, diagnostics in ordered for diagnostic in diagnostics]
    return {
        "schema": "nb2pipe.diagnostics/1",
        "summary": {severity.value: number for severity, number in count(every).items()},
        "files": [{"path": file.path, "diagnostics": [finding_data(finding, file) for finding in findings]} for file, findings in ordered],
    }


def finding_data(diagnostic: Diagnostic, file: FileText) -> Json:
    """Write one finding."""
    rule = diagnostic.violation
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "why": rule.text(rule.why),
        "fix": rule.text(rule.fix),
        "label": rule.label,
        "place": place_data(diagnostic.span, file),
        "labels": [{"text": label.text, "place": place_data(label.span, file)} for label in diagnostic.labels],
        "edits": [{"text": edit.text, "place": place_data(edit.span, file)} for edit in diagnostic.edits],
    }


def place_data(span: Span | None, file: FileText) -> Json | None:
    """Say where: a cell and, unless the cell as a whole is meant, a range in it; null for the whole file."""
    if span is None:
        return None
    cell = file.cell(span)
    place: Json = {"cell": span.cell, "number": cell.number, "step": cell.step} if cell else {"cell": None, "number": None, "step": None}
    if not points_at_code(span):
        return {**place, "range": None}
    lines = (cell.line(span.start.line), cell.line(span.end.line)) if cell else ("", "")
    return {**place, "range": {"start": _pos(span.start, lines[0]), "end": _pos(span.end, lines[1])}}


def _pos(position: Pos, line: str) -> Json:
    return {"line": position.line, "column": position.column, "utf16": utf16_of_column(line, position.column)}
