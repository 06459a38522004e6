"""An objective and a space → finished trials, by Optuna in SQLite.

The sampler of each trial is seeded by the count of trials before it. So a search that was killed and goes on makes the same trials as one
that was not, and what was killed in the middle is made again.
"""

from __future__ import annotations

import inspect
import os
import socket
import threading
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.place import home
from jupyter_mlops.training.live import Live
from jupyter_mlops.training.space import suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.training.space import Space

_BETWEEN_SEEDS = 1_000_003


def search(
    objective: Callable[..., float],
    space: Space,
    *,
    name: str,
    maximize: bool,
    trials: int,
    resume: bool,
    prune: bool,
    seed: int,
    parallel: int,
) -> list[dict[str, Any]]:
    """Make trials until `trials` have finished; give all finished ones, in order."""
    optuna = need("optuna", "track")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = _study(optuna, name, resume=resume, maximize=maximize, prune=prune)
    _bury(optuna, study)
    done = len(finished(study))
    work = _Work(optuna, study, objective, space, seed=seed, next=done, last=trials, maximize=maximize)
    threads = [threading.Thread(target=work.go, daemon=True) for _ in range(min(parallel, trials - done) - 1)]
    for thread in threads:
        thread.start()
    work.go()
    for thread in threads:
        thread.join()
    work.live.end()
    if work.errors:
        raise work.errors[0]
    return finished(study)


def finished(study: Any) -> list[dict[str, Any]]:
    """Give the finished trials of an Optuna study."""
    kept = [trial for trial in study.get_trials(deepcopy=False) if trial.state.name in ("COMPLETE", "PRUNED")]
    return [
        {
            "number": number,
            "parameters": dict(trial.params),
            "value": trial.value if trial.state.name == "COMPLETE" else None,
            "state": trial.state.name.lower(),
        }
        for number, trial in enumerate(kept)
    ]


class _Work:
    """What the threads of a search share."""

    def __init__(self, optuna: Any, study: Any, objective: Any, space: Space, *, seed: int, next: int, last: int, maximize: bool) -> None:  # noqa: A002
        self.optuna, self.study, self.objective, self.space = optuna, study, objective, space
        self.seed, self.next, self.last, self.maximize = seed, next, last, maximize
        self.lock = threading.Lock()
        self.errors: list[BaseException] = []
        self.live = Live()
        self.takes_trial = len(inspect.signature(objective).parameters) > 1

    def go(self) -> None:
        """Make trials until there are enough or one has raised."""
        while not self.errors:
            with self.lock:
                if self.next >= self.last:
                    return
                number, self.next = self.next, self.next + 1
                trial = self._ask(number)
            try:
                self._evaluate(*trial, number)
            except BaseException as error:  # kept and raised by the caller's thread; the trial is noted as failed
                self.study.tell(trial[0], state=self.optuna.trial.TrialState.FAIL)
                self.errors.append(error)
                return
            self._show()

    def _ask(self, number: int) -> tuple[Any, dict[str, Any]]:
        self.study.sampler = self.optuna.samplers.TPESampler(seed=self.seed * _BETWEEN_SEEDS + number)
        trial = self.study.ask()
        trial.set_user_attr("process", [socket.gethostname(), os.getpid()])
        return trial, suggest(trial, self.space)

    def _evaluate(self, trial: Any, point: dict[str, Any], number: int) -> None:
        from jupyter_mlops.training.search import finite

        try:
            value = self.objective(point, trial) if self.takes_trial else self.objective(point)
        except self.optuna.TrialPruned:
            self.study.tell(trial, state=self.optuna.trial.TrialState.PRUNED)
            return
        self.study.tell(trial, finite(value, number))

    def _show(self) -> None:
        if self.live.due():
            from jupyter_mlops.training.search import Study

            with self.lock:
                found = finished(self.study)
            self.live.show(Study(name=self.study.study_name, maximize=self.maximize, wanted=self.last, trials=tuple(found)))


def _study(optuna: Any, name: str, *, resume: bool, maximize: bool, prune: bool) -> Any:
    home().mkdir(parents=True, exist_ok=True)
    storage = optuna.storages.RDBStorage(f"sqlite:///{home() / 'tuning.db'}", engine_kwargs={"connect_args": {"timeout": 60}})
    if not resume and name in [each.study_name for each in optuna.get_all_study_summaries(storage, include_best_trial=False)]:
        optuna.delete_study(study_name=name, storage=storage)
    study = optuna.create_study(
        storage=storage,
        study_name=name,
        direction="maximize" if maximize else "minimize",
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner() if prune else optuna.pruners.NopPruner(),
    )
    if (study.direction.name == "MAXIMIZE") is not maximize:
        raise ValueError(f"the study `{name}` was begun with the other direction; give it another name, or `resume=False`")
    return study


def _bury(optuna: Any, study: Any) -> None:
    """Fail the trials whose process was killed: they are made again. Those of living processes and of other machines are theirs."""
    for trial in study.get_trials(deepcopy=False, states=[optuna.trial.TrialState.RUNNING]):
        host, process = trial.user_attrs.get("process", [socket.gethostname(), 0])
        if host == socket.gethostname() and process != os.getpid() and not _lives(process):
            study.tell(trial.number, state=optuna.trial.TrialState.FAIL)


def _lives(process: int) -> bool:
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
