"""`ml.tune(objective, space)`: a search by Optuna, kept in SQLite, that a kill neither loses nor repeats; or its points for a fan-out."""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops import framing
from jupyter_mlops.report import Report, deliver
from jupyter_mlops.training.space import draw_points, read_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, kw_only=True, repr=False)
class Study(Report):
    """What a search found. `trials` are in order: number, parameters, value (None where there is none), state."""

    kind: ClassVar[str] = "tuning"

    name: str
    maximize: bool
    wanted: int
    trials: tuple[dict[str, Any], ...]

    @property
    def best(self) -> dict[str, Any]:
        """The best finished trial; the earliest of equals.

        Raises
        ------
        ValueError
            If none has finished.
        """
        done = [trial for trial in self.trials if trial["state"] == "complete"]
        if not done:
            raise ValueError(f"no trial of `{self.name}` has finished")
        return (max if self.maximize else min)(done, key=lambda trial: trial["value"])

    @property
    def best_parameters(self) -> dict[str, Any]:
        """The parameters of the best trial."""
        return dict(self.best["parameters"])

    @property
    def best_value(self) -> float:
        """The value of the best trial."""
        return float(self.best["value"])

    @property
    def metrics(self) -> dict[str, float]:
        """The best value and how many trials there were."""
        done = {"best_value": self.best_value} if any(trial["state"] == "complete" for trial in self.trials) else {}
        return {**done, "trials": len(self.trials), "pruned_trials": sum(trial["state"] == "pruned" for trial in self.trials)}

    def importance(self) -> dict[str, float]:
        """Give, for each parameter, the share of the variance of the values that it explains alone.

        Numbers are cut into at most five groups of equal size; η² = between-group variance / total variance, less what chance gives
        (ε² of Kelley, 1935). Parameters that work only together show little.
        """
        from jupyter_mlops.training.importance import explained

        done = [trial for trial in self.trials if trial["state"] == "complete"]
        names = sorted({name for trial in done for name in trial["parameters"]})
        shares = {name: explained([trial["parameters"].get(name) for trial in done], [trial["value"] for trial in done]) for name in names}
        return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))

    def view(self) -> dict[str, Any]:
        """Give what is drawn."""
        done = any(trial["state"] == "complete" for trial in self.trials)
        return {
            "title": self.name,
            "maximize": self.maximize,
            "wanted": self.wanted,
            "best": self.best if done else None,
            "importance": self.importance(),
            "trials": list(self.trials),
        }


class Tuning:
    """The verb `ml.tune`, with its two halves for a pipeline: `trials` gives the points of a fan-out, `collect` takes its results."""

    def __call__(
        self,
        objective: Callable[..., float],
        space: dict[str, Any],
        *,
        trials: int = 50,
        direction: str | None = None,
        resume: bool = True,
        prune: bool = True,
        seed: int = 0,
        parallel: int = 1,
        study: str | None = None,
    ) -> Study:
        """Search for the best parameters.

        Parameters
        ----------
        objective : function
            Takes a dict of parameters, gives a number; with a second parameter it also gets the trial, whose ``report(value, step)`` and
            ``should_prune()`` stop what will not become good.
        space : dict
            ``{"depth": (2, 9), "rate": (1e-4, 1e-1, "log"), "kind": ["gini", "entropy"]}``.
        trials : int
            How many finished trials there shall be, earlier ones of the same study included.
        direction : str, optional
            ``"maximize"`` or ``"minimize"``; the problem card's unless said.
        resume : bool
            Whether to go on with a study of this name; else it begins anew, under the same name.
        prune : bool
            Whether a trial below the median of its predecessors is stopped; the objective has to report.
        seed : int
            The same seed, space and objective give the same trials, killed in between or not (with ``parallel=1``).
        parallel : int
            How many trials run at once, in threads.
        study : str, optional
            The study's name; one for this objective and space unless said.

        Returns
        -------
        Study
            All trials, the best, what mattered.

        Raises
        ------
        TypeError, ValueError
            For a space that is none, an unknown direction, or an objective that gives no number.
        EnvironmentProblem
            If Optuna is not installed.
        """
        _whole("trials", trials)
        _whole("parallel", parallel)
        dimensions, maximize = read_space(space), _maximize(direction)
        called = study or _name(objective, dimensions, seed, maximize=maximize)
        from jupyter_mlops.training.optimize import search

        found = search(
            objective,
            dimensions,
            name=called,
            maximize=maximize,
            trials=trials,
            resume=resume,
            prune=prune,
            seed=seed,
            parallel=parallel,
        )
        made = Study(name=called, maximize=maximize, wanted=trials, trials=tuple(found))
        from jupyter_mlops.provenance import record

        record("tune", facets={"parameters": made.best_parameters, "metrics": made.metrics})
        return deliver(made)

    def trials(self, space: dict[str, Any], count: int, *, seed: int = 0) -> list[dict[str, Any]]:
        """Give `count` points of a space, spread evenly: a list for a loop, or for the fan-out of a step tagged ``foreach:``."""
        _whole("count", count)
        return draw_points(read_space(space), count, seed)

    def collect(self, results: Iterable[Any], *, direction: str | None = None, name: str = "fan-out") -> Study:
        """Take the results of a fan-out: dicts with ``parameters`` and ``value``.

        Raises
        ------
        ValueError
            If there is none, or one lacks either or has a value that is no finite number.
        """
        trials = []
        for number, each in enumerate(results):
            if not isinstance(each, dict) or not {"parameters", "value"} <= set(each):
                raise ValueError(f'result {number} is not `{{"parameters": …, "value": …}}` but `{each!r}`')
            trials.append(
                {"number": number, "parameters": dict(each["parameters"]), "value": finite(each["value"], number), "state": "complete"}
            )
        if not trials:
            raise ValueError("there are no results to choose from")
        return deliver(Study(name=name, maximize=_maximize(direction), wanted=len(trials), trials=tuple(trials)))


tune = Tuning()


def finite(value: Any, number: int) -> float:
    """Take the value of a trial.

    Raises
    ------
    ValueError
        If it is no finite number.
    """
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"trial {number} gave `{value!r}`; a finite number was expected")
    return found


def _whole(name: str, given: Any) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise ValueError(f"`{name}={given}` is not a whole number from 1")


def _maximize(direction: str | None) -> bool:
    if direction in ("maximize", "minimize"):
        return direction == "maximize"
    card = framing.current()
    if direction is None and card is not None:
        return card.higher_is_better
    said = "no direction is given and there is no problem card" if direction is None else f"`direction={direction}` is unknown"
    raise ValueError(f"{said}; expected `maximize` or `minimize`")


def _name(objective: Any, space: Any, seed: int, *, maximize: bool) -> str:
    """Name a study for what is searched: another objective's code, space or seed is another study."""
    try:
        code = inspect.getsource(objective)
    except (OSError, TypeError):
        code = repr(getattr(getattr(objective, "__code__", None), "co_code", b""))
    whole = json.dumps([code, space, seed, maximize], default=str)
    return f"{getattr(objective, '__name__', 'objective')}-{hashlib.sha256(whole.encode()).hexdigest()[:10]}"
