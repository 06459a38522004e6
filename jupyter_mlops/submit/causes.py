"""A difference → the finding of the compiler that explains it: at the same cell, in the same step, or in a step that the values come from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlops.submit.verdict import Difference

EXPLAINS = re.compile(r"NB(003|005|2\d\d|3(?!05)\d\d|4(?!03|04)\d\d)")
"""What can make two runs differ: code that hides what it does, names, outside state, values that cannot cross. Not secrets or style."""

LATE = ("NB402", "NB204", "NB203", "NB301")
"""Findings that say something may differ, behind those that say it does."""

NOISE = ("NB303", "NB304")
"""Findings that would make two whole runs differ too: they hardly explain what is the same in both."""


class Causes:
    """The findings of a notebook, by place."""

    def __init__(self, plan: Mapping[str, Any], task: Mapping[str, Any]) -> None:
        self.findings = [each for each in (*task["merged"], *task["findings"]) if EXPLAINS.fullmatch(each["code"])]
        self.cells: dict[str, list[int]] = {name: step["cells"] for name, step in task["steps"].items()}
        self.before: dict[str, list[str]] = {}
        for step in plan["steps"]:  # in order: what a step's producers need is known
            own = dict.fromkeys([*(source["step"] for source in step["inputs"].values()), *step["after"]])
            self.before[step["name"]] = [*own, *(far for near in own for far in self.before[near] if far not in own)]

    def add_draws(self, cell: int, modules: Iterable[str]) -> None:
        """Note that a cell has drawn from generators of the process, which no finding may say: libraries draw unseen."""
        known = {each["code"] for each in self.findings if each["cell"] == cell}
        for module in modules if known.isdisjoint(("NB303", "NB307")) else ():
            message = f"the cell draws from `{module}`, whose state comes from the cells before"
            self.findings.append({"code": "NB307", "slug": "random-state-restarts", "cell": cell, "name": None, "message": message})

    def add_apart(self, step: str, pairs: Iterable[Sequence[str]]) -> None:
        """Note names that share parts and leave a step apart: what is changed in one shows no more in the other."""
        for one, other in pairs:
            message = f"`{one}` cannot cross a step: it shares parts with `{other}`, and the two travel apart"
            self.findings.append(
                {"code": "NB401", "slug": "unserializable-value", "cell": self.cells[step][-1], "name": one, "message": message}
            )

    def refuses(self, cell: int | None) -> bool:
        """Tell whether the compiler says itself that a cell cannot run."""
        return any(each["code"] in ("NB003", "NB201") and each["cell"] == cell for each in self.findings)

    def explained(self, step: str, found: Iterable[Difference]) -> list[Difference]:
        """Give each difference its cause, if a finding is one."""
        return [replace(each, cause=self._cause(step, each)) for each in found]

    def _cause(self, step: str, difference: Difference) -> dict[str, Any] | None:
        stated = re.match(r"error\[(NB\d{3})\] ([\w-]+): (.*)", difference.says) if difference.kind == "step" else None
        if stated and stated[1] != "NB803":
            return {"code": stated[1], "slug": stated[2], "cell": None, "message": stated[3]}
        near = [each for each in self.findings if each["cell"] == difference.cell is not None]
        until = max(self.cells[step], default=0) if difference.cell is None else difference.cell
        own = [each for each in self.findings if each["cell"] in self.cells[step] and each["cell"] <= until]
        named = [each for each in own if difference.name and each["name"] == difference.name]
        far = [each for other in self.before[step] for each in self.findings if each["cell"] in self.cells[other]]
        ranked = [each for group in (named, near, own, far) for each in group]
        late = (*LATE, *NOISE) if difference.reproducible else LATE
        chosen = min(ranked, key=lambda each: each["code"] in late, default=None)
        return None if chosen is None else {key: chosen[key] for key in ("code", "slug", "cell", "message")}
