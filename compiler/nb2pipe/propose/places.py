"""The code cells of a notebook, sorted by what there is to propose for each: nothing, a step, or one of the words for cells of no step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import analyse
from nb2pipe.ir.dataflow import StatementKind
from nb2pipe.ir.notebook import CellKind
from nb2pipe.lower.parameters import read_parameters
from nb2pipe.lower.placement import LEADING, PARAMETERS, SETUP, STEP, place_cells
from nb2pipe.propose.exploration import exploration
from nb2pipe.propose.facts import facts_of
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.lower.placement import Placement
    from nb2pipe.propose.facts import Facts

LONGEST_TEXT, LONGEST_LIST = 200, 12
"""Literals beyond these are data, not settings that somebody will want to change."""


@record(kw_only=True)
class Sorted:
    """All that a proposal is made from.

    `facts` are of the code cells that parse and are in the pipeline so far. `words` are the tags to propose for cells of no step, with the reason;
    `body` the places in `facts` of the cells that steps are made of. `tagged` tells that some cell has a step's tag.
    """

    notebook: Notebook
    graph: DataflowGraph
    placement: Placement
    facts: list[Facts]
    words: dict[int, tuple[str, str]]
    body: list[int]
    tagged: bool


def sort_cells(notebook: Notebook, kept: AbstractSet[int] = frozenset(), *, plain: bool = False) -> Sorted:
    """Sort the cells of a notebook; `kept` cells (places among all cells) are not to be left out, and with `plain` none has a word of its own."""
    placement, _ = place_cells(notebook)
    in_pipeline = {identity for identity, place in placement.places.items() if place.kind in (STEP, LEADING, SETUP, PARAMETERS)}
    cells = [cell for cell in notebook.cells if cell.kind is CellKind.CODE and cell.parses and cell.id in in_pipeline]
    graph = analyse(notebook, cells=frozenset(in_pipeline))
    facts = facts_of(graph, cells)
    tagged = any(settings.step is not None for settings in placement.settings.values())
    own = {at for at, each in enumerate(facts) if _is_placed(placement, each, tagged=tagged)}
    words: dict[int, tuple[str, str]] = {}
    if not plain:
        left_out = exploration(facts, own | {at for at, each in enumerate(facts) if each.cell.index in kept})
        words = {at: ("skip", why) for at, why in left_out.items() if at not in own}
        if not tagged:
            words.update(_definitions(notebook, graph, placement, facts, own | words.keys()))
    body = [at for at, each in enumerate(facts) if at not in words and _is_body(placement, each, own=at in own, tagged=tagged)]
    return Sorted(notebook=notebook, graph=graph, placement=placement, facts=facts, words=words, body=body, tagged=tagged)


def _is_placed(placement: Placement, facts: Facts, *, tagged: bool) -> bool:
    """Tell whether tags say where a cell belongs: its own, or in a notebook with steps the one of the step above it."""
    settings = placement.settings[facts.cell.id]
    if settings.own - {"ignore"}:
        return True
    return tagged and placement.places[facts.cell.id].kind != LEADING


def _is_body(placement: Placement, facts: Facts, *, own: bool, tagged: bool) -> bool:
    settings = placement.settings[facts.cell.id]
    if settings.setup or settings.parameters or placement.places[facts.cell.id].kind in (SETUP, PARAMETERS):
        return False
    if tagged and placement.places[facts.cell.id].kind == LEADING and facts.shared:
        return False
    return own or bool(facts.statements) or facts.shell


def _definitions(
    notebook: Notebook, graph: DataflowGraph, placement: Placement, facts: list[Facts], done: AbstractSet[int]
) -> dict[int, tuple[str, str]]:
    """Propose `setup` and `parameters`: for what stands above the first work of the notebook, and for constants further down."""
    found: dict[int, tuple[str, str]] = {}
    named = any(settings.parameters for settings in placement.settings.values())
    top = True
    for at, each in enumerate(facts):
        if at in done:
            top = top and (each.shared or not each.statements or not placement.settings[each.cell.id].own)
        elif not each.shared:
            top = top and not each.statements and not each.shell
        elif top and not named and _is_configuration(graph, each, facts):
            found[at] = "parameters", "literals that a run may change"
            named = True
        elif top:
            found[at] = "setup", _what_is_shared(each)
        elif "kale" not in notebook.settings and _is_constants(graph, each):
            found[at] = "setup", "constants"
    return found


def _what_is_shared(facts: Facts) -> str:
    kinds = {statement.kind for statement in facts.statements}
    words = {
        StatementKind.IMPORT: "imports",
        StatementKind.DEFINITION: "definitions",
        StatementKind.SETTING: "settings",
        StatementKind.ACTION: "constants",
    }
    return ", ".join(word for kind, word in words.items() if kind in kinds)


def _is_constants(graph: DataflowGraph, facts: Facts) -> bool:
    """Tell whether a cell only names constants that nothing gives another value or changes."""
    names = [binding.name for statement in facts.statements for binding in statement.binds]
    acts = all(statement.kind == StatementKind.ACTION for statement in facts.statements)
    return acts and bool(names) and all(len(graph.versions.get(name, ())) == 1 for name in names)


def _is_configuration(graph: DataflowGraph, facts: Facts, all_facts: list[Facts]) -> bool:
    """Tell whether a cell can be the `parameters` cell: literals that JSON carries, bound once, some of them read."""
    literal, _ = read_parameters(facts.cell)
    if len(literal) != len(facts.statements) or not _is_constants(graph, facts):
        return False
    if not any(parameter.type.value in ("int", "float", "str", "bool") for parameter in literal.values()):
        return False
    if not all(_is_short(facts, index) for index in literal):
        return False
    names = {parameter.name for parameter in literal.values()}
    return any(use.name in names for each in all_facts for statement in each.statements for use in statement.uses)


def _is_short(facts: Facts, index: int) -> bool:
    import ast

    node = facts.cell.tree.body[index] if facts.cell.tree else None
    value = ast.literal_eval(node.value) if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None else None
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return not isinstance(value, list | dict) or 0 < len(value) <= LONGEST_LIST
