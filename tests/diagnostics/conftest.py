"""A file with three cells and a rule with every part, to print findings about."""

from __future__ import annotations

import pytest

from nb2pipe.diagnostics.model import FILE, Label
from nb2pipe.diagnostics.place import CellText, FileText
from nb2pipe.rules.nb001 import NotANotebook
from nb2pipe.rules.nb106 import UntaggedCodeCell
from nb2pipe.rules.nb111 import ForeignTag
from nb2pipe.rules.nb201 import NameReadBeforeDefinition
from nb2pipe.source import CellId, Pos, Span


def at(cell: str, line: int, first: int, last: int, last_line: int | None = None) -> Span:
    return Span(CellId(cell), Pos(line, first), Pos(last_line or line, last))


@pytest.fixture
def span():
    return at


@pytest.fixture
def file() -> FileText:
    return FileText(
        path="churn.ipynb",
        cells={
            CellId("a"): CellText(number=2, source="df = 1\ndel df", step="load"),
            CellId("b"): CellText(number=5, source="model = fit(df)\nx = '''\nlong\n'''", step="train"),
            CellId("c"): CellText(number=7, source="\tx = '漢字', 'e\u0301', df  # \x1b[31m\ud800", step=None),
        },
    )


@pytest.fixture
def findings():
    read = NameReadBeforeDefinition(name="df", step="train").at(at("b", 1, 12, 14), Label(at("a", 2, 4, 6), "deleted here"))
    return [
        ForeignTag(tag="hide").at(at("c", 1, 0, 0)),
        read,
        UntaggedCodeCell().at(at("a", 1, 0, 6)),
        NotANotebook(reason="it is broken").at(Span(FILE, Pos(3, 4), Pos(3, 4))),
        NotANotebook(reason="it is empty").at(None),
        read,
    ]
