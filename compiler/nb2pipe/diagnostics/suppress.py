"""Findings and the notebook's ``ignore:`` tags → the findings that stay, and NB109 for tags that silence nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nb2pipe.diagnostics.catalogue import BY_BACKEND, BY_CONTAINER, BY_VERIFIER, CATALOGUE, PREVIEW, make
from nb2pipe.source import CellId, Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nb2pipe.diagnostics.model import Diagnostic

ELSEWHERE = BY_BACKEND | BY_CONTAINER | BY_VERIFIER | PREVIEW
"""Codes that looking at the notebook alone never reports: their suppressions cannot be called unused."""


class _Tag(Protocol):
    @property
    def verb(self) -> str: ...
    @property
    def argument(self) -> str: ...


class _Cell(Protocol):
    @property
    def id(self) -> CellId: ...
    @property
    def tags(self) -> Sequence[_Tag]: ...
    @property
    def settings(self) -> Mapping[str, object]: ...


class _Notebook(Protocol):
    """What a notebook looks like from here: findings stand below everything that knows notebooks."""

    @property
    def cells(self) -> Sequence[_Cell]: ...
    @property
    def settings(self) -> Mapping[str, object]: ...


def apply_suppressions(notebook: _Notebook, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Leave out what cells, or the notebook's defaults, ignore, and add NB109 for tags that silence nothing.

    Call it once, when every pass has reported. A finding about the file itself always stays.
    """
    defaults = notebook.settings.get("defaults")
    everywhere = _codes(defaults.get("ignore")) if isinstance(defaults, dict) else ()
    wanted = {(cell.id, code): None for cell in notebook.cells for code in _ignored_by(cell)}
    kept: list[Diagnostic] = []
    used: set[tuple[CellId, str]] = set()
    for diagnostic in diagnostics:
        key = (diagnostic.span.cell, diagnostic.code) if diagnostic.span else None
        if key in wanted and key:
            used.add(key)
        elif not diagnostic.span or diagnostic.code not in everywhere:
            kept.append(diagnostic)
    unused = (key for key in wanted if key not in used and key[1] in CATALOGUE and key[1] not in ELSEWHERE)
    return (*kept, *(make("NB109", suppressed=code).at(Span(cell, Pos(1, 0), Pos(1, 0))) for cell, code in unused))


def _ignored_by(cell: _Cell) -> tuple[str, ...]:
    tagged = tuple(tag.argument.upper() for tag in cell.tags if tag.verb == "ignore")
    return tagged + _codes(cell.settings.get("ignore"))


def _codes(value: object) -> tuple[str, ...]:
    """Read one code or a list of them; anything else is NB116 elsewhere."""
    if isinstance(value, str):
        return (value.upper(),)
    return tuple(code.upper() for code in value if isinstance(code, str)) if isinstance(value, list) else ()
