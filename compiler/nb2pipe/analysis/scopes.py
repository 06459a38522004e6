"""Names during the abstract run: frames of the notebook and of calls, with layers for branches that join again."""

from __future__ import annotations

from typing import NamedTuple

from nb2pipe.analysis.heap import NOTHING, Value
from nb2pipe.record import field, record


class Entry(NamedTuple):
    """What a name holds now: possible objects, the statements that may have put it there, and whether it surely is bound."""

    value: Value
    producers: frozenset[int]
    sure: bool = True


UNBOUND = Entry(NOTHING, frozenset(), sure=False)


@record(frozen=False)
class Frame:
    """The names of the notebook, or of one call. Each layer holds what one open branch has bound."""

    layers: list[dict[str, Entry]] = field(default_factory=lambda: [{}])
    outer: Frame | None = None  # the frame a function closes over; None for the notebook and its functions
    globals_: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    locals_: set[str] = field(default_factory=set)
    owner: int = -1  # the class whose method runs
    first: Value = NOTHING  # the method's first argument
    returned: set[int] = field(default_factory=set)
    is_class: bool = False
    is_comprehension: bool = False
    environment: int = -1  # the object that stands for its names in the functions that were made in it
    captured: set[str] = field(default_factory=set)  # names that those functions mention

    def get(self, name: str) -> Entry | None:
        """Look a name up, innermost branch first."""
        for layer in reversed(self.layers):
            entry = layer.get(name)
            if entry is not None:
                return entry
        return None

    def set(self, name: str, entry: Entry) -> None:
        """Bind a name in the innermost branch."""
        self.layers[-1][name] = entry


Layer = dict[str, Entry]


def join(frame: Frame, branches: list[Layer], *, or_neither: bool) -> None:
    """Merge what alternative branches bound into the layer below; `or_neither`: perhaps none of them ran."""
    if not branches:
        return
    names = dict.fromkeys(name for branch in branches for name in branch)
    for name in names:
        before = frame.get(name) or UNBOUND
        choices = [branch.get(name, before) for branch in branches]
        if or_neither:
            choices.append(before)
        first = choices[0]
        if all(choice is first for choice in choices):
            frame.set(name, first)
            continue
        frame.set(
            name,
            Entry(
                frozenset().union(*(choice.value for choice in choices)),
                frozenset().union(*(choice.producers for choice in choices)),
                all(choice.sure for choice in choices),
            ),
        )
