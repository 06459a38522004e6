"""Code of a cell → the names that it binds, reads and declares global, by Python's own table of symbols."""

from __future__ import annotations

import symtable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")


class Scope:
    """What a piece of top-level code does with names of the notebook.

    Attributes
    ----------
    binds : set of str
        Names that it binds at its top level.
    reads : set of str
        Names of the notebook or of Python that it reads, in functions and classes too.
    captured : set of str
        The part of `reads` that functions and classes inside it read: when they are called.
    now : set of str
        The part of `reads` that is read when the code runs, not when a function in it is called.
    rebinds : set of str
        Names that a function declares ``global``.
    own_reads : set of str
        Names that a class body reads and binds both: in a function it would not see the outer one.
    hidden : set of str
        The part of `rebinds` that a function around the declaration binds too.
    """

    def __init__(self, code: str) -> None:
        top = symtable.symtable(code, "<cell>", "exec")
        self.binds = {each.get_name() for each in top.get_symbols() if each.is_assigned() or each.is_imported()}
        self.reads = {each.get_name() for each in top.get_symbols() if each.is_referenced()}
        self.captured: set[str] = set()
        self.now = set(self.reads)
        self.rebinds: set[str] = set()
        self.own_reads: set[str] = set()
        self.hidden: set[str] = set()
        self.binds |= {each.get_name() for table in _comprehensions(top) for each in table.get_symbols() if _binds_outside(each)}
        for table, around in _inside(top, ()):
            for symbol in table.get_symbols():
                self._see(symbol, table, around)
        self.reads |= self.captured

    def _see(self, symbol: symtable.Symbol, table: symtable.SymbolTable, around: tuple[symtable.SymbolTable, ...]) -> None:
        name = symbol.get_name()
        if symbol.is_global() and (symbol.is_referenced() or symbol.is_assigned() or symbol.is_declared_global()):
            self.captured.add(name)
            if not any(_is_function(each) for each in (table, *around)):
                self.now.add(name)
        if symbol.is_declared_global():
            self.rebinds.add(name)
            if any(_is_local(each, name) for each in around):
                self.hidden.add(name)
        if table.get_type() == "class" and symbol.is_local() and symbol.is_referenced() and symbol.is_assigned():
            self.own_reads.add(name)


def _comprehensions(top: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for table in top.get_children():
        if table.get_type() == "function" and table.get_name() in COMPREHENSIONS:
            yield table
            yield from _comprehensions(table)


def _is_function(table: symtable.SymbolTable) -> bool:
    return table.get_type() == "function" and table.get_name() not in COMPREHENSIONS


def _binds_outside(symbol: symtable.Symbol) -> bool:
    """Tell whether a walrus in a comprehension binds the name around it."""
    return symbol.is_global() and symbol.is_assigned()


def _inside(
    table: symtable.SymbolTable, around: tuple[symtable.SymbolTable, ...]
) -> Iterator[tuple[symtable.SymbolTable, tuple[symtable.SymbolTable, ...]]]:
    for child in table.get_children():
        yield child, around
        yield from _inside(child, (*around, child))


def _is_local(table: symtable.SymbolTable, name: str) -> bool:
    try:
        return table.get_type() == "function" and table.lookup(name).is_local()
    except KeyError:
        return False
