"""Findings and what each cell ignores → the findings that stay, and the suppressions that silenced nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.catalogue import BY_BACKEND, BY_CONTAINER, BY_VERIFIER, CATALOGUE, PREVIEW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.source import CellId

ELSEWHERE = BY_BACKEND | BY_CONTAINER | BY_VERIFIER | PREVIEW
"""Codes that looking at the notebook alone never reports: their suppressions cannot be called unused."""


def suppress(
    diagnostics: Iterable[Diagnostic], ignored: Mapping[CellId, Iterable[str]], everywhere: Collection[str] = ()
) -> tuple[tuple[Diagnostic, ...], tuple[tuple[CellId, str], ...]]:
    """Leave out findings whose cell, or whose whole notebook, ignores their code; a finding about the file itself always stays.

    Returns
    -------
    kept : tuple of Diagnostic
        In the order given.
    unused : tuple of (CellId, str)
        The cells' suppressions that silenced nothing.
    """
    wanted = {(cell, code): None for cell, codes in ignored.items() for code in codes}
    kept: list[Diagnostic] = []
    used: set[tuple[CellId, str]] = set()
    for diagnostic in diagnostics:
        key = (diagnostic.span.cell, diagnostic.code) if diagnostic.span else None
        if key in wanted and key:
            used.add(key)
        elif not diagnostic.span or diagnostic.code not in everywhere:
            kept.append(diagnostic)
    return tuple(kept), tuple(key for key in wanted if key not in used and key[1] in CATALOGUE and key[1] not in ELSEWHERE)
