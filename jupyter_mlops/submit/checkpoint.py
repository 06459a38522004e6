"""What runs in the kernel of `verify`: at the end of each step the notebook's names are kept, at the end of the notebook they are compared.

The kernel itself compares, because the notebook's classes are there.
It does so when no cell is left to run: reading a model or a table back may change what a library does next.
"""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import warnings
from pathlib import Path
from typing import Any

from jupyter_mlops.submit.snapshots import is_users, restore, snapshot


def begin(folder: str) -> None:
    """Start to watch this kernel's cells; `folder` holds ``task.json`` and gets ``answers.jsonl``."""
    from IPython import get_ipython

    shell: Any = get_ipython()
    Watch(Path(folder), shell)


class Watch:
    """Follows the cells of the notebook as the kernel runs them."""

    def __init__(self, folder: Path, shell: Any) -> None:
        self.folder = folder
        self.shell = shell
        task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
        self.steps: dict[str, dict[str, Any]] = task["steps"]
        self.cells: list[dict[str, Any]] = [cell for cell in task["cells"] if cell["source"].strip()]
        self.bound: dict[str, set[str]] = {step: set() for step in self.steps}
        self._cell: dict[str, Any] | None = None  # the cell that is running
        self._depth = 1  # of cells that run cells; the line that begins the watch is one
        self._before: dict[str, int] = {}
        self._held: list[Any] = []
        shell.events.register("pre_run_cell", self.entered)
        shell.events.register("post_run_cell", self.left)

    def entered(self, info: Any) -> None:
        """Note what the names are before a cell; one that the notebook does not have (parameters, put in) is passed over."""
        self._depth = 1 if info.store_history else self._depth + 1
        if info.store_history and self.cells and info.raw_cell == self.cells[0]["source"]:
            self._cell = self.cells.pop(0)
            self._before = {name: id(value) for name, value in self.shell.user_ns.items()}
            self._held = list(self.shell.user_ns.values())  # or an id could be used twice

    def left(self, result: Any) -> None:
        """Keep what a step has bound when its last cell has run; compare when nothing more will run."""
        self._depth -= 1
        cell, names = self._cell, self.shell.user_ns
        if cell is None or self._depth:
            return
        self._cell, self._held = None, []
        changed = {name for name, value in names.items() if is_users(name) and self._before.get(name) != id(value)}
        for step in cell["steps"]:
            self.bound[step] |= changed
        stops = not result.success and not cell["goes_on"]
        for step in [] if stops else cell["ends"]:
            wanted = self.bound[step] | set(self.steps[step]["names"])
            kept = {name: snapshot(names[name]) for name in sorted(wanted) if name in names and is_users(name)}
            (self.folder / f"{step}.whole").write_bytes(pickle.dumps((kept, self.bound[step])))
        if stops or not self.cells:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.compare()

    def compare(self) -> None:
        """Hold every step's names against those of its record, and its outputs against what was stored."""
        with (self.folder / "answers.jsonl").open("w", encoding="utf-8") as file:
            for step, said in self.steps.items():
                path = self.folder / f"{step}.whole"
                if path.exists():
                    whole, bound = restore(path.read_bytes())
                    for answer in compare_step(whole, bound, said):
                        file.write(json.dumps({"step": step, **answer}, ensure_ascii=False) + "\n")


def compare_step(whole: dict[str, bytes | None], bound: set[str], said: dict[str, Any]) -> list[dict[str, Any]]:
    """Compare the names of one step.

    Parameters
    ----------
    whole : dict
        What the notebook's names were when the step's last cell had run.
    bound : set of str
        Those of them that the step's cells have bound.
    said : dict
        ``stored``: the step's outputs; ``record``: the file of names that its own run left, None when there is none;
        ``again``: the file of the first whole run, when this is the second; ``unlike``: the names that differed then.

    Returns
    -------
    list of dict
        ``{"kind": "value" | "name", "name", "difference"}``, with None for equal.
    """
    if "again" in said:
        first, _ = restore(Path(said["again"]).read_bytes())
        return [{"kind": "again", "name": name, "difference": _difference(name, whole, first)} for name in said["unlike"]]
    answers = []
    for name, stored in _stored(said).items():
        if not name.isidentifier():  # the state of a generator, or a file
            continue
        kept = {} if isinstance(stored, _Unreadable) else {name: snapshot(stored)}
        found = stored.reason if isinstance(stored, _Unreadable) else _difference(name, whole, kept)
        answers.append({"kind": "value", "name": name, "difference": found})
    if said["record"] is not None:
        isolated: dict[str, bytes | None] = restore(Path(said["record"]).read_bytes())
        told = {answer["name"] for answer in answers}
        names = sorted((set(whole) & bound | set(isolated)) - told)
        answers += [{"kind": "name", "name": name, "difference": _difference(name, whole, isolated)} for name in names]
    return answers


def _difference(name: str, whole: dict[str, bytes | None], isolated: dict[str, bytes | None]) -> str | None:
    from jupyter_mlops.submit.compare import difference

    if name not in whole:
        return "the whole notebook does not define it"
    if name not in isolated:
        return "the step does not define it"
    one, other = whole[name], isolated[name]
    if one == other:
        return None
    if one is None or other is None:
        return "it cannot be compared: only one of the two runs can keep it"
    try:
        value, opposite = restore(one), restore(other)
        return difference(bool(value) if isinstance(opposite, bool) else value, opposite)  # a condition travels as true or false
    except Exception as error:  # its class is gone, or its own __eq__ fails
        return f"it cannot be compared: {type(error).__name__}: {' '.join(str(error).split())[:100]}"


def _stored(said: dict[str, Any]) -> dict[str, Any]:
    """Load what the ports of a step carry; a value that cannot be read back is its own difference."""
    from jupyter_mlops.runtime.artifacts import load
    from jupyter_mlops.runtime.fan_in import gather

    found: dict[str, Any] = {}
    for port in said["stored"]:
        if "values" in port:
            found[port["port"]] = port["values"][-1]
            continue
        try:
            pieces = [load(artifact["path"], artifact["metadata"], port["port"]) for artifact in port["artifacts"]]
        except Exception as error:
            found |= {name: _Unreadable(error) for name in port["names"]}
            continue
        found |= pieces[0] if port["collect"] is None else gather(pieces, list(pieces[0]) if pieces else [], port["collect"])
    return found


class _Unreadable:
    """Stands for a stored value that the kernel could not load."""

    def __init__(self, error: Exception) -> None:
        self.reason = f"what was stored cannot be read: {type(error).__name__}: {' '.join(str(error).split())[:100]}"
