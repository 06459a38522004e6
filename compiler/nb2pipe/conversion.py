"""A Kale or papermill notebook → the tags and settings of ours that say the same, so that the notebook needs Kale's rules no more.

Kale's rules are written out: an untagged cell below a block of imports gets `setup` itself, and a tag without effect is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.described import TaggedCell
from nb2pipe.frontend.kale import tags_that_count, translate_metadata
from nb2pipe.frontend.tags import is_tag, parse_tags, translate
from nb2pipe.ir.notebook import CellKind
from nb2pipe.ir.pipeline import ArtifactType
from nb2pipe.lower.pipeline import lower_notebook
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId

KALE = "kubeflow_notebook"
INJECTED = "injected-parameters"
"""Papermill's cell of the values of one run; here values are given to a run, and the cell is no part of the pipeline."""

METRICS = "pipeline-metrics"


@record(kw_only=True)
class Converted:
    """The cells that change; `settings` are the notebook's own, None when they stay; `useless` are keys of its metadata that say nothing then."""

    cells: tuple[TaggedCell, ...]
    settings: Mapping[str, object] | None
    useless: tuple[str, ...]


def convert(notebook: Notebook, cells: Sequence[TaggedCell], metadata: Mapping[str, object]) -> Converted:
    """Convert a notebook that has been read; `cells` hold its tags and `metadata` its metadata as they are written."""
    kale = "kale" in notebook.settings
    metrics = _metrics(notebook) if kale else {}
    by_id = {cell.id: cell for cell in notebook.cells if cell.kind is CellKind.CODE}
    changed = []
    for written in cells:
        cell = by_id.get(written.id)
        if cell is None:
            continue
        tags = _of_kale(cell, notebook, written.tags) if kale else written.tags
        tags = (*tags, *metrics.get(cell.id, ()))
        if INJECTED in tags and not any(
            tag.verb in {"skip", "step", "parameters", "setup"} for tag in parse_tags(tags, cell.id).value or ()
        ):
            tags = (*tags, "skip")
        if tags != written.tags:
            changed.append(TaggedCell(id=written.id, tags=tuple(dict.fromkeys(tags)), settings=written.settings))
    if KALE not in metadata:
        return Converted(cells=tuple(changed), settings=None, useless=())
    own = metadata.get("nb2pipe")
    settings = {**(translate_metadata(metadata[KALE]).value or {}), **(own if isinstance(own, dict) else {})}
    settings.pop("kale", None)
    return Converted(cells=tuple(changed), settings=settings if settings != own else None, useless=(KALE,))


def _of_kale(cell: Cell, notebook: Notebook, texts: Iterable[str]) -> tuple[str, ...]:
    """Write the tags that count for a cell by Kale's rules; other tools' tags, and what has no word of ours, stay where they are."""
    counting = {_said(tag.verb, tag.argument): tag for tag in tags_that_count(cell, cell.tags, notebook).value or ()}
    written: list[str] = []
    for text in dict.fromkeys(text.strip() for text in texts):
        ours = translate(text)
        if text == METRICS:
            written.append("skip")
        elif ours in counting:
            written.append(ours)
        elif not is_tag(text) or (ours is None and not text.startswith("report:")):
            written.append(text)
    own = [_said(tag.verb, tag.argument) for tag in cell.tags]
    inherited = [("skip" if said == METRICS else said) for said in counting if said not in own]
    return (*inherited, *written)


def _metrics(notebook: Notebook) -> dict[CellId, list[str]]:
    """Say at the first cell of each step which of the names that Kale's block shows are its metrics."""
    pipeline = lower_notebook(notebook).pipeline
    found: dict[CellId, list[str]] = {}
    for step in pipeline.steps if pipeline is not None else ():
        said = {tag.argument for cell in notebook.cells if cell.id in step.cells for tag in cell.tags if tag.verb == "metrics"}
        names = [report.name for report in step.reports if report.kind is ArtifactType.METRICS and report.name not in said]
        if names:
            found[step.cells[0]] = [f"metrics:{name}" for name in names]
    return found


def _said(verb: str, argument: str) -> str:
    return f"{verb}:{argument}" if argument else verb
