"""One instance of a step and its inputs → its outputs: from this run, from the cache, or from a process started now.

Everything here runs in a thread of its own and blocks; the scheduler hears of it through `post`.
"""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.submit.atomic import remove_tree, write_json
from jupyter_mlops.submit.cache import described, restored, seal
from jupyter_mlops.submit.contract import StepFaultError, Values, as_argument, executor_input, read_output
from jupyter_mlops.submit.events import State
from jupyter_mlops.submit.keys import cache_key, local_files, mentioned
from jupyter_mlops.submit.plan import EXECUTOR_INPUT
from jupyter_mlops.submit.process import Guardian, StepProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.submit.cache import Cache
    from jupyter_mlops.submit.graph import Instance
    from jupyter_mlops.submit.plan import PlannedStep
    from jupyter_mlops.submit.record import StepFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended; `state` FAILED may be followed by another attempt."""

    state: State
    key: str = ""
    values: Values = field(default_factory=Values)
    exit_code: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A process is about to start; the scheduler keeps it to stop it."""

    process: StepProcess


@dataclass(frozen=True, slots=True)
class Lines:
    """The step printed these lines."""

    lines: tuple[str, ...]


Message = Outcome | Started | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What all attempts of a run share. `fresh`: make everything anew, trust no earlier result."""

    cache: Cache
    directory: Path
    environment: str
    guardian: Guardian
    post: Callable[[Instance, Message], None]
    fresh: bool = False
    variables: dict[str, str] = field(default_factory=dict)  # what verbs in steps know of the run; no part of the cache key
    around: Callable[[list[str]], list[str]] | None = None
    mentions: dict[str, list[str]] = field(default_factory=dict)  # by step: what its code names, found once

    def perform(self, instance: Instance, inputs: Values, folder: StepFolder, attempt: int) -> None:
        """Do it and post the outcome, whatever happens."""
        try:
            outcome = self._perform(instance, inputs, folder, attempt)
        except StepFaultError as error:
            outcome = Outcome(state=State.FAILED, exit_code=0, reason=str(error))
        except OSError as error:
            outcome = Outcome(state=State.FAILED, reason=_explain(error, instance))
        self.post(instance, outcome)

    def _perform(self, instance: Instance, inputs: Values, folder: StepFolder, attempt: int) -> Outcome:
        step = instance.step
        key = self._key(step, inputs)
        values = folder.completed(key)
        if values is not None:
            return Outcome(state=State.RESUMED, key=key, values=values, exit_code=folder.facts().get("exit_code"))
        folder.clear()
        reusable = step.cache is not False and not step.on_exit
        if reusable and not self.fresh and attempt == 1:
            validity = None if step.cache is True else int(step.cache)
            values = self.cache.fetch(key, into=folder.path, validity_seconds=validity)
            if values is not None:
                folder.complete(keys=[key], values=values, state=State.CACHED.value)
                return Outcome(state=State.CACHED, key=key, values=values)
        return self._execute(instance, inputs, folder, key, reusable=reusable)

    def _key(self, step: PlannedStep, inputs: Values) -> str:
        names = self.mentions.get(step.name)
        if names is None:
            names = self.mentions[step.name] = mentioned(step)
        return cache_key(step, inputs, environment=self.environment, files=local_files(names, self.directory))

    def _execute(self, instance: Instance, inputs: Values, folder: StepFolder, key: str, *, reusable: bool) -> Outcome:
        attempt = folder.new_attempt()
        if folder.log.exists():
            with folder.log.open("a", encoding="utf-8") as log:
                log.write(f"--- attempt {attempt.name} ---\n")
        message = executor_input(instance.step, inputs, attempt)
        write_json(folder.path / "executor_input.json", message)
        argument = as_argument(message)
        interpreter = sys.executable if instance.step.command[0] in {"python3", "python"} else instance.step.command[0]
        words = [interpreter, *instance.step.command[1:], *instance.step.arguments]
        command = [word.replace(EXECUTOR_INPUT, argument) for word in words]
        process = StepProcess(
            self.around(command) if self.around else command,
            directory=self.directory,
            log=folder.log,
            guardian=self.guardian,
            on_lines=lambda lines: self.post(instance, Lines(lines)),
            environment={**self.variables, "NB2PIPE_STEP": instance.label, **instance.step.environment},
            secrets=[os.environ[name] for name in instance.step.secrets if name in os.environ],
        )
        self.post(instance, Started(process=process))
        code = process.run()
        if code is None:
            return Outcome(state=State.STOPPED, key=key)
        if code != 0:
            return Outcome(state=State.FAILED, key=key, exit_code=code, reason=_exit_reason(code))
        values = read_output(instance.step, attempt)
        # A file that the code names may be one that it writes: as the step leaves it, it is no reason to run the step again.
        keys = [key, *({self._key(instance.step, inputs)} - {key})]
        return self._keep(folder, attempt, keys, values, reusable=reusable)

    def _keep(self, folder: StepFolder, attempt: Path, keys: list[str], values: Values, *, reusable: bool) -> Outcome:
        """Seal the outputs: moved by one rename, then recorded by another; what is between the two counts as nothing."""
        if (attempt / "executor_output.json").exists():
            (attempt / "executor_output.json").replace(folder.path / "executor_output.json")
        seal(attempt, folder.path)
        folder.complete(keys=keys, values=values, state=State.SUCCEEDED.value, exit_code=0)
        remove_tree(folder.path / "attempts")
        completed = restored(described(values), folder.path)
        for key in keys if reusable else ():
            self.cache.store(key, completed, source=folder.path)
        return Outcome(state=State.SUCCEEDED, key=keys[0], values=completed, exit_code=0)


def _exit_reason(code: int) -> str:
    if code > 0:
        return f"it ended with status {code}"
    import signal

    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"it was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")


def _explain(error: OSError, instance: Instance) -> str:
    if error.errno == errno.E2BIG:
        return (
            f"its command line is too long for this system (Linux allows 131072 bytes for one argument): "
            f"the inputs of `{instance.label}` are too many or a parameter is too large"
        )
    return f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
