"""The rollout that a person writes down (durations as "2h", steps as "10%") → numbers, checked, with defaults.

>>> Spec.read({"steps": ["10%", "100%"], "each": {"max_duration": "30m"}}).steps
(0.1, 1.0)
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_DURATION = re.compile(r"(?P<count>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}


@dataclass(frozen=True)
class Shadow:
    """The candidate gets copies of `share` of all requests for at least `seconds`; nobody sees its answers."""

    share: float = 1.0
    seconds: float = 600.0


@dataclass(frozen=True)
class Guards:
    """What would be harm, and how sure to be.

    Attributes
    ----------
    alpha : Chance, for each stage, that a candidate that is no worse is rolled back, over all guards and however often one looks.
    promote_alpha : Chance that a candidate worse by as much as the limits below is found good.
    errors_worse_by : The candidate may fail at most this many times as often as the stable version.
    errors_tolerated : A share of failed requests that never matters.
    latency_at_most_milliseconds : Limit of the 99th percentile; None compares with the stable version's.
    latency_worse_by : At most this many times as many slow requests as the stable version has (slower than its 99th percentile).
    prediction_effect : Total variation distance between both versions' predictions that does not matter; None does not look.
    metric_margin : Loss of the online metric (scores of answers in [0, 1], 1 is best) that does not matter.
    labels_required : Whether a stage waits for labels.
    agreement_at_least : Share of shadow requests on which both versions must agree; None does not ask.
    """

    alpha: float = 0.01
    promote_alpha: float = 0.05
    errors_worse_by: float = 1.5
    errors_tolerated: float = 0.002
    latency_at_most_milliseconds: float | None = None
    latency_worse_by: float = 1.5
    prediction_effect: float | None = 0.1
    metric_margin: float = 0.02
    labels_required: bool = False
    agreement_at_least: float | None = None


@dataclass(frozen=True)
class Spec:
    """A whole rollout. Times are seconds; `steps` are shares of traffic, rising to 1; `shadow` is None for none."""

    shadow: Shadow | None = Shadow()
    steps: tuple[float, ...] = (0.1, 0.5, 1.0)
    min_requests: int = 1000
    min_seconds: float = 0.0
    max_seconds: float = 7200.0
    interval_seconds: float = 10.0
    silence_seconds: float = 120.0
    hold_seconds: float = 3600.0
    bake_seconds: float = 3600.0
    guards: Guards = Guards()

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.steps, self.steps[1:], strict=False))
        if not self.steps or not rising or self.steps[0] <= 0 or self.steps[-1] != 1:
            raise ValueError(f"`steps` are {self.steps}; they must rise from above 0 to 100 %")
        if self.interval_seconds < 1:
            raise ValueError(f"`interval` is {self.interval_seconds:g} s; evidence has one row a second, so it must be at least 1 s")
        if self.min_requests < 1:
            raise ValueError(f"`min_requests` is {self.min_requests}; nobody promotes on silence, so it must be at least 1")

    @staticmethod
    def read(written: Mapping[str, Any] | None) -> Spec:
        """Read what a person wrote: the keys of `mlops` specs (``shadow``, ``steps``, ``each``, ``guard``, ``bake``, …), or none of them.

        Raises
        ------
        ValueError
            For an unknown key, or a value that cannot be.
        """
        left = dict(written or {})
        each = dict(left.pop("each", {}))
        read: dict[str, Any] = {}
        if "shadow" in left:
            read["shadow"] = _shadow(left.pop("shadow"))
        if "steps" in left:
            read["steps"] = tuple(_share(step) for step in left.pop("steps"))
        if "min_requests" in each:
            read["min_requests"] = int(each.pop("min_requests"))
        for name, key, place in _DURATIONS:
            source = each if place == "each" else left
            if key in source:
                read[name] = seconds(source.pop(key))
        if left.pop("on_inconclusive", "hold") != "hold":
            raise ValueError("`on_inconclusive` can only be `hold`: nobody promotes on silence")
        read["guards"] = _guards(left.pop("guard", ()))
        unknown = [f"each.{key}" for key in each] + list(left)
        if unknown:
            raise ValueError(f"`{unknown[0]}` is no key of a rollout; there are shadow, steps, each, guard, bake, hold, interval, silence")
        return Spec(**read)

    def view(self) -> dict[str, Any]:
        """Give JSON values from which `restore` makes the same spec."""
        return {**asdict(self), "steps": list(self.steps)}

    @staticmethod
    def restore(view: Mapping[str, Any]) -> Spec:
        """Make a spec from its `view`."""
        shadow = Shadow(**view["shadow"]) if view["shadow"] else None
        return Spec(**{**view, "shadow": shadow, "steps": tuple(view["steps"]), "guards": Guards(**view["guards"])})


_DURATIONS = (
    ("min_seconds", "min_duration", "each"),
    ("max_seconds", "max_duration", "each"),
    ("interval_seconds", "interval", "top"),
    ("silence_seconds", "silence", "top"),
    ("hold_seconds", "hold", "top"),
    ("bake_seconds", "bake", "top"),
)

# What a guard's line may say: (signal, key) → the field it sets.
_GUARD_KEYS = {
    ("errors", "worse_by"): "errors_worse_by",
    ("errors", "tolerated"): "errors_tolerated",
    ("latency_p99", "at_most"): "latency_at_most_milliseconds",
    ("latency_p99", "worse_by"): "latency_worse_by",
    ("prediction_hist", "min_effect"): "prediction_effect",
    ("metric", "margin"): "metric_margin",
    ("metric", "required"): "labels_required",
    ("agreement", "at_least"): "agreement_at_least",
}


def seconds(written: object) -> float:
    """Read a duration: "2h", "30m", "10s", "250ms", or a number of seconds.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    match = _DURATION.fullmatch(str(written).strip())
    if match is None:
        raise ValueError(f"`{written}` is no duration; write `2h`, `30m`, `10s` or seconds")
    return float(match["count"]) * _UNITS[match["unit"]]


def _share(written: object) -> float:
    text = str(written).strip()
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise ValueError(f"`{written}` is no share of traffic; write `10%` or 0.1") from None


def _shadow(written: Any) -> Shadow | None:
    if written is None or written is False:
        return None
    if written is True:
        return Shadow()
    left = dict(written)
    left.pop("compare", None)  # all of them are always compared
    shadow = Shadow(_share(left.pop("share", 1.0)), seconds(left.pop("for", Shadow.seconds)))
    if left:
        raise ValueError(f"`shadow.{next(iter(left))}` is no key of a rollout; there are share, for, compare")
    if not 0 < shadow.share <= 1:
        raise ValueError(f"`shadow.share` is {shadow.share:g}; it must lie above 0 and be at most 1")
    return shadow


def _guards(written: Any) -> Guards:
    found: dict[str, Any] = {}
    for line in written:
        left = {key: value for key, value in line.items() if key != "test"}  # each signal has one test
        signal = left.pop("signal", None)
        if "alpha" in left:
            found["alpha"] = float(left.pop("alpha"))
        for key, value in left.items():
            field = _GUARD_KEYS.get((signal, key))
            if field is None:
                known = ", ".join(sorted({signal for signal, _ in _GUARD_KEYS}))
                raise ValueError(f"a guard says `{signal}` with `{key}`, which is unknown; signals are {known}")
            found[field] = _limit(key, value)
    assert set(found) <= {field.name for field in fields(Guards)}
    return Guards(**found)


def _limit(key: str, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if key == "at_most":
        return seconds(value) * 1000 if isinstance(value, str) else float(value)
    return float(str(value).removesuffix("x"))
