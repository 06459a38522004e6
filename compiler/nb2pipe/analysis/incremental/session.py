"""Notebook and edits → the facts of each cell, at the cost of what depends on the edit.

The facts are those of a run from the top. Trees of the cells that are given are taken over: later edits change them in place.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import tree_of
from nb2pipe.analysis.incremental.facts import NO_FACTS, CellFacts, facts_of
from nb2pipe.analysis.incremental.machine import Place, Rerun
from nb2pipe.analysis.incremental.order import CELL_BITS, NoRoomError, between, in_order
from nb2pipe.analysis.incremental.trees import adopt
from nb2pipe.collector import Resting
from nb2pipe.ir.notebook import CellKind
from nb2pipe.record import replace

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Sequence

    from nb2pipe.analysis.incremental.ledger import Key
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId

STATEMENT_STEP = 1 << 40
CELL_STEP = 1 << 96


class Placed:
    """A cell with its place in the order, and its statements."""

    __slots__ = ("cell", "facts", "label", "places")

    def __init__(self, cell: Cell, label: int) -> None:
        self.cell = cell
        self.label = label
        self.places: list[Place] = []
        self.facts = NO_FACTS


class Session:
    """A notebook under edit."""

    def __init__(self, cells: Sequence[Cell], folder: str = "") -> None:
        self._folder = folder  # the notebook's
        self._start(list(cells))

    def _start(self, cells: Sequence[Cell]) -> None:
        self._run = Rerun()
        self._run.folder = self._folder
        self._cells: dict[CellId, Placed] = {}
        self._order: list[Placed] = []
        self._places: dict[Key, tuple[Place, Placed]] = {}
        self._gone: list[Key] = []  # keys of statements that are no more, until what they stated is taken back
        self._leaving: set[int] = set()  # labels of cells that are no more, likewise
        self._facts_before: dict[CellId, CellFacts] = {}  # of these cells: some of them come back at another place
        self._edited: set[Key] = set()
        self._touched: dict[CellId, Placed] = {}  # cells whose facts may be others
        self._versions: dict[str, list[Key]] = {}
        for at, cell in enumerate(cells):
            placed = Placed(cell, (at + 1) * CELL_STEP)
            self._order.append(placed)
            self._cells[cell.id] = placed
            self._set_statements(placed, cell)
        with Resting():
            self._drain()
        self._limit = 4 * len(self._run.heap.things) + 10_000

    @property
    def cells(self) -> list[Cell]:
        """The cells as they are now."""
        return [placed.cell for placed in self._order]

    def cell(self, cell: CellId) -> Cell:
        """Return a cell as it is now."""
        return self._cells[cell].cell

    @property
    def runs(self) -> int:
        """How many statements have been run, or taken back, since the heap was last built anew."""
        return self._run.timed.run

    @property
    def objects(self) -> int:
        """How many objects the heap keeps."""
        return len(self._run.heap.things)

    def facts(self, cell: CellId) -> CellFacts:
        """Return what is known of a cell."""
        return self._cells[cell].facts

    def summaries(self) -> list[dict[str, object]]:
        """Return what `cell_summaries` says of the notebook as it is now."""
        code = [placed for placed in self._order if placed.cell.kind == CellKind.CODE]
        return [
            {"index": index, "reads": [*each.facts.reads], "writes": [*each.facts.writes], "mutates": [*each.facts.mutates]}
            for index, each in enumerate(code)
        ]

    def change(self, cell: Cell) -> list[CellId]:
        """Take a cell's new content; return the cells whose facts are now others, in order."""
        return self._edit([(cell, self._order.index(self._cells[cell.id]))])

    def insert(self, cell: Cell, at: int) -> list[CellId]:
        """Take a new cell that stands at a position from 0; return the cells whose facts are now others, in order."""
        return self._edit([(cell, at)])

    def remove(self, cell: CellId) -> list[CellId]:
        """Take a cell out; return the cells whose facts are now others, in order."""
        self._take_out(cell)
        return self._edit([])

    def move(self, cell: CellId, at: int) -> list[CellId]:
        """Let a cell stand at another position, counted without it; return the cells whose facts are now others, in order."""
        placed = self._take_out(cell)
        return self._edit([(placed.cell, at)])

    def update(self, notebook: Notebook) -> list[CellId]:
        """Take the notebook as it is now: cells are recognised by their ids; return the cells whose facts are now others, in order."""
        wanted = {cell.id: at for at, cell in enumerate(notebook.cells)}
        here = [placed.cell.id for placed in self._order]
        staying = set(in_order([each for each in here if each in wanted], wanted))
        for each in here:
            if each not in staying:
                self._take_out(each)
        edits = [
            (cell, at)
            for at, cell in enumerate(notebook.cells)
            if cell.id not in staying or cell.analysed != self._cells[cell.id].cell.analysed or cell.kind != self._cells[cell.id].cell.kind
        ]
        changed = self._edit(edits)
        for cell in notebook.cells:
            placed = self._cells[cell.id]
            placed.cell = replace(cell, tree=placed.cell.tree)
        return changed

    def _take_out(self, cell: CellId) -> Placed:
        placed = self._cells.pop(cell)
        self._leaving.add(placed.label)
        self._facts_before[cell] = placed.facts
        self._order.remove(placed)
        for place in placed.places:
            self._drop(place)
        return placed

    def _drop(self, place: Place) -> None:
        place.node = None
        self._gone.append(place.key)
        place.last = False
        self._run.ledger.want((place.key,))

    def _edit(self, edits: Iterable[tuple[Cell, int]]) -> list[CellId]:
        edits = list(edits)
        try:
            for cell, at in edits:
                self._take(cell, at)
        except NoRoomError:
            return self._start_again(edits)
        changed = self._drain()
        if len(self._run.heap.things) > self._limit:  # most of them are from code that is no more
            self._start(self.cells)
        return [placed.cell.id for placed in changed]

    def _start_again(self, edits: Sequence[tuple[Cell, int]]) -> list[CellId]:
        before = self._facts_before | {placed.cell.id: placed.facts for placed in self._order}
        cells = self.cells
        for cell, at in edits:
            known = next((index for index, each in enumerate(cells) if each.id == cell.id), None)
            if known is not None:
                del cells[known]
            cells.insert(at, cell)
        self._start(cells)
        return [placed.cell.id for placed in self._order if before.get(placed.cell.id, NO_FACTS) != placed.facts]

    def _take(self, cell: Cell, at: int) -> None:
        if cell.id not in self._cells:
            below = self._order[at - 1].label if at else 0
            above = self._order[at].label if at < len(self._order) else below + 2 * CELL_STEP
            placed = Placed(cell, between(below, above, CELL_STEP, self._leaving))
            placed.facts = self._facts_before.get(cell.id, NO_FACTS)
            self._order.insert(at, placed)
            self._cells[cell.id] = placed
        self._set_statements(self._cells[cell.id], cell)

    def _set_statements(self, placed: Placed, cell: Cell) -> None:
        """Match a cell's new statements with its old ones: what is alike at both ends stays, what is between is paired in order."""
        runs = cell.kind == CellKind.CODE and cell.parses
        body = tree_of(cell).body if runs else []
        texts = _texts(body, cell.analysed)
        old = placed.places
        head = _common([place.text for place in old], texts)
        tail = min(_common([place.text for place in reversed(old)], texts[::-1]), len(old) - head, len(texts) - head)
        middle = min(len(old), len(texts)) - head - tail
        pairs = [(at, at) for at in range(head + middle)] + [(len(old) - at, len(texts) - at) for at in range(tail, 0, -1)]
        matched = {new: old[before] for before, new in pairs}
        stay = {id(place) for place in matched.values()}
        for place in old:
            if id(place) not in stay:
                self._drop(place)
        places: list[Place] = []
        for at, (node, text) in enumerate(zip(body, texts, strict=True)):
            place = matched.get(at) or self._new_place(
                placed, places, next((matched[each].key for each in range(at, len(body)) if each in matched), None)
            )
            body[at] = place.node = adopt(place.node, node) if place.node is not None else node
            last = at == len(body) - 1
            if place.text != text or place.last != last:
                self._edited.update((place.key,) if place.text != text else ())
                place.text, place.last = text, last
                self._run.ledger.want((place.key,))
            places.append(place)
        placed.places, placed.cell = places, cell
        self._touched[cell.id] = placed

    def _new_place(self, placed: Placed, before: list[Place], above: Key | None) -> Place:
        start = placed.label << CELL_BITS
        end = (placed.label + 1) << CELL_BITS
        key = between(before[-1].key if before else start, end if above is None else above, STATEMENT_STEP, self._places)
        place = Place(key)
        self._places[key] = (place, placed)
        return place

    def _drain(self) -> list[Placed]:
        """Run what waits; return the cells whose facts are now others."""
        run = self._run
        run.forget_trees()
        while (key := run.ledger.next()) is not None:
            place, placed = self._places[key]
            before = place.versions
            run.run(place, edited=key in self._edited)
            for name in before - place.versions:
                self._versions[name].remove(key)
            for name in place.versions - before:
                insort(self._versions.setdefault(name, []), key)
            self._touched[placed.cell.id] = placed
        for key in self._gone:
            del self._places[key]
        changed = []
        here = [self._cells[cell] for cell in self._touched if cell in self._cells]
        self._gone, self._leaving, self._edited, self._touched, self._facts_before = [], set(), set(), {}, {}
        for placed in sorted(here, key=lambda each: each.label):
            facts = facts_of(placed.places, self._places, self._versions)
            if facts != placed.facts:
                placed.facts = facts
                changed.append(placed)
        return changed


def _texts(body: Sequence[ast.stmt], source: str) -> list[object]:
    """Say for each statement all that decides its tree: the lines it stands on, and where on them."""
    lines = source.split("\n")
    texts: list[object] = []
    for node in body:
        decorators = getattr(node, "decorator_list", None)
        first = min([node.lineno, *(each.lineno for each in decorators or ())])
        texts.append((tuple(lines[first - 1 : node.end_lineno]), node.col_offset, node.end_col_offset))
    return texts


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """Count the equal items at the start of two lists."""
    return next((at for at, (mine, its) in enumerate(zip(one, other, strict=False)) if mine != its), min(len(one), len(other)))
