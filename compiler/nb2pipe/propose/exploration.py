"""Cells that only look at things, and that nothing which stays needs: they are not for the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.dataflow import StatementKind
from nb2pipe.propose.roles import MODELLING, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from nb2pipe.ir.dataflow import StatementId
    from nb2pipe.propose.facts import Facts


def exploration(facts: Sequence[Facts], fixed: AbstractSet[int]) -> dict[int, str]:
    """Find the cells to leave out, and why.

    Where a model is made, the results are the model, what is made with it and what is left behind: pictures and prints of the data before
    it are exploration. In a notebook without a model the pictures are the results, and only looks at data (``df.head()``) are left out.

    Parameters
    ----------
    facts : sequence of Facts
        All code cells, in order.
    fixed : set of int
        Places in `facts` of cells whose tags say already where they belong.
    """
    models = any(each.role in MODELLING for each in facts)
    roots = [at for at, each in enumerate(facts) if at in fixed or _is_result(each, models=models)]
    kept = _needed(facts, roots)
    left_out = {at: _why(each) for at, each in enumerate(facts) if at not in kept and _may_leave(each)}
    stays = [at for at in range(len(facts)) if at not in left_out and facts[at].statements and not facts[at].shared]
    return left_out if stays else {at: why for at, why in left_out.items() if facts[at].installs}


def _is_result(facts: Facts, *, models: bool) -> bool:
    if not facts.looks:
        return True
    if models:
        return facts.role in MODELLING or facts.result
    return facts.role == Role.SHOW and not facts.peeks


def _may_leave(facts: Facts) -> bool:
    """Tell whether leaving a cell out changes nothing but what is shown: no setting, no random number that others would have drawn."""
    if facts.installs:
        return True
    lasting = any(each.kind == StatementKind.SETTING or each.draws for each in facts.statements)
    return facts.looks and not facts.shared and not lasting and bool(facts.statements)


def _needed(facts: Sequence[Facts], roots: Sequence[int]) -> set[int]:
    """Follow what cells read, and what was changed in place before they read it, to all the cells that they need."""
    cell_of: dict[StatementId, int] = {each.id: at for at, one in enumerate(facts) for each in one.statements}
    kept: set[int] = set(roots)
    stack = list(roots)
    while stack:
        for statement in facts[stack.pop()].statements:
            producers = [each for use in statement.uses for each in use.producers]
            for at in sorted({cell_of[each] for each in producers if each in cell_of} - kept):
                kept.add(at)
                stack.append(at)
    return kept


def _why(facts: Facts) -> str:
    if facts.installs:
        return "installs packages: a step's image has them"
    if facts.peeks:
        return "only looks at data"
    return "exploration: nothing that stays needs it"
