"""The held-out rows against a profile of live traffic → whether they still look like what the model will meet."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.evaluation.hygiene import Check

NAME = "like live traffic"


def compare(table: Any, live: Any, limit: float | None) -> list[Check]:
    """Compare the rows with `live`, and refuse them when a column moved by more than `limit`.

    Parameters
    ----------
    table : table
        The held-out rows.
    live : profile or table or None
        Live traffic, as `ml.profile` keeps it.
    limit : float or None
        The largest effect that is allowed; drift's own minimum effect unless said.
    """
    if live is None:
        return [] if limit is None else [Check(name=NAME, status="warning", found="not checked: pass a profile of live traffic as `live`")]
    from importlib import import_module

    drift = import_module("jupyter_mlops.monitoring").drift
    settings: dict[str, Any] = {} if limit is None else {"minimum_effect": limit}
    report = drift(live, table, blocks=(), **settings)  # the gate decides, with all its reasons
    moved = [str(each) for each in report.drifted]
    if moved:
        shown = ", ".join(f"`{each}`" for each in moved[:8]) + (f" and {len(moved) - 8} more" if len(moved) > 8 else "")
        return [Check(name=NAME, status="fail", found=f"{len(moved)} columns differ from live traffic: {shown}", fix="hold out newer rows")]
    return [Check(name=NAME, status="pass", found="no column differs from live traffic")]
