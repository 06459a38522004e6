"""A model, a callable or an array → its predictions on the held-out rows; a model that breaks on them says so instead of stopping the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

BASELINES = ("majority", "prior", "mean", "median")


class Unusable(ValueError):
    """A model's answers cannot be judged: it raised, or it gave something else than one finite answer per row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was right: `codes` (indices into `classes`) for a classification, `values` for a regression; shape (n,) each."""

    classes: tuple[Any, ...]
    codes: NDArray[Any]
    values: NDArray[Any]
    positive: int

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.codes) if self.classes else len(self.values)

    @property
    def binary(self) -> bool:
        """Whether there are exactly two classes."""
        return len(self.classes) == 2

    @property
    def flags(self) -> NDArray[Any]:
        """Which rows are of the positive class."""
        return self.codes == self.positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one model said: `codes` of classes, `chances` of shape (n, classes) or `scores` of the positive class, or `values`."""

    name: str
    codes: NDArray[Any] = field(default_factory=lambda: numpy.empty(0, dtype=int))
    scores: NDArray[Any] | None = None
    chances: NDArray[Any] | None = None
    values: NDArray[Any] = field(default_factory=lambda: numpy.empty(0))
    digest: str = ""
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out from the answers once: sorting a million scores is most of a gate."""


def truth_of(target: NDArray[Any], *, classification: bool, positive: object, known: tuple[Any, ...] = ()) -> Truth:
    """Read the labels.

    Parameters
    ----------
    target : array, shape (n,)
        What was right.
    classification : bool
        Whether the values are classes.
    positive : object
        The positive class; the last one in order when None.
    known : tuple
        The classes the models know, in their order.

    Raises
    ------
    ValueError
        When `positive` is no class, or a regression's target is no number.
    """
    if not classification:
        try:
            return Truth(classes=(), codes=numpy.empty(0, dtype=int), values=numpy.asarray(target, dtype=float), positive=0)
        except (TypeError, ValueError):
            raise ValueError(f"the target of a regression is a number, not `{target.dtype}`") from None
    found, codes = numpy.unique(target, return_inverse=True)
    classes = tuple(found.tolist())
    if len(classes) == 1 and classes[0] in {0, 1}:  # one of the two usual classes happens not to occur
        classes, codes = (False, True) if found.dtype.kind == "b" else (0, 1), codes + int(classes[0])
    if known and set(classes) <= set(known):
        place = numpy.asarray([known.index(each) for each in classes], dtype=int)
        classes, codes = tuple(known), place[codes]
    if positive is not None and positive not in classes:
        raise ValueError(f"the positive class `{positive!r}` is not among the labels {', '.join(f'`{each!r}`' for each in classes[:10])}")
    chosen = classes.index(positive) if positive is not None else len(classes) - 1
    return Truth(classes=classes, codes=codes.astype(numpy.int64), values=numpy.empty(0), positive=chosen)


def known_classes(model: Any) -> tuple[Any, ...]:
    """Give the classes a fitted model knows, in its order; empty when it does not say."""
    found = getattr(model, "classes_", None)
    return () if found is None or getattr(found, "ndim", 1) != 1 else tuple(numpy.asarray(found).tolist())


def answers_of(name: str, model: Any, features: Any, truth: Truth) -> Answers:
    """Ask a model, once, or read an array of answers.

    Raises
    ------
    Unusable
        When it raises, or its answers are too few, not finite, or of unknown classes.
    """
    if isinstance(model, str) and model in BASELINES:
        return _constant(name, model, truth)
    raw, labels = _asked(model, features)
    if len(raw) != truth.n:
        raise Unusable(f"{name} gave {len(raw):,} answers for {truth.n:,} rows")
    if raw.dtype.kind == "f" and not numpy.isfinite(raw).all():
        bad = int((~numpy.isfinite(raw.reshape(len(raw), -1)).all(axis=1)).sum())
        raise Unusable(f"{name} gave NaN or infinite answers on {bad:,} of {truth.n:,} rows")
    digest = columns.array_digest(raw)
    if not truth.classes:
        if raw.dtype.kind not in "biuf" or raw.ndim > 1:
            raise Unusable(f"{name} gave `{raw.dtype}` of shape {raw.shape}; a regression's answers are one number per row")
        return Answers(name=name, values=raw.astype(float), digest=digest)
    if raw.ndim == 2:
        return _from_chances(name, raw, labels, truth, digest)
    if _are_scores(raw, truth):
        flags = raw >= 0.5 if ((raw >= 0) & (raw <= 1)).all() else raw > 0
        codes = numpy.where(flags, truth.positive, 1 - truth.positive)
        return Answers(name=name, codes=codes, scores=raw.astype(float), digest=digest)
    return Answers(name=name, codes=_codes(name, raw, truth), digest=digest)


def _asked(model: Any, features: Any) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Get what a model answers: probabilities where it has them, with the labels it would choose; else what it predicts."""
    labels = None
    try:
        if hasattr(model, "predict_proba"):
            raw, labels = model.predict_proba(features), model.predict(features)
        elif is_keras(model):
            raw = model.predict(matrix(features), verbose=0)
        elif hasattr(model, "predict"):
            raw = model.predict(features)
        elif callable(model):
            raw = model(features)
        else:
            raw = model
        found = numpy.asarray(raw.to_numpy() if hasattr(raw, "to_numpy") else raw)
    except Exception as error:  # the user's model: whatever it raises is the verdict on it
        raise Unusable(f"raised `{type(error).__name__}`: {' '.join(str(error).split())[:300]}") from error
    if found.ndim == 0:
        raise Unusable(f"gave one `{type(raw).__name__}` instead of an answer per row")
    return found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found, None if labels is None else numpy.asarray(labels)


def is_keras(model: Any) -> bool:
    """Tell a Keras model, also one of a class of the user's own, without importing Keras."""
    return any(each.__module__.partition(".")[0] in {"keras", "tf_keras"} for each in type(model).__mro__)


def matrix(features: Any) -> NDArray[Any]:
    """Give features as a neural network takes them: float32, shape (rows, columns)."""
    if isinstance(features, numpy.ndarray):
        return features.astype(numpy.float32)
    return numpy.column_stack([columns.column(features, name) for name in columns.names(features)]).astype(numpy.float32)


def _from_chances(name: str, chances: NDArray[Any], labels: NDArray[Any] | None, truth: Truth, digest: str) -> Answers:
    if chances.shape[1] != len(truth.classes):
        raise Unusable(f"{name} gave {chances.shape[1]} columns of probabilities for {len(truth.classes)} classes")
    if chances.min() < -1e-6 or chances.max() > 1 + 1e-6:
        raise Unusable(f"{name} gave probabilities outside [0, 1]")
    codes = chances.argmax(axis=1) if labels is None else _codes(name, labels, truth)
    return Answers(name=name, codes=codes, scores=chances[:, truth.positive].astype(float), chances=chances, digest=digest)


def _are_scores(raw: NDArray[Any], truth: Truth) -> bool:
    """Tell scores of the positive class from labels: numbers that are not all classes."""
    return truth.binary and raw.dtype.kind == "f" and not numpy.isin(raw[: 10**4], numpy.asarray(truth.classes)).all()


def _codes(name: str, labels: NDArray[Any], truth: Truth) -> NDArray[Any]:
    """Number labels as the truth does; a label that never occurs in the data is simply wrong, so it gets a number of its own."""
    found, inverse = numpy.unique(labels, return_inverse=True)
    place = {value: at for at, value in enumerate(truth.classes)}
    numbers = [place.get(value, len(truth.classes)) for value in found.tolist()]
    if all(number == len(truth.classes) for number in numbers):
        raise Unusable(f"{name} answers {found.tolist()[:3]!r}, and no such label is in the data ({list(truth.classes[:3])!r} …)")
    return numpy.asarray(numbers, dtype=numpy.int64)[inverse.reshape(-1)]


def _constant(name: str, which: str, truth: Truth) -> Answers:
    """Answer the same for every row: what a model has to beat."""
    if truth.classes:
        shares = numpy.bincount(truth.codes, minlength=len(truth.classes)) / max(truth.n, 1)
        chances = numpy.broadcast_to(shares, (truth.n, len(shares)))
        codes = numpy.full(truth.n, int(shares.argmax()))
        return Answers(name=name, codes=codes, scores=chances[:, truth.positive], chances=chances, digest=which)
    middle = numpy.median(truth.values) if which == "median" else truth.values.mean()
    return Answers(name=name, values=numpy.full(truth.n, float(middle)), digest=which)
