"""A pipeline and the name of a backend → what that backend cannot express, at the first cell of the step that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.registry import load_backend
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from nb2pipe.backends.base import Backend, Finding
    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.source import CellId


def backend_findings(pipeline: Pipeline, backend: str) -> list[Diagnostic]:
    """Return what a backend cannot carry out.

    Raises
    ------
    Nb2PipeError
        When there is no such backend.
    """
    chosen = load_backend(backend)
    first = {step.name: step.cells[0] for step in pipeline.steps}
    return [_diagnostic(finding, chosen, first) for finding in chosen.check(pipeline)]


def _diagnostic(finding: Finding, backend: Backend, first: dict[str, CellId]) -> Diagnostic:
    cell = first.get(finding.step or "")
    span = Span(cell, Pos(1, 0), Pos(1, 0)) if cell is not None else None
    if finding.code == "NB702":
        return make("NB702", name=finding.found, backend=backend.name, reason=finding.message).at(span)
    if finding.code == "NB704":
        return make("NB704", what=finding.what, size=int(finding.found), budget=finding.budget, backend=backend.name).at(span)
    if finding.code == "NB705":
        return make("NB705", step=finding.step or "", size=int(finding.found), budget=finding.budget).at(span)
    if finding.code == "NB703":
        place = f"step `{finding.step}`" if finding.step else finding.field
        return make("NB703", resource=finding.found, backend=backend.name, place=place, reason=f": {finding.message}").at(span)
    capability = finding.message.removeprefix(f"backend `{backend.name}` cannot express ")
    return make("NB701", capability=capability, backend=backend.name, step=finding.step or "").at(span)
