"""What one more step of a local run costs, over `python -c pass`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Command, Goal, in_turns, ratio, that_run
from benchmarks.notebooks import write
from benchmarks.report import Section

BIN = Path(sys.executable).parent
FEW, MANY = 2, 22
TITLE = "A local run, CPU seconds of the whole process and all its steps"
STEP, BARE = "one more step", "bare interpreter"


def run(rounds: int) -> Section:
    """Measure a short chain and a long one, nothing cached; a step is the difference divided by the number of steps between them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = [Command(name=BARE, arguments=(str(BIN / "python"), "-c", "pass"), folder=folder)]
        for steps in (FEW, MANY):
            write(folder, steps)
            arguments = (str(BIN / "nb2pipe"), "run", f"native_{steps}.ipynb")
            commands.append(Command(name=f"nb2pipe run, {steps} steps", arguments=arguments, folder=folder, afresh=".nb2pipe"))
        ready, failures = that_run(commands)
        if failures:
            return Section(title=TITLE, seconds={}, failures=failures)
        seconds = in_turns(ready, rounds)
    pairs = zip(seconds[f"nb2pipe run, {MANY} steps"], seconds[f"nb2pipe run, {FEW} steps"], strict=True)
    seconds[STEP] = [(many - few) / (MANY - FEW) for many, few in pairs]
    goals = [Goal(name=STEP, against=BARE, most=0.3, seconds=True), Goal(name=STEP, against=BARE)]
    return Section(
        title=TITLE,
        seconds=seconds,
        ratios=[ratio(seconds, goal) for goal in goals],
    )
