"""`ml.register`: a trained model → a sealed, gated version in the registry, exported as it will be served, both paths compared."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.errors import need
from jupyter_mlops.report import Report, Verdict, deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlops.serving.export import Exported
    from jupyter_mlops.serving.skew import Skew


@dataclass(frozen=True, repr=False)
class Registration(Report):
    """What was registered. Without a `version` it was refused, and `reason` says why."""

    kind: ClassVar[str] = "registration"
    name: str
    version: str
    verdict: Verdict
    reason: str
    alias: str = ""
    digest: str = ""
    source: str = ""
    platform: str = ""
    signatures: tuple[str, ...] = ()
    size_bytes: int = 0
    gate: str = ""
    forced: str = ""
    skew: Skew | None = None

    def view(self) -> dict[str, Any]:
        """Give the facts that are drawn; the folder is left out, it is this machine's."""
        names = ("name", "version", "reason", "alias", "digest", "platform", "size_bytes", "gate", "forced")
        return {
            "title": f"Registration of {self.name}",
            "verdict": self.verdict.value,
            **{name: getattr(self, name) for name in names},
            "signatures": list(self.signatures),
            "skew": None if self.skew is None else self.skew.view(),
        }


def register(
    model: Any,
    name: str,
    *,
    example: Any = None,
    preprocess: Any = None,
    gate: Any = None,
    alias: str = "challenger",
    classes: Sequence[str] = (),
    notebook: Callable[[Any], Any] | None = None,
    tolerance: float = 1e-5,
    force: str = "",
    uri: str | None = None,
) -> Registration:
    """Export a model as it will be served, check that it answers as the notebook does, and register it.

    Parameters
    ----------
    model : Keras model, tf.Module with `__call__`, or scikit-learn estimator
        Trained.
    name : str
        The registered model's name: letters, digits, ``-``, ``_`` and ``.``.
    example : frame, dict of columns, or array, shape (n, …)
        Raw rows as clients send them; a few hundred make a good comparison.
    preprocess : callable, optional
        What the notebook does to raw rows before the model; it goes into what is served (see `export.export`).
    gate : GateReport or Verdict, optional
        The gate's verdict on this model. A FAIL is not registered unless `force` says why; only a PASS becomes champion.
    alias : str
        "challenger", or "champion".
    classes : list of str
        Names of classes in the order of scores.
    notebook : callable, optional
        Raw rows → predictions by the notebook's own code, for the comparison; default: `preprocess`, then the model.
    tolerance : float
        How far two predictions may be apart, see `skew.check_skew`.
    force : str
        Why a model that failed its gate, or differs from the notebook, is registered all the same. Kept with the version.
    uri : str, optional
        The registry; see `registry`.

    Returns
    -------
    Registration
        With a version, or refused with the reason.

    Raises
    ------
    ValueError, TypeError
        If the name, the example or the model does not do.
    EnvironmentProblem
        If the registry does not answer, or a package is missing.
    Rejected
        In a pipeline step, if it was refused.
    """
    _check_arguments(name, example)
    judged = _verdict_of(gate)
    refusal = _refusal(judged, alias, force)
    if refusal:
        report = Registration(name, "", Verdict.FAIL, refusal, gate=judged.value if judged else "")
        return deliver(report, report.verdict)
    from jupyter_mlops.serving.registry import models_folder

    base = models_folder(name)
    base.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".export-", dir=base))
    try:
        report = _register(work, model, name, example, preprocess, judged, alias, classes, notebook, tolerance, force, uri)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if report.version:
        _tell_lineage(report, model, gate)
    return deliver(report, report.verdict)


def _check_arguments(name: str, example: Any) -> None:
    if not name or not all(letter.isalnum() or letter in "-_." for letter in name) or name.startswith("."):
        raise ValueError(f"`{name}` is no name of a model; expected letters, digits, `-`, `_` and `.`")
    if example is None:
        raise ValueError("`example` is missing; a few raw rows fix the served model's names, types and shapes")


def _verdict_of(gate: Any) -> Verdict | None:
    if gate is None or isinstance(gate, Verdict):
        return gate
    found = getattr(gate, "verdict", None)
    if not isinstance(found, Verdict):
        raise TypeError(f"`gate` is a `{type(gate).__name__}`; expected the report of `ml.gate`, or a `Verdict`")
    return found


def _refusal(judged: Verdict | None, alias: str, force: str) -> str:
    if force:
        return ""
    if judged is Verdict.FAIL:
        return "its gate failed; register it all the same with `force='the reason'`"
    if alias == "champion" and judged is not None and judged is not Verdict.PASS:
        return "its gate could not tell, so it becomes no champion; register it as challenger"
    return ""


def _register(
    work: Path, model: Any, name: str, example: Any, preprocess: Any, judged: Verdict | None, alias: str, classes: Sequence[str],
    notebook: Callable[[Any], Any] | None, tolerance: float, force: str, uri: str | None,
) -> Registration:  # fmt: skip
    from jupyter_mlops.serving import registry
    from jupyter_mlops.serving.digest import digest_folder
    from jupyter_mlops.serving.export import export
    from jupyter_mlops.serving.skew import compare

    served = work / "served"
    exported = export(model, served, example, preprocess=preprocess, classes=classes)
    skew = compare(notebook or _notebook_path(model, preprocess), served, example, tolerance)
    gate = judged.value if judged else ""
    if skew.verdict is Verdict.FAIL and not force:
        reason = f"the served model does not answer as the notebook does: {skew.reason}"
        return Registration(
            name, "", Verdict.FAIL, reason, platform=exported.platform, signatures=exported.signatures, gate=gate, skew=skew
        )
    digest = digest_folder(served)
    _flavour(model, preprocess, exported, work / "mlflow")
    shutil.copytree(served, work / "mlflow" / "served")
    tags = {"nb2pipe.digest": digest, "nb2pipe.gate": gate, "nb2pipe.platform": exported.platform, "nb2pipe.skew": skew.verdict.value}
    version = registry.create_version(name, work / "mlflow", tags | ({"nb2pipe.forced": force} if force else {}), uri=uri)
    target = registry.models_folder(name) / version
    if target.exists():  # left by a registry that was deleted since
        shutil.rmtree(target)
    served.replace(target)
    registry.set_alias(name, alias, version, uri=uri)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    reason = f"version {version} is {alias}" + (f", forced: {force}" if force else "")
    return Registration(
        name, version, Verdict.PASS, reason, alias, digest, str(target), exported.platform, exported.signatures, size, gate, force, skew
    )


def _notebook_path(model: Any, preprocess: Any) -> Callable[[Any], Any]:
    """Predict as a notebook does: eagerly, with the objects that it holds."""
    from jupyter_mlops.serving.export import columns_of, is_named, platform_of

    def by_sklearn(rows: Any) -> Any:
        from jupyter_mlops.serving.server.sklearn_model import predict

        return predict(model, rows if preprocess is None else preprocess.transform(rows))

    def by_tensorflow(rows: Any) -> Any:
        tensorflow = need("tensorflow", "tensorflow")
        columns = {key: tensorflow.constant(array) for key, array in columns_of(rows).items()}
        given = columns if is_named(rows) else next(iter(columns.values()))
        return model(preprocess(given) if preprocess is not None else given)

    return by_sklearn if platform_of(model) == "sklearn" else by_tensorflow


def _flavour(model: Any, preprocess: Any, exported: Exported, folder: Path) -> None:
    """Write the model as MLflow's own loader reads it (gates load the champion so), without MLflow's slow guess at requirements."""
    mlflow = need("mlflow", "track")
    if exported.platform == "sklearn":
        if preprocess is not None:
            model = need("sklearn.pipeline", "sklearn").make_pipeline(preprocess, model)
        mlflow.sklearn.save_model(model, str(folder), serialization_format="skops", pip_requirements=["scikit-learn", "skops"])
        return
    plain = mlflow.models.Model()
    mlflow.pyfunc.add_to_model(plain, loader_module="jupyter_mlops.serving.champion", data="served")
    folder.mkdir(parents=True)
    plain.save(str(folder / "MLmodel"))


def _tell_lineage(report: Registration, model: Any, gate: Any) -> None:
    from jupyter_mlops.provenance import Entity, record
    from jupyter_mlops.provenance.origins import origins_of, remember

    made = Entity("model", report.name, report.version, facets={"model": {"digest": report.digest, "gate": report.gate}})
    record("register", inputs=origins_of(model, gate), outputs=(made,))
    remember(model, made)
