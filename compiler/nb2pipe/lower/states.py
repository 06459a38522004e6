"""State of the process that crosses a step: the code that takes it at the end of one step and sets it in another.

See `nb2pipe.analysis.states` for what these states are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.randomness import CARRIED
from nb2pipe.ir.dataflow import is_state, path_of_state
from nb2pipe.ir.pipeline import Chunk, ChunkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.ir.notebook import Cell
    from nb2pipe.ir.pipeline import Port

WRITE = """\
def _write_file(path, content):
    import pathlib
    for name, data in (content if isinstance(content, dict) else {"": content}).items():
        file = pathlib.Path(path, name)
        if data is not None and not (file.is_file() and file.read_bytes() == data):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
"""
READ = """\
def _read_file(path):
    import pathlib
    path = pathlib.Path(path)
    if path.is_dir():
        return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
    return path.read_bytes() if path.exists() else None
"""


def can_cross(name: str) -> bool:
    """Tell whether a state can be taken out of a process and set in another."""
    kind, _, what = name.partition(":")
    return kind != "random" or what in CARRIED


def type_of_state(name: str) -> str:
    """Return the type of the value that carries a state, as a dotted path."""
    kind, _, what = name.partition(":")
    return {"file": "bytes", "folder": "bool"}.get(kind) or CARRIED[what][2]


def state_chunks(cells: Sequence[Cell], inputs: Iterable[Port], outputs: Iterable[Port]) -> list[Chunk]:
    """Make the code that sets the states that enter a step, and the code that takes those that leave it."""
    entering = sorted(name for port in inputs for name in port.names if is_state(name))
    leaving = sorted(name for port in outputs for name in port.names if is_state(name))
    pieces = ((ChunkKind.DERIVED, cells[0], _set(entering)), (ChunkKind.STATE, cells[-1], _take(leaving)))
    return [
        Chunk(kind=kind, cell=cell.id, number=cell.number, line=cell.executed.rstrip("\n").count("\n") + 2, text=text)
        for kind, cell, text in pieces
        if text
    ]


def _set(names: list[str]) -> str:
    lines = [WRITE] if any(name.startswith("file:") for name in names) else []
    for name in names:
        kind, path = name.partition(":")[0], path_of_state(name)
        value = f"globals().pop({name!r})"
        if kind == "file":
            lines.append(f"_write_file({path!r}, {value})\n")
        elif kind == "folder":
            lines.append(f"__import__('os').makedirs({path!r}, exist_ok={value})\n")
        else:
            lines.append(CARRIED[path][1].format(value) + "\n")
    return "".join(lines)


def _take(names: list[str]) -> str:
    lines = [READ] if any(name.startswith("file:") for name in names) else []
    for name in names:
        kind, path = name.partition(":")[0], path_of_state(name)
        value = {"file": f"_read_file({path!r})", "folder": "True"}.get(kind) or CARRIED[path][0]
        lines.append(f"globals()[{name!r}] = {value}\n")
    return "".join(lines)
