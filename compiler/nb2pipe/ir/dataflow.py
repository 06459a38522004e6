"""What each top-level statement of a notebook reads, binds and changes, who made what it reads, and which objects names may share.

The unit is the *statement*, because imports and definitions are shared statement by statement; facts of cells and steps are unions.
A *version* of a name is the statement that last bound it or changed its object in place.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NewType

from nb2pipe.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.source import CellId, Span

StatementId = NewType("StatementId", int)
"""Place among the analysed statements, in execution order from 0."""

Location = NewType("Location", int)
"""An abstract object: all objects that one expression makes in one statement."""


def is_state(name: str) -> bool:
    """Tell whether a name stands for state of the process, such as ``random:numpy`` or ``file:out|x.csv``, which no notebook can spell."""
    return ":" in name


def state_of_path(kind: str, path: str) -> str:
    """Name the state that a file or folder is; the name may be that of a file itself, so it has no slash."""
    return f"{kind}:{path.replace('/', '|')}"


def path_of_state(name: str) -> str:
    """Return the path of a file or folder from the name of its state."""
    return name.partition(":")[2].replace("|", "/")


class StatementKind(Enum):
    """What a statement is to a step of another cell."""

    IMPORT = "import"  # replayed wherever its names are used
    DEFINITION = "definition"  # def, class, name = lambda: replayed likewise
    SETTING = "setting"  # changes library-wide state only: replayed before later uses of that library
    ACTION = "action"  # everything else: runs once, in its own step


class Certainty(Enum):
    """Whether something happens in every run."""

    SURE = "sure"
    MAYBE = "maybe"


@record(kw_only=True)
class Binding:
    """A statement gives `name` a value; MAYBE when only some paths do."""

    name: str
    span: Span
    certainty: Certainty = Certainty.SURE


@record(kw_only=True)
class Use:
    """A statement, or a function that it calls, reads the notebook name `name`.

    `producers` are the statements whose binding or in-place change may be current, in order; empty when nothing has defined it.
    """

    name: str
    span: Span
    producers: tuple[StatementId, ...]
    certainty: Certainty = Certainty.SURE


@record(kw_only=True)
class Statement:
    """One top-level statement; `span` includes its decorators."""

    id: StatementId
    cell: CellId
    span: Span
    kind: StatementKind
    uses: tuple[Use, ...] = ()
    binds: tuple[Binding, ...] = ()
    deletes: tuple[str, ...] = ()
    mutates: tuple[str, ...] = ()  # names whose object it changes in place, through any alias
    changes: tuple[Location, ...] = ()  # the objects themselves
    imports: tuple[str, ...] = ()  # top-level modules
    settings: tuple[str, ...] = ()  # top-level modules whose state it changes
    draws: tuple[str, ...] = ()  # top-level modules whose global random generator it uses; a SETTING seeds it


@record(kw_only=True)
class Version:
    """What a name may hold after a statement; `values` is empty when it was deleted."""

    statement: StatementId
    values: tuple[Location, ...]


@record(kw_only=True)
class Objects:
    """The may-point-to relation: what objects hold, what they are, and which statement defined a function or class."""

    holds: Mapping[Location, tuple[Location, ...]] = field(default_factory=dict)
    types: Mapping[Location, str] = field(default_factory=dict)
    defined_by: Mapping[Location, StatementId] = field(default_factory=dict)
    custom_pickling: frozenset[Location] = frozenset()  # instances whose class says itself what pickle keeps


@record(kw_only=True)
class DataflowGraph:
    """The facts of a notebook; `versions` is the history of each name in order."""

    notebook: Notebook
    statements: tuple[Statement, ...]
    versions: Mapping[str, tuple[Version, ...]]
    objects: Objects
