"""Commands → CPU seconds of the whole process each, taken in turns so that a busy machine disturbs all of them alike.

CPU seconds (user and system, the process and every child it waited for) hardly change with load; wall-clock seconds do.
Ratios are taken within a round and then the median over the rounds, so what slows one round slows both of its halves.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A process to measure; `folder` is where it runs, `afresh` a folder in it that is emptied before each time."""

    name: str
    arguments: tuple[str, ...]
    folder: Path
    afresh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`name` costs at most (`most`) or at least (`least`, for a peer) so many times what `against` costs.

    With `seconds`, it is the difference in CPU seconds that is meant, not the ratio.
    """

    name: str
    against: str
    most: float | None = None
    least: float | None = None
    seconds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The median ratio (or difference) of two commands over the rounds, and whether it meets its goal."""

    goal: Goal
    value: float

    @property
    def met(self) -> bool:
        """Whether the goal is reached; True when there is none."""
        above = self.goal.least is None or self.value >= self.goal.least
        return above and (self.goal.most is None or self.value <= self.goal.most)


def cpu_seconds(command: Command) -> float:
    """Run a command to its end and return the CPU seconds it and its children took.

    Raises
    ------
    RuntimeError
        When the command fails: a number for a process that stopped early would be a lie.
    """
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}}
    if command.afresh:
        shutil.rmtree(command.folder / command.afresh, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(
        command.arguments,
        cwd=command.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode:
        tail = result.stdout.decode(errors="replace")[-2000:]
        message = f"{command.name} ended with status {result.returncode}:\n{tail}"
        raise RuntimeError(message)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def in_turns(commands: Sequence[Command], rounds: int) -> dict[str, list[float]]:
    """Measure every command once a round."""
    seconds: dict[str, list[float]] = {command.name: [] for command in commands}
    for _ in range(rounds):
        for command in commands:
            seconds[command.name].append(cpu_seconds(command))
    return seconds


def that_run(commands: Sequence[Command]) -> tuple[list[Command], list[str]]:
    """Run every command once, which writes bytecode and fills caches, and set aside those that fail, with the reason."""
    good: list[Command] = []
    failures: list[str] = []
    for command in commands:
        try:
            cpu_seconds(command)
        except RuntimeError as error:
            failures.append(str(error))
        else:
            good.append(command)
    return good, failures


def ratio(seconds: Mapping[str, Sequence[float]], goal: Goal) -> Ratio:
    """The median over the rounds of `goal.name` divided by `goal.against`, or less it."""
    pairs = zip(seconds[goal.name], seconds[goal.against], strict=True)
    return Ratio(goal=goal, value=statistics.median(mine - other if goal.seconds else mine / other for mine, other in pairs))
