"""Steps as cells → their names: legal, short, distinct; from the headings where those say more than the role, else from the role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.propose.headings import is_one_word, role_said, short_name
from nb2pipe.propose.roles import RANK, Role
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from nb2pipe.propose.facts import Facts
    from nb2pipe.propose.headings import Heading

NEW_WORD = r"(?<=[a-z0-9])(?=[A-Z])"
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
    Role.PREDICT: "evaluate",
    Role.EVALUATE: "evaluate",
}
"""Roles that a heading may confuse."""


def step_role(cells: Sequence[Facts]) -> Role | None:
    """Return the role of a step: the first by rank of what its cells do."""
    found = {each.role for each in cells if each.role is not None}
    return next((role for role in RANK if role in found), None)


def name_steps(
    steps: Sequence[Sequence[Facts]], headings: Sequence[Sequence[Heading | None]], taken: AbstractSet[str]
) -> list[tuple[str, str]]:
    """Name steps.

    Parameters
    ----------
    steps : sequence of sequence of Facts
        The cells of each step.
    headings : sequence of sequence of Heading or None
        The headings above the cells of each.
    taken : set of str
        Names that must not be given.

    Returns
    -------
    list of (str, str)
        For each step its name, and a few words on where it comes from.
    """
    wanted = [_candidates(cells, above) for cells, above in zip(steps, headings, strict=True)]
    if len(wanted) == 1 and wanted[0][0].name == NAMES[Role.SHOW]:
        wanted = [[MAIN]]
    used = set(taken)
    found: list[tuple[str, str]] = []
    for number, choices in enumerate(wanted):
        free = [choice for choice in choices if choice.name not in used]
        if len(free) > 1 and free[0] is choices[0] and _is_better_elsewhere(number, wanted):
            free = [*free[1:], free[0]]
        chosen = free[0] if free else _numbered(choices[0], used)
        used.add(chosen.name)
        found.append((chosen.name, chosen.why))
    return found


@record()
class Choice:
    """A name that a step could have, where it comes from, and whether the step's own heading says it."""

    name: str
    why: str
    said: bool


MAIN = Choice("main", "the rest", said=False)


def _is_better_elsewhere(number: int, wanted: Sequence[Sequence[Choice]]) -> bool:
    """Tell whether another step has the first choice of a step too, and the better right to it: its heading says so."""
    own = wanted[number][0]
    rivals = [each[0] for at, each in enumerate(wanted) if at != number and each[0].name == own.name]
    return any(each.said for each in rivals) or (bool(rivals) and not own.said and number > 0)


def _candidates(cells: Sequence[Facts], headings: Sequence[Heading | None]) -> list[Choice]:
    """List names for a step, the best first."""
    role = step_role(cells)
    texts = [each.text if each is not None else "" for each in headings]
    text = next((each for each in texts if each and role is not None and role_said(each) == role), texts[0])
    said = role_said(text)
    own = Choice(short_name(text), f"heading “{text}”", said=True)
    if said is not None and own.name and is_one_word(text):
        found = [own, Choice(_role_name(said), own.why, said=True)]
    elif said is not None and said != Role.SHOW and _agree(said, role):
        found = [Choice(_role_name(said), own.why, said=True), own]
    elif role is not None and role != Role.SHOW:
        found = [Choice(_role_name(role), next(each.because for each in cells if each.role == role), said=False), own]
    else:
        found = [own, Choice(_role_name(role), "only shows", said=False) if role is not None else MAIN]
    model = next((short_name(re.sub(NEW_WORD, " ", each.model)) for each in cells if each.model), "")
    if model:
        found.append(
            Choice(f"{found[0].name or 'train'}-{model}", f"trains `{next(each.model for each in cells if each.model)}`", said=False)
        )
    return [each for each in found if each.name]


def _role_name(role: Role) -> str:
    return NAMES.get(role, role.value)


def _agree(said: Role, role: Role | None) -> bool:
    """Tell whether what a heading says does not contradict what the cells do."""
    if said in (Role.TRAIN, Role.TUNE) and (role is None or GROUP_OF.get(role) != "train"):
        return False
    if role is None or role in (Role.SHOW, Role.PREPARE, Role.SAVE, said):
        return True
    return said in GROUP_OF and GROUP_OF[said] == GROUP_OF.get(role)


def _numbered(choice: Choice, used: set[str]) -> Choice:
    number = 2
    while f"{choice.name}-{number}" in used:
        number += 1
    return Choice(f"{choice.name}-{number}", choice.why, said=False)
