"""What starting and compiling cost, against a bare interpreter, the KFP SDK and Kale in its own environment."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Command, Goal, in_turns, ratio, that_run
from benchmarks.notebooks import write
from benchmarks.report import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

BIN = Path(sys.executable).parent
KALE = BIN.parent.parent / ".venv-kale" / "bin" / "kale"
SIZES = (10, 50, 200)

# The numbers are the product's promises; the peers' sides are what the same run measures.
GOALS = (
    Goal(name="nb2pipe --help", against="bare interpreter", most=1.5),
    Goal(name="nb2pipe compile, 10 steps", against="bare interpreter", most=10),
    Goal(name="nb2pipe compile, 50 steps", against="bare interpreter"),
    Goal(name="nb2pipe compile, 200 steps", against="bare interpreter"),
    Goal(name="KFP SDK, 10 components", against="nb2pipe compile, 10 steps", least=5),
    Goal(name="KFP SDK, 200 components", against="nb2pipe compile, 200 steps"),
    Goal(name="Kale, 10 steps", against="nb2pipe compile, 10 steps", least=25),
    Goal(name="Kale, 10 steps", against="nb2pipe compile, Kale's 10 steps", least=25),
    Goal(name="Kale, 200 steps", against="nb2pipe compile, 200 steps", least=15),
)


def commands(folder: Path) -> tuple[list[Command], list[Command]]:
    """The quick commands, measured many times, and the slow ones (seconds each), measured a few times beside their opposite."""
    python, nb2pipe = str(BIN / "python"), str(BIN / "nb2pipe")

    def compiling(name: str, source: str, *options: str) -> Command:
        return Command(name=name, arguments=(nb2pipe, "compile", source, "-o", f"{source}.yaml", *options), folder=folder)

    quick = [
        Command(name="bare interpreter", arguments=(python, "-c", "pass"), folder=folder),
        Command(name="nb2pipe --help", arguments=(nb2pipe, "--help"), folder=folder),
        # A pipeline of 200 steps is too large to carry the runtime in each of them; neither peer carries one at all.
        *(compiling(f"nb2pipe compile, {at} steps", f"native_{at}.ipynb", *(("--runtime", "image") if at > 50 else ())) for at in SIZES),
        compiling("nb2pipe compile, Kale's 10 steps", "kale_10.ipynb"),
        Command(name="KFP SDK, 10 components", arguments=(python, "sdk_10.py"), folder=folder),
    ]
    slow = [
        *(command for command in quick if command.name.startswith("nb2pipe compile")),
        Command(name="KFP SDK, 200 components", arguments=(python, "sdk_200.py"), folder=folder),
    ]
    if KALE.is_file():
        slow += [
            Command(name=f"Kale, {steps} steps", arguments=(str(KALE), "--nb", f"kale_{steps}.ipynb"), folder=folder) for steps in (10, 200)
        ]
    return quick, slow


def run(rounds: int) -> Section:
    """Measure everything; `rounds` for the quick commands, a quarter of that for the slow ones."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for steps in SIZES:
            write(folder, steps)
        quick, slow = commands(folder)
        ready, failures = that_run(list({command.name: command for command in (*quick, *slow)}.values()))
        first = in_turns([command for command in quick if command in ready], rounds)
        second = in_turns([command for command in slow if command in ready], max(2, rounds // 4))
    measured = second | first
    ratios = [ratio(pairing(goal, first, second), goal) for goal in GOALS if {goal.name, goal.against} <= set(measured)]
    return Section(title="Starting and compiling, CPU seconds of the whole process", seconds=measured, ratios=ratios, failures=failures)


def pairing(goal: Goal, first: dict[str, list[float]], second: dict[str, list[float]]) -> dict[str, Sequence[float]]:
    """The group in which both sides of a goal were measured in the same rounds."""
    group = first if {goal.name, goal.against} <= set(first) else second
    return {goal.name: group[goal.name], goal.against: group[goal.against]}
