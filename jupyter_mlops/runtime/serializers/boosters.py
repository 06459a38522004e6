"""Boosters of XGBoost and LightGBM ↔ the library's own model file."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a booster; the wrappers for scikit-learn are left to skops."""
    library = type(value).__module__.partition(".")[0]
    if type(value).__name__ != "Booster":
        return None
    if library == "xgboost":
        value.save_model(path + ".ubj")
        return "xgboost-ubj"
    scores = {data: dict(values) for data, values in value.best_score.items()}
    value.save_model(path + ".txt", num_iteration=-1)
    with open(path + ".json", "w") as file:
        json.dump({"params": value.params, "best_iteration": value.best_iteration, "best_score": scores}, file, default=repr)
    return "lightgbm-text"


def load(encoding: str, path: str) -> Any:
    """Read a booster."""
    if encoding == "xgboost-ubj":
        import xgboost

        return xgboost.Booster(model_file=path + ".ubj")
    import lightgbm

    booster = lightgbm.Booster(model_file=path + ".txt")
    with open(path + ".json") as file:
        rest = json.load(file)
    booster.params, booster.best_iteration = rest["params"], rest["best_iteration"]
    booster.best_score.update(rest["best_score"])
    return booster
