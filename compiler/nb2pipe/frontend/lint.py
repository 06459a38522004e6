"""The code of each cell by itself → findings that need no dataflow: files, randomness, clocks, secrets, shell, dynamic names.

One walk over the syntax trees that reading has made. Most cells are not even walked: a cell whose text has none of the words that
a rule is about cannot break it. The rules err on the side of silence; what they see is one call or one literal at a time.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

from nb2pipe.frontend import credentials, lintcalls
from nb2pipe.frontend.lintcalls import Seen
from nb2pipe.frontend.modules import find_local
from nb2pipe.ir.notebook import CellKind
from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator

    from nb2pipe.diagnostics.model import Diagnostic, Violation
    from nb2pipe.ir.notebook import Cell, Notebook

INTERESTING = (
    r"import\s*\*|\b(?:eval|exec|globals|locals|vars|__import__|import_module|open|now|today|utcnow|time|strftime|sample|shuffle|choice)\b"
    r"|read_|load|scan_|imread|random|split|KFold|Forest|Classifier|Regressor|KMeans|SearchCV|glob|listdir|connect"
    r"|[\"'](?:/|~|[A-Za-z]:\\)"
)
MISPLACED = r"\b(?:return|yield|break|continue|nonlocal|global|await)\b"


def lint(notebook: Notebook) -> list[Diagnostic]:
    """Report what single cells show; skipped cells and cells that do not parse are left alone."""
    found: list[Diagnostic] = [*_parameters_bound_again(notebook)]
    seen = Seen.of(notebook)
    generators: set[str] = set()
    written: set[str] = set()  # files that travel with the dataflow: `nb2pipe.analysis.states`
    found += find_local(notebook, seen.steps)
    for cell in notebook.cells:
        if cell.kind is not CellKind.CODE or any(tag.verb == "skip" for tag in cell.tags):
            continue
        hidden = list(credentials.find_secrets(cell))
        unpinned = _unpinned(cell, notebook.path) if "install" in cell.source or "/// script" in cell.source else []
        found += [*hidden, *unpinned]
        if cell.analysed != cell.source or cell.magic:
            told = {diagnostic.span.start.line for diagnostic in unpinned if diagnostic.span}
            found += list(_shell(cell, [diagnostic.span for diagnostic in hidden if diagnostic.span], told))[:1]
        if cell.tree is None:
            continue
        if re.search(MISPLACED, cell.source):
            found += _misplaced(cell)
        if re.search(lintcalls.WRITES, cell.source):
            written |= lintcalls.files_written(cell.tree)
        if re.search(INTERESTING, cell.source):
            found += [each for each in _walk(cell, cell.tree, seen, written) if not _told(each, generators)]
    return found


def _walk(cell: Cell, tree: ast.Module, seen: Seen, written: Collection[str]) -> Iterator[Diagnostic]:
    lines = cell.analysed.split("\n")
    nodes: list[ast.AST] = [tree]
    while nodes:
        node = nodes.pop()
        violation: Violation | None = None
        place: ast.AST = node
        if isinstance(node, ast.Call):
            violation, place = lintcalls.check_call(node, cell, seen, written)
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            from nb2pipe.rules.nb208 import StarImport

            violation = StarImport(module="." * node.level + (node.module or ""))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            violation = lintcalls.check_path(node.value, cell, seen)
        if violation:
            yield violation.at(span_of(place, cell, lines))
            if violation.code == "NB302":
                continue
        nodes.extend(_children(node))


def _told(diagnostic: Diagnostic, generators: set[str]) -> bool:
    """Tell whether a global random generator without a seed was reported already: one seed is enough for all of its calls."""
    call = getattr(diagnostic.violation, "call", "") if diagnostic.code == "NB303" else ""
    found = re.match(r"(?:(?:np|numpy)\.)?random(?=\.(?!default_rng|RandomState))", call)
    known = found is not None and found[0] in generators
    if found:
        generators.add(found[0])
    return known


def _children(node: ast.AST) -> list[ast.AST]:
    """List the nodes below a node, last first; `ast.iter_child_nodes` takes three times as long."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif name != "ctx" and isinstance(value, ast.AST):
            found.append(value)
    found.reverse()
    return found


def span_of(node: ast.AST, cell: Cell, lines: list[str]) -> Span:
    """Turn the place of a node, which `ast` counts in bytes, into a span."""
    line, end = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    first = column_of_utf8(lines[line - 1], getattr(node, "col_offset", 0))
    last = column_of_utf8(lines[end - 1], getattr(node, "end_col_offset", 0))
    return Span(cell.id, Pos(line, first), Pos(end, last))


def _misplaced(cell: Cell) -> Iterator[Diagnostic]:
    """Find what only Python's compiler refuses, such as ``return`` outside a function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as that of "\\d" in a text: the notebook's affair
            compile(cell.executed, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        from nb2pipe.frontend.parsing import fault_of
        from nb2pipe.rules.nb003 import CellDoesNotParse

        fault = fault_of(cell.source, error)
        yield CellDoesNotParse(reason=fault.reason).at(Span(cell.id, Pos(fault.line, fault.column), Pos(fault.line, fault.end)))
    except (ValueError, RecursionError, MemoryError):
        pass  # what cannot be compiled for its size fails in the step, and says so there


def _unpinned(cell: Cell, path: str) -> list[Diagnostic]:
    from nb2pipe.frontend.installs import find_unpinned  # only notebooks that install something pay for it

    return list(find_unpinned(cell, path))


def _shell(cell: Cell, hidden: list[Span], told: Container[int]) -> Iterator[Diagnostic]:
    """Report shell commands, but not on lines that have a finding already; secrets in them are not repeated."""
    from nb2pipe.frontend.scan import find_specials
    from nb2pipe.rules.nb306 import ShellEscape

    head = re.match(r"\s*%%(bash|sh|script|cmd|perl|ruby|!|sx|system)\b[^\n]*", cell.source)
    starts = [(head.start() + len(head[0]) - len(head[0].lstrip()), head.end())] if head else []
    if not re.match(r"\s*%%(?!time|capture|prun)", cell.source):
        starts += [(special.start, special.end) for special in find_specials(_without_head(cell.source)) if special.kind != "help"]
    for start, end in starts:
        text = cell.source[start:end]
        if not re.match(r"!|%%|%(?:pip|conda|mamba|uv|sx|system|sc)\b", text):
            continue
        line = cell.source.count("\n", 0, start) + 1
        if line in told:
            continue
        column = start - cell.source.rfind("\n", 0, start) - 1
        first = text.split("\n", 1)[0]
        for span in hidden:
            if span.start.line == line and span.start.column >= column:
                first = (
                    first[: span.start.column - column] + "•" * (span.end.column - span.start.column) + first[span.end.column - column :]
                )
        command = first.strip().rstrip("\\").strip()
        yield ShellEscape(command=command).at(Span(cell.id, Pos(line, column), Pos(line, column + len(first))))


def _without_head(source: str) -> str:
    """Blank the lines of cell magics around Python, so that offsets stay."""
    return re.sub(r"\A(?:\s*%%[^\n]*)+", lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def _parameters_bound_again(notebook: Notebook) -> Iterator[Diagnostic]:
    """Report the first cell that gives a parameter a new value, for each parameter."""
    parameters = {target.id for cell in notebook.cells if _is(cell, "parameters") for target in _bound(cell)}
    step = ""
    for cell in notebook.cells:
        step = next((tag.argument for tag in cell.tags if tag.verb == "step"), step)
        if not parameters or _is(cell, "parameters") or _is(cell, "skip"):
            continue
        lines: list[str] | None = None
        for target in _bound(cell):
            if target.id in parameters:
                from nb2pipe.rules.nb205 import ShadowedInput

                lines = cell.analysed.split("\n") if lines is None else lines
                parameters.discard(target.id)
                yield ShadowedInput(name=target.id, step=step).at(span_of(target, cell, lines))


def _is(cell: Cell, verb: str) -> bool:
    return any(tag.verb == verb for tag in cell.tags)


def _bound(cell: Cell) -> Iterator[ast.Name]:
    """List the names that plain assignments of a cell bind."""
    for statement in cell.tree.body if cell.tree else ():
        match statement:
            case ast.Assign(targets=targets):
                pass
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                targets = [target]
            case _:
                continue
        yield from (target for target in targets if isinstance(target, ast.Name))
