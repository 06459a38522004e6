"""Steps as cells → their names: legal, short, distinct; from the headings where those say more than the role, else from the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.propose.headings import role_said, short_name
from nb2pipe.propose.roles import RANK, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from nb2pipe.propose.facts import Facts
    from nb2pipe.propose.headings import Heading

NAMES = {Role.SHOW: "explore"}
"""Names of steps whose role's own word would say something else."""


GROUP_OF: dict[Role, str] = {
    Role.PREPARE: "prepare",
    Role.FEATURES: "prepare",
    Role.SPLIT: "prepare",
    Role.TRAIN: "train",
    Role.TUNE: "train",
    Role.SAVE: "deploy",
    Role.DEPLOY: "deploy",
    Role.GATE: "evaluate",
    Role.EVALUATE: "evaluate",
}
"""Roles that a heading may confuse."""


def step_role(cells: Sequence[Facts]) -> Role | None:
    """Return the role of a step: the first by rank of what its cells do."""
    found = {each.role for each in cells if each.role is not None}
    return next((role for role in RANK if role in found), None)


def name_steps(steps: Sequence[Sequence[Facts]], headings: Sequence[Heading | None], taken: AbstractSet[str]) -> list[tuple[str, str]]:
    """Name steps.

    Parameters
    ----------
    steps : sequence of sequence of Facts
        The cells of each step.
    headings : sequence of Heading or None
        The heading above the first cell of each.
    taken : set of str
        Names that must not be given.

    Returns
    -------
    list of (str, str)
        For each step its name, and a few words on where it comes from.
    """
    wanted = [_candidates(cells, heading) for cells, heading in zip(steps, headings, strict=True)]
    first = [each[0][0] for each in wanted]
    used = set(taken)
    found: list[tuple[str, str]] = []
    for choices in wanted:
        free = [choice for choice in choices if choice[0] not in used]
        if len(free) > 1 and first.count(free[0][0]) > 1 and free[0] is choices[0]:
            free = [*free[1:], free[0]]  # several steps would have this name: the heading tells them apart
        chosen = free[0] if free else _numbered(choices[-1 if len(choices) > 1 else 0], used)
        used.add(chosen[0])
        found.append(chosen)
    return found


def _candidates(cells: Sequence[Facts], heading: Heading | None) -> list[tuple[str, str]]:
    """List names for a step, the best first."""
    role = step_role(cells)
    text = heading.text if heading is not None else ""
    said = role_said(text)
    own, where = short_name(text), f"heading “{text}”"
    if said is not None and own and "-" not in own:  # the heading's one word is the name
        found = [(own, where), (_role_name(said), where)]
    elif said is not None and said != Role.SHOW and _agree(said, role):
        found = [(_role_name(said), where), (own, where)]
    elif role is not None and role != Role.SHOW:
        found = [(_role_name(role), next(each.because for each in cells if each.role == role)), (own, where)]
    else:
        found = [(own, where), (_role_name(role), "only shows") if role is not None else ("main", "the rest")]
    return [each for each in dict.fromkeys(found) if each[0]]


def _role_name(role: Role) -> str:
    return NAMES.get(role, role.value)


def _agree(said: Role, role: Role | None) -> bool:
    """Tell whether what a heading says does not contradict what the cells do."""
    if role is None or role in (Role.SHOW, Role.PREPARE, Role.SAVE, said):
        return True
    return said in GROUP_OF and GROUP_OF[said] == GROUP_OF.get(role)


def _numbered(choice: tuple[str, str], used: set[str]) -> tuple[str, str]:
    name, why = choice
    number = 2
    while f"{name}-{number}" in used:
        number += 1
    return f"{name}-{number}", why
