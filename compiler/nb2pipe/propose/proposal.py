"""Notebook → the tags proposed for it, tried out: what they make has no error that the notebook does not have without them.

A proposal that brings errors is tried again with what they name kept together, then with steps joined, then as one step, then not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Severity
from nb2pipe.propose.draft import Draft, draft, tagged
from nb2pipe.propose.places import sort_cells
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.propose.places import Sorted

    Check = Callable[[Notebook], Iterable[Diagnostic]]

TRIES = 4
"""How often a new division is made before steps are only joined."""

TAG_ERRORS = "NB1"
"""The family of codes about tags."""

Key = tuple[str, object]


@record(kw_only=True)
class Proposal:
    """What was found: the draft that stands, and the notebook as it would be."""

    draft: Draft
    notebook: Notebook


def propose(notebook: Notebook, check: Check) -> Proposal:
    """Propose tags for a notebook.

    Parameters
    ----------
    notebook : Notebook
        Untagged, or with some tags, which stay. Where tags are wrong nothing is proposed.
    check : callable
        Returns the findings of a notebook.
    """
    known = {_key(each) for each in check(notebook) if each.severity == Severity.ERROR}
    if any(code.startswith(TAG_ERRORS) for code, _ in known):  # what was meant must be known first
        return _nothing(notebook)

    def errors(tried: Draft) -> list[Diagnostic]:
        if not tried.tags:
            return []
        found = check(tagged(notebook, tried.tags))
        return [each for each in found if each.severity == Severity.ERROR and _key(each) not in known]

    for plain in (False, True):
        found = _settle(notebook, errors, plain=plain)
        if found is not None:
            return Proposal(draft=found, notebook=tagged(notebook, found.tags))
    return _nothing(notebook)


def _nothing(notebook: Notebook) -> Proposal:
    return Proposal(draft=Draft(tags={}, reasons={}, steps=()), notebook=notebook)


def _key(finding: Diagnostic) -> Key:
    return finding.code, finding.span


def _settle(notebook: Notebook, errors: Callable[[Draft], list[Diagnostic]], *, plain: bool) -> Draft | None:
    """Change a draft until it brings no error; None when there is nothing left to change, or no step."""
    forbidden: set[str] = set()
    kept: set[int] = set()
    joined: set[int] = set()
    cells = sort_cells(notebook, plain=plain)
    if not cells.body and not plain:  # all of it could be shared, and then nothing would run
        return None
    tried = draft(cells)
    for _ in range(TRIES):
        found = errors(tried)
        if not found:
            return tried
        names = {name for each in found if (name := getattr(each.violation, "name", ""))}
        if names <= forbidden:
            break
        forbidden |= names
        bring_back = {index for index in tried.tags if tried.tags[index] == ("skip",) and index not in kept and _binds(cells, index, names)}
        if bring_back:
            kept |= bring_back
            cells = sort_cells(notebook, kept, plain=plain)
        tried = draft(cells, forbidden=forbidden)
    while (found := errors(tried)) and (border := _border(tried, cells, found, joined)) is not None:
        joined.add(border)
        tried = draft(cells, forbidden=forbidden, joined=joined)
    return None if found else tried


def _binds(cells: Sorted, index: int, names: set[str]) -> bool:
    statements = next(each.statements for each in cells.facts if each.cell.index == index)
    return any(binding.name in names for statement in statements for binding in statement.binds)


def _border(tried: Draft, cells: Sorted, found: list[Diagnostic], joined: set[int]) -> int | None:
    """Return a border to take away: the one above the step of the first error, else the last; those that tags demand stay."""
    places = {each.cell.id: each.cell.index for each in cells.facts}
    at = next((places[each.span.cell] for each in found if each.span is not None and each.span.cell in places), None)
    free = [step for number, step in enumerate(tried.steps) if number and not step.known and step.cells[0] not in joined]
    here = [step.cells[0] for step in free if at is not None and at in step.cells]
    return here[0] if here else free[-1].cells[0] if free else None
