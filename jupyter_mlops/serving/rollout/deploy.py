"""`ml.deploy`: a model that passed its gate → a rollout under way, and the report that shows and steers it."""

from __future__ import annotations

import getpass
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import framing
from jupyter_mlops.errors import EnvironmentProblem, Rejected
from jupyter_mlops.place import home
from jupyter_mlops.report import Verdict, deliver
from jupyter_mlops.serving.rollout.controller import Controller
from jupyter_mlops.serving.rollout.deployment import Deployment
from jupyter_mlops.serving.rollout.plans import PlannedRollout, plan_rollout
from jupyter_mlops.serving.rollout.smoke import LocalSmoke
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Store, Version

if TYPE_CHECKING:
    from collections.abc import Mapping


def deploy(
    model: Any,
    *,
    name: str | None = None,
    version: str | int | None = None,
    target: str = "local",
    stable: Any = None,
    options: Mapping[str, Any] | None = None,
    rollout: Mapping[str, Any] | None = None,
    gate: Any = None,
    problem: Any = None,
    person: str = "",
    wait: bool = False,
    timeout_seconds: float | None = None,
    controller: bool = True,
) -> Deployment | PlannedRollout:
    """Roll a model out: smoke request, shadow, canary steps, baking, stable; back by itself when the evidence says harm.

    Parameters
    ----------
    model : path, or the result of `ml.register`
        A folder with a SavedModel, or anything with `name`, `version` and `source`.
    name : str, optional
        The model's name in service; the folder's name if not given.
    version : str or int, optional
        Its number; one more than the newest if not given.
    target : str
        "local": the local server. "tf-serving": TF Serving's binary, which must be installed; the first stage is brought into force in it, the
        others by the result's `apply`. For "kserve", "kubernetes" and deployers of other packages nothing is applied: the result has the
        files and commands of each stage.
    stable : anything with `version` and `source`, optional
        For other targets: what is served there now; without it there is one stage.
    options : mapping, optional
        For other targets: options of their plan, such as ``{"mode": "knative", "namespace": "shop"}``.
    rollout : mapping, optional
        How: ``{"shadow": {"share": 1.0, "for": "10m"}, "steps": ["10%", "50%", "100%"], "each": {"min_requests": 1000,
        "max_duration": "2h"}, "guard": [{"signal": "errors", "worse_by": "1.5x"}, …], "bake": "1h"}``; each key has a default.
    gate : report of `ml.gate`, optional
        What is not PASS is refused.
    problem : Problem, optional
        Its p99 latency is the latency guard's limit where `rollout` sets none; the notebook's card if not given.
    person : str
        Who brings back a version that was rolled back.
    wait : bool
        Stay until the rollout is over; then the verdict is that of the deployment.
    timeout_seconds : float, optional
        How long to wait at most.
    controller : bool
        Start a process that moves the rollout on. With False, `Deployment.wait` does, or ``python -m jupyter_mlops.serving.rollout``.

    Returns
    -------
    Deployment, or PlannedRollout for another target than "local"

    Raises
    ------
    Rejected
        If its gate did not pass it.
    ValueError
        If `rollout` is not one, or the version cannot be deployed now; the message says why.
    EnvironmentProblem
        If there is no model in the folder, or TF Serving is wanted and not installed.
    """
    verdict = getattr(gate, "verdict", None)
    if gate is not None and verdict is not Verdict.PASS:
        said = verdict.value if isinstance(verdict, Verdict) else repr(verdict)
        raise Rejected(f"the gate of this model says `{said}`; only a model whose gate passed is deployed", gate)
    spec = _with_card(Spec.read(rollout), problem if problem is not None else framing.current())
    if target != "local":
        planned = _plan(target, model, name, version, stable, spec, options or {})
        if target == "tf-serving":
            planned.apply(planned.stages[0][0])
        return deliver(planned, Verdict.PASS)
    store = Store(home() / "serving" / "serving.db")
    named, drafted = _identify(store, model, name, version)
    mover = Controller(store, named, smoke=LocalSmoke(home()))
    evidence = {"verdict": "pass", "headline": gate.text().splitlines()[0]} if gate is not None else None
    refused = mover.submit(drafted, spec, now=time.time(), person=person, gate=evidence)
    if refused:
        raise ValueError(f"`{named}` is not deployed: {refused}")
    result = Deployment(named, home(), person or getpass.getuser())
    if wait:
        return result.wait(timeout_seconds=timeout_seconds)
    if controller:
        _start_controller(named)
    return deliver(result, Verdict.PASS)


def _plan(
    target: str, model: Any, name: str | None, version: str | int | None, stable: Any, spec: Spec, options: Mapping[str, Any]
) -> PlannedRollout:  # fmt: skip
    uri = str(model if isinstance(model, (str, Path)) else model.source)
    number = version if version is not None else getattr(model, "version", None)
    named = name or getattr(model, "name", None)
    if not isinstance(number, (str, int)) or not str(number).isdecimal() or not named:
        raise ValueError(f"a plan for `{target}` needs a `name` and a `version` that is a whole number")
    old = None if stable is None else (int(stable.version), str(stable.source))
    return plan_rollout(target, str(named), (int(number), uri), old, spec, options)


def _identify(store: Store, model: Any, name: str | None, version: str | int | None) -> tuple[str, Version]:
    from jupyter_mlops.serving.digest import digest_folder

    source = Path(model if isinstance(model, (str, Path)) else model.source).resolve()
    if not source.is_dir() or not any(source.iterdir()):
        raise EnvironmentProblem(f"`{source.name}` is no folder with a model", hint="export one with `ml.register`")
    if not any((source / kind).is_file() and (source / kind).stat().st_size for kind in ("saved_model.pb", "model.skops")):
        # What is in the file is asked by the smoke request, in the server: reading it here would import TensorFlow.
        raise EnvironmentProblem(
            f"`{source.name}` holds no `saved_model.pb` and no `model.skops`, or an empty one", hint="export one with `ml.register`"
        )
    named = name or getattr(model, "name", None) or source.name
    numbers = [int(known.version) for known in store.versions(named) if known.version.isdecimal()]
    number = version if version is not None else getattr(model, "version", None) or max(numbers, default=0) + 1
    return str(named), Version(str(number), "DRAFT", str(source), digest_folder(source))


def _with_card(spec: Spec, card: Any) -> Spec:
    limit = getattr(card, "latency_p99_milliseconds", None)
    if limit is None or spec.guards.latency_at_most_milliseconds is not None:
        return spec
    return replace(spec, guards=replace(spec.guards, latency_at_most_milliseconds=float(limit)))


def _start_controller(name: str) -> None:
    from jupyter_mlops.serving.server.local import process_environment

    command = [sys.executable, "-m", "jupyter_mlops.serving.rollout", "--home", str(home()), "--model", name]
    with (home() / "serving" / "controller.log").open("ab") as log:
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=process_environment(), start_new_session=True)
