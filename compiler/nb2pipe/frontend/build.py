"""Raw cells of any format → `Notebook`: ids made distinct, code translated, tags parsed, Kale's metadata understood."""

from __future__ import annotations

import warnings
from types import MappingProxyType
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Result
from nb2pipe.frontend.magics import Translation, translate, with_names
from nb2pipe.frontend.tags import is_kale, parse_tags
from nb2pipe.ir.notebook import EMPTY, Cell, CellKind, Notebook
from nb2pipe.record import field, record
from nb2pipe.source import CellId, Pos, Span

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Mapping, Sequence

    from nb2pipe.frontend.translations import Translations

NO_CODE = Translation(analysed="", executed="")


@record(kw_only=True)
class RawCell:
    """A cell as a file says it, with types checked and line ends made one."""

    kind: CellKind
    source: str
    tags: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=lambda: EMPTY)
    id: str | None = None
    execution_count: int | None = None
    raised: str = ""
    installed: tuple[tuple[str, str], ...] = ()


def build_notebook(
    cells: Sequence[RawCell],
    metadata: Mapping[str, object],
    path: str,
    *,
    python: str | None = None,
    found: Iterable[Diagnostic] = (),
    kept: Translations | None = None,
) -> Result[Notebook]:
    """Make the notebook of its raw cells and metadata, and say what is wrong with either; `kept` is what an earlier reading made of cells."""
    findings = list(found)
    kale = "kubeflow_notebook" in metadata or any(is_kale(cell.tags) for cell in cells if cell.tags and cell.kind is CellKind.CODE)
    settings = _settings(metadata, kale=kale, findings=findings)
    translations = _translate(cells, kept)
    ids = _distinct_ids(cells, findings)
    built = [_build(raw, index, ids[index], translations[index], kale=kale, findings=findings) for index, raw in enumerate(cells)]
    if not any(raw.kind is CellKind.CODE and raw.source.strip() for raw in cells):
        from nb2pipe.rules.nb008 import NoCode

        findings.append(NoCode().at(None))
    notebook = Notebook(path=path, cells=tuple(built), python=python, settings=settings)
    if settings:
        from nb2pipe.frontend.metadata import notebook_settings

        findings += notebook_settings(notebook).diagnostics
    return Result(notebook, tuple(findings))


def _settings(metadata: Mapping[str, object], *, kale: bool, findings: list[Diagnostic]) -> Mapping[str, object]:
    own = metadata.get("nb2pipe", {})
    settings: dict[str, object] = {}
    if kale:
        from nb2pipe.frontend.kale import translate_metadata

        translated = translate_metadata(metadata.get("kubeflow_notebook"))
        settings.update(translated.value or {})
        findings += translated.diagnostics
    if isinstance(own, dict):
        settings.update(own)
    else:
        from nb2pipe.rules.nb116 import SettingUnusable

        findings.append(SettingUnusable(setting="nb2pipe", expected="an object").at(None))
    return MappingProxyType(settings) if settings else EMPTY


def _translate(cells: Sequence[RawCell], kept: Translations | None) -> list[Translation]:
    """Translate all code; shell lines read only names that some cell binds, so they are done again when all are known."""
    with warnings.catch_warnings():
        # "\d" in a text makes Python warn while it parses; that is the notebook's affair, and must never stop the compiler.
        warnings.simplefilter("ignore")
        if kept is None:
            done = [translate(raw.source) if raw.kind is CellKind.CODE else NO_CODE for raw in cells]
        else:
            kept.begin()
            done = [kept.of(raw.id, raw.source) if raw.kind is CellKind.CODE else NO_CODE for raw in cells]
        asked = frozenset[str]().union(*(translation.asks for translation in done))
        if asked:
            may_bind = (code.tree for raw, code in zip(cells, done, strict=True) if any(name in raw.source for name in asked))
            bound = frozenset(_bound(may_bind))
            done = [with_names(raw.source, code, bound) for raw, code in zip(cells, done, strict=True)]
    return done


def _bound(trees: Iterable[ast.Module | None]) -> Iterable[str]:
    """List every name that code binds anywhere."""
    import ast

    for tree in trees:
        for node in ast.walk(tree) if tree else ():
            match node:
                case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    yield name
                case ast.AsyncFunctionDef(name=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                    yield name
                case ast.alias(name=name, asname=other):
                    yield other or name.partition(".")[0]
                case _:
                    pass


def _distinct_ids(cells: Sequence[RawCell], findings: list[Diagnostic]) -> list[CellId]:
    """Give every cell an id of its own; the first of equals keeps it."""
    taken: dict[str, int] = {}
    for index, raw in enumerate(cells):
        if raw.id:
            taken.setdefault(raw.id, index)
    ids: list[CellId] = []
    for index, raw in enumerate(cells):
        if raw.id and taken[raw.id] == index:
            ids.append(CellId(raw.id))
            continue
        own = f"cell-{index}"
        while own in taken:
            own += "-"
        taken[own] = index
        ids.append(CellId(own))
        if raw.id:
            from nb2pipe.rules.nb006 import DuplicateCellId

            place = Span(CellId(own), Pos(1, 0), Pos(1, 0))
            findings.append(DuplicateCellId(id=raw.id, other=taken[raw.id] + 1).at(place))
    return ids


def _build(raw: RawCell, index: int, own: CellId, code: Translation, *, kale: bool, findings: list[Diagnostic]) -> Cell:
    is_code = raw.kind is CellKind.CODE
    tags = parse_tags(raw.tags, own, kale=kale, code=is_code)
    findings += tags.diagnostics
    parsed = tags.value or ()
    if (code.fault or code.blind) and not any(tag.verb == "skip" for tag in parsed):
        findings += _faults(code, own)
    parses = code.fault is None
    return Cell(
        id=own,
        index=index,
        kind=raw.kind,
        source=raw.source,
        analysed=code.analysed if parses else "",
        executed=code.executed if parses else "",
        magic=code.magic if parses else None,
        parses=parses,
        tags=parsed,
        settings=MappingProxyType(dict(raw.settings)) if raw.settings else EMPTY,
        execution_count=raw.execution_count,
        raised=raw.raised,
        installed=raw.installed,
        tree=code.tree,
    )


def _faults(code: Translation, own: CellId) -> Iterable[Diagnostic]:
    if code.fault:
        from nb2pipe.rules.nb003 import CellDoesNotParse

        fault = code.fault
        span = Span(own, Pos(fault.line, fault.column), Pos(fault.line, fault.end))
        yield CellDoesNotParse(reason=fault.reason, hint=_hint(fault.reason)).at(span)
    for blind in code.blind:
        from nb2pipe.rules.nb005 import UnsupportedMagic

        span = Span(own, Pos(blind.line, blind.column), Pos(blind.line, blind.column + len(blind.magic)))
        yield UnsupportedMagic(magic=blind.magic, reason=blind.reason).at(span)


def _hint(reason: str) -> str:
    """Recognise Python 2."""
    old = ("Missing parentheses in call to 'print'", "Missing parentheses in call to 'exec'", "multiple exception types must be")
    return "; it looks like Python 2, which `2to3` or `futurize` can translate" if reason.startswith(old) else ""
