"""Files of small notebooks with the facts that are true of them, and the same facts as the analysis gives them.

A case is a title line ``== title``, cells in percent form, ``----``, and one line a cell: ``reads -> writes ~mutates``.
A read may say which cell made what is read, counted from 1: ``x@2``, or ``x@1|2`` where either may have.
``x?`` is what the analysis has to say although it does not happen when the case is run; ``x!`` happens, and no reading can tell.
Lines with ``#`` below say why; ``# untraced:`` why a case is not run, ``# wrong:`` what the analysis still gets wrong.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nb2pipe.analysis.analyse import analyse
from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.frontend import read_text
from nb2pipe.ir.dataflow import Certainty
from nb2pipe.ir.notebook import CellKind

if TYPE_CHECKING:
    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.notebook import Notebook

FOLDER = Path(__file__).parent / "cases"
TOKEN = re.compile(r"(?P<name>[^\W\d]\w*)(?P<mark>[?!]?)(?:@(?P<makers>[\d|]+))?")


class Facts(NamedTuple):
    """What one cell does: read names with the cells that may have made them (from 0; empty: not said), bound and changed names."""

    reads: dict[str, frozenset[int]]
    writes: frozenset[str]
    mutates: frozenset[str]


class Case(NamedTuple):
    """One case; `said` is what the analysis has to say, `happens` what a run has to show."""

    title: str
    code: str
    said: list[Facts]
    happens: list[Facts]
    notes: str

    def note(self, kind: str) -> str:
        """Return the reason of a note such as ``# untraced: …``; empty when there is none."""
        found = re.search(rf"^# {kind}: (.+)$", self.notes, re.MULTILINE)
        return found[1] if found else ""


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """Read the cases of all files."""
    cases = []
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, rest = block.partition("\n")
            code, _, below = rest.partition("\n----\n")
            lines = below.strip().split("\n")
            expected = [line for line in lines if not line.startswith("#")]
            cases.append(
                Case(
                    title=f"{path.stem}: {title.strip()}",
                    code=code,
                    said=[_facts(line, without="!") for line in expected],
                    happens=[_facts(line, without="?") for line in expected],
                    notes="\n".join(line for line in lines if line.startswith("#")),
                )
            )
            assert cases[-1].notes or not re.search(r"\w[?!]", "\n".join(expected)), f"{cases[-1].title}: a mark needs a reason"
    return cases


def _facts(line: str, *, without: str) -> Facts:
    reads, arrow, effects = line.partition("->")
    assert arrow, f"no arrow in {line!r}"
    writes, _, mutates = effects.partition("~")
    parts = [[found for found in map(_token, part.split(",")) if found and found["mark"] != without] for part in (reads, writes, mutates)]
    makers = {each["name"]: frozenset(int(cell) - 1 for cell in (each["makers"] or "").split("|") if cell) for each in parts[0]}
    return Facts(makers, *(frozenset(each["name"] for each in part) for part in parts[1:]))


def _token(text: str) -> re.Match[str] | None:
    found = TOKEN.fullmatch(text.strip())
    assert found or not text.strip(), f"no name: {text!r}"
    return found


def notebook_of(code: str) -> Notebook:
    """Read a percent script."""
    notebook = read_text(code, "case.py").value
    assert notebook is not None
    return notebook


def facts_of(notebook: Notebook) -> list[Facts]:
    """Analyse a notebook."""
    graph = analyse(notebook)
    index = {cell.id: at for at, cell in enumerate(cell for cell in notebook.cells if cell.kind == CellKind.CODE)}
    by_cell: list[list[Statement]] = [[] for _ in index]
    for statement in graph.statements:
        by_cell[index[statement.cell]].append(statement)
    found = []
    for summary, statements in zip(cell_summaries(graph), by_cell, strict=True):
        reads = {str(name): _makers(str(name), statements, graph, index) for name in summary["reads"]}  # type: ignore[attr-defined]
        found.append(Facts(reads, frozenset(summary["writes"]), frozenset(summary["mutates"])))  # type: ignore[call-overload]
    return found


def _makers(name: str, statements: list[Statement], graph: DataflowGraph, index: dict[object, int]) -> frozenset[int]:
    """Return the cells whose version of a name may enter the cell of `statements`: its own changes of that version are passed through."""
    own = {statement.id for statement in statements}
    makers: set[int] = set()
    for producer in {each for statement in statements for use in statement.uses if use.name == name for each in use.producers}:
        earlier = [version.statement for version in graph.versions.get(name, ()) if version.statement <= producer] or [producer]
        for at in reversed(earlier):
            statement = graph.statements[at]
            certain = [binding.certainty for binding in statement.binds if binding.name == name]
            if at not in own:
                makers.add(index[statement.cell])
            if Certainty.SURE in certain or (at not in own and not certain):  # what may have bound it may have left the one before
                break
    return frozenset(makers)


def show(facts: list[Facts]) -> str:
    """Print facts as a case file has them."""
    lines = []
    for each in facts:
        reads = [
            name + ("@" + "|".join(str(at + 1) for at in sorted(each.reads[name])) if each.reads[name] else "")
            for name in sorted(each.reads)
        ]
        changes = "~" + ", ".join(sorted(each.mutates)) if each.mutates else ""
        lines.append(" ".join(filter(None, [", ".join(reads), "->", ", ".join(sorted(each.writes)), changes])))
    return "\n".join(lines)
