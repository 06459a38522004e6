"""A notebook as an editor has it → everything the editor shows of it: places, facts, findings with their fixes, the pipeline even with errors in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.place import FileText
from nb2pipe.diagnostics.suppress import apply_suppressions
from nb2pipe.fixes import fixes_of
from nb2pipe.frontend.lint import lint
from nb2pipe.frontend.report import file_text
from nb2pipe.ir.dataflow import is_state
from nb2pipe.ir.notebook import CellKind, Notebook
from nb2pipe.lower.pipeline import lower_notebook
from nb2pipe.lower.placement import STEP
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.fixes import Fix
    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.lower.pipeline import Lowered
    from nb2pipe.source import CellId, Span


@record(kw_only=True)
class CellOutline:
    """One cell: `place` is ``"step"``, ``"parameters"``, ``"setup"``, ``"skip"``, ``"text"`` or ``"none"``; `needs` are the cells it takes values from."""

    cell: Cell
    place: str
    step: str | None = None
    settings: CellSettings | None = None
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    mutates: tuple[str, ...] = ()
    needs: tuple[CellId, ...] = ()


@record(kw_only=True)
class Crossing:
    """Where a name that goes from one step to another is made and used."""

    made: tuple[Span, ...]
    used: tuple[Span, ...]


@record(kw_only=True)
class Outline:
    """A whole notebook; `fixes` stand beside the `diagnostics`, one tuple each. `crossings` go by producer, consumer and name.

    `types` says of each name what it holds last, ``""`` where that is not known or may be one of several.
    """

    notebook: Notebook
    file: FileText
    cells: tuple[CellOutline, ...]
    diagnostics: tuple[Diagnostic, ...]
    fixes: tuple[tuple[Fix, ...], ...]
    pipeline: Pipeline | None
    crossings: Mapping[tuple[str, str, str], Crossing]
    types: Mapping[str, str]


def outline(notebook: Notebook, found: Iterable[Diagnostic], check_backend: Callable[[Pipeline], Iterable[Diagnostic]]) -> Outline:
    """Look at a notebook that has been read; `found` are the findings of reading it, `check_backend` finds what a backend cannot do."""
    lowered = lower_notebook(notebook)
    every = [*found, *lint(notebook), *lowered.diagnostics]
    if lowered.pipeline is not None:
        every += check_backend(lowered.pipeline)
    diagnostics = apply_suppressions(notebook, dict.fromkeys(every))
    return Outline(
        notebook=notebook,
        file=file_text(notebook),
        cells=tuple(_cells(notebook, lowered)),
        diagnostics=diagnostics,
        fixes=tuple(tuple(fixes_of(each)) for each in diagnostics),
        pipeline=lowered.pipeline,
        crossings=_crossings(lowered),
        types=_types(lowered.graph),
    )


def unread(path: str, diagnostics: tuple[Diagnostic, ...]) -> Outline:
    """Say of a notebook that cannot be read only why: nothing is known of its cells."""
    return Outline(
        notebook=Notebook(path=path, cells=()),
        file=FileText(path=path),
        cells=(),
        diagnostics=diagnostics,
        fixes=tuple(() for _ in diagnostics),
        pipeline=None,
        crossings={},
        types={},
    )


def _cells(notebook: Notebook, lowered: Lowered) -> Iterable[CellOutline]:
    from nb2pipe.analysis.summary import cell_summaries

    code = [cell for cell in notebook.cells if cell.kind is CellKind.CODE]
    summaries = dict(zip((cell.id for cell in code), cell_summaries(lowered.graph), strict=True))
    needs = _needs(lowered)
    for cell in notebook.cells:
        if cell.kind is not CellKind.CODE:
            yield CellOutline(cell=cell, place="text")
            continue
        place = lowered.placement.places.get(cell.id)
        facts = {key: tuple(map(str, names)) for key, names in summaries[cell.id].items() if isinstance(names, list)}
        yield CellOutline(
            cell=cell,
            place=place.kind if place is not None and place.kind in {STEP, "parameters", "setup", "skip"} else "none",
            step=place.step if place is not None and place.kind == STEP else None,
            settings=lowered.placement.settings.get(cell.id),
            needs=tuple(needs.get(cell.id, ())),
            **facts,
        )


def _types(graph: DataflowGraph) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, history in graph.versions.items():
        if history[-1].values and not is_state(name):
            kinds = {graph.objects.types.get(each, "") for each in history[-1].values}
            found[name] = kinds.pop() if len(kinds) == 1 else ""
    return found


def _needs(lowered: Lowered) -> dict[CellId, dict[CellId, None]]:
    home = {statement.id: statement.cell for statement in lowered.graph.statements}
    needs: dict[CellId, dict[CellId, None]] = {}
    for statement in lowered.graph.statements:
        for use in statement.uses:
            for producer in use.producers:
                if home[producer] != statement.cell:
                    needs.setdefault(statement.cell, {})[home[producer]] = None
    return needs


def _crossings(lowered: Lowered) -> dict[tuple[str, str, str], Crossing]:
    """Follow each use back to what made the value: in the statements that bind it where they are in another step, else in those that change it."""
    if lowered.pipeline is None:
        return {}
    statements = {each.id: each for each in lowered.graph.statements}
    owner = {cell: step.name for step in lowered.pipeline.steps for cell in step.cells}
    made: dict[tuple[str, str, str], dict[Span, None]] = {}
    used: dict[tuple[str, str, str], dict[Span, None]] = {}
    for statement in lowered.graph.statements:
        consumer = owner.get(statement.cell)
        for use in statement.uses if consumer is not None else ():
            if is_state(use.name):
                continue
            for producer in (statements[each] for each in use.producers):
                step = owner.get(producer.cell)
                if step is None or step == consumer:
                    continue
                key = (step, str(consumer), use.name)
                bound = next((each.span for each in producer.binds if each.name == use.name), producer.span)
                made.setdefault(key, {})[bound] = None
                used.setdefault(key, {})[use.span] = None
    return {key: Crossing(made=tuple(made[key]), used=tuple(used[key])) for key in made}
