"""Cells → what each one does in the lifecycle, what it costs, and whether it leaves anything behind."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.artifact_types import artifact_type_of
from nb2pipe.ir.dataflow import StatementKind, is_state
from nb2pipe.ir.pipeline import ArtifactType
from nb2pipe.lower.owners import is_cheap
from nb2pipe.propose import roles
from nb2pipe.propose.calls import Calls
from nb2pipe.propose.roles import Role
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.propose.calls import Call
    from nb2pipe.source import CellId

SHELL = r"get_ipython\(\)\.(?:system|getoutput)\('\s*([\w./-]+)|run_cell_magic\('(bash|sh|writefile)'"
INSTALLERS = frozenset("pip pip3 conda apt apt-get mamba uv".split())
LOOKS = frozenset("ls cat head tail pwd nvidia-smi which echo wc du df tree date whoami uname env".split())
INSTALL_MAGIC = r"run_line_magic\('(?:pip|conda|mamba)'"
LASTING = (Role.SAVE, Role.DEPLOY, Role.MONITOR, Role.GATE)
PIP_MODULE = r"system\('\s*\S*python[\d.]* -m pip"


@record(kw_only=True)
class Facts:
    """What is known of one code cell.

    `role` is None for code that could stand anywhere. `fits` tells that it trains or searches, `model` what (a class, or empty), so that it deserves a step of its own, and `big` that it does so with a
    library that asks for resources.
    `shared` cells only import, define, set and name constants, and perhaps show something. `looks` cells leave nothing behind but what they show; `peeks` are those that
    show only what data looks like. `result` tells that a value it reads or shows was made with a model.
    """

    cell: Cell
    statements: tuple[Statement, ...]
    role: Role | None
    because: str
    fits: bool
    model: str
    big: bool
    shared: bool
    looks: bool
    peeks: bool
    result: bool
    installs: bool
    shell: bool


def facts_of(graph: DataflowGraph, cells: Sequence[Cell]) -> list[Facts]:
    """Describe the code cells that parse, in order."""
    calls = Calls(graph, list(cells))
    by_cell: dict[CellId, list[Statement]] = {cell.id: [] for cell in cells}
    for statement in graph.statements:
        by_cell[statement.cell].append(statement)
    made: set[tuple[str, int]] = set()  # versions that a model had a part in
    return [_facts(cell, tuple(by_cell[cell.id]), calls, made) for cell in cells]


def _facts(cell: Cell, statements: tuple[Statement, ...], calls: Calls, made: set[tuple[str, int]]) -> Facts:
    found: dict[Role, str] = {}
    model, shared = "", not all(isinstance(calls.nodes[each.id], ast.Expr) for each in statements)
    looks, peeks, result, fits, big = True, True, False, False, False
    for statement in statements:
        node = calls.nodes[statement.id]
        own = calls.of(statement)
        said = _roles(own, statement, node, [name for name in statement.mutates if not calls.is_drawing(name, statement)])
        for role, why in said.items():
            found.setdefault(role, why)
        derived = any((use.name, each) in made for use in statement.uses for each in use.producers if not is_state(use.name))
        if derived or said.keys() & roles.MODELLING:
            made.update((name, int(statement.id)) for name in (*(each.name for each in statement.binds), *statement.mutates))
        result = result or derived
        if said.keys() & {Role.TRAIN, Role.TUNE} and any(_is_fit(call) for call in own):
            fits, model = True, model or _model(own)
        big = big or any(_uses(call, roles.BIG_LIBRARIES) for call in own)
        looks = looks and all(_is_harmless(call) for call in own) and not isinstance(node, ast.Raise)
        peeks = peeks and _is_peek(node, own)
        shared = shared and (is_cheap(statement, cell) or (_only_shows(node, statement, own) and not derived))
        if isinstance(node, ast.Assert):
            found.setdefault(Role.GATE if derived else Role.VALIDATE, "asserts what a model reached" if derived else "asserts")
    shell = [match[1] or match[2] for match in re.finditer(SHELL, cell.executed)]
    installs = bool(re.search(INSTALL_MAGIC, cell.executed) or re.search(PIP_MODULE, cell.executed))
    installs = installs or any(word in INSTALLERS for word in shell)
    works = [word for word in shell if word not in INSTALLERS | LOOKS]
    if works and not found:
        found[Role.LOAD] = f"runs `{works[0]}`"
    chosen = next((each for each in roles.RANK if each in found), None)
    return Facts(
        cell=cell,
        statements=statements,
        role=chosen,
        because=found[chosen] if chosen is not None else "",
        fits=fits,
        model=model,
        big=fits and big,
        shared=shared and not works and bool(statements),
        looks=looks and not works and not found.keys() & {Role.GATE, Role.VALIDATE},
        peeks=peeks and not works,
        result=result,
        installs=installs and not statements,
        shell=bool(works),
    )


def _roles(calls: Iterable[Call], statement: Statement, node: ast.stmt, changed: Sequence[str]) -> dict[Role, str]:
    """Return the roles that a statement's calls speak for, and the call that says so."""
    found: dict[Role, str] = {}
    if statement.kind in (StatementKind.IMPORT, StatementKind.SETTING):
        return found
    for call in calls:
        role = _role(call)
        if role is not None:
            found.setdefault(role, f"calls `{_short(call)}`")
    if not found and (statement.binds or statement.mutates) and statement.kind == StatementKind.ACTION:
        if any(call.path.startswith(roles.DATA_LIBRARIES) for call in calls):
            found[Role.PREPARE] = "computes from data"
        elif changed and not isinstance(node, ast.Expr):
            found[Role.PREPARE] = f"changes `{changed[0]}`"
    if isinstance(node, ast.Expr) and not statement.mutates:
        found.pop(Role.PREPARE, None)
        if not found and not isinstance(node.value, ast.Constant):
            found[Role.SHOW] = "only shows"
    return found


def _role(call: Call) -> Role | None:
    for role, paths in roles.PATHS.items():
        if call.path and _below(call.path, paths):
            return role
    receiver = call.path.rpartition(".")[0].removesuffix("()")
    types = (receiver,) if receiver else call.types
    data = any(each.startswith(roles.DATA_TYPES) for each in types)
    if call.name in roles.METHODS[Role.TRAIN] and not data:
        if any(_below(each, roles.FEATURE_TYPES) for each in types):
            return Role.FEATURES
        return Role.TUNE if any(_below(each, roles.TUNE_TYPES) for each in types) else Role.TRAIN
    for role, names in roles.METHODS.items():
        if call.name not in names or role == Role.TRAIN or (data and role in (Role.EVALUATE, Role.PREDICT)):
            continue
        if role == Role.PREPARE and call.path and not call.path.startswith(roles.DATA_LIBRARIES):
            continue
        if role != Role.TUNE or any(_below(each, roles.TUNE_TYPES) for each in types):
            return role
    return Role.TRAIN if artifact_type_of(call.path) == ArtifactType.MODEL and call.name[:1].isupper() else None


def _is_fit(call: Call) -> bool:
    """Tell whether a call of a training cell does the training, and does not just make the model."""
    return call.name in roles.METHODS[Role.TRAIN] or _below(call.path, (*roles.PATHS[Role.TRAIN], *roles.PATHS[Role.TUNE]))


def _model(calls: Iterable[Call]) -> str:
    """Return the class of what is trained, as in ``sklearn.svm.SVC().fit`` or of the receiver's type; empty when it is not known."""
    for call in calls:
        if _is_fit(call):
            for path in (call.path.rpartition(".")[0], *call.types):
                last = path.removesuffix("()").rpartition(".")[2]
                if last[:1].isupper():
                    return last
    return ""


def _uses(call: Call, modules: tuple[str, ...]) -> bool:
    return any(each.partition(".")[0] in modules for each in (call.path, *call.types))


def _below(path: str, rows: Iterable[str]) -> bool:
    return any(path.startswith(row) if row[-1] in "._" else path == row or path.startswith((f"{row}.", f"{row}(")) for row in rows)


def _short(call: Call) -> str:
    """Write a call as people know it: the last two parts of its path."""
    return ".".join(call.path.replace("()", "").split(".")[-2:]) if call.path else f".{call.name}" if call.name else "a function"


def _is_harmless(call: Call) -> bool:
    """Tell whether a call leaves nothing behind: what it computes, binds or draws is all that it does."""
    if call.name in roles.ACTING_METHODS or call.path in roles.ACTING or any(_below(call.path, roles.PATHS[role]) for role in LASTING):
        return False
    if call.name in roles.ACTING_ON_UNKNOWN and not call.path and not any(each.startswith(roles.DATA_TYPES) for each in call.types):
        return False
    return not call.path or _below(call.path, roles.HARMLESS)


def _only_shows(node: ast.stmt, statement: Statement, calls: Iterable[Call]) -> bool:
    """Tell whether a statement among definitions, such as a ``print`` of a version, can be left out of every step that uses the definitions."""
    return isinstance(node, ast.Expr) and not statement.mutates and not statement.draws and all(_is_harmless(call) for call in calls)


def _is_peek(node: ast.stmt, calls: Sequence[Call]) -> bool:
    """Tell whether a statement only looks at values that exist."""
    if isinstance(node, ast.Pass):
        return True
    return isinstance(node, ast.Expr) and all(call.name in roles.PEEKS for call in calls) and not _computes(node.value)


def _computes(node: ast.expr) -> bool:
    """Tell whether what is shown is computed on the spot."""
    return any(isinstance(each, ast.BinOp | ast.ListComp | ast.DictComp | ast.GeneratorExp | ast.Constant) for each in _operands(node))


def _operands(node: ast.expr) -> list[ast.AST]:
    shown = node.args if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else [node]
    return list(shown)
