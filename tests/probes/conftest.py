"""Runs one small notebook whole and as a pipeline, and gives what each cell printed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.submit.local import run
from nb2pipe.api import Checked, check_source, compile_pipeline

if TYPE_CHECKING:
    from pathlib import Path

MARKER = re.compile(r"(?m)^# %%(.*)$")
EXPECTATION = re.compile(r"\A# (?:expect:|xfail:|slow).*\n")
CHANCE = re.compile(r"^time(it)?: .*|(?<= at )0x[0-9a-f]+|(?<=\(step )\w+(?=\))")  # what differs between any two runs
LINE = re.compile(r"cell (\d+) │ ?(.*)")


class Probe:
    """A percent script whose first line may say what is expected: ``# expect: NB401``, ``# xfail: reason``, ``# slow``."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.text = EXPECTATION.sub("", path.read_text(encoding="utf-8"))
        self.folder = folder

    def check(self) -> Checked:
        """Compile the notebook as it is."""
        return check_source(self.text, "probe.py", backend="local")

    def whole(self) -> list[str]:
        """Run all cells in one process, as one step of the same runtime: a cell displays its last line, IPython's lines run."""
        return self._run(check_source(self._one_step(), "probe.py", backend="local"), "whole")

    def stepwise(self) -> list[str]:
        """Run the pipeline, each step in a process of its own."""
        return self._run(self.check(), "steps")

    def _cells(self) -> list[tuple[str, str]]:
        parts = MARKER.split(self.text)
        return [(tags.strip(), text) for tags, text in zip(parts[1::2], parts[2::2], strict=True)]

    def _one_step(self) -> str:
        cells = [
            (tags if tags in ("skip", "parameters", "[markdown]") else "step:whole" if tags else "", text) for tags, text in self._cells()
        ]
        return "".join(f"# %% {tags}{text}" for tags, text in cells)

    def _run(self, checked: Checked, name: str) -> list[str]:
        assert checked.pipeline is not None, [f"{each.code} {each.message}" for each in checked.diagnostics]
        plan = json.loads(compile_pipeline(checked.pipeline, backend="local").files[0].text)
        result = run(plan, directory=self._directory(name), state=self.folder / f"state-{name}", fresh=True, workers=2)
        logs = [step.log.read_text(encoding="utf-8") for step in result.steps if step.log is not None]
        assert result.exit == 0, "\n".join(logs)
        lines = [LINE.fullmatch(line) for log in logs for line in log.splitlines()]
        numbered = [(int(line[1]), CHANCE.sub("…", line[2])) for line in lines if line is not None]
        return [text for _, text in sorted(numbered, key=lambda pair: pair[0])]

    def _directory(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder


@pytest.fixture
def probe(request: pytest.FixtureRequest, tmp_path: Path) -> Probe:
    """Make the probe that the parametrisation names."""
    return Probe(request.param, tmp_path)
