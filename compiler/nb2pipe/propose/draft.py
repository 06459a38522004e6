"""Sorted cells → one proposal, which may still be wrong: steps, their names, and the tags that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.frontend.tags import parse_tags
from nb2pipe.lower.placement import PARAMETERS, SETUP, STEP
from nb2pipe.propose.cuts import GROUPS, Place, divide
from nb2pipe.propose.flows import reads_of
from nb2pipe.propose.headings import Heading, headings_above, section_level
from nb2pipe.propose.names import name_steps, step_role
from nb2pipe.propose.roles import Role
from nb2pipe.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.propose.facts import Facts
    from nb2pipe.propose.flows import Read
    from nb2pipe.propose.places import Sorted
    from nb2pipe.source import CellId

SECTION, SUBSECTION, DEEPER, TEXT = 2.0, 0.9, 0.4, 0.1
"""What a border is worth below a heading of the notebook's sections, of the level below, of deeper ones, and below other text."""

TAGGED_ALREADY = 1.0
"""What a further border costs in a notebook that has steps: there it is to be proposed only when much speaks for it."""

VERDICTS = (Role.VALIDATE, Role.GATE)
"""What a step of one of these roles finds, the steps after it wait for."""

ALONE = frozenset(("foreach", "when", "on-exit"))
"""A cell with one of these, and no step's name, is a step by itself."""


@record(kw_only=True)
class StepDraft:
    """One step: its cells (places among all cells), its name and why; `known` when the notebook's tags name it."""

    name: str
    cells: tuple[int, ...]
    why: str
    known: bool


@record(kw_only=True)
class Draft:
    """Tags to add, by the cell's place among all cells, with the reason; and the steps that they make."""

    tags: Mapping[int, tuple[str, ...]]
    reasons: Mapping[int, str]
    steps: tuple[StepDraft, ...]


def draft(sorted_cells: Sorted, *, forbidden: AbstractSet[str] = frozenset(), joined: AbstractSet[int] = frozenset()) -> Draft:
    """Divide cells into steps.

    Parameters
    ----------
    sorted_cells : Sorted
        The notebook.
    forbidden : set of str
        Names whose values must not cross a border.
    joined : set of int
        Cells, by their place among all cells, at which no step may begin.
    """
    cells = [sorted_cells.facts[at] for at in sorted_cells.body]
    headings = _headings(sorted_cells, cells)
    runs = _runs(sorted_cells)
    places = _places(sorted_cells, cells, headings, reads_of(sorted_cells.graph, cells, forbidden), runs)
    starts = [at for at in divide(places) if not at or places[at].begins or cells[at].cell.index not in joined]
    groups = [cells[start:end] for start, end in zip(starts, [*starts[1:], len(cells)][: len(starts)], strict=True)]
    known = [runs.get(group[0].cell.id, "") for group in groups]
    new = [at for at, name in enumerate(known) if not name]
    settings = sorted_cells.placement.settings
    taken = {each.step for each in settings.values() if each.step} | {name for name in known if name}
    found = name_steps([groups[at] for at in new], [headings[starts[at] : starts[at] + len(groups[at])] for at in new], taken)
    names = {at: (name, "tagged") for at, name in enumerate(known)} | dict(zip(new, found, strict=True))
    steps = tuple(
        StepDraft(name=names[at][0], cells=tuple(each.cell.index for each in group), why=names[at][1], known=bool(known[at]))
        for at, group in enumerate(groups)
    )
    return _with_tags(sorted_cells, steps, groups, places)


def _with_tags(sorted_cells: Sorted, steps: Sequence[StepDraft], groups: Sequence[Sequence[Facts]], places: Sequence[Place]) -> Draft:
    tags = {sorted_cells.facts[at].cell.index: (word,) for at, (word, _) in sorted_cells.words.items()}
    reasons = {sorted_cells.facts[at].cell.index: why for at, (_, why) in sorted_cells.words.items()}
    judges = _judges(sorted_cells, steps, groups, places)
    for number, (step, group) in enumerate(zip(steps, groups, strict=True)):
        reasons.update({each.cell.index: each.because for each in group if each.because})
        if step.known:
            continue
        first = group[0].cell
        own = sorted_cells.placement.settings[first.id]
        role = step_role(group)
        verdict = (role.value,) if role in VERDICTS and own.role is None else ()
        waits = (f"after:{judges[number]}",) if number in judges and not own.control.after else ()
        tags[first.index] = (f"step:{step.name}", *verdict, *waits)
        reasons[first.index] = step.why
    return Draft(tags=dict(sorted(tags.items())), reasons=reasons, steps=tuple(steps))


def _judges(sorted_cells: Sorted, steps: Sequence[StepDraft], groups: Sequence[Sequence[Facts]], places: Sequence[Place]) -> dict[int, str]:
    """Find for each step the verdict that it must wait for, where no value that it reads makes it wait anyway.

    In the notebook nothing runs below an assertion that failed; in the pipeline only what waits for its step does not.
    """
    found: dict[int, str] = {}
    step_of = {cell: number for number, step in enumerate(steps) for cell in step.cells}
    cells = [sorted_cells.facts[at].cell.index for at in sorted_cells.body]
    last: int | None = None
    waiting: set[int] = set()
    at = 0
    for number, group in enumerate(groups):
        reads = {step_of[cells[read.producer]] for place in places[at : at + len(group)] for read in place.reads}
        at += len(group)
        if last is not None and not reads & waiting:
            found[number] = steps[last].name
        if last is not None:
            waiting.add(number)
        if step_role(group) in VERDICTS:
            last, waiting = number, {number}
    return found


def _runs(sorted_cells: Sorted) -> dict[CellId, str]:
    """Find where steps begin or go on after another one in a notebook with steps: the first cell of each run, with the step's name."""
    found: dict[CellId, str] = {}
    before = None
    for at in sorted_cells.body if sorted_cells.tagged else ():
        cell = sorted_cells.facts[at].cell
        place = sorted_cells.placement.places[cell.id]
        if place.kind == STEP and place != before:
            found[cell.id] = place.step
        before = place
    return found


def _headings(sorted_cells: Sorted, cells: Sequence[Facts]) -> list[Heading | None]:
    """Find the most important heading above each cell of a step and below the one before it.

    Headings above cells that are left out go to the next cell, those above the shared cells at the top do not; the notebook's title is none.
    """
    above = headings_above(sorted_cells.notebook)
    shared = {sorted_cells.facts[at].cell.index for at, (word, _) in sorted_cells.words.items() if word != "skip"}
    shared |= {each.cell.index for each in sorted_cells.facts if sorted_cells.placement.places[each.cell.id].kind in (SETUP, PARAMETERS)}
    found: list[Heading | None] = []
    last = max((index for index in shared if cells and index < cells[0].cell.index), default=-1)
    for each in cells:
        between = [above[index] for index in range(last + 1, each.cell.index + 1) if index in above]
        level = min((heading.level for heading in between), default=8)
        found.append(next((heading for heading in reversed(between) if heading.level == level), None))
        last = each.cell.index
    return found


def _places(
    sorted_cells: Sorted,
    cells: Sequence[Facts],
    headings: Sequence[Heading | None],
    reads: Sequence[Sequence[Read]],
    runs: Mapping[CellId, str],
) -> list[Place]:
    level = section_level([each.level for each in headings if each is not None])
    worth = [_worth(each, level) for each in headings]
    places: list[Place] = []
    last: str | None = None
    after_alone = False
    for at, facts in enumerate(cells):
        group = GROUPS.get(facts.role) if facts.role else None
        place = Place(role=facts.role, reads=reads[at], works=not facts.shared, fits=facts.fits, big=facts.big, heading=worth[at])
        settings = sorted_cells.placement.settings[facts.cell.id]
        if sorted_cells.tagged:
            strong = worth[at] >= SECTION and group not in (None, last) and last is not None
            inside = _in_tagged(sorted_cells, facts, place, strong=strong)
            place = replace(place, begins=True) if facts.cell.id in runs else inside
        elif settings.own & ALONE or settings.role or "gpu" in settings.own or after_alone:
            place = replace(place, begins=True)
        after_alone = bool(settings.own & ALONE)
        last = group or last
        places.append(place)
    return places


def _in_tagged(sorted_cells: Sorted, facts: Facts, place: Place, *, strong: bool) -> Place:
    """Hold the steps that tags make; inside them a border needs a heading and another role."""
    placed = sorted_cells.placement.places[facts.cell.id]
    if placed.kind != STEP:
        return place
    cells = sorted_cells.placement.steps[placed.step]
    settings: list[CellSettings] = [sorted_cells.placement.settings[cell.id] for cell in cells]
    said = settings[[cell.id for cell in cells].index(facts.cell.id)].own - {"ignore"}
    open_to_it = strong and not said and not any(each.own & ALONE for each in settings) and "kale" not in sorted_cells.notebook.settings
    return replace(place, heading=place.heading - TAGGED_ALREADY, continues=not open_to_it)


def _worth(heading: Heading | None, level: int) -> float:
    if heading is None:
        return 0.0
    if heading.level > 6:
        return TEXT
    return SECTION if heading.level <= level else SUBSECTION if heading.level == level + 1 else DEEPER


def tagged(notebook: Notebook, tags: Mapping[int, Sequence[str]]) -> Notebook:
    """Return the notebook with tags added to cells, as reading the written file would."""
    cells = tuple(
        replace(cell, tags=(*cell.tags, *(parse_tags(tags[cell.index], cell.id).value or ()))) if cell.index in tags else cell
        for cell in notebook.cells
    )
    return replace(notebook, cells=cells)
