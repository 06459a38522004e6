"""`ml.track()`: one training → one MLflow run that ties code, data, parameters, metrics, model and environment together."""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.place import Where, here, home
from jupyter_mlops.provenance.secrecy import redacted
from jupyter_mlops.report import Report
from jupyter_mlops.training.live import Live
from jupyter_mlops.training.origins import code_of, commit_here, data_of, environment

if TYPE_CHECKING:
    from types import TracebackType

FLUSH_SECONDS, FLUSH_COUNT = 1.0, 200
_made: list[Run] = []  # what this process has tracked: a run that is made again asks for it


class Run(Report):
    """A training that is being tracked. Ends with its `with` block, or by `end`."""

    kind: ClassVar[str] = "tracking"

    def __init__(self, client: Any, uri: str, run_id: str, name: str) -> None:
        self.client, self.uri, self.id, self.name = client, uri, run_id, name
        self.state, self.model = "running", ""
        self.parameters: dict[str, Any] = {}
        self.curves: dict[str, list[tuple[int, float]]] = {}
        self.data: list[dict[str, str]] = []
        self.code, self.commit, self.packages = code_of(here()), commit_here(), environment()
        self._waiting: list[Any] = []
        self._flushed = time.monotonic()
        self._live = Live()

    @property
    def metrics(self) -> dict[str, float]:
        """The last value of each metric."""
        return {name: curve[-1][1] for name, curve in self.curves.items()}

    def log_parameters(self, values: dict[str, Any] | None = None, /, **more: Any) -> None:
        """Note what was chosen; a parameter that is there already keeps its value.

        Raises
        ------
        ValueError
            If a parameter is noted again with another value.
        """
        for name, value in {**(values or {}), **more}.items():
            if name in self.parameters and self.parameters[name] != value:
                raise ValueError(
                    f"the parameter `{name}` is {self.parameters[name]!r} already; a run has one value, {value!r} needs another run"
                )
            if name not in self.parameters:
                self.parameters[name] = value
                self.client.log_param(self.id, name, value)

    def log_metrics(self, values: dict[str, float] | None = None, /, *, step: int | None = None, **more: float) -> None:
        """Note what came out, once or at each `step`; kept within a second, drawn while it goes on.

        Raises
        ------
        ValueError
            If a value is no number. Infinity and NaN are kept: a training that diverged must show it.
        """
        from mlflow.entities import Metric

        for name, value in {**(values or {}), **more}.items():
            try:
                number = float(value)
            except (TypeError, ValueError):
                raise ValueError(f"the metric `{name}` is `{value!r}`; a number was expected") from None
            curve = self.curves.setdefault(name, [])
            at = len(curve) if step is None else step
            curve.append((at, number))
            self._waiting.append(Metric(name, number, int(time.time() * 1000), at))
        if len(self._waiting) >= FLUSH_COUNT or time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self._flush()
        if self._live.due():
            self._live.show(self)

    def log_data(self, data: Any, name: str = "") -> str:
        """Note what was trained or tested on; give the digest of its content."""
        found = data_of(data, name)
        self.data.append(found)
        from mlflow.entities import Dataset, DatasetInput, InputTag

        source = json.dumps({"uri": found["uri"], "digest": found["source"]})
        given = Dataset(found["name"], found["content"].removeprefix("sha256:")[:32], "code", source)
        self.client.log_inputs(self.id, [DatasetInput(given, [InputTag("mlflow.data.context", found["name"])])])
        return found["content"]

    def log_model(self, model: Any, name: str = "model", *, example: Any = None) -> str:
        """Keep a fitted scikit-learn or Keras model, without pickle; give its address ``runs:/…``.

        Raises
        ------
        TypeError
            If it is neither.
        EnvironmentProblem
            If `skops` is not installed.
        """
        from jupyter_mlops.training.models import save_model

        with tempfile.TemporaryDirectory() as folder:
            save_model(model, Path(folder) / name, example)
            self.client.log_artifacts(self.id, str(Path(folder) / name), name)
        self.model = f"runs:/{self.id}/{name}"
        from jupyter_mlops.provenance import Entity
        from jupyter_mlops.provenance.origins import remember

        remember(model, Entity("model", self.model))
        return self.model

    def end(self, state: str = "finished") -> None:
        """Finish: write what is waiting, the code, the data and the environment; once."""
        if self.state != "running":
            return
        self.state = state
        self._flush()
        self._live.end()
        if here().where is Where.NOTEBOOK:
            self.code = code_of(here())  # cells that were executed since the run began
        facts = {"code": self.code.texts, "commit": self.commit, "data": self.data, "environment": self.packages}
        for key, value in facts.items():
            self.client.log_text(self.id, json.dumps(value, indent=1, ensure_ascii=False) + "\n", f"nb2pipe/{key}.json")
        self.client.set_tag(self.id, "nb2pipe.code", self.code.digest)
        self.client.set_terminated(self.id, state.upper())
        from jupyter_mlops.provenance import Entity, record

        inputs = [Entity("dataset", each["uri"] or each["name"], each["source"] or each["content"]) for each in self.data]
        outputs = [Entity("run", self.name, self.id), *([Entity("model", self.model, "")] if self.model else [])]
        known = {name: value for name, value in self.metrics.items() if math.isfinite(value)}
        record("track", inputs, outputs, {"parameters": {name: str(value) for name, value in self.parameters.items()}, "metrics": known})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end("finished" if kind is None else "killed" if not issubclass(kind, Exception) else "failed")

    def view(self) -> dict[str, Any]:
        """Give what is drawn; of long curves 200 points."""
        return {
            "title": self.name,
            "id": self.id,
            "state": self.state,
            "parameters": {name: str(value) for name, value in self.parameters.items()},
            "metrics": self.metrics,
            "curves": {name: _thinned(curve) for name, curve in self.curves.items() if len(curve) > 1},
            "data": self.data,
            "code": self.code.digest if self.code.texts else "",
            "commit": self.commit,
            "model": self.model,
            "packages": len(self.packages),
        }

    def _flush(self) -> None:
        if self._waiting:
            self.client.log_batch(self.id, metrics=self._waiting)
            self._waiting = []
        self._flushed = time.monotonic()


def track(name: str | None = None, *, uri: str | None = None, experiment: str = "nb2pipe") -> Run:
    """Begin to track a training; `with ml.track() as run:` ends it.

    Parameters
    ----------
    name : str, optional
        What people call the run; the step's or notebook's name unless said.
    uri : str, optional
        Any MLflow tracking address; ``mlflow.db`` in ``.nb2pipe`` unless said or set by ``MLFLOW_TRACKING_URI``.
    experiment : str
        MLflow's experiment; made where it is missing.

    Returns
    -------
    Run
        Takes parameters, metrics, data and the model. Nothing is logged that is not asked for (no autologging).

    Raises
    ------
    EnvironmentProblem
        If MLflow is not installed, or the server does not answer.
    """
    client, address = client_of(uri)
    place = here()
    called = name or place.step or Path(place.notebook).stem or "run"
    tags = {
        "mlflow.runName": called,
        "mlflow.source.name": place.notebook,
        "nb2pipe.place": place.where.value,
        "nb2pipe.step": place.step,
        "nb2pipe.cell": place.cell,
        "nb2pipe.run": place.run if place.where is Where.STEP else "",
    }
    try:
        found = client.get_experiment_by_name(experiment)
        if found is None:
            files = (home() / "mlruns").absolute().as_uri() if address.startswith("sqlite") else None
            number = client.create_experiment(experiment, artifact_location=files)
        else:
            number = found.experiment_id
        made = client.create_run(number, run_name=called, tags={key: value for key, value in tags.items() if value})
    except Exception as error:  # MLflow's, urllib3's, SQLAlchemy's
        raise EnvironmentProblem(
            f"the tracking server `{redacted(address)}` does not answer: {redacted(str(error)).splitlines()[0][:200]}",
            hint="see that it runs, or leave `uri` out",
        ) from None
    run = Run(client, address, made.info.run_id, called)
    if run.commit:
        client.set_tag(run.id, "mlflow.source.git.commit", run.commit.rstrip("+"))
    _made.append(run)
    return run


def client_of(uri: str | None) -> tuple[Any, str]:
    """Give an MLflow client and the address that it speaks to."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # read when it is imported
    need("mlflow", "track")
    import logging

    for name in ("alembic", "mlflow"):
        logging.getLogger(name).setLevel(logging.WARNING)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    from mlflow.tracking import MlflowClient

    address = uri or os.environ.get("MLFLOW_TRACKING_URI") or ""
    if not address:
        home().mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{(home() / 'mlflow.db').absolute()}"
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # its default waits for minutes where nobody is
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MLflow's and SQLAlchemy's, of each other
            return MlflowClient(address), address
    except Exception as error:
        raise EnvironmentProblem(f"`{redacted(address)}` is no tracking server: {redacted(str(error)).splitlines()[0][:200]}") from None


def made_here() -> list[Run]:
    """List what this process has tracked, in order."""
    return list(_made)


def _thinned(curve: list[tuple[int, float]], most: int = 200) -> list[tuple[int, float]]:
    step = max(1, -(-len(curve) // most))
    return curve if step == 1 else [*curve[:-1:step], curve[-1]]
