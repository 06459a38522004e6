"""Cells → where their code goes: a step, the parameters, shared by all steps, or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.frontend.settings import settings_of
from nb2pipe.frontend.tags import KALE_FLAGS
from nb2pipe.ir.notebook import CellKind
from nb2pipe.record import field, record
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from nb2pipe.diagnostics.model import Diagnostic, Result
    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId

PARAMETERS = "parameters"
SETUP = "setup"
SKIP = "skip"
METRICS = "metrics"
LEADING = "leading"
STEP = "step"


@record()
class Place:
    """Where a cell's code goes; `step` is set for STEP."""

    kind: str
    step: str = ""


@record(frozen=False)
class Placement:
    """The place of every code cell, and the cells and own settings of each step in order of first appearance."""

    places: dict[CellId, Place] = field(default_factory=dict)
    steps: dict[str, list[Cell]] = field(default_factory=dict)
    settings: dict[CellId, CellSettings] = field(default_factory=dict)
    metrics: list[tuple[Cell, tuple[str, ...]]] = field(default_factory=list)


def place_cells(notebook: Notebook) -> tuple[Placement, list[Diagnostic]]:
    """Decide for each code cell where its code goes.

    A cell without a place of its own follows the step above it. Cells before the first step are LEADING. Below one of Kale's block tags
    (``imports``, ``functions``, ``pipeline-parameters``) a cell without a tag belongs to that block, as in Kale.
    """
    result = Placement()
    found: list[Diagnostic] = []
    current = Place(LEADING)
    silent: Result[CellSettings] | None = None  # of cells that say nothing: the notebook's defaults, read once
    for cell in notebook.cells:
        if cell.kind != CellKind.CODE or not cell.parses:
            continue
        says = cell.tags or cell.settings or "kale" in notebook.settings
        read = settings_of(cell, notebook) if says or silent is None else silent
        silent = silent if says else read
        found += read.diagnostics
        settings = read.value
        assert settings is not None
        result.settings[cell.id] = settings
        if settings.step is not None:
            current = place = Place(STEP, settings.step)
        elif settings.metrics is not None:
            result.metrics.append((cell, settings.metrics))
            place = Place(METRICS)
        elif settings.skip:
            place = Place(SKIP)
        elif settings.parameters or settings.setup:
            place = Place(PARAMETERS if settings.parameters else SETUP)
            if any(tag.text in KALE_FLAGS for tag in cell.tags):
                current = place
        elif current.kind == LEADING and _starts_step(settings):
            current = place = Place(STEP, settings.role or "main")
        else:
            place = current
        result.places[cell.id] = place
        if place.kind == STEP:
            result.steps.setdefault(place.step, []).append(cell)
    return result, found


def _starts_step(settings: CellSettings) -> bool:
    """Tell whether a cell before the first step asks for something only a step can have."""
    return settings.role is not None or bool(settings.own & {"gpu", "foreach", "when", "on-exit"})


def whole(cell: Cell) -> Span:
    """Return the place that stands for a cell as a whole: its first line."""
    first = cell.source.split("\n", 1)[0]
    return Span(cell.id, Pos(1, 0), Pos(1, len(first)))
