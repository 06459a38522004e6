"""A notebook as the compiler sees it: cells with source, tags and two renderings of their code."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from nb2pipe.record import field, record
from nb2pipe.source import CellId

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

EMPTY: Mapping[str, object] = MappingProxyType({})


class CellKind(Enum):
    """What a cell holds."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


@record(kw_only=True)
class Tag:
    """One tag of the grammar: ``step:train`` is verb ``step``, argument ``train``; `text` is what the file says."""

    verb: str
    argument: str
    text: str


@record(kw_only=True)
class Cell:
    """One cell.

    `source` is the text of the file.
    `analysed` is Python of the same length: every magic replaced by code that names what it reads and binds, or by blanks, so that
    each position in it is a position in `source`.
    `executed` is Python with as many lines as `source`, where magics call ``get_ipython()`` as IPython would; `magic` is the cell
    magic that wraps Python code and its line (``("time", "")``, ``("capture", "out")``), run by the step runtime.
    Both are ``""`` for a cell that is not code or does not parse (`parses` is then False). `tree` is the parsed `analysed`.
    `raised` is the class of the error that the saved output shows, `installed` the versions that an installer printed there.
    """

    id: CellId
    index: int  # position among all cells, from 0; users see index + 1
    kind: CellKind
    source: str
    analysed: str = ""
    executed: str = ""
    magic: tuple[str, str] | None = None
    parses: bool = True
    tags: tuple[Tag, ...] = ()
    settings: Mapping[str, object] = field(default_factory=lambda: EMPTY)  # cell metadata under "nb2pipe", as in the file
    execution_count: int | None = None
    raised: str = ""
    installed: tuple[tuple[str, str], ...] = ()
    tree: ast.Module | None = field(default=None, compare=False, repr=False)

    @property
    def number(self) -> int:
        """What people call the cell: its place among all cells, from 1."""
        return self.index + 1


@record(kw_only=True)
class Notebook:
    """A notebook; `path` is as the user gave it, `settings` the notebook metadata under "nb2pipe" (or Kale's, translated)."""

    path: str
    cells: tuple[Cell, ...]
    python: str | None = None  # language version the notebook was written with, as "3.11.4"
    settings: Mapping[str, object] = field(default_factory=lambda: EMPTY)
