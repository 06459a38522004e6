"""Held-out rows with known truth, and a home of their own for what gates remember."""

import numpy as np
import pytest

from jupyter_mlops import framing


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    framing.forget()
    yield tmp_path
    framing.forget()


@pytest.fixture
def churn():
    """5,000 rows in order of time, the scores of a good model and of a worse one."""
    rng = np.random.default_rng(1)
    n = 5000
    x = rng.normal(size=n)
    rows = {
        "x": x,
        "y": (rng.random(n) < 1 / (1 + np.exp(-2 * x))).astype(int),
        "sex": rng.choice(["f", "m"], n),
        "country": rng.choice(["DE", "NL", "US"], n),
        "at": np.datetime64("2026-03-01", "s") + np.arange(n).astype("timedelta64[h]"),
    }
    good = 1 / (1 + np.exp(-2 * x + rng.normal(size=n) * 0.1))
    worse = 1 / (1 + np.exp(-2 * x + rng.normal(size=n) * 1.5))
    return rows, good, worse
