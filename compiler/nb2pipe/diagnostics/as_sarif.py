"""Findings → SARIF 2.1.0, for code scanning.

A region counts lines of the file where they are known, else lines of the cell; the cell is a logical location either way.

Source
------
OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, sections 3.14 (run), 3.27 (result), 3.49 (rule).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe._version import __version__
from nb2pipe.diagnostics.place import FileText, in_order, points_at_code
from nb2pipe.source import utf16_of_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.diagnostics.model import Diagnostic, Violation
    from nb2pipe.source import Span

Json = dict[str, object]
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(files: Sequence[tuple[FileText, Iterable[Diagnostic]]]) -> Json:
    """Turn findings, file by file, into one SARIF log."""
    ordered = [(file, diagnostic) for file, diagnostics in files for diagnostic in in_order(diagnostics, file)]
    rules = sorted({type(diagnostic.violation) for _, diagnostic in ordered}, key=lambda rule: rule.code)
    codes = [rule.code for rule in rules]
    driver = {"name": "nb2pipe", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    results = [_result(diagnostic, file, codes.index(diagnostic.code)) for file, diagnostic in ordered]
    run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: type[Violation]) -> Json:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": (rule.__doc__ or rule.slug).strip()},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(diagnostic: Diagnostic, file: FileText, index: int) -> Json:
    rule = diagnostic.violation
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity.value,
        "message": {"text": f"{diagnostic.message}. Why: {rule.text(rule.why)}. Fix: {rule.text(rule.fix)}."},
        "locations": [_location(diagnostic.span, file, "")],
    }
    if diagnostic.labels:
        result["relatedLocations"] = [_location(label.span, file, label.text) for label in diagnostic.labels]
    return result


def _location(span: Span | None, file: FileText, text: str) -> Json:
    physical: Json = {"artifactLocation": {"uri": _uri(file.path)}}
    location: Json = {"physicalLocation": physical}
    cell = file.cell(span)
    if span and points_at_code(span):
        physical["region"] = _region(span, file)
    elif cell and cell.file_lines:
        physical["region"] = {"startLine": cell.file_lines[0]}
    if cell:
        location["logicalLocations"] = [{"name": f"cell {cell.number}", "fullyQualifiedName": f"cell {cell.number}", "kind": "cell"}]
    if text:
        location["message"] = {"text": text}
    return location


def _region(span: Span, file: FileText) -> Json:
    cell = file.cell(span)
    if cell and cell.file_lines:
        return {"startLine": cell.file_lines[min(span.start.line, len(cell.file_lines)) - 1]}
    first = cell.line(span.start.line) if cell else ""
    last = cell.line(span.end.line) if cell else ""
    return {
        "startLine": span.start.line,
        "startColumn": utf16_of_column(first, span.start.column) + 1,
        "endLine": span.end.line,
        "endColumn": utf16_of_column(last, span.end.column) + 1,
    }


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/"))
